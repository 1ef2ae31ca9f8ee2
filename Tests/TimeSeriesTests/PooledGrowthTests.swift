import Foundation
import Probability
import TestSupport
import Testing

@testable import TimeSeries

@Suite struct PooledGrowthTests {
  private func series(_ name: String, _ values: [Double], from start: Int = 2010) throws -> Series {
    try Series(key: [name], times: values.indices.map { start + $0 }, values: values)
  }

  /// Growth of A: 0.1, 0.3, 0.2; of B: 0.0, 0.1, −0.1 (log points). By hand:
  /// μ̂ = 0.2, 0; s² = 0.01, 0.01; m₀ = 0.1; v = 0.02; w = 1 − (0.01/3)/0.02 = 5/6.
  private func twoSeries() throws -> PooledGrowth {
    try PooledGrowth([
      series("A", [0, 0.1, 0.4, 0.6].map { exp($0) }), series("B", [1, 1, 1.1, 1].map { exp($0) }),
    ])
  }

  @Test func matchesHandArithmetic() throws {
    let pooled = try twoSeries()
    #expect(close(pooled.pooledDrift, 0.1, relative: 1e-12))
    #expect(close(pooled.pooledVariance, 0.01, relative: 1e-12))
    #expect(close(pooled.driftVariance, 0.02, relative: 1e-12))
    let a = pooled.members[0]
    #expect(close(a.weight, 5.0 / 6, relative: 1e-12))
    #expect(close(a.drift, 0.1 + 5.0 / 6 * 0.1, relative: 1e-12))
    #expect(a.degreesOfFreedom == 2)
    #expect(close(a.logMean(2), 0.6 + (11.0 / 60) * (0.9 + 0.81), relative: 1e-12))
    // Mean residual growth: −0.05, 0.1, −0.05 → lag-1 autocorrelation −2/3 → clamped to 0.
    #expect(close(pooled.residuals.meanAutocorrelation, -2.0 / 3, relative: 1e-10))
    #expect(pooled.autocorrelation == 0)
    // σ²(h + h²/3) with ρ = 0.
    #expect(close(a.logStandardDeviation(2), (0.01 * (2 + 4.0 / 3)).squareRoot(), relative: 1e-12))
    let interval = a.interval(1, level: 0.8)
    let half = 1.8856180831641267 * (0.01 * 4 / 3).squareRoot()  // t(0.9, 2)
    #expect(close(log(interval.high), a.logMean(1) + half, relative: 1e-10))
    #expect(close(log(interval.low), a.logMean(1) - half, relative: 1e-10))
  }

  @Test func autocorrelatedGrowthWidensTheBand() throws {
    let group = try [series("A", [0, 0.1, 0.4, 0.6].map { exp($0) })]
    let member = try PooledGrowth(group, autocorrelation: 0.5).members[0]
    // Responses 1, 1.5, 1.75.
    let expected = 0.01 * (1 + 2.25 + 3.0625) + 9 * 0.01 / 3
    #expect(close(member.logStandardDeviation(3), expected.squareRoot(), relative: 1e-12))
  }

  @Test func gapCountsAsPerYearGrowth() throws {
    let gap = try Series(key: ["G"], times: [2000, 2005, 2006], values: [0, 1, 1.5].map { exp($0) })
    let member = try PooledGrowth([gap]).members[0]
    #expect(close(member.drift, 0.25, relative: 1e-12))
    // Σ g (d − μ̂)² / (2 − 1) = 5·0.05² + 0.25² = 0.075.
    #expect(close(member.sigma * member.sigma, 0.075, relative: 1e-12))
    #expect(close(member.driftVariance, 0.075 / 6, relative: 1e-12))
  }

  @Test func twoPointsBorrowFromTheGroup() throws {
    let long = try twoSeries()
    let pooled = try PooledGrowth([
      series("A", [0, 0.1, 0.4, 0.6].map { exp($0) }), series("B", [1, 1, 1.1, 1].map { exp($0) }),
      series("new", [3, 5]), series("single", [7]),
    ])
    for member in pooled.members[2...] {
      #expect(member.drift == long.pooledDrift)
      #expect(close(member.sigma * member.sigma, long.pooledVariance, relative: 1e-12))
      #expect(member.degreesOfFreedom == 2)
      #expect(member.driftVariance == long.driftVariance)
    }
    #expect(pooled.members[3].ownDrift == nil)
    #expect(close(pooled.members[2].point(0), 5, relative: 1e-14))
  }

