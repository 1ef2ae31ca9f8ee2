import LinearAlgebra
import Messages
import Tables

/// What `talentcast project` reads: a matrix, a start and optional entrants, checked against each other.
public struct ProjectionInputs: Sendable {
  public let model: ProjectionMatrix
  public let start: [Double]
  /// Persons added at the end of each step, `steps` rows; empty when there are none.
  public let entrants: [[Double]]

  /// Checks the three tables together and reports every problem of all of them at once.
  ///
  /// - Parameters:
  ///   - matrix: header = state names, one row a state in the same order; a leading column with the
  ///     states' names is recognised, and then the rows may stand in any order. Read with `allText`.
  ///   - start: columns `state`, `value`; every state once.
  ///   - entrants: columns `state`, `value` and optionally `step` (1...steps); without `step` the same
  ///     persons enter in every step. States that are left out have none.
  public init(
    matrix: Table, start: Table, entrants: Table?, steps: Int,
    orientation: ProjectionMatrix.Orientation
  ) throws(ProblemReport) {
    var reader = ProjectionReader()
    let square = reader.matrix(matrix)
    let states = square?.states ?? []
    let persons = reader.start(start, states: states)
    let added = entrants.map { reader.entrants($0, states: states, steps: steps) } ?? []
    guard reader.problems.isEmpty, let square else { throw ProblemReport(.badData, reader.problems) }
    do {
      model = try ProjectionMatrix(
        states: square.states, transitions: square.elements, orientation: orientation)
    } catch {
      throw ProblemReport(
        .badData, [Problem("projection.matrix", file: matrix.file, message: error.message)])
    }
    self.start = persons
    self.entrants = added
  }
}

/// Reads a file for `ProjectionInputs`. A header that begins with an empty name, as R and spreadsheets
/// write above row names, gets one.
public func projectionTable(_ bytes: [UInt8], file: String) throws(ProblemReport) -> Table {
  var options = ReadOptions()
  options.allText = true
  let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
  let body = bytes.starts(with: mark) ? Array(bytes.dropFirst(3)) : bytes
  if let first = [",", "\"\","].first(where: { body.starts(with: Array($0.utf8)) }) {
    let named = Array("(state),".utf8) + body.dropFirst(first.utf8.count)
    return try parseTable(named, file: file, options: options)
  }
  return try parseTable(bytes, file: file, options: options)
}

private struct ProjectionReader {
  var problems: [Problem] = []

  mutating func matrix(_ table: Table) -> (states: [String], elements: Matrix)? {
    guard let named = firstColumnNamesRows(table) else { return nil }
    let columns = Array(table.columns.dropFirst(named ? 1 : 0))
    let states = columns.map(\.name)
    let order = named ? rowOrder(table, states) : Array(0..<table.rowCount)
    var elements = Matrix(rows: states.count, columns: states.count)
    for (j, column) in columns.enumerated() {
      let values = numbers(column, of: table, what: Bilingual(zh: "矩阵元素", en: "matrix element"))
      guard let order, values.count == states.count else { continue }
      for i in states.indices { elements[order[i], j] = values[i] }
    }
    return (states, elements)
  }

  /// Whether the first column names the rows; nil (and a problem) when the matrix is not square.
  private mutating func firstColumnNamesRows(_ table: Table) -> Bool? {
    let (columns, rows) = (table.columns.count, table.rowCount)
    let leading = (0..<rows).map { table.columns[0].string($0) }
    let areNames = rows > 0 && leading.contains { Double($0) == nil && !$0.isEmpty }
    let matched = leading.contains { name in table.names.dropFirst().contains(name) }
    if columns == rows, !(areNames && matched) { return false }
    if columns == rows + 1, areNames || matched { return true }
    let width = areNames && matched ? columns - 1 : columns
    problems.append(
      Problem(
        "projection.not-square", file: table.file, line: table.lines.last ?? 1,
        message: Bilingual(
          zh: "矩阵有 \(width) 个状态列、\(rows) 行，不是方阵",
          en: "the matrix has \(width) state columns and \(rows) rows: it is not square"),
        hint: Bilingual(
          zh: "表头为状态名，其后每个状态一行；可在最前加一列状态名",
          en: "the header names the states, then one row a state; a leading column may name the rows")))
    return nil
  }

  /// For each row the position of its state; nil when a name is wrong or appears twice.
  private mutating func rowOrder(_ table: Table, _ states: [String]) -> [Int]? {
    let names = table.columns[0]
    var order: [Int] = []
    let before = problems.count
    for row in 0..<table.rowCount {
      guard let at = state(names.string(row), states, row, names, table) else { continue }
      if order.contains(at) { duplicate(row, names, table) }
      order.append(at)
    }
    return problems.count == before ? order : nil
  }

