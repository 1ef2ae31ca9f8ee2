import Dimensions
import Messages

/// Scores of past forecasts of one series group at one horizon. Errors and coverages are fractions.
public struct BacktestScore: Codable, Hashable, Sendable {
  public var series: Bilingual
  public var method: Bilingual
  /// Years ahead.
  public var horizon: Int
  /// Forecasts scored.
  public var count: Int
  public var medianAPE: Double
  public var naiveMedianAPE: Double
  /// Of shares frozen at the origin, times a forecast of the total; nil where there is no total.
  public var constantShareMedianAPE: Double?
  public var coverage80: Double
  public var coverage95: Double

  public init(
    series: Bilingual, method: Bilingual, horizon: Int, count: Int, medianAPE: Double,
    naiveMedianAPE: Double, constantShareMedianAPE: Double? = nil, coverage80: Double, coverage95: Double
  ) {
    self.series = series
    self.method = method
    self.horizon = horizon
    self.count = count
    self.medianAPE = medianAPE
    self.naiveMedianAPE = naiveMedianAPE
    self.constantShareMedianAPE = constantShareMedianAPE
    self.coverage80 = coverage80
    self.coverage95 = coverage95
  }
}

/// What a forecast made from data up to `origin` said about `year`, and what happened.
public struct PastForecast: Codable, Hashable, Sendable {
  public var series: Bilingual
  public var origin: Int
  public var year: Int
  /// nil when the year was not published.
  public var actual: Double?
  public var forecast: Double
  public var p025: Double
  public var p10: Double
  public var p90: Double
  public var p975: Double

  public init(
    series: Bilingual, origin: Int, year: Int, actual: Double?, forecast: Double, p025: Double,
    p10: Double, p90: Double, p975: Double
  ) {
    self.series = series
    self.origin = origin
    self.year = year
    self.actual = actual
    self.forecast = forecast
    self.p025 = p025
    self.p10 = p10
    self.p90 = p90
    self.p975 = p975
  }
}

/// A figure of the previous edition and of this one.
public struct RevisionRow: Codable, Hashable, Sendable {
  /// Why a published figure moved.
  public enum Reason: String, Codable, Sendable {
    case data = "D"
    case source = "S"
    case concept = "C"
    case method = "M"
    case scenario = "A"
    case erratum = "E"
  }

  public var series: Bilingual
  public var year: Int
  public var previous: Double
  public var current: Double
  public var reason: Reason

  public init(series: Bilingual, year: Int, previous: Double, current: Double, reason: Reason) {
    self.series = series
    self.year = year
    self.previous = previous
    self.current = current
    self.reason = reason
  }
}

/// One part of the difference between two results: demand of `region` in `year` by driver, or a
/// scenario's gap by lever. Parts and residual add up to the difference.
public struct Contribution: Codable, Hashable, Sendable {
  public var region: RegionCode
  public var measure: Measure
  public var from: Int
  public var to: Int
  public var driver: Bilingual
  /// Persons.
  public var value: Double
  public var p10: Double?
  public var p90: Double?
  public var evidence: Evidence

  public init(
    region: RegionCode, measure: Measure, from: Int, to: Int, driver: Bilingual, value: Double,
    p10: Double? = nil, p90: Double? = nil, evidence: Evidence
  ) {
    self.region = region
    self.measure = measure
    self.from = from
    self.to = to
    self.driver = driver
    self.value = value
    self.p10 = p10
    self.p90 = p90
    self.evidence = evidence
  }
}

/// A change that a scenario makes to a lever, as printed.
public struct LeverRow: Codable, Hashable, Sendable {
  public var scenario: String
  public var lever: Bilingual
  /// E.g. `= 1500`, `× 1.2`, a path.
  public var change: Bilingual
  public var years: Bilingual
  /// Empty: everywhere.
  public var places: Bilingual
  public var authority: Bilingual

