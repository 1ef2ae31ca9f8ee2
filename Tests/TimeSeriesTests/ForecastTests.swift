import Foundation
import TestSupport
import Testing

@testable import TimeSeries

@Suite struct ForecastTests {
  private let growing: [Double] = [100, 108, 121, 127, 140, 149, 163, 170, 186, 199, 215, 230]

  @Test(arguments: ForecastMethod.allCases)
  func everyMethodForecastsWithNestedIntervals(method: ForecastMethod) throws {
    let result = try forecastOne(annual(growing, from: 2010), method, horizon: 4, ceiling: 1000)
    #expect(result.method == method)
    #expect(result.points.map(\.time) == [2022, 2023, 2024, 2025])
    for point in result.points {
      let (inner, outer) = (point.distribution.interval(0.8), point.distribution.interval(0.95))
      #expect(
        outer.low < inner.low && inner.low < point.mean && point.mean < inner.high && inner.high < outer.high)
      #expect(point.mean > 150 && point.mean < 400)
    }
    let width = result.points.map { $0.distribution.interval(0.8).high - $0.distribution.interval(0.8).low }
    #expect(width == width.sorted(), "\(method) widens with the horizon")
  }

  /// A new unit multiplies forecasts and intervals.
  @Test(arguments: ForecastMethod.allCases)
  func unitOnlyRescales(method: ForecastMethod) throws {
    let plain = try forecastOne(annual(growing), method, ceiling: 1000)
    let scaled = try forecastOne(annual(growing.map { $0 * 1e6 }), method, ceiling: 1e9)
    for (a, b) in zip(plain.points, scaled.points) {
      #expect(close(a.mean * 1e6, b.mean, relative: 2e-4))
      #expect(close(a.distribution.quantile(0.9) * 1e6, b.distribution.quantile(0.9), relative: 2e-4))
    }
  }

  /// Gaps are bridged by every method, and a gap is not a zero.
  @Test(arguments: ForecastMethod.allCases)
  func gapsAreBridged(method: ForecastMethod) throws {
    let times = [2000, 2005, 2010, 2011, 2012, 2013, 2014, 2016, 2017, 2018, 2019, 2020]
    let wobble = [1.01, 0.99]
    let values = times.map { (t: Int) -> Double in 50 * exp(0.06 * Double(t - 2000)) * wobble[t % 2] }
    let result = try forecastOne(Series(key: ["x"], times: times, values: values), method, ceiling: 1000)
    #expect(result.points.first?.time == 2021)
    let expected = 50 * exp(0.06 * 21.0)
    #expect(
      result.means[0] > 0.6 * expected && result.means[0] < 1.25 * expected, "\(method): \(result.means)")
  }

  @Test(arguments: ForecastMethod.allCases, [1, 2, 3, 4, 5])
  func shortSeriesAreDowngradedWithAReason(method: ForecastMethod, count: Int) throws {
    let series = try annual(Array(growing[..<count]))
    let result = try forecastOne(series, method, ceiling: 1000)
    #expect(result.points.count == 3 && result.means.allSatisfy { $0.isFinite })
    let downgraded = count < (method == .pdd ? 3 : method.minimumCount)
    #expect((result.method != method) == downgraded)
    #expect(!downgraded || result.notes[0].en.contains(method.rawValue))
  }

  /// With every number given there is nothing to estimate: one observation will do.
  @Test func fixedParametersNeedNoLongSeries() throws {
    let fixed = ["alpha": 0.5, "beta": 0.4, "level": 10, "trend": 1]
    let holt = try forecastOne(annual([13]), .holt, fixed: fixed)
    // f = 11, e = 2: ℓ = 12, b = 1 + 0.5·0.4·2 = 1.4.
    #expect(holt.method == .holt && close(holt.means[1], 14.8, relative: 1e-12))
  }

  @Test func oneObservationHasNoInterval() throws {
    let naive = try forecastOne(annual([13]), .naive)
    #expect(naive.means == [13, 13, 13] && naive.points[0].distribution.interval(0.8).low.isNaN)
  }

  @Test func seasonsAreNotSilentlyIgnored() throws {
    let drift = try forecastOne(annual(accidentalDeaths), .drift, period: 12)
    #expect(drift.notes.contains { $0.en.contains("season of 12") })
  }

  @Test(arguments: ForecastMethod.allCases.filter { $0 != .logistic })
  func constantSeriesStayConstant(method: ForecastMethod) throws {
    let result = try forecastOne(annual([Double](repeating: 42, count: 14)), method)
    for point in result.points {
      #expect(close(point.mean, 42, relative: 1e-6))
      let (low, high) = point.distribution.interval(0.95)
      #expect(high > low && high - low < 1)
    }
  }

  @Test(arguments: [ForecastMethod.pdd, .logDrift, .gm11, .logLinear, .logistic])
  func logarithmsOfZeroAreRefusedByName(method: ForecastMethod) throws {
    let series = try annual([5, 4, 3, 2, 1, 0, 2, 3], from: 2010, key: ["西藏"])
    #expect(throws: SeriesError.notPositive(series: "西藏", time: 2015, value: 0, method: method.rawValue)) {
      try forecastOne(series, method, ceiling: 100)
    }
  }

  @Test(arguments: [
    ForecastMethod.naive, .drift, .holt, .dampedHolt, .theta, .ets, .localLevel, .median, .ar,
  ])
  func negativeValuesAreAllowedElsewhere(method: ForecastMethod) throws {
    let result = try forecastOne(annual([-5, -4, 3, -2, 1, 0, 2, 3, -1, 4]), method)
    #expect(result.means.allSatisfy { $0.isFinite })
  }

  @Test func greyModelStopsWhenSteepAndCapsGrowth() throws {
    let steep = try forecastOne(annual([1, 2.2, 4.1, 8.3, 16, 33]), .gm11, horizon: 5)
    #expect(steep["a"] < -0.3 && steep.points.count == 2)
    #expect(steep.notes.contains { $0.en.contains("beyond two") })
    let capped = try forecastOne(annual([10, 10.1, 10.2, 10.3, 13, 16.5, 20.6]), .gm11, horizon: 5)
    for h in 0..<5 {
      let path = [13, 16.5, 20.6] + capped.means
      #expect(path[h + 3] <= path[h] * 20.6 / 10.3 * (1 + 1e-12))
    }
  }

  /// a → 0: the fitted running total is a line and every forecast is b.
  @Test func greyModelOfALevelSeriesIsItsLevel() {
    let model = GreyModel([5, 7, 7, 7, 7, 7])
    #expect(abs(model.development) < 1e-14 && close(model.forecast(3), 7, relative: 1e-12))
  }

  @Test func logisticFollowsItsCurveBelowTheCeiling() throws {
    func curve(_ t: Int) -> Double {
      let logit = 0.3 * Double(t) - 2
      return 80 / (1 + exp(-logit))
    }
    let result = try forecastOne(annual((0..<12).map { curve($0) }), .logistic, horizon: 10, ceiling: 80)
    let expected: Double = curve(21)
    #expect(close(result.means[9], expected, relative: 1e-9))
    #expect(throws: SeriesError.ceilingMissing(method: "logistic")) {
      try forecastOne(annual(growing), .logistic)
    }
    #expect(throws: SeriesError.ceilingReached(series: "x", ceiling: 200, time: 1881, value: 215)) {
      try forecastOne(annual(Array(growing[..<11])), .logistic, ceiling: 200)
    }
  }

  @Test func logLinearIsARegressionOfLogs() throws {
    let values = (0..<8).map { 3 * exp(0.1 * Double($0)) }
    let result = try forecastOne(annual(values), .logLinear)
    #expect(close(result["slope"], 0.1, relative: 1e-10))
    #expect(close(result.means[2], 3 * exp(1.0), relative: 1e-10))
  }

  @Test func medianIsTheMedianOfItsMembers() throws {
    let series = try annual(growing)
    let members = try ensembleMembers.map { try forecastOne(series, $0).means[1] }.sorted()
    let ensemble = try forecastOne(series, .median)
    #expect(close(ensemble.means[1], members[3], relative: 1e-12))
  }

  @Test func inverseErrorWeightsSumToOneAndFavourTheBetter() throws {
    let wobble = [1.002, 0.998]
    let values = (0..<20).map { (t: Int) -> Double in 100 * exp(0.08 * Double(t)) * wobble[t % 2] }
    let long = try annual(values)
    let (weights, origins) = inverseErrorWeights(long, ensembleMembers)
    #expect(origins == 14 && close(weights.reduce(0, +), 1, relative: 1e-12))
    #expect(weights[3] > weights[0], "a log-linear series is forecast better by its trend than by naive")
    #expect(weights.allSatisfy { $0 >= 0.5 / 7 })
    let (equal, few) = inverseErrorWeights(try annual(growing), ensembleMembers)
    #expect(few == 6 && equal.allSatisfy { $0 == 1.0 / 7 })
  }

  @Test func fixedParametersAreKeptAndUnknownOnesNamed() throws {
    let series = try annual(growing)
    let ses = try forecastOne(series, .ses, fixed: ["alpha": 0.3])
    #expect(ses["alpha"] == 0.3)
    #expect(
      throws: SeriesError.unknownParameter(method: "ses", parameter: "gamma", allowed: ["alpha", "level"])
    ) {
      try forecastOne(series, .ses, fixed: ["gamma": 1])
    }
    #expect(throws: SeriesError.optionOutOfRange(option: "alpha", value: 2, allowed: "above 0, at most 1")) {
      try forecastOne(series, .ses, fixed: ["alpha": 2])
    }
    #expect(throws: SeriesError.optionOutOfRange(option: "horizon", value: 0, allowed: "in 1...200")) {
      try forecastOne(series, .naive, horizon: 0)
    }
  }

  @Test func errorsReadAsAdvice() {
    let error = SeriesError.notPositive(series: "西藏", time: 2015, value: 0, method: "pdd")
    #expect(
      error.description
        == "西藏: the value at 2015 is 0.0; pdd works on logarithms and needs values above zero. Use naive, drift, holt or local-level."
    )
    let problem = error.problem(file: "a.csv") { name, time in name == "西藏" && time == 2015 ? 7 : nil }
    #expect(problem.line == 7 && problem.hint?.zh.contains("local-level") == true)
    #expect(SeriesError.ceilingMissing(method: "logistic").status == .usage && error.status == .badData)
  }
}

