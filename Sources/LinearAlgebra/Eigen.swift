internal import CLAPACKE

/// Eigenvalues and vectors of a symmetric matrix, A = V Λ Vᵀ (LAPACK `dsyevd`; the lower half is read).
public struct SymmetricEigen: Sendable {
  /// Ascending.
  public let values: [Double]
  /// Column j belongs to `values[j]`; orthonormal.
  public let vectors: Matrix

  /// - Throws: `.shapeMismatch`, `.notFinite`, `.noConvergence`.
  public init(_ matrix: Matrix, name: String) throws(LinearAlgebraError) {
    try requireSquare(matrix, "eigenvalues of \(name)", name)
    var (work, spectrum) = (matrix, [Double](repeating: 0, count: matrix.rows))
    if matrix.rows > 0 {
      let n = Int32(matrix.rows)
      let info = LAPACKE_dsyevd(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "V")), CChar(UInt8(ascii: "L")), n, &work.elements, n, &spectrum)
      precondition(info >= 0, "dsyevd refused argument \(-info)")
      guard info == 0 else { throw .noConvergence(matrix: name, routine: "dsyevd") }
    }
    (values, vectors) = (spectrum, work)
  }

  /// V · diag(f(λ)) · Vᵀ: a function of the matrix, for example its square root or its positive part.
  public func rebuilt(_ function: (Double) -> Double) -> Matrix {
    let n = values.count
    var scaled = vectors
    for j in 0..<n {
      let factor = function(values[j])
      for i in 0..<n { scaled[i, j] *= factor }
    }
    return scaled.times(vectors, transposeOther: true)
  }
}

/// A complex number as a plain pair.
public struct ComplexNumber: Hashable, Sendable {
  public let real: Double
  public let imaginary: Double

  public init(real: Double, imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  public var modulus: Double {
    let (a, b) = (max(abs(real), abs(imaginary)), min(abs(real), abs(imaginary)))
    return a == 0 ? 0 : a * (1 + (b / a) * (b / a)).squareRoot()
  }
}

/// Eigenvalues, right vectors (A·v = λ·v) and left vectors (uᴴ·A = λ·uᴴ) of a general real matrix
/// (LAPACK `dgeev`). Vectors have Euclidean length 1; conjugate pairs stand together, the value with
/// the positive imaginary part first.
public struct GeneralEigen: Sendable {
  public let values: [ComplexNumber]
  public let rightReal: Matrix
  public let rightImaginary: Matrix
  public let leftReal: Matrix
  public let leftImaginary: Matrix

  /// - Throws: `.shapeMismatch`, `.notFinite`, `.noConvergence`.
  public init(_ matrix: Matrix, name: String) throws(LinearAlgebraError) {
    try requireSquare(matrix, "eigenvalues of \(name)", name)
    let order = matrix.rows
    var work = matrix.elements
    var (re, im) = ([Double](repeating: 0, count: order), [Double](repeating: 0, count: order))
    var (left, right) = (Matrix(rows: order, columns: order), Matrix(rows: order, columns: order))
    if order > 0 {
      let (n, compute) = (Int32(order), CChar(UInt8(ascii: "V")))
      let info = LAPACKE_dgeev(
        LAPACK_COL_MAJOR, compute, compute, n, &work, n, &re, &im, &left.elements, n, &right.elements, n)
      precondition(info >= 0, "dgeev refused argument \(-info)")
      guard info == 0 else { throw .noConvergence(matrix: name, routine: "dgeev") }
    }
    values = zip(re, im).map { ComplexNumber(real: $0, imaginary: $1) }
    (rightReal, rightImaginary) = unpacked(right, im)
    (leftReal, leftImaginary) = unpacked(left, im)
  }

  /// The index of the value of largest modulus; a real positive one when several share it (to
  /// rounding). Nil for an empty matrix.
  public var dominant: Int? {
    guard let largest = values.map(\.modulus).max() else { return nil }
    let tied = values.indices.filter { values[$0].modulus >= largest * (1 - 1e-12) }
    return tied.first { values[$0].imaginary == 0 && values[$0].real > 0 } ?? tied.first
  }
}

/// dgeev stores a conjugate pair as two real columns: the real and the imaginary part.
private func unpacked(_ packed: Matrix, _ imaginary: [Double]) -> (real: Matrix, imaginary: Matrix) {
  var (re, im) = (packed, Matrix(rows: packed.rows, columns: packed.columns))
  var j = 0
  while j < packed.columns {
    if imaginary[j] == 0 {
      j += 1
      continue
    }
    for i in 0..<packed.rows {
      (re[i, j], re[i, j + 1]) = (packed[i, j], packed[i, j])
      (im[i, j], im[i, j + 1]) = (packed[i, j + 1], -packed[i, j + 1])
    }
    j += 2
  }
  return (re, im)
}

/// A = U·diag(σ)·Vᵀ, thin (LAPACK `dgesdd`).
public struct SingularValues: Sendable {
  /// Descending.
  public let values: [Double]
  /// rows × min(rows, columns); empty when no vectors were asked for.
  public let left: Matrix
  /// min(rows, columns) × columns, that is Vᵀ; empty when no vectors were asked for.
  public let rightTransposed: Matrix

  /// - Throws: `.notFinite`, `.noConvergence`.
  public init(_ matrix: Matrix, vectors: Bool = true, name: String) throws(LinearAlgebraError) {
    guard matrix.isFinite else { throw .notFinite(matrix: name) }
    let (m, n) = (matrix.rows, matrix.columns)
    let k = min(m, n)
    var work = matrix.elements
    var sigma = [Double](repeating: 0, count: k)
    var u = Matrix(rows: vectors ? m : 0, columns: vectors ? k : 0)
    var vt = Matrix(rows: vectors ? k : 0, columns: vectors ? n : 0)
    if k > 0 {
      let job = CChar(UInt8(ascii: vectors ? "S" : "N"))
      let info = LAPACKE_dgesdd(
        LAPACK_COL_MAJOR, job, Int32(m), Int32(n), &work, Int32(m), &sigma, &u.elements, Int32(m),
        &vt.elements,
        Int32(k))
      precondition(info >= 0, "dgesdd refused argument \(-info)")
      guard info == 0 else { throw .noConvergence(matrix: name, routine: "dgesdd") }
    }
    (values, left, rightTransposed) = (sigma, u, vt)
  }

  /// Singular values above `tolerance` times the largest; max(rows, columns)·ε when nil.
  public func rank(rows: Int, columns: Int, tolerance: Double? = nil) -> Int {
    guard let largest = values.first else { return 0 }
    let cut = (tolerance ?? Double(max(rows, columns)) * .ulpOfOne) * largest
    return values.prefix { $0 > cut }.count
  }
}

private func requireSquare(_ matrix: Matrix, _ operation: String, _ name: String) throws(LinearAlgebraError) {
  guard matrix.rows == matrix.columns else {
    throw .shapeMismatch(
      operation: operation, expected: "a square matrix", found: "\(matrix.rows) × \(matrix.columns)")
  }
  guard matrix.isFinite else { throw .notFinite(matrix: name) }
}
