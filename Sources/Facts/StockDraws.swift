import Dimensions
import Foundation
import LinearAlgebra
import ModelSpecs
import Simulation
import SmallArea

/// Where the people of the stock are, in every draw, as all published figures support it.
public struct StockDraws: Sendable {
  /// Years, roles and places of the numbers, in their order.
  public let years: ClosedRange<Int>
  /// `[year][role][place][draw]`: persons of a role at a place as a share of the nation's stock; all together make one.
  public let roles: [[[[Double]]]]
  /// `[year][part][draw]`: share of a part in the divided place; empty where none is divided.
  public let parts: [[[Double]]]
}

extension FactBase {
  /// Populations that make up the stock, positions in the evidence file.
  public var roles: [Int] { spec.populations.indices.filter { spec.populations[$0].isRole } }

  /// How many there are of each of `roles` in a year, with the composition as the file states it.
  public func national(_ year: Int) -> [Double] {
    guard let time = years.firstIndex(of: year) else { return roles.map { _ in 0 } }
    let all = composition(spec.enterprises.value)
    return roles.map { max(0, all[$0 * years.count + time].isNaN ? 0 : all[$0 * years.count + time]) }
  }

  /// The path without chance: the most probable cells, with the composition as the file states it.
  public func central(_ years: ClosedRange<Int>) -> StockDraws {
    let split = composition(spec.enterprises.value)
    let cells = cells(posterior.logShares, split, years)
    return StockDraws(self, [cells], [division.map { _ in partShares(partPosterior?.logShares ?? [], years) } ?? []], years)
  }

  /// Draws of cells: of how the stock divides into roles, of the roles over places, of a divided place over its parts.
  ///
  /// - Parameter numbers: of the draws; a draw depends on seed and number alone.
  public func draws(_ numbers: Range<Int>, _ years: ClosedRange<Int>, seed: UInt64, jobs: Int) -> StockDraws {
    let stream = RandomStream(seed: seed, named: "evidence composition")
    @Sendable func split(_ draw: Int) -> [Double] {
      let range = spec.enterprises.range ?? spec.enterprises.value...spec.enterprises.value
      return composition(range.lowerBound + (range.upperBound - range.lowerBound) * stream.uniform(draw: draw))
    }
    let mixes = facts.contains { $0.population == nil }
    let kept = posterior.draws(numbers, seed: seed, jobs: jobs, corrections: mixes ? 8 : 3, national: { mixes ? split($0) : nil }) {
      draw, logShares in cells(logShares, split(draw), years)
    }
    guard let division, let partPosterior, let whole = index(of: division.spec.of) else {
      return StockDraws(self, kept, kept.map { _ in [] }, years)
    }
    // The whole of each draw: parts that are published in persons take their share of it.
    let first = numbers.lowerBound
    let persons = partPosterior.facts.isEmpty ? [] : kept.map { cells in wholePersons(cells, whole, years) }
    let parts = partPosterior.draws(
      numbers, seed: seed &+ 1, jobs: jobs, corrections: 8, national: { persons.isEmpty ? nil : persons[$0 - first] }
    ) { _, logShares in partShares(logShares, years) }
    return StockDraws(self, kept, parts, years)
  }

  /// How many of a role there are by time when enterprises hold a share of the stock: `population · times + time`.
  ///
  /// What is counted stays; where the counts leave too little, enterprises have what is left.
  func composition(_ enterprises: Double) -> [Double] {
    var national = prior.populations.flatMap(\.national)
    let count = years.count
    for t in years.indices where stock[t] > 0 {
      var left = stock[t]
      for k in roles where spec.populations[k].national != .enterprises && spec.populations[k].national != .rest {
        left -= national[k * count + t].isNaN ? 0 : national[k * count + t]
      }
      let own = min(stock[t] * enterprises, left)
      for k in roles {
        if spec.populations[k].national == .enterprises { national[k * count + t] = own }
        if spec.populations[k].national == .rest { national[k * count + t] = left - own }
      }
    }
    return national
  }

