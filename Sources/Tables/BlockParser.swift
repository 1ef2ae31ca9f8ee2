/// What a column's cells become.
enum ColumnKind: UInt8 {
  case number, text, skip
}

/// Parses one block of whole records into columns, in memory that is used again for the next block.
///
/// It knows only well-formed text: at the first flaw `parse` returns false, and `CarefulReader`
/// finds out what is wrong and where.
final class BlockParser {
  let buffer: ByteBuffer
  private let columns: Int
  private let delimiter: UInt8
  /// Column c occupies `stride` numbers (or codes) from c · stride.
  private var numbers = UnsafeMutablePointer<Double>.allocate(capacity: 1)
  private var codes = UnsafeMutablePointer<Int32>.allocate(capacity: 1)
  private var cellCapacity = 1
  private var stride = 0
  private let kinds: UnsafeMutablePointer<UInt8>
  private let dictionaries: UnsafeMutablePointer<TextDictionary>
  private let unescaped = ByteBuffer(capacity: 256)

  private(set) var rows = 0
  /// Lines of the rows, counted from 1 at the start of the block.
  private(set) var lines = LineNumbers()
  /// Line breaks in the block.
  private(set) var lineCount = 0
  /// Columns that were to be numbers and are not.
  private(set) var broken: [Int] = []

  init(columns: Int, delimiter: UInt8, buffer: ByteBuffer) {
    self.columns = columns
    self.delimiter = delimiter
    self.buffer = buffer
    kinds = .allocate(capacity: columns)
    kinds.initialize(repeating: 0, count: columns)
    dictionaries = .allocate(capacity: columns)
    for c in 0..<columns { (dictionaries + c).initialize(to: TextDictionary()) }
  }

  deinit {
    numbers.deallocate()
    codes.deallocate()
    kinds.deallocate()
    for c in 0..<columns { dictionaries[c].free() }
    dictionaries.deinitialize(count: columns)
    dictionaries.deallocate()
  }

  func numbers(_ column: Int) -> UnsafeBufferPointer<Double> {
    UnsafeBufferPointer(start: numbers + column * stride, count: rows)
  }

  func codes(_ column: Int) -> UnsafeBufferPointer<Int32> {
    UnsafeBufferPointer(start: codes + column * stride, count: rows)
  }

  func dictionary(_ column: Int) -> UnsafeMutablePointer<TextDictionary> { dictionaries + column }

  /// Empties a column's dictionary; codes start from 0 again.
  func forget(_ column: Int) {
    dictionaries[column].free()
    dictionaries[column] = TextDictionary()
  }

  /// Parses the block in `buffer` from the given byte on; false at the first flaw.
  func parse(_ wanted: [ColumnKind], from first: Int = 0) -> Bool {
    for c in 0..<columns { kinds[c] = wanted[c].rawValue }
    broken.removeAll(keepingCapacity: true)
    let start = UnsafePointer(buffer.start) + first
    let end = UnsafePointer(buffer.start) + buffer.count
    var breaks = countBytes(0x0A, start, end - start)
    while true {
      makeRoom(rows: breaks + 1)
      switch parseRecords(start, end) {
      case .done: return true
      case .flaw: return false
      case .outOfRows: breaks += countBytes(0x0D, start, end - start)
      }
    }
  }

  private func makeRoom(rows: Int) {
    stride = rows
    guard rows * columns > cellCapacity else { return }
    cellCapacity = rows * columns * 5 / 4
    numbers.deallocate()
    codes.deallocate()
    numbers = .allocate(capacity: cellCapacity)
    codes = .allocate(capacity: cellCapacity)
  }

  private enum Outcome { case done, flaw, outOfRows }

  private func parseRecords(_ start: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>) -> Outcome {
    let (columns, delimiter, stride, kinds) = (self.columns, self.delimiter, self.stride, self.kinds)
    let (numbers, codes, dictionaries) = (self.numbers, self.codes, self.dictionaries)
    let reader = NumberReader.shared
    let terminators = Terminators(delimiter)
    var run = LineRun()
    var at = start
    var row = 0
    var line = 1
    lines = LineNumbers()
    while at < end {
      if at.pointee == 0x0A || at.pointee == 0x0D, columns > 1 {  // a blank line
        at = afterBreak(at)
        line &+= 1
        continue
      }
      if row == stride { return .outOfRows }
      run.add(row, line, to: &lines)
      for c in 0..<columns {
        let cell = c &* stride &+ row
        let field = at
        let kind = kinds[c]
        if kind == ColumnKind.number.rawValue, let next = reader.scanPlain(at, &numbers[cell]),
          next.pointee == delimiter || next.pointee == 0x0A || next.pointee == 0x0D
        {
          at = next
        } else if kind == ColumnKind.number.rawValue, field.pointee == delimiter || field.pointee == 0x0A {
          numbers[cell] = .nan
        } else if kind == ColumnKind.number.rawValue || field.pointee == UInt8(ascii: "\"") {
          guard let next = slowField(field, end, terminators, c, cell, &line) else { return .flaw }
          at = next
        } else {
          guard let next = terminators.find(field), next.pointee != UInt8(ascii: "\"") else { return .flaw }
          if kind == ColumnKind.text.rawValue { codes[cell] = dictionaries[c].code(field, next - field) }
          at = next
        }
        if c < columns &- 1 {
          guard at.pointee == delimiter else { return .flaw }
          at += 1
        }
      }
      guard at.pointee == 0x0A || at.pointee == 0x0D, at < end else { return .flaw }
      at = afterBreak(at)
      line &+= 1
      row &+= 1
    }
    run.finish(row, to: &lines)
    rows = row
    lineCount = line - 1
    return .done
  }

