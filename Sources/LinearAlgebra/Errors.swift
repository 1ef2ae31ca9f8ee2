/// What a factorisation could not do, and to which matrix.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
  case shapeMismatch(operation: String, expected: String, found: String)
  case notPositiveDefinite(matrix: String, minor: Int)
  case singular(matrix: String, pivot: Int)
  case rankDeficient(matrix: String, rank: Int, columns: Int)
  case noConvergence(matrix: String, routine: String)
  case notFinite(matrix: String)
  /// Its numbers are so large or small that their squares overflow or vanish.
  case extremeScale(matrix: String)

  public var description: String {
    switch self {
    case .shapeMismatch(let operation, let expected, let found):
      "\(operation) needs \(expected), found \(found)."
    case .notPositiveDefinite(let matrix, let minor):
      "\(matrix) is not positive definite: its leading minor of order \(minor) is not positive."
    case .singular(let matrix, let pivot):
      "\(matrix) is singular: pivot \(pivot) is exactly zero."
    case .rankDeficient(let matrix, let rank, let columns):
      "\(matrix) has rank \(rank), not \(columns): some columns repeat others."
    case .noConvergence(let matrix, let routine):
      "\(routine) did not converge on \(matrix)."
    case .notFinite(let matrix):
      "\(matrix) holds a value that is not finite."
    case .extremeScale(let matrix):
      "\(matrix) holds numbers whose squares overflow or vanish. Use another unit."
    }
  }
}
