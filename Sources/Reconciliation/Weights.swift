import Dimensions
import LinearAlgebra
import Messages

/// Why a weighting cannot be used.
struct WeightFailure: Error {
  let nodes: [String]
  let reason: Bilingual
}

/// The error covariance that a method asks for.
struct Weights {
  let covariance: ErrorCovariance
  let lambda: Double?

  /// Diagonal weights that need no residuals: 1 each, or the number of leaves.
  init(_ hierarchy: Hierarchy, structural: Bool) {
    covariance = ErrorCovariance(
      diagonal: hierarchy.nodes.indices.map { structural ? Double(hierarchy.leaves(of: $0).count) : 1 })
    lambda = nil
  }

  init(
    _ method: ReconciliationMethod, _ hierarchy: Hierarchy, _ given: Matrix?, isCentred: Bool
  ) throws(WeightFailure) {
    guard method.needsResiduals, let given else {
      self.init(hierarchy, structural: method == .structural)
      return
    }
    try Self.checkVariation(given, hierarchy, method)
    self.init(method, isCentred ? centred(given) : given, divisor: Double(given.columns - (isCentred ? 1 : 0)))
  }

  private init(_ method: ReconciliationMethod, _ residuals: Matrix, divisor: Double) {
    let variances = sumsOfSquares(residuals).map { $0 / divisor }
    switch method {
    case .minimumTraceSample:
      lambda = 0
      covariance = ErrorCovariance(
        diagonal: [Double](repeating: 0, count: variances.count), residuals: residuals, scale: 1 / divisor)
    case .minimumTraceShrink:
      let intensity = shrinkageIntensity(residuals)
      lambda = intensity
      covariance = ErrorCovariance(
        diagonal: variances.map { intensity * $0 }, residuals: residuals, scale: (1 - intensity) / divisor)
    case .variance, .bottomUp, .ordinaryLeastSquares, .structural:
      lambda = nil
      covariance = ErrorCovariance(diagonal: variances)
    }
  }

  /// Residuals must vary: a constant series (all zero, say) says nothing of its error.
  private static func checkVariation(
    _ residuals: Matrix, _ hierarchy: Hierarchy, _ method: ReconciliationMethod
  ) throws(WeightFailure) {
    guard residuals.columns >= 2 else {
      throw WeightFailure(
        nodes: [],
        reason: Bilingual(
          zh: "\(method.rawValue) 需要每个节点至少两个残差，现有 \(residuals.columns) 个",
          en: "\(method.rawValue) needs at least two residuals a node; there is \(residuals.columns)"))
    }
    let constant = (0..<residuals.rows).filter { node in
      let row = residuals.row(node)
      let (low, high) = (row.min() ?? 0, row.max() ?? 0)
      return high - low <= 1e-12 * max(abs(low), abs(high))
    }.map { hierarchy.nodes[$0] }
    guard constant.isEmpty else {
      throw WeightFailure(
        nodes: constant,
        reason: Bilingual(
          zh: "以下节点的残差是常数，方差无从估计：\(listed(constant))",
          en: "the residuals of these nodes are constant, so their variance is unknown: \(listed(constant))"))
    }
  }
}

func listed(_ names: [String]) -> String {
  names.prefix(10).joined(separator: ", ") + (names.count > 10 ? ", … (\(names.count))" : "")
}
