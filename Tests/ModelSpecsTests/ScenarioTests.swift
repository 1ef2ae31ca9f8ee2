import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let library = ScenarioLibrary(
  folder: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Models").path)

private func problems(_ levers: String, head: String = "extends: baseline") -> [Problem] {
  let text = """
    schema: talentcast/scenario@1
    id: s
    name: {zh: 甲, en: a}
    why: {zh: 乙, en: b}
    \(head)
    levers:
    \(levers.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
    """
  do throws(ProblemReport) {
    _ = try parseScenario(text, file: "s.yaml", id: "s")
    return []
  } catch {
    return error.problems
  }
}

@Suite struct ScenarioTests {
  @Test func everyShippedScenarioResolvesToTheBaselineModel() throws {
    #expect(library.scenarios.count >= 6)
    for id in library.scenarios {
      let scenario = try library.resolve(id)
      #expect(scenario.model == "baseline" && scenario.chain.first == "baseline" && scenario.chain.last == id)
      #expect(!scenario.changes.isEmpty)
      #expect(scenario.changes.allSatisfy { !$0.source.isEmpty || !$0.note.isEmpty })
    }
  }

  @Test func aModelIsAScenarioThatChangesNothing() throws {
    let scenario = try library.resolve("baseline")
    #expect(scenario.changes.isEmpty && scenario.levers.isEmpty)
    for lever in Lever.registry {
      #expect(scenario.value(lever.id, year: 2030) == lever.initial)
    }
  }

  @Test func parentsComeFirstThenIncludesThenTheFileItself() throws {
    let scenario = try library.resolve("combined-push")
    #expect(scenario.chain == ["baseline", "high-innovation", "combined-push"])
    #expect(
      scenario.levers.map(\.id) == [
        "demand.rd_spending", "supply.entrants", "supply.net_migration", "supply.retirement_late",
      ])
  }

  @Test func growthCompoundsFromItsFirstYear() throws {
    let scenario = try library.resolve("high-innovation")
    func value(_ year: Int) -> Double { scenario.value("demand.rd_spending", year: year) }
    #expect(value(2024) == 1)
    #expect(abs(value(2025) - 1.02) < 1e-12 && abs(value(2030) - 1.126162419264) < 1e-12)
    #expect(value(2031) == 1.126)
  }

  @Test func pathsAreStraightLinesAndSelectTheirTeams() throws {
    let scenario = try library.resolve("ai-productivity")
    #expect(abs(scenario.value("demand.productivity", team: "U", year: 2027) - 1.06) < 1e-12)
    #expect(scenario.value("demand.productivity", team: "P", year: 2027) == 1)
    #expect(scenario.value("demand.productivity", team: "U", year: 2024) == 1)
  }

  @Test func placesAreSelectedByCodeOrHub() throws {
    let scenario = try library.resolve("hub-attraction")
    #expect(scenario.value("supply.net_migration", place: ["110000", "beijing"], year: 2026) == 1500)
    #expect(scenario.value("supply.net_migration", place: ["120000"], year: 2026) == 0)
    #expect(scenario.value("supply.net_migration", place: ["beijing"], year: 2031) == 0)
  }

  @Test(
    arguments: [
      ("demand.productivty:\n  - {op: set, value: 1.1, note: x}", "spec.unknown-key", "did you mean: demand.productivity"),
      ("demand.requirement:\n  - {op: sett, value: 1.1, note: x}", "spec.value", "did you mean: set"),
      ("demand.requirement:\n  - {op: set, value: 1.1}", "scenario.no-source", nil),
      ("demand.requirement:\n  - {op: set, note: x}", "spec.missing-key", nil),
      ("demand.requirement:\n  - {op: set, value: many, note: x}", "spec.not-a-number", "write 0.12, 12%, 1.2万 (10⁴) or 3亿 (10⁸)"),
      ("demand.requirement:\n  - {op: set, value: 3, note: x}", "scenario.implausible", "write `force: true` if you mean it"),
      ("demand.requirement:\n  - {op: set, value: 99, note: x, force: true}", "scenario.impossible", nil),
      ("demand.requirement:\n  - {op: set, value: 1, note: x, from: 2030, to: 2025}", "scenario.years", nil),
      ("demand.requirement:\n  - {op: growth, by: 1%, note: x}", "spec.missing-key", nil),
      ("demand.requirement:\n  - {op: path, values: {soon: 1}, note: x}", "spec.value", nil),
      ("demand.requirement:\n  - {op: path, values: 3, note: x}", "spec.type", nil),
      ("demand.requirement: 3", "spec.type", nil),
      ("supply.retirement_late:\n  - {op: set, value: 0.2, note: x, geo: [beijing]}", "scenario.selector", nil),
      ("supply.entrants:\n  - {op: set, value: 1.1, note: x, team: [U]}", "scenario.selector", nil),
      ("supply.entrants:\n  - {op: set, value: 1.1, note: x, frm: 2025}", "spec.unknown-key", "did you mean: from"),
      ("supply.entrants:\n  - {op: set, value: 1.1, note: x, force: perhaps}", "spec.type", nil),
    ] as [(String, String, String?)])
  func aFaultIsNamedWithItsLine(_ levers: String, _ code: String, _ hint: String?) {
    let found = problems(levers)
    #expect(found.map(\.code) == [code])
    #expect(found.allSatisfy { $0.file == "s.yaml" && ($0.line ?? 0) >= 6 && ($0.column ?? 0) >= 3 })
    if let hint { #expect(found.first?.hint?.en == hint) }
  }

  @Test func unknownParentsAndNamesAreReportedWithTheNearest() {
    #expect(problems("", head: "extend: baseline").map(\.code).contains("spec.unknown-key"))
    do throws(ProblemReport) {
      _ = try library.resolve("hub-atraction")
      Issue.record("a misspelt scenario was found")
    } catch {
      #expect(error.status == .missingInput)
      #expect(error.problems.map { $0.hint?.zh } == ["您是否想写：hub-attraction"])
    }
  }

  /// Read twice, a file says the same, however its paths of years are kept in memory.
  @Test func aScenarioReadTwiceMovesNoLeverDifferently() throws {
    for id in library.scenarios {
      let first = try library.resolve(id)
      for _ in 0..<20 { #expect(first.levers(unlike: try library.resolve(id)).isEmpty) }
    }
  }

  @Test func leversThatDifferInValueYearsPlaceOrTeamAreNamed() throws {
    func levers(_ line: String) throws -> [LeverChange] {
      let text = """
        schema: talentcast/scenario@1
        id: s
        name: {zh: 甲, en: a}
        why: {zh: 乙, en: b}
        extends: baseline
        levers:
          demand.productivity:
            - {\(line), note: n}
        """
      return try parseScenario(text, file: "s.yaml", id: "s").changes
    }
    func scenario(_ line: String) throws -> ScenarioSpec {
      ScenarioSpec(
        id: "s", name: Bilingual(zh: "甲", en: "a"), why: Bilingual(zh: "乙", en: "b"), model: "baseline",
        chain: ["baseline", "s"], changes: try levers(line), files: [])
    }
    let base = try scenario("op: path, values: {2025: 1.0, 2030: 1.15}, team: [U]")
    for other in [
      "op: path, values: {2025: 1.0, 2030: 1.2}, team: [U]", "op: path, values: {2025: 1.0, 2031: 1.15}, team: [U]",
      "op: path, values: {2025: 1.0, 2030: 1.15}, team: [F]", "op: path, values: {2025: 1.0, 2030: 1.15}",
    ] {
      #expect(base.levers(unlike: try scenario(other)).map(\.id) == ["demand.productivity"])
    }
  }

  @Test func keepingNoLeverIsTheBase() throws {
    let scenario = try library.resolve("combined-push").keeping([])
    #expect(scenario.changes.isEmpty)
  }
}
