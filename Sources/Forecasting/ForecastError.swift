import Supply

/// Why a run could not be carried out.
public enum ForecastError: Error, Equatable, Sendable, CustomStringConvertible {
  case noBaseStock(first: Int, base: Int)
  /// A population could not be projected.
  case supply(SupplyError)

  public var description: String {
    switch self {
    case .noBaseStock(let first, let base):
      "The stock needs a published figure in \(first) and in \(base). Change `years` in the model or add the figures."
    case .supply(let error):
      "\(error)"
    }
  }
}
