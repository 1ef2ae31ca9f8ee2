import Messages
import Testing

@testable import Tables

private func table(_ text: String, textColumns: Set<String> = []) throws -> Table {
  var options = ReadOptions()
  options.textColumns = textColumns
  return try parseTable(Array(text.utf8), file: "t.csv", options: options)
}

private func problems(_ work: () throws(ProblemReport) -> Void) -> [Problem] {
  do {
    try work()
    return []
  } catch {
    return error.problems
  }
}

@Test func everyMissingColumnIsNamedWithItsNearestSpelling() throws {
  let t = try table("region,value,year\n110000,1,2020\n")
  try t.requireColumns(["year", "region"])
  let found = problems { () throws(ProblemReport) in try t.requireColumns(["regoin", "value", "Year", "gdp"])
  }
  #expect(found.map(\.path) == ["regoin", "Year", "gdp"])
  #expect(found[0].hint?.en == "did you mean 'region'?")
  #expect(found[1].hint?.zh == "是否指“year”？")
  #expect(found[2].hint?.en == "columns here: region, value, year")
  #expect(found.allSatisfy { $0.code == "table.missing-column" && $0.file == "t.csv" })
}

@Test func oneSemicolonColumnSuggestsAnotherDelimiter() throws {
  let t = try table("a;b\n1;2\n")
  let found = problems { () throws(ProblemReport) in try t.requireColumns(["a"]) }
  #expect(found[0].hint?.en.contains("delimiter") == true)
}

@Test func badNumbersCarryLineAndCharacter() throws {
  let t = try table("名称,n\n上海,1\n\"一\n二\",\"1,234\"\n,x\n")
  let found = problems { () throws(ProblemReport) in _ = try t.numbers(named: "n") }
  #expect(found.map(\.line) == [4, 5])
  #expect(found.map(\.column) == [4, 2])
  #expect(found[0].hint?.en == "leave out the thousands separators: 1234")
  #expect(found[1].text(in: .en).hasPrefix("t.csv:5:2: error [csv.not-a-number] 'x' in field 2 ('n')"))
}

/// Two digits after a comma are no thousands, and twelve and a half per cent is not twelve and a half.
@Test(arguments: [
  ("2523,00", "is the comma a decimal point? write 2523.00"), ("12.5%", "write 0.125, or 12.5 where the column's unit is %"),
  ("1,234,567", "leave out the thousands separators: 1234567"), ("1 234", "leave out the thousands separators: 1234"),
])
func badNumbersAreAdvisedWhatTheyMean(cell: String, hint: String) throws {
  let t = try table("名称,n\n上海,\"\(cell)\"\n北京,1\n")
  let found = problems { () throws(ProblemReport) in _ = try t.numbers(named: "n") }
  #expect(found.map(\.hint?.en) == [hint])
}

@Test func listOfBadNumbersIsCappedAndCounted() throws {
  let t = try table("n\n" + String(repeating: "x\n", count: 73))
  let found = problems { () throws(ProblemReport) in _ = try t.numbers(named: "n") }
  #expect(found.count == 51)
  #expect(found[49].line == 51)
  #expect(found[50].message.en == "23 more cells of this column are not numbers")
}

@Test func codesKeptAsTextCanStillBeReadAsNumbers() throws {
  let t = try table("code,n\n007,1\n,2.50\n", textColumns: ["code"])
  #expect(try t.strings(named: "code") == ["007", ""])
  let numbers = try t.numbers(named: "code")
  #expect(numbers[0] == 7)
  #expect(numbers[1].isNaN)
  #expect(try t.strings(named: "n") == ["1", "2.5"])
  #expect(try t.categories(named: "n").codes == [0, 1])
}

@Test func lineNumbersStoreOnlyExceptions() {
  let lines = [2, 3, 4, 7, 8, 20, 21, 22]
  let compact = LineNumbers(lines)
  #expect(Array(compact) == lines)
  var joined = LineNumbers(lines.prefix(4))
  joined.append(LineNumbers([1, 13, 14, 15]), offset: 7)
  #expect(Array(joined) == lines)
  #expect(joined == compact)
}
