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
    let stock = try self.stock()
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
    for k in spec.populations.indices where nationals[k].values.contains(where: { !$0.isNaN && $0 <= 0 }) {
      nationals[k].values = nationals[k].values.map { $0 > 0 ? $0 : .nan }
    }
    var counted: Set<Int> = []
    for k in spec.populations.indices where try hasRegional(k) { counted.insert(k) }
    let made = spec.populations.enumerated().map { k, population in
      let f = spec.families.firstIndex { $0.id == population.family } ?? 0
      let names = spec.families[f].drivers
      let columns = years.indices.map { t in
        if names.isEmpty { return sites(spec.families[f].sites) }
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

  /// The national stock: published, between two published years, and beyond the last at the growth of the last stretch.
  func stock() throws(ProblemReport) -> National {
    interpolated(try catalogue.panel(spec.stock).series(spec.nation).map { ($0.year, $0.value) }, beyond: true)
  }

  /// One column: alike at the sites, next to nothing elsewhere.
  private func sites(_ sites: [RegionCode]) -> Matrix {
    var matrix = Matrix(rows: places.count, columns: 1)
    for r in places.indices { matrix[r, 0] = sites.contains(places[r]) ? 0 : -30 }
    return matrix
  }

  /// National counts that are printed to the last person.
  func exactNationals() throws(ProblemReport) -> [Int: [Int: Observation]] {
    var all: [Int: [Int: Observation]] = [:]
    for (k, population) in spec.populations.enumerated() {
      guard population.isRole, case .indicator(let name) = population.national else { continue }
      for row in try catalogue.panel(name).series(spec.nation) where row.precision == .exact && row.evidence == .observed {
        all[k, default: [:]][row.year] = row
      }
    }
    return all
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
  ///
  /// - Parameter beyond: whether years after the last published one grow as the last stretch did.
  private func interpolated(_ series: [(year: Int, value: Double)], beyond: Bool = false) -> National {
    let known = series.filter { $0.value > 0 }
    let trend = known.suffix(2)
    let growth =
      beyond && trend.count == 2
      ? log(trend[trend.startIndex + 1].value / trend[trend.startIndex].value)
        / Double(trend[trend.startIndex + 1].year - trend[trend.startIndex].year) : 0
    let values = years.map { year -> Double in
      let (before, after) = (known.last { $0.year <= year }, known.first { $0.year >= year })
      switch (before, after) {
      case (nil, nil): return .nan
      case (let one?, nil): return one.value * exp(growth * Double(year - one.year))
      case (nil, let one?): return one.value
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

  /// Every statement about places of the cells; then those about parts of the divided place.
  func facts(_ nationals: [National]) throws(ProblemReport) -> (facts: [PublishedFact], parts: [PrintedRow], notes: [Problem]) {
    var facts: [PublishedFact] = []
    var parts: [PrintedRow] = []
    var notes: [Problem] = []
    let table = try PrintedRow.table(spec, catalogue)
    func rows(_ indicator: String) throws(ProblemReport) -> [PrintedRow] {
      let all = try catalogue.panel(indicator).observations.map(PrintedRow.init) + table.filter { $0.indicator == indicator }
      return all.filter { $0.place != spec.nation && $0.value > 0 }
    }
    for (k, population) in spec.populations.enumerated() {
      guard case .indicator(let name) = population.national else { continue }
      for row in try rows(name) {
        if !population.panel.isEmpty, !population.panel.contains(row.year) { continue }
        guard let (time, indices, binding) = cells(row), nationals[k].isInside[time] else {
          if population.panel.isEmpty { notes.append(unused(row, population.name)) }
          continue
        }
        var variance = 0.0
        if !nationals[k].isPublished[time] { variance = spec.interpolated * spec.interpolated }
        facts.append(
          fact(row, k, [EvidenceFact.Part(population: k, time: time, places: indices)], binding, variance: variance))
      }
    }
    // What is said of the whole stock of a place is said of its roles together.
    let stock = try stock()
    let roles = spec.populations.indices.filter { spec.populations[$0].isRole }
    for row in try rows(spec.stock) {
      if let division = spec.division, division.places.contains(row.place), years.contains(row.year) {
        parts.append(row)
        continue
      }
      guard let (time, indices, binding) = cells(row), stock.values[time] > 0 else {
        notes.append(unused(row, Bilingual(zh: "存量", en: "stock")))
        continue
      }
      let cells = roles.filter { nationals[$0].values[time] > 0 }.map { EvidenceFact.Part(population: $0, time: time, places: indices) }
      facts.append(fact(row, nil, cells, binding, variance: stockVariance(row.year, stock)))
    }
    return (facts, parts, notes)
  }

  /// How unsure the nation's stock of a year is, where it is not published.
  func stockVariance(_ year: Int, _ stock: National) -> Double {
    guard let time = years.firstIndex(of: year), !stock.isPublished[time] else { return 0 }
    if stock.isInside[time] { return spec.interpolated * spec.interpolated }
    let last = years.indices.last { stock.isPublished[$0] } ?? time
    return spec.carried * spec.carried * Double(abs(years[time] - years[last]))
  }

  /// Which cells a row speaks of: time, places, and how an aggregate binds; nil where there are none.
  private func cells(_ row: PrintedRow) -> (time: Int, places: [Int], binding: EvidenceFact.Relation?)? {
    let aggregate = spec.aggregates.first { $0.code == row.place }
    let members = aggregate?.members ?? [row.place]
    let indices = members.compactMap { places.firstIndex(of: $0) }
    guard indices.count == members.count, let time = years.firstIndex(of: row.year) else { return nil }
    return (time, indices, aggregate.flatMap { EvidenceFact.Relation(rawValue: $0.relation) })
  }

  func fact(
    _ row: PrintedRow, _ population: Int?, _ parts: [EvidenceFact.Part], _ binding: EvidenceFact.Relation?, variance: Double
  ) -> PublishedFact {
    let printed = PrintedNumber(value: row.value, precision: row.precision, aggregate: row.bound ?? (binding == .equal ? nil : binding))
    let sd = (pow(max(printed.sd, spec.floor[row.grade] ?? 0), 2) + variance).squareRoot()
    let id = "\(row.indicator)/\(row.place)/\(row.year)"
    return PublishedFact(
      id: id, indicator: row.indicator, population: population, place: row.place, year: row.year, value: row.value, grade: row.grade,
      source: row.source, file: row.file, line: row.line, isPanel: population.map { !spec.populations[$0].panel.isEmpty } ?? false,
      statement: EvidenceFact(id: id, parts: parts, value: printed.value, relation: printed.relation, sd: sd))
  }

  private func unused(_ row: PrintedRow, _ population: Bilingual) -> Problem {
    Problem(
      "evidence.unused", .note, file: row.file, line: row.line,
      message: Bilingual(
        zh: "\(population.zh) \(row.place) \(row.year) 未用：该年没有全国数，或该地不是一级地区",
        en: "\(population.en) \(row.place) \(row.year) is not used: no national number of that year, or no such place among the cells"))
  }
}
