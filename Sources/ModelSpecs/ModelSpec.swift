import Dimensions
import Messages

/// A model file as values: what is forecast, where, from which series, under which assumptions.
///
/// Nothing here knows a dataset: whether the named series exist is checked when model and data meet.
public struct ModelSpec: Sendable {
  public let id: String
  public let name: Bilingual
  /// First year shown, last observed year, last forecast year.
  public let years: (history: Int, base: Int, last: Int)
  public let stock: Stock
  public let regions: Regions
  public let allocation: Allocation
  public let demand: Demand
  public let supply: Supply
  /// Damping φ of the pooled damped log-drift.
  public let damping: Double
  public let teams: [Member]
  public let industries: [Member]
  public let classifications: [Classification]
  public let roles: [Role]
  /// How the rest of the stock is split; nil when no role is weighted beside a remainder.
  public let rest: Rest?
  /// Standard deviation of the logarithm of a drawn share, by grade of the share.
  public let shareSpread: [Evidence: Double]
  /// Name of the data package that holds the plan's targets; nil without a plan.
  public let plan: String?
  /// What the report says about this workforce beside its figures.
  public let words: ReportWords
  public let sources: [SpecSource]
  /// The file, beside the model's, that says how published figures of places are read; nil where places are allocated.
  public let evidenceFile: String?
  /// What that file says, once it is read.
  public internal(set) var evidence: EvidenceSpec?

  /// A team or industry of the model.
  public struct Member: Sendable, Hashable {
    public let id: String
    public let name: Bilingual
    /// Codes of a published classification that the group corresponds to, by classification.
    public let codes: [String: [String]]
  }

  /// A published classification that groups are set beside.
  public struct Classification: Sendable {
    public let id: String
    public let name: Bilingual
    /// Table of its codes: columns code, name_zh, name_en.
    public let package: String
    public let resource: String
    public let evidence: Evidence
    public let note: Bilingual
    public let line: Int
  }

  /// Who is counted: the indicator of the stock and the whole it is published for.
  public struct Stock: Sendable {
    public let indicator: String
    public let nation: RegionCode
    /// What tables call the nation as a whole.
    public let name: Bilingual
  }

  /// The places of the model.
  public struct Regions: Sendable {
    /// Level of the regions that add up to the nation, and those left out for lack of data; an empty
    /// level where the nation is not divided.
    public let provinceLevel: String
    public let without: [RegionCode]
    /// A province shown by its cities, and the code and name of what the hubs do not name of it; an
    /// empty code where no province is divided.
    public let cityParent: RegionCode
    public let rest: (code: RegionCode, name: Bilingual)
    /// Regions with statistical systems of their own, outside the national total.
    public let separate: [RegionCode]
    public let hubs: [Hub]
  }

  /// A talent hub and the places it is made of.
  public struct Hub: Sendable {
    public let id: String
    public let code: RegionCode
    public let name: Bilingual
    public let members: [RegionCode]
    /// Where the hub is written; nil where no file holds it.
    public var place: SpecPlace?
  }

  /// How a national figure is shared out where regions publish none.
  public struct Allocation: Sendable {
    public let provinceDrivers: [String]
    public let provinceNote: Bilingual
    public let cityDrivers: [String]
    public let cityNote: Bilingual
    public let separateDriver: String
    /// The region whose ratio of stock to driver is applied.
    public let separateLike: RegionCode
    public let separateSpread: Assumption
    public let separateNote: Bilingual
    /// A count that the region's stock is at least, by region.
    public let separateLeast: [RegionCode: String]
  }

  /// How requirement is forecast.
  public struct Demand: Sendable {
    public let baseGap: Assumption
    public let proxy: String
    public let driver: String
    public let elasticity: Assumption
    public let cityGrowth: String
    public let separateGrowth: [RegionCode: String]
    /// Past forecasts: the first origin, years ahead, and the panels whose intervals are measured
    /// (empty: every long one).
    public let backtest: (firstOrigin: Int, horizon: Int, panels: [String])
    /// Ways of forecasting the proxy beside its own trend and the leading driver.
    public let methods: [Method]

    /// A method of demand with the series it follows.
    public struct Method: Sendable, Equatable {
      /// How a method turns a series into growth of requirement.
      public enum Kind: String, CaseIterable, Sendable {
        /// A driver times its estimated elasticity.
        case driver
        /// Persons per unit of a driver, and the driver.
        case density
        /// A driver times the prior elasticity.
        case elasticity
      }
      public let kind: Kind
      public let indicator: String
      /// Moved by policy: shown, not leaned on.
      public let isPolicyDriven: Bool
    }
  }

  /// National counts: persons in practice, everybody who ever qualified, passers by year of examination.
  public struct Licence: Sendable {
    public let practising: String
    public let qualified: String
    public let passes: String
  }

  /// How the stock is carried forward.
  public struct Supply: Sendable {
    public let entryAge: Assumption
    public let femaleShare: Assumption
    /// Population whose mortality applies.
    public let mortality: String
    /// Retirement categories of the schedule, by sex.
    public let retirement: (male: String, female: String)
    public let transferOut: Assumption
    /// Regions outside the pension system: the population each follows, and the age it leaves work.
    public let separatePopulation: [RegionCode: String]
    public let separateExitAge: Assumption
    /// Examination and practice of a licensed profession; nil where the model has none.
    public let licence: Licence?
    /// Where persons by age and sex are published, for the nation or for regions; nil where nobody does.
    public let ages: (package: String, resource: String)?
    /// How far entrants of places go where the openings are: 0 as the stock is spread, 1 as the openings are; nil: 0.
    public let response: Assumption?
    /// Series whose growth entrants follow, and the one whose additions say how much they vary.
    public let entrantsFollow: String
    public let entrantsVolatility: String
  }

  /// A cell of the base-year table of teams by industries.
  public struct Role: Sendable {
    /// Entrants as a published count or as a rate.
    public enum Count: Sendable, Equatable {
      /// A published head count, less another when the two overlap.
      case published(indicator: String, less: String?)
      /// A share of the rest, by this weight.
      case weighted(indicator: String)
      /// What is left of the rest.
      case remainder
    }
    public let team: String
    public let industry: String
    public let count: Count
    /// Provincial series that spreads the role over regions; nil spreads it as the stock.
    public let spread: String?
    /// Population of the evidence file that the role is, or is part of; nil in a model without one.
    public let population: String?
    public let line: Int
  }

  /// A place for persons whom no listed city covers.
  public struct Rest: Sendable {
    public let numerator: String
    public let denominator: String
    public let year: Int
    public let note: Bilingual
  }
}

/// A number that somebody decided: its value, 80 % range, grade, authority and reason.
public struct Assumption: Sendable {
  public let value: Double
  /// 80 % range; nil when the number is not drawn.
  public let range: ClosedRange<Double>?
  public let evidence: Evidence
  public let source: String
  public let note: Bilingual
  /// Where it stands, for reports and errors.
  public let path: String
  public let line: Int

  public init(
    value: Double, range: ClosedRange<Double>?, evidence: Evidence, source: String, note: Bilingual, path: String,
    line: Int
  ) {
    self.value = value
    self.range = range
    self.evidence = evidence
    self.source = source
    self.note = note
    self.path = path
    self.line = line
  }
}

/// A source named by a model file itself.
public struct SpecSource: Sendable {
  public let id: String
  public let title: Bilingual
  public let publisher: Bilingual
}
