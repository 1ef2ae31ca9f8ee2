import Messages

/// Reads delimited text slowly, byte by byte, and says everything that is wrong with it.
struct CarefulReader {
  struct Field {
    var text = ""
    /// Byte offset and line at which it begins.
    let offset: Int
    let line: Int
  }

  struct Record {
    var fields: [Field] = []
    let line: Int
    /// Byte offset of the line break that ends it (or of the end of the text).
    var end = 0
  }

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private let file: String
  private(set) var at: Int
  private(set) var line = 1
  private var lineStart: Int
  private(set) var problems: [Problem] = []
  private var unlisted = 0
  /// Whether the text ended within quotes, so that its last record cannot be judged.
  private var ranOut = false

  init(_ bytes: [UInt8], delimiter: UInt8, file: String) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.file = file
    at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = at
  }

  /// Every problem of the text, at most 50 one by one; warnings and notes do not occur.
  static func problems(of bytes: [UInt8], file: String, delimiter: UInt8) -> [Problem] {
    if let only = unusable(bytes, file: file) { return [only] }
    var reader = CarefulReader(bytes, delimiter: delimiter, file: file)
    guard let header = reader.nextHeader() else {
      return reader.problems.isEmpty ? [noHeader(file)] : reader.allProblems
    }
    reader.checkHeadings(header)
    let width = header.fields.count
    while let record = reader.next(), !reader.ranOut {
      if record.fields.count == 1, width > 1, record.end == record.fields[0].offset { continue }
      if record.fields.count != width { reader.reportRagged(record, width: width) }
    }
    return reader.allProblems
  }

  /// The text with every flawed row left blank, so that the others can be read where they stand; nil when what is
  /// wrong moves what follows (a header, a quote that is never closed) or a blank row has a meaning of its own.
  static func withoutFlawedRows(_ bytes: [UInt8], file: String, delimiter: UInt8) -> [UInt8]? {
    guard unusable(bytes, file: file) == nil else { return nil }
    var reader = CarefulReader(bytes, delimiter: delimiter, file: file)
    guard let header = reader.nextHeader(), header.fields.count > 1 else { return nil }
    reader.checkHeadings(header)
    guard reader.problems.isEmpty else { return nil }
    var kept = Array(bytes[..<reader.at])
    while true {
      let (start, known) = (reader.at, reader.problems.count + reader.unlisted)
      guard let record = reader.next() else { return kept }
      guard !reader.ranOut else { return nil }
      let isBlank = record.fields.count == 1 && record.end == record.fields[0].offset
      let isSound = isBlank || record.fields.count == header.fields.count && reader.problems.count + reader.unlisted == known
      kept += isSound ? bytes[start..<reader.at] : bytes[start..<reader.at].filter { $0 == 0x0A || $0 == 0x0D }[...]
    }
  }

  private var allProblems: [Problem] {
    guard unlisted > 0 else { return problems }
    return problems + [
      Problem(
        "csv.more-problems", file: file,
        message: Bilingual(zh: "另有 \(unlisted) 个问题未列出", en: "\(unlisted) more problems are not listed"))
    ]
  }

  static func noHeader(_ file: String) -> Problem {
    Problem(
      "csv.empty", file: file, line: 1,
      message: Bilingual(zh: "文件没有表头", en: "the file has no header row"),
      hint: Bilingual(zh: "第一行应为列名", en: "the first row holds the column names"))
  }

  private static func unusable(_ bytes: [UInt8], file: String) -> Problem? {
    guard bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) else { return nil }
    return Problem(
      "csv.utf16", file: file, line: 1, column: 1,
      message: Bilingual(zh: "文件是 UTF-16 编码", en: "the file is encoded in UTF-16"),
      hint: Bilingual(zh: "请另存为“CSV UTF-8”", en: "save it as 'CSV UTF-8'"))
  }

  /// The first record that is no blank line.
  mutating func nextHeader() -> Record? {
    while let record = next() {
      if record.fields.count > 1 || record.end > record.fields[0].offset { return record }
    }
    return nil
  }

  /// The next record; nil at the end of the text.
  mutating func next() -> Record? {
    guard at < bytes.count else { return nil }
    var record = Record(line: line)
    while true {
      record.fields.append(readField(number: record.fields.count + 1))
      guard at < bytes.count, bytes[at] == delimiter else { break }
      at += 1
    }
    record.end = at
    if at < bytes.count {
      at += bytes[at] == 0x0D && at + 1 < bytes.count && bytes[at + 1] == 0x0A ? 2 : 1
      startLine()
    }
    return record
  }

  private mutating func startLine() {
    line += 1
    lineStart = at
  }

  private mutating func readField(number: Int) -> Field {
    var field = Field(offset: at, line: line)
    let start = mark
    var content: [UInt8] = []
    if at < bytes.count, bytes[at] == UInt8(ascii: "\"") { readQuoted(&content, number, start) }
    var isStray = false
    while at < bytes.count, bytes[at] != delimiter, bytes[at] != 0x0A, bytes[at] != 0x0D {
      if bytes[at] == UInt8(ascii: "\""), !isStray {
        isStray = true
        report(
          "csv.stray-quote", mark,
          Bilingual(zh: "第 \(number) 个字段中有多余的引号", en: "a quote inside field \(number)"),
          hint: Bilingual(
            zh: "含引号的字段须整体加引号，其中的引号写两次",
            en: "quote the whole field and double the quotes within"))
      }
      content.append(bytes[at])
      at += 1
    }
    field.text = checked(content, number, start)
    return field
  }

  private mutating func readQuoted(_ content: inout [UInt8], _ number: Int, _ opened: Mark) {
    at += 1
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "\"") {
        guard at < bytes.count, bytes[at] == byte else {
          reportTail(after: number)
          return
        }
        at += 1
      }
      content.append(byte)
      if byte == 0x0A || (byte == 0x0D && !(at < bytes.count && bytes[at] == 0x0A)) { startLine() }
    }
    ranOut = true
    report(
      "csv.unclosed-quote", opened,
      Bilingual(
        zh: "第 \(number) 个字段的引号没有闭合", en: "the quote that opens field \(number) is never closed"))
  }

  /// Nothing but a delimiter or a line break may follow a closing quote.
  private mutating func reportTail(after number: Int) {
    guard at < bytes.count, bytes[at] != delimiter, bytes[at] != 0x0A, bytes[at] != 0x0D else { return }
    report(
      "csv.text-after-quote", mark,
      Bilingual(
        zh: "第 \(number) 个字段的引号闭合后还有文字", en: "text follows the closing quote of field \(number)"),
      hint: Bilingual(zh: "字段内的引号写两次", en: "double the quotes within a field"))
    while at < bytes.count, bytes[at] != delimiter, bytes[at] != 0x0A, bytes[at] != 0x0D { at += 1 }
  }

  private mutating func checked(_ content: [UInt8], _ number: Int, _ start: Mark) -> String {
    if content.contains(0) {
      report(
        "csv.nul", start,
        Bilingual(zh: "第 \(number) 个字段含有 NUL 字节", en: "field \(number) contains a NUL byte"),
        hint: Bilingual(zh: "文件可能不是文本，或是 UTF-16 编码", en: "perhaps it is no text file, or UTF-16"))
    }
    if let text = String(validating: content, as: UTF8.self) { return text }
    report(
      "csv.not-utf8", start,
      Bilingual(zh: "第 \(number) 个字段不是有效的 UTF-8", en: "field \(number) is not valid UTF-8"),
      hint: Bilingual(
        zh: "请另存为 UTF-8；若是 GB18030：iconv -f GB18030 -t UTF-8",
        en: "save the file as UTF-8; if it is GB18030: iconv -f GB18030 -t UTF-8"))
    return String(decoding: content, as: UTF8.self)
  }

  private mutating func checkHeadings(_ header: Record) {
    var seen: [String: Int] = [:]
    for (i, field) in header.fields.enumerated() {
      if field.text.isEmpty {
        report(
          "csv.empty-heading", mark(of: field),
          Bilingual(zh: "第 \(i + 1) 列没有列名", en: "column \(i + 1) has no name"),
          hint: i + 1 == header.fields.count
            ? Bilingual(zh: "行末有多余的分隔符？", en: "does the line end with a delimiter?") : nil)
      } else if let first = seen.updateValue(i, forKey: field.text) {
        report(
          "csv.duplicate-heading", mark(of: field),
          Bilingual(
            zh: "列名“\(field.text)”重复（第 \(first + 1) 列与第 \(i + 1) 列）",
            en: "column name '\(field.text)' appears twice (fields \(first + 1) and \(i + 1))"),
          path: field.text)
      }
    }
  }

  private mutating func reportRagged(_ record: Record, width: Int) {
    let count = record.fields.count
    let place = count > width ? mark(of: record.fields[width]) : mark(endOf: record)
    let isTrailing = count == width + 1 && record.fields[width].text.isEmpty
    let swallowed = record.fields.contains { $0.text.contains("\n") }
    report(
      "csv.ragged", place,
      Bilingual(
        zh: "该行有 \(count) 个字段，表头有 \(width) 列", en: "the row has \(count) fields, the header has \(width)"),
      hint: isTrailing
        ? Bilingual(zh: "行末有多余的分隔符", en: "the row ends with a delimiter too many")
        : swallowed ? Bilingual(zh: "是否有引号没有闭合？", en: "is a quote left open?") : nil)
  }

  private mutating func report(
    _ code: String, _ mark: Mark, _ message: Bilingual, hint: Bilingual? = nil, path: String? = nil
  ) {
    guard problems.count < Table.problemLimit else {
      unlisted += 1
      return
    }
    let column = String(decoding: bytes[mark.lineStart..<mark.offset], as: UTF8.self).count + 1
    problems.append(
      Problem(
        code, file: file, line: mark.line, column: column, path: path, message: message, hint: hint)
    )
  }

  /// A byte, its line and where that line begins; counting characters waits until someone asks.
  private struct Mark {
    let line: Int
    let lineStart: Int
    let offset: Int
  }

  /// Where the reader stands.
  private var mark: Mark { Mark(line: line, lineStart: lineStart, offset: at) }

  private func mark(of field: Field) -> Mark {
    Mark(line: field.line, lineStart: lineStart(before: field.offset), offset: field.offset)
  }

  /// The end of the record just read, on its last physical line.
  private func mark(endOf record: Record) -> Mark {
    let isBroken = record.end < bytes.count
    return Mark(
      line: isBroken ? line - 1 : line, lineStart: lineStart(before: record.end), offset: record.end)
  }

  private func lineStart(before offset: Int) -> Int {
    var start = offset
    while start > 0, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
    return start == 0 && bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? min(3, offset) : start
  }
}
