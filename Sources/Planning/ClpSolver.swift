internal import CClp

/// COIN-OR Clp behind Swift values: the only file that sees its C interface.
///
/// Always minimises; `LinearProgram.solved` turns the signs of a maximum. One thread, and the same pivots
/// for the same programme.
struct ClpSolver: ~Copyable {
  enum Status: Equatable { case optimal, infeasible, unbounded, stopped(code: Int) }

  private let model: UnsafeMutableRawPointer
  private let size: (columns: Int, rows: Int)

  /// - Parameter costs: to minimise, one a column of the programme.
  init(_ program: LinearProgram, costs: [Double]) throws(PlanningError) {
    guard let model = unsafe Clp_newModel() else { throw .notSolved(reason: "Clp_newModel") }
    unsafe self.model = unsafe model
    size = (program.columns.count, program.rows.count)
    var columns = [[(row: Int32, coefficient: Double)]](repeating: [], count: program.columns.count)
    for (i, row) in program.rows.enumerated() {
      for term in row.terms { columns[term.column].append((Int32(i), term.coefficient)) }
    }
    var start: [CoinBigIndex] = [0]
    for column in columns { start.append((start.last ?? 0) + CoinBigIndex(column.count)) }
    let index = columns.flatMap { $0.map(\.row) }
    let value = columns.flatMap { $0.map(\.coefficient) }
    unsafe Clp_setLogLevel(model, 0)
    unsafe Clp_loadProblem(
      model, Int32(program.columns.count), Int32(program.rows.count), start, index, value,
      program.columns.map { clpBound($0.lower) }, program.columns.map { clpBound($0.upper) }, costs,
      program.rows.map { clpBound($0.lower) }, program.rows.map { clpBound($0.upper) })
    unsafe Clp_setOptimizationDirection(model, 1)
  }

  deinit { unsafe Clp_deleteModel(model) }

  /// Which columns and rows are basic or at which bound: where another solver of a programme of the same
  /// size may start from.
  var basis: [UInt8] {
    guard let status = unsafe Clp_statusArray(model) else { return [] }
    return unsafe Array(UnsafeBufferPointer(start: status, count: size.columns + size.rows))
  }

  /// - Parameter basis: of a programme of the same size; one of another size is left aside.
  func start(from basis: [UInt8]) {
    guard basis.count == size.columns + size.rows else { return }
    unsafe Clp_copyinStatus(model, basis)
  }

  /// Dual simplex, which suits programmes that start feasible in the dual; primal simplex settles the rest.
  func solve() -> Status {
    if unsafe Clp_dual(model, 0) == 0, unsafe Clp_status(model) == 0 { return .optimal }
    _ = unsafe Clp_primal(model, 0)
    switch unsafe Clp_status(model) {
    case 0: return .optimal
    case 1: return .infeasible
    case 2: return .unbounded
    case let code: return .stopped(code: Int(code))
    }
  }

  var columnValues: [Double] { unsafe copied(Clp_primalColumnSolution(model), size.columns) }
  var rowPrices: [Double] { unsafe copied(Clp_dualRowSolution(model), size.rows) }
  var reducedCosts: [Double] { unsafe copied(Clp_dualColumnSolution(model), size.columns) }

  /// Direction of endless improvement, one entry a column; nil when Clp gives none.
  var unboundedRay: [Double]? {
    guard let ray = unsafe Clp_unboundedRay(model) else { return nil }
    defer { unsafe Clp_freeRay(model, ray) }
    return unsafe copied(ray, size.columns)
  }

  private func copied(_ values: UnsafeMutablePointer<Double>?, _ count: Int) -> [Double] {
    guard let values = unsafe values else { return [Double](repeating: 0, count: count) }
    return unsafe Array(UnsafeBufferPointer(start: values, count: count))
  }
}

/// Clp takes numbers from 1e27 on for infinity.
private func clpBound(_ value: Double) -> Double { value.isFinite ? value : (value > 0 ? 1e30 : -1e30) }
