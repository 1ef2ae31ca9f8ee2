import Messages

/// Problems of one JSON file while they are being found: byte offsets now, lines and columns at the end.
struct Findings {
  private struct Entry {
    let code: String, severity: Problem.Severity, offset: Int?, path: String?
    let message: Bilingual, hint: Bilingual?
  }

  /// A fault repeated in every position of a file is told this often, then only counted.
  private let perCode = 20
  private var entries: [Entry] = []
  private var counts: [String: Int] = [:]
  private var order: [String] = []

  mutating func add(
    _ code: String, _ severity: Problem.Severity = .error, at offset: Int?, path: String? = nil,
    _ message: Bilingual, hint: Bilingual? = nil
  ) {
    let seen = counts[code, default: 0]
    counts[code] = seen + 1
    if seen == 0 { order.append(code) }
    guard seen < perCode else { return }
    entries.append(
      Entry(code: code, severity: severity, offset: offset, path: path, message: message, hint: hint))
  }

  /// In file order, then one line for each code that occurred more often than it was told.
  func problems(file: String?, in bytes: [UInt8]) -> [Problem] {
    let sorted = entries.enumerated().sorted {
      ($0.element.offset ?? -1, $0.offset) < ($1.element.offset ?? -1, $1.offset)
    }.map(\.element)
    var list = sorted.map { entry in
      let place = entry.offset.map { TextPlace.of($0, in: bytes) }
      return Problem(
        entry.code, entry.severity, file: file, line: place?.line, column: place?.column, path: entry.path,
        message: entry.message, hint: entry.hint)
    }
    for code in order {
      guard let count = counts[code], count > perCode else { continue }
      let severity = entries.first { $0.code == code }?.severity ?? .error
      list.append(
        Problem(
          code, severity, file: file,
          message: Bilingual(
            zh: "同样的问题还有 \(count - perCode) 处。", en: "The same problem occurs \(count - perCode) more times.")))
    }
    return list
  }
}
