import Dimensions
import Testing

@testable import Forecasting

@Suite struct SectionsTests {
  private func options(_ draws: Int, atOnce: Int = 10_000) -> RunOptions {
    var options = RunOptions(scenario: "baseline", draws: draws, seed: 11, jobs: 2)
    options.mostAtOnce = atOnce
    return options
  }

  @Test func everyDrawIsInOneSectionAndSectionsAreEven() {
    for (draws, atOnce) in [(0, 10), (1, 10), (10, 10), (11, 10), (1_000_003, 10_000), (97, 5)] {
      let sections = options(draws, atOnce: atOnce).sections
      let all: [Int] = sections.flatMap { Array($0.firstDraw..<$0.firstDraw + $0.draws) }
      #expect(all == Array(1..<draws + 1))
      let sizes = sections.map(\.draws)
      let (least, most) = (sizes.min() ?? 0, sizes.max() ?? 0)
      #expect(most <= atOnce && most - least <= 1)
    }
  }

  /// Each section is a run of its own draws; the whole is their mean.
  @Test func aRunInSectionsIsTheMeanOfThem() throws {
    let inputs = Sample.inputs
    let whole = try forecast(inputs, options(101, atOnce: 40))
    let parts = try options(101, atOnce: 40).sections.map { try forecast(inputs, $0) }
    #expect(parts.map(\.options.draws) == [33, 34, 34])
    let stock = whole.nationalStock[inputs.years.last]
    #expect(stock == parts.flatMap { thinned($0.nationalStock[inputs.years.last] ?? [], to: 13) })
    var wrong: [String] = []
    for (at, cell) in whole.cells.enumerated() {
      let own = parts.map { $0.cells[at] }
      var isRight = true
      let isRatio: Set<Measure> = [.adequacy, .pressure, .locationQuotient]
      if !isRatio.contains(cell.measure) {
        let mean = (own[0].value * 33 + own[1].value * 34 + own[2].value * 34) / 101
        isRight = abs(cell.value - mean) <= 3e-6
      }
      for (got, of) in [(cell.p025, own.map(\.p025)), (cell.p10, own.map(\.p10)), (cell.p90, own.map(\.p90))] {
        let mean = (of[0] * 33 + of[1] * 34 + of[2] * 34) / 101
        let unit = cell.unit == "1" ? 1e-6 : 1e-2
        isRight = isRight && (mean.isFinite ? abs(got - mean) <= 0.5001 * unit : got.isNaN)
      }
      if !isRight { wrong.append("\(cell.region) \(cell.measure) \(cell.year) \(cell.team)") }
    }
    #expect(wrong.isEmpty, "\(wrong.prefix(5))")
  }

  /// Shares of draws are those of all draws at once; quantiles differ by less than draws scatter.
  @Test func sectionsTellWhatAllDrawsTell() throws {
    let inputs = Sample.inputs
    let nation = try #require(inputs.geography.nodes.first { $0.kind == .nation }).code
    let pooled = try forecast(of: [nation], inputs, options(300))
    let apart = try forecast(of: [nation], inputs, options(300, atOnce: 100))
    let pairs = zip(pooled, apart).filter { [$0.p10, $0.p90, $1.p10, $1.p90].allSatisfy(\.isFinite) }
    var apartBy: [Double] = []
    for (a, b) in pairs {
      if a.measure == .shortageProbability { #expect(abs(a.value - b.value) < 2e-6) }
      // A standard error of the tenth percentile of 300 normal draws is 3.9 % of the 80 % band.
      let error = 0.039 * (a.p90 - a.p10)
      guard error > 0.01 else { continue }
      apartBy += [a.p10 - b.p10, a.p50 - b.p50, a.p90 - b.p90].map { $0 / error }
    }
    let meanSquare = apartBy.reduce(0) { $0 + $1 * $1 } / Double(apartBy.count)
    #expect(apartBy.count > 100 && meanSquare < 1 && apartBy.allSatisfy { abs($0) < 4 }, "\(meanSquare)")
  }

  @Test func whatStandsForAllValuesHasTheirDistribution() {
    let values = (0..<1000).map { Double(($0 * 389) % 1000) }
    #expect(thinned(values, to: 1000) == values && thinned(values, to: 2000) == values)
    #expect(thinned(values, to: 4) == [125, 375, 625, 875])
  }

  /// The explanation of a cell starts from the cell that the run has.
  @Test func figuresOfARunInSectionsAgree() throws {
    let inputs = Sample.inputs
    let node = try #require(inputs.geography.nodes.first { $0.kind == .nation })
    let question = FigureQuestion(measure: .gapRequirement, node: node, year: inputs.years.last)
    let runs = try #require(try question.runs(inputs, options(101, atOnce: 40)))
    let together = try #require(try question.runs(inputs, options(101)))
    #expect(runs == together && runs.count == 102)
    let whole = try forecast(inputs, options(101, atOnce: 40)).cells.filter { $0.region == node.code }
    let alone = try forecast(of: [node.code], inputs, options(101, atOnce: 40))
    #expect(CellBytes(alone).bytes == CellBytes(whole).bytes)
  }
}
