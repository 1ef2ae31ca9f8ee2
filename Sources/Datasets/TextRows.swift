import Messages
import Tables

/// Rows of a table by column name.
public struct TextRows {
  private let columns: [String: Column]
  private let table: Table

  /// - Throws: `.badData` for the first of the columns that the table lacks.
  public init(_ table: Table, columns names: [String]) throws(ProblemReport) {
    var columns: [String: Column] = [:]
    for name in names {
      guard let column = table.column(name) else {
        throw ProblemReport(
          .badData,
          [
            Problem(
              "csv.missing-column", file: table.file, line: 1, path: name,
              message: Bilingual(zh: "缺少列“\(name)”", en: "the column '\(name)' is missing"))
          ])
      }
      columns[name] = column
    }
    (self.columns, self.table) = (columns, table)
  }

  /// How many rows there are.
  public var count: Int { table.rowCount }

  /// Where a row begins in its file.
  public func line(_ row: Int) -> Int { table.lines[row] }

  /// The text of a cell; "" for a column that was not asked for.
  public subscript(row: Int, name: String) -> String { columns[name]?.string(row) ?? "" }
}
