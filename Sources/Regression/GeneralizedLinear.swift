import Foundation
import LinearAlgebra
import Messages
import Probability

/// Fisher scoring: weighted least squares on the working response until the predictor stands still,
/// halving steps that raise the deviance.
///
/// Standard errors use the observed information, as Stata and Greene do; with a canonical link it equals
/// the expected one of R `glm`. Source: McCullagh & Nelder (1989) §2.5.
func regressGeneralized(
  _ input: RegressionInput, _ options: RegressionOptions, _ link: Link
) throws -> RegressionFit {
  let family = options.family
  guard link.suits(family) else { throw RegressionError.unsuitableLink(link, family) }
  guard options.effects == nil else { throw RegressionError.effectsOfNonlinear }
  if let row = input.response.firstIndex(where: { !family.contains($0) }) {
    throw RegressionError.responseOutOfRange(family: family.rawValue, row: row, value: input.response[row])
  }
  var scoring = FisherScoring(input, options, link)
  try scoring.run()
  return try scoring.fit()
}

extension RegressionError {
  fileprivate static func unsuitableLink(_ link: Link, _ family: Family) -> RegressionError {
    .unsupported(
      Bilingual(
        zh: "\(family.rawValue) 分布没有 \(link.rawValue) 链接",
        en: "the \(family.rawValue) family has no \(link.rawValue) link"),
      hint: Bilingual(
        zh: "可用：\(Link.allCases.filter { $0.suits(family) }.map(\.rawValue).joined(separator: "、"))",
        en: "use one of: \(Link.allCases.filter { $0.suits(family) }.map(\.rawValue).joined(separator: ", "))"
      ))
  }

  fileprivate static var effectsOfNonlinear: RegressionError {
    .unsupported(
      Bilingual(zh: "--effects 只用于线性模型", en: "--effects is for linear models only"),
      hint: Bilingual(zh: "用 --absorb 吸收固定效应", en: "sweep fixed effects out with --absorb"))
  }
}

private struct FisherScoring {
  let input: RegressionInput
  let options: RegressionOptions
  let link: Link
  let design: Matrix
  let names: [String]
  let hasIntercept: Bool
  var predictor: [Double]
  var deviance: Double
  var iterations = 0
  var step: Step?

  /// One weighted least-squares step.
  struct Step {
    let model: LinearModel
    let design: Matrix
    let weights: [Double]
    let absorption: Absorption?
    /// Where the predictor goes.
    let target: [Double]
  }

  init(_ input: RegressionInput, _ options: RegressionOptions, _ link: Link) {
    (self.input, self.options, self.link) = (input, options, link)
    let absorbs = !options.absorb.isEmpty && input.hasIntercept
    design = absorbs ? input.design.selecting(columns: Array(1..<input.design.columns)) : input.design
    names = Array(input.names.dropFirst(absorbs ? 1 : 0))
    hasIntercept = input.hasIntercept && !absorbs
    predictor = Self.start(input, options.family, link)
    deviance = .infinity
  }

  /// Near the response itself; with a link that lets a mean leave its range, at the mean of the response, from
  /// where every step is bounded.
  private static func start(_ input: RegressionInput, _ family: Family, _ link: Link) -> [Double] {
    if family != .gaussian, link == .identity || (family == .binomial && link == .log) {
      let weights = input.weights ?? [Double](repeating: 1, count: input.rows)
      let mean = zip(weights, input.response).reduce(0) { $0 + $1.0 * $1.1 } / weights.reduce(0, +)
      let inside = family == .poisson ? max(mean, 1e-8) : min(max(mean, 1e-8), 1 - 1e-8)
      return [Double](repeating: link.predictor(inside), count: input.rows)
    }
    return input.response.indices.map { i in
      let mean = family.startingMean(input.response[i], weight: input.weights?[i] ?? 1)
      let isLogOfGaussian = link == .log && family == .gaussian
      return link.predictor(isLogOfGaussian ? max(mean, 1e-3) : mean)
    }
  }

