/// How people use the flexible window around their statutory retirement date: the policy levers.
///
/// The early share spreads over the months from the earliest age to the statutory one, the late share
/// over the months after it up to the latest age, the rest retire in the statutory month. Where a
/// window is empty (e.g. cohorts untouched by the reform) its share retires on time.
public struct RetirementTakeUp: Hashable, Sendable {
  /// How early and late retirements spread over the months that are open to them.
  public enum Spread: Hashable, Sendable {
    /// Evenly over the months of the window.
    case even
    /// All at the window's far end.
    case limit
  }

  public let early: Double
  public let late: Double
  public let spread: Spread
  /// Yearly probability for those still at work after their latest age: by default that of an even window of three
  /// years, as if they had agreed on one more.
  public let afterLatest: Double

  /// - Throws: `.shareOutOfRange`; `.sharesExceedOne` when early + late > 1.
  public init(
    early: Double = 0, late: Double = 0, spread: Spread = .even, afterLatest: Double = 1.0 / 3
  ) throws(SupplyError) {
    try requireShare(early, "early retirement", at: "take-up")
    try requireShare(late, "late retirement", at: "take-up")
    try requireShare(afterLatest, "retirement after the latest age", at: "take-up")
    guard early + late <= 1 + 1e-12 else {
      throw .sharesExceedOne(input: "early and late retirement", at: "take-up", sum: early + late)
    }
    self.early = early
    self.late = late
    self.spread = spread
    self.afterLatest = afterLatest
  }

  private init() {
    (early, late, spread, afterLatest) = (0, 0, .even, 1.0 / 3)
  }

  /// Everyone in the statutory month.
  public static let onTime = RetirementTakeUp()
}

/// Shares of a group (e.g. women) under each category of a schedule; they add up to one.
///
/// Whether a woman's original age is 55 or 50 depends on her post, not on her: statistics give the mix.
public struct RetirementMix: Hashable, Sendable {
  public let shares: [(category: String, share: Double)]

  public init(_ shares: [(category: String, share: Double)]) throws(SupplyError) {
    for (category, share) in shares { try requireShare(share, "category share", at: category) }
    let sum = shares.reduce(0) { $0 + $1.share }
    guard abs(sum - 1) <= 1e-9 else {
      throw .sharesExceedOne(
        input: "retirement categories", at: shares.map(\.category).joined(separator: " + "), sum: sum)
    }
    self.shares = shares
  }

  public init(_ category: String) { shares = [(category, 1)] }

  public static func == (a: RetirementMix, b: RetirementMix) -> Bool {
    a.shares.elementsEqual(b.shares) { $0 == $1 }
  }

  /// Two of the same schedule and spread are one.
  public func hash(into hasher: inout Hasher) {
    for (category, share) in shares {
      hasher.combine(category)
      hasher.combine(share)
    }
  }
}

extension RetirementSchedule {
  /// The share of a birth month's people retired before the start of `year`, and during it.
  func retired(
    _ category: String, born month: YearMonth, by takeUp: RetirementTakeUp, year: Int
  ) throws(SupplyError) -> (before: Double, during: Double) {
    let rule = try rule(category, born: month)
    let (earliest, due, latest) = (rule.earliestAge, rule.statutoryAge, rule.latestAge)
    // Ages in months reached in January and December of the year.
    let first = YearMonth(year: year, month: 1).index - month.index
    let last = first + 11
    func retiredUpTo(_ age: Int) -> Double {
      var share = 0.0
      let early = due > earliest ? takeUp.early : 0
      let late = latest > due ? takeUp.late : 0
      switch takeUp.spread {
      case .even:
        if early > 0 { share += early * window(age + 1 - earliest, of: due - earliest) }
        if late > 0 { share += late * window(age - due, of: latest - due) }
      case .limit:
        if age >= earliest { share += early }
        if age >= latest { share += late }
      }
      if age >= due { share += 1 - early - late }
      return share
    }
    let before = retiredUpTo(first - 1)
    return (before, retiredUpTo(last) - before)
  }

