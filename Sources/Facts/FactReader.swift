import Datasets
import Dimensions
import Foundation
import LinearAlgebra
import Messages
import ModelSpecs
import SmallArea

/// Turns data packages into populations with drivers, and rows into statements.
struct FactReader {
  let spec: EvidenceSpec
  let catalogue: Catalogue
  let places: [RegionCode]
  let years: [Int]

  /// The national number of a population by year, and which of them lie between published years.
  struct National {
    var values: [Double]
    var isPublished: [Bool]
    /// Between the first and the last published year.
    var isInside: [Bool]
  }

  // MARK: Populations

  func populations() throws(ProblemReport) -> ([EvidencePrior.Population], [National]) {
    var drivers: [String: [[Double]]] = [:]
    for name in spec.families.flatMap(\.drivers) where drivers[name] == nil { drivers[name] = try logShares(name) }
    var nationals: [National] = []
    for population in spec.populations {
      nationals.append(try national(population))
    }
    let stock = interpolated(try catalogue.panel(spec.stock).series(spec.nation).map { ($0.year, $0.value) })
    for (k, population) in spec.populations.enumerated() where population.national != .rest {
      if population.national == .enterprises {
        nationals[k] = stock
        nationals[k].values = stock.values.map { $0 * spec.enterprises.value }
      }
    }
    for (k, population) in spec.populations.enumerated() where population.national == .rest {
      nationals[k] = stock
      for t in years.indices {
        var left = stock.values[t]
        for (h, other) in spec.populations.enumerated() where other.isRole && h != k {
          left -= nationals[h].values[t].isNaN ? 0 : nationals[h].values[t]
        }
        nationals[k].values[t] = left > 0 ? left : .nan
      }
    }
    var counted: Set<Int> = []
    for k in spec.populations.indices where try hasRegional(k) { counted.insert(k) }
    let made = spec.populations.enumerated().map { k, population in
      let f = spec.families.firstIndex { $0.id == population.family } ?? 0
      let names = spec.families[f].drivers
      let columns = years.indices.map { t in
        var matrix = Matrix(rows: places.count, columns: names.count)
        for (d, name) in names.enumerated() {
          for r in places.indices { matrix[r, d] = drivers[name]?[t][r] ?? 0 }
        }
        return matrix
      }
      return EvidencePrior.Population(
        name: population.id, family: f, national: nationals[k].values, drivers: columns,
        populationSDFactor: counted.contains(k) ? 1 : spec.uncounted.value)
    }
    return (made, nationals)
  }

  /// Whether any place has a figure of a population.
  private func hasRegional(_ k: Int) throws(ProblemReport) -> Bool {
    guard case .indicator(let name) = spec.populations[k].national else { return false }
    return try catalogue.panel(name).regions.contains { $0 != spec.nation }
  }

  private func national(_ population: EvidenceSpec.Population) throws(ProblemReport) -> National {
    guard case .indicator(let name) = population.national else {
      let none = [Bool](repeating: false, count: years.count)
      return National(values: [Double](repeating: .nan, count: years.count), isPublished: none, isInside: none)
    }
    let panel = try catalogue.panel(name)
    guard population.panel.isEmpty else {
      // Of a full panel the places' own sum, whatever else the printed total holds.
      let sums = years.map { year in places.reduce(0) { $0 + (panel[$1, year]?.value ?? .nan) } }
      let whole = sums.map { $0 > 0 }
      return National(values: sums, isPublished: whole, isInside: whole)
    }
    return interpolated(panel.series(spec.nation).map { ($0.year, $0.value) })
  }

  /// Years between two published ones on a straight line in logs, those outside as at the edge.
  private func interpolated(_ series: [(year: Int, value: Double)]) -> National {
    let known = series.filter { $0.value > 0 }
    let values = years.map { year -> Double in
      let (before, after) = (known.last { $0.year <= year }, known.first { $0.year >= year })
      switch (before, after) {
      case (nil, nil): return .nan
      case (let one?, nil), (nil, let one?): return one.value
      case (let a?, let b?):
        if a.year == b.year { return a.value }
        let way = Double(year - a.year) / Double(b.year - a.year)
        return exp(log(a.value) * (1 - way) + log(b.value) * way)
      }
    }
    return National(
      values: values, isPublished: years.map { year in known.contains { $0.year == year } },
      isInside: years.map { year in known.contains { $0.year <= year } && known.contains { $0.year >= year } })
  }

