import Messages

/// Where a text stops being JSON, and why.
package struct JSONSyntaxError: Error, Equatable, Sendable {
  package enum Fault: Equatable, Sendable {
    case empty, tooLong, tooDeep(limit: Int), notUTF8, utf16
    case unexpected(UInt8), unexpectedEnd, expected(String), trailing
    case badNumber, numberTooLarge, badEscape, controlCharacter, keyNotString
  }

  package let offset: Int
  package let fault: Fault

  package var message: Bilingual {
    switch fault {
    case .empty: Bilingual(zh: "文件是空的。", en: "The file is empty.")
    case .tooLong: Bilingual(zh: "文件超过 4 GB。", en: "The file is larger than 4 GB.")
    case .tooDeep(let limit):
      Bilingual(zh: "嵌套超过 \(limit) 层。", en: "Nested more than \(limit) levels deep.")
    case .notUTF8: Bilingual(zh: "这里不是有效的 UTF-8。", en: "This is not valid UTF-8.")
    case .utf16: Bilingual(zh: "文件是 UTF-16 编码。", en: "The file is encoded in UTF-16.")
    case .unexpected(let byte):
      Bilingual(
        zh: "JSON 中这里不应出现 \(shown(byte))。", en: "\(shown(byte)) cannot stand here in JSON.")
    case .unexpectedEnd: Bilingual(zh: "文件在值写完之前就结束了。", en: "The file ends before the value does.")
    case .expected(let what): Bilingual(zh: "这里应为 \(what)。", en: "Expected \(what) here.")
    case .trailing: Bilingual(zh: "JSON 值结束后还有内容。", en: "There is text after the end of the JSON value.")
    case .badNumber: Bilingual(zh: "数值的写法不符合 JSON。", en: "This is not a JSON number.")
    case .numberTooLarge: Bilingual(zh: "数值超出双精度范围。", en: "The number exceeds double precision.")
    case .badEscape: Bilingual(zh: "字符串中的转义无效。", en: "The string holds an invalid escape.")
    case .controlCharacter:
      Bilingual(zh: "字符串中有未转义的控制字符。", en: "The string holds an unescaped control character.")
    case .keyNotString: Bilingual(zh: "成员名必须是带双引号的字符串。", en: "A member name must be a quoted string.")
    }
  }

  package var hint: Bilingual? {
    switch fault {
    case .notUTF8, .utf16: Bilingual(zh: "请另存为 UTF-8（不带 BOM）。", en: "Save the file as UTF-8 without a BOM.")
    case .badNumber:
      Bilingual(zh: "不能写 +1、01、.5、NaN 或十六进制。", en: "+1, 01, .5, NaN and hexadecimal are not allowed.")
    case .unexpectedEnd:
      Bilingual(zh: "文件可能没有传完，或缺少 ] 或 }。", en: "The file may be cut off, or a ] or } is missing.")
    default: nil
    }
  }

  private func shown(_ byte: UInt8) -> String {
    (0x21...0x7E).contains(byte) ? "‘\(Character(Unicode.Scalar(byte)))’" : "0x" + String(byte, radix: 16)
  }

  package func problem(file: String?, bytes: [UInt8]) -> Problem {
    let place = TextPlace.of(offset, in: bytes)
    return Problem(
      "json.syntax", file: file, line: place.line, column: place.column, message: message, hint: hint)
  }
}

private let exactPowers: [Double] = [
  1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
  1e19, 1e20, 1e21, 1e22,
]

/// Recursive descent over bytes. The only mutable state is the place and the lists being filled.
struct JSONReader {
  let bytes: [UInt8]
  let depthLimit: Int
  private(set) var at = 0
  private(set) var nodes: [JSONDocument.Node] = []
  private(set) var numbers: [Double] = []
  private(set) var hasByteOrderMark = false

  init(_ bytes: [UInt8], depthLimit: Int) {
    self.bytes = bytes
    self.depthLimit = depthLimit
    nodes.reserveCapacity(bytes.count / 20 + 16)
    numbers.reserveCapacity(bytes.count / 10 + 16)
  }

