import Testing

@testable import Tables

@Suite struct SoundRowsTests {
  private func read(_ text: String) -> (table: Table?, problems: [String]) {
    let (table, problems) = parseSoundRows(Array(text.utf8), file: "a.csv")
    return (table, problems.map { "\($0.line ?? 0):\($0.column ?? 0) \($0.code)" })
  }

  @Test func soundTextIsReadAsEver() {
    let (table, problems) = read("a,b\n1,2\n\n3,4\n")
    #expect(table?.rowCount == 2 && problems.isEmpty)
  }

  @Test func flawedRowsAreLeftOut() {
    let (table, problems) = read("a,b\r\n1\r\n2,x\r\n\"3\ry\",4,5\r\n6,\"z\" z\r\n7,w\r\n")
    #expect(problems == ["2:2 csv.ragged", "5:6 csv.ragged", "6:6 csv.text-after-quote"])
    #expect(table?.column("a").map { c in (0..<2).map(c.string) } == ["2", "7"])
    #expect(table.map { Array($0.lines) } == [3, 7])
  }

  @Test(arguments: ["a,a\n1,2\n3\n", "a,b\n1,\"2\n3\n4,5\n", "a\n1\n2,3\n", "", "a,b\n\u{0},1\n2,3,4\n"])
  func whatMovesTheRestIsNotGuessed(_ text: String) {
    let (table, problems) = read(text)
    #expect(!problems.isEmpty && (table == nil || text.contains("\u{0}")))
  }

  /// Whatever rows are broken, the others keep their lines and values.
  @Test(arguments: 1...40) func everySoundRowIsKept(_ seed: Int) {
    var state = UInt64(seed) &* 0x9E37_79B9_7F4A_7C15
    func next(_ bound: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % bound
    }
    var text = "k,v\n"
    var sound: [(line: Int, key: String)] = []
    for row in 0..<30 {
      let line = row + 2
      switch next(4) {
      case 0: text += "r\(row)\n"
      case 1: text += "r\(row),1,2\n"
      default:
        text += "r\(row),\(row)\n"
        sound.append((line, "r\(row)"))
      }
    }
    let (table, problems) = read(text)
    #expect(table.map { Array($0.lines) } == sound.map(\.line) && problems.count + sound.count == 30)
    #expect(table?.column("k").map { c in sound.indices.map(c.string) } == sound.map(\.key))
  }
}
