import Dimensions
import TestSupport
import Testing

@testable import Disclosure

/// A nation of provinces by teams, two years, supply and demand; every number invented from a seed.
struct Invented {
  var cells: [ResultCell] = []
  let hierarchy: [RegionCode: [RegionCode]]

  init(seed: UInt64, provinces: Int, teams: Int, small: Double) {
    var random = SeededGenerator(seed: seed)
    let codes = (1...provinces).map { RegionCode("\($0)0000") }
    hierarchy = ["N": codes]
    for year in [2023, 2030] {
      for measure in [Measure.supply, .demand] {
        var sums = [Double](repeating: 0, count: teams)
        for code in codes {
          var total = 0.0
          for t in 0..<teams {
            let tiny = Double.random(in: 0..<1, using: &random) < small
            let value = Double(Int.random(in: tiny ? 1...9 : 20...900, using: &random))
            cells.append(cell(code, "T\(t)", year, measure, value))
            total += value
            sums[t] += value
          }
          cells.append(cell(code, "total", year, measure, total))
        }
        for t in 0..<teams { cells.append(cell("N", "T\(t)", year, measure, sums[t])) }
        cells.append(cell("N", "total", year, measure, sums.reduce(0, +)))
      }
    }
  }

  private func cell(_ region: RegionCode, _ team: String, _ year: Int, _ measure: Measure, _ value: Double) -> ResultCell {
    ResultCell(
      scenario: "s", region: region, regionName: "", hub: "", team: team, year: year, measure: measure, unit: "人",
      value: value, p025: value, p10: value, p50: value, p90: value, p975: value, evidence: .observed, method: "m",
      concept: "c", source: "s")
  }
}

@Test func openPolicyChangesNothing() {
  let data = Invented(seed: 1, provinces: 4, teams: 3, small: 0.5)
  let result = disclose(data.cells, policy: .open, hierarchy: data.hierarchy)
  #expect(result.cells == data.cells)
  #expect(result.entries.isEmpty)
}

