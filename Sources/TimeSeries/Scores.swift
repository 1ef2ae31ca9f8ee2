import Foundation
import Probability

extension PredictiveDistribution {
  /// Continuous ranked probability score of an outcome, in the outcome's unit; smaller is better.
  ///
  /// Closed form for normal and Student's t (Jordan, Krüger & Lerch 2019); exact for samples; for skewed
  /// distributions, whose mean may be infinite, twice the mean pinball loss at the 99 quantiles
  /// (i − ½)/99, which is finite always.
  public func crps(_ y: Double) -> Double {
    var nodes = PredictiveDistribution.scoreNodes
    return crps(y, nodes: &nodes)
  }

  /// The 99 probabilities of the quantile form.
  static var scoreNodes: QuantileGrid { QuantileGrid.even(99) }

  /// - Parameter nodes: a grid made from `scoreNodes`, shared by many calls.
  func crps(_ y: Double, nodes: inout QuantileGrid) -> Double {
    switch self {
    case .student(let location, let scale, let degrees) where scale == 0 || degrees > 1:
      if scale == 0 { return abs(y - location) }
      let z = (y - location) / scale
      return scale * (degrees.isInfinite ? standardNormalCRPS(z) : standardStudentCRPS(z, degrees))
    case .sample(let values):
      return ensembleCRPS(values, y)
    default:
      let quantiles = nodes.quantiles(of: self)
      let losses = zip(nodes.probabilities, quantiles).map { pinball($0, quantile: $1, y) }
      return 2 * losses.reduce(0, +) / Double(losses.count)
    }
  }
}

/// z(2Φ(z) − 1) + 2φ(z) − 1/√π.
private func standardNormalCRPS(_ z: Double) -> Double {
  z * (2 * normalCDF(z) - 1) + 2 * normalDensity(z) - 1 / Double.pi.squareRoot()
}

private func standardStudentCRPS(_ z: Double, _ v: Double) -> Double {
  let density = exp(
    logGamma((v + 1) / 2) - logGamma(v / 2) - 0.5 * log(v * Double.pi) - (v + 1) / 2 * log1p(z * z / v))
  let constant = 2 * v.squareRoot() / (v - 1) * exp(logBeta(0.5, v - 0.5) - 2 * logBeta(0.5, v / 2))
  return z * (2 * studentCDF(z, degrees: v) - 1) + 2 * density * (v + z * z) / (v - 1) - constant
}

/// mean|x_i − y| − ½ mean|x_i − x_j|; the fair version divides the second mean by B(B − 1).
public func ensembleCRPS(_ values: [Double], _ y: Double, fair: Bool = false) -> Double {
  let sorted = values.sorted()
  let b = Double(sorted.count)
  let distance = sorted.reduce(0) { $0 + abs($1 - y) } / b
  let spread = sorted.enumerated().reduce(0) { $0 + (2 * Double($1.offset + 1) - b - 1) * $1.element }
  return distance - spread / (fair ? b * (b - 1) : b * b)
}

/// Loss of the `p` quantile: p (y − q) above it, (1 − p)(q − y) below.
public func pinball(_ p: Double, quantile q: Double, _ y: Double) -> Double {
  y >= q ? p * (y - q) : (1 - p) * (q - y)
}

/// Width plus 2/α times how far the outcome lies outside, α = 1 − level.
public func intervalScore(low: Double, high: Double, level: Double, _ y: Double) -> Double {
  let penalty = 2 / (1 - level)
  return (high - low) + penalty * max(low - y, 0) + penalty * max(y - high, 0)
}

/// Mean absolute one-period change of the observations: the scale of MASE. Changes over a gap count per
/// period; nil without change.
public func absoluteChangeScale(_ series: Series) -> Double? {
  let steps = zip(series.times, series.values)
  let changes = zip(steps, steps.dropFirst()).map { abs($1.1 - $0.1) / Double($1.0 - $0.0) }
  guard !changes.isEmpty else { return nil }
  let scale = changes.reduce(0, +) / Double(changes.count)
  let size = series.values.reduce(0) { max($0, abs($1)) }
  return scale > 1e-12 * size ? scale : nil
}

/// A test's statistic and two-sided (or upper-tail) p-value.
public struct TestResult: Sendable, Equatable, Codable {
  public let statistic: Double
  public let pValue: Double
}

/// Kupiec's likelihood-ratio test that exceptions come with probability `p`, against χ²(1).
/// Observations are taken as independent; back-tests of overlapping horizons are not.
/// - Source: Kupiec (1995), *Journal of Derivatives* 3, 73–84.
public func kupiec(observations n: Int, exceptions x: Int, probability p: Double) -> TestResult {
  precondition(n > 0 && (0...n).contains(x) && p > 0 && p < 1, "0 ≤ exceptions ≤ observations, 0 < p < 1")
  func likelihood(_ q: Double) -> Double {
    (x < n ? Double(n - x) * log(1 - q) : 0) + (x > 0 ? Double(x) * log(q) : 0)
  }
  let statistic = max(0, 2 * (likelihood(Double(x) / Double(n)) - likelihood(p)))
  return TestResult(statistic: statistic, pValue: chiSquareUpper(statistic, df: 1))
}

/// How the Diebold–Mariano test estimates the long-run variance.
public enum LongRunVariance: Sendable { case rectangular, bartlett }

/// Diebold–Mariano test of equal expected loss with the small-sample factor of Harvey, Leybourne & Newbold:
///
///     d = loss₁ − loss₂;  DM = d̄/√((γ₀ + 2 Σ_{l<h} γ_l)/n) · √((n + 1 − 2h + h(h−1)/n)/n), t(n − 1)
///
/// A negative rectangular variance is replaced by Bartlett's.
/// - Returns: nil with fewer than 3 differences, a horizon not shorter than the sample, or no variation.
/// - Source: Harvey, Leybourne & Newbold (1997), *International Journal of Forecasting* 13, 281–291.
public func dieboldMariano(
  lossDifferences d: [Double], horizon h: Int, variance: LongRunVariance = .rectangular
) -> TestResult? {
  let n = Double(d.count)
  guard d.count >= 3, h >= 1, h < d.count else { return nil }
  let centre = mean(d)
  func covariance(_ lag: Int) -> Double {
    (lag..<d.count).reduce(0) { $0 + (d[$1] - centre) * (d[$1 - lag] - centre) } / n
  }
  func longRun(_ kind: LongRunVariance) -> Double {
    (1..<max(h, 1)).reduce(covariance(0)) { sum, l in
      sum + 2 * covariance(l) * (kind == .bartlett ? 1 - Double(l) / Double(h) : 1)
    }
  }
  var spread = longRun(variance)
  if !(spread > 0) { spread = longRun(.bartlett) }
  guard spread > 1e-28 * centre * centre, spread > 0 else { return nil }
  let horizon = Double(h)
  let factor = ((n + 1 - 2 * horizon + horizon * (horizon - 1) / n) / n).squareRoot()
  let statistic = centre / (spread / n).squareRoot() * factor
  return TestResult(statistic: statistic, pValue: 2 * studentCDF(-abs(statistic), degrees: n - 1))
}

/// Counts of probability integral transforms in ten equal bins; flat when the forecasts are calibrated.
public func pitHistogram(_ values: [Double]) -> [Int] {
  var bins = [Int](repeating: 0, count: 10)
  for value in values { bins[min(max(Int(value * 10), 0), 9)] += 1 }
  return bins
}
