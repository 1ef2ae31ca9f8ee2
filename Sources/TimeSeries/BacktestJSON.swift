import Messages

extension BacktestOutput {
  /// - Parameter forecasts: also every past forecast beside its outcome.
  public func json(_ language: Language, forecasts: Bool) throws -> String {
    let options = backtest.options
    let document = Document(
      methods: options.methods.map(\.rawValue), horizon: options.forecast.horizon,
      levels: options.levels.map { ($0 * 1e10).rounded() / 1e8 }, minimumTraining: options.minimumCount,
      seriesCount: backtest.seriesCount, origins: backtest.origins.map { TimeJSON($0, table.axis) },
      scores: scores.map(ScoreJSON.init),
      verdicts: options.methods.map { method in
        VerdictJSON(
          method: method.rawValue, beatsNaive: wins(method, over: .method(.naive)).map(\.wins),
          beatsConstantShare: wins(method, over: .constantShare).map(\.wins))
      },
      conformal: options.methods.flatMap { method in
        backtest.conformalChecks(method).map { ConformalJSON(method: method.rawValue, check: $0) }
      },
      series: perSeries(forecasts: forecasts), notes: backtest.notes.map { $0[language] })
    return try jsonText(document)
  }

  private func perSeries(forecasts: Bool) -> [SeriesJSON] {
    let rows = Dictionary(grouping: backtest.commonRows, by: \.series)
    var grids = ScoreGrids(levels: backtest.options.levels)
    return table.series.enumerated().map { i, series in
      let own = rows[i] ?? []
      return SeriesJSON(
        key: keyObject(table.keyColumns, series.key),
        scores: backtest.forecasters.compactMap { forecaster in
          let chosen = own.filter { $0.forecaster == forecaster }
          let naive = own.filter { $0.forecaster == .method(.naive) }
          guard !chosen.isEmpty else { return nil }
          return SeriesScoreJSON(BacktestScore(forecaster, horizon: nil, chosen, naive: naive, grids: &grids))
        },
        forecasts: forecasts
          ? own.map { row in
            RowJSON(
              method: row.forecaster.name, origin: TimeJSON(row.origin, table.axis), horizon: row.horizon,
              time: TimeJSON(row.time, table.axis), mean: finite(row.forecast), actual: row.actual,
              intervals: row.distribution.map { d in backtest.options.levels.map { IntervalJSON($0, d) } }
                ?? [])
          } : nil)
    }
  }
}

private struct Document: Encodable {
  let schema = "talentcast/series-backtest@1"
  let methods: [String]
  let horizon: Int
  let levels: [Double]
  let minimumTraining: Int
  let seriesCount: Int
  let origins: [TimeJSON]
  let scores: [ScoreJSON]
  let verdicts: [VerdictJSON]
  let conformal: [ConformalJSON]
  let series: [SeriesJSON]
  let notes: [String]

  enum CodingKeys: String, CodingKey {
    case schema, methods, horizon, levels, origins, scores, verdicts, conformal, series, notes
    case minimumTraining = "minimum_training"
    case seriesCount = "series_count"
  }
}

private struct VerdictJSON: Encodable {
  let method: String
  /// One per horizon: is the median relative error smaller?
  let beatsNaive: [Bool]
  let beatsConstantShare: [Bool]

  enum CodingKeys: String, CodingKey {
    case method
    case beatsNaive = "beats_naive"
    case beatsConstantShare = "beats_constant_share"
  }
}

private struct TestJSON: Encodable {
  @Nullable var statistic: Double?
  @Nullable var pValue: Double?

  init(_ test: TestResult) {
    statistic = finite(test.statistic)
    pValue = finite(test.pValue)
  }

  enum CodingKeys: String, CodingKey {
    case statistic
    case pValue = "p_value"
  }
}

private struct LevelJSON: Encodable {
  let level: Double
  let coverage: Double
  @Nullable var meanWidth: Double?
  @Nullable var intervalScore: Double?
  @Nullable var scaledIntervalScore: Double?
  let kupiec: TestJSON

