import Datasets
import Dimensions
import Gaps
import Messages
import TimeSeries

/// Pooled damped log-drift of an indicator's own series (four comparable figures or more) together with its
/// kin: the series of the same package, region, unit, kind and timing, which grow for the same reasons.
struct IndicatorTrend {
  static let method = Bilingual(zh: "合并阻尼对数漂移", en: "pooled damped log-drift")

  private let member: PooledGrowthMember

  /// What was known at the end of a year; nil where the series cannot carry a forecast.
  init?(_ indicator: Indicator, _ catalogue: Catalogue, _ region: RegionCode, through year: Int, damping: Double) {
    do throws(ProblemReport) {
      let own = IndicatorTrend.comparable(try catalogue.panel(indicator.id), region, by: year)
      guard IndicatorTrend.isLongEnough(own) else { return nil }
      var group: [Series] = []
      do throws(SeriesError) {
        for part in [own] + IndicatorTrend.kin(of: indicator, catalogue, region: region, by: year) {
          group.append(try Series(key: [part[0].indicator], times: part.map(\.year), values: part.map(\.value)))
        }
        member = try PooledGrowth(group, damping: damping).members[0]
      } catch {
        return nil  // too few growth rates in all
      }
    } catch {
      return nil  // no such series
    }
  }

  /// The median, in a later year.
  func median(_ year: Int) -> Double { member.point(year - member.lastTime) }

  func outlook(_ target: PlanTarget, horizon: Int) -> IndicatorOutlook? {
    guard horizon > 0 else { return nil }
    let distribution = member.distribution(horizon)
    let below = distribution.cdf(target.needed)
    let isCeiling = if case .atMost = target.rule { true } else { false }
    let band = distribution.interval(0.8)
    return IndicatorOutlook(
      p10: band.low, p50: distribution.median, p90: band.high, probability: isCeiling ? below : 1 - below,
      method: IndicatorTrend.method)
  }

  /// The stretch without a definition break that holds the last figure not after a year.
  static func comparable(_ panel: Panel, _ region: RegionCode, by year: Int) -> [Observation] {
    panel.comparableParts(region).last { ($0.first?.year ?? .max) <= year }?.filter { $0.year <= year } ?? []
  }

  /// Fewer comparable figures tell no drift of their own.
  private static func isLongEnough(_ part: [Observation]) -> Bool {
    part.count >= 4 && part.allSatisfy { $0.value > 0 }
  }

  private static func kin(
    of indicator: Indicator, _ catalogue: Catalogue, region: RegionCode, by year: Int
  ) -> [[Observation]] {
    let homes = Set(catalogue.packages(of: indicator.id))
    return catalogue.indicators.filter { other in
      other.id != indicator.id && other.unit == indicator.unit && other.kind == indicator.kind
        && other.timing == indicator.timing && !homes.isDisjoint(with: catalogue.packages(of: other.id))
    }.compactMap { other in
      do throws(ProblemReport) {
        let part = comparable(try catalogue.panel(other.id), region, by: year)
        return isLongEnough(part) ? part : nil
      } catch {
        return nil  // not reached: the id is from the catalogue's own list
      }
    }
  }
}
