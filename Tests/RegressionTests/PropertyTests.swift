import Foundation
import LinearAlgebra
import Probability
import TestSupport
import Testing

@testable import Regression

/// y on two regressors in `groups` × `periods` cells with holes.
private struct Sample {
  var y: [Double] = []
  var x: [Double] = []
  var z: [Double] = []
  var entity: [Int] = []
  var time: [Int] = []

  init(groups: Int, periods: Int, seed: UInt64, holes: Bool = true) {
    var generator = SeededGenerator(seed: seed)
    func draw() -> Double { Double.random(in: -1...1, using: &generator) }
    for g in 0..<groups {
      let effect = draw()
      for t in 0..<periods where !holes || draw() > -0.6 {
        let (first, second) = (draw() + effect, draw())
        x.append(first)
        z.append(second)
        y.append(1 + 0.5 * first - 2 * second + effect + 0.1 * Double(t) + 0.3 * draw())
        entity.append(g)
        time.append(t)
      }
    }
  }

  var input: RegressionInput { RegressionInput(response: y, columns: [("x", x), ("z", z)]) }
  var entities: Grouping { Grouping(name: "entity", values: entity) }
  var times: Grouping { Grouping(name: "time", ordered: time) }

  /// The same model with explicit indicator columns.
  func withIndicators(of lists: [[Int]]) -> RegressionInput {
    var columns: [(name: String, values: [Double])] = [("x", x), ("z", z)]
    for (k, codes) in lists.enumerated() {
      for level in Set(codes).sorted().dropFirst() {
        columns.append(("d\(k)_\(level)", codes.map { $0 == level ? 1 : 0 }))
      }
    }
    return RegressionInput(response: y, columns: columns)
  }
}

private func agree(_ a: RegressionFit, _ b: RegressionFit, relative: Double = 1e-10) throws {
  for name in ["x", "z"] {
    let (own, other) = (try #require(a[name]), try #require(b[name]))
    #expect(
      close(own.estimate, other.estimate, relative: relative), "\(name) \(own.estimate) \(other.estimate)")
    #expect(close(own.standardError, other.standardError, relative: relative), "se \(name)")
  }
}

@Suite struct AbsorptionTests {
  @Test(arguments: 0..<6 as Range<UInt64>)
  func sweepingEqualsIndicators(seed: UInt64) throws {
    let sample = Sample(groups: 12, periods: 7, seed: seed)
    let third = sample.entity.map { $0 * 7 % 5 + ($0 + 1) % 2 }
    var options = RegressionOptions()
    options.absorb = [sample.entities, sample.times]
    try agree(
      try regress(sample.input, options),
      try regress(sample.withIndicators(of: [sample.entity, sample.time])))
    // Weighted.
    var (weighted, indicators) = (sample.input, sample.withIndicators(of: [sample.entity, sample.time]))
    weighted.weights = sample.x.map { 1.5 + $0 * $0 }
    indicators.weights = weighted.weights
    try agree(try regress(weighted, options), try regress(indicators))
    // A grouping that the entities determine changes nothing; a mixed third one does.
    options.absorb.append(Grouping(name: "third", values: third))
    let fit = try regress(sample.input, options)
    try agree(fit, try regress(sample.withIndicators(of: [sample.entity, sample.time])))
    options.absorb[2] = Grouping(name: "mixed", values: sample.y.indices.map { $0 * 7 % 4 })
    try agree(
      try regress(sample.input, options),
      try regress(
        sample.withIndicators(of: [sample.entity, sample.time, sample.y.indices.map { $0 * 7 % 4 }])),
      relative: 1e-9)
  }

