import Foundation
import Probability

/// An uncertain quantity as people state it.
///
/// Every form is drawn by inversion of a single uniform, so a draw is monotone in it: the same chance
/// under two scenarios moves both the same way.
public struct Distribution: Hashable, Sendable {
  /// Two-piece normal in the value or in its logarithm.
  public enum Scale: String, Hashable, Sendable, Codable { case linear, logarithmic }

  enum Form: Hashable, Sendable {
    case point(Double)
    case uniform(Double, Double)
    case normal(Double, Double)
    case logNormal(Double, Double)
    case triangular(Double, Double, Double)
    case scaledBeta(Double, Double, low: Double, high: Double)
    case gamma(shape: Double, scale: Double)
    case student(degrees: Double, location: Double, scale: Double)
    case twoPiece(median: Double, below: Double, above: Double, Scale)
  }

  let form: Form
}

/// The ways to state one. Each throws `SimulationError` when a parameter makes no sense.
extension Distribution {
  /// Certain.
  public static func point(_ value: Double) throws(SimulationError) -> Distribution {
    try check("point", ["value": value])
    return Distribution(form: .point(value))
  }

  /// Equally likely between two ends.
  public static func uniform(_ low: Double, _ high: Double) throws(SimulationError) -> Distribution {
    try increasing("uniform", [low, high])
    return Distribution(form: .uniform(low, high))
  }

  /// Normal, by mean and standard deviation.
  public static func normal(mean: Double, standardDeviation: Double) throws(SimulationError) -> Distribution {
    try check("normal", ["mean": mean], positive: ["standard deviation": standardDeviation])
    return Distribution(form: .normal(mean, standardDeviation))
  }

  /// Normal with 80 % of its mass between the bounds.
  public static func normal(interval80 low: Double, _ high: Double) throws(SimulationError) -> Distribution {
    try increasing("normal", [low, high])
    return Distribution(form: .normal((low + high) / 2, (high - low) / 2 / upperDecile))
  }

  /// exp of a normal with the given mean and standard deviation of the logarithm.
  public static func logNormal(logMean: Double, logDeviation: Double) throws(SimulationError) -> Distribution {
    try check("log-normal", ["mean of the logarithm": logMean], positive: ["deviation": logDeviation])
    return Distribution(form: .logNormal(logMean, logDeviation))
  }

  /// For positive multipliers: log-normal with 80 % of its mass between the bounds, the median is their
  /// geometric mean.
  public static func logNormal(interval80 low: Double, _ high: Double) throws(SimulationError) -> Distribution {
    try check("log-normal", [:], positive: ["lower bound": low])
    try increasing("log-normal", [low, high])
    return Distribution(form: .logNormal((log(low) + log(high)) / 2, log(high / low) / 2 / upperDecile))
  }

  /// Triangular, by its ends and its mode.
  public static func triangular(
    low: Double, mode: Double, high: Double
  ) throws(SimulationError) -> Distribution {
    try ordered("triangular", low, mode, high)
    return Distribution(form: .triangular(low, mode, high))
  }

  /// A beta on [low, high] with mean (low + w·mode + high)/(w + 2).
  /// - Source: Malcolm et al. (1959), *Operations Research* 7; `weight` w = 4.
  public static func pert(
    low: Double, mode: Double, high: Double, weight: Double = 4
  ) throws(SimulationError) -> Distribution {
    try ordered("PERT", low, mode, high)
    try check("PERT", [:], positive: ["weight": weight])
    let place = (mode - low) / (high - low)
    return Distribution(
      form: .scaledBeta(1 + weight * place, 1 + weight * (1 - place), low: low, high: high))
  }

  /// Beta on 0…1, by its two shapes.
  public static func beta(_ alpha: Double, _ beta: Double) throws(SimulationError) -> Distribution {
    try check("beta", [:], positive: ["alpha": alpha, "beta": beta])
    return Distribution(form: .scaledBeta(alpha, beta, low: 0, high: 1))
  }

  /// Mean shape · scale.
  public static func gamma(shape: Double, scale: Double) throws(SimulationError) -> Distribution {
    try check("gamma", [:], positive: ["shape": shape, "scale": scale])
    return Distribution(form: .gamma(shape: shape, scale: scale))
  }

