import Dimensions
import Messages
import Testing

@testable import Reports

@Suite struct RenderTests {
  static let zh = report(SampleEdition.honest, .zh, sources: SampleEdition.input.sources)
  static let en = report(SampleEdition.honest, .en, sources: SampleEdition.input.sources)

  static func file(_ name: String) throws -> String {
    try #require((zh + en).first { $0.name == name }).text
  }

  @Test func sameInputGivesSameBytes() {
    #expect(report(SampleEdition.input, .zh) == Self.zh)
  }

  @Test(arguments: ["zh", "en"])
  func pageStandsAlone(_ language: String) throws {
    let html = try Self.file("report.\(language).html")
    #expect(html.contains("<html lang=\"\(language == "zh" ? "zh-CN" : "en")\">"))
    #expect(!html.contains("<script"))
    #expect(!html.contains("src="))
    #expect(!html.replacing("xmlns=\"http://www.w3.org/2000/svg\"", with: "").contains("http"))
    #expect(html.contains("aria-label="))
  }

  /// Every link inside the page has a place to land.
  @Test(arguments: ["zh", "en"])
  func everyAnchorExists(_ language: String) throws {
    let html = try Self.file("report.\(language).html")
    let targets = Set(html.matches(of: #/ id="([^"]+)"/#).map { String($0.output.1) })
    let links = html.matches(of: #/href="#([^"]+)"/#).map { String($0.output.1) }
    #expect(links.count > 20)
    #expect(links.filter { !targets.contains($0) } == [])
  }

  /// Both languages print the same cells in the same tables.
  @Test func languagesShareTheirNumbers() throws {
    func references(_ html: String) -> [String] {
      html.matches(of: #/<td[^>]* data-ref="([^"]+)"/#).map { String($0.output.1) }
    }
    let zh = references(try Self.file("report.zh.html"))
    let en = references(try Self.file("report.en.html"))
    #expect(zh.count > 500)
    #expect(zh == en)
  }

  @Test func saysThatItIsNoOfficialStatistic() throws {
    #expect(try Self.file("report.zh.md").contains("研究成果，非法定统计数据"))
    #expect(try Self.file("report.en.md").contains("not an official statistic"))
    #expect(try Self.file("report.zh.md").contains("示例数据"))
  }

  /// The national stock of the sample is 860 000 at the end of 2023, counted.
  @Test func firstSentenceIsTheCountedStock() throws {
    let text = try Self.file("report.zh.md")
    #expect(text.contains("据统计，截至2023年底，全国知识产权人才为86万人，2020—2023年年均增长7.6%。"))
    #expect(try Self.file("report.en.md").contains("China had 860,000 IP professionals at the end of 2023"))
  }

  @Test func accuracyComesBeforeAnyForecastChapter() {
    let anchors = SampleEdition.honest.chapters.map(\.anchor)
    #expect(anchors.prefix(2) == ["summary", "accuracy"])
  }

  /// Names from files people write cannot become markup.
  @Test func namesCannotBecomeMarkup() throws {
    var input = SampleEdition.input
    input.limits = [Bilingual(zh: "<script>alert(1)</script>|**粗**", en: "<b onload=\"x\">&</b>|_i_")]
    let files = report(input, .zh) + report(input, .en)
    for file in files where file.name.hasSuffix(".html") || file.name.hasSuffix(".md") {
      #expect(!file.text.contains("<script>alert"))
      #expect(!file.text.contains("<b onload"))
    }
    let markdown = try #require(files.first { $0.name == "report.zh.md" }).text
    #expect(markdown.contains("\\|\\*\\*粗\\*\\*"))
  }

  /// A map's name from a file cannot leave the report's folder.
  @Test func figureFilesStayInTheirFolder() {
    var input = SampleEdition.input
    input.maps[0].name = "../../etc/x y"
    let names = report(input, .en).map(\.name).filter { $0.contains("etc") }
    #expect(names == ["figures/map-------etc-x-y.en.svg"])
  }

  /// A table without data is not printed but listed.
  @Test func missingTablesAreListed() throws {
    var input = SampleEdition.input
    input.cells.removeAll { $0.industry != "total" }
    input.backtests = []
    let made = document(for: input)
    #expect(!made.tables.contains { $0.anchor == "t-demand-industry" || $0.anchor == "t-backtest" })
    let listed = try #require(made.tables.first { $0.anchor == "a-unavailable" })
    #expect(listed.rows.contains { $0.cells[0].text(.zh) == "分行业需求" })
  }

  /// Nothing at all is still a report that says what it lacks.
  @Test func emptyRunStillRenders() {
    var input = SampleEdition.input
    input.cells = []
    input.indicators = []
    input.pastForecasts = []
    input.backtests = []
    let made = document(for: input)
    #expect(made.tables.allSatisfy { !$0.rows.isEmpty })
    #expect(made.figures.allSatisfy { !$0.svg(.zh).isEmpty })
  }

  /// Hub chapter of the Bay Area: nine cities in one table, Hong Kong and Macao in another.
  @Test func specialRegionsStandApart() throws {
    let cities = try #require(SampleEdition.honest.tables.first { $0.anchor == "t-parts-GBA" })
    #expect(cities.rows.count == 10)
    #expect(cities.rows[0].total)
    let sars = try #require(SampleEdition.honest.tables.first { $0.anchor == "t-sars-GBA" })
    #expect(sars.rows.map { $0.cells[0].text(.zh) } == ["香港特别行政区", "澳门特别行政区"])
  }
}

@Suite struct RankingTests {
  private func fact(_ value: Double, _ half: Double) -> Fact {
    Fact(
      value: value, low: value - half, high: value + half, origin: .input("x"), basis: .forecast,
      evidence: .estimated)
  }

  private func unit(_ name: String, _ value: Double, _ half: Double)
    -> (name: Bilingual, gap: Fact, share: Fact?, chance: Fact?)
  {
    (Bilingual(zh: name, en: name), fact(value, half), nil, nil)
  }

  /// By hand: a (90…110), b (85…95) overlaps a, c (40…60), d (−5…5).
  @Test func overlappingBandsAreTies() {
    let ranks = ranked([unit("c", 50, 10), unit("a", 100, 10), unit("d", 0, 5), unit("b", 90, 5)])
    #expect(ranks.map(\.name.en) == ["a", "b", "c", "d"])
    #expect(ranks.map(\.best) == [1, 1, 3, 4])
    #expect(ranks.map(\.worst) == [2, 2, 3, 4])
  }

  /// Every rank range holds its own place, for any numbers.
  @Test(arguments: 0..<50 as Range<UInt64>)
  func rangesHoldTheirPlace(seed: UInt64) {
    var state = seed &* 6_364_136_223_846_793_005 &+ 1
    func next() -> Double {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Double(state >> 33) / Double(UInt32.max)
    }
    let ranks = ranked((0..<12).map { unit("\($0)", next() * 100 - 50, next() * 20) })
    for (i, row) in ranks.enumerated() { #expect(row.best <= i + 1 && i + 1 <= row.worst) }
  }
}

@Suite struct WordingTests {
  @Test(arguments: [
    (0.004, "基本持平"), (0.005, "小幅增长"), (-0.02, "小幅下降"), (0.03, "稳步增长"), (0.0799, "稳步增长"),
    (0.08, "较快增长"), (-0.16, "快速下降"),
  ])
  func adjectiveFollowsTheThreshold(growth: Double, word: String) {
    #expect(Wording.change(growth).zh == word)
  }

  @Test(arguments: [(0.95, "大概率"), (0.9, "大概率"), (0.66, "较可能"), (0.5, "存在不确定性"), (0.1, "可能性较低")])
  func certaintyFollowsTheThreshold(probability: Double, word: String) {
    #expect(Wording.likelihood(probability).zh == word)
  }

  @Test func growthNeedsAPositiveBase() {
    func fact(_ x: Double) -> Fact { Fact(value: x, origin: .input("x"), basis: .counted, evidence: .observed) }
    #expect(Fact.derived(.annualGrowth(years: 3), [fact(860), fact(690)]).map { ($0.value * 1e4).rounded() } == 762)
    #expect(Fact.derived(.growth, [fact(1), fact(0)]) == nil)
    #expect(Fact.derived(.annualGrowth(years: 0), [fact(1), fact(1)]) == nil)
    #expect(Fact.derived(.ratio, [fact(1), fact(0)]) == nil)
  }
}

@Suite struct EditionFileTests {
  @Test func readsWhatItWrote() throws {
    let text = try editionText(SampleEdition.input)
    var read = try readEdition(Array(text.utf8), file: "edition.json")
    #expect(read.cells.isEmpty)
    read.cells = SampleEdition.input.cells
    read.otherScenarios = SampleEdition.input.otherScenarios
    #expect(try editionText(read) == text)
    let isSame = report(read, .zh) == RenderTests.zh
    #expect(isSame)
  }

  @Test func namesTheMissingMember() throws {
    let text = try editionText(SampleEdition.input).replacing("\"focusYear\" : 2030,", with: "")
    #expect {
      try readEdition(Array(text.utf8), file: "edition.json")
    } throws: { error in
      let report = error as? ProblemReport
      return report?.status == .badData
        && report?.problems.first?.code == "edition.missing-member"
        && report?.problems.first?.path == "edition.focusYear"
    }
  }

  @Test(arguments: ["", "{", "[]", "{\"schema\": 3}", "null"])
  func refusesWhatIsNoEdition(text: String) {
    #expect(throws: ProblemReport.self) { try readEdition(Array(text.utf8), file: "edition.json") }
  }

  @Test func refusesAnotherSchema() throws {
    let text = try editionText(SampleEdition.input).replacing("talentcast/edition@1", with: "talentcast/edition@9")
    #expect {
      try readEdition(Array(text.utf8), file: "edition.json")
    } throws: { ($0 as? ProblemReport)?.problems.first?.code == "edition.schema" }
  }
}

@Suite struct FileCheckTests {
  @Test func aChangedDigitIsFoundWithItsPlace() throws {
    let made = try #require(RenderTests.zh.first { $0.name == "report.zh.md" })
    let edited = made.text.replacing("86万人", with: "87万人", maxReplacements: 1)
    let problems = checkWritten(edited, against: made, file: "report.zh.md")
    let problem = try #require(problems.first)
    #expect(problems.count == 1)
    #expect(problem.code == "report.stale")
    #expect(problem.message.zh.contains("87万人") && problem.message.zh.contains("86万人"))
    #expect(problem.line == made.text[..<(try #require(made.text.range(of: "86万人")).lowerBound)].count { $0 == "\n" } + 1)
    #expect(checkWritten(made.text, against: made, file: "report.zh.md") == [])
  }

  @Test func atMostTenLinesAreListed() throws {
    let made = try #require(RenderTests.zh.first { $0.name == "report.zh.md" })
    #expect(checkWritten("", against: made, file: "f").count == 11)
  }
}
