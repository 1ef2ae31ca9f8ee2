/// The optimum of a linear programme.
public struct LinearSolution: Sendable {
  /// Σ cost · value.
  public let objective: Double
  let columnValues: [Double]
  let rowValues: [Double]
  let rowPrices: [Double]
  let reducedCosts: [Double]
  /// Clp's status of every column and row.
  let basis: [UInt8]

  public subscript(column: LinearProgram.Column) -> Double { columnValues[column.index] }

  /// The row's sum at the optimum.
  public func activity(_ row: LinearProgram.Row) -> Double { rowValues[row.index] }

  /// Change of the objective per unit by which the row's active bound moves up; 0 where no bound is active.
  /// At a degenerate optimum one of several.
  public func shadowPrice(_ row: LinearProgram.Row) -> Double { rowPrices[row.index] }

  /// Change of the objective per unit by which the column's active bound moves up.
  public func reducedCost(_ column: LinearProgram.Column) -> Double { reducedCosts[column.index] }

  /// Objective of the dual programme: bounds priced at the shadow prices. Equals `objective` at an optimum.
  public func dualObjective(_ program: LinearProgram) -> Double {
    func priced(_ price: Double, _ lower: Double, _ upper: Double) -> Double {
      let up = program.sense == .minimise ? price > 0 : price < 0
      let bound = up ? lower : upper
      // A price on a bound that does not exist is rounding of the solver.
      return bound.isFinite ? price * bound : 0
    }
    let rows = zip(rowPrices, program.rows).reduce(0) { $0 + priced($1.0, $1.1.lower, $1.1.upper) }
    return zip(reducedCosts, program.columns).reduce(rows) { $0 + priced($1.0, $1.1.lower, $1.1.upper) }
  }

  /// Largest violation of a bound, relative to the bound and to what is summed in its row.
  public func violation(_ program: LinearProgram) -> Double {
    func excess(_ value: Double, _ lower: Double, _ upper: Double, _ size: Double) -> Double {
      let below = lower.isFinite ? (lower - value) / max(1, abs(lower), size) : 0
      let above = upper.isFinite ? (value - upper) / max(1, abs(upper), size) : 0
      return max(0, below, above)
    }
    let rows = zip(rowValues, program.rows).map { value, row in
      excess(value, row.lower, row.upper, row.terms.reduce(0) { max($0, abs($1.coefficient * columnValues[$1.column])) })
    }
    let columns = zip(columnValues, program.columns).map { excess($0, $1.lower, $1.upper, 0) }
    return (rows + columns).max() ?? 0
  }
}
