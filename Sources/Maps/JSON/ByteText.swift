/// Text under construction, as UTF-8 bytes. Coordinates go in without a detour through `String`.
package struct ByteText: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  package mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }
  package mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { bytes.append(contentsOf: $0) }
  }
  package mutating func append(byte: UInt8) { bytes.append(byte) }

  /// A decimal with at most `decimals` (0...9) digits after the point, half away from zero, no
  /// trailing zeros, never `-0`. Beyond ±9·10⁹ or non-finite: shortest round-trip form, or `null`.
  package mutating func append(_ number: Double, decimals: Int) {
    let scale = powers[decimals]
    let scaled = (number * Double(scale)).rounded()
    guard abs(scaled) < 9e18 else {
      append(number.isFinite ? "\(number)" : "null")
      return
    }
    var (whole, fraction) = UInt64(abs(scaled)).quotientAndRemainder(dividingBy: UInt64(scale))
    if scaled < 0 { bytes.append(UInt8(ascii: "-")) }
    append(integer: whole)
    guard fraction > 0 else { return }
    bytes.append(UInt8(ascii: "."))
    var digits = decimals
    while fraction % 10 == 0 {
      fraction /= 10
      digits -= 1
    }
    whole = UInt64(powers[digits - 1])
    for _ in 0..<digits {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: fraction / whole % 10))
      whole /= 10
      if whole == 0 { break }
    }
  }

  private mutating func append(integer: UInt64) {
    guard integer >= 10 else {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: integer))
      return
    }
    var place: UInt64 = 10
    while integer / place >= 10 { place *= 10 }
    while place > 0 {
      bytes.append(0x30 + UInt8(truncatingIfNeeded: integer / place % 10))
      place /= 10
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

private let powers: [Int64] = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000]
