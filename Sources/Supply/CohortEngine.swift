import Foundation
import LinearAlgebra
import Messages

/// Stocks and flows of every node in every year of a projection.
public struct CohortPath: Sendable {
  /// What is reported apart, e.g. regions and teams.
  public let nodes: CohortFrame
  public let years: [Int]
  /// `[year · nodes + node]`.
  public let start: [Double]
  public let end: [Double]
  public let flows: [Flows]
  /// Persons that came from other members of a transition axis, net; zero unless such an axis is told apart.
  public let netTransitions: [Double]
  /// Names of the entrant channels, in order of first appearance, and for each `[year · nodes + node]`.
  public let channels: [String]
  public let entrantsByChannel: [[Double]]

  /// What came and went in a node during a year, in persons; both by position.
  public func flows(_ node: Int, _ year: Int) -> Flows { flows[year * nodes.cellCount + node] }

  /// Stock at the end of the year at position `year`.
  public func stock(_ node: Int, _ year: Int) -> Double { end[year * nodes.cellCount + node] }
}

/// A cohort model: who is told apart, and what happens to them year by year.
///
/// Each year runs in fixed order: exits as competing risks; migration of survivors between regions;
/// transitions of team, grade, licence and education; ageing; entrants. Persons in and persons out are
/// compared after every step for every node; a difference above 1e-9 of the stock is an error.
///
/// Source: METHODS M16; Preston, Heuveline & Guillot (2001), *Demography*, ch. 6; Rogers (1995),
/// *Multiregional Demography*.
public struct CohortEngine: Sendable {
  public let frame: CohortFrame
  public let nodes: CohortFrame
  public let exposure: EntrantExposure
  private let layout: CohortLayout
  private let years: [PreparedYear]
  private let nodeOf: [Int]

  /// - Parameters:
  ///   - report: axes to report apart, other than age; axes that the frame lacks are ignored.
  ///   - exposure: when entrants arrive. With `.halfYear` half of them are exposed to the exits of
  ///     their age; they neither migrate nor move in their first year.
  /// - Throws: every table that does not fit the frame, see `CohortYear`.
  public init(
    _ frame: CohortFrame, years: [CohortYear], report: [CohortAxis] = [.region, .team],
    exposure: EntrantExposure = .endOfYear
  ) throws(SupplyError) {
    let told = Set(
      years.flatMap { year in
        [year.death, year.retirement, year.transfer].flatMap { $0?.frame.axes ?? [] }
      }
    ).union(report)
    self.frame = frame
    self.exposure = exposure
    nodes = frame.restricted(to: report.filter { $0 != .age })
    layout = CohortLayout(frame, told: told)
    nodeOf = try layout.nodes(of: nodes)
    var prepared: [PreparedYear] = []
    for year in years { prepared.append(try PreparedYear(year, layout)) }
    self.years = prepared
  }

  /// The central projection, with the whole population at the end of each year.
  ///
  /// - Parameter start: persons on every axis of the frame at the start of the first year.
  public func run(from start: CohortTable) throws(SupplyError) -> (
    path: CohortPath, populations: [CohortTable]
  ) {
    let kernel = CohortKernel(layout, years)
    kernel.load(try loaded(start))
    var books = Books(nodes: nodes.cellCount, years: years)
    var populations: [CohortTable] = []
    for year in years {
      try kernel.step(year, .central, exposure)
      books.add(kernel, nodeOf, year, .central)
      populations.append(try CohortTable(frame, kernel.persons))
    }
    return (books.path(nodes, years.map(\.year)), populations)
  }

  /// Many projections with rates of their own, on `jobs` threads; results in the order of the draws,
  /// the same at any number of threads. Memory: one population and one path a thread.
  ///
  /// - Parameters:
  ///   - start: persons on every axis of the frame.
  ///   - scale: multiplies the start of a draw (measurement error of the base year).
  ///   - levers: draw, position of the year.
  ///   - summary: what is kept of a draw.
  /// - Throws: the error of the lowest draw that has one.
  public func run<Summary: Sendable>(
    from start: CohortTable, draws: Range<Int>, jobs: Int = 1,
    scale: @Sendable (Int) -> Double = { _ in 1 },
    levers: @Sendable (_ draw: Int, _ year: Int) -> CohortLevers,
    summary: @Sendable (_ draw: Int, CohortPath) -> Summary
  ) throws(SupplyError) -> [Summary] {
    let persons = try loaded(start)
    let jobs = max(1, min(jobs, draws.count))
    // Draws are dealt out in small lots so that no thread waits long for another.
    let lot = max(1, draws.count / (jobs * 8))
    let lots = (draws.count + lot - 1) / lot
    let results = concurrently(lots, jobs: jobs) { at in
      let own = draws.lowerBound + at * lot..<min(draws.upperBound, draws.lowerBound + (at + 1) * lot)
      return draw(own, CohortKernel(layout, years), persons, scale, levers, summary)
    }
    var all: [Summary] = []
    all.reserveCapacity(draws.count)
    for result in results { all += try result.get() }
    return all
  }

