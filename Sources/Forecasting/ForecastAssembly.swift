import Datasets
import Dimensions
import Facts
import Foundation
import Messages
import ModelSpecs
import TimeSeries

/// A model and its data, met and checked: what a run needs, and what it was estimated from.
public struct ForecastAssembly: Sendable {
  public let inputs: ForecastInputs
  public let demandFit: DemandFit
  /// National head count of every role in the base year, in the order of the model's roles.
  public let roleCounts: [Double]
  /// Sources whose rows were used, in order of first use.
  public let usedSources: [SourceUse]
  /// What a reader must know of the data: published totals that differ from the sum of published parts.
  public let notes: [Bilingual]

  /// - Throws: `ProblemReport(.badConfiguration)` with everything the model names that the data lack.
  ///
  /// - Parameter scenario: levers to move; nil runs the model as it is.
  public init(model: ModelSpec, catalogue: Catalogue, scenario: ScenarioSpec? = nil) throws(ProblemReport) {
    let scenario = scenario ?? ScenarioSpec(model: model)
    let geography = try Geography(model: model, regions: catalogue.regions)
    var lookup = SeriesLookup(catalogue: catalogue, model: model)
    let stock = ForecastAssembly.stock(model, lookup: &lookup)
    let counted = RegionalStock(geography, model, stock: (stock.values, stock.published), lookup: &lookup)
    let facts = try ForecastAssembly.facts(geography, model, catalogue, lookup: &lookup)
    let provinces =
      facts.map { ForecastAssembly.provinceShares(model, $0) }
      ?? ForecastAssembly.provinceShares(geography, model, counted, lookup: &lookup)
    let cities = facts.map { ForecastAssembly.cityShares(model, $0) } ?? ForecastAssembly.cityShares(geography, model, lookup: &lookup)
    let separate = ForecastAssembly.separateFactors(geography, model, lookup: &lookup)
    let demand = cities.flatMap {
      DemandAssembly(geography, model, cityShares: $0.shares, lookup: &lookup)
    }
    let supply = SupplyAssembly(
      geography, model, scenario, stock: (stock.values, stock.published), lookup: &lookup)
    let base = provinces?[model.years.base]
    let roles = base.flatMap {
      RoleAssembly(
        geography, model, stock: stock.values[model.years.base] ?? 0, provinceShares: $0.shares, facts: facts, lookup: &lookup)
    }
    try lookup.finish()
    guard let provinces, let cities, let separate, let demand, let supply, let roles else {
      let parts = [
        ("allocation.provinces", provinces == nil), ("allocation.cities", cities == nil), ("allocation.separate", separate == nil),
        ("demand", demand == nil && cities != nil), ("supply", supply == nil), ("roles", roles == nil && provinces != nil),
      ].filter(\.1).map(\.0)
      throw ProblemReport(
        .badConfiguration,
        parts.map { part in
          Problem(
            "model.incomplete", path: "model \(model.id)",
            message: Bilingual(
              zh: "数据不足以构成模型的 \(part) 部分", en: "the data do not suffice for the model's part '\(part)'"),
            hint: Bilingual(
              zh: "核对该部分所列指标在各地区、各年份是否都有数据", en: "see that the series it names have figures for all its places and years"))
        })
    }
    var inputs = ForecastInputs(
      geography: geography, teams: model.teams.map { ($0.id, $0.name) },
      industries: model.industries.map { ($0.id, $0.name) }, years: model.years, stock: stock.values,
      publishedYears: stock.published, provinceShares: provinces, cityShares: cities, separateFactor: separate,
      separateLike: geography.provinces.firstIndex(of: model.allocation.separateLike) ?? geography.divided,
      roles: roles.roles, roleShares: roles.shares, workforce: supply.workforce, cohorts: supply.cohorts, leafCohort: supply.leafCohort,
      demandGrowth: demand.growth, demandTerms: demand.terms, demandTotals: demand.totals.filter { $0.leaves.count > 1 },
      commonShock: demand.fit.commonShock, baseGap: model.demand.baseGap.value,
      levers: LeverPaths(
        leaves: geography.leaves.count, teams: model.teams.count, horizon: model.years.last - model.years.base),
      concept: stock.concept,
      sources: ForecastInputs.InputSources(
        stock: stock.source, allocation: lookup.sources(of: facts?.indicators ?? model.allocation.provinceDrivers),
        cities: lookup.sources(of: facts?.division?.spec.drivers ?? model.allocation.cityDrivers),
        separate: lookup.sources(of: [model.allocation.separateDriver]),
        demand: lookup.sources(of: [model.demand.proxy, model.demand.driver]),
        supply: lookup.sources(of: [model.supply.entrantsFollow], and: [model.supply.transferOut.source]),
        roles: lookup.sources(of: model.roles.compactMap(\.spread))))
    inputs.unit = catalogue.indicators.first { $0.id == model.stock.indicator }?.unit ?? inputs.unit
    let panel = try catalogue.panel(model.demand.proxy)
    for target in try model.plan.map({ plan throws(ProblemReport) in try catalogue.plan(plan).targets }) ?? []
    where target.region == model.stock.nation && target.indicators.contains(model.stock.indicator) {
      inputs.planTargets[target.year] = (target.value, target.source)
    }
    for year in model.years.history...model.years.base {
      let rows = geography.provinces.map { panel[$0, year] }
      guard !rows.isEmpty, rows.allSatisfy({ ($0?.value ?? 0) > 0 }) else { continue }
      inputs.labour[year] = rows.map { $0?.value ?? 0 }
    }
    inputs.sources.labour = lookup.sources(of: [model.demand.proxy])
    inputs.countedProvinces = counted.figures
    inputs.placed = roles.placed
    if let response = model.supply.response { inputs.response = (response.value, response.range) }
    // A place that publishes in other years only is estimated with everything else that is published.
    inputs.estimatedProvinces = facts == nil ? counted.estimates : [:]
    inputs.baseGapRange = model.demand.baseGap.range
    inputs.stockEvidence = stock.grades
    inputs.levers = try ForecastAssembly.levers(scenario, model, demand.fit, inputs)
    self.inputs = inputs
    notes = facts == nil ? counted.notes : []
    demandFit = demand.fit
    roleCounts = roles.counts
    usedSources = lookup.used
  }

