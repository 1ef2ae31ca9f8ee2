/// Modified Gram–Schmidt in double-double arithmetic, columns from left to right.
///
/// The left-to-right order decides which of several equivalent columns is called a repetition: always
/// the later one. With 32 digits even a condition of 1e15 leaves more digits than the data have.
///
/// Source: Björck (1967), *BIT* 7, 1–21.
extension LinearModel {
  static func solveExtended(_ problem: LinearModelProblem) throws(LinearAlgebraError) -> LinearModel {
    let (n, p) = (problem.design.rows, problem.design.columns)
    var basis = ExtendedColumns(problem)
    var (kept, dropped): ([Int], [Int]) = ([], [])
    // R in double-double, one row per kept column: entries for every later column and the response.
    var triangle: [[DoubleDouble]] = []
    for j in 0..<p {
      let length = basis.squaredLength(j).squareRoot
      let reference = problem.referenceLengths?[j] ?? basis.rawLengths[j]
      guard length.high > problem.tolerance * reference, length.high > 0, kept.count < n else {
        dropped.append(j)
        continue
      }
      kept.append(j)
      var row = [DoubleDouble](repeating: DoubleDouble(0), count: p + 1)
      row[j] = length
      basis.normalise(j, by: length)
      for k in (j + 1)..<(p + 1) { row[k] = basis.project(out: j, from: k) }
      triangle.append(row)
    }
    let (coefficients, inverse) = backSubstitution(triangle, kept: kept, response: p)
    let r = kept.count
    var (inverseTriangle, gram, upper) = (
      Matrix(rows: r, columns: r), Matrix(rows: r, columns: r), Matrix(rows: r, columns: r)
    )
    for b in 0..<r {
      for a in 0...b {
        upper[a, b] = triangle[a][kept[b]].value
        inverseTriangle[a, b] = inverse[a][b].value
        var sum = DoubleDouble(0)
        for c in b..<r { sum = sum + inverse[a][c] * inverse[b][c] }
        gram[a, b] = sum.value
        gram[b, a] = sum.value
      }
    }
    return LinearModel(
      kept: kept, dropped: dropped, coefficients: coefficients.map(\.value), inverseGram: gram,
      triangle: upper,
      inverseTriangle: inverseTriangle, residuals: basis.residuals(weights: problem.weights),
      residualSumOfSquares: basis.squaredLength(p).value, condition: try upper.conditionNumber(name: "R"),
      scaledCondition: try scaledCondition(upper, centred: problem.interceptColumn, kept: kept),
      route: .extended)
  }

  private static func backSubstitution(
    _ triangle: [[DoubleDouble]], kept: [Int], response: Int
  ) -> (coefficients: [DoubleDouble], inverse: [[DoubleDouble]]) {
    let (r, zero) = (kept.count, DoubleDouble(0))
    var coefficients = [DoubleDouble](repeating: zero, count: r)
    for a in stride(from: r - 1, through: 0, by: -1) {
      var sum = triangle[a][response]
      for b in (a + 1)..<max(r, a + 1) { sum = sum - triangle[a][kept[b]] * coefficients[b] }
      coefficients[a] = sum / triangle[a][kept[a]]
    }
    var inverse = [[DoubleDouble]](repeating: [DoubleDouble](repeating: zero, count: r), count: r)
    for c in 0..<r {
      inverse[c][c] = DoubleDouble(1) / triangle[c][kept[c]]
      for a in stride(from: c - 1, through: 0, by: -1) {
        var sum = zero
        for b in (a + 1)...c { sum = sum - triangle[a][kept[b]] * inverse[b][c] }
        inverse[a][c] = sum / triangle[a][kept[a]]
      }
    }
    return (coefficients, inverse)
  }

  /// Condition of R after its columns were centred, when column `centred` is the intercept and comes
  /// first, and brought to length 1.
  static func scaledCondition(
    _ upper: Matrix, centred: Int?, kept: [Int]
  ) throws(LinearAlgebraError) -> Double {
    let first = centred != nil && kept.first == centred ? 1 : 0
    let r = upper.columns - first
    guard r > 0 else { return 1 }
    var part = Matrix(rows: r, columns: r)
    for j in 0..<r {
      let column = (0...j).map { upper[$0 + first, j + first] }
      let length = columnNorm(column[...])
      for i in 0...j { part[i, j] = column[i] / length }
    }
    return try part.conditionNumber(name: "R")
  }
}

/// The weighted columns of a problem, the response last, each element as high + low.
private struct ExtendedColumns {
  let rows: Int
  var high: [Double]
  var low: [Double]
  /// Lengths of the weighted columns before anything was projected out.
  let rawLengths: [Double]
  private let roots: [DoubleDouble]?

  init(_ problem: LinearModelProblem) {
    rows = problem.design.rows
    high = problem.design.elements + problem.response
    low = [Double](repeating: 0, count: high.count)
    roots = problem.weights?.map { DoubleDouble($0).squareRoot }
    if let roots {
      for k in high.indices {
        let product = roots[k % rows] * high[k]
        (high[k], low[k]) = (product.high, product.low)
      }
    }
    let (n, elements) = (rows, high)
    rawLengths = (0...problem.design.columns).map { columnNorm(elements[$0 * n..<($0 + 1) * n]) }
  }

  func squaredLength(_ j: Int) -> DoubleDouble { dot(j, j) }

  private func dot(_ j: Int, _ k: Int) -> DoubleDouble {
    let (a, b, n) = (j * rows, k * rows, rows)
    return high.withUnsafeBufferPointer { high in
      low.withUnsafeBufferPointer { low in
        var (even, odd) = (DoubleDouble(0), DoubleDouble(0))
        var i = 0
        while i + 1 < n {
          even =
            even + DoubleDouble(high: high[a + i], low: low[a + i])
            * DoubleDouble(high: high[b + i], low: low[b + i])
          odd =
            odd + DoubleDouble(high: high[a + i + 1], low: low[a + i + 1])
            * DoubleDouble(high: high[b + i + 1], low: low[b + i + 1])
          i += 2
        }
        if i < n {
          even =
            even + DoubleDouble(high: high[a + i], low: low[a + i])
            * DoubleDouble(high: high[b + i], low: low[b + i])
        }
        return even + odd
      }
    }
  }

  mutating func normalise(_ j: Int, by length: DoubleDouble) {
    let reciprocal = DoubleDouble(1) / length
    for k in j * rows..<(j + 1) * rows {
      let value = DoubleDouble(high: high[k], low: low[k]) * reciprocal
      (high[k], low[k]) = (value.high, value.low)
    }
  }

  /// column k −= (q_j · column k) q_j; returns the product.
  mutating func project(out j: Int, from k: Int) -> DoubleDouble {
    let product = dot(j, k)
    let (a, b, n) = (j * rows, k * rows, rows)
    high.withUnsafeMutableBufferPointer { high in
      low.withUnsafeMutableBufferPointer { low in
        for i in 0..<n {
          let value =
            DoubleDouble(high: high[b + i], low: low[b + i]) - product
            * DoubleDouble(high: high[a + i], low: low[a + i])
          high[b + i] = value.high
          low[b + i] = value.low
        }
      }
    }
    return product
  }

  func residuals(weights: [Double]?) -> [Double] {
    let start = high.count - rows
    return (0..<rows).map { i in
      let value = DoubleDouble(high: high[start + i], low: low[start + i])
      guard let roots else { return value.value }
      return (value / roots[i]).value
    }
  }
}
