/// Columns a terminal gives a character: two for Chinese and full-width forms, none for
/// combining marks, one for the rest.
public func displayWidth(_ text: String) -> Int {
  text.unicodeScalars.reduce(0) { $0 + width($1) }
}

private func width(_ scalar: Unicode.Scalar) -> Int {
  switch scalar.value {
  case 0x0300...0x036F, 0x200B...0x200F, 0xFE00...0xFE0F: 0
  case 0x1100...0x115F, 0x2E80...0x303E, 0x3041...0x33FF, 0x3400...0x4DBF, 0x4E00...0x9FFF,
    0xA000...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE4F, 0xFF00...0xFF60,
    0xFFE0...0xFFE6, 0x20000...0x3FFFD:
    2
  default: 1
  }
}

/// A table for the terminal, aligned by display width so that Chinese and Latin columns line up.
public struct TextTable: Sendable {
  /// To which side the text of a column is set.
  public enum Alignment: Sendable { case left, right }

  private let header: [String]
  private let alignments: [Alignment]
  private var rows: [[String]] = []

  /// - Parameter columns: heading and alignment of each column, left to right.
  public init(_ columns: [(heading: String, alignment: Alignment)]) {
    header = columns.map(\.heading)
    alignments = columns.map(\.alignment)
  }

  /// Adds a row; it must have as many cells as there are columns.
  public mutating func append(_ row: [String]) {
    precondition(row.count == header.count, "a row has as many cells as the table has columns")
    rows.append(row)
  }

  /// Heading, rule, rows; two spaces between columns; no trailing spaces.
  public var text: String {
    let all = [header] + rows
    let widths = header.indices.map { c in all.map { displayWidth($0[c]) }.max() ?? 0 }
    func line(_ row: [String]) -> String {
      var out = ""
      for c in row.indices {
        let padding = String(repeating: " ", count: widths[c] - displayWidth(row[c]))
        out += alignments[c] == .right ? padding + row[c] : row[c] + padding
        if c < row.count - 1 { out += "  " }
      }
      while out.last == " " { out.removeLast() }
      return out
    }
    let rule = String(repeating: "-", count: widths.reduce(0, +) + 2 * max(0, widths.count - 1))
    return ([line(header), rule] + rows.map(line)).joined(separator: "\n")
  }
}
