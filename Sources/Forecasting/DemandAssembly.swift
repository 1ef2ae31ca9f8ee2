import Demand
import Dimensions
import Foundation
import Messages
import ModelSpecs
import TimeSeries

extension GrowthOutlook {
  /// The outlook of a forecast series from the base year on: observed where it is, forecast after.
  init(_ member: PooledGrowthMember, _ series: [(year: Int, value: Double)], base: Int, horizon: Int) {
    let last = series.last?.year ?? base
    let observed = Dictionary(series.map { ($0.year, log($0.value)) }, uniquingKeysWith: { _, new in new })
    let start = last < base ? member.logMean(base - last) : observed[base] ?? member.logLevel
    self.init(
      mean: (1...horizon).map { h in
        let year = base + h
        return (observed[year] ?? member.logMean(max(year - last, 0))) - start
      },
      spread: (1...horizon).map { h in
        let ahead = last < base ? h : base + h - last
        return ahead <= 0 ? 0 : member.logStandardDeviation(ahead)
      }, freedom: member.degreesOfFreedom)
  }
}

/// What the demand side of a run was estimated from, for the report.
public struct DemandFit: Sendable {
  public let elasticity: Double
  public let elasticityError: Double
  /// Elasticity of each province, in their order.
  public let regional: [Double]
  /// Weights of the univariate and the driver forecast.
  public let weights: [Double]
  /// Correlation of yearly shocks between provinces.
  public let commonShock: Double
}

/// A group of comparable series with its pooled growth.
struct GrowthGroup {
  let series: [[(year: Int, value: Double)]]
  let pooled: PooledGrowth

  /// Nil (with problems reported) when a member has no data.
  init?(
    _ members: [(indicator: String, region: RegionCode)], damping: Double, lookup: inout SeriesLookup
  ) {
    let series = members.map { lookup.segment($0.indicator, $0.region) }
    guard zip(members, series).allSatisfy({ member, rows in
      if rows.isEmpty {
        lookup.report(
          "model.no-observation",
          Bilingual(
            zh: "指标 \(member.indicator) 没有 \(member.region) 的数据",
            en: "\(member.indicator) has no observation for \(member.region)"))
      }
      return !rows.isEmpty
    }) else { return nil }
    self.init(series, keys: members.map { "\($0.indicator) \($0.region)" }, damping: damping, lookup: &lookup)
  }

  init?(
    _ series: [[(year: Int, value: Double)]], keys: [String], damping: Double, lookup: inout SeriesLookup
  ) {
    do throws(SeriesError) {
      var group: [Series] = []
      for (key, rows) in zip(keys, series) {
        group.append(try Series(key: [key], times: rows.map(\.year), values: rows.map(\.value)))
      }
      pooled = try PooledGrowth(group, damping: damping)
      self.series = series
    } catch {
      lookup.report("model.series", Bilingual(zh: "序列无法预测：\(error)", en: "the series cannot be forecast: \(error)"))
      return nil
    }
  }

  func outlook(_ member: Int, base: Int, horizon: Int) -> GrowthOutlook {
    GrowthOutlook(pooled.members[member], series[member], base: base, horizon: horizon)
  }
}

/// Requirement growth of every leaf: provinces by driver and labour series, cities by their own
/// growth inside the province, separate regions by their own driver.
struct DemandAssembly {
  let growth: [GrowthOutlook]
  /// The nation and the divided province, forecast on their own.
  let totals: [TotalOutlook]
  let fit: DemandFit

