import Foundation
import LinearAlgebra
import Messages
import Probability

/// Fits a regression: ordinary, weighted or ridge least squares, panel effects, or a generalized
/// linear model.
///
///     y = offset + X·b + absorbed effects + error,    min Σ w·error² + λ‖b‖²
///
/// Columns that repeat others are dropped and named, never fitted; absorbed groups whose response is all 0 (or, for
/// shares, all 1) are left out of Poisson, logit and probit fits and named in `leftOut`.
/// - Throws: `RegressionError`; too few rows says how many are missing.
/// - Source: METHODS M1–M3, M5; Golub & Van Loan ch. 5; McCullagh & Nelder ch. 2.
public func regress(
  _ input: RegressionInput, _ options: RegressionOptions = RegressionOptions()
) throws(RegressionError) -> RegressionFit {
  let link = options.link ?? options.family.canonicalLink
  let isLinear = options.family == .gaussian && link == .identity
  // Plain least squares looks at every number once less: the solver checks what it reads.
  let isPlain = isLinear && input.weights == nil && input.offset == nil && options.isPlain
  let isLarge = input.rows * input.design.columns * input.design.columns > 2_000_000
  if isLinear, let scale = input.responseScale {
    return try regress(input.scaled(by: scale), options).inUnits(of: 1 / scale, observed: input.response)
  }
  let checked = try input.validated(scaleIsProvenLater: isPlain && isLarge)
  try options.requireGroupings(rows: input.rows)
  let selection = RowSelection(checked, options, link)
  if !selection.leftOut.isEmpty { return try regress(checked, options, selection) }
  do {
    return isLinear ? try regressLinear(checked, options) : try regressGeneralized(checked, options, link)
  } catch let error as LinearAlgebraError {
    try input.requireScale()
    if case .notFinite(let matrix) = error { throw .notFinite(input: matrix) }
    throw .linearAlgebra(error)
  } catch let error as RegressionError {
    throw error
  } catch {
    preconditionFailure("no other error is thrown: \(error)")
  }
}

/// The fit of the rows that a selection keeps.
private func regress(
  _ input: RegressionInput, _ options: RegressionOptions, _ selection: RowSelection
) throws(RegressionError) -> RegressionFit {
  guard !selection.kept.isEmpty else { throw .nothingInformative(groups: selection.leftOut.count) }
  do {
    var fit = try regress(input.rows(selection.kept), options.rows(selection.kept))
    (fit.leftOut, fit.usedRows) = (selection.leftOut, selection.kept)
    return fit
  } catch {
    throw error.among(selection.kept)
  }
}

extension RegressionOptions {
  fileprivate func requireGroupings(rows: Int) throws(RegressionError) {
    for grouping in sweptGroupings where grouping.codes.count != rows {
      throw .lengthMismatch(input: grouping.name, expected: rows, found: grouping.codes.count)
    }
    guard !dropSingletons || !sweptGroupings.isEmpty else {
      throw .unsupported(
        Bilingual(zh: "没有吸收的效应，谈不上只有一行的组", en: "there are no absorbed effects whose groups could have a single row"),
        hint: Bilingual(
          zh: "加上 --absorb 或 --effects fixed，或去掉 --drop-singletons",
          en: "add --absorb or --effects fixed, or leave --drop-singletons out"))
    }
  }
}

/// A least-squares problem ready to be solved: demeaned, differenced, averaged or as given.
struct LinearRows {
  var response: [Double]
  var design: Matrix
  var names: [String]
  var hasIntercept: Bool
  /// R² is about the mean although no column is constant: quasi-demeaned rows.
  var isCentred = false
  var weights: [Double]?
  /// What `absorb` and fixed effects sweep out.
  var absorption: Absorption?
  var iterations = 0
  /// Lengths before the sweep.
  var referenceLengths: [Double]?
  var source = RowSource.same
  /// Tests use the normal distribution.
  var isAsymptotic = false
  var extras: [(name: String, value: Double)] = []
  var notes: [Bilingual] = []
}

