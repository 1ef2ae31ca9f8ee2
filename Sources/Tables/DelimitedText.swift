import Foundation
import Messages

/// How a delimited file is to be read.
public struct ReadOptions: Sendable {
  public var delimiter: UInt8 = UInt8(ascii: ",")
  /// Columns kept as text even when every cell looks like a number (codes such as 110000).
  public var textColumns: Set<String> = []
  /// Keep every column as text, exactly as the file spells it.
  public var allText = false
  public init() {}
}

/// Reads delimited text (RFC 4180, UTF-8 with or without BOM, LF or CRLF) into a typed table.
///
/// A column is numeric when every non-missing cell is a number; missing cells are empty, `NA` or `NaN`.
/// - Throws: `ProblemReport` with every problem of the file (ragged rows, unclosed quotes, duplicate
///   or empty headings, bytes that are no UTF-8), each with line and column; `.missingInput` when the
///   file cannot be opened.
public func readTable(_ file: String, options: ReadOptions = ReadOptions()) throws(ProblemReport) -> Table {
  guard let data = FileManager.default.contents(atPath: file) else {
    throw ProblemReport(
      .missingInput,
      [
        Problem(
          "file.missing", file: file,
          message: Bilingual(zh: "文件不存在或无法读取", en: "the file does not exist or cannot be read"))
      ])
  }
  return try parseTable(Array(data), file: file, options: options)
}

/// Reads delimited text from bytes; `file` is only used in messages.
public func parseTable(
  _ bytes: [UInt8], file: String, options: ReadOptions = ReadOptions()
) throws(ProblemReport) -> Table {
  var reader = RecordReader(bytes: bytes, delimiter: options.delimiter, file: file)
  var problems: [Problem] = []
  guard let header = reader.next(&problems), !(header.fields.count == 1 && header.fields[0].isEmpty) else {
    throw ProblemReport(
      .badData,
      [
        Problem(
          "csv.empty", file: file, line: 1,
          message: Bilingual(zh: "文件没有表头", en: "the file has no header row"),
          hint: Bilingual(zh: "第一行应为列名", en: "the first row holds the column names"))
      ])
  }
  let names = header.fields
  for (i, name) in names.enumerated() where name.isEmpty || names.firstIndex(of: name) != i {
    problems.append(
      Problem(
        name.isEmpty ? "csv.empty-heading" : "csv.duplicate-heading", file: file, line: header.line,
        column: i + 1, path: name,
        message: name.isEmpty
          ? Bilingual(zh: "第 \(i + 1) 列没有列名", en: "column \(i + 1) has no name")
          : Bilingual(zh: "列名“\(name)”重复", en: "column name '\(name)' appears twice")))
  }
  var cells = [[String]](repeating: [], count: names.count)
  var lines = LineNumbers()
  while let record = reader.next(&problems) {
    if record.fields.count == 1, record.fields[0].isEmpty, names.count > 1 { continue }
    guard record.fields.count == names.count else {
      problems.append(
        Problem(
          "csv.ragged", file: file, line: record.line, column: min(record.fields.count, names.count) + 1,
          message: Bilingual(
            zh: "该行有 \(record.fields.count) 个字段，表头有 \(names.count) 列",
            en: "the row has \(record.fields.count) fields, the header has \(names.count)")))
      continue
    }
    lines.append(record.line)
    for c in names.indices { cells[c].append(record.fields[c]) }
  }
  guard !problems.contains(where: { $0.severity == .error }) else { throw ProblemReport(.badData, problems) }
  let columns = names.indices.map { c in
    Column(
      name: names[c], position: c,
      values: typed(cells[c], asText: options.allText || options.textColumns.contains(names[c])))
  }
  return Table(
    file: file, columns: columns, lines: lines,
    source: .bytes(bytes, delimiter: options.delimiter))
}

private func typed(_ cells: [String], asText: Bool) -> Column.Values {
  if !asText {
    var numbers = [Double]()
    numbers.reserveCapacity(cells.count)
    var sawNumber = false
    for cell in cells {
      if cell.isEmpty || cell == "NA" || cell == "NaN" {
        numbers.append(.nan)
      } else if let number = Double(cell), number.isFinite {
        numbers.append(number)
        sawNumber = true
      } else {
        numbers = []
        break
      }
    }
    if sawNumber, numbers.count == cells.count { return .numbers(numbers) }
  }
  return .text(TextValues(cells))
}

private struct RecordReader {
  struct Record {
    let fields: [String]
    let line: Int
  }

  let bytes: [UInt8]
  let delimiter: UInt8
  let file: String
  var at: Int
  var line = 1

  init(bytes: [UInt8], delimiter: UInt8, file: String) {
    self.bytes = bytes
    self.delimiter = delimiter
    self.file = file
    at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func next(_ problems: inout [Problem]) -> Record? {
    guard at < bytes.count else { return nil }
    let start = line
    var fields: [String] = []
    while true {
      var field: [UInt8] = []
      if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
        let opened = line
        at += 1
        var closed = false
        while at < bytes.count {
          let byte = bytes[at]
          at += 1
          if byte == UInt8(ascii: "\"") {
            if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
              field.append(byte)
              at += 1
            } else {
              closed = true
              break
            }
          } else {
            if byte == UInt8(ascii: "\n") { line += 1 }
            field.append(byte)
          }
        }
        if !closed {
          problems.append(
            Problem(
              "csv.unclosed-quote", file: file, line: opened, column: fields.count + 1,
              message: Bilingual(zh: "引号没有闭合", en: "a quoted field is never closed")))
        }
      }
      while at < bytes.count, bytes[at] != delimiter, bytes[at] != UInt8(ascii: "\n"),
        !(bytes[at] == UInt8(ascii: "\r") && at + 1 < bytes.count && bytes[at + 1] == UInt8(ascii: "\n"))
      {
        field.append(bytes[at])
        at += 1
      }
      if let text = String(validating: field, as: UTF8.self) {
        fields.append(text)
      } else {
        problems.append(
          Problem(
            "csv.not-utf8", file: file, line: line, column: fields.count + 1,
            message: Bilingual(zh: "字节不是有效的 UTF-8", en: "the bytes are not valid UTF-8"),
            hint: Bilingual(zh: "请另存为 UTF-8 编码", en: "save the file as UTF-8")))
        fields.append("")
      }
      if at >= bytes.count { break }
      if bytes[at] == delimiter {
        at += 1
        continue
      }
      at += bytes[at] == UInt8(ascii: "\r") ? 2 : 1
      line += 1
      break
    }
    return Record(fields: fields, line: start)
  }
}
