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
  private let keys: Int
  private var rows: [[String]] = []

  /// - Parameters:
  ///   - columns: heading and alignment of each column, left to right.
  ///   - keys: leading columns that say what a row is about: repeated where a table goes on below.
  public init(_ columns: [(heading: String, alignment: Alignment)], keys: Int = 1) {
    header = columns.map(\.heading)
    alignments = columns.map(\.alignment)
    self.keys = keys
  }

  /// Adds a row; it must have as many cells as there are columns.
  public mutating func append(_ row: [String]) {
    precondition(row.count == header.count, "a row has as many cells as the table has columns")
    rows.append(row.indices.map { alignments[$0] == .right ? withMinusSigns(row[$0]) : row[$0] })
  }

  /// Heading, rule, rows; two spaces between columns; no trailing spaces. On a terminal it fits the terminal.
  public var text: String { text(width: Terminal.width) }

  /// The same within so many terminal columns: long texts are broken over lines, numbers never. Columns that still do
  /// not fit go on below, after the key columns once more; of a table longer than a screen they are left out, and a
  /// last line names them.
  ///
  /// - Parameter width: terminal columns; nil where there is no limit.
  public func text(width: Int?) -> String {
    guard let width else { return block(Array(header.indices), Shape(breadths: natural)) }
    let shape = shape(width)
    let blocks = blocks(width, shape)
    guard blocks.count > 1, rows.count > TextTable.screen else {
      return blocks.map { block($0, fitted($0, shape, to: width)) }.joined(separator: "\n\n")
    }
    let absent = header.indices.filter { !blocks[0].contains($0) }.map { header[$0] }.joined(separator: ", ")
    return block(blocks[0], fitted(blocks[0], shape, to: width)) + "\n… + \(absent) (> \(width))"
  }

  // MARK: Breadths

  private static let blanks = 2
  /// Rows beyond which nobody looks for the rest of a row below the table.
  private static let screen = 60

  /// Breadth of each column; the columns in which identifiers may be broken.
  private struct Shape {
    var breadths: [Int]
    var broken: Set<Int> = []
  }

  private var natural: [Int] {
    header.indices.map { c in ([header] + rows).map { displayWidth($0[c]) }.max() ?? 0 }
  }

  /// The least breadths: that of the longest number or word; headings and texts keep 8 and 16 in a line.
  private func shape(_ width: Int) -> Shape {
    var shape = Shape(breadths: natural)
    for c in header.indices {
      let cells = rows.map { $0[c] }
      let isText = alignments[c] == .left
      let least = isText ? 16 : cells.map(displayWidth).max() ?? 0
      var word = ([header[c]] + cells).map { longestWord($0) }.max() ?? 0
      if isText, word > width * 2 / 5 {
        shape.broken.insert(c)
        word = ([header[c]] + cells).map { longestWord($0, identifiers: true) }.max() ?? 0
      }
      shape.breadths[c] = min(shape.breadths[c], max(least, word, min(8, displayWidth(header[c]))))
    }
    return shape
  }

  /// Columns of each block: the key columns, and as many as fit beside them.
  private func blocks(_ width: Int, _ least: Shape) -> [[Int]] {
    func breadth(_ columns: [Int]) -> Int {
      columns.map { least.breadths[$0] }.reduce(0, +) + TextTable.blanks * (columns.count - 1)
    }
    var blocks: [[Int]] = []
    var current: [Int] = []
    for c in header.indices {
      if current.count > min(keys, c), breadth(current + [c]) > width {
        blocks.append(current)
        current = Array(0..<min(keys, c))
      }
      current.append(c)
    }
    return blocks + [current]
  }

  /// The broadest columns give way first, none below its least.
  private func fitted(_ columns: [Int], _ least: Shape, to width: Int) -> Shape {
    var shape = Shape(breadths: natural, broken: least.broken)
    var excess = columns.map { shape.breadths[$0] }.reduce(0, +) + TextTable.blanks * (columns.count - 1) - width
    while excess > 0,
      let broadest = columns.filter({ shape.breadths[$0] > least.breadths[$0] }).max(by: { shape.breadths[$0] < shape.breadths[$1] })
    {
      shape.breadths[broadest] -= 1
      excess -= 1
    }
    return shape
  }

  // MARK: Lines

  private func block(_ columns: [Int], _ shape: Shape) -> String {
    let breadths = shape.breadths
    func lines(_ row: [String]) -> [String] {
      let cells = columns.map { wrapped(row[$0], width: breadths[$0], identifiers: shape.broken.contains($0)) }
      return (0..<(cells.map(\.count).max() ?? 0)).map { at in
        let parts = columns.indices.map { i -> String in
          let part = cells[i].indices.contains(at) ? cells[i][at] : ""
          let padding = String(repeating: " ", count: max(0, breadths[columns[i]] - displayWidth(part)))
          return alignments[columns[i]] == .right ? padding + part : part + padding
        }
        return trimmedEnd(parts.joined(separator: "  "))
      }
    }
    let rule = String(
      repeating: "-", count: columns.map { breadths[$0] }.reduce(0, +) + TextTable.blanks * max(0, columns.count - 1))
    return (lines(columns.isEmpty ? [] : header) + [rule] + rows.flatMap(lines)).joined(separator: "\n")
  }
}

/// Negative numbers with the minus sign of typography: a hyphen before a digit that is not within a word or a range.
func withMinusSigns(_ text: String) -> String {
  guard text.contains("-") else { return text }
  let characters = Array(text)
  return String(
    characters.indices.map { at -> Character in
      let isSign =
        characters[at] == "-" && at + 1 < characters.count && (characters[at + 1].isNumber || characters[at + 1] == ".")
        && (at == 0 || " ～~(（[,，/".contains(characters[at - 1]))
      return isSign ? "−" : characters[at]
    })
}