  /// The inputs under another scenario of the same model: levers and retirement change, data do not.
  ///
  /// - Throws: what the supply side refuses, and what the scenario asks of places that they cannot give.
  public func inputs(
    under scenario: ScenarioSpec, model: ModelSpec, catalogue: Catalogue
  ) throws(ProblemReport) -> ForecastInputs {
    var lookup = SeriesLookup(catalogue: catalogue, model: model)
    let supply = SupplyAssembly(
      inputs.geography, model, scenario, stock: (inputs.stock, inputs.publishedYears), lookup: &lookup)
    try lookup.finish()
    var moved = inputs
    if let supply { (moved.cohorts, moved.leafCohort) = (supply.cohorts, supply.leafCohort) }
    moved.levers = try ForecastAssembly.levers(scenario, model, demandFit, inputs)
    return moved
  }

  /// - Throws: what a scenario asks of places that they cannot give.
  private static func levers(
    _ scenario: ScenarioSpec, _ model: ModelSpec, _ fit: DemandFit, _ inputs: ForecastInputs
  ) throws(ProblemReport) -> LeverPaths {
    let geography = inputs.geography
    let levers = LeverPaths(
      scenario, geography: geography, hubs: model.regions.hubs, nation: model.stock.nation,
      teams: model.teams.map(\.id), years: model.years,
      slopes: geography.leaves.map { leaf in leaf.province.map { fit.leadSlopes[$0] } ?? fit.pooledLeadSlope },
      persons: inputs.basePersons)
    guard levers.migration.problems.isEmpty else { throw ProblemReport(.badConfiguration, levers.migration.problems) }
    return levers
  }

