import Dimensions
import Gaps

/// The cells of one node: sums over its leaves, draw by draw, so that parts add up in every draw.
struct NodeResults {
  let node: Geography.Node
  let draws: LeafDraws
  let options: RunOptions
  let nation: NationalMix?
  private var inputs: ForecastInputs { draws.inputs }
  private var runs: Int { draws.runs }
  private(set) var cells: [ResultCell] = []

  init(_ node: Geography.Node, _ draws: LeafDraws, _ options: RunOptions, nation: NationalMix? = nil) {
    self.node = node
    self.draws = draws
    self.options = options
    self.nation = nation
    var demandBefore: [[Double]]?
    for year in inputs.years.history...inputs.years.last {
      let roles = RoleSums(draws, node, year: year)
      supplyCells(roles, year: year)
      densityCell(roles, year: year)
      guard let demand = roles.demand else { continue }
      demandCells(demand, year: year)
      quotientCells(demand, year: year)
      let byTeam = teams(demand)
      balanceCells(supply: teams(roles.supply), demand: byTeam, year: year)
      if let before = demandBefore { flowCells(roles, before: before, demand: byTeam, year: year) }
      demandBefore = byTeam
    }
  }

  /// Sums over roles: element 0 is the total, then the teams in order.
  private func teams(_ roles: [[Double]]) -> [[Double]] {
    var sums = [[Double]](
      repeating: [Double](repeating: 0, count: runs), count: inputs.teams.count + 1)
    for (role, values) in roles.enumerated() {
      let team = inputs.roles[role].team + 1
      add(values, to: &sums[0])
      add(values, to: &sums[team])
    }
    return sums
  }

  private func team(_ index: Int) -> String { index == 0 ? "total" : inputs.teams[index - 1].id }

  private mutating func supplyCells(_ roles: RoleSums, year: Int) {
    let published = inputs.published(node, year: year)
    for (index, runs) in teams(roles.supply).enumerated() {
      if index == 0, let published {
        append(
          .supply, team: 0, year: year, fan: Fan(exact: published.persons), evidence: published.evidence, method: "published",
          source: published.source)
      } else {
        append(
          .supply, team: index, year: year, fan: Fan(runs), evidence: supplyEvidence(team: index, year: year),
          method: supplyMethod(year: year), source: supplySource(team: index, year: year))
      }
    }
    if node.kind == .nation, let target = inputs.planTargets[year], year >= inputs.years.base {
      let gap = teams(roles.supply)[0].map { PlanGap(target: target.value, supply: $0).persons }
      append(
        .gapPlan, team: 0, year: year, fan: Fan(gap), evidence: supplyEvidence(team: 0, year: year),
        method: "target-supply", source: target.source)
    }
  }

  private mutating func demandCells(_ roles: [[Double]], year: Int) {
    for (index, runs) in teams(roles).enumerated() {
      append(
        .demand, team: index, year: year, fan: Fan(runs), evidence: demandEvidence(team: index),
        method: year == inputs.years.base ? "base-balance" : "driver+pdd", source: inputs.sources.demand)
    }
    var byIndustry = [[Double]](
      repeating: [Double](repeating: 0, count: runs), count: inputs.industries.count)
    for (role, values) in roles.enumerated() {
      let input = inputs.roles[role]
      for run in 0..<runs { byIndustry[input.industry][run] += values[run] }
      append(
        .demand, team: input.team + 1, industry: inputs.industries[input.industry].id, year: year, fan: Fan(values),
        evidence: .assumed, method: "role-share", source: inputs.sources.roles)
    }
    for (industry, values) in byIndustry.enumerated() {
      append(
        .demand, team: 0, industry: inputs.industries[industry].id, year: year, fan: Fan(values), evidence: .assumed,
        method: "role-share", source: inputs.sources.roles)
    }
  }

  /// Persons per 10,000 full-time equivalents, where the labour series is published for the whole place.
  private mutating func densityCell(_ roles: RoleSums, year: Int) {
    guard let base = inputs.labour(node, year: year) else { return }
    let supply = inputs.published(node, year: year).map { [Double](repeating: $0.persons, count: runs) } ?? teams(roles.supply)[0]
    append(
      .density, team: 0, year: year, unit: inputs.unit + "/万人年",
      fan: Fan(supply.map { Density(persons: $0, base: base).perTenThousand ?? .nan }),
      evidence: inputs.published(node, year: year)?.evidence ?? supplyEvidence(team: 0, year: year), method: "supply/labour",
      source: inputs.sources.labour)
  }

  private mutating func quotientCells(_ roles: [[Double]], year: Int) {
    guard let nation, node.kind != .nation else { return }
    let place = NationalMix.parts(roles, inputs, runs: runs)
    let quotients = nation.quotients(place, inputs, horizon: year - inputs.years.base)
    for (team, values) in quotients.teams.enumerated() {
      append(
        .locationQuotient, team: team + 1, year: year, unit: "1", fan: Fan(values), evidence: .assumed, method: "share/share",
        source: inputs.sources.roles)
    }
    for (industry, values) in quotients.industries.enumerated() {
      append(
        .locationQuotient, team: 0, industry: inputs.industries[industry].id, year: year, unit: "1", fan: Fan(values),
        evidence: .assumed, method: "share/share", source: inputs.sources.roles)
    }
  }

