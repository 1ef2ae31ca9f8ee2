import Foundation
import LinearAlgebra
import Messages
import Probability

/// A test statistic and how often chance alone would reach it.
public struct TestResult: Equatable, Sendable {
  public let statistic: Double
  /// Degrees of freedom; of the numerator for an F test.
  public let df: Double
  /// Of the denominator; nil for χ².
  public let denominatorDF: Double?
  public let pValue: Double

  static func chiSquare(_ statistic: Double, df: Double) -> TestResult {
    TestResult(
      statistic: statistic, df: df, denominatorDF: nil, pValue: chiSquareUpper(statistic, df: df)
    )
  }

  static func fisher(_ statistic: Double, _ numerator: Double, _ denominator: Double) -> TestResult {
    TestResult(
      statistic: statistic, df: numerator, denominatorDF: denominator,
      pValue: fisherUpper(statistic, numerator: numerator, denominator: denominator))
  }
}

/// Σ (eₜ − eₜ₋₁)² ÷ Σ eₜ²: near 2 without first-order autocorrelation, near 0 with a strong one.
public func durbinWatson(_ given: [Double]) -> Double {
  let residuals = unitScaled(given)
  let changes = zip(residuals.dropFirst(), residuals).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
  return changes / residuals.reduce(0) { $0 + $1 * $1 }
}

/// n/6·(skewness² + excess kurtosis²/4), χ²(2): are the residuals normal? Jarque & Bera (1987).
public func jarqueBera(_ given: [Double]) -> TestResult {
  let residuals = unitScaled(given)
  let n = Double(residuals.count)
  let mean = residuals.reduce(0, +) / n
  func moment(_ power: Int) -> Double {
    residuals.reduce(0) { $0 + pow($1 - mean, Double(power)) } / n
  }
  let variance = moment(2)
  let (skewness, excess) = (moment(3) / pow(variance, 1.5), moment(4) / (variance * variance) - 3)
  return .chiSquare(n / 6 * (skewness * skewness + excess * excess / 4), df: 2)
}

extension RegressionFit {
  /// hᵢ, how much of its own fitted value each row decides; nil when absorbed effects hide it.
  public var leverages: [Double]? { solved.leverages() }

  /// Cook's distance of each row, for linear models without absorbed effects; nil otherwise.
  public var cooksDistances: [Double]? {
    guard let leverages, let sd = measures.residualSD else { return nil }
    let k = Double(coefficients.count)
    return leverages.indices.map { i in
      let (h, weight) = (leverages[i], solved.weights?[i] ?? 1)
      return weight * residuals[i] * residuals[i] / (k * sd * sd) * h / ((1 - h) * (1 - h))
    }
  }

  /// Residuals divided by their own standard deviation, estimated without the row itself.
  public var studentizedResiduals: [Double]? {
    guard let leverages, let sd = measures.residualSD else { return nil }
    return leverages.indices.map { i in
      let scaled =
        (solved.weights?[i] ?? 1).squareRoot() * residuals[i] / (sd * (1 - leverages[i]).squareRoot())
      return scaled * ((residualDF - 1) / (residualDF - scaled * scaled)).squareRoot()
    }
  }

  /// How many times collinearity multiplies the variance of each coefficient; nil for the intercept.
  ///
  /// Columns are centred when the model has an intercept.
  public var varianceInflation: [Double?] {
    let first = coefficients.first?.name == "(Intercept)" ? 1 : 0
    return coefficients.indices.map { k in
      if k < first { return nil }
      let column = solved.design.column(k)
      let length = weightedSquares(column, weights: solved.weights, centred: first == 1)
      return solved.inverseGram[k, k] * length
    }
  }

  /// Are all slopes 0? Wald's F with the fit's own covariance (χ² for binomial and Poisson); nil without slopes.
  public func slopesTest() throws(RegressionError) -> TestResult? {
    let slopes = coefficients.indices.filter { coefficients[$0].name != "(Intercept)" }
    guard !slopes.isEmpty else { return nil }
    return try wald(slopes)
  }

  /// Are the coefficients at these places all 0?
  public func wald(_ places: [Int]) throws(RegressionError) -> TestResult {
    var part = Matrix(rows: places.count, columns: places.count)
    for (b, j) in places.enumerated() { for (a, i) in places.enumerated() { part[a, b] = covariance[i, j] } }
    let estimates = places.map { coefficients[$0].estimate }
    do {
      let solved = try PivotedQR(part, name: "the covariance").solve(estimates)
      let quadratic = zip(estimates, solved).reduce(0) { $0 + $1.0 * $1.1 }
      let q = Double(places.count)
      return statisticDF == .infinity ? .chiSquare(quadratic, df: q) : .fisher(quadratic / q, q, statisticDF)
    } catch {
      throw .linearAlgebra(error)
    }
  }
}

/// Koenker's version: n·R² of the squared residuals on the regressors, χ². Breusch & Pagan (1979).
public func breuschPagan(_ fit: RegressionFit) throws(RegressionError) -> TestResult {
  let squares = unitScaled(fit.residuals).map { $0 * $0 }
  let auxiliary = try regress(
    RegressionInput(
      response: squares, design: fit.solved.design, names: fit.names, hasIntercept: fit.hasIntercept))
  let slopes = auxiliary.coefficients.count - (fit.hasIntercept ? 1 : 0)
  return .chiSquare(Double(fit.rows) * (auxiliary.measures.rSquared ?? 0), df: Double(slopes))
}

/// Ramsey's RESET: do squares and cubes of the fitted values still explain something? F test.
public func reset(_ given: RegressionInput, powers: [Int] = [2, 3]) throws(RegressionError) -> TestResult {
  let input = given.scaled(by: unitScale(given.response))
  let fit = try regress(input)
  // Centred and scaled, so that powers stay apart; the space they span with the fit is the same.
  let spread = (weightedSquares(fit.fitted, centred: true) / Double(fit.rows)).squareRoot()
  let mean = fit.fitted.reduce(0, +) / Double(fit.rows)
  var longer = input
  for power in powers {
    longer.design = Matrix(
      rows: longer.design.rows, columns: longer.design.columns + 1,
      elements: longer.design.elements
        + fit.fitted.map { pow(($0 - mean) / max(spread, 1e-300), Double(power)) })
    longer.names.append("fitted^\(power)")
  }
  let full = try regress(longer)
  return nestedTest(small: fit, large: full)
}

/// F test of the restrictions that lead from the larger to the smaller of two least-squares fits.
func nestedTest(small: RegressionFit, large: RegressionFit) -> TestResult {
  let (restricted, free) = (small.measures.deviance ?? .nan, large.measures.deviance ?? .nan)
  let df = small.residualDF - large.residualDF
  return .fisher((restricted - free) / df / (free / large.residualDF), df, large.residualDF)
}

extension RegressionFit {
  var hasIntercept: Bool { coefficients.first?.name == "(Intercept)" }
}
