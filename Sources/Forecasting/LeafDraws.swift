import Foundation

/// Supply and requirement of every leaf, in the central run (element 0) and every draw.
///
/// Everything is a product of few drawn factors, so nothing is stored by leaf × role × year × draw:
/// a node asks for what it needs, when it needs it.
struct LeafDraws: Sendable {
  let inputs: ForecastInputs
  let runs: Int
  let workforce: WorkforceDraws
  /// `[leaf][run]`: share of the national stock in the base year (mainland), or stock as a factor of
  /// the reference province's (separate regions).
  private let baseShare: [[Double]]
  /// `[year of history][leaf][run]` shares before the base year.
  private let historyShare: [[[Double]]]
  /// `[leaf][run × horizon]` requirement as a factor of its base-year value; horizon fastest, 0 = base.
  private let growth: [[Double]]
  /// `[role][run]`: drawn factor on a role's share.
  let roleFactor: [[Double]]
  let horizon: Int

  init(_ inputs: ForecastInputs, _ options: RunOptions) throws(ForecastError) {
    self.inputs = inputs
    runs = options.draws + 1
    horizon = inputs.years.last - inputs.years.base
    workforce = try WorkforceDraws(inputs, options)
    let streams = RunStreams(seed: options.seed)
    let geography = inputs.geography
    let runs = runs
    let horizon = horizon

    func shares(_ allocation: Allocation) -> [[Double]] {
      var province = [[Double]](repeating: [], count: geography.provinces.count)
      var leaves = [[Double]](repeating: [Double](repeating: 0, count: runs), count: geography.leaves.count)
      for run in 0..<runs {
        let drawn = allocation.drawn(
          uniforms: streams.uniforms(allocation.drivers.count, run, .provinceMix),
          deviates: geography.provinces.indices.map { streams.deviate(run, .provinceShare, index: $0) })
        for p in drawn.indices { province[p].append(drawn[p]) }
        let cities = inputs.cityShares.drawn(
          uniforms: streams.uniforms(inputs.cityShares.drivers.count, run, .cityMix),
          deviates: inputs.cityShares.shares.indices.map { streams.deviate(run, .cityShare, index: $0) })
        var city = 0
        var separate = 0
        for (l, leaf) in geography.leaves.enumerated() {
          if let p = leaf.province {
            if p == geography.divided {
              leaves[l][run] = drawn[p] * cities[city]
              city += 1
            } else {
              leaves[l][run] = drawn[p]
            }
          } else {
            let factor = inputs.separateFactor[separate]
            leaves[l][run] =
              drawn[inputs.separateLike] * factor.central
              * exp(factor.logSpread * streams.deviate(run, .separateShare, index: separate))
            separate += 1
          }
        }
      }
      return leaves
    }

    var history: [[[Double]]] = []
    for year in inputs.years.history..<inputs.years.base {
      history.append(shares(inputs.provinceShares[year] ?? inputs.provinceShares[inputs.years.base]!))
    }
    historyShare = history
    baseShare = shares(inputs.provinceShares[inputs.years.base]!)

    growth = inputs.demandGrowth.enumerated().map { leaf, outlook in
      var factors = [Double](repeating: 1, count: runs * (horizon + 1))
      for run in 0..<runs {
        let path = streams.path(outlook, run: run, place: leaf, common: inputs.commonShock)
        for h in 1...horizon { factors[run * (horizon + 1) + h] = exp(path[h - 1]) }
      }
      return factors
    }
    roleFactor = inputs.roles.enumerated().map { role, input in
      (0..<runs).map { exp(input.spread * streams.deviate($0, .role, index: role)) }
    }
  }

  /// Supply of a leaf in persons, in every run.
  func supply(leaf: Int, year: Int) -> [Double] {
    let h = year - inputs.years.base
    let core = coreSupply(leaf: leaf, year: year)
    guard h > 0, inputs.levers.movesPlaces else { return core }
    return zip(core, movedStock(leaf: leaf, through: h)).map { max(0, $0 + $1) }
  }

  /// Supply as the leaf's share of the national stock, or as its own population goes.
  private func coreSupply(leaf: Int, year: Int) -> [Double] {
    let y = year - inputs.years.history
    let h = year - inputs.years.base
    let share = h < 0 ? historyShare[y][leaf] : baseShare[leaf]
    let separate = separateIndex(leaf)
    let national = workforce.stock[h >= 0 && separate != nil ? inputs.years.base - inputs.years.history : y]
    let own = h > 0 ? separate.map { exp(inputs.separateSupply[$0].growth[h]) } ?? 1 : 1
    return (0..<runs).map { share[$0] * national[$0] * own }
  }

  /// Requirement of a leaf in persons before levers, in every run; base year and later.
  func demand(leaf: Int, year: Int) -> [Double] {
    let h = year - inputs.years.base
    let base = coreSupply(leaf: leaf, year: inputs.years.base)
    return (0..<runs).map { base[$0] * (1 + inputs.baseGap) * growth[leaf][$0 * (horizon + 1) + h] }
  }