  @Test func heteroskedasticErrorsCountTheEffectsLeverage() throws {
    let sample = Sample(groups: 10, periods: 6, seed: 3)
    for kind in HeteroskedasticKind.allCases {
      var options = RegressionOptions()
      options.covariance = .heteroskedastic(kind)
      let full = try regress(sample.withIndicators(of: [sample.entity]), options)
      options.absorb = [sample.entities]
      try agree(try regress(sample.input, options), full)
      // Two effects in unbalanced data, with weights.
      var (weighted, indicators) = (sample.input, sample.withIndicators(of: [sample.entity, sample.time]))
      weighted.weights = sample.z.map { 2 + $0 }
      indicators.weights = weighted.weights
      options.absorb = []
      let both = try regress(indicators, options)
      options.absorb = [sample.entities, sample.times]
      try agree(try regress(weighted, options), both)
    }
  }

  /// The large-data route skips a look at every number; the same words must come out.
  @Test func numbersThatCannotBeSquaredAreNamedInLargeData() {
    let n = 200_000
    func input(_ value: Double) -> RegressionInput {
      let x = (0..<n).map { Double($0 % 17) }
      let z = (0..<n).map { $0 == 77_777 ? value : Double($0 % 5) }
      return RegressionInput(response: x, columns: [("x", x.map { $0 * $0 }), ("z", z), ("w", x.map(sin))])
    }
    #expect(throws: RegressionError.extremeScale(input: "z", size: 1e150)) { try regress(input(1e150)) }
    #expect(throws: RegressionError.notFinite(input: "z")) { try regress(input(.infinity)) }
    #expect(throws: RegressionError.notFinite(input: "z")) { try regress(input(.nan)) }
  }

  @Test func unconnectedGroupsAreCountedRight() throws {
    // Two blocks of entities that share no period: one more parameter is lost.
    var sample = Sample(groups: 8, periods: 5, seed: 9, holes: false)
    for i in sample.time.indices where sample.entity[i] >= 4 { sample.time[i] += 5 }
    var options = RegressionOptions()
    options.absorb = [sample.entities, sample.times]
    let fit = try regress(sample.input, options)
    #expect(fit.absorbedDF == 8 + 10 - 2)
    let full = try regress(sample.withIndicators(of: [sample.entity, sample.time]))
    #expect(fit.residualDF == full.residualDF)
    try agree(fit, full)
  }

  @Test func conjugateGradientsReachTheDirectSolution() throws {
    // More groups than the direct solution takes.
    var generator = SeededGenerator(seed: 5)
    let n = 12_000
    let first = (0..<n).map { _ in Int32.random(in: 0..<3000, using: &generator) }
    let second = (0..<n).map { _ in Int32.random(in: 0..<2000, using: &generator) }
    let column = (0..<n).map { _ in Double.random(in: -1...1, using: &generator) }
    let groupings = [Grouping(name: "a", codes: first), Grouping(name: "b", codes: second)]
    let left = try Absorption(groupings, weights: nil).residuals(column, Matrix(rows: n, columns: 0))
    #expect(left.iterations > 0)
    for grouping in groupings {
      var sums = [Double](repeating: 0, count: grouping.count)
      for (code, value) in zip(grouping.codes, left.response) { sums[Int(code)] += value }
      #expect(sums.allSatisfy { abs($0) < 1e-10 })
    }
  }

  @Test func predictionsIncludeTheEffects() throws {
    let sample = Sample(groups: 6, periods: 5, seed: 2)
    var options = RegressionOptions()
    options.absorb = [sample.entities, sample.times]
    let fit = try regress(sample.input, options)
    let predictor = EffectPredictor(fit, sample.input, options)
    let predicted = predictor.predicted(sample.input.design, codes: options.absorb.map(\.codes))
    for i in predicted.indices {
      #expect(close(predicted[i], fit.fitted[i], relative: 1e-10, absolute: 1e-11))
    }
    var codes = options.absorb.map(\.codes)
    codes[0] = codes[0].map { _ in -1 }
    let unseen = predictor.predicted(sample.input.design, codes: codes)
    #expect(
      close(unseen[0] - predicted[0], predictor.meanEffects[0] - predictor.effects[0][0], absolute: 1e-12))
  }
}

