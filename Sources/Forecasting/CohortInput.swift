import Messages
import Supply

/// What is known about who works in a region, and so how its supply is projected (METHODS §3.3).
public enum SupplyBasis: String, Codable, CaseIterable, Sendable {
  /// Only the nation's total is published: a region is its share of the national cohort, whose ages
  /// are those of a workforce that has grown as this one did.
  case nationalShare = "share-of-national-cohort"
  /// Only an allocated total: ages and mortality are those of the region's own population, and the
  /// stock follows its population of working age.
  case ownPopulation = "own-population"
  /// Persons by age and sex are published: the region ages its own people.
  case ownAges = "own-ages"

  /// The data tier: T0 totals only, T4 age and sex in a base year.
  public var tier: String { self == .ownAges ? "T4" : "T0" }

  public var name: Bilingual {
    switch self {
    case .nationalShare: Bilingual(zh: "按份额分得全国队列", en: "share of the national cohort")
    case .ownPopulation: Bilingual(zh: "随本地劳动年龄人口", en: "follows its own working-age population")
    case .ownAges: Bilingual(zh: "本地分年龄队列", en: "cohort of its own ages")
    }
  }

  /// What would let the region be projected better.
  public var wanted: Bilingual {
    switch self {
    case .nationalShare, .ownPopulation:
      Bilingual(zh: "分年龄、性别的人数（升至 T4）", en: "persons by age and sex (tier T4)")
    case .ownAges: Bilingual(zh: "新增与退出的登记数（升至 T5）", en: "registers of entrants and leavers (tier T5)")
    }
  }

  /// The `method` of a forecast cell.
  var method: String {
    switch self {
    case .nationalShare: "cohort-share"
    case .ownPopulation: "cohort-population"
    case .ownAges: "cohort"
    }
  }
}

/// A population projected by single years of age and sex after the base year.
///
/// Its years carry one channel of one entrant; draws say how many really enter.
public struct CohortInput: Sendable {
  public let basis: SupplyBasis
  /// Persons by age and sex at the end of the base year, of which only the proportions count; nil for
  /// what the national history leads to.
  public let base: CohortTable?
  public let years: [CohortYear]
  /// Stock relative to the base year, by year (0 = base), when entrants make up what this needs; nil
  /// when entrants are a share of the nation's.
  public let follows: [Double]?

  public init(basis: SupplyBasis, base: CohortTable?, years: [CohortYear], follows: [Double]? = nil) {
    self.basis = basis
    self.base = base
    self.years = years
    self.follows = follows
  }
}

/// The nation's workforce up to the base year, and how its entrants and transfers may go.
public struct WorkforceInput: Sendable {
  public let frame: CohortFrame
  /// Shares by age and sex at the end of the first year of history; sum to 1.
  public let start: CohortTable
  /// Years after the first one of history, up to the base year, each with a channel of one entrant.
  public let history: [CohortYear]
  public let transferOut: UncertainFactor
  /// Growth of entrants after the base year.
  public let entrantsGrowth: GrowthOutlook
  /// Standard deviation of a year's shock to the growth of the stock, in logarithms.
  public let growthShock: Double
  /// The series that entrants follow, by year up to the base year; empty where nobody publishes it.
  public var followed: [Int: Double] = [:]

  public init(
    frame: CohortFrame, start: CohortTable, history: [CohortYear], transferOut: UncertainFactor,
    entrantsGrowth: GrowthOutlook, growthShock: Double
  ) {
    self.frame = frame
    self.start = start
    self.history = history
    self.transferOut = transferOut
    self.entrantsGrowth = entrantsGrowth
    self.growthShock = growthShock
  }
}

extension Geography.Node {
  /// How the node's supply is projected; nil where its parts differ, or for the nation's own cohort.
  func supplyBasis(_ inputs: ForecastInputs) -> SupplyBasis? {
    let bases = Set(members.map { inputs.cohorts[inputs.leafCohort[$0]].basis })
    return kind == .nation || bases.count != 1 ? nil : bases.first
  }
}
