import Datasets
import Dimensions
import Forecasting
import Foundation
import Messages
import ModelSpecs
import TestSupport
import Testing

@testable import Planning

/// The bundled data under the baseline model, loaded once.
private enum Bundled {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
  static let library = ScenarioLibrary(folder: root.appending(path: "Models").path)

  static let loaded: Result<(ModelSpec, Catalogue, ForecastAssembly), any Error> = Result {
    let model = try readModel(root.appending(path: "Models/baseline.yaml").path)
    let catalogue = try Catalogue(directory: root.appending(path: "Datasets").path)
    return (model, catalogue, try ForecastAssembly(model: model, catalogue: catalogue))
  }

  static func inputs(_ scenario: String = "baseline") throws -> ForecastInputs {
    let (model, catalogue, assembly) = try loaded.get()
    return try assembly.inputs(under: library.resolve(scenario), model: model, catalogue: catalogue)
  }

  static func plan(_ name: String, _ edit: (String) -> String = { $0 }) throws -> IntakePlanSpec {
    let text = try String(contentsOf: root.appending(path: "Models/plans/\(name).yaml"), encoding: .utf8)
    return try parseIntakePlan(edit(text), file: "plan.yaml")
  }
}

@Suite struct IntakeQuestionTests {
  /// Law: the run's own supply answers to more entrants exactly as the plan says it does, in every draw.
  @Test(arguments: ["100000", "GBA", "110000"])
  func theRunAnswersToEntrantsAsThePlanSays(region: String) throws {
    let (before, after) = (try Bundled.inputs(), try Bundled.inputs("training-expansion"))
    let options = RunOptions(scenario: "", draws: 3, seed: 5, jobs: 1)
    let node = try #require(before.geography.node(called: region))
    let a = try IntakeBasis(before, options, node: node)
    let b = try IntakeBasis(after, options, node: node)
    let stays = try a.stays()
    for t in a.years.indices.map({ a.years.distance(from: a.years.startIndex, to: $0) }) {
      for run in 0...3 {
        let more = (0...t).reduce(0.0) { $0 + stays[$1][t][run] * (b.entrants[$1][run] - a.entrants[$1][run]) }
        let change = b.supply[t][run] - a.supply[t][run]
        // A hub with a population of its own outside the nation's cohort has a mean of cohorts.
        #expect(close(change, more, relative: region == "GBA" ? 0.02 : 1e-9, absolute: 1e-6), "\(region) \(t) \(run)")
      }
    }
  }

  /// Every draw of a plan's basis is one of the run: their means are the run's.
  @Test func thePathsAreThoseOfTheResults() throws {
    let inputs = try Bundled.inputs()
    let node = try #require(inputs.geography.node(called: "110000"))
    let options = RunOptions(scenario: "", draws: 10, seed: 1, jobs: 1)
    let basis = try IntakeBasis(inputs, options, node: node, team: 1)
    let team = inputs.teams[1].id
    for (measure, paths) in [(Measure.supply, basis.supply), (.demand, basis.requirement), (.entrants, basis.entrants)] {
      let cell = try #require(try FigureQuestion(measure: measure, node: node, team: team, year: 2030).cell(inputs, options))
      let draws = paths[2030 - basis.years.lowerBound].dropFirst()
      #expect(close(draws.reduce(0, +) / 10, cell.value, relative: 1e-9, absolute: 1e-5))
    }
  }

  /// Those who enter older leave sooner; nobody is there before entering.
  @Test func staysFallWithTimeAndAge() throws {
    let inputs = try Bundled.inputs()
    let node = try #require(inputs.geography.node(called: "100000"))
    let basis = try IntakeBasis(inputs, RunOptions(scenario: "", draws: 0, seed: 1, jobs: 1), node: node)
    let (young, old) = (try basis.stays(ages: 25...30), try basis.stays(ages: 50...55))
    #expect(young[3][2][0] == 0 && abs(young[3][3][0] - 1) < 1e-12)
    for t in 4..<basis.years.count { #expect(young[3][t][0] < young[3][t - 1][0] && old[3][t][0] < young[3][t][0]) }
    #expect(try basis.stays() == young, "the model's entrants are 25 to 30")
  }

  @Test func theBundledPlansHaveAnswers() throws {
    let question = try IntakeQuestion(try Bundled.plan("close-the-gap"), try Bundled.inputs("high-innovation"))
    let plan = try IntakePlan(question.problem)
    #expect(plan.shortage.reduce(0, +) < 0.6 * plan.shortageNow.reduce(0, +))
    #expect(plan.bottlenecks.contains { $0.kind == .rise && $0.shortage < -1 })
    #expect(question.throughChannels < question.entrants[0])
    let robust = try Bundled.plan("robust-intake") { $0.replacing("draws: 200", with: "draws: 10") }
    let tail = try IntakePlan(try IntakeQuestion(robust, try Bundled.inputs()).problem)
    let risk = try #require(tail.risk)
    #expect(risk.plan.worst < risk.now.worst && tail.cost.allSatisfy { $0 <= 4e8 + 1 })
  }

  @Test func namesThatTheRunLacksAreToldAtTheirPlace() throws {
    let inputs = try Bundled.inputs()
    let wrong = try Bundled.plan("robust-intake") {
      $0.replacing("region: GBA", with: "region: 北京城\nteam: Z").replacing("last: 2030", with: "last: 2050")
    }
    let report = try #require(throws: ProblemReport.self) { try IntakeQuestion(wrong, inputs) }
    #expect(report.status == .badConfiguration)
    #expect(report.problems.map(\.code) == ["plan.region", "plan.team", "plan.years"])
    #expect(report.problems.allSatisfy { $0.line != nil && $0.column != nil && $0.file == "plan.yaml" })
    #expect(report.problems[1].hint?.en == "known: P, U, S, I, F")
    let young = try Bundled.plan("robust-intake") { $0.replacing("ages: [28, 40]", with: "ages: [18, 40]") }
    #expect(try #require(throws: ProblemReport.self) { try IntakeQuestion(young, inputs) }.problems[0].code == "plan.ages")
    let many = try Bundled.plan("robust-intake") { $0.replacing("value: 1000,", with: "value: 90000,").replacing("draws: 200", with: "draws: 10") }
    #expect(try #require(throws: ProblemReport.self) { try IntakeQuestion(many, inputs) }.problems[0].code == "plan.entrants")
  }
}
