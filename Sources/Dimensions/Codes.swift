/// A region: GB/T 2260 six digits, or the code of an aggregate such as `CN` or `GBA`.
public struct RegionCode: Hashable, Codable, Sendable, Comparable, ExpressibleByStringLiteral,
  CustomStringConvertible
{
  public let text: String
  public init(_ text: String) { self.text = text }
  public init(stringLiteral text: String) { self.text = text }
  public init(from decoder: any Decoder) throws { text = try decoder.singleValueContainer().decode(String.self) }
  /// Writes the code as plain text.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(text)
  }
  public static func < (a: RegionCode, b: RegionCode) -> Bool { a.text < b.text }
  public var description: String { text }
}
