import Foundation
import LinearAlgebra
import Probability

/// Estimates of one quantity in many regions, drawn towards their common mean as far as their own
/// uncertainty demands.
///
///     b̂ᵣ ~ N(bᵣ, Vᵣ),  bᵣ ~ N(β, τ²);   b̃ᵣ = β + wᵣ (b̂ᵣ − β),  wᵣ = τ² / (τ² + Vᵣ)
///
/// τ² by Paule & Mandel (1982): the value at which Σ (b̂ᵣ − β)²/(τ² + Vᵣ) = R − 1. Bounds guard signs:
/// the posterior is cut to them and its mean taken. Source: METHODS M14; DerSimonian & Kacker (2007),
/// *Contemporary Clinical Trials* 28, 105–114.
public struct ShrunkenEstimates: Equatable, Sendable {
  /// One per region, within the bounds.
  public let estimates: [Double]
  /// Posterior variances, of the truncated distribution where bounds bite; the mean's own variance counts.
  public let variances: [Double]
  /// How much of its own estimate each region keeps, 0...1.
  public let weights: [Double]
  /// β, before bounds.
  public let mean: Double
  public let meanVariance: Double
  /// τ².
  public let spread: Double
  /// Regions whose untruncated estimate lies outside the bounds.
  public let bounded: [Int]
}

/// - Parameters:
///   - estimates: one per region; NaN for a region without its own estimate, which then gets the mean.
///   - variances: sampling variances, > 0, infinite allowed.
///   - prior: mean and variance of β from outside, if any, for example N(0.7, 0.25²).
///   - bounds: range the quantity must lie in, for example 0...1.5.
public func shrunken(
  _ estimates: [Double], variances: [Double], prior: (mean: Double, variance: Double)? = nil,
  bounds: ClosedRange<Double>? = nil
) throws(RegressionError) -> ShrunkenEstimates {
  guard variances.count == estimates.count else {
    throw .lengthMismatch(input: "variances", expected: estimates.count, found: variances.count)
  }
  let known = estimates.indices.filter { !estimates[$0].isNaN && variances[$0].isFinite }
  guard known.allSatisfy({ variances[$0] > 0 && estimates[$0].isFinite }) else {
    throw .notFinite(input: "variances")
  }
  guard !known.isEmpty || prior != nil else { throw .noCoefficients(dropped: []) }
  func mean(_ spread: Double) -> (value: Double, variance: Double) {
    var (mass, sum) = (0.0, 0.0)
    for r in known {
      mass += 1 / (spread + variances[r])
      sum += estimates[r] / (spread + variances[r])
    }
    if let prior {
      mass += 1 / prior.variance
      sum += prior.mean / prior.variance
    }
    return (sum / mass, 1 / mass)
  }
  let spread = pauleMandel(known.map { estimates[$0] }, known.map { variances[$0] })
  let centre = mean(spread)
  var (result, errors, weights, bounded): ([Double], [Double], [Double], [Int]) = ([], [], [], [])
  for r in estimates.indices {
    let isKnown = !estimates[r].isNaN && variances[r].isFinite
    let weight = isKnown ? spread / (spread + variances[r]) : 0
    let posterior = isKnown ? centre.value + weight * (estimates[r] - centre.value) : centre.value
    let variance =
      weight * (isKnown ? variances[r] : 0) + (isKnown ? 0 : spread)
      + (1 - weight) * (1 - weight) * centre.variance
    weights.append(weight)
    guard let bounds else {
      result.append(posterior)
      errors.append(variance)
      continue
    }
    if !bounds.contains(posterior) { bounded.append(r) }
    let cut = truncatedNormal(mean: posterior, variance: variance, bounds)
    result.append(cut.mean)
    errors.append(cut.variance)
  }
  return ShrunkenEstimates(
    estimates: result, variances: errors, weights: weights, mean: centre.value, meanVariance: centre.variance,
    spread: spread, bounded: bounded)
}

/// The τ² ≥ 0 at which the estimates scatter about their weighted mean as much as their variances say.
private func pauleMandel(_ estimates: [Double], _ variances: [Double]) -> Double {
  guard estimates.count > 1 else { return 0 }
  func excess(_ spread: Double) -> Double {
    let weights = variances.map { 1 / (spread + $0) }
    let mean = zip(weights, estimates).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
    return zip(weights, estimates).reduce(0) { $0 + $1.0 * ($1.1 - mean) * ($1.1 - mean) }
      - Double(estimates.count - 1)
  }
  if excess(0) <= 0 { return 0 }
  var (low, high) = (0.0, variances.reduce(0, +))
  while excess(high) > 0, high.isFinite { (low, high) = (high, high * 4) }
  for _ in 0..<200 where high - low > 1e-15 * high {
    let middle = 0.5 * (low + high)
    if excess(middle) > 0 { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}

/// Mean and variance of a normal variable given that it lies within `bounds`.
///
/// Source: Johnson, Kotz & Balakrishnan (1994), *Continuous Univariate Distributions* 1, §13.10.1.
public func truncatedNormal(
  mean: Double, variance: Double, _ bounds: ClosedRange<Double>
) -> (mean: Double, variance: Double) {
  let sd = variance.squareRoot()
  guard sd > 0 else { return (min(max(mean, bounds.lowerBound), bounds.upperBound), 0) }
  let (a, b) = ((bounds.lowerBound - mean) / sd, (bounds.upperBound - mean) / sd)
  // Work in the tail where both bounds have the same sign, so that the mass does not cancel.
  let mass =
    a > 0
    ? normalCDF(-a) - normalCDF(-b)
    : normalCDF(b) - normalCDF(a)
  guard mass > 1e-300 else {
    let nearest = min(max(mean, bounds.lowerBound), bounds.upperBound)
    return (nearest, 0)
  }
  let (fa, fb) = (normalDensity(a), normalDensity(b))
  let shift = (fa - fb) / mass
  let (ga, gb) = (a.isFinite ? a * fa : 0, b.isFinite ? b * fb : 0)
  let centre = mean + sd * shift
  let spread = variance * max(0, 1 + (ga - gb) / mass - shift * shift)
  return (min(max(centre, bounds.lowerBound), bounds.upperBound), spread)
}
