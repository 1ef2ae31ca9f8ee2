import Dimensions
import Foundation
import Messages
import TestSupport
import Testing

@testable import Forecasting
@testable import ModelSpecs

private func scenario(_ changes: [(String, LeverChange.Operation, [String], [String])]) throws -> ScenarioSpec {
  ScenarioSpec(
    id: "s", name: Sample.name("s"), why: Sample.name("s"), model: "m", chain: ["m", "s"],
    changes: try changes.map {
      LeverChange(
        lever: try #require(Lever.named($0.0)), operation: $0.1, years: 2025...2200, places: $0.2, teams: $0.3,
        source: "test", note: "", origin: "s.yaml:1")
    }, files: [])
}

private func inputs(_ scenario: ScenarioSpec) -> ForecastInputs {
  var inputs = Sample.inputs
  inputs.levers = LeverPaths(
    scenario, geography: inputs.geography,
    hubs: [ModelSpec.Hub(id: "b", code: "GBA", name: Sample.name("b"), members: ["440100", "440300", "810000"])],
    nation: "100000", teams: ["P", "U"], years: inputs.years, slopes: [0.3, 0.4, 0.4, 0.4, 0.5],
    shares: [0.35, 0.195, 0.26, 0.195, 0])
  return inputs
}

private func run(_ inputs: ForecastInputs) throws -> [ResultCell] {
  try forecast(inputs, RunOptions(scenario: "s", draws: 50, seed: 3, jobs: 1)).cells
}

private func value(
  _ cells: [ResultCell], _ region: RegionCode, _ measure: Measure, _ year: Int, team: String = "total"
) throws -> Double {
  try #require(
    cells.first {
      $0.region == region && $0.measure == measure && $0.year == year && $0.team == team && $0.industry == "total"
    }
  ).value
}

@Suite struct LeverTests {
  @Test func aScenarioEqualToItsBaseDiffersByExactlyNothing() throws {
    #expect(resultsCSV(try run(inputs(try scenario([])))) == resultsCSV(try run(Sample.inputs)))
  }

  @Test func requirementAndProductivityMoveDemandOfTheChosenPlaceAndTeamOnly() throws {
    let base = try run(Sample.inputs)
    let moved = try run(
      inputs(
        try scenario([
          ("demand.requirement", .set(1.2), ["b"], ["U"]), ("demand.productivity", .set(1.1), ["b"], ["U"]),
        ])))
    for year in [2024, 2025, 2030] {
      let factor = year < 2025 ? 1 : 1.2 / 1.1
      #expect(
        close(
          try value(moved, "GBA", .demand, year, team: "U"), try value(base, "GBA", .demand, year, team: "U") * factor,
          relative: 1e-9, absolute: 1e-4))
      #expect(try value(moved, "GBA", .demand, year, team: "P") == value(base, "GBA", .demand, year, team: "P"))
      #expect(try value(moved, "110000", .demand, year) == value(base, "110000", .demand, year))
      #expect(try value(moved, "GBA", .supply, year) == value(base, "GBA", .supply, year))
    }
  }

  @Test func spendingWorksThroughTheElasticity() throws {
    let base = try run(Sample.inputs)
    let moved = try run(inputs(try scenario([("demand.rd_spending", .set(1.5), [], [])])))
    #expect(
      close(
        try value(moved, "110000", .demand, 2030), try value(base, "110000", .demand, 2030) * pow(1.5, 0.3),
        relative: 1e-9, absolute: 1e-4))
  }

  @Test func moreEntrantsRaiseEveryStockAlike() throws {
    let base = try run(Sample.inputs)
    let moved = try run(inputs(try scenario([("supply.entrants", .set(1.1), [], [])])))
    #expect(
      close(
        try value(moved, "100000", .entrants, 2025), try value(base, "100000", .entrants, 2025) * 1.1, relative: 1e-9, absolute: 1e-4))
    let ratio = try value(moved, "110000", .supply, 2030) / value(base, "110000", .supply, 2030)
    #expect(ratio > 1)
    #expect(close(ratio, try value(moved, "440300", .supply, 2030) / value(base, "440300", .supply, 2030), relative: 1e-9, absolute: 1e-4))
  }

  /// Migration moves people, it makes none: the mainland's total changes in no year, and every node's
  /// books still balance.
  @Test func migrationBetweenPlacesAddsUpToNothing() throws {
    let base = try run(Sample.inputs)
    let moved = try run(
      inputs(try scenario([("supply.net_migration", .set(20), ["110000"], []), ("supply.entrants", .set(1.3), ["440300"], [])])))
    for year in 2025...2030 {
      #expect(close(try value(moved, "100000", .netMigration, year), 0, absolute: 1e-4))
      #expect(try value(moved, "110000", .netMigration, year) > 0)
      #expect(try value(moved, "440300", .netMigration, year) < 0)
      for region in Sample.geography.nodes.map(\.code) {
        let end =
          try value(moved, region, .supply, year - 1) + value(moved, region, .entrants, year)
          - value(moved, region, .retirements, year) - value(moved, region, .exits, year)
          + value(moved, region, .netMigration, year)
        #expect(close(end, try value(moved, region, .supply, year), relative: 1e-9, absolute: 1e-4))
        #expect(
          close(
            try value(moved, region, .replacement, year),
            try value(moved, region, .retirements, year) + value(moved, region, .exits, year)
              - value(moved, region, .netMigration, year), relative: 1e-9, absolute: 1e-4))
      }
    }
    let added = try value(moved, "110000", .supply, 2026) - value(base, "110000", .supply, 2026)
    #expect(added > 0 && added < 40)
  }

  @Test func fewerTransfersKeepMorePeople() throws {
    let base = try run(Sample.inputs)
    let moved = try run(inputs(try scenario([("supply.transfer_out", .set(0.5), [], [])])))
    #expect(try value(moved, "100000", .supply, 2030) > value(base, "100000", .supply, 2030))
    #expect(try value(moved, "100000", .supply, 2024) == value(base, "100000", .supply, 2024))
  }
}
