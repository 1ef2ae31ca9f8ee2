/// Breaks a text into lines of at most `width` terminal columns: after blanks and commas and beside Chinese characters,
/// never before a closing mark. A word longer than a line stands on a line of its own.
///
/// - Parameters:
///   - indent: blanks before every line but the first.
///   - identifiers: true where identifiers may be broken after an underscore.
public func wrapped(_ text: String, width: Int, indent: Int = 0, identifiers: Bool = false) -> [String] {
  guard displayWidth(text) > width else { return [text] }
  var lines: [String] = []
  var (current, breakAt) = ("", Optional<String.Index>.none)
  let margin = String(repeating: " ", count: min(indent, width / 2))
  for character in text {
    let isWide = displayWidth(String(character)) > 1
    let closes = closingMarks.contains(character)
    // 1,000 stays whole.
    if current.last == ",", !character.isNumber { breakAt = current.endIndex }
    if isWide, !closes, !current.allSatisfy({ $0 == " " }) { breakAt = current.endIndex }
    current.append(character)
    if displayWidth(current) > width, let at = breakAt {
      lines.append(trimmedEnd(String(current[..<at])))
      current = margin + current[at...].drop { $0 == " " }
      breakAt = nil
    }
    let hasWords = !current.allSatisfy { $0 == " " }
    if character == " ", hasWords, displayWidth(current) > indent { breakAt = current.endIndex }
    if isWide && closes || identifiers && character == "_" { breakAt = current.endIndex }
  }
  return lines + [trimmedEnd(current)]
}

/// Marks that may not begin a line.
private let closingMarks = "，。；：、）”？！》】%"

/// The breadth of the longest part that `wrapped` would not break.
func longestWord(_ text: String, identifiers: Bool = false) -> Int {
  var longest = 0
  var current = 0
  var before: Character = " "
  for character in text {
    let breadth = displayWidth(String(character))
    let opens = breadth > 1 && !closingMarks.contains(character) || before == "," && !character.isNumber || identifiers && before == "_"
    if opens || before == " " || displayWidth(String(before)) > 1 && !closingMarks.contains(character) { current = 0 }
    if character != " " { current += breadth }
    longest = max(longest, current)
    before = character
  }
  return longest
}

func trimmedEnd(_ text: String) -> String {
  var text = text
  while text.last == " " { text.removeLast() }
  return text
}
