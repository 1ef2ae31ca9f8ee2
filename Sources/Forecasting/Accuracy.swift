import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import TimeSeries

/// What forecasts made from the past alone said, and what came true.
public struct Accuracy: Sendable {
  /// One past forecast of the licensed practitioners' series: the only part of the stock with a long
  /// published history.
  public struct PastPoint: Sendable {
    public let origin: Int
    public let year: Int
    public let actual: Double
    public let forecast: Double
    /// 80 % and 95 % intervals.
    public let inner: (low: Double, high: Double)
    public let outer: (low: Double, high: Double)
  }

  /// Scores of a group of provincial series at one horizon.
  public struct PanelScore: Sendable {
    public let indicator: String
    public let horizon: Int
    public let count: Int
    public let medianAPE: Double
    public let naiveMedianAPE: Double
    public let coverage80: Double
    public let coverage95: Double
  }

  public let practitioners: [PastPoint]
  public let panels: [PanelScore]

  /// - Throws: `ProblemReport(.badConfiguration)` when a series of the model is missing.
  public init(_ assembly: ForecastAssembly, model: ModelSpec, catalogue: Catalogue) throws(ProblemReport) {
    var lookup = SeriesLookup(catalogue: catalogue, model: model)
    let origin = model.demand.backtest.firstOrigin
    let rows = lookup.segment(model.supply.entrantsVolatility, model.stock.nation)
    practitioners = Accuracy.past(rows, origin: origin, damping: model.damping)
    var panels: [PanelScore] = []
    for indicator in [model.demand.proxy, model.demand.driver] {
      let series = assembly.inputs.geography.provinces.map { lookup.segment(indicator, $0) }
      panels += Accuracy.scores(
        indicator, series, origins: origin..<model.years.base, horizon: model.demand.backtest.horizon,
        damping: model.damping)
    }
    self.panels = panels
    try lookup.finish()
  }

  static func past(_ rows: [(year: Int, value: Double)], origin: Int, damping: Double) -> [PastPoint] {
    guard let group = pooled([rows.filter { $0.year <= origin }], damping: damping), let last = group.members.first
    else { return [] }
    return rows.filter { $0.year > origin }.map { row in
      let horizon = row.year - last.lastTime
      return PastPoint(
        origin: origin, year: row.year, actual: row.value, forecast: last.point(horizon),
        inner: last.interval(horizon, level: 0.8), outer: last.interval(horizon, level: 0.95))
    }
  }

  /// Rolling origins: pooling, drifts and variances are estimated anew from what each origin knew.
  static func scores(
    _ indicator: String, _ series: [[(year: Int, value: Double)]], origins: Range<Int>, horizon: Int, damping: Double
  ) -> [PanelScore] {
    var errors = [[Double]](repeating: [], count: horizon)
    var naive = errors
    var inner = [Int](repeating: 0, count: horizon)
    var outer = inner
    for origin in origins {
      let known = series.map { $0.filter { $0.year <= origin } }
      let kept = known.indices.filter { known[$0].count >= 3 && known[$0].last?.year == origin }
      guard let group = pooled(kept.map { known[$0] }, damping: damping) else { continue }
      for (member, index) in zip(group.members, kept) {
        for row in series[index] where row.year > origin && row.year <= origin + horizon {
          let h = row.year - origin
          errors[h - 1].append(abs(member.point(h) - row.value) / row.value)
          naive[h - 1].append(abs(exp(member.logLevel) - row.value) / row.value)
          let (low, high) = member.interval(h, level: 0.8)
          let (lowest, highest) = member.interval(h, level: 0.95)
          if low...high ~= row.value { inner[h - 1] += 1 }
          if lowest...highest ~= row.value { outer[h - 1] += 1 }
        }
      }
    }
    return (0..<horizon).compactMap { h in
      let count = errors[h].count
      guard count > 0 else { return nil }
      return PanelScore(
        indicator: indicator, horizon: h + 1, count: count, medianAPE: median(errors[h]),
        naiveMedianAPE: median(naive[h]), coverage80: Double(inner[h]) / Double(count),
        coverage95: Double(outer[h]) / Double(count))
    }
  }

  private static func pooled(_ group: [[(year: Int, value: Double)]], damping: Double) -> PooledGrowth? {
    do throws(SeriesError) {
      var series: [Series] = []
      for (index, rows) in group.enumerated() {
        series.append(try Series(key: ["\(index)"], times: rows.map(\.year), values: rows.map(\.value)))
      }
      return try PooledGrowth(series, damping: damping)
    } catch {
      return nil  // too little was known at this origin: nothing to score
    }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let middle = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
  }
}
