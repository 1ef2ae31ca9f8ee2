import Dimensions
import Messages
import Supply
import Tables
import TestSupport
import Testing

@testable import Forecasting

private func read(_ rows: String, _ reference: ObservedAges.Reference = .init()) throws -> ObservedAges {
  let frame = try CohortFrame(ages: AgeGroup.singleYears(from: 25, open: 30), [.sex: ["male", "female"]])
  let table = try parseTable(Array(("region,year,sex,age,persons\n" + rows).utf8), file: "ages.csv")
  return try ObservedAges(table, frame: frame, ages: 25..<31, femaleShare: 0.25, by: 2023, reference: reference)
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

  private func problems(_ rows: String, _ reference: ObservedAges.Reference = .init()) throws -> [Problem] {
    try #require(throws: ProblemReport.self) { try read(rows, reference) }.problems
  }

  @Test func aMisspeltRegionIsNamedWithTheNearest() throws {
    let known = ObservedAges.Reference(regions: ["H01", "K77"])
    let found = try problems("H01,2023,male,25,1\nH0l,2023,male,26,1\nH0l,2023,male,27,1\n", known)
    #expect(found.map(\.line) == [3] && found.map(\.path) == ["region"])
    #expect(found[0].message.en.hasSuffix("is the code of no region (2 such rows)") && found[0].hint?.en == "did you mean 'H01'?")
  }

  /// Forty copies are one message; both sexes and their total count the same people twice.
  @Test func peopleCountedTwiceAreSaidOnce() throws {
    let found = try problems("110000,2023,male,25,10\n" + String(repeating: "110000,2023,male,25,10\n", count: 40))
    #expect(found.count == 1 && found[0].line == 3 && found[0].message.en.hasSuffix("counts the same people as line 2 (40 such rows)"))
    #expect(try problems("110000,2023,male,25,10\n110000,2023,total,25,30\n").count == 1)
  }

  @Test func agesThatAddUpToAnotherStockAreRefused() throws {
    let known = ObservedAges.Reference(stock: { _, year in year == 2022 ? 100 : nil })
    let found = try problems("110000,2022,male,25,60\n110000,2022,female,25,60\n", known)
    #expect(found.count == 1 && found[0].line == 2)
    #expect(found[0].message.en == "persons: '120' is the sum over ages of 110000 in 2022, and the published stock is 100")
    #expect(try read("110000,2022,male,25,50\n110000,2022,female,25,51\n", known).tables.count == 1)
  }

  @Test func onlyLaterYearsAreNoBaseYear() throws {
    let found = try problems("110000,2024,male,25,60\n110000,2025,male,25,60\n")
    #expect(found.map(\.line) == [2] && found.map(\.path) == ["year"])
  }

  /// 100 of 28, 80 of 29 a year later: a fifth is gone. Fewer than fifty stand together with the older ones.
  @Test func successiveYearsSayHowFastPeopleLeave() throws {
    let ages = try read("110000,2022,male,28,100\n110000,2022,male,29,10\n110000,2023,male,29,80\n110000,2023,male,30,4\n")
    let gone = ages.leaving(ages: 25..<31, from: 28, by: 2023)
    #expect(gone[..<3].allSatisfy { $0 == nil } && close(gone[3] ?? 0, 0.2))
    #expect(close(gone[4] ?? 0, 1 - 84 / 110.0) && gone[5] == gone[4])
  }
}
