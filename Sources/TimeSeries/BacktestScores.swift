import Foundation

/// How one forecaster did at one horizon (or at all of them).
public struct BacktestScore: Sendable {
  /// A nominal level of an interval and how often it held.
  public struct Level: Sendable {
    public let level: Double
    /// Share of outcomes inside the interval.
    public let coverage: Double
    public let meanWidth: Double
    public let intervalScore: Double
    /// Interval score over the series' mean absolute change.
    public let scaledIntervalScore: Double?
    /// Outcomes outside, tested against 1 − level; taken as independent.
    public let kupiec: TestResult
  }

  public let forecaster: Forecaster
  /// nil: all horizons together.
  public let horizon: Int?
  /// Forecasts scored: those every forecaster made.
  public let count: Int
  public let meanAbsoluteError: Double
  public let rootMeanSquareError: Double
  /// Mean of |error| over the series' mean absolute change up to the origin; nil when none ever moved.
  public let meanAbsoluteScaledError: Double?
  /// Median of |error|/|actual|; outcomes of zero are left out and counted.
  public let medianAbsolutePercentageError: Double?
  public let meanAbsolutePercentageError: Double?
  public let zeroActuals: Int
  /// Share of moves whose direction was right, among forecasts that moved; nil when none did.
  public let direction: Double?
  public let levels: [Level]
  /// Mean pinball loss over the median and the interval ends.
  public let pinball: Double?
  public let crps: Double?
  public let scaledCRPS: Double?
  /// Ten bins; nil without distributions.
  public let pit: [Int]?
  /// Against naive: scaled absolute losses averaged over series per origin, one difference per origin.
  public let dieboldMariano: TestResult?
  /// Origins behind `dieboldMariano`.
  public let origins: Int
}

extension Backtest {
  /// Scores on the forecasts that every forecaster made, per horizon and then overall.
  public var scores: [BacktestScore] {
    let common = commonRows
    let naive = common.filter { $0.forecaster == .method(.naive) }
    var grids = ScoreGrids(levels: options.levels)
    var scores: [BacktestScore] = []
    for horizon in (1...options.forecast.horizon).map(Optional.some) + [nil] {
      for forecaster in forecasters {
        let chosen = common.filter {
          $0.forecaster == forecaster && (horizon == nil || $0.horizon == horizon)
        }
        if chosen.isEmpty { continue }
        let benchmark = naive.filter { horizon == nil || $0.horizon == horizon }
        scores.append(BacktestScore(forecaster, horizon: horizon, chosen, naive: benchmark, grids: &grids))
      }
    }
    return scores
  }

  /// Rows whose series, origin and horizon every forecaster covers.
  public var commonRows: [BacktestRow] {
    struct Target: Hashable {
      let series: Int
      let origin: Int
      let horizon: Int
    }
    var made: [Target: Int] = [:]
    for row in rows {
      made[Target(series: row.series, origin: row.origin, horizon: row.horizon), default: 0] += 1
    }
    return rows.filter {
      made[Target(series: $0.series, origin: $0.origin, horizon: $0.horizon)] == forecasters.count
    }
  }
}

/// The probabilities that scores need, with their standard quantiles kept.
struct ScoreGrids {
  let levels: [Double]
  /// The median, then both ends of each level.
  var ends: QuantileGrid
  var nodes = PredictiveDistribution.scoreNodes

  init(levels: [Double]) {
    self.levels = levels
    ends = QuantileGrid([0.5] + levels.flatMap { [(1 - $0) / 2, (1 + $0) / 2] })
  }
}

/// One row's distribution put to the test.
private struct Judgement {
  let scale: Double?
  let actual: Double
  /// At the probabilities of `ScoreGrids.ends`.
  let ends: [Double]
  let pinball: Double
  let crps: Double
  let pit: Double

  init?(_ row: BacktestRow, _ grids: inout ScoreGrids) {
    guard let distribution = row.distribution else { return nil }
    let quantiles = grids.ends.quantiles(of: distribution)
    (scale, actual, ends) = (row.scale, row.actual, quantiles)
    pinball = mean(
      zip(grids.ends.probabilities, quantiles).map { TimeSeries.pinball($0, quantile: $1, row.actual) })
    crps = distribution.crps(row.actual, nodes: &grids.nodes)
    pit = quantiles.contains { $0.isNaN } ? .nan : distribution.cdf(row.actual)
    // A distribution without spread (one observation) cannot be judged.
    if pit.isNaN { return nil }
  }
}

