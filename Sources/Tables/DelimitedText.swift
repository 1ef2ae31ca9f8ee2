import Foundation
import Messages

/// How a delimited file is to be read.
public struct ReadOptions: Sendable {
  public var delimiter: UInt8 = UInt8(ascii: ",")
  /// Columns kept as text even when every cell looks like a number (codes such as 110000).
  public var textColumns: Set<String> = []
  /// Keep every column as text, exactly as the file spells it.
  public var allText = false
  /// Columns read as numbers all the same where `allText` holds: figures among codes.
  public var numericColumns: Set<String> = []
  /// Threads for large files; the table does not depend on it. Nil: as many as there are processors.
  public var threads: Int?
  public init() {}
}

/// Reads delimited text (RFC 4180, UTF-8 with or without BOM; LF, CRLF or CR) into a typed table.
///
/// A column is numeric when every cell is a finite decimal number or missing, and some cell is a number:
/// `12`, `-3.5`, `+5`, `1e5`, quoted or not, blanks around it ignored, always rounded to the nearest
/// double. Missing is an empty cell, `NA`, `NaN` or `nan`. A column with any other word, with an infinity
/// or a number too large for a double, or with a superfluous leading zero (codes such as 000123) is text,
/// exactly as spelt. Blank lines are skipped, except in a table of one column, where they are a missing
/// cell.
/// - Throws: `ProblemReport` with the problems of the file (rows too long or too short, quotes that are
///   stray or never closed, duplicate or empty headings, bytes that are no UTF-8, NUL), each with line and
///   character; `.missingInput` when the file cannot be opened.
public func readTable(_ file: String, options: ReadOptions = ReadOptions()) throws(ProblemReport) -> Table {
  let opened = try OpenFile(file)
  guard opened.isRegular, opened.size > SourceText.keptBytes else {
    return try parseTable(try opened.readAll(), file: file, options: options)
  }
  let source = SourceText.file(
    file, size: opened.size, modified: FileStamp(file)?.modified, delimiter: options.delimiter)
  let text = DelimitedText(file: file, options: options, kept: source) { blockSize in
    BlockSource(descriptor: opened.descriptor, size: opened.size, blockSize: blockSize)
  }
  if let table = text.table(size: opened.size) { return table }
  throw text.report(try opened.readAll())
}

/// Reads delimited text from bytes; `file` is only used in messages.
public func parseTable(
  _ bytes: [UInt8], file: String, options: ReadOptions = ReadOptions()
) throws(ProblemReport) -> Table {
  try parseTable(bytes, file: file, options: options, blockSize: 1 << 20)
}

/// The rows that can be read, and what is wrong with the others: so that one broken row does not hide the mistakes
/// of the rest.
///
/// - Returns: no table where the flaw moves what follows, such as a quote that is never closed.
public func parseSoundRows(
  _ bytes: [UInt8], file: String, options: ReadOptions = ReadOptions()
) -> (table: Table?, problems: [Problem]) {
  do throws(ProblemReport) {
    return (try parseTable(bytes, file: file, options: options), [])
  } catch {
    guard let rest = CarefulReader.withoutFlawedRows(bytes, file: file, delimiter: options.delimiter) else {
      return (nil, error.problems)
    }
    do throws(ProblemReport) {
      return (try parseTable(rest, file: file, options: options), error.problems)
    } catch {
      return (nil, error.problems)
    }
  }
}

/// With the size of blocks, so that tests can cut small texts anywhere.
func parseTable(
  _ bytes: [UInt8], file: String, options: ReadOptions, blockSize: Int
) throws(ProblemReport) -> Table {
  let text = DelimitedText(file: file, options: options, kept: .bytes(bytes, delimiter: options.delimiter)) {
    BlockSource(bytes: bytes, blockSize: $0)
  }
  if let table = text.table(size: bytes.count, blockSize: blockSize) { return table }
  throw text.report(bytes)
}

/// A text that can be read from its beginning as often as need be.
private struct DelimitedText {
  let file: String
  let options: ReadOptions
  let kept: SourceText
  let open: (_ blockSize: Int) -> BlockSource

