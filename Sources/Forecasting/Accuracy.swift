import Datasets
import Dimensions
import Facts
import Foundation
import LinearAlgebra
import Messages
import ModelSpecs
import Reconciliation
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
  /// Past forecasts of the demand series, for the nation and its provinces, before and after they were
  /// made to add up; from the top down.
  public let reconciliation: [LevelError]
  /// How near the estimate of places came to published figures that were hidden; nil where places are allocated.
  public let hidden: HeldOut?

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
    reconciliation = Accuracy.reconciled(
      regions.map { lookup.segment(model.demand.proxy, $0) }, origins: origin..<model.years.base, horizon: spec.horizon,
      damping: model.damping)
    hidden = try assembly.inputs.placed.map { placed throws(ProblemReport) in try HeldOut(placed.base, cut: placed.base.spec.cut) }
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

  /// Rolling origins: the parts are pooled, the total is forecast by itself, and the variance of each
  /// forecast is its weight.
  static func reconciled(
    _ parts: [[(year: Int, value: Double)]], origins: Range<Int>, horizon: Int, damping: Double
  ) -> [LevelError] {
    let links = parts.indices.map { Hierarchy.Link("total", "part \($0)") }
    var columns: (actual: [Double], base: [Double], after: [Double]) = ([], [], [])
    let values = parts.map { Dictionary($0.map { ($0.year, $0.value) }, uniquingKeysWith: { _, new in new }) }
    func sum(_ year: Int) -> Double? {
      let row = values.compactMap { $0[year] }
      return row.count == parts.count ? row.reduce(0, +) : nil
    }
    do {
      let hierarchy = try Hierarchy(links)
      for origin in origins {
        let known = parts.map { $0.filter { $0.year <= origin } }
        let total = Set(known.flatMap { $0.map(\.year) }).sorted().compactMap { year in sum(year).map { (year, $0) } }
        guard let group = pooled(known, damping: damping), let whole = pooled([total], damping: damping),
          total.last?.0 == origin, group.members.allSatisfy({ $0.lastTime == origin })
        else { continue }
        for h in 1...horizon {
          guard let actual = sum(origin + h) else { continue }
          let members = whole.members + group.members
          let base = members.map { $0.point(h) }
          let deviations = zip(members, base).map { $0.logStandardDeviation(h) * $1 }
          let reconciler = Reconciler(hierarchy, variances: deviations.map { $0 * $0 })
          let after = try reconciler.reconciled(
            Matrix(rows: base.count, columns: 1, elements: base), nonNegative: true)
          columns.actual += [actual] + values.map { $0[origin + h] ?? .nan }
          columns.base += base
          columns.after += after.elements
        }
      }
      let rows = parts.count + 1
      func matrix(_ elements: [Double]) -> Matrix {
        Matrix(rows: rows, columns: elements.count / rows, elements: elements)
      }
      return columns.actual.isEmpty
        ? []
        : levelErrors(
          hierarchy, actual: matrix(columns.actual), base: matrix(columns.base), reconciled: matrix(columns.after))
    } catch {
      return []  // a single place has no total to agree with
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
