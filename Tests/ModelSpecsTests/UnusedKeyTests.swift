import Foundation
import Messages
import Testing

@testable import ModelSpecs

/// What would be read and mean nothing, or mean another place: refused at its line.
@Suite struct UnusedKeyTests {
  private func problems(_ edits: [(String, String)]) throws -> [Problem] {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    var text = try String(contentsOf: root.appending(path: "Models/baseline.yaml"), encoding: .utf8)
    for (old, new) in edits {
      try #require(text.contains(old))
      text = text.replacing(old, with: new, maxReplacements: 1)
    }
    do throws(ProblemReport) {
      _ = try parseModel(text, file: "m.yaml")
      return []
    } catch {
      return error.problems
    }
  }

  @Test(arguments: [
    ("female_share: {value: 0.5,", "female_share: {value: 0.5, low: 0.4, high: 0.6,", "spec.unused", "supply.female_share.low"),
    ("separate_exit_age: {value: 65,", "separate_exit_age: {value: 65, low: 60, high: 70,", "spec.unused", "supply.separate_exit_age.low"),
    (
      "    drivers: [patents_in_force_invention]\n    like", "    drivers: [gdp, patents_in_force_invention]\n    like", "spec.unused",
      "allocation.separate.drivers"
    ),
    ("policy: true", "policy: yes", "spec.type", "demand.methods.4.policy"),
    ("first_origin: 2018", "first_origin: 2023", "spec.years", "demand.backtest.first_origin"),
    ("history: 2020, base: 2023", "history: 2023, base: 2023", "spec.years", "years"),
    ("id: gba\n      code: GBA", "id: gba\n      code: \"100000\"", "spec.hub", "regions.hubs.2.code"),
    ("id: gba\n      code: GBA", "id: gba\n      code: \"440100\"", "spec.hub", "regions.hubs.2.code"),
    ("id: gba\n      code: GBA", "id: gba\n      code: beijing", "spec.duplicate", "regions.hubs.2.code"),
    ("id: gba\n      code: GBA", "id: shanghai\n      code: GBA", "spec.duplicate", "regions.hubs.2.id"),
    ("members: [\"110000\"]", "members: []", "spec.empty", "regions.hubs.0.members"),
    ("members: [\"440100\", \"440300\"", "members: [\"440100\", \"440100\", \"440300\"", "spec.duplicate", "regions.hubs.2.members.1"),
  ])
  func isRefusedWhereItStands(old: String, new: String, code: String, path: String) throws {
    let found = try problems([(old, new)])
    #expect(found.map(\.code) == [code] && found.map(\.path) == [path], "\(found)")
    #expect(found.allSatisfy { $0.line != nil && $0.column != nil && !$0.message.zh.isEmpty })
  }

  @Test func theRangeOfTheBaseGapIsRead() throws {
    #expect(try problems([("base_gap: {value: 0,", "base_gap: {value: 0, low: -0.05, high: 0.1,")]).isEmpty)
  }

  @Test func movesNeedAPlace() throws {
    let text = """
      schema: talentcast/scenario@1
      id: s
      name: s
      extends: m
      why: x
      levers:
        supply.net_migration:
          - {op: set, value: 10, note: n}
          - {op: scale, value: 2, note: n}
      """
    #expect {
      try parseScenario(text, file: "s.yaml", id: "s")
    } throws: { error in
      let found = (error as? ProblemReport)?.problems ?? []
      return found.map(\.path) == ["levers.supply.net_migration.0.geo"] && found.map(\.line) == [8]
    }
  }
}
