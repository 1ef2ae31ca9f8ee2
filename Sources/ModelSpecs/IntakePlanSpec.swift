import Messages

/// An intake plan as a file states it: whose supply, what it should reach, through which channels, within
/// which limits.
///
/// Persons are persons, money is yuan. Whether region, team and scenario exist is checked when the plan
/// meets model and data.
public struct IntakePlanSpec: Sendable {
  public let id: String
  public let name: Bilingual
  public let why: Bilingual
  public let scenario: Located<String>
  public let region: Located<String>
  /// nil = all teams.
  public let team: Located<String>?
  public let years: Located<ClosedRange<Int>>
  public let goal: Goal
  public let channels: [Channel]
  public let requirements: [Requirement]
  /// Yuan a year; nil = not limited.
  public let budget: YearPath?
  /// nil = the central run decides.
  public let uncertainty: Uncertainty?
  public let sources: [SpecSource]
  public let file: String

  /// A value and where it stands in the file.
  public struct Located<Value: Sendable>: Sendable {
    public let value: Value
    public let line: Int
    public let column: Int
  }

  /// Values by year: straight lines between the years given, flat outside them.
  public struct YearPath: Sendable, Equatable {
    public let points: [Int: Double]
    /// The value in a year: straight lines between given years, flat outside.
    public func value(_ year: Int) -> Double { interpolated(points, at: year) }
  }

  /// What is made small, in the order of the file.
  public enum Aim: String, CaseIterable, Sendable { case shortage, surplus, cost }

  /// What the plan is for.
  public struct Goal: Sendable {
    /// Persons the supply should reach; nil = the requirement of the scenario.
    public let supply: YearPath?
    public let ranking: Ranking
  }

  /// In which order aims count.
  public enum Ranking: Sendable, Equatable {
    /// The first is made as small as can be, then the next without worsening the first, …
    case order([Aim])
    /// Yuan that a person-year of shortage or surplus counts for, beside the cost itself.
    case weights(shortage: Double, surplus: Double)
  }

  /// A way into the profession that the plan may use.
  public struct Channel: Sendable {
    public let id: String
    public let name: Bilingual
    /// Admissions a year before the plan.
    public let now: Assumption
    public let capacity: Limit
    /// Admissions a year at least.
    public let least: YearPath
    /// Largest change of admissions from one year to the next; nil = any.
    public let step: Double?
    /// Share of the admitted who are at work when they enter.
    public let yield: Assumption
    /// Years from admission to entering work.
    public let delay: Int
    /// Yuan an admission.
    public let cost: Assumption?
    /// Ages at entering, evenly; nil = those of the model.
    public let ages: ClosedRange<Int>?
    public let line: Int
    public let column: Int
  }

  /// A limit by year, and on whose authority.
  public struct Limit: Sendable {
    public let path: YearPath
    public let source: String
    public let note: Bilingual
  }

  /// What must hold in the central run, whatever it costs.
  public struct Requirement: Sendable {
    /// Which figure is bounded.
    public enum Measure: String, CaseIterable, Sendable { case supply, shortage }
    public let measure: Measure
    public let year: Int
    public let atLeast: Double?
    public let atMost: Double?
    public let line: Int
    public let column: Int
  }

  /// How the plan meets uncertain futures.
  public struct Uncertainty: Sendable {
    /// Which statistic of the draws counts.
    public enum Aim: String, CaseIterable, Sendable {
      /// Mean shortage over the draws.
      case expected
      /// Mean shortage of the worst draws (conditional value at risk).
      case cvar
    }
    public let aim: Aim
    /// Share of draws that are not among the worst, for `cvar`.
    public let level: Double
    public let draws: Int
    public let seed: UInt64
  }
}
