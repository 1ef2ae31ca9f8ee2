import Dimensions
import Messages

/// Everything an edition of the annual report is made from. No text in the report has another origin.
///
/// `cells` is the run's `results.csv`; the other members are its `report/edition.json`. A member
/// that is empty leaves its tables out, and the report lists them as not available.
public struct ReportInput: Sendable {
  public var edition: Edition
  public var cells: [ResultCell]
  /// Nation, provinces, hubs, cities, special administrative regions. Order is the printed order.
  public var regions: [ReportRegion]
  public var teams: [NamedCode]
  public var industries: [NamedCode]
  /// Scenario ids of the cells with their names; the edition's own scenario first.
  public var scenarios: [NamedCode]
  public var indicators: [IndicatorRow]
  public var backtests: [BacktestScore]
  public var pastForecasts: [PastForecast]
  /// From the top of the hierarchy down.
  public var levelErrors: [LevelAccuracy]
  /// How near the estimate came to published figures of places that were hidden from it; empty where places are allocated.
  public var hiddenFacts: [HiddenFacts] = []
  public var supplyTiers: [SupplyTierRow]
  public var revisions: [RevisionRow]
  public var contributions: [Contribution]
  public var levers: [LeverRow]
  public var sources: [SourceEntry]
  public var methods: [MethodNote]
  public var assumptions: [Assumption]
  public var limits: [Bilingual]
  public var concepts: [ConceptBox]
  public var maps: [MapPicture]
  public var unavailable: [UnavailableTable]
  /// nil: the run rated no roles.
  public var shortage: ShortageList?
  /// nil: the model sets its industries beside no published classification.
  public var crosswalk: Crosswalk?
  /// nil: no lever was moved.
  public var sensitivity: Sensitivity?
  /// Nation and hubs under the other scenarios: the run's `scenarios.csv`.
  public var otherScenarios: [ResultCell] = []

  public init(
    edition: Edition, cells: [ResultCell], regions: [ReportRegion], teams: [NamedCode],
    industries: [NamedCode], scenarios: [NamedCode] = [], indicators: [IndicatorRow] = [],
    backtests: [BacktestScore] = [], pastForecasts: [PastForecast] = [], levelErrors: [LevelAccuracy] = [],
    supplyTiers: [SupplyTierRow] = [],
    revisions: [RevisionRow] = [], contributions: [Contribution] = [], levers: [LeverRow] = [],
    sources: [SourceEntry] = [], methods: [MethodNote] = [], assumptions: [Assumption] = [],
    limits: [Bilingual] = [], concepts: [ConceptBox] = [], maps: [MapPicture] = [],
    unavailable: [UnavailableTable] = []
  ) {
    self.edition = edition
    self.cells = cells
    self.regions = regions
    self.teams = teams
    self.industries = industries
    self.scenarios = scenarios
    self.indicators = indicators
    self.backtests = backtests
    self.pastForecasts = pastForecasts
    self.levelErrors = levelErrors
    self.supplyTiers = supplyTiers
    self.revisions = revisions
    self.contributions = contributions
    self.levers = levers
    self.sources = sources
    self.methods = methods
    self.assumptions = assumptions
    self.limits = limits
    self.concepts = concepts
    self.maps = maps
    self.unavailable = unavailable
  }
}

/// Industries of the report beside published classifications.
public struct Crosswalk: Codable, Hashable, Sendable {
  /// An industry with its classes, one text a classification.
  public struct Row: Codable, Hashable, Sendable {
    public var industry: Bilingual
    /// Codes and names, one text a classification; empty where there is none.
    public var classes: [Bilingual]

    public init(industry: Bilingual, classes: [Bilingual]) {
      self.industry = industry
      self.classes = classes
    }
  }

  public var classifications: [Bilingual]
  public var rows: [Row]
  public var notes: [Bilingual]

  public init(classifications: [Bilingual], rows: [Row], notes: [Bilingual]) {
    self.classifications = classifications
    self.rows = rows
    self.notes = notes
  }
}

