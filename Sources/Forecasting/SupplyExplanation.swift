import Dimensions
import Messages
import Supply

/// Where the supply of a node in a year comes from: the stock of an earlier year-end, who came and who
/// went, with 80 % intervals from the draws.
public struct SupplyExplanation: Sendable {
  /// A step between two stocks, with its channel.
  public struct Bar: Sendable {
    public let cause: SupplyWaterfall.Cause
    public let name: Bilingual
    /// Signed: what it adds to the stock, persons; mean of the draws.
    public let change: Double
    /// 80 % interval of that change.
    public let low: Double
    public let high: Double
  }

  public let region: RegionCode
  public let name: Bilingual
  /// Nil for all teams.
  public let team: String?
  /// How the parts of the node are projected, in order of first appearance, with their persons at `from`.
  public let bases: [(basis: SupplyBasis, persons: Double)]
  public let waterfall: SupplyWaterfall
  public let bars: [Bar]
  public let start: Fan
  public let end: Fan

  /// - Parameters:
  ///   - licences: who newly practises a licensed profession, told apart from other entrants; nil when
  ///     the model names no licence.
  ///   - from, to: year-ends from the base year on; from < to.
  ///   - team: position among the teams; nil for all.
  /// - Throws: `ForecastError`, also when the books of the node do not close.
  public init(
    _ inputs: ForecastInputs, _ options: RunOptions, node: Geography.Node, team: Int? = nil, from: Int, to: Int,
    licences: LicenceEntrants? = nil
  ) throws(ForecastError) {
    precondition(from >= inputs.years.base && from < to && to <= inputs.years.last, "years from the base year on")
    let draws = try LeafDraws(inputs, options)
    let sums = NodeFlows(draws, node, team: team, years: from...to)
    var ledger: [YearOfStock] = []
    do throws(SupplyError) {
      for (t, year) in ((from + 1)...to).enumerated() {
        ledger.append(
          try YearOfStock(
            start: mean(ofDraws: sums.stock[t]), flows: sums.flows[t].map(mean(ofDraws:)).asFlows,
            end: mean(ofDraws: sums.stock[t + 1]),
            node: "\(node.code), \(year)"))
      }
      waterfall = try SupplyWaterfall(ledger, firstYear: from + 1, node: node.code.text)
    } catch {
      throw .supply(error)
    }
    let totals = sums.flows[0].indices.map { kind in
      (0..<draws.runs).map { run in sums.flows.reduce(0) { $0 + $1[kind][run] } }
    }
    let licensed = licences?.persons(draws, node, team: team, years: (from + 1)...to)
    bars = waterfall.bars.flatMap { bar in
      let (kind, sign) = bar.cause.flow
      if case .entrants = bar.cause, let licences, let licensed {
        return [
          Bar(.entrants("licensed"), licences.name, licensed),
          Bar(.entrants("other"), LicenceEntrants.others, zip(totals[kind], licensed).map { $0 - $1 }),
        ]
      }
      return [Bar(bar.cause, bar.cause.name, totals[kind].map { sign * $0 })]
    }
    start = Fan(sums.stock[0])
    end = Fan(sums.stock[sums.stock.count - 1])
    region = node.code
    name = node.name
    self.team = team.map { inputs.teams[$0].id }
    var bases: [(basis: SupplyBasis, persons: Double)] = []
    for leaf in node.members {
      let basis = inputs.cohorts[inputs.leafCohort[leaf]].basis
      let persons = mean(ofDraws: draws.supply(leaf: leaf, year: from))
      if let at = bases.firstIndex(where: { $0.basis == basis }) {
        bases[at].persons += persons
      } else {
        bases.append((basis, persons))
      }
    }
    self.bases = bases
  }
}

extension SupplyExplanation.Bar {
  /// - Parameter runs: the change in the path without chance (0) and every draw.
  fileprivate init(_ cause: SupplyWaterfall.Cause, _ name: Bilingual, _ runs: [Double]) {
    let fan = Fan(runs)
    self.init(cause: cause, name: name, change: fan.value, low: fan.p10, high: fan.p90)
  }
}

/// Stock `[year][run]` and flows `[year][kind][run]` of a node, of all teams or one.
private struct NodeFlows {
  var stock: [[Double]] = []
  var flows: [[[Double]]] = []

  init(_ draws: LeafDraws, _ node: Geography.Node, team: Int?, years: ClosedRange<Int>) {
    let zero = [Double](repeating: 0, count: draws.runs)
    let shares = node.members.map { leaf in
      team.map { team in
        let mix = draws.roleShares(leaf: leaf, year: nil)
        return draws.inputs.roles.indices.filter { draws.inputs.roles[$0].team == team }
          .reduce(zero) { sum, role in zip(sum, mix[role]).map { $0 + $1 } }
      } ?? [Double](repeating: 1, count: draws.runs)
    }
    for year in years {
      var persons = zero
      var moved = [[Double]](repeating: zero, count: 5)
      for (leaf, share) in zip(node.members, shares) {
        let supply = draws.supply(leaf: leaf, year: year)
        for run in persons.indices { persons[run] += supply[run] * share[run] }
        guard year > years.lowerBound else { continue }
        let own = draws.flows(leaf: leaf, year: year)
        for (kind, values) in [own.entrants, own.retirements, own.deaths, own.transfers, own.netMigration].enumerated() {
          for run in values.indices { moved[kind][run] += values[run] * share[run] }
        }
      }
      stock.append(persons)
      if year > years.lowerBound { flows.append(moved) }
    }
  }
}

extension [Double] {
  fileprivate var asFlows: Flows {
    Flows(entrants: self[0], retirements: self[1], deaths: self[2], transfers: self[3], netMigration: self[4])
  }
}

extension SupplyWaterfall.Cause {
  /// Which flow it is, and whether that adds or takes away.
  fileprivate var flow: (kind: Int, sign: Double) {
    switch self {
    case .entrants: (0, 1)
    case .retirements: (1, -1)
    case .deaths: (2, -1)
    case .transfers: (3, -1)
    case .migration, .promotion: (4, 1)
    }
  }
}
