import Foundation
import TestSupport
import Testing

@testable import TimeSeries

/// Oracles O7 of the method reference: closed forms and R `forecast::dm.test`.
@Suite struct ScoreTests {
  @Test(arguments: [(0.0, 0.2336949773), (1, 0.6024413576), (2, 1.4527918217)])
  func normalScore(y: Double, score: Double) {
    let standard = PredictiveDistribution.student(location: 0, scale: 1, degrees: .infinity)
    #expect(abs(standard.crps(y) - score) < 5e-11)
  }

  @Test func scaledNormalScore() {
    let forecast = PredictiveDistribution.student(location: 10, scale: 2, degrees: .infinity)
    #expect(abs(forecast.crps(7) - 1.9888480080) < 5e-10)
  }

  @Test func ensembleScores() {
    #expect(ensembleCRPS([1, 2, 4, 7], 3) == 0.75)
    #expect(close(ensembleCRPS([7, 1, 4, 2], 3, fair: true), 1.0 / 3, relative: 1e-14))
    #expect(PredictiveDistribution.sample([1, 2, 4, 7]).crps(3) == 0.75)
  }

  /// The score is the integral of the squared distance between the distribution and the outcome's step.
  @Test(arguments: [3.0, 5, 12, 40])
  func studentScoreIsItsIntegral(degrees: Double) {
    let forecast = PredictiveDistribution.student(location: 1, scale: 0.5, degrees: degrees)
    let y = 1.7
    let step = 0.002
    var sum = 0.0
    for i in -60_000..<60_000 {
      let x = y + (Double(i) + 0.5) * step
      let gap = forecast.cdf(x) - (x >= y ? 1 : 0)
      sum += gap * gap * step
    }
    #expect(abs(forecast.crps(y) - sum) < 2e-5)
  }

  /// The quantile form of the score agrees with the closed form where both exist.
  @Test func skewedScoreIsCloseToTheClosedForm() {
    let narrow = PredictiveDistribution.logStudent(location: 0, scale: 0.01, degrees: .infinity)
    let normal = PredictiveDistribution.student(location: 1, scale: 0.01, degrees: .infinity)
    #expect(close(narrow.crps(1.01), normal.crps(1.01), relative: 0.02))
  }

  @Test func kupiecStatistic() {
    let test = kupiec(observations: 250, exceptions: 8, probability: 0.01)
    #expect(abs(test.statistic - 7.7335507245) < 5e-10)
    #expect(test.pValue > 0.005 && test.pValue < 0.006)
    #expect(kupiec(observations: 100, exceptions: 10, probability: 0.1).statistic < 1e-12)
    #expect(
      close(
        kupiec(observations: 50, exceptions: 0, probability: 0.05).statistic, -100 * log(0.95),
        relative: 1e-12))
  }

  private static let first = [1.2, -0.7, 0.3, 2.1, -1.5, 0.4, -0.2, 0.9, -1.1, 0.6, 1.7, -0.8]
  private static let second = [0.8, -0.9, 0.5, 1.4, -1.0, 0.1, -0.6, 1.1, -0.4, 0.7, 1.0, -1.2]

  @Test(arguments: [
    (2.0, 1, LongRunVariance.rectangular, 1.5438654, 0.150886), (2, 3, .rectangular, 2.2283079, 0.04766734),
    (2, 3, .bartlett, 1.5890007, 0.1403675), (1, 1, .rectangular, 1.1753278, 0.2646769),
  ])
  func dieboldMarianoTest(
    power: Double, horizon: Int, variance: LongRunVariance, statistic: Double, p: Double
  ) throws {
    let d = zip(Self.first, Self.second).map { pow(abs($0), power) - pow(abs($1), power) }
    let test = try #require(dieboldMariano(lossDifferences: d, horizon: horizon, variance: variance))
    #expect(abs(test.statistic - statistic) < 5e-8)
    #expect(abs(test.pValue - p) < 1e-6)
  }

  @Test func equalForecastsHaveNoTest() {
    #expect(dieboldMariano(lossDifferences: [0, 0, 0, 0], horizon: 1) == nil)
    #expect(dieboldMariano(lossDifferences: [1, 2], horizon: 1) == nil)
    #expect(dieboldMariano(lossDifferences: [1, 2, 4], horizon: 3) == nil)
  }

  @Test func intervalScoreByHand() {
    #expect(intervalScore(low: 2, high: 5, level: 0.8, 4) == 3)
    #expect(close(intervalScore(low: 2, high: 5, level: 0.8, 6), 3 + 10, relative: 1e-12))
    #expect(close(intervalScore(low: 2, high: 5, level: 0.8, 1), 3 + 10, relative: 1e-12))
    #expect(close(pinball(0.9, quantile: 5, 6), 0.9, relative: 1e-12))
    #expect(close(pinball(0.9, quantile: 5, 4), 0.1, relative: 1e-12))
  }

  /// Interval score = 2/α (pinball at both ends): a law that ties the three scores together.
  @Test(arguments: 0..<30 as Range<UInt64>)
  func intervalScoreIsTwoPinballs(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let ends = [Double.random(in: -3...3, using: &random), Double.random(in: -3...3, using: &random)].sorted()
    let y = Double.random(in: -5...5, using: &random)
    let level = Double.random(in: 0.1..<0.99, using: &random)
    let alpha = 1 - level
    let sum = pinball(alpha / 2, quantile: ends[0], y) + pinball(1 - alpha / 2, quantile: ends[1], y)
    #expect(
      close(intervalScore(low: ends[0], high: ends[1], level: level, y), 2 / alpha * sum, relative: 1e-9))
  }

  /// Train to 1960, test 1961–70: drift MAE 124.2303371, MASE .9392999745; mean MAE 117.9933333.
  @Test func nileHoldOut() throws {
    let train = try annual(Array(nileFlow[..<90]))
    let forecast = try forecastOne(train, .drift, horizon: 10)
    let mae = zip(forecast.means, nileFlow[90...]).reduce(0) { $0 + abs($1.0 - $1.1) } / 10
    let scale = try #require(absoluteChangeScale(train))
    #expect(abs(mae - 124.2303371) < 5e-8)
    #expect(abs(mae / scale - 0.9392999745) < 5e-11)
    let centre = train.values.reduce(0, +) / 90
    let meanError = nileFlow[90...].reduce(0) { $0 + abs($1 - centre) } / 10
    #expect(abs(meanError - 117.9933333) < 5e-8 && abs(meanError / scale - 0.8921422706) < 5e-11)
  }

  @Test func histogramCountsEveryValue() {
    #expect(pitHistogram([0, 0.05, 0.1, 0.55, 0.999, 1]) == [2, 1, 0, 0, 0, 1, 0, 0, 0, 2])
  }

  /// Quantiles and probabilities invert each other in every kind of distribution.
  @Test(arguments: [
    PredictiveDistribution.student(location: 3, scale: 2, degrees: 7),
    .logStudent(location: 1, scale: 0.4, degrees: 4),
    .logitStudent(location: 0.3, scale: 0.8, degrees: 9, ceiling: 50),
  ])
  func quantilesInvert(distribution: PredictiveDistribution) {
    for p in [0.025, 0.1, 0.5, 0.77, 0.975] {
      #expect(abs(distribution.cdf(distribution.quantile(p)) - p) < 1e-10)
    }
    let nodes = distribution.quantiles(7)
    #expect(nodes == nodes.sorted() && close(nodes[3], distribution.median, relative: 1e-12))
    #expect(close(nodes[1], distribution.quantile(1.5 / 7), relative: 1e-9))
  }
}