  init?(_ geography: Geography, _ model: ModelSpec, cityShares: [Double], lookup: inout SeriesLookup) {
    let (base, horizon) = (model.years.base, model.years.last - model.years.base)
    let spec = model.demand
    guard
      let proxy = GrowthGroup(
        geography.provinces.map { (spec.proxy, $0) }, damping: model.damping, lookup: &lookup),
      let driver = GrowthGroup(
        geography.provinces.map { (spec.driver, $0) }, damping: model.damping, lookup: &lookup)
    else { return nil }
    let elasticity = DemandAssembly.elasticity(proxy, driver, spec.elasticity, through: base)
    let weights = DemandAssembly.weights(proxy, driver, model)
    let provinces = geography.provinces.indices.map { p in
      DemandAssembly.combined(
        proxy.outlook(p, base: base, horizon: horizon), driver.outlook(p, base: base, horizon: horizon), weights,
        slope: elasticity.regional[p], slopeError: elasticity.standardError)
    }
    guard
      let cities = DemandAssembly.cities(
        geography, model, parent: provinces[geography.divided], slope: elasticity.regional[geography.divided],
        shares: cityShares, lookup: &lookup)
    else { return nil }
    var growth: [GrowthOutlook] = []
    var city = 0
    for leaf in geography.leaves {
      if let p = leaf.province {
        if p == geography.divided {
          growth.append(cities[city])
          city += 1
        } else {
          growth.append(provinces[p])
        }
      } else {
        guard let indicator = spec.separateGrowth[leaf.code] else {
          lookup.report(
            "model.missing-key",
            Bilingual(zh: "demand.separate 缺少 \(leaf.code)", en: "demand.separate lacks \(leaf.code)"))
          return nil
        }
        guard let group = GrowthGroup([(indicator, leaf.code)], damping: model.damping, lookup: &lookup) else {
          return nil
        }
        growth.append(group.outlook(0, base: base, horizon: horizon).scaled(by: elasticity.pooled))
      }
    }
    self.growth = growth
    totals = DemandAssembly.totals(
      geography, model, weights, elasticity, divided: provinces[geography.divided],
      common: proxy.pooled.residuals.commonCorrelation, lookup: &lookup)
    fit = DemandFit(
      elasticity: elasticity.pooled, elasticityError: elasticity.standardError, regional: elasticity.regional,
      weights: weights, commonShock: proxy.pooled.residuals.commonCorrelation)
  }

  /// The labour series' own growth and what its driver makes of it, weighted; the spread adds up as if
  /// both erred together, and holds the error of the slope.
  private static func combined(
    _ own: GrowthOutlook, _ pulled: GrowthOutlook, _ weights: [Double], slope: Double, slopeError: Double
  ) -> GrowthOutlook {
    GrowthOutlook(
      mean: own.mean.indices.map { weights[0] * own.mean[$0] + weights[1] * slope * pulled.mean[$0] },
      spread: own.mean.indices.map { h in
        let shock = weights[0] * own.spread[h] + weights[1] * slope * pulled.spread[h]
        let parameter = weights[1] * slopeError * pulled.mean[h]
        return (shock * shock + parameter * parameter).squareRoot()
      }, freedom: min(own.freedom, pulled.freedom))
  }

  /// Totals have series of their own: sums over the provinces in years where all have a figure.
  private static func totals(
    _ geography: Geography, _ model: ModelSpec, _ weights: [Double], _ elasticity: DriverElasticity,
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
    let groups = series.compactMap { GrowthGroup([$0], keys: ["nation"], damping: model.damping, lookup: &lookup) }
    guard groups.count == 2 else { return totals }
    totals.append(
      TotalOutlook(
        name: model.stock.nation.text, leaves: members { _ in true },
        growth: combined(
          groups[0].outlook(0, base: base, horizon: horizon), groups[1].outlook(0, base: base, horizon: horizon), weights,
          slope: elasticity.pooled, slopeError: elasticity.standardError),
        common: 1))
    return totals
  }

  private static func elasticity(
    _ proxy: GrowthGroup, _ driver: GrowthGroup, _ prior: Assumption, through year: Int
  ) -> DriverElasticity {
    let years = (year - 20)...year
    func logs(_ group: GrowthGroup) -> [[Double]] {
      group.series.map { rows in
        let byYear = Dictionary(rows.map { ($0.year, $0.value) }, uniquingKeysWith: { _, new in new })
        return years.map { byYear[$0].map { log($0) } ?? .nan }
      }
    }
    let range = prior.range ?? prior.value...prior.value
    return DriverElasticity(
      driver: logs(driver), response: logs(proxy),
      prior: (prior.value, (range.upperBound - range.lowerBound) / 2.563103131), bounds: 0...1.5)
  }

