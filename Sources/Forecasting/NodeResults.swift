import Dimensions
import Gaps

/// The cells of one node: sums over its leaves, draw by draw, so that parts add up in every draw.
///
/// A figure that is a difference, a sum or a ratio of others is made of their means, so that what is printed agrees to
/// the last digit: gap = demand − supply, openings = expansion + replacement, adequacy = mean supply ÷ mean demand.
struct NodeResults {
  let node: Geography.Node
  let draws: LeafDraws
  let options: RunOptions
  let nation: NationalMix?
  /// Only supply, requirement, gaps and adequacy of all teams and industries together.
  let balanceOnly: Bool
  private var inputs: ForecastInputs { draws.inputs }
  private var runs: Int { draws.runs }
  private(set) var cells: [ResultCell] = []

  /// - Parameter years: whose cells are made; all of them when nil.
  init(
    _ node: Geography.Node, _ draws: LeafDraws, _ options: RunOptions, nation: NationalMix? = nil,
    years: ClosedRange<Int>? = nil, balanceOnly: Bool = false
  ) {
    self.node = node
    self.draws = draws
    self.options = options
    self.nation = nation
    self.balanceOnly = balanceOnly
    var demandBefore: [[Double]]?
    for year in years ?? inputs.years.history...inputs.years.last {
      if balanceOnly {
        balance(year: year)
        continue
      }
      let roles = RoleSums(draws, node, year: year)
      let supply = teams(roles.supply)
      supplyCells(supply, year: year)
      if let placed = inputs.placed, year <= inputs.years.base { roleCells(roles.supply, placed, year: year) }
      densityCell(supply[0], year: year)
      guard let demand = roles.demand else { continue }
      let byTeam = teams(demand)
      demandCells(demand, byTeam: byTeam, year: year)
      quotientCells(demand, year: year)
      balanceCells(supply: held(supply, year: year), demand: byTeam, year: year)
      if let before = demandBefore { flowCells(roles, before: before, demand: byTeam, year: year) }
      demandBefore = byTeam
    }
  }

  /// All teams and industries together: nothing is split into roles to be added up again.
  private mutating func balance(year: Int) {
    func sum(_ values: (Int) -> [Double]) -> [Double] {
      node.members.reduce(into: [Double](repeating: 0, count: runs)) { sum, leaf in add(values(leaf), to: &sum) }
    }
    let supply = [sum { draws.supply(leaf: $0, year: year) }]
    supplyCells(supply, year: year)
    guard year >= inputs.years.base else { return }
    let demand = [sum { draws.wanted(leaf: $0, year: year) }]
    demandCells([], byTeam: demand, year: year)
    balanceCells(supply: held(supply, year: year), demand: demand, year: year)
  }

  /// Sums over roles: element 0 is the total, then the teams in order.
  private func teams(_ roles: [[Double]]) -> [[Double]] {
    var sums = [[Double]](repeating: [Double](repeating: 0, count: runs), count: inputs.teams.count + 1)
    for (role, values) in roles.enumerated() {
      add(values, to: &sums[0])
      add(values, to: &sums[inputs.roles[role].team + 1])
    }
    return sums
  }

  /// The same with the total as it is published, where it is.
  private func held(_ supply: [[Double]], year: Int) -> [[Double]] {
    guard let published = inputs.published(node, year: year) else { return supply }
    var held = supply
    held[0] = [Double](repeating: published.persons, count: runs)
    return held
  }

  private func team(_ index: Int) -> String { index == 0 ? "total" : inputs.teams[index - 1].id }

  private mutating func supplyCells(_ supply: [[Double]], year: Int) {
    let published = inputs.published(node, year: year)
    for (index, runs) in supply.enumerated() {
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
      let there = held(supply, year: year)[0]
      let gap = there.map { PlanGap(target: target.value, supply: $0).persons }
      append(
        .gapPlan, team: 0, year: year, fan: Fan(gap, centre: target.value - centre(there)), evidence: supplyEvidence(team: 0, year: year),
        method: "target-supply", source: target.source)
    }
  }

  /// Supply by team and industry as far as published figures reach: a count of a single place stands as it is printed.
  private mutating func roleCells(_ roles: [[Double]], _ placed: PlacedStock, year: Int) {
    for (index, values) in roles.enumerated() {
      let role = inputs.roles[index]
      let count = placed.wholePopulation(index).flatMap { placed.published($0, node, year: year) }
      append(
        .supply, team: role.team + 1, industry: inputs.industries[role.industry].id, year: year,
        fan: count.map { Fan(exact: $0.persons) } ?? Fan(values),
        evidence: count?.evidence ?? (node.kind == .nation ? role.evidence : .assumed), method: count == nil ? "evidence" : "published",
        source: count?.source ?? inputs.sources.allocation)
    }
  }