  /// A new unit shifts levels and changes nothing else.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func unitOnlyRescales(seed: UInt64) throws {
    let group = try randomGroup(seed: seed)
    let rescaled = try group.map {
      try Series(key: $0.key, times: $0.times, values: $0.values.map { $0 * 1e4 })
    }
    let (a, b) = try (PooledGrowth(group), PooledGrowth(rescaled))
    for (one, other) in zip(a.members, b.members) {
      #expect(
        close(one.interval(3, level: 0.95).high * 1e4, other.interval(3, level: 0.95).high, relative: 1e-9))
      #expect(close(one.drift, other.drift, relative: 1e-9, absolute: 1e-12))
    }
  }

  /// Row order of the input does not matter.
  @Test(arguments: 0..<20 as Range<UInt64>)
  func orderDoesNotMatter(seed: UInt64) throws {
    let group = try randomGroup(seed: seed)
    let shuffled = try group.map {
      try Series(key: $0.key, times: $0.times.reversed(), values: $0.values.reversed())
    }
    #expect(try PooledGrowth(group).members == PooledGrowth(shuffled).members)
  }

  /// The closed-form spread is the spread of sampled paths.
  @Test func pathsHaveTheStatedSpread() throws {
    let member = try PooledGrowth([series("A", [0, 0.1, 0.4, 0.6].map { exp($0) })], autocorrelation: 0.6)
      .members[0]
    var random = SeededGenerator(seed: 5)
    var squares = [0.0, 0, 0]
    let draws = 20_000
    for _ in 0..<draws {
      let z = (0..<4).map { _ in normalQuantile(Double.random(in: 0.0..<1, using: &random)) }
      let path = member.logPath(shocks: Array(z[..<3]), driftShock: z[3], inflation: 1)
      for h in 0..<3 { squares[h] += pow(path[h] - member.logMean(h + 1), 2) }
    }
    for h in 0..<3 {
      let spread = (squares[h] / Double(draws)).squareRoot()
      #expect(close(spread, member.logStandardDeviation(h + 1), relative: 0.02))
    }
  }

  @Test func commonShocksAreFound() throws {
    var random = SeededGenerator(seed: 9)
    func normal() -> Double { normalQuantile(Double.random(in: 1e-9..<1, using: &random)) }
    let common = (0..<400).map { _ in normal() }
    let group = try (0..<30).map { i in
      var level = 0.0
      let values = common.map { shock in
        level += 0.02 * (0.7.squareRoot() * shock + 0.3.squareRoot() * normal())
        return exp(level)
      }
      return try series("\(i)", values)
    }
    let c = try PooledGrowth(group).residuals.commonCorrelation
    #expect(abs(c - 0.7) < 0.06, "\(c)")
  }

  @Test func refusesWhatHasNoLogarithm() throws {
    let group = try [series("甲", [3, 0, 5])]
    #expect(throws: SeriesError.notPositive(series: "甲", time: 2011, value: 0, method: "pdd")) {
      try PooledGrowth(group)
    }
    #expect(throws: SeriesError.groupTooShort(found: 1)) { try PooledGrowth([series("A", [1, 2])]) }
    #expect(throws: SeriesError.optionOutOfRange(option: "phi", value: 1.2, allowed: "in 0...1")) {
      try PooledGrowth([series("A", [1, 2, 3])], damping: 1.2)
    }
  }

  @Test func seriesSortsAndRefusesDuplicates() throws {
    let sorted = try Series(key: ["A"], times: [2012, 2010, 2011], values: [3, 1, .nan])
    #expect(sorted.times == [2010, 2012] && sorted.values == [1, 3])
    #expect(sorted.regular == [1, nil, 3])
    #expect(throws: SeriesError.duplicateTime(series: "A", time: 2010)) {
      try Series(key: ["A"], times: [2010, 2010], values: [1, 2])
    }
    #expect(throws: SeriesError.empty(series: "A")) { try Series(key: ["A"], times: [2010], values: [.nan]) }
  }
}

/// Log random walks with drift, 4 series of 8 to 14 years.
func randomGroup(seed: UInt64) throws -> [Series] {
  var random = SeededGenerator(seed: seed)
  return try (0..<4).map { i in
    var level = Double.random(in: 1..<8, using: &random)
    let n = Int.random(in: 8...14, using: &random)
    let values = (0..<n).map { _ in
      level += 0.08 + 0.1 * normalQuantile(Double.random(in: 1e-9..<1, using: &random))
      return exp(level)
    }
    return try Series(key: ["s\(i)"], times: (0..<n).map { 2010 + $0 }, values: values)
  }
}
