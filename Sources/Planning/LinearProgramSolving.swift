extension LinearProgram {
  /// Largest relative violation of a bound, and largest relative gap between primal and dual objective, that
  /// an answer may have.
  static let tolerance = 1e-6

  /// The optimum.
  ///
  /// - Parameter near: the optimum of a programme that differs in numbers only; few steps may then do.
  /// - Throws: `.infeasible` with an irreducible set of contradicting constraints, `.unbounded` with the
  ///   columns that grow without end, `.notSolved` when the answer does not hold to 1e-6.
  /// - Source: COIN-OR Clp 1.17, dual then primal simplex.
  public func solved(near: LinearSolution? = nil) throws(PlanningError) -> LinearSolution {
    try check()
    let sign: Double = sense == .minimise ? 1 : -1
    let solver = try ClpSolver(self, costs: columns.map { sign * $0.cost })
    if let near { solver.start(from: near.basis) }
    switch solver.solve() {
    case .optimal: break
    case .infeasible: throw .infeasible(conflict: try conflict())
    case .unbounded: throw .unbounded(along: growing(solver.unboundedRay))
    case .stopped(let code): throw .notSolved(reason: "Clp \(code)")
    }
    let values = solver.columnValues
    let solution = LinearSolution(
      objective: zip(columns, values).reduce(0) { $0 + $1.0.cost * $1.1 }, columnValues: values,
      rowValues: rows.map { activity($0, values) }, rowPrices: solver.rowPrices.map { sign * $0 },
      reducedCosts: solver.reducedCosts.map { sign * $0 }, basis: solver.basis)
    let gap = abs(solution.objective - solution.dualObjective(self)) / max(1, abs(solution.objective))
    let violation = solution.violation(self)
    guard violation <= LinearProgram.tolerance, gap <= LinearProgram.tolerance else {
      throw .notSolved(reason: "violation \(violation), duality gap \(gap)")
    }
    return solution
  }

  private func growing(_ ray: [Double]?) -> [String] {
    guard let ray else { return columns.filter { $0.cost != 0 }.map(\.name) }
    let largest = ray.map(abs).max() ?? 0
    return zip(columns, ray).filter { abs($0.1) > 1e-9 * largest }.map(\.0.name)
  }

  /// Constraints that cannot hold together, in the order they were added, columns' bounds last: an
  /// irreducible set, so that leaving any one out makes the others satisfiable. A column's lower bound of
  /// zero is taken for granted and not named.
  ///
  /// Elastic filter, then deletion filter.
  /// Source: Chinneck (2008), *Feasibility and Infeasibility in Optimization*, ch. 6.
  func conflict() throws(PlanningError) -> [String] {
    var suspects: [Int] = []
    let bounded = boundsAsRows()
    // Elastic: rows that have to give are made firm, until what is firm is infeasible.
    while let stretched = try bounded.stretched(firm: suspects), !stretched.isEmpty { suspects += stretched }
    // Deletion: what can be left out without making the rest feasible is no part of the conflict.
    var firm = suspects.sorted()
    for suspect in firm where firm.count > 1 {
      let others = firm.filter { $0 != suspect }
      if try !bounded.isFeasible(others) { firm = others }
    }
    return firm.map { bounded.rows[$0].name }
  }

  /// The same programme with bounds of columns, but for zero, written as rows.
  private func boundsAsRows() -> LinearProgram {
    var program = self
    for (j, column) in columns.enumerated() {
      let low = column.lower == 0 ? -Double.infinity : column.lower
      guard low.isFinite || column.upper.isFinite else { continue }
      program.rows.append(
        RowEntry(name: column.name, lower: low, upper: column.upper, terms: [(column: j, coefficient: 1)]))
      program.columns[j].upper = .infinity
      program.columns[j].lower = column.lower == 0 ? 0 : -.infinity
    }
    return program
  }

  private func isFeasible(_ kept: [Int]) throws(PlanningError) -> Bool {
    var program = self
    program.rows = kept.map { rows[$0] }
    let status = try ClpSolver(program, costs: [Double](repeating: 0, count: columns.count)).solve()
    return status == .optimal
  }

  /// Rows that give way when all but the firm ones may, at the least total stretch; nil when the firm
  /// ones alone contradict each other.
  private func stretched(firm: [Int]) throws(PlanningError) -> [Int]? {
    var program = self
    var slacks: [(row: Int, columns: [Int])] = []
    for i in rows.indices where !firm.contains(i) {
      // A row is stretched relative to its size, so that units do not choose the culprit.
      let size = max(1e-9, rows[i].terms.map { abs($0.coefficient) }.max() ?? 1)
      for (sign, bound) in [(1.0, rows[i].lower), (-1.0, rows[i].upper)] where bound.isFinite {
        program.columns.append(ColumnEntry(name: "", lower: 0, upper: .infinity, cost: 1))
        program.rows[i].terms.append((column: program.columns.count - 1, coefficient: sign * size))
        slacks.append((i, [program.columns.count - 1]))
      }
    }
    let costs = program.columns.indices.map { $0 < columns.count ? 0.0 : 1.0 }
    let solver = try ClpSolver(program, costs: costs)
    guard solver.solve() == .optimal else { return nil }
    let values = solver.columnValues
    let largest = values[columns.count...].max() ?? 0
    let given = slacks.filter { slack in slack.columns.contains { values[$0] > max(1e-9, 1e-7 * largest) } }.map(\.row)
    return Array(Set(given)).sorted()
  }
}
