import Dimensions
import Messages
import Supply
import Tables
import Testing

@testable import Forecasting

private func read(_ rows: String) throws -> ObservedAges {
  let frame = try CohortFrame(ages: AgeGroup.singleYears(from: 25, open: 30), [.sex: ["male", "female"]])
  let table = try parseTable(Array(("region,year,sex,age,persons\n" + rows).utf8), file: "ages.csv")
  return try ObservedAges(table, frame: frame, ages: 25..<31, femaleShare: 0.25, by: 2023)
}

@Suite struct ObservedAgesTests {
  @Test func theLatestYearUpToTheBaseYearCounts() throws {
    let ages = try read("110000,2020,male,25,7\n110000,2022,male,25,10\n110000,2022,女,26,20\n110000,2024,male,25,99\n")
    let table = try #require(ages.tables["110000"])
    #expect(table.total == 30 && table.values[0] == 10 && table.values[3] == 20)
  }

  @Test func bothSexesTogetherAreSplitAndTheOldestAgeIsOpen() throws {
    let table = try #require(try read("110000,2023,total,64,40\n110000,2023,合计,30,40\n").tables["110000"])
    #expect(Array(table.values.suffix(2)) == [60, 20])
  }

  @Test func everyBadRowIsNamedWithItsLine() throws {
    let report = try #require(throws: ProblemReport.self) {
      try read("110000,MMXX,male,25,1\n110000,2023,male,12,1\n110000,2023,x,25,1\n110000,2023,male,25,-1\n")
    }
    #expect(report.problems.map(\.line) == [2, 3, 4, 5])
    #expect(report.problems.map(\.path) == ["year", "age", "sex", "persons"])
  }
}
