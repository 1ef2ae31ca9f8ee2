import Facts
import Foundation

/// Supply and requirement of every leaf, in the path without chance (element 0) and every draw.
///
/// Everything is a product of few drawn factors, so nothing is stored by leaf × role × year × draw:
/// a node asks for what it needs, when it needs it.
struct LeafDraws: Sendable {
  let inputs: ForecastInputs
  let runs: Int
  let cohorts: CohortDraws
  /// What levers on places add to leaves and take from them.
  private let moves: PlaceMoves
  /// `[leaf][run]`: share of the national stock in the base year (mainland), or stock as a factor of
  /// the reference province's (separate regions).
  private let baseShare: [[Double]]
  /// `[year of history][leaf][run]` shares before the base year.
  private let historyShare: [[[Double]]]
  /// `[year of history … base][province][population][run]` shares of the stock; nil where places are allocated.
  private let placed: [[[[Double]]]]?
  /// Shares of the cohort after the base year, and of its entrants, as entrants follow openings.
  private let following: FollowedOpenings
  /// `[leaf][run]`: of the cohort; what a scenario may move of a place that shrinks.
  private let movable: [[Double]]
  /// `[leaf][run × horizon]` requirement as a factor of its base-year value; horizon fastest, 0 = base.
  private let growth: [[Double]]
  /// `[role][run]`: drawn factor on a role's share.
  let roleFactor: [[Double]]
  let horizon: Int
  /// `[run]`: requirement ÷ supply − 1 in the base year.
  private let baseGap: [Double]

