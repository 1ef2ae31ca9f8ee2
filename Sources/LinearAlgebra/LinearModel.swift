/// The least-squares answer every regression is built on: coefficients, the inverse of X'WX and
/// residuals, with the columns that repeat others named instead of fitted.
package struct LinearModel: Sendable {
  /// How the answer was reached.
  package enum Route: String, Sendable {
    /// Orthogonalisation in double-double arithmetic.
    case extended
    /// Cholesky of the centred, scaled cross products, after their condition was proven small.
    case normalEquations
    /// Householder QR of row blocks, corrected by the residuals of its own answer.
    case blockedQR
  }

  /// Columns that were fitted, ascending, and those left out because they repeat columns to their left.
  package let kept: [Int]
  package let dropped: [Int]
  /// One per kept column.
  package let coefficients: [Double]
  /// (X'WX)⁻¹ of the kept columns.
  package let inverseGram: Matrix
  /// R with X'WX = R'R, upper triangular, of the kept columns.
  package let triangle: Matrix
  /// R⁻¹.
  package let inverseTriangle: Matrix
  /// y − X·b, not weighted; one per row.
  package let residuals: [Double]
  /// Σ w·residual².
  package let residualSumOfSquares: Double
  /// 2-norm condition number of W^½X, kept columns as they are.
  package let condition: Double
  /// The same after every column was centred (with an intercept) and brought to length 1; estimated.
  package let scaledCondition: Double
  package let route: Route
}

/// What to solve: min Σ wᵢ (yᵢ − xᵢ'b)².
package struct LinearModelProblem: Sendable {
  package var design: Matrix
  package var response: [Double]
  /// Positive; nil means 1.
  package var weights: [Double]?
  /// The column of ones, when there is one: always column 0. The others may then be centred.
  package var interceptColumn: Int?
  /// Lengths that "nothing is left of this column" is measured against; the columns' own when nil.
  /// Demeaned columns give their lengths before demeaning.
  package var referenceLengths: [Double]?
  /// A column is a repetition when less than this share of its length is left beside the columns to
  /// its left. Data hold about 1e-16; below 1e-10 fewer than six digits of a coefficient are data.
  package var tolerance = 1e-10
  /// Work (rows × columns²) up to which double-double arithmetic is used without asking.
  package var extendedLimit = 1_000_000

  package init(
    design: Matrix, response: [Double], weights: [Double]? = nil, interceptColumn: Int? = nil,
    referenceLengths: [Double]? = nil
  ) {
    self.design = design
    self.response = response
    self.weights = weights
    self.interceptColumn = interceptColumn
    self.referenceLengths = referenceLengths
  }
}

extension LinearModel {
  /// The same fit stated for other residuals: of a stacked system, the rows that are data.
  package func stated(residuals: [Double], residualSumOfSquares: Double) -> LinearModel {
    LinearModel(
      kept: kept, dropped: dropped, coefficients: coefficients, inverseGram: inverseGram, triangle: triangle,
      inverseTriangle: inverseTriangle, residuals: residuals, residualSumOfSquares: residualSumOfSquares,
      condition: condition, scaledCondition: scaledCondition, route: route)
  }

  /// - Throws: `.notFinite` or `.extremeScale` naming the design, the response or the weights.
  package static func solve(_ problem: LinearModelProblem) throws(LinearAlgebraError) -> LinearModel {
    let (n, p) = (problem.design.rows, problem.design.columns)
    precondition(
      problem.response.count == n && problem.weights?.count ?? n == n, "one response and weight per row")
    precondition(problem.interceptColumn ?? 0 == 0, "the intercept comes first")
    if let weights = problem.weights, !(weights.allSatisfy { $0 > 0 && $0.isFinite }) {
      throw .notFinite(matrix: "the weights")
    }
    if n * p * p <= problem.extendedLimit || n <= p {
      try requireFinite(problem)
      return try solveExtended(problem)
    }
    return try BLASThreads.single { () throws(LinearAlgebraError) -> LinearModel in
      if let model = try solveNormalEquations(problem) { return model }
      return try solveBlockedQR(problem)
    }
  }

  /// Magnitudes whose squares and their sums neither overflow nor vanish.
  package static let safeMagnitudes = 1e-140...1e140

  /// The fast route calls this only when its cross products do not prove what it checks.
  static func requireScale(_ problem: LinearModelProblem) throws(LinearAlgebraError) {
    try requireFinite(problem)
    let columns = largestMagnitudes(problem.design.elements, columns: problem.design.columns)
    guard columns.allSatisfy({ $0 == 0 || safeMagnitudes.contains($0) }) else {
      throw .extremeScale(matrix: "the design matrix")
    }
    let response = largestMagnitudes(problem.response, columns: 1)
    guard response.allSatisfy({ $0 == 0 || safeMagnitudes.contains($0) }) else {
      throw .extremeScale(matrix: "the response")
    }
  }

  static func requireFinite(_ problem: LinearModelProblem) throws(LinearAlgebraError) {
    guard problem.design.isFinite else { throw .notFinite(matrix: "the design matrix") }
    guard problem.response.allSatisfy(\.isFinite) else { throw .notFinite(matrix: "the response") }
  }
}

/// The largest magnitude in each column of a column-major block; infinite when a value is not finite.
package func largestMagnitudes(_ elements: [Double], columns: Int) -> [Double] {
  var largest = [Double](repeating: 0, count: columns)
  if columns == 0 { return largest }
  let rows = elements.count / columns
  largest.withUnsafeMutableBufferPointer { largest in
    elements.withUnsafeBytes { bytes in
      inParallel(columns) { j in
        var (top, check) = (SIMD8<Double>(repeating: 0), SIMD8<Double>(repeating: 0))
        var i = 0
        while i + 8 <= rows {
          let part = bytes.loadUnaligned(fromByteOffset: (j * rows + i) * 8, as: SIMD8<Double>.self)
          let magnitude = part.replacing(with: -part, where: part .< 0)
          top = top.replacing(with: magnitude, where: magnitude .> top)
          check += part - part
          i += 8
        }
        var (size, rest) = (top.max(), check.sum())
        while i < rows {
          let value = bytes.loadUnaligned(fromByteOffset: (j * rows + i) * 8, as: Double.self)
          size = max(size, abs(value))
          rest += value - value
          i += 1
        }
        largest[j] = rest == 0 ? size : .infinity
      }
    }
  }
  return largest
}
