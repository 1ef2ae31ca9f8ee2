import Messages
import Testing

@Suite struct ProblemTests {
  private func wrongNumber(line: Int, file: String = "a.csv") -> Problem {
    Problem("csv.not-a-number", file: file, line: line, column: 3, message: Bilingual(zh: "不是数字", en: "not a number"))
  }

  @Test func fortyRowsOfOneCauseAreOneMessage() {
    let said = (2...41).map { wrongNumber(line: $0) }.condensed
    #expect(said.map { $0.text(in: .en) } == ["a.csv:2:3: error [csv.not-a-number] not a number (40 times; also lines 3, 4, 5, 6, 7, …)"])
    #expect(said.map { $0.text(in: .zh) } == ["a.csv:2:3: 错误 [csv.not-a-number] 不是数字（共 40 处，另见第 3、4、5、6、7… 行）"])
  }

  @Test func differentFilesAndCausesStayApart() {
    let other = Problem("csv.ragged", file: "a.csv", line: 9, message: Bilingual(zh: "列数不符", en: "too few cells"))
    let said = [wrongNumber(line: 2), other, wrongNumber(line: 2, file: "b.csv")].condensed
    #expect(said == [wrongNumber(line: 2), other, wrongNumber(line: 2, file: "b.csv")])
  }

  @Test func anUnknownNameComesWithTheNearestOrWithAll() {
    let near = Problem.unknown("suply", Bilingual(zh: "没有指标", en: "there is no measure"), among: ["supply", "demand"], code: "x")
    #expect(near.text(in: .en) == "error [x] there is no measure 'suply'\n    = did you mean: supply")
    let far = Problem.unknown("zzzz", Bilingual(zh: "没有指标", en: "there is no measure"), among: ["supply", "demand"], code: "x")
    #expect(far.text(in: .zh) == "错误 [x] 没有指标“zzzz”\n    = 可用：supply、demand")
  }
}
