/// Count, mean and central sums of a stream of numbers, without keeping them.
///
/// Parts may be computed apart and merged; merge in a fixed order where bytes must not change.
/// - Source: Welford (1962); Pébay (2008), Sandia SAND2008-6212, for the third and fourth sums.
public struct Moments: Hashable, Sendable {
  public private(set) var count = 0
  public private(set) var mean = 0.0
  private var sum2 = 0.0
  private var sum3 = 0.0
  private var sum4 = 0.0

  public init() {}

  public init(_ values: some Sequence<Double>) {
    for value in values { add(value) }
  }

  /// Counts one more value.
  public mutating func add(_ value: Double) {
    let before = Double(count)
    count += 1
    let n = Double(count)
    let delta = value - mean
    let step = delta / n
    let term = delta * step * before
    mean += step
    sum4 += term * step * step * (n * n - 3 * n + 3) + 6 * step * step * sum2 - 4 * step * sum3
    sum3 += term * step * (n - 2) - 3 * step * sum2
    sum2 += term
  }

  /// Counts all the values that `other` has counted.
  public mutating func merge(_ other: Moments) {
    guard other.count > 0 else { return }
    guard count > 0 else {
      self = other
      return
    }
    let (a, b) = (Double(count), Double(other.count))
    let n = a + b
    let delta = other.mean - mean
    let perCount = delta / n
    let new4 =
      sum4 + other.sum4 + delta * perCount * perCount * perCount * a * b * (a * a - a * b + b * b)
      + 6 * perCount * perCount * (a * a * other.sum2 + b * b * sum2)
      + 4 * perCount * (a * other.sum3 - b * sum3)
    let new3 =
      sum3 + other.sum3 + delta * perCount * perCount * a * b * (a - b)
      + 3 * perCount * (a * other.sum2 - b * sum2)
    sum2 += other.sum2 + delta * perCount * a * b
    (sum3, sum4) = (new3, new4)
    mean += perCount * b
    count += other.count
  }

  /// Unbiased variance (divisor n − 1); NaN for fewer than two values.
  public var variance: Double { count > 1 ? sum2 / Double(count - 1) : .nan }
  public var standardDeviation: Double { variance.squareRoot() }
  /// Monte Carlo standard error of the mean of independent draws.
  public var standardError: Double { (variance / Double(count)).squareRoot() }
  /// g₁ = m₃ / m₂^1.5; NaN when the values do not vary.
  public var skewness: Double { Double(count).squareRoot() * sum3 / (sum2 * sum2.squareRoot()) }
  /// g₂ = m₄ / m₂² − 3; NaN when the values do not vary.
  public var excessKurtosis: Double { Double(count) * sum4 / (sum2 * sum2) - 3 }
}

/// Monte Carlo standard errors of sample quantiles from independent draws.
///
/// Half the distance between the sample quantiles one binomial standard deviation below and above:
/// `δ = √(p(1 − p)/n)`, `SE = (Q(p + δ) − Q(p − δ)) / 2`. No density has to be estimated.
/// - Returns: one per probability; NaN for fewer than two draws. Where p ± δ leaves [0, 1] the error
///   is understated: take more draws.
/// - Source: Woodruff (1952), JASA 47.
public func quantileStandardErrors(_ values: [Double], at probabilities: [Double]) -> [Double] {
  guard values.count > 1 else { return probabilities.map { _ in .nan } }
  let around = probabilities.flatMap { p in
    let delta = (p * (1 - p) / Double(values.count)).squareRoot()
    return [max(0, p - delta), min(1, p + delta)]
  }
  let found = quantiles(values, at: around)
  return probabilities.indices.map { (found[2 * $0 + 1] - found[2 * $0]) / 2 }
}
