import Dimensions
import Messages
import Reports

/// A cross table as text: for a terminal, a spreadsheet, a document, a program.
struct CrossTableText {
  let table: CrossTable
  let language: Language

  init(_ table: CrossTable, _ language: Language) {
    self.table = table
    self.language = language
  }

  func text(_ format: TableCommand.Format) throws -> String {
    switch format {
    case .table: terminal
    case .csv: csv
    case .md: markdown
    case .json: try jsonText(CrossTableJSON(table))
    }
  }

  private var title: String {
    let fixed = table.fixed.filter { $0.axis != .scenario || $0.member.code != "baseline" }
      .filter { $0.member.code != "total" }.map { $0.member.name[language] }
    let notes = language == .zh ? "值（80%区间）证据等级" : "value (80 % interval) grade"
    return (fixed + [notes]).joined(separator: " · ")
  }

  private var heads: [String] { table.rowAxes.map { $0.name[language] } + table.columns.map { $0.name[language] } }

  private func shown(_ cell: ResultCell?) -> String {
    guard let cell else { return "—" }
    guard cell.value.isFinite else { return "*" }
    let range = cell.p10 < cell.p90 ? " (\(rangeText(number(cell.p10, cell), number(cell.p90, cell), language)))" : ""
    return "\(number(cell.value, cell))\(range) \(cell.evidence.rawValue)"
  }

  private func number(_ value: Double, _ cell: ResultCell) -> String {
    guard value.isFinite else { return "—" }
    return cell.unit == "1" ? oneOf(value, 2) : (value < -0.5 ? "−" : "") + grouped(abs(value).rounded())
  }

  private var terminal: String {
    var text = TextTable(
      table.rowAxes.map { ($0.name[language], .left) } + table.columns.map { ($0.name[language], .right) })
    for row in table.rows { text.append(row.members.map { $0.name[language] } + row.cells.map(shown)) }
    return title + "\n" + text.text
  }

  private var markdown: String {
    let line = { (fields: [String]) in "| " + fields.map(markdownText).joined(separator: " | ") + " |" }
    let rule = line(table.rowAxes.map { _ in ":--" } + table.columns.map { _ in "--:" })
    let rows = table.rows.map { line($0.members.map { $0.name[language] } + $0.cells.map(shown)) }
    return ([markdownText(title), "", line(heads), rule] + rows).joined(separator: "\n") + "\n"
  }

  /// For a spreadsheet: a code and a name for every axis, four columns for every figure.
  private var csv: String {
    let zh = language == .zh
    var fields = table.rowAxes.flatMap { [zh ? "\($0.name.zh)代码" : "\($0.name.en) code", $0.name[language]] }
    for column in table.columns {
      let name = column.name[language]
      fields += zh ? [name, "\(name) 80%下限", "\(name) 80%上限", "\(name) 证据等级"] : [name, "\(name) p10", "\(name) p90", "\(name) grade"]
    }
    var lines = [fields]
    for row in table.rows {
      lines.append(
        row.members.flatMap { [$0.code, $0.name[language]] }
          + row.cells.flatMap { cell -> [String] in
            guard let cell else { return ["", "", "", ""] }
            guard cell.value.isFinite else { return ["*", "*", "*", cell.evidence.rawValue] }
            return [plain(cell.value, cell), plain(cell.p10, cell), plain(cell.p90, cell), cell.evidence.rawValue]
          })
    }
    return HumanCSV(rows: lines).text
  }

  private func plain(_ value: Double, _ cell: ResultCell) -> String {
    guard value.isFinite else { return "" }
    return cell.unit == "1" ? "\((value * 1e4).rounded() / 1e4)" : String(Int(value.rounded(.toNearestOrAwayFromZero)))
  }
}

struct CrossTableJSON: Encodable {
  private struct Cell: Encodable {
    let members: [String: String]
    let unit: String
    let value: Double?
    let p10: Double?
    let p90: Double?
    let evidence: String
    let method: String
    let source: String
  }

  private let schema = "talentcast/table@1"
  private let rows: [String]
  private let columns: String?
  private let cells: [Cell]

  init(_ table: CrossTable) {
    rows = table.rowAxes.map(\.rawValue)
    columns = table.columnAxis?.rawValue
    func known(_ value: Double) -> Double? { value.isFinite ? value : nil }
    cells = table.rows.flatMap { row in
      row.cells.compactMap { cell in
        cell.map { cell in
          Cell(
            members: [
              "region": cell.region.text, "industry": cell.industry, "team": cell.team, "year": String(cell.year),
              "measure": cell.measure.rawValue, "scenario": cell.scenario,
            ], unit: cell.unit, value: known(cell.value), p10: known(cell.p10), p90: known(cell.p90),
            evidence: cell.evidence.rawValue, method: cell.method, source: cell.source)
        }
      }
    }
  }
}
