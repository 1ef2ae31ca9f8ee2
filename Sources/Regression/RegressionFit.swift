import LinearAlgebra
import Messages

/// One estimate and how sure it is.
public struct Coefficient: Equatable, Sendable {
  public let name: String
  public let estimate: Double
  public let standardError: Double
  /// estimate ÷ standard error: t or z, see `RegressionFit.statisticDF`.
  public let statistic: Double
  public let pValue: Double
  public let low: Double
  public let high: Double
}

/// A fitted regression.
public struct RegressionFit: Sendable {
  public let coefficients: [Coefficient]
  /// Of the coefficients, in their order.
  public let covariance: Matrix
  /// Columns left out because they repeat columns to their left.
  public let dropped: [String]
  public let rows: Int
  /// Rows minus everything estimated; not whole for a ridge.
  public let residualDF: Double
  /// Parameters swept out by `absorb` or `effects`.
  public let absorbedDF: Int
  /// Degrees of freedom of the tests; infinite means normal.
  public let statisticDF: Double
  /// y − fitted, absorbed effects included in the fit.
  public let residuals: [Double]
  let observed: [Double]
  /// Means of a generalized linear model, which y − residual would lose near 0.
  let means: [Double]?
  public let measures: FitMeasures
  /// The covariance's name and small-sample convention, for the reader.
  public let covarianceName: String
  public let adjustment: String
  public let conditionNumber: Double
  /// Of IRLS or of alternating projections; 0 for a direct solution.
  public let iterations: Int
  /// Things a careful reader wants to know, most important first.
  public let notes: [Bilingual]
  /// Leverage, needed again by diagnostics: (X'WX)⁻¹ = inverse · inverse'.
  let solved: SolvedRows
  /// Groups that were left out before fitting, in the order in which they were found.
  public internal(set) var leftOut: [LeftOutGroup] = []
  /// The rows of the input that were fitted; nil for all of them.
  public internal(set) var usedRows: [Int]?

  /// The rows are met to rounding, so that errors and tests say nothing.
  public var isExact: Bool {
    guard means == nil else { return false }
    let scale = unitScale(observed)
    return weightedSquares(residuals.map { $0 * scale }, centred: false)
      <= 1e-28 * weightedSquares(observed.map { $0 * scale }, centred: false)
  }

  public var fitted: [Double] { means ?? zip(observed, residuals).map { $0 - $1 } }
  public var estimates: [Double] { coefficients.map(\.estimate) }
  public var names: [String] { coefficients.map(\.name) }

  public subscript(name: String) -> Coefficient? { coefficients.first { $0.name == name } }
}

/// Whole-model measures; nil where a model does not have them.
public struct FitMeasures: Equatable, Sendable {
  public var rSquared: Double?
  public var adjustedRSquared: Double?
  public var withinRSquared: Double?
  public var residualSD: Double?
  public var logLikelihood: Double?
  public var deviance: Double?
  public var aic: Double?
  public var bic: Double?
  /// Extra numbers of one method by name, such as θ of random effects.
  public var extras: [(name: String, value: Double)] = []

  public init() {}

  public static func == (a: FitMeasures, b: FitMeasures) -> Bool {
    a.rSquared == b.rSquared && a.adjustedRSquared == b.adjustedRSquared
      && a.withinRSquared == b.withinRSquared
      && a.residualSD == b.residualSD && a.logLikelihood == b.logLikelihood && a.deviance == b.deviance
      && a.aic == b.aic && a.bic == b.bic && a.extras.elementsEqual(b.extras) { $0 == $1 }
  }
}

/// The rows as they were solved (demeaned, differenced, last IRLS step): what covariances are made of.
struct SolvedRows: Sendable {
  /// rows × coefficients.
  let design: Matrix
  /// scores are design[i] · scoreFactors[i]: weight × residual for least squares.
  let scoreFactors: [Double]
  /// Weights of X'WX; nil means 1.
  let weights: [Double]?
  /// (X'WX)⁻¹.
  let inverseGram: Matrix
  /// R⁻¹ with X'WX = R'R.
  let inverseTriangle: Matrix
  let absorption: Absorption?
  let source: RowSource
}

/// Which row of the input each solved row stands for.
enum RowSource: Equatable, Sendable {
  case same
  case rows([Int])
  /// Each stands for several.
  case merged

  /// The groups of the solved rows; nil when they have none.
  func groups(_ grouping: Grouping) -> Grouping? {
    switch self {
    case .same: grouping
    case .rows(let rows): grouping.rows(rows)
    case .merged: nil
    }
  }
}
