import LinearAlgebra

/// An open Leontief model: what every industry must produce so that a final demand is met.
///
///     x = A·x + f   ⇒   x = (I − A)⁻¹·f
///
/// Use it to translate a scenario for one sector into growth of all industries, not to forecast: provincial
/// tables are published every five years. Source: Miller & Blair, Input–Output Analysis, ch. 2; METHODS M12.
public struct InputOutput: Sendable {
  /// (I − A)⁻¹: output of row industry per unit of final demand for column industry.
  public let inverse: Matrix

  /// - Parameter coefficients: A, inputs from row industry per unit of output of column industry; square, ≥ 0.
  /// - Throws: `InputOutputError`; an economy that uses up what it produces has no solution.
  public init(coefficients: [[Double]]) throws(InputOutputError) {
    let count = coefficients.count
    guard count > 0, coefficients.allSatisfy({ $0.count == count }) else { throw .notSquare }
    for (i, row) in coefficients.enumerated() {
      if let j = row.firstIndex(where: { !($0 >= 0 && $0.isFinite) }) { throw .notACoefficient(row: i, column: j) }
    }
    var system = Matrix(rows: count, columns: count)
    var identity = Matrix(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<count { system[i, j] = (i == j ? 1 : 0) - coefficients[i][j] }
      identity[i, i] = 1
    }
    do {
      inverse = try solve(system, identity, name: "I − A")
    } catch {
      throw .unproductive
    }
    // Hawkins & Simon: a productive economy has a non-negative inverse with ones or more on the diagonal.
    let productive = (0..<count).allSatisfy { i in (0..<count).allSatisfy { inverse[i, $0] >= -1e-12 } && inverse[i, i] >= 1 - 1e-9 }
    guard productive else { throw .unproductive }
  }

  /// Output of every industry for a final demand, in the same unit of value.
  public func output(finalDemand: [Double]) throws(InputOutputError) -> [Double] {
    guard finalDemand.count == inverse.rows else { throw .wrongLength(finalDemand.count, expected: inverse.rows) }
    return inverse.times(finalDemand)
  }

  /// Persons in all industries together per unit of final demand for each industry.
  ///
  /// - Parameter persons: persons per unit of output of each industry.
  public func employmentMultipliers(persons: [Double]) throws(InputOutputError) -> [Double] {
    guard persons.count == inverse.rows else { throw .wrongLength(persons.count, expected: inverse.rows) }
    return inverse.times(persons, transposeSelf: true)
  }
}

/// Why an input–output table cannot be used.
public enum InputOutputError: Error, Equatable {
  case notSquare
  case notACoefficient(row: Int, column: Int)
  /// Producing a unit takes a unit or more, directly or through others.
  case unproductive
  case wrongLength(Int, expected: Int)
}
