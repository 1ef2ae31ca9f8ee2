/// Shares of the output's variance that go back to each input or group of inputs.
///
/// For each of N base samples k there are G + 2 runs: A, B, and A with group g taken from B. A and B are the
/// two halves of scrambled Sobol' points (independent draws beyond 32 inputs).
/// - Source: Saltelli et al. (2010), *Computer Physics Communications* 181: first order by estimator (b),
///   total by Jansen's, table 2 (f).
public struct SobolDesign: Sendable {
  public let inputs: [UncertainInput]
  public let groups: [InputGroup]
  public let samples: Int
  private let points: PointSet
  private let stream: RandomStream

  /// An index with its 95 % bootstrap interval.
  public struct Index: Hashable, Sendable {
    public let value: Double
    public let low: Double
    public let high: Double
    public var halfWidth: Double { (high - low) / 2 }
  }

  /// First-order and total share of an input or group, with 95 % intervals.
  public struct Share: Hashable, Sendable {
    public let name: String
    /// What the variance would lose if the group were known.
    public let first: Index
    /// What would be left if everything else were known.
    public let total: Index
  }

  /// The shares of all inputs and whether they have converged.
  public struct Result: Hashable, Sendable {
    public let mean: Double
    public let variance: Double
    /// Empty when the output does not vary: there is nothing to share.
    public let shares: [Share]
    /// False when some interval is wider than ±0.1 or some first-order index is below −0.02, also when
    /// the output does not vary: then the numbers must not be read as shares.
    public let isConverged: Bool
    /// True when the output is the same in every run but for rounding.
    public let isConstant: Bool
  }

  /// - Parameters:
  ///   - samples: base samples N, best a power of two; the model runs N · (groups + 2) times.
  ///   - groups: see `InputGroup.covering`.
  /// - Throws: `.tooFewSamples` below 4.
  public init(
    _ inputs: [UncertainInput], groups: [InputGroup], samples: Int, stream: RandomStream
  ) throws(SimulationError) {
    guard samples >= 4 else { throw .tooFewSamples(found: samples, least: 4) }
    self.inputs = inputs
    self.groups = groups
    self.samples = samples
    self.stream = stream
    let dimensions = 2 * inputs.count
    if dimensions <= JoeKuo.dimensions {
      points = try sobolPoints(count: samples, dimensions: dimensions, scrambling: .owen, stream: stream)
    } else {
      let independent = (0..<samples).flatMap { k in
        (0..<dimensions).map { stream.openUniform(draw: k, year: $0) }
      }
      points = PointSet(count: samples, dimensions: dimensions, coordinates: independent)
    }
  }

  public var runs: Int { samples * (groups.count + 2) }

  /// The inputs' values in one run.
  public func point(_ run: Int) -> [Double] {
    let (sample, which) = run.quotientAndRemainder(dividingBy: groups.count + 2)
    var fromB = [Bool](repeating: which == 1, count: inputs.count)
    if which >= 2 { for i in groups[which - 2].members { fromB[i] = true } }
    return inputs.indices.map { i in
      inputs[i].distribution.quantile(points[sample, fromB[i] ? inputs.count + i : i])
    }
  }

  /// - Parameter resamples: bootstrap repetitions over base samples.
  /// - Throws: `.lengthMismatch`, `.outputNotFinite`.
  public func indices(_ outputs: [Double], resamples: Int = 300) throws(SimulationError) -> Result {
    try check(outputs, runs: runs)
    let width = groups.count + 2
    let pooled = Moments((0..<samples).lazy.flatMap { [outputs[$0 * width], outputs[$0 * width + 1]] })
    if areEqual(outputs) {
      return Result(mean: pooled.mean, variance: 0, shares: [], isConverged: false, isConstant: true)
    }
    let centred = outputs.map { $0 - pooled.mean }  // same indices, smaller rounding and variance
    let estimate = Estimate(centred, samples: samples, groups: groups.count) { $0 }
    var first = groups.map { _ in [Double]() }
    var total = first
    for repetition in 0..<resamples {
      let again = Estimate(centred, samples: samples, groups: groups.count) { k in
        let bits = stream.bits(draw: k, year: repetition, index: 7)
        return Int(bits.multipliedFullWidth(by: UInt64(samples)).high)
      }
      for g in groups.indices {
        first[g].append(again.first[g])
        total[g].append(again.total[g])
      }
    }
    let shares = groups.indices.map { g in
      Share(
        name: groups[g].name, first: index(estimate.first[g], first[g]),
        total: index(estimate.total[g], total[g]))
    }
    let isConverged = shares.allSatisfy { share in
      share.first.halfWidth <= 0.1 && share.total.halfWidth <= 0.1 && share.first.value >= -0.02
    }
    return Result(
      mean: pooled.mean, variance: estimate.variance, shares: shares,
      isConverged: isConverged && estimate.variance > 0, isConstant: false)
  }

  private func index(_ value: Double, _ repetitions: [Double]) -> Index {
    let ends = quantiles(repetitions, at: [0.025, 0.975])
    return Index(value: value, low: ends[0], high: ends[1])
  }

  private struct Estimate {
    let variance: Double
    let first: [Double]
    let total: [Double]

    init(_ f: [Double], samples: Int, groups: Int, choose: (Int) -> Int) {
      let width = groups + 2
      var (sum, squares) = (0.0, 0.0)
      var first = [Double](repeating: 0, count: groups)
      var total = first
      for k in 0..<samples {
        let at = choose(k) * width
        let (a, b) = (f[at], f[at + 1])
        sum += a + b
        squares += a * a + b * b
        for g in 0..<groups {
          let mixed = f[at + 2 + g]
          first[g] += b * (mixed - a)
          total[g] += (a - mixed) * (a - mixed)
        }
      }
      let n = Double(samples)
      let variance = (squares - sum * sum / (2 * n)) / (2 * n - 1)
      self.variance = variance
      self.first = first.map { $0 / n / variance }
      self.total = total.map { $0 / (2 * n) / variance }
    }
  }
}