@Suite struct EnduranceTests {
  private static let shapes: [@Sendable (Int) -> Double] = [
    { pow(2, Double($0)) }, { 1e308 - Double($0) }, { 1e308 * (Double($0 % 2) / 2 + 0.4) },
    { 1 / pow(Double($0 + 1), 9) }, { 3 + Double($0) * 1e-15 },
    { [Double.leastNonzeroMagnitude, 1, 1e300][$0 % 3] },
    { $0 % 2 == 0 ? -1e308 : 1e308 }, { Double($0 % 3) - 1 }, { _ in 0 },
  ]

  /// Whatever the numbers: an answer or a reason, intervals in order or absent, never a crash.
  @Test(arguments: ForecastMethod.allCases)
  func extremeNumbersNeverCrash(method: ForecastMethod) throws {
    for (i, shape) in Self.shapes.enumerated() {
      for count in [1, 4, 15] {
        let series = try annual((0..<count).map(shape), key: ["\(i)"])
        var options = ForecastOptions(horizon: 3)
        options.ceiling = 1.7e308
        guard case .success(let found) = try forecast([series], method: method, options: options)[0] else {
          #expect(method.needsPositiveValues && series.values.contains { $0 <= 0 })
          continue
        }
        for point in found.points {
          let (low, high) = point.distribution.interval(0.8)
          #expect(!(low > high))
        }
        #expect(!sparkline(history: series.regular, forecast: found.means).isEmpty)
      }
    }
  }
}
