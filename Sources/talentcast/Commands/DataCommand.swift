import ArgumentParser
import Datasets
import Dimensions
import Messages
import Tables

struct DataCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "data",
    abstract: "数据：检查、列表、说明、来源、更新校验值 · Data: check, list, describe, sources, freeze",
    subcommands: [
      DataCheckCommand.self, DataDescribeCommand.self, DataFreezeCommand.self, DataListCommand.self, DataSourcesCommand.self,
    ])
}

struct DatasetsOption: ParsableArguments {
  @Option(help: ArgumentHelp("数据包目录 · Folder of data packages.", valueName: "dir"))
  var datasets: String = "Datasets"
}

struct DataCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "检查数据包或表格 · Check data packages or a table",
    discussion: """
      一次报告全部问题，含文件、行、列；有错误时退出码为 2，路径不存在为 66。
      Every problem at once, with file, line and column; exit status 2 on errors, 66 when the path is missing.
      """)

  @Argument(help: "数据包、数据包目录或 CSV 文件 · A package, a folder of packages, or a CSV file.")
  var paths: [String]

  @OptionGroup var data: DatasetsOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      var reports: [DataReport] = []
      for path in paths { reports.append(try checkData(path, reference: data.datasets)) }
      let problems = reports.flatMap(\.problems)
      let language = common.language
      if common.json {
        print(
          try jsonText(ProblemsJSON(schema: "talentcast/data-check@1", problems: problems, language: language)),
          terminator: "")
      } else {
        for problem in problems { print(problem.text(in: language)) }
        say(checkSummary(reports)[language])
      }
      if reports.contains(where: { !$0.isValid }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
    }
  }
}

private func checkSummary(_ reports: [DataReport]) -> Bilingual {
  let problems = reports.flatMap(\.problems)
  func count(_ severity: Problem.Severity) -> Int { problems.count { $0.severity == severity } }
  let packages = reports.reduce(0) { $0 + $1.packages }
  let rows = reports.reduce(0) { $0 + $1.rows }
  let what =
    packages > 0
    ? Bilingual(zh: "\(packages) 个数据包，\(rows) 行", en: "\(packages) \(packages == 1 ? "package" : "packages"), \(rows) \(rows == 1 ? "row" : "rows")")
    : Bilingual(zh: "\(rows) 行", en: "\(rows) \(rows == 1 ? "row" : "rows")")
  let found = Bilingual(
    zh: "错误 \(count(.error))，警告 \(count(.warning))，提示 \(count(.note))",
    en: "errors \(count(.error)), warnings \(count(.warning)), notes \(count(.note))")
  return Bilingual(zh: "\(what.zh)：\(found.zh)。", en: "\(what.en): \(found.en).")
}

struct DataListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "列出指标 · List the indicators")

  @Option(help: ArgumentHelp("只列该数据包的指标 · Only the indicators of one package.", valueName: "name"))
  var package: String?

  @Argument(help: "只列标识或名称中含该词的指标 · Only indicators whose id or name contains this.")
  var word: String?

  @OptionGroup var data: DatasetsOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      let entries = try IndicatorEntry.list(
        try Catalogue(directory: data.datasets), package: package, word: word)
      if common.json {
        print(try jsonText(IndicatorListJSON(indicators: entries)), terminator: "")
        return
      }
      let zh = common.language == .zh
      var table = TextTable([
        (zh ? "指标" : "indicator", .left), (zh ? "名称" : "name", .left), (zh ? "单位" : "unit", .left),
        (zh ? "年份" : "years", .left), (zh ? "地区数" : "regions", .right), (zh ? "行数" : "rows", .right),
        (zh ? "数据包" : "package", .left),
      ])
      for entry in entries {
        table.append([
          entry.id, zh ? entry.name_zh : entry.name_en, unitName(entry.unit)[common.language], entry.yearRange, String(entry.regions),
          String(entry.rows), entry.packages.joined(separator: " "),
        ])
      }
      print(table.text)
      say(zh ? "\(entries.count) 个指标。" : "\(entries.count) indicators.")
    }
  }
}

/// One line of `data list`.
struct IndicatorEntry: Encodable, Equatable {
  let id: String
  let name_zh: String
  let name_en: String
  let unit: String
  let concept: String
  let kind: String
  let timing: String
  let scope: String
  let first_year: Int?
  let last_year: Int?
  let regions: Int
  let rows: Int
  let packages: [String]

  var yearRange: String {
    guard let first = first_year, let last = last_year else { return "–" }
    return first == last ? String(first) : "\(first)–\(last)"
  }

  init(_ panel: Panel, packages: [String]) {
    let definition = panel.definition
    id = definition.id
    name_zh = definition.name.zh
    name_en = definition.name.en
    unit = definition.unit
    concept = definition.concept
    kind = definition.kind.rawValue
    timing = definition.timing
    scope = definition.scope
    first_year = panel.years.first
    last_year = panel.years.last
    regions = panel.regions.count
    rows = panel.observations.count
    self.packages = packages
  }

  static func list(_ catalogue: Catalogue, package: String?, word: String?) throws(ProblemReport) -> [IndicatorEntry] {
    if let package, !catalogue.packages.contains(where: { $0.name == package }) {
      let near = nearest(package, among: catalogue.packages.map(\.name))
      throw ProblemReport(
        .usage,
        [
          Problem(
            "data.unknown-package", path: package,
            message: Bilingual(zh: "没有数据包“\(package)”", en: "there is no package '\(package)'"),
            hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") })
        ])
    }
    let lowered = word?.lowercased()
    var entries: [IndicatorEntry] = []
    for indicator in catalogue.indicators {
      let names = catalogue.packages(of: indicator.id)
      if let package, !names.contains(package) { continue }
      if let lowered,
        ![indicator.id, indicator.name.zh, indicator.name.en].contains(where: { $0.lowercased().contains(lowered) })
      {
        continue
      }
      entries.append(IndicatorEntry(try catalogue.panel(indicator.id), packages: names))
    }
    return entries
  }
}

private struct IndicatorListJSON: Encodable {
  let schema = "talentcast/data-list@1"
  let indicators: [IndicatorEntry]
}
