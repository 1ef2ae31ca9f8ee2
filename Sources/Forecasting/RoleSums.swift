/// What a node has, needs and exchanges by role in a year: `[role][run]` persons, sums over its leaves.
struct RoleSums {
  var supply: [[Double]]
  /// From the base year on.
  var demand: [[Double]]?
  var entrants: [[Double]]
  var retirements: [[Double]]
  var exits: [[Double]]
  var netMigration: [[Double]]

  /// - Parameter flows: false leaves entrants, retirements, exits and moves at zero.
  init(_ draws: LeafDraws, _ node: Geography.Node, year: Int, flows wantsFlows: Bool = true) {
    let inputs = draws.inputs
    let zero = [[Double]](repeating: [Double](repeating: 0, count: draws.runs), count: inputs.roles.count)
    let forecast = year > inputs.years.base && wantsFlows
    supply = zero
    (entrants, retirements, exits, netMigration) = (zero, zero, zero, zero)
    for leaf in node.members {
      let stock = draws.supply(leaf: leaf, year: year)
      let mix = draws.supplyMix(leaf: leaf, year: year)
      for role in mix.indices { addProduct(stock, mix[role], to: &supply[role]) }
      guard forecast else { continue }
      let flows = draws.flows(leaf: leaf, year: year)
      let leaving = flows.exits
      for role in mix.indices {
        addProduct(flows.entrants, mix[role], to: &entrants[role])
        addProduct(flows.retirements, mix[role], to: &retirements[role])
        addProduct(leaving, mix[role], to: &exits[role])
        addProduct(flows.netMigration, mix[role], to: &netMigration[role])
      }
    }
    guard year >= inputs.years.base else { return }
    var wanted = zero
    for leaf in node.members {
      let whole = draws.demand(leaf: leaf, year: year)
      let mix = draws.roleShares(leaf: leaf, year: year)
      for role in mix.indices {
        let lever = inputs.levers.requirement[leaf][inputs.roles[role].team][year - inputs.years.base]
        addProduct(whole, mix[role], times: lever, to: &wanted[role])
      }
    }
    demand = wanted
  }
}
