/// Text under construction, as UTF-8 bytes. Coordinates go in without a detour through `String`.
package struct ByteText: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  package mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }
  package mutating func append(byte: UInt8) { bytes.append(byte) }
  /// Texts that were made apart, in order.
  package mutating func append(_ parts: [[UInt8]]) {
    bytes.reserveCapacity(bytes.count + parts.reduce(64) { $0 + $1.count })
    for part in parts { bytes.append(contentsOf: part) }
  }

  /// A decimal with at most `decimals` (0...9) digits after the point, half away from zero, no
  /// trailing zeros, never `-0`. Beyond ±9·10⁹ or non-finite: shortest round-trip form, or `null`.
  package mutating func append(_ number: Double, decimals: Int) {
    bytes += [UInt8](unsafeUninitializedCapacity: FixedPoint.room) { buffer, count in
      guard let start = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
      count = FixedPoint(decimals: decimals).write(number, at: start)
    }
  }

  /// `[[x,y],[x,y]]`, as `append(_:decimals:)` writes each number.
  package mutating func append(_ points: some RandomAccessCollection<Point>, decimals: Int) {
    let form = FixedPoint(decimals: decimals)
    bytes += [UInt8](unsafeUninitializedCapacity: points.count * (2 * FixedPoint.room + 4) + 2) { buffer, count in
      guard let start = UnsafeMutableRawPointer(buffer.baseAddress) else { return }
      var end = start
      for point in points {
        end.storeBytes(of: end == start ? UInt8(ascii: "[") : UInt8(ascii: ","), as: UInt8.self)
        end.storeBytes(of: UInt8(ascii: "["), toByteOffset: 1, as: UInt8.self)
        end += 2
        end += form.write(point.x, at: end)
        end.storeBytes(of: UInt8(ascii: ","), as: UInt8.self)
        end += 1
        end += form.write(point.y, at: end)
        end.storeBytes(of: UInt8(ascii: "]"), as: UInt8.self)
        end += 1
      }
      if points.isEmpty { end.storeBytes(of: UInt8(ascii: "["), as: UInt8.self); end += 1 }
      end.storeBytes(of: UInt8(ascii: "]"), as: UInt8.self)
      count = end + 1 - start
    }
  }

  /// A JSON string with its quotes.
  package mutating func append(quoted text: String) {
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""): append("\\\"" as StaticString)
      case UInt8(ascii: "\\"): append("\\\\" as StaticString)
      case UInt8(ascii: "\n"): append("\\n" as StaticString)
      case UInt8(ascii: "\r"): append("\\r" as StaticString)
      case UInt8(ascii: "\t"): append("\\t" as StaticString)
      case 0..<0x20:
        append("\\u00" as StaticString)
        for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }

  package mutating func append(_ value: JSONValue) {
    switch value {
    case .null: append("null" as StaticString)
    case .bool(let flag): append(flag ? "true" : "false")
    case .number(let number): append(json: number)
    case .string(let text): append(quoted: text)
    case .array(let elements):
      bytes.append(UInt8(ascii: "["))
      for (i, element) in elements.enumerated() {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        append(element)
      }
      bytes.append(UInt8(ascii: "]"))
    case .object(let members):
      bytes.append(UInt8(ascii: "{"))
      for (i, member) in members.enumerated() {
        if i > 0 { bytes.append(UInt8(ascii: ",")) }
        append(quoted: member.name)
        bytes.append(UInt8(ascii: ":"))
        append(member.value)
      }
      bytes.append(UInt8(ascii: "}"))
    }
  }

  /// Shortest text that reads back as the same double; whole numbers without a point.
  private mutating func append(json number: Double) {
    if number.isFinite, number == number.rounded(), abs(number) < 1e15 {
      append("\(Int64(number))")
    } else {
      append(number.isFinite ? "\(number)" : "null")
    }
  }
}
