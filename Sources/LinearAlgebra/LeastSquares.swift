internal import CLAPACKE

/// Minimises ‖A·x − b‖₂ by pivoted QR on scaled columns.
///
/// - Parameters:
///   - a: m × n, m ≥ n, full column rank; `b` has length m.
///   - name: how errors call A.
/// - Returns: x, length n.
/// - Throws: `.shapeMismatch`, `.notFinite`, `.rankDeficient`.
public func leastSquares(_ a: Matrix, _ b: [Double], name: String = "A") throws(LinearAlgebraError)
  -> [Double]
{
  guard b.count == a.rows, a.rows >= a.columns else {
    throw .shapeMismatch(
      operation: "least squares with \(name)", expected: "at least as many rows as columns and one b per row",
      found: "\(a.rows) × \(a.columns) and \(b.count)")
  }
  guard b.allSatisfy(\.isFinite) else { throw .notFinite(matrix: "b") }
  let factorisation = try PivotedQR(a, name: name)
  guard factorisation.rank == a.columns else {
    throw .rankDeficient(matrix: name, rank: factorisation.rank, columns: a.columns)
  }
  return try factorisation.solve(b)
}

/// Minimises ‖A·x − b‖₂ subject to C·x = d exactly (LAPACK `dgglse`).
///
/// - Parameters:
///   - a: m × n; `b` has length m.
///   - constraints: C, k × n of full row rank, k ≤ n ≤ m + k; `values` is d, length k.
/// - Throws: `.shapeMismatch`, `.notFinite`; `.rankDeficient` naming C, or A stacked on C.
public func leastSquares(
  _ a: Matrix, _ b: [Double], subjectTo constraints: Matrix, equal values: [Double], name: String = "A"
) throws(LinearAlgebraError) -> [Double] {
  let (m, n, k) = (a.rows, a.columns, constraints.rows)
  guard b.count == m, constraints.columns == n, values.count == k, k <= n, n <= m + k else {
    throw .shapeMismatch(
      operation: "constrained least squares with \(name)", expected: "k ≤ n ≤ m + k and matching lengths",
      found: "A \(m) × \(n), b \(b.count), C \(k) × \(constraints.columns), d \(values.count)")
  }
  guard a.isFinite, b.allSatisfy(\.isFinite) else { throw .notFinite(matrix: name) }
  guard constraints.isFinite, values.allSatisfy(\.isFinite) else {
    throw .notFinite(matrix: "the constraints")
  }
  if n == 0 { return [] }
  if k > 0 {
    let rank = try PivotedQR(constraints.transposed, name: "the constraints").rank
    guard rank == k else { throw .rankDeficient(matrix: "the constraints", rank: rank, columns: k) }
  }
  var (left, right, below, target) = (a.elements, b, constraints.elements, values)
  var solution = [Double](repeating: 0, count: n)
  let info = LAPACKE_dgglse(
    LAPACK_COL_MAJOR, Int32(m), Int32(n), Int32(k), &left, Int32(max(m, 1)), &below, Int32(max(k, 1)), &right,
    &target, &solution)
  precondition(info >= 0, "dgglse refused argument \(-info)")
  guard info == 0, solution.allSatisfy(\.isFinite) else {
    throw .rankDeficient(matrix: "\(name) with its constraints", rank: n - 1, columns: n)
  }
  return solution
}

