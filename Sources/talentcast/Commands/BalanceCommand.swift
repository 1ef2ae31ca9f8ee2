import ArgumentParser
import Balancing
import Dimensions
import Foundation
import Messages
import Tables

struct BalanceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "balance",
    abstract: "把一张表调整到已知的各种合计（RAS / IPF） · Fit a table to known totals (RAS / IPF)",
    discussion: """
      种子表为长格式 CSV：若干维度列加一个数值列；合计表的维度列是种子表维度的子集（没有维度列即总计）。
      迭代之前先核对各合计是否一致、零是否可行；种子中的零视为结构零。有负数时用 GRAS。
      合计表可带 evidence 列（A–D），供 --adjust 判断以哪一份为准。
      The seed is a long CSV: dimension columns and one value column. A margin has some of these dimensions
      (none: the grand total). Totals and zeros are checked before iterating; zeros of the seed are
      structural. With negative figures the method is GRAS. A margin may have an evidence column (A–D).

      talentcast balance --seed seed.csv --margin rows.csv --margin columns.csv --json
      """)

  @Option(help: "种子表 CSV · The seed, a long CSV.")
  var seed: String

  @Option(help: "合计表 CSV，可重复 · A margin, a long CSV; repeat for each.")
  var margin: [String] = []

  @Option(help: "数值列 · Name of the value column in every file.")
  var value = "value"

  @Flag(help: "合计不一致时按比例服从更可靠的一份 · Where totals disagree, scale the less reliable margin.")
  var adjust = false

  @Option(help: "种子中的零：structural 或 sampling · What zeros of the seed are: structural (kept) or sampling (filled).")
  var zeros: ZeroMeaning = .structural

  @Option(parsing: .unconditional, help: "收敛标准：最大相对误差 · Largest relative margin error to stop at.")
  var tolerance = 1e-10

  @Option(parsing: .unconditional, help: "最多迭代次数 · Most iterations.")
  var maxIterations = 10_000

  @OptionGroup var common: CommonOptions

  enum ZeroMeaning: String, ExpressibleByArgument, CaseIterable { case structural, sampling }

  func validate() throws {
    guard !margin.isEmpty else {
      throw ValidationError("至少给出一个 --margin · Give at least one --margin.")
    }
    guard tolerance > 0, tolerance < 1 else {
      throw ValidationError("--tolerance 应在 0 与 1 之间 · --tolerance lies between 0 and 1.")
    }
    guard (1...10_000_000).contains(maxIterations) else {
      throw ValidationError("--max-iterations 应为 1 到 10000000 · --max-iterations is in 1...10000000.")
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let result = try balanced(readSeed(), to: readMargins(), options: options)
      let fit = result.table
      for note in fit.notes { say(note[language]) }
      write(common.json ? try balanceJSON(result, language) : balanceText(result, language))
      guard fit.converged else {
        say(unconverged(fit)[language])
        throw ExitCode(ExitStatus.failure.rawValue)
      }
    }
  }

  private var options: BalancingOptions {
    var options = BalancingOptions()
    options.disagreement = adjust ? .adjust : .refuse
    options.zeros = zeros == .structural ? .structural : .sampling(share: 1e-3)
    options.tolerance = tolerance
    options.cap = maxIterations
    return options
  }

  private func readSeed() throws(ProblemReport) -> LongTable {
    try longTable(tableAsText(seed, numbers: [value]), value: value, isMargin: false)
  }

  /// Every margin, with the problems of all of them together.
  private func readMargins() throws(ProblemReport) -> [LongTable] {
    var problems: [Problem] = []
    var status = ExitStatus.badData
    var tables: [LongTable] = []
    for file in margin {
      do {
        tables.append(try longTable(tableAsText(file, numbers: [value]), value: value, isMargin: true))
      } catch {
        problems += error.problems
        if error.status == .missingInput { status = .missingInput }
      }
    }
    guard problems.isEmpty else { throw ProblemReport(status, problems) }
    return tables
  }
}

/// A CSV with every cell as the file spells it, so that codes keep their zeros; some columns as numbers.
func tableAsText(_ file: String, numbers: Set<String> = []) throws(ProblemReport) -> Table {
  var options = ReadOptions()
  options.allText = true
  options.numericColumns = numbers
  return try readTable(file, options: options)
}

/// The numbers of a column in which no cell may be missing.
func completeNumbers(_ name: String, of table: Table) throws(ProblemReport) -> [Double] {
  let numbers = try table.numbers(named: name)
  guard let column = table.column(name) else { return numbers }
  let missing = numbers.indices.filter { numbers[$0].isNaN }
  guard missing.isEmpty else {
    throw ProblemReport(
      .badData,
      missing.prefix(50).map { row in
        table.problem(
          "csv.missing-number", row: row, column: column,
          message: Bilingual(zh: "“\(name)”缺少数值", en: "'\(name)' has no number here"),
          hint: Bilingual(zh: "填上数值，或删去该行", en: "fill it in, or delete the row"))
      })
  }
  return numbers
}

func longTable(_ table: Table, value: String, isMargin: Bool) throws(ProblemReport) -> LongTable {
  try table.requireColumns([value])
  let values = try completeNumbers(value, of: table)
  let names = table.names.filter { $0 != value && !(isMargin && $0 == "evidence") }
  guard isMargin || !names.isEmpty else {
    throw ProblemReport(
      .badData,
      [
        Problem(
          "balance.no-dimensions", file: table.file, line: 1,
          message: Bilingual(zh: "种子表没有维度列", en: "the seed has no dimension column"),
          hint: Bilingual(zh: "“\(value)”以外至少要有一列", en: "it needs at least one column besides '\(value)'"))
      ])
  }
  var columns: [LabelColumn] = []
  for name in names {
    let text = try table.categories(named: name)
    columns.append(LabelColumn(name: name, distinct: text.distinct, codes: text.codes))
  }
  return LongTable(
    file: table.file, columns: columns, values: values, lines: Array(table.lines),
    evidence: isMargin ? try worstEvidence(table) : .observed)
}

private func worstEvidence(_ table: Table) throws(ProblemReport) -> Evidence {
  guard let column = table.column("evidence") else { return .observed }
  var grades: [Evidence] = []
  var problems: [Problem] = []
  for row in 0..<table.rowCount {
    if let grade = Evidence(rawValue: unpadded(column.string(row)).uppercased()) {
      grades.append(grade)
    } else {
      problems.append(
        table.problem(
          "balance.evidence", row: row, column: column,
          message: Bilingual(
            zh: "证据等级“\(column.string(row))”不是 A、B、C、D 之一",
            en: "evidence '\(column.string(row))' is none of A, B, C, D")))
    }
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  return Evidence.worst(grades)
}
