import Simulation

/// A central value and the quantiles of its draws (Hyndman–Fan type 7); NaN where there is no number.
public struct Fan: Hashable, Sendable {
  public let value: Double
  public let p025: Double
  public let p10: Double
  public let p50: Double
  public let p90: Double
  public let p975: Double

  static let probabilities = [0.025, 0.1, 0.5, 0.9, 0.975]

  /// - Parameter runs: the central run first, then the draws.
  init(_ runs: [Double]) {
    value = runs[0].isFinite ? runs[0] : .nan
    let q = quantiles(Array(runs.dropFirst()), at: Fan.probabilities).map { $0.isFinite ? $0 : .nan }
    (p025, p10, p50, p90, p975) = (q[0], q[1], q[2], q[3], q[4])
  }

  /// A figure that is not drawn, such as a published count.
  init(exact: Double) {
    value = exact
    (p025, p10, p50, p90, p975) = (exact, exact, exact, exact, exact)
  }
}