  /// Published figures, with the years between them interpolated in logarithms.
  private static func stock(
    _ model: ModelSpec, lookup: inout SeriesLookup
  ) -> (values: [Int: Double], published: Set<Int>, grades: [Int: Evidence], concept: String, source: String) {
    guard let panel = lookup.panel(model.stock.indicator) else { return ([:], [], [:], "", "") }
    let rows = panel.series(model.stock.nation).filter { $0.year <= model.years.base && $0.value > 0 }
    for row in rows { lookup.note(row) }
    for year in [model.years.history, model.years.base] where !rows.contains(where: { $0.year == year }) {
      lookup.report(
        "model.no-stock",
        Bilingual(
          zh: "\(model.stock.indicator) 没有 \(year) 年的公布数", en: "\(model.stock.indicator) has no published figure for \(year)"),
        hint: Bilingual(
          zh: "已公布年份：\(rows.map { String($0.year) }.joined(separator: "、"))；请修改 years",
          en: "published years: \(rows.map { String($0.year) }.joined(separator: ", ")); change `years`"))
    }
    var values: [Int: Double] = [:]
    for (from, to) in zip(rows, rows.dropFirst()) {
      for year in from.year...to.year {
        let part = Double(year - from.year) / Double(to.year - from.year)
        values[year] = exp(log(from.value) + part * log(to.value / from.value))
      }
    }
    for row in rows { values[row.year] = row.value }
    let grades = Dictionary(rows.map { ($0.year, $0.evidence) }, uniquingKeysWith: { _, new in new })
    return (values, Set(rows.map(\.year)), grades, panel.concept, rows.last?.source ?? "")
  }

  /// What is published of places, if the model reads it; its places are the model's.
  private static func facts(
    _ geography: Geography, _ model: ModelSpec, _ catalogue: Catalogue, lookup: inout SeriesLookup
  ) throws(ProblemReport) -> FactBase? {
    guard let spec = model.evidence else { return nil }
    let facts = try FactBase(spec, catalogue: catalogue)
    for fact in facts.facts { lookup.note(SourceUse.Row(fact)) }
    let parts = geography.cities + (geography.cities.isEmpty ? [] : [model.regions.rest.code])
    let differing = Set(facts.places).symmetricDifference(geography.provinces).union(
      Set(facts.division?.places ?? []).symmetricDifference(parts))
    let years = model.years.history...model.years.base
    guard differing.isEmpty, spec.stock == model.stock.indicator, spec.years.contains(years.lowerBound), spec.years.contains(years.upperBound)
    else {
      let codes = differing.map(\.text).sorted().prefix(5).joined(separator: ", ")
      throw ProblemReport(
        .badConfiguration,
        [
          Problem(
            "model.evidence", path: "evidence",
            message: Bilingual(
              zh: "证据文件与模型的地区、年份或存量指标不一致\(codes.isEmpty ? "" : "：\(codes)")",
              en: "the evidence file and the model differ in places, years or stock\(codes.isEmpty ? "" : ": \(codes)")"),
            hint: Bilingual(
              zh: "核对证据文件的 places、division、years、composition.stock", en: "see places, division, years and composition.stock of the evidence file"))
        ])
    }
    return facts
  }

  /// Most probable shares of places whose figures are read together.
  private static func provinceShares(_ model: ModelSpec, _ facts: FactBase) -> [Int: Allocation] {
    let years = model.years.history...model.years.base
    let central = facts.central(years)
    return Dictionary(
      uniqueKeysWithValues: years.enumerated().map { y, year in
        let shares = facts.places.indices.map { r in central.roles[y].reduce(0) { $0 + $1[r][0] } }
        return (year, Allocation(drivers: [shares], noise: 0))
      })
  }

