import Testing

@testable import Tables

@Suite struct NumberStyleTests {
  @Test(arguments: [
    (".", ",", "1,234,567.5", "1234567.5"), (".", ",", "-980", "-980"), (".", ",", "1,23", nil), (".", ",", "1234,567", nil),
    (",", ".", "1.234,5", "1234.5"), (",", ".", "1.500", "1500"), (",", nil, "0,25", "0.25"), (",", nil, "1.5", nil),
    (",", " ", "12\u{a0}345,6", "12345.6"), (".", "'", "1’000", "1000"), (".", ",", "1，000", "1000"), (".", ",", "1e3", "1e3"),
    (".", ",", "a", nil), (".", ",", "", nil), (".", ",", "1,000,", nil), (".", ",", ",000", nil), (".", ",", "1e999", nil),
  ])
  func readsCells(decimal: Character, thousands: Character?, cell: String, plain: String?) {
    #expect(NumberStyle(decimal: decimal, thousands: thousands).plain(cell) == plain)
  }

  @Test func columnsBecomeNumbersWhenEveryCellIsOne() throws {
    let text = "a,b,c,d\n\"1.500,5\",007,x,\"1,5\"\nNA,008,2,\"2,5\"\n\"2\",009,3,\n"
    var options = ReadOptions()
    options.allText = true
    let table = try parseTable(Array(text.utf8), file: "t.csv", options: options)
      .reading(NumberStyle(decimal: ",", thousands: "."))
    let a = try #require(table.column("a")?.numbers)
    #expect(a[0] == 1500.5 && a[1].isNaN && a[2] == 2)
    #expect(table.column("b")?.numbers == nil && table.column("c")?.numbers == nil)
    #expect(table.column("d")?.numbers?.prefix(2) == [1.5, 2.5])
    #expect(table.lines.elementsEqual([2, 3, 4]))
  }

  @Test func figuresAmongCodesAreNumbers() throws {
    var options = ReadOptions()
    (options.allText, options.numericColumns) = (true, ["value"])
    let table = try parseTable(Array("code,value\n110000,1.5\n007,2\n".utf8), file: "t.csv", options: options)
    #expect(table.column("code")?.string(1) == "007" && table.column("value")?.numbers == [1.5, 2])
  }
}
