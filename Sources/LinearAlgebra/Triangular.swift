internal import CLAPACKE

/// Which half of a square matrix holds the triangle; the other half is never read.
public enum Triangle: Sendable {
  case lower, upper

  var letter: CChar { CChar(UInt8(ascii: self == .lower ? "L" : "U")) }
}

extension Matrix {
  /// Solves T·X = B, or Tᵀ·X = B, for a triangular T (LAPACK `dtrtrs`).
  ///
  /// - Throws: `.singular` with the first zero diagonal, 1-based; `.shapeMismatch`.
  public func solveTriangular(
    _ right: Matrix, _ triangle: Triangle, transposed: Bool = false, name: String
  ) throws(LinearAlgebraError) -> Matrix {
    guard rows == columns, rows == right.rows else {
      throw .shapeMismatch(
        operation: "triangular solve with \(name)", expected: "a square matrix with as many rows as B",
        found: "\(rows) × \(columns) and \(right.rows) × \(right.columns)")
    }
    var solution = right
    if rows == 0 || right.columns == 0 { return solution }
    let n = Int32(rows)
    let info = LAPACKE_dtrtrs(
      LAPACK_COL_MAJOR, triangle.letter, CChar(UInt8(ascii: transposed ? "T" : "N")),
      CChar(UInt8(ascii: "N")), n,
      Int32(right.columns), elements, n, &solution.elements, n)
    precondition(info >= 0, "dtrtrs refused argument \(-info)")
    guard info == 0 else { throw .singular(matrix: name, pivot: Int(info)) }
    return solution
  }

  /// Solves a triangular system for several right-hand sides.
  public func solveTriangular(
    _ right: [Double], _ triangle: Triangle, transposed: Bool = false, name: String
  ) throws(LinearAlgebraError) -> [Double] {
    try solveTriangular(
      Matrix(rows: right.count, columns: 1, elements: right), triangle, transposed: transposed, name: name
    ).elements
  }

  /// The inverse of a triangular matrix (LAPACK `dtrtri`); the other half comes back as zeros.
  public func inverseTriangular(_ triangle: Triangle, name: String) throws(LinearAlgebraError) -> Matrix {
    guard rows == columns else {
      throw .shapeMismatch(
        operation: "inverse of \(name)", expected: "a square matrix", found: "\(rows) × \(columns)")
    }
    var inverse = self
    if rows == 0 { return inverse }
    let info = LAPACKE_dtrtri(
      LAPACK_COL_MAJOR, triangle.letter, CChar(UInt8(ascii: "N")), Int32(rows), &inverse.elements, Int32(rows)
    )
    precondition(info >= 0, "dtrtri refused argument \(-info)")
    guard info == 0 else { throw .singular(matrix: name, pivot: Int(info)) }
    for j in 0..<columns {
      switch triangle {
      case .upper: for i in (j + 1)..<max(rows, j + 1) { inverse[i, j] = 0 }
      case .lower: for i in 0..<j { inverse[i, j] = 0 }
      }
    }
    return inverse
  }

  /// The condition number of a triangular matrix in the 1-norm, estimated (LAPACK `dtrcon`).
  ///
  /// Rarely more than three times too small; infinite when a diagonal element is zero. 1 for order 0.
  public func triangularCondition(_ triangle: Triangle) -> Double {
    precondition(rows == columns, "a triangular matrix is square")
    if rows == 0 { return 1 }
    var reciprocal = 0.0
    let info = LAPACKE_dtrcon(
      LAPACK_COL_MAJOR, CChar(UInt8(ascii: "1")), triangle.letter, CChar(UInt8(ascii: "N")), Int32(rows),
      elements,
      Int32(rows), &reciprocal)
    guard info == 0, reciprocal > 0 else { return .infinity }
    return 1 / reciprocal
  }

  /// AᵀA, both halves filled (BLAS `dsyrk`).
  public var gram: Matrix {
    var product = Matrix(rows: columns, columns: columns)
    if columns == 0 || rows == 0 { return product }
    let n = Int32(columns)
    cblas_dsyrk(
      CblasColMajor, CblasUpper, CblasTrans, n, Int32(rows), 1, elements, Int32(rows), 0, &product.elements, n
    )
    for j in 0..<columns { for i in 0..<j { product[j, i] = product[i, j] } }
    return product
  }

  /// A·Aᵀ, both halves filled (BLAS `dsyrk`).
  public var outerGram: Matrix {
    var product = Matrix(rows: rows, columns: rows)
    if columns == 0 || rows == 0 { return product }
    let n = Int32(rows)
    cblas_dsyrk(
      CblasColMajor, CblasUpper, CblasNoTrans, n, Int32(columns), 1, elements, n, 0, &product.elements, n)
    for j in 0..<rows { for i in 0..<j { product[j, i] = product[i, j] } }
    return product
  }

  /// The columns named by their indices, in that order.
  public func selecting(columns chosen: [Int]) -> Matrix {
    var picked: [Double] = []
    picked.reserveCapacity(rows * chosen.count)
    for j in chosen { picked.append(contentsOf: elements[j * rows..<(j + 1) * rows]) }
    return Matrix(rows: rows, columns: chosen.count, elements: picked)
  }

  /// True when no element is NaN or infinite.
  public var isFinite: Bool { elements.allSatisfy(\.isFinite) }

  /// The 2-norm condition number, largest over smallest singular value; infinite when one is zero.
  /// 1 for a matrix without rows or columns.
  public func conditionNumber(name: String) throws(LinearAlgebraError) -> Double {
    if rows == 0 || columns == 0 { return 1 }
    let values = try SingularValues(self, vectors: false, name: name).values
    guard let largest = values.first, let smallest = values.last else { return 1 }
    return smallest > 0 ? largest / smallest : .infinity
  }
}
