import Foundation

/// What a forecast allows to be said of it.
public enum Reading {
  /// A sign, a rank or "the largest" is stated from this probability on; below it is open.
  public static let certain = 0.8

  /// What is known of the direction of a gap.
  public enum Direction: Sendable {
    case short, surplus, open
  }

  /// - Parameter shortage: probability of a shortage; NaN leaves everything open.
  public static func direction(shortage: Double) -> Direction {
    if shortage >= certain { return .short }
    return 1 - shortage >= certain ? .surplus : .open
  }

  /// Whether a mean gap and the probability of a shortage point in opposite directions by more than chance: between
  /// 0.4 and 0.6 a probability points nowhere.
  public static func disagree(gap: Double, shortage: Double) -> Bool {
    (gap > 0 && shortage < 0.4) || (gap < 0 && shortage > 0.6)
  }

  /// The place of the digit that an 80 % interval supports: 10,000 for a half width of 40,000; 0 without an interval.
  public static func step(low: Double, high: Double) -> Double {
    let half = (high - low) / 2
    return half.isFinite && half > 0 ? pow(10, floor(log10(half) + 1e-9)) : 0
  }

  /// A figure to the digit that its interval supports; as it is where that is finer than a whole number.
  public static func supported(_ value: Double, low: Double, high: Double) -> Double {
    let step = step(low: low, high: high)
    guard step >= 1, value.isFinite else { return value }
    let whole = (value / step).rounded(.toNearestOrAwayFromZero) * step
    return whole == 0 ? 0 : whole
  }
}
