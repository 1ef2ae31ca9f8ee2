import Foundation

/// Where a table's bytes can be looked at again to say on which character a cell stands.
///
/// Small files stay in memory; a large one is opened again, and only if it has not changed since.
enum SourceText: Sendable {
  case bytes([UInt8], delimiter: UInt8)
  case file(String, size: Int, modified: Date?, delimiter: UInt8)

  /// Larger files are read again rather than kept.
  static let keptBytes = 16 << 20

  var delimiter: UInt8 {
    switch self {
    case .bytes(_, let delimiter), .file(_, _, _, let delimiter): delimiter
    }
  }

  func read() -> [UInt8]? {
    switch self {
    case .bytes(let bytes, _): return bytes
    case .file(let path, let size, let modified, _):
      guard FileStamp(path) == FileStamp(size: size, modified: modified),
        let data = FileManager.default.contents(atPath: path), data.count == size
      else { return nil }
      return Array(data)
    }
  }
}

/// Enough to notice that a file was replaced.
struct FileStamp: Equatable {
  let size: Int
  let modified: Date?

  init(size: Int, modified: Date?) {
    self.size = size
    self.modified = modified
  }

  init?(_ path: String) {
    let attributes: [FileAttributeKey: Any]
    do { attributes = try FileManager.default.attributesOfItem(atPath: path) } catch { return nil }
    guard let size = attributes[.size] as? Int else { return nil }
    self.size = size
    modified = attributes[.modificationDate] as? Date
  }
}

extension Table {
  /// Line and character at which the field of each given row begins, by row; rows whose text is not
  /// at hand are left out.
  func places(of rows: [Int], position: Int) -> [Int: CellPlace] {
    guard let source, let bytes = source.read(), !rows.isEmpty else { return [:] }
    let wanted = Dictionary(rows.map { (lines[$0], $0) }) { first, _ in first }
    var found: [Int: CellPlace] = [:]
    var scan = FieldScan(bytes, delimiter: source.delimiter)
    while found.count < wanted.count, let record = scan.next() {
      guard let row = wanted[record.line], position < record.fields.count else { continue }
      let field = record.fields[position]
      found[row] = CellPlace(line: field.line, character: scan.characterColumn(of: field.offset))
    }
    return found
  }
}

/// Where a cell begins, 1-based, as an editor counts.
struct CellPlace {
  let line: Int
  let character: Int
}

/// Walks a well-formed delimited text record by record, noting where fields begin.
struct FieldScan {
  struct Record {
    let line: Int
    /// Line and byte offset at which each field begins (its opening quote where there is one).
    let fields: [(line: Int, offset: Int)]
  }

  private let bytes: [UInt8]
  private let delimiter: UInt8
  private var at: Int
  private var line = 1

  init(_ bytes: [UInt8], delimiter: UInt8) {
    self.bytes = bytes
    self.delimiter = delimiter
    at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
  }

  mutating func next() -> Record? {
    guard at < bytes.count else { return nil }
    let first = line
    var fields = [(line: line, offset: at)]
    var quoted = bytes[at] == UInt8(ascii: "\"")
    if quoted { at += 1 }
    while at < bytes.count {
      let byte = bytes[at]
      at += 1
      let endsLine = byte == 0x0A || (byte == 0x0D && !(at < bytes.count && bytes[at] == 0x0A))
      if endsLine { line += 1 }
      if quoted {
        if byte == UInt8(ascii: "\"") { quoted = false }
      } else if endsLine {
        break
      } else if byte == UInt8(ascii: "\"") {
        quoted = at >= 2 && bytes[at - 2] == UInt8(ascii: "\"")  // the second of a doubled quote
      } else if byte == delimiter {
        fields.append((line, at))
        if at < bytes.count, bytes[at] == UInt8(ascii: "\"") {
          quoted = true
          at += 1
        }
      }
    }
    return Record(line: first, fields: fields)
  }

  /// Characters from the start of the physical line on which the byte stands, 1-based.
  func characterColumn(of offset: Int) -> Int {
    var start = offset
    while start > 0, bytes[start - 1] != 0x0A, bytes[start - 1] != 0x0D { start -= 1 }
    if start == 0, bytes.starts(with: [0xEF, 0xBB, 0xBF]) { start = min(3, offset) }
    return String(decoding: bytes[start..<offset], as: UTF8.self).count + 1
  }
}
