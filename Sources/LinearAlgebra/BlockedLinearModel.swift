/// The fast routes: both squeeze n rows into a triangle with the same cross products, which is then
/// solved in double-double; one or more passes over the rows correct the answer by its residuals.
extension LinearModel {
  /// A condition (columns shifted and scaled) up to which cross products lose at most six of sixteen
  /// digits; the residual correction then wins back what the coefficients lost.
  private static let provenCondition = 1e3
  /// Rows × columns² up to which a badly conditioned problem is solved in double-double after all.
  private static let patience = 100_000_000

  /// Nil when the cross products are not proven well conditioned.
  static func solveNormalEquations(_ problem: LinearModelProblem) throws(LinearAlgebraError) -> LinearModel? {
    let p = problem.design.columns
    let blocks = ShiftedBlocks(problem)
    let products = blocks.crossProducts()
    if problem.weights == nil, !blocks.provesScale(products) { try requireScale(problem) }
    if !products.isFinite {
      try requireFinite(problem)
      throw .notFinite(matrix: "the cross products of the design matrix")
    }
    var (scaled, lengths) = (Matrix(rows: p, columns: p), [Double](repeating: 1, count: p))
    for j in 0..<p {
      guard products[j, j] > 0 else { return nil }
      lengths[j] = products[j, j].squareRoot()
    }
    for j in 0..<p {
      for i in 0..<p { scaled[i, j] = products[min(i, j), max(i, j)] / (lengths[i] * lengths[j]) }
    }
    guard let factor = Cholesky(ifPositiveDefinite: scaled) else { return nil }
    let condition = factor.lower.triangularCondition(.lower)
    guard condition <= provenCondition else { return nil }
    var triangle = factor.lower.transposed
    let right = (0..<p).map { products[$0, p] / lengths[$0] }
    let rotated = try factor.lower.solveTriangular(right, .lower, name: "R")
    for j in 0..<p { for i in 0...j { triangle[i, j] *= lengths[j] } }
    return try blocks.expanded(
      from: triangle, rotated, rawLengths: blocks.rawLengths(products), route: .normalEquations)
  }

  static func solveBlockedQR(_ problem: LinearModelProblem) throws(LinearAlgebraError) -> LinearModel {
    let p = problem.design.columns
    let blocks = ShiftedBlocks(problem)
    let full = blocks.triangle()
    var triangle = Matrix(rows: p + 1, columns: p)
    triangle.elements = Array(full.elements.prefix((p + 1) * p))
    let model = try blocks.expanded(
      from: triangle, full.column(p), rawLengths: blocks.rawLengths(full.gram), route: .blockedQR)
    let work = problem.design.rows * p * p
    if model.scaledCondition > 1e5, work <= patience { return try solveExtended(problem) }
    return model
  }
}

extension Cholesky {
  /// Nil instead of an error: the caller has another route.
  fileprivate init?(ifPositiveDefinite matrix: Matrix) {
    do { try self.init(matrix, name: "X'X") } catch { return nil }
  }
}

extension ShiftedBlocks {
  /// The model of all rows from a triangle that has the shifted rows' cross products.
  fileprivate func expanded(
    from triangle: Matrix, _ rotated: [Double], rawLengths: [Double], route: LinearModel.Route
  ) throws(LinearAlgebraError) -> LinearModel {
    var small = LinearModelProblem(
      design: triangle, response: rotated, interceptColumn: problem.interceptColumn,
      referenceLengths: problem.referenceLengths ?? rawLengths)
    small.tolerance = problem.tolerance
    let compressed = try LinearModel.solveExtended(small)
    let kept = compressed.kept
    var coefficients = compressed.coefficients
    var pass = residualPass(coefficients, kept: kept)
    for _ in 0..<3 {
      let step = compressed.inverseGram.times(pass.slope)
      let gain = zip(step, pass.slope).reduce(0) { $0 + $1.0 * $1.1 }
      for k in step.indices { coefficients[k] += step[k] }
      guard gain > 1e-24 * pass.sumOfSquares, gain.isFinite else { break }
      pass = residualPass(coefficients, kept: kept)
    }
    var (upper, inverse) = (compressed.triangle, compressed.inverseTriangle)
    if kept.first == 0, problem.interceptColumn == 0 {
      // Undo the shift: X = Z·T, T the identity with the shifts in its first row.
      coefficients[0] += responseShift
      for k in kept.indices.dropFirst() { coefficients[0] -= shifts[kept[k]] * coefficients[k] }
      for k in kept.indices.dropFirst() {
        upper[0, k] += upper[0, 0] * shifts[kept[k]]
        for j in k..<kept.count { inverse[0, j] -= shifts[kept[k]] * inverse[k, j] }
      }
    }
    return LinearModel(
      kept: kept, dropped: compressed.dropped, coefficients: coefficients, inverseGram: inverse.outerGram,
      triangle: upper, inverseTriangle: inverse, residuals: pass.residuals,
      residualSumOfSquares: pass.sumOfSquares,
      condition: try upper.conditionNumber(name: "R"), scaledCondition: compressed.scaledCondition,
      route: route)
  }
}
