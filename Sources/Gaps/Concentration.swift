/// How much a place is specialised: its share of an industry (or team) over its share of everything.
///
/// Above 1 the place has more of it than the whole has; at 1 just as much. Source: METHODS M23.
public struct LocationQuotient: Hashable, Sendable {
  /// (part ÷ place) ÷ (whole part ÷ whole); nil when the place or the whole has none at all.
  public let ratio: Double?

  /// - Parameters: persons: the part in the place, everybody in the place, the part in the whole, everybody in the whole.
  public init(part: Double, place: Double, wholePart: Double, whole: Double) {
    ratio = place > 0 && wholePart > 0 && whole > 0 ? (part / place) / (wholePart / whole) : nil
  }
}

/// Persons per 10,000 of a base population, such as full-time equivalents of R&D personnel.
public struct Density: Hashable, Sendable {
  /// nil when the base is empty.
  public let perTenThousand: Double?

  public init(persons: Double, base: Double) {
    perTenThousand = base > 0 ? persons / base * 10_000 : nil
  }
}
