import Demand
import Dimensions
import Foundation
import Messages
import ModelSpecs
import TimeSeries

/// What the demand side of a run was estimated from, for the report.
public struct DemandFit: Sendable {
  /// Elasticity of the leading driver, all provinces together, with its standard error.
  public let elasticity: Double
  public let elasticityError: Double
  /// The same of each province, in their order.
  public let regional: [Double]
  /// Every method, in the model's order, with its past errors and its weight.
  public let methods: [DemandMethodFit]
  /// Past error of the combination, and of the benchmarks on the same cases.
  public let combined: (cases: Int, error: Double, naive: Double, constantShare: Double)
  /// Correlation of yearly shocks between provinces.
  public let commonShock: Double
  /// Log requirement per log of the leading driver, by province: what a lever on it moves.
  public let leadSlopes: [Double]
  /// The same for a region without a province.
  public let pooledLeadSlope: Double
}

/// Requirement growth of every leaf: provinces by the weighted methods, cities by their own growth
/// inside the province, separate regions by their own driver.
struct DemandAssembly {
  let growth: [GrowthOutlook]
  /// The nation and the divided province, forecast on their own.
  let totals: [TotalOutlook]
  /// Terms of each leaf's growth; they add up to its mean.
  let terms: [[DemandTerm]]
  let fit: DemandFit

  init?(_ geography: Geography, _ model: ModelSpec, cityShares: [Double], lookup: inout SeriesLookup) {
    let (base, horizon) = (model.years.base, model.years.last - model.years.base)
    let methods = DemandAssembly.methods(model.demand)
    guard let panel = DemandAssembly.panel(geography, model, methods, lookup: &lookup) else { return nil }
    let backtest = DemandBacktest(methods, panel, model)
    let forecasts = methods.map {
      DemandMethodForecast($0, panel, labour: model.demand.proxy, prior: model.demand.elasticity)
    }
    let weights = backtest.weights()
    let provinces = geography.provinces.indices.map { p -> (terms: [DemandTerm], freedom: Double) in
      let used = zip(forecasts, weights).compactMap { forecast, weight in forecast.map { ($0, weight) } }
      return (
        used.flatMap { $0.terms(p, code: geography.provinces[p], weight: $1, base: base, horizon: horizon) },
        used.filter { $0.1 > 0 }.map { $0.0.freedom(p) }.min() ?? .infinity
      )
    }
    let lead = methods.firstIndex { $0.kind == .driver && $0.indicator == model.demand.driver }
    guard let lead, let elasticity = forecasts[lead]?.elasticity else { return nil }
    let divided = provinces[geography.divided]
    guard
      let cities = DemandAssembly.cities(
        geography, model, parent: divided, slope: elasticity.regional[geography.divided], shares: cityShares,
        lookup: &lookup)
    else { return nil }
    var growth: [GrowthOutlook] = []
    var terms: [[DemandTerm]] = []
    var city = 0
    for leaf in geography.leaves {
      if leaf.province == geography.divided {
        growth.append(cities[city].outlook)
        terms.append(cities[city].terms)
        city += 1
      } else if let p = leaf.province {
        growth.append(GrowthOutlook(provinces[p].terms, horizon: horizon, freedom: provinces[p].freedom))
        terms.append(provinces[p].terms)
      } else if let (outlook, term) = DemandAssembly.separate(leaf.code, elasticity.pooled, model, lookup: &lookup) {
        growth.append(outlook)
        terms.append([term])
      } else {
        return nil
      }
    }
    self.growth = growth
    totals = DemandAssembly.totals(
      geography, model,
      weights: (trend: 1 - weights[lead], driver: weights[lead]), elasticity,
      divided: GrowthOutlook(divided.terms, horizon: horizon, freedom: divided.freedom),
      common: panel.labour.pooled.residuals.commonCorrelation, lookup: &lookup)
    self.terms = terms
    fit = DemandFit(
      elasticity, methods: DemandAssembly.fits(methods, forecasts, weights, backtest), combined: backtest.combined,
      commonShock: panel.labour.pooled.residuals.commonCorrelation, driver: model.demand.driver, provinces.map(\.terms))
  }

