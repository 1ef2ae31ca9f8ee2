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
      Result { () throws(ForecastError) in try ledger.books(of: part * lot..<min(runs, (part + 1) * lot), rates) }
    }
    var books: [MoveLedger.Books] = []
    for lot in lots { books.append(try lot.get()) }
    func series(_ part: (MoveLedger.Books) -> [[Double]]) -> [[Double]] {
      shares.indices.map { leaf in books.flatMap { part($0)[leaf] } }
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

/// Everything the moves of a run need, prepared once. Persons by cell lie flat, one leaf or cohort after another.
private struct MoveLedger: Sendable {
  /// `[leaf][run × (horizon + 1) + h]` of some runs, one after another.
  struct Books: Sendable {
    var stock, retirements, deaths, transfers, migration: [[Double]]
  }

  /// Exits of one or more cohorts, `[year][cell]`.
  private struct Exits: Sendable {
    let rates: [[ExitRates]]
    /// Whether a run's own rate of transfers moves them.
    let areDrawn: Bool
    let forces: [[ExitForces]]
    /// What becomes of people at these rates.
    let shares: [[ExitShares]]

    init(_ rates: [[ExitRates]], areDrawn: Bool) throws(SupplyError) {
      self.rates = rates
      self.areDrawn = areDrawn
      forces = rates.map { $0.map(ExitForces.init) }
      shares = try rates.map { year throws(SupplyError) in try year.map { cell throws(SupplyError) in try ExitShares(cell) } }
    }
  }

  /// What a run is worked out on, kept from one to the next.
  private struct Pages {
    /// Persons of whole cohorts, and of leaves beyond their shares.
    var people, extra: [Double]
    /// Who is there of each leaf, and their sum.
    var there, total: [Double]
    var movers, pool: [Double]
    /// Cells of which more could still move.
    var open: [Int]
    /// What becomes of people in a year, by `exits` and cell.
    var leaving: [[ExitShares]]
  }

  private let inputs: ForecastInputs
  private let cohorts: CohortDraws
  private let shares: [[Double]]
  /// Per cohort: persons by cell at the start of the central run, entrants by cell `[year]`, and which of `exits` it has.
  private let starts: [[Double]]
  private let entering: [[[Double]]]
  private let exitsOf: [Int]
  private let exits: [Exits]
  private let horizon: Int
  /// Cells of one age, and of all.
  private let width: Int
  private let cells: Int
  /// How much people of each cell move.
  private let mobility: [Double]
  private let mainland: [Int]
  /// Leaves that something moves.
  private let moved: [Int]
  private let migrates: Bool

  init(_ inputs: ForecastInputs, _ cohorts: CohortDraws, _ shares: [[Double]]) throws(ForecastError) {
    self.inputs = inputs
    self.cohorts = cohorts
    self.shares = shares
    horizon = inputs.years.last - inputs.years.base
    let geography = inputs.geography
    let mainland = geography.leaves.indices.filter { geography.leaves[$0].province != nil }
    let migrates = inputs.levers.migration.persons.contains { $0.contains { ($0 ?? 0) != 0 } }
    let moved = geography.leaves.indices.filter { leaf in
      inputs.levers.ownEntrants[leaf].contains { $0 != 0 } || migrates && geography.leaves[leaf].province != nil
    }
    (self.mainland, self.migrates, self.moved) = (mainland, migrates, moved)
    let frame = inputs.workforce.frame
    let ages = frame.ages
    let cells = frame.cellCount
    let width = cells / max(1, ages.count)
    (self.width, self.cells) = (width, cells)
    do throws(SupplyError) {
      let profile = try RogersCastro.standard.profile(ages)
      mobility = (0..<cells).map { profile[$0 / width] }
      var exits: [Exits] = []
      var exitsOf: [Int] = []
      var entering: [[[Double]]] = []
      for cohort in inputs.cohorts {
        var (rates, channel): ([[ExitRates]], [[Double]]) = ([], [])
        for year in cohort.years {
          let death = try year.death?.repeated(over: frame).values
          let retirement = try year.retirement?.repeated(over: frame).values
          let transfer = try year.transfer?.repeated(over: frame).values
          rates.append(
            (0..<cells).map { ExitRates(death: death?[$0] ?? 0, retirement: retirement?[$0] ?? 0, transfer: transfer?[$0] ?? 0) })
          channel.append(year.entrants.reduce([Double](repeating: 0, count: cells)) { zip($0, $1.persons.values).map(+) })
        }
        let areDrawn = cohort.follows == nil
        let same = exits.firstIndex { $0.areDrawn == areDrawn && $0.rates == rates }
        exitsOf.append(same ?? exits.count)
        if same == nil { exits.append(try Exits(rates, areDrawn: areDrawn)) }
        entering.append(channel)
      }
      (self.exits, self.exitsOf, self.entering) = (exits, exitsOf, entering)
    } catch {
      throw .supply(error)
    }
    starts = cohorts.starts.map(\.values)
  }

  /// The books of some runs.
  func books(of runs: Range<Int>, _ rates: TransferLevers) throws(ForecastError) -> Books {
    let leaves = inputs.geography.leaves.indices
    let isMoved = Set(moved)
    let nothing = leaves.map { isMoved.contains($0) ? [Double](repeating: 0, count: runs.count * (horizon + 1)) : [] }
    var books = Books(stock: nothing, retirements: nothing, deaths: nothing, transfers: nothing, migration: nothing)
    func empty(_ count: Int) -> [Double] { [Double](repeating: 0, count: count) }
    var pages = Pages(
      people: empty(migrates ? cohorts.paths.count * cells : 0), extra: empty(leaves.count * cells),
      there: empty(migrates ? leaves.count * cells : 0), total: empty(leaves.count),
      movers: empty(cells), pool: empty(cells), open: [], leaving: exits.map { $0.shares.first ?? [] })
    for run in runs { try move(run, at: (run - runs.lowerBound) * (horizon + 1), rates, &pages, &books) }
    return books
  }

  /// One run, whose books begin at `at`.
  private func move(
    _ run: Int, at: Int, _ rates: TransferLevers, _ pages: inout Pages, _ books: inout Books
  ) throws(ForecastError) {
    for i in pages.extra.indices { pages.extra[i] = 0 }
    // Whole cohorts are followed only where people leave them.
    let followed = migrates ? cohorts.paths.indices : 0..<0
    let base = cohorts.history[cohorts.history.count - 1]
    for c in followed { for cell in 0..<cells { pages.people[c * cells + cell] = starts[c][cell] * base[run] / base[0] } }
    for h in 1...horizon {
      exit(rates[run, h].transfer, h, &pages.leaving)
      for c in followed { stay(&pages.people, at: c * cells, pages.leaving[exitsOf[c]]) }
      for leaf in moved {
        let gone = leave(&pages.extra, at: leaf * cells, pages.leaving[exitsOf[inputs.leafCohort[leaf]]])
        books.retirements[leaf][at + h] = gone.retired
        books.deaths[leaf][at + h] = gone.died
        books.transfers[leaf][at + h] = gone.transferred
      }
      if migrates { try migrate(run, h, at: at, &pages, &books) }
      for c in followed {
        age(&pages.people, at: c * cells)
        add(cohorts.paths[c].entrants[h][run], of: entering[c][h - 1], to: &pages.people, at: c * cells)
      }
      for leaf in moved {
        age(&pages.extra, at: leaf * cells)
        let more = moreEntrants(leaf, h, run)
        if more != 0 { add(more, of: entering[inputs.leafCohort[leaf]][h - 1], to: &pages.extra, at: leaf * cells) }
        books.stock[leaf][at + h] = sum(pages.extra, at: leaf * cells)
      }
      try check(books, run, h, at: at)
    }
  }

  /// Entrants of a leaf beyond its share of its cohort's.
  private func moreEntrants(_ leaf: Int, _ h: Int, _ run: Int) -> Double {
    let more = inputs.levers.ownEntrants[leaf][h]
    return more == 0 ? 0 : shares[leaf][run] * cohorts.paths[inputs.leafCohort[leaf]].offered[h][run] * more
  }

  /// What becomes of people in a year under a run's own rate of transfers.
  private func exit(_ factor: Double, _ h: Int, _ leaving: inout [[ExitShares]]) {
    for (index, exits) in exits.enumerated() {
      guard exits.areDrawn, factor != 1 else {
        leaving[index] = exits.shares[h - 1]
        continue
      }
      // All cells mostly have the same rate.
      var (given, drawn, force) = (Double.nan, 0.0, 0.0)
      for cell in 0..<cells {
        let rates = exits.rates[h - 1][cell]
        if rates.transfer != given {
          given = rates.transfer
          drawn = -expm1(factor * log1p(-given))
          force = -log1p(-drawn)
        }
        var forces = exits.forces[h - 1][cell]
        forces.transfer = force
        leaving[index][cell] = ExitShares(
          checked: ExitRates(death: rates.death, retirement: rates.retirement, transfer: drawn), forces: forces)
      }
    }
  }
}

// MARK: Cells of one leaf or cohort

extension MoveLedger {
  private func stay(_ people: inout [Double], at: Int, _ leaving: [ExitShares]) {
    for cell in 0..<cells { people[at + cell] *= leaving[cell].stay }
  }

  private func leave(
    _ people: inout [Double], at: Int, _ leaving: [ExitShares]
  ) -> (retired: Double, died: Double, transferred: Double) {
    var gone = (retired: 0.0, died: 0.0, transferred: 0.0)
    for cell in 0..<cells {
      let (before, shares) = (people[at + cell], leaving[cell])
      gone.retired += before * shares.retirement
      gone.died += before * shares.death
      gone.transferred += before * shares.transfer
      people[at + cell] = before * shares.stay
    }
    return gone
  }

  private func add(_ count: Double, of persons: [Double], to people: inout [Double], at: Int) {
    for cell in 0..<cells { people[at + cell] += count * persons[cell] }
  }

  private func sum(_ people: [Double], at: Int) -> Double {
    var sum = 0.0
    for cell in 0..<cells { sum += people[at + cell] }
    return sum
  }

  /// Everybody is a year older; the last age keeps its survivors.
  private func age(_ people: inout [Double], at: Int) {
    guard cells >= 2 * width else { return }
    let end = at + cells
    for cell in 0..<width { people[end - width + cell] += people[end - 2 * width + cell] }
    people.withUnsafeMutableBufferPointer { people in
      guard let first = people.baseAddress else { return }
      (first + at + width).update(from: first + at, count: cells - 2 * width)
    }
    for cell in at..<at + width { people[cell] = 0 }
  }
}

extension MoveLedger {
  /// Takes movers from origins and shares them out among destinations.
  private func migrate(
    _ run: Int, _ h: Int, at: Int, _ pages: inout Pages, _ books: inout Books
  ) throws(ForecastError) {
    let asked = inputs.levers.migration.persons
    guard mainland.contains(where: { (asked[$0][h] ?? 0) != 0 }) else { return }
    for leaf in mainland {
      let (core, own, share) = (inputs.leafCohort[leaf] * cells, leaf * cells, shares[leaf][run])
      for cell in 0..<cells { pages.there[own + cell] = max(0, pages.people[core + cell] * share + pages.extra[own + cell]) }
      pages.total[leaf] = sum(pages.there, at: own)
    }
    let total = pages.total
    var net = [Double](repeating: 0, count: total.count)
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
    for cell in 0..<cells { pages.pool[cell] = 0 }
    for leaf in mainland where net[leaf] < 0 {
      findMovers(-net[leaf], of: leaf, &pages)
      for cell in 0..<cells {
        pages.extra[leaf * cells + cell] -= pages.movers[cell]
        pages.pool[cell] += pages.movers[cell]
      }
      books.migration[leaf][at + h] = -sum(pages.movers, at: 0)
    }
    let gained = mainland.reduce(0) { net[$1] > 0 ? $0 + net[$1] : $0 }
    let moving = sum(pages.pool, at: 0)
    guard gained > 0, moving > 0 else { return }
    for leaf in mainland where net[leaf] > 0 {
      let part = net[leaf] / gained
      add(part, of: pages.pool, to: &pages.extra, at: leaf * cells)
      books.migration[leaf][at + h] = part * moving
    }
  }

  /// So many persons of those who are there, by how much each age moves; of no age more than there are.
  private func findMovers(_ persons: Double, of leaf: Int, _ pages: inout Pages) {
    let own = leaf * cells
    for cell in 0..<cells { pages.movers[cell] = 0 }
    pages.open.removeAll(keepingCapacity: true)
    for cell in 0..<cells where pages.there[own + cell] > 0 { pages.open.append(cell) }
    var rest = persons
    while rest > 0, !pages.open.isEmpty {
      var weight = 0.0
      for cell in pages.open { weight += pages.there[own + cell] * mobility[cell] }
      let level = rest / weight
      var kept = 0
      for i in pages.open.indices {
        let cell = pages.open[i]
        if mobility[cell] * level >= 1 {
          pages.movers[cell] = pages.there[own + cell]
          rest -= pages.there[own + cell]
        } else {
          pages.open[kept] = cell
          kept += 1
        }
      }
      guard kept < pages.open.count else {
        for cell in pages.open { pages.movers[cell] = pages.there[own + cell] * mobility[cell] * level }
        return
      }
      pages.open.removeLast(pages.open.count - kept)
    }
  }

  /// - Parameter leaf: nil for the places of which nothing is asked.
  private func tooMany(_ leaf: Int?, _ h: Int, _ asked: Double, _ there: Double) -> ForecastError {
    let rest = Bilingual(zh: "情景未作要求的其余地区", en: "the places of which the scenario asks nothing")
    let origin = leaf.map { inputs.levers.migration.origins[$0] } ?? inputs.levers.migration.origins.first { !$0.isEmpty } ?? ""
    return .nobodyLeft(
      place: leaf.map { inputs.geography.leaves[$0].name } ?? rest, year: inputs.years.base + h, asked: asked, there: there, origin: origin)
  }

  /// The books of every place close, and moves within the nation add up to nothing.
  private func check(_ books: Books, _ run: Int, _ h: Int, at: Int) throws(ForecastError) {
    let year = inputs.years.base + h
    var (net, moving) = (0.0, 0.0)
    for leaf in moved {
      let change =
        moreEntrants(leaf, h, run) - books.retirements[leaf][at + h] - books.deaths[leaf][at + h] - books.transfers[leaf][at + h]
        + books.migration[leaf][at + h]
      let missing = books.stock[leaf][at + h] - books.stock[leaf][at + h - 1] - change
      let whole = shares[leaf][run] * cohorts.paths[inputs.leafCohort[leaf]].stock[h][run]
      net += books.migration[leaf][at + h]
      moving += abs(books.migration[leaf][at + h])
      let scale = max(1, whole, abs(books.stock[leaf][at + h]), moving)
      guard abs(missing) <= 1e-9 * scale, whole + books.stock[leaf][at + h] >= -1e-6 * scale else {
        throw .supply(
          .notConserved(at: "\(inputs.geography.leaves[leaf].code), \(year)", step: "moves", missing: missing))
      }
    }
    guard abs(net) <= 1e-9 * max(1, moving) else {
      throw .supply(.notConserved(at: "\(year)", step: "moves", missing: net))
    }
  }
}
