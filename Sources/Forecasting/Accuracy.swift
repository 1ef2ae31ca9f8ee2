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

  public let practitioners: [PastPoint]
  /// The model's own panels: the series that stands for demand and the one that drives it.
  public let panels: [PanelBacktest.Pool]
  /// Every panel of the model's back-test together: what an interval of ours has been worth.
  public let all: PanelBacktest

  /// - Throws: `ProblemReport(.badConfiguration)` when a series of the model is missing.
  public init(_ assembly: ForecastAssembly, model: ModelSpec, catalogue: Catalogue) throws(ProblemReport) {
    var lookup = SeriesLookup(catalogue: catalogue, model: model)
    let origin = model.demand.backtest.firstOrigin
    let rows = lookup.segment(model.supply.entrantsVolatility, model.stock.nation)
    practitioners = Accuracy.past(rows, origin: origin, damping: model.damping)
    let spec = model.demand.backtest
    let own = [model.demand.proxy, model.demand.driver]
    let regions = assembly.inputs.geography.provinces
    panels = try PanelBacktest(
      catalogue, regions: regions, indicators: own, horizon: spec.horizon, damping: model.damping
    ).pools
    all = try PanelBacktest(
      catalogue, regions: regions, indicators: spec.panels.isEmpty ? nil : spec.panels, horizon: spec.horizon,
      damping: model.damping)
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
}
