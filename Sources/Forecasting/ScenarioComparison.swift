import ModelSpecs

/// The difference of a figure between two scenarios, attributed to the levers they move differently.
///
/// Shapley: a lever's part is the mean of what it adds over every order in which the levers could be moved,
/// so the parts add up to the difference and no order is preferred. Ordered: each lever is moved after
/// those before it in the registry. Source: METHODS M28.
public struct ScenarioComparison: Sendable {
  /// A lever's part of the difference.
  public struct Part: Sendable {
    public let lever: Lever
    public let change: Double
    /// What the lever does alone; where it differs from `change`, levers act together.
    public let alone: Double
  }

  /// How the difference is shared among levers: over all orders, or in the order of the registry.
  public enum Attribution: String, Sendable, Codable { case shapley, ordered }

  /// More levers than these take too many runs: 2^k.
  public static let mostLevers = 8

  public let from: String
  public let to: String
  public let before: Double
  public let after: Double
  public let attribution: Attribution
  public let parts: [Part]
  /// The difference less what every lever does alone.
  public var interaction: Double { (after - before) - parts.reduce(0) { $0 + $1.alone } }

  /// - Parameters:
  ///   - value: the figure under a scenario; called for 2^k scenarios (Shapley) or 2k (ordered).
  /// - Throws: what `value` throws.
  public init<Failure: Error>(
    _ from: ScenarioSpec, _ to: ScenarioSpec, ordered: Bool = false,
    value: (ScenarioSpec) throws(Failure) -> Double
  ) throws(Failure) {
    let levers = from.levers(unlike: to)
    let count = levers.count
    attribution = ordered || count > ScenarioComparison.mostLevers ? .ordered : .shapley
    (self.from, self.to) = (from.id, to.id)
    func figure(_ taken: Int) throws(Failure) -> Double {
      let chosen = levers.indices.filter { taken >> $0 & 1 == 1 }.map { levers[$0].id }
      return try value(from.taking(Set(chosen), from: to))
    }
    let start = try figure(0)
    before = start
    var parts: [Part] = []
    switch attribution {
    case .ordered:
      var last = start
      for k in 0..<count {
        let next = try figure((1 << (k + 1)) - 1)
        parts.append(Part(lever: levers[k], change: next - last, alone: try figure(1 << k) - start))
        last = next
      }
      after = last
    case .shapley:
      var figures: [Double] = [start]
      for taken in stride(from: 1, to: 1 << count, by: 1) { figures.append(try figure(taken)) }
      for k in 0..<count {
        var change = 0.0
        for taken in figures.indices where taken >> k & 1 == 0 {
          change += weight(taken.nonzeroBitCount, of: count) * (figures[taken | 1 << k] - figures[taken])
        }
        parts.append(Part(lever: levers[k], change: change, alone: figures[1 << k] - start))
      }
      after = figures[figures.count - 1]
    }
    self.parts = parts
  }
}

/// s! (k − s − 1)! / k!: how many of the k! orders move exactly these s levers first.
private func weight(_ size: Int, of count: Int) -> Double {
  var choices = 1.0
  for i in 0..<size { choices = choices * Double(count - 1 - i) / Double(i + 1) }
  return 1 / (Double(count) * choices)
}
