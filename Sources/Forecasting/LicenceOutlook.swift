import Datasets
import Dimensions
import Messages
import ModelSpecs
import Simulation
import Supply

/// The licence pipeline of a model on published counts: how fast the qualified take up practice, how many
/// lapse, what follows from it, and how such a forecast would have done before.
///
/// Those who passed an examination count as qualified a year later. Years of the qualified between two
/// published ones lie on a straight line; passers that nobody published are the next year's rise of the
/// qualified; passers to come are drawn from the five years up to the last one known. The past forecast knows no figure
/// after its origin, of passers as little as of anybody else.
///
/// Beside every year stands what the indicator's own trend says (`IndicatorTrend`), and over all origins how far
/// either was off: the pipeline is the answer of every command while it forecast the past better.
public struct LicenceOutlook: Sendable {
  /// One year of the way from examination to practice, in persons.
  public struct Year: Sendable {
    public let year: Int
    /// Median of the draws.
    public let forecast: Double
    /// 80 % and 95 % intervals.
    public let inner: (low: Double, high: Double)
    public let outer: (low: Double, high: Double)
    /// Published later, where it was.
    public let actual: Double?
    /// In the central path.
    public let newlyPractising: Double
    public let lapsed: Double
    /// Median of the indicator's own trend, beside the pipeline; nil where it carries none.
    public let trend: Double?
  }

  /// How far both ways of forecasting were off, over the same past forecasts.
  public struct HeldOut: Sendable {
    public let forecasts: Int
    public let origins: ClosedRange<Int>
    /// Mean absolute relative error.
    public let pipeline: Double
    public let trend: Double
  }

  /// Estimated on what was known at an origin.
  public struct Estimate: Sendable {
    public let origin: Int
    public let pipeline: LicencePipeline
    public let years: [Year]
    /// Who took up practice in each year, by draw: `[year][draw]`.
    public let newlyPractising: [[Double]]
    /// Who practises at the end of each year, by draw: `[year][draw]`.
    let practising: [[Double]]
    let passes: (years: [Int], mean: Double)
  }

  /// What the pipeline is called where a forecast names its method.
  public static let method = Bilingual(zh: "执业资格流程（通过—执业—退出）", en: "licence pipeline (examination to practice)")

  public let practising: String
  private let nation: RegionCode
  public let past: Estimate
  public let future: Estimate
  /// Mean yearly passers that the future assumes.
  public let passesToCome: Double
  public let passYears: [Int]
  public let sources: [String]
  /// Nil where no origin carries both.
  public let heldOut: HeldOut?

  private static let probabilities = [0.025, 0.1, 0.5, 0.9, 0.975]

  /// - Parameter origin: last year known to the past forecast.
  /// - Throws: a model without licence, series that are missing or too short.
  public init(
    _ model: ModelSpec, catalogue: Catalogue, origin: Int? = nil, through last: Int? = nil, draws: Int = 2000,
    seed: UInt64 = 20_260_601
  ) throws(ProblemReport) {
    guard let spec = model.supply.licence else {
      throw ProblemReport(
        .badConfiguration,
        [
          Problem(
            "model.no-licence", path: "supply.licence",
            message: Bilingual(zh: "模型没有写执业资格序列", en: "the model names no licence series"),
            hint: Bilingual(
              zh: "在 supply 下写 licence: {practising: …, qualified: …, passes: …}",
              en: "give licence: {practising: …, qualified: …, passes: …} under `supply`"))
        ])
    }
    let series = try LicenceSeries(spec, model.stock.nation, catalogue)
    practising = spec.practising
    nation = model.stock.nation
    sources = series.sources
    let stream = RandomStream(seed: seed, named: "licence")
    guard let base = series.practising.keys.max(), let first = series.practising.keys.min(), base > first else {
      throw LicenceOutlook.tooShort(spec.practising)
    }
    let start = min(max(origin ?? model.demand.backtest.firstOrigin, first + 1), base - 1)
    func trend(_ origin: Int) -> IndicatorTrend? {
      catalogue.indicators.first { $0.id == spec.practising }.flatMap {
        IndicatorTrend($0, catalogue, model.stock.nation, through: origin, damping: model.damping)
      }
    }
    func estimate(_ origin: Int, through last: Int) throws(ProblemReport) -> Estimate {
      try LicenceOutlook.estimate(
        series.known(at: origin), spec, actual: series.practising, origin: origin, through: last, draws: draws, stream,
        trend: trend(origin))
    }
    past = try estimate(start, through: base)
    future = try estimate(base, through: max(last ?? model.years.last, base + 1))
    (passYears, passesToCome) = future.passes
    var errors: [(origin: Int, pipeline: Double, trend: Double)] = []
    for origin in series.practising.keys.sorted() where origin < base && origin > first {
      guard let trend = trend(origin) else { continue }
      let path: [LicencePipeline.Year]
      do throws(ProblemReport) {
        path = try LicenceOutlook.central(series.known(at: origin), spec, origin: origin, through: base).path
      } catch {
        continue  // too little was known then
      }
      for year in path {
        guard let actual = series.practising[year.year] else { continue }
        errors.append((origin, abs(year.practising / actual - 1), abs(trend.median(year.year) / actual - 1)))
      }
    }
    if let from = errors.first?.origin, let to = errors.last?.origin {
      let n = Double(errors.count)
      heldOut = HeldOut(
        forecasts: errors.count, origins: from...to, pipeline: errors.reduce(0) { $0 + $1.pipeline } / n,
        trend: errors.reduce(0) { $0 + $1.trend } / n)
    } else {
      heldOut = nil
    }
  }