  init(_ level: BacktestScore.Level) {
    self.level = (level.level * 1e10).rounded() / 1e8
    coverage = level.coverage
    meanWidth = finite(level.meanWidth)
    intervalScore = finite(level.intervalScore)
    scaledIntervalScore = finite(level.scaledIntervalScore)
    kupiec = TestJSON(level.kupiec)
  }

  enum CodingKeys: String, CodingKey {
    case level, coverage, kupiec
    case meanWidth = "mean_width"
    case intervalScore = "interval_score"
    case scaledIntervalScore = "scaled_interval_score"
  }
}

private struct ScoreJSON: Encodable {
  let score: BacktestScore

  enum CodingKeys: String, CodingKey {
    case forecaster, horizon, n, mae, rmse, mase, direction, coverage, pinball, crps, pit, origins
    case medianAPE = "median_ape"
    case meanAPE = "mean_ape"
    case zeroActuals = "zero_actuals"
    case scaledCRPS = "scaled_crps"
    case dieboldMariano = "diebold_mariano"
  }

  init(_ score: BacktestScore) { self.score = score }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(score.forecaster.name, forKey: .forecaster)
    try container.encode(score.horizon, forKey: .horizon)
    try container.encode(score.count, forKey: .n)
    try container.encode(finite(score.meanAbsoluteError), forKey: .mae)
    try container.encode(finite(score.rootMeanSquareError), forKey: .rmse)
    try container.encode(finite(score.meanAbsoluteScaledError), forKey: .mase)
    try container.encode(finite(score.medianAbsolutePercentageError), forKey: .medianAPE)
    try container.encode(finite(score.meanAbsolutePercentageError), forKey: .meanAPE)
    try container.encode(score.zeroActuals, forKey: .zeroActuals)
    try container.encode(finite(score.direction), forKey: .direction)
    try container.encode(score.levels.map(LevelJSON.init), forKey: .coverage)
    try container.encode(finite(score.pinball), forKey: .pinball)
    try container.encode(finite(score.crps), forKey: .crps)
    try container.encode(finite(score.scaledCRPS), forKey: .scaledCRPS)
    try container.encode(score.pit, forKey: .pit)
    try container.encode(score.dieboldMariano.map(TestJSON.init), forKey: .dieboldMariano)
    try container.encode(score.origins, forKey: .origins)
  }
}

private struct ConformalJSON: Encodable {
  let method: String
  let check: ConformalCheck

  enum CodingKeys: String, CodingKey {
    case method, horizon, level, attainable, coverage, n
    case calibrationOrigins = "calibration_origins"
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.container(keyedBy: CodingKeys.self)
    try container.encode(method, forKey: .method)
    try container.encode(check.horizon, forKey: .horizon)
    try container.encode((check.level * 1e10).rounded() / 1e8, forKey: .level)
    try container.encode(check.attainable, forKey: .attainable)
    try container.encode(check.calibrationOrigins, forKey: .calibrationOrigins)
    try container.encode(check.coverage, forKey: .coverage)
    try container.encode(check.count, forKey: .n)
  }
}

private struct SeriesScoreJSON: Encodable {
  let forecaster: String
  let n: Int
  @Nullable var mae: Double?
  @Nullable var mase: Double?
  @Nullable var medianAPE: Double?
  let coverage: [Double]

  init(_ score: BacktestScore) {
    forecaster = score.forecaster.name
    n = score.count
    mae = finite(score.meanAbsoluteError)
    mase = finite(score.meanAbsoluteScaledError)
    medianAPE = finite(score.medianAbsolutePercentageError)
    coverage = score.levels.map(\.coverage)
  }

  enum CodingKeys: String, CodingKey {
    case forecaster, n, mae, mase, coverage
    case medianAPE = "median_ape"
  }
}

private struct RowJSON: Encodable {
  let method: String
  let origin: TimeJSON
  let horizon: Int
  let time: TimeJSON
  @Nullable var mean: Double?
  let actual: Double
  let intervals: [IntervalJSON]
}

private struct SeriesJSON: Encodable {
  let key: [String: String]
  let scores: [SeriesScoreJSON]
  let forecasts: [RowJSON]?
}