  init(_ inputs: ForecastInputs, _ options: RunOptions) throws(ForecastError) {
    self.inputs = inputs
    runs = options.draws + 1
    horizon = inputs.years.last - inputs.years.base
    cohorts = try CohortDraws(inputs, options)
    let streams = RunStreams(options)
    let geography = inputs.geography
    let runs = runs
    let horizon = horizon

    let chosen = inputs.placed.map { ($0, $0.draws(options)) }
    let national = cohorts.history
    let placed = chosen.map { stock, drawn in
      (inputs.years.history...inputs.years.base).map { year in
        stock.populations(drawn, year: year, stock: national[year - inputs.years.history])
      }
    }
    self.placed = placed
    /// Shares of leaves where provinces and parts are drawn together.
    func shares(_ stock: PlacedStock, _ drawn: StockDraws, year: Int) -> [[Double]] {
      options.watch?.did(.shares, of: inputs.years.base - inputs.years.history + 1)
      let provinces = (placed?[year - inputs.years.history] ?? []).map { populations in
        populations.dropFirst().reduce(populations[0]) { sum, more in zip(sum, more).map { $0 + $1 } }
      }
      var (city, separate) = (0, 0)
      return geography.leaves.map { leaf in
        guard let p = leaf.province else {
          let factor = inputs.separateFactor[separate]
          defer { separate += 1 }
          let persons = inputs.stock[year] ?? 0
          return provinces[inputs.separateLike].enumerated().map { run, share in
            share
              * factor.drawn(
                deviate: streams.deviate(run, .separateShare, index: separate), base: share * persons, isCentral: run == 0)
          }
        }
        guard p == geography.divided, !geography.cities.isEmpty else { return provinces[p] }
        defer { city += 1 }
        return zip(provinces[p], stock.part(drawn, city, year: year)).map { $0 * $1 }
      }
    }
    // The same chances in every year: only what they move differs.
    let chances = chosen == nil ? (0..<runs).map { AllocationChance(inputs, streams, run: $0) } : []
    func shares(_ allocation: Allocation, year: Int) -> [[Double]] {
      let persons = inputs.stock[year] ?? 0
      var leaves = [[Double]](repeating: [Double](repeating: 0, count: runs), count: geography.leaves.count)
      for run in 0..<runs {
        options.watch?.did(.shares, of: runs * (inputs.years.base - inputs.years.history + 1))
        let chance = chances[run]
        let drawn = allocation.drawn(uniforms: chance.mix.map { Array($0.prefix(allocation.drivers.count)) }, deviates: chance.provinces)
        var (city, separate) = (0, 0)
        for (l, leaf) in geography.leaves.enumerated() {
          guard let p = leaf.province else {
            let share = drawn[inputs.separateLike]
            leaves[l][run] =
              share
              * inputs.separateFactor[separate].drawn(deviate: chance.separate[separate], base: share * persons, isCentral: run == 0)
            separate += 1
            continue
          }
          leaves[l][run] = drawn[p]
          guard p == geography.divided else { continue }
          leaves[l][run] *= chance.cities[city]
          city += 1
        }
      }
      return leaves
    }

    var history: [[[Double]]] = []
    for year in inputs.years.history..<inputs.years.base {
      if let (stock, drawn) = chosen {
        history.append(shares(stock, drawn, year: year))
        continue
      }
      history.append(shares(inputs.provinceShares[year] ?? inputs.provinceShares[inputs.years.base]!, year: year))
    }
    historyShare = history
    baseShare =
      chosen.map { shares($0, $1, year: inputs.years.base) } ?? shares(inputs.provinceShares[inputs.years.base]!, year: inputs.years.base)
    var growth = inputs.demandGrowth.enumerated().map { leaf, outlook in
      options.watch?.did(.growth, of: inputs.demandGrowth.count)
      var factors = [Double](repeating: 1, count: runs * (horizon + 1))
      for run in 0..<runs {
        let path = streams.path(outlook, run: run, place: leaf, common: inputs.commonShock)
        for h in 1...horizon { factors[run * (horizon + 1) + h] = exp(path[h - 1]) }
      }
      return factors
    }
    let (share, cohorts) = (baseShare, cohorts)
    let gap = (0..<runs).map { inputs.baseGap(deviate: streams.deviate($0, .baseGap)) }
    baseGap = gap
    let wanted = geography.leaves.indices.map { leaf in
      zip(zip(share[leaf], cohorts.paths[inputs.leafCohort[leaf]].stock[0]), gap).map { $0.0 * $0.1 * (1 + $1) }
    }
    DemandReconciliation(inputs.demandTotals, leaves: geography.leaves.count)?
      .reconcile(&growth, base: wanted, outlooks: inputs.demandGrowth, streams: streams)
    self.growth = growth
    roleFactor = inputs.roles.enumerated().map { role, input in
      (0..<runs).map { streams.factor($0, .role, index: role, spread: input.spread) }
    }
    following = FollowedOpenings(inputs, cohorts, base: share, wanted: wanted, growth: growth, streams: streams, jobs: options.jobs)
    movable = following.least(share)
    moves =
      inputs.levers.movesPlaces
      ? try PlaceMoves(inputs, cohorts, shares: movable, rates: TransferLevers(inputs, streams), jobs: options.jobs) : .none
  }

  /// The same with the runs of every process.
  ///
  /// - Parameter join: all runs of a series of this process's runs; its second argument is how many numbers a run has.
  init(_ local: LeafDraws, runs: Int, _ join: ([Double], Int) -> [Double]) {
    inputs = local.inputs
    self.runs = runs
    horizon = local.horizon
    cohorts = CohortDraws(local.cohorts) { join($0, 1) }
    baseShare = local.baseShare.map { join($0, 1) }
    historyShare = local.historyShare.map { $0.map { join($0, 1) } }
    placed = local.placed?.map { $0.map { $0.map { join($0, 1) } } }
    movable = local.movable.map { join($0, 1) }
    let width = horizon + 1
    following = FollowedOpenings(local.following) { join($0, width) }
    moves = PlaceMoves(local.moves) { join($0, width) }
    growth = local.growth.map { join($0, width) }
    roleFactor = local.roleFactor.map { join($0, 1) }
    baseGap = join(local.baseGap, 1)
  }

  /// Supply of a leaf in persons, in every run.
  func supply(leaf: Int, year: Int) -> [Double] {
    let h = year - inputs.years.base
    let core = coreSupply(leaf: leaf, year: year)
    guard h > 0, let moved = moves.stock[safe: leaf] else { return core }
    // What rounding leaves of a place that everybody has left is nobody.
    return core.indices.map { max(0, core[$0] + moved[$0 * (horizon + 1) + h]) }
  }

