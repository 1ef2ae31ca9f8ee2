/// Professional titles with a minimum residence in each: a semi-Markov chain whose state is
/// (title, years in it), years counted up to the minimum.
///
/// Nobody is promoted before the minimum; from then on a yearly share is, or fewer where a quota binds.
public struct TitleLadder: Hashable, Sendable {
  /// A professional title: how long it must be held and how often it leads on.
  public struct Title: Hashable, Sendable {
    public let name: String
    /// Full years to be spent in the title before promotion.
    public let minimumYears: Int
    /// Yearly share of the eligible who are promoted to the next title; ignored for the last.
    public let promotion: Double
    /// Yearly share that leaves the field, whatever the years in the title.
    public let wastage: Double

    public init(_ name: String, minimumYears: Int, promotion: Double, wastage: Double) throws(SupplyError) {
      guard minimumYears >= 0 else {
        throw .notACount(input: "minimum years", at: name, value: Double(minimumYears))
      }
      try requireShare(promotion, "promotion", at: name)
      try requireShare(wastage, "wastage", at: name)
      self.name = name
      self.minimumYears = minimumYears
      self.promotion = promotion
      self.wastage = wastage
    }
  }

  /// Junior first.
  public let titles: [Title]

  public init(_ titles: [Title]) { self.titles = titles }

  /// Persons by title and by completed years in it: 0, 1, …, minimum (and more).
  public typealias Holders = [[Double]]

  /// Persons by title in one year.
  public struct Year: Hashable, Sendable {
    public let holders: Holders
    /// Promoted out of each title.
    public let promoted: [Double]
    public let leavers: [Double]
    /// Persons by title.
    public var stock: [Double] { holders.map { $0.reduce(0, +) } }
  }

  /// One year: leavers first, then promotions of those who have served their minimum, then a year of
  /// service for everybody who stayed, then new holders of each title.
  ///
  /// - Parameters:
  ///   - entrants: persons who gain each title from outside the ladder.
  ///   - quotas: most promotions out of each title; nil = no limit.
  /// - Throws: `.lengthMismatch`, `.notACount`; `.notConserved` when the books do not close.
  public func step(
    _ holders: Holders, entrants: [Double], quotas: [Double?]? = nil
  ) throws(SupplyError) -> Year {
    guard holders.count == titles.count, entrants.count == titles.count else {
      throw .lengthMismatch(
        input: "titles", expected: titles.count, found: min(holders.count, entrants.count))
    }
    var next = titles.map { [Double](repeating: 0, count: $0.minimumYears + 1) }
    var (promoted, leavers) = (
      [Double](repeating: 0, count: titles.count), [Double](repeating: 0, count: titles.count)
    )
    for (g, title) in titles.enumerated() {
      guard holders[g].count == title.minimumYears + 1 else {
        throw .lengthMismatch(
          input: "holders of \(title.name)", expected: title.minimumYears + 1, found: holders[g].count)
      }
      for (years, persons) in holders[g].enumerated() {
        try requireCount(persons, title.name, at: "year \(years)")
      }
      try requireCount(entrants[g], "new holders", at: title.name)
      var staying = holders[g].map { $0 * (1 - title.wastage) }
      leavers[g] = holders[g].reduce(0, +) * title.wastage
      if g + 1 < titles.count {
        let eligible = staying[title.minimumYears]
        let quota = quotas.flatMap { g < $0.count ? $0[g] : nil } ?? .infinity
        promoted[g] = min(eligible * title.promotion, max(0, quota))
        staying[title.minimumYears] -= promoted[g]
        next[g + 1][0] += promoted[g]
      }
      for (years, persons) in staying.enumerated() { next[g][min(years + 1, title.minimumYears)] += persons }
      next[g][0] += entrants[g]
    }
    let total = { (all: Holders) in all.reduce(0) { $0 + $1.reduce(0, +) } }
    try requireConserved(
      start: total(holders), change: entrants.reduce(0, +) - leavers.reduce(0, +), end: total(next),
      at: "titles",
      step: "year")
    return Year(holders: next, promoted: promoted, leavers: leavers)
  }

  /// Holders of whom only the number is known, spread over the years in the title as a steady stream of
  /// newcomers would be: equal yearly intakes thinned by wastage, the rest past the minimum.
  ///
  /// - Parameter shareEligible: those who have served the minimum, when that is known.
  public func spread(_ stock: [Double], shareEligible: Double? = nil) throws(SupplyError) -> Holders {
    guard stock.count == titles.count else {
      throw .lengthMismatch(input: "titles", expected: titles.count, found: stock.count)
    }
    if let shareEligible { try requireShare(shareEligible, "share eligible", at: "titles") }
    var all: Holders = []
    for (title, persons) in zip(titles, stock) {
      try requireCount(persons, "holders", at: title.name)
      let years = title.minimumYears
      if years == 0 {
        all.append([persons])
        continue
      }
      var weights: [Double] = []
      for _ in 0..<years { weights.append(weights.last.map { $0 * (1 - title.wastage) } ?? 1) }
      let leaving = title.wastage + (1 - title.wastage) * title.promotion
      let waiting = weights.reduce(0, +)
      // In a steady state those past the minimum are last year's arrivals divided by their way out.
      let past = leaving > 0 ? (weights[years - 1] * (1 - title.wastage)) / leaving : waiting
      let eligible = shareEligible ?? past / (past + waiting)
      all.append(weights.map { $0 / waiting * persons * (1 - eligible) } + [persons * eligible])
    }
    return all
  }
}
