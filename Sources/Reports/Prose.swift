import Foundation
import Messages

func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }

/// A piece of a sentence. Only `number` pieces print numbers that mean quantities.
public enum Piece: Hashable, Sendable {
  /// Words of our own. They may not contain a digit.
  case text(String)
  case number(Fact, NumberFormat)
  /// The 80 % interval of a fact.
  case interval(Fact, NumberFormat)
  case year(Int)
  /// A name or a text quoted from the input, which may contain digits.
  case quoted(String)
  /// A printed table or figure, by its anchor.
  case reference(String)
}

/// A text whose numbers are facts, written as a string with typed interpolations:
///
///     "截至\(year: 2023)年底，人才总量为\(stock, .persons)。"
///
/// A bare number cannot be interpolated.
public struct Prose: Hashable, Sendable, ExpressibleByStringInterpolation {
  public var pieces: [Piece]

  public init(stringLiteral value: String) { pieces = [.text(value)] }
  public init(stringInterpolation: Interpolation) { pieces = stringInterpolation.pieces }
  public init(_ pieces: [Piece]) { self.pieces = pieces }

  /// A text of the input, which may hold digits of its own.
  public static func quoted(_ text: String) -> Prose { Prose([.quoted(text)]) }

  public static func + (a: Prose, b: Prose) -> Prose { Prose(a.pieces + b.pieces) }

  /// Collects the pieces of a text; it has no way to take a bare number.
  public struct Interpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []
    public init(literalCapacity: Int, interpolationCount: Int) {}
    /// Words of our own.
    public mutating func appendLiteral(_ literal: String) {
      if !literal.isEmpty { pieces.append(.text(literal)) }
    }
    /// A number with its origin.
    public mutating func appendInterpolation(_ fact: Fact, _ format: NumberFormat) {
      pieces.append(.number(fact, format))
    }
    /// The 80 % interval of a number.
    public mutating func appendInterpolation(interval fact: Fact, _ format: NumberFormat) {
      pieces.append(.interval(fact, format))
    }
    /// A year.
    public mutating func appendInterpolation(year: Int) { pieces.append(.year(year)) }
    /// A name from the input.
    public mutating func appendInterpolation(_ name: String) { pieces.append(.quoted(name)) }
    /// A table or figure that is printed in the document.
    public mutating func appendInterpolation(see anchor: String) {
      pieces.append(.reference(anchor))
    }
    /// A text already made.
    public mutating func appendInterpolation(_ part: Prose) { pieces += part.pieces }
  }
}

/// One sentence in both languages, with the facts it states.
public struct Sentence: Hashable, Sendable {
  /// Stable within the report, e.g. `summary.stock`; the key of human edits.
  public var id: String
  public var zh: Prose
  public var en: Prose

  public init(_ id: String, zh: Prose, en: Prose) {
    self.id = id
    self.zh = zh
    self.en = en
  }

  public subscript(language: Language) -> Prose { language == .zh ? zh : en }

  /// Every fact said, in order of mention in the language.
  public func facts(in language: Language) -> [(fact: Fact, format: NumberFormat)] {
    self[language].pieces.compactMap {
      switch $0 {
      case .number(let fact, let format), .interval(let fact, let format): (fact, format)
      default: nil
      }
    }
  }
}

/// Sentences that belong together.
public struct Paragraph: Hashable, Sendable {
  public var sentences: [Sentence]

  public init(_ sentences: [Sentence]) { self.sentences = sentences }

  /// A text of the input or of the standing matter, without facts.
  public init(_ id: String, _ text: Bilingual) {
    sentences = [Sentence(id, zh: .quoted(text.zh), en: .quoted(text.en))]
  }
}

extension Prose.Interpolation {
  mutating func appendInterpolation(verb basis: Basis, _ language: Language) {
    pieces.append(.text(basis.verb[language]))
  }
}

/// A list in the language: 甲、乙、丙; a, b and c.
func joined(_ parts: [Prose], _ language: Language) -> Prose {
  var out = Prose([])
  for (i, part) in parts.enumerated() {
    if i > 0 {
      let last = i == parts.count - 1
      out.pieces.append(.text(language == .zh ? "，" : last ? " and " : ", "))
    }
    out.pieces += part.pieces
  }
  return out
}

/// What a chart says, for readers who cannot see it: each name with its number and interval.
func alternative(_ items: [(Bilingual, Fact)], _ lead: Bilingual) -> Bilingual {
  func text(_ language: Language) -> String {
    let shown = items.prefix(12).map { name, fact -> String in
      let value = NumberFormat.persons.text(fact, in: language)
      guard let range = NumberFormat.persons.range(fact, in: language) else { return "\(name[language]) \(value)" }
      return language == .zh ? "\(name.zh)\(value)（\(range)）" : "\(name.en) \(value) (\(range))"
    }
    let more = items.count > 12 ? (language == .zh ? "等" : ", …") : ""
    return language == .zh
      ? lead.zh + "：" + shown.joined(separator: "；") + more + "。"
      : lead.en + ": " + shown.joined(separator: "; ") + more + "."
  }
  return Bilingual(zh: text(.zh), en: text(.en))
}

extension Prose.Interpolation {
  /// The English verb inside a sentence.
  mutating func appendInterpolation(lowered basis: Basis) {
    let words = basis.verb.en
    pieces.append(.text(words.prefix(1).lowercased() + words.dropFirst()))
  }
}
