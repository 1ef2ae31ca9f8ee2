import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import Regression

@Suite struct GeneralizedLinearTests {
  private var mroz: RegressionInput {
    let m = Mroz.columns
    return RegressionInput(
      response: m[0],
      columns: [
        ("nwifeinc", m[1]), ("educ", m[2]), ("exper", m[3]), ("expersq", m[3].map { $0 * $0 }), ("age", m[4]),
        ("kidslt6", m[5]), ("kidsge6", m[6]),
      ])
  }

  private func binomial(_ link: Link) -> RegressionOptions {
    var options = RegressionOptions()
    (options.family, options.link) = (.binomial, link)
    return options
  }

  /// Oracle. Mroz; Wooldridge, *Introductory Econometrics*, table 17.1.
  @Test func probitOfMroz() throws {
    let fit = try regress(mroz, binomial(.probit))
    let published = [
      (0.2700775274, 0.5085931659), (-0.0120236180, 0.0048398761), (0.1309049245, 0.0252542428),
      (0.1233476308, 0.0187164033), (-0.0018870801, 0.0005999864), (-0.0528527922, 0.0084772371),
      (-0.8683298220, 0.1185223014), (0.0360049452, 0.0434767953),
    ]
    for (coefficient, value) in zip(fit.coefficients, published) {
      #expect(close(coefficient.estimate, value.0, relative: 1e-8, absolute: 1e-10), "\(coefficient.name)")
      #expect(
        close(coefficient.standardError, value.1, relative: 1e-8, absolute: 1e-10), "\(coefficient.name)")
    }
    #expect(close(try #require(fit.measures.logLikelihood), -401.3023148266))
  }

  @Test func logitOfMroz() throws {
    let fit = try regress(mroz, binomial(.logit))
    let published = [
      0.4254534008, -0.0213449925, 0.2211707203, 0.2058695936, -0.0031541038, -0.0880245707, -1.4433562843,
      0.0601122097,
    ]
    for (estimate, value) in zip(fit.estimates, published) {
      #expect(close(estimate, value, relative: 1e-8, absolute: 1e-10))
    }
    #expect(close(try #require(fit.measures.logLikelihood), -401.765265350366))
    #expect(fit.statisticDF == .infinity)
    #expect(close(try #require(fit["educ"]).standardError, 0.043439692674796714))
  }

  /// Oracle. statsmodels 0.15 `get_margeff(dummy=True)` on Spector & Mazzeo.
  @Test(arguments: [
    (
      Link.logit, [0.3625808316014613, 0.012208410958675532, 0.3575151636218343],
      [0.10944115267902835, 0.017794160669874975, 0.1420033906886764]
    ),
    (
      .probit, [0.36078629324382094, 0.011479258984889766, 0.3737518391762076],
      [0.11338160734028711, 0.018409490804048655, 0.13999127598616193]
    ),
  ])
  func averageMarginalEffectsOfSpector(link: Link, effects: [Double], errors: [Double]) throws {
    let s = Spector.columns
    var options = RegressionOptions()
    (options.family, options.link) = (.binomial, link)
    let input = RegressionInput(response: s[0], columns: [("GPA", s[1]), ("TUCE", s[2]), ("PSI", s[3])])
    let found = try marginalEffects(try regress(input, options), input, options)
    #expect(found.map(\.name) == ["GPA", "TUCE", "PSI"])
    for k in 0..<3 {
      #expect(close(found[k].estimate, effects[k], relative: 1e-9))
      #expect(close(found[k].standardError, errors[k], relative: 1e-8))
    }
    options.family = .gaussian
    options.link = .identity
    let linear = try regress(input, options)
    #expect(throws: RegressionError.self) { try marginalEffects(linear, input, options) }
  }

  /// Oracle. Spector & Mazzeo; Greene, *Econometric Analysis*, example 17.3.
  @Test func probitOfSpector() throws {
    let s = Spector.columns
    let fit = try regress(
      RegressionInput(response: s[0], columns: [("GPA", s[1]), ("TUCE", s[2]), ("PSI", s[3])]),
      binomial(.probit))
    let published = [
      (-7.452319648220, 2.542472321478), (1.625810039452, 0.693882488441), (0.051728945508, 0.083890261427),
      (1.426332342007, 0.595037902350),
    ]
    for (coefficient, value) in zip(fit.coefficients, published) {
      #expect(close(coefficient.estimate, value.0))
      #expect(close(coefficient.standardError, value.1))
    }
    #expect(close(try #require(fit.measures.logLikelihood), -12.818804068889))
  }

  private func grunfeld(_ response: (Int) -> Double, _ columns: [(name: String, values: [Double])])
    -> RegressionInput
  {
    RegressionInput(response: (0..<200).map(response), columns: columns)
  }

  /// Oracle. R `glm(quasibinomial)` and `sandwich`; the share is capital/(capital + value).
  @Test func fractionalLogit() throws {
    let g = Grunfeld.columns
    var options = binomial(.logit)
    options.covariance = .heteroskedastic(.hc0)
    let fit = try regress(
      grunfeld({ g[4][$0] / (g[4][$0] + g[3][$0]) }, [("log(inv)", g[2].map { log($0) }), ("year", g[1])]),
      options)
    let published = [
      (-111.123379918349045, 27.8260550624938219), (-0.052841014008492, 0.0498753492057155),
      (0.056734688022747, 0.0143367855765901),
    ]
    for (coefficient, value) in zip(fit.coefficients, published) {
      #expect(close(coefficient.estimate, value.0))
      #expect(close(coefficient.standardError, value.1))
    }
  }

  /// Oracle. R `glm(poisson)` with `sandwich::vcovHC(type = "HC3")`.
  @Test func poissonCounts() throws {
    let g = Grunfeld.columns
    let input = grunfeld(
      { g[2][$0].rounded(.toNearestOrEven) },
      [("value", g[3].map { log($0) }), ("capital", g[4].map { log($0) })])
    var options = RegressionOptions()
    options.family = .poisson
    let fit = try regress(input, options)
    let published = [-2.420741240872780, 0.854585472488996, 0.266406616574676]
    let errors = [0.04810897806281109, 0.00672120527882124, 0.00606393068800974]
    for (k, coefficient) in fit.coefficients.enumerated() {
      #expect(close(coefficient.estimate, published[k]))
      #expect(close(coefficient.standardError, errors[k], relative: 1e-8))
    }
    #expect(close(try #require(fit.measures.logLikelihood), -3858.05766783280))
    #expect(close(try #require(fit.measures.deviance), 6522.90509647858))
    #expect(close(try #require(fit.measures.bic), 7732.01028776525))
    options.covariance = .heteroskedastic(.hc3)
    let robust = try regress(input, options).coefficients.map(\.standardError)
    for (error, value) in zip(robust, [0.2478392000032656, 0.0371809378088001, 0.0589819654901095]) {
      #expect(close(error, value, relative: 1e-7))
    }
  }

  /// Oracle. R `lm(weights = year - 1930)` with `sandwich`.
  @Test func weightedLeastSquares() throws {
    let g = Grunfeld.columns
    var input = RegressionInput(response: g[2], columns: [("value", g[3]), ("capital", g[4])])
    input.weights = g[1].map { $0 - 1930 }
    let fit = try regress(input)
    let published = [
      (-49.744766303939684, 10.32335210996089), (0.127461864847874, 0.00669057405333833),
      (0.215763966248307, 0.02600800540505848),
    ]
    for (coefficient, value) in zip(fit.coefficients, published) {
      #expect(close(coefficient.estimate, value.0, relative: 1e-13))
      #expect(close(coefficient.standardError, value.1, relative: 1e-13))
    }
    #expect(close(try #require(fit.measures.logLikelihood), -1216.097497066420, relative: 1e-13))
    #expect(close(try #require(fit.measures.aic), 2440.194994132841, relative: 1e-13))
    #expect(close(try #require(fit.measures.adjustedRSquared), 0.827711898865147, relative: 1e-13))
    var options = RegressionOptions()
    options.covariance = .heteroskedastic(.hc3)
    let robust = try regress(input, options).coefficients.map(\.standardError)
    for (error, value) in zip(robust, [18.805935612846834, 0.00706898696909828, 0.06689875273970312]) {
      #expect(close(error, value, relative: 1e-12))
    }
  }

  /// Poisson with absorbed groups gives what explicit indicators give.
  @Test func absorbedPoissonEqualsIndicators() throws {
    let g = Grunfeld.columns
    let capital = g[4].map { log($0) }
    var options = RegressionOptions()
    options.family = .poisson
    let indicators = (2...10).map { firm in ("f\(firm)", g[0].map { $0 == Double(firm) ? 1.0 : 0 }) }
    let full = try regress(grunfeld({ g[2][$0].rounded() }, [("capital", capital)] + indicators), options)
    options.absorb = [Grouping(name: "firm", values: g[0])]
    let swept = try regress(grunfeld({ g[2][$0].rounded() }, [("capital", capital)]), options)
    #expect(
      close(try #require(swept["capital"]).estimate, try #require(full["capital"]).estimate, relative: 1e-10))
    #expect(
      close(
        try #require(swept["capital"]).standardError, try #require(full["capital"]).standardError,
        relative: 1e-9))
    #expect(swept.residualDF == full.residualDF)
  }

  @Test func separationNamesTheColumn() throws {
    let x: [Double] = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]
    let noise: [Double] = [3, 1, 2, 5, 4, 2, 3, 1, 5, 4]
    let y: [Double] = [0, 0, 0, 0, 0, 1, 1, 1, 1, 1]
    let complete = RegressionInput(response: y, columns: [("x", x), ("noise", noise)])
    for link in [Link.logit, .probit] {
      #expect {
        try regress(complete, binomial(link))
      } throws: { error in
        guard case RegressionError.separation(let columns, let rows)? = error as? RegressionError else {
          return false
        }
        return columns.contains("x") && !rows.isEmpty
      }
    }
    // Quasi-complete: everyone with the mark is 1, the rest overlap.
    let mark: [Double] = [0, 0, 0, 0, 0, 0, 0, 1, 1, 1]
    let mixed: [Double] = [0, 1, 0, 1, 1, 0, 1, 1, 1, 1]
    #expect {
      try regress(
        RegressionInput(response: mixed, columns: [("mark", mark), ("noise", noise)]), binomial(.logit))
    } throws: { error in
      guard case RegressionError.separation(let columns, let rows)? = error as? RegressionError else {
        return false
      }
      return columns == ["mark"] && rows == [7, 8, 9]
    }
    // A penalty makes it finite.
    var options = binomial(.logit)
    options.ridge = 0.1
    #expect(try regress(complete, options).coefficients[1].estimate < 10)
  }

  @Test func responsesOutOfRangeAreNamed() {
    let input = RegressionInput(response: [0, 1, 45, 1, 0], columns: [("x", [1, 2, 3, 4, 5])])
    #expect(throws: RegressionError.responseOutOfRange(family: "binomial", row: 2, value: 45)) {
      try regress(input, binomial(.logit))
    }
  }
}