@Suite struct CollinearityTests {
  @Test(arguments: [0.0, 1e-14, 1e-12])
  func repetitionsAreNamedAndNeverFitted(noise: Double) throws {
    let sample = Sample(groups: 10, periods: 6, seed: 1)
    var generator = SeededGenerator(seed: 8)
    let copy = zip(sample.x, sample.z).map {
      $0 - 3 * $1 + noise * Double.random(in: -1...1, using: &generator)
    }
    let fit = try regress(
      RegressionInput(response: sample.y, columns: [("x", sample.x), ("z", sample.z), ("copy", copy)]))
    #expect(fit.dropped == ["copy"])
    #expect(fit.coefficients.allSatisfy { abs($0.estimate) < 10 })
  }

  @Test func nearRepetitionsAreFittedButSaid() throws {
    let sample = Sample(groups: 10, periods: 6, seed: 1)
    var generator = SeededGenerator(seed: 8)
    let copy = sample.x.map { $0 + 1e-7 * Double.random(in: -1...1, using: &generator) }
    let fit = try regress(RegressionInput(response: sample.y, columns: [("x", sample.x), ("copy", copy)]))
    #expect(fit.dropped.isEmpty)
    #expect(fit.notes.contains { $0.en.contains("nearly repeat") && $0.en.contains("copy") })
    #expect(fit.varianceInflation.compactMap(\.self).allSatisfy { $0 > 1e12 })
  }

  @Test func whatAnAbsorbedEffectExplainsIsDropped() throws {
    let sample = Sample(groups: 10, periods: 6, seed: 4)
    var options = RegressionOptions()
    options.absorb = [sample.entities]
    let constant = sample.entity.map { Double($0 * $0) + 0.1 }
    let fit = try regress(
      RegressionInput(response: sample.y, columns: [("size", constant), ("x", sample.x), ("z", sample.z)]),
      options)
    #expect(fit.dropped == ["size"])
    #expect(fit.names == ["x", "z"])
  }

  @Test func tooFewRowsAreCounted() {
    let input = RegressionInput(
      response: [1, 2, 4], columns: [("a", [1, 2, 4]), ("b", [1, 4, 2]), ("c", [0, 1, 9])])
    #expect(throws: RegressionError.tooFewRows(rows: 3, coefficients: 4, absorbed: 0)) { try regress(input) }
    #expect(
      RegressionError.tooFewRows(rows: 3, coefficients: 4, absorbed: 0).message.en.hasSuffix(
        "at least 2 more rows are missing"))
  }

  @Test func valuesWhoseSquaresOverflowAreRefused() {
    // A response may have any scale (see `ResponseScaleTests`); a regressor may not.
    let input = RegressionInput(response: [1, 2, 3, 5], columns: [("a", [1e200, 2e200, 4e200, 3e200])])
    #expect(throws: RegressionError.extremeScale(input: "a", size: 4e200)) { try regress(input) }
  }
}

