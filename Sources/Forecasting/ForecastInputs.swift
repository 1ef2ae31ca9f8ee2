import Dimensions
import Foundation
import Messages
import ModelSpecs
import Probability

/// How a quantity may grow from the base year on, in logarithms.
public struct GrowthOutlook: Sendable {
  /// Mean log change from the base year to 1, 2, … years later.
  public let mean: [Double]
  /// Standard deviation of that log change; not decreasing.
  public let spread: [Double]
  /// Degrees of freedom of the t distribution the spread belongs to; infinite = normal.
  public let freedom: Double

  public init(mean: [Double], spread: [Double], freedom: Double) {
    precondition(mean.count == spread.count, "one spread a year")
    self.mean = mean
    self.spread = spread
    self.freedom = freedom
  }

  /// Growth of a quantity that follows this one with an elasticity.
  public func scaled(by elasticity: Double) -> GrowthOutlook {
    GrowthOutlook(mean: mean.map { $0 * elasticity }, spread: spread.map { $0 * abs(elasticity) }, freedom: freedom)
  }
}

/// A drawn number: central value and the spread of its logarithm (0 = not drawn).
public struct UncertainFactor: Sendable {
  public let central: Double
  public let logSpread: Double
  /// What the product with its base is known to be at least; 0 where nothing is known.
  public let least: Double

  public init(central: Double, logSpread: Double, least: Double = 0) {
    self.central = central
    self.logSpread = logSpread
    self.least = least
  }

  /// The factor of a draw, log-normal of mean `central`, and no less than the bound where one is known: the part of the
  /// distribution below it is cut off.
  ///
  /// - Parameters: `deviate` standard normal, 0 in the path without chance; `base` what the factor multiplies, in the unit of the
  ///   bound.
  func drawn(deviate: Double, base: Double, isCentral: Bool) -> Double {
    let bound = least > 0 && base > 0 ? least / base : 0
    if isCentral { return max(central, bound) }
    let shift = logSpread * logSpread / 2
    guard bound > 0, logSpread > 0 else { return max(bound, central * exp(logSpread * deviate - shift)) }
    let below = normalCDF((log(bound / central) + shift) / logSpread)
    guard below < 1 - 1e-12 else { return bound }
    let inside = below + normalCDF(deviate) * (1 - below)
    return max(bound, central * exp(logSpread * normalQuantile(min(max(inside, 1e-15), 1 - 1e-15)) - shift))
  }
}

/// Everything a run needs, as values: no file, no clock, no name of a place in here that is not data.
public struct ForecastInputs: Sendable {
  public var geography: Geography
  public var teams: [(id: String, name: Bilingual)]
  public var industries: [(id: String, name: Bilingual)]
  /// First year shown, base year, last year.
  public var years: (history: Int, base: Int, last: Int)
  /// Published national stock by year; the base year is among them.
  public var stock: [Int: Double]
  /// Years of `stock` that are published; the others are interpolated.
  public var publishedYears: Set<Int>
  /// Shares of the provinces in the nation, by year of history.
  public var provinceShares: [Int: Allocation]
  /// Shares of the cities and the rest in the divided province, in the order of its leaves.
  public var cityShares: Allocation
  /// For each separate region: stock as a factor of the reference province's stock.
  public var separateFactor: [UncertainFactor]
  public var separateLike: Int
  public var roles: [RoleInput]
  /// Share of each role in a province's stock, `[province][role]`; rows sum to 1.
  public var roleShares: [[Double]]
  /// The nation's workforce through the base year.
  public var workforce: WorkforceInput
  /// Populations projected after the base year, and which one each leaf belongs to.
  public var cohorts: [CohortInput]
  public var leafCohort: [Int]
  /// Growth of requirement, one a leaf.
  public var demandGrowth: [GrowthOutlook]
  /// What each leaf's mean growth is made of; empty where only the growth itself is known.
  public var demandTerms: [[DemandTerm]] = []
  /// Totals that are forecast on their own and reconciled with their leaves in every draw.
  public var demandTotals: [TotalOutlook]
  /// Correlation of yearly demand shocks between places, 0…1.
  public var commonShock: Double
  /// Requirement ÷ supply − 1 in the base year.
  public var baseGap: Double
  /// What the scenario moves.
  public var levers: LeverPaths
  public var concept: String
  /// Unit of the stock: 人, or 人年 where full-time equivalents are counted. Flows are in this unit a year.
  public var unit = "人"
  public var sources: InputSources
  /// Grade of the published national stock by year; a year without one is observed.
  public var stockEvidence: [Int: Evidence] = [:]
  /// What the plan wants of the national stock, by year.
  public var planTargets: [Int: (value: Double, source: String)] = [:]
  /// Published full-time equivalents of the labour series, `[year][province]`: the base of densities.
  public var labour: [Int: [Double]] = [:]
  /// Published stocks of provinces, `[year][province]`: these cells are observed.
  public var countedProvinces: [Int: [Int: RegionalStock.Figure]] = [:]

