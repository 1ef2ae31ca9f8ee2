import Dimensions
import Messages

/// The report as a value: every renderer prints this and nothing else.
public struct Document: Sendable {
  public var edition: Edition
  public var chapters: [Chapter]

  public init(edition: Edition, chapters: [Chapter]) {
    self.edition = edition
    self.chapters = chapters
  }

  /// 研究成果，非法定统计数据: stands on the cover and on every page.
  public static let standing = Bilingual(
    zh: "研究成果，非法定统计数据", en: "Research result; not an official statistic")

  /// Stands on every page of an edition made from invented figures.
  public static let sampleNotice = Bilingual(
    zh: "示例数据：全部数字均为虚构，不得引用",
    en: "Sample data: every figure is invented and must not be quoted")
}

/// A chapter with its blocks in reading order.
public struct Chapter: Sendable {
  /// How a chapter is numbered.
  public enum Label: Hashable, Sendable {
    /// Before the numbered chapters.
    case front
    case number(Int)
    /// 附录A, 附录B…
    case annex(String)
  }

  public var label: Label
  public var title: Bilingual
  public var anchor: String
  public var blocks: [Block]

  public init(label: Label = .number(0), title: Bilingual, anchor: String, blocks: [Block]) {
    self.label = label
    self.title = title
    self.anchor = anchor
    self.blocks = blocks
  }

  /// 第三章 供给现状 / Chapter 3 Supply.
  public var heading: Bilingual {
    switch label {
    case .front: title
    case .number(let n): Bilingual(zh: "第\(chineseNumeral(n))章　\(title.zh)", en: "Chapter \(n). \(title.en)")
    case .annex(let letter): Bilingual(zh: "附录\(letter)　\(title.zh)", en: "Annex \(letter). \(title.en)")
    }
  }

  /// The chapter's part of a caption number: 0, 3, A.
  var captionPrefix: String {
    switch label {
    case .front: "0"
    case .number(let n): "\(n)"
    case .annex(let letter): letter
    }
  }
}

/// A piece of a chapter.
public enum Block: Sendable {
  case section(title: Bilingual, anchor: String)
  case paragraph(Paragraph)
  case list([Paragraph])
  /// 专栏.
  case box(title: Bilingual, [Paragraph])
  case table(StatTable)
  case figure(Figure)
}

/// A statistical table: three rules, unit line above, notes and sources below.
public struct StatTable: Sendable {
  public var anchor: String
  /// `2-1`, given by `numbered`.
  public var number = ""
  public var title: Bilingual
  public var unit: Bilingual?
  public var columns: [StatColumn]
  public var rows: [StatRow]
  public var notes: [Bilingual]
  public var sources: [String]
  /// The indented rows below a total row add up to it.
  public var additive: Bool

  public init(
    anchor: String, title: Bilingual, unit: Bilingual? = nil, columns: [StatColumn],
    rows: [StatRow], notes: [Bilingual] = [], sources: [String] = [], additive: Bool = false
  ) {
    self.additive = additive
    self.anchor = anchor
    self.title = title
    self.unit = unit
    self.columns = columns
    self.rows = rows
    self.notes = notes
    self.sources = sources
  }

  /// All facts, row by row.
  public var facts: [Fact] { rows.flatMap { $0.cells.compactMap(\.fact) } }

  /// The line above the table: number and title.
  public func caption(_ language: Language) -> String {
    language == .zh ? "表\(number)　\(title.zh)" : "Table \(number). \(title.en)"
  }
}

/// A column's head and the head it shares with its neighbours.
public struct StatColumn: Sendable {
  public var head: Bilingual
  /// Columns under the same group head stand together.
  public var group: Bilingual?
  public var numeric: Bool

  public init(_ head: Bilingual, group: Bilingual? = nil, numeric: Bool = true) {
    self.head = head
    self.group = group
    self.numeric = numeric
  }
}

/// A row of cells; the first one names it.
public struct StatRow: Sendable {
  public var cells: [StatCell]
  public var indent: Int
  /// A sum of the rows below or above it.
  public var total: Bool

  public init(_ cells: [StatCell], indent: Int = 0, total: Bool = false) {
    self.cells = cells
    self.indent = indent
    self.total = total
  }
}

/// What stands in a cell: a word, a number with its origin, or why there is none.
public enum StatCell: Sendable {
  case text(Bilingual)
  case code(String)
  case year(Int)
  case number(Fact, NumberFormat)
  case interval(Fact, NumberFormat)
  case grade(Evidence)
  /// Not available.
  case missing
  /// Cannot exist.
  case notApplicable
  /// Withheld: small cell.
  case suppressed

  public var fact: Fact? {
    switch self {
    case .number(let fact, _), .interval(let fact, _): fact
    default: nil
    }
  }

