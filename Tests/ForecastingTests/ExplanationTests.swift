import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import Testing

@testable import Forecasting

/// The bundled data under the baseline and under a scenario that moves every kind of lever.
private enum Explained {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static let baseline: Result<(Explainer, [ResultCell]), any Error> = load("baseline")
  static let moved: Result<(Explainer, [ResultCell]), any Error> = load("combined-push")

  private static func load(_ id: String) -> Result<(Explainer, [ResultCell]), any Error> {
    Result {
      let models = root.appending(path: "Models").path
      let library = ScenarioLibrary(folder: models)
      let scenario = try library.resolve(id)
      let model = try readModel(library.modelFile(scenario.model))
      let catalogue = try Catalogue(directory: root.appending(path: "Datasets").path)
      let assembly = try ForecastAssembly(model: model, catalogue: catalogue, scenario: scenario)
      let options = RunOptions(scenario: id, draws: 4, seed: 1, jobs: 2)
      let explainer = try Explainer(
        assembly, options, model: model, modelFile: "Models/baseline.yaml", scenario: scenario, catalogue: catalogue)
      return (explainer, try forecast(assembly.inputs, options).cells)
    }
  }
}

/// Places of every kind: nation, hub, province, city, rest of a province, separate system.
private let places: [RegionCode] = ["100000", "GBA", "110000", "440300", "440000-R", "810000"]

@Suite struct ExplanationTests {
  private func check(_ loaded: (Explainer, [ResultCell])) throws {
    let (explainer, cells) = loaded
    var checked: Set<Measure> = []
    for code in places {
      let node = try #require(explainer.inputs.geography.nodes.first { $0.code == code })
      for year in code == "100000" ? [2021, 2025] : [2021, 2023, 2030] {
        let near = cells.filter { [code, "100000"].contains($0.region) && (year - 1...year).contains($0.year) }
        let own = near.filter { $0.region == code && $0.year == year }
        for cell in own where ["total", "U", "F"].contains(cell.team) && ["total", "universities"].contains(cell.industry) {
          let question = ExplanationQuestion(
            measure: cell.measure, node: node, team: explainer.inputs.teams.firstIndex { $0.id == cell.team },
            industry: explainer.inputs.industries.firstIndex { $0.id == cell.industry }, year: year)
          let answer = try #require(explainer.explanation(question, among: near))
          let what = "\(cell.measure) \(code) \(cell.team) \(cell.industry) \(year)"
          if cell.value.isFinite {
            #expect(abs(answer.root.value - cell.value) <= 6e-7 + 1e-11 * abs(cell.value), "\(what): \(answer.root.value) ≠ \(cell.value)")
          }
          for step in answer.root.all {
            guard let again = step.recomputed, step.value.isFinite else { continue }
            #expect(
              abs(again - step.value) <= 1e-9 * max(1, abs(step.value)), "\(what): \(step.name.en) \(step.value) ≠ \(again)")
          }
          checked.insert(cell.measure)
        }
      }
    }
    #expect(checked.isSuperset(of: Set(Measure.allCases).subtracting([.netMigration])))
  }

  @Test func everyMeasureIsRecomputedFromItsParts() throws { try check(Explained.baseline.get()) }

  @Test func scenariosAreRecomputedToo() throws {
    try check(Explained.moved.get())
  }

  /// A mean is the path without chance and what the draws add, said by name.
  @Test func theSpreadOfTheDrawsIsATermOfItsOwn() throws {
    let (explainer, cells) = try Explained.baseline.get()
    let node = try #require(explainer.inputs.geography.nodes.first)
    let answer = try #require(try explainer.explanation(ExplanationQuestion(measure: .gapRequirement, node: node, year: 2030)))
    let cell = try #require(cells.first { $0.region == node.code && $0.measure == .gapRequirement && $0.year == 2030 && $0.team == "total" })
    #expect(answer.cell == cell && answer.root.operation == .difference && abs(answer.root.value - cell.value) < 1e-5)
    for part in answer.root.parts {
      #expect(part.operation == .sum && part.parts.count == 2 && part.parts[1].name.en.hasPrefix("spread of the draws"))
    }
    let change = try #require(try explainer.explanation(ExplanationQuestion(measure: .demand, node: node, year: 2030)))
    let base = try #require(cells.first { $0.region == node.code && $0.measure == .demand && $0.year == 2023 && $0.team == "total" })
    let sum = change.demandParts.reduce(0) { $0 + $1.persons }
    #expect(abs(sum - (change.cell.value - base.value)) < 1e-4 && change.demandParts.contains { $0.cause == .spread })
  }

  /// Every leaf of the tree is a published row with its line, an assumption with its line, or says how
  /// it was calculated.
  @Test func leavesSayWhereTheyStand() throws {
    let (explainer, _) = try Explained.baseline.get()
    let node = try #require(explainer.inputs.geography.node(called: "深圳"))
    let answer = try #require(
      try explainer.explanation(ExplanationQuestion(measure: .gapRequirement, node: node, team: 1, year: 2030)))
    let leaves = answer.root.all.filter(\.parts.isEmpty)
    #expect(leaves.count > 50)
    for leaf in leaves where leaf.operation == .published {
      #expect(leaf.file.contains("Datasets/") && (leaf.line ?? 0) > 1 && !leaf.source.isEmpty && leaf.evidence != nil)
    }
    for leaf in leaves where leaf.operation == .assumed {
      #expect(leaf.file == "Models/baseline.yaml" && (leaf.line ?? 0) > 1 && leaf.evidence != nil)
    }
    #expect(answer.root.assumptions.contains { $0.name.en == "gap of the base year" && $0.value == 0 })
    #expect(answer.root.assumptions.contains { $0.name.en == "yearly transfer rate" && $0.value == 0.033 })
    #expect(answer.root.sources.count > 3)
  }

  /// The drivers' parts add up to the growth of demand exactly.
  @Test func driversAddUpToTheChangeOfDemand() throws {
    let (explainer, _) = try Explained.baseline.get()
    let inputs = explainer.inputs
    #expect(inputs.demandTerms.count == inputs.geography.leaves.count)
    for (leaf, terms) in inputs.demandTerms.enumerated() {
      for h in inputs.demandGrowth[leaf].mean.indices {
        #expect(terms.reduce(0) { $0 + $1.part(h) } == inputs.demandGrowth[leaf].mean[h])
      }
    }
  }

  @Test func cellsThatDoNotExistAreNotExplained() throws {
    let (explainer, _) = try Explained.baseline.get()
    let node = try #require(explainer.inputs.geography.nodes.first)
    #expect(try explainer.explanation(ExplanationQuestion(measure: .demand, node: node, year: 2021)) == nil)
    #expect(try explainer.explanation(ExplanationQuestion(measure: .openings, node: node, year: 2023)) == nil)
    #expect(try explainer.explanation(ExplanationQuestion(measure: .supply, node: node, year: 1999)) == nil)
    #expect(try explainer.explanation(ExplanationQuestion(measure: .supply, node: node, industry: 0, year: 2030)) == nil)
  }
}
