import Testing

@testable import Gaps

@Suite struct GapsTests {
  @Test func gapsAreDemandMinusSupply() {
    #expect(PlanGap(target: 1_000_000, supply: 860_000).persons == 140_000)
    let gap = RequirementGap(requirement: 8736, supply: 8176.625)
    #expect(abs(gap.persons - 559.375) < 1e-9)
    #expect(RequirementGap(requirement: 0, supply: 10).ofRequirement == nil)
  }

  /// METHODS A.9, year 1: Beijing .803089, Greater Bay Area 1.316178.
  @Test(arguments: [
    (650.0, 809.375, Pressure.Outlook.severeShortage, 0.803089), (780, 592.625, .surplus, 1.316178),
    (100, 100, .shortage, 1), (104, 100, .balance, 1.04), (110, 100, .mildSurplus, 1.1),
  ])
  func pressureIsEntrantsPerOpening(
    _ entrants: Double, _ openings: Double, _ outlook: Pressure.Outlook, _ ratio: Double
  ) throws {
    let pressure = Pressure(entrants: entrants, openings: openings)
    #expect(abs(try #require(pressure.ratio) - ratio) < 1e-6)
    #expect(pressure.outlook == outlook)
  }

  @Test func withoutOpeningsEntrantsAreASurplus() {
    #expect(Pressure(entrants: 5, openings: -3).outlook == .surplus)
    #expect(Pressure(entrants: 0, openings: 0).outlook == .notApplicable)
    #expect(Pressure(entrants: 5, openings: 0).ratio == nil)
  }

  /// U.S. Bureau of Labor Statistics, Employment Projections 2024–34, Table 1.10 (thousands):
  /// openings = separations + change ÷ 10, within rounding.
  @Test(arguments: [
    (1418.2, 1456.5, 80.0, 83.8), (864.8, 900.7, 27.9, 31.5), (51.3, 50.7, 4.8, 4.7), (121.2, 113.9, 6.2, 5.5),
  ])
  func publishedOpeningsAreExpansionPlusReplacement(
    _ before: Double, _ after: Double, _ separations: Double, _ openings: Double
  ) {
    let yearly = Openings(demandBefore: before / 10, demandAfter: after / 10, replacement: separations)
    #expect(abs(yearly.total - openings) <= 0.105)
  }

  @Test func shrinkingDemandKeepsTheIdentityButPublishesNoNegativeOpenings() {
    let openings = Openings(demandBefore: 100, demandAfter: 80, replacement: 5)
    #expect(openings.total == -15 && openings.published == 0)
    #expect(openings.expansion + openings.replacement == openings.total)
  }

  @Test func drawsThatCannotTellShareARank() {
    let clear = UncertainRanking(draws: [[1, 2, 3, 2], [11, 12, 13, 12], [5, 6, 7, 8]])
    #expect(clear.places.map(\.unit) == [1, 2, 0])
    #expect(clear.places.map(\.rank) == [1, 2, 3])
    let tied = UncertainRanking(draws: [[1, 4, 1, 4], [2, 3, 2, 3], [9, 9, 9, 9]])
    #expect(tied.places.map(\.rank) == [1, 2, 2])
    #expect(tied.places[0].unit == 2 && tied.places[0].high == 1)
  }
}
