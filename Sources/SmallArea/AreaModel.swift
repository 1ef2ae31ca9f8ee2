import LinearAlgebra

/// How the variance between areas is estimated.
public enum VarianceMethod: String, CaseIterable, Sendable {
  case reml, ml
  /// Fay and Herriot's moments: Σ r²⁄(A + D) = m − p.
  case fh
}

/// Direct estimates of areas with known sampling variances and what explains them:
///
///     direct = design · β + effects of areas + errors,   Var(error of row i) = variances[i]
///
/// One row an area, or an area and a time.
public struct AreaData: Sendable {
  public let direct: [Double]
  /// rows × coefficients.
  public let design: Matrix
  public let variances: [Double]

  /// - Throws: `.lengthMismatch`, `.tooFewAreas`, `.notFinite`, `.varianceOutOfRange`.
  public init(direct: [Double], design: Matrix, variances: [Double]) throws(SmallAreaError) {
    let m = direct.count
    guard design.rows == m else { throw .lengthMismatch(input: "design", expected: m, found: design.rows) }
    guard variances.count == m else { throw .lengthMismatch(input: "variances", expected: m, found: variances.count) }
    guard m >= design.columns + 2 else { throw .tooFewAreas(areas: m, coefficients: design.columns) }
    if let row = direct.firstIndex(where: { !$0.isFinite }) { throw .notFinite(input: "direct", row: row) }
    if let row = variances.firstIndex(where: { !($0 > 0 && $0.isFinite) }) {
      throw .varianceOutOfRange(row: row, value: variances[row])
    }
    if let at = design.elements.firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(input: "design", row: at % m)
    }
    self.direct = direct
    self.design = design
    self.variances = variances
  }

  /// The middle sampling variance: where iterations start, so that a new unit only rescales them.
  var middleVariance: Double {
    let sorted = variances.sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }
}

/// One estimated parameter of the effects' covariance.
public struct VarianceComponent: Equatable, Sendable {
  /// `area`, `time`: variances; `rho`, `rho_time`: correlations.
  public let name: String
  public let estimate: Double
  /// From the expected information; nil at the edge of its range, where it has none.
  public let standardError: Double?
}

/// Estimates of small areas: what the direct figures and the regression together support.
public struct AreaFit: Sendable {
  public let coefficients: [Double]
  public let standardErrors: [Double]
  public let components: [VarianceComponent]
  /// Of the data at the estimates, constants included, whatever the method.
  public let logLikelihood: Double
  /// design · β.
  public let synthetic: [Double]
  /// Empirical best linear unbiased predictions.
  public let estimate: [Double]
  /// Second-order estimates of their mean squared errors.
  public let mse: [Double]
  /// How much of a direct figure's distance from the synthetic one is kept.
  public let gamma: [Double]
  public let iterations: Int

  /// A component by its name.
  public func component(_ name: String) -> Double? { components.first { $0.name == name }?.estimate }
}

/// (XᵀV⁻¹X)⁻¹ from XᵀV⁻¹X.
func inverseOfPositive(_ matrix: Matrix) throws(SmallAreaError) -> Matrix {
  // Equilibrated, so that columns of very different units do not look singular.
  let scale = (0..<matrix.rows).map { matrix[$0, $0] > 0 ? 1 / matrix[$0, $0].squareRoot() : 0 }
  guard scale.allSatisfy({ $0 > 0 && $0.isFinite }) else { throw .singularDesign }
  var scaled = matrix
  for j in 0..<matrix.columns { for i in 0..<matrix.rows { scaled[i, j] *= scale[i] * scale[j] } }
  do {
    let factor = try Cholesky(scaled, name: "X'X")
    guard (0..<matrix.rows).allSatisfy({ factor.lower[$0, $0] > 1e-7 }) else { throw SmallAreaError.singularDesign }
    var inverse = factor.solve(.identity(matrix.rows))
    for j in 0..<matrix.columns { for i in 0..<matrix.rows { inverse[i, j] *= scale[i] * scale[j] } }
    return inverse
  } catch {
    throw .singularDesign
  }
}