  /// Totals have series of their own: sums over the provinces in years where all have a figure.
  private static func totals(
    _ geography: Geography, _ model: ModelSpec, weights: (trend: Double, driver: Double),
    _ elasticity: DriverElasticity,
    divided: GrowthOutlook, common: Double, lookup: inout SeriesLookup
  ) -> [TotalOutlook] {
    let (base, horizon) = (model.years.base, model.years.last - model.years.base)
    let leaves = geography.leaves
    func members(_ keep: (Int) -> Bool) -> [Int] { leaves.indices.filter { leaves[$0].province.map(keep) ?? false } }
    var totals = [
      TotalOutlook(
        name: geography.provinces[geography.divided].text, leaves: members { $0 == geography.divided }, growth: divided,
        common: common)
    ]
    let series = [model.demand.proxy, model.demand.driver].map {
      lookup.total($0, of: geography.provinces, from: base - 30, through: model.years.last)
    }
    guard series.allSatisfy({ $0.count >= 3 }) else { return totals }
    let groups = series.compactMap { GrowthGroup([$0], damping: model.damping) }
    guard groups.count == 2 else { return totals }
    let own = groups[0].outlook(0, base: base, horizon: horizon)
    let pulled = groups[1].outlook(0, base: base, horizon: horizon)
    let slope = weights.driver * elasticity.pooled
    totals.append(
      TotalOutlook(
        name: model.stock.nation.text, leaves: members { _ in true },
        growth: GrowthOutlook(
          mean: own.mean.indices.map { weights.trend * own.mean[$0] + slope * pulled.mean[$0] },
          spread: own.mean.indices.map { h in
            let shock = weights.trend * own.spread[h] + slope * pulled.spread[h]
            let parameter = weights.driver * elasticity.standardError * pulled.mean[h]
            return (shock * shock + parameter * parameter).squareRoot()
          }, freedom: min(own.freedom, pulled.freedom)), common: 1))
    return totals
  }

  /// Trend and leading driver first, then what the model adds.
  private static func methods(_ spec: ModelSpec.Demand) -> [DemandMethod] {
    [
      DemandMethod(kind: .trend, indicator: spec.proxy), DemandMethod(kind: .nation, indicator: spec.proxy),
      DemandMethod(kind: .driver, indicator: spec.driver),
    ]
      + spec.methods.map { method in
        let kind: DemandTerm.Kind =
          switch method.kind {
          case .driver: .driver
          case .density: .density
          case .elasticity: .elasticity
          }
        return DemandMethod(kind: kind, indicator: method.indicator, isPolicyDriven: method.isPolicyDriven)
      }
  }

  private static func panel(
    _ geography: Geography, _ model: ModelSpec, _ methods: [DemandMethod], lookup: inout SeriesLookup
  ) -> DemandPanel? {
    func group(_ indicator: String, _ lookup: inout SeriesLookup) -> GrowthGroup? {
      GrowthGroup(geography.provinces.map { (indicator, $0) }, damping: model.damping, lookup: &lookup)
    }
    let labour = group(model.demand.proxy, &lookup)
    var drivers: [String: GrowthGroup] = [:]
    var isComplete = labour != nil
    for method in methods where method.indicator != model.demand.proxy && drivers[method.indicator] == nil {
      drivers[method.indicator] = group(method.indicator, &lookup)
      if drivers[method.indicator] == nil { isComplete = false }
    }
    guard isComplete, let labour else { return nil }
    return DemandPanel(labour: labour, drivers: drivers, year: model.years.base, damping: model.damping, nation: model.stock.nation)
  }

  private static func fits(
    _ methods: [DemandMethod], _ forecasts: [DemandMethodForecast?], _ weights: [Double], _ backtest: DemandBacktest
  ) -> [DemandMethodFit] {
    let scores = methods.indices.map(backtest.score)
    func relative(_ place: Int) -> Double { scores[place].cases > 0 ? scores[place].error / scores[place].naive : .infinity }
    return methods.indices.map { m in
      let elasticity = forecasts[m]?.elasticity
      return DemandMethodFit(
        method: methods[m], weight: weights[m],
        elasticity: elasticity?.pooled ?? (methods[m].kind == .elasticity ? forecasts[m]?.parts.first?.slopes.first ?? .nan : .nan),
        elasticityError: elasticity?.standardError ?? .nan, heldAtBound: elasticity?.held.count ?? 0,
        cases: scores[m].cases, error: scores[m].error, naive: scores[m].naive, constantShare: scores[m].constantShare,
        rank: 1 + methods.indices.count { relative($0) < relative(m) })
    }
  }