  mutating func start(_ table: Table, states: [String]) -> [Double] {
    var persons = [Double?](repeating: nil, count: states.count)
    for (row, state, column, value) in rows(of: table, states: states) {
      if persons[state] != nil { duplicate(row, column, table) }
      persons[state] = value
    }
    guard table.missingColumns(["state", "value"]).isEmpty else { return [] }
    let listed = Set((0..<table.rowCount).compactMap { table.column("state")?.string($0) })
    for (state, value) in zip(states, persons) where value == nil && !listed.contains(state) {
      problems.append(
        Problem(
          "projection.missing-state", file: table.file, path: state,
          message: Bilingual(zh: "缺少状态“\(state)”的初始人数", en: "state '\(state)' has no start value"),
          hint: Bilingual(zh: "若为零，请写 0", en: "write 0 if there is nobody")))
    }
    return persons.map { $0 ?? 0 }
  }

  mutating func entrants(_ table: Table, states: [String], steps: Int) -> [[Double]] {
    var added = [[Double?]](repeating: [Double?](repeating: nil, count: states.count), count: steps)
    let clock = table.column("step")
    let times = clock.map { numbers($0, of: table, what: Bilingual(zh: "步数", en: "step")) }
    for (row, state, column, value) in rows(of: table, states: states) {
      var range = 0..<steps
      if let clock, let times {
        guard let time = times[row].isNaN ? nil : times[row] else { continue }
        guard time == time.rounded(), time >= 1, time <= Double(steps) else {
          problems.append(
            table.problem(
              "projection.step", row: row, column: clock,
              message: Bilingual(
                zh: "步数 \(shortText(time)) 不在 1 到 \(steps) 之间",
                en: "step \(shortText(time)) is no whole number in 1...\(steps)")))
          continue
        }
        range = Int(time) - 1..<Int(time)
      }
      for t in range {
        if added[t][state] != nil {
          duplicate(row, column, table)
          break
        }
        added[t][state] = value
      }
    }
    return added.map { $0.map { $0 ?? 0 } }
  }

  /// Rows of a `state, value` table whose state is known, with any value problem already noted.
  private mutating func rows(
    of table: Table, states: [String]
  ) -> [(row: Int, state: Int, column: Column, value: Double)] {
    problems += table.missingColumns(["state", "value"])
    guard let names = table.column("state"), let column = table.column("value") else { return [] }
    let values = numbers(column, of: table, what: Bilingual(zh: "人数", en: "number of persons"))
    guard !states.isEmpty else { return [] }
    return (0..<table.rowCount).compactMap { row in
      state(names.string(row), states, row, names, table).map { (row, $0, names, values[row]) }
    }
  }

  /// A column's finite, non-negative numbers; NaN where a problem was noted.
  private mutating func numbers(_ column: Column, of table: Table, what: Bilingual) -> [Double] {
    (0..<table.rowCount).map { row in
      let text = column.string(row)
      let trimmed = text.filter { !$0.isWhitespace }
      if let number = Double(trimmed), number.isFinite, number >= 0 { return number }
      let reason: Bilingual
      if column.isMissing(row) || trimmed.isEmpty {
        reason = Bilingual(zh: "缺少\(what.zh)；若为零请写 0", en: "the \(what.en) is missing; write 0 if it is zero")
      } else if let number = Double(trimmed), number < 0, number.isFinite {
        reason = Bilingual(zh: "\(what.zh) \(text) 为负", en: "the \(what.en) \(text) is negative")
      } else {
        reason = Bilingual(zh: "“\(text)”不是数", en: "'\(text)' is no number")
      }
      problems.append(table.problem("projection.value", row: row, column: column, message: reason))
      return .nan
    }
  }

  private mutating func state(
    _ name: String, _ states: [String], _ row: Int, _ column: Column, _ table: Table
  ) -> Int? {
    if let at = states.firstIndex(of: name) { return at }
    let near = nearest(name, among: states)
    let known = states.prefix(12).joined(separator: ", ")
    problems.append(
      table.problem(
        "projection.unknown-state", row: row, column: column,
        message: Bilingual(zh: "矩阵中没有状态“\(name)”", en: "the matrix has no state '\(name)'"),
        hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
          ?? Bilingual(zh: "矩阵的状态：\(known)", en: "states of the matrix: \(known)")))
    return nil
  }

  private mutating func duplicate(_ row: Int, _ column: Column, _ table: Table) {
    let name = column.string(row)
    problems.append(
      table.problem(
        "projection.duplicate-state", row: row, column: column,
        message: Bilingual(zh: "状态“\(name)”重复", en: "state '\(name)' appears twice")))
  }
}
