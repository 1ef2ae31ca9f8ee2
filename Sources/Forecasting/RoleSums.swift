/// What a node has, needs and exchanges by role in a year: `[role][run]` persons, sums over its leaves.
struct RoleSums {
  var supply: [[Double]]
  /// From the base year on.
  var demand: [[Double]]?
  var entrants: [[Double]]
  var retirements: [[Double]]
  var exits: [[Double]]
  var netMigration: [[Double]]

  init(_ draws: LeafDraws, _ node: Geography.Node, year: Int) {
    let (inputs, runs) = (draws.inputs, draws.runs)
    let zero = [[Double]](repeating: [Double](repeating: 0, count: runs), count: inputs.roles.count)
    let forecast = year > inputs.years.base
    supply = zero
    demand = year >= inputs.years.base ? zero : nil
    (entrants, retirements, exits, netMigration) = (zero, zero, zero, zero)
    for leaf in node.members {
      let stock = draws.supply(leaf: leaf, year: year)
      let mix = draws.roleShares(leaf: leaf, year: nil)
      let flows = forecast ? draws.flows(leaf: leaf, year: year) : nil
      for role in mix.indices {
        for run in 0..<runs {
          let share = mix[role][run]
          supply[role][run] += stock[run] * share
          if let flows {
            entrants[role][run] += flows.entrants[run] * share
            retirements[role][run] += flows.retirements[run] * share
            exits[role][run] += flows.exits[run] * share
            netMigration[role][run] += flows.netMigration[run] * share
          }
        }
      }
      guard demand != nil else { continue }
      addDemand(draws, leaf: leaf, year: year)
    }
  }

  private mutating func addDemand(_ draws: LeafDraws, leaf: Int, year: Int) {
    let inputs = draws.inputs
    let whole = draws.demand(leaf: leaf, year: year)
    let wanted = draws.roleShares(leaf: leaf, year: year)
    for role in wanted.indices {
      let lever = inputs.levers.requirement[leaf][inputs.roles[role].team][year - inputs.years.base]
      for run in whole.indices { demand?[role][run] += whole[run] * wanted[role][run] * lever }
    }
  }
}
