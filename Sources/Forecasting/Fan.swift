import Simulation

/// The mean of the draws and their quantiles (Hyndman–Fan type 7); NaN where there is no number.
///
/// The mean is the one centre that adds up: means of parts make up the mean of the whole, and the mean gap is mean
/// demand less mean supply. `p50` is the median, which does neither.
public struct Fan: Hashable, Sendable {
  /// Mean of the draws; of a ratio the ratio of the means, which agrees with the parts as they are printed.
  public let value: Double
  public let p025: Double
  public let p10: Double
  public let p50: Double
  public let p90: Double
  public let p975: Double

  static let probabilities = [0.025, 0.1, 0.5, 0.9, 0.975]

  /// - Parameters:
  ///   - runs: the path without chance first, which is no forecast and is left out; then the draws.
  ///   - centre: instead of the mean of the draws.
  init(_ runs: [Double], centre: Double? = nil) {
    let centre = centre ?? mean(ofDraws: runs)
    value = centre.isFinite ? centre : .nan
    let q = quantiles(Array(runs.dropFirst()), at: Fan.probabilities).map { $0.isFinite ? $0 : .nan }
    (p025, p10, p50, p90, p975) = (q[0], q[1], q[2], q[3], q[4])
  }

  /// A figure that is not drawn, such as a published count.
  init(exact: Double) {
    value = exact
    (p025, p10, p50, p90, p975) = (exact, exact, exact, exact, exact)
  }
}

/// Mean of every run but the first, which is the path without chance; NaN when nothing was drawn.
func mean(ofDraws runs: [Double]) -> Double {
  let draws = runs.dropFirst()
  return draws.isEmpty ? .nan : draws.reduce(0, +) / Double(draws.count)
}
