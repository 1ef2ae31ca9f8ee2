import Foundation
import Probability

/// What a forecaster says about one future value: a whole distribution, from which every interval,
/// score and probability follows.
public indirect enum PredictiveDistribution: Sendable, Equatable {
  /// location + scale · t, with `degrees` = ∞ for the normal distribution.
  case student(location: Double, scale: Double, degrees: Double)
  /// exp(location + scale · t).
  case logStudent(location: Double, scale: Double, degrees: Double)
  /// ceiling / (1 + exp(−(location + scale · t))).
  case logitStudent(location: Double, scale: Double, degrees: Double, ceiling: Double)
  /// Equally likely values, ascending. Quantiles by Hyndman–Fan type 7.
  case sample([Double])
  /// A distribution whose values below `floor` are moved up to it, as counts stop at zero.
  case floored(PredictiveDistribution, floor: Double)

  /// The value not exceeded with probability `p`, 0 < p < 1.
  public func quantile(_ p: Double) -> Double {
    switch self {
    case .student(let location, let scale, let degrees):
      scale == 0 ? location : location + scale * studentQuantile(p, degrees: degrees)
    case .logStudent(let location, let scale, let degrees):
      exp(scale == 0 ? location : location + scale * studentQuantile(p, degrees: degrees))
    case .logitStudent(let location, let scale, let degrees, let ceiling):
      ceiling / (1 + exp(-(scale == 0 ? location : location + scale * studentQuantile(p, degrees: degrees))))
    case .sample(let values):
      interpolatedQuantile(values, p)
    case .floored(let inner, let floor):
      max(inner.quantile(p), floor)
    }
  }

  /// P(Y ≤ y).
  public func cdf(_ y: Double) -> Double {
    func standard(_ z: Double, _ scale: Double, _ degrees: Double) -> Double {
      scale == 0 ? (z < 0 ? 0 : z == 0 ? 0.5 : 1) : studentCDF(z / scale, degrees: degrees)
    }
    switch self {
    case .student(let location, let scale, let degrees):
      return standard(y - location, scale, degrees)
    case .logStudent(let location, let scale, let degrees):
      return y <= 0 ? 0 : standard(log(y) - location, scale, degrees)
    case .logitStudent(let location, let scale, let degrees, let ceiling):
      if y <= 0 { return 0 }
      return y >= ceiling ? 1 : standard(log(y / (ceiling - y)) - location, scale, degrees)
    case .sample(let values):
      let below = values.count { $0 < y }
      let equal = values.count { $0 == y }
      return (Double(below) + Double(equal) / 2) / Double(values.count)
    case .floored(let inner, let floor):
      // Half of what lies on the floor, as for equal values of a sample.
      return y < floor ? 0 : y == floor ? inner.cdf(y) / 2 : inner.cdf(y)
    }
  }

  /// The central interval that holds the value with probability `level`.
  public func interval(_ level: Double) -> (low: Double, high: Double) {
    (quantile((1 - level) / 2), quantile((1 + level) / 2))
  }

  public var median: Double { quantile(0.5) }

  /// Quantiles at (i − ½)/count, i = 1...count, ascending.
  func quantiles(_ count: Int) -> [Double] {
    var grid = QuantileGrid.even(count)
    return grid.quantiles(of: self)
  }
}

/// Quantiles of many distributions at the same probabilities: those of the standard distribution are
/// computed once for each degrees of freedom.
struct QuantileGrid {
  let probabilities: [Double]
  private var standard: [Double: [Double]] = [:]

  init(_ probabilities: [Double]) { self.probabilities = probabilities }

  /// (i − ½)/count, i = 1...count.
  static func even(_ count: Int) -> QuantileGrid {
    QuantileGrid((0..<count).map { (Double($0) + 0.5) / Double(count) })
  }

  mutating func quantiles(of distribution: PredictiveDistribution) -> [Double] {
    switch distribution {
    case .student(let location, let scale, let degrees):
      return spread(location, scale, degrees)
    case .logStudent(let location, let scale, let degrees):
      return spread(location, scale, degrees).map { exp($0) }
    case .logitStudent(let location, let scale, let degrees, let ceiling):
      return spread(location, scale, degrees).map { ceiling / (1 + exp(-$0)) }
    case .sample(let values):
      return probabilities.map { interpolatedQuantile(values, $0) }
    case .floored(let inner, let floor):
      return quantiles(of: inner).map { max($0, floor) }
    }
  }

  private mutating func spread(_ location: Double, _ scale: Double, _ degrees: Double) -> [Double] {
    if scale == 0 { return probabilities.map { _ in location } }
    let nodes: [Double]
    if let kept = standard[degrees] {
      nodes = kept
    } else {
      nodes = probabilities.map { studentQuantile($0, degrees: degrees) }
      standard[degrees] = nodes
    }
    return nodes.map { location + scale * $0 }
  }
}

/// Hyndman–Fan type 7 quantile of ascending values.
func interpolatedQuantile(_ sorted: [Double], _ p: Double) -> Double {
  guard let last = sorted.last else { return .nan }
  let position = p * Double(sorted.count - 1)
  let i = Int(position)
  guard i + 1 < sorted.count else { return last }
  return sorted[i] + (position - Double(i)) * (sorted[i + 1] - sorted[i])
}

/// The median of any values; NaN when there is none.
package func median(_ values: [Double]) -> Double {
  interpolatedQuantile(values.sorted(), 0.5)
}