  mutating func readAll() throws(JSONSyntaxError) {
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
      hasByteOrderMark = true
      at = 3
    }
    if bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE]) { throw fault(.utf16) }
    skipSpace()
    guard at < bytes.count else { throw fault(.empty) }
    try value(depth: 0)
    skipSpace()
    guard at == bytes.count else { throw fault(.trailing) }
  }

  private func fault(_ fault: JSONSyntaxError.Fault) -> JSONSyntaxError {
    JSONSyntaxError(offset: at, fault: fault)
  }

  private mutating func skipSpace() {
    while at < bytes.count {
      let byte = bytes[at]
      guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { return }
      at += 1
    }
  }

  private mutating func value(depth: Int) throws(JSONSyntaxError) {
    guard at < bytes.count else { throw fault(.unexpectedEnd) }
    switch bytes[at] {
    case UInt8(ascii: "{"): try object(depth: depth)
    case UInt8(ascii: "["): try array(depth: depth)
    case UInt8(ascii: "\""): try string()
    case UInt8(ascii: "t"): try word("true", .yes)
    case UInt8(ascii: "f"): try word("false", .no)
    case UInt8(ascii: "n"): try word("null", .null)
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"):
      let start = at
      let number = try number()
      add(.number, start, count: 1, first: numbers.count)
      numbers.append(number)
    case let byte: throw fault(.unexpected(byte))
    }
  }

  private mutating func add(
    _ kind: JSONDocument.Kind, _ start: Int, escaped: Bool = false, count: Int = 0, first: Int = 0
  ) {
    nodes.append(
      JSONDocument.Node(
        kind: kind, escaped: escaped, start: UInt32(start), end: UInt32(at), next: UInt32(nodes.count + 1),
        count: UInt32(count), first: UInt32(first)))
  }

  private mutating func word(_ text: StaticString, _ kind: JSONDocument.Kind) throws(JSONSyntaxError) {
    let (start, word) = (at, Array(text.description.utf8))
    for byte in word {
      guard at < bytes.count else { throw fault(.unexpectedEnd) }
      guard bytes[at] == byte else { throw fault(.expected(text.description)) }
      at += 1
    }
    add(kind, start)
  }

  private mutating func close(_ index: Int, count: Int) {
    nodes[index].end = UInt32(at)
    nodes[index].next = UInt32(nodes.count)
    nodes[index].count = UInt32(count)
  }

  private mutating func object(depth: Int) throws(JSONSyntaxError) {
    guard depth < depthLimit else { throw fault(.tooDeep(limit: depthLimit)) }
    let index = nodes.count
    add(.object, at)
    at += 1
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: "}") {
      at += 1
      return close(index, count: 0)
    }
    var count = 0
    while true {
      guard at < bytes.count else { throw fault(.unexpectedEnd) }
      guard bytes[at] == UInt8(ascii: "\"") else { throw fault(.keyNotString) }
      try string()
      skipSpace()
      guard at < bytes.count else { throw fault(.unexpectedEnd) }
      guard bytes[at] == UInt8(ascii: ":") else { throw fault(.expected(":")) }
      at += 1
      skipSpace()
      try value(depth: depth + 1)
      count += 1
      if try ended(UInt8(ascii: "}"), "} ,") { return close(index, count: count) }
    }
  }

  private mutating func array(depth: Int) throws(JSONSyntaxError) {
    guard depth < depthLimit else { throw fault(.tooDeep(limit: depthLimit)) }
    if try numberList() { return }
    let index = nodes.count
    add(.array, at)
    at += 1
    skipSpace()
    if at < bytes.count, bytes[at] == UInt8(ascii: "]") {
      at += 1
      return close(index, count: 0)
    }
    var count = 0
    while true {
      try value(depth: depth + 1)
      count += 1
      if try ended(UInt8(ascii: "]"), "] ,") { return close(index, count: count) }
    }
  }

  /// After an element: true at the closing mark, false after a comma.
  private mutating func ended(_ mark: UInt8, _ wanted: String) throws(JSONSyntaxError) -> Bool {
    skipSpace()
    guard at < bytes.count else { throw fault(.unexpectedEnd) }
    if bytes[at] == mark {
      at += 1
      return true
    }
    guard bytes[at] == UInt8(ascii: ",") else { throw fault(.expected(wanted)) }
    at += 1
    skipSpace()
    return false
  }

  /// Reads `[1, 2.5, …]` as one node; false, with nothing read, when anything but numbers is inside.
  private mutating func numberList() throws(JSONSyntaxError) -> Bool {
    let (start, first) = (at, numbers.count)
    at += 1
    while true {
      skipSpace()
      guard at < bytes.count, isNumberStart(bytes[at]) else { break }
      numbers.append(try number())
      skipSpace()
      guard at < bytes.count else { break }
      let byte = bytes[at]
      at += 1
      if byte == UInt8(ascii: "]") {
        add(.numbers, start, count: numbers.count - first, first: first)
        return true
      }
      guard byte == UInt8(ascii: ",") else { break }
    }
    numbers.removeLast(numbers.count - first)
    at = start
    return false
  }

  private func isNumberStart(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "-") || isDigit(byte) }
  private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

  /// Up to 15 digits and a power of ten within 10²² are exact in one division; the rest goes the
  /// correctly rounded long way.
  private mutating func number() throws(JSONSyntaxError) -> Double {
    let start = at
    let negative = bytes[at] == UInt8(ascii: "-")
    if negative { at += 1 }
    var (mantissa, digits, scale): (UInt64, Int, Int) = (0, 0, 0)
    let integerStart = at
    while at < bytes.count, isDigit(bytes[at]) {
      mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 0x30)
      at += 1
    }
    digits = at - integerStart
    guard digits > 0, digits == 1 || bytes[integerStart] != UInt8(ascii: "0") else { throw fault(.badNumber) }
    if at < bytes.count, bytes[at] == UInt8(ascii: ".") {
      at += 1
      let fractionStart = at
      while at < bytes.count, isDigit(bytes[at]) {
        mantissa = mantissa &* 10 &+ UInt64(bytes[at] &- 0x30)
        at += 1
      }
      scale = at - fractionStart
      digits += scale
      guard scale > 0 else { throw fault(.badNumber) }
    }
    let plain = try !exponent()
    if plain, digits <= 15, scale <= 22 {
      let size = Double(mantissa) / exactPowers[scale]
      return negative ? -size : size
    }
    guard let number = Double(String(decoding: bytes[start..<at], as: UTF8.self)) else { throw fault(.badNumber) }
    guard number.isFinite else { throw JSONSyntaxError(offset: start, fault: .numberTooLarge) }
    return number
  }

  /// Steps over `e±digits`; false when there is none.
  private mutating func exponent() throws(JSONSyntaxError) -> Bool {
    guard at < bytes.count, bytes[at] | 0x20 == UInt8(ascii: "e") else { return false }
    at += 1
    if at < bytes.count, bytes[at] == UInt8(ascii: "+") || bytes[at] == UInt8(ascii: "-") { at += 1 }
    let first = at
    while at < bytes.count, isDigit(bytes[at]) { at += 1 }
    guard at > first else { throw fault(.badNumber) }
    return true
  }

  private mutating func string() throws(JSONSyntaxError) {
    let start = at
    var escaped = false
    at += 1
    while at < bytes.count {
      let byte = bytes[at]
      if byte == UInt8(ascii: "\"") {
        at += 1
        return add(.string, start, escaped: escaped)
      } else if byte == UInt8(ascii: "\\") {
        escaped = true
        try escape()
      } else if byte < 0x20 {
        throw fault(.controlCharacter)
      } else if byte < 0x80 {
        at += 1
      } else {
        try manyByteCharacter(byte)
      }
    }
    throw fault(.unexpectedEnd)
  }

  private mutating func escape() throws(JSONSyntaxError) {
    guard at + 1 < bytes.count else { throw fault(.unexpectedEnd) }
    switch bytes[at + 1] {
    case UInt8(ascii: "u"):
      guard at + 5 < bytes.count, bytes[at + 2..<at + 6].allSatisfy({ hexDigit($0) != nil }) else {
        throw fault(.badEscape)
      }
      at += 6
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
      UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      at += 2
    default: throw fault(.badEscape)
    }
  }

  /// Steps over one UTF-8 character; overlong forms, surrogates and anything past U+10FFFF are refused.
  private mutating func manyByteCharacter(_ lead: UInt8) throws(JSONSyntaxError) {
    let (length, second): (Int, ClosedRange<UInt8>) =
      switch lead {
      case 0xC2...0xDF: (2, 0x80...0xBF)
      case 0xE0: (3, 0xA0...0xBF)
      case 0xED: (3, 0x80...0x9F)
      case 0xE1...0xEF: (3, 0x80...0xBF)
      case 0xF0: (4, 0x90...0xBF)
      case 0xF1...0xF3: (4, 0x80...0xBF)
      case 0xF4: (4, 0x80...0x8F)
      default: (0, 0...0)
      }
    guard length > 0, at + length <= bytes.count, second.contains(bytes[at + 1]),
      bytes[at + 1..<at + length].allSatisfy({ $0 & 0xC0 == 0x80 })
    else { throw fault(.notUTF8) }
    at += length
  }
}
