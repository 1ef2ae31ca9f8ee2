import Dimensions
import Messages
import Testing

@Suite struct HierarchyTests {
  typealias Link = Hierarchy.Link

  @Test func aggregatesComeFirstByLevelThenLeaves() throws {
    let tree = try Hierarchy([
      Link("Total", "A"), Link("A", "AA"), Link("A", "AB"), Link("Total", "B"), Link("B", "BA"),
    ])
    #expect(tree.nodes == ["Total", "A", "B", "AA", "AB", "BA"])
    #expect(tree.aggregateCount == 3)
    #expect(tree.levels == [0, 1, 1, 2, 2, 2])
    #expect(tree.sums([1, 2, 4]) == [7, 3, 4, 1, 2, 4])
    #expect(tree.excess([10, 3, 1, 1, 2, 4]) == [3, 0, -3])
  }

  @Test func hubCountsASharedLeafOnce() throws {
    // The hub reaches 深圳 both directly and through 广东.
    let tree = try Hierarchy([
      Link("全国", "广东"), Link("全国", "香港"), Link("广东", "广州"), Link("广东", "深圳"),
      Link("大湾区", "广东"), Link("大湾区", "深圳"), Link("大湾区", "香港"),
    ])
    #expect(tree.nodes == ["全国", "大湾区", "广东", "香港", "广州", "深圳"])
    #expect(tree.sums([1, 10, 100]) == [111, 111, 110, 1, 10, 100])
    #expect(tree.aggregatesOfLeaves == [[0, 1], [0, 1, 2], [0, 1, 2]])
  }

  @Test func cycleIsWrittenOut() throws {
    let report = #expect(throws: ProblemReport.self) {
      try Hierarchy(
        [Link("A", "B", line: 2), Link("B", "C", line: 3), Link("C", "A", line: 4), Link("X", "Y", line: 5)],
        file: "h.csv")
    }
    #expect(report?.status == .badData)
    #expect(report?.problems.map(\.code) == ["hierarchy.cycle"])
    #expect(report?.description.contains("h.csv:2: error [hierarchy.cycle] the hierarchy has a cycle: A → B → C → A") == true)
  }

  @Test func everyBadRowIsReportedAtOnce() throws {
    let report = #expect(throws: ProblemReport.self) {
      try Hierarchy(
        [
          Link("A", "B", line: 2), Link("", "C", line: 3), Link("A", "A", line: 4), Link("A", "B", line: 5),
          Link("A", "", line: 6),
        ], file: "h.csv")
    }
    #expect(
      report?.problems.map(\.code)
        == ["hierarchy.orphan", "hierarchy.self", "hierarchy.duplicate-row", "hierarchy.no-child"])
    #expect(report?.problems.map(\.line) == [3, 4, 5, 6])
    #expect(report?.description.contains("'A' → 'B' is given twice; it first stands on line 2") == true)
  }

  @Test func emptyFileIsAProblem() {
    let report = #expect(throws: ProblemReport.self) { try Hierarchy([], file: "h.csv") }
    #expect(report?.problems.map(\.code) == ["hierarchy.empty"])
  }
}

@Suite struct NamedArrayTests {
  let table = NamedArray(
    axes: [NamedAxis("region", ["北京", "上海"]), NamedAxis("team", ["a", "b", "c"])], values: [1, 2, 3, 10, 20, 30])

  @Test func marginalsKeepTheNamedAxesInTheGivenOrder() {
    #expect(table.marginal(over: ["region"]).values == [6, 60])
    #expect(table.marginal(over: ["team"]).values == [11, 22, 33])
    #expect(table.marginal(over: ["team", "region"]).values == [1, 10, 2, 20, 3, 30])
    #expect(table.marginal(over: []).values == [66])
  }

  @Test func cellsAreFoundByLabel() {
    #expect(table["上海", "b"] == 20)
    #expect(table["上海", "d"] == nil)
    #expect(table.labels(at: 4) == ["上海", "b"])
  }
}

@Test(arguments: [
  ("人", "persons"), ("人/年", "persons a year"), ("1/年", "a year"), ("件/万人", "cases per 10,000 persons"), ("元/人", "yuan per person"),
  ("%", "%"), ("x/y", "x/y"),
])
func unitsAreNamedInEnglish(_ zh: String, _ en: String) {
  #expect(unitName(zh) == Bilingual(zh: zh, en: en))
}
