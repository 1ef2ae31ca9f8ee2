import Foundation
import Messages
import Tables
import TestSupport
import Testing

@testable import TimeSeries

/// Inputs that once went wrong, with the right answers.
@Suite struct SeriesCasesTests {
  private func table(_ text: String) throws -> SeriesTable {
    var columns = SeriesColumns(time: "time", value: "value")
    columns.by = ["series"]
    var options = ReadOptions()
    options.textColumns = columns.textColumns
    return try SeriesTable(parseTable(Array(text.utf8), file: "f.csv", options: options), columns)
  }

  private func output(_ text: String, _ method: ForecastMethod, floor: Double? = nil) throws -> ForecastOutput {
    var options = ForecastOptions(horizon: 5)
    options.floor = floor
    return try ForecastOutput(table(text), method: method, options: options, levels: [0.8, 0.95], file: "f.csv")
  }

  private func exponential(_ code: String, _ start: Double) -> String {
    (0..<8).map { "\(code),\(2012 + $0),\(start * pow(1.05, Double($0)))\n" }.joined()
  }

  /// A constant series: every forecast is right, every interval holds, nothing to scale by.
  @Test(arguments: [7, 0.1, 1.1, 123_456.789, 1e-9, 3e12])
  func aConstantSeriesIsForecastWithoutError(value: Double) throws {
    let text = "series,time,value\n" + (2005...2023).map { "a,\($0),\(value)\n" }.joined()
    for method in ForecastMethod.allCases where method != .logistic {
      let result = try BacktestOutput(table(text), BacktestOptions(methods: [method], horizon: 5), file: "f.csv")
      let scores = result.scores.filter { $0.forecaster == .method(method) }
      #expect(scores.count == 6)
      for score in scores {
        // Searches stop near, closed forms at, the value.
        #expect(score.meanAbsoluteError <= 1e-7 * value && score.meanAbsoluteScaledError == nil)
        if [.pdd, .naive, .drift, .logDrift].contains(method) { #expect(score.meanAbsoluteError == 0) }
        #expect(score.levels.allSatisfy { $0.coverage == 1 }, "\(method): \(score.levels)")
      }
      #expect(result.backtest.conformalChecks(method).allSatisfy { $0.coverage ?? 1 == 1 })
      #expect(try result.json(.en, forecasts: false).contains("\"mase\" : null"))
    }
  }

  /// Exactly +5 % a year: nobody knows that it goes on, nor that it slows down by φ.
  @Test func anExactExponentialHasAnIntervalAndKeepsItsCode() throws {
    let text = "series,time,value\n" + exponential("010100", 100) + exponential("110000", 50)
    let result = try output(text, .pdd)
    #expect(result.series.map(\.key) == [["010100"], ["110000"]])
    for (series, forecast) in zip(result.series, result.forecasts) {
      for (h, point) in forecast.points.enumerated() {
        let (low, high) = point.distribution.interval(0.95)
        let goesOn = series.lastValue * pow(1.05, Double(h + 1))
        #expect(low < point.mean && low > series.lastValue && goesOn < high)
        #expect(high / low < 1.2)
      }
    }
    let json = try result.json(.en)
    #expect(json.contains("\"series\" : \"010100\"") && result.text(.zh, ascii: true).contains("010100"))
  }

  /// δ = 0.1/√3 of φ alone: with μ = ln 1.05, h = 1 gives δ μ; h = 2 gives δ μ (1 + 2φ).
  @Test func theUncertaintyOfDampingIsWorkedByHand() throws {
    let series = try Series(key: ["x"], times: Array(0..<8), values: (0..<8).map { pow(1.05, Double($0)) })
    let member = try PooledGrowth([series]).members[0]
    let unit = 0.1 / 3.0.squareRoot() * log(1.05)
    #expect(close(member.logStandardDeviation(1), unit, relative: 1e-9))
    #expect(close(member.logStandardDeviation(2), unit * 2.8, relative: 1e-9))
    #expect(member.sigma == 0.001)
  }

  /// Every method, on curves that some of them fit exactly.
  @Test(arguments: ForecastMethod.allCases)
  func noIntervalHasWidthZero(method: ForecastMethod) throws {
    for values in [
      [Double](repeating: 42, count: 14), (1...14).map { 3 * Double($0) }, (1...14).map { pow(1.1, Double($0)) },
    ] {
      let result = try forecastOne(annual(values), method, ceiling: 1e4)
      for (h, point) in result.points.enumerated() {
        let (low, high) = point.distribution.interval(0.95)
        #expect(high - low > 2e-3 * abs(point.mean) * Double(h + 1).squareRoot() * 0.9, "\(method) \(values[1])")
      }
    }
  }

  /// Variances that were given are kept, however small.
  @Test func givenVariancesAreKept() throws {
    let fixed = ["observation": 0, "level": 1e-12]
    let result = try forecastOne(annual([1, 2, 3, 4]), .localLevel, fixed: fixed)
    #expect(close(result.points[0].distribution.quantile(0.975), 4 + 1.959963984540054e-6, relative: 1e-9))
  }

  /// One series has a zero: it is named with its line, the others are forecast.
  @Test func oneBadSeriesDoesNotHoldUpTheOthers() throws {
    let result = try output(oneZero, .pdd)
    #expect(result.series.map { $0.key[0] } == ["p0", "p1", "p2", "p4", "p5"])
    #expect(result.forecasts.count == 5 && result.problems.map(\.line) == [52])
    #expect(result.problems[0].message.en.contains("p3") && result.problems[0].severity == .error)
    let json = try result.json(.zh)
    #expect(json.contains("series.not-positive") && json.components(separatedBy: "\"last_value\"").count == 6)
    // What is forecast is what the others alone would get.
    let alone = oneZero.split(separator: "\n").filter { !$0.hasPrefix("p3") }.joined(separator: "\n")
    #expect(try output(alone, .pdd).forecasts == result.forecasts)
  }

  @Test func whenNoSeriesCanBeForecastAllAreNamed() throws {
    let zeros = "series,time,value\na,2001,0\na,2002,1\nb,2001,0\nb,2002,1\n"
    let report = #expect(throws: ProblemReport.self) { try output(zeros, .pdd) }
    #expect(report?.status == .badData && report?.problems.count == 2)
  }

  /// Counts do not fall below zero.
  @Test(arguments: [ForecastMethod.ets, .naive, .drift, .holt, .theta, .localLevel, .median, .weighted, .ar])
  func nothingLiesBelowTheFloor(method: ForecastMethod) throws {
    let values = ["0", "0", "19.68", "0", "0", "3", "0", "0", "0", "1", "0", "0"]
    let text = "series,time,value\n" + values.enumerated().map { "a,\(2010 + $0.offset),\($0.element)\n" }.joined()
    let result = try output(text, method, floor: 0)
    let free = try output(text, method)
    for (point, other) in zip(result.forecasts[0].points, free.forecasts[0].points) {
      #expect(point.mean >= 0 && point.mean == max(other.mean, 0))
      for p in [0.025, 0.1, 0.5, 0.9, 0.975] {
        #expect(point.distribution.quantile(p) == max(other.distribution.quantile(p), 0))
      }
      #expect(point.distribution.cdf(-1e-9) == 0)
      #expect(point.distribution.crps(0) <= other.distribution.crps(0) + 1e-2)
    }
    #expect(free.forecasts[0].points[0].distribution.quantile(0.025) < 0)
    #expect(throws: SeriesError.belowFloor(series: "x", floor: 1, time: 1872, value: 0)) {
      var options = ForecastOptions(horizon: 1)
      options.floor = 1
      _ = try forecast([annual([3, 0, 4])], method: .naive, options: options)[0].get()
    }
  }