  /// Quoted fields, and whatever is no plain number in a numeric column.
  @inline(never)
  private func slowField(
    _ field: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ terminators: Terminators, _ column: Int,
    _ cell: Int, _ line: inout Int
  ) -> UnsafePointer<UInt8>? {
    let next: UnsafePointer<UInt8>
    let content: UnsafeBufferPointer<UInt8>
    if field.pointee == UInt8(ascii: "\"") {
      guard let quoted = quotedField(field, end, &line) else { return nil }
      (next, content) = quoted
    } else {
      guard let found = terminators.find(field), found.pointee != UInt8(ascii: "\"") else { return nil }
      next = found
      content = UnsafeBufferPointer(start: field, count: found - field)
    }
    guard let base = content.baseAddress else { return nil }
    switch kinds[column] {
    case ColumnKind.number.rawValue:
      switch NumberReader.shared.reading(content) {
      case .number(let number): numbers[cell] = number
      case .missing: numbers[cell] = .nan
      case .text:
        kinds[column] = ColumnKind.skip.rawValue
        broken.append(column)
      }
    case ColumnKind.text.rawValue: codes[cell] = dictionaries[column].code(base, content.count)
    default: break
    }
    return next
  }

  /// The content between quotes, doubled quotes undone; nil when it is never closed, when something
  /// follows the closing quote, or when it holds a NUL.
  private func quotedField(
    _ field: UnsafePointer<UInt8>, _ end: UnsafePointer<UInt8>, _ line: inout Int
  ) -> (next: UnsafePointer<UInt8>, content: UnsafeBufferPointer<UInt8>)? {
    let first = field + 1
    var at = first
    var doubled = 0
    while at < end {
      switch at.pointee {
      case UInt8(ascii: "\""):
        if at[1] != UInt8(ascii: "\"") {
          let next = at + 1
          guard next.pointee == delimiter || next.pointee == 0x0A || next.pointee == 0x0D else { return nil }
          let raw = UnsafeBufferPointer(start: first, count: at - first)
          return (next, doubled == 0 ? raw : undoubled(raw))
        }
        doubled += 1
        at += 1
      case 0x0A: line += 1
      case 0x0D: if at[1] != 0x0A { line += 1 }
      case 0: return nil
      default: break
      }
      at += 1
    }
    return nil
  }

  private func undoubled(_ raw: UnsafeBufferPointer<UInt8>) -> UnsafeBufferPointer<UInt8> {
    unescaped.reserve(raw.count)
    unescaped.count = 0
    var at = 0
    while at < raw.count {
      unescaped.start[unescaped.count] = raw[at]
      unescaped.count += 1
      at += raw[at] == UInt8(ascii: "\"") ? 2 : 1
    }
    return UnsafeBufferPointer(start: unescaped.start, count: unescaped.count)
  }
}

@inline(__always)
private func afterBreak(_ at: UnsafePointer<UInt8>) -> UnsafePointer<UInt8> {
  at + (at.pointee == 0x0D && at[1] == 0x0A ? 2 : 1)
}

/// Consecutive rows on consecutive lines, noted as one run.
private struct LineRun {
  private var row = 0
  private var line = 0
  private var isOpen = false

  @inline(__always)
  mutating func add(_ nextRow: Int, _ nextLine: Int, to lines: inout LineNumbers) {
    if isOpen, nextLine &- line == nextRow &- row { return }
    finish(nextRow, to: &lines)
    (row, line, isOpen) = (nextRow, nextLine, true)
  }

  @inline(never)
  mutating func finish(_ nextRow: Int, to lines: inout LineNumbers) {
    if isOpen { lines.append(from: line, count: nextRow - row) }
  }
}

/// Finds the byte that ends an unquoted field: the delimiter, a line break, or the flaws quote and NUL.
struct Terminators {
  private let delimiter: UInt64

  init(_ delimiter: UInt8) { self.delimiter = UInt64(delimiter) &* 0x0101_0101_0101_0101 }

  /// The first terminator at or after `start`; nil when it is a NUL. Reads up to 7 bytes past it.
  @inline(__always)
  func find(_ start: UnsafePointer<UInt8>) -> UnsafePointer<UInt8>? {
    var at = start
    while true {
      let word = UInt64(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self))
      let hits =
        zeros(word ^ delimiter) | zeros(word ^ 0x0A0A_0A0A_0A0A_0A0A) | zeros(word ^ 0x0D0D_0D0D_0D0D_0D0D)
        | zeros(word ^ 0x2222_2222_2222_2222) | zeros(word)
      if hits != 0 {
        at += hits.trailingZeroBitCount >> 3
        return at.pointee == 0 ? nil : at
      }
      at += 8
    }
  }

  /// The lowest zero byte has its top bit set (higher bytes may be marked wrongly).
  @inline(__always)
  private func zeros(_ word: UInt64) -> UInt64 {
    (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
  }
}
