import Messages
import Testing

@testable import Reports

@Suite struct OverrideTests {
  private let book = SampleEdition.honest

  private func template(_ id: String) throws -> SentenceTemplate {
    try #require(book.templates().first { $0.sentence == id })
  }

  /// The template given back as an edit changes nothing.
  @Test func templateIsTheIdentity() throws {
    let edits = book.templates().map {
      SentenceOverride(sentence: $0.sentence, fingerprint: $0.fingerprint, zh: $0.zh, en: $0.en, by: "编辑")
    }
    #expect(edits.count > 30)
    let edited = try book.applying(edits, file: "overrides.json")
    #expect(report(edited, .zh, sources: []) == report(book, .zh, sources: []))
  }

  @Test func editMovesNumbersAsReferences() throws {
    let original = try template("summary.stock")
    #expect(original.zh == "据统计，截至{1}年底，{2}{3}为{4}，{5}—{6}年年均增长{7}。")
    let edit = SentenceOverride(
      sentence: "summary.stock", fingerprint: original.fingerprint,
      zh: "据统计，{2}{3}在{1}年底达到{4}（年均增长{7}）。", by: "编辑")
    let edited = try book.applying([edit], file: "overrides.json")
    let page = try #require(report(edited, .zh, sources: []).first { $0.name == "report.zh.md" })
    #expect(page.text.contains("据统计，全国知识产权人才在2023年底达到86万人（年均增长7.6%）。"))
    #expect(checkReport(edited, against: SampleEdition.input) == [])
  }

  /// A typed number has no origin: the report's own check refuses it.
  @Test func typedNumberIsCaught() throws {
    let original = try template("summary.stock")
    let edit = SentenceOverride(
      sentence: "summary.stock", fingerprint: original.fingerprint, zh: original.zh + "其中北京12万人。", by: "编辑")
    let edited = try book.applying([edit], file: "overrides.json")
    #expect(checkReport(edited, against: SampleEdition.input).map(\.code).contains("report.loose-number"))
  }

  /// The same edit after the national stock moved by 40 000 persons.
  @Test func editGoesStaleWhenANumberChanges() throws {
    let original = try template("summary.stock")
    let edit = SentenceOverride(
      sentence: "summary.stock", fingerprint: original.fingerprint, zh: original.zh, by: "编辑")
    let moved = document(for: SampleEdition.build(seedShift: 40_000))
    #expect {
      try moved.applying([edit], file: "overrides.json")
    } throws: { error in
      let problem = (error as? ProblemReport)?.problems.first
      return problem?.code == "override.stale" && problem?.message.zh.contains("90万人") == true
    }
  }

  @Test func everyBadEditIsReportedAtOnce() throws {
    let original = try template("summary.gap")
    let edits = [
      SentenceOverride(sentence: "summary.stok", fingerprint: "", zh: "x", by: ""),
      SentenceOverride(sentence: "summary.gap", fingerprint: original.fingerprint, zh: "预计缺口{99}。", by: ""),
    ]
    #expect {
      try book.applying(edits, file: "overrides.json")
    } throws: { error in
      let problems = (error as? ProblemReport)?.problems ?? []
      return problems.map(\.code) == ["override.unknown", "override.no-such-place"]
        && problems[0].hint?.en == "Did you mean summary.stock?"
    }
  }

  @Test(arguments: ["", "{}", "[{\"sentence\": 1}]"])
  func refusesWhatIsNoList(text: String) {
    #expect(throws: ProblemReport.self) { try readOverrides(Array(text.utf8), file: "overrides.json") }
  }
}
