import Dimensions
import Maps
import Messages
import Tables

/// Columns of `results.csv` whose codes must keep their spelling.
var resultTextColumns: ReadOptions {
  var options = ReadOptions()
  options.textColumns = ["scenario", "region", "region_name", "hub", "industry", "team", "unit", "method", "concept", "source"]
  return options
}

/// The cells of a `results.csv`.
///
/// - Throws: every missing column, or every cell that is no number, unknown measure or unknown grade (65).
func resultCells(_ table: Table) throws(ProblemReport) -> [ResultCell] {
  let numeric = ["year", "value", "p025", "p10", "p50", "p90", "p975"]
  let words = ["scenario", "region", "region_name", "hub", "industry", "team", "measure", "unit", "evidence", "method", "concept", "source"]
  try table.requireColumns(words + numeric)
  var (numbers, texts, problems) = ([String: [Double]](), [String: [String]](), [Problem]())
  var strangers: [Stranger] = []
  func meet(_ column: String, _ word: String, _ row: Int, _ known: [String]) {
    if let i = strangers.firstIndex(where: { $0.column == column && $0.word == word }) {
      strangers[i].rows += 1
    } else {
      strangers.append(Stranger(column: column, word: word, line: table.lines[row], rows: 1, known: known))
    }
  }
  for name in numeric {
    do { numbers[name] = try table.numbers(named: name) } catch { problems += error.problems }
  }
  for name in words { texts[name] = try table.strings(named: name) }
  func text(_ name: String, _ row: Int) -> String { texts[name]?[row] ?? "" }
  func number(_ name: String, _ row: Int) -> Double { numbers[name]?[row] ?? .nan }
  var cells: [ResultCell] = []
  cells.reserveCapacity(table.rowCount)
  for row in 0..<table.rowCount {
    let name = text("measure", row)
    guard let measure = Measure(rawValue: name) ?? (name == MapMeasure.gap.rawValue ? .gapRequirement : nil) else {
      meet("measure", name, row, Measure.allCases.map(\.rawValue))
      continue
    }
    guard let grade = Evidence(rawValue: text("evidence", row)) else {
      meet("evidence", text("evidence", row), row, Evidence.allCases.map(\.rawValue))
      continue
    }
    let year = number("year", row)
    guard year.isFinite, abs(year) < 10_000 else { continue }
    cells.append(
      ResultCell(
        scenario: text("scenario", row), region: RegionCode(text("region", row)), regionName: text("region_name", row),
        hub: text("hub", row), industry: text("industry", row), team: text("team", row), year: Int(year), measure: measure,
        unit: text("unit", row), value: number("value", row), p025: number("p025", row), p10: number("p10", row),
        p50: number("p50", row), p90: number("p90", row), p975: number("p975", row), evidence: grade,
        method: text("method", row), concept: text("concept", row), source: text("source", row)))
  }
  problems += strangers.map { $0.problem(in: table.file) }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  return cells
}

/// A word that a column does not know: told once, with the first line it stands on and how many there are.
private struct Stranger {
  let column: String, word: String, line: Int?
  var rows: Int
  let known: [String]

  func problem(in file: String?) -> Problem {
    let near = nearest(word, among: known)
    let more = rows == 1 ? Bilingual(zh: "", en: "") : Bilingual(zh: "（共 \(rows) 行）", en: " (\(rows) rows)")
    return Problem(
      "results.unknown-\(column)", file: file, line: line, path: column,
      message: Bilingual(zh: "\(column) 列不认识“\(word)”\(more.zh)。", en: "Unknown \(column) \"\(word)\"\(more.en)."),
      hint: Bilingual(
        zh: (near.map { "是否应为 \($0)？" } ?? "") + "可用：\(known.joined(separator: "、"))。",
        en: (near.map { "Did you mean \($0)? " } ?? "") + "Known: \(known.joined(separator: ", "))."))
  }
}
