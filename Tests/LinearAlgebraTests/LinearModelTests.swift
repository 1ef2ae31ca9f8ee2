import TestSupport
import Testing

@testable import LinearAlgebra

/// y = X·b + noise with an intercept; column 2 sits far from zero, column 3 follows column 1.
private func problem(rows: Int, closeness: Double, weighted: Bool = false, seed: UInt64) -> LinearModelProblem {
  var generator = SeededGenerator(seed: seed)
  func draw() -> Double { Double.random(in: -1...1, using: &generator) }
  var x = Matrix(rows: rows, columns: 5)
  var y = [Double](repeating: 0, count: rows)
  var weights = [Double](repeating: 1, count: rows)
  for i in 0..<rows {
    let first = draw()
    (x[i, 0], x[i, 1], x[i, 2], x[i, 3], x[i, 4]) = (
      1, first, 2000 + 5 * draw(), first + closeness * draw(), 1e6 * draw()
    )
    y[i] = 3 + first - 0.5 * x[i, 2] + 2 * x[i, 3] + 1e-6 * x[i, 4] + draw()
    weights[i] = 1.5 + draw()
  }
  return LinearModelProblem(design: x, response: y, weights: weighted ? weights : nil, interceptColumn: 0)
}

@Suite struct LinearModelTests {
  /// The three routes are three algorithms for one answer.
  @Test(arguments: [(1.0, false), (1.0, true), (1e-2, false), (1e-4, true), (1e-6, false)])
  func routesAgree(closeness: Double, weighted: Bool) throws {
    var given = problem(rows: 3000, closeness: closeness, weighted: weighted, seed: 4)
    given.extendedLimit = .max
    let exact = try LinearModel.solve(given)
    let qr = try LinearModel.solveBlockedQR(given)
    let loss = max(1, 1 / closeness)
    #expect(exact.route == .extended)
    var others = [qr]
    if closeness >= 1e-2 { others.append(try #require(try LinearModel.solveNormalEquations(given))) }
    for model in others {
      for k in 0..<5 {
        #expect(
          close(model.coefficients[k], exact.coefficients[k], relative: 1e-13 * loss), "\(model.route) b\(k)")
        #expect(
          close(model.inverseGram[k, k], exact.inverseGram[k, k], relative: 1e-12 * loss),
          "\(model.route) V\(k)")
      }
      #expect(close(model.residualSumOfSquares, exact.residualSumOfSquares, relative: 1e-13))
      #expect(close(model.condition, exact.condition, relative: 1e-3))
      #expect(close(model.residuals[2999], exact.residuals[2999], relative: 1e-9))
      #expect(largestDifference(model.triangle.gram, exact.triangle.gram) < 1e-13 * exact.triangle.gram[4, 4])
    }
  }

  @Test func normalEquationsRefuseWhatTheyCannotProve() throws {
    #expect(try LinearModel.solveNormalEquations(problem(rows: 3000, closeness: 1e-5, seed: 1)) == nil)
    #expect(try LinearModel.solveNormalEquations(problem(rows: 3000, closeness: 0, seed: 1)) == nil)
  }

  @Test(arguments: [0.0, 1e-13])
  func theLaterOfTwoEqualColumnsIsDropped(closeness: Double) throws {
    var given = problem(rows: 3000, closeness: closeness, seed: 2)
    for limit in [0, Int.max] {
      given.extendedLimit = limit
      let model = try LinearModel.solve(given)
      #expect(model.kept == [0, 1, 2, 4])
      #expect(model.dropped == [3])
      #expect(close(model.coefficients[1], 3, relative: 0.05))
    }
  }

  @Test func aConstantColumnBesideTheInterceptIsDropped() throws {
    var given = problem(rows: 2500, closeness: 1, seed: 3)
    for i in 0..<2500 { given.design[i, 2] = 1e8 }
    for limit in [0, Int.max] {
      given.extendedLimit = limit
      #expect(try LinearModel.solve(given).dropped == [2])
    }
  }

  @Test func sortedTrendsKeepTheirDigits() throws {
    let n = 5000
    var x = Matrix(rows: n, columns: 3, repeating: 1)
    var y = [Double](repeating: 0, count: n)
    for i in 0..<n {
      x[i, 1] = 1e7 + Double(i)
      x[i, 2] = Double(i % 7)
      y[i] = 5 + 0.25 * Double(i) - Double(i % 7)
    }
    var given = LinearModelProblem(design: x, response: y, interceptColumn: 0)
    given.extendedLimit = 0
    let model = try LinearModel.solve(given)
    #expect(model.route == .normalEquations)
    #expect(close(model.coefficients[1], 0.25, relative: 1e-14))
    #expect(close(model.coefficients[2], -1, relative: 1e-13))
    #expect(close(model.coefficients[0], 5 - 0.25e7, relative: 1e-14))
  }

  @Test func theOutcomeDoesNotDependOnThreads() throws {
    var given = problem(rows: 40_000, closeness: 1, seed: 9)
    given.extendedLimit = 0
    let first = try LinearModel.solve(given)
    for _ in 0..<3 {
      let again = try LinearModel.solve(given)
      #expect(again.coefficients == first.coefficients)
      #expect(again.residualSumOfSquares == first.residualSumOfSquares)
    }
  }

  @Test func whatIsNotFiniteIsNamed() {
    var given = problem(rows: 20, closeness: 1, seed: 3)
    given.response[7] = .infinity
    #expect(throws: LinearAlgebraError.notFinite(matrix: "the response")) { try LinearModel.solve(given) }
    given.response[7] = 0
    given.design[3, 1] = .nan
    #expect(throws: LinearAlgebraError.notFinite(matrix: "the design matrix")) {
      try LinearModel.solve(given)
    }
  }
}

@Suite struct DoubleDoubleTests {
  @Test func keepsWhatADoubleLoses() {
    let tiny = DoubleDouble(1) + DoubleDouble(1e-25)
    #expect((tiny - DoubleDouble(1)).value == 1e-25)
    let third = DoubleDouble(1) / DoubleDouble(3)
    #expect((third * 3 - DoubleDouble(1)).value.magnitude < 1e-31)
    let root = DoubleDouble(2).squareRoot
    #expect((root * root - DoubleDouble(2)).value.magnitude < 1e-31)
    #expect(DoubleDouble.exactProduct(0.1, 0.1).low != 0)
  }
}