  public init(
    scenario: String, lever: Bilingual, change: Bilingual, years: Bilingual, places: Bilingual, authority: Bilingual
  ) {
    self.scenario = scenario
    self.lever = lever
    self.change = change
    self.years = years
    self.places = places
    self.authority = authority
  }
}

/// One lever moved from end to end of its plausible range while the others stay: the figure at both ends.
public struct LeverSwing: Codable, Hashable, Sendable {
  public var lever: Bilingual
  public var unit: Bilingual
  /// The ends of the lever.
  public var low: Double
  public var high: Double
  /// Persons at them; means.
  public var atLow: Double
  public var atHigh: Double

  public init(lever: Bilingual, unit: Bilingual, low: Double, high: Double, atLow: Double, atHigh: Double) {
    self.lever = lever
    self.unit = unit
    self.low = low
    self.high = high
    self.atLow = atLow
    self.atHigh = atHigh
  }
}

/// How far each lever sways one figure of the edition.
public struct Sensitivity: Codable, Hashable, Sendable {
  public var region: RegionCode
  public var measure: Measure
  public var year: Int
  /// The figure with every lever where the scenario has it; a mean.
  public var central: Double
  /// Widest first.
  public var swings: [LeverSwing]

  public init(region: RegionCode, measure: Measure, year: Int, central: Double, swings: [LeverSwing]) {
    self.region = region
    self.measure = measure
    self.year = year
    self.central = central
    self.swings = swings
  }
}

/// A line of the source register.
public struct SourceEntry: Codable, Hashable, Sendable {
  public var id: String
  public var title: Bilingual
  public var publisher: Bilingual
  public var licence: Bilingual
  public var usedFor: Bilingual
  /// Period covered, e.g. `2010—2023`.
  public var period: String?

  public init(
    id: String, title: Bilingual, publisher: Bilingual, licence: Bilingual, usedFor: Bilingual,
    period: String? = nil
  ) {
    self.id = id
    self.title = title
    self.publisher = publisher
    self.licence = licence
    self.usedFor = usedFor
    self.period = period
  }
}

/// A paragraph of the methods chapter under its heading.
public struct MethodNote: Codable, Hashable, Sendable {
  public var heading: Bilingual
  public var text: Bilingual

  public init(heading: Bilingual, text: Bilingual) {
    self.heading = heading
    self.text = text
  }
}

/// Something the figures rest on that was not measured.
public struct Assumption: Codable, Hashable, Sendable {
  public var text: Bilingual
  public var evidence: Evidence
  public var source: String

  public init(text: Bilingual, evidence: Evidence, source: String) {
    self.text = text
    self.evidence = evidence
    self.source = source
  }
}

/// 专栏: a definition that readers must not miss.
public struct ConceptBox: Codable, Hashable, Sendable {
  public var title: Bilingual
  public var text: Bilingual

  public init(title: Bilingual, text: Bilingual) {
    self.title = title
    self.text = text
  }
}

/// A still map that the report prints.
public struct MapPicture: Codable, Hashable, Sendable {
  /// The chapter that shows it.
  public enum Place: String, Codable, Sendable { case overview, supply, demand, balance }

  public var place: Place
  /// File stem, ASCII.
  public var name: String
  public var svg: String
  /// Drawn separately when the picture's labels depend on the language; nil uses `svg`.
  public var svgEnglish: String?
  public var caption: Bilingual
  /// What the map shows, for readers who cannot see it.
  public var alternative: Bilingual

  public init(
    place: Place, name: String, svg: String, svgEnglish: String? = nil, caption: Bilingual, alternative: Bilingual
  ) {
    self.place = place
    self.name = name
    self.svg = svg
    self.svgEnglish = svgEnglish
    self.caption = caption
    self.alternative = alternative
  }
}

/// A table the outline asks for that the data cannot fill.
public struct UnavailableTable: Codable, Hashable, Sendable {
  public var title: Bilingual
  public var wouldFill: Bilingual

  public init(title: Bilingual, wouldFill: Bilingual) {
    self.title = title
    self.wouldFill = wouldFill
  }
}
