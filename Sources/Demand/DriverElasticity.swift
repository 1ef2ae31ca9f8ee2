import Foundation

/// How strongly a labour series has moved with a driver: one slope a region, shrunk to the group's.
///
///     ln y_rt = α_r + β_r ln x_rt + ε_rt,   β_r ~ N(β, τ²)
///
/// Each region's slope is least squares on its own demeaned years. The pooled slope is the prior-weighted
/// within estimate over all regions; slopes keep w_r = τ²/(τ² + V_r) of their own distance from it
/// (method-of-moments τ²) and stay inside the bounds (a wrong sign is no signal).
public struct DriverElasticity: Sendable {
  /// Pooled slope after the prior.
  public let pooled: Double
  /// Its standard error: years are the clusters, because shocks are national.
  public let standardError: Double
  /// Shrunken slope of each region.
  public let regional: [Double]

  /// - Parameters:
  ///   - driver: ln x, `[region][year]`, NaN where missing.
  ///   - response: ln y, same shape.
  ///   - prior: mean and standard deviation of the pooled slope, and the bounds of every slope.
  public init(
    driver: [[Double]], response: [[Double]], prior: (mean: Double, sd: Double), bounds: ClosedRange<Double>
  ) {
    precondition(driver.count == response.count, "one response series a region")
    let series = zip(driver, response).map(DemeanedPair.init)
    let sxx = series.reduce(0) { $0 + $1.sxx }
    let sxy = series.reduce(0) { $0 + $1.sxy }
    let within = sxx > 0 ? sxy / sxx : prior.mean
    let variance = DriverElasticity.yearClusteredVariance(series, slope: within, sxx: sxx)
    let weight = prior.sd > 0 && variance.isFinite ? prior.sd * prior.sd / (prior.sd * prior.sd + variance) : 0
    pooled = min(max(prior.mean + weight * (within - prior.mean), bounds.lowerBound), bounds.upperBound)
    standardError = (weight * variance).squareRoot()

    let own = series.map { pair -> (slope: Double, variance: Double)? in
      guard pair.sxx > 0, pair.count > 2 else { return nil }
      let slope = pair.sxy / pair.sxx
      let residual = max(0, pair.syy - slope * pair.sxy) / Double(pair.count - 2)
      return (slope, max(residual / pair.sxx, 1e-12))
    }
    let seen = own.compactMap(\.self)
    let centre = pooled
    let excess = seen.reduce(0) { $0 + ($1.slope - centre) * ($1.slope - centre) - $1.variance }
    let tau = max(0, excess / Double(max(seen.count, 1)))
    regional = own.map { region in
      guard let region, tau > 0 else { return centre }
      let kept = tau / (tau + region.variance)
      return min(max(centre + kept * (region.slope - centre), bounds.lowerBound), bounds.upperBound)
    }
  }

  private static func yearClusteredVariance(_ series: [DemeanedPair], slope: Double, sxx: Double) -> Double {
    guard sxx > 0 else { return .infinity }
    let years = series.map(\.x.count).max() ?? 0
    var meat = 0.0
    var used = 0
    for year in 0..<years {
      var score = 0.0
      var any = false
      for pair in series where year < pair.x.count && !pair.x[year].isNaN {
        score += pair.x[year] * (pair.y[year] - slope * pair.x[year])
        any = true
      }
      if any {
        meat += score * score
        used += 1
      }
    }
    guard used > 1 else { return .infinity }
    return meat / (sxx * sxx) * Double(used) / Double(used - 1)
  }
}

/// One region's two series around their means over the years both have.
private struct DemeanedPair {
  let x: [Double]
  let y: [Double]
  let count: Int
  let sxx: Double
  let sxy: Double
  let syy: Double

  init(_ driver: [Double], _ response: [Double]) {
    let both = driver.indices.filter { !driver[$0].isNaN && !response[$0].isNaN }
    let n = Double(max(both.count, 1))
    let mx = both.reduce(0) { $0 + driver[$1] } / n
    let my = both.reduce(0) { $0 + response[$1] } / n
    let kept = Set(both)
    let x = driver.indices.map { kept.contains($0) ? driver[$0] - mx : .nan }
    let y = driver.indices.map { kept.contains($0) ? response[$0] - my : .nan }
    count = both.count
    sxx = both.reduce(0) { $0 + x[$1] * x[$1] }
    sxy = both.reduce(0) { $0 + x[$1] * y[$1] }
    syy = both.reduce(0) { $0 + y[$1] * y[$1] }
    (self.x, self.y) = (x, y)
  }
}
