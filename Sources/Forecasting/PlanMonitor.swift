import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import Tables
import TimeSeries

/// How the quantified targets of a plan stand: latest figure, pace still needed, forecast, and how
/// likely the target is to be met.
public struct PlanMonitor: Sendable {
  /// The four verdicts of the plan's own kind (targets are expected, none is binding), and two ways of
  /// not being able to say.
  public enum Status: String, Codable, Sendable {
    case reached, likely
    case atRisk = "at_risk"
    case unlikely
    case tooImprecise = "too_imprecise"
    case notAvailable = "not_available"

    public var name: Bilingual {
      switch self {
      case .reached: Bilingual(zh: "已完成", en: "reached")
      case .likely: Bilingual(zh: "预计可完成", en: "expected to be reached")
      case .atRisk: Bilingual(zh: "存在风险", en: "at risk")
      case .unlikely: Bilingual(zh: "预计难以完成", en: "unlikely to be reached")
      case .tooImprecise: Bilingual(zh: "数据精度不足", en: "published figure too imprecise")
      case .notAvailable: Bilingual(zh: "数据不可得", en: "not available")
      }
    }
  }

  public struct Row: Sendable {
    public let id: String
    /// `main`, `other`, `coverage`…, as the plan's package groups them.
    public let group: String
    public let name: Bilingual
    public let unit: String
    public let target: Double
    public let targetYear: Int
    public let baseline: Double?
    public let baselineYear: Int?
    public let latest: Observation?
    /// Growth a year still needed from the latest figure, for stocks.
    public let requiredPace: Double?
    /// Growth a year from the baseline to the latest figure.
    public let realisedPace: Double?
    public let p10: Double?
    public let p50: Double?
    public let p90: Double?
    public let probability: Double?
    public let status: Status
    public let source: String
  }

  public let plan: String
  public let rows: [Row]

  /// - Parameters:
  ///   - plan: name of a data package with a `targets` resource.
  ///   - forecast: draws of a series in a year, when a run has them (the model's own stock).
  /// - Throws: `ProblemReport` when there is no such package or its table is not as it should be.
  public init(
    plan: String, catalogue: Catalogue, damping: Double,
    draws: (_ indicator: String, _ year: Int) -> [Double]? = { _, _ in nil }
  ) throws(ProblemReport) {
    self.plan = plan
    let columns = [
      "id", "group", "name_zh", "name_en", "unit", "target", "target_year", "baseline", "baseline_year", "indicator",
      "region", "aggregation", "rule", "tolerance", "source",
    ]
    let table = try TextRows(try catalogue.rows(package: plan, resource: "targets"), columns: columns)
    rows = (0..<table.count).compactMap { r in
      guard let target = Double(table[r, "target"]), let year = Int(table[r, "target_year"]) else { return nil }
      let indicator = table[r, "indicator"]
      let series = PlanMonitor.series(indicator, RegionCode(table[r, "region"]), catalogue)
      // What the plan has to reach is what stood at the end of its last year, not what came later.
      let latest = series.last { $0.year <= year }
      let tolerance = Double(table[r, "tolerance"]) ?? 0
      let needed = target * (1 - tolerance)
      let outlook =
        latest.flatMap { latest in
          latest.year >= year
            ? nil : PlanMonitor.outlook(series, year: year, needed: needed, damping: damping, draws: draws(indicator, year))
        }
      let baseline = Double(table[r, "baseline"])
      let baselineYear = Int(table[r, "baseline_year"])
      let isStock = table[r, "aggregation"] == "stock"
      // Cumulative counts grow by so many a year: enough if the years left need no more than that.
      let onPace =
        table[r, "aggregation"] == "cumulative"
        ? latest.flatMap { latest in
          baseline.flatMap { base in
            baselineYear.map { first in
              latest.year > first && latest.year < year
                && (needed - latest.value) / Double(year - latest.year) <= (latest.value - base) / Double(latest.year - first)
            }
          }
        } ?? false : false
      return Row(
        id: table[r, "id"], group: table[r, "group"],
        name: Bilingual(zh: table[r, "name_zh"], en: table[r, "name_en"]), unit: table[r, "unit"], target: target,
        targetYear: year, baseline: baseline, baselineYear: baselineYear, latest: latest,
        requiredPace: isStock ? latest.flatMap { pace(from: $0.value, $0.year, to: target, year) } : nil,
        realisedPace: isStock
          ? latest.flatMap { latest in
            baseline.flatMap { base in baselineYear.flatMap { pace(from: base, $0, to: latest.value, latest.year) } }
          } : nil,
        p10: outlook?.p10, p50: outlook?.p50, p90: outlook?.p90, probability: outlook?.probability,
        status: PlanMonitor.status(latest, needed: needed, probability: outlook?.probability, onPace: onPace),
        source: table[r, "source"])
    }
  }

  private struct Outlook {
    let p10: Double
    let p50: Double
    let p90: Double
    let probability: Double
  }

  private static func series(_ indicator: String, _ region: RegionCode, _ catalogue: Catalogue) -> [Observation] {
    guard !indicator.isEmpty else { return [] }
    do throws(ProblemReport) {
      return try catalogue.panel(indicator).series(region)
    } catch {
      return []  // nobody has published the indicator: the row says so
    }
  }

  private static func outlook(
    _ series: [Observation], year: Int, needed: Double, damping: Double, draws: [Double]?
  ) -> Outlook? {
    if let draws, !draws.isEmpty {
      let fan = Fan([0] + draws)
      return Outlook(
        p10: fan.p10, p50: fan.p50, p90: fan.p90,
        probability: Double(draws.count { $0 >= needed }) / Double(draws.count))
    }
    guard series.count >= 4, let last = series.last, series.allSatisfy({ $0.value > 0 }) else { return nil }
    do throws(SeriesError) {
      let member = try PooledGrowth(
        [try Series(key: [], times: series.map(\.year), values: series.map(\.value))], damping: damping
      ).members[0]
      let distribution = member.distribution(year - last.year)
      let band = member.interval(year - last.year, level: 0.8)
      return Outlook(
        p10: band.low, p50: member.point(year - last.year), p90: band.high,
        probability: 1 - distribution.cdf(needed))
    } catch {
      return nil  // too short a history to forecast: the row shows none
    }
  }

  private static func status(_ latest: Observation?, needed: Double, probability: Double?, onPace: Bool) -> Status {
    guard let latest else { return .notAvailable }
    if latest.value >= needed { return latest.precision == .upperBound ? .tooImprecise : .reached }
    if onPace { return .likely }
    guard let probability else { return latest.precision == .exact ? .notAvailable : .tooImprecise }
    return probability >= 0.8 ? .likely : probability >= 0.2 ? .atRisk : .unlikely
  }
}

/// Constant growth a year that leads from one figure to another.
private func pace(from start: Double, _ first: Int, to end: Double, _ last: Int) -> Double? {
  guard start > 0, end > 0, last > first else { return nil }
  return pow(end / start, 1 / Double(last - first)) - 1
}