  /// Student's t, shifted and scaled.
  public static func studentT(
    degreesOfFreedom: Double, location: Double = 0, scale: Double = 1
  ) throws(SimulationError) -> Distribution {
    try check(
      "Student's t", ["location": location],
      positive: ["degrees of freedom": degreesOfFreedom, "scale": scale])
    return Distribution(form: .student(degrees: degreesOfFreedom, location: location, scale: scale))
  }

  /// Through three quantiles: the median and two bounds that hold `level` of the mass between them.
  ///
  /// The quantile function is normal on either side of the median, with its own deviation (a two-piece
  /// normal); on the logarithmic scale for positive quantities.
  public static func quantiles(
    low: Double, median: Double, high: Double, level: Double = 0.8, scale: Scale = .linear
  ) throws(SimulationError) -> Distribution {
    try increasing("quantile triple", [low, median, high])
    guard level > 0, level < 1 else {
      throw .parameterOutOfRange(
        distribution: "quantile triple", parameter: "level", value: level, required: "it lies between 0 and 1"
      )
    }
    if scale == .logarithmic { try check("quantile triple", [:], positive: ["lower bound": low]) }
    let by = scale == .logarithmic ? { log($0) } : { (x: Double) in x }
    let z = normalQuantile(0.5 + level / 2)
    return Distribution(
      form: .twoPiece(
        median: by(median), below: (by(median) - by(low)) / z, above: (by(high) - by(median)) / z, scale))
  }

  /// Φ⁻¹(0.9).
  private static var upperDecile: Double { 1.2815515655446004 }

  private static func check(
    _ name: String, _ finite: KeyValuePairs<String, Double>, positive: KeyValuePairs<String, Double> = [:]
  ) throws(SimulationError) {
    for (parameter, value) in finite where !value.isFinite {
      throw .parameterOutOfRange(
        distribution: name, parameter: parameter, value: value, required: "it must be a number")
    }
    for (parameter, value) in positive where !(value > 0 && value.isFinite) {
      throw .parameterOutOfRange(
        distribution: name, parameter: parameter, value: value, required: "it must be positive")
    }
  }

  private static func increasing(_ name: String, _ values: [Double]) throws(SimulationError) {
    guard values.allSatisfy(\.isFinite), zip(values, values.dropFirst()).allSatisfy({ $0 < $1 }) else {
      throw .outOfOrder(distribution: name, values: values)
    }
  }

  private static func ordered(
    _ name: String, _ low: Double, _ mode: Double, _ high: Double
  ) throws(SimulationError) {
    guard low.isFinite, high.isFinite, low <= mode, mode <= high, low < high else {
      throw .outOfOrder(distribution: name, values: [low, mode, high])
    }
  }
}

extension Distribution {
  /// The value below which a share p of the mass lies; p = 0 and 1 give the ends, infinite or not.
  public func quantile(_ p: Double) -> Double {
    guard p >= 0, p <= 1 else { return .nan }
    switch form {
    case .point(let value): return value
    case .uniform(let low, let high): return low + p * (high - low)
    case .normal(let mean, let deviation): return mean + deviation * normalQuantile(p)
    case .logNormal(let mean, let deviation): return exp(mean + deviation * normalQuantile(p))
    case .triangular(let low, let mode, let high):
      let width = high - low
      let turn = (mode - low) / width
      return p <= turn
        ? low + (p * width * (mode - low)).squareRoot()
        : high - ((1 - p) * width * (high - mode)).squareRoot()
    case .scaledBeta(let a, let b, let low, let high):
      let (x, complement) = betaQuantile(p, a, b)
      return x < 0.5 ? low + x * (high - low) : high - complement * (high - low)
    case .gamma(let shape, let scale): return scale * gammaQuantile(p, shape)
    case .student(let degrees, let location, let scale): return location + scale * studentQuantile(p, degrees: degrees)
    case .twoPiece(let median, let below, let above, let scale):
      let z = normalQuantile(p)
      let value = median + (z < 0 ? below : above) * z
      return scale == .logarithmic ? exp(value) : value
    }
  }

  public var median: Double { quantile(0.5) }
}

extension RandomStream {
  /// A draw of a stated distribution by inversion.
  public func sample(_ distribution: Distribution, draw: Int, year: Int = 0, index: Int = 0) -> Double {
    distribution.quantile(openUniform(draw: draw, year: year, index: index))
  }
}
