import LinearAlgebra
import TestSupport
import Testing

@testable import Regression

/// Oracle. R `plm` 2.6 and `sandwich` on Grunfeld's data; Croissant & Millo, JSS 27(2), 2008.
@Suite struct GrunfeldTests {
  private static let firm = Grouping(name: "firm", values: Grunfeld.columns[0].map { Int($0) })
  private static let year = Grouping(name: "year", ordered: Grunfeld.columns[1])
  private static let panel = PanelIndex(entity: firm, time: year)

  private func fit(_ covariance: Covariance = .iid, _ change: (inout RegressionOptions) -> Void = { _ in })
    throws -> RegressionFit
  {
    var options = RegressionOptions()
    options.covariance = covariance
    options.panel = Self.panel
    change(&options)
    let data = Grunfeld.columns
    return try regress(
      RegressionInput(response: data[2], columns: [("value", data[3]), ("capital", data[4])]), options)
  }

  private func expect(
    _ fit: RegressionFit, _ estimates: [Double], _ errors: [Double], relative: Double = 1e-9,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    for (k, coefficient) in fit.coefficients.enumerated() {
      if !estimates.isEmpty {
        #expect(close(coefficient.estimate, estimates[k], relative: relative), sourceLocation: sourceLocation)
      }
      #expect(close(coefficient.standardError, errors[k], relative: relative), sourceLocation: sourceLocation)
    }
    #expect(fit.coefficients.count == errors.count, sourceLocation: sourceLocation)
  }

  @Test func pooled() throws {
    let pooled = try fit()
    expect(
      pooled, [-42.714369436559, 0.115562156361, 0.230678488732],
      [9.51167603142, 0.00583570955722, 0.0254758014765])
    #expect(close(try #require(pooled.measures.rSquared), 0.812408012545))
    #expect(pooled.residualDF == 197)
  }

  @Test(arguments: [
    (HeteroskedasticKind.hc0, [11.48756285558, 0.00675967929005, 0.0484976632393]),
    (.hc1, [11.57470111710, 0.00681095445687, 0.0488655395343]),
    (.hc2, [12.66787429442, 0.00695502580131, 0.0531650538311]),
    (.hc3, [14.01349546659, 0.00716266624438, 0.0585098662053]),
  ])
  func heteroskedasticErrors(kind: HeteroskedasticKind, errors: [Double]) throws {
    expect(try fit(.heteroskedastic(kind)), [], errors)
  }

  @Test func clusteredByFirm() throws {
    let clustered = try fit(.clustered([Self.firm]))
    expect(clustered, [], [20.4252029284739, 0.0158943366871, 0.0849671126355])
    #expect(clustered.statisticDF == 9)
    #expect(clustered.adjustment == "G/(G-1)*(n-1)/(n-k); G=10, n=200, k=3")
  }

  @Test func within() throws {
    for options in [0, 1] {
      let within = try fit { if options == 0 { $0.effects = .fixed } else { $0.absorb = [Self.firm] } }
      expect(within, [0.110123804121, 0.310065341300], [0.0118566942140, 0.0173545027756])
      #expect(close(try #require(within.measures.withinRSquared), 0.766757583748))
      #expect(within.residualDF == 188)
      #expect(within.names == ["value", "capital"])
    }
  }

