import Foundation

/// How a parent's total is spread over its parts when no part is counted itself.
///
/// Each driver gives every part a share; the mean of the drivers is the allocation. Nobody knows
/// which mix of drivers is right, so a draw takes a random mix (Dirichlet, flat) and adds the
/// measurement error of an allocated figure.
public struct Allocation: Sendable {
  /// `[driver][part]`; each driver's shares sum to 1.
  public let drivers: [[Double]]
  /// Central share of each part; sums to 1.
  public let shares: [Double]
  /// Standard deviation of the logarithm of a part's own error.
  public let noise: Double
  /// Shares of the parts that are counted themselves: published, so neither spread nor drawn.
  public let counted: [Int: Double]
  /// Parts that were counted in another year: their share then, drawn with the error of what has passed since.
  public let estimated: [Int: UncertainFactor]

  /// - Parameters:
  ///   - drivers: per driver, per part: the part's share of the parent by that driver, NaN where the
  ///     driver does not cover the part; such a part takes the mean of its other drivers.
  ///   - remainder: when true, the last part has no drivers and gets what the others leave.
  ///   - noise: standard deviation of the logarithm of a part's own error.
  ///   - counted: share of the parent, by part, of parts that publish their own figure; the drivers
  ///     spread what these leave. When every part is counted, the shares are brought to the sum 1.
  ///   - estimated: share of parts that were counted in another year; where nobody is left to be spread over,
  ///     they share what the counted parts leave.
  public init(
    drivers: [[Double]], remainder: Bool = false, noise: Double, counted: [Int: Double] = [:], estimated: [Int: UncertainFactor] = [:]
  ) {
    let parts = drivers.first?.count ?? 0
    let covered = remainder ? parts - 1 : parts
    var filled = drivers
    for part in 0..<covered {
      let seen = drivers.map { $0[part] }.filter { !$0.isNaN }
      let mean = seen.reduce(0, +) / Double(max(seen.count, 1))
      for m in filled.indices where filled[m][part].isNaN { filled[m][part] = mean }
    }
    for m in filled.indices {
      if remainder { filled[m][parts - 1] = max(0, 1 - filled[m].dropLast().reduce(0, +)) }
      let total = filled[m].reduce(0, +)
      filled[m] = filled[m].map { $0 / total }
    }
    let known = counted.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value }
    let scale = known > 1 || counted.count == parts ? 1 / known : 1
    self.counted = counted.mapValues { $0 * scale }
    self.estimated = estimated
    let own = estimated.mapValues(\.central)
    for m in filled.indices { filled[m] = Allocation.spread(filled[m], around: self.counted, own) }
    self.drivers = filled
    self.noise = noise
    shares = (0..<parts).map { part in
      filled.reduce(0) { $0 + $1[part] } / Double(max(filled.count, 1))
    }
  }

  /// Shares of one draw; they sum to 1.
  ///
  /// - Parameters:
  ///   - uniforms: one number in 0..<1 a driver, for the mix; nil for the mean of the drivers.
  ///   - deviates: one standard normal a part, for its own error.
  public func drawn(uniforms: [Double]?, deviates: [Double]) -> [Double] {
    precondition(deviates.count == shares.count, "one deviate a part")
    // Normalised exponentials are a flat Dirichlet.
    let weights = uniforms.map { $0.map { -log1p(-$0) } } ?? [Double](repeating: 1, count: drivers.count)
    let sum = weights.reduce(0, +)
    var moved = shares.indices.map { part in
      var share = 0.0
      for m in drivers.indices { share += weights[m] / sum * drivers[m][part] }
      return share * exp(noise * deviates[part])
    }
    if !counted.isEmpty || !estimated.isEmpty {
      let own = Dictionary(
        uniqueKeysWithValues: estimated.map { ($0.key, $0.value.central * exp($0.value.logSpread * deviates[$0.key])) })
      return Allocation.spread(moved, around: counted, own)
    }
    let total = moved.reduce(0, +)
    for part in moved.indices { moved[part] /= total }
    return moved
  }

  /// Shares with the counted parts put in their places, then the estimated ones, and the others sharing what these leave.
  private static func spread(_ shares: [Double], around counted: [Int: Double], _ estimated: [Int: Double]) -> [Double] {
    guard !counted.isEmpty || !estimated.isEmpty else { return shares }
    func sum(_ parts: [Int: Double]) -> Double { parts.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value } }
    let left = max(0, 1 - sum(counted))
    let own = sum(estimated)
    let free = shares.indices.filter { counted[$0] == nil && estimated[$0] == nil }
    let scale = own > 0 && (free.isEmpty || own > left) ? left / own : 1
    let rest = left - own * scale
    let total = free.reduce(0) { $0 + shares[$1] }
    return shares.indices.map { part in
      counted[part] ?? estimated[part].map { $0 * scale }
        ?? (total > 0 ? shares[part] / total * rest : rest / Double(free.count))
    }
  }
}
