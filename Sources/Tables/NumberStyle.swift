/// How a file spells its numbers: in `1.234,5` the decimal mark is `,` and thousands are set apart by `.`.
public struct NumberStyle: Equatable, Sendable {
  public let decimal: Character
  /// Between groups of three digits; nil where digits are not grouped.
  public let thousands: Character?

  public init(decimal: Character = ".", thousands: Character? = nil) {
    self.decimal = decimal
    self.thousands = thousands
  }

  /// The plain spelling of a cell in this style (`1.234,5` as `1234.5`); nil when it is no number in it.
  ///
  /// Grouped digits must be grouped throughout: `1,234,567`, not `1,23`.
  public func plain(_ cell: String) -> String? {
    var plain = ""
    var sawDecimal = false
    // Digits since the last group mark; nil until there is one.
    var inGroup: Int?
    var whole = 0
    for character in cell {
      if character.isASCII, character.isNumber || "+-eE".contains(character) {
        plain.append(character)
        if character.isNumber, !sawDecimal {
          inGroup = inGroup.map { $0 + 1 }
          whole += 1
        } else if character == "e" || character == "E" {
          sawDecimal = true
        }
      } else if isSame(character, decimal), !sawDecimal {
        plain.append(".")
        sawDecimal = true
      } else if let thousands, isSame(character, thousands), !sawDecimal {
        guard inGroup == nil ? (1...3).contains(whole) : inGroup == 3 else { return nil }
        inGroup = 0
      } else {
        return nil
      }
    }
    guard inGroup == nil || inGroup == 3, numberOrMissing(plain)?.isFinite == true else { return nil }
    return plain
  }

  private func isSame(_ a: Character, _ b: Character) -> Bool { a == b || Self.alike(a, b) }

  /// Blanks of any width are one mark, and so are the two apostrophes and the two widths of a comma.
  private static func alike(_ a: Character, _ b: Character) -> Bool {
    [" \u{a0}\u{202f}\u{2009}", "'’", ",，"].contains { $0.contains(a) && $0.contains(b) }
  }
}

extension Table {
  /// The table with its text read in this style: a column becomes numbers when every cell is a number of the
  /// style or missing, and none is a code such as 007. Read the file with `allText`, so that `1.500` is still
  /// as the file spells it.
  public func reading(_ style: NumberStyle) -> Table {
    Table(
      file: file, columns: columns.map { column in numbers(column, style) ?? column }, lines: lines, source: source)
  }

  private func numbers(_ column: Column, _ style: NumberStyle) -> Column? {
    guard case .text(let text) = column.values else { return nil }
    var values: [Double] = []
    values.reserveCapacity(text.distinct.count)
    for cell in text.distinct {
      let trimmed = cell.trimmingBlanks
      if missingWords.contains(trimmed) {
        values.append(.nan)
      } else if let plain = style.plain(trimmed), !isCode(plain), let number = numberOrMissing(plain) {
        values.append(number)
      } else {
        return nil
      }
    }
    guard values.contains(where: { !$0.isNaN }) else { return nil }
    return Column(name: column.name, position: column.position, values: .numbers(text.codes.map { values[Int($0)] }))
  }
}

/// Digits with a superfluous zero in front: a code, not a number.
func isCode(_ plain: String) -> Bool {
  let digits = plain.drop { $0 == "-" || $0 == "+" }.prefix { $0.isNumber }
  return digits.count > 1 && digits.first == "0"
}
