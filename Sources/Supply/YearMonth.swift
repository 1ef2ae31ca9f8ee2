/// A calendar month, e.g. a birth month `1965-01`.
public struct YearMonth: Hashable, Sendable, Comparable, CustomStringConvertible {
  /// Months since January of year 0.
  public let index: Int

  public init(year: Int, month: Int) {
    precondition((1...12).contains(month), "months are numbered 1...12")
    index = year * 12 + month - 1
  }

  private init(index: Int) { self.index = index }

  /// From `YYYY-MM`; nil for any other text.
  public init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0].count == 4, parts[1].count == 2, let year = Int(parts[0]),
      let month = Int(parts[1]), year > 0, (1...12).contains(month)
    else { return nil }
    self.init(year: year, month: month)
  }

  public var year: Int { index / 12 }
  public var month: Int { index % 12 + 1 }

  /// So many months later; earlier for a negative number.
  public func adding(months: Int) -> YearMonth { YearMonth(index: index + months) }

  public static func < (a: YearMonth, b: YearMonth) -> Bool { a.index < b.index }

  public var description: String {
    let (y, m) = (String(year), String(month))
    return String(repeating: "0", count: max(0, 4 - y.count)) + y + "-" + (m.count == 1 ? "0" : "") + m
  }
}
