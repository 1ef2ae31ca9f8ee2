import LinearAlgebra
import TestSupport
import Testing

func randomMatrix(_ rows: Int, _ columns: Int, seed: UInt64) -> Matrix {
  var generator = SeededGenerator(seed: seed)
  return Matrix(
    rows: rows, columns: columns,
    elements: (0..<rows * columns).map { _ in Double.random(in: -1...1, using: &generator) })
}

func largestDifference(_ a: Matrix, _ b: Matrix) -> Double {
  zip(a.elements, b.elements).map { abs($0 - $1) }.max() ?? 0
}

@Suite struct FactorisationTests {
  @Test func pivotedQRFindsTheRepeatedColumnWhateverItsUnit() throws {
    var a = randomMatrix(30, 5, seed: 1)
    for i in 0..<30 { a[i, 3] = 1e9 * (a[i, 0] - 2 * a[i, 1]) }
    let qr = try PivotedQR(a, tolerance: 1e-12, name: "X")
    #expect(qr.rank == 4)
    #expect(qr.dependentColumns.count == 1)
    #expect([0, 1, 3].contains(qr.dependentColumns[0]))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func qrSolvesAndKeepsTheResidualOrthogonal(seed: UInt64) throws {
    let a = randomMatrix(12, 4, seed: seed)
    let b = randomMatrix(12, 1, seed: seed + 1000).elements
    let x = try leastSquares(a, b)
    let residual = zip(b, a.times(x)).map { $0 - $1 }
    #expect(a.times(residual, transposeSelf: true).allSatisfy { abs($0) < 1e-13 })
    let q = try PivotedQR(a, name: "A").thinQ
    #expect(largestDifference(q.gram, .identity(4)) < 1e-14)
  }

  @Test func leastSquaresNamesRankDeficiency() {
    let a = Matrix(rowMajor: [[1, 2], [2, 4], [3, 6]])
    #expect(throws: LinearAlgebraError.rankDeficient(matrix: "X", rank: 1, columns: 2)) {
      try leastSquares(a, [1, 2, 3], name: "X")
    }
    #expect(throws: LinearAlgebraError.notFinite(matrix: "X")) {
      try leastSquares(Matrix(rowMajor: [[1], [.nan]]), [1, 2], name: "X")
    }
  }

  @Test func symmetricEigenOfAKnownMatrix() throws {
    let eigen = try SymmetricEigen(Matrix(rowMajor: [[2, 1], [1, 2]]), name: "A")
    #expect(close(eigen.values[0], 1) && close(eigen.values[1], 3))
    #expect(largestDifference(eigen.rebuilt { $0 }, Matrix(rowMajor: [[2, 1], [1, 2]])) < 1e-14)
  }

  @Test func generalEigenOfARotationIsComplexAndLeftVectorsFit() throws {
    let rotation = Matrix(rowMajor: [[0, -1], [1, 0]])
    let eigen = try GeneralEigen(rotation, name: "R")
    #expect(eigen.values[0] == ComplexNumber(real: 0, imaginary: 1))
    let leslie = Matrix(rowMajor: [[0, 1.5, 1], [0.5, 0, 0], [0, 0.25, 0]])
    let growth = try GeneralEigen(leslie, name: "L")
    let d = try #require(growth.dominant)
    let (value, left) = (growth.values[d].real, growth.leftReal.column(d))
    let product = leslie.times(left, transposeSelf: true)
    for i in 0..<3 { #expect(close(product[i], value * left[i], absolute: 1e-14)) }
    #expect(growth.values[d].imaginary == 0)
  }

  @Test(arguments: 0..<10 as Range<UInt64>)
  func conjugatePairsSatisfyTheirEquation(seed: UInt64) throws {
    let a = randomMatrix(6, 6, seed: seed)
    let e = try GeneralEigen(a, name: "A")
    for j in 0..<6 {
      let (re, im) = (e.rightReal.column(j), e.rightImaginary.column(j))
      let (are, aim) = (a.times(re), a.times(im))
      for i in 0..<6 {
        #expect(abs(are[i] - (e.values[j].real * re[i] - e.values[j].imaginary * im[i])) < 1e-13)
        #expect(abs(aim[i] - (e.values[j].real * im[i] + e.values[j].imaginary * re[i])) < 1e-13)
      }
    }
  }

  @Test func singularValuesAndConditionOfHilbertFour() throws {
    var hilbert = Matrix(rows: 4, columns: 4)
    for i in 0..<4 { for j in 0..<4 { hilbert[i, j] = 1 / Double(i + j + 1) } }
    // 15513.7387389294: Todd (1954), the condition of the Hilbert matrix of order 4.
    #expect(close(try hilbert.conditionNumber(name: "H"), 15513.73873892924, relative: 1e-10))
    #expect(try Matrix(rowMajor: [[1, 1], [1, 1]]).conditionNumber(name: "J") > 1e15)
    let svd = try SingularValues(hilbert, name: "H")
    var scaled = svd.left
    for j in 0..<4 { for i in 0..<4 { scaled[i, j] *= svd.values[j] } }
    #expect(largestDifference(scaled.times(svd.rightTransposed), hilbert) < 1e-15)
  }

  @Test func triangularSolvesInverseAndCondition() throws {
    let r = Matrix(rowMajor: [[2, 1], [0, 4]])
    #expect(try r.solveTriangular([4, 8], .upper, name: "R") == [1, 2])
    #expect(try r.solveTriangular([2, 9], .upper, transposed: true, name: "R") == [1, 2])
    #expect(try r.inverseTriangular(.upper, name: "R") == Matrix(rowMajor: [[0.5, -0.125], [0, 0.25]]))
    #expect(Matrix(rowMajor: [[1, 0], [0, 0]]).triangularCondition(.upper) == .infinity)
    #expect(throws: LinearAlgebraError.singular(matrix: "R", pivot: 2)) {
      try Matrix(rowMajor: [[1, 1], [0, 0]]).solveTriangular([1, 1], .upper, name: "R")
    }
  }
}
