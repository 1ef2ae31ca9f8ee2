import Foundation

/// Per-year log growth between neighbouring observations of one series.
struct LogGrowth {
  /// Growth per year, log points.
  let rates: [Double]
  /// Years each rate spans.
  let spans: [Int]
  /// Time of the observation that ends each rate.
  let ends: [Int]

  init(_ series: Series) {
    let logs = series.values.map { log($0) }
    let steps = 1..<max(series.count, 1)
    spans = steps.map { series.times[$0] - series.times[$0 - 1] }
    rates = steps.map { (logs[$0] - logs[$0 - 1]) / Double(series.times[$0] - series.times[$0 - 1]) }
    ends = steps.map { series.times[$0] }
  }

  var years: Double { Double(spans.reduce(0, +)) }

  /// Span-weighted mean rate; nil without growth.
  var mean: Double? {
    rates.isEmpty ? nil : zip(rates, spans).reduce(0) { $0 + $1.0 * Double($1.1) } / years
  }

  /// Σ span (rate − mean)² / (rates − 1): variance of a one-year rate; nil with fewer than two rates.
  var variance: Double? {
    guard rates.count >= 2, let mean else { return nil }
    let sum = zip(rates, spans).reduce(0) { $0 + Double($1.1) * ($1.0 - mean) * ($1.0 - mean) }
    return sum / Double(rates.count - 1)
  }
}

/// What the group knows together.
struct Pool {
  let drift: Double
  let variance: Double
  let driftVariance: Double
  let span: Double
  let degreesOfFreedom: Double

  init(_ growth: [LogGrowth]) throws(SeriesError) {
    let rates = growth.reduce(0) { $0 + $1.rates.count }
    guard rates >= 2 else { throw .groupTooShort(found: rates) }
    let usable = growth.filter { $0.rates.count >= 2 }
    let sources = usable.isEmpty ? growth.filter { !$0.rates.isEmpty } : usable
    let drifts = sources.compactMap(\.mean)
    let mean = drifts.reduce(0, +) / Double(drifts.count)
    let spread = drifts.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    drift = mean
    driftVariance = drifts.count > 1 ? spread / Double(drifts.count - 1) : 0
    if usable.isEmpty {
      // Only two-point series: growth varies across them, not within.
      variance = driftVariance * median(sources.map(\.years))
    } else {
      variance = median(usable.compactMap(\.variance))
    }
    span = median(sources.map(\.years))
    let freedoms = growth.filter { $0.rates.count >= 3 }.map { Double($0.rates.count - 1) }
    degreesOfFreedom = freedoms.isEmpty ? 1 : median(freedoms)
  }

  func member(
    _ series: Series, _ growth: LogGrowth, damping: Double, autocorrelation: Double
  ) -> PooledGrowthMember {
    var (weight, ownMean, sigma2) = (0.0, drift, max(variance, leastDeviation * leastDeviation))
    var uncertainty = max(driftVariance, sigma2 / span)
    if let mean = growth.mean, let ownVariance = growth.variance {
      if driftVariance > 0 { weight = min(max(1 - variance / growth.years / driftVariance, 0), 1) }
      ownMean = mean
      sigma2 = max(ownVariance, sigma2)
      uncertainty = sigma2 / growth.years
    }
    return PooledGrowthMember(
      key: series.key, count: series.count, lastTime: series.lastTime, logLevel: log(series.lastValue),
      ownDrift: growth.mean, drift: drift + weight * (ownMean - drift), weight: weight,
      damping: damping, sigma: sigma2.squareRoot(), autocorrelation: autocorrelation,
      driftVariance: uncertainty,
      degreesOfFreedom: growth.rates.count >= 3 ? Double(growth.rates.count - 1) : degreesOfFreedom)
  }
}

/// Annual growth less each series' own mean: what the group's shocks looked like.
public struct ResidualGrowth: Sendable, Equatable {
  /// Years in which at least one series has a one-year growth, ascending.
  public let times: [Int]
  /// `values[series][i]` at `times[i]`, log points; nil where the series has no one-year growth
  /// (growth over a gap cannot be dated and is left out) or only one growth rate in all.
  public let values: [[Double?]]

  init(_ growth: [LogGrowth]) {
    var years: Set<Int> = []
    for g in growth where g.rates.count >= 2 {
      for (end, span) in zip(g.ends, g.spans) where span == 1 { years.insert(end) }
    }
    let times = years.sorted()
    self.times = times
    values = growth.map { g in
      var row = [Double?](repeating: nil, count: times.count)
      guard g.rates.count >= 2, let mean = g.mean else { return row }
      var i = 0
      for k in g.rates.indices where g.spans[k] == 1 {
        while times[i] < g.ends[k] { i += 1 }
        row[i] = g.rates[k] - mean
      }
      return row
    }
  }

  /// Mean residual over the series present, per time.
  public var means: [Double] {
    times.indices.map { i in
      let present = values.compactMap { $0[i] }
      return present.reduce(0, +) / Double(present.count)
    }
  }

  /// Lag-1 autocorrelation of `means` over neighbouring years (centred, divisor as R `acf`);
  /// 0 with fewer than three years or without variation.
  public var meanAutocorrelation: Double {
    let means = means
    guard means.count >= 3 else { return 0 }
    let centre = means.reduce(0, +) / Double(means.count)
    let total = means.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    guard total > 0 else { return 0 }
    var lagged = 0.0
    for i in 1..<means.count where times[i] == times[i - 1] + 1 {
      lagged += (means[i] - centre) * (means[i - 1] - centre)
    }
    return lagged / total
  }

  /// Mean correlation between two series' shocks in the same year, in 0...0.99: with shocks
  /// √c·common + √(1−c)·own, the group moves together as it did in the past.
  ///
  ///     c = Σ_t [(Σ_i z)² − Σ_i z²] / Σ_t (m_t − 1) Σ_i z²,  z = residual ÷ the series' own deviation
  public var commonCorrelation: Double {
    let scaled: [[Double?]] = values.map { row in
      let present = row.compactMap { $0 }
      let square = present.reduce(0) { $0 + $1 * $1 } / Double(max(present.count, 1))
      return row.map { $0.flatMap { square > 0 ? $0 / square.squareRoot() : nil } }
    }
    var (between, within) = (0.0, 0.0)
    for i in times.indices {
      let z = scaled.compactMap { $0[i] }
      guard z.count >= 2 else { continue }
      let (sum, squares) = (z.reduce(0, +), z.reduce(0) { $0 + $1 * $1 })
      between += sum * sum - squares
      within += Double(z.count - 1) * squares
    }
    return within > 0 ? min(max(between / within, 0), 0.99) : 0
  }
}
