import Dimensions
import Messages

/// What kind of knowledge a number is. It chooses the verb of the sentence that says it.
public enum Basis: String, Codable, Hashable, Sendable {
  /// Registers and published counts: 据统计.
  case counted
  /// A modelled present or past: 据测算.
  case estimated
  /// A future: 预计.
  case forecast
  /// A number of the plan: 规划提出.
  case planned

  public var verb: Bilingual {
    switch self {
    case .counted: Bilingual(zh: "据统计", en: "According to published counts")
    case .estimated: Bilingual(zh: "据测算", en: "By our estimate")
    case .forecast: Bilingual(zh: "预计", en: "It is projected that")
    case .planned: Bilingual(zh: "规划提出", en: "The plan sets out that")
    }
  }
}

/// Where a cell of the results stands.
public struct CellKey: Hashable, Sendable {
  public var scenario: String
  public var region: RegionCode
  public var industry: String
  public var team: String
  public var year: Int
  public var measure: Measure

  public init(
    scenario: String, region: RegionCode, industry: String = "total", team: String = "total",
    year: Int, measure: Measure
  ) {
    self.scenario = scenario
    self.region = region
    self.industry = industry
    self.team = team
    self.year = year
    self.measure = measure
  }

  /// `measure/region/industry/team/year/scenario`.
  public var text: String {
    "\(measure.rawValue)/\(region)/\(industry)/\(team)/\(year)/\(scenario)"
  }
}

/// A number with its origin: nothing else may be printed as a number.
public struct Fact: Hashable, Sendable {
  /// Where a number comes from.
  public indirect enum Origin: Hashable, Sendable {
    case cell(CellKey)
    /// A value of the input's other members, e.g. `indicator/M1/latest`.
    case input(String)
    case derived(Formula, [Fact])
  }

  /// How a derived number follows from others; `report check` computes it again.
  public enum Formula: Hashable, Sendable {
    case sum
    case difference
    case ratio
    /// `a / b − 1`.
    case growth
    /// `(a / b)^(1/years) − 1`.
    case annualGrowth(years: Int)
    /// `|a|`
    case magnitude
    /// How many operands there are.
    case count
  }

  public var value: Double
  public var low: Double?
  public var high: Double?
  public var low95: Double?
  public var high95: Double?
  public var origin: Origin
  public var basis: Basis
  public var evidence: Evidence
  public var year: Int?
  public var concept: String
  public var unit: String

  public init(
    value: Double, low: Double? = nil, high: Double? = nil, low95: Double? = nil,
    high95: Double? = nil, origin: Origin, basis: Basis, evidence: Evidence, year: Int? = nil,
    concept: String = "", unit: String = ""
  ) {
    self.value = value
    self.low = low
    self.high = high
    self.low95 = low95
    self.high95 = high95
    self.origin = origin
    self.basis = basis
    self.evidence = evidence
    self.year = year
    self.concept = concept
    self.unit = unit
  }

  /// The reference printed beside the number in HTML and in the figure data.
  public var reference: String {
    switch origin {
    case .cell(let key): key.text
    case .input(let path): path
    case .derived(let formula, let parts):
      "\(formula.name)(\(parts.prefix(4).map(\.reference).joined(separator: ","))"
        + (parts.count > 4 ? ",…\(parts.count))" : ")")
    }
  }

  /// A fan exists when the ends differ.
  public var interval: (low: Double, high: Double)? {
    guard let low, let high, low < high else { return nil }
    return (low, high)
  }

  /// True when the 80 % band holds both signs: the direction of a change is not settled.
  public var signUnsettled: Bool {
    guard let (low, high) = interval else { return false }
    return low < 0 && high > 0
  }

  /// A number computed from facts; nil when it does not exist (zero or negative base).
  public static func derived(_ formula: Formula, _ parts: [Fact]) -> Fact? {
    guard let value = formula.value(parts.map(\.value)), value.isFinite else { return nil }
    return Fact(
      value: value, origin: .derived(formula, parts), basis: worst(parts.map(\.basis)),
      evidence: .worst(parts.map(\.evidence)), year: parts.compactMap(\.year).max(),
      concept: Set(parts.map(\.concept)).count == 1 ? parts[0].concept : "",
      unit: formula.keepsUnit && Set(parts.map(\.unit)).count == 1 ? parts[0].unit : "")
  }

  private static func worst(_ all: [Basis]) -> Basis {
    if all.contains(.forecast) { return .forecast }
    if all.contains(.estimated) { return .estimated }
    return all.contains(.counted) ? .counted : .planned
  }
}

extension Fact.Formula {
  /// Whether the outcome is in the unit of what it is made of.
  var keepsUnit: Bool {
    switch self {
    case .sum, .difference, .magnitude: true
    case .ratio, .growth, .annualGrowth, .count: false
    }
  }

  var name: String {
    switch self {
    case .sum: "sum"
    case .difference: "difference"
    case .ratio: "ratio"
    case .growth: "growth"
    case .annualGrowth(let years): "annual-growth-\(years)"
    case .magnitude: "magnitude"
    case .count: "count"
    }
  }

  func value(_ x: [Double]) -> Double? {
    switch self {
    case .sum: return x.reduce(0, +)
    case .count: return Double(x.count)
    case .magnitude: return x.count == 1 ? abs(x[0]) : nil
    case .difference: return x.count == 2 ? x[0] - x[1] : nil
    case .ratio: return x.count == 2 && x[1] != 0 ? x[0] / x[1] : nil
    case .growth: return x.count == 2 && x[1] > 0 ? x[0] / x[1] - 1 : nil
    case .annualGrowth(let years):
      guard x.count == 2, x[0] > 0, x[1] > 0, years > 0 else { return nil }
      return power(x[0] / x[1], 1 / Double(years)) - 1
    }
  }
}
