import Messages
import Testing

/// Tables and lines fit a terminal; nothing is lost on the way.
@Suite struct TextTableTests {
  private func sample(columns: Int, rows: Int) -> TextTable {
    var table = TextTable([("年份", .right)] + (1..<columns).map { ("发明专利申请量第\($0)项", .right) })
    for row in 0..<rows { table.append(["\(2023 + row)"] + (1..<columns).map { "\(1_522_292 + row * $0)" }) }
    return table
  }

  @Test(arguments: [40, 60, 80, 100, 200])
  func noLineIsBroaderThanTheTerminal(width: Int) {
    let lines = sample(columns: 9, rows: 4).text(width: width).split(separator: "\n")
    #expect(lines.allSatisfy { displayWidth(String($0)) <= width })
  }

  @Test func everyCellIsStillThere() {
    let text = sample(columns: 9, rows: 4).text(width: 50)
    for row in 0..<4 {
      for column in 1..<9 { #expect(text.contains("\(1_522_292 + row * column)")) }
    }
    // The first column comes again with every block.
    #expect(text.components(separatedBy: "2024").count - 1 == text.components(separatedBy: "\n\n").count)
  }

  @Test func aTableThatFitsIsLeftAlone() {
    let table = sample(columns: 3, rows: 2)
    #expect(table.text(width: 200) == table.text(width: nil))
  }

  @Test func longTextsAreBrokenNotNumbers() {
    var table = TextTable([("id", .left), ("name", .left), ("value", .right)])
    table.append(["gdp", "gross domestic product at current prices of the year", "1,234,567"])
    #expect(
      table.text(width: 40) == """
        id   name                          value
        ----------------------------------------
        gdp  gross domestic product    1,234,567
             at current prices of
             the year
        """)
  }

  @Test(arguments: [
    ("gross domestic product", 10, ["gross", "domestic", "product"]),
    ("国内生产总值，现价", 12, ["国内生产总", "值，现价"]),
    ("a 1,000,000 b", 8, ["a", "1,000,000", "b"]),
    ("press-3,cnipa-2014-3", 12, ["press-3,", "cnipa-2014-3"]),
    ("short", 10, ["short"]),
  ])
  func linesBreakWhereReadersExpect(text: String, width: Int, lines: [String]) {
    #expect(wrapped(text, width: width) == lines)
  }

  @Test(arguments: [
    ("-8.3%", "−8.3%"), ("-5,015～-12", "−5,015～−12"), ("2020-2023", "2020-2023"), ("GB-T", "GB-T"), ("1e-5", "1e-5"), ("-", "-"),
  ])
  func numbersHaveOneMinusSign(text: String, shown: String) {
    var table = TextTable([("", .left), ("", .right)])
    table.append(["", text])
    #expect(table.text(width: nil).hasSuffix(shown))
  }
}
