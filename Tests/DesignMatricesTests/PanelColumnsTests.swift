import Messages
import Tables
import Testing

@testable import DesignMatrices

private func frame(_ formula: String, _ text: String, _ change: (inout FrameRequest) -> Void = { _ in }) throws
  -> ModelFrame
{
  var request = FrameRequest(formula: formula)
  change(&request)
  return try modelFrame(request, parseTable(Array(text.utf8), file: "d.csv"))
}

@Suite struct CalendarPeriodTests {
  @Test(
    arguments: [
      (["2010", "2011", "2013", ""], [0, 1, 3, nil]), (["2000", "2010", "2005"], [0, 2, 1]),
      (["2019-11", "2019-12", "2020-01", "2020-03"], [0, 1, 2, 4]), (["201912", "202001", "202003"], [0, 1, 3]),
      (["2019Q4", "2020Q1", "2020Q3"], [0, 1, 3]), (["2019-Q4", "2020 Q2"], [0, 1]), (["2020年3月", "2020年5月", "2020年4月"], [0, 2, 1]),
      (["2020-01-31", "2020-02-01", "2020-03-01"], [0, 1, 30]), (["2020-01-01", "2020-02-01", "2020-04-01"], [0, 1, 3]),
      (["first", "second"], [0, 1]), (["0.5", "1", "2"], [0, 1, 3]), ([], []),
    ] as [([String], [Int?])])
  func missingPeriodsCount(labels: [String], periods: [Int?]) {
    #expect(calendarPeriods(labels) == periods)
  }
}

@Suite struct PanelFinderTests {
  /// Entity 1 has no 2002.
  private let panel = """
    firm,year,x,y,size
    1,2000,1,5,10
    1,2001,2,6,10
    1,2003,3,7,10
    2,2000,4,1,20
    2,2001,5,3,20
    2,2002,6,2,20

    """

  @Test func anAbsorbedEntityAndRecurringYearsAreAPanel() throws {
    let made = try frame("y ~ lag(x)", panel) { ($0.groups, $0.absorbed) = (["firm"], ["firm"]) }
    #expect(made.panel == PanelColumns(entity: "firm", time: "year"))
    #expect(made.rows == [1, 4, 5])
    #expect(made.remarks.first?.code == "formula.panel")
  }

  @Test func whatCannotBeToldIsAsked() {
    // Two numeric columns, either of which could be the entity.
    let both = #expect(throws: ProblemReport.self) {
      try frame("y ~ lag(x)", panel) { ($0.groups, $0.absorbed) = (["firm", "year"], ["firm", "year"]) }
    }
    #expect(both?.problems.map(\.code) == ["formula.row-order"])
    #expect(both?.problems.first?.hint?.en.hasPrefix("for example --entity firm --time year") == true)
    #expect(throws: ProblemReport.self) { try frame("y ~ diff(x)", panel) }
    #expect(throws: ProblemReport.self) { try frame("diff(y) ~ x", panel) }
    #expect(throws: ProblemReport.self) { try frame("y ~ x + offset(lag(x))", panel) }
  }

  @Test func anEntityOrATimeIsCompletedOrRefused() throws {
    let entity = try frame("y ~ lag(x)", panel) { $0.entity = "firm" }
    #expect(entity.panel.time == "year" && entity.rows == [1, 4, 5])
    let time = try frame("y ~ lag(x)", panel) { ($0.time, $0.groups, $0.absorbed) = ("year", ["firm"], ["firm"]) }
    #expect(time.panel.entity == "firm" && time.rows == [1, 4, 5])
    #expect {
      try frame("y ~ lag(x)", panel) { $0.time = "year" }
    } throws: { ($0 as? ProblemReport)?.problems.first?.code == "formula.duplicate-time" }
  }

  @Test func aSeriesWithNothingElseStandsAsItIs() throws {
    let series = try frame("y ~ lag(x)", "y,x\n1,2\n2,3\n4,5\n")
    #expect(series.design.column(1) == [2, 3] && series.remarks.first?.code == "formula.file-order")
    #expect(throws: ProblemReport.self) { try frame("y ~ lag(x)", "t,y,x\n1,1,2\n2,2,3\n4,4,5\n") }
    let dated = try frame("y ~ lag(x)", "t,y,x\n1,1,2\n2,2,3\n4,4,5\n") { $0.time = "t" }
    #expect(dated.rows == [1])
  }

  @Test func orderIsOnlyLookedForWhereItCounts() throws {
    #expect(try frame("y ~ x", panel) { ($0.groups, $0.absorbed) = (["firm"], ["firm"]) }.remarks.isEmpty)
    let needed = try frame("y ~ x", panel) { ($0.groups, $0.absorbed, $0.needsOrder) = (["firm"], ["firm"], true) }
    #expect(needed.panel == PanelColumns(entity: "firm", time: "year"))
  }
}

@Suite struct NumericTextTests {
  @Test(
    arguments: [
      ("1", .number), (" 1.5 ", .number), ("-3e5", .number), ("", .missing), ("NA", .missing), ("007", .word), ("abc", .word),
      ("1,000", .grouped(",")), ("12，000", .grouped(",")), ("1 000", .grouped(" ")), ("1'000", .grouped("'")), ("1,5", .decimalComma),
      ("1.234,5", .decimalComma), ("12%", .percent), ("12.5％", .percent), ("¥1,200", .currency), ("$5", .currency), ("inf", .infinite),
      ("-Infinity", .infinite), ("∞", .infinite), ("1e400", .tooLarge), ("0x10", .notDecimal), ("１２", .otherDigits), ("−5", .otherDigits),
      ("2015-2016", .word), ("2020-01-01", .word), ("1.2.3", .word), ("5x", .word), ("-", .word), ("0xZZ", .word),
    ] as [(String, CellLook)])
  func cellsLookLikeWhatTheyAre(cell: String, look: CellLook) {
    #expect(CellLook(cell) == look)
  }

  @Test func mostRowsDecideNotMostSpellings() throws {
    // Five rows of numbers, few spellings; three spellings of words.
    let rows = try frame("y ~ x", "y,x\n1,5\n2,5\n3,5\n4,5\n5,5\n6,a\n7,b\n8,c\n9,\n")
    let warning = try #require(rows.remarks.first { $0.code == "formula.text-column" })
    #expect(warning.line == 7 && warning.message.en.hasSuffix("because 'a' is not a number (3 such rows)"))
    #expect(try frame("y ~ x", "y,x\n1,5\n2,a\n3,b\n4,c\n5,a\n6,a\n").remarks.isEmpty)
  }

  @Test func everyKindOfOddCellIsNamedOnce() throws {
    let made = try frame("y ~ x", "y,x\n1,1\n2,inf\n3,0x10\n4,2\n5,1e400\n6,inf\n7,3\n8,4\n9,5\n")
    let warnings = made.remarks.filter { $0.code == "formula.text-column" }
    #expect(warnings.map(\.line) == [3, 4, 6])
    #expect(warnings.first?.message.en.contains("'inf' is not a number (2 such rows)") == true)
  }

  @Test func warningsComeWithTheError() {
    let report = #expect(throws: ProblemReport.self) { try frame("log(y) ~ x", "y,x\n0,1\n2,\"1,000\"\n3,2\n4,5\n") }
    #expect(report?.problems.map(\.code) == ["formula.undefined", "formula.text-column"])
  }
}
