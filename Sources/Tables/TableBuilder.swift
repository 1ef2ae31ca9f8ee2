import Dispatch
import Foundation

/// Reads blocks on several threads and appends them in the order of the text, so that the table does
/// not depend on the number of threads.
final class TableBuilder: @unchecked Sendable {
  private let source: BlockSource
  private let delimiter: UInt8
  private let threads: Int
  private let blockSize: Int
  private let columns: Int

  // Guarded by `reading`.
  private let reading = NSLock()
  private var blocksRead = 0
  private var kinds: [ColumnKind]

  // Guarded by `gate`.
  private let gate = NSCondition()
  private var turn = 0
  private var flawed = false

  // Touched only by the worker whose turn it is.
  private var numbers: [[Double]]
  private var sawNumber: [Bool]
  private var codes: [[Int32]]
  private var dictionaries: [TextDictionary]
  private var lines = LineNumbers()
  private var line = 0

  /// What came out.
  struct Result {
    let numbers: [[Double]]
    let codes: [[Int32]]
    let lines: LineNumbers
    /// `.skip` for a column that was to be numbers and turned out to be text further down.
    let kinds: [ColumnKind]
  }

  init(_ source: BlockSource, delimiter: UInt8, kinds: [ColumnKind], threads: Int, blockSize: Int) {
    self.source = source
    self.delimiter = delimiter
    self.kinds = kinds
    self.threads = threads
    self.blockSize = blockSize
    columns = kinds.count
    numbers = Array(repeating: [], count: columns)
    sawNumber = Array(repeating: false, count: columns)
    codes = Array(repeating: [], count: columns)
    dictionaries = (0..<columns).map { _ in TextDictionary() }
  }

  deinit { for dictionary in dictionaries { dictionary.free() } }

  /// - Parameters:
  ///   - parser: holds the first block.
  ///   - first: the byte after the header; `headerLines` line breaks stand before it.
  /// - Returns: nil when the text has a flaw.
  func build(_ parser: BlockParser, from first: Int, headerLines: Int) -> Result? {
    line = headerLines
    guard parser.parse(kinds, from: first) else { return nil }
    if !parser.broken.isEmpty {
      // Cheaper than reading the file again: most text shows in the first block.
      for column in parser.broken { kinds[column] = .text }
      guard parser.parse(kinds, from: first) else { return nil }
    }
    if source.isExhausted {
      let empty = (0..<columns).filter { kinds[$0] == .number && parser.numbers($0).allSatisfy(\.isNaN) }
      for column in empty { kinds[column] = .text }  // nothing but missing cells
      if !empty.isEmpty { guard parser.parse(kinds, from: first) else { return nil } }
    }
    var maps = [[Int32]](repeating: [], count: columns)
    append(parser, &maps)
    (blocksRead, turn) = (1, 1)
    if !source.isExhausted {
      reserve(firstRows: parser.rows, firstBytes: parser.buffer.count)
      DispatchQueue.concurrentPerform(iterations: threads) { _ in work() }
    }
    guard !flawed, source.readError == nil else { return nil }
    for column in 0..<columns where kinds[column] == .number && !sawNumber[column] { kinds[column] = .skip }
    return Result(numbers: numbers, codes: codes, lines: lines, kinds: kinds)
  }

  /// The distinct values of a text column; nil when one of them is no UTF-8.
  func distinct(_ column: Int) -> [String]? {
    let dictionary = dictionaries[column]
    var strings: [String] = []
    strings.reserveCapacity(dictionary.count)
    for code in 0..<dictionary.count {
      let entry = dictionary[code]
      let bytes = UnsafeBufferPointer(start: entry.bytes, count: entry.length)
      guard let string = String(validating: bytes, as: UTF8.self) else { return nil }
      strings.append(string)
    }
    return strings
  }

  private func work() {
    let parser = BlockParser(columns: columns, delimiter: delimiter, buffer: ByteBuffer(capacity: blockSize))
    var maps = [[Int32]](repeating: [], count: columns)
    while true {
      reading.lock()
      let block = blocksRead
      let wanted = kinds
      let more = source.next(into: parser.buffer)
      if more { blocksRead += 1 }
      reading.unlock()
      guard more else { return }
      let isSound = parser.parse(wanted)
      gate.lock()
      while turn != block, !flawed { gate.wait() }
      let stop = flawed || !isSound
      if stop {
        flawed = true
        gate.broadcast()
      }
      gate.unlock()
      if stop { return }
      append(parser, &maps)
      gate.lock()
      turn += 1
      gate.broadcast()
      gate.unlock()
    }
  }

  private func append(_ parser: BlockParser, _ maps: inout [[Int32]]) {
    if !parser.broken.isEmpty { give(up: parser.broken) }
    for column in 0..<columns {
      switch kinds[column] {
      case .number:
        let block = parser.numbers(column)
        numbers[column].append(contentsOf: block)
        if !sawNumber[column] { sawNumber[column] = block.contains { !$0.isNaN } }
      case .text: appendText(parser, column, &maps[column])
      case .skip: break
      }
    }
    lines.append(parser.lines, offset: line)
    line += parser.lineCount
  }

  private func appendText(_ parser: BlockParser, _ column: Int, _ map: inout [Int32]) {
    let local = parser.dictionary(column)
    while map.count < local.pointee.count {
      map.append(dictionaries[column].code(local.pointee[map.count]))
    }
    let block = parser.codes(column)
    map.withUnsafeBufferPointer { map in
      codes[column].append(contentsOf: block.lazy.map { map[Int($0)] })
    }
    if map.count > 1 << 15 {  // mostly distinct values: do not keep them twice
      parser.forget(column)
      map.removeAll(keepingCapacity: true)
    }
  }

  private func give(up found: [Int]) {
    reading.lock()
    for column in found {
      kinds[column] = .skip
      numbers[column] = []
    }
    reading.unlock()
  }

  /// Room for the whole table, guessed from the first block.
  private func reserve(firstRows: Int, firstBytes: Int) {
    let guess = Int(Double(firstRows) * Double(source.size) / Double(max(1, firstBytes)) * 1.01) + 64
    for column in 0..<columns {
      switch kinds[column] {
      case .number: numbers[column].reserveCapacity(guess)
      case .text: codes[column].reserveCapacity(guess)
      case .skip: break
      }
    }
  }
}