  /// Supply as the leaf's share of its cohort.
  private func coreSupply(leaf: Int, year: Int) -> [Double] {
    let h = year - inputs.years.base
    if h < 0 {
      let y = year - inputs.years.history
      return zip(historyShare[y][leaf], cohorts.history[y]).map { $0 * $1 }
    }
    let whole = path(leaf).stock[h]
    guard h > 0, let followed = following.stock[safe: leaf] else { return zip(baseShare[leaf], whole).map { $0 * $1 } }
    return whole.indices.map { followed[$0 * (horizon + 1) + h] * whole[$0] }
  }

  private func path(_ leaf: Int) -> CohortDraws.Path { cohorts.paths[inputs.leafCohort[leaf]] }

  /// Requirement of a leaf in persons before levers, in every run; base year and later.
  func demand(leaf: Int, year: Int) -> [Double] {
    let h = year - inputs.years.base
    let base = coreSupply(leaf: leaf, year: inputs.years.base)
    return (0..<runs).map { base[$0] * (1 + baseGap[$0]) * growth[leaf][$0 * (horizon + 1) + h] }
  }

  /// The same after levers, all teams together.
  func wanted(leaf: Int, year: Int) -> [Double] {
    let whole = demand(leaf: leaf, year: year)
    let levers = inputs.levers.requirement[leaf].map { $0[year - inputs.years.base] }
    guard let first = levers.first, levers.contains(where: { $0 != first }) else {
      return (levers.first ?? 1) == 1 ? whole : whole.map { $0 * levers[0] }
    }
    var wanted = [Double](repeating: 0, count: runs)
    for (role, share) in roleShares(leaf: leaf, year: year).enumerated() {
      addProduct(whole, share, times: levers[inputs.roles[role].team], to: &wanted)
    }
    return wanted
  }

  /// Requirement of a leaf in the path without chance as a factor of its base year, after reconciliation.
  func centralGrowth(leaf: Int, year: Int) -> Double { growth[leaf][year - inputs.years.base] }

  /// Persons by run.
  struct Flows {
    var entrants: [Double]
    var retirements: [Double]
    var deaths: [Double]
    var transfers: [Double]
    var netMigration: [Double]
    /// Deaths and transfers out.
    var exits: [Double] { zip(deaths, transfers).map { $0 + $1 } }
  }

  /// Flows of a leaf during a forecast year: stock before + entrants − retirements − deaths − transfers
  /// + net migration = stock after.
  func flows(leaf: Int, year: Int) -> Flows {
    let h = year - inputs.years.base
    let (path, share) = (path(leaf), baseShare[leaf])
    let (followed, followedIn) = (following.stock[safe: leaf], following.entrants[safe: leaf])
    /// Who leaves is of those who were there; who comes goes where the openings are.
    func part(_ whole: [[Double]]) -> [Double] {
      (0..<runs).map { (followed?[$0 * (horizon + 1) + h - 1] ?? share[$0]) * whole[h][$0] }
    }
    let none = [Double](repeating: 0, count: runs)
    let coming = (0..<runs).map { run -> Double in
      let own = followedIn?[run * (horizon + 1) + h] ?? share[run]
      return own * path.entrants[h][run]
    }
    var flows = Flows(
      entrants: coming, retirements: part(path.retirements), deaths: part(path.deaths),
      transfers: part(path.transfers), netMigration: none)
    guard let retired = moves.retirements[safe: leaf] else { return flows }
    let (died, transferred, migrated) = (moves.deaths[leaf], moves.transfers[leaf], moves.migration[leaf])
    let own = inputs.levers.ownEntrants[leaf][h]
    for run in 0..<runs {
      let at = run * (horizon + 1) + h
      flows.entrants[run] += movable[leaf][run] * path.offered[h][run] * own
      flows.retirements[run] += retired[at]
      flows.deaths[run] += died[at]
      flows.transfers[run] += transferred[at]
      flows.netMigration[run] = migrated[at]
    }
    return flows
  }