  private mutating func balanceCells(supply: [[Double]], demand: [[Double]], year: Int) {
    for index in supply.indices {
      let gap = zip(demand[index], supply[index]).map { RequirementGap(requirement: $0, supply: $1).persons }
      let adequacy = zip(supply[index], demand[index]).map { $1 > 0 ? $0 / $1 : 1 }
      let evidence = demandEvidence(team: index)
      append(
        .gapRequirement, team: index, year: year, fan: Fan(gap), evidence: evidence, method: "demand-supply",
        source: inputs.sources.demand)
      append(
        .adequacy, team: index, year: year, unit: "1", fan: Fan(adequacy), evidence: evidence, method: "supply/demand",
        source: inputs.sources.demand)
      // A gap under half a per cent of the requirement is none that anybody could notice.
      let short = (1..<runs).count { gap[$0] > 0.005 * demand[index][$0] }
      if year > inputs.years.base, runs > 1 {
        append(
          .shortageProbability, team: index, year: year, unit: "1",
          fan: Fan(exact: Double(short) / Double(runs - 1)), evidence: evidence, method: "share-of-draws",
          source: inputs.sources.demand)
      }
    }
  }

  private mutating func flowCells(_ roles: RoleSums, before: [[Double]], demand: [[Double]], year: Int) {
    let (entrants, retirements, exits) = (teams(roles.entrants), teams(roles.retirements), teams(roles.exits))
    let migration = teams(roles.netMigration)
    for index in entrants.indices {
      let evidence = Evidence.assumed
      let openings = (0..<runs).map {
        Openings(
          demandBefore: before[index][$0], demandAfter: demand[index][$0],
          replacement: retirements[index][$0] + exits[index][$0] - migration[index][$0])
      }
      var flows: [(Measure, [Double])] = [
        (.entrants, entrants[index]), (.retirements, retirements[index]), (.exits, exits[index]),
        (.expansion, openings.map(\.expansion)), (.replacement, openings.map(\.replacement)),
        (.openings, openings.map(\.total)),
      ]
      // Without data on moves there is no migration to publish; a scenario may assume one.
      if inputs.levers.movesPlaces { flows.append((.netMigration, migration[index])) }
      for (measure, runs) in flows {
        append(
          measure, team: index, year: year, unit: inputs.unit + "/年", fan: Fan(runs), evidence: evidence, method: "stock-flow",
          source: inputs.sources.supply)
      }
      // Without openings the ratio is beyond every number: such quantiles stay blank.
      let pressure = zip(entrants[index], openings).map {
        Pressure(entrants: $0, openings: $1.total).ratio ?? .infinity
      }
      append(
        .pressure, team: index, year: year, unit: "1", fan: Fan(pressure), evidence: evidence,
        method: "entrants/openings", source: inputs.sources.supply)
    }
  }

  private func supplyEvidence(team: Int, year: Int) -> Evidence {
    if team > 0 { return node.kind == .nation && year == inputs.years.base ? .estimated : .assumed }
    switch node.kind {
    case .nation: return year <= inputs.years.base ? .estimated : .assumed
    case .province: return year <= inputs.years.base ? .allocated : .assumed
    case .city, .rest, .separate, .hub: return .assumed
    }
  }

  private func demandEvidence(team: Int) -> Evidence { .assumed }

  private func supplyMethod(year: Int) -> String {
    if year > inputs.years.base { return node.supplyBasis(inputs).map(\.method) ?? "cohort" }
    return node.kind == .nation ? "interpolated" : "allocated"
  }

  private func supplySource(team: Int, year: Int) -> String {
    if team > 0 { return inputs.sources.roles }
    if year > inputs.years.base { return inputs.sources.supply }
    switch node.kind {
    case .nation: return inputs.sources.stock
    case .province: return inputs.sources.allocation
    case .city, .rest: return inputs.sources.cities
    case .separate, .hub: return inputs.sources.separate
    }
  }

  private mutating func append(
    _ measure: Measure, team index: Int, industry: String = "total", year: Int, unit given: String? = nil, fan: Fan,
    evidence: Evidence, method: String, source: String
  ) {
    // One team or one industry is the total itself.
    if index > 0, inputs.teams.count == 1 { return }
    if industry != "total", inputs.industries.count == 1 { return }
    // Rounded once, here: what is computed from the cells agrees with what is read from results.csv.
    let unit = given ?? inputs.unit
    let fine = quantileDecimals(unit: unit)
    cells.append(
      ResultCell(
        scenario: options.scenario, region: node.code, regionName: node.name.zh, hub: node.hub, industry: industry,
        team: team(index), year: year, measure: measure, unit: unit, value: rounded(fan.value, 6),
        p025: rounded(fan.p025, fine), p10: rounded(fan.p10, fine), p50: rounded(fan.p50, fine),
        p90: rounded(fan.p90, fine), p975: rounded(fan.p975, fine), evidence: evidence, method: method,
        concept: inputs.concept, source: source))
  }
}
