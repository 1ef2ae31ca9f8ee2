import Dimensions
import Foundation
import Messages
import ModelSpecs
import TimeSeries

extension GrowthOutlook {
  /// The outlook of a forecast series from the base year on: observed where it is, on a straight line of logarithms
  /// between observed years, forecast after. The base year is never given the level of a later one.
  init(_ member: PooledGrowthMember, _ series: [(year: Int, value: Double)], base: Int, horizon: Int) {
    let last = series.last?.year ?? base
    let start = last < base ? member.logMean(base - last) : logObserved(series, base) ?? member.logLevel
    self.init(
      mean: (1...horizon).map { h in
        let year = base + h
        return (year <= last ? logObserved(series, year) ?? member.logLevel : member.logMean(year - last)) - start
      },
      spread: (1...horizon).map { h in
        let ahead = last < base ? h : base + h - last
        return ahead <= 0 ? 0 : member.logStandardDeviation(ahead)
      }, freedom: member.degreesOfFreedom)
  }
}

/// Logarithm of a series in a year: observed, or between the observed years around it; before the first, the first.
private func logObserved(_ series: [(year: Int, value: Double)], _ year: Int) -> Double? {
  guard let after = series.first(where: { $0.year >= year }) else { return series.last.map { log($0.value) } }
  guard after.year > year, let before = series.last(where: { $0.year < year }) else { return log(after.value) }
  let part = Double(year - before.year) / Double(after.year - before.year)
  return log(before.value) + part * (log(after.value) - log(before.value))
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
    guard
      zip(members, series).allSatisfy({ member, rows in
        if rows.isEmpty {
          lookup.report(
            "model.no-observation",
            Bilingual(
              zh: "指标 \(member.indicator) 没有 \(member.region) 的数据",
              en: "\(member.indicator) has no observation for \(member.region)"))
        }
        return !rows.isEmpty
      })
    else { return nil }
    do throws(SeriesError) {
      pooled = try GrowthGroup.pooled(series, damping: damping)
      self.series = series
    } catch {
      lookup.report("model.series", Bilingual(zh: "序列无法预测：\(error)", en: "the series cannot be forecast: \(error)"))
      return nil
    }
  }

  /// Nil when a series is too short to be forecast.
  init?(_ series: [[(year: Int, value: Double)]], damping: Double) {
    guard series.allSatisfy({ $0.count >= 3 }) else { return nil }
    do throws(SeriesError) {
      pooled = try GrowthGroup.pooled(series, damping: damping)
      self.series = series
    } catch {
      return nil  // what cannot be pooled is not used
    }
  }

  private static func pooled(
    _ series: [[(year: Int, value: Double)]], damping: Double
  ) throws(SeriesError) -> PooledGrowth {
    var group: [Series] = []
    for (place, rows) in series.enumerated() {
      group.append(try Series(key: [String(place)], times: rows.map(\.year), values: rows.map(\.value)))
    }
    return try PooledGrowth(group, damping: damping)
  }

  func outlook(_ member: Int, base: Int, horizon: Int) -> GrowthOutlook {
    GrowthOutlook(pooled.members[member], series[member], base: base, horizon: horizon)
  }

  /// The group as it was known in a year; nil when too little was known.
  func known(in year: Int, damping: Double) -> GrowthGroup? {
    GrowthGroup(series.map { $0.filter { $0.year <= year } }, damping: damping)
  }

  /// Forecast log growth from the last observation, `ahead` years on.
  func growth(_ member: Int, ahead: Int) -> Double {
    pooled.members[member].logMean(ahead) - pooled.members[member].logLevel
  }

  /// Its members over another group's, in the years both have.
  func per(_ other: GrowthGroup, damping: Double) -> GrowthGroup? {
    GrowthGroup(
      zip(series, other.series).map { mine, theirs in
        let byYear = Dictionary(theirs.map { ($0.year, $0.value) }, uniquingKeysWith: { _, new in new })
        return mine.compactMap { row in byYear[row.year].map { (row.year, row.value / $0) } }
      }, damping: damping)
  }

  /// Logarithms by region and year, NaN where there is none.
  func logs(_ years: ClosedRange<Int>) -> [[Double]] {
    series.map { rows in
      let byYear = Dictionary(rows.map { ($0.year, $0.value) }, uniquingKeysWith: { _, new in new })
      return years.map { byYear[$0].map { log($0) } ?? .nan }
    }
  }
}
