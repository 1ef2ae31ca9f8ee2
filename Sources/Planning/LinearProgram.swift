/// A linear programme with named columns and rows.
///
///     minimise (or maximise)  Σ cost_j · x_j
///     subject to              lower_i ≤ Σ a_ij · x_j ≤ upper_i,   lower_j ≤ x_j ≤ upper_j
///
/// Names are what a person reads when the rows contradict each other, so they are unique within rows
/// and within columns. A bound that does not exist is ±infinity.
public struct LinearProgram: Sendable {
  /// Whether the objective is made small or large.
  public enum Sense: String, Sendable { case minimise, maximise }

  /// A column of the programme it was made by.
  public struct Column: Hashable, Sendable { let index: Int }
  /// A row of the programme it was made by.
  public struct Row: Hashable, Sendable { let index: Int }

  /// What a row demands of its sum.
  public enum Bound: Sendable, Equatable {
    case equal(Double)
    case atMost(Double)
    case atLeast(Double)
    case between(Double, Double)

    var range: (lower: Double, upper: Double) {
      switch self {
      case .equal(let value): (value, value)
      case .atMost(let value): (-.infinity, value)
      case .atLeast(let value): (value, .infinity)
      case .between(let low, let high): (low, high)
      }
    }
  }

  struct ColumnEntry: Sendable {
    var name: String
    var lower: Double
    var upper: Double
    var cost: Double
  }

  struct RowEntry: Sendable {
    var name: String
    var lower: Double
    var upper: Double
    /// One coefficient a column, in order of column.
    var terms: [(column: Int, coefficient: Double)]
  }

  public let sense: Sense
  var columns: [ColumnEntry] = []
  var rows: [RowEntry] = []

  public init(_ sense: Sense) { self.sense = sense }

  public var columnCount: Int { columns.count }
  public var rowCount: Int { rows.count }

  /// Adds a column; without bounds it is any number from 0 on.
  public mutating func column(
    _ name: String, from lower: Double = 0, to upper: Double = .infinity, cost: Double = 0
  ) -> Column {
    columns.append(ColumnEntry(name: name, lower: lower, upper: upper, cost: cost))
    return Column(index: columns.count - 1)
  }

  /// Adds a row. A column that occurs twice counts with the sum of its coefficients; zeros are dropped.
  @discardableResult
  public mutating func row(_ name: String, _ terms: [(column: Column, coefficient: Double)], _ bound: Bound) -> Row {
    var sums: [Int: Double] = [:]
    for term in terms { sums[term.column.index, default: 0] += term.coefficient }
    let kept = sums.filter { $0.value != 0 }.sorted { $0.key < $1.key }.map { (column: $0.key, coefficient: $0.value) }
    precondition(kept.allSatisfy { $0.column < columns.count }, "a column of another programme")
    rows.append(RowEntry(name: name, lower: bound.range.lower, upper: bound.range.upper, terms: kept))
    return Row(index: rows.count - 1)
  }

  /// Replaces a column's cost.
  public mutating func setCost(_ cost: Double, of column: Column) { columns[column.index].cost = cost }

  /// Replaces a column's bounds.
  public mutating func setBounds(_ lower: Double, _ upper: Double, of column: Column) {
    (columns[column.index].lower, columns[column.index].upper) = (lower, upper)
  }

  /// Replaces what a row demands.
  public mutating func setBound(_ bound: Bound, of row: Row) {
    (rows[row.index].lower, rows[row.index].upper) = bound.range
  }

  /// Bounds of a row as it stands.
  public func bounds(of row: Row) -> (lower: Double, upper: Double) { (rows[row.index].lower, rows[row.index].upper) }
  /// The bounds of a column; infinite where it has none.
  public func bounds(of column: Column) -> (lower: Double, upper: Double) {
    (columns[column.index].lower, columns[column.index].upper)
  }

  /// Sum of a row under some values of the columns.
  func activity(_ row: RowEntry, _ values: [Double]) -> Double {
    row.terms.reduce(0) { $0 + $1.coefficient * values[$1.column] }
  }

  /// - Throws: the first entry that no solver could make sense of.
  func check() throws(PlanningError) {
    var names: Set<String> = []
    for column in columns {
      guard names.insert(column.name).inserted else { throw .duplicateName(column.name) }
      guard column.cost.isFinite, !column.lower.isNaN, !column.upper.isNaN else { throw .notFinite(column.name) }
      guard column.lower <= column.upper, column.lower < .infinity, column.upper > -.infinity else {
        throw .emptyRange(column.name, lower: column.lower, upper: column.upper)
      }
    }
    names = []
    for row in rows {
      guard names.insert(row.name).inserted else { throw .duplicateName(row.name) }
      guard row.terms.allSatisfy({ $0.coefficient.isFinite }), !row.lower.isNaN, !row.upper.isNaN else {
        throw .notFinite(row.name)
      }
      guard row.lower <= row.upper, row.lower < .infinity, row.upper > -.infinity else {
        throw .emptyRange(row.name, lower: row.lower, upper: row.upper)
      }
    }
  }
}
