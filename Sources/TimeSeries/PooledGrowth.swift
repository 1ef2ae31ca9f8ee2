import Foundation

/// Pooled damped log-drift: the default forecaster for groups of short annual series.
///
/// For series i with log values L and per-year growth d:
///
///     drift      μ_i = m₀ + w_i (μ̂_i − m₀),  w_i = clamp(1 − (s²/span_i)/v, 0, 1)
///     forecast   L(n+h) = L(n) + μ_i · Σ_{j=1..h} φ^j
///     variance   max(σ_i² Σ_{j=1..h} ((1−ρ^j)/(1−ρ))² + h² · (drift variance), δ² (μ_i Σ j φ^{j−1})²)
///                σ_i² = max(s_i², s², 0.001²)
///
/// m₀, s² and v are the group's mean drift, median growth variance and variance of drifts; ρ is the
/// lag-1 autocorrelation of the group's mean residual growth, clamped to 0...0.9; intervals use
/// Student's t with n − 2 degrees of freedom. The drift variance is σ_i²/span_i.
///
/// **Smooth series.** φ is chosen, not known: it may as well lie anywhere in φ ± 0.1, so its deviation is
/// δ = 0.1/√3, and the forecast is never surer than that allows, however smooth the past. The two parts are
/// compared, not added: where shocks rule, the bands already cover more than they promise.
///
/// **Irregular years.** Growth over a gap of g years counts as one per-year growth whose variance is
/// σ²/g: it enters with weight g, so μ̂ is the growth from the first to the last observation over
/// the years between (span, which is n − 1 when no year is missing).
///
/// **Short members.** Fewer than 3 points: the pooled drift m₀ and the pooled variance, drift variance
/// max(v, s²/median span). Fewer than 4 points: the group's median degrees of freedom.
/// - Source: METHODS M7.1 and M8; measured coverage in its Appendix B.
public struct PooledGrowth: Sendable {
  /// φ, how much of a year's drift survives to the next.
  public let damping: Double
  /// m₀, mean annual log growth of the group.
  public let pooledDrift: Double
  /// s², median over the group of the variance of annual log growth.
  public let pooledVariance: Double
  /// v, variance over the group of the members' own mean growth.
  public let driftVariance: Double
  /// ρ, lag-1 autocorrelation of the group's mean residual growth, in 0...0.9.
  public let autocorrelation: Double
  /// In the order the series were given.
  public let members: [PooledGrowthMember]
  /// Growth less the member's own mean, for common shocks.
  public let residuals: ResidualGrowth

  /// - Parameters:
  ///   - group: comparable series with values above zero; lengths and years may differ.
  ///   - damping: φ in 0...1; values of 0.8 to 0.95 have back-tested equally well.
  ///   - autocorrelation: ρ when known; estimated when nil.
  /// - Throws: `.notPositive`, `.groupTooShort` (fewer than two growth rates in all), `.optionOutOfRange`.
  public init(
    _ group: [Series], damping: Double = 0.9, autocorrelation: Double? = nil
  ) throws(SeriesError) {
    guard (0...1).contains(damping) else {
      throw .optionOutOfRange(option: "phi", value: damping, allowed: "in 0...1")
    }
    if let autocorrelation, !(0..<1).contains(autocorrelation) {
      throw .optionOutOfRange(option: "rho", value: autocorrelation, allowed: "in 0..<1")
    }
    for series in group { try series.requirePositive(for: "pdd") }
    let growth = group.map(LogGrowth.init)
    let pool = try Pool(growth)
    let residuals = ResidualGrowth(growth)
    let rho = autocorrelation ?? min(max(residuals.meanAutocorrelation, 0), 0.9)
    self.damping = damping
    self.autocorrelation = rho
    self.residuals = residuals
    pooledDrift = pool.drift
    pooledVariance = pool.variance
    driftVariance = pool.driftVariance
    members = zip(group, growth).map { series, growth in
      pool.member(series, growth, damping: damping, autocorrelation: rho)
    }
  }
}

