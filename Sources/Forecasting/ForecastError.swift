/// Why a run could not be carried out.
public enum ForecastError: Error, Equatable, Sendable, CustomStringConvertible {
  case noBaseStock(first: Int, base: Int)
  case notConserved(year: Int, expected: Double, found: Double)

  public var description: String {
    switch self {
    case .noBaseStock(let first, let base):
      "The stock needs a published figure in \(first) and in \(base). Change `years` in the model or add the figures."
    case .notConserved(let year, let expected, let found):
      "Persons are not conserved in \(year): expected \(expected), found \(found)."
    }
  }
}
