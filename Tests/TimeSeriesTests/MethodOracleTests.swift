import Foundation
import Probability
import TestSupport
import Testing

@testable import TimeSeries

/// Published and recomputed values: R 4.2, package forecast 8.20 and base `arima`, `StructTS`.
@Suite struct MethodOracleTests {
  private func agrees(_ found: [Double], _ expected: [Double], _ tolerance: Double) -> Bool {
    found.count == expected.count && zip(found, expected).allSatisfy { abs($0 - $1) <= tolerance }
  }

  @Test func nileSumsToItsPublishedTotal() { #expect(nileFlow.reduce(0, +) == 91_935) }

  /// Identical in R `HoltWinters`; the states are those before the first observation.
  @Test func holtWithFixedParameters() throws {
    let first = try annual(Array(nileFlow[..<15]))
    let fixed = ["alpha": 0.5, "beta": 0.2, "level": 1120, "trend": 0]
    let holt = try forecastOne(first, .holt, fixed: fixed)
    #expect(agrees(holt.means, [996.166215897, 981.917328774, 967.668441651], 1e-9))
    #expect(abs(holt["sse"] - 440520.014737) < 1e-6)
    var damped = fixed
    damped["phi"] = 0.9
    let found = try forecastOne(first, .dampedHolt, fixed: damped).means
    #expect(agrees(found, [1002.60150696, 993.508423566, 985.324648508], 1e-8))
  }

  @Test func simpleSmoothingOfTheNile() throws {
    let ses = try forecastOne(annual(nileFlow), .ses)
    // R stops its search at α .2456681537, ℓ₀ 1110.7340965837, forecast 805.3363293; the minimum itself,
    // found with SciPy, lies a little further.
    #expect(abs(ses["alpha"] - 0.24572811) < 1e-7)
    #expect(abs(ses["level"] - 1110.74811) < 1e-3)
    #expect(abs(ses.means[0] - 805.3363293) < 0.05)
    #expect(abs(ses["sse"] - 2038674.4320548987) < 1e-6 && ses["sse"] < 20802.8003904857 * 98)
    let (low, high) = ses.points[2].distribution.interval(0.95)
    #expect(agrees([low, high], [506.072120751217, 1104.60053790027], 5e-2))
  }

  @Test func holtOfTheNileIsNoWorseThanTheReference() throws {
    let holt = try forecastOne(annual(nileFlow), .holt)
    #expect(holt["sse"] <= 20210.3673990379 * 100 * (1 + 1e-7))
    #expect(agrees(holt.means, [802.913262371382, 799.751364669222, 796.589466967062], 0.2))
  }

  @Test func driftAndNaiveWithTheirIntervals() throws {
    let drift = try forecastOne(annual(nileFlow), .drift)
    #expect(agrees(drift.means, [736.1616162, 732.3232323, 728.4848485], 5e-8))
    let first = drift.points[0].distribution.interval(0.8)
    #expect(agrees([first.low, first.high], [519.606400181612, 952.716832141621], 1e-8))
    let third = drift.points[2].distribution.interval(0.95)
    #expect(agrees([third.low, third.high], [149.134373398857, 1307.83532357084], 1e-8))
    let naive = try forecastOne(annual(nileFlow), .naive)
    let second = naive.points[1].distribution.interval(0.95)
    #expect(agrees([second.low, second.high], [276.208281355663, 1203.79171864434], 1e-8))
  }

  @Test func thetaOfTheNile() throws {
    let theta = try forecastOne(annual(nileFlow), .theta)
    #expect(agrees(theta.means, [799.8119962, 798.4548435, 797.0976908], 5e-2))
    let third = theta.points[2].distribution.interval(0.8)
    #expect(agrees([third.low, third.high], [601.419342593547, 992.776038977079], 5e-2))
    // With R's own α and level the rest is exact.
    let fixed = try forecastOne(
      annual(nileFlow), .theta, fixed: ["alpha": 0.245668153653116, "level": 1110.734096583650626])
    #expect(agrees(fixed.means, [799.811996215856, 798.454843500585, 797.097690785313], 1e-9))
  }

  /// Durbin & Koopman print 15099 and 1469.1; StructTS 15098.5772, 1469.1466.
  @Test func localLevelOfTheNile() throws {
    let model = try LocalLevel(nileFlow.map { $0 }, observation: nil, level: nil, name: "nile")
    #expect(abs(model.observationVariance - 15098.5771) < 0.5)
    #expect(abs(model.levelVariance - 1469.1466) < 0.2)
    #expect(model.observationVariance.rounded() == 15099)
    // Their diffuse log-likelihood −632.54 leaves out ½ ln 2π of the one diffuse observation.
    #expect(abs(model.logLikelihood - -632.54) < 0.01)
    // Filtered level and variance in 1970 as printed by KFAS: 798.370, 4031.
    #expect(abs(model.level - 798.37) < 0.01)
    #expect(abs(model.levelUncertainty - 4032) < 1)
  }

  @Test func localLevelWithGivenVariances() throws {
    let fixed = try forecastOne(
      annual(nileFlow), .localLevel, fixed: ["observation": 15099, "level": 1469.1])
    #expect(fixed["observation_variance"] == 15099 && fixed["level_variance"] == 1469.1)
    #expect(abs((fixed.logLikelihood ?? 0) - -632.54) < 0.01)
  }

  @Test func mixedAutoregressionOfTheNile() throws {
    let model = try forecastOne(annual(nileFlow), .arma)
    #expect(abs(model["ar1"] - 0.8610783) < 2e-4)
    #expect(abs(model["ma1"] - -0.5176954) < 3e-4)
    // R prints 920.5567267; statsmodels, run to convergence, 920.6946184.
    #expect(abs(model["mean"] - 920.6946184) < 5e-4)
    #expect(abs(model["sigma2"] - 19891.66) < 0.5)
    #expect(abs((model.logLikelihood ?? 0) - -637.0387845333) < 1e-7)
    #expect(agrees(model.means, [800.36502845, 817.08687964, 831.48494407], 1e-3))
    let spread = (model.points[2].distribution.interval(0.8).high - model.means[2]) / normalQuantile(0.9)
    #expect(abs(spread - 154.842417557707) < 0.05)
  }

  @Test func greyModelOfDengsExample() throws {
    let grey = try forecastOne(annual(dengSeries), .gm11)
    #expect(abs(grey["a"] - -0.0372043819) < 5e-11)
    #expect(abs(grey["b"] - 3.0653633130) < 5e-11)
    #expect(agrees(grey.means, [3.750656, 3.892825, 4.040383], 5e-7))
    let model = GreyModel(dengSeries)
    #expect(agrees(Array(model.fitted.dropFirst()), [3.232039, 3.354550, 3.481704, 3.613679], 5e-7))
    #expect(model.grade == .good)
  }

  /// Log-likelihoods of R `ets` on USAccDeaths, which leave out n/2 · (1 + ln(2π/n)).
  /// Ours are maxima over the usual region: never below R's, unless R used its wider "admissible" box.
  @Test(arguments: [
    ("ANA", -555.072335012628, [8397.497, 7599.221, 8396.595]),
    ("AAA", -555.924933733456, [8034.843, 7485.725, 8238.493]),
    ("MNA", -555.929566559369, [8406.243, 7618.853, 8391.260]),
    ("MNM", -556.919983016882, [8311.441, 7494.851, 8301.969]),
    ("MAM", -562.232044122667, [8116.856, 7565.834, 8286.703]),
  ])
  func seasonalFormsReachTheReferenceLikelihood(name: String, likelihood: Double, means: [Double]) throws {
    let form = try #require(ETSForm.admissible(positive: true, seasonal: true).first { $0.name == name })
    let model = try #require(ETS(accidentalDeaths.map { $0 }, form: form, period: 12))
    let n = 72.0
    let printed = model.logLikelihood + n / 2 * (1 + log(2 * Double.pi / n))
    #expect(printed >= likelihood - 0.02, "\(name): \(printed)")
    #expect(printed <= likelihood + 15)
    #expect(zip(model.forecast(3).means, means).allSatisfy { abs($0 - $1) < 0.06 * $1 })
  }

  @Test func seasonalSelectionAgreesWithTheReference() throws {
    let model = try #require(ETS.selected(accidentalDeaths.map { $0 }, period: 12))
    #expect(model.form.name == "ANA")
  }

  @Test func nonSeasonalSelectionAgreesWithTheReference() throws {
    let model = try #require(ETS.selected(nileFlow.map { $0 }, period: 1))
    #expect(model.form.name == "MNN")
    let printed = model.logLikelihood + 50 * (1 + log(2 * Double.pi / 100))
    #expect(abs(printed - -726.150957803148) < 1e-4, "\(printed)")
    let shown = model.akaikeCorrected - 100 * (1 + log(2 * Double.pi / 100))
    #expect(abs(shown - 1458.5519156063) < 2e-4, "\(shown)")
  }

  /// R 4 `forecast::ets`: ETS(M,A,A) with AICc 166.07 as it prints, 32.265 with full constants.
  @Test func quarterlyEarningsReachTheReference() throws {
    let model = try #require(ETS.selected(johnsonJohnson.map { $0 }, period: 4))
    #expect(model.akaikeCorrected <= 32.27, "\(model.form.name) \(model.akaikeCorrected)")
  }

  /// R 4: ETS(M,A,N), 1355.645.
  @Test func steepGrowthReachesTheReference() throws {
    let model = try #require(ETS.selected(steepGrowth.map { $0 }, period: 1))
    #expect(model.form.name == "MAN" && model.akaikeCorrected <= 1355.7)
  }

  /// The chosen model is as good as any that climbing from every start finds: a few climbs are enough to choose.
  @Test(arguments: 0..<24)
  func fewClimbsFindWhatManyFind(seed: Int) throws {
    let (x, period) = syntheticSeries(seed)
    let values = x.map { $0 }
    let chosen = try #require(ETS.selected(values, period: period))
    for form in ETSForm.admissible(positive: x.allSatisfy { $0 > 0 }, seasonal: period > 1) {
      let search = ETSSearch(values, form: form, period: period)
      func loss(_ climbs: Int, _ tops: Int) -> Double? {
        search.best(climbs: climbs, tops: tops).flatMap { best in
          best.recursion.run(values, from: best.start).map { -search.logLikelihood($0) }
        }
      }
      guard let model = ETS(values, form: form, period: period), let many = loss(16, 16) else { continue }
      let reachable = model.akaikeCorrected - 2 * max(0, -model.logLikelihood - many)
      #expect(chosen.akaikeCorrected <= reachable + 0.5, "\(form.name): \(chosen.akaikeCorrected) against \(reachable)")
    }
  }

  @Test func multiplicativeErrorIntervalsAgreeWithTheReference() throws {
    let form = ETSForm(multiplicativeError: true, trend: .additive, season: .none)
    let model = try #require(ETS(nileFlow.map { $0 }, form: form, period: 1))
    let printed = model.logLikelihood + 50 * (1 + log(2 * Double.pi / 100))
    #expect(printed >= -725.741241186715 - 1e-3, "\(printed)")
    let ahead = model.forecast(3)
    #expect(abs(ahead.means[2] - 826.782981976517) < 1)
    #expect(abs(ahead.deviations[2] - (826.782981976517 - 656.978291097962) / 1.2815515655446) < 1.5)
  }
}

@Suite struct AutoregressionTests {
  /// The scalar filter and the general one are the same model.
  @Test(arguments: [[], [3, 4, 20], [0, 99]] as [[Int]])
  func scalarAgreesWithTheGeneralFilter(missing: [Int]) throws {
    let y: [Double?] = nileFlow.enumerated().map { missing.contains($0.offset) ? nil : $0.element }
    let scalar = try #require(Autoregression(y))
    let general = try ARMA(y, ar: 1, ma: 0, name: "nile")
    #expect(close(scalar.coefficient, general.ar[0], relative: 1e-5))
    #expect(
      close(scalar.mean, general.mean, relative: 1e-6)
        && close(scalar.variance, general.variance, relative: 1e-6))
    #expect(close(scalar.forecast(3), general.forecast(3).means[2], relative: 1e-6))
  }
}

/// Series of several kinds: level, trend, growth, season; short and long; calm and wild.
private func syntheticSeries(_ seed: Int) -> (values: [Double], period: Int) {
  var random = SeededGenerator(seed: UInt64(seed) + 1)
  func normal() -> Double { normalQuantile(Double.random(in: 1e-9..<1, using: &random)) }
  let period = [1, 1, 1, 4][seed % 4]
  let count = [12, 25, 60][seed / 4 % 3]
  let growth = [0, 0.03, -0.02, 0.25][seed % 5 % 4]
  let noise = [0.01, 0.08, 0.3][seed / 2 % 3]
  var level = 5.0
  let values = (0..<count).map { t in
    level += growth + noise * 0.5 * normal()
    let season = period == 1 ? 0 : 0.2 * sin(2 * Double.pi * Double(t % period) / Double(period))
    return exp(level + season + noise * normal())
  }
  return (values, period)
}
