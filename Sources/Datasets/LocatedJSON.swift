import Messages

/// A JSON value that knows where it stands, so that a descriptor's problems can be pointed at.
struct LocatedJSON: Sendable {
  enum Value: Sendable {
    case object([Member])
    case array([LocatedJSON])
    case string(String)
    case number(Double)
    case bool(Bool)
    case null
  }

  struct Member: Sendable {
    let key: String
    let value: LocatedJSON
  }

  let value: Value
  /// 1-based.
  let line: Int
  let column: Int

  subscript(key: String) -> LocatedJSON? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.value
  }

  var text: String? { if case .string(let text) = value { text } else { nil } }
  var number: Double? { if case .number(let number) = value { number } else { nil } }
  var elements: [LocatedJSON]? { if case .array(let elements) = value { elements } else { nil } }
  var members: [Member]? { if case .object(let members) = value { members } else { nil } }
}

/// RFC 8259, at most 200 levels deep.
func parseLocatedJSON(_ bytes: [UInt8], file: String) throws(ProblemReport) -> LocatedJSON {
  var parser = JSONParser(bytes: bytes, file: file)
  let value = try parser.value(depth: 0)
  parser.skipBlanks()
  guard parser.at == bytes.count else { throw parser.failure(zh: "文档结束后还有内容", en: "there is text after the document") }
  return value
}

private struct JSONParser {
  let bytes: [UInt8]
  let file: String
  var at: Int
  var line = 1
  var lineStart: Int

  init(bytes: [UInt8], file: String) {
    self.bytes = bytes
    self.file = file
    at = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    lineStart = at
  }

  var byte: UInt8? { at < bytes.count ? bytes[at] : nil }

  /// Characters, not bytes: continuation bytes of UTF-8 do not count.
  var column: Int { 1 + bytes[lineStart..<min(at, bytes.count)].count { $0 & 0xC0 != 0x80 } }

  func failure(zh: String, en: String) -> ProblemReport {
    ProblemReport(
      .badData,
      [
        Problem(
          "json.syntax", file: file, line: line, column: column,
          message: Bilingual(zh: "JSON 语法错误：\(zh)", en: "broken JSON: \(en)"))
      ])
  }

  mutating func skipBlanks() {
    while let byte {
      switch byte {
      case 0x0A:
        line += 1
        lineStart = at + 1
      case 0x20, 0x09, 0x0D: break
      default: return
      }
      at += 1
    }
  }

  mutating func value(depth: Int) throws(ProblemReport) -> LocatedJSON {
    skipBlanks()
    guard depth < 200 else { throw failure(zh: "嵌套过深", en: "nested too deeply") }
    let (startLine, startColumn) = (line, column)
    func located(_ value: LocatedJSON.Value) -> LocatedJSON {
      LocatedJSON(value: value, line: startLine, column: startColumn)
    }
    switch byte {
    case UInt8(ascii: "{"): return located(.object(try members(depth: depth)))
    case UInt8(ascii: "["): return located(.array(try elements(depth: depth)))
    case UInt8(ascii: "\""): return located(.string(try string()))
    case UInt8(ascii: "t"): return located(.bool(try word("true", true)))
    case UInt8(ascii: "f"): return located(.bool(try word("false", false)))
    case UInt8(ascii: "n"): return located(try word("null", .null))
    case nil: throw failure(zh: "文档在此中断", en: "the document ends here")
    default: return located(.number(try number()))
    }
  }

  private mutating func members(depth: Int) throws(ProblemReport) -> [LocatedJSON.Member] {
    at += 1
    var members: [LocatedJSON.Member] = []
    skipBlanks()
    if byte == UInt8(ascii: "}") {
      at += 1
      return []
    }
    while true {
      skipBlanks()
      guard byte == UInt8(ascii: "\"") else { throw failure(zh: "此处应为键名", en: "a key in quotes belongs here") }
      let key = try string()
      guard !members.contains(where: { $0.key == key }) else {
        throw failure(zh: "键“\(key)”重复", en: "the key '\(key)' appears twice")
      }
      skipBlanks()
      guard byte == UInt8(ascii: ":") else { throw failure(zh: "此处应为冒号", en: "a colon belongs here") }
      at += 1
      members.append(LocatedJSON.Member(key: key, value: try value(depth: depth + 1)))
      if try closed(by: UInt8(ascii: "}")) { return members }
    }
  }