private func regressLinear(_ input: RegressionInput, _ options: RegressionOptions) throws -> RegressionFit {
  let rows = try transformed(input, options)
  let (n, names) = (rows.response.count, rows.names)
  let absorbedDF = rows.absorption?.degreesOfFreedom ?? 0
  let model = try solveRidged(rows, ridge: options.ridge)
  let k = model.kept.count
  guard k > 0 else { throw RegressionError.noCoefficients(dropped: names) }
  guard n > k + absorbedDF else {
    throw RegressionError.tooFewRows(rows: n, coefficients: n > k ? k : names.count, absorbed: absorbedDF)
  }
  let effective = options.ridge > 0 ? effectiveParameters(model, rows, ridge: options.ridge) : Double(k)
  let residualDF = Double(n - absorbedDF) - effective
  let scores =
    rows.weights.map { weights in zip(weights, model.residuals).map { $0 * $1 } } ?? model.residuals
  let solved = SolvedRows(
    design: k == names.count ? rows.design : rows.design.selecting(columns: model.kept), scoreFactors: scores,
    weights: rows.weights, inverseGram: model.inverseGram, inverseTriangle: model.inverseTriangle,
    absorption: rows.absorption, source: rows.source)
  let variance = model.residualSumOfSquares / residualDF
  let counts = CovarianceCounts(
    rows: n, coefficients: k, absorbed: rows.absorption?.groupings ?? [], absorbedDF: absorbedDF,
    residualDF: rows.isAsymptotic ? .infinity : residualDF, dispersion: variance,
    indicators: input.indicatorPlaces(model.kept.map { names[$0] }))
  var covariance = try solved.covariance(
    options.covariance, options.smallSample, counts: counts, panel: options.panel)
  if options.ridge > 0, case .iid = options.covariance {
    covariance.matrix = ridgeCovariance(model, rows, ridge: options.ridge, variance: variance)
  }
  let measures = linearMeasures(input, rows, model, effective: effective, residualDF: residualDF)
  return RegressionFit(
    coefficients: stated(model.coefficients, model.kept.map { names[$0] }, covariance, level: options.level),
    covariance: covariance.matrix, dropped: model.dropped.map { names[$0] }, rows: n, residualDF: residualDF,
    absorbedDF: absorbedDF, statisticDF: covariance.statisticDF, residuals: model.residuals,
    observed: rows.source == .same ? input.response : rows.response, means: nil,
    measures: measures,
    covarianceName: options.covariance.name, adjustment: covariance.adjustment,
    conditionNumber: model.condition,
    iterations: rows.iterations,
    notes: rows.notes + covariance.notes + conditionNote(model, names), solved: solved)
}

/// Estimates with their tests and intervals.
func stated(
  _ estimates: [Double], _ names: [String], _ covariance: EstimatedCovariance, level: Double
) -> [Coefficient] {
  let width = studentTwoSidedQuantile(level: level, df: covariance.statisticDF)
  return estimates.indices.map { k in
    let error = max(covariance.matrix[k, k], 0).squareRoot()
    let statistic = estimates[k] / error
    return Coefficient(
      name: names[k], estimate: estimates[k], standardError: error, statistic: statistic,
      pValue: studentTwoSided(statistic, df: covariance.statisticDF),
      low: estimates[k] - width * error, high: estimates[k] + width * error)
  }
}

// MARK: Ridge

/// √λ·I stacked under the design, the intercept's row left out.
func solveRidged(_ rows: LinearRows, ridge: Double) throws(LinearAlgebraError) -> LinearModel {
  let (n, p, first) = (rows.response.count, rows.names.count, rows.hasIntercept ? 1 : 0)
  guard ridge > 0 else {
    return try LinearModel.solve(
      LinearModelProblem(
        design: rows.design, response: rows.response, weights: rows.weights,
        interceptColumn: rows.hasIntercept ? 0 : nil, referenceLengths: rows.referenceLengths))
  }
  var stacked = Matrix(rows: n + p - first, columns: p)
  for j in 0..<p {
    for i in 0..<n { stacked[i, j] = rows.design[i, j] }
    if j >= first { stacked[n + j - first, j] = ridge.squareRoot() }
  }
  let zeros = [Double](repeating: 0, count: p - first)
  let model = try LinearModel.solve(
    LinearModelProblem(
      design: stacked, response: rows.response + zeros,
      weights: rows.weights.map { $0 + [Double](repeating: 1, count: p - first) }))
  let residuals = Array(model.residuals.prefix(n))
  var squares = 0.0
  for i in 0..<n { squares += (rows.weights?[i] ?? 1) * residuals[i] * residuals[i] }
  return model.stated(residuals: residuals, residualSumOfSquares: squares)
}