/// One series of a `PooledGrowth` group: everything a forecast or a sample path needs, in closed form.
public struct PooledGrowthMember: Sendable, Equatable {
  public let key: [String]
  /// Number of observations.
  public let count: Int
  public let lastTime: Int
  /// ln of the last observation.
  public let logLevel: Double
  /// μ̂, the series' own mean annual log growth; nil with a single observation.
  public let ownDrift: Double?
  /// μ, annual log growth after shrinking to the group.
  public let drift: Double
  /// w, the share of its own drift that the series keeps.
  public let weight: Double
  /// φ.
  public let damping: Double
  /// σ, standard deviation of an annual growth shock (log points): the larger of its own and the pooled.
  public let sigma: Double
  /// ρ.
  public let autocorrelation: Double
  /// Variance of the estimated drift (log points² per year²).
  public let driftVariance: Double
  public let degreesOfFreedom: Double

  /// ln of the point forecast (the median) `horizon` ≥ 0 periods ahead.
  public func logMean(_ horizon: Int) -> Double {
    logLevel + drift * dampedSum(damping, horizon)
  }

  /// Standard deviation of the log forecast error, before the t quantile.
  public func logStandardDeviation(_ horizon: Int) -> Double {
    max(deviationFromShocks(horizon), deviationFromDamping(horizon))
  }

  /// δ |μ| Σ_{j=1..h} j φ^{j−1}: what a φ other than the one chosen would change.
  private func deviationFromDamping(_ horizon: Int) -> Double {
    var (sum, power) = (0.0, 1.0)
    for j in 0..<max(horizon, 0) {
      sum += Double(j + 1) * power
      power *= damping
    }
    return 0.1 / 3.0.squareRoot() * abs(drift) * sum
  }

  private func deviationFromShocks(_ horizon: Int) -> Double {
    var (sum, response) = (0.0, 0.0)
    for _ in 0..<max(horizon, 0) {
      response = 1 + autocorrelation * response
      sum += response * response
    }
    return (sigma * sigma * sum + Double(horizon * horizon) * driftVariance).squareRoot()
  }

  /// The distribution of the value `horizon` periods ahead; its median is the point forecast.
  public func distribution(_ horizon: Int) -> PredictiveDistribution {
    .logStudent(
      location: logMean(horizon), scale: logStandardDeviation(horizon), degrees: degreesOfFreedom)
  }

  /// The point forecast, in the series' unit.
  public func point(_ horizon: Int) -> Double { exp(logMean(horizon)) }

  /// The central interval of probability `level`, in the series' unit.
  public func interval(_ horizon: Int, level: Double) -> (low: Double, high: Double) {
    distribution(horizon).interval(level)
  }

  /// One possible future in logs whose spread at every horizon is that of `distribution`.
  ///
  /// Growth shocks follow u_t = ρ u_{t−1} + σ ε_t and the drift is off by one draw.
  /// - Parameters:
  ///   - shocks: standard normal ε, one per period ahead (correlate them across series for common shocks).
  ///   - driftShock: standard normal draw for the drift's error.
  ///   - inflation: √(ν/χ²_ν) with ν = `degreesOfFreedom`, shared by the whole path; 1 for a normal path.
  /// - Returns: ln of the value at horizons 1, 2, …, shocks.count.
  public func logPath(shocks: [Double], driftShock: Double, inflation: Double) -> [Double] {
    var (growthShock, error) = (0.0, 0.0)
    let driftError = driftShock * driftVariance.squareRoot()
    return shocks.indices.map { j in
      growthShock = autocorrelation * growthShock + sigma * shocks[j]
      error += growthShock + driftError
      let wider = logStandardDeviation(j + 1) / deviationFromShocks(j + 1)
      return logMean(j + 1) + inflation * error * wider
    }
  }
}

/// Σ_{j=1..h} φ^j.
func dampedSum(_ damping: Double, _ horizon: Int) -> Double {
  var (sum, power) = (0.0, 1.0)
  for _ in 0..<max(horizon, 0) {
    power *= damping
    sum += power
  }
  return sum
}
