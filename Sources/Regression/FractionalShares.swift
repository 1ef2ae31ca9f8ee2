import Foundation
import LinearAlgebra

/// Shares of K categories that add up to 1, explained together: sₖ = exp(x'βₖ) / Σ exp(x'βₗ), the last
/// category's β being 0. Shares of 0 and 1 are allowed.
///
/// Quasi-maximum likelihood by Newton's method with step halving; covariance robust (HC0), because
/// shares are not counts. Source: Papke & Wooldridge (1996); Mullahy (2015), *Journal of Econometric
/// Methods* 4, 71–100.
public struct FractionalShares: Sendable {
  public let categories: [String]
  public let names: [String]
  /// names × (K − 1).
  public let coefficients: Matrix
  /// Of the coefficients, one category after the other.
  public let covariance: Matrix
  /// Σ w Σₖ sₖ ln ŝₖ.
  public let quasiLikelihood: Double
  public let iterations: Int

  /// Predicted shares: rows × K, each row sums to 1.
  public func shares(_ design: Matrix) -> Matrix {
    let scores = design.times(coefficients)
    let (n, k) = (design.rows, categories.count)
    var shares = Matrix(rows: n, columns: k)
    for i in 0..<n {
      var largest = 0.0
      for j in 0..<k - 1 { largest = max(largest, scores[i, j]) }
      var total = exp(-largest)
      shares[i, k - 1] = total
      for j in 0..<k - 1 {
        shares[i, j] = exp(scores[i, j] - largest)
        total += shares[i, j]
      }
      for j in 0..<k { shares[i, j] /= total }
    }
    return shares
  }

  /// - Parameters:
  ///   - shares: rows × K, each row ≥ 0 and summing to 1 (to 1e-6).
  ///   - design: rows × names of full rank.
  /// - Throws: `.responseOutOfRange` naming the row; `.separation` when a share runs to 0 or 1.
  public init(
    shares observed: Matrix, categories: [String], design: Matrix, names: [String], weights: [Double]? = nil
  ) throws(RegressionError) {
    let (n, p, k) = (design.rows, design.columns, observed.columns)
    guard observed.rows == n else {
      throw .lengthMismatch(input: "shares", expected: n, found: observed.rows)
    }
    guard categories.count == k, k >= 2 else {
      throw .lengthMismatch(input: "categories", expected: max(k, 2), found: categories.count)
    }
    guard names.count == p else { throw .lengthMismatch(input: "names", expected: p, found: names.count) }
    for i in 0..<n {
      let row = observed.row(i)
      guard row.allSatisfy({ $0 >= 0 }), abs(row.reduce(0, +) - 1) < 1e-6 else {
        throw .responseOutOfRange(family: "shares", row: i, value: row.reduce(0, +))
      }
    }
    var state = ShareScoring(observed: observed, design: design, weights: weights)
    do {
      try state.run(names)
      (coefficients, iterations, quasiLikelihood) = (state.coefficients, state.iterations, state.likelihood)
      covariance = try state.robustCovariance()
    } catch let error as RegressionError {
      throw error
    } catch let error as LinearAlgebraError {
      throw .linearAlgebra(error)
    } catch {
      preconditionFailure("no other error is thrown: \(error)")
    }
    (self.categories, self.names) = (categories, names)
  }
}

private struct ShareScoring {
  let observed: Matrix
  let design: Matrix
  let weights: [Double]?
  var coefficients: Matrix
  var likelihood = -Double.infinity
  var iterations = 0

  init(observed: Matrix, design: Matrix, weights: [Double]?) {
    (self.observed, self.design, self.weights) = (observed, design, weights)
    coefficients = Matrix(rows: design.columns, columns: observed.columns - 1)
    likelihood = likelihood(coefficients)
  }