  /// Logs of the places' shares of a driver, by year; the nearest year with figures for every place stands in for others.
  private func logShares(_ name: String) throws(ProblemReport) -> [[Double]] {
    let panel = try catalogue.panel(name)
    var whole: [Int: [Double]] = [:]
    for year in panel.years {
      let row = places.map { panel[$0, year]?.value ?? .nan }
      if row.count(where: { $0 >= 0 }) == places.count, row.contains(where: { $0 > 0 }) { whole[year] = row }
    }
    let known = whole.keys.sorted()
    guard !known.isEmpty else {
      throw ProblemReport(
        .badConfiguration,
        [
          Problem(
            "evidence.driver", path: name,
            message: Bilingual(zh: "驱动“\(name)”没有一年各地齐全", en: "the driver '\(name)' has no year with figures for every place"))
        ])
    }
    return years.map { year in
      let nearest = known.min { (abs($0 - year), $0) < (abs($1 - year), $1) } ?? year
      let row = whole[nearest] ?? []
      let least = row.filter { $0 > 0 }.min() ?? 1
      let filled = row.map { $0 > 0 ? $0 : least / 2 }
      let sum = filled.reduce(0, +)
      return filled.map { log($0 / sum) }
    }
  }

  // MARK: Facts

  func facts(_ nationals: [National]) throws(ProblemReport) -> ([PublishedFact], [Problem]) {
    var facts: [PublishedFact] = []
    var notes: [Problem] = []
    for (k, population) in spec.populations.enumerated() {
      guard case .indicator(let name) = population.national else { continue }
      for row in try catalogue.panel(name).observations where row.region != spec.nation && row.value > 0 {
        if !population.panel.isEmpty, !population.panel.contains(row.year) { continue }
        let aggregate = spec.aggregates.first { $0.code == row.region }
        let members = aggregate?.members ?? [row.region]
        let indices = members.compactMap { places.firstIndex(of: $0) }
        guard indices.count == members.count, let time = years.firstIndex(of: row.year) else {
          if population.panel.isEmpty { notes.append(unused(row, population)) }
          continue
        }
        guard nationals[k].isInside[time] else {
          notes.append(unused(row, population))
          continue
        }
        facts.append(fact(row, k, time, indices, aggregate, nationals[k]))
      }
    }
    return (facts, notes)
  }

  private func fact(
    _ row: Observation, _ k: Int, _ time: Int, _ indices: [Int], _ aggregate: EvidenceSpec.Aggregate?, _ national: National
  ) -> PublishedFact {
    let precision: PrintedNumber.Precision =
      switch row.precision {
      case .exact: .exact
      case .rounded: .about
      case .lowerBound: .above
      case .upperBound: .below
      }
    let binding = aggregate.flatMap { EvidenceFact.Relation(rawValue: $0.relation) }
    let printed = PrintedNumber(value: row.value, precision: precision, aggregate: binding == .equal ? nil : binding)
    var variance = pow(max(printed.sd, spec.floor[row.evidence] ?? 0), 2)
    if !national.isPublished[time] { variance += spec.interpolated * spec.interpolated }
    let id = "\(row.indicator)/\(row.region)/\(row.year)"
    return PublishedFact(
      id: id, indicator: row.indicator, population: k, place: row.region, year: row.year, value: row.value,
      grade: row.evidence, source: row.source, file: row.file, line: row.line, isPanel: !spec.populations[k].panel.isEmpty,
      statement: EvidenceFact(
        id: id, parts: [EvidenceFact.Part(population: k, time: time, places: indices)], value: printed.value,
        relation: printed.relation, sd: variance.squareRoot()))
  }

  private func unused(_ row: Observation, _ population: EvidenceSpec.Population) -> Problem {
    Problem(
      "evidence.unused", .note, file: row.file, line: row.line,
      message: Bilingual(
        zh: "\(population.name.zh) \(row.region) \(row.year) 未用：该年没有全国数，或该地不是一级地区",
        en: "\(population.name.en) \(row.region) \(row.year) is not used: no national number of that year, or no such place among the cells"))
  }
}