  private mutating func demandCells(_ roles: [[Double]], byTeam: [[Double]], year: Int) {
    for (index, runs) in byTeam.enumerated() {
      append(
        .demand, team: index, year: year, fan: Fan(runs), evidence: demandEvidence(team: index),
        method: year == inputs.years.base ? "base-balance" : "driver+pdd", source: inputs.sources.demand)
    }
    if balanceOnly { return }
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
  private mutating func densityCell(_ total: [Double], year: Int) {
    guard let base = inputs.labour(node, year: year) else { return }
    let supply = inputs.published(node, year: year).map { [Double](repeating: $0.persons, count: runs) } ?? total
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
    let middle = nation.quotients(place.map { [centre($0)] }, inputs, horizon: year - inputs.years.base, ofMeans: true)
    for (team, values) in quotients.teams.enumerated() {
      append(
        .locationQuotient, team: team + 1, year: year, unit: "1", fan: Fan(values, centre: middle.teams[team][0]), evidence: .assumed,
        method: "share/share",
        source: inputs.sources.roles)
    }
    for (industry, values) in quotients.industries.enumerated() {
      append(
        .locationQuotient, team: 0, industry: inputs.industries[industry].id, year: year, unit: "1",
        fan: Fan(values, centre: middle.industries[industry][0]), evidence: .assumed, method: "share/share", source: inputs.sources.roles)
    }
  }

  private mutating func balanceCells(supply: [[Double]], demand: [[Double]], year: Int) {
    for index in supply.indices {
      let gap = zip(demand[index], supply[index]).map { RequirementGap(requirement: $0, supply: $1).persons }
      let adequacy = zip(supply[index], demand[index]).map { $1 > 0 ? $0 / $1 : 1 }
      let (wanted, there) = (centre(demand[index]), centre(supply[index]))
      let evidence = demandEvidence(team: index)
      // A gap under half a per cent of the requirement is none that anybody could notice.
      let short = (1..<runs).count { gap[$0] > 0.005 * demand[index][$0] }
      let chance = year > inputs.years.base && runs > 1 ? Double(short) / Double(runs - 1) : nil
      append(
        .gapRequirement, team: index, year: year, fan: Fan(gap, centre: wanted - there), evidence: evidence,
        method: gapMethod(wanted - there, chance: chance), source: inputs.sources.demand)
      append(
        .adequacy, team: index, year: year, unit: "1", fan: Fan(adequacy, centre: Ratio.adequacy(there, wanted)),
        evidence: evidence, method: "supply/demand", source: inputs.sources.demand)
      if let chance {
        append(
          .shortageProbability, team: index, year: year, unit: "1", fan: Fan(exact: chance), evidence: evidence,
          method: "share-of-draws", source: inputs.sources.demand)
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
      let means = Openings(
        demandBefore: centre(before[index]), demandAfter: centre(demand[index]),
        replacement: centre(retirements[index]) + centre(exits[index]) - centre(migration[index]))
      var flows: [(Measure, Fan)] = [
        (.entrants, Fan(entrants[index])), (.retirements, Fan(retirements[index])), (.exits, Fan(exits[index])),
        (.expansion, Fan(openings.map(\.expansion), centre: means.expansion)),
        (.replacement, Fan(openings.map(\.replacement), centre: means.replacement)),
        (.openings, Fan(openings.map(\.total), centre: means.total)),
      ]
      // Without data on moves there is no migration to publish; a scenario may assume one.
      if inputs.levers.movesPlaces { flows.append((.netMigration, Fan(migration[index]))) }
      for (measure, fan) in flows {
        append(
          measure, team: index, year: year, unit: inputs.unit + "/年", fan: fan, evidence: evidence, method: "stock-flow",
          source: inputs.sources.supply)
      }
      // Without openings the ratio is beyond every number: such quantiles stay blank.
      let pressure = zip(entrants[index], openings).map {
        Pressure(entrants: $0, openings: $1.total).ratio ?? .infinity
      }
      append(
        .pressure, team: index, year: year, unit: "1",
        fan: Fan(pressure, centre: Ratio.pressure(centre(entrants[index]), means.total)), evidence: evidence,
        method: "entrants/openings", source: inputs.sources.supply)
    }
  }

  /// The mean of the draws as it is printed.
  private func centre(_ runs: [Double]) -> Double { rounded(mean(ofDraws: runs), 6) }

  private func supplyEvidence(team: Int, year: Int) -> Evidence {
    if team > 0 { return node.kind == .nation && year == inputs.years.base ? .estimated : .assumed }
    switch node.kind {
    case .nation: return year <= inputs.years.base ? .estimated : .assumed
    case .province:
      return year > inputs.years.base ? .assumed : inputs.carried(node, year: year) == nil ? .allocated : .estimated
    case .city, .rest, .separate, .hub: return .assumed
    }
  }

  private func demandEvidence(team: Int) -> Evidence { .assumed }

  private func supplyMethod(year: Int) -> String {
    if year > inputs.years.base { return node.supplyBasis(inputs).map(\.method) ?? "cohort" }
    if node.kind == .nation { return "interpolated" }
    if inputs.placed != nil { return "evidence" }
    return inputs.carried(node, year: year) == nil ? "allocated" : "carried"
  }

  private func supplySource(team: Int, year: Int) -> String {
    if team > 0 { return inputs.sources.roles }
    if year > inputs.years.base { return inputs.sources.supply }
    switch node.kind {
    case .nation: return inputs.sources.stock
    case .province: return inputs.carried(node, year: year)?.source ?? inputs.sources.allocation
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
    // Rounded once, here: what is computed from the cells agrees with what is read from results.csv. A figure and its
    // quantiles have the same decimals, so that rounding puts none outside its own interval.
    let unit = given ?? inputs.unit
    let fine = cellDecimals
    cells.append(
      ResultCell(
        scenario: options.scenario, region: node.code, regionName: node.name.zh, hub: node.hub, industry: industry,
        team: team(index), year: year, measure: measure, unit: unit, value: rounded(fan.value, 6),
        p025: rounded(fan.p025, fine), p10: rounded(fan.p10, fine), p50: rounded(fan.p50, fine),
        p90: rounded(fan.p90, fine), p975: rounded(fan.p975, fine), evidence: evidence, method: method,
        concept: inputs.concept, source: source))
  }
}