  /// A region with a statistical system of its own: its driver times the pooled elasticity.
  private static func separate(
    _ code: RegionCode, _ slope: Double, _ model: ModelSpec, lookup: inout SeriesLookup
  ) -> (GrowthOutlook, DemandTerm)? {
    guard let indicator = model.demand.separateGrowth[code] else {
      lookup.report(
        "model.missing-key", Bilingual(zh: "demand.separate 缺少 \(code)", en: "demand.separate lacks \(code)"))
      return nil
    }
    guard let group = GrowthGroup([(indicator, code)], damping: model.damping, lookup: &lookup) else { return nil }
    let own = group.outlook(0, base: model.years.base, horizon: model.years.last - model.years.base)
    let term = DemandTerm(
      kind: .elasticity, indicator: indicator, per: "", region: code, weight: 1, slope: slope, slopeError: 0,
      growth: own.mean, spread: own.spread)
    return (GrowthOutlook([term], horizon: own.mean.count, freedom: own.freedom), term)
  }

  /// Cities grow like their province plus their own lead or lag in the growth series; shares are kept
  /// adding up to the province by one correction a year.
  private static func cities(
    _ geography: Geography, _ model: ModelSpec, parent: (terms: [DemandTerm], freedom: Double), slope: Double,
    shares: [Double], lookup: inout SeriesLookup
  ) -> [(outlook: GrowthOutlook, terms: [DemandTerm])]? {
    let (base, horizon) = (model.years.base, model.years.last - model.years.base)
    guard !geography.cities.isEmpty else {
      return [(GrowthOutlook(parent.terms, horizon: horizon, freedom: parent.freedom), parent.terms)]
    }
    let (indicator, whole) = (model.demand.cityGrowth, geography.provinces[geography.divided])
    let members = (geography.cities + [whole]).map { (indicator, $0) }
    guard let group = GrowthGroup(members, damping: model.damping, lookup: &lookup) else { return nil }
    let province = group.outlook(members.count - 1, base: base, horizon: horizon)
    let none = [Double](repeating: 0, count: horizon)
    func lead(_ code: RegionCode, _ growth: [Double], _ slope: Double) -> DemandTerm {
      DemandTerm(
        kind: .lead, indicator: indicator, per: "", region: code, weight: 1, slope: slope, slopeError: 0,
        growth: growth, spread: none)
    }
    let parentSpread = parent.terms.spread(horizon)
    var cities = geography.cities.enumerated().map { c, code -> (terms: [DemandTerm], spread: [Double], freedom: Double) in
      let own = group.outlook(c, base: base, horizon: horizon)
      return (
        parent.terms + [lead(code, own.mean, slope), lead(whole, province.mean, -slope)],
        own.mean.indices.map { max(parentSpread[$0], slope * own.spread[$0]) }, min(own.freedom, parent.freedom)
      )
    }
    cities.append((parent.terms, parentSpread, parent.freedom))  // the rest of the province
    let means = cities.map { $0.terms.mean(horizon) }
    let mean = parent.terms.mean(horizon)
    let excess = (0..<horizon).map { h in
      log(zip(shares, means).reduce(0) { $0 + $1.0 * exp($1.1[h]) }) - mean[h]
    }
    return cities.map { city in
      let terms =
        city.terms + [
          DemandTerm(
            kind: .addingUp, indicator: "", per: "", region: whole, weight: 1, slope: -1, slopeError: 0, growth: excess,
            spread: none)
        ]
      return (GrowthOutlook(mean: terms.mean(horizon), spread: city.spread, freedom: city.freedom), terms)
    }
  }
}

extension GrowthOutlook {
  fileprivate init(_ terms: [DemandTerm], horizon: Int, freedom: Double) {
    self.init(mean: terms.mean(horizon), spread: terms.spread(horizon), freedom: freedom)
  }
}

extension DemandFit {
  fileprivate init(
    _ lead: DriverElasticity, methods: [DemandMethodFit],
    combined: (cases: Int, error: Double, naive: Double, constantShare: Double), commonShock: Double, driver: String,
    _ provinces: [[DemandTerm]]
  ) {
    elasticity = lead.pooled
    elasticityError = lead.standardError
    regional = lead.regional
    self.methods = methods
    self.combined = combined
    self.commonShock = commonShock
    func slope(_ terms: [DemandTerm]) -> Double {
      terms.filter { $0.indicator == driver && $0.kind != .trend }.reduce(0) { $0 + $1.weight * $1.slope }
    }
    leadSlopes = provinces.map(slope)
    // Regions of their own follow the driver alone; a lever moves them as much as a mean province.
    pooledLeadSlope = leadSlopes.reduce(0, +) / Double(max(leadSlopes.count, 1))
  }
}