@Test(arguments: 0..<12 as Range<UInt64>)
func nobodyCanComputeAWithheldCell(seed: UInt64) {
  let data = Invented(seed: seed, provinces: 6, teams: 4, small: 0.12)
  let result = disclose(data.cells, policy: DisclosurePolicy(threshold: 10), hierarchy: data.hierarchy)
  for (before, after) in zip(data.cells, result.cells) where before.value < 10 { #expect(after.isWithheld) }
  guard result.exposed.isEmpty else { return }
  // The attacker sees only what is published.
  #expect(recoverableCells(result.cells, hierarchy: data.hierarchy, width: 0.99 * complementWidth).isEmpty)
  let table = PublishedTable(data.cells, hierarchy: data.hierarchy)
  let hidden = Set(result.entries.map(\.place))
  let primary = Set(result.entries.filter { $0.rule == .threshold }.map(\.place))
  let masked = table.places.map(hidden.contains)
  let attack = Attack(table, masked: masked)
  let widths = table.places.map { primary.contains($0) ? 0.2 : complementWidth }
  for layer in table.layers { #expect(attack.exposed(in: layer, masked: masked, widths: widths).isEmpty) }
}

/// Not more than it takes: the tables would be useless.
@Test(arguments: 0..<12 as Range<UInt64>)
func fewComplementsAreWithheld(seed: UInt64) {
  let data = Invented(seed: seed, provinces: 8, teams: 5, small: 0.08)
  let result = disclose(data.cells, policy: DisclosurePolicy(threshold: 10), hierarchy: data.hierarchy)
  #expect(result.secondaryCount <= 3 * result.primaryCount + 3)
}

@Test func allProtectableTablesEndUnexposed() {
  let open = (0..<12 as Range<UInt64>).filter { seed in
    let data = Invented(seed: seed, provinces: 6, teams: 4, small: 0.12)
    return !disclose(data.cells, policy: DisclosurePolicy(threshold: 10), hierarchy: data.hierarchy).exposed.isEmpty
  }
  #expect(open.isEmpty)
}

@Test func aSingleSuppressionIsRecoverable() {
  var data = Invented(seed: 3, provinces: 4, teams: 3, small: 0)
  data.cells = data.cells.map { $0.region == "10000" && $0.team == "T1" ? $0.withheld : $0 }
  let place = Place(region: "10000", team: "T1")
  #expect(recoverableCells(data.cells, hierarchy: data.hierarchy, width: 0.2) == [place])
}

@Test func everyYearAndMeasureOfAPlaceSharesTheMask() {
  let data = Invented(seed: 5, provinces: 5, teams: 3, small: 0.2)
  let result = disclose(data.cells, policy: DisclosurePolicy(threshold: 10), hierarchy: data.hierarchy)
  let hidden = Set(result.entries.map(\.place))
  #expect(!hidden.isEmpty)
  for cell in result.cells { #expect(cell.isWithheld == hidden.contains(Place(region: cell.region, team: cell.team))) }
  #expect(!hidden.contains(Place(region: "N")))
}

@Test func allocatedFiguresStayUnlessAskedFor() {
  var data = Invented(seed: 7, provinces: 4, teams: 3, small: 0.4)
  data.cells = data.cells.map {
    var cell = $0
    cell.evidence = .allocated
    return cell
  }
  #expect(disclose(data.cells, policy: DisclosurePolicy(threshold: 10), hierarchy: data.hierarchy).entries.isEmpty)
  let strict = DisclosurePolicy(threshold: 10, protectsModelled: true)
  #expect(!disclose(data.cells, policy: strict, hierarchy: data.hierarchy).entries.isEmpty)
}

/// A hub H of twelve small cities and a tiny place S outside the province P of the cities: with all of them withheld,
/// P less its rest R tells the hub to within what S has, so that something in P must be withheld too.
@Test func aHubIsHiddenBehindTheProvinceOfItsCities() {
  let cities = (1...12).map { RegionCode("C\($0)") }
  let hierarchy: [RegionCode: [RegionCode]] = ["N": ["P", "Q"], "P": cities + ["R"], "H": cities + ["S"]]
  var persons: [RegionCode: [Double]] = ["R": [50, 60, 70, 900], "Q": [400, 500, 600, 3000], "S": [0.9, 0.9, 0.9, 100]]
  for city in cities { persons[city] = [9, 9, 9, 300] }
  for region in ["P", "H", "N"] as [RegionCode] {
    persons[region] = (0..<4).map { team in (hierarchy[region] ?? []).reduce(0) { $0 + (persons[$1]?[team] ?? 0) } }
  }
  let cells = persons.sorted { $0.key.text < $1.key.text }.flatMap { region, counts in
    ([("total", counts.reduce(0, +))] + counts.enumerated().map { ("T\($0)", $1) }).map { team, value in
      ResultCell(
        scenario: "s", region: region, regionName: "", hub: "", team: team, year: 2024, measure: .supply, unit: "人", value: value,
        p025: value, p10: value, p50: value, p90: value, p975: value, evidence: .observed, method: "m", concept: "c", source: "s")
    }
  }
  let result = disclose(cells, policy: DisclosurePolicy(threshold: 10), hierarchy: hierarchy)
  #expect(result.exposed.isEmpty)
  let hidden = Set(result.entries.map(\.place))
  #expect(hidden.contains(Place(region: "H", team: "T0")))
  #expect(recoverableCells(result.cells, hierarchy: hierarchy, width: 0.99 * complementWidth).isEmpty)
}

@Test(arguments: [
  ([60.0, 20, 5, 5, 5, 5], true), ([10.0, 10, 10, 10, 10], false), ([100.0], true), ([], false), ([0.0, 0], false),
  ([50.0, 10, 10, 10, 10, 10], false),
])
func threeContributorsWithMoreThanSeventyPercentDominate(_ parts: [Double], _ dominated: Bool) {
  #expect(isDominated(parts, .init(largest: 3, share: 0.7)) == dominated)
}

@Test func dominatedCellsAreWithheldWithTheirComplements() {
  let data = Invented(seed: 2, provinces: 4, teams: 3, small: 0)
  let place = Place(region: "20000", team: "T0")
  let policy = DisclosurePolicy(dominance: .init(largest: 1, share: 0.5))
  let result = disclose(data.cells, policy: policy, hierarchy: data.hierarchy, contributors: [place: [9, 1]])
  #expect(result.entries.contains { $0.place == place && $0.rule == .dominance })
  #expect(result.primaryCount == 1 && result.secondaryCount >= 3)
  #expect(result.exposed.isEmpty)
}

/// x + y = 10, y + z = 6, all non-negative: x in 4...10, y in 0...6, z in 0...6.
@Test func boundsMatchHandArithmetic() throws {
  var bounds = try #require(
    Bounds([([(0, 1), (1, 1)], 10), ([(1, 1), (2, 1)], 6), ([(0, 1), (2, -1)], 4)], count: 3))
  let found = (0..<3).map { (bounds.least($0), bounds.greatest($0)) }
  let expected: [(Double, Double)] = [(4, 10), (0, 6), (0, 6)]
  for (a, b) in zip(found, expected) { #expect(abs(a.0 - b.0) < 1e-9 && abs(a.1 - b.1) < 1e-9) }
  #expect(Bounds([([(0, 1)], -1)], count: 1) == nil)
  var free = try #require(Bounds([([(0, 1), (1, -1)], 2)], count: 2))
  #expect(free.greatest(0) == .infinity && abs(free.least(0) - 2) < 1e-9)
}
