import Messages

/// How the errors of the base forecasts are weighted when they are made to add up.
///
/// With base ŷ, structure U y = 0 and error covariance W the coherent forecast is
/// `ỹ = ŷ − W Uᵀ (U W Uᵀ)⁻¹ U ŷ`, which is the minimum-trace combination.
///
/// - Source: Wickramasuriya, Athanasopoulos & Hyndman (2019), JASA 114(526).
public enum ReconciliationMethod: String, CaseIterable, Codable, Sendable {
  /// Leaves as they are; aggregates are their sums.
  case bottomUp = "bottom-up"
  /// W = I.
  case ordinaryLeastSquares = "ols"
  /// W = diag(number of leaves under each node).
  case structural = "wls-struct"
  /// W = diag(residual variances).
  case variance = "wls-var"
  /// W = sample covariance of the residuals.
  case minimumTraceSample = "mint-sample"
  /// W = sample covariance shrunk towards its diagonal (Schäfer–Strimmer intensity).
  case minimumTraceShrink = "mint-shrink"

  public var needsResiduals: Bool {
    switch self {
    case .bottomUp, .ordinaryLeastSquares, .structural: false
    case .variance, .minimumTraceSample, .minimumTraceShrink: true
    }
  }

  public var name: Bilingual {
    switch self {
    case .bottomUp: Bilingual(zh: "自下而上", en: "bottom-up")
    case .ordinaryLeastSquares: Bilingual(zh: "等权（OLS）", en: "ordinary least squares")
    case .structural: Bilingual(zh: "结构加权", en: "structural scaling")
    case .variance: Bilingual(zh: "方差加权", en: "variance scaling")
    case .minimumTraceSample: Bilingual(zh: "最小迹（样本协方差）", en: "minimum trace, sample covariance")
    case .minimumTraceShrink: Bilingual(zh: "最小迹（收缩协方差）", en: "minimum trace, shrunk covariance")
    }
  }
}

/// A weighting that could not be used, and why: structural scaling stood in for it.
public struct Fallback: Equatable, Sendable {
  public let requested: ReconciliationMethod
  public let used: ReconciliationMethod
  /// The nodes at fault.
  public let nodes: [String]
  public let reason: Bilingual
}