  private static func cityShares(_ model: ModelSpec, _ facts: FactBase) -> Allocation {
    let years = model.years.history...model.years.base
    let parts = facts.central(years).parts[years.count - 1].map { $0[0] }
    return Allocation(drivers: [parts.isEmpty ? [1] : parts], noise: 0)
  }

  /// Shares by year: each driver's latest complete cross-section not after the year.
  private static func provinceShares(
    _ geography: Geography, _ model: ModelSpec, _ counted: RegionalStock, lookup: inout SeriesLookup
  ) -> [Int: Allocation]? {
    var all: [Int: Allocation] = [:]
    for year in model.years.history...model.years.base {
      var drivers = model.allocation.provinceDrivers.map { indicator in
        let values = geography.provinces.map { lookup.latest(indicator, $0, by: year)?.value ?? .nan }
        let total = values.reduce(0, +)
        return values.map { $0 / total }
      }
      let known = counted.shares[year] ?? [:]
      let estimated = (counted.estimates[year] ?? [:]).mapValues { UncertainFactor(central: $0.share, logSpread: $0.logSpread) }
      if drivers.isEmpty {
        if known.count + estimated.count < geography.provinces.count {
          lookup.report(
            "model.no-driver",
            Bilingual(
              zh: "\(year) 年只有 \(known.count)/\(geography.provinces.count) 个地区公布 \(model.stock.indicator)，而 allocation.provinces.drivers 为空",
              en:
                "\(known.count) of \(geography.provinces.count) regions publish \(model.stock.indicator) for \(year), and allocation.provinces.drivers is empty"
            ),
            hint: Bilingual(zh: "请写出分摊其余地区的指标", en: "name the indicators that spread the others"))
        }
        drivers = [geography.provinces.map { _ in 1 / Double(geography.provinces.count) }]
      }
      all[year] = Allocation(drivers: drivers, noise: model.shareSpread[.allocated] ?? 0, counted: known, estimated: estimated)
    }
    return all
  }

  private static func cityShares(
    _ geography: Geography, _ model: ModelSpec, lookup: inout SeriesLookup
  ) -> Allocation? {
    guard !geography.cities.isEmpty else { return Allocation(drivers: [[1]], noise: 0) }
    let parent = geography.provinces[geography.divided]
    let drivers = model.allocation.cityDrivers.map { indicator -> [Double] in
      guard let panel = lookup.panel(indicator) else { return [] }
      let shares = geography.cities.map { city -> Double in
        let both = panel.series(city).filter { $0.year <= model.years.base && panel[parent, $0.year] != nil }
        guard let own = both.last, let whole = panel[parent, own.year], whole.value > 0 else { return .nan }
        lookup.note(own)
        return own.value / whole.value
      }
      return shares + [.nan]
    }
    for (c, city) in geography.cities.enumerated()
    where drivers.allSatisfy({ !$0.indices.contains(c) || $0[c].isNaN }) {
      lookup.report(
        "model.no-driver",
        Bilingual(zh: "\(city) 没有任何分摊指标", en: "no driver covers \(city)"))
    }
    guard drivers.allSatisfy({ $0.count == geography.cities.count + 1 }) else { return nil }
    return Allocation(drivers: drivers, remainder: true, noise: model.shareSpread[.assumed] ?? 0)
  }

  private static func separateFactors(
    _ geography: Geography, _ model: ModelSpec, lookup: inout SeriesLookup
  ) -> [UncertainFactor]? {
    let like = model.allocation.separateLike
    return geography.separate.map { code in
      let own = lookup.latest(model.allocation.separateDriver, code, by: model.years.base)?.value ?? 0
      let reference = lookup.latest(model.allocation.separateDriver, like, by: model.years.base)?.value ?? 1
      let least = model.allocation.separateLeast[code].flatMap { lookup.latest($0, code, by: model.years.base)?.value } ?? 0
      return UncertainFactor(central: own / reference, logSpread: model.allocation.separateSpread.value, least: least)
    }
  }
}
