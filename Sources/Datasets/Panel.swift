import Dimensions
import Messages

/// One indicator over regions and years, with the breaks in its definition.
public struct Panel: Sendable {
  public let definition: Indicator
  public let breaks: [DefinitionBreak]
  private let byRegion: [RegionCode: [Observation]]

  public var indicator: String { definition.id }
  public var unit: String { definition.unit }
  public var concept: String { definition.concept }
  /// In code order.
  public var regions: [RegionCode] { byRegion.keys.sorted() }
  public var years: [Int] { Set(byRegion.values.joined().map(\.year)).sorted() }
  /// By region, then year.
  public var observations: [Observation] { regions.flatMap { series($0) } }

  /// - Parameter observations: of this indicator only, each (region, year) once.
  init(_ indicator: Indicator, observations: [Observation], breaks: [DefinitionBreak]) {
    definition = indicator
    self.breaks = breaks.filter { $0.indicator == indicator.id }.sorted { $0.year < $1.year }
    byRegion = Dictionary(grouping: observations, by: \.region).mapValues { $0.sorted { $0.year < $1.year } }
  }

  public subscript(region: RegionCode, year: Int) -> Observation? {
    byRegion[region]?.first { $0.year == year }
  }

  /// Every observation of a region by year, breaks or not; empty when the region has none.
  public func series(_ region: RegionCode) -> [Observation] { byRegion[region] ?? [] }

  /// The last observation of a region; nil when it has none.
  public func latest(_ region: RegionCode) -> Observation? { byRegion[region]?.last }

  /// The years at which this region's figures change their basis.
  public func breakYears(_ region: RegionCode) -> [Int] {
    Set(breaks.filter { $0.applies(to: region) }.map(\.year)).sorted()
  }

  /// The series cut at every definition break: figures are comparable inside a part only.
  public func comparableParts(_ region: RegionCode) -> [[Observation]] {
    let cuts = breakYears(region)
    var parts: [[Observation]] = []
    for observation in series(region) {
      if let before = parts.last?.last, !cuts.contains(where: { before.year < $0 && $0 <= observation.year }) {
        parts[parts.count - 1].append(observation)
      } else {
        parts.append([observation])
      }
    }
    return parts
  }

  /// The part that holds the latest figure: what a forecast may start from.
  public func comparable(_ region: RegionCode) -> [Observation] { comparableParts(region).last ?? [] }

  /// value(end) − value(start).
  /// - Throws: when a year has no figure, or a definition break lies between the two.
  public func change(_ region: RegionCode, from start: Int, to end: Int) throws(ProblemReport) -> Double {
    guard let first = self[region, start], let last = self[region, end] else {
      let missing = self[region, start] == nil ? start : end
      throw ProblemReport(
        .badData,
        [
          Problem(
            "data.no-observation", path: indicator,
            message: Bilingual(
              zh: "\(definition.name.zh)（\(indicator)）在 \(region) 没有 \(missing) 年的数据",
              en: "\(indicator) has no figure for \(region) in \(missing)"),
            hint: Bilingual(
              zh: "现有年份：\(series(region).map { String($0.year) }.joined(separator: "、"))",
              en: "years at hand: \(series(region).map { String($0.year) }.joined(separator: ", "))"))
        ])
    }
    let crossed = breaks.filter { $0.applies(to: region) && min(start, end) < $0.year && $0.year <= max(start, end) }
    guard crossed.isEmpty else {
      throw ProblemReport(
        .badData,
        crossed.map {
          Problem(
            "data.definition-break", path: indicator,
            message: Bilingual(
              zh: "\(indicator) 在 \($0.year) 年口径变化，\(start) 与 \(end) 年不可比：\($0.change.zh)",
              en: "\(indicator) changes its basis in \($0.year); \(start) and \(end) cannot be compared: \($0.change.en)"),
            hint: Bilingual(zh: "只比较同一口径内的年份", en: "compare years on one side of the break only"))
        })
    }
    return last.value - first.value
  }
}