  /// One observation has no interval: the members are there, and null.
  @Test func whatIsUndefinedIsNull() throws {
    let json = try output("series,time,value\na,2001,5\n", .naive).json(.en)
    #expect(json.contains("\"low\" : null") && json.contains("\"high\" : null"))
    #expect(json.contains("\"log_likelihood\" : null"))
  }
}

private let oneZero = """
  series,time,value
  p0,2008,106.59
  p0,2009,115.8
  p0,2010,123.36
  p0,2011,123.09
  p0,2012,134.18
  p0,2013,143.6
  p0,2014,147.75
  p0,2015,158.98
  p0,2016,169.59
  p0,2017,180.39
  p0,2018,189.86
  p0,2019,204.0
  p0,2020,208.24
  p0,2021,217.49
  p0,2022,224.28
  p0,2023,241.49
  p1,2008,210.59
  p1,2009,218.81
  p1,2010,222.95
  p1,2011,231.98
  p1,2012,243.95
  p1,2013,253.65
  p1,2014,280.82
  p1,2015,307.35
  p1,2016,289.9
  p1,2017,282.58
  p1,2018,295.0
  p1,2019,304.93
  p1,2020,323.32
  p1,2021,342.86
  p1,2022,392.31
  p1,2023,394.48
  p2,2008,310.65
  p2,2009,354.39
  p2,2010,382.32
  p2,2011,412.72
  p2,2012,425.06
  p2,2013,418.34
  p2,2014,442.75
  p2,2015,467.48
  p2,2016,467.9
  p2,2017,478.63
  p2,2018,501.72
  p2,2019,507.89
  p2,2020,531.83
  p2,2021,561.24
  p2,2022,590.86
  p2,2023,608.7
  p3,2008,430.62
  p3,2009,469.12
  p3,2010,0
  p3,2011,508.25
  p3,2012,550.17
  p3,2013,566.9
  p3,2014,617.29
  p3,2015,621.71
  p3,2016,677.93
  p3,2017,712.12
  p3,2018,712.15
  p3,2019,739.33
  p3,2020,778.92
  p3,2021,827.84
  p3,2022,836.75
  p3,2023,841.54
  p4,2008,529.85
  p4,2009,546.71
  p4,2010,580.18
  p4,2011,628.74
  p4,2012,618.79
  p4,2013,657.17
  p4,2014,725.55
  p4,2015,753.73
  p4,2016,767.09
  p4,2017,831.05
  p4,2018,882.56
  p4,2019,961.66
  p4,2020,997.1
  p4,2021,987.9
  p4,2022,1033.99
  p4,2023,1067.79
  p5,2008,650.63
  p5,2009,689.31
  p5,2010,678.89
  p5,2011,680.38
  p5,2012,741.0
  p5,2013,800.46
  p5,2014,820.23
  p5,2015,862.24
  p5,2016,922.75
  p5,2017,988.41
  p5,2018,1076.15
  p5,2019,1142.99
  p5,2020,1197.05
  p5,2021,1245.46
  p5,2022,1365.79
  p5,2023,1312.19
  """