  @Test func firmEffects() throws {
    let within = try fit { $0.effects = .fixed }
    let effects = absorbedEffects(
      of: zip(Grunfeld.columns[2], zip(Grunfeld.columns[3], Grunfeld.columns[4])).map {
        $0 - within.estimates[0] * $1.0 - within.estimates[1] * $1.1
      }, by: [Self.firm])
    let published = [
      -70.296717456, 101.905813731, -235.571841009, -27.809294560, -114.616812798, -23.161295135,
      -66.553473535,
      -57.545657252, -87.222272418, -6.567843537,
    ]
    for (effect, value) in zip(effects[0], published) { #expect(close(effect, value, relative: 1e-9)) }
  }

  @Test func twoWay() throws {
    let twoWay = try fit { $0.absorb = [Self.firm, Self.year] }
    expect(twoWay, [0.117715855083, 0.357916273073], [0.0137512830036, 0.0227190108826])
    #expect(close(try #require(twoWay.measures.withinRSquared), 0.720145212924))
  }

  @Test func random() throws {
    let random = try fit { $0.effects = .random }
    expect(
      random, [-57.834414905033, 0.109781152232, 0.308112982831],
      [28.8989352603, 0.0104926635495, 0.0171804690896])
    let extras = Dictionary(uniqueKeysWithValues: random.measures.extras.map { ($0.name, $0.value) })
    #expect(close(try #require(extras["theta"]), 0.861223621, relative: 1e-8))
    #expect(close(try #require(extras["sigma2_e"]), 2784.4582308, relative: 1e-10))
    #expect(close(try #require(extras["sigma2_u"]), 7089.8000993, relative: 1e-10))
  }

  @Test func between() throws {
    let between = try fit { $0.effects = .between }
    expect(
      between, [-8.5271137217269, 0.134646086972, 0.0320314743314],
      [47.5153077358, 0.0287454591405, 0.190937799168])
    #expect(close(try #require(between.measures.rSquared), 0.857768226361))
    #expect(between.rows == 10)
  }

  @Test func firstDifference() throws {
    let changes = try fit { $0.effects = .firstDifference }
    expect(
      changes, [-1.8188901585851, 0.0897624949908, 0.2917667196941],
      [3.56559313557, 0.00836358501628, 0.0537515976409])
    #expect(close(try #require(changes.measures.rSquared), 0.408877350771))
    #expect(changes.rows == 190)
  }

  @Test func withinClusteredByConvention() throws {
    func errors(_ convention: SmallSample) throws -> RegressionFit {
      try fit(.clustered([Self.firm])) {
        $0.effects = .fixed
        $0.smallSample = convention
      }
    }
    expect(try errors(.none), [], [0.0143421437124, 0.0497926087238])
    expect(try errors(.plm), [], [0.0151560754389, 0.0526183915915])
    // pyfixest 0.60, vcov CRV1: the nested firm effects count as one.
    expect(try errors(.standard), [], [0.015194493942717425, 0.052751771758775885])
  }

  /// Oracle. pyfixest 0.60 (formula `firm + year`; it miscounts k when it reorders the effects).
  @Test func twoWayClustersAndAbsorbedEffects() throws {
    let both = try fit(.clustered([Self.firm, Self.year]))
    expect(both, [], [19.50560773573915, 0.01635175399199424, 0.07847391399207858])
    #expect(both.statisticDF == 9)
    let byYear = try fit(.clustered([Self.year])) { $0.absorb = [Self.firm] }
    expect(byYear, [], [0.017327915180428755, 0.03227888083081767])
    let twoWay = try fit(.clustered([Self.firm])) { $0.absorb = [Self.firm, Self.year] }
    expect(twoWay, [], [0.010824429476863715, 0.047848396592588736])
    let robust = try fit(.heteroskedastic(.hc1)) { $0.absorb = [Self.firm] }
    expect(robust, [], [0.019378033290779178, 0.04279500561850626])
  }

  /// Oracle. R `plm` on the 153 rows with firm · year not divisible by 7.
  @Test func unbalancedPanels() throws {
    let rows = (0..<200).filter { Int(Grunfeld.columns[0][$0] * Grunfeld.columns[1][$0]) % 7 != 0 }
    let data = Grunfeld.columns.map { column in rows.map { column[$0] } }
    let input = RegressionInput(response: data[2], columns: [("value", data[3]), ("capital", data[4])])
    var options = RegressionOptions()
    options.panel = PanelIndex(
      entity: Grouping(name: "firm", values: data[0]), time: Grouping(name: "year", ordered: data[1]))
    options.effects = .random
    let random = try regress(input, options)
    expect(
      random, [-42.378331961969344, 0.099176110087035, 0.302533443109204],
      [32.326576254732004, 0.0115010518819232, 0.018745572730164])
    #expect(close(try #require(random.measures.rSquared), 0.752022566611486))
    options.effects = .firstDifference
    expect(
      try regress(input, options), [-6.67384574752487, 0.0906875427674205, 0.4151922419247634],
      [4.51856320615225, 0.00969959550429447, 0.04793162523961193])
    // The two-way sweep agrees with explicit indicator columns.
    options.effects = nil
    options.absorb = [Grouping(name: "firm", values: data[0]), Grouping(name: "year", values: data[1])]
    let swept = try regress(input, options)
    var columns: [(name: String, values: [Double])] = [("value", data[3]), ("capital", data[4])]
    for firm in 2...10 { columns.append(("f\(firm)", data[0].map { $0 == Double(firm) ? 1 : 0 })) }
    for year in 1936...1954 { columns.append(("y\(year)", data[1].map { $0 == Double(year) ? 1 : 0 })) }
    let dummies = try regress(RegressionInput(response: data[2], columns: columns))
    for name in ["value", "capital"] {
      #expect(
        close(try #require(swept[name]).estimate, try #require(dummies[name]).estimate, relative: 1e-11))
      #expect(
        close(
          try #require(swept[name]).standardError, try #require(dummies[name]).standardError, relative: 1e-11)
      )
    }
    #expect(
      close(try #require(swept.measures.rSquared), try #require(dummies.measures.rSquared), relative: 1e-12))
    #expect(close(try #require(swept.measures.aic), try #require(dummies.measures.aic), relative: 1e-12))
  }

  @Test func driscollKraayAndNeweyWest() throws {
    expect(try fit(.driscollKraay(lags: 2)) { $0.effects = .fixed }, [], [0.0176860327181, 0.0348201468738])
    // R plm vcovNW(type = "HC0", maxlag = 2).
    expect(
      try fit(.neweyWest(lags: 2)) { $0.effects = .fixed }, [], [0.0214565049039752, 0.0490985609843332])
  }

  @Test func oneFirmWithNeweyWest() throws {
    let rows = 0..<20
    let data = Grunfeld.columns.map { Array($0[rows]) }
    var options = RegressionOptions()
    options.covariance = .neweyWest(lags: 2)
    let firm = try regress(
      RegressionInput(response: data[2], columns: [("value", data[3]), ("capital", data[4])]), options)
    expect(
      firm, [-149.782453322, 0.119280832544, 0.371444807272],
      [108.890054153525, 0.0279450963131, 0.0480790087947])
    #expect(close(durbinWatson(firm.residuals), 0.9374538865, relative: 1e-9))
  }

  @Test func hausmanTest() throws {
    let test = try hausman(fixed: fit { $0.effects = .fixed }, random: fit { $0.effects = .random })
    #expect(close(test.statistic, 2.330366894, relative: 1e-8))
    #expect(close(test.pValue, 0.311865446, relative: 1e-8))
    #expect(test.df == 2)
  }

  @Test func fixedEffectsTestAndBreuschPagan() throws {
    let test = try effectsTest(pooled: fit(), fixed: fit { $0.effects = .fixed })
    #expect(close(test.statistic, 49.1766255, relative: 1e-8))
    let panel = try randomEffectsTest(pooled: fit(), entity: Self.firm)
    #expect(close(panel.statistic, 798.1615484, relative: 1e-8))
    let firm = Grunfeld.columns.map { Array($0[0..<20]) }
    let single = try regress(
      RegressionInput(response: firm[2], columns: [("value", firm[3]), ("capital", firm[4])]))
    #expect(close(try breuschPagan(single).statistic, 2.027247471, relative: 1e-8))
  }
}
