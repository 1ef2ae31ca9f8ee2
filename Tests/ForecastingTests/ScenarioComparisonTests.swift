import Foundation
import Messages
import TestSupport
import Testing

@testable import Forecasting
@testable import ModelSpecs

private func scenario(_ id: String, _ values: [(String, Double)]) throws -> ScenarioSpec {
  ScenarioSpec(
    id: id, name: Sample.name(id), why: Sample.name(id), model: "m", chain: ["m", id],
    changes: try values.map {
      LeverChange(
        lever: try #require(Lever.named($0.0)), operation: .set($0.1), years: 2024...2200, places: [], teams: [],
        source: "test", note: "", origin: "s.yaml:1")
    }, files: [])
}

@Suite struct ScenarioComparisonTests {
  /// f = x · y + z with x: 1 → 3, y: 1 → 2, z: 1 → 5. By hand: x and y alone add 2 and 1 and together 5, so
  /// they share the extra 2 equally: 3 and 2; z adds 4 in any order.
  @Test func partsOfAProductAreSharedEqually() throws {
    let ids = ["supply.entrants", "supply.transfer_out", "demand.requirement"]
    let base = try scenario("a", [])
    let other = try scenario("b", zip(ids, [3, 2, 5]).map { ($0, $1) })
    let result = ScenarioComparison(base, other) { scenario in
      let value = ids.map { scenario.value($0, year: 2030) }
      return value[0] * value[1] + value[2]
    }
    #expect(result.before == 2 && result.after == 11 && result.attribution == .shapley)
    let parts = Dictionary(uniqueKeysWithValues: result.parts.map { ($0.lever.id, $0.change) })
    #expect(zip(ids, [3, 2, 4]).allSatisfy { close(parts[$0] ?? .nan, $1) })
    #expect(close(result.interaction, 2))
  }

  /// Parts add up to the difference whatever the function, in both attributions.
  @Test(arguments: 0..<20 as Range<UInt64>, [false, true])
  func partsAddUpToTheDifference(seed: UInt64, ordered: Bool) throws {
    var generator = SeededGenerator(seed: seed)
    let levers = Lever.registry.map(\.id)
    func random() -> [(String, Double)] {
      levers.filter { _ in Bool.random(using: &generator) }.map { ($0, Double.random(in: 0.5...1.5, using: &generator)) }
    }
    let (a, b) = (try scenario("a", random()), try scenario("b", random()))
    let result = ScenarioComparison(a, b, ordered: ordered) { scenario in
      levers.enumerated().reduce(1.0) { $0 * exp(Double($1.offset % 3) * scenario.value($1.element, year: 2030)) }
    }
    let sum = result.parts.reduce(0) { $0 + $1.change }
    #expect(close(sum, result.after - result.before, relative: 1e-9, absolute: 1e-9))
    #expect(result.parts.allSatisfy { part in a.levers(unlike: b).contains { $0.id == part.lever.id } })
  }

  @Test func aScenarioEqualToItsBaseDiffersByExactlyNothing() throws {
    let one = try scenario("a", [("supply.entrants", 1.2)])
    let result = ScenarioComparison(one, one) { $0.value("supply.entrants", year: 2030) * 0.1 }
    #expect(result.parts.isEmpty && result.after - result.before == 0 && result.interaction == 0)
  }
}

@Suite struct RegretTableTests {
  /// Figure = 10·y − 4·x. By hand, x by policy 0, 1, 2 and y by future 0.5, 1: gaps 5 1 −3 and 10 6 2; the
  /// smallest sizes are 1 and 2; regrets 4 0 2 and 8 4 0.
  @Test func regretIsTheDistanceToTheBestPolicyOfEachFuture() throws {
    let (x, y) = ("supply.entrants", "demand.requirement")
    let neutral = try scenario("n", [])
    let policies = try [0.0, 1, 2].map { try scenario("p\($0)", [(x, $0)]) }
    let futures = try [0.5, 1.0].map { try scenario("f\($0)", [(y, $0), (x, 9)]) }
    let table = RegretTable(policies: policies, futures: futures, neutral: neutral, isGap: true) { scenario in
      10 * scenario.value(y, year: 2030) - 4 * scenario.value(x, year: 2030)
    }
    #expect(table.figures == [[5, 10], [1, 6], [-3, 2]])
    #expect(table.regrets == [[4, 8], [0, 4], [2, 0]])
    #expect(table.ranking == [2, 1, 0] && table.worst(0) == 8)
    let more = RegretTable(policies: policies, futures: futures, neutral: neutral, isGap: false) { scenario in
      10 * scenario.value(y, year: 2030) - 4 * scenario.value(x, year: 2030)
    }
    #expect(more.regrets == [[0, 0], [4, 4], [8, 8]] && more.ranking == [0, 1, 2])
  }
}
