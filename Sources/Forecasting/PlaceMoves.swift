import Dimensions
import Foundation
import LinearAlgebra
import Messages
import Supply

/// What places have beyond their shares of their cohorts because a scenario moves people or entrants, age by age,
/// in every run.
///
/// In the order of the cohort engine: exits, moves of survivors, ageing, entrants. Movers are taken of those who are
/// there, more of the ages at which people move more (Rogers–Castro), never more than there are of an age; what
/// origins lose is shared out among destinations with its ages. So the nation does not change by moves, and no place
/// has fewer than nobody. Source: METHODS M16, M20.
struct PlaceMoves: Sendable {
  /// `[leaf][run × (horizon + 1) + h]`, h = 0 the base year; a leaf that nothing moves has none. Persons beyond the
  /// leaf's share of its cohort: in stock and in each flow of the year.
  let stock: [[Double]]
  let retirements: [[Double]]
  let deaths: [[Double]]
  let transfers: [[Double]]
  let migration: [[Double]]

  /// Nobody is moved.
  static let none = PlaceMoves(stock: [], retirements: [], deaths: [], transfers: [], migration: [])

  /// - Parameter shares: `[leaf][run]` of its cohort.
  /// - Throws: `.nobodyLeft` where the central run would take more from a place than are there; `.supply` where the
  ///   books of a place or of the nation do not close.
  init(
    _ inputs: ForecastInputs, _ cohorts: CohortDraws, shares: [[Double]], rates: TransferLevers, jobs: Int
  ) throws(ForecastError) {
    let runs = shares.first?.count ?? 0
    let ledger = try MoveLedger(inputs, cohorts, shares)
    let lot = max(1, runs / (max(1, jobs) * 4))
    let lots = concurrently((runs + lot - 1) / lot, jobs: jobs) { part in
      Result { () throws(ForecastError) in
        try (part * lot..<min(runs, (part + 1) * lot)).map { run throws(ForecastError) in try ledger.moved(run, rates) }
      }
    }
    var all: [MoveLedger.Books] = []
    for lot in lots { all += try lot.get() }
    func series(_ part: (MoveLedger.Books) -> [[Double]]) -> [[Double]] {
      shares.indices.map { leaf in all.flatMap { part($0)[leaf] } }
    }
    self.init(
      stock: series(\.stock), retirements: series(\.retirements), deaths: series(\.deaths), transfers: series(\.transfers),
      migration: series(\.migration))
  }

  private init(
    stock: [[Double]], retirements: [[Double]], deaths: [[Double]], transfers: [[Double]], migration: [[Double]]
  ) {
    self.stock = stock
    self.retirements = retirements
    self.deaths = deaths
    self.transfers = transfers
    self.migration = migration
  }

  /// The same with every series put through `join`.
  init(_ other: PlaceMoves, _ join: ([Double]) -> [Double]) {
    self.init(
      stock: other.stock.map(join), retirements: other.retirements.map(join), deaths: other.deaths.map(join),
      transfers: other.transfers.map(join), migration: other.migration.map(join))
  }
}

/// Everything the moves of one run need, prepared once.
private struct MoveLedger: Sendable {
  /// `[leaf][h]` of one run, one after another.
  struct Books: Sendable {
    var stock, retirements, deaths, transfers, migration: [[Double]]
  }

  let inputs: ForecastInputs
  let cohorts: CohortDraws
  let shares: [[Double]]
  /// Per cohort: persons by cell at the start of the central run, exits `[year][cell]`, entrants by cell `[year]`.
  let starts: [[Double]]
  let exits: [[[ExitRates]]]
  let entering: [[[Double]]]
  let horizon: Int
  /// Cells of one age.
  let width: Int
  /// How much people of each cell move.
  let mobility: [Double]
  private let mainland: [Int]
  /// Leaves that something moves.
  private let isMoved: [Bool]
  private let migrates: Bool

  init(_ inputs: ForecastInputs, _ cohorts: CohortDraws, _ shares: [[Double]]) throws(ForecastError) {
    self.inputs = inputs
    self.cohorts = cohorts
    self.shares = shares
    horizon = inputs.years.last - inputs.years.base
    let frame = inputs.workforce.frame
    let ages = frame.ages
    width = frame.cellCount / max(1, ages.count)
    let width = width
    do throws(SupplyError) {
      let profile = try RogersCastro.standard.profile(ages)
      mobility = (0..<frame.cellCount).map { profile[$0 / width] }
      var exits: [[[ExitRates]]] = []
      var entering: [[[Double]]] = []
      for cohort in inputs.cohorts {
        var (rates, channel): ([[ExitRates]], [[Double]]) = ([], [])
        for year in cohort.years {
          let death = try year.death?.repeated(over: frame).values
          let retirement = try year.retirement?.repeated(over: frame).values
          let transfer = try year.transfer?.repeated(over: frame).values
          rates.append(
            (0..<frame.cellCount).map {
              ExitRates(death: death?[$0] ?? 0, retirement: retirement?[$0] ?? 0, transfer: transfer?[$0] ?? 0)
            })
          channel.append(year.entrants.reduce([Double](repeating: 0, count: frame.cellCount)) { zip($0, $1.persons.values).map(+) })
        }
        exits.append(rates)
        entering.append(channel)
      }
      (self.exits, self.entering) = (exits, entering)
    } catch {
      throw .supply(error)
    }
    starts = cohorts.starts.map(\.values)
    let geography = inputs.geography
    mainland = geography.leaves.indices.filter { geography.leaves[$0].province != nil }
    let asked = inputs.levers.migration.persons
    let migrates = asked.contains { $0.contains { ($0 ?? 0) != 0 } }
    self.migrates = migrates
    isMoved = geography.leaves.indices.map { leaf in
      inputs.levers.ownEntrants[leaf].contains { $0 != 0 } || migrates && geography.leaves[leaf].province != nil
    }
  }

