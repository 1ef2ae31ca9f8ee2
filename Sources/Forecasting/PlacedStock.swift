import Dimensions
import Facts
import Foundation
import Messages
import ModelSpecs
import SmallArea
import Synchronization

/// Where the people of the stock are, as published figures support it: drawn once for all scenarios of a model.
///
/// Populations are those of the evidence file that make up the stock; a role of the model is one of them or a part of
/// one. Everything is a share of the nation's stock, so that places add up to the nation in every draw.
/// - Source: EVIDENCE cards M31 (estimation) and M32 (total × shares).
public final class PlacedStock: Sendable {
  public let base: FactBase
  let years: ClosedRange<Int>
  /// Of each role of the model: position among the populations that make up the stock.
  let populationOf: [Int]
  /// `[province][role]`: part of its population that a role is there; the roles of a population make one.
  let within: [[Double]]
  /// The path without chance.
  let central: StockDraws

  private struct Key { let first, count: Int, seed: UInt64 }
  private let last = Mutex<(key: Key, draws: StockDraws)?>(nil)
  private struct Cell: Hashable { let populations: [Int], place: RegionCode, year: Int }
  private let moved = Mutex<[Cell: [(fact: PublishedFact, influence: Double)]]>([:])

  init(_ base: FactBase, years: ClosedRange<Int>, populationOf: [Int], within: [[Double]]) {
    (self.base, self.years, self.populationOf, self.within) = (base, years, populationOf, within)
    central = base.central(years)
  }

  /// Draws of a run; those of a run that began with the same are taken from it.
  ///
  /// Who asks while they are made waits: scenarios that run side by side are drawn once.
  func draws(_ options: RunOptions) -> StockDraws {
    last.withLock { last in
      if let (key, draws) = last, key.first == options.firstDraw, key.seed == options.seed, key.count >= options.draws {
        return key.count == options.draws ? draws : draws.first(options.draws)
      }
      let made = base.draws(
        options.firstDraw..<options.firstDraw + options.draws, years, seed: options.seed, jobs: options.jobs)
      last = (Key(first: options.firstDraw, count: options.draws, seed: options.seed), made)
      return made
    }
  }

  /// Persons of each population at each province in a year as shares of the stock, `[province][population][run]`; the path
  /// without chance first.
  ///
  /// - Parameter stock: the nation's stock of the year in every run. Where a run's differs from the one that counts were set
  ///   against, counted populations keep their persons and the others take up the difference.
  func populations(_ draws: StockDraws, year: Int, stock: [Double]) -> [[[Double]]] {
    let y = year - years.lowerBound
    let provinces = central.roles[y].first?.count ?? 0
    var shares = (0..<provinces).map { p in
      central.roles[y].indices.map { central.roles[y][$0][p] + draws.roles[y][$0][p] }
    }
    let set = base.stock(year)
    let counted = base.roles.indices.filter { base.isCounted(base.roles[$0]) }
    let others = base.roles.indices.filter { !counted.contains($0) }
    guard !counted.isEmpty, !others.isEmpty, set > 0 else { return shares }
    for run in stock.indices where stock[run] > 0 && abs(stock[run] - set) > 1e-12 * set {
      let part = counted.reduce(0) { sum, k in (0..<provinces).reduce(sum) { $0 + shares[$1][k][run] } }
      guard part < 1, part * set < stock[run] else { continue }
      let (ratio, rest) = (set / stock[run], (1 - part * set / stock[run]) / (1 - part))
      for p in 0..<provinces {
        for k in counted { shares[p][k][run] *= ratio }
        for k in others { shares[p][k][run] *= rest }
      }
    }
    return shares
  }

  /// Shares of a part in the divided province, the path without chance first.
  func part(_ draws: StockDraws, _ part: Int, year: Int) -> [Double] {
    let y = year - years.lowerBound
    return central.parts[y][part] + draws.parts[y][part]
  }

  /// The population of a role that it is the whole of; nil for a role that is part of one.
  func wholePopulation(_ role: Int) -> Int? {
    let population = populationOf[role]
    guard populationOf.count(where: { $0 == population }) == 1 else { return nil }
    return base.roles[population]
  }

  /// The count of a population at a place as it is published to the last person; nil where none is.
  func published(_ population: Int, _ node: Geography.Node, year: Int) -> RegionalStock.Figure? {
    if node.kind == .nation {
      return base.publishedNational(population, year: year).map {
        RegionalStock.Figure(persons: $0.value, source: $0.source, evidence: $0.evidence)
      }
    }
    return base.published(population, place: node.code, year: year).map {
      RegionalStock.Figure(persons: $0.value, source: $0.source, evidence: $0.grade)
    }
  }
}

extension PlacedStock {
  static let note = Bilingual(
    zh: "由全部公布数与驱动份额一并估计（证据综合）；下列事实影响最大", en: "estimated from all published figures and drivers' shares together; the figures below moved it most")

  /// The figures that moved a cell most: how far its log goes with one standard deviation of each.
  func influences(on populations: [Int], place: RegionCode, year: Int) -> [(fact: PublishedFact, influence: Double)] {
    let cell = Cell(populations: populations, place: place, year: year)
    if let known = moved.withLock({ $0[cell] }) { return known }
    let found = solved(cell)
    moved.withLock { $0[cell] = found }
    return found
  }

  private func solved(_ cell: Cell) -> [(fact: PublishedFact, influence: Double)] {
    let (populations, place, year) = (cell.populations, cell.place, cell.year)
    guard let parts = base.parts(populations, place: place, year: year) else { return [] }
    do throws(SmallAreaError) {
      let question = try base.posterior.question(parts)
      let moves = zip(base.facts, base.posterior.influences(on: question)).map { (fact: $0, influence: $1) }
      return Array(
        moves.filter { abs($0.influence) >= 0.0005 }.sorted { (abs($1.influence), $0.fact.id) < (abs($0.influence), $1.fact.id) }.prefix(3))
    } catch {
      return []  // A factor that was solved once solves again.
    }
  }
}
