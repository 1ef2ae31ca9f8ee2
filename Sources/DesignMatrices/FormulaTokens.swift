import Messages

/// A piece of a formula and where it stands, in characters from 0.
struct Token: Equatable {
  enum Kind: Equatable {
    case name(String)
    case number(Double)
    case text(String)
    case symbol(Character)
    case end
  }

  let kind: Kind
  let start: Int
  let end: Int
}

/// Cuts a formula into tokens; full-width punctuation of Chinese keyboards is read as its ASCII twin.
func tokens(of formula: [Character]) throws(ProblemReport) -> [Token] {
  var reader = TokenReader(characters: formula)
  var found: [Token] = []
  while let token = try reader.next() { found.append(token) }
  return found + [Token(kind: .end, start: formula.count, end: formula.count)]
}

private struct TokenReader {
  let characters: [Character]
  var at = 0

  private static let twins: [Character: Character] = [
    "（": "(", "）": ")", "＋": "+", "－": "-", "−": "-", "＊": "*", "×": "*", "／": "/", "：": ":", "，": ",",
    "～": "~",
    "＾": "^", "＝": "=", "＂": "\"", "“": "\"", "”": "\"", "’": "'", "‘": "'",
  ]

  private func character(_ index: Int) -> Character? {
    guard index < characters.count else { return nil }
    return Self.twins[characters[index]] ?? characters[index]
  }

  mutating func next() throws(ProblemReport) -> Token? {
    while let c = character(at), c.isWhitespace { at += 1 }
    let start = at
    guard let c = character(at) else { return nil }
    if c.isASCII, c.isNumber || (c == "." && character(at + 1).map { $0.isASCII && $0.isNumber } == true) {
      return try number(from: start)
    }
    if c == "." || c == "_" || c.isLetter { return name(from: start) }
    if c == "`" || c == "\"" || c == "'" { return try quoted(from: start, by: c) }
    if "+-*/^:(),~=".contains(c) {
      at += 1
      if c == "*", character(at) == "*" {
        at += 1
        return Token(kind: .symbol("^"), start: start, end: at)
      }
      return Token(kind: .symbol(c), start: start, end: at)
    }
    throw formulaProblem(
      "formula.character", at: start, characters,
      Bilingual(zh: "公式里不能有“\(c)”", en: "'\(c)' has no place in a formula"),
      hint: c == "|"
        ? Bilingual(zh: "固定效应请用 --absorb", en: "sweep fixed effects out with --absorb")
        : Bilingual(
          zh: "列名含特殊字符时用反引号括起来：`列 名`", en: "quote column names with special characters: `column name`"))
  }

  private mutating func name(from start: Int) -> Token {
    var text = ""
    while let c = character(at), c == "." || c == "_" || c.isLetter || c.isNumber {
      text.append(c)
      at += 1
    }
    return Token(kind: .name(text), start: start, end: at)
  }

  private mutating func number(from start: Int) throws(ProblemReport) -> Token {
    var text = ""
    while let c = character(at), c.isASCII {
      let isSign = (c == "-" || c == "+") && (text.last == "e" || text.last == "E")
      guard c.isNumber || c == "." || c == "e" || c == "E" || isSign else { break }
      text.append(c)
      at += 1
    }
    guard let value = Double(text), value.isFinite else {
      throw formulaProblem(
        "formula.number", at: start, characters,
        Bilingual(zh: "“\(text)”不是数", en: "'\(text)' is not a number"), hint: nil)
    }
    return Token(kind: .number(value), start: start, end: at)
  }

  private mutating func quoted(from start: Int, by quote: Character) throws(ProblemReport) -> Token {
    at += 1
    var text = ""
    while let c = character(at), c != quote {
      text.append(characters[at])
      at += 1
    }
    guard character(at) == quote else {
      throw formulaProblem(
        "formula.quote", at: start, characters,
        Bilingual(zh: "引号没有闭合", en: "the quotation is never closed"), hint: nil)
    }
    at += 1
    return Token(kind: quote == "`" ? .name(text) : .text(text), start: start, end: at)
  }
}

/// One problem at a character of the formula, which is quoted with a mark under it.
func formulaProblem(
  _ code: String, at position: Int, _ characters: [Character], _ message: Bilingual, hint: Bilingual?
) -> ProblemReport {
  ProblemReport(
    .usage,
    [
      Problem(
        code, file: "formula", line: 1, column: position + 1, path: String(characters), message: message,
        hint: hint)
    ])
}