  /// Whether the pipeline forecasts a series: it is of the licensed profession, and no trend did better on the past.
  func forecasts(_ indicator: String, _ region: RegionCode) -> Bool {
    indicator == practising && region == nation && (heldOut.map { $0.pipeline <= $0.trend } ?? true)
  }

  /// Who practises at the end of a year, by draw; nil for years that the outlook does not reach.
  func persons(_ year: Int) -> [Double]? {
    future.years.firstIndex { $0.year == year }.map { future.practising[$0] }
  }

  /// The estimate at an origin, its central path, and the passers of the years known last.
  private static func central(
    _ series: LicenceSeries, _ spec: ModelSpec.Licence, origin: Int, through last: Int
  ) throws(ProblemReport) -> (
    pipeline: LicencePipeline, path: [LicencePipeline.Year], passes: [Int: Double], recent: (years: [Int], persons: [Double])
  ) {
    let years = series.recentPasses
    let recent = years.compactMap { series.passes[$0] }
    guard !recent.isEmpty else { throw tooShort(spec.passes) }
    var passes = series.passes
    for year in origin...last where passes[year] == nil { passes[year] = recent.reduce(0, +) / Double(recent.count) }
    do throws(SupplyError) {
      let pipeline = try LicencePipeline(
        .reserve, practising: series.practising, qualified: series.qualified.filter { $0.key < origin })
      let path = try pipeline.projected(
        from: origin, practising: series.practising[origin] ?? 0, qualified: series.qualified[origin] ?? 0, passes: passes,
        years: last - origin)
      return (pipeline, path, passes, (years, recent))
    } catch {
      throw ProblemReport(.badData, [Problem("supply.licence", path: "supply.licence", message: error.message)])
    }
  }

  private static func estimate(
    _ series: LicenceSeries, _ spec: ModelSpec.Licence, actual: [Int: Double], origin: Int, through last: Int, draws: Int,
    _ stream: RandomStream, trend: IndicatorTrend?
  ) throws(ProblemReport) -> Estimate {
    let (pipeline, path, passes, recent) = try central(series, spec, origin: origin, through: last)
    do throws(SupplyError) {
      let paths = try pipeline.draws(
        from: origin, practising: series.practising[origin] ?? 0, qualified: series.qualified[origin] ?? 0,
        passes: { draw in
          var drawn = passes
          for year in origin...last where series.passes[year] == nil {
            let pick = Int(stream.uniform(draw: draw, year: year, index: 40) * Double(recent.persons.count))
            drawn[year] = recent.persons[min(pick, recent.persons.count - 1)]
          }
          return drawn
        }, years: last - origin, draws: draws, stream: stream)
      let years = path.enumerated().map { t, year in
        let fan = quantiles(paths.map { $0[t].practising }, at: probabilities)
        return Year(
          year: year.year, forecast: fan[2], inner: (fan[1], fan[3]), outer: (fan[0], fan[4]),
          actual: actual[year.year], newlyPractising: year.newlyPractising, lapsed: year.lapsed,
          trend: trend?.median(year.year))
      }
      return Estimate(
        origin: origin, pipeline: pipeline, years: years,
        newlyPractising: path.indices.map { t in paths.map { $0[t].newlyPractising } },
        practising: path.indices.map { t in paths.map { $0[t].practising } },
        passes: (recent.years, recent.persons.reduce(0, +) / Double(recent.persons.count)))
    } catch {
      throw ProblemReport(
        .badData, [Problem("supply.licence", path: "supply.licence", message: error.message)])
    }
  }

