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
/// qualified; passers to come are drawn from the years that were published last.
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
  }

  /// Estimated on what was known at an origin.
  public struct Estimate: Sendable {
    public let origin: Int
    public let pipeline: LicencePipeline
    public let years: [Year]
    /// Who took up practice in each year, by draw: `[year][draw]`.
    public let newlyPractising: [[Double]]
  }

  public let practising: String
  public let past: Estimate
  public let future: Estimate
  /// Mean yearly passers that the future assumes.
  public let passesToCome: Double
  public let passYears: [Int]
  public let sources: [String]

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
    var series = try LicenceSeries(spec, model.stock.nation, catalogue)
    practising = spec.practising
    sources = series.sources
    let stream = RandomStream(seed: seed, named: "licence")
    guard let base = series.practising.keys.max(), let first = series.practising.keys.min(), base > first else {
      throw LicenceOutlook.tooShort(spec.practising)
    }
    let start = min(max(origin ?? model.demand.backtest.firstOrigin, first + 1), base - 1)
    passYears = series.passes.keys.sorted().suffix(5).map { $0 }
    let recent = passYears.compactMap { [passes = series.passes] in passes[$0] }
    guard !recent.isEmpty else { throw LicenceOutlook.tooShort(spec.passes) }
    passesToCome = recent.reduce(0, +) / Double(recent.count)
    past = try LicenceOutlook.estimate(series, origin: start, through: base, draws: draws, stream) { _ in [:] }
    let horizon = max(last ?? model.years.last, base + 1)
    for year in base...horizon where series.passes[year] == nil { series.passes[year] = passesToCome }
    future = try LicenceOutlook.estimate(series, origin: base, through: horizon, draws: draws, stream) { draw in
      var drawn: [Int: Double] = [:]
      for year in base...horizon {
        let pick = Int(stream.uniform(draw: draw, year: year, index: 40) * Double(recent.count))
        drawn[year] = recent[min(pick, recent.count - 1)]
      }
      return drawn
    }
  }

  private static func estimate(
    _ series: LicenceSeries, origin: Int, through last: Int, draws: Int, _ stream: RandomStream,
    drawnPasses: (Int) -> [Int: Double]
  ) throws(ProblemReport) -> Estimate {
    do throws(SupplyError) {
      let pipeline = try LicencePipeline(
        .reserve, practising: series.practising.filter { $0.key <= origin },
        qualified: series.qualified.filter { $0.key < origin })
      let (start, qualified) = (series.practising[origin] ?? 0, series.qualified[origin] ?? 0)
      let path = try pipeline.projected(
        from: origin, practising: start, qualified: qualified, passes: series.passes, years: last - origin)
      let paths = try pipeline.draws(
        from: origin, practising: start, qualified: qualified,
        passes: { draw in series.passes.merging(drawnPasses(draw)) { _, drawn in drawn } }, years: last - origin,
        draws: draws, stream: stream)
      let years = path.enumerated().map { t, year in
        let fan = quantiles(paths.map { $0[t].practising }, at: probabilities)
        return Year(
          year: year.year, forecast: fan[2], inner: (fan[1], fan[3]), outer: (fan[0], fan[4]),
          actual: series.practising[year.year], newlyPractising: year.newlyPractising, lapsed: year.lapsed)
      }
      return Estimate(
        origin: origin, pipeline: pipeline, years: years,
        newlyPractising: path.indices.map { t in paths.map { $0[t].newlyPractising } })
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
  var passes: [Int: Double]
  let sources: [String]

  init(_ spec: ModelSpec.Licence, _ nation: RegionCode, _ catalogue: Catalogue) throws(ProblemReport) {
    var sources: [String] = []
    func counts(_ indicator: String) throws(ProblemReport) -> [Int: Double] {
      let rows = try catalogue.panel(indicator).comparable(nation)
      for row in rows where !sources.contains(row.source) { sources.append(row.source) }
      return Dictionary(rows.map { ($0.year, $0.value) }, uniquingKeysWith: { _, new in new })
    }
    practising = try counts(spec.practising)
    let known = LicenceSeries.growing(try counts(spec.qualified))
    var qualified: [Int: Double] = [:]
    let years = known.keys.sorted()
    for (from, to) in zip(years, years.dropFirst()) {
      for year in from...to {
        let part = Double(year - from) / Double(to - from)
        qualified[year] = (known[from] ?? 0) * (1 - part) + (known[to] ?? 0) * part
      }
    }
    var passes = try counts(spec.passes)
    for year in qualified.keys where passes[year] == nil {
      if let next = qualified[year + 1], let now = qualified[year] { passes[year] = next - now }
    }
    (self.qualified, self.passes, self.sources) = (qualified, passes, sources)
  }

  /// Everybody who ever passed can only become more: a figure above a later one counted something else.
  private static func growing(_ counts: [Int: Double]) -> [Int: Double] {
    counts.filter { year, value in counts.allSatisfy { $0.key <= year || $0.value >= value } }
  }
}
