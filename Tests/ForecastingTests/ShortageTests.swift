import Dimensions
import Messages
import ModelSpecs
import TestSupport
import Testing

@testable import Forecasting

private let options = RunOptions(scenario: "sample", draws: 60, seed: 5, jobs: 1)

private func spec(year: Int = 2030, smallest: Double = 0, weights: String = "{ratio: 0.4, size: 0.2, pressure: 0.4}") throws -> ShortageSpec {
  try parseShortageSpec(
    """
    schema: talentcast/shortage-spec@1
    year: \(year)
    smallest: \(smallest)
    weights: \(weights)
    evidence: D
    source: assumption
    note: {zh: 假定, en: assumed}
    stars: [0.2, 0.4, 0.6, 0.8]
    reasons: {expansion: 0.5, outflow: 0.5, training: 1.0}
    """, file: "shortage.yaml")
}

@Suite struct ShortageTests {
  /// Supply, demand and gap of a role are those of the run: its roles add up to the region's cells.
  @Test func rolesOfARegionAddUpToItsCells() throws {
    let catalogue = try ShortageCatalogue(Sample.inputs, options, spec())
    let cells = try forecast(Sample.inputs, options).cells
    for region in Set(catalogue.entries.map(\.region)) {
      let own = catalogue.entries.filter { $0.region == region }
      for (measure, sum) in [
        (Measure.supply, own.reduce(0) { $0 + $1.supply.value }), (.demand, own.reduce(0) { $0 + $1.demand.value }),
        (.gapRequirement, own.reduce(0) { $0 + $1.gap.value }),
      ] {
        let cell = try #require(
          cells.first { $0.region == region && $0.measure == measure && $0.year == 2030 && $0.team == "total" && $0.industry == "total" })
        #expect(close(sum, cell.value, relative: 1e-9, absolute: 1e-5), "\(region) \(measure)")
      }
    }
  }

  @Test func theIndexIsTheWeightedMeanOfItsParts() throws {
    for entry in try ShortageCatalogue(Sample.inputs, options, spec()).entries {
      #expect(close(entry.index.value, 0.4 * entry.ratio + 0.2 * entry.size + 0.4 * entry.pressure))
      #expect((0...1).contains(entry.index.value))
      #expect(entry.gap.value > 0 || entry.reasons.isEmpty)
      #expect(entry.probability > 0 || (entry.ratio == 0 && entry.size == 0))
    }
  }

  /// With all weight on the ratio, a shortage of a quarter of the requirement in every draw gives two stars.
  @Test func starsFollowTheBandsOfTheFile() throws {
    let spec = try spec()
    #expect([0, 0.19, 0.2, 0.45, 0.6, 0.8, 1].map { spec.stars(of: $0) } == [1, 1, 2, 3, 4, 5, 5])
  }

  @Test func aRoleUnderTheSmallestIsNotRated() throws {
    let all = try ShortageCatalogue(Sample.inputs, options, spec(smallest: 1_000_000))
    #expect(!all.entries.isEmpty && all.entries.allSatisfy { $0.rating == nil })
  }

  @Test func moreDemandIsNeverLessShort() throws {
    var pressed = Sample.inputs
    pressed.baseGap = 0.3
    let before = try ShortageCatalogue(Sample.inputs, options, spec())
    let after = try ShortageCatalogue(pressed, options, spec())
    #expect(after.short.count >= before.short.count)
    for entry in after.entries {
      let old = try #require(before.entries.first { $0.region == entry.region && $0.team == entry.team && $0.industry == entry.industry })
      #expect(entry.gap.value > old.gap.value && entry.ratio >= old.ratio)
    }
  }

  @Test func aYearThatIsNotForecastIsRefused() throws {
    #expect(throws: ForecastError.yearOutside(2099, first: 2024, last: Sample.inputs.years.last)) {
      try ShortageCatalogue(Sample.inputs, options, spec(year: 2099))
    }
  }

  @Test func allProblemsOfAFileAreReportedAtOnce() throws {
    let text = """
      schema: talentcast/shortage-spec@2
      year: 2030
      smallest: -5
      weights: {ratio: 0.9, size: 0.2, pressure: 0.4}
      evidence: D
      source: assumption
      note: {zh: 假定, en: assumed}
      stars: [0.4, 0.2]
      reasons: {expansion: 0.5, outflow: 0.5}
      roless: []
      """
    do {
      _ = try parseShortageSpec(text, file: "s.yaml")
      Issue.record("a faulty file was accepted")
    } catch {
      #expect(
        error.problems.map { "\($0.line ?? 0) \($0.code)" } == [
          "1 spec.schema", "3 spec.out-of-range", "4 shortage.weights", "8 shortage.stars", "9 spec.missing-key",
          "10 spec.unknown-key",
        ])
    }
  }
}
