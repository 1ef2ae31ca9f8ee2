import Dimensions
import Foundation
import ModelSpecs

/// What a scenario's levers do to a run, laid out by leaf and year. Index 0 of a year axis is the base
/// year, which no lever moves.
public struct LeverPaths: Sendable {
  /// `[leaf][team][year]`: factor on requirement.
  var requirement: [[[Double]]]
  /// `[year]`: factor on national entrants and on the national transfer rate.
  let entrants: [Double]
  let transfer: [Double]
  /// `[leaf][year]`: what the leaf's factor on entrants exceeds its cohort's by.
  let ownEntrants: [[Double]]
  /// Net in-migration that is asked of leaves.
  let migration: AskedMoves
  /// Whether any leaf's stock differs from its share of the nation's.
  let movesPlaces: Bool

  /// A run in which no lever is moved.
  public init(leaves: Int, teams: Int, horizon: Int) {
    let still = [Double](repeating: 1, count: horizon + 1)
    let zero = [Double](repeating: 0, count: horizon + 1)
    requirement = [[[Double]]](repeating: [[Double]](repeating: still, count: teams), count: leaves)
    (entrants, transfer) = (still, still)
    ownEntrants = [[Double]](repeating: zero, count: leaves)
    migration = AskedMoves(leaves: leaves, horizon: horizon)
    movesPlaces = false
  }

  /// - Parameters:
  ///   - slopes: log requirement per log R&D spending, one a leaf: weight × elasticity.
  ///   - persons: in the base year, one a leaf; nil outside the nation.
  init(
    _ scenario: ScenarioSpec, geography: Geography, hubs: [ModelSpec.Hub], nation: RegionCode, teams: [String],
    years: (history: Int, base: Int, last: Int), slopes: [Double], persons: [Double?]
  ) {
    let horizon = years.last - years.base
    let places = geography.names(hubs: hubs, nation: nation)
    func path(_ lever: String, _ place: [String] = [], _ team: String = "total") -> [Double] {
      let initial = Lever.named(lever)?.initial ?? 1
      return [initial] + (1...horizon).map { scenario.value(lever, place: place, team: team, year: years.base + $0) }
    }
    requirement = places.indices.map { leaf in
      let spending = path("demand.rd_spending", places[leaf])
      return teams.map { team in
        let direct = path("demand.requirement", places[leaf], team)
        let output = path("demand.productivity", places[leaf], team)
        return (0...horizon).map { direct[$0] / output[$0] * exp(slopes[leaf] * log(spending[$0])) }
      }
    }
    entrants = path("supply.entrants")
    transfer = path("supply.transfer_out")
    let national = entrants
    // Regions outside the mainland have entrants of their own: the lever moves them as it stands.
    ownEntrants = places.indices.map { leaf in
      let isMainland = geography.leaves[leaf].province != nil
      return zip(path("supply.entrants", places[leaf]), national).map { own, nation in own - (isMainland ? nation : 1) }
    }
    migration = AskedMoves(
      scenario, AskedMoves.Places(names: places, persons: persons), base: years.base, horizon: horizon)
    let asks = migration.persons.contains { $0.contains { ($0 ?? 0) != 0 } }
    movesPlaces = asks || ownEntrants.contains { $0.contains { $0 != 0 } }
  }
}

extension Geography {
  /// Per leaf: its code and the codes and ids of everything that it is a part of.
  func names(hubs: [ModelSpec.Hub], nation: RegionCode) -> [[String]] {
    leaves.map { leaf in
      var names = [leaf.code.text]
      if let province = leaf.province { names += [provinces[province].text, nation.text] }
      return names + hubs.filter { $0.members.contains(leaf.code) }.flatMap { [$0.id, $0.code.text] }
    }
  }
}