  fileprivate static func tooShort(_ indicator: String) -> ProblemReport {
    ProblemReport(
      .badData,
      [
        Problem(
          "supply.licence-short", path: indicator,
          message: Bilingual(zh: "\(indicator) 的公布数不足以估计", en: "\(indicator) has too few published figures"))
      ])
  }
}

/// The published counts by year, with gaps of the qualified and of the passers filled.
private struct LicenceSeries {
  let practising: [Int: Double]
  let qualified: [Int: Double]
  let passes: [Int: Double]
  let sources: [String]
  private let published: (qualified: [Int: Double], passes: [Int: Double])

  init(_ spec: ModelSpec.Licence, _ nation: RegionCode, _ catalogue: Catalogue) throws(ProblemReport) {
    var sources: [String] = []
    func counts(_ indicator: String) throws(ProblemReport) -> [Int: Double] {
      let rows = try catalogue.panel(indicator).comparable(nation)
      for row in rows where !sources.contains(row.source) { sources.append(row.source) }
      return Dictionary(rows.map { ($0.year, $0.value) }, uniquingKeysWith: { _, new in new })
    }
    self.init(
      practising: try counts(spec.practising), qualified: try counts(spec.qualified), passes: try counts(spec.passes), sources)
  }

  /// Years with passers among the five up to the last that is known: earlier ones say little of those to come.
  var recentPasses: [Int] {
    let last = passes.keys.max() ?? 0
    return passes.keys.filter { $0 > last - 5 }.sorted()
  }

  /// What was published by the end of a year; the qualified of years since their last count are that count and
  /// those who passed since.
  func known(at origin: Int) -> LicenceSeries {
    func until(_ counts: [Int: Double]) -> [Int: Double] { counts.filter { $0.key <= origin } }
    let past = LicenceSeries(
      practising: until(practising), qualified: until(published.qualified), passes: until(published.passes), sources)
    var qualified = past.qualified
    guard let last = qualified.keys.max(), last < origin, var persons = qualified[last] else { return past }
    let recent = past.recentPasses.compactMap { past.passes[$0] }
    for year in last + 1...origin {
      persons += past.passes[year - 1] ?? recent.reduce(0, +) / Double(max(recent.count, 1))
      qualified[year] = persons
    }
    return LicenceSeries(past, qualified: qualified)
  }

  private init(_ other: LicenceSeries, qualified: [Int: Double]) {
    (practising, self.qualified, passes, sources, published) =
      (other.practising, qualified, other.passes, other.sources, other.published)
  }

  private init(practising: [Int: Double], qualified: [Int: Double], passes: [Int: Double], _ sources: [String]) {
    let known = LicenceSeries.growing(qualified)
    var filled: [Int: Double] = [:]
    let years = known.keys.sorted()
    for (from, to) in zip(years, years.dropFirst()) {
      for year in from...to {
        let part = Double(year - from) / Double(to - from)
        filled[year] = (known[from] ?? 0) * (1 - part) + (known[to] ?? 0) * part
      }
    }
    var passers = passes
    for year in filled.keys where passers[year] == nil {
      if let next = filled[year + 1], let now = filled[year] { passers[year] = next - now }
    }
    published = (qualified, passes)
    (self.practising, self.qualified, self.passes, self.sources) = (practising, filled, passers, sources)
  }

  /// Everybody who ever passed can only become more: a figure above a later one counted something else.
  private static func growing(_ counts: [Int: Double]) -> [Int: Double] {
    counts.filter { year, value in counts.allSatisfy { $0.key <= year || $0.value >= value } }
  }
}
