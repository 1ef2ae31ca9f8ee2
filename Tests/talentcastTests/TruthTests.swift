import Dimensions
import Forecasting
import Foundation
import Maps
import Messages
import Reports
import Testing

@testable import talentcast

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
private let demo = root.appending(path: "Examples/demo").path

/// A whole finished run: centre, interval and probability of every row, table, card and headline are true together.
@Suite struct TruthTests {
  private static let finished: Result<(run: CompletedRun, input: ReportInput), any Error> = Result {
    let inputs = try RunInputs(scenario: "baseline", models: "\(demo)/Models", datasets: "\(demo)/Datasets")
    let run = try CompletedRun(inputs, RunOptions(scenario: inputs.scenario.id, draws: 100, seed: 5, jobs: 2))
    return (run, try run.reportInput(maps: [], desk: try ScenarioDesk(run)))
  }

  private struct Key: Hashable {
    let scenario: String, region: RegionCode, industry: String, team: String, year: Int

    init(_ cell: ResultCell) {
      (scenario, region, industry, team, year) = (cell.scenario, cell.region, cell.industry, cell.team, cell.year)
    }
  }

  @Test func everyRowOfTheResultsIsTrueInItself() throws {
    let (_, input) = try TruthTests.finished.get()
    let cells = (input.cells + input.otherScenarios).filter { $0.value.isFinite }
    func of(_ measure: Measure) -> [Key: ResultCell] {
      Dictionary(cells.filter { $0.measure == measure }.map { (Key($0), $0) }, uniquingKeysWith: { first, _ in first })
    }
    let (supply, demand, chance) = (of(.supply), of(.demand), of(.shortageProbability))
    var gaps = 0
    for gap in cells where gap.measure == .gapRequirement {
      let wanted = try #require(demand[Key(gap)]), there = try #require(supply[Key(gap)])
      #expect(abs(gap.value - (wanted.value - there.value)) <= 5.1e-7, "\(gap.region) \(gap.team) \(gap.year)")
      if let chance = chance[Key(gap)] {
        let apart = Reading.disagree(gap: gap.value, shortage: chance.value)
        #expect(apart == (gap.method == "demand-supply-skewed"), "\(gap.region) \(gap.team) \(gap.year): \(gap.value), \(chance.value)")
        gaps += 1
      }
    }
    #expect(gaps > 20)
    for cell in cells where cell.p10.isFinite && cell.p90.isFinite && cell.measure != .pressure {
      let (down, up) = (cell.p50 - cell.p10, cell.p90 - cell.p50)
      let rounding = (cell.unit == "1" ? 2e-6 : 1e-2) + 1e-9 * abs(cell.value)
      let isInside = cell.p10 - rounding <= cell.value && cell.value <= cell.p90 + rounding
      #expect(isInside || max(down, up) > 20 * min(down, up), "\(cell.region) \(cell.measure) \(cell.team) \(cell.year)")
    }
  }

  @Test func theReportSaysNothingItsFiguresDoNot() throws {
    let (_, input) = try TruthTests.finished.get()
    let problems = checkReport(document(for: input), against: input)
    #expect(problems.map { "\($0.code) \($0.path ?? "") \($0.message.en)" } == [])
  }

  @Test(arguments: Language.allCases) func theHeadlineSaysWhatIsOpen(_ language: Language) throws {
    let (run, _) = try TruthTests.finished.get()
    let text = run.headline.text(language)
    let chances = run.headlineRegions.compactMap { run.cell($0.code, .shortageProbability, run.inputs.focusYear)?.value }
    let isOpen = chances.contains { Reading.direction(shortage: $0) == .open }
    #expect(text.contains(language == .zh ? "是否短缺尚无定论" : "open whether there is a shortage") == isOpen)
    #expect(text.contains(language == .zh ? "抽样均值" : "means of the draws") && text.contains(language == .zh ? "短缺概率" : "P(short)"))
    #expect(!text.contains("中值") && !text.contains("median"))
  }

  /// The nation's gap is the same in results, compare and solve.
  @Test func oneQuestionHasOneAnswer() throws {
    let (run, _) = try TruthTests.finished.get()
    let node = try #require(run.results.inputs.geography.nodes.first { $0.kind == .nation })
    let question = FigureQuestion(measure: .gapRequirement, node: node, year: run.inputs.focusYear)
    let cell = try question.cell(run.results.inputs, run.options)
    #expect(cell == run.cell(node.code, .gapRequirement, run.inputs.focusYear))
    let chance = FigureQuestion(measure: .shortageProbability, node: node, year: run.inputs.focusYear)
    #expect(try chance.cell(run.results.inputs, run.options) == run.cell(node.code, .shortageProbability, run.inputs.focusYear))
  }
}
