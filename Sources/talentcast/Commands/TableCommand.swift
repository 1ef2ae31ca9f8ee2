import ArgumentParser
import Dimensions
import Forecasting
import Foundation
import LinearAlgebra
import Messages
import Reports

/// `talentcast table`: any cut of a run's figures, for a screen or a spreadsheet.
struct TableCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "table", abstract: "按地区、产业、队伍、年份、指标、情景制表 · Any cut of the figures as a table.",
    discussion: """
      缺省为三大高地 × 产业 × 队伍的需求，附80%区间与证据等级。
      By default demand of the hubs by industry and team, with 80 % interval and grade.

      例 · Examples:
        talentcast table --year 2030
        talentcast table --run out --rows region --columns year --measure supply --region all
        talentcast table --rows team --columns measure --region GBA --measure supply,demand,gap_requirement
        talentcast table --run out --year 2030 --format csv --out hub-industry-team.csv
      """)

  @OptionGroup var common: CommonOptions

  @Option(name: .customLong("run"), help: "已有运行的目录；缺省现算 · Folder of a finished run; computed anew by default.")
  var folder: String?

  @Option(help: "情景（现算时） · Scenario, when computed anew.")
  var scenario = "baseline"

  @Option(help: "行：region、industry、team、year、measure、scenario，逗号分隔 · Axes of the rows, comma-separated.")
  var rows: String?

  @Option(help: "列：其中一个，或 none · The axis of the columns, or none.")
  var columns: String?

  @Option(help: "地区：hubs、provinces、cities、all，或名称、代码，逗号分隔 · Regions: hubs, provinces, cities, all, or names and codes.")
  var region = "hubs"

  @Option(help: "产业：all、total 或标识 · Industries: all, total or ids.")
  var industry: String?

  @Option(help: "队伍：all、total 或标识 · Teams: all, total or ids.")
  var team: String?

  @Option(help: "年份，逗号分隔；可写 2025-2030、all · Years, comma-separated; 2025-2030 and all are understood.")
  var year: String?

  @Option(help: "指标，逗号分隔 · Measures, comma-separated.")
  var measure = "demand"

  @Option(help: "格式 · Format: table, csv (BOM, opens in a spreadsheet), md or json.")
  var format: Format = .table

  @Option(help: "写入文件，缺省为标准输出 · File to write; standard output by default.")
  var out: String?

  @Flag(help: "覆盖已有文件 · Overwrite an existing file.")
  var force = false

  @Option(help: "抽样次数（现算时） · Draws, when computed anew (100...100000).")
  var draws = 1000

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  enum Format: String, CaseIterable, ExpressibleByArgument { case table, csv, md, json }

  func validate() throws {
    try checkDraws(draws)
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let input = try folder.map { try reportInput($0) } ?? computed()
      let cut = try TableCut(self, input)
      let table = CrossTable(input.cells + input.otherScenarios, selection: cut.selection, rows: cut.rows, columns: cut.columns)
      guard !table.rows.isEmpty else {
        throw ProblemReport(
          .usage,
          [
            Problem(
              "table.empty", path: "table",
              message: Bilingual(zh: "没有这样的数据", en: "there are no such figures"),
              hint: Bilingual(
                zh: "产业只有需求；供给与缺口按队伍 · 请用 --industry total 或 --measure demand",
                en: "only demand is told apart by industry; try --industry total or --measure demand"))
          ])
      }
      let text = try CrossTableText(table, language).text(common.json ? .json : format)
      guard let out else { return print(text, terminator: text.hasSuffix("\n") ? "" : "\n") }
      try FileSet(out, text, force: force).write()
      say(language == .zh ? "已写入 \(out)" : "written: \(out)")
    }
  }

  private func computed() throws -> ReportInput {
    BLASThreads.set(1)
    let inputs = try RunInputs(scenario: scenario, models: models, datasets: datasets)
    return try CompletedRun(
      inputs, RunOptions(scenario: inputs.scenario.id, draws: draws, seed: 20_260_601, jobs: 2)
    ).reportInput()
  }
}

/// Which members of which axes a table shows: every name of the question found, or all problems at once.
struct TableCut {
  let selection: [CrossTable.Axis: [CrossTable.Member]]
  let rows: [CrossTable.Axis]
  let columns: CrossTable.Axis?