  mutating func run() throws {
    var slow = 0
    for _ in 0..<200 {
      let next = try advance()
      iterations += 1
      let (before, old) = (deviance, predictor)
      try move(towards: next.target)
      step = next
      let largest = zip(predictor, old).reduce(0) { max($0, abs($1.0 - $1.1)) }
      let size = predictor.reduce(0) { max($0, abs($1)) }
      if largest <= 1e-10 * (1 + size) { return }
      // The deviance stands still while some predictors keep running: they run to infinity.
      let isStill = abs(before - deviance) <= 1e-7 * (abs(deviance) + 0.1)
      slow = isStill && largest > 0.02 ? slow + 1 : 0
      if slow >= 5 { throw try separation(old) }
    }
    throw RegressionError.noConvergence(what: "\(options.family.rawValue)", iterations: iterations)
  }

  private func advance() throws -> Step {
    let n = input.rows
    var (working, weights) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
    for i in 0..<n {
      let eta = predictor[i]
      let slope = max(link.slope(eta), 1e-290)
      working[i] = eta + residual(i, eta) / slope - (input.offset?[i] ?? 0)
      weights[i] = max((input.weights?[i] ?? 1) * slope * slope / variance(eta), 1e-290)
    }
    var rows = LinearRows(
      response: working, design: design, names: names, hasIntercept: hasIntercept, weights: weights)
    if !options.absorb.isEmpty {
      let absorption = Absorption(options.absorb, weights: weights)
      let left = try absorption.residuals(working, design)
      (rows.response, rows.design, rows.referenceLengths) = (left.response, left.design, left.lengths)
      rows.absorption = absorption
    }
    let model = try solveRidged(rows, ridge: options.ridge)
    let (absorbed, k) = (rows.absorption?.degreesOfFreedom ?? 0, model.kept.count)
    guard k > 0 else { throw RegressionError.noCoefficients(dropped: names) }
    guard n > k + absorbed else {
      throw RegressionError.tooFewRows(rows: n, coefficients: n > k ? k : names.count, absorbed: absorbed)
    }
    let target = (0..<n).map { i in
      min(max(working[i] - model.residuals[i] + (input.offset?[i] ?? 0), -link.limit), link.limit)
    }
    return Step(
      model: model, design: rows.design, weights: weights, absorption: rows.absorption, target: target)
  }

  /// Goes to the target, or half-way again and again while the deviance would rise or a mean leave its range.
  private mutating func move(towards target: [Double]) throws {
    var share = 1.0
    for _ in 0..<40 {
      let trial = share == 1 ? target : zip(predictor, target).map { $0 + share * ($1 - $0) }
      let reached = total(trial)
      let isBetter = reached <= deviance * (1 + 1e-9) + 1e-9 || options.ridge > 0
      if reached.isFinite, isBetter {
        (predictor, deviance) = (trial, reached)
        return
      }
      share /= 2
    }
    throw RegressionError.noConvergence(
      what: "\(options.family.rawValue) (\(link.rawValue))", iterations: iterations)
  }

  private func total(_ predictor: [Double]) -> Double {
    var sum = 0.0
    for i in predictor.indices {
      let mean = link.mean(predictor[i])
      if options.family == .poisson, mean <= 0 { return .nan }
      if options.family == .binomial, mean < 0 || link.complement(predictor[i]) < 0 { return .nan }
      sum += (input.weights?[i] ?? 1) * unitDeviance(i, predictor[i])
    }
    return sum
  }

  private func unitDeviance(_ i: Int, _ eta: Double) -> Double {
    guard options.family == .binomial else {
      return options.family.deviance(input.response[i], link.mean(eta))
    }
    let (y, mean, rest) = (input.response[i], link.mean(eta), link.complement(eta))
    return 2 * ((y == 0 ? 0 : y * log(y / mean)) + (y == 1 ? 0 : (1 - y) * log((1 - y) / rest)))
  }

