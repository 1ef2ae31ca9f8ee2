import LinearAlgebra
import Messages

/// A matrix model of a population: `n(t+1) = A n(t) + entrants(t)`.
public struct ProjectionMatrix: Sendable {
  /// How a file writes the matrix.
  public enum Orientation: String, CaseIterable, Sendable {
    /// Columns feed rows: n(t+1) = A n(t), as in demography.
    case column
    /// Rows feed columns: n(t+1) = n(t) P, as with Markov chains.
    case row
  }

  public let states: [String]
  /// A, columns feed rows, whatever the file's orientation.
  public let transitions: Matrix

  /// - Parameter transitions: as written in `orientation`; square, in the order of `states`.
  /// - Throws: `.lengthMismatch` unless square; `.notACount` for a negative or non-finite element.
  public init(
    states: [String], transitions: Matrix, orientation: Orientation = .column
  ) throws(SupplyError) {
    guard transitions.rows == states.count, transitions.columns == states.count, !states.isEmpty else {
      throw .lengthMismatch(
        input: "matrix", expected: max(1, states.count * states.count), found: transitions.elements.count)
    }
    for j in states.indices {
      for i in states.indices {
        try requireCount(transitions[i, j], "matrix", at: "\(states[i]), \(states[j])")
      }
    }
    self.states = states
    self.transitions = orientation == .column ? transitions : transitions.transposed
  }

  /// The populations at t = 0...steps, in the order of `states`.
  ///
  /// - Parameter entrants: persons added at the end of step 1, 2, …; missing steps have none.
  /// - Throws: `.lengthMismatch`, `.notACount`: a start that is negative, or a path that outgrows all
  ///   numbers (its place names the step).
  public func path(from start: [Double], steps: Int, entrants: [[Double]] = []) throws(SupplyError)
    -> [[Double]]
  {
    guard start.count == states.count else {
      throw .lengthMismatch(input: "start", expected: states.count, found: start.count)
    }
    for (state, persons) in zip(states, start) { try requireCount(persons, "start", at: state) }
    for own in entrants where own.count != states.count {
      throw .lengthMismatch(input: "entrants", expected: states.count, found: own.count)
    }
    var path = [start]
    path.reserveCapacity(steps + 1)
    var now = start
    for step in 0..<max(0, steps) {
      now = transitions.times(now)
      if step < entrants.count { for i in now.indices { now[i] += entrants[step][i] } }
      for (state, persons) in zip(states, now) {
        guard persons.isFinite else {
          throw .notACount(input: "path", at: "step \(step + 1), \(state)", value: persons)
        }
      }
      path.append(now)
    }
    return path
  }

  /// `(I − A)⁻¹`, columns feeding rows: expected steps ever spent in row by one who starts in column.
  /// Nil when the growth rate is not below one: the sum of powers of A does not converge.
  public func fundamentalMatrix(growthRate: Double) -> Matrix? {
    guard growthRate < 1 else { return nil }
    var system = Matrix.identity(states.count)
    for k in system.elements.indices { system.elements[k] -= transitions.elements[k] }
    do { return try solve(system, .identity(states.count), name: "I − A") } catch { return nil }
  }
}

/// The long run of a matrix model.
public struct MatrixAnalysis: Sendable {
  /// The largest eigenvalue, real and ≥ 0 (Perron–Frobenius): growth factor a step.
  public let growthRate: Double
  /// Shares of the states in the long run, sum one; nil when they depend on the start.
  public let stableStructure: [Double]?
  /// Worth of one person in each state for the long-run size, first state with any = 1; nil likewise.
  public let reproductiveValue: [Double]?
  /// Growth rate ÷ modulus of the next eigenvalue; nil when there is none, or it is zero.
  public let dampingRatio: Double?
  /// Length of the cycle that the long run keeps; 1 = settles down.
  public let period: Int
  /// Why something is missing, and what to beware of.
  public let notes: [Bilingual]
}