@Suite struct EstimatorTests {
  /// Ridge by its normal equations, worked in the test.
  @Test func ridgeSolvesItsNormalEquations() throws {
    let sample = Sample(groups: 6, periods: 5, seed: 7)
    var options = RegressionOptions()
    options.ridge = 2.5
    let fit = try regress(sample.input, options)
    let x = sample.input.design
    var system = x.gram
    for j in 1..<3 { system[j, j] += 2.5 }
    let right = x.times(sample.y, transposeSelf: true)
    let expected = try solve(system, Matrix(rows: 3, columns: 1, elements: right), name: "X'X").elements
    for (a, b) in zip(fit.estimates, expected) { #expect(close(a, b, relative: 1e-12)) }
    let inverse = try solve(system, .identity(3), name: "X'X")
    let hat = inverse.times(x.gram)
    #expect(
      close(fit.residualDF, Double(sample.y.count) - hat[0, 0] - hat[1, 1] - hat[2, 2], relative: 1e-12))
    let s2 = fit.residuals.reduce(0) { $0 + $1 * $1 } / fit.residualDF
    let covariance = hat.times(inverse)
    for k in 0..<3 { #expect(close(fit.covariance[k, k], s2 * covariance[k, k], relative: 1e-10)) }
    #expect(fit.residuals.count == sample.y.count)
  }

  /// A new unit of a column only rescales; row order does not matter.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func unitsAndOrderDoNotMatter(seed: UInt64) throws {
    let sample = Sample(groups: 8, periods: 5, seed: seed)
    var options = RegressionOptions()
    options.covariance = .clustered([sample.entities])
    let fit = try regress(sample.input, options)
    let rescaled = try regress(
      RegressionInput(
        response: sample.y, columns: [("x", sample.x.map { $0 * 1e6 + 5e8 }), ("z", sample.z)]), options)
    #expect(close(rescaled.estimates[1] * 1e6, fit.estimates[1], relative: 1e-8))
    #expect(close(rescaled.coefficients[1].statistic, fit.coefficients[1].statistic, relative: 1e-8))
    let order = Array(sample.y.indices.reversed())
    var reversed = sample.input
    reversed.response = order.map { sample.y[$0] }
    for j in 0..<3 { for (k, i) in order.enumerated() { reversed.design[k, j] = sample.input.design[i, j] } }
    options.covariance = .clustered([sample.entities.rows(order)])
    let again = try regress(reversed, options)
    for (a, b) in zip(again.coefficients, fit.coefficients) {
      #expect(close(a.estimate, b.estimate, relative: 1e-12))
      #expect(close(a.standardError, b.standardError, relative: 1e-12))
    }
  }

  @Test func influenceAgreesWithLeavingRowsOut() throws {
    let sample = Sample(groups: 5, periods: 5, seed: 12)
    let fit = try regress(sample.input)
    let (leverages, cooks, student) = (
      try #require(fit.leverages), try #require(fit.cooksDistances), try #require(fit.studentizedResiduals)
    )
    #expect(close(leverages.reduce(0, +), 3, relative: 1e-12))
    let n = sample.y.count
    for i in [0, 4, n - 1] {
      let rest = (0..<n).filter { $0 != i }
      let without = try regress(
        RegressionInput(
          response: rest.map { sample.y[$0] },
          columns: [("x", rest.map { sample.x[$0] }), ("z", rest.map { sample.z[$0] })]))
      let moved = zip(fit.fitted.indices, fit.fitted).reduce(0.0) { sum, pair in
        let other =
          without.estimates[0] + without.estimates[1] * sample.x[pair.0] + without.estimates[2]
          * sample.z[pair.0]
        return sum + (pair.1 - other) * (pair.1 - other)
      }
      let sd = try #require(fit.measures.residualSD)
      #expect(close(cooks[i], moved / (3 * sd * sd), relative: 1e-9))
      let outside =
        sample.y[i] - without.estimates[0] - without.estimates[1] * sample.x[i] - without.estimates[2]
        * sample.z[i]
      let scale = try #require(without.measures.residualSD) / (1 - leverages[i]).squareRoot()
      #expect(close(student[i], outside / scale, relative: 1e-9))
    }
  }

  @Test func restrictionsAreTestedAsTheirDefinition() throws {
    let sample = Sample(groups: 8, periods: 5, seed: 13)
    let full = try regress(sample.input)
    let small = try regress(RegressionInput(response: sample.y, columns: [("x", sample.x)]))
    // With iid errors Wald's F is the F of the nested fits, and t² for one coefficient.
    let wald = try full.wald([2])
    #expect(close(wald.statistic, nestedTest(small: small, large: full).statistic, relative: 1e-10))
    #expect(close(wald.pValue, full.coefficients[2].pValue, relative: 1e-10))
    let curved = RegressionInput(response: sample.x.map { exp(2 * $0) }, columns: [("x", sample.x)])
    #expect(try reset(curved).pValue < 1e-6)
    #expect(jarqueBera(full.residuals).pValue > 1e-3)
  }

