/// Elementary effects on random trajectories through a grid: which inputs matter at all, for few runs.
///
/// Trajectory t has one run more than there are inputs; from run to run one input moves by
/// Δ = p / (2(p − 1)) of its range. Inputs with infinite ends move between their quantiles 0.01 and 0.99.
/// - Source: Morris (1991), *Technometrics* 33; μ* from Campolongo, Cariboni & Saltelli (2007).
public struct MorrisDesign: Sendable {
  public let inputs: [UncertainInput]
  public let trajectories: Int
  public let levels: Int
  private let stream: RandomStream

  /// How an input sways the output over the trajectories.
  public struct Effect: Hashable, Sendable {
    public let name: String
    /// Mean effect per whole range of the input; mean size; standard deviation over trajectories.
    public let mean: Double
    public let meanSize: Double
    public let deviation: Double
    /// Half the 95 % interval of the mean size.
    public let halfWidth: Double
  }

  /// The effects of all inputs and whether they are told apart.
  public struct Result: Hashable, Sendable {
    public let effects: [Effect]
    /// True when every half-width is at most a tenth of the largest mean size.
    public let isConverged: Bool
    /// True when the output is the same in every run but for rounding.
    public let isConstant: Bool
  }

  /// - Throws: `.tooFewSamples` for fewer than two trajectories or an odd or too small number of levels.
  public init(
    _ inputs: [UncertainInput], trajectories: Int = 20, levels: Int = 4, stream: RandomStream
  ) throws(SimulationError) {
    guard trajectories >= 2 else { throw .tooFewSamples(found: trajectories, least: 2) }
    guard levels >= 2, levels % 2 == 0 else { throw .tooFewSamples(found: levels, least: 2) }
    self.inputs = inputs
    self.trajectories = trajectories
    self.levels = levels
    self.stream = stream
  }

  public var runs: Int { trajectories * (inputs.count + 1) }

  /// The inputs' values in one run.
  public func point(_ run: Int) -> [Double] {
    let path = Path(self, trajectory: run / (inputs.count + 1))
    let step = run % (inputs.count + 1)
    return inputs.indices.map { i in
      let moved = path.order[i] < step
      let u = path.start[i] + (moved ? path.sign[i] * delta : 0)
      return value(of: inputs[i].distribution, at: min(1, max(0, u)))
    }
  }

  /// - Throws: `.lengthMismatch`, `.outputNotFinite`.
  public func effects(_ outputs: [Double]) throws(SimulationError) -> Result {
    try check(outputs, runs: runs)
    var signed = inputs.map { _ in Moments() }
    var sizes = inputs.map { _ in Moments() }
    for t in 0..<trajectories {
      let path = Path(self, trajectory: t)
      let first = t * (inputs.count + 1)
      for i in inputs.indices {
        let step = path.order[i]
        let effect = (outputs[first + step + 1] - outputs[first + step]) / (path.sign[i] * delta)
        signed[i].add(effect)
        sizes[i].add(abs(effect))
      }
    }
    let effects = inputs.indices.map { i in
      Effect(
        name: inputs[i].name, mean: signed[i].mean, meanSize: sizes[i].mean,
        deviation: signed[i].standardDeviation, halfWidth: 1.959963984540054 * sizes[i].standardError)
    }
    let largest = effects.map(\.meanSize).max() ?? 0
    return Result(
      effects: effects, isConverged: largest > 0 && effects.allSatisfy { $0.halfWidth <= 0.1 * largest }, isConstant: areEqual(outputs))
  }

  private var delta: Double { Double(levels) / Double(2 * (levels - 1)) }

  private func value(of distribution: Distribution, at u: Double) -> Double {
    let ends = (distribution.quantile(0), distribution.quantile(1))
    if ends.0.isFinite, ends.1.isFinite { return distribution.quantile(u) }
    return distribution.quantile(0.01 + 0.98 * u)
  }

  /// Where a trajectory starts, which way each input goes, and when.
  private struct Path {
    let start: [Double]
    let sign: [Double]
    /// Input i moves in step `order[i]`.
    let order: [Int]

    init(_ design: MorrisDesign, trajectory: Int) {
      let count = design.inputs.count
      let bits = { (i: Int, index: Int) in design.stream.bits(draw: trajectory, year: i, index: index) }
      sign = (0..<count).map { bits($0, 0) >> 63 == 0 ? 1 : -1 }
      start = (0..<count).map { i in
        let level = bits(i, 1).multipliedFullWidth(by: UInt64(design.levels / 2)).high
        let low = Double(level) / Double(design.levels - 1)
        return bits(i, 0) >> 63 == 0 ? low : low + design.delta
      }
      var steps = Array(0..<count)
      for k in stride(from: count - 1, to: 0, by: -1) {
        steps.swapAt(k, Int(bits(k, 2).multipliedFullWidth(by: UInt64(k + 1)).high))
      }
      order = steps
    }
  }
}
