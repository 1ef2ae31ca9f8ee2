import Probability

/// Makes independent standard normals dependent, with any margins.
///
/// Give it the Cholesky factor L of a correlation matrix R = L·Lᵀ; uniforms Φ(L·z) then have that
/// Gaussian copula, and `Distribution.quantile` gives them their margins.
public struct GaussianCopula: Sendable {
  public let variables: Int
  /// Lower triangle by columns.
  private let factor: [Double]

  /// - Parameter factor: n × n, column-major, lower triangular (what stands above is not read).
  /// - Throws: `.lengthMismatch`; `.notCorrelation` when a row of L has not length 1 within 1e−8.
  public init(choleskyFactor factor: [Double], variables: Int) throws(SimulationError) {
    guard factor.count == variables * variables else {
      throw .lengthMismatch(input: "Cholesky factor", expected: variables * variables, found: factor.count)
    }
    for i in 0..<variables {
      let variance = (0...i).reduce(0) { sum, j in sum + factor[j * variables + i] * factor[j * variables + i]
      }
      guard abs(variance - 1) <= 1e-8 else { throw .notCorrelation(variable: i, variance: variance) }
    }
    self.variables = variables
    self.factor = factor
  }

  /// L·z.
  public func correlated(_ independent: [Double]) -> [Double] {
    precondition(independent.count == variables, "one normal a variable")
    return (0..<variables).map { i in
      (0...i).reduce(0) { sum, j in sum + factor[j * variables + i] * independent[j] }
    }
  }

  /// Dependent standard normals of one draw and year; variable k has index `firstIndex` + k.
  public func normals(from stream: RandomStream, draw: Int, year: Int = 0, firstIndex: Int = 0) -> [Double] {
    correlated((0..<variables).map { stream.normal(draw: draw, year: year, index: firstIndex + $0) })
  }

  /// Dependent uniforms of one draw and year.
  public func uniforms(from stream: RandomStream, draw: Int, year: Int = 0, firstIndex: Int = 0) -> [Double] {
    normals(from: stream, draw: draw, year: year, firstIndex: firstIndex).map(normalCDF)
  }
}
