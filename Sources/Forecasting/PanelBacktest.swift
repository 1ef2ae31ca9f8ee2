import Datasets
import Dimensions
import Messages
import TimeSeries

/// How the default forecaster would have done in the past on every long regional panel of the data
/// packages, beside the naive forecast and frozen shares: what an interval of ours is worth.
///
/// Each indicator is a pool of its own: its regions' series without definition breaks. At every origin
/// everything is estimated anew from what was known.
public struct PanelBacktest: Sendable {
  /// Series of one indicator that are forecast and scored together.
  public struct Pool: Sendable {
    public let indicator: String
    public let name: Bilingual
    public let seriesCount: Int
    public let scores: [BacktestScore]
  }

  /// What one panel must offer to take part.
  public struct Requirements: Sendable {
    /// Regions with a series.
    public var regions = 20
    /// Comparable positive observations of each.
    public var observations = 9
    public init() {}
  }

  public let horizon: Int
  public let pools: [Pool]
  /// All pools together.
  public let scores: [BacktestScore]
  public let seriesCount: Int
  public let origins: [Int]
  public let notes: [Bilingual]

  /// - Parameters:
  ///   - regions: places that are compared with each other, e.g. the provinces.
  ///   - indicators: ids; nil for every indicator that meets the requirements.
  ///   - damping: φ of the forecaster.
  /// - Throws: unknown indicators, or nothing to score.
  public init(
    _ catalogue: Catalogue, regions: [RegionCode], indicators: [String]? = nil, horizon: Int, damping: Double,
    requirements: Requirements = Requirements()
  ) throws(ProblemReport) {
    var found: [(indicator: Indicator, series: [Series])] = []
    for id in indicators ?? catalogue.indicators.map(\.id) {
      let panel = try catalogue.panel(id)
      let series = regions.compactMap { PanelBacktest.series(panel, $0, atLeast: requirements.observations) }
      if series.count >= (indicators == nil ? requirements.regions : 1) { found.append((panel.definition, series)) }
    }
    var options = BacktestOptions(methods: [.pdd], horizon: horizon)
    options.forecast.fixed = ["phi": damping]
    let all = try PanelBacktest.backtest(found.map(\.series), options, indicators)
    scores = all.scores
    guard !scores.isEmpty else { throw PanelBacktest.nothing(indicators) }
    var pools: [Pool] = []
    for (indicator, series) in found {
      let own = try PanelBacktest.backtest([series], options, indicators)
      pools.append(
        Pool(indicator: indicator.id, name: indicator.name, seriesCount: series.count, scores: own.scores))
    }
    self.pools = pools
    self.horizon = horizon
    seriesCount = all.seriesCount
    origins = all.origins
    notes = all.notes
  }

  /// The longest stretch without a definition break, if long enough.
  private static func series(_ panel: Panel, _ region: RegionCode, atLeast count: Int) -> Series? {
    let parts = panel.comparableParts(region).map { $0.filter { $0.value > 0 } }
    guard let longest = parts.max(by: { $0.count < $1.count }), longest.count >= count else { return nil }
    do throws(SeriesError) {
      return try Series(key: [region.text], times: longest.map(\.year), values: longest.map(\.value))
    } catch {
      return nil  // not reached: years of a panel ascend and values are finite
    }
  }

  private static func backtest(
    _ pools: [[Series]], _ options: BacktestOptions, _ indicators: [String]?
  ) throws(ProblemReport) -> Backtest {
    do throws(SeriesError) { return try TimeSeries.backtest(pools, options) } catch { throw nothing(indicators) }
  }

  private static func nothing(_ indicators: [String]?) -> ProblemReport {
    let which = indicators?.joined(separator: ", ") ?? "*"
    return ProblemReport(
      .badData,
      [
        Problem(
          "backtest.nothing-to-score", path: which,
          message: Bilingual(zh: "没有足够长的地区序列可供回测", en: "no regional series is long enough to be tested"),
          hint: Bilingual(
            zh: "每个地区至少九个可比年份；现有指标见 talentcast data list",
            en: "a region needs nine comparable years; `talentcast data list` shows what there is"))
      ])
  }
}

extension PanelBacktest {
  /// The score of a forecaster at a horizon (nil: all together), over all pools.
  public func score(_ forecaster: Forecaster, _ horizon: Int?) -> BacktestScore? {
    scores.score(forecaster, horizon)
  }
}

extension [BacktestScore] {
  /// The score of a forecaster at a horizon; nil horizon: all together. Nil where nothing was scored.
  public func score(_ forecaster: Forecaster, _ horizon: Int?) -> BacktestScore? {
    first { $0.forecaster == forecaster && $0.horizon == horizon }
  }
}
