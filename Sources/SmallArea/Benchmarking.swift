import Messages

/// How estimates are moved to add up to a published total.
public enum BenchmarkMethod: String, CaseIterable, Sendable {
  /// All by one factor.
  case ratio
  /// The least certain the most: minimum distance Σ (change)² ⁄ MSE.
  case distance
}

/// Moves estimates so that Σ weight · estimate = total.
///
///     ratio:     estimate · total ⁄ Σ w·estimate
///     distance:  estimate + MSE·w · (total − Σ w·estimate) ⁄ Σ w²·MSE
///
/// - Throws: `.lengthMismatch`, `.nothingToAdjust`.
/// - Source: Datta, Ghosh, Steorts & Maples (2011), *Test* 20; Rao & Molina (2015), §6.4.6.
public func benchmarked(
  _ estimates: [Double], mse: [Double], weights: [Double], total: Double, method: BenchmarkMethod
) throws(SmallAreaError) -> [Double] {
  let n = estimates.count
  guard mse.count == n else { throw .lengthMismatch(input: "mse", expected: n, found: mse.count) }
  guard weights.count == n else { throw .lengthMismatch(input: "weights", expected: n, found: weights.count) }
  var moved = estimates
  // Twice: what rounding left of the total is spread once more.
  for _ in 0..<2 {
    let sum = zip(weights, moved).reduce(0) { $0 + $1.0 * $1.1 }
    switch method {
    case .ratio:
      guard sum != 0 else { throw .nothingToAdjust(total: total) }
      for i in moved.indices { moved[i] *= total / sum }
    case .distance:
      let room = (0..<n).reduce(0) { $0 + weights[$1] * weights[$1] * max(mse[$1], 0) }
      guard room > 0 else { throw .nothingToAdjust(total: total) }
      for i in moved.indices { moved[i] += max(mse[i], 0) * weights[i] * (total - sum) / room }
    }
  }
  return moved
}
