import Balancing
import Dimensions
import Facts
import Foundation
import Messages
import ModelSpecs
import TimeSeries

/// The base-year table of teams by industries and its spread over provinces.
struct RoleAssembly {
  /// National head count of each role in the base year; sums to the stock.
  let counts: [Double]
  let roles: [ForecastInputs.RoleInput]
  /// `[province][role]`, rows sum to 1.
  let shares: [[Double]]

  /// Where each population of published figures is; nil where places are allocated.
  let placed: PlacedStock?

  /// - Parameters:
  ///   - provinceShares: of the stock, allocated.
  ///   - facts: what is published of places instead; nil where they are allocated.
  init?(
    _ geography: Geography, _ model: ModelSpec, stock: Double, provinceShares: [Double], facts: FactBase?, lookup: inout SeriesLookup
  ) {
    let populations = facts.map { RoleAssembly.populations(model, $0) }
    // What a population is counts by itself: it takes nothing of the others' rest.
    let alone = populations.map { all in model.roles.indices.filter { role in all.count { $0 == all[role] } == 1 } } ?? []
    guard var counts = RoleAssembly.counts(model, stock: stock, apart: Set(alone), lookup: &lookup) else { return nil }
    if let facts, let populations {
      counts = RoleAssembly.held(counts, populations, to: facts.national(model.years.base))
    }
    self.counts = counts
    roles = model.roles.indices.map { r in
      let role = model.roles[r]
      let evidence: Evidence = if case .published = role.count { .estimated } else { .assumed }
      return ForecastInputs.RoleInput(
        team: model.teams.firstIndex { $0.id == role.team } ?? 0,
        industry: model.industries.firstIndex { $0.id == role.industry } ?? 0, evidence: evidence,
        spread: model.shareSpread[evidence] ?? 0,
        relativeGrowth: RoleAssembly.relativeGrowth(role, model, stock: stock, geography, lookup: &lookup))
    }
    guard let facts, let populations else {
      guard
        let spread = RoleAssembly.spread(
          geography, model, Array(counts.indices), counts: counts, provinces: provinceShares, lookup: &lookup)
      else { return nil }
      (shares, placed) = (spread, nil)
      return
    }
    let years = model.years.history...model.years.base
    let central = facts.central(years).roles[years.count - 1]
    var within = geography.provinces.map { _ in [Double](repeating: 0, count: counts.count) }
    for population in Set(populations).sorted() {
      let members = populations.indices.filter { populations[$0] == population }
      guard
        let parts = RoleAssembly.spread(
          geography, model, members, counts: counts, provinces: central[population].map { $0[0] }, lookup: &lookup)
      else { return nil }
      for p in parts.indices { for (m, role) in members.enumerated() { within[p][role] = parts[p][m] } }
    }
    shares = geography.provinces.indices.map { p in
      let whole = central.reduce(0) { $0 + $1[p][0] }
      return populations.indices.map { central[populations[$0]][p][0] / whole * within[p][$0] }
    }
    placed = PlacedStock(facts, years: years, populationOf: populations, within: within)
  }

  /// Position of each role's population among those that make up the stock.
  private static func populations(_ model: ModelSpec, _ facts: FactBase) -> [Int] {
    let ids = facts.roles.map { facts.spec.populations[$0].id }
    return model.roles.map { role in ids.firstIndex { $0 == role.population } ?? 0 }
  }

  /// Roles of a population keep their proportions and add up to its number.
  private static func held(_ counts: [Double], _ populations: [Int], to national: [Double]) -> [Double] {
    counts.indices.map { role in
      let members = populations.indices.filter { populations[$0] == populations[role] }
      let sum = members.reduce(0) { $0 + counts[$1] }
      let whole = national[populations[role]]
      return sum > 0 ? counts[role] * whole / sum : whole / Double(members.count)
    }
  }

