import Messages

/// What `series backtest` prints.
public struct BacktestOutput: Sendable {
  public let table: SeriesTable
  public let backtest: Backtest
  public let scores: [BacktestScore]

  /// Back-tests every pool of the table.
  /// - Throws: a wrong option (usage), or nothing to score (bad data).
  public init(_ table: SeriesTable, _ options: BacktestOptions, file: String) throws(ProblemReport) {
    do throws(SeriesError) {
      backtest = try TimeSeries.backtest(table.pools, options)
    } catch {
      throw ProblemReport(error.status, [error.problem(file: file) { _, _ in nil }])
    }
    scores = backtest.scores
    self.table = table
    guard !scores.isEmpty else {
      throw ProblemReport(
        .badData,
        [
          Problem(
            "series.nothing-to-score", file: file,
            message: Bilingual(
              zh: "没有可评分的历史预测：每条序列在起点前至少要 \(options.minimumCount) 个观测，其后还要有观测",
              en:
                "no past forecast can be scored: a series needs \(options.minimumCount) observations up to an origin and one after it"
            ),
            hint: Bilingual(
              zh: "用 --min-train 减小起点前的最少观测数", en: "lower the observations needed with --min-train"))
        ])
    }
  }

  /// Horizons at which a method's median relative error is smaller than a benchmark's.
  public func wins(_ method: ForecastMethod, over benchmark: Forecaster) -> [(horizon: Int, wins: Bool)] {
    (1...backtest.options.forecast.horizon).compactMap { horizon in
      guard
        let own = score(.method(method), horizon)?.medianAbsolutePercentageError,
        let other = score(benchmark, horizon)?.medianAbsolutePercentageError
      else { return nil }
      return (horizon, own < other)
    }
  }

  private func score(_ forecaster: Forecaster, _ horizon: Int?) -> BacktestScore? {
    scores.first { $0.forecaster == forecaster && $0.horizon == horizon }
  }

  /// The scores as a table; `ascii` leaves out drawn bars.
  public func text(_ language: Language, ascii: Bool) -> String {
    let zh = language == .zh
    let levels = backtest.options.levels
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [
      ("h", .right), (zh ? "方法" : "method", .left), ("n", .right), ("MAE", .right), ("RMSE", .right),
      ("MASE", .right), (zh ? "中位相对误差" : "median APE", .right), (zh ? "方向" : "direction", .right),
    ]
    columns += levels.map { (percent($0).replacingPointZero + (zh ? " 覆盖" : " covers"), .right) }
    columns += [("CRPS/scale", .right), ("DM p", .right), ("PIT", .left)]
    var text = TextTable(columns)
    var last: Int?? = .none
    for score in scores {
      let first = last.map { $0 != score.horizon } ?? true
      last = .some(score.horizon)
      var row = [
        first ? score.horizon.map(String.init) ?? (zh ? "全部" : "all") : "", score.forecaster.name,
        "\(score.count)", readable(score.meanAbsoluteError), readable(score.rootMeanSquareError),
        readable(score.meanAbsoluteScaledError), percent(score.medianAbsolutePercentageError),
        percent(score.direction),
      ]
      row += levels.map { level in percent(score.levels.first { $0.level == level }?.coverage) }
      row += [
        readable(score.scaledCRPS), smallProbability(score.dieboldMariano?.pValue),
        score.pit.map { sparkline(history: $0.map(Double.init), forecast: [], ascii: ascii) } ?? "",
      ]
      text.append(row)
    }
    return ([text.text, ""] + verdicts(language) + backtest.notes.map { "* " + $0[language] }).joined(
      separator: "\n")
  }

  /// Plain sentences: does it beat the benchmarks, what do its bands cover, what conformal bands could promise.
  private func verdicts(_ language: Language) -> [String] {
    let zh = language == .zh
    var lines = [
      zh
        ? "\(backtest.seriesCount) 条序列，\(backtest.origins.count) 个起点（\(span)），所有方法共有的预测才评分；DM 以起点为单位对 naive 检验"
        : "\(backtest.seriesCount) series, \(backtest.origins.count) origins (\(span)); only forecasts that every method made are scored; DM compares with naive, one difference per origin"
    ]
    for method in backtest.options.methods {
      for benchmark in [Forecaster.method(.naive), .constantShare] where benchmark != .method(method) {
        let won = wins(method, over: benchmark)
        let lost = won.filter { !$0.wins }.map { "\($0.horizon)" }
        if won.isEmpty { continue }
        lines.append(
          lost.isEmpty
            ? (zh
              ? "\(method.rawValue) 的中位误差在每个预测期都小于 \(benchmark.name)"
              : "\(method.rawValue) beats \(benchmark.name) in median error at every horizon")
            : (zh
              ? "\(method.rawValue) 在预测期 \(lost.joined(separator: "、")) 没有胜过 \(benchmark.name)"
              : "\(method.rawValue) does not beat \(benchmark.name) at horizon \(lost.joined(separator: ", "))")
        )
      }
      for level in score(.method(method), nil)?.levels ?? [] {
        let n = score(.method(method), nil)?.count ?? 0
        lines.append(
          zh
            ? "\(method.rawValue) 的 \(percent(level.level).replacingPointZero) 区间：在本组 \(n) 个历史预测中覆盖 \(percent(level.coverage))"
            : "\(method.rawValue): \(percent(level.level).replacingPointZero) band; covered \(percent(level.coverage)) of \(n) past forecasts of this group"
        )
      }
      let checks = backtest.conformalChecks(method)
      if let weakest = checks.filter({ $0.horizon == 1 }).first {
        lines.append(
          zh
            ? "保形检验（h = 1）：有效校准样本为 \(weakest.calibrationOrigins) 个起点，可承诺的最高水平 \(percent(weakest.attainable))，\(percent(weakest.level).replacingPointZero) 实测 \(percent(weakest.coverage))"
            : "conformal check (h = 1): \(weakest.calibrationOrigins) calibration origins can promise at most \(percent(weakest.attainable)); \(percent(weakest.level).replacingPointZero) covered \(percent(weakest.coverage))"
        )
      }
    }
    return lines
  }

  private var span: String {
    guard let first = backtest.origins.first, let last = backtest.origins.last else { return "" }
    return first == last ? table.axis.label(first) : "\(table.axis.label(first))–\(table.axis.label(last))"
  }
}

/// Four decimals; smaller ones as `<0.0001`.
private func smallProbability(_ p: Double?) -> String {
  guard let p, p.isFinite else { return "–" }
  return p < 0.0001 ? "<0.0001" : "\((p * 1e4).rounded() / 1e4)"
}
