internal import CLAPACKE

extension Matrix {
  /// `self · other` (BLAS `dgemm`), optionally with either factor transposed.
  public func times(_ other: Matrix, transposeSelf: Bool = false, transposeOther: Bool = false) -> Matrix {
    let m = transposeSelf ? columns : rows
    let k = transposeSelf ? rows : columns
    let n = transposeOther ? other.rows : other.columns
    precondition(k == (transposeOther ? other.columns : other.rows), "inner dimensions differ")
    var product = Matrix(rows: m, columns: n)
    if m == 0 || n == 0 || k == 0 { return product }
    cblas_dgemm(
      CblasColMajor, transposeSelf ? CblasTrans : CblasNoTrans, transposeOther ? CblasTrans : CblasNoTrans,
      Int32(m), Int32(n), Int32(k), 1, elements, Int32(rows), other.elements, Int32(other.rows), 0,
      &product.elements, Int32(m))
    return product
  }

  /// `self · vector` (BLAS `dgemv`), or `selfᵀ · vector`.
  public func times(_ vector: [Double], transposeSelf: Bool = false) -> [Double] {
    precondition(vector.count == (transposeSelf ? rows : columns), "vector length")
    var product = [Double](repeating: 0, count: transposeSelf ? columns : rows)
    if rows == 0 || columns == 0 { return product }
    cblas_dgemv(
      CblasColMajor, transposeSelf ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), 1, elements,
      Int32(rows), vector, 1, 0, &product, 1)
    return product
  }
}

/// The Cholesky factor L of a symmetric positive definite matrix, A = L Lᵀ (LAPACK `dpotrf`).
public struct Cholesky: Sendable {
  public let lower: Matrix

  /// - Parameter name: how errors call the matrix.
  /// - Throws: `.notPositiveDefinite` with the order of the first failing minor.
  public init(_ matrix: Matrix, name: String) throws(LinearAlgebraError) {
    guard matrix.rows == matrix.columns else {
      throw .shapeMismatch(
        operation: "Cholesky of \(name)", expected: "a square matrix",
        found: "\(matrix.rows) × \(matrix.columns)")
    }
    var factor = matrix
    let n = Int32(matrix.rows)
    let info = LAPACKE_dpotrf(LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), n, &factor.elements, max(n, 1))
    precondition(info >= 0, "dpotrf refused argument \(-info)")
    guard info == 0 else { throw .notPositiveDefinite(matrix: name, minor: Int(info)) }
    for j in 0..<factor.columns { for i in 0..<j { factor[i, j] = 0 } }
    lower = factor
  }

  /// A⁻¹ · right (LAPACK `dpotrs`).
  public func solve(_ right: Matrix) -> Matrix {
    var solution = right
    let n = Int32(lower.rows)
    let info = LAPACKE_dpotrs(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), n, Int32(right.columns), lower.elements, max(n, 1),
      &solution.elements, max(n, 1))
    precondition(info == 0, "dpotrs refused argument \(-info)")
    return solution
  }

  /// Solves `A x = b`.
  public func solve(_ right: [Double]) -> [Double] {
    solve(Matrix(rows: right.count, columns: 1, elements: right)).elements
  }
}

/// Solves A·X = B for a general square A (LAPACK `dgesv`).
/// - Throws: `.singular` with the zero pivot, 1-based.
public func solve(_ a: Matrix, _ b: Matrix, name: String) throws(LinearAlgebraError) -> Matrix {
  guard a.rows == a.columns, a.rows == b.rows else {
    throw .shapeMismatch(
      operation: "solving with \(name)", expected: "square A with as many rows as B",
      found: "\(a.rows) × \(a.columns) and \(b.rows) × \(b.columns)")
  }
  var (factors, solution) = (a.elements, b)
  let n = Int32(a.rows)
  var pivots = [Int32](repeating: 0, count: a.rows)
  let info = LAPACKE_dgesv(
    LAPACK_COL_MAJOR, n, Int32(b.columns), &factors, max(n, 1), &pivots, &solution.elements, max(n, 1))
  precondition(info >= 0, "dgesv refused argument \(-info)")
  guard info == 0 else { throw .singular(matrix: name, pivot: Int(info)) }
  return solution
}
