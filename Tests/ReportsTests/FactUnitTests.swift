import Dimensions
import Messages
import Testing

@testable import Reports

/// The same edition with every figure in full-time equivalents.
private let fullTime: Document = {
  var input = SampleEdition.input
  func counted(_ cell: inout ResultCell) { if cell.unit.hasPrefix("人") { cell.unit = "人年" + cell.unit.dropFirst() } }
  for i in input.cells.indices { counted(&input.cells[i]) }
  for i in input.otherScenarios.indices { counted(&input.otherScenarios[i]) }
  return document(for: input)
}()

@Suite struct FactUnitTests {
  @Test func unitLinesSentencesAndAxesFollowTheFigures() throws {
    let zh = report(fullTime, .zh, sources: SampleEdition.input.sources)
    let text = try #require(zh.first { $0.name == "report.zh.md" }).text
    #expect(text.contains("单位：人年\n") || text.contains("单位：万人年\n"))
    #expect(!text.contains("单位：人\n") && !text.contains("单位：万人\n"))
    let stock = try #require(fullTime.sentences.first { $0.id == "summary.demand" })
    #expect(Page(document: fullTime, language: .zh, sources: []).plain(stock.zh).contains("万人年"))
    // Past forecasts and indicators count what they always did.
    let own = fullTime.figures.filter { $0.data.contains { $0.fact.isFullTime } }
    #expect(own.count > 10)
    for figure in own { #expect(!figure.svg(.en).contains("persons"), "\(figure.anchor)") }
  }

  @Test func headsStayHeads() {
    let text = report(SampleEdition.honest, .zh, sources: SampleEdition.input.sources).first { $0.name == "report.zh.md" }?.text ?? ""
    #expect(text.contains("单位：人\n") && !text.contains("万人年"))
  }

  @Test func aDerivedFigureKeepsTheUnitOfItsParts() {
    func fact(_ value: Double, _ unit: String) -> Fact {
      Fact(value: value, origin: .input("x"), basis: .counted, evidence: .observed, unit: unit)
    }
    #expect(Fact.derived(.difference, [fact(3, "人年"), fact(1, "人年")])?.unit == "人年")
    #expect(Fact.derived(.ratio, [fact(3, "人年"), fact(1, "人年")])?.unit == "")
    #expect(NumberFormat.persons.text(fact(43_000, "人年"), in: .zh) == "4.3万人年")
    #expect(NumberFormat.persons.text(fact(43_000, "人"), in: .zh) == "4.3万人")
  }
}
