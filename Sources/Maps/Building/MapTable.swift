import Dimensions
import Messages

/// The result cells a map can show, by scenario, team, measure, year and region (all industries).
package struct MapTable: Sendable {
  private struct Key: Hashable {
    let scenario: String, team: String, measure: Measure, year: Int, region: String
  }

  /// In the order in which the cells name them, the first one being the baseline.
  package let scenarios: [String]
  /// `total` first.
  package let teams: [String]
  package let years: [Int]
  package let baseYear: Int
  /// Names in the cells, by region code.
  package let regionNames: [String: String]
  /// The code of the region that stands for each hub as a whole, such as `GBA` or `110000`.
  package let hubRegions: [String: String]
  /// What supply is counted in, as the cells say: 人, 人年.
  package let unit: String?
  private let values: [Key: MapValue]
  private let withheld: Set<Key>
  private let areas: [String: Double]

  /// - Parameters:
  ///   - baseYear: year of "now"; nil takes the last year whose supply has no band (it was counted),
  ///     or the first year when every year has one.
  ///   - areas: published area in km² by region code.
  package init(_ cells: [ResultCell], baseYear: Int?, areas: [String: Double]) {
    var (scenarios, teams, hubRegions) = ([String](), ["total"], [String: String]())
    var (years, counted) = (Set<Int>(), Set<Int>())
    var (values, names) = ([Key: MapValue](), [String: String]())
    var (unit, withheld) = (String?.none, Set<Key>())
    let wanted = Set(MapMeasure.allCases.map(\.source))
    var chances: [Key: Double] = [:]
    for cell in cells where cell.measure == .shortageProbability && cell.industry == "total" && cell.value.isFinite {
      chances[
        Key(scenario: cell.scenario, team: cell.team, measure: .gapRequirement, year: cell.year, region: cell.region.text)] = cell.value
    }
    for cell in cells where cell.isWithheld && cell.industry == "total" && wanted.contains(cell.measure) {
      withheld.insert(Key(scenario: cell.scenario, team: cell.team, measure: cell.measure, year: cell.year, region: cell.region.text))
    }
    for cell in cells where cell.industry == "total" && wanted.contains(cell.measure) && cell.value.isFinite {
      if !scenarios.contains(cell.scenario) { scenarios.append(cell.scenario) }
      if !teams.contains(cell.team) { teams.append(cell.team) }
      years.insert(cell.year)
      if unit == nil, cell.measure == .supply { unit = cell.unit }
      let code = cell.region.text
      names[code] = cell.regionName.printable
      if !cell.hub.isEmpty, code.hasSuffix("0000") || !code.allSatisfy(\.isNumber) {
        let known = hubRegions[cell.hub]
        if known == nil || !code.allSatisfy(\.isNumber) { hubRegions[cell.hub] = code }
      }
      if cell.measure == .supply, cell.team == "total", cell.p10 == cell.p90 { counted.insert(cell.year) }
      let key = Key(scenario: cell.scenario, team: cell.team, measure: cell.measure, year: cell.year, region: code)
      values[key] = MapValue(cell)
      values[key]?.chance = chances[key]
    }
    self.scenarios = scenarios
    self.teams = teams
    self.years = years.sorted()
    self.baseYear = baseYear ?? counted.max() ?? years.min() ?? 0
    (self.unit, self.withheld) = (unit, withheld)
    (self.values, regionNames, self.hubRegions, self.areas) = (values, names, hubRegions, areas)
  }

  /// - Returns: nil where there is no cell, no published area, or nothing to divide by.
  package func value(
    _ measure: MapMeasure, _ region: String, year: Int, scenario: String, team: String = "total"
  ) -> MapValue? {
    func cell(_ year: Int) -> MapValue? {
      values[Key(scenario: scenario, team: team, measure: measure.source, year: year, region: region)]
    }
    guard let here = cell(year) else { return nil }
    switch measure {
    case .supply, .demand, .gap, .adequacy: return here
    case .density:
      guard let area = areas[region], area > 0 else { return nil }
      return here.scaled { $0 * 100 / area }
    case .supplyChange, .demandChange:
      guard let base = cell(baseYear), base.value > 0 else { return nil }
      var change = here.scaled { ($0 / base.value - 1) * 100 }
      change.grade = max(here.grade, base.grade)
      return change
    }
  }

  /// There is a figure, and disclosure control keeps it back.
  package func isWithheld(_ measure: MapMeasure, _ region: String, year: Int, scenario: String, team: String = "total") -> Bool {
    withheld.contains(Key(scenario: scenario, team: team, measure: measure.source, year: year, region: region))
  }

  package func area(_ region: String) -> Double? { areas[region] }

  /// Every value of a measure for those regions: all scenarios and years, all teams together.
  package func all(_ measure: MapMeasure, of regions: [String]) -> [MapValue] {
    scenarios.flatMap { scenario in
      years.flatMap { year in
        regions.compactMap { value(measure, $0, year: year, scenario: scenario) }
      }
    }
  }
}
