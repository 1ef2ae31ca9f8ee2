import Dimensions
import Messages
import Tables

/// A plan as published: targets with numbers, and tasks without.
public struct PublishedPlan: Sendable {
  public let id: String
  public let title: Bilingual
  public let firstYear: Int
  public let targetYear: Int
  /// Id of the plan's source.
  public let source: String
  public let targets: [PublishedTarget]
  public let milestones: [PublishedMilestone]
}

/// One quantified target, and where its progress is published.
public struct PublishedTarget: Hashable, Sendable {
  /// How an indicator is held against its target.
  public enum Rule: String, CaseIterable, Sendable {
    case atLeast = "at-least"
    case about
    case atMost = "at-most"
  }

  /// How yearly figures make the figure of the plan period.
  public enum Aggregation: String, CaseIterable, Sendable {
    case stock, cumulative, mean, share
  }

  public let id: String
  /// `main`, `other`, `coverage`, `related` …
  public let group: String
  public let name: Bilingual
  public let unit: String
  public let value: Double
  public let year: Int
  public let rule: Rule
  /// Share of the target that may be missing under `about`; 0 else.
  public let tolerance: Double
  public let aggregation: Aggregation
  /// 预期性, 正文, 隐含 …
  public let nature: String
  public let baseline: Double?
  public let baselineYear: Int?
  public let baselineSource: String
  /// Observed indicators that tell its progress, best first; empty when none is published.
  public let indicators: [String]
  public let region: RegionCode
  /// The plan's own words; "" when only paraphrased.
  public let quote: String
  public let source: String
  public let note: String
}

/// A task without a number.
public struct PublishedMilestone: Hashable, Sendable {
  /// How far a task of the plan has come.
  public enum Status: String, CaseIterable, Sendable {
    case done
    case inProgress = "in-progress"
    case notAvailable = "not-available"
  }

  public let id: String
  public let name: Bilingual
  public let kind: String
  public let status: Status
  public let progress: Bilingual
  public let progressSource: String
  public let quote: String
  public let source: String
}

extension Indicator {
  /// The instant a figure of a year stands for, in years: the end of 2023 is 2023.0.
  public func instant(of year: Int) -> Double {
    if timing.hasPrefix("snapshot-"), let month = Double(timing.dropFirst(9)), (1...12).contains(month) {
      return Double(year) - 1 + month / 12
    }
    switch timing {
    case "mid-year", "part-year-h1": return Double(year) - 0.5
    case "part-year-q1q3": return Double(year) - 0.25
    default: return Double(year)
    }
  }
}

extension Catalogue {
  /// Packages that hold a plan.
  public var plans: [String] { packages.filter { $0.resource("targets") != nil }.map(\.name) }

  /// The plan of a package with `plan` and `targets` resources.
  /// - Throws: `ProblemReport` (bad configuration) when the package is none, with the nearest plan.
  public func plan(_ name: String) throws(ProblemReport) -> PublishedPlan {
    guard plans.contains(name) else {
      let near = nearest(name, among: plans)
      throw ProblemReport(
        .badConfiguration,
        [
          Problem(
            "data.unknown-plan", path: name,
            message: Bilingual(zh: "没有规划数据包“\(name)”", en: "there is no plan package '\(name)'"),
            hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
              ?? Bilingual(zh: "现有：\(plans.joined(separator: "、"))", en: "at hand: \(plans.joined(separator: ", "))"))
        ])
    }
    var reader = PlanReader(
      targets: try rows(package: name, resource: "targets"), plan: try rows(package: name, resource: "plan"),
      milestones: packages.first { $0.name == name }?.resource("milestones") == nil
        ? nil : try rows(package: name, resource: "milestones"),
      indicators: Dictionary(indicators.map { ($0.id, $0) }) { first, _ in first },
      regions: Set(regions.map(\.code.text)), sources: Set(sources.map(\.id)))
    let plan = reader.read()
    guard let plan, reader.problems.isEmpty else { throw ProblemReport(.badData, reader.problems) }
    return plan
  }
}

/// Turns the tables of a plan package into targets, with every problem of them.
struct PlanReader {
  let targets: Table
  let plan: Table
  let milestones: Table?
  let indicators: [String: Indicator]
  /// Not checked when empty.
  let regions: Set<String>
  let sources: Set<String>
  private(set) var problems: [Problem] = []

  init(
    targets: Table, plan: Table, milestones: Table?, indicators: [String: Indicator], regions: Set<String>,
    sources: Set<String>
  ) {
    self.targets = targets
    self.plan = plan
    self.milestones = milestones
    self.indicators = indicators
    self.regions = regions
    self.sources = sources
  }

  static let targetColumns = [
    "id", "group", "name_zh", "name_en", "unit", "target", "target_year", "rule", "tolerance", "aggregation", "nature",
    "baseline", "baseline_year", "baseline_source", "indicator", "region", "quote", "source", "note",
  ]
  static let planColumns = ["id", "title_zh", "title_en", "first_year", "target_year", "source"]
  static let milestoneColumns = [
    "id", "name_zh", "name_en", "kind", "status", "progress_zh", "progress_en", "progress_source", "quote", "source",
  ]

