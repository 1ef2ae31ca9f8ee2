import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import TestSupport
import Testing

@testable import Forecasting

private let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// The bundled model, as it is and with one figure of a city added by a user's own package.
private enum Placed {
  static let plain = run(own: nil)
  static let withCity = run(own: project.appending(path: "Tests/ForecastingTests/Cases/city-figure/my"))

  private static func run(own: URL?) -> Result<(ForecastInputs, [ResultCell]), any Error> {
    Result {
      let folder = try TemporaryFolder()
      for name in try FileManager.default.contentsOfDirectory(atPath: project.appending(path: "Datasets").path) where name != "boundaries" {
        try folder.link(name, to: project.appending(path: "Datasets/\(name)"))
      }
      if let own { try folder.link("my", to: own) }
      let model = try readModel(project.appending(path: "Examples/placed/Models/baseline.yaml").path)
      let inputs = try ForecastAssembly(model: model, catalogue: try Catalogue(directory: folder.path)).inputs
      return (inputs, try forecast(inputs, RunOptions(scenario: "baseline", draws: 200, seed: 1, jobs: 2)).cells)
    }
  }
}

extension [ResultCell] {
  fileprivate func supply(_ region: RegionCode, _ year: Int, team: String = "total", industry: String = "total") throws -> ResultCell {
    try #require(first { $0.measure == .supply && $0.region == region && $0.year == year && $0.team == team && $0.industry == industry })
  }
}

@Suite struct PlacedStockTests {
  /// A count of a single place, printed to the last person, stands as it is printed; the nation's too.
  @Test func publishedCountsStandAsTheyArePrinted() throws {
    let cells = try Placed.plain.get().1
    for (place, count) in [("110000", 9742.0), ("310000", 1749), ("320000", 2100), ("330000", 1359), ("440000", 3758), ("100000", 26_840)] {
      let cell = try cells.supply(RegionCode(place), 2021, team: "U", industry: "ip-services")
      #expect(cell.value == count && cell.p025 == count && cell.evidence == .observed && cell.method == "published", "\(place)")
    }
    #expect(try cells.supply("110000", 2023, team: "U", industry: "ip-services").p90 > 10_000)
  }

  /// Roles of places add up to the nation's in every year that figures reach, and roles to the stock of a place.
  @Test func placesAddUpToTheNationRoleByRole() throws {
    let (inputs, cells) = try Placed.plain.get()
    for year in 2020...2023 {
      for role in inputs.roles {
        let (team, industry) = (inputs.teams[role.team].id, inputs.industries[role.industry].id)
        let whole = try cells.supply("100000", year, team: team, industry: industry).value
        let sum = try inputs.geography.provinces.reduce(0.0) { try $0 + cells.supply($1, year, team: team, industry: industry).value }
        #expect(close(sum, whole, relative: 1e-6, absolute: 1e-3), "\(team) \(industry) \(year)")
      }
      let beijing = try inputs.roles.reduce(0.0) {
        try $0 + cells.supply("110000", year, team: inputs.teams[$1.team].id, industry: inputs.industries[$1.industry].id).value
      }
      #expect(close(beijing, try cells.supply("110000", year).value, relative: 1e-3))
    }
  }

  /// Beijing's stock grows with its agencies; shares of hubs move after the base year; a place is unsure by far more than 12 %.
  @Test func sharesMoveAndSayHowUnsureTheyAre() throws {
    let cells = try Placed.plain.get().1
    let (first, base) = (try cells.supply("110000", 2020), try cells.supply("110000", 2023))
    #expect(base.value > first.value)
    #expect(base.p90 / base.p10 > 1.5)
    func share(_ region: RegionCode, _ year: Int) throws -> Double { try cells.supply(region, year).value / cells.supply("100000", year).value }
    for hub in ["110000", "310000", "GBA"] as [RegionCode] { #expect(abs(try share(hub, 2030) / share(hub, 2023) - 1) > 0.002, "\(hub)") }
    #expect(try cells.supply("810000", 2020).p025 >= 3300)
  }

  /// At least 60 000 in Shenzhen at the end of 2024: Shenzhen, Guangdong and the hub go up, what no listed city covers goes
  /// down, the city's band narrows, and Xinjiang stays.
  @Test func aFigureOfACityMovesWhatItSpeaksOf() throws {
    let (before, after) = (try Placed.plain.get().1, try Placed.withCity.get().1)
    func centre(_ cells: [ResultCell], _ region: RegionCode) throws -> Double { try cells.supply(region, 2023).value }
    func width(_ cells: [ResultCell], _ region: RegionCode) throws -> Double {
      let cell = try cells.supply(region, 2023)
      return log(cell.p90 / cell.p10)
    }
    #expect(try centre(after, "440300") > 1.2 * centre(before, "440300"))
    #expect(try centre(after, "440000") > 1.02 * centre(before, "440000"))
    #expect(try centre(after, "GBA") > 1.05 * centre(before, "GBA"))
    #expect(try centre(after, "440000-R") / centre(after, "440000") < centre(before, "440000-R") / centre(before, "440000"))
    #expect(try width(after, "440300") < 0.6 * width(before, "440300"))
    #expect(try width(after, "GBA") < width(before, "GBA"))
    #expect(abs(try centre(after, "650000") / centre(before, "650000") - 1) < 0.05)
  }

  /// With no response, places stay as in the base year; with one, they follow their openings, nobody is made or lost,
  /// and the books of every place close.
  @Test(arguments: [0, 0.5, 1]) func entrantsFollowOpenings(response: Double) throws {
    var inputs = Sample.inputs
    inputs.response = (response, nil)
    let fast = inputs.demandGrowth[0]
    inputs.demandGrowth[0] = GrowthOutlook(mean: fast.mean.map { 2 * $0 }, spread: fast.spread, freedom: fast.freedom)
    let draws = try LeafDraws(inputs, RunOptions(scenario: "", draws: 5, seed: 3, jobs: 2))
    let nation = inputs.geography.nodes[0].members
    for year in 2024...2030 {
      let cohort = draws.cohorts.paths[0].stock[year - 2023]
      for run in 0..<draws.runs {
        let all = nation.reduce(0.0) { $0 + draws.supply(leaf: $1, year: year)[run] }
        #expect(close(all, cohort[run], relative: 1e-12))
        for leaf in nation {
          let flows = draws.flows(leaf: leaf, year: year)
          let change = flows.entrants[run] - flows.retirements[run] - flows.exits[run]
          #expect(close(draws.supply(leaf: leaf, year: year - 1)[run] + change, draws.supply(leaf: leaf, year: year)[run], relative: 1e-12))
          #expect(flows.entrants[run] >= 0)
        }
      }
    }
    func share(_ year: Int) -> Double { draws.supply(leaf: 0, year: year)[0] / nation.reduce(0) { $0 + draws.supply(leaf: $1, year: year)[0] } }
    #expect(response == 0 ? close(share(2030), share(2023), relative: 1e-12) : share(2030) > share(2023) * (1 + 0.02 * response))
  }
}
