import LinearAlgebra
import Messages
import Tables

/// What to take from a table besides the formula's own columns.
public struct FrameRequest: Sendable {
  public var formula: String
  /// A numeric column; rows with weight 0 are left out.
  public var weights: String?
  /// A numeric column added to the linear predictor.
  public var offset: String?
  /// Who a row is about; orders lag() and diff().
  public var entity: String?
  /// When; orders lag() and diff().
  public var time: String?
  /// Further columns that sort rows into groups: clusters, absorbed effects.
  public var groups: [String] = []
  /// Those of the groups whose effects are absorbed: one of them may be the entity of lag() and diff().
  public var absorbed: [String] = []
  /// Something other than lag() and diff() needs to know which row comes before which.
  public var needsOrder = false

  public init(formula: String) { self.formula = formula }
}

/// A column as groups: codes into ascending levels (numbers by size, text by Unicode).
public struct FrameGroup: Sendable {
  public let name: String
  public let levels: [String]
  /// One per kept row.
  public let codes: [Int32]
}

/// A formula applied to a table: response and named columns of the complete rows.
///
/// Missing values: a row that lacks a value in any column the model uses is left out, and counted.
/// Categories: text columns and `C(…)`; treatment coding `C(g)[b]` against the first level in order
/// (or `ref=`); without an intercept the first of them keeps all its levels, as in R.
public struct ModelFrame: Sendable {
  public let formula: Formula
  public let response: [Double]
  /// kept rows × names, the intercept first.
  public let design: Matrix
  public let names: [String]
  public let hasIntercept: Bool
  /// Names of the columns that tell the levels of a category apart.
  public let indicators: Set<String>
  public let weights: [Double]?
  public let offset: [Double]?
  /// Entity, time and `groups` by column name.
  public let groups: [String: FrameGroup]
  /// Who and when, as asked or as the absorbed columns show; its columns are among `groups`.
  public let panel: PanelColumns
  /// Rows of the table that are in the frame, ascending.
  public let rows: [Int]
  /// Rows of the table that are not.
  public let droppedRows: Int
  /// Notes and warnings for the reader: missing values, odd columns.
  public let remarks: [Problem]
  /// How each column is made, to make it again from other rows.
  let recipe: [CodedColumn]
  /// Levels of each category, the reference first.
  let levels: [Factor: [String]]
}

/// One column of the design: a product of numbers and indicators.
struct CodedColumn: Sendable {
  enum Part: Sendable {
    case number(Factor)
    case level(Factor, String)

    var isLevel: Bool { if case .level = self { true } else { false } }
  }

  let name: String
  let parts: [Part]
}

/// - Throws: `ProblemReport`: the formula's character, the missing column with its nearest spelling, or
///   the cells that cannot be used, with line and column.
public func modelFrame(_ request: FrameRequest, _ table: Table) throws(ProblemReport) -> ModelFrame {
  let formula = try Formula(request.formula, otherColumns: otherColumns(request, table))
  var builder = FrameBuilder(table: table, request: request, formula: formula)
  do {
    return try builder.frame()
  } catch {
    throw ProblemReport(error.status, error.problems + table.styleNotes(error.problems) + builder.warnings)
  }
}

/// What `.` may stand for: columns that play no other role.
private func otherColumns(_ request: FrameRequest, _ table: Table) -> [String] {
  let others =
    [request.weights, request.offset, request.entity, request.time].compactMap(\.self) + request.groups
  return table.names.filter { !others.contains($0) }
}

extension ModelFrame {
  /// The columns of this model for the rows of another table, for prediction.
  ///
  /// - Returns: rows × names; NaN where a cell is missing.
  /// - Throws: `ProblemReport` when a column is missing or a category was not in the fitted rows.
  public func design(of table: Table) throws(ProblemReport) -> Matrix {
    try requireFormulaColumns(formula, table, includingResponse: false)
    let evaluator = Evaluator(table: table, panel: nil, formula: formula.text)
    var matrix = Matrix(rows: table.rowCount, columns: names.count, repeating: 1)
    var numbers: [Factor: [Double]] = [:]
    var texts: [Factor: [String]] = [:]
    for (j, column) in recipe.enumerated() {
      for part in column.parts {
        switch part {
        case .number(let factor):
          if numbers[factor] == nil { numbers[factor] = try evaluator.numbers(factor.expression, of: factor) }
          guard let values = numbers[factor] else { continue }
          for i in values.indices { matrix[i, j] *= values[i] }
        case .level(let factor, let level):
          if texts[factor] == nil { texts[factor] = try labels(of: factor, evaluator) }
          guard let cells = texts[factor] else { continue }
          for i in cells.indices { matrix[i, j] *= cells[i].isEmpty ? .nan : cells[i] == level ? 1 : 0 }
        }
      }
    }
    return matrix
  }

  private func labels(of factor: Factor, _ evaluator: Evaluator) throws(ProblemReport) -> [String] {
    let cells = try evaluator.labels(of: factor)
    let known = Set(levels[factor] ?? [])
    if let row = cells.firstIndex(where: { !$0.isEmpty && !known.contains($0) }) {
      throw ProblemReport(
        .badData,
        [
          Problem(
            "formula.unknown-level", file: evaluator.table.file, line: evaluator.table.lines[row],
            path: factor.spelling,
            message: Bilingual(
              zh: "类别“\(cells[row])”没有出现在估计用的数据里", en: "the level '\(cells[row])' was not in the fitted rows")
          )
        ])
    }
    return cells
  }
}

/// Every column of the formula that the table lacks, all at once.
func requireFormulaColumns(
  _ formula: Formula, _ table: Table, includingResponse: Bool
) throws(ProblemReport) {
  let response = Set(formula.response.expression.columns)
  let right =
    formula.terms.flatMap { $0.factors.flatMap(\.expression.columns) } + formula.offsets.flatMap(\.columns)
  let needed =
    includingResponse
    ? formula.columns : formula.columns.filter { right.contains($0) || !response.contains($0) }
  try table.requireColumns(needed)
}
