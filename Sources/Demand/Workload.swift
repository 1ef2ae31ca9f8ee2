/// Posts that a workload needs: cases × hours per case ÷ hours a person works, with allowances and backlog.
///
///     posts = Σ volume·hours ÷ (time·π) · 1/(1 − shared) + individual ÷ time + δ·backlog·hours ÷ (time·π)
///
/// after WHO's Workload Indicators of Staffing Need, with the backlog of the USPTO's production model.
/// Source: METHODS M13.
public struct Workload: Hashable, Sendable {
  /// One kind of case.
  public struct Activity: Hashable, Sendable {
    /// Cases a year.
    public let volume: Double
    /// Hours a case takes at productivity 1.
    public let hours: Double
    /// Cases waiting at the start of the year.
    public let backlog: Double

    public init(volume: Double, hours: Double, backlog: Double = 0) {
      self.volume = volume
      self.hours = hours
      self.backlog = backlog
    }
  }

  public let activities: [Activity]
  /// Hours a person works on cases in a year.
  public let workingTime: Double
  /// Cases done in an hour relative to the base; above 1 = faster.
  public let productivity: Double
  /// Share of everybody's time that goes to other duties, 0 ..< 1.
  public let sharedAllowance: Double
  /// Hours a year that single persons spend on other duties, all together.
  public let individualAllowance: Double
  /// Part of the backlog to be cleared within the year, 0…1.
  public let clearance: Double

  /// - Throws: the first quantity that is none: negative, not finite, or a share outside its range.
  public init(
    _ activities: [Activity], workingTime: Double, productivity: Double = 1, sharedAllowance: Double = 0,
    individualAllowance: Double = 0, clearance: Double = 0
  ) throws(WorkloadError) {
    for (i, activity) in activities.enumerated() {
      guard Workload.isQuantity(activity.volume), Workload.isQuantity(activity.hours), Workload.isQuantity(activity.backlog)
      else { throw .badActivity(i) }
    }
    guard workingTime > 0, workingTime.isFinite else { throw .badWorkingTime(workingTime) }
    guard productivity > 0, productivity.isFinite else { throw .badProductivity(productivity) }
    guard sharedAllowance >= 0, sharedAllowance < 1, Workload.isQuantity(individualAllowance) else { throw .badAllowance }
    guard (0...1).contains(clearance) else { throw .badClearance(clearance) }
    self.activities = activities
    self.workingTime = workingTime
    self.productivity = productivity
    self.sharedAllowance = sharedAllowance
    self.individualAllowance = individualAllowance
    self.clearance = clearance
  }

  private static func isQuantity(_ value: Double) -> Bool { value >= 0 && value.isFinite }

  /// Posts for the cases of the year, each activity by itself, before allowances.
  public var direct: [Double] { activities.map { $0.volume * $0.hours / (workingTime * productivity) } }
  /// Posts for what is cleared of the backlog.
  public var clearing: Double {
    activities.reduce(0) { $0 + clearance * $1.backlog * $1.hours / (workingTime * productivity) }
  }
  /// All posts.
  public var posts: Double {
    direct.reduce(0, +) / (1 - sharedAllowance) + individualAllowance / workingTime + clearing
  }

  /// Staff ÷ posts: below 1 the staff is too small for the work; nil when there is no work.
  public func ratio(staff: Double) -> Double? { posts > 0 ? staff / posts : nil }

  /// Cases waiting at the end of the year when `staff` work: what came in and waited, less what they get done.
  /// Every kind of case is done at the same part of its load.
  public func backlog(staff: Double) -> [Double] {
    let effective = max(0, staff - individualAllowance / workingTime) * (1 - sharedAllowance) * workingTime * productivity
    let load = activities.reduce(0) { $0 + ($1.volume + $1.backlog) * $1.hours }
    let done = load > 0 ? min(1, effective / load) : 1
    return activities.map { ($0.volume + $0.backlog) * (1 - done) }
  }

  /// Hours a person works: days of the year less those not worked, times hours a day.
  public static func workingTime(days: Double, absent: Double, hoursPerDay: Double) -> Double {
    (days - absent) * hoursPerDay
  }
}

/// Why a workload cannot be worked out.
public enum WorkloadError: Error, Equatable {
  case badActivity(Int)
  case badWorkingTime(Double)
  case badProductivity(Double)
  case badAllowance
  case badClearance(Double)
}
