/// What a result cell measures. `gap = demand − supply`, positive = short; the three gaps never share a column.
public enum Measure: String, CaseIterable, Codable, Sendable {
  case supply, demand
  case gapRequirement = "gap_requirement"
  case gapPlan = "gap_plan"
  case adequacy, openings, expansion, replacement, entrants, retirements, exits
  case netMigration = "net_migration"
  case pressure
  case shortageProbability = "p_shortage"
  /// An industry's (or team's) share of the place's demand over its share of the nation's.
  case locationQuotient = "location_quotient"
  /// Supply per 10,000 full-time equivalents of the model's labour series.
  case density
}

/// One cell of `results.csv`: a value with its fan, grade, method, source and concept.
public struct ResultCell: Hashable, Sendable {
  public var scenario: String
  public var region: RegionCode
  public var regionName: String
  /// Hub the region belongs to, "" when none.
  public var hub: String
  /// Industry group, `total` for all.
  public var industry: String
  /// Team, `total` for all.
  public var team: String
  public var year: Int
  public var measure: Measure
  public var unit: String
  public var value: Double
  public var p025: Double
  public var p10: Double
  public var p50: Double
  public var p90: Double
  public var p975: Double
  public var evidence: Evidence
  public var method: String
  public var concept: String
  public var source: String

  public init(
    scenario: String, region: RegionCode, regionName: String, hub: String, industry: String = "total",
    team: String = "total", year: Int, measure: Measure, unit: String, value: Double, p025: Double,
    p10: Double, p50: Double, p90: Double, p975: Double, evidence: Evidence, method: String,
    concept: String, source: String
  ) {
    self.scenario = scenario
    self.region = region
    self.regionName = regionName
    self.hub = hub
    self.industry = industry
    self.team = team
    self.year = year
    self.measure = measure
    self.unit = unit
    self.value = value
    self.p025 = p025
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.p975 = p975
    self.evidence = evidence
    self.method = method
    self.concept = concept
    self.source = source
  }
}