  /// The books of one run.
  func moved(_ run: Int, _ rates: TransferLevers) throws(ForecastError) -> Books {
    let cells = mobility.count
    let nothing = isMoved.map { $0 ? [Double](repeating: 0, count: horizon + 1) : [] }
    var books = Books(stock: nothing, retirements: nothing, deaths: nothing, transfers: nothing, migration: nothing)
    var extra = isMoved.map { $0 ? [Double](repeating: 0, count: cells) : [] }
    // Whole cohorts are followed only where people leave them.
    var people = migrates ? startOf(run) : []
    for h in 1...horizon {
      let factor = rates[run, h].transfer
      let leaving = try cohorts.paths.indices.map { c throws(ForecastError) in
        try exitShares(c, h, inputs.cohorts[c].follows == nil ? factor : 1)
      }
      for c in people.indices { for cell in 0..<cells { people[c][cell] *= leaving[c][cell].stay } }
      for leaf in extra.indices where isMoved[leaf] {
        let own = leaving[inputs.leafCohort[leaf]]
        for cell in 0..<cells {
          let before = extra[leaf][cell]
          books.retirements[leaf][h] += before * own[cell].retirement
          books.deaths[leaf][h] += before * own[cell].death
          books.transfers[leaf][h] += before * own[cell].transfer
          extra[leaf][cell] = before * own[cell].stay
        }
      }
      if migrates { try migrate(run, h, people, &extra, &books) }
      for c in people.indices {
        age(&people[c])
        let count = cohorts.paths[c].entrants[h][run]
        for cell in 0..<cells { people[c][cell] += count * entering[c][h - 1][cell] }
      }
      for leaf in extra.indices where isMoved[leaf] {
        age(&extra[leaf])
        let more = moreEntrants(leaf, h, run)
        if more != 0 {
          let channel = entering[inputs.leafCohort[leaf]][h - 1]
          for cell in 0..<cells { extra[leaf][cell] += more * channel[cell] }
        }
        books.stock[leaf][h] = extra[leaf].reduce(0, +)
      }
      try check(books, run, h)
    }
    return books
  }

  private func startOf(_ run: Int) -> [[Double]] {
    let base = cohorts.history[cohorts.history.count - 1]
    return starts.map { start in start.map { $0 * base[run] / base[0] } }
  }

  /// Entrants of a leaf beyond its share of its cohort's.
  func moreEntrants(_ leaf: Int, _ h: Int, _ run: Int) -> Double {
    let more = inputs.levers.ownEntrants[leaf][h]
    return more == 0 ? 0 : shares[leaf][run] * cohorts.paths[inputs.leafCohort[leaf]].offered[h][run] * more
  }

  private func exitShares(_ cohort: Int, _ h: Int, _ factor: Double) throws(ForecastError) -> [ExitShares] {
    do throws(SupplyError) {
      return try exits[cohort][h - 1].map { rates throws(SupplyError) in
        try ExitShares(
          factor == 1
            ? rates
            : ExitRates(death: rates.death, retirement: rates.retirement, transfer: -expm1(factor * log1p(-rates.transfer))))
      }
    } catch {
      throw .supply(error)
    }
  }

  /// Everybody is a year older; the last age keeps its survivors.
  private func age(_ people: inout [Double]) {
    let cells = people.count
    guard cells >= 2 * width else { return }
    for cell in 0..<width { people[cells - width + cell] += people[cells - 2 * width + cell] }
    for cell in (width..<cells - width).reversed() { people[cell] = people[cell - width] }
    for cell in 0..<width { people[cell] = 0 }
  }
}

