import Messages

/// Projection from two age structures and nothing else, for regions without any rates.
///
///     ratio_a = N_{a+n, t} ÷ N_{a, t−n};   N_{a+n, t+n} = ratio_a · N_{a, t}
///
/// The youngest group grows as it did between the two counts. Source: Hamilton & Perry (1962), *Social
/// Forces* 41; Swanson, Schlottmann & Schmidt (2010), *Population Research and Policy Review* 29.
public struct HamiltonPerry: Hashable, Sendable {
  /// Cohort change ratios of all groups but the oldest closed one; the last is the open group's.
  public let ratios: [Double]
  /// Growth of the youngest group.
  public let entryRatio: Double

  /// - Parameters: persons by age group, youngest first, last open; `later` is one group width after
  ///   `earlier`.
  /// - Throws: `.lengthMismatch`; `.tooFewObservations` below two groups; `.notACount`, also for an empty
  ///   group that a ratio would be divided by.
  public init(earlier: [Double], later: [Double]) throws(SupplyError) {
    guard earlier.count >= 2 else {
      throw .tooFewObservations(what: "cohort change ratios", needed: 2, found: earlier.count)
    }
    guard later.count == earlier.count else {
      throw .lengthMismatch(input: "later count", expected: earlier.count, found: later.count)
    }
    for (a, persons) in earlier.enumerated() {
      try requireCount(persons, "earlier count", at: "group \(a + 1)")
    }
    for (a, persons) in later.enumerated() { try requireCount(persons, "later count", at: "group \(a + 1)") }
    let last = earlier.count - 1
    var bases = Array(earlier[..<(last - 1)])
    bases.append(earlier[last - 1] + earlier[last])
    for (a, base) in bases.enumerated() where base == 0 {
      throw .notACount(input: "earlier count (a divisor)", at: "group \(a + 1)", value: 0)
    }
    guard earlier[0] > 0 else {
      throw .notACount(input: "earlier count (a divisor)", at: "group 1", value: 0)
    }
    ratios = bases.indices.map { later[$0 + 1] / bases[$0] }
    entryRatio = later[0] / earlier[0]
  }

  private init(ratios: [Double], entryRatio: Double) {
    (self.ratios, self.entryRatio) = (ratios, entryRatio)
  }

  /// The same with every ratio held within limits, e.g. the 10–90 % range of its peer group.
  public func capped(to limits: [ClosedRange<Double>], entry: ClosedRange<Double>? = nil) throws(SupplyError)
    -> HamiltonPerry
  {
    guard limits.count == ratios.count else {
      throw .lengthMismatch(input: "limits", expected: ratios.count, found: limits.count)
    }
    return HamiltonPerry(
      ratios: zip(ratios, limits).map { min(max($0, $1.lowerBound), $1.upperBound) },
      entryRatio: entry.map { min(max(entryRatio, $0.lowerBound), $0.upperBound) } ?? entryRatio)
  }

  /// The next count, one group width on; scaled to `total` when an independent projection of it is known
  /// (which is more accurate than the sum of the parts).
  public func projected(_ now: [Double], total: Double? = nil) throws(SupplyError) -> [Double] {
    guard now.count == ratios.count + 1 else {
      throw .lengthMismatch(input: "count", expected: ratios.count + 1, found: now.count)
    }
    let last = now.count - 1
    var next = [now[0] * entryRatio]
    for a in 0..<last - 1 { next.append(now[a] * ratios[a]) }
    next.append((now[last - 1] + now[last]) * ratios[last - 1])
    guard let total else { return next }
    let sum = next.reduce(0, +)
    guard sum > 0 else {
      throw .notSolvable(
        what: Bilingual(zh: "总量控制", en: "control to a total"),
        reason: Bilingual(zh: "没有可缩放的人", en: "nobody is left to scale."))
    }
    return next.map { $0 * total / sum }
  }
}
