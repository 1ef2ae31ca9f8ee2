import Messages

/// What the renderers share: the document in one language, with its words and references resolved.
struct Page: Sendable {
  let document: Document
  let language: Language
  private let labels: [String: String]
  private let sourceTitles: [String: String]

  init(document: Document, language: Language, sources: [SourceEntry]) {
    self.document = document
    self.language = language
    labels = document.labels(language)
    sourceTitles = Dictionary(sources.map { ($0.id, $0.title[language]) }) { first, _ in first }
  }

  var edition: Edition { document.edition }
  var languageTag: String { language == .zh ? "zh-CN" : "en" }

  func word(_ zh: String, _ en: String) -> String { language == .zh ? zh : en }

  /// A reference to a table that was not printed says so by falling back to the accuracy of words.
  func label(_ anchor: String) -> String { labels[anchor] ?? word("附录", "the annexes") }

  func isPrinted(_ anchor: String) -> Bool { labels[anchor] != nil }

  func sourceLine(_ ids: [String]) -> String? {
    guard !ids.isEmpty else { return nil }
    let titles = unique(ids.map { sourceTitles[$0] ?? $0 })
    let start = word("资料来源：", "Source: ")
    guard titles.count > 4, isPrinted("a-sources") else {
      return start + titles.joined(separator: word("；", "; ")) + word("。", ".")
    }
    let first = titles.prefix(3).joined(separator: word("；", "; "))
    return start + first
      + word(
        "；等\(titles.count)项，见\(label("a-sources"))。",
        "; and \(titles.count - 3) more, listed in \(label("a-sources")).")
  }

  func notes(_ notes: [Bilingual]) -> [String] {
    notes.enumerated().map { i, note in
      let number = notes.count > 1 ? "\(i + 1)." : ""
      return (i == 0 ? word("注：", "Note: ") : "") + number + (number.isEmpty ? "" : " ") + note[language]
    }
  }

  func unitLine(_ table: StatTable) -> String? {
    table.unit.map { word("单位：", "Unit: ") + $0[language] }
  }

  /// Small print that stands at the head of every format.
  var standingLines: [String] {
    var lines = [Document.standing[language]]
    if edition.sample { lines.append(Document.sampleNotice[language]) }
    return lines
  }

  var facts: [(String, String)] {
    var lines = [
      (word("数据截至", "Published figures to"), word("\(edition.referenceYear)年", "\(edition.referenceYear)")),
      (word("预测至", "Forecasts to"), word("\(edition.horizon)年", "\(edition.horizon)")),
      (word("情景", "Scenario"), edition.scenarioName[language]),
      (word("模拟次数、种子", "Draws, seed"), "\(edition.draws), \(edition.seed)"),
    ]
    if let compiler = edition.compiler { lines.insert((word("编制", "Compiled by"), compiler[language]), at: 0) }
    for line in edition.approval ?? [] { lines.append((line.label[language], line.text[language])) }
    if let date = edition.date { lines.append((word("日期", "Date"), date)) }
    return lines
  }

  /// Sentences of a paragraph follow each other without space in Chinese.
  var sentenceSpace: String { language == .zh ? "" : " " }

  func plain(_ prose: Prose) -> String { prose.pieces.map(plain).joined() }

  func plain(_ piece: Piece) -> String {
    switch piece {
    case .text(let text), .quoted(let text): text
    case .number(let fact, let format): format.text(fact, in: language)
    case .interval(let fact, let format):
      format.range(fact, in: language) ?? ""
    case .year(let year): "\(year)"
    case .reference(let anchor): label(anchor)
    }
  }

  /// A sentence begins with a capital in English, whatever its first piece was.
  func sentence(_ sentence: Sentence) -> [Piece] { sentence[language].pieces }
}
