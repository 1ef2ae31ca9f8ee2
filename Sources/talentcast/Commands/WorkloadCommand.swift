import ArgumentParser
import Datasets
import Dimensions
import Forecasting
import Foundation
import Messages
import ModelSpecs

/// `talentcast workload`: posts that cases need.
struct WorkloadCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "workload", abstract: "工作量法：件数 × 工时需要多少岗位 · Posts that the cases of coming years need.",
    discussion: """
      件数、工时、工效的假定在 Models/workload.yaml。
      Cases, hours and productivity stand in Models/workload.yaml.

      例 · Examples:
        talentcast workload
        talentcast workload --group examiners --productivity 0.05
        talentcast workload --break 2026=0.8 --through 2035 --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "工作量文件 · Workload file.")
  var file: String?

  @Option(help: "只看一组，可重复 · Only this group; repeatable.")
  var group: [String] = []

  @Option(help: "工效年增长，代替文件所写 · Yearly growth of output per hour, instead of the file's.")
  var productivity: Double?

  @Option(name: .customLong("break"), help: "自某年（已公布年份之后）起件数乘以系数，可重复 · From a year after those published cases are multiplied: 2026=0.8; repeatable.")
  var breaks: [String] = []

  @Option(help: "预测到哪一年 · Last year.")
  var through: Int?

  @Option(help: "抽样次数 · Number of draws (100...100000).")
  var draws = 2000

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func validate() throws {
    try checkDraws(draws)
    if let productivity, !(-0.5...0.5).contains(productivity) { throw ValidationError("--productivity: -0.5...0.5 (\(productivity))") }
    _ = try whatIf()
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      var spec = try readWorkload(file ?? "\(models)/workload.yaml")
      try choose(&spec)
      let outlook = try WorkloadOutlook(spec, catalogue: try Catalogue(directory: datasets), whatIf: try whatIf(), draws: draws)
      if common.json {
        print(try jsonText(WorkloadJSON(outlook, language)), terminator: "")
      } else {
        print(text(outlook, language))
      }
    }
  }

  private func whatIf() throws -> WorkloadOutlook.WhatIf {
    var whatIf = WorkloadOutlook.WhatIf()
    whatIf.productivity = productivity
    whatIf.breaks = try breaks.map { text in
      let parts = text.split(separator: "=")
      guard parts.count == 2, let year = Int(parts[0]), let factor = Double(parts[1]), factor >= 0, factor <= 100 else {
        throw ValidationError("--break 应写作 年=系数，如 2026=0.8 · --break takes YEAR=FACTOR, got '\(text)'")
      }
      return (year, factor)
    }
    return whatIf
  }

  private func choose(_ spec: inout WorkloadSpec) throws(ProblemReport) {
    var problems: [Problem] = []
    let known = spec.groups.map(\.id)
    for id in group where !known.contains(id) {
      problems.append(
        Problem(
          "workload.unknown-group", path: "group", message: Bilingual(zh: "没有组“\(id)”", en: "there is no group '\(id)'"),
          hint: nearest(id, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
            ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))")))
    }
    if let through, !(spec.years.base + 1...spec.years.base + 50).contains(through) {
      problems.append(
        Problem(
          "workload.through", path: "through",
          message: Bilingual(
            zh: "末年应在 \(spec.years.base + 1)～\(spec.years.base + 50) 之间",
            en: "the last year lies in \(spec.years.base + 1)...\(spec.years.base + 50)")))
    }
    guard problems.isEmpty else { throw ProblemReport(.usage, problems) }
    spec = spec.only(group, through: through)
  }

  private func text(_ outlook: WorkloadOutlook, _ language: Language) -> String {
    let zh = language == .zh
    var parts: [String] = []
    for group in outlook.groups {
      parts += ["\(group.spec.name[language]) [\(group.spec.id)]", years(group, language), hours(group, outlook.spec, language), ""]
    }
    parts.append(
      zh
        ? "岗位 = Σ 件数×每件工时 ÷（每人工时×工效）÷（1−其他事务）。带 * 的件数为预测；工时与工效为假定 [D]"
        : "posts = Σ cases × hours ÷ (hours a person works × productivity) ÷ (1 − other duties). Cases with * are forecast; hours and productivity are assumed [D]"
    )
    return parts.joined(separator: "\n")
  }

  private func years(_ group: WorkloadOutlook.Group, _ language: Language) -> String {
    let zh = language == .zh
    let names = group.years.first?.cases.map { $0.indicator.name[language] } ?? []
    var columns: [(String, TextTable.Alignment)] = [(zh ? "年份" : "year", .right)]
    columns += names.map { ($0, .right) }
    columns += [
      (zh ? "需要岗位" : "posts", .right), (zh ? "80%区间" : "80 % interval", .right), (zh ? "公布人数" : "published", .right),
    ]
    if group.staff != nil {
      columns += [(zh ? "现有人员÷岗位" : "staff now ÷ posts", .right), (zh ? "人员不变时的积压" : "waiting if staff stays", .right)]
    }
    var table = TextTable(columns)
    for year in group.years {
      var row = ["\(year.year)"] + year.cases.map { grouped($0.count.value.rounded()) + ($0.isPublished ? "" : "*") }
      row += [
        grouped(year.posts.value.rounded()), rangeText(grouped(year.posts.p10.rounded()), grouped(year.posts.p90.rounded()), language),
        year.staff.map { grouped($0) } ?? "–",
      ]
      if let staff = group.staff {
        row += [
          year.posts.value > 0 ? String(format: "%.2f", staff.value / year.posts.value) : "–", year.waiting.map { grouped($0.rounded()) } ?? "–",
        ]
      }
      table.append(row)
    }
    return table.text
  }

  private func hours(_ group: WorkloadOutlook.Group, _ spec: WorkloadSpec, _ language: Language) -> String {
    let zh = language == .zh
    let each = zip(group.spec.activities, group.hours).map { "\($0.hours.note[language]) \(oneOf($1, 1)) h" }
    let how =
      group.spec.isCalibrated
      ? (zh ? "每件工时（按 \(spec.years.base) 年人数校准）" : "hours a case (calibrated on the staff of \(spec.years.base))")
      : (zh ? "每件工时" : "hours a case")
    return how + (zh ? "：" : ": ") + each.joined(separator: zh ? "；" : "; ")
  }
}

struct WorkloadJSON: Encodable {
  private struct Interval: Encodable {
    let value: Double
    let p025: Double
    let p10: Double
    let p90: Double
    let p975: Double
    init(_ fan: Fan) { (value, p025, p10, p90, p975) = (fan.value, fan.p025, fan.p10, fan.p90, fan.p975) }
  }

  private struct Cases: Encodable {
    let indicator: String
    let unit: String
    let count: Interval
    let basis: String
    let last_published: Int
    let source: String
  }

  private struct Year: Encodable {
    let year: Int
    let cases: [Cases]
    let posts: Interval
    let staff_published: Double?
    let waiting_if_staff_stays: Double?
  }

  private struct Group: Encodable {
    let id: String
    let name: String
    let staff_series: String?
    let staff_now: Double?
    let hours_calibrated: Bool
    let hours_per_case: [Double]
    let years: [Year]
  }

  private struct Assumed: Encodable {
    let path: String
    let value: Double
    let low: Double?
    let high: Double?
    let evidence: String
    let source: String
    let note: String
  }

  private let schema = "talentcast/workload-outlook@1"
  private let id: String
  private let base_year: Int
  private let groups: [Group]
  private let assumptions: [Assumed]

  init(_ outlook: WorkloadOutlook, _ language: Language) {
    id = outlook.spec.id
    base_year = outlook.spec.years.base
    groups = outlook.groups.map { group in
      Group(
        id: group.spec.id, name: group.spec.name[language], staff_series: group.spec.staff, staff_now: group.staff?.value,
        hours_calibrated: group.spec.isCalibrated, hours_per_case: group.hours,
        years: group.years.map { year in
          Year(
            year: year.year,
            cases: year.cases.map {
              Cases(
                indicator: $0.indicator.id, unit: $0.indicator.unit, count: Interval($0.count),
                basis: $0.isPublished ? "published" : "forecast", last_published: $0.lastPublished, source: $0.source)
            }, posts: Interval(year.posts), staff_published: year.staff, waiting_if_staff_stays: year.waiting)
        })
    }
    assumptions = outlook.spec.assumptions.map {
      Assumed(
        path: $0.path, value: $0.value, low: $0.range?.lowerBound, high: $0.range?.upperBound, evidence: $0.evidence.rawValue,
        source: $0.source, note: $0.note[language])
    }
  }
}