  /// The shortcut of the bootstrap against refitting every draw.
  @Test func wildBootstrapEqualsRefitting() throws {
    let sample = Sample(groups: 6, periods: 4, seed: 21)
    let result = try wildClusterBootstrap(sample.input, coefficient: "x", clusters: sample.entities)
    #expect(result.draws == 64)
    let restricted = try regress(RegressionInput(response: sample.y, columns: [("z", sample.z)]))
    var options = RegressionOptions()
    options.covariance = .clustered([sample.entities])
    let observed = abs(try regress(sample.input, options).coefficients[1].statistic)
    #expect(close(abs(result.statistic), observed, relative: 1e-12))
    var extreme = 0
    for draw in 0..<64 {
      var again = sample.input
      again.response = sample.y.indices.map { i in
        restricted.fitted[i] + (draw >> sample.entity[i] & 1 == 0 ? 1 : -1) * restricted.residuals[i]
      }
      if abs(try regress(again, options).coefficients[1].statistic) >= observed * (1 - 1e-10) { extreme += 1 }
    }
    #expect(close(result.pValue, Double(extreme) / 64))
    // Webb's six multipliers estimate the same share; constant ones would always give 1.
    for (name, clear) in [("x", true), ("(Intercept)", false)] {
      let webb = try wildClusterBootstrap(
        sample.input, coefficient: name, clusters: sample.entities, weights: .webb, draws: 1999, seed: 3)
      let exact = try wildClusterBootstrap(sample.input, coefficient: name, clusters: sample.entities)
      #expect(webb.draws == 1999 && webb.pValue < 1)
      #expect(abs(webb.pValue - exact.pValue) < (clear ? 0.1 : 0.2))
    }
  }

  @Test func jackknifeReducesTheBiasOfThePast() throws {
    var generator = SeededGenerator(seed: 31)
    func normal() -> Double { normalQuantile(Double.random(in: 1e-9..<1, using: &generator)) }
    var (plain, corrected) = (0.0, 0.0)
    let (entities, periods, rho, draws) = (40, 14, 0.5, 12)
    for _ in 0..<draws {
      var (y, x, id, time): ([Double], [Double], [Int], [Int]) = ([], [], [], [])
      for e in 0..<entities {
        let effect = normal()
        var past = effect / (1 - rho)
        for t in -20..<periods {
          let driver = normal()
          past = effect + rho * past + driver + normal()
          if t >= 0 {
            y.append(past)
            x.append(driver)
            id.append(e)
            time.append(t)
          }
        }
      }
      let panel = PanelIndex(
        entity: Grouping(name: "e", values: id), time: Grouping(name: "t", ordered: time))
      let fit = try partialAdjustment(RegressionInput(response: y, columns: [("x", x)]), panel: panel)
      plain += fit.within.estimates[0] / Double(draws)
      corrected += fit.corrected[0] / Double(draws)
      #expect(fit.rows.count == entities * (periods - 1))
      #expect(close(fit.longRun[0].estimate, fit.within.estimates[1] / (1 - fit.within.estimates[0])))
    }
    #expect(plain < rho - 0.02)
    #expect(abs(corrected - rho) < 0.5 * abs(plain - rho))
  }
}

