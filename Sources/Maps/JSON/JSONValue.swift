/// A JSON value of our own making. Objects keep the order in which they were written.
package indirect enum JSONValue: Hashable, Sendable {
  package struct Member: Hashable, Sendable {
    package let name: String
    package let value: JSONValue
    package init(_ name: String, _ value: JSONValue) {
      self.name = name
      self.value = value
    }
  }

  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([JSONValue])
  case object([Member])

  package subscript(name: String) -> JSONValue? {
    guard case .object(let members) = self else { return nil }
    return members.last { $0.name == name }?.value
  }

  package var string: String? { if case .string(let text) = self { text } else { nil } }
  package var number: Double? { if case .number(let number) = self { number } else { nil } }

  /// A number, or null for a missing or non-finite one: JSON has no NaN.
  package static func optional(_ number: Double?) -> JSONValue {
    number.map { $0.isFinite ? .number($0) : .null } ?? .null
  }

  package static func optional(_ text: String?) -> JSONValue { text.map { .string($0) } ?? .null }

  package static func members(_ members: KeyValuePairs<String, JSONValue>) -> JSONValue {
    .object(members.map { Member($0.key, $0.value) })
  }

  /// One line, no spaces, numbers in shortest round-trip form.
  package var text: String {
    var out = ByteText()
    out.append(self)
    return String(decoding: out.bytes, as: UTF8.self)
  }
}
