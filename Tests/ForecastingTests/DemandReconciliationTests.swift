import Dimensions
import Foundation
import TestSupport
import Testing

@testable import Forecasting

private func demand(_ inputs: ForecastInputs, _ region: RegionCode, _ year: Int) throws -> ResultCell {
  let cells = try forecast(inputs, RunOptions(scenario: "s", draws: 60, seed: 2, jobs: 1)).cells
  return try #require(
    cells.first {
      $0.region == region && $0.year == year && $0.measure == .demand && $0.team == "total" && $0.industry == "total"
    })
}

@Suite struct DemandReconciliationTests {
  /// The nation expects 3 % a year, its parts 5 %: the coherent figure lies between, nearer to the surer.
  @Test func totalsAndPartsMeetBetweenTheirForecasts() throws {
    let coherent = try demand(Sample.inputs, "100000", 2030).value
    let (own, parts) = (8600 * exp(0.03 * 7), 8600 * exp(0.05 * 7))
    #expect(own < coherent && coherent < parts)
    #expect(try demand(Sample.inputs, "100000", 2023).value == 8600)
  }

  /// Two parts of 3 and 1 with equal relative errors, a total of 3.4 as sure as the larger part: by hand,
  /// ỹ = ŷ − W Uᵀ(U W Uᵀ)⁻¹ U ŷ with W = diag(9, 9, 1) and an excess of −0.6.
  @Test func theMinimumTraceSolutionByHand() throws {
    let flat = { (spread: Double) in GrowthOutlook(mean: [0], spread: [spread], freedom: .infinity) }
    let reconciliation = try #require(
      DemandReconciliation(
        [TotalOutlook(name: "t", leaves: [0, 1], growth: GrowthOutlook(mean: [log(0.85)], spread: [0.3 / 0.34], freedom: .infinity), common: 1)],
        leaves: 2))
    // In thousands, so that no level is below one person: total 3400 (sd 3000), parts 3000 (3000), 1000 (1000).
    var growth = [[1.0, 1], [1.0, 1]]
    reconciliation.reconcile(
      &growth, base: [[3000], [1000]], outlooks: [flat(1), flat(1)], streams: RunStreams(RunOptions(scenario: "", draws: 1, seed: 1, jobs: 1)))
    #expect(close(growth[0][1] * 3000, 3000 - 600 * 9 / 19.0, relative: 1e-12))
    #expect(close(growth[1][1] * 1000, 1000 - 600 * 1 / 19.0, relative: 1e-12))
    #expect(growth[0][0] == 1 && growth[1][0] == 1)
  }

  @Test func placesUnderNoTotalKeepTheirForecast() throws {
    var alone = Sample.inputs
    alone.demandTotals = []
    #expect(try demand(Sample.inputs, "810000", 2030) == demand(alone, "810000", 2030))
    #expect(try demand(Sample.inputs, "440300", 2030).value < demand(alone, "440300", 2030).value)
  }
}
