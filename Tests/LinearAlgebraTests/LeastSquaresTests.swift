import LinearAlgebra
import TestSupport
import Testing

@Suite struct ConstrainedLeastSquaresTests {
  @Test func meetsItsConstraintExactly() throws {
    let a = randomMatrix(20, 4, seed: 5)
    let b = randomMatrix(20, 1, seed: 6).elements
    let c = Matrix(rowMajor: [[1, 1, 1, 1]])
    let x = try leastSquares(a, b, subjectTo: c, equal: [1])
    #expect(close(x.reduce(0, +), 1, relative: 1e-14))
    // The gradient is a multiple of the constraint.
    let residual = zip(b, a.times(x)).map { $0 - $1 }
    let slope = a.times(residual, transposeSelf: true)
    for j in 1..<4 { #expect(close(slope[j], slope[0], relative: 1e-11)) }
  }

  @Test func repeatedConstraintIsNamed() {
    let a = randomMatrix(20, 3, seed: 7)
    let c = Matrix(rowMajor: [[1, 1, 1], [2, 2, 2]])
    #expect(throws: LinearAlgebraError.rankDeficient(matrix: "the constraints", rank: 1, columns: 2)) {
      try leastSquares(a, a.column(0), subjectTo: c, equal: [1, 2])
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func nonNegativeSolutionSatisfiesKuhnTucker(seed: UInt64) throws {
    let a = randomMatrix(15, 8, seed: seed)
    let b = randomMatrix(15, 1, seed: seed + 99).elements
    let x = try nonNegativeLeastSquares(a, b)
    let slope = a.times(zip(b, a.times(x)).map { $0 - $1 }, transposeSelf: true)
    for j in 0..<8 {
      #expect(x[j] >= 0)
      #expect(x[j] > 0 ? abs(slope[j]) < 1e-12 : slope[j] < 1e-12)
    }
    let again = try nonNegativeQuadratic(a.gram, a.times(b, transposeSelf: true), name: "G")
    for j in 0..<8 { #expect(close(x[j], again[j], relative: 1e-9, absolute: 1e-12)) }
    #expect(zip(x, again).allSatisfy { ($0 == 0) == ($1 == 0) })
  }

  @Test func zeroIsExactAndRepeatedColumnsAreHarmless() throws {
    #expect(try nonNegativeLeastSquares(.identity(3), [1, -2, 3]) == [1, 0, 3])
    let twice = Matrix(rowMajor: [[1, 1], [1, 1]])
    let x = try nonNegativeLeastSquares(twice, [2, 2])
    #expect(close(x[0] + x[1], 2))
    #expect(try nonNegativeLeastSquares(Matrix(rows: 2, columns: 1), [1, 1]) == [0])
  }
}