  /// Shares of the roles in a leaf's requirement, or in its supply of the base year and later, `[role][run]`, each run
  /// summing to 1 over roles.
  ///
  /// - Parameter year: the year of the requirement; nil for supply, whose mix stays as in the base year.
  func roleShares(leaf: Int, year: Int?) -> [[Double]] {
    let h = max(0, (year ?? inputs.years.base) - inputs.years.base)
    let growth = inputs.roles.map { exp($0.relativeGrowth[h]) }
    guard placed != nil else { return allocatedShares(leaf: leaf, growth) }
    let shares = placedShares(leaf: leaf, year: inputs.years.base, growth)
    // Without growth of their own they make one already.
    return h == 0 ? shares : normalised(shares)
  }

  /// Shares of the roles in a leaf's stock of a year, `[role][run]`.
  func supplyMix(leaf: Int, year: Int) -> [[Double]] {
    guard placed != nil, year < inputs.years.base else { return roleShares(leaf: leaf, year: nil) }
    return placedShares(leaf: leaf, year: year, inputs.roles.map { _ in 1 })
  }

  /// The nation's count of a role spread by a series and balanced, with a drawn factor.
  private func allocatedShares(leaf: Int, _ growth: [Double]) -> [[Double]] {
    let province = inputs.geography.leaves[leaf].province ?? inputs.separateLike
    return normalised(
      inputs.roles.indices.map { role in
        let central = inputs.roleShares[province][role] * growth[role]
        return roleFactor[role].map { central * $0 }
      })
  }

  /// A population's share of the place, times the role's part of its population; a drawn factor moves parts of a
  /// population only.
  private func placedShares(leaf: Int, year: Int, _ growth: [Double]) -> [[Double]] {
    guard let stock = inputs.placed, let placed else { return [] }
    let province = inputs.geography.leaves[leaf].province ?? inputs.separateLike
    let populations = placed[year - inputs.years.history][province]
    var whole = [Double](repeating: 0, count: runs)
    for population in populations { add(population, to: &whole) }
    var parts = [[Double]](repeating: [], count: populations.count)
    for (role, population) in stock.populationOf.enumerated() where stock.wholePopulation(role) == nil {
      if parts[population].isEmpty { parts[population] = [Double](repeating: 0, count: runs) }
      for run in 0..<runs { parts[population][run] += stock.within[province][role] * roleFactor[role][run] }
    }
    return stock.populationOf.enumerated().map { role, population in
      let within = stock.within[province][role]
      let isWhole = parts[population].isEmpty
      return (0..<runs).map { run in
        let part = isWhole ? 1 : within * roleFactor[role][run] / parts[population][run]
        return whole[run] > 0 ? populations[population][run] / whole[run] * part * growth[role] : 0
      }
    }
  }

  private func normalised(_ given: [[Double]]) -> [[Double]] {
    var shares = given
    var total = [Double](repeating: 0, count: runs)
    for share in shares { add(share, to: &total) }
    for role in shares.indices { divide(&shares[role], by: total) }
    return shares
  }
}

/// What chance decides about where people are in a run.
private struct AllocationChance {
  let mix: [Double]?
  let provinces: [Double]
  /// Shares in the divided province.
  let cities: [Double]
  let separate: [Double]

  init(_ inputs: ForecastInputs, _ streams: RunStreams, run: Int) {
    mix = streams.uniforms(inputs.provinceShares.values.map(\.drivers.count).max() ?? 0, run, .provinceMix)
    provinces = inputs.geography.provinces.indices.map { streams.deviate(run, .provinceShare, index: $0) }
    cities = inputs.cityShares.drawn(
      uniforms: streams.uniforms(inputs.cityShares.drivers.count, run, .cityMix),
      deviates: inputs.cityShares.shares.indices.map { streams.deviate(run, .cityShare, index: $0) })
    separate = inputs.separateFactor.indices.map { streams.deviate(run, .separateShare, index: $0) }
  }
}

extension [[Double]] {
  /// The series of a leaf; nil where it has none.
  fileprivate subscript(safe leaf: Int) -> [Double]? { indices.contains(leaf) && !self[leaf].isEmpty ? self[leaf] : nil }
}