  /// The cell as printed.
  public func text(_ language: Language) -> String {
    switch self {
    case .text(let text): text[language]
    case .code(let code): code
    case .year(let year): "\(year)"
    case .number(let fact, let format): format.text(fact, in: language)
    case .interval(let fact, let format):
      format.range(fact, in: language) ?? "—"
    case .grade(let grade): grade == .assumed ? "\(grade.name[language]) (D)" : grade.rawValue
    case .missing: "[x]"
    case .notApplicable: "—"
    case .suppressed: "*"
    }
  }
}

/// A picture with caption, alternative text and the data behind it.
public struct Figure: Sendable {
  /// What is drawn.
  public enum Content: Sendable {
    case fan(FanChart)
    case ranking(IntervalChart)
    case waterfall(WaterfallChart)
    case bullets(BulletChart)
    case bars(BarChart)
    case tornado(TornadoChart)
    /// A drawing made elsewhere, e.g. a map.
    case picture(zh: String, en: String)
  }

  public var anchor: String
  public var number = ""
  public var title: Bilingual
  public var alternative: Bilingual
  public var content: Content
  public var notes: [Bilingual]
  public var sources: [String]

  public init(
    anchor: String, title: Bilingual, alternative: Bilingual, content: Content,
    notes: [Bilingual] = [], sources: [String] = []
  ) {
    self.anchor = anchor
    self.title = title
    self.alternative = alternative
    self.content = content
    self.notes = notes
    self.sources = sources
  }

  /// The drawing's file in a language: letters, digits and hyphens only, whatever codes the anchor holds.
  func fileName(_ language: Language) -> String {
    let stem = anchor.map { $0.isASCII && ($0.isLetter || $0.isNumber) ? $0 : "-" }
    return "\(String(stem)).\(language.rawValue).svg"
  }

  /// The line below the figure: number and title.
  public func caption(_ language: Language) -> String {
    language == .zh ? "图\(number)　\(title.zh)" : "Figure \(number). \(title.en)"
  }

  /// The drawing as SVG, complete by itself.
  public func svg(_ language: Language) -> String {
    switch content {
    case .fan(let chart): chart.svg(language, alternative: alternative[language])
    case .ranking(let chart): chart.svg(language, alternative: alternative[language])
    case .waterfall(let chart): chart.svg(language, alternative: alternative[language])
    case .bullets(let chart): chart.svg(language, alternative: alternative[language])
    case .bars(let chart): chart.svg(language, alternative: alternative[language])
    case .tornado(let chart): chart.svg(language, alternative: alternative[language])
    case .picture(let zh, let en): language == .zh ? zh : en
    }
  }
}

func chineseNumeral(_ n: Int) -> String {
  let digits = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
  switch n {
  case 0...9: return digits[n]
  case 10...19: return "十" + (n == 10 ? "" : digits[n - 10])
  case 20...99: return digits[n / 10] + "十" + (n % 10 == 0 ? "" : digits[n % 10])
  default: return "\(n)"
  }
}

extension Document {
  /// Numbers chapters, sections' captions and figures in reading order.
  public func numbered() -> Document {
    var document = self
    let isFullTime = tables.contains { $0.facts.contains(where: \.isFullTime) }
    var chapterNumber = 0
    var annexNumber = 0
    for c in document.chapters.indices {
      switch document.chapters[c].label {
      case .front: break
      case .number:
        chapterNumber += 1
        document.chapters[c].label = .number(chapterNumber)
      case .annex:
        document.chapters[c].label = .annex(String(UnicodeScalar(UInt8(65 + annexNumber))))
        annexNumber += 1
      }
      let prefix = document.chapters[c].captionPrefix
      var tables = 0
      var figures = 0
      for b in document.chapters[c].blocks.indices {
        switch document.chapters[c].blocks[b] {
        case .table(var table):
          tables += 1
          table.number = "\(prefix)-\(tables)"
          document.chapters[c].blocks[b] = .table(isFullTime ? table.inFullTime : table)
        case .figure(var figure):
          figures += 1
          figure.number = "\(prefix)-\(figures)"
          document.chapters[c].blocks[b] = .figure(figure)
        default: break
        }
      }
    }
    return document
  }

  public var tables: [StatTable] {
    chapters.flatMap(\.blocks).compactMap { if case .table(let table) = $0 { table } else { nil } }
  }

  public var figures: [Figure] {
    chapters.flatMap(\.blocks).compactMap { if case .figure(let figure) = $0 { figure } else { nil } }
  }

  public var sentences: [Sentence] {
    chapters.flatMap(\.blocks).flatMap { block -> [Sentence] in
      switch block {
      case .paragraph(let paragraph): paragraph.sentences
      case .list(let items): items.flatMap(\.sentences)
      case .box(_, let paragraphs): paragraphs.flatMap(\.sentences)
      case .section, .table, .figure: []
      }
    }
  }

  /// What a reference to an anchor prints: 表2-1, Figure 3-2.
  func labels(_ language: Language) -> [String: String] {
    var labels: [String: String] = [:]
    for table in tables { labels[table.anchor] = (language == .zh ? "表" : "Table ") + table.number }
    for figure in figures {
      labels[figure.anchor] = (language == .zh ? "图" : "Figure ") + figure.number
    }
    return labels
  }
}