  init(_ command: TableCommand, _ input: ReportInput) throws(ProblemReport) {
    var finder = MemberFinder(input)
    let total = CrossTable.Member(code: "total", name: Bilingual(zh: "合计", en: "total"))
    let rowAxes = command.rows.map { finder.axes($0, option: "rows") } ?? nil
    let columnAxes = command.columns.map { $0 == "none" ? [] : finder.axes($0, option: "columns") } ?? []
    if columnAxes.count > 1 {
      finder.report("columns", Bilingual(zh: "--columns 只能写一个维度", en: "--columns takes one axis"))
    }
    let columnAxis = columnAxes.first
    for (at, axis) in ((rowAxes ?? []) + columnAxes).enumerated() where ((rowAxes ?? []) + columnAxes)[..<at].contains(axis) {
      finder.report(
        "axis-twice",
        Bilingual(
          zh: "维度 \(axis.rawValue)（\(axis.name.zh)）写了两次：行与列、行与行都不能用同一个维度",
          en: "the axis \(axis.rawValue) (\(axis.name.en)) is named twice: an axis makes rows or columns, once"))
    }
    let isDefault = command.rows == nil && command.columns == nil
    func shows(_ axis: CrossTable.Axis) -> Bool { isDefault || (rowAxes ?? []).contains(axis) || columnAxis == axis }
    let measures = finder.measures(command.measure)
    // Only demand is told apart by industry and team at once; other measures by one of them, or by neither.
    let cells = input.cells.filter { cell in measures.contains { $0.code == cell.measure.rawValue } }
    let byIndustry = measures.count == 1 && cells.contains { $0.industry != "total" }
    let isJoint = cells.contains { $0.industry != "total" && $0.team != "total" }
    let splitsIndustry = command.industry.map { $0 != "total" } ?? (shows(.industry) && byIndustry)
    let byTeam = cells.contains { $0.team != "total" } && (isJoint || !splitsIndustry)
    let industries = finder.listed(
      command.industry ?? (splitsIndustry ? "all" : "total"), input.industries, "industry", total: total)
    let teams = finder.listed(command.team ?? (shows(.team) && byTeam ? "all" : "total"), input.teams, "team", total: total)
    let regions = finder.regions(command.region)
    let years = finder.years(command.year, all: shows(.year) && !isDefault)
    let own = CrossTable.Member(code: input.edition.scenario, name: input.edition.scenarioName)
    let others = input.scenarios.filter { $0.code != own.code }.map { CrossTable.Member(code: $0.code, name: $0.name) }
    let scenarios = shows(.scenario) && !isDefault ? [own] + others : [own]
    let selection: [CrossTable.Axis: [CrossTable.Member]] = [
      .region: regions, .industry: industries, .team: teams, .year: years, .measure: measures, .scenario: scenarios,
    ]
    let plural = CrossTable.Axis.allCases.filter { (selection[$0]?.count ?? 0) > 1 }
    let columns = isDefault ? TableCut.usualColumn(plural, regions: regions.count) : columnAxis
    let rows = (rowAxes ?? plural.filter { $0 != columns }).filter { $0 != columns }
    for axis in plural where !rows.contains(axis) && axis != columns {
      finder.report(
        axis.rawValue,
        Bilingual(zh: "有多个\(axis.name.zh)，须列入 --rows 或 --columns", en: "several values of \(axis.name.en): name it in --rows or --columns"))
    }
    try finder.finish()
    self.selection = selection
    self.rows = rows.isEmpty ? [.region] : rows
    self.columns = columns
  }

  /// Years and measures read best across, then teams, then a few regions; industries have long names.
  private static func usualColumn(_ plural: [CrossTable.Axis], regions: Int) -> CrossTable.Axis? {
    let across: [CrossTable.Axis] = [.year, .measure, .team] + (regions <= 8 ? [.region] : []) + [.industry]
    return plural.count < 2 ? nil : across.first { plural.contains($0) }
  }
}

/// Turns names into members and collects what it does not find.
private struct MemberFinder {
  private let input: ReportInput
  private var problems: [Problem] = []

  init(_ input: ReportInput) { self.input = input }

  mutating func report(_ path: String, _ message: Bilingual) {
    problems.append(Problem("table.\(path)", path: path, message: message))
  }

  private mutating func unknown(_ path: String, _ word: String, _ what: Bilingual, among: [String]) {
    problems.append(.unknown(word, what, among: among, code: "table.\(path)", path: path))
  }

  func finish() throws(ProblemReport) {
    guard problems.isEmpty else { throw ProblemReport(.usage, problems) }
  }