  /// Stocks of provinces that publish in other years only, `[year][province]`.
  public var estimatedProvinces: [Int: [Int: RegionalStock.Estimate]] = [:]
  /// Where the stock is by what is published of places; nil where it is allocated.
  public var placed: PlacedStock?
  /// How far entrants of places go where the openings are, 0…1: centre and 80 % range.
  public var response: (value: Double, range: ClosedRange<Double>?) = (0, nil)
  /// 80 % range of the gap in the base year; nil when it is not drawn.
  public var baseGapRange: ClosedRange<Double>?

  /// A cell of teams × industries.
  public struct RoleInput: Sendable {
    public let team: Int
    public let industry: Int
    public let evidence: Evidence
    /// Spread of the logarithm of a drawn share.
    public let spread: Double
    /// Log change of the role's requirement relative to all requirement, by year from the base.
    public let relativeGrowth: [Double]

    public init(team: Int, industry: Int, evidence: Evidence, spread: Double, relativeGrowth: [Double]) {
      self.team = team
      self.industry = industry
      self.evidence = evidence
      self.spread = spread
      self.relativeGrowth = relativeGrowth
    }
  }

  /// Source ids to print beside cells, by part of the calculation.
  public struct InputSources: Sendable {
    public let stock: String
    public let allocation: String
    public let cities: String
    public let separate: String
    public let demand: String
    public let supply: String
    public let roles: String
    public var labour = ""

    public init(
      stock: String, allocation: String, cities: String, separate: String, demand: String, supply: String, roles: String
    ) {
      self.stock = stock
      self.allocation = allocation
      self.cities = cities
      self.separate = separate
      self.demand = demand
      self.supply = supply
      self.roles = roles
    }
  }
}

/// How a run is carried out; none of it changes the central result.
public struct RunOptions: Sendable {
  public var scenario: String
  public var draws: Int
  public var seed: UInt64
  public var jobs: Int
  /// Number of the first draw: above 1 in a part of a run.
  var firstDraw = 1
  /// Draws held in memory at a time.
  var mostAtOnce = 10_000
  /// Told how far the run has come.
  public var watch: ForecastWatch?

  public init(scenario: String, draws: Int, seed: UInt64, jobs: Int) {
    self.scenario = scenario
    self.draws = draws
    self.seed = seed
    self.jobs = jobs
  }
}

extension ForecastInputs {
  /// Full-time equivalents of the labour series in a place; nil where they are not published for all of it.
  func labour(_ node: Geography.Node, year: Int) -> Double? {
    let provinces = geography.wholeProvinces(node)
    guard let known = labour[year], !provinces.isEmpty else { return nil }
    return provinces.reduce(0) { $0 + known[$1] }
  }
}

extension ForecastInputs {
  /// Persons in the base year by leaf, central; nil outside the nation.
  var basePersons: [Double?] {
    let provinces = provinceShares[years.base]?.shares ?? []
    let nation = stock[years.base] ?? 0
    var city = 0
    return geography.leaves.map { leaf in
      guard let province = leaf.province, provinces.indices.contains(province) else { return nil }
      guard province == geography.divided else { return nation * provinces[province] }
      defer { city += 1 }
      return nation * provinces[province] * cityShares.shares[city]
    }
  }

  /// The gap of the base year in a draw: its range is met by eight draws of ten, on either side as wide as it is stated.
  func baseGap(deviate: Double) -> Double {
    guard let range = baseGapRange else { return baseGap }
    let side = deviate < 0 ? baseGap - range.lowerBound : range.upperBound - baseGap
    return max(-0.99, baseGap + side / 1.2815515655446004 * deviate)
  }

  /// How far entrants follow openings in a draw.
  func response(deviate: Double) -> Double {
    guard let range = response.range else { return response.value }
    let side = deviate < 0 ? response.value - range.lowerBound : range.upperBound - response.value
    return min(1, max(0, response.value + side / 1.2815515655446004 * deviate))
  }

  /// Where a lever plausibly stands; persons that move depend on the size of the places between which they do.
  ///
  /// - Parameter places: codes or hub ids.
  public func plausible(_ lever: Lever, places: [String], hubs: [ModelSpec.Hub]) -> ClosedRange<Double> {
    guard lever.kind == .persons else { return lever.plausible }
    let all = AskedMoves.Places(
      names: geography.names(hubs: hubs, nation: geography.nodes.first { $0.kind == .nation }?.code ?? ""), persons: basePersons)
    let most = places.map { all.plausible(all.members(of: $0), lever) }.min() ?? 0
    return -most...most
  }
}
