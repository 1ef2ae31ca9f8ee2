import Foundation
import Messages

/// Who made a forecast: one of our methods, or the benchmark that freezes shares of the pool's total.
public enum Forecaster: Hashable, Sendable {
  case method(ForecastMethod)
  /// Share of the pool's total at the origin, times a damped log-drift forecast of that total.
  case constantShare

  public var name: String {
    switch self {
    case .method(let method): method.rawValue
    case .constantShare: "constant-share"
    }
  }
}

/// How past forecasts are re-made.
public struct BacktestOptions: Sendable {
  public var methods: [ForecastMethod]
  /// Horizon, fixed parameters, ceiling and period of every forecast.
  public var forecast: ForecastOptions
  /// Interval levels in 0..<1.
  public var levels: [Double] = [0.8, 0.95]
  /// A series takes part in an origin with at least this many observations.
  public var minimumCount = 8
  /// Origins before this time are left out.
  public var firstOrigin: Int?

  public init(methods: [ForecastMethod], horizon: Int) {
    self.methods = methods
    forecast = ForecastOptions(horizon: horizon)
  }
}

/// One forecast made in the past, beside what came true.
public struct BacktestRow: Sendable {
  /// Index into the series given, over all pools in order.
  public let series: Int
  public let forecaster: Forecaster
  public let origin: Int
  public let horizon: Int
  public let time: Int
  public let forecast: Double
  public let actual: Double
  /// The last value known at the origin.
  public let last: Double
  /// Mean absolute change up to the origin; nil when the series never moved.
  public let scale: Double?
  /// nil for forecasters without a distribution.
  public let distribution: PredictiveDistribution?

  /// Zero when both are the same but for rounding.
  public var error: Double { nearlyEqual(actual, forecast) ? 0 : actual - forecast }
}

/// Every past forecast of a panel, and why some were not made.
public struct Backtest: Sendable {
  public let options: BacktestOptions
  public let rows: [BacktestRow]
  public let origins: [Int]
  public let seriesCount: Int
  /// Forecasts refused or downgraded, with counts.
  public let notes: [Bilingual]
  /// The methods asked for, then naive and constant share.
  public let forecasters: [Forecaster]
}

/// Rolling origins with an expanding window over pools of comparable series.
///
/// At each origin every series is cut there before anything is estimated: pooling, weights and
/// hyper-parameters see the past only. A series takes part when it has an observation at the origin and
/// enough before it; a forecast is scored when the target period has an observation.
/// - Parameter pools: each pool is pooled by itself (`pdd`) and has its own total (constant share).
/// - Throws: what `forecast` throws about its options.
public func backtest(_ pools: [[Series]], _ options: BacktestOptions) throws(SeriesError) -> Backtest {
  var methods = options.methods
  if !methods.contains(.naive) { methods.append(.naive) }
  // One series is the whole of its pool: it has no share.
  let forecasters = methods.map(Forecaster.method) + (pools.contains { $0.count > 1 } ? [.constantShare] : [])
  var record = BacktestRecord()
  var origins: Set<Int> = []
  var offset = 0
  for pool in pools {
    let times = Set(pool.flatMap(\.times)).sorted()
    for origin in times.dropLast() where origin >= options.firstOrigin ?? .min {
      let panel = OriginPanel(pool, origin: origin, offset: offset, minimumCount: options.minimumCount)
      guard !panel.scored.isEmpty else { continue }
      for method in methods { try record.score(panel, method, options) }
      if forecasters.contains(.constantShare) { record.scoreConstantShare(panel, horizon: options.forecast.horizon) }
      if panel.hasTargets(within: options.forecast.horizon) { origins.insert(origin) }
    }
    offset += pool.count
  }
  return Backtest(
    options: options, rows: record.rows, origins: origins.sorted(), seriesCount: offset, notes: record.notes,
    forecasters: forecasters)
}

/// A pool as it was known at one origin.
private struct OriginPanel {
  struct Member {
    let index: Int
    let past: Series
    let full: Series
  }

  let origin: Int
  /// Everything known at the origin.
  let known: [Member]
  /// Positions in `known` that are scored.
  let scored: [Int]

