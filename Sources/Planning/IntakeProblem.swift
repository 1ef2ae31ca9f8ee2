import Messages

/// A planner's question, as numbers: how many to admit by channel and year so that supply comes closest to
/// its goal.
///
///     supply(t) = supply at present intakes(t)
///               + Σ_channels Σ_{admitted y, entering e = y + delay ≤ t} stays(e, t) · yield · (admitted(y) − now)
///     supply(t) + shortage(t) − surplus(t) = goal(t),   shortage, surplus ≥ 0
///     least ≤ admitted ≤ capacity,   |admitted(y) − admitted(y−1)| ≤ step,   Σ cost · admitted(y) ≤ budget(y)
///
/// Persons, persons a year, yuan. Whoever was admitted before the plan was admitted at the present intake.
/// Source: METHODS M25; Charnes, Cooper & Niehaus (1972), *Studies in Manpower Planning*.
public struct IntakeProblem: Sendable {
  /// A way into the profession: capacity, delay, yield, cost, all by year.
  public struct Channel: Sendable {
    public let id: String
    public let name: Bilingual
    /// Admissions a year before the plan.
    public let now: Double
    /// By year of the plan.
    public var capacity: [Double]
    public var least: [Double]
    /// Largest change from year to year; nil = any.
    public let step: Double?
    /// Share of the admitted who enter work, 0…1.
    public let yield: Double
    /// Years from admission to work.
    public let delay: Int
    /// Yuan an admission.
    public let cost: Double
    /// Share still at work, `[year of entering][year][run]`, positions from the first year of the plan.
    public let stays: [[[Double]]]

    public init(
      id: String, name: Bilingual, now: Double, capacity: [Double], least: [Double], step: Double?, yield: Double,
      delay: Int, cost: Double, stays: [[[Double]]]
    ) {
      (self.id, self.name, self.now) = (id, name, now)
      (self.capacity, self.least, self.step) = (capacity, least, step)
      (self.yield, self.delay, self.cost, self.stays) = (yield, delay, cost, stays)
    }
  }

  /// What is made small.
  public enum Aim: String, Sendable, Codable { case shortage, surplus, cost }

  /// In which order aims count.
  public enum Ranking: Sendable {
    /// The first aim is made as small as can be, then the next without giving up any of it, …
    case order([Aim])
    /// Yuan that a person-year of shortage or surplus counts for, beside the cost.
    case weights(shortage: Double, surplus: Double)
  }

  /// What must hold in the path without chance.
  public struct Requirement: Sendable {
    /// Which figure is bounded.
    public enum Measure: Sendable { case supply, shortage }
    public let measure: Measure
    /// Position from the first year of the plan.
    public let year: Int
    public let atLeast: Double?
    public let atMost: Double?

    public init(measure: Measure, year: Int, atLeast: Double?, atMost: Double?) {
      (self.measure, self.year, self.atLeast, self.atMost) = (measure, year, atLeast, atMost)
    }
  }

  /// Which runs the shortage is counted over.
  public enum Runs: Sendable {
    /// The path without chance alone.
    case central
    /// Mean over the draws.
    case expected
    /// Mean over the share 1 − level of the draws in which the shortage is worst.
    /// Source: Rockafellar & Uryasev (2000), *Journal of Risk* 2(3).
    case worst(level: Double)
  }

  public let years: ClosedRange<Int>
  public var channels: [Channel]
  /// At present intakes and wanted, `[year][run]`; run 0 is the path without chance.
  public let supply: [[Double]]
  public let goal: [[Double]]
  public let ranking: Ranking
  public var requirements: [Requirement]
  /// Yuan by year; nil = not limited.
  public var budget: [Double]?
  public let counted: Runs

  public init(
    years: ClosedRange<Int>, channels: [Channel], supply: [[Double]], goal: [[Double]], ranking: Ranking,
    requirements: [Requirement] = [], budget: [Double]? = nil, counted: Runs = .central
  ) {
    precondition(supply.count == years.count && goal.count == years.count, "one row a year")
    (self.years, self.channels, self.supply, self.goal) = (years, channels, supply, goal)
    (self.ranking, self.requirements, self.budget, self.counted) = (ranking, requirements, budget, counted)
  }

  /// Runs that the shortage is counted in, as positions in `supply[year]`.
  var scored: Range<Int> {
    switch counted {
    case .central: 0..<1
    case .expected, .worst: 1..<max(2, supply.first?.count ?? 1)
    }
  }

  /// Persons at work at the end of year `t` per admission in year `y` of a channel.
  func effect(_ channel: Channel, admitted y: Int, at t: Int, run: Int) -> Double {
    let entering = y + channel.delay
    guard entering <= t else { return 0 }
    return channel.yield * channel.stays[entering][t][run]
  }

  /// Supply by year under some admissions, `[channel][year]`.
  func supply(_ admitted: [[Double]], run: Int) -> [Double] {
    supply.indices.map { t in
      var persons = supply[t][run]
      for (channel, numbers) in zip(channels, admitted) {
        for y in 0...t { persons += effect(channel, admitted: y, at: t, run: run) * (numbers[y] - channel.now) }
      }
      return persons
    }
  }
}
