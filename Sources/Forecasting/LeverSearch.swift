import Foundation

/// Which value of a lever brings a figure to a target: the answer to "what would it take".
///
/// The range is scanned for the sign change nearest to where the lever stands, which Brent's method then
/// closes in on. A figure that never meets the target within the range has none, and the search says how
/// near it comes and where.
/// - Source: Brent (1973), *Algorithms for Minimization without Derivatives*, ch. 4.
public struct LeverSearch: Sendable {
  /// A lever's value that was tried and the figure it gave.
  public struct Point: Sendable, Hashable {
    public let value: Double
    public let figure: Double
  }

  /// Nil: the target is out of reach within the range.
  public let solution: Point?
  /// The nearest to the target that was seen.
  public let nearest: Point
  /// The figure where the lever stands.
  public let start: Point
  /// Whether the figure moved in one direction all over the scan; else there may be other solutions.
  public let isMonotone: Bool
  public let evaluations: Int

  /// - Parameters:
  ///   - start: where the lever stands, inside the range.
  ///   - steps: of the scan on either side of it.
  ///   - figure: may be costly; called about 2 × steps + 10 times.
  /// - Throws: what `figure` throws.
  public init<Failure: Error>(
    target: Double, in range: ClosedRange<Double>, from start: Double, steps: Int = 6,
    figure: (Double) throws(Failure) -> Double
  ) throws(Failure) {
    var seen: [Point] = []
    func at(_ value: Double) throws(Failure) -> Point {
      if let known = seen.first(where: { $0.value == value }) { return known }
      let point = Point(value: value, figure: try figure(value))
      seen.append(point)
      return point
    }
    let here = try at(min(max(start, range.lowerBound), range.upperBound))
    for step in 1...steps {
      let part = Double(step) / Double(steps)
      for end in [range.lowerBound, range.upperBound] where end != here.value {
        _ = try at(step == steps ? end : here.value + (end - here.value) * part * part)
      }
    }
    let scan = seen.sorted { $0.value < $1.value }
    let rises = zip(scan, scan.dropFirst()).map { $1.figure - $0.figure }
    isMonotone = rises.allSatisfy { $0 >= 0 } || rises.allSatisfy { $0 <= 0 }
    func miss(_ point: Point) -> Double { point.figure - target }
    let brackets = zip(scan, scan.dropFirst()).filter { miss($0) == 0 || miss($1) == 0 || (miss($0) < 0) != (miss($1) < 0) }
    let bracket = brackets.min {
      abs(($0.0.value + $0.1.value) / 2 - here.value) < abs(($1.0.value + $1.1.value) / 2 - here.value)
    }
    var found: Point?
    if let bracket {
      found = try brent(bracket.0, bracket.1, target: target, scale: range.upperBound - range.lowerBound) {
        value throws(Failure) in try at(value)
      }
    }
    solution = found
    self.start = here
    nearest = seen.min { abs(miss($0)) < abs(miss($1)) } ?? here
    evaluations = seen.count
  }
}

/// Brent's root finding between two points on either side of the target.
private func brent<Failure: Error>(
  _ low: LeverSearch.Point, _ high: LeverSearch.Point, target: Double, scale: Double,
  at: (Double) throws(Failure) -> LeverSearch.Point
) throws(Failure) -> LeverSearch.Point {
  func miss(_ point: LeverSearch.Point) -> Double { point.figure - target }
  var (a, b) = abs(miss(low)) < abs(miss(high)) ? (high, low) : (low, high)  // b is the better guess
  var c = a
  var (step, before) = (b.value - a.value, b.value - a.value)
  for _ in 0..<60 {
    if miss(b) == 0 { break }
    if (miss(b) < 0) == (miss(c) < 0) {
      c = a
      step = b.value - a.value
      before = step
    }
    if abs(miss(c)) < abs(miss(b)) { (a, b, c) = (b, c, b) }
    let half = (c.value - b.value) / 2
    if abs(half) <= 1e-9 * scale || abs(miss(b)) <= 1e-9 * max(1, abs(target)) { break }
    let last = before
    before = step
    step = half
    if abs(last) > 1e-12 * scale, abs(miss(a)) > abs(miss(b)) {
      let (p, q) = interpolation(a, b, c, half, target)
      if q != 0, -p / q * half > 0, 2 * abs(p) < min(3 * abs(half * q), abs(last * q)) {
        step = -p / q
      } else {
        before = half
      }
    } else {
      before = half
    }
    let least = 1e-10 * scale
    a = b
    b = try at(b.value + (abs(step) > least ? step : half > 0 ? least : -least))
  }
  return b
}

/// The step −p / q of inverse quadratic interpolation, or of the secant with two points.
private func interpolation(
  _ a: LeverSearch.Point, _ b: LeverSearch.Point, _ c: LeverSearch.Point, _ half: Double, _ target: Double
) -> (p: Double, q: Double) {
  let s = (b.figure - target) / (a.figure - target)
  if a.value == c.value { return (2 * half * s, 1 - s) }
  let (q, r) = ((a.figure - target) / (c.figure - target), (b.figure - target) / (c.figure - target))
  let p = s * (2 * half * q * (q - r) - (b.value - a.value) * (r - 1))
  return (p, (q - 1) * (r - 1) * (s - 1))
}

extension FigureQuestion {
  /// The figure that is met with a probability: the quantile of its draws on the cautious side.
  ///
  /// - Parameters:
  ///   - atLeast: whether the target is a floor; then the quantile 1 − probability, else probability.
  /// - Returns: nil where there is no such cell, or for a probability that cells carry no quantile of
  ///   (0.1, 0.5, 0.9, 0.025, 0.975).
  public func value(
    _ inputs: ForecastInputs, probability: Double, atLeast: Bool, draws: Int, seed: UInt64, jobs: Int
  ) throws(ForecastError) -> Double? {
    let cell = try cell(inputs, RunOptions(scenario: "", draws: draws, seed: seed, jobs: jobs))
    switch atLeast ? 1 - probability : probability {
    case let q where abs(q - 0.025) < 1e-9: return cell?.p025
    case let q where abs(q - 0.1) < 1e-9: return cell?.p10
    case let q where abs(q - 0.5) < 1e-9: return cell?.p50
    case let q where abs(q - 0.9) < 1e-9: return cell?.p90
    case let q where abs(q - 0.975) < 1e-9: return cell?.p975
    default: return nil
    }
  }
}