  /// The table, or nil when the text has a flaw.
  func table(size: Int, blockSize limit: Int = 1 << 20) -> Table? {
    let blockSize = max(64, min(limit, size + 1))
    let first = open(blockSize)
    let buffer = ByteBuffer(capacity: blockSize)
    guard first.next(into: buffer), let header = Header(buffer, options.delimiter, file) else { return nil }
    let kinds = header.names.map { name -> ColumnKind in
      let isText = options.allText ? !options.numericColumns.contains(name) : options.textColumns.contains(name)
      return isText ? .text : .number
    }
    let builder = builder(first, kinds, size, blockSize)
    let parser = BlockParser(columns: kinds.count, delimiter: options.delimiter, buffer: buffer)
    guard let result = builder.build(parser, from: header.end, headerLines: header.lineCount) else {
      return nil
    }
    var values: [Column.Values] = []
    for c in kinds.indices {
      switch result.kinds[c] {
      case .number, .skip: values.append(.numbers(result.numbers[c]))
      case .text:
        guard let distinct = builder.distinct(c) else { return nil }
        values.append(.text(TextValues(distinct: distinct, codes: result.codes[c])))
      }
    }
    let late = result.kinds.map { $0 == .skip ? ColumnKind.text : .skip }
    if late.contains(.text) { guard reread(late, header, size, blockSize, into: &values) else { return nil } }
    let columns = kinds.indices.map { Column(name: header.names[$0], position: $0, values: values[$0]) }
    return Table(file: file, columns: columns, lines: result.lines, source: kept)
  }

  /// Columns that only turned out to be text further down.
  private func reread(
    _ kinds: [ColumnKind], _ header: Header, _ size: Int, _ blockSize: Int, into values: inout [Column.Values]
  ) -> Bool {
    let source = open(blockSize)
    let buffer = ByteBuffer(capacity: blockSize)
    guard source.next(into: buffer) else { return false }
    let builder = builder(source, kinds, size, blockSize)
    let parser = BlockParser(columns: kinds.count, delimiter: options.delimiter, buffer: buffer)
    guard let result = builder.build(parser, from: header.end, headerLines: header.lineCount) else {
      return false
    }
    for c in kinds.indices where kinds[c] == .text {
      guard let distinct = builder.distinct(c) else { return false }
      values[c] = .text(TextValues(distinct: distinct, codes: result.codes[c]))
    }
    return true
  }

  private func builder(
    _ source: BlockSource, _ kinds: [ColumnKind], _ size: Int, _ blockSize: Int
  ) -> TableBuilder {
    let wanted = options.threads ?? ProcessInfo.processInfo.activeProcessorCount
    let useful = size / blockSize / 2
    return TableBuilder(
      source, delimiter: options.delimiter, kinds: kinds, threads: max(1, min(wanted, useful, 16)),
      blockSize: blockSize)
  }

  func report(_ bytes: [UInt8]) -> ProblemReport {
    let problems = CarefulReader.problems(of: bytes, file: file, delimiter: options.delimiter)
    guard problems.isEmpty else { return ProblemReport(.badData, problems) }
    return ProblemReport(
      .badData,
      [
        Problem(
          "file.changed", file: file,
          message: Bilingual(zh: "文件在读取过程中被改动", en: "the file changed while it was being read"))
      ])
  }
}

/// The names in the first record of a block, or nil when the header has a flaw.
private struct Header {
  let names: [String]
  /// Bytes and line breaks up to the first row.
  let end: Int
  let lineCount: Int

  init?(_ buffer: ByteBuffer, _ delimiter: UInt8, _ file: String) {
    let block = Array(UnsafeBufferPointer(start: buffer.start, count: buffer.count))
    var reader = CarefulReader(block, delimiter: delimiter, file: file)
    guard let record = reader.nextHeader(), reader.problems.isEmpty else { return nil }
    names = record.fields.map(\.text)
    end = reader.at
    lineCount = reader.line - 1
    guard !names.contains(""), Set(names).count == names.count else { return nil }
  }
}