  private func words(_ text: String) -> [String] {
    text.split(whereSeparator: { $0 == "," || $0 == "，" || $0 == "、" }).map { $0.trimmingCharacters(in: .whitespaces) }
  }

  mutating func axes(_ text: String, option: String) -> [CrossTable.Axis] {
    words(text).compactMap { word in
      if let axis = CrossTable.Axis(rawValue: word == "hub" ? "region" : word) { return axis }
      unknown(
        option, word, Bilingual(zh: "没有维度", en: "there is no axis"),
        among: CrossTable.Axis.allCases.map(\.rawValue))
      return nil
    }
  }

  mutating func measures(_ text: String) -> [CrossTable.Member] {
    words(text).compactMap { word in
      if let measure = Measure.called(word) {
        return CrossTable.Member(code: measure.rawValue, name: measure.name)
      }
      unknown(
        "measure", word, Bilingual(zh: "没有指标", en: "there is no measure"),
        among: Measure.allCases.map(\.rawValue))
      return nil
    }
  }

  mutating func listed(
    _ text: String, _ known: [NamedCode], _ path: String, total: CrossTable.Member
  ) -> [CrossTable.Member] {
    let parts = known.filter { $0.code != "total" }.map { CrossTable.Member(code: $0.code, name: $0.name) }
    if text == "all" { return parts.isEmpty ? [total] : parts }
    return words(text).compactMap { word in
      if word == "total" { return total }
      if let part = parts.first(where: { $0.code == word || $0.name.zh == word || $0.name.en == word }) { return part }
      unknown(
        path, word, Bilingual(zh: "没有", en: "there is no"), among: parts.map(\.code) + parts.map(\.name.zh))
      return nil
    }
  }

  mutating func regions(_ text: String) -> [CrossTable.Member] {
    func all(_ isWanted: (ReportRegion) -> Bool) -> [CrossTable.Member] {
      input.regions.filter(isWanted).map { CrossTable.Member(code: $0.code.text, name: $0.name) }
    }
    let found = words(text).flatMap { word -> [CrossTable.Member] in
      switch word {
      case "hubs":
        let hubs = all { $0.kind == .hub || ($0.kind == .province && $0.hub == $0.code) }
        return hubs.isEmpty ? all { $0.kind == .province || $0.kind == .nation } : hubs
      case "provinces": return all { $0.kind == .province }
      case "cities": return all { $0.kind == .city || $0.kind == .sar }
      case "nation": return all { $0.kind == .nation }
      case "all": return all { _ in true }
      default: break
      }
      let found = input.regions.first {
        $0.code.text == word || $0.name.zh == word || $0.name.en == word || $0.name.zh.hasPrefix(word)
          || $0.name.en.lowercased().hasPrefix(word.lowercased())
      }
      if let found { return [CrossTable.Member(code: found.code.text, name: found.name)] }
      unknown(
        "region", word, Bilingual(zh: "没有地区", en: "there is no region"),
        among: ["hubs", "provinces", "cities", "all"] + input.regions.flatMap { [$0.name.zh, $0.name.en, $0.code.text] })
      return []
    }
    return found.enumerated().filter { at, member in !found[..<at].contains(member) }.map(\.element)
  }

  mutating func years(_ text: String?, all: Bool) -> [CrossTable.Member] {
    let known = Set(input.cells.map(\.year)).sorted()
    guard let text, text != "all" else {
      let years = all || text == "all" ? known.filter { $0 >= input.edition.referenceYear } : [input.edition.focusYear]
      return years.map(member)
    }
    return words(text).flatMap { word -> [CrossTable.Member] in
      let ends = word.split(whereSeparator: { $0 == "-" || $0 == "—" || $0 == "–" }).map { Int($0) }
      let wanted: [Int]
      switch (ends.count, ends.first ?? nil, ends.last ?? nil) {
      case (1, let year?, _): wanted = [year]
      case (2, let first?, let last?) where first <= last && last - first < 200: wanted = Array(first...last)
      default: wanted = []
      }
      let found = wanted.filter(known.contains)
      if found.isEmpty || found.count < wanted.count && wanted.count == 1 {
        report(
          "year",
          Bilingual(
            zh: "没有年份“\(word)”：可用 \(known.first ?? 0)—\(known.last ?? 0)",
            en: "there is no year '\(word)': \(known.first ?? 0) to \(known.last ?? 0)"))
      }
      return found.map(member)
    }
  }

  private func member(_ year: Int) -> CrossTable.Member {
    CrossTable.Member(code: String(year), name: Bilingual(zh: String(year), en: String(year)))
  }
}