extension MoveLedger {
  /// Takes movers from origins and shares them out among destinations.
  private func migrate(
    _ run: Int, _ h: Int, _ people: [[Double]], _ extra: inout [[Double]], _ books: inout Books
  ) throws(ForecastError) {
    let asked = inputs.levers.migration.persons
    guard mainland.contains(where: { (asked[$0][h] ?? 0) != 0 }) else { return }
    var there = [[Double]](repeating: [], count: extra.count)
    var total = [Double](repeating: 0, count: extra.count)
    for leaf in mainland {
      let (core, share) = (people[inputs.leafCohort[leaf]], shares[leaf][run])
      there[leaf] = core.indices.map { max(0, core[$0] * share + extra[leaf][$0]) }
      total[leaf] = there[leaf].reduce(0, +)
    }
    var net = [Double](repeating: 0, count: extra.count)
    for leaf in mainland {
      guard let wanted = asked[leaf][h] else { continue }
      if run == 0, -wanted > total[leaf] * (1 + 1e-9) { throw tooMany(leaf, h, -wanted, total[leaf]) }
      net[leaf] = max(wanted, -total[leaf])
    }
    // Who was asked nothing gives or takes what the others need, by who is there.
    let others = mainland.filter { asked[$0][h] == nil }
    let room = others.reduce(0) { $0 + total[$1] }
    let balance = mainland.reduce(0) { $0 + net[$1] }
    if balance > room {
      if run == 0, balance > room * (1 + 1e-9) { throw tooMany(nil, h, balance, room) }
      let gaining = mainland.filter { net[$0] > 0 }.reduce(0) { $0 + net[$1] }
      for leaf in mainland where net[leaf] > 0 { net[leaf] *= (gaining - balance + room) / gaining }
    }
    for leaf in others {
      net[leaf] = room > 0 ? -min(balance, room) * total[leaf] / room : -balance / Double(others.count)
    }
    var pool = [Double](repeating: 0, count: mobility.count)
    var gained = 0.0
    for leaf in mainland where net[leaf] < 0 {
      let movers = movers(-net[leaf], of: there[leaf])
      for cell in movers.indices {
        extra[leaf][cell] -= movers[cell]
        pool[cell] += movers[cell]
      }
      books.migration[leaf][h] = -movers.reduce(0, +)
    }
    for leaf in mainland where net[leaf] > 0 { gained += net[leaf] }
    let moving = pool.reduce(0, +)
    guard gained > 0, moving > 0 else { return }
    for leaf in mainland where net[leaf] > 0 {
      let part = net[leaf] / gained
      for cell in pool.indices { extra[leaf][cell] += part * pool[cell] }
      books.migration[leaf][h] = part * moving
    }
  }

  /// So many persons of those who are there, by how much each age moves; of no age more than there are.
  private func movers(_ persons: Double, of there: [Double]) -> [Double] {
    var movers = [Double](repeating: 0, count: there.count)
    var open = there.indices.filter { there[$0] > 0 }
    var rest = persons
    while rest > 0, !open.isEmpty {
      let weight = open.reduce(0) { $0 + there[$1] * mobility[$1] }
      let level = rest / weight
      let full = open.filter { mobility[$0] * level >= 1 }
      guard !full.isEmpty else {
        for cell in open { movers[cell] = there[cell] * mobility[cell] * level }
        break
      }
      for cell in full {
        movers[cell] = there[cell]
        rest -= there[cell]
      }
      open.removeAll { movers[$0] == there[$0] }
    }
    return movers
  }

  /// - Parameter leaf: nil for the places of which nothing is asked.
  private func tooMany(_ leaf: Int?, _ h: Int, _ asked: Double, _ there: Double) -> ForecastError {
    let rest = Bilingual(zh: "情景未作要求的其余地区", en: "the places of which the scenario asks nothing")
    let origin = leaf.map { inputs.levers.migration.origins[$0] } ?? inputs.levers.migration.origins.first { !$0.isEmpty } ?? ""
    return .nobodyLeft(
      place: leaf.map { inputs.geography.leaves[$0].name } ?? rest, year: inputs.years.base + h, asked: asked, there: there, origin: origin)
  }

  /// The books of every place close, and moves within the nation add up to nothing.
  private func check(_ books: Books, _ run: Int, _ h: Int) throws(ForecastError) {
    let year = inputs.years.base + h
    var (net, moving) = (0.0, 0.0)
    for leaf in extraLeaves {
      let change =
        moreEntrants(leaf, h, run) - books.retirements[leaf][h] - books.deaths[leaf][h] - books.transfers[leaf][h]
        + books.migration[leaf][h]
      let missing = books.stock[leaf][h] - books.stock[leaf][h - 1] - change
      let whole = shares[leaf][run] * cohorts.paths[inputs.leafCohort[leaf]].stock[h][run]
      net += books.migration[leaf][h]
      moving += abs(books.migration[leaf][h])
      let scale = max(1, whole, abs(books.stock[leaf][h]), moving)
      guard abs(missing) <= 1e-9 * scale, whole + books.stock[leaf][h] >= -1e-6 * scale else {
        throw .supply(
          .notConserved(at: "\(inputs.geography.leaves[leaf].code), \(year)", step: "moves", missing: missing))
      }
    }
    guard abs(net) <= 1e-9 * max(1, moving) else {
      throw .supply(.notConserved(at: "\(year)", step: "moves", missing: net))
    }
  }

  private var extraLeaves: [Int] { isMoved.indices.filter { isMoved[$0] } }
}
