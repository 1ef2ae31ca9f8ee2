import Dimensions
import Forecasting
import Foundation
import Messages
import Testing

@testable import talentcast

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let demo = root.appending(path: "Examples/demo").path

@Suite struct ScenarioDeskTests {
  private func run(_ scenario: String) throws -> CompletedRun {
    let inputs = try RunInputs(scenario: scenario, models: "\(demo)/Models", datasets: "\(demo)/Datasets")
    return try CompletedRun(inputs, RunOptions(scenario: inputs.scenario.id, draws: 100, seed: 5, jobs: 2))
  }

  /// What stands beside the edition's scenario is what a run of the other scenario says, to the last digit.
  @Test func anotherScenariosCellsAreThoseOfItsOwnRun() throws {
    let desk = try ScenarioDesk(run("baseline"))
    #expect(desk.scenarios.map(\.id) == ["more-graduates"])
    let other = Dictionary(uniqueKeysWithValues: try run("more-graduates").cells.map { (Key($0), $0) })
    #expect(!desk.cells.isEmpty)
    for cell in desk.cells {
      let own = other[Key(cell)]
      #expect(own == cell, "\(cell.region) \(cell.measure) \(cell.year)")
    }
    #expect(desk.levers.contains { $0.scenario == "more-graduates" })
  }

  @Test func theTornadoStartsFromTheRunsOwnFigure() throws {
    let run = try run("baseline")
    let sensitivity = try #require(try ScenarioDesk(run).sensitivity)
    let own = run.cell(run.model.stock.nation, .gapRequirement, run.inputs.focusYear)
    #expect(sensitivity.central == own?.value.rounded())
    let sizes = sensitivity.swings.map { abs($0.atHigh - $0.atLow) }
    #expect(!sizes.isEmpty && sizes == sizes.sorted(by: >))
    #expect(sensitivity.swings.allSatisfy { $0.atLow != sensitivity.central || $0.atHigh != sensitivity.central })
  }

  /// A name in the edition file that is no scenario is told at its place, with the nearest one.
  @Test func anUnknownScenarioInTheEditionIsNamedWithItsPlace() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "desk-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try FileManager.default.copyItem(atPath: "\(demo)/Models", toPath: folder.path + "/Models")
    let file = folder.appending(path: "Models/edition.yaml")
    let text = try String(contentsOf: file, encoding: .utf8).replacing("more-graduates", with: "more-gradutes")
    try Data(text.utf8).write(to: file)
    let report = #expect(throws: ProblemReport.self) {
      try RunInputs(scenario: "baseline", models: folder.path + "/Models", datasets: "\(demo)/Datasets")
    }
    let problem = try #require(report?.problems.first)
    #expect(report?.status == .badConfiguration && problem.code == "edition.compare")
    #expect(problem.line == text.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.hasPrefix("compare") }.map { $0 + 1 })
    #expect(problem.column == 21 && problem.hint?.en == "did you mean: more-graduates")
  }
}

private struct Key: Hashable {
  let region: RegionCode, industry: String, team: String, year: Int, measure: Measure

  init(_ cell: ResultCell) {
    (region, industry, team, year, measure) = (cell.region, cell.industry, cell.team, cell.year, cell.measure)
  }
}