@Suite struct ShrinkageTests {
  @Test func equalVariancesByHand() throws {
    // Mean 2, scatter Σ(b − 2)² = 8 over 2 = 4 = τ² + V, so τ² = 3 and every region keeps 3/4.
    let result = try shrunken([0, 2, 4], variances: [1, 1, 1])
    #expect(close(result.spread, 3, relative: 1e-12) && close(result.mean, 2))
    for (a, b) in zip(result.estimates, [0.5, 2, 3.5]) { #expect(close(a, b, relative: 1e-12)) }
    #expect(result.weights.allSatisfy { close($0, 0.75, relative: 1e-12) })
  }

  @Test func noScatterMeansOneValue() throws {
    let result = try shrunken([1, 1.1, 0.9], variances: [1, 1, 1])
    #expect(result.spread == 0)
    #expect(result.estimates.allSatisfy { close($0, 1) })
  }

  @Test func regionsWithoutTheirOwnEstimateGetTheMean() throws {
    let result = try shrunken([0, .nan, 4, 2], variances: [1, 1, 1, .infinity])
    #expect(close(result.estimates[1], result.mean) && close(result.estimates[3], result.mean))
    #expect(result.variances[1] > result.variances[0])
  }

  @Test func boundsGuardSigns() throws {
    let result = try shrunken(
      [-2, 0.7, 0.9, 3], variances: [0.05, 0.02, 0.02, 0.05], prior: (0.7, 0.0625), bounds: 0...1.5)
    #expect(result.estimates.allSatisfy { (0...1.5).contains($0) })
    #expect(result.bounded == [0, 3])
    #expect(result.estimates[1] < result.estimates[2])
    let only = try shrunken([], variances: [], prior: (0.7, 0.0625))
    #expect(close(only.mean, 0.7))
  }

  @Test func truncatedNormalKnownValues() {
    // Half-normal: mean √(2/π), variance 1 − 2/π.
    let half = truncatedNormal(mean: 0, variance: 1, 0...Double.infinity)
    #expect(close(half.mean, (2 / Double.pi).squareRoot()) && close(half.variance, 1 - 2 / Double.pi))
    let far = truncatedNormal(mean: -9, variance: 1, 0...1)
    #expect(far.mean > 0.1 && far.mean < 0.12)
    let free = truncatedNormal(mean: 3, variance: 2, -1e9...1e9)
    #expect(close(free.mean, 3) && close(free.variance, 2))
  }
}

@Suite struct FractionalSharesTests {
  @Test func twoCategoriesAreAFractionalLogit() throws {
    let g = Grunfeld.columns
    let share = (0..<200).map { g[4][$0] / (g[4][$0] + g[3][$0]) }
    let input = RegressionInput(
      response: share, columns: [("log(inv)", g[2].map { log($0) }), ("year", g[1].map { $0 - 1945 })])
    var options = RegressionOptions()
    (options.family, options.covariance) = (.binomial, .heteroskedastic(.hc0))
    let logit = try regress(input, options)
    let both = Matrix(rows: 200, columns: 2, elements: share + share.map { 1 - $0 })
    let fit = try FractionalShares(
      shares: both, categories: ["capital", "rest"], design: input.design, names: input.names)
    for k in 0..<3 {
      #expect(close(fit.coefficients[k, 0], logit.estimates[k], relative: 1e-9))
      #expect(close(fit.covariance[k, k].squareRoot(), logit.coefficients[k].standardError, relative: 1e-8))
    }
    #expect(close(fit.quasiLikelihood, try #require(logit.measures.logLikelihood), relative: 1e-12))
  }

  @Test func interceptsReproduceTheMeans() throws {
    let shares = Matrix(rowMajor: [[0.5, 0.3, 0.2], [0, 0.6, 0.4], [0.1, 0.9, 0], [1, 0, 0]])
    let fit = try FractionalShares(
      shares: shares, categories: ["a", "b", "c"], design: Matrix(rows: 4, columns: 1, repeating: 1),
      names: ["(Intercept)"])
    let row = fit.shares(Matrix(rows: 1, columns: 1, repeating: 1)).row(0)
    for (a, b) in zip(row, [0.4, 0.45, 0.15]) { #expect(close(a, b, relative: 1e-12)) }
  }

  @Test func rowsThatDoNotAddUpAreNamed() {
    let shares = Matrix(rowMajor: [[0.5, 0.5], [0.5, 0.6]])
    #expect(throws: RegressionError.responseOutOfRange(family: "shares", row: 1, value: 1.1)) {
      try FractionalShares(
        shares: shares, categories: ["a", "b"], design: Matrix(rows: 2, columns: 1, repeating: 1),
        names: ["1"])
    }
  }
}