extension BacktestScore {
  init(
    _ forecaster: Forecaster, horizon: Int?, _ rows: [BacktestRow], naive: [BacktestRow],
    grids: inout ScoreGrids
  ) {
    let n = Double(rows.count)
    self.forecaster = forecaster
    self.horizon = horizon
    count = rows.count
    meanAbsoluteError = rows.reduce(0) { $0 + abs($1.error) } / n
    rootMeanSquareError = (rows.reduce(0) { $0 + $1.error * $1.error } / n).squareRoot()
    meanAbsoluteScaledError = meanIfAny(rows.compactMap { row in row.scale.map { abs(row.error) / $0 } })
    let relative = rows.filter { $0.actual != 0 }.map { abs($0.error / $0.actual) }
    medianAbsolutePercentageError = relative.isEmpty ? nil : median(relative)
    meanAbsolutePercentageError = meanIfAny(relative)
    zeroActuals = rows.count - relative.count
    let moved = rows.filter { !nearlyEqual($0.forecast, $0.last) && !nearlyEqual($0.actual, $0.last) }
    direction = meanIfAny(moved.map { ($0.forecast > $0.last) == ($0.actual > $0.last) ? 1 : 0 })
    var judged: [Judgement] = []
    for row in rows { if let judgement = Judgement(row, &grids) { judged.append(judgement) } }
    levels =
      judged.isEmpty ? [] : grids.levels.indices.map { BacktestScore.level(grids.levels[$0], $0, judged) }
    pinball = meanIfAny(judged.map(\.pinball))
    crps = meanIfAny(judged.map(\.crps))
    scaledCRPS = meanIfAny(judged.compactMap { one in one.scale.map { one.crps / $0 } })
    pit = judged.isEmpty ? nil : pitHistogram(judged.map(\.pit))
    let differences = lossDifferences(rows, naive)
    dieboldMariano =
      forecaster == .method(.naive)
      ? nil : TimeSeries.dieboldMariano(lossDifferences: differences, horizon: horizon ?? 1)
    origins = differences.count
  }

  private static func level(_ level: Double, _ position: Int, _ judged: [Judgement]) -> Level {
    var (inside, width, score, scaled) = (0, 0.0, 0.0, [Double]())
    for one in judged {
      let (low, high) = (one.ends[1 + 2 * position], one.ends[2 + 2 * position])
      if one.actual >= low && one.actual <= high || nearlyEqual(one.actual, low) || nearlyEqual(one.actual, high) {
        inside += 1
      }
      width += high - low
      let own = TimeSeries.intervalScore(low: low, high: high, level: level, one.actual)
      score += own
      if let scale = one.scale { scaled.append(own / scale) }
    }
    let n = Double(judged.count)
    return Level(
      level: level, coverage: Double(inside) / n, meanWidth: width / n, intervalScore: score / n,
      scaledIntervalScore: meanIfAny(scaled),
      kupiec: TimeSeries.kupiec(
        observations: judged.count, exceptions: judged.count - inside, probability: 1 - level))
  }
}

/// Mean scaled |error| minus that of naive, per origin in time order.
private func lossDifferences(_ rows: [BacktestRow], _ naive: [BacktestRow]) -> [Double] {
  func byOrigin(_ rows: [BacktestRow]) -> [Int: (sum: Double, count: Double)] {
    rows.reduce(into: [:]) { sums, row in
      guard let scale = row.scale else { return }
      let old = sums[row.origin] ?? (0, 0)
      sums[row.origin] = (old.sum + abs(row.error) / scale, old.count + 1)
    }
  }
  let (own, benchmark) = (byOrigin(rows), byOrigin(naive))
  return own.keys.sorted().compactMap { origin in
    guard let a = own[origin], let b = benchmark[origin] else { return nil }
    return a.sum / a.count - b.sum / b.count
  }
}

private func meanIfAny(_ values: [Double]) -> Double? {
  values.isEmpty ? nil : mean(values)
}

/// Split-conformal check of one method: intervals from past errors alone, scored on later origins.
public struct ConformalCheck: Sendable {
  public let horizon: Int
  public let level: Double
  /// Origins whose errors were known at the last target: errors of one year are not independent across
  /// series, so this, not the number of errors, is the effective sample.
  public let calibrationOrigins: Int
  /// m/(m + 1): the highest level that m calibration origins can promise.
  public let attainable: Double
  /// Share of later outcomes inside; nil when no origin came after enough errors.
  public let coverage: Double?
  public let count: Int
}

extension Backtest {
  /// For each horizon and level: at every origin, the ⌈(m+1) level⌉-th smallest |ln(actual/forecast)| among
  /// errors already known there (m of them) makes the band; what followed is counted.
  public func conformalChecks(_ method: ForecastMethod) -> [ConformalCheck] {
    let rows = rows.filter { $0.forecaster == .method(method) }
    return (1...options.forecast.horizon).flatMap { horizon -> [ConformalCheck] in
      let here = rows.filter { $0.horizon == horizon }
      let scores = here.map { (row: $0, score: $0.error == 0 ? 0 : abs(relativeError($0.forecast, $0.actual))) }
      let origins = Set(here.map(\.origin)).sorted()
      guard let last = origins.last else { return [] }
      let calibration = origins.count { $0 + horizon <= last }
      return options.levels.map { level in
        var (inside, total) = (0, 0)
        for origin in origins {
          let known = scores.filter { $0.row.origin + horizon <= origin }.map(\.score).sorted()
          let rank = Int((Double(known.count + 1) * level).rounded(.up))
          guard rank >= 1, rank <= known.count else { continue }
          for one in scores where one.row.origin == origin {
            total += 1
            if one.score <= known[rank - 1] { inside += 1 }
          }
        }
        return ConformalCheck(
          horizon: horizon, level: level, calibrationOrigins: calibration,
          attainable: Double(calibration) / Double(calibration + 1),
          coverage: total > 0 ? Double(inside) / Double(total) : nil, count: total)
      }
    }
  }
}
