import ArgumentParser
import Dimensions
import Messages
import Reports

struct ReportDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "与上年版逐格比较 · Compare with an earlier edition, cell by cell",
    discussion: """
      例 · Example:
        talentcast report diff out-2025 out --limit 10
      """)

  @Argument(help: "上年版的运行目录 · Folder of the earlier run.")
  var old: String

  @Argument(help: "本版的运行目录 · Folder of the later run.")
  var new: String

  @Option(help: "列出改动最大的多少格 · How many of the largest changes to list.")
  var limit = 15

  @Option(help: "相对差小于此值视为相同 · Relative difference below which values are the same.")
  var tolerance = 1e-9

  @Flag(help: "有改动时退出码为 2 · Exit status 2 when anything differs.")
  var exitCode = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit: ≥ 0 (\(limit))") }
    guard tolerance >= 0, tolerance < 1 else { throw ValidationError("--tolerance: 0..<1 (\(tolerance))") }
  }

  func run() throws {
    var differs = false
    try reporting(common.language) {
      let before = try reportInput(old)
      let after = try reportInput(new)
      let why = reasons(old: try runFacts(old), new: try runFacts(new))
      let diff = EditionDiff(old: before.cells, new: after.cells, tolerance: tolerance)
      differs = !diff.changes.isEmpty
      if common.json {
        print(try jsonText(DiffJSON(diff, why)), terminator: "")
      } else {
        print(diffText(diff, why, after, limit: limit, common.language), terminator: "")
      }
    }
    if exitCode, differs { throw ExitCode(ExitStatus.problemsFound.rawValue) }
  }
}

/// What `report diff` prints: reasons, one line a measure, the largest changes.
func diffText(
  _ diff: EditionDiff, _ reasons: [DiffReason], _ input: ReportInput, limit: Int, _ language: Language
) -> String {
  let zh = language == .zh
  var lines = reasons.map { "\($0.code.rawValue)  \($0.text[language])" }
  if reasons.isEmpty { lines = [zh ? "两次运行的程序、数据、模型和种子相同。" : "Both runs have the same version, data, model and seed."] }
  var table = TextTable([
    (zh ? "指标" : "measure", .left), (zh ? "相同" : "same", .right), (zh ? "修订" : "revised", .right),
    (zh ? "新增" : "new", .right), (zh ? "取消" : "gone", .right), (zh ? "修订率中位数" : "median change", .right),
  ])
  for measure in diff.measures {
    let revised = diff.changes(measure, .revised)
    let rates = revised.compactMap(\.rate).map(abs).sorted()
    table.append([
      measure.rawValue, "\(diff.unchanged[measure] ?? 0)", "\(revised.count)", "\(diff.changes(measure, .new).count)",
      "\(diff.changes(measure, .gone).count)", rates.isEmpty ? "" : percent(rates[rates.count / 2]),
    ])
  }
  lines += ["", table.text]
  let largest = largestChanges(diff, limit)
  guard !largest.isEmpty else { return lines.joined(separator: "\n") + "\n" }
  return (lines + ["", changeTable(largest, input, language)]).joined(separator: "\n") + "\n"
}

/// By how much a head count moved; the first of equals in the order of the results.
private func largestChanges(_ diff: EditionDiff, _ limit: Int) -> [CellChange] {
  diff.changes.enumerated().filter { $0.element.difference != nil }
    .sorted { (abs($1.element.difference ?? 0), $0.offset) < (abs($0.element.difference ?? 0), $1.offset) }
    .prefix(limit).map(\.element)
}

private func changeTable(_ changes: [CellChange], _ input: ReportInput, _ language: Language) -> String {
  let zh = language == .zh
  let names = Dictionary(input.regions.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
  let words = Dictionary(
    (input.teams + input.industries).map { ($0.code, $0.name[language]) }, uniquingKeysWith: { first, _ in first })
  var table = TextTable([
    (zh ? "地区" : "region", .left), (zh ? "产业" : "industry", .left), (zh ? "队伍" : "team", .left),
    (zh ? "年份" : "year", .left), (zh ? "指标" : "measure", .left), (zh ? "上年版" : "earlier", .right),
    (zh ? "本版" : "this", .right), (zh ? "修订率" : "change", .right), (zh ? "原因" : "reason", .left),
  ])
  for change in changes {
    let key = change.key
    table.append([
      names[key.region]?[language] ?? key.region.text, key.industry == "total" ? "" : words[key.industry] ?? key.industry,
      key.team == "total" ? "" : words[key.team] ?? key.team, "\(key.year)", key.measure.rawValue,
      shown(change.old), shown(change.new), change.rate.map(percent) ?? "", change.reason?.rawValue ?? "",
    ])
  }
  return table.text
}

private func shown(_ value: Double?) -> String {
  guard let value else { return "" }
  return abs(value) < 10 ? oneOf(value, 3) : grouped(value)
}

private func percent(_ rate: Double) -> String {
  abs(rate) < 10 ? "\(oneDecimal(rate * 100))%" : "×\(oneDecimal(rate + 1))"
}

/// `talentcast/report-diff@1`.
struct DiffJSON: Encodable {
  struct Reason: Encodable {
    let code: String
    let zh: String
    let en: String
  }

  struct Count: Encodable {
    let measure: String
    let same: Int
    let revised: Int
    let new: Int
    let gone: Int
  }

  struct Change: Encodable {
    let kind: String
    let region: String
    let industry: String
    let team: String
    let year: Int
    let measure: String
    let old: Double?
    let new: Double?
    let difference: Double?
    let rate: Double?
    let reason: String?
  }

  private let schema = "talentcast/report-diff@1"
  private let reasons: [Reason]
  private let measures: [Count]
  private let changes: [Change]

  init(_ diff: EditionDiff, _ why: [DiffReason]) {
    reasons = why.map { Reason(code: $0.code.rawValue, zh: $0.text.zh, en: $0.text.en) }
    measures = diff.measures.map { measure in
      Count(
        measure: measure.rawValue, same: diff.unchanged[measure] ?? 0, revised: diff.changes(measure, .revised).count,
        new: diff.changes(measure, .new).count, gone: diff.changes(measure, .gone).count)
    }
    changes = diff.changes.map { change in
      Change(
        kind: change.kind.rawValue, region: change.key.region.text, industry: change.key.industry, team: change.key.team,
        year: change.key.year, measure: change.key.measure.rawValue, old: change.old, new: change.new,
        difference: change.difference, rate: change.rate, reason: change.reason?.rawValue)
    }
  }
}
