/// What cannot be drawn from, sampled or compared, and why.
public enum SimulationError: Error, Equatable, Sendable, CustomStringConvertible {
  case parameterOutOfRange(distribution: String, parameter: String, value: Double, required: String)
  case outOfOrder(distribution: String, values: [Double])
  case tooManyDimensions(found: Int, most: Int)
  case lengthMismatch(input: String, expected: Int, found: Int)
  case notCorrelation(variable: Int, variance: Double)
  case tooFewSamples(found: Int, least: Int)
  case unknownInput(group: String, name: String)
  case outputNotFinite(run: Int, value: Double)

  public var description: String {
    switch self {
    case .parameterOutOfRange(let distribution, let parameter, let value, let required):
      "\(distribution): \(parameter) is \(value); \(required)"
    case .outOfOrder(let distribution, let values):
      "\(distribution): \(values.map { "\($0)" }.joined(separator: ", ")) do not increase"
    case .tooManyDimensions(let found, let most):
      "Sobol' points have at most \(most) dimensions here; \(found) were asked for"
    case .lengthMismatch(let input, let expected, let found):
      "\(input) has \(found) values where \(expected) are needed"
    case .notCorrelation(let variable, let variance):
      "the factor gives variable \(variable) the variance \(variance); a correlation matrix has 1"
    case .tooFewSamples(let found, let least): "\(found) samples; at least \(least) are needed"
    case .unknownInput(let group, let name): "group '\(group)' names '\(name)', which is no input"
    case .outputNotFinite(let run, let value): "run \(run) gave \(value); every output must be a number"
    }
  }
}