  private mutating func elements(depth: Int) throws(ProblemReport) -> [LocatedJSON] {
    at += 1
    var elements: [LocatedJSON] = []
    skipBlanks()
    if byte == UInt8(ascii: "]") {
      at += 1
      return []
    }
    while true {
      elements.append(try value(depth: depth + 1))
      if try closed(by: UInt8(ascii: "]")) { return elements }
    }
  }

  /// After a member or element: true at the closing bracket, false after a comma.
  private mutating func closed(by bracket: UInt8) throws(ProblemReport) -> Bool {
    skipBlanks()
    guard byte == bracket || byte == UInt8(ascii: ",") else {
      throw failure(zh: "此处应为逗号或右括号", en: "a comma or a closing bracket belongs here")
    }
    defer { at += 1 }
    return byte == bracket
  }

  private mutating func word<T>(_ word: String, _ value: T) throws(ProblemReport) -> T {
    guard bytes[at...].starts(with: word.utf8) else { throw failure(zh: "无法识别的词", en: "an unknown word") }
    at += word.utf8.count
    return value
  }

  private mutating func number() throws(ProblemReport) -> Double {
    let start = at
    while let byte, byte >= 0x30 && byte <= 0x39 || [0x2B, 0x2D, 0x2E, 0x45, 0x65].contains(byte) { at += 1 }
    let text = String(decoding: bytes[start..<at], as: UTF8.self)
    guard let number = Double(text), number.isFinite else {
      at = start
      throw failure(zh: "此处应为一个值", en: "a value belongs here")
    }
    return number
  }

  private mutating func string() throws(ProblemReport) -> String {
    at += 1
    var text: [UInt8] = []
    while let byte, byte != UInt8(ascii: "\"") {
      guard byte >= 0x20 else { throw failure(zh: "字符串中有控制字符", en: "a control character inside a string") }
      at += 1
      if byte == UInt8(ascii: "\\") { try escape(&text) } else { text.append(byte) }
    }
    guard byte != nil else { throw failure(zh: "引号没有闭合", en: "a quote is never closed") }
    at += 1
    guard let valid = String(validating: text, as: UTF8.self) else { throw failure(zh: "不是 UTF-8", en: "not UTF-8") }
    return valid
  }

  private mutating func escape(_ text: inout [UInt8]) throws(ProblemReport) {
    let plain: [UInt8: UInt8] = [
      0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, 0x62: 0x08, 0x66: 0x0C, 0x6E: 0x0A, 0x72: 0x0D, 0x74: 0x09,
    ]
    guard let byte else { throw failure(zh: "字符串在此中断", en: "the string ends here") }
    at += 1
    if let character = plain[byte] {
      text.append(character)
    } else if byte == UInt8(ascii: "u") {
      var unit = try hexadecimal()
      if (0xD800..<0xDC00).contains(unit) {
        guard bytes[at...].starts(with: "\\u".utf8) else { throw failure(zh: "代理对不完整", en: "half a surrogate pair") }
        at += 2
        let low = try hexadecimal()
        guard (0xDC00..<0xE000).contains(low) else { throw failure(zh: "代理对不完整", en: "half a surrogate pair") }
        unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
      }
      guard let scalar = Unicode.Scalar(unit) else { throw failure(zh: "代理对不完整", en: "half a surrogate pair") }
      text += Array(String(Character(scalar)).utf8)
    } else {
      throw failure(zh: "无法识别的转义", en: "an unknown escape")
    }
  }

  private mutating func hexadecimal() throws(ProblemReport) -> UInt32 {
    guard at + 4 <= bytes.count, let unit = UInt32(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16) else {
      throw failure(zh: "\\u 后应有四位十六进制数", en: "four hexadecimal digits belong after \\u")
    }
    at += 4
    return unit
  }
}