  private func window(_ months: Int, of length: Int) -> Double {
    Double(min(max(months, 0), length)) / Double(length)
  }

  /// The probability that a person of completed age `age` at the start of `year` (on 31 December of the
  /// year before), still at work, retires during the year; averaged over the twelve birth months.
  ///
  /// Who is at work though everybody of that age should have retired has chosen to stay: they leave evenly over the
  /// months up to their latest age (METHODS M17), and by `afterLatest` a year from then on.
  ///
  /// - Parameter overdue: their hazard where it is known from counts.
  /// - Parameter birthWeights: persons by birth month January...December; even when nil.
  /// - Throws: `.unknownCategory`, `.birthMonthOutsideTable`, `.lengthMismatch`.
  public func hazard(
    _ mix: RetirementMix, age: Int, year: Int, takeUp: RetirementTakeUp = .onTime,
    birthWeights: [Double]? = nil, overdue: Double? = nil
  ) throws(SupplyError) -> Double {
    if let birthWeights, birthWeights.count != 12 {
      throw .lengthMismatch(input: "birth weights", expected: 12, found: birthWeights.count)
    }
    let birthYear = year - 1 - age
    func hazard(_ takeUp: RetirementTakeUp) throws(SupplyError) -> Double? {
      var (leaving, present) = (0.0, 0.0)
      for (category, share) in mix.shares where share > 0 {
        for month in 1...12 {
          let weight = share * (birthWeights?[month - 1] ?? 1)
          let (before, during) = try retired(
            category, born: YearMonth(year: birthYear, month: month), by: takeUp, year: year)
          leaving += weight * during
          present += weight * (1 - before)
        }
      }
      return present > 1e-12 ? min(1, leaving / present) : nil
    }
    if let scheduled = try hazard(takeUp) { return scheduled }
    if let overdue { return overdue }
    return try hazard(RetirementTakeUp(late: 1, afterLatest: takeUp.afterLatest)) ?? takeUp.afterLatest
  }

  /// Hazards of several ages and years: `[year][age]`.
  ///
  /// - Parameter overdue: by age, of those who are at work though they should have retired; nil where it is unknown.
  public func hazards(
    _ mix: RetirementMix, ages: Range<Int>, years: ClosedRange<Int>,
    takeUp: RetirementTakeUp = .onTime, overdue: (Int) -> Double? = { _ in nil }
  ) throws(SupplyError) -> [[Double]] {
    var all: [[Double]] = []
    for year in years {
      var row: [Double] = []
      for age in ages { row.append(try hazard(mix, age: age, year: year, takeUp: takeUp, overdue: overdue(age))) }
      all.append(row)
    }
    return all
  }
}

/// How people of a region retire. Hong Kong and Macao have no statutory schedule: give them `ages`.
public enum RetirementSystem: Hashable, Sendable {
  /// By law: schedule, mix of categories and take-up.
  case schedule(RetirementSchedule, RetirementMix, RetirementTakeUp)
  /// Observed or assumed yearly hazards: the first age and one hazard for each age from there; ages
  /// below have none, ages above keep the last.
  case ages(first: Int, hazards: [Double])
  case none

  /// Probability that a person of that age retires during the year.
  public func hazard(age: Int, year: Int) throws(SupplyError) -> Double {
    switch self {
    case .schedule(let schedule, let mix, let takeUp):
      return try schedule.hazard(mix, age: age, year: year, takeUp: takeUp)
    case .ages(let first, let hazards):
      guard age >= first, let last = hazards.last else { return 0 }
      let rate = age - first < hazards.count ? hazards[age - first] : last
      try requireShare(rate, "retirement hazard", at: "age \(age)")
      return rate
    case .none:
      return 0
    }
  }
}