  private func draw<Summary>(
    _ draws: Range<Int>, _ kernel: CohortKernel, _ persons: [Double], _ scale: (Int) -> Double,
    _ levers: (Int, Int) -> CohortLevers, _ summary: (Int, CohortPath) -> Summary
  ) -> Result<[Summary], SupplyError> {
    var kept: [Summary] = []
    do throws(SupplyError) {
      for draw in draws {
        let factor = scale(draw)
        kernel.load(factor == 1 ? persons : persons.map { $0 * factor })
        var books = Books(nodes: nodes.cellCount, years: years)
        for (t, year) in years.enumerated() {
          let own = levers(draw, t)
          try kernel.step(year, own, exposure)
          books.add(kernel, nodeOf, year, own)
        }
        kept.append(summary(draw, books.path(nodes, years.map(\.year))))
      }
    } catch {
      return .failure(error)
    }
    return .success(kept)
  }

  private func loaded(_ start: CohortTable) throws(SupplyError) -> [Double] {
    let from = try start.cellsOfAll(in: frame, purpose: "starting population")
    var persons: [Double] = []
    persons.reserveCapacity(from.count)
    for (cell, at) in from.enumerated() {
      try requireCount(start.values[at], "starting population", at: frame.name(ofCell: cell))
      persons.append(start.values[at])
    }
    return persons
  }
}

/// Collects the kernel's tallies by node.
private struct Books {
  private let nodes: Int
  private var start: [Double] = []
  private var end: [Double] = []
  private var flows: [Flows] = []
  private var moved: [Double] = []
  private let channels: [String]
  private var entered: [[Double]]

  init(nodes: Int, years: [PreparedYear]) {
    self.nodes = nodes
    var names: [String] = []
    for year in years {
      for channel in year.channels where !names.contains(channel.name) { names.append(channel.name) }
    }
    channels = names
    entered = names.map { _ in [] }
    start.reserveCapacity(nodes * years.count)
    end.reserveCapacity(nodes * years.count)
    flows.reserveCapacity(nodes * years.count)
    moved.reserveCapacity(nodes * years.count)
  }

  mutating func add(_ kernel: CohortKernel, _ nodeOf: [Int], _ year: PreparedYear, _ levers: CohortLevers) {
    let base = end.count
    start.append(contentsOf: repeatElement(0, count: nodes))
    end.append(contentsOf: repeatElement(0, count: nodes))
    flows.append(contentsOf: repeatElement(.zero, count: nodes))
    moved.append(contentsOf: repeatElement(0, count: nodes))
    for c in entered.indices { entered[c].append(contentsOf: repeatElement(0, count: nodes)) }
    for (k, channel) in year.channels.enumerated() {
      guard let c = channels.firstIndex(of: channel.name) else { continue }
      for (at, node) in nodeOf.enumerated() {
        entered[c][base + node] += channel.totals[at] * levers.entrants[k]
      }
    }
    for (at, node) in nodeOf.enumerated() {
      start[base + node] += kernel.value(.start, at)
      end[base + node] += kernel.value(.end, at)
      moved[base + node] += kernel.value(.afterTransitions, at) - kernel.value(.afterMigration, at)
      flows[base + node].entrants += kernel.value(.entrants, at)
      flows[base + node].retirements += kernel.value(.retirements, at)
      flows[base + node].deaths += kernel.value(.deaths, at)
      flows[base + node].transfers += kernel.value(.transfers, at)
      flows[base + node].netMigration += kernel.value(.afterMigration, at) - kernel.value(.afterExits, at)
    }
  }

  func path(_ frame: CohortFrame, _ years: [Int]) -> CohortPath {
    CohortPath(
      nodes: frame, years: years, start: start, end: end, flows: flows, netTransitions: moved,
      channels: channels, entrantsByChannel: entered)
  }
}

extension CohortEngine {
  /// The common multiplier of all entrants in all years that makes the whole population reach
  /// `target` at the end of the last year. Exact, because the model is linear in its entrants;
  /// negative when the target is missed from above even without entrants.
  ///
  /// - Throws: `.notSolvable` when entrants do not change the outcome.
  public func entrantMultiplier(reaching target: Double, from start: CohortTable) throws(SupplyError)
    -> Double
  {
    let cells = nodes.cellCount
    let totals = try run(from: start, draws: 0..<2) { draw, _ in
      var levers = CohortLevers()
      levers.entrants = SIMD8(repeating: Double(draw))
      return levers
    } summary: { _, path in
      path.end.suffix(cells).reduce(0, +)
    }
    guard totals[1] != totals[0] else {
      throw .notSolvable(
        what: Bilingual(zh: "新增人数乘数", en: "entrant multiplier"),
        reason: Bilingual(zh: "新增人数不影响末年存量", en: "entrants do not change the stock of the last year."))
    }
    return (target - totals[0]) / (totals[1] - totals[0])
  }
}