  /// Weights of the labour series' own drift and of driver × elasticity, from forecasts made at past
  /// origins with nothing that was known only later.
  private static func weights(_ proxy: GrowthGroup, _ driver: GrowthGroup, _ model: ModelSpec) -> [Double] {
    var errors: [[Double]] = [[], []]
    for origin in model.demand.backtest.firstOrigin..<model.years.base {
      guard let own = proxy.known(in: origin, damping: model.damping),
        let pulled = driver.known(in: origin, damping: model.damping)
      else { continue }
      let slope = elasticity(own, pulled, model.demand.elasticity, through: origin)
      for p in own.series.indices {
        for (year, value) in proxy.series[p]
        where year > origin && year <= origin + model.demand.backtest.horizon {
          guard own.series[p].last?.year == origin, pulled.series[p].last?.year == origin else { continue }
          let actual = log(value)
          let start = own.pooled.members[p].logLevel
          let forecasts = [
            own.pooled.members[p].logMean(year - origin),
            start + slope.regional[p]
              * (pulled.pooled.members[p].logMean(year - origin) - pulled.pooled.members[p].logLevel),
          ]
          for m in 0..<2 { errors[m].append((forecasts[m] - actual) * (forecasts[m] - actual)) }
        }
      }
    }
    return forecastWeights(squaredErrors: errors)
  }

  /// Cities grow like their province plus their own lead or lag in the growth series; shares are kept
  /// adding up to the province by one correction a year.
  private static func cities(
    _ geography: Geography, _ model: ModelSpec, parent: GrowthOutlook, slope: Double, shares: [Double],
    lookup: inout SeriesLookup
  ) -> [GrowthOutlook]? {
    let (base, horizon) = (model.years.base, model.years.last - model.years.base)
    let members = geography.cities.map { (model.demand.cityGrowth, $0) }
      + [(model.demand.cityGrowth, geography.provinces[geography.divided])]
    guard let group = GrowthGroup(members, damping: model.damping, lookup: &lookup) else { return nil }
    let province = group.outlook(members.count - 1, base: base, horizon: horizon)
    var outlooks = geography.cities.indices.map { c in
      let own = group.outlook(c, base: base, horizon: horizon)
      return GrowthOutlook(
        mean: own.mean.indices.map { parent.mean[$0] + slope * (own.mean[$0] - province.mean[$0]) },
        spread: own.mean.indices.map { max(parent.spread[$0], slope * own.spread[$0]) },
        freedom: min(own.freedom, parent.freedom))
    }
    outlooks.append(parent)  // the rest of the province
    let excess = parent.mean.indices.map { h in
      log(zip(shares, outlooks).reduce(0) { $0 + $1.0 * exp($1.1.mean[h]) }) - parent.mean[h]
    }
    return outlooks.map { outlook in
      GrowthOutlook(
        mean: zip(outlook.mean, excess).map { $0 - $1 }, spread: outlook.spread, freedom: outlook.freedom)
    }
  }
}

extension GrowthGroup {
  /// The group as it was known in a year; nil when too little was known.
  fileprivate func known(in year: Int, damping: Double) -> GrowthGroup? {
    let past = series.map { $0.filter { $0.year <= year } }
    guard past.allSatisfy({ $0.count >= 3 }) else { return nil }
    do throws(SeriesError) {
      var group: [Series] = []
      for rows in past {
        group.append(try Series(key: [], times: rows.map(\.year), values: rows.map(\.value)))
      }
      return GrowthGroup(series: past, pooled: try PooledGrowth(group, damping: damping))
    } catch {
      return nil  // a group too short to pool at this origin is not scored
    }
  }

  private init(series: [[(year: Int, value: Double)]], pooled: PooledGrowth) {
    self.series = series
    self.pooled = pooled
  }
}
