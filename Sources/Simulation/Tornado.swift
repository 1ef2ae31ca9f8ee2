/// One-at-a-time runs: every input at its P10 and its P90 while the others stay at the baseline.
///
/// Run 0 is the baseline; input i is low in run 2i + 1 and high in run 2i + 2.
public struct TornadoDesign: Sendable {
  public let inputs: [UncertainInput]
  /// The inputs' values in the baseline run.
  public let baseline: [Double]
  private let lows: [Double]
  private let highs: [Double]

  /// What one input does by itself.
  public struct Bar: Hashable, Sendable {
    public let name: String
    /// The input's values, and the outputs at them.
    public let low: Double
    public let high: Double
    public let outputAtLow: Double
    public let outputAtHigh: Double
    /// Output at the high value less output at the low one.
    public var swing: Double { outputAtHigh - outputAtLow }
  }

  /// - Parameters:
  ///   - baseline: one value an input; the medians when nil.
  ///   - probabilities: the two quantiles at which an input is set.
  /// - Throws: `.lengthMismatch` when the baseline has another number of values.
  public init(
    _ inputs: [UncertainInput], baseline: [Double]? = nil,
    probabilities: (low: Double, high: Double) = (0.1, 0.9)
  ) throws(SimulationError) {
    let values = baseline ?? inputs.map(\.distribution.median)
    guard values.count == inputs.count else {
      throw .lengthMismatch(input: "baseline", expected: inputs.count, found: values.count)
    }
    self.inputs = inputs
    self.baseline = values
    lows = inputs.map { $0.distribution.quantile(probabilities.low) }
    highs = inputs.map { $0.distribution.quantile(probabilities.high) }
  }

  public var runs: Int { 2 * inputs.count + 1 }

  /// The inputs' values in one run.
  public func point(_ run: Int) -> [Double] {
    var values = baseline
    if run > 0 { values[(run - 1) / 2] = run % 2 == 1 ? lows[(run - 1) / 2] : highs[(run - 1) / 2] }
    return values
  }

  /// The bars, widest first (ties in the inputs' order).
  /// - Throws: `.lengthMismatch`, `.outputNotFinite`.
  public func bars(_ outputs: [Double]) throws(SimulationError) -> [Bar] {
    try check(outputs, runs: runs)
    let bars = inputs.indices.map { i in
      Bar(
        name: inputs[i].name, low: lows[i], high: highs[i], outputAtLow: outputs[2 * i + 1],
        outputAtHigh: outputs[2 * i + 2])
    }
    return bars.enumerated().sorted { a, b in
      (abs(b.element.swing), a.offset) < (abs(a.element.swing), b.offset)
    }.map(\.element)
  }
}
