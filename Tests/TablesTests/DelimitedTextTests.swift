import Messages
import TestSupport
import Testing

@testable import Tables

private func table(_ text: String, blockSize: Int = 1 << 20, _ change: (inout ReadOptions) -> Void = { _ in })
  throws
  -> Table
{
  var options = ReadOptions()
  change(&options)
  return try parseTable(Array(text.utf8), file: "t.csv", options: options, blockSize: blockSize)
}

private func rows(_ table: Table) -> [[String]] {
  (0..<table.rowCount).map { row in table.columns.map { $0.string(row) } }
}

private func problems(_ bytes: [UInt8]) -> [Problem] {
  do {
    _ = try parseTable(bytes, file: "t.csv")
    return []
  } catch {
    return error.problems
  }
}

private func problems(_ text: String) -> [String] {
  problems(Array(text.utf8)).map { "\($0.line ?? 0):\($0.column ?? 0) \($0.code)" }
}

/// After csv-spectrum and csv-test-data, which agree with RFC 4180.
@Test(arguments: [
  ("a,b,c\n1,2,3\n", [["1", "2", "3"]]), ("a,b,c\r\n1,2,3\r\n", [["1", "2", "3"]]),
  ("a,b,c\r1,2,3\r4,5,6", [["1", "2", "3"], ["4", "5", "6"]]), ("\u{feff}a,b\n1,2", [["1", "2"]]),
  ("a,b\n1,\"ha \"\"ha\"\" ha\"\n3,4", [["1", "ha \"ha\" ha"], ["3", "4"]]),
  ("a,b\n\"Once upon \r\na time\",5\n", [["Once upon \r\na time", "5"]]),
  ("a,b\n1,\"\"\n", [["1", ""]]), ("a\n\n", [[""]]), ("a\n1", [["1"]]), ("a,b\n1, x \n", [["1", " x "]]),
  ("a,b\n\n1,2\n\n\n3,4\n\n", [["1", "2"], ["3", "4"]]), ("\n\na,b\n1,2", [["1", "2"]]),
  ("a,b\n1,😎\n", [["1", "😎"]]), ("a,b,c\n", []), ("a", []), ("\"a,\"\"b\"\"\",c\n\"1,5\",2", [["1,5", "2"]]),
])
func readsTheseRows(text: String, expected: [[String]]) throws {
  #expect(rows(try table(text)) == expected)
}

@Test func typesColumnsByTheirCells() throws {
  let t = try table(
    "n,quoted,code,word,gap,none,huge,sci\n1,\"2\",007,x,,,1e999,1e5\n 2.5 ,\"-3\",110000,2,NA,,1,+5\n")
  #expect(t.column("n")?.numbers == [1, 2.5])
  #expect(t.column("quoted")?.numbers == [2, -3])
  #expect(t.column("code")?.numbers == nil)
  #expect(t.column("code")?.string(0) == "007")
  #expect(t.column("word")?.numbers == nil)
  #expect(t.column("gap")?.numbers == nil)
  #expect(t.column("none")?.isMissing(0) == true)
  #expect(t.column("huge")?.string(0) == "1e999")
  #expect(t.column("sci")?.numbers == [1e5, 5])
}

@Test func textColumnsKeepTheirSpelling() throws {
  let t = try table("a,b\n1.50,2\n") { $0.textColumns = ["a"] }
  #expect(t.column("a")?.string(0) == "1.50")
  #expect(t.column("b")?.numbers == [2])
  let all = try table("a;b\n1.50;2,0\n") {
    $0.allText = true
    $0.delimiter = UInt8(ascii: ";")
  }
  #expect(rows(all) == [["1.50", "2,0"]])
}

@Test(
  arguments: [
    ("a,b\n1\n1,2,3\n\n1,2\n4,5,\n", ["2:2 csv.ragged", "3:5 csv.ragged", "6:5 csv.ragged"]),
    ("a,b\n1,\"open\n2,3\n", ["2:3 csv.unclosed-quote"]),
    ("a,b\n名称,x\"y\n", ["2:5 csv.stray-quote"]), ("a,b\n\"x\"y,2\n", ["2:4 csv.text-after-quote"]),
    ("a,a,\n1,2,3\n", ["1:3 csv.duplicate-heading", "1:5 csv.empty-heading"]), ("", ["1:0 csv.empty"]),
    ("\n\n", ["1:0 csv.empty"]), ("a,b\n1,\u{0}\n", ["2:3 csv.nul"]),
    ("a,b\n\"x\ny\",1,2\n", ["3:6 csv.ragged"]),
  ] as [(String, [String])])
func reportsEveryProblemInItsPlace(text: String, expected: [String]) {
  #expect(problems(text).prefix(expected.count) == expected[...])
}

@Test func bytesThatAreNoTextAreReported() {
  let latin = problems(Array("a,b\n1,2\n3,".utf8) + [0xE9, 0x0A])
  #expect(latin.map(\.code) == ["csv.not-utf8"])
  #expect(latin[0].line == 3 && latin[0].column == 3)
  #expect(latin[0].hint?.zh.contains("GB18030") == true)
  #expect(problems([0xFF, 0xFE, 0x61, 0x00]).map(\.code) == ["csv.utf16"])
  #expect(problems(Array("a,".utf8) + [0x80, 0x0A]).map(\.code) == ["csv.not-utf8"])
}