  /// Persons by year, role and place as shares of the stock; published cells as they are published.
  private func cells(_ logShares: [Double], _ national: [Double], _ years: ClosedRange<Int>) -> [Double] {
    let (count, places) = (self.years.count, prior.places)
    var cells: [Double] = []
    cells.reserveCapacity(years.count * roles.count * places)
    for year in years {
      let time = self.years.firstIndex(of: year) ?? 0
      let begin = cells.count
      for k in roles {
        let whole = national[k * count + time]
        var shares = (0..<places).map { exp(logShares[prior.cell(k, time) + $0]) }
        pin(&shares, counted[k]?[year] ?? [:])
        let part = whole.isNaN ? 0 : whole / stock[time]
        for share in shares { cells.append(part * share) }
      }
      let sum = cells[begin...].reduce(0, +)
      for c in begin..<cells.count { cells[c] /= sum }
      level(&cells, from: begin, counted[nil]?[year] ?? [:])
    }
    return cells
  }

  /// Published places have what is published, the others share the rest as before.
  private func pin(_ shares: inout [Double], _ published: [Int: Double]) {
    guard !published.isEmpty else { return }
    let known = published.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    let free = 1 - published.keys.sorted().reduce(0) { $0 + shares[$1] }
    let factor = free > 0 ? max(0, 1 - known) / free : 0
    for r in shares.indices { shares[r] = published[r] ?? shares[r] * factor }
  }

  /// The same of whole places: all roles of a place by one factor.
  private func level(_ cells: inout [Double], from begin: Int, _ published: [Int: Double]) {
    guard !published.isEmpty else { return }
    let places = prior.places
    var totals = [Double](repeating: 0, count: places)
    for c in begin..<cells.count { totals[(c - begin) % places] += cells[c] }
    var wanted = totals
    pin(&wanted, published)
    for c in begin..<cells.count {
      let r = (c - begin) % places
      if totals[r] > 0 { cells[c] *= wanted[r] / totals[r] }
    }
  }

  private func partShares(_ logShares: [Double], _ years: ClosedRange<Int>) -> [Double] {
    guard let division else { return [] }
    return years.flatMap { year in
      let start = division.prior.cell(0, self.years.firstIndex(of: year) ?? 0)
      return (0..<division.places.count).map { exp(logShares[start + $0]) }
    }
  }

  /// Persons of the divided place by time; outside `years` as the most probable cells have it.
  private func wholePersons(_ cells: [Double], _ place: Int, _ years: ClosedRange<Int>) -> [Double] {
    self.years.enumerated().map { time, year in
      guard years.contains(year) else {
        // Later years move with the last that is drawn.
        let last = cells.count / years.count * (years.count - 1)
        let edge = self.years.firstIndex(of: years.upperBound) ?? time
        let drawn = roles.indices.reduce(0.0) { $0 + cells[last + $1 * prior.places + place] } * stock[edge]
        return persons(of: place, time: time) * (year > years.upperBound ? drawn / persons(of: place, time: edge) : 1)
      }
      let begin = cells.count / years.count * (year - years.lowerBound)
      return roles.indices.reduce(0.0) { $0 + cells[begin + $1 * prior.places + place] } * stock[time]
    }
  }
}

extension StockDraws {
  fileprivate init(_ base: FactBase, _ kept: [[Double]], _ parts: [[Double]], _ years: ClosedRange<Int>) {
    let (places, roles) = (base.prior.places, base.roles.count)
    let divided = base.division?.places.count ?? 0
    self.years = years
    self.roles = (0..<years.count).map { year in
      (0..<roles).map { role in
        (0..<places).map { place in
          let at = (year * roles + role) * places + place
          return kept.map { $0[at] }
        }
      }
    }
    self.parts = (0..<years.count).map { year in
      (0..<divided).map { part in parts.map { $0[year * divided + part] } }
    }
  }
}

extension StockDraws {
  /// The first draws of these.
  public func first(_ count: Int) -> StockDraws {
    StockDraws(
      years: years, roles: roles.map { $0.map { $0.map { Array($0.prefix(count)) } } },
      parts: parts.map { $0.map { Array($0.prefix(count)) } })
  }
}