  /// Persons by run.
  struct Flows {
    var entrants: [Double]
    var retirements: [Double]
    var exits: [Double]
    var netMigration: [Double]
  }

  /// Flows of a leaf during a forecast year: stock before + entrants − retirements − exits + net
  /// migration = stock after.
  func flows(leaf: Int, year: Int) -> Flows {
    let y = year - inputs.years.history
    let h = year - inputs.years.base
    var flows: Flows
    let none = [Double](repeating: 0, count: runs)
    if let separate = separateIndex(leaf) {
      // Stock follows the working-age population; age exits and transfers leave, entrants make up the rest.
      let (before, after) = (coreSupply(leaf: leaf, year: year - 1), coreSupply(leaf: leaf, year: year))
      let input = inputs.separateSupply[separate]
      let retirements = before.map { $0 * input.ageExit }
      let transfers = before.map { $0 * (1 - input.ageExit) * inputs.workforce.transferOut.central }
      let needed = (0..<runs).map { after[$0] - before[$0] + retirements[$0] + transfers[$0] }
      flows = Flows(
        entrants: needed.map { max(0, $0) }, retirements: retirements,
        exits: zip(transfers, needed).map { $0 + max(0, -$1) }, netMigration: none)
    } else {
      let share = baseShare[leaf]
      flows = Flows(
        entrants: (0..<runs).map { share[$0] * workforce.entrants[y][$0] },
        retirements: (0..<runs).map { share[$0] * workforce.retirements[y][$0] },
        exits: (0..<runs).map { share[$0] * workforce.exits[y][$0] }, netMigration: none)
    }
    guard inputs.levers.movesPlaces else { return flows }
    let moved = h > 1 ? movedStock(leaf: leaf, through: h - 1) : none
    for run in 0..<runs {
      flows.entrants[run] += flows.entrants[run] * inputs.levers.ownEntrants[leaf][h]
      let before = workforce.stock[y - 1][run]
      flows.retirements[run] += moved[run] * workforce.retirements[y][run] / before
      flows.exits[run] += moved[run] * workforce.exits[y][run] / before
      flows.netMigration[run] = inputs.levers.migration[leaf][h]
    }
    return flows
  }

  /// Persons that levers have added to a leaf's stock (or taken from it) up to a horizon; they leave
  /// at the national rates.
  private func movedStock(leaf: Int, through horizon: Int) -> [Double] {
    let first = inputs.years.base - inputs.years.history
    return (0..<runs).map { run in
      var moved = 0.0
      for h in 1...horizon {
        let y = first + h
        let leaving = (workforce.retirements[y][run] + workforce.exits[y][run]) / workforce.stock[y - 1][run]
        let core = separateIndex(leaf) == nil ? baseShare[leaf][run] * workforce.entrants[y][run] : 0
        moved += core * inputs.levers.ownEntrants[leaf][h] + inputs.levers.migration[leaf][h] - moved * leaving
      }
      return moved
    }
  }

  /// Requirement gap of a node, all teams, in every draw (without the central run).
  func gap(of node: Geography.Node, year: Int) -> [Double] {
    var gap = [Double](repeating: 0, count: runs - 1)
    for leaf in node.members {
      let supply = supply(leaf: leaf, year: year)
      let demand = demand(leaf: leaf, year: year)
      let mix = roleShares(leaf: leaf, year: year)
      for role in mix.indices {
        let lever = inputs.levers.requirement[leaf][inputs.roles[role].team][year - inputs.years.base]
        for b in gap.indices { gap[b] += demand[b + 1] * mix[role][b + 1] * lever }
      }
      for b in gap.indices { gap[b] -= supply[b + 1] }
    }
    return gap
  }

  /// Index among the separate regions, nil for the mainland.
  func separateIndex(_ leaf: Int) -> Int? {
    guard inputs.geography.leaves[leaf].province == nil else { return nil }
    return leaf - (inputs.geography.leaves.count - inputs.separateFactor.count)
  }

  /// Shares of the roles in a leaf's stock, `[role][run]`, each run summing to 1 over roles.
  ///
  /// - Parameter year: the year of the requirement; nil for supply, whose mix stays as in the base year.
  func roleShares(leaf: Int, year: Int?) -> [[Double]] {
    let province = inputs.geography.leaves[leaf].province ?? inputs.separateLike
    let h = max(0, (year ?? inputs.years.base) - inputs.years.base)
    var shares = inputs.roles.indices.map { role in
      let central = inputs.roleShares[province][role] * exp(inputs.roles[role].relativeGrowth[h])
      return roleFactor[role].map { central * $0 }
    }
    for run in 0..<runs {
      var total = 0.0
      for role in shares.indices { total += shares[role][run] }
      for role in shares.indices { shares[role][run] /= total }
    }
    return shares
  }
}
