import Foundation
import Messages

/// A quantified target of a plan: what must be reached by the end of a year.
public struct PlanTarget: Hashable, Sendable {
  /// Which side of the target is the good one.
  public enum Rule: Hashable, Sendable {
    case atLeast
    case atMost
    /// 左右: this share of the target may be missing; more than the target never fails.
    case about(tolerance: Double)
  }

  /// How the values of several years make one figure, hence how a pace is reckoned.
  public enum Aggregation: String, CaseIterable, Codable, Sendable {
    /// A level at year-end: growth is reckoned in per cent a year.
    case stock
    /// A count since the plan began: reckoned in units a year.
    case cumulative
    /// A mean or a share: reckoned in points a year.
    case mean, share
  }

  public let value: Double
  public let year: Int
  public let rule: Rule
  public let aggregation: Aggregation

  public init(value: Double, year: Int, rule: Rule = .atLeast, aggregation: Aggregation = .stock) {
    self.value = value
    self.year = year
    self.rule = rule
    self.aggregation = aggregation
  }

  /// The value at which the target counts as met.
  public var needed: Double {
    if case .about(let tolerance) = rule { value * (1 - tolerance) } else { value }
  }

  /// Whether a value reaches the target, by the target's own rule.
  public func isMet(by value: Double) -> Bool {
    if case .atMost = rule { value <= needed } else { value >= needed }
  }
}

/// A published value of an indicator and the instant it stands for.
public struct IndicatorPoint: Hashable, Sendable {
  /// What the print says about the true value.
  public enum Bound: String, Codable, Sendable {
    case exact, rounded
    /// 超, 余: at least this.
    case lower
    /// 近: at most this.
    case upper
  }

  /// In years; the end of 2023 is 2023.0, the end of June 2024 is 2023.5.
  public let time: Double
  public let value: Double
  public let bound: Bound

  public init(time: Double, value: Double, bound: Bound = .exact) {
    self.time = time
    self.value = value
    self.bound = bound
  }
}

/// What is expected of an indicator at the target's year.
public struct IndicatorOutlook: Hashable, Sendable {
  public let p10: Double
  public let p50: Double
  public let p90: Double
  /// That the target is met, 0...1.
  public let probability: Double
  public let method: Bilingual

  public init(p10: Double, p50: Double, p90: Double, probability: Double, method: Bilingual) {
    self.p10 = p10
    self.p50 = p50
    self.p90 = p90
    self.probability = probability
    self.method = method
  }

  /// From equally likely draws; nil without any. Quantiles by Hyndman–Fan type 7.
  public init?(draws: [Double], target: PlanTarget, method: Bilingual) {
    guard !draws.isEmpty else { return nil }
    let sorted = draws.sorted()
    func quantile(_ p: Double) -> Double {
      let place = p * Double(sorted.count - 1)
      let low = Int(place)
      let high = min(low + 1, sorted.count - 1)
      return sorted[low] + (place - Double(low)) * (sorted[high] - sorted[low])
    }
    self.init(
      p10: quantile(0.1), p50: quantile(0.5), p90: quantile(0.9),
      probability: Double(draws.count { target.isMet(by: $0) }) / Double(draws.count), method: method)
  }
}

/// The verdicts of the monitor. Targets are expected, none is binding: no verdict is one of fault.
public enum IndicatorStatus: String, CaseIterable, Codable, Sendable {
  case reached, likely
  case atRisk = "at_risk"
  case unlikely
  /// The target's year is over and its figure lies below the target.
  case notReached = "not_reached"
  /// A figure exists, but its print is too coarse, or it stands alone.
  case tooImprecise = "too_imprecise"
  case notAvailable = "not_available"

  public var name: Bilingual {
    switch self {
    case .reached: Bilingual(zh: "已完成", en: "reached")
    case .likely: Bilingual(zh: "预计可完成", en: "expected to be reached")
    case .atRisk: Bilingual(zh: "存在风险", en: "at risk")
    case .unlikely: Bilingual(zh: "预计难以完成", en: "unlikely to be reached")
    case .notReached: Bilingual(zh: "尚未达到规划预期值", en: "below the value the plan expected")
    case .tooImprecise: Bilingual(zh: "数据不足以判断", en: "too little data to judge")
    case .notAvailable: Bilingual(zh: "数据不可得", en: "not available")
    }
  }
}

/// Speed towards a target.
public struct IndicatorPace: Hashable, Sendable {
  /// How a figure stands to its target.
  public enum Kind: String, Codable, Sendable {
    /// Share a year, compound: 0.078 is 7.8 % a year.
    case compound
    /// Units a year.
    case linear
  }

  public let kind: Kind
  /// From the latest figure to the target; nil when there is no figure or no time left.
  public let required: Double?
  /// From the baseline (or the first comparable figure) to the latest.
  public let realised: Double?
}

/// How one target stands.
public struct IndicatorAssessment: Sendable {
  public let target: PlanTarget
  /// The figure at the target's year, else the latest before it.
  public let latest: IndicatorPoint?
  /// latest ÷ target.
  public let progress: Double?
  public let pace: IndicatorPace
  public let outlook: IndicatorOutlook?
  public let status: IndicatorStatus
  /// Why the status is what it is, in a sentence.
  public let reason: Bilingual
}