/// Which edition, of which run.
public struct Edition: Codable, Hashable, Sendable {
  /// Year of publication, in the title.
  public var editionYear: Int
  /// Last year with published figures of the headline series.
  public var referenceYear: Int
  /// The year that gap tables and rankings look at.
  public var focusYear: Int
  /// Last forecast year.
  public var horizon: Int
  /// Scenario id of the edition's own figures, as in `ResultCell.scenario`.
  public var scenario: String
  public var scenarioName: Bilingual
  public var seed: UInt64
  public var draws: Int
  public var title: Bilingual
  /// Who is counted, e.g. 知识产权人才 / IP talent: the noun of every sentence.
  public var subject: Bilingual
  /// Who compiled it; nil prints no name.
  public var compiler: Bilingual?
  /// ISO date on the cover, from `SOURCE_DATE_EPOCH`; nil prints no date.
  public var date: String?
  /// True for an edition made from invented figures (tests, demonstrations): marked on every page.
  public var sample: Bool
  /// The header block of an approved statistical form: label and text, printed as given; nil prints none.
  public var approval: [ApprovalLine]?
  /// What disclosure control did; nil when nothing is withheld.
  public var disclosure: DisclosureNote?

  public init(
    editionYear: Int, referenceYear: Int, focusYear: Int, horizon: Int, scenario: String,
    scenarioName: Bilingual, seed: UInt64, draws: Int, title: Bilingual, subject: Bilingual,
    compiler: Bilingual? = nil, date: String? = nil, sample: Bool = false
  ) {
    self.editionYear = editionYear
    self.referenceYear = referenceYear
    self.focusYear = focusYear
    self.horizon = horizon
    self.scenario = scenario
    self.scenarioName = scenarioName
    self.seed = seed
    self.draws = draws
    self.title = title
    self.subject = subject
    self.compiler = compiler
    self.date = date
    self.sample = sample
  }
}

/// A region as the report prints it.
public struct ReportRegion: Codable, Hashable, Sendable {
  /// What a region is in the hierarchy.
  public enum Kind: String, Codable, Sendable {
    case nation, province, hub, city, sar
  }

  public var code: RegionCode
  public var name: Bilingual
  /// A municipality that is a hub by itself (Beijing) is `.province` with `hub` = its own code.
  public var kind: Kind
  /// Hub the region belongs to or is.
  public var hub: RegionCode?
  /// The published regions that it is the sum of; nil when it is a part itself.
  public var parts: [RegionCode]?

  public init(code: RegionCode, name: Bilingual, kind: Kind, hub: RegionCode? = nil, parts: [RegionCode]? = nil) {
    self.code = code
    self.name = name
    self.kind = kind
    self.hub = hub
    self.parts = parts
  }
}

/// A code with its name.
public struct NamedCode: Codable, Hashable, Sendable {
  public var code: String
  public var name: Bilingual

  public init(code: String, name: Bilingual) {
    self.code = code
    self.name = name
  }
}

/// One plan indicator: where it stood, where it should be, where it is going.
public struct IndicatorRow: Codable, Hashable, Sendable {
  /// Main indicators, others, and tasks without a number.
  public enum Group: String, Codable, Sendable { case main, other, milestone }

  public var id: String
  public var group: Group
  public var name: Bilingual
  public var unit: Bilingual
  public var target: Double?
  public var targetYear: Int
  public var baseline: Double?
  public var baselineYear: Int?
  public var latest: Double?
  public var latestYear: Int?
  /// False when the published figure is only an upper bound (近…): it cannot show a target reached.
  public var settled: Bool
  /// Needed growth a year from the latest value to the target, as a fraction.
  public var requiredPace: Double?
  /// Growth a year from the baseline to the latest value, as a fraction.
  public var realisedPace: Double?
  public var p10: Double?
  public var p50: Double?
  public var p90: Double?
  /// Probability that the target is met, 0...1.
  public var probability: Double?
  public var judgement: Bilingual
  public var note: Bilingual?
  public var evidence: Evidence
  /// Id in the source register.
  public var source: String

  public init(
    id: String, group: Group = .main, name: Bilingual, unit: Bilingual, target: Double?,
    targetYear: Int, baseline: Double? = nil, baselineYear: Int? = nil, latest: Double? = nil,
    latestYear: Int? = nil, settled: Bool = true, requiredPace: Double? = nil, realisedPace: Double? = nil,
    p10: Double? = nil, p50: Double? = nil, p90: Double? = nil, probability: Double? = nil,
    judgement: Bilingual, note: Bilingual? = nil, evidence: Evidence = .observed, source: String = ""
  ) {
    self.id = id
    self.group = group
    self.name = name
    self.unit = unit
    self.target = target
    self.targetYear = targetYear
    self.baseline = baseline
    self.baselineYear = baselineYear
    self.latest = latest
    self.latestYear = latestYear
    self.settled = settled
    self.requiredPace = requiredPace
    self.realisedPace = realisedPace
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.probability = probability
    self.judgement = judgement
    self.note = note
    self.evidence = evidence
    self.source = source
  }
}
