import Foundation
import LinearAlgebra

/// Fits the area-level model of Fay and Herriot: one independent effect an area, variance A.
///
///     estimate = x'β + γ (direct − x'β),  γ = A ⁄ (A + D)
///
/// - Returns: EBLUP and its mean squared error: g₁ + g₂ + 2 g₃ (Prasad and Rao) with REML; less the
///   bias of Â that ML and the moments have (Datta and Lahiri; Datta, Rao and Smith).
/// - Throws: `.singularDesign`, `.noConvergence`.
/// - Source: Fay & Herriot (1979), JASA 74; Prasad & Rao (1990), JASA 85; Datta & Lahiri (2000), *Statistica
///   Sinica* 10; Rao & Molina (2015), *Small Area Estimation*, 2nd ed., ch. 6.
public func fayHerriot(_ data: AreaData, method: VarianceMethod) throws(SmallAreaError) -> AreaFit {
  var area = data.middleVariance
  var iterations = 0
  // A step that keeps overshooting is halved: the root is bracketed once both signs have been seen.
  var (low, high) = (0.0, Double.infinity)
  while true {
    let state = try FayHerriotState(data, area: area)
    let (slope, information) = state.slope(method)
    if slope > 0 { low = max(low, area) } else { high = min(high, area) }
    var next = area + slope / information
    if next < 0 { next = 0 }
    if next < low || next > high { next = high.isFinite ? (low + high) / 2 : 2 * low }
    iterations += 1
    let change = abs(next - area)
    area = next
    if change <= 1e-15 * (area + data.middleVariance) { break }
    guard iterations < 1000 else { throw .noConvergence(what: "Fay–Herriot", iterations: iterations) }
  }
  return try FayHerriotState(data, area: area).fit(method, iterations: iterations)
}

/// Generalised least squares at one value of the variance between areas.
private struct FayHerriotState {
  let data: AreaData
  let area: Double
  let weights: [Double]
  /// (XᵀV⁻¹X)⁻¹.
  let inverse: Matrix
  let coefficients: [Double]
  let synthetic: [Double]
  let residuals: [Double]
  /// xᵢ' (XᵀV⁻¹X)⁻¹ xᵢ.
  let spans: [Double]

  init(_ data: AreaData, area: Double) throws(SmallAreaError) {
    let weights = data.variances.map { 1 / (area + $0) }
    var weighted = data.design
    for j in 0..<weighted.columns { for i in 0..<weighted.rows { weighted[i, j] *= weights[i] } }
    inverse = try inverseOfPositive(data.design.times(weighted, transposeSelf: true))
    coefficients = inverse.times(weighted.times(data.direct, transposeSelf: true))
    synthetic = data.design.times(coefficients)
    residuals = zip(data.direct, synthetic).map { $0 - $1 }
    let projected = data.design.times(inverse)
    spans = (0..<data.direct.count).map { i in
      (0..<data.design.columns).reduce(0) { $0 + projected[i, $1] * data.design[i, $1] }
    }
    (self.data, self.area, self.weights) = (data, area, weights)
  }

  /// Σ 1⁄(A + D)².
  private var squaredWeights: Double { weights.reduce(0) { $0 + $1 * $1 } }

  /// XᵀV⁻²X.
  private var doubleWeighted: Matrix {
    var weighted = data.design
    for j in 0..<weighted.columns { for i in 0..<weighted.rows { weighted[i, j] *= weights[i] } }
    return weighted.gram
  }

  /// What A is moved by: the score and its information, or the moment equation and its slope.
  func slope(_ method: VarianceMethod) -> (slope: Double, information: Double) {
    let fit = zip(residuals, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 * $1.1 }
    switch method {
    case .ml:
      return ((fit - weights.reduce(0, +)) / 2, squaredWeights / 2)
    case .reml:
      // tr P and tr P² without the m × m matrix P = V⁻¹ − V⁻¹XQXᵀV⁻¹.
      let middle = inverse.times(doubleWeighted)
      var cubed = data.design
      for j in 0..<cubed.columns { for i in 0..<cubed.rows { cubed[i, j] *= weights[i] * weights[i] * weights[i] } }
      let third = inverse.times(data.design.times(cubed, transposeSelf: true))
      let trace = weights.reduce(0, +) - middle.trace
      let square = squaredWeights - 2 * third.trace + middle.times(middle).trace
      return ((fit - trace) / 2, square / 2)
    case .fh:
      let sum = zip(residuals, weights).reduce(0) { $0 + $1.0 * $1.0 * $1.1 }
      return (sum - Double(data.direct.count - data.design.columns), max(fit, 1e-300))
    }
  }

  func fit(_ method: VarianceMethod, iterations: Int) -> AreaFit {
    let m = Double(data.direct.count)
    let (first, second) = (weights.reduce(0, +), squaredWeights)
    let variance = method == .fh ? 2 * m / (first * first) : 2 / second
    let bias: Double =
      switch method {
      case .reml: 0
      case .ml: -inverse.times(doubleWeighted).trace / second
      case .fh: 2 * (m * second - first * first) / (first * first * first)
      }
    var (estimates, errors, gammas) = ([Double](), [Double](), [Double]())
    for i in data.direct.indices {
      let kept = area * weights[i]
      let shrunk = data.variances[i] * weights[i]
      let g3 = shrunk * shrunk * variance * weights[i]
      estimates.append(synthetic[i] + kept * residuals[i])
      errors.append(data.variances[i] * kept + shrunk * shrunk * spans[i] + 2 * g3 - bias * shrunk * shrunk)
      gammas.append(kept)
    }
    let likelihood = zip(residuals, weights).reduce(0) { $0 + log(2 * .pi / $1.1) + $1.0 * $1.0 * $1.1 }
    return AreaFit(
      coefficients: coefficients, standardErrors: (0..<inverse.rows).map { inverse[$0, $0].squareRoot() },
      components: [VarianceComponent(name: "area", estimate: area, standardError: area > 0 ? variance.squareRoot() : nil)],
      logLikelihood: -likelihood / 2, synthetic: synthetic, estimate: estimates, mse: errors, gamma: gammas,
      iterations: iterations)
  }
}

extension Matrix {
  var trace: Double { (0..<rows).reduce(0) { $0 + self[$1, $1] } }
}
