import Foundation
import Probability
import TestSupport
import Testing

@testable import TimeSeries

@Suite struct BacktestTests {
  private func panel(seed: UInt64, series: Int = 12, years: Int = 14, drift: Double = 0.08) throws -> [Series] {
    var random = SeededGenerator(seed: seed)
    func normal() -> Double { normalQuantile(Double.random(in: 1e-9..<1, using: &random)) }
    return try (0..<series).map { i in
      var level = 5 + normal()
      let own = drift + 0.02 * normal()
      let values = (0..<years).map { _ in
        level += own + 0.06 * normal()
        return exp(level)
      }
      return try Series(key: ["s\(i)"], times: (0..<years).map { 2010 + $0 }, values: values)
    }
  }

  /// One series, drift, by hand: values 1 2 4 7 → at 2002 drift 1.5 forecasts 5.5, actual 7.
  @Test func oneForecastByHand() throws {
    let series = try Series(key: ["x"], times: [2000, 2001, 2002, 2003], values: [1, 2, 4, 7])
    var options = BacktestOptions(methods: [.drift], horizon: 1)
    options.minimumCount = 3
    let result = try backtest([[series]], options)
    let row = try #require(result.rows.first { $0.forecaster == .method(.drift) })
    #expect(row.origin == 2002 && row.forecast == 5.5 && row.actual == 7 && row.scale == 1.5)
    let score = try #require(result.scores.first)
    #expect(score.meanAbsoluteError == 1.5 && score.meanAbsoluteScaledError == 1)
    #expect(close(score.medianAbsolutePercentageError ?? 0, 1.5 / 7, relative: 1e-12))
    #expect(score.direction == 1)
    let naive = try #require(result.scores.first { $0.forecaster == .method(.naive) })
    #expect(naive.meanAbsoluteError == 3 && naive.direction == nil)
  }

  @Test func benchmarksAreAlwaysBeside() throws {
    let result = try backtest([panel(seed: 1)], BacktestOptions(methods: [.pdd], horizon: 3))
    #expect(result.forecasters.map(\.name) == ["pdd", "naive", "constant-share"])
    #expect(result.origins == Array(2017...2022))
    let scores = result.scores
    #expect(scores.count == 4 * 3)
    #expect(scores.filter { $0.horizon == 2 }.allSatisfy { $0.count == 12 * 5 })
  }

  /// Constant share moves every series with the pool's total.
  @Test func constantShareKeepsShares() throws {
    let result = try backtest([panel(seed: 2)], BacktestOptions(methods: [.naive], horizon: 2))
    let rows = result.rows.filter { $0.forecaster == .constantShare && $0.origin == 2020 && $0.horizon == 2 }
    let ratios = rows.map { $0.forecast / $0.last }
    #expect(ratios.count == 12 && ratios.allSatisfy { close($0, ratios[0], relative: 1e-12) && $0 > 1 })
  }

  /// No leakage: what is forecast at an origin does not change when the future does.
  @Test(arguments: [ForecastMethod.pdd, .weighted, .dampedHolt, .gm11])
  func futureDoesNotReachThePast(method: ForecastMethod) throws {
    let group = try panel(seed: 3, series: 2, years: 15)
    let changed = try group.map { series in
      try Series(
        key: series.key, times: series.times,
        values: zip(series.times, series.values).map { $0 > 2020 ? $1 * 50 : $1 })
    }
    var options = BacktestOptions(methods: [method], horizon: 2)
    options.firstOrigin = 2019
    let (a, b) = try (backtest([group], options), backtest([changed], options))
    let known = { (rows: [BacktestRow]) in rows.filter { $0.origin <= 2020 }.map(\.forecast) }
    #expect(known(a.rows) == known(b.rows) && !known(a.rows).isEmpty)
    let later = { (rows: [BacktestRow]) in rows.filter { $0.origin > 2021 }.map(\.forecast) }
    #expect(later(a.rows) != later(b.rows))
  }

  /// On data from the model itself the bands cover what they say and the default beats naive.
  @Test func bandsCoverOnSyntheticTruth() throws {
    var (inside, total) = (0.0, 0.0)
    for seed in 10..<16 as Range<UInt64> {
      let result = try backtest([panel(seed: seed, series: 20)], BacktestOptions(methods: [.pdd], horizon: 3))
        .scores
      for horizon in 1...3 {
        let score = try #require(result.first { $0.forecaster == .method(.pdd) && $0.horizon == horizon })
        let level = try #require(score.levels.first { $0.level == 0.8 })
        inside += level.coverage * Double(score.count)
        total += Double(score.count)
        let naive = try #require(result.first { $0.forecaster == .method(.naive) && $0.horizon == horizon })
        #expect((score.medianAbsolutePercentageError ?? 1) < (naive.medianAbsolutePercentageError ?? 0))
      }
    }
    #expect(inside / total > 0.73 && inside / total < 0.92, "\(inside / total)")
  }

  @Test func seriesWithZerosAreSkippedAndSaid() throws {
    var group = try panel(seed: 4, series: 3)
    group.append(
      try Series(
        key: ["zero"], times: group[0].times,
        values: group[0].times.map { $0 == 2012 ? 0 : 9 + Double($0 % 3) }))
    let result = try backtest([group], BacktestOptions(methods: [.pdd], horizon: 1))
    #expect(result.notes.contains { $0.en.hasPrefix("pdd: 6 (series × origin) skipped") })
    #expect(!result.commonRows.contains { $0.series == 3 } && result.rows.contains { $0.series == 3 })
  }

  @Test func pairedPoolsDoNotMix() throws {
    let (a, b) = try (panel(seed: 5, series: 4), panel(seed: 6, series: 4, drift: 0.3))
    let options = BacktestOptions(methods: [.pdd], horizon: 1)
    let together = try backtest([a, b], options).rows.filter {
      $0.forecaster == .method(.pdd) && $0.series < 4
    }
    let alone = try backtest([a], options).rows.filter { $0.forecaster == .method(.pdd) }
    #expect(together.map(\.forecast) == alone.map(\.forecast))
  }

  @Test func conformalLevelIsBoundedByItsOrigins() throws {
    let result = try backtest([panel(seed: 7)], BacktestOptions(methods: [.pdd], horizon: 2))
    let checks = result.conformalChecks(.pdd)
    let first = try #require(checks.first { $0.horizon == 1 && $0.level == 0.8 })
    #expect(first.calibrationOrigins == 5 && close(first.attainable, 5.0 / 6, relative: 1e-12))
    let coverage = try #require(first.coverage)
    #expect(first.count == 12 * 5 && coverage > 0.6 && coverage < 0.95)
    #expect(checks.first { $0.horizon == 2 }?.calibrationOrigins == 3)
  }
}