/// tr H = p − λ·tr B over the penalised coefficients, B = (X'WX + λD)⁻¹.
private func effectiveParameters(_ model: LinearModel, _ rows: LinearRows, ridge: Double) -> Double {
  penalised(model, rows).reduce(Double(model.kept.count)) { $0 - ridge * model.inverseGram[$1, $1] }
}

/// s²·B·X'WX·B = s²·(B − λ·B·D·B).
private func ridgeCovariance(_ model: LinearModel, _ rows: LinearRows, ridge: Double, variance: Double)
  -> Matrix
{
  let part = model.inverseGram.selecting(columns: penalised(model, rows))
  let inner = part.times(part, transposeOther: true)
  return Matrix(
    rows: inner.rows, columns: inner.columns,
    elements: zip(model.inverseGram.elements, inner.elements).map { variance * ($0 - ridge * $1) })
}

private func penalised(_ model: LinearModel, _ rows: LinearRows) -> [Int] {
  model.kept.indices.filter { !(rows.hasIntercept && model.kept[$0] == 0) }
}

// MARK: Measures

private func linearMeasures(
  _ input: RegressionInput, _ rows: LinearRows, _ model: LinearModel, effective: Double, residualDF: Double
) -> FitMeasures {
  var measures = FitMeasures()
  let (n, rss) = (Double(rows.response.count), model.residualSumOfSquares)
  let sweeps = rows.absorption != nil
  let isCentred = rows.hasIntercept || rows.isCentred || sweeps
  let whole = sweeps ? subtracting(input.offset, from: input.response) : rows.response
  let total = weightedSquares(whole, weights: rows.weights, centred: isCentred)
  if total > 0 {
    let isMeanOnly = rows.hasIntercept && model.kept == [0]
    let share = isMeanOnly ? 0 : 1 - rss / total
    measures.rSquared = share
    measures.adjustedRSquared = 1 - (1 - share) * (n - (isCentred ? 1 : 0)) / residualDF
  }
  if sweeps {
    let within = weightedSquares(rows.response, weights: rows.weights, centred: false)
    if within > 0 { measures.withinRSquared = 1 - rss / within }
  }
  measures.residualSD = (rss / residualDF).squareRoot()
  measures.deviance = rss
  if rss > 0 {
    var logWeights = 0.0
    if let weights = rows.weights { for weight in weights { logWeights += log(weight) } }
    let value = 0.5 * (logWeights - n * (log(2 * Double.pi) + 1 - log(n) + log(rss)))
    let parameters = effective + Double(rows.absorption?.degreesOfFreedom ?? 0) + 1
    measures.logLikelihood = value
    measures.aic = -2 * value + 2 * parameters
    measures.bic = -2 * value + log(n) * parameters
  }
  measures.extras = rows.extras
  return measures
}

func subtracting(_ offset: [Double]?, from values: [Double]) -> [Double] {
  offset.map { zip(values, $0).map { $0 - $1 } } ?? values
}

func conditionNote(_ model: LinearModel, _ names: [String]) -> [Bilingual] {
  guard model.scaledCondition > 1e6 else { return [] }
  // Columns whose variance collinearity inflates most.
  var inflated: [(name: String, factor: Double)] = []
  for (k, j) in model.kept.enumerated() {
    let length = (0...k).reduce(0.0) { $0 + model.triangle[$1, k] * model.triangle[$1, k] }
    inflated.append((names[j], model.inverseGram[k, k] * length))
  }
  let worst = inflated.sorted { $0.factor > $1.factor }.prefix(3).map(\.name)
  return [
    Bilingual(
      zh: "\(worst.joined(separator: "、")) 几乎重复其他列（条件数 \(short(model.scaledCondition))）：系数对数据的微小改动非常敏感",
      en:
        "\(worst.joined(separator: ", ")) nearly repeat other columns (condition \(short(model.scaledCondition))): coefficients react to the smallest change of the data"
    )
  ]
}

private func short(_ number: Double) -> String { String(format: "%.1e", number) }
