import ModelSpecs

/// What each policy costs in each possible future, compared with the policy that does best in that future.
///
/// A policy's levers are moved on top of a future's; where both move the same lever, the policy's holds.
/// The loss of a gap is its size, short or over; of any other measure it is what the best policy has more.
/// Regret is a loss less the smallest loss of the same future. Source: METHODS M28.
public struct RegretTable: Sendable {
  public let policies: [String]
  public let futures: [String]
  /// `[policy][future]`.
  public let figures: [[Double]]
  public let regrets: [[Double]]
  /// Indices of policies by largest regret, smallest first; ties in the order given.
  public let ranking: [Int]

  /// Largest regret of a policy over the futures.
  public func worst(_ policy: Int) -> Double { regrets[policy].max() ?? 0 }

  /// - Parameters:
  ///   - neutral: the scenario on which policies and futures rest: what it moves is nobody's policy.
  ///   - isGap: whether the figure is best at zero; otherwise more is better.
  ///   - value: the figure under a scenario.
  public init<Failure: Error>(
    policies: [ScenarioSpec], futures: [ScenarioSpec], neutral: ScenarioSpec, isGap: Bool,
    value: (ScenarioSpec) throws(Failure) -> Double
  ) throws(Failure) {
    self.policies = policies.map(\.id)
    self.futures = futures.map(\.id)
    var figures: [[Double]] = []
    for policy in policies {
      let moved = Set(policy.levers(unlike: neutral).map(\.id))
      var row: [Double] = []
      for future in futures { row.append(try value(future.taking(moved, from: policy))) }
      figures.append(row)
    }
    self.figures = figures
    let losses = figures.map { $0.map { isGap ? abs($0) : -$0 } }
    let least = futures.indices.map { future in losses.map { $0[future] }.min() ?? 0 }
    let regrets = losses.map { zip($0, least).map { $0 - $1 } }
    self.regrets = regrets
    ranking = policies.indices.sorted { a, b in
      let (one, other) = (regrets[a].max() ?? 0, regrets[b].max() ?? 0)
      return one == other ? a < b : one < other
    }
  }
}
