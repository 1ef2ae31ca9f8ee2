import Dimensions
import Foundation
import Messages

/// `talentcast/document@1`: a document in one language with every word and number already written,
/// which the renderers of PDF, DOCX and XLSX set and do not change.
struct DocumentJSON: Encodable {
  struct Run: Encodable {
    let text: String
    /// Anchor of a table or figure that the text refers to.
    let target: String?
  }

  struct Column: Encodable {
    let head: String
    let group: String?
    let numeric: Bool
  }

  struct Cell: Encodable {
    /// number, interval, code, text, grade or sign.
    let kind: String
    let text: String
    /// In the unit of the column, not rounded.
    let value: Double?
    let low: Double?
    let high: Double?
    let places: Int?
    let forecast: Bool?
    let reference: String?
  }

  struct Row: Encodable {
    let cells: [Cell]
    let indent: Int
    let total: Bool
  }

  struct Datum: Encodable {
    let series: String
    let label: String
    let value: Double
    let p10: Double?
    let p90: Double?
    let p025: Double?
    let p975: Double?
    let grade: String
    let reference: String
  }

  struct Block: Encodable {
    /// section, paragraph, list, box, table or figure.
    let type: String
    var anchor: String?
    var title: String?
    /// Paragraphs of runs.
    var paragraphs: [[Run]]?
    var number: String?
    var unit: String?
    var columns: [Column]?
    var rows: [Row]?
    var notes: [String]?
    var source: String?
    /// SVG beside the document.
    var picture: String?
    var alternative: String?
    var data: [Datum]?
  }

  struct Chapter: Encodable {
    let anchor: String
    let heading: String
    let blocks: [Block]
  }

  struct Fact: Encodable {
    let name: String
    let value: String
  }

  let schema = "talentcast/document@1"
  let language: String
  let title: String
  let standing: [String]
  let date: String?
  let facts: [Fact]
  let chapters: [Chapter]

  init(_ page: Page) {
    language = page.language.rawValue
    title = page.edition.title[page.language]
    standing = page.standingLines
    date = page.edition.date
    facts = page.facts.map { Fact(name: $0.0, value: $0.1) }
    chapters = page.document.chapters.map { chapter in
      Chapter(
        anchor: chapter.anchor, heading: chapter.heading[page.language],
        blocks: chapter.blocks.map { Block($0, page) })
    }
  }
}

extension DocumentJSON.Block {
  fileprivate init(_ block: Block, _ page: Page) {
    switch block {
    case .section(let title, let anchor):
      self.init(type: "section", anchor: anchor, title: title[page.language])
    case .paragraph(let paragraph):
      self.init(type: "paragraph", paragraphs: [page.runs(paragraph)])
    case .list(let items):
      self.init(type: "list", paragraphs: items.map(page.runs))
    case .box(let title, let paragraphs):
      self.init(type: "box", title: title[page.language], paragraphs: paragraphs.map(page.runs))
    case .table(let table):
      self.init(
        type: "table", anchor: table.anchor, title: table.title[page.language], number: table.number,
        unit: table.unit?[page.language],
        columns: table.columns.map {
          .init(head: $0.head[page.language], group: $0.group?[page.language], numeric: $0.numeric)
        },
        rows: table.rows.map { row in
          .init(cells: row.cells.map { .init($0, page.language) }, indent: row.indent, total: row.total)
        }, notes: page.notes(table.notes), source: page.sourceLine(table.sources))
    case .figure(let figure):
      self.init(
        type: "figure", anchor: figure.anchor, title: figure.title[page.language],
        number: figure.number, notes: page.notes(figure.notes),
        source: page.sourceLine(figure.sources),
        picture: figure.fileName(page.language),
        alternative: figure.alternative[page.language],
        data: figure.data.map { series, label, fact in
          .init(
            series: series[page.language], label: label[page.language], value: fact.value,
            p10: fact.low, p90: fact.high, p025: fact.low95, p975: fact.high95,
            grade: fact.evidence.rawValue, reference: fact.reference)
        })
    }
  }
}

extension Page {
  /// The sentences of a paragraph as runs of text; a reference that is printed carries its target.
  fileprivate func runs(_ paragraph: Paragraph) -> [DocumentJSON.Run] {
    paragraph.sentences.enumerated().flatMap { i, sentence -> [DocumentJSON.Run] in
      let space = i > 0 && !sentenceSpace.isEmpty ? [DocumentJSON.Run(text: sentenceSpace, target: nil)] : []
      return space
        + sentence[language].pieces.map { piece in
          if case .reference(let anchor) = piece, isPrinted(anchor) {
            return DocumentJSON.Run(text: label(anchor), target: anchor)
          }
          return DocumentJSON.Run(text: plain(piece), target: nil)
        }
    }
  }
}

extension DocumentJSON.Cell {
  fileprivate init(_ cell: StatCell, _ language: Language) {
    let text = cell.text(language)
    switch cell {
    case .number(let fact, let format):
      self.init(
        kind: "number", text: text, value: format.scaled(fact.value), low: nil, high: nil,
        places: format.places, forecast: fact.basis == .forecast, reference: fact.reference)
    case .interval(let fact, let format):
      self.init(
        kind: "interval", text: text, value: nil, low: fact.low.map(format.scaled),
        high: fact.high.map(format.scaled), places: format.places, forecast: fact.basis == .forecast,
        reference: fact.reference)
    case .year(let year): self.init("number", text, value: Double(year))
    case .code: self.init("code", text)
    case .text: self.init("text", text)
    case .grade: self.init("grade", text)
    case .missing, .notApplicable, .suppressed: self.init("sign", text)
    }
  }

  private init(_ kind: String, _ text: String, value: Double? = nil) {
    self.init(
      kind: kind, text: text, value: value, low: nil, high: nil, places: value == nil ? nil : 0,
      forecast: nil, reference: nil)
  }
}

extension NumberFormat {
  /// The value in the unit that the column's head names.
  func scaled(_ value: Double) -> Double {
    switch self {
    case .tableTenThousands: value / 10_000
    case .percent, .tablePercent, .points, .tablePoints, .probability, .tableProbability: value * 100
    case .persons, .tablePersons, .decimal, .count, .tableCount: value
    }
  }

  var places: Int {
    switch self {
    case .tableTenThousands: 2
    case .percent, .tablePercent, .points, .tablePoints: 1
    case .decimal(let places): places
    case .persons, .tablePersons, .count, .tableCount, .probability, .tableProbability: 0
    }
  }
}

/// The document for the renderers outside, as JSON text.
///
/// Curly quotes of English text become straight ones: the Chinese fonts set them as wide as a character.
func documentText(_ document: Document, _ language: Language, sources: [SourceEntry]) throws -> String {
  let text = try jsonText(DocumentJSON(Page(document: document, language: language, sources: sources)))
  guard language == .en else { return text }
  let straight = [("‘", "'"), ("’", "'"), ("“", "\\\""), ("”", "\\\"")]
  return straight.reduce(text) { $0.replacingOccurrences(of: $1.0, with: $1.1, options: .literal) }
}
