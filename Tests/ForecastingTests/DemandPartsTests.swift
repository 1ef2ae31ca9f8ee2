import Dimensions
import TestSupport
import Testing

@testable import Forecasting

@Suite struct DemandPartsTests {
  private let options = RunOptions(scenario: "sample", draws: 12, seed: 3, jobs: 1)

  /// Own growth and reconciliation with the nation make up the whole change, with and without levers.
  @Test(arguments: [1.0, 1.3]) func partsAddUpToTheChangeAtEveryNode(_ lever: Double) throws {
    var inputs = Sample.inputs
    for leaf in inputs.levers.requirement.indices {
      for h in 1..<inputs.levers.requirement[leaf][1].count { inputs.levers.requirement[leaf][1][h] = lever }
    }
    let results = try forecast(inputs, options)
    func demand(_ region: RegionCode, _ year: Int) -> Double {
      results.cells.first {
        $0.region == region && $0.measure == .demand && $0.year == year && $0.team == "total" && $0.industry == "total"
      }?.value ?? .nan
    }
    for node in Sample.geography.nodes {
      for year in 2024...2030 {
        let parts = results.demandParts(node.code, year: year)
        let change = demand(node.code, year) - demand(node.code, 2023)
        #expect(close(parts.reduce(0) { $0 + $1.persons }, change, relative: 1e-9, absolute: 1e-5), "\(node.code) \(year)")
        #expect(parts.contains { $0.cause == .levers } == (lever != 1))
        #expect(Set(parts.map(\.cause)).count == parts.count)
      }
    }
    #expect(results.demandParts("100000", year: 2023).isEmpty)
  }

  /// Roles of places → roles of their nation, province and hub; flows likewise: in every single draw.
  @Test func nodesAreSumsOfTheirPlacesInEveryDraw() throws {
    let draws = try LeafDraws(Sample.inputs, options)
    let nodes = Dictionary(uniqueKeysWithValues: Sample.geography.nodes.map { ($0.code, $0) })
    let sums: [(RegionCode, [RegionCode])] = [
      ("100000", ["110000", "440000"]), ("440000", ["440100", "440300", "440000-R"]), ("GBA", ["440100", "440300", "810000"]),
    ]
    for year in [2023, 2024, 2030] {
      for (parent, parts) in sums {
        let whole = RoleSums(draws, try #require(nodes[parent]), year: year)
        let places = try parts.map { RoleSums(draws, try #require(nodes[$0]), year: year) }
        for role in whole.supply.indices {
          for run in 0..<draws.runs {
            func adds(_ of: (RoleSums) -> Double) -> Bool {
              close(places.reduce(0) { $0 + of($1) }, of(whole), relative: 1e-12, absolute: 1e-9)
            }
            #expect(adds { $0.supply[role][run] } && adds { $0.demand?[role][run] ?? .nan })
            #expect(adds { $0.entrants[role][run] } && adds { $0.retirements[role][run] } && adds { $0.exits[role][run] })
          }
        }
      }
    }
  }
}
