internal import CLAPACKE

/// A·D·P = Q·R with column pivoting (LAPACK `dgeqp3`), where D scales every column to unit length
/// before the factorisation so that the unit of a column cannot hide or feign a repetition.
///
/// Source: Golub & Van Loan, *Matrix Computations*, 4th ed., §5.4.2.
public struct PivotedQR: Sendable {
  public let rows: Int
  public let columns: Int
  /// Columns in the order in which they were chosen; the first `rank` of them are independent.
  public let pivots: [Int]
  /// Independent columns: |R_ii| > tolerance · |R_11| on the scaled columns.
  public let rank: Int
  /// What each column was multiplied by; 0 for a column of zeros.
  public let scale: [Double]
  private let factors: [Double]
  private let reflectors: [Double]
  private let name: String

  /// - Parameters:
  ///   - tolerance: relative size below which a pivot counts as zero; max(rows, columns)·ε when nil.
  ///   - name: how errors call the matrix.
  /// - Throws: `.notFinite`.
  public init(_ matrix: Matrix, tolerance: Double? = nil, name: String) throws(LinearAlgebraError) {
    guard matrix.isFinite else { throw .notFinite(matrix: name) }
    let (m, n) = (matrix.rows, matrix.columns)
    var work = matrix.elements
    var scale = [Double](repeating: 0, count: n)
    for j in 0..<n {
      let length = columnNorm(work[j * m..<(j + 1) * m])
      guard length > 0 else { continue }
      scale[j] = 1 / length
      for i in j * m..<(j + 1) * m { work[i] /= length }
    }
    var order = [Int32](repeating: 0, count: n)
    var tau = [Double](repeating: 0, count: min(m, n))
    if m > 0, n > 0 {
      let info = LAPACKE_dgeqp3(LAPACK_COL_MAJOR, Int32(m), Int32(n), &work, Int32(m), &order, &tau)
      precondition(info == 0, "dgeqp3 refused argument \(-info)")
    }
    let cut = (tolerance ?? Double(max(m, n)) * .ulpOfOne) * (m > 0 && n > 0 ? abs(work[0]) : 0)
    rank = (0..<min(m, n)).prefix { abs(work[$0 * m + $0]) > cut }.count
    (rows, columns, self.name, self.scale) = (m, n, name, scale)
    pivots = m > 0 ? order.map { Int($0) - 1 } : Array(0..<n)
    (factors, reflectors) = (work, tau)
  }

  /// The upper triangle R of the independent columns, `rank` × `rank`, for the scaled columns.
  public var triangle: Matrix {
    var r = Matrix(rows: rank, columns: rank)
    for j in 0..<rank { for i in 0...j { r[i, j] = factors[j * rows + i] } }
    return r
  }

  /// Columns that repeat others, ascending.
  public var dependentColumns: [Int] { pivots[rank...].sorted() }

  /// Qᵀ·B (LAPACK `dormqr`).
  public func transposedQ(times right: Matrix) -> Matrix {
    precondition(right.rows == rows, "B has as many rows as A")
    var product = right
    if rows == 0 || columns == 0 || right.columns == 0 { return product }
    let info = LAPACKE_dormqr(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "L")), CChar(UInt8(ascii: "T")), Int32(rows), Int32(right.columns),
      Int32(reflectors.count), factors, Int32(rows), reflectors, &product.elements, Int32(rows))
    precondition(info == 0, "dormqr refused argument \(-info)")
    return product
  }

  /// The first `rank` columns of Q (LAPACK `dorgqr`).
  public var thinQ: Matrix {
    var q = Matrix(rows: rows, columns: rank, elements: Array(factors.prefix(rows * rank)))
    if rank == 0 { return q }
    let info = LAPACKE_dorgqr(
      LAPACK_COL_MAJOR, Int32(rows), Int32(rank), Int32(rank), &q.elements, Int32(rows), reflectors)
    precondition(info == 0, "dorgqr refused argument \(-info)")
    return q
  }

  /// The basic least-squares solution: coefficients of dependent columns are exactly 0.
  public func solve(_ right: Matrix) throws(LinearAlgebraError) -> Matrix {
    let rotated = transposedQ(times: right)
    var head = Matrix(rows: rank, columns: right.columns)
    for j in 0..<right.columns { for i in 0..<rank { head[i, j] = rotated[i, j] } }
    let basic = try triangle.solveTriangular(head, .upper, name: name)
    var solution = Matrix(rows: columns, columns: right.columns)
    for j in 0..<right.columns {
      for i in 0..<rank { solution[pivots[i], j] = basic[i, j] * scale[pivots[i]] }
    }
    return solution
  }

  /// The least-squares solution of `A x ≈ b`; columns beyond the rank get 0.
  public func solve(_ right: [Double]) throws(LinearAlgebraError) -> [Double] {
    try solve(Matrix(rows: right.count, columns: 1, elements: right)).elements
  }
}

/// The Euclidean length without overflow or underflow.
func columnNorm(_ column: ArraySlice<Double>) -> Double {
  var largest = 0.0
  for value in column { largest = max(largest, abs(value)) }
  guard largest > 0, largest.isFinite else { return largest }
  var sum = 0.0
  for value in column { sum += (value / largest) * (value / largest) }
  return largest * sum.squareRoot()
}