  /// y − mean, without cancellation near 1.
  private func residual(_ i: Int, _ eta: Double) -> Double {
    let y = input.response[i]
    return options.family == .binomial && y > 0.5 ? link.complement(eta) - (1 - y) : y - link.mean(eta)
  }

  private func variance(_ eta: Double) -> Double {
    options.family == .binomial
      ? max(link.mean(eta) * link.complement(eta), 1e-290)
      : max(options.family.variance(link.mean(eta)), 1e-290)
  }

  /// Names the columns along which the running rows run.
  private func separation(_ old: [Double]) throws -> RegressionError {
    let running = predictor.indices.filter { abs(predictor[$0] - old[$0]) > 0.01 }
    guard let step else { return .separation(columns: names, rows: running) }
    let kept = step.model.kept
    let direction = try LinearModel.solve(
      LinearModelProblem(
        design: design.selecting(columns: kept), response: zip(predictor, old).map { $0 - $1 },
        interceptColumn: hasIntercept ? 0 : nil))
    var columns: [String] = []
    for (k, change) in zip(direction.kept, direction.coefficients) where !(hasIntercept && kept[k] == 0) {
      let values = design.column(kept[k])
      let range = (values.max() ?? 0) - (values.min() ?? 0)
      if abs(change) * range > 0.01 { columns.append(names[kept[k]]) }
    }
    if columns.isEmpty { columns = options.absorb.isEmpty ? names : options.absorb.map(\.name) }
    return .separation(columns: columns, rows: running)
  }

  func fit() throws -> RegressionFit {
    guard let step else { preconditionFailure("run comes before fit") }
    let (n, model, k) = (input.rows, step.model, step.model.kept.count)
    let absorbedDF = step.absorption?.degreesOfFreedom ?? 0
    let residualDF = Double(n - k - absorbedDF)
    let scores = zip(step.weights, model.residuals).map { $0 * $1 }
    let design = k == names.count ? step.design : step.design.selecting(columns: model.kept)
    let observed = try observedInformation(design)
    let solved = SolvedRows(
      design: design, scoreFactors: scores, weights: step.weights, inverseGram: observed ?? model.inverseGram,
      inverseTriangle: model.inverseTriangle,
      absorption: step.absorption, source: .same)
    let isGaussian = options.family == .gaussian
    let counts = CovarianceCounts(
      rows: n, coefficients: k, absorbed: options.absorb, absorbedDF: absorbedDF,
      residualDF: isGaussian ? residualDF : .infinity, dispersion: isGaussian ? deviance / residualDF : 1,
      indicators: input.indicatorPlaces(model.kept.map { names[$0] }))
    var covariance = try solved.covariance(
      options.covariance, options.smallSample, counts: counts, panel: options.panel)
    if !isGaussian {
      covariance.statisticDF = .infinity
      if case .iid = options.covariance {
        covariance.adjustment = "\(observed == nil ? "expected" : "observed") information; dispersion 1"
      }
    }
    let means = predictor.map(link.mean)
    return RegressionFit(
      coefficients: stated(
        model.coefficients, model.kept.map { names[$0] }, covariance, level: options.level),
      covariance: covariance.matrix, dropped: model.dropped.map { names[$0] }, rows: n,
      residualDF: residualDF,
      absorbedDF: absorbedDF, statisticDF: covariance.statisticDF,
      residuals: zip(input.response, means).map { $0 - $1 }, observed: input.response, means: means,
      measures: measures(k + absorbedDF, residualDF),
      covarianceName: options.covariance.name, adjustment: covariance.adjustment,
      conditionNumber: model.condition,
      iterations: iterations, notes: fractionNote + covariance.notes + conditionNote(model, names),
      solved: solved)
  }