/// Minimises ‖A·x − b‖₂ subject to x ≥ 0, by active sets; elements at the bound are exactly 0.
///
/// - Parameter a: m × n; columns that repeat others enter only as far as they are independent.
/// - Throws: `.shapeMismatch`, `.notFinite`, `.noConvergence` after 10·n + 30 changes of the set.
/// - Source: Lawson & Hanson, *Solving Least Squares Problems* (1974), ch. 23.
public func nonNegativeLeastSquares(
  _ a: Matrix, _ b: [Double], name: String = "A"
) throws(LinearAlgebraError) -> [Double] {
  guard b.count == a.rows else {
    throw .shapeMismatch(
      operation: "non-negative least squares with \(name)", expected: "one b per row",
      found: "\(a.rows) × \(a.columns) and \(b.count)")
  }
  guard a.isFinite, b.allSatisfy(\.isFinite) else { throw .notFinite(matrix: name) }
  let n = a.columns
  var x = [Double](repeating: 0, count: n)
  var free = [Bool](repeating: false, count: n)
  let norms = (0..<n).map { columnNorm(a.elements[$0 * a.rows..<($0 + 1) * a.rows]) }
  let size = columnNorm(b[...])
  for _ in 0..<(10 * n + 30) {
    let residual = zip(b, a.times(x)).map { $0 - $1 }
    let slope = a.times(residual, transposeSelf: true)
    let threshold = 1e-13 * size * Double(max(a.rows, n)).squareRoot()
    guard
      let entering = (0..<n).filter({ !free[$0] && slope[$0] > threshold * norms[$0] })
        .max(by: { slope[$0] / norms[$0] < slope[$1] / norms[$1] })
    else { return x }
    free[entering] = true
    while true {
      let chosen = (0..<n).filter { free[$0] }
      let factorisation = try PivotedQR(a.selecting(columns: chosen), name: name)
      let trial = try factorisation.solve(b)
      let lowest = chosen.indices.filter { trial[$0] <= 0 }
      if lowest.isEmpty {
        for (k, j) in chosen.enumerated() { x[j] = trial[k] }
        break
      }
      // Step as far towards the trial as the bounds allow; what reaches its bound leaves the set.
      var step = 1.0
      for k in lowest where x[chosen[k]] - trial[k] > 0 {
        step = min(step, x[chosen[k]] / (x[chosen[k]] - trial[k]))
      }
      for (k, j) in chosen.enumerated() {
        x[j] += step * (trial[k] - x[j])
        if trial[k] <= 0, x[j] <= 1e-15 * abs(trial[k]) || x[j] <= 0 {
          x[j] = 0
          free[j] = false
        }
      }
      if chosen.allSatisfy({ free[$0] }) {
        // Rounding kept every variable inside: close the one nearest to its bound.
        guard let nearest = lowest.min(by: { x[chosen[$0]] < x[chosen[$1]] }) else { break }
        x[chosen[nearest]] = 0
        free[chosen[nearest]] = false
      }
    }
  }
  throw .noConvergence(matrix: name, routine: "non-negative least squares")
}

/// Minimises ½·xᵀGx − cᵀx subject to x ≥ 0 for a positive definite G, by block principal pivoting;
/// elements at the bound are exactly 0.
///
/// - Throws: `.shapeMismatch`, `.notFinite`, `.notPositiveDefinite`, `.noConvergence`.
/// - Source: Júdice & Pires, *Computers & Operations Research* 21 (1994), 587–596.
public func nonNegativeQuadratic(
  _ gram: Matrix, _ linear: [Double], name: String
) throws(LinearAlgebraError) -> [Double] {
  let n = linear.count
  guard gram.rows == n, gram.columns == n else {
    throw .shapeMismatch(
      operation: "quadratic minimum with \(name)", expected: "a square matrix of order \(n)",
      found: "\(gram.rows) × \(gram.columns)")
  }
  guard gram.isFinite, linear.allSatisfy(\.isFinite) else { throw .notFinite(matrix: name) }
  var free = [Bool](repeating: false, count: n)
  var (x, slope) = ([Double](repeating: 0, count: n), linear.map { -$0 })
  var (fewest, patience) = (n + 1, 3)
  let scale = max(linear.map(abs).max() ?? 0, .leastNormalMagnitude)
  for _ in 0..<(20 * n + 100) {
    let wrong = (0..<n).filter { free[$0] ? x[$0] < 0 : slope[$0] < -1e-12 * scale }
    guard let last = wrong.last else { return x }
    if wrong.count < fewest {
      (fewest, patience) = (wrong.count, 3)
      for j in wrong { free[j].toggle() }
    } else if patience > 0 {
      patience -= 1
      for j in wrong { free[j].toggle() }
    } else {
      free[last].toggle()
    }
    let chosen = (0..<n).filter { free[$0] }
    var part = Matrix(rows: chosen.count, columns: chosen.count)
    for (q, j) in chosen.enumerated() { for (p, i) in chosen.enumerated() { part[p, q] = gram[i, j] } }
    let inside = chosen.isEmpty ? [] : try Cholesky(part, name: name).solve(chosen.map { linear[$0] })
    x = [Double](repeating: 0, count: n)
    for (k, j) in chosen.enumerated() { x[j] = inside[k] }
    slope = zip(gram.times(x), linear).map { $0 - $1 }
    for j in chosen { slope[j] = 0 }
  }
  throw .noConvergence(matrix: name, routine: "block principal pivoting")
}
