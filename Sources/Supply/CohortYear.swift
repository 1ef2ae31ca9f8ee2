/// Yearly probabilities that a survivor of one region is found in another at the end of the year.
public struct MigrationRates: Hashable, Sendable {
  public let regions: [String]
  /// Tells ages apart, or nothing at all.
  public let frame: CohortFrame
  /// `[(origin · R + destination) · cells + cell]`; origin = destination is 0: who stays follows.
  public let shares: [Double]

  /// - Parameter share: origin, destination (positions in `regions`), position on the age axis.
  /// - Throws: `.shareOutOfRange`; `.sharesExceedOne` naming origin and age; `.missingAxis` for a frame
  ///   with other axes than age.
  public init(
    regions: [String], ages: [AgeGroup] = [], share: (_ from: Int, _ to: Int, _ age: Int) -> Double
  ) throws(SupplyError) {
    self.regions = regions
    frame = try CohortFrame(ages: ages)
    let (count, cells) = (regions.count, max(1, ages.count))
    var all = [Double](repeating: 0, count: count * count * cells)
    for cell in 0..<cells {
      for from in 0..<count {
        var leaving = 0.0
        for to in 0..<count where to != from {
          let value = share(from, to, cell)
          try requireShare(
            value, "migration", at: "\(regions[from]) → \(regions[to]), age \(frame.name(ofCell: cell))")
          all[(from * count + to) * cells + cell] = value
          leaving += value
        }
        guard leaving <= 1 + 1e-12 else {
          throw .sharesExceedOne(
            input: "migration", at: "\(regions[from]) \(frame.name(ofCell: cell))", sum: leaving)
        }
      }
    }
    shares = all
  }
}

/// Yearly probabilities of moving between the members of one axis: promotions, licences, changes of
/// team, further education. Simultaneous within an axis; axes follow one another in storage order.
public struct AxisTransition: Hashable, Sendable {
  public let axis: CohortAxis
  public let members: [String]
  /// What the probabilities depend on, without `axis` and region.
  public let frame: CohortFrame
  /// `[(from · M + to) · cells + cell]`; from = to is 0: who stays follows.
  public let shares: [Double]

  /// - Parameter share: from, to (positions in `members`), cell of `frame` by positions on its axes.
  /// - Throws: as `MigrationRates`; `.missingAxis` for the axes age and region, which have their own step.
  public init(
    _ axis: CohortAxis, members: [String], frame: CohortFrame,
    share: (_ from: Int, _ to: Int, _ cell: CohortPosition) -> Double
  ) throws(SupplyError) {
    guard axis != .age, axis != .region, !frame.axes.contains(axis), !frame.axes.contains(.region) else {
      throw .missingAxis(
        axis.rawValue, neededFor: "transitions between members of another axis than age or region")
    }
    (self.axis, self.members, self.frame) = (axis, members, frame)
    let (count, cells) = (members.count, frame.cellCount)
    var all = [Double](repeating: 0, count: count * count * cells)
    for from in 0..<count {
      for to in 0..<count where to != from {
        let table = CohortTable(frame) { share(from, to, $0) }
        for cell in 0..<cells {
          try requireShare(
            table.values[cell], axis.rawValue,
            at: "\(members[from]) → \(members[to]) \(frame.name(ofCell: cell))")
          all[(from * count + to) * cells + cell] = table.values[cell]
        }
      }
      for cell in 0..<cells {
        let leaving = (0..<count).reduce(0) { $0 + all[(from * count + $1) * cells + cell] }
        guard leaving <= 1 + 1e-12 else {
          throw .sharesExceedOne(
            input: axis.rawValue, at: "\(members[from]) \(frame.name(ofCell: cell))", sum: leaving)
        }
      }
    }
    shares = all
  }

  /// The same probabilities for everybody.
  public init(_ axis: CohortAxis, members: [String], _ shares: [[Double]]) throws(SupplyError) {
    guard shares.count == members.count, shares.allSatisfy({ $0.count == members.count }) else {
      throw .lengthMismatch(input: axis.rawValue, expected: members.count, found: shares.count)
    }
    try self.init(axis, members: members, frame: CohortFrame()) { from, to, _ in shares[from][to] }
  }
}

/// Newcomers by one channel: graduates, conversions, returnees…
public struct EntrantChannel: Hashable, Sendable {
  public let name: String
  /// Persons on every axis of the model, at the age they have at the end of the year.
  public let persons: CohortTable

  public init(_ name: String, _ persons: CohortTable) {
    self.name = name
    self.persons = persons
  }
}

/// Everything that happens to a population in one year. Rate tables may tell fewer axes apart than the
/// model: their rates then hold for every member.
public struct CohortYear: Hashable, Sendable {
  public var year: Int
  /// Yearly probabilities, as if each were the only exit; see `ExitShares`.
  public var death: CohortTable?
  public var retirement: CohortTable?
  public var transfer: CohortTable?
  public var migration: MigrationRates?
  public var transitions: [AxisTransition]
  /// At most eight channels.
  public var entrants: [EntrantChannel]

  public init(
    year: Int, death: CohortTable? = nil, retirement: CohortTable? = nil, transfer: CohortTable? = nil,
    migration: MigrationRates? = nil, transitions: [AxisTransition] = [], entrants: [EntrantChannel] = []
  ) {
    self.year = year
    self.death = death
    self.retirement = retirement
    self.transfer = transfer
    self.migration = migration
    self.transitions = transitions
    self.entrants = entrants
  }
}

/// How one draw of one year departs from the central rates.
public struct CohortLevers: Hashable, Sendable {
  /// Multipliers of the forces of exit: q becomes 1 − (1 − q)^multiplier. A certain exit stays certain.
  public var death = 1.0
  public var retirement = 1.0
  public var transfer = 1.0
  /// Multipliers of moving shares; where they would exceed one, all of them leave.
  public var migration = 1.0
  public var transitions = 1.0
  /// Multipliers of the channels, in their order.
  public var entrants = SIMD8<Double>(repeating: 1)

  public init() {}

  /// Every lever where the data have it.
  public static let central = CohortLevers()

  var isCentralExit: Bool { death == 1 && retirement == 1 && transfer == 1 }
}