@Test func endlessProblemsAreCounted() {
  let text = "a,b\n" + String(repeating: "1\n", count: 80)
  let found = problems(Array(text.utf8))
  #expect(found.count == 51)
  #expect(found[50].message.en == "30 more problems are not listed")
}

@Test func missingFilesAndFoldersAreToldApart() {
  for (file, words) in [("/nowhere/at/all.csv", "does not exist"), ("/", "folder")] {
    do {
      _ = try readTable(file)
      Issue.record("\(file) was read")
    } catch {
      #expect(error.status == .missingInput)
      #expect(error.problems[0].message.en.contains(words))
    }
  }
}

@Test func linesAreThoseOfTheFile() throws {
  let text = "a,b\r\n\r\n1,\"x\r\ny\"\r\n2,z\r\n\"3\",\"\n\r\"\r\n4,w"
  #expect(Array(try table(text).lines) == [3, 5, 6, 9])
  #expect(Array(try table(text, blockSize: 64).lines) == [3, 5, 6, 9])
}

/// A column that is a number for thousands of rows and then a word is read again as text.
@Test(arguments: [1, 2, 5])
func lateTextIsSpeltAsInTheFile(threads: Int) throws {
  var text = "a,b,c\n"
  for k in 0..<5000 { text += "1.50,\(k),\n" }
  text += "word,5000,\n"
  let t = try table(text, blockSize: 1 << 10) { $0.threads = threads }
  #expect(t.column("a")?.string(0) == "1.50")
  #expect(t.column("a")?.string(5000) == "word")
  #expect(t.column("b")?.numbers?.reduce(0, +) == 12_502_500)
  #expect(t.column("c")?.string(17) == "")
  #expect(t.lines[5000] == 5002)
}

@Test func manyDistinctValuesKeepTheirOrder() throws {
  var text = "id,name\n"
  for k in 0..<90_000 { text += "7,编号\((k * 7919) % 90_000)号\n" }
  let one = try table(text, blockSize: 1 << 16) { $0.threads = 1 }
  let three = try table(text, blockSize: 1 << 16) { $0.threads = 3 }
  guard case .text(let a)? = one.column("name")?.values, case .text(let b)? = three.column("name")?.values
  else {
    Issue.record("text was expected")
    return
  }
  #expect(a.distinct == b.distinct && a.codes == b.codes)
  #expect(a.codes == Array(0..<90_000))
  #expect(a[3] == "编号23757号")
}

@Test func manyColumnsAreRead() throws {
  let width = 5_000
  let text =
    (0..<width).map { "c\($0)" }.joined(separator: ",") + "\n"
    + (0..<width).map { $0 % 2 == 0 ? "\($0)" : "x\($0)" }.joined(separator: ",") + "\n"
  let t = try table(text)
  #expect(t.column("c4998")?.numbers == [4998])
  #expect(t.column("c4999")?.string(0) == "x4999")
}

/// Any text either gives the rows that a byte-by-byte reader sees, or is reported: at any block size,
/// on any number of threads.
@Test(arguments: 0..<300 as Range<UInt64>)
func fastAndCarefulReadersAgree(seed: UInt64) throws {
  var generator = SeededGenerator(seed: seed)
  let wild = seed % 3 == 0
  let width = Int.random(in: 1...4, using: &generator)
  let pieces =
    wild
    ? ["a", ",", "\"", "\n", "\r", "é", "1", "\u{0}", " "]
    : ["1", "2.5", "x", "\"q\"\"\n\"", "\"\"", "", "名", "\"a,b\"", "-3e2", "longer text here", "\"12\""]
  let breaks = ["\n", "\r\n", "\r"]
  var text = (0..<width).map { "h\($0)" }.joined(separator: ",") + "\n"
  for _ in 0..<Int.random(in: 0...60, using: &generator) {
    if wild {
      text += pieces.randomElement(using: &generator) ?? ""
    } else {
      text += (0..<width).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined(separator: ",")
      text += breaks[seed % 2 == 0 ? 0 : Int.random(in: 0...2, using: &generator)]
    }
  }
  let bytes = Array(text.utf8)
  var options = ReadOptions()
  options.allText = true
  let expected = carefulRows(bytes, width: width)
  let flaws = CarefulReader.problems(of: bytes, file: "t.csv", delimiter: options.delimiter)
  for blockSize in [64, 1 << 20] {
    options.threads = blockSize == 64 ? 3 : 1
    do {
      let table = try parseTable(bytes, file: "t.csv", options: options, blockSize: blockSize)
      #expect(flaws.isEmpty)
      #expect(rows(table) == expected.map(\.cells))
      #expect(Array(table.lines) == expected.map(\.line))
    } catch {
      #expect(error.problems == flaws)
    }
  }
}

private func carefulRows(_ bytes: [UInt8], width: Int) -> [(line: Int, cells: [String])] {
  var reader = CarefulReader(bytes, delimiter: UInt8(ascii: ","), file: "")
  _ = reader.nextHeader()
  var rows: [(line: Int, cells: [String])] = []
  while let record = reader.next() {
    if record.fields.count == 1, width > 1, record.end == record.fields[0].offset { continue }
    rows.append((record.line, record.fields.map(\.text)))
  }
  return rows
}
