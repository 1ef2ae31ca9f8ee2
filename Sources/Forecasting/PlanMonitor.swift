import Datasets
import Dimensions
import Foundation
import Gaps
import Messages

/// How the targets and tasks of a plan stand: latest figure, pace still needed, forecast, how likely
/// the target is to be met, and why we say so.
///
/// Forecasts: the run's own draws where it has them; the licence pipeline for the profession that the model
/// licenses, where it has forecast the past better; else `IndicatorTrend`, for four comparable figures or more;
/// an even Poisson count for cumulative targets; none for anything shorter.
public struct PlanMonitor: Sendable {
  public typealias Status = IndicatorStatus

  /// An indicator of the plan: where it stands, what it needs, how likely it is met.
  public struct Row: Sendable {
    public let id: String
    /// `main`, `other`, `coverage`…, as the plan's package groups them.
    public let group: String
    public let name: Bilingual
    public let unit: String
    public let target: Double
    public let targetYear: Int
    /// 预期性, 正文 or 隐含: the plan's own word for how binding it is.
    public let nature: String
    public let baseline: Double?
    public let baselineYear: Int?
    /// The figure the verdict rests on.
    public let latest: Observation?
    /// latest ÷ target.
    public let progress: Double?
    public let pace: IndicatorPace
    public let outlook: IndicatorOutlook?
    public let status: Status
    public let reason: Bilingual
    /// The plan's wording; "" when only paraphrased.
    public let quote: String
    public let note: String
    public let source: String

    /// Growth a year still needed from the latest figure, for stocks.
    public var requiredPace: Double? { pace.kind == .compound ? pace.required : nil }
    /// Growth a year from the baseline to the latest figure, for stocks.
    public var realisedPace: Double? { pace.kind == .compound ? pace.realised : nil }
    public var p10: Double? { outlook?.p10 }
    public var p50: Double? { outlook?.p50 }
    public var p90: Double? { outlook?.p90 }
    public var probability: Double? { outlook?.probability }
  }

  public let plan: String
  public let title: Bilingual
  public let targetYear: Int
  public let rows: [Row]
  public let milestones: [PublishedMilestone]

  /// - Parameters:
  ///   - plan: name of a data package with `plan` and `targets` resources.
  ///   - damping: φ of the pooled log-drift, 0...1.
  ///   - licences: what the model says of its licensed profession; nil without one.
  ///   - draws: a series in a year as the run simulated it, when it did (the model's own stock).
  /// - Throws: `ProblemReport` when there is no such plan or its tables are not as they should be.
  public init(
    plan: String, catalogue: Catalogue, damping: Double, licences: LicenceOutlook? = nil,
    draws: (_ indicator: String, _ year: Int) -> [Double]? = { _, _ in nil }
  ) throws(ProblemReport) {
    let published = try catalogue.plan(plan)
    self.plan = plan
    title = published.title
    targetYear = published.targetYear
    milestones = published.milestones
    var rows: [Row] = []
    for target in published.targets {
      rows.append(try PlanMonitor.row(target, catalogue, damping: damping, licences: licences, draws: draws))
    }
    self.rows = rows
  }

  private static func row(
    _ published: PublishedTarget, _ catalogue: Catalogue, damping: Double, licences: LicenceOutlook?,
    draws: (_ indicator: String, _ year: Int) -> [Double]?
  ) throws(ProblemReport) -> Row {
    let target = PlanTarget(published)
    var series: [Observation] = []
    var definition: Indicator?
    for id in published.indicators where series.isEmpty {
      let panel = try catalogue.panel(id)
      definition = panel.definition
      series = IndicatorTrend.comparable(panel, published.region, by: published.year)
    }
    func point(_ observation: Observation) -> IndicatorPoint {
      IndicatorPoint(
        time: definition?.instant(of: observation.year) ?? Double(observation.year), value: observation.value,
        bound: IndicatorPoint.Bound(observation.precision))
    }
    let baseline = published.baseline.flatMap { value in
      published.baselineYear.map { IndicatorPoint(time: Double($0), value: value) }
    }
    let assessment = assess(target, points: series.map(point), baseline: baseline) { latest in
      guard let definition, let last = series.last else { return nil }
      func outlook(_ draws: [Double]?, _ method: Bilingual) -> IndicatorOutlook? {
        draws.flatMap { IndicatorOutlook(draws: $0, target: target, method: method) }
      }
      if let simulated = outlook(draws(definition.id, published.year), Bilingual(zh: "本次运行的模拟", en: "draws of this run")) {
        return simulated
      }
      if let licences, licences.forecasts(definition.id, published.region),
        let pipeline = outlook(licences.persons(published.year), LicenceOutlook.method)
      {
        return pipeline
      }
      return IndicatorTrend(definition, catalogue, published.region, through: published.year, damping: damping)?
        .outlook(target, horizon: published.year - last.year)
    }
    return Row(
      id: published.id, group: published.group, name: published.name, unit: published.unit, target: published.value,
      targetYear: published.year, nature: published.nature, baseline: published.baseline,
      baselineYear: published.baselineYear, latest: assessment.latest == nil ? nil : series.last,
      progress: assessment.progress, pace: assessment.pace, outlook: assessment.outlook, status: assessment.status,
      reason: assessment.reason, quote: published.quote, note: published.note, source: published.source)
  }
}

extension PlanTarget {
  /// A target as its data package publishes it.
  public init(_ published: PublishedTarget) {
    let rule: Rule =
      switch published.rule {
      case .atLeast: .atLeast
      case .atMost: .atMost
      case .about: .about(tolerance: published.tolerance)
      }
    let aggregation: Aggregation =
      switch published.aggregation {
      case .stock: .stock
      case .cumulative: .cumulative
      case .mean: .mean
      case .share: .share
      }
    self.init(value: published.value, year: published.year, rule: rule, aggregation: aggregation)
  }
}

extension IndicatorPoint.Bound {
  init(_ precision: Observation.Precision) {
    self =
      switch precision {
      case .exact: .exact
      case .rounded: .rounded
      case .lowerBound: .lower
      case .upperBound: .upper
      }
  }
}
