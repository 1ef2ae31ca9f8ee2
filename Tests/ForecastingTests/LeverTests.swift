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
    persons: [3010, 1677, 2236, 1677, nil])
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
    // Shares and cohorts are drawn apart, so of fifty draws ratios of means differ a little.
    #expect(close(ratio, try value(moved, "440300", .supply, 2030) / value(base, "440300", .supply, 2030), relative: 2e-3))
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

  /// What is asked of a hub or a province is its own number, shared by its parts by their stock; the rest of the
  /// nation loses it, and regions with statistics of their own take no part.
  @Test(
    arguments: [
      ("b", [1, 2], [.set(40)], 40), ("GBA", [1, 2], [.set(10), .add(30)], 40), ("440000", [1, 2, 3], [.set(20), .scale(2)], 40),
      ("440000", [1, 2, 3], [.set(20), .growth(0.1)], 22), ("b", [1, 2], [.set(90), .clamp(low: -40, high: 40)], 40),
      ("b", [1, 2], [.path([2025: 40, 2030: 40])], 40), ("b", [1, 2], [.set(90), .remove, .add(40)], 40), ("110000", [0], [.set(40)], 40),
    ] as [(String, [Int], [LeverChange.Operation], Double)])
  func aNumberForASumOfPlacesIsTheNumberOfThatSum(
    place: String, members: [Int], operations: [LeverChange.Operation], asked: Double
  ) throws {
    let inputs = inputs(try scenario(operations.map { ("supply.net_migration", $0, [place], []) }))
    #expect(inputs.levers.migration.problems.isEmpty)
    let persons = inputs.levers.migration.persons.map { $0[2] }
    #expect(close(persons.compactMap(\.self).reduce(0, +), asked))
    #expect(persons.indices.filter { persons[$0] != nil } == members)
    if members.contains(2) { #expect(close((persons[1] ?? 0) / (persons[2] ?? 1), 1677 / 2236)) }
    let cells = try run(inputs)
    let node = place == "b" ? "GBA" : place
    #expect(close(try value(cells, RegionCode(node), .netMigration, 2025), asked, absolute: 1e-4))
    #expect(close(try value(cells, "100000", .netMigration, 2025), 0, absolute: 1e-4))
    #expect(try value(cells, "810000", .netMigration, 2025) == 0)
  }

  /// People who move are the same people: in no year, draw or quantile does the nation change.
  @Test(arguments: [[("110000", -100.0)], [("b", 70), ("110000", 30)], [("440300", -40), ("440100", 60)]])
  func theNationDoesNotChangeByMovesWithinIt(moves: [(String, Double)]) throws {
    let base = try run(Sample.inputs)
    let moved = try run(inputs(try scenario(moves.map { ("supply.net_migration", .set($0.1), [$0.0], []) })))
    for measure in [Measure.supply, .entrants, .retirements, .exits, .demand] {
      for year in 2024...2030 {
        for cells in [(base, moved)] {
          let a = try #require(
            cells.0.first { $0.region == "100000" && $0.measure == measure && $0.year == year && $0.team == "total" && $0.industry == "total" })
          let b = try #require(
            cells.1.first { $0.region == "100000" && $0.measure == measure && $0.year == year && $0.team == "total" && $0.industry == "total" })
          for (x, y) in [(a.value, b.value), (a.p10, b.p10), (a.p50, b.p50), (a.p975, b.p975)] {
            #expect(close(x, y, relative: 1e-9, absolute: 2e-2))
          }
        }
      }
    }
    #expect(moved.allSatisfy { $0.measure != .supply || $0.p025 >= 0 })
  }

  /// Twenty thousand cannot leave three thousand: refused where it is written, and by the run even when insisted on.
  @Test func noMoreLeaveThanAreThere() throws {
    let plain = try scenario([("supply.net_migration", .set(-20_000), ["110000"], [])])
    let problem = try #require(inputs(plain).levers.migration.problems.first)
    #expect(problem.code == "scenario.implausible" && problem.file == "s.yaml" && problem.line == 1)
    #expect(problem.message.en.contains("-20000 in 2025, where the place has 3010 persons") && problem.message.en.contains("-151 to 151"))
    let forced = plain.setting(try #require(Lever.named("supply.net_migration")), to: -20_000, years: 2025...2030, places: ["110000"])
    #expect {
      try run(inputs(forced))
    } throws: { error in
      guard case .nobodyLeft(let place, 2025, 20_000, let there, _) = error as? ForecastError else { return false }
      return place.en == "甲" && there > 2000 && there < 4000
    }
    // A number that some draws cannot give leaves nobody there in them, and no fewer.
    let most = plain.setting(try #require(Lever.named("supply.net_migration")), to: -450, years: 2025...2030, places: ["110000"])
    let cells = try run(inputs(most))
    #expect(cells.allSatisfy { ![.supply, .retirements, .exits].contains($0.measure) || $0.p025 >= 0 })
  }

  @Test func whatNobodyCanGiveIsRefused() throws {
    func codes(_ changes: [(LeverChange.Operation, [String])]) throws -> [String] {
      inputs(try scenario(changes.map { ("supply.net_migration", $0.0, $0.1, []) })).levers.migration.problems.map(\.code)
    }
    #expect(try codes([(.set(10), ["100000"])]) == ["scenario.impossible", "scenario.implausible"])
    #expect(try codes([(.set(10), ["810000"])]) == ["scenario.place"])
    #expect(try codes([(.set(10), ["b", "440300"])]) == ["scenario.place"])
    #expect(try codes([(.set(10), ["b", "GBA"])]) == [])
    #expect(try codes([(.set(10), ["110000"]), (.set(-10), ["440000"])]) == [])
  }

  /// A factor for every place of the nation is the factor of the nation.
  @Test func entrantsOfEveryPlaceAreEntrantsOfTheNation() throws {
    let nation = try run(inputs(try scenario([("supply.entrants", .set(1.2), [], [])])))
    let places = try run(inputs(try scenario([("supply.entrants", .set(1.2), ["100000"], [])])))
    for measure in [Measure.supply, .entrants, .retirements, .exits] {
      for region in ["100000", "110000", "440300"] as [RegionCode] {
        #expect(close(try value(nation, region, measure, 2030), try value(places, region, measure, 2030), relative: 1e-9, absolute: 1e-3))
      }
    }
    let base = try run(Sample.inputs)
    let one = try run(inputs(try scenario([("supply.entrants", .set(0), [], []), ("supply.entrants", .set(2), ["110000"], [])])))
    #expect(close(try value(one, "110000", .entrants, 2025), 2 * (try value(base, "110000", .entrants, 2025)), relative: 1e-9, absolute: 1e-3))
    #expect(try value(one, "440300", .entrants, 2025) == 0)
  }
}
