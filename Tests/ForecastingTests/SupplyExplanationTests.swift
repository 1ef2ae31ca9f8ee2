import Dimensions
import Supply
import TestSupport
import Testing

@testable import Forecasting

private let options = RunOptions(scenario: "sample", draws: 40, seed: 5, jobs: 1)

private func explained(
  _ inputs: ForecastInputs, _ region: RegionCode, team: Int? = nil, from: Int = 2023, to: Int = 2030
) throws -> SupplyExplanation {
  let node = try #require(inputs.geography.nodes.first { $0.code == region })
  return try SupplyExplanation(inputs, options, node: node, team: team, from: from, to: to)
}

@Suite struct SupplyExplanationTests {
  /// start + bars = end, and both ends are the cells of the run.
  @Test(arguments: ["100000", "GBA", "440300", "810000"] as [RegionCode], [nil, 0, 1] as [Int?])
  func barsLeadFromOneYearEndToTheOther(region: RegionCode, team: Int?) throws {
    let answer = try explained(Sample.inputs, region, team: team)
    let bars = answer.bars.reduce(0) { $0 + $1.change }
    #expect(close(answer.waterfall.start + bars, answer.waterfall.end, relative: 1e-9))
    let cells = try forecast(Sample.inputs, options).cells.filter {
      $0.region == region && $0.measure == .supply && $0.industry == "total"
        && $0.team == team.map { Sample.inputs.teams[$0].id } ?? "total"
    }
    for (year, stock) in [(2023, answer.waterfall.start), (2030, answer.waterfall.end)] {
      #expect(close(try #require(cells.first { $0.year == year }).value, stock, relative: 1e-9, absolute: 1e-5))
    }
    for bar in answer.bars { #expect(bar.low <= bar.high) }
  }

  @Test func aLaterStartTakesUpWhereTheEarlierPartEnds() throws {
    let (first, second) = (try explained(Sample.inputs, "GBA", to: 2026), try explained(Sample.inputs, "GBA", from: 2026))
    let whole = try explained(Sample.inputs, "GBA")
    #expect(close(first.waterfall.end, second.waterfall.start))
    for (bar, parts) in zip(whole.bars, zip(first.bars, second.bars)) {
      #expect(close(bar.change, parts.0.change + parts.1.change, relative: 1e-9, absolute: 1e-9))
    }
  }

  @Test func partsSayHowTheyAreProjected() throws {
    let hub = try explained(Sample.inputs, "GBA")
    #expect(hub.bases.map(\.basis) == [.nationalShare, .ownPopulation])
    #expect(hub.bases.map(\.basis.tier) == ["T0", "T0"])
    #expect(close(hub.bases.reduce(0) { $0 + $1.persons }, hub.waterfall.start))
    #expect(try explained(Sample.inputs, "110000").bases.map(\.basis) == [.nationalShare])
  }

  /// A province that publishes its ages runs its own cohort: older people retire sooner, the others stay
  /// as they were, and the nation is still the sum of its parts.
  @Test func ownAgesChangeTheRegionThatHasThemAndNoOther() throws {
    let base = Sample.inputs
    var aged = base
    let old = CohortTable(aged.workforce.frame) { $0[.age] >= 30 && $0[.age] < 35 ? 1 : 0 }
    aged.cohorts.append(CohortInput(basis: .ownAges, base: old, years: base.cohorts[0].years))
    aged.leafCohort[0] = 2
    let (before, after) = (try explained(base, "110000"), try explained(aged, "110000"))
    let retired = { (answer: SupplyExplanation) in
      -(answer.bars.first { $0.cause == .retirements }?.change ?? 0)
    }
    #expect(after.bases.map(\.basis.tier) == ["T4"])
    #expect(after.waterfall.start == before.waterfall.start && retired(after) > 3 * retired(before))
    #expect(try explained(aged, "440000").waterfall == explained(base, "440000").waterfall)
    let parts = try ["110000", "440000"].map { try explained(aged, $0).waterfall.end }.reduce(0, +)
    #expect(close(parts, try explained(aged, "100000").waterfall.end, relative: 1e-12))
  }

  /// Where the population of working age falls slowly, entrants make up exactly what is missing.
  @Test func aStockThatFollowsItsPopulationDoes() throws {
    let answer = try explained(Sample.inputs, "810000", from: 2029)
    let (start, end) = (answer.waterfall.start, answer.waterfall.end)
    #expect(close(end / start, 0.990_049_833_749_168, relative: 1e-12))
  }

  @Test func placesAreFoundByCodeHubAndName() {
    let geography = Sample.geography
    #expect(geography.node(called: "440300")?.code == "440300")
    #expect(geography.node(called: "a")?.code == "110000" && geography.node(called: "b")?.code == "GBA")
    #expect(geography.node(called: "甲")?.code == "110000" && geography.node(called: "湾")?.code == "GBA")
    #expect(geography.node(called: "无") == nil && geography.node(called: "") == nil)
  }
}
