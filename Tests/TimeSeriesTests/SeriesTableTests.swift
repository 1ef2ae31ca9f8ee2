import Messages
import Tables
import Testing

@testable import TimeSeries

@Suite struct SeriesTableTests {
  private func read(_ text: String, by: [String] = [], pool: [String] = [], only: [(String, String)] = [])
    throws -> SeriesTable
  {
    var columns = SeriesColumns(time: "year", value: "v")
    columns.by = by
    columns.pool = pool
    columns.filters = only.map { (column: $0.0, text: $0.1) }
    var options = ReadOptions()
    options.textColumns = columns.textColumns
    return try SeriesTable(parseTable(Array(text.utf8), file: "f.csv", options: options), columns)
  }

  private func problems(_ text: String, by: [String] = []) -> [Problem] {
    do {
      _ = try read(text, by: by)
      return []
    } catch let report as ProblemReport {
      return report.problems
    } catch {
      return []
    }
  }

  @Test func rowsAreSortedAndMissingValuesAreGaps() throws {
    let table = try read(
      "code,year,v\n010,2012,3\n010,2010,1\n020,2011,NaN\n010,2011,\n020,2012,5\n", by: ["code"])
    #expect(table.series.map(\.key) == [["010"], ["020"]])
    #expect(table.series[0].times == [2010, 2012] && table.series[0].values == [1, 3])
    #expect(table.series[1].times == [2012])
    #expect(table.line(key: ["010"], time: 2010) == 3)
  }

  @Test func everyProblemIsReportedWithItsLine() {
    let found = problems("year,v\n2010,1\nsoon,2\n2011,x\n,4\n2012,\"1,234\"\n")
    #expect(
      found.map(\.code) == [
        "series.not-a-number", "series.not-a-number", "series.not-a-time", "series.not-a-time",
      ])
    #expect(found.map(\.line) == [4, 6, 3, 5])
    #expect(found.allSatisfy { $0.hint != nil })
  }

  @Test func duplicatesNameBothLines() throws {
    let found = problems("r,year,v\n北京,2010,1\n北京,2011,2\n北京,2010年,3\n", by: ["r"])
    #expect(found.map(\.line) == [4])
    #expect(found[0].message.zh == "北京 2010 出现两次，先前在第 2 行")
    #expect(found[0].hint?.en.contains("--by") == true)
  }

  @Test func missingColumnsAreNamedWithTheNearest() {
    let found = problems("yaer,v\n2010,1\n")
    #expect(found.first?.code == "table.missing-column" && found.first?.hint?.en.contains("yaer") == true)
  }

  @Test func emptyFilesAndEmptySeriesSaySo() throws {
    #expect(problems("year,v\n").map(\.code) == ["series.no-rows"])
    #expect(problems("year,v\n2010,\n").map(\.code) == ["series.empty"])
    let table = try read("r,year,v\na,2010,1\nb,2010,\n", by: ["r"])
    #expect(table.series.count == 1 && table.warnings.map(\.line) == [3])
  }

  @Test func poolsKeepTheirSeriesTogether() throws {
    let table = try read("p,r,year,v\nx,1,2010,1\ny,1,2010,2\nx,2,2010,3\n", by: ["r"], pool: ["p"])
    #expect(table.pools.map { $0.map(\.key) } == [[["1", "x"], ["2", "x"]], [["1", "y"]]])
    #expect(table.keyColumns == ["r", "p"])
  }

  @Test func filtersKeepMatchingRows() throws {
    let table = try read("k,year,v\na,2010,1\nb,2010,x\n", only: [("k", "a")])
    #expect(table.series.map(\.values) == [[1]])
    #expect(throws: ProblemReport.self) { try read("k,year,v\na,2010,1\n", only: [("k", "z")]) }
  }

  @Test(
    arguments: [
      ("2020", 2020, nil, nil), ("2020年", 2020, nil, nil), ("２０２０", 2020, nil, nil),
      ("2020-12-31", 2020, 12, nil),
      ("2020/3/1", 2020, 3, nil), ("2020年9月", 2020, 9, nil), ("2020Q3", 2020, nil, 3),
      ("2020-Q4", 2020, nil, 4),
      ("2020.0", 2020, nil, nil), ("2020-12-31T00:00:00", 2020, 12, nil),
    ] as [(String, Int, Int?, Int?)])
  func timesAreRead(cell: String, year: Int, month: Int?, quarter: Int?) throws {
    let stamp = try #require(TimeStamp(cell))
    #expect(stamp.year == year && stamp.month == month && stamp.quarter == quarter)
  }

  @Test(arguments: ["", "soon", "2020-13", "2020-00-01", "2020Q5", "2020.5", "20-20-20-20", "∞"])
  func nonsenseIsNoTime(cell: String) { #expect(TimeStamp(cell) == nil) }

  @Test func axesFollowTheData() throws {
    #expect(try read("year,v\n2020-12-31,1\n2021-12-31,2\n").axis == .year)
    let months = try read("year,v\n2020-01,1\n2020-02,2\n2020-04,4\n")
    #expect(months.axis == .month && months.series[0].regular == [1, 2, nil, 4])
    #expect(months.axis.label(months.series[0].lastTime + 9) == "2021-01")
    let quarters = try read("year,v\n2020-03,1\n2020-06,2\n2020-12,4\n")
    #expect(quarters.axis == .quarter && quarters.axis.label(quarters.series[0].lastTime) == "2020Q4")
  }
}