  init(_ pool: [Series], origin: Int, offset: Int, minimumCount: Int) {
    self.origin = origin
    known = pool.enumerated().compactMap { i, series in
      series.through(origin).map { Member(index: offset + i, past: $0, full: series) }
    }
    scored = known.indices.filter { [known] in
      known[$0].past.lastTime == origin && known[$0].past.count >= minimumCount
    }
  }

  func hasTargets(within horizon: Int) -> Bool {
    scored.contains { i in (1...horizon).contains { known[i].full.value(at: origin + $0) != nil } }
  }

  func rows(
    _ member: Member, _ forecaster: Forecaster,
    _ points: [(mean: Double, distribution: PredictiveDistribution?)]
  ) -> [BacktestRow] {
    let scale = absoluteChangeScale(member.past)
    return points.enumerated().compactMap { i, point in
      guard let actual = member.full.value(at: origin + i + 1), point.mean.isFinite else { return nil }
      return BacktestRow(
        series: member.index, forecaster: forecaster, origin: origin, horizon: i + 1, time: origin + i + 1,
        forecast: point.mean, actual: actual, last: member.past.lastValue, scale: scale,
        distribution: point.distribution)
    }
  }
}

/// Rows and refusals gathered over origins.
private struct BacktestRecord {
  var rows: [BacktestRow] = []
  private var refused: [ForecastMethod: Int] = [:]
  private var downgraded: [ForecastMethod: Int] = [:]

  mutating func score(_ panel: OriginPanel, _ method: ForecastMethod, _ options: BacktestOptions)
    throws(SeriesError)
  {
    // pdd pools every series known; the others need only those scored.
    let asked = method == .pdd ? Array(panel.known.indices) : panel.scored
    var own = options.forecast
    if !options.methods.contains(method) { own.fixed = [:] }
    let results: [Result<SeriesForecast, SeriesError>]
    do throws(SeriesError) {
      results = try forecast(asked.map { panel.known[$0].past }, method: method, options: own)
    } catch .groupTooShort {
      refused[method, default: 0] += panel.scored.count
      return
    }
    let byPosition = Dictionary(uniqueKeysWithValues: zip(asked, results))
    for i in panel.scored {
      switch byPosition[i] {
      case .success(let found):
        if found.method != method { downgraded[method, default: 0] += 1 }
        rows += panel.rows(panel.known[i], .method(method), found.points.map { ($0.mean, $0.distribution) })
      case .failure, nil:
        refused[method, default: 0] += 1
      }
    }
  }

  mutating func scoreConstantShare(_ panel: OriginPanel, horizon: Int) {
    let members = panel.scored.map { panel.known[$0] }
    let total = members[0].past.times.filter { time in members.allSatisfy { $0.past.value(at: time) != nil } }
    let sums = total.map { time in members.reduce(0) { $0 + ($1.past.value(at: time) ?? 0) } }
    let path = growthOfTotal(total, sums, horizon: horizon)
    for member in members {
      rows += panel.rows(member, .constantShare, path.map { (member.past.lastValue * $0, nil) })
    }
  }

  /// Forecast total over the total at the origin, per horizon; 1 when the total has no usable history.
  private func growthOfTotal(_ times: [Int], _ sums: [Double], horizon: Int) -> [Double] {
    do throws(SeriesError) {
      let total = try Series(key: ["total"], times: times, values: sums)
      let member = try PooledGrowth([total]).members[0]
      return (1...horizon).map { member.point($0) / total.lastValue }
    } catch {
      return [Double](repeating: 1, count: horizon)
    }
  }

  var notes: [Bilingual] {
    let order = ForecastMethod.allCases
    return order.compactMap { method in
      refused[method].map {
        Bilingual(
          zh: "\(method.rawValue)：跳过 \($0) 个（序列 × 起点），因含零、负值或历史太短",
          en:
            "\(method.rawValue): \($0) (series × origin) skipped for zero or negative values or too short a history"
        )
      }
    }
      + order.compactMap { method in
        downgraded[method].map {
          Bilingual(
            zh: "\(method.rawValue)：\($0) 个（序列 × 起点）因历史太短改用更简单的方法",
            en:
              "\(method.rawValue): a simpler method used for \($0) (series × origin) with too short a history"
          )
        }
      }
  }
}
