import Datasets
import Dimensions
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
    let provinces = ForecastAssembly.provinceShares(geography, model, counted, lookup: &lookup)
    let cities = ForecastAssembly.cityShares(geography, model, lookup: &lookup)
    let separate = ForecastAssembly.separateFactors(geography, model, lookup: &lookup)
    let demand = cities.flatMap {
      DemandAssembly(geography, model, cityShares: $0.shares, lookup: &lookup)
    }
    let supply = SupplyAssembly(
      geography, model, scenario, stock: (stock.values, stock.published), lookup: &lookup)
    let base = provinces?[model.years.base]
    let roles = base.flatMap {
      RoleAssembly(
        geography, model, stock: stock.values[model.years.base] ?? 0, provinceShares: $0.shares, lookup: &lookup)
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
        stock: stock.source, allocation: lookup.sources(of: model.allocation.provinceDrivers),
        cities: lookup.sources(of: model.allocation.cityDrivers),
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
    inputs.estimatedProvinces = counted.estimates
    inputs.baseGapRange = model.demand.baseGap.range
    inputs.stockEvidence = stock.grades
    inputs.levers = try ForecastAssembly.levers(scenario, model, demand.fit, inputs)
    self.inputs = inputs
    notes = counted.notes
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
      return UncertainFactor(central: own / reference, logSpread: model.allocation.separateSpread.value)
    }
  }
}
