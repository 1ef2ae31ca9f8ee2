import ArgumentParser
import Datasets
import Forecasting
import Messages
import ModelSpecs
import TimeSeries

/// `talentcast backtest`: how wrong forecasts of the regional panels have been.
struct BacktestCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "backtest",
    abstract: "地区面板滚动回测：误差、覆盖率，与朴素预测、固定份额比较 · Rolling back-test of the regional panels.",
    discussion: """
      例 · Examples:
        talentcast backtest
        talentcast backtest --all
        talentcast backtest --indicator rd_personnel_fte --horizon 3 --json
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "指标，可重复；缺省为模型所列面板 · Indicator, repeatable; the model's panels by default.")
  var indicator: [String] = []

  @Flag(help: "全部足够长的面板 · Every panel that is long enough.")
  var all = false

  @Option(help: "预测期数 · Years ahead (1...20).")
  var horizon = 5

  @Option(help: "模型：地区与阻尼取自它 · Model whose regions and damping are used.")
  var model = "baseline"

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func validate() throws {
    guard indicator.isEmpty || !all else {
      throw ValidationError("--all 与 --indicator 不能同时使用 · give either --all or --indicator")
    }
    guard (1...20).contains(horizon) else { throw ValidationError("--horizon: 1...20 (\(horizon))") }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let model = try readModel(ScenarioLibrary(folder: models).modelFile(model))
      let catalogue = try Catalogue(directory: datasets)
      let chosen = indicator.isEmpty ? model.demand.backtest.panels : indicator
      let test = try PanelBacktest(
        catalogue, regions: try Geography(model: model, regions: catalogue.regions).provinces,
        indicators: all || chosen.isEmpty ? nil : chosen, horizon: horizon, damping: model.damping)
      print(common.json ? try jsonText(PanelBacktestJSON(test, language)) : text(test, language), terminator: common.json ? "" : "\n")
    }
  }

  private func text(_ test: PanelBacktest, _ language: Language) -> String {
    let zh = language == .zh
    let span = test.origins.first.map { first in "\(first)–\(test.origins.last ?? first)" } ?? ""
    let title =
      zh
      ? "\(test.pools.count) 个指标、\(test.seriesCount) 条地区序列，起点 \(span)；每个起点重新估计"
      : "\(test.pools.count) \(test.pools.count == 1 ? "indicator" : "indicators"), \(test.seriesCount) regional series, origins \(span); estimated anew at each origin"
    return
      ([title, "", horizons(test, language), "", indicators(test, language), ""] + verdicts(test, language)
      + test.notes.map { "* " + $0[language] }).joined(separator: "\n")
  }

  private func horizons(_ test: PanelBacktest, _ language: Language) -> String {
    let zh = language == .zh
    var table = TextTable([
      (zh ? "提前年数" : "years ahead", .right), (zh ? "预测次数" : "forecasts", .right),
      (zh ? "误差中位数" : "median error", .right), (zh ? "朴素" : "naive", .right),
      (zh ? "固定份额" : "constant share", .right), ("MASE", .right), (zh ? "80% 覆盖" : "80 % covers", .right),
      (zh ? "95% 覆盖" : "95 % covers", .right),
    ])
    for horizon in (1...test.horizon).map(Optional.some) + [nil] {
      guard let own = test.score(.method(.pdd), horizon) else { continue }
      table.append(
        [horizon.map(String.init) ?? (zh ? "全部" : "all"), "\(own.count)"]
          + errors(test.scores, horizon) + [share(own.meanAbsoluteScaledError, percent: false)] + coverages(own))
    }
    return table.text
  }

  private func indicators(_ test: PanelBacktest, _ language: Language) -> String {
    let zh = language == .zh
    var table = TextTable([
      (zh ? "指标" : "indicator", .left), (zh ? "序列" : "series", .right), (zh ? "预测次数" : "forecasts", .right),
      (zh ? "误差中位数" : "median error", .right), (zh ? "朴素" : "naive", .right),
      (zh ? "固定份额" : "constant share", .right), (zh ? "80% 覆盖" : "80 % covers", .right),
      (zh ? "95% 覆盖" : "95 % covers", .right),
    ])
    for pool in test.pools {
      guard let own = pool.scores.score(.method(.pdd), nil) else { continue }
      table.append(
        [pool.name[language], "\(pool.seriesCount)", "\(own.count)"] + errors(pool.scores, nil) + coverages(own))
    }
    return table.text
  }

  private func errors(_ scores: [BacktestScore], _ horizon: Int?) -> [String] {
    [Forecaster.method(.pdd), .method(.naive), .constantShare].map {
      share(scores.score($0, horizon)?.medianAbsolutePercentageError, percent: true)
    }
  }

  private func coverages(_ score: BacktestScore) -> [String] {
    [0.8, 0.95].map { level in share(score.levels.first { $0.level == level }?.coverage, percent: true) }
  }

  private func share(_ value: Double?, percent: Bool) -> String {
    guard let value, value.isFinite else { return "–" }
    return percent ? oneOf(value * 100, 1) + "%" : oneOf(value, 2)
  }

  private func verdicts(_ test: PanelBacktest, _ language: Language) -> [String] {
    [
      (Forecaster.method(.naive), Bilingual(zh: "朴素预测", en: "the naive forecast")),
      (.constantShare, Bilingual(zh: "固定份额", en: "constant shares")),
    ].map { benchmark, name in
      let lost = (1...test.horizon).filter { horizon in
        guard let own = test.score(.method(.pdd), horizon)?.medianAbsolutePercentageError,
          let other = test.score(benchmark, horizon)?.medianAbsolutePercentageError
        else { return false }
        return own >= other
      }.map(String.init)
      if lost.isEmpty {
        return language == .zh ? "误差中位数在每个预测期都小于\(name.zh)" : "beats \(name.en) in median error at every horizon"
      }
      return language == .zh
        ? "提前 \(lost.joined(separator: "、")) 年没有胜过\(name.zh)"
        : "does not beat \(name.en) at \(lost.joined(separator: ", ")) years ahead"
    }
  }
}

struct PanelBacktestJSON: Encodable {
  private struct Row: Encodable {
    let indicator: String?
    let name: String?
    let method: String
    let horizon: Int?
    let count: Int
    let median_ape: Double?
    let mase: Double?
    let coverage_80: Double?
    let coverage_95: Double?
    let interval_score_80: Double?
    let crps_scaled: Double?

    init(_ pool: PanelBacktest.Pool?, _ score: BacktestScore, _ language: Language) {
      indicator = pool?.indicator
      name = pool?.name[language]
      method = score.forecaster.name
      horizon = score.horizon
      count = score.count
      median_ape = score.medianAbsolutePercentageError
      mase = score.meanAbsoluteScaledError
      coverage_80 = score.levels.first { $0.level == 0.8 }?.coverage
      coverage_95 = score.levels.first { $0.level == 0.95 }?.coverage
      interval_score_80 = score.levels.first { $0.level == 0.8 }?.scaledIntervalScore
      crps_scaled = score.scaledCRPS
    }
  }

  private let schema = "talentcast/backtest@1"
  private let series: Int
  private let origins: [Int]
  private let scores: [Row]
  private let by_indicator: [Row]

  init(_ test: PanelBacktest, _ language: Language) {
    series = test.seriesCount
    origins = test.origins
    scores = test.scores.map { Row(nil, $0, language) }
    by_indicator = test.pools.flatMap { pool in pool.scores.map { Row(pool, $0, language) } }
  }
}
