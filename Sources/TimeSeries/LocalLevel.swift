import Foundation

/// Random walk plus noise: y = μ + ε, μ ← μ + η, filtered exactly from a diffuse start.
///
/// With q = σ²_η/σ²_ε the observation variance is concentrated out of the diffuse likelihood, and q is
/// found on a grid of ln q refined by golden section; q = 0 and σ²_ε = 0 are tried too.
/// - Source: Durbin & Koopman (2012), *Time Series Analysis by State Space Methods*, 2nd ed., ch. 2.
public struct LocalLevel: Sendable, Equatable {
  public let observationVariance: Double
  public let levelVariance: Double
  /// Diffuse log-likelihood: −½ Σ_{t≥2} (ln 2π + ln F_t + v_t²/F_t).
  public let logLikelihood: Double
  /// Filtered level after the last observation, and its variance.
  public let level: Double
  public let levelUncertainty: Double

  /// Forecast variance `horizon` periods ahead.
  public func variance(_ horizon: Int) -> Double {
    levelUncertainty + Double(horizon) * levelVariance + observationVariance
  }

  /// - Parameters:
  ///   - y: one entry per period, nil in gaps; the first is present.
  ///   - observation, level: variances held fixed; both or neither.
  init(_ y: [Double?], observation: Double?, level: Double?, name: String) throws(SeriesError) {
    if let observation, let level {
      guard observation >= 0, level >= 0, observation + level > 0 else {
        throw .optionOutOfRange(
          option: "observation", value: observation, allowed: "a variance, not both zero")
      }
      let filter = LevelFilter(y, noise: observation, drift: level)
      self.init(filter, observation: observation, level: level, logLikelihood: filter.logLikelihood(scale: 1))
      return
    }
    guard Set(y.compactMap { $0 }).count > 1 else { throw .noVariation(series: name, method: "local-level") }
    var best = (noise: 0.0, drift: 1.0, loss: LevelFilter(y, noise: 0, drift: 1).concentratedLoss)
    let still = LevelFilter(y, noise: 1, drift: 0).concentratedLoss
    if still <= best.loss { best = (1, 0, still) }
    let inner = goldenSection(-16, 16, cells: 128) {
      LevelFilter(y, noise: 1, drift: exp($0)).concentratedLoss
    }
    if inner.value < best.loss { best = (1, exp(inner.point), inner.value) }
    let filter = LevelFilter(y, noise: best.noise, drift: best.drift)
    let scale = filter.scale
    self.init(
      filter, observation: best.noise * scale, level: best.drift * scale,
      logLikelihood: filter.logLikelihood(scale: scale), scale: scale)
  }

  private init(
    _ filter: LevelFilter, observation: Double, level: Double, logLikelihood: Double, scale: Double = 1
  ) {
    observationVariance = observation
    levelVariance = level
    self.logLikelihood = logLikelihood
    self.level = filter.level
    levelUncertainty = filter.uncertainty * scale
  }
}

/// One pass of the filter; variances relative to a scale.
private struct LevelFilter {
  private(set) var level = 0.0
  /// Variance of the level given everything seen.
  private(set) var uncertainty = 0.0
  private var innovations = 0
  private var squares = 0.0
  private var logs = 0.0

  init(_ y: [Double?], noise: Double, drift: Double) {
    var started = false
    for observation in y {
      if started { uncertainty += drift }
      guard let observation else { continue }
      if started {
        let f = uncertainty + noise
        let v = observation - level
        if f > 0 {
          level += uncertainty / f * v
          uncertainty = uncertainty * noise / f
          squares += v * v / f
          logs += log(f)
        }
        innovations += 1
      } else {
        (level, uncertainty, started) = (observation, noise, true)
      }
    }
  }

  var scale: Double { squares / Double(innovations) }
  var concentratedLoss: Double { Double(innovations) * log(scale) + logs }
  func logLikelihood(scale: Double) -> Double {
    let n = Double(innovations)
    return -0.5 * (n * log(2 * Double.pi * scale) + logs + squares / scale)
  }
}

func localLevelFit(_ series: Series, _ options: ForecastOptions) throws(SeriesError) -> Fit {
  let model = try LocalLevel(
    series.regular, observation: options.fixed["observation"], level: options.fixed["level"],
    name: series.name)
  let means = [Double](repeating: model.level, count: options.horizon)
  return Fit(
    parameters: [
      NamedValue("observation_variance", model.observationVariance),
      NamedValue("level_variance", model.levelVariance), NamedValue("level", model.level),
    ],
    logLikelihood: model.logLikelihood, means: means,
    distributions: normals(means, (1...options.horizon).map { model.variance($0).squareRoot() }))
}