  /// (−∂²ℓ/∂b∂b')⁻¹ where it differs from the expected information: w − (y − μ)(μ''V − μ'²V')/V². Nil
  /// with a canonical link, absorbed effects or a penalty, and where it is not positive definite.
  private func observedInformation(_ design: Matrix) throws(LinearAlgebraError) -> Matrix? {
    let family = options.family
    guard link != family.canonicalLink, options.absorb.isEmpty, options.ridge == 0 else { return nil }
    let weights = input.response.indices.map { i -> Double in
      let eta = predictor[i]
      let (slope, variance) = (link.slope(eta), variance(eta))
      let bend = link.curvature(eta) * variance - slope * slope * family.varianceSlope(link.mean(eta))
      return (input.weights?[i] ?? 1)
        * (slope * slope / variance - residual(i, eta) * bend / (variance * variance))
    }
    if weights.allSatisfy({ $0 > 1e-290 }) {
      let model = try LinearModel.solve(
        LinearModelProblem(
          design: design, response: weights, weights: weights, interceptColumn: hasIntercept ? 0 : nil))
      return model.dropped.isEmpty ? model.inverseGram : nil
    }
    let (up, down) = (
      design.scaledGram(weights.map { max($0, 0).squareRoot() }),
      design.scaledGram(weights.map { max(-$0, 0).squareRoot() })
    )
    let information = Matrix(
      rows: up.rows, columns: up.columns, elements: zip(up.elements, down.elements).map { $0 - $1 })
    let eigen = try SymmetricEigen(information, name: "the information")
    guard let lowest = eigen.values.first, let highest = eigen.values.last, lowest > 1e-14 * highest else {
      return nil
    }
    return try Cholesky(information, name: "the information").solve(.identity(up.rows))
  }

  private var fractionNote: [Bilingual] {
    guard options.family == .binomial, case .iid = options.covariance, input.weights == nil,
      input.response.contains(where: { $0 > 0 && $0 < 1 })
    else { return [] }
    return [
      Bilingual(
        zh: "因变量是比例而不是 0/1：iid 标准误不成立，请用 --vcov HC0（Papke 与 Wooldridge 1996）",
        en:
          "the response is a share, not 0/1: iid errors do not hold, use --vcov HC0 (Papke & Wooldridge 1996)"
      )
    ]
  }

  private func measures(_ parameters: Int, _ residualDF: Double) -> FitMeasures {
    var measures = FitMeasures()
    let n = Double(input.rows)
    measures.deviance = deviance
    let likelihood = logLikelihood()
    let counted = Double(parameters + (options.family == .gaussian ? 1 : 0))
    measures.logLikelihood = likelihood
    measures.aic = -2 * likelihood + 2 * counted
    measures.bic = -2 * likelihood + log(n) * counted
    if options.family == .gaussian { measures.residualSD = (deviance / residualDF).squareRoot() }
    return measures
  }

  private func logLikelihood() -> Double {
    let y = input.response
    func weight(_ i: Int) -> Double { input.weights?[i] ?? 1 }
    switch options.family {
    case .gaussian:
      let n = Double(y.count)
      let logWeights = y.indices.reduce(0) { $0 + log(weight($1)) }
      return 0.5 * (logWeights - n * (log(2 * Double.pi) + 1 - log(n) + log(deviance)))
    case .poisson:
      return y.indices.reduce(0) { sum, i in
        let mean = link.mean(predictor[i])
        return sum + weight(i) * ((y[i] == 0 ? 0 : y[i] * log(mean)) - mean - logGamma(y[i] + 1))
      }
    case .binomial:
      // Whole trials get their binomial coefficients; shares keep the quasi-likelihood.
      let isCounted = y.indices.allSatisfy { i in
        let (m, s) = (weight(i), weight(i) * y[i])
        return abs(m - m.rounded()) < 1e-7 && abs(s - s.rounded()) < 1e-7
      }
      return y.indices.reduce(0) { sum, i in
        let (m, s) = (weight(i), weight(i) * y[i])
        let ways = isCounted ? logGamma(m + 1) - logGamma(s + 1) - logGamma(m - s + 1) : 0
        let (mean, rest) = (link.mean(predictor[i]), link.complement(predictor[i]))
        return sum + ways + m
          * ((y[i] == 0 ? 0 : y[i] * log(mean)) + (y[i] == 1 ? 0 : (1 - y[i]) * log(rest)))
      }
    }
  }
}