  private func predicted(_ coefficients: Matrix) -> Matrix {
    let scores = design.times(coefficients)
    var shares = Matrix(rows: scores.rows, columns: scores.columns + 1)
    for i in 0..<scores.rows {
      let row = scores.row(i) + [0]
      let largest = row.max() ?? 0
      let total = row.reduce(0) { $0 + exp($1 - largest) }
      for j in row.indices { shares[i, j] = exp(row[j] - largest) / total }
    }
    return shares
  }

  private func likelihood(_ coefficients: Matrix) -> Double {
    let shares = predicted(coefficients)
    var sum = 0.0
    for j in 0..<shares.columns {
      for i in 0..<shares.rows where observed[i, j] > 0 {
        sum += (weights?[i] ?? 1) * observed[i, j] * log(max(shares[i, j], 1e-300))
      }
    }
    return sum
  }

  private func factor(_ shares: Matrix, _ a: Int, _ b: Int) -> [Double] {
    (0..<shares.rows).map {
      (weights?[$0] ?? 1) * (a == b ? shares[$0, a] * (1 - shares[$0, a]) : -shares[$0, a] * shares[$0, b])
    }
  }

  private func information(_ shares: Matrix) -> Matrix {
    let (p, q) = (design.columns, observed.columns - 1)
    var matrix = Matrix(rows: p * q, columns: p * q)
    for a in 0..<q {
      for b in a..<q {
        var weighted = design
        let factors = factor(shares, a, b)
        for j in 0..<p { for i in 0..<design.rows { weighted[i, j] *= factors[i] } }
        let block = design.times(weighted, transposeSelf: true)
        for j in 0..<p {
          for i in 0..<p {
            matrix[a * p + i, b * p + j] = block[i, j]
            matrix[b * p + j, a * p + i] = block[i, j]
          }
        }
      }
    }
    return matrix
  }

  /// Each row's contribution to the gradient: rows × p·(K − 1).
  private func scores(_ shares: Matrix) -> Matrix {
    let (p, q) = (design.columns, observed.columns - 1)
    var scores = Matrix(rows: design.rows, columns: p * q)
    for a in 0..<q {
      for j in 0..<p {
        for i in 0..<design.rows {
          scores[i, a * p + j] = (weights?[i] ?? 1) * (observed[i, a] - shares[i, a]) * design[i, j]
        }
      }
    }
    return scores
  }

  mutating func run(_ names: [String]) throws {
    let rank = try PivotedQR(design, name: "the design matrix")
    guard rank.rank == design.columns else {
      throw RegressionError.noCoefficients(dropped: rank.dependentColumns.map { names[$0] })
    }
    for _ in 0..<200 {
      iterations += 1
      let shares = predicted(coefficients)
      let ones = [Double](repeating: 1, count: design.rows)
      let slope = scores(shares).times(ones, transposeSelf: true)
      let step: [Double]
      do {
        step = try Cholesky(information(shares), name: "the information").solve(slope)
      } catch { throw RegressionError.separation(columns: names, rows: []) }
      var share = 1.0
      while true {
        var trial = coefficients
        for k in step.indices { trial.elements[k] += share * step[k] }
        let reached = likelihood(trial)
        if reached >= likelihood - 1e-12 * abs(likelihood) || share < 1e-9 {
          (coefficients, likelihood) = (trial, reached)
          break
        }
        share /= 2
      }
      let largest = zip(step, coefficients.elements).reduce(0) { max($0, abs($1.0) / (1 + abs($1.1))) }
      if largest < 1e-11 { return }
      if iterations > 40, coefficients.elements.contains(where: { abs($0) > 1e4 }) {
        throw RegressionError.separation(columns: names, rows: [])
      }
    }
    throw RegressionError.noConvergence(what: "fractional shares", iterations: iterations)
  }

  func robustCovariance() throws -> Matrix {
    let shares = predicted(coefficients)
    let bread = try Cholesky(information(shares), name: "the information").solve(
      .identity(coefficients.elements.count))
    return bread.times(scores(shares).gram).times(bread)
  }
}
