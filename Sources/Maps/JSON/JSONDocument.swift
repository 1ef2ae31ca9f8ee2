import Messages

/// A JSON text (RFC 8259) read once into a flat list of nodes that remember where they stood.
///
/// Arrays made of numbers only (positions, boxes) are one node each, their values in `numbers`:
/// a file of 1.5 million positions costs 36 bytes a position and no object of its own for any.
package final class JSONDocument: Sendable {
  enum Kind: UInt8 { case null, yes, no, number, string, array, numbers, object }

  struct Node: Sendable {
    var kind: Kind
    /// A string holds escapes.
    var escaped = false
    /// First byte of the value.
    var start: UInt32
    /// One past its last byte.
    var end: UInt32
    /// Index of the node after this one and all that it holds.
    var next: UInt32
    /// Elements of an array, members of an object, values of a number list.
    var count: UInt32 = 0
    /// First value in `numbers`.
    var first: UInt32 = 0
  }

  let bytes: [UInt8]
  let nodes: [Node]
  let numbers: [Double]
  /// The file begins with a byte order mark, which RFC 8259 §8.1 forbids to writers.
  package let hasByteOrderMark: Bool

  /// - Parameters:
  ///   - bytes: the whole text, UTF-8.
  ///   - depthLimit: deepest nesting accepted; deeper text is refused, never a stack overflow.
  /// - Throws: the first place where the text stops being JSON.
  package init(_ bytes: [UInt8], depthLimit: Int = 200) throws(JSONSyntaxError) {
    guard bytes.count < Int(UInt32.max) else { throw JSONSyntaxError(offset: 0, fault: .tooLong) }
    var reader = JSONReader(bytes, depthLimit: depthLimit)
    try reader.readAll()
    self.bytes = bytes
    nodes = reader.nodes
    numbers = reader.numbers
    hasByteOrderMark = reader.hasByteOrderMark
  }

  package var root: JSONElement { JSONElement(document: self, index: 0) }

  /// Line and column (1-based, in characters) of a byte.
  package func place(of offset: Int) -> (line: Int, column: Int) { TextPlace.of(offset, in: bytes) }
}

enum TextPlace {
  static func of(_ offset: Int, in bytes: [UInt8]) -> (line: Int, column: Int) {
    var (line, lineStart) = (1, 0)
    for i in 0..<min(offset, bytes.count) where bytes[i] == UInt8(ascii: "\n") {
      line += 1
      lineStart = i + 1
    }
    var column = 1
    for i in lineStart..<max(lineStart, min(offset, bytes.count)) where bytes[i] & 0xC0 != 0x80 {
      column += 1
    }
    return (line, column)
  }
}

/// One value of a document and all it holds.
package struct JSONElement: Sendable {
  package let document: JSONDocument
  let index: Int

  var node: JSONDocument.Node { document.nodes[index] }
  package var offset: Int { Int(node.start) }
  package var count: Int { Int(node.count) }

  package var isObject: Bool { node.kind == .object }
  package var isArray: Bool { node.kind == .array || node.kind == .numbers }
  package var isNull: Bool { node.kind == .null }
  package var isNumber: Bool { node.kind == .number }
  package var isString: Bool { node.kind == .string }

  package var number: Double? {
    node.kind == .number ? document.numbers[Int(node.first)] : nil
  }

  package var bool: Bool? {
    switch node.kind {
    case .yes: true
    case .no: false
    default: nil
    }
  }

  package var string: String? { node.kind == .string ? document.text(of: node) : nil }

  /// The values of an array that holds numbers only (at least one); nil for every other value.
  package var numbers: ArraySlice<Double>? {
    guard node.kind == .numbers else { return nil }
    return document.numbers[Int(node.first)..<Int(node.first + node.count)]
  }

  /// Elements of an array of any kind but the all-number one, whose elements have no node.
  package var elements: [JSONElement] {
    guard node.kind == .array else { return [] }
    var (list, at) = ([JSONElement](), index + 1)
    list.reserveCapacity(count)
    for _ in 0..<count {
      list.append(JSONElement(document: document, index: at))
      at = Int(document.nodes[at].next)
    }
    return list
  }

  /// Members in file order; a repeated name appears each time.
  package var members: [(name: String, nameOffset: Int, value: JSONElement)] {
    guard node.kind == .object else { return [] }
    var (list, at) = ([(name: String, nameOffset: Int, value: JSONElement)](), index + 1)
    list.reserveCapacity(count)
    for _ in 0..<count {
      let key = document.nodes[at]
      let value = JSONElement(document: document, index: at + 1)
      list.append((document.text(of: key), Int(key.start), value))
      at = Int(value.node.next)
    }
    return list
  }

  /// The last member of that name, as most readers take it.
  package subscript(name: String) -> JSONElement? { members.last { $0.name == name }?.value }

  /// What a person would call it.
  package var kindName: Bilingual {
    switch node.kind {
    case .null: Bilingual(zh: "null", en: "null")
    case .yes, .no: Bilingual(zh: "真假值", en: "a boolean")
    case .number: Bilingual(zh: "数值", en: "a number")
    case .string: Bilingual(zh: "文本", en: "a string")
    case .array, .numbers: Bilingual(zh: "数组", en: "an array")
    case .object: Bilingual(zh: "对象", en: "an object")
    }
  }

  /// The value with all it holds, free of the document.
  package var value: JSONValue {
    switch node.kind {
    case .null: .null
    case .yes: .bool(true)
    case .no: .bool(false)
    case .number: .number(document.numbers[Int(node.first)])
    case .string: .string(document.text(of: node))
    case .array: .array(elements.map(\.value))
    case .numbers: .array((numbers ?? []).map { .number($0) })
    case .object: .object(members.map { JSONValue.Member($0.name, $0.value.value) })
    }
  }
}

extension JSONDocument {
  /// A string node without its quotes, escapes resolved; half a surrogate pair becomes U+FFFD.
  func text(of node: Node) -> String {
    let inside = bytes[Int(node.start) + 1..<Int(node.end) - 1]
    guard node.escaped else { return String(decoding: inside, as: UTF8.self) }
    var (units, at) = ([UInt16](), inside.startIndex)
    var plain = at
    func flush(to end: Int) { units += Array(String(decoding: inside[plain..<end], as: UTF8.self).utf16) }
    while at < inside.endIndex {
      guard inside[at] == UInt8(ascii: "\\") else {
        at += 1
        continue
      }
      flush(to: at)
      switch inside[at + 1] {
      case UInt8(ascii: "u"):
        units.append(inside[at + 2..<at + 6].reduce(0) { $0 << 4 | UInt16(hexDigit($1) ?? 0) })
        at += 6
      case let letter:
        units.append(UInt16(escapes[letter] ?? letter))
        at += 2
      }
      plain = at
    }
    flush(to: at)
    return String(decoding: units, as: UTF16.self)
  }
}

private let escapes: [UInt8: UInt8] = [
  UInt8(ascii: "b"): 8, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13,
  UInt8(ascii: "t"): 9,
]

func hexDigit(_ byte: UInt8) -> UInt8? {
  switch byte {
  case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
  case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
  case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
  default: nil
  }
}