  /// Published counts as they are; the rest of the stock by R&D spending and value added.
  ///
  /// - Parameter apart: roles whose number stands elsewhere; of the rest they get nothing.
  private static func counts(
    _ model: ModelSpec, stock: Double, apart: Set<Int>, lookup: inout SeriesLookup
  ) -> [Double]? {
    let (nation, base) = (model.stock.nation, model.years.base)
    var counts = [Double](repeating: 0, count: model.roles.count)
    for (r, role) in model.roles.enumerated() {
      guard case .published(let indicator, let less) = role.count else { continue }
      let whole = lookup.latest(indicator, nation, by: base)?.value ?? 0
      let part = less.flatMap { lookup.latest($0, nation, by: base)?.value } ?? 0
      counts[r] = max(0, whole - part)
    }
    let published = counts.reduce(0, +)
    // Head counts that fill the stock but for rounding leave no rest.
    guard published <= stock * (1 + RegionalStock.tolerance) else {
      lookup.report(
        "model.roles-exceed-stock",
        Bilingual(
          zh: "各岗位已公布人数之和 \(whole(published)) 超过 \(base) 年人才总量 \(whole(stock))",
          en: "the published head counts of the roles, \(whole(published)), exceed the stock of \(base), \(whole(stock))"),
        hint: Bilingual(
          zh: "某个指标的范围比存量宽？改用其中的部分，或用 less 减去重复计数",
          en: "does an indicator count more than the stock does? Use the part of it that belongs, or take away the overlap with `less`"))
      return nil
    }
    let rest = max(0, stock - published)
    if rest == 0, published > 0 { for r in counts.indices { counts[r] *= stock / published } }
    var share = 1.0
    if let split = model.rest {
      let numerator = lookup.latest(split.numerator, nation, by: split.year)?.value ?? 0
      let denominator = lookup.latest(split.denominator, nation, by: split.year)?.value ?? 1
      share = min(max(numerator / denominator, 0), 1)
    }
    var weights: [Int: Double] = [:]
    var remainders: [Int] = []
    for (r, role) in model.roles.enumerated() where !apart.contains(r) {
      switch role.count {
      case .published: break
      case .weighted(let indicator): weights[r] = lookup.latest(indicator, nation, by: base)?.value ?? 0
      case .remainder: remainders.append(r)
      }
    }
    let total = weights.values.sorted().reduce(0, +)
    let weighted = remainders.isEmpty ? rest : total > 0 ? rest * share : 0
    for (r, weight) in weights { counts[r] = total > 0 ? weighted * weight / total : 0 }
    for r in remainders { counts[r] = (rest - weighted) / Double(remainders.count) }
    return counts
  }

  /// Growth of a role's own series less that of the whole it is part of, damped; 0 without a series.
  private static func relativeGrowth(
    _ role: ModelSpec.Role, _ model: ModelSpec, stock: Double, _ geography: Geography, lookup: inout SeriesLookup
  ) -> [Double] {
    let horizon = model.years.last - model.years.base
    let flat = [Double](repeating: 0, count: horizon + 1)
    func drift(_ rows: [(year: Int, value: Double)]) -> Double? {
      guard rows.count >= 3, let first = rows.first, let last = rows.last, last.year > first.year else { return nil }
      return log(last.value / first.value) / Double(last.year - first.year)
    }
    let own: Double?
    let whole: Double?
    switch role.count {
    case .published(let indicator, _):
      own = drift(lookup.segment(indicator, model.stock.nation))
      let rows = lookup.series(model.stock.indicator, model.stock.nation, before: model.years.base + 1)
      whole = rows.count > 1 ? log(rows[rows.count - 1].value / rows[0].value) / Double(rows[rows.count - 1].year - rows[0].year) : nil
    case .weighted(let indicator):
      own = drift(lookup.segment(indicator, model.stock.nation))
      let first = lookup.segment(indicator, model.stock.nation).first?.year ?? model.years.history
      whole = drift(lookup.total("gdp", of: geography.provinces, from: first, through: model.years.base))
    case .remainder: return flat
    }
    guard let own, let whole else { return flat }
    var path = flat
    var damped = 0.0
    for h in 1...horizon {
      damped += pow(model.damping, Double(h))
      path[h] = (own - whole) * damped
    }
    return path
  }

  /// Balances role × province: every province's roles sum to its part of them, every role's provinces to its
  /// national count.
  ///
  /// - Parameters: `roles` that are balanced; `provinces` how much of them is where, in any unit.
  /// - Returns: `[province][role]`, rows sum to 1.
  private static func spread(
    _ geography: Geography, _ model: ModelSpec, _ roles: [Int], counts: [Double], provinces: [Double], lookup: inout SeriesLookup
  ) -> [[Double]]? {
    guard roles.count > 1 else { return provinces.map { _ in [1] } }
    let stock = roles.reduce(0) { $0 + counts[$1] }
    let whole = provinces.reduce(0, +)
    let provinceShares = provinces.map { $0 / whole }
    let seed = roles.map { r -> [Double] in
      guard let series = model.roles[r].spread else { return provinceShares.map { $0 * counts[r] } }
      let values = geography.provinces.map { lookup.optionalLatest(series, $0, by: model.years.base) ?? 0 }
      let total = values.reduce(0, +)
      guard total > 0 else { return provinceShares.map { $0 * counts[r] } }
      return values.map { $0 / total * counts[r] }
    }
    guard
      let table = balanced(
        seed: seed, rows: roles.map { counts[$0] }, columns: provinceShares.map { $0 * stock }, lookup: &lookup)
    else { return nil }
    return geography.provinces.indices.map { p in
      let column = table.map { $0[p] }
      let total = column.reduce(0, +)
      return column.map { $0 / total }
    }
  }
}
