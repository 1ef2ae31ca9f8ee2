import Balancing
import Dimensions
import Messages
import TestSupport
import Testing

@Suite struct LongTableTests {
  private func table(_ file: String, _ dimensions: [String], _ rows: [([String], Double)]) -> LongTable {
    LongTable(
      file: file, dimensions: dimensions, labels: rows.map(\.0), values: rows.map(\.1),
      lines: rows.indices.map { $0 + 2 })
  }

  private var seed: LongTable {
    table("seed.csv", ["region", "team"], [(["北京", "a"], 1), (["上海", "b"], 1), (["上海", "a"], 1)])
  }

  @Test func cellsKeepTheSeedsRows() throws {
    let result = try balanced(
      seed, to: [table("r.csv", ["region"], [(["上海"], 6), (["北京 "], 2)]), table("t.csv", ["team"], [(["a"], 5), (["b"], 3)])])
    #expect((0..<3).map { result.labels(at: $0) } == [["北京", "a"], ["上海", "b"], ["上海", "a"]])
    for (value, right) in zip(result.values, [2.0, 3, 3]) { #expect(close(value, right)) }
  }

  @Test func marginOverNoDimensionIsTheTotal() throws {
    let result = try balanced(seed, to: [table("total.csv", [], [([], 12)])])
    #expect(result.values == [4, 4, 4])
    #expect(result.table.largestMultiplier == 4)
  }

  @Test func onlyListedZerosAreFilled() throws {
    let sampled = table("seed.csv", ["region", "team"], [(["北京", "a"], 1), (["北京", "b"], 0), (["上海", "a"], 2)])
    var options = BalancingOptions()
    options.zeros = .sampling(share: 0.5)
    let result = try balanced(
      sampled, to: [table("t.csv", ["team"], [(["a"], 6), (["b"], 4)])], options: options)
    #expect(result.values == [2, 4, 4])
    #expect(result.table.cells["上海", "b"] == 0)
  }

  @Test func everyProblemIsReportedAtOnce() {
    let report = #expect(throws: ProblemReport.self) {
      try balanced(
        table("seed.csv", ["region", "team"], [(["北京", "a"], 1), (["上海", "a"], 1), (["北京", "a"], 1)]),
        to: [
          table("x.csv", ["tema"], [(["a"], 1)]), table("y.csv", ["region"], [(["北京"], 1), (["上每"], 2)]),
          table("z.csv", ["team"], []),
        ])
    }
    #expect(
      report?.problems.map(\.code) == [
        "balance.duplicate-cell", "balance.unknown-dimension", "balance.unknown-label", "balance.empty",
      ])
    #expect(report?.problems.map(\.line) == [4, 1, 3, nil])
    #expect(report?.problems[1].hint?.en == "did you mean 'team'?")
  }

  @Test func totalsThatAMarginLeavesOutAreNamed() {
    let report = #expect(throws: ProblemReport.self) {
      try balanced(seed, to: [table("t.csv", ["team"], [(["a"], 5)])])
    }
    #expect(report?.problems.first?.message.en == "t.csv does not state team=b, where the seed has cells")
  }
}
