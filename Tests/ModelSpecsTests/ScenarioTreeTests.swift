import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let library = ScenarioLibrary(
  folder: URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Models").path)

@Suite struct ScenarioTreeTests {
  @Test func everyScenarioStandsOnceUnderWhatItExtends() throws {
    let roots = try library.tree()
    func all(_ branch: ScenarioBranch) -> [String] { [branch.id] + branch.children.flatMap(all) }
    #expect(roots.flatMap(all).sorted() == (library.models + library.scenarios).sorted())
    let high = try #require(roots.first?.children.first { $0.id == "high-innovation" })
    #expect(high.levers == ["demand.rd_spending"])
    #expect(high.children.map(\.id) == ["combined-push"])
    #expect(high.children.first?.includes == ["training-expansion", "later-retirement", "hub-attraction"])
  }

  @Test func resolvedValuesAreThoseARunUses() throws {
    let model = try readModel(library.modelFile("baseline"))
    for id in library.scenarios {
      let scenario = try library.resolve(id)
      let values = scenario.resolvedValues(in: model)
      for value in values {
        let place = value.place.map { scenario.surroundings(of: $0, in: model) } ?? []
        for year in value.years {
          #expect(scenario.value(value.lever, place: place, team: value.team ?? "total", year: year) == value.value)
        }
      }
      #expect(Set(values.map(\.lever)).count == Lever.registry.count)
      #expect(Set(values.flatMap(\.origins)) == Set(scenario.changes.map(\.origin)))
    }
  }

  @Test func valuesThatNobodyMovesHaveNoOrigin() throws {
    let model = try readModel(library.modelFile("baseline"))
    let values = try library.resolve("baseline").resolvedValues(in: model)
    #expect(values.count == Lever.registry.count)
    #expect(values.allSatisfy { $0.origins.isEmpty && $0.years == 2024...2035 })
  }

  @Test func aScenarioDoesNotDifferFromItself() throws {
    for id in library.scenarios {
      #expect(try library.resolve(id).differences(from: library.resolve(id)).isEmpty)
    }
  }

  @Test func changesOfTheSameYearsArePaired() throws {
    let rows = try library.resolve("high-innovation").differences(from: library.resolve("low-innovation"))
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0.lever.id == "demand.rd_spending" && $0.a != nil && $0.b != nil })
    #expect(rows.first?.a?.operation == .growth(0.02) && rows.first?.b?.operation == .growth(-0.02))
  }

  @Test func whatOnlyOneScenarioDoesStandsAlone() throws {
    let rows = try library.resolve("baseline").differences(from: library.resolve("combined-push"))
    #expect(rows.count == 8 && rows.allSatisfy { $0.a == nil })
  }

  @Test(arguments: ["a\"b\\c\nd", "甲：乙", "# no comment", ""])
  func aNewFileReadsAndChangesNothing(_ why: String) throws {
    let text = try scenarioTemplate("新情景", extends: "baseline", why: why.isEmpty ? nil : why, in: library)
    let file = try parseScenario(text, file: "新情景.yaml", id: "新情景")
    #expect(file.changes.isEmpty && file.parent == "baseline")
    if !why.isEmpty { #expect(file.why.zh == why.replacing("\n", with: " ")) }
  }

  @Test(arguments: [
    ("", "scenario.name"), ("../x", "scenario.name"), ("a b", "scenario.name"), ("-a", "scenario.name"),
    ("baseline", "scenario.taken"), ("hub-attraction", "scenario.taken"),
  ])
  func namesThatCannotBeAreRefused(_ id: String, _ code: String) {
    do throws(ProblemReport) {
      _ = try scenarioTemplate(id, extends: "baseline", why: nil, in: library)
      Issue.record("accepted \(id)")
    } catch {
      #expect(error.problems.map(\.code) == [code])
    }
  }
}
