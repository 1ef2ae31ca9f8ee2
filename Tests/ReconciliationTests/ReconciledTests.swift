import Dimensions
import LinearAlgebra
import Messages
import Reconciliation
import TestSupport
import Testing

@Suite struct ReconciledTests {
  private func values(_ file: String, _ rows: [(String, String?, Double)]) -> NodeValues {
    NodeValues(
      file: file,
      rows: rows.enumerated().map { NodeValue(node: $1.0, time: $1.1, value: $1.2, line: $0 + 2) })
  }

  private func family() throws -> Hierarchy { try Hierarchy([.init("全国", "北京"), .init("全国", "上海")]) }

  @Test func fixedValuesMayDifferByTime() throws {
    var input = ReconciliationInput(
      hierarchy: try family(),
      base: values(
        "b.csv",
        [
          ("全国", "2026", 10), ("北京", "2026", 4), ("上海", "2026", 5), ("全国", "2027", 12), ("北京", "2027", 4),
          ("上海", "2027", 5),
        ]), method: .structural)
    input.fixed = values("f.csv", [("全国", "2027", 15)])
    let result = try reconciled(input)
    #expect(result.nodes.map(\.time) == ["2026", "2026", "2026", "2027", "2027", "2027"])
    // W = diag(2, 1, 1): the excess of 1 is shared 2 : 1 : 1 in the first year; in the second 6 go to two leaves.
    for (node, right) in zip(result.nodes, [9.5, 4.25, 5.25, 15, 7, 8]) { #expect(close(node.value, right, relative: 1e-14)) }
    #expect(result.nodes.map(\.isFixed) == [false, false, false, true, false, false])
  }

  /// Total 10 against parts 4 and 5, coherent 9.5 = 4.25 + 5.25; 9 = 4 + 5 came.
  @Test func errorsBeforeAndAfterAreShownByLevel() throws {
    let hierarchy = try family()
    let result = try reconciled(
      ReconciliationInput(
        hierarchy: hierarchy, base: values("b.csv", [("全国", "2026", 10), ("北京", "2026", 4), ("上海", "2026", 5)]),
        method: .structural))
    let came = values("a.csv", [("全国", "2026", 9), ("北京", "2026", 4), ("上海", "2026", 5)])
    let levels = try levelErrors(hierarchy, result, actual: came)
    #expect(levels.map(\.nodeCount) == [1, 2])
    #expect(levels.map(\.meanAbsoluteBefore) == [1, 0])
    #expect(close(levels[0].meanAbsoluteAfter, 0.5) && close(levels[1].rootMeanSquareAfter, 0.25))
    let report = try #require(throws: ProblemReport.self) {
      try levelErrors(hierarchy, result, actual: values("a.csv", [("北京", "2031", 4), ("北京市", "2026", 4)]))
    }
    #expect(Set(report.problems.map(\.line)) == [2, 3] && report.problems.allSatisfy { $0.file == "a.csv" })
  }

  @Test func fixedValuesWithoutTimeHoldAlways() throws {
    var input = ReconciliationInput(
      hierarchy: try family(),
      base: values("b.csv", [("北京", "2026", 4), ("上海", "2026", 5), ("北京", "2027", 6), ("上海", "2027", 5)]),
      method: .bottomUp)
    input.fixed = values("f.csv", [("北京", nil, 5)])
    let result = try reconciled(input)
    #expect(result.nodes.map(\.value) == [10, 5, 5, 10, 5, 5])
    #expect(result.nodes.map(\.base) == [nil, 4, 5, nil, 6, 5])
  }

  @Test func everyProblemIsReportedAtOnce() throws {
    var input = ReconciliationInput(
      hierarchy: try family(),
      base: values("b.csv", [("全国", "2026", 10), ("北京", "2026", 4), ("北京", "2026", 4), ("上每", "2026", 4)]),
      method: .ordinaryLeastSquares)
    input.fixed = values("f.csv", [("全国", "2036", 15)])
    let report = #expect(throws: ProblemReport.self) { try reconciled(input) }
    #expect(
      report?.problems.map(\.code) == ["reconcile.duplicate-row", "reconcile.unknown-node", "reconcile.unknown-time"])
    #expect(report?.problems.map(\.line) == [4, 5, 2])
    #expect(report?.problems[1].hint?.en == "did you mean '上海'?")
  }

  @Test func missingLeavesAreNamedWithTheirTimes() throws {
    let input = ReconciliationInput(
      hierarchy: try family(), base: values("b.csv", [("北京", "2026", 4), ("北京", "2027", 5)]), method: .bottomUp)
    let report = #expect(throws: ProblemReport.self) { try reconciled(input) }
    #expect(report?.problems.map(\.code) == ["reconcile.missing-leaf"])
    #expect(report?.problems.first?.message.en == "leaf '上海' has no base value at time 2026, 2027")
  }

  @Test func residualsMustCoverEveryNode() throws {
    var input = ReconciliationInput(
      hierarchy: try family(),
      base: values("b.csv", [("全国", "1", 10), ("北京", "1", 4), ("上海", "1", 5)]), method: .minimumTraceShrink)
    let without = #expect(throws: ProblemReport.self) { try reconciled(input) }
    #expect(without?.problems.map(\.code) == ["reconcile.no-residuals"])
    input.residuals = values("r.csv", [("全国", "1", 1), ("全国", "2", 2), ("北京", "1", 1), ("北京", "2", 3), ("上海", "1", 1)])
    let report = #expect(throws: ProblemReport.self) { try reconciled(input) }
    #expect(report?.problems.first?.message.en == "node '上海' has no residual at time 2")
  }
}

@Suite struct LevelErrorTests {
  @Test func countsEveryLevelByHand() throws {
    let tree = try Hierarchy([.init("T", "a"), .init("T", "b")])
    let actual = Matrix(rowMajor: [[10, .nan], [4, 5], [6, 6]])
    let base = Matrix(rowMajor: [[13, 0], [5, 5], [6, 3]])
    let after = Matrix(rowMajor: [[12, 0], [4, 5], [8, 6]])
    let errors = levelErrors(tree, actual: actual, base: base, reconciled: after)
    #expect(errors.map(\.level) == [0, 1])
    #expect(errors[0].rootMeanSquareBefore == 3 && errors[0].rootMeanSquareAfter == 2)
    #expect(errors[1].meanAbsoluteBefore == 1 && errors[1].meanAbsoluteAfter == 0.5)
    #expect(close(errors[1].rootMeanSquareBefore, 2.5.squareRoot()))
  }
}