  /// nil when a table lacks a column or the plan has no row.
  mutating func read() -> PublishedPlan? {
    problems += targets.missingColumns(PlanReader.targetColumns) + plan.missingColumns(PlanReader.planColumns)
    if let milestones { problems += milestones.missingColumns(PlanReader.milestoneColumns) }
    guard problems.isEmpty else { return nil }
    guard plan.rowCount == 1 else {
      problems.append(
        Problem(
          "plan.not-one-row", file: plan.file, line: 1,
          message: Bilingual(zh: "plan 应恰有一行，现有 \(plan.rowCount) 行", en: "`plan` has one row, here \(plan.rowCount)")))
      return nil
    }
    func cell(_ name: String) -> String { plan.column(name)?.string(0) ?? "" }
    let targets = (0..<targets.rowCount).compactMap { target($0) }
    let milestones = milestones.map { table in (0..<table.rowCount).compactMap { milestone(table, $0) } } ?? []
    guard let first = Int(cell("first_year")), let last = Int(cell("target_year")), first <= last else {
      problems.append(
        Problem(
          "plan.years", file: plan.file, line: plan.lines[0], path: "first_year",
          message: Bilingual(zh: "规划的起始年不能晚于目标年", en: "the plan's first year is not before its target year")))
      return nil
    }
    return PublishedPlan(
      id: cell("id"), title: Bilingual(zh: cell("title_zh"), en: cell("title_en")), firstYear: first, targetYear: last,
      source: cell("source"), targets: targets, milestones: milestones)
  }

  private mutating func target(_ row: Int) -> PublishedTarget? {
    let table = targets
    func cell(_ name: String) -> String { table.column(name)?.string(row) ?? "" }
    let rule = PublishedTarget.Rule(rawValue: cell("rule"))
    let aggregation = PublishedTarget.Aggregation(rawValue: cell("aggregation"))
    let tolerance = Double(cell("tolerance")) ?? 0
    if rule == nil { flaw(table, row, "rule", zh: "未知的判定方向“\(cell("rule"))”", en: "unknown rule '\(cell("rule"))'") }
    if aggregation == nil {
      flaw(
        table, row, "aggregation", zh: "未知的合成方式“\(cell("aggregation"))”",
        en: "unknown aggregation '\(cell("aggregation"))'")
    }
    if !(0..<1).contains(tolerance) || rule == .about && cell("tolerance").isEmpty {
      flaw(table, row, "tolerance", zh: "about 需要 0 到 1 之间的容差", en: "the rule about needs a tolerance in 0 ..< 1")
    }
    let ids = cell("indicator").split(separator: "|").map { $0.filter { !$0.isWhitespace } }
    for id in ids {
      guard let indicator = indicators[id] else {
        let near = nearest(id, among: indicators.keys.sorted())
        flaw(
          table, row, "indicator", zh: "未知的指标“\(id)”", en: "unknown indicator '\(id)'",
          hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") })
        continue
      }
      if indicator.unit != cell("unit") {
        flaw(
          table, row, "unit", zh: "目标的单位“\(cell("unit"))”与指标 \(id) 的“\(indicator.unit)”不同",
          en: "the target is in '\(cell("unit"))', its indicator \(id) in '\(indicator.unit)'")
      }
    }
    if !regions.isEmpty, !regions.contains(cell("region")) {
      flaw(table, row, "region", zh: "未知的地区代码“\(cell("region"))”", en: "unknown region code '\(cell("region"))'")
    }
    for name in ["source", "baseline_source"] where !cell(name).isEmpty && !sources.contains(cell(name)) {
      flaw(table, row, name, zh: "未知的来源“\(cell(name))”", en: "unknown source '\(cell(name))'")
    }
    if cell("baseline").isEmpty != cell("baseline_year").isEmpty {
      flaw(table, row, "baseline_year", zh: "基期值与基期须同时给出", en: "baseline and baseline year come together")
    }
    guard let value = Double(cell("target")), value.isFinite, let year = Int(cell("target_year")), let rule, let aggregation
    else {
      if Double(cell("target"))?.isFinite != true || Int(cell("target_year")) == nil {
        flaw(table, row, "target", zh: "目标值与目标年应为数", en: "target and target year are numbers")
      }
      return nil
    }
    return PublishedTarget(
      id: cell("id"), group: cell("group"), name: Bilingual(zh: cell("name_zh"), en: cell("name_en")),
      unit: cell("unit"), value: value, year: year, rule: rule, tolerance: tolerance, aggregation: aggregation,
      nature: cell("nature"), baseline: Double(cell("baseline")), baselineYear: Int(cell("baseline_year")),
      baselineSource: cell("baseline_source"), indicators: ids, region: RegionCode(cell("region")), quote: cell("quote"),
      source: cell("source"), note: cell("note"))
  }

  private mutating func milestone(_ table: Table, _ row: Int) -> PublishedMilestone? {
    func cell(_ name: String) -> String { table.column(name)?.string(row) ?? "" }
    guard let status = PublishedMilestone.Status(rawValue: cell("status")) else {
      flaw(table, row, "status", zh: "未知的状态“\(cell("status"))”", en: "unknown status '\(cell("status"))'")
      return nil
    }
    for name in ["source", "progress_source"] where !cell(name).isEmpty && !sources.contains(cell(name)) {
      flaw(table, row, name, zh: "未知的来源“\(cell(name))”", en: "unknown source '\(cell(name))'")
    }
    return PublishedMilestone(
      id: cell("id"), name: Bilingual(zh: cell("name_zh"), en: cell("name_en")), kind: cell("kind"), status: status,
      progress: Bilingual(zh: cell("progress_zh"), en: cell("progress_en")), progressSource: cell("progress_source"),
      quote: cell("quote"), source: cell("source"))
  }

  private mutating func flaw(
    _ table: Table, _ row: Int, _ name: String, zh: String, en: String, hint: Bilingual? = nil
  ) {
    problems += table.problems([
      Table.Flaw(
        "plan.\(name.replacing("_", with: "-"))", row: row, position: table.column(name)?.position ?? 0,
        message: Bilingual(zh: zh, en: en), hint: hint)
    ])
  }
}
