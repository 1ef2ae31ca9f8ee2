import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Models")

/// A copy of the shipped models with some scenarios more, and what is wrong with one of them.
private func problems(of id: String, _ scenarios: [String: String]) throws -> [Problem] {
  let place = FileManager.default.temporaryDirectory.appending(path: "talentcast-\(UUID().uuidString)")
  try FileManager.default.copyItem(at: models, to: place)
  defer { try? FileManager.default.removeItem(at: place) }
  for (name, body) in scenarios {
    let text = "schema: talentcast/scenario@1\nid: \(name)\nname: \(name)\nwhy: x\n\(body)\n"
    try Data(text.utf8).write(to: place.appending(path: "scenarios/\(name).yaml"))
  }
  do throws(ProblemReport) {
    _ = try ScenarioLibrary(folder: place.path).resolve(id)
    return []
  } catch {
    return error.problems
  }
}

private func mixin(_ change: String, lever: String = "supply.entrants") -> String {
  "extends: baseline\nlevers:\n  \(lever):\n    - {\(change), note: n}"
}

@Suite struct ScenarioIncludesTests {
  /// The mirror of the parent cannot be mixed into it: both lines are named.
  @Test func anIncludeThatOverridesTheParentIsRefused() throws {
    let found = try problems(
      of: "contra", ["contra": "extends: high-innovation\ninclude: [low-innovation]\nlevers: {}"])
    #expect(found.map(\.code) == ["scenario.contradiction"])
    let problem = try #require(found.first)
    #expect(problem.file?.hasSuffix("contra.yaml") == true && problem.line == 6 && problem.column == 11)
    #expect(problem.message.en.contains("high-innovation.yaml:9") && problem.message.en.contains("low-innovation.yaml:9"))
    #expect(problem.message.en.contains("1.126") && problem.message.en.contains("0.886"))
  }

  /// Two sets of one lever in the same years, wherever they stand in the list.
  @Test(arguments: [
    ("op: set, value: 1.1", "op: set, value: 1.2", true), ("op: set, value: 1.1", "op: set, value: 1.1", false),
    ("op: set, value: 1.1, to: 2027", "op: set, value: 1.2, from: 2028", false),
    ("op: set, value: 1.1, geo: [110000]", "op: set, value: 1.2, geo: [310000]", false),
    ("op: set, value: 1.1, geo: [110000]", "op: set, value: 1.2", true),
    ("op: scale, value: 1.1", "op: scale, value: 1.2", false), ("op: add, value: 0.1", "op: add, value: 0.2", false),
    ("op: scale, value: 1.1", "op: growth, by: 1%, from: 2026", false), ("op: scale, value: 1.1", "op: add, value: 0.2", true),
    ("op: set, value: 1.1", "op: remove", true), ("op: path, values: {2025: 1.1}", "op: scale, value: 1.1", true),
  ])
  func includesContradictWhereTheirOrderDecides(a: String, b: String, clash: Bool) throws {
    for order in ["[a, b]", "[b, a]"] {
      let found = try problems(
        of: "mix", ["a": mixin(a), "b": mixin(b), "mix": "extends: baseline\ninclude: \(order)\nlevers: {}"])
      #expect(found.map(\.code) == (clash ? ["scenario.contradiction"] : []), "\(a) with \(b)")
    }
  }

  /// The file itself may settle it.
  @Test func whatTheFileStatesItselfHolds() throws {
    let own = "levers:\n  supply.entrants:\n    - {op: set, value: 1.15, note: n}"
    #expect(
      try problems(
        of: "mix",
        [
          "a": mixin("op: set, value: 1.1"), "b": mixin("op: set, value: 1.2"),
          "mix": "extends: baseline\ninclude: [a, b]\n\(own)",
        ]
      ).isEmpty)
  }

  /// A parent is there to be built upon.
  @Test func anIncludeMayAddToWhatTheParentStates() throws {
    #expect(
      try problems(
        of: "mix",
        ["a": mixin("op: set, value: 1.1"), "b": mixin("op: scale, value: 1.2"), "mix": "extends: a\ninclude: [b]\nlevers: {}"]
      ).isEmpty)
  }

  /// Every example of the skeleton holds when its # goes, alone or with all the others.
  @Test func theExamplesOfANewFileCanBeUncommented() throws {
    let library = ScenarioLibrary(folder: models.path)
    let template = try scenarioTemplate("new-one", extends: "high-innovation", why: nil, in: library)
    let lines = template.components(separatedBy: "\n")
    let examples = lines.indices.filter { lines[$0].hasPrefix("#   ") }
    #expect(examples.count == LeverChange.Operation.Name.allCases.count)
    for (mark, chosen) in [("# ", examples.map { [$0] } + [examples]), ("#", [examples])].flatMap({ mark, sets in sets.map { (mark, $0) } }) {
      let text = lines.enumerated().map { chosen.contains($0) ? String($1.dropFirst(mark.count)) : $1 }.joined(separator: "\n")
      let file = try parseScenario(text, file: "new-one.yaml", id: "new-one")
      #expect(file.changes.count == chosen.count)
      let body = text.components(separatedBy: "\n").drop { !$0.hasPrefix("extends") }.filter { !$0.hasPrefix("why") }
      #expect(try problems(of: "new-one", ["new-one": body.joined(separator: "\n")]).isEmpty, "\(text)")
    }
    let operations = Set(examples.compactMap { lines[$0].firstMatch(of: /op: (\w+)/).map { String($0.1) } })
    #expect(operations == Set(LeverChange.Operation.Name.allCases.map(\.rawValue)))
  }
}
