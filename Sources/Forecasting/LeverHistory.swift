import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs

/// How a value of a lever compares with what the series behind it has done.
///
/// A lever is relative to the base path, which follows a published series. A factor κ in year Y asks that
/// the series grow, on average from the base year, by
///
///     g = (ln base path(Y) + ln κ) ÷ (Y − base year)
///
/// a year. Its percentile is the share of the observed yearly growth rates that were no higher: a rate
/// that many single years reached may still be much to ask of every year. Source: METHODS M24.
public struct LeverHistory: Sendable {
  /// The series, and whose it is.
  public let indicator: String
  public let region: RegionCode
  /// First and last year observed, and how many yearly changes lie between.
  public let years: ClosedRange<Int>
  public let count: Int
  /// Average yearly growth that the value asks for, as a rate (0.05 = 5 %).
  public let asked: Double
  /// 0…1.
  public let percentile: Double

  /// Fewer yearly changes than these say nothing.
  static let fewest = 5

  /// The series that a lever's base path follows; nil where nobody publishes one.
  static func series(of lever: Lever, in model: ModelSpec) -> String? {
    switch lever.id {
    case "supply.entrants": model.supply.entrantsFollow
    case "demand.rd_spending": model.demand.driver
    case "demand.requirement": model.demand.proxy
    default: nil
    }
  }

  /// Nil where no series stands behind the lever, or one that is too short, or the lever moves elsewhere
  /// than in the whole nation.
  public init?(
    _ lever: Lever, value: Double, places: [String], year: Int, model: ModelSpec, catalogue: Catalogue
  ) {
    guard let indicator = LeverHistory.series(of: lever, in: model), value > 0, year > model.years.base,
      places.allSatisfy({ $0 == model.stock.nation.text })
    else { return nil }
    var lookup = SeriesLookup(catalogue: catalogue, model: model)
    let nation = model.stock.nation
    let rows = lookup.segment(indicator, nation)
    guard let group = GrowthGroup([rows], damping: model.damping), let first = rows.first, let last = rows.last else { return nil }
    let horizon = year - model.years.base
    let base = group.outlook(0, base: model.years.base, horizon: horizon).mean[horizon - 1]
    self.init(
      indicator: indicator, region: nation, rows: rows, years: first.year...last.year,
      asked: (base + log(value)) / Double(horizon))
  }

  /// - Parameter asked: yearly growth in logarithms.
  init?(
    indicator: String, region: RegionCode, rows: [(year: Int, value: Double)], years: ClosedRange<Int>, asked: Double
  ) {
    let changes = zip(rows, rows.dropFirst()).filter { $0.year + 1 == $1.year }.map { log($1.value / $0.value) }
    guard changes.count >= LeverHistory.fewest else { return nil }
    (self.indicator, self.region, self.years) = (indicator, region, years)
    count = changes.count
    self.asked = exp(asked) - 1
    percentile = Double(changes.count { $0 <= asked + 1e-12 }) / Double(changes.count)
  }
}
