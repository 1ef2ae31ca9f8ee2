import Foundation
import LinearAlgebra
import Messages

/// Transition probabilities from counted moves.
///
/// Source: Anderson & Goodman (1957), *Annals of Mathematical Statistics* 28, 89–110.
public struct TransitionEstimate: Hashable, Sendable {
  /// p̂_ij = (f_ij + α) ÷ Σ_j (f_ij + α); rows without any count and without prior are zero.
  public let shares: [[Double]]
  /// √(p̂ (1 − p̂) ÷ n_i), n_i with the prior's weight; nil in rows without observations.
  public let standardErrors: [[Double?]]
  /// Σ f_ij ln p̂_ij over the observed moves.
  public let logLikelihood: Double

  /// - Parameters:
  ///   - counts: square, moves from row to column; several years are added up beforehand.
  ///   - prior: Dirichlet weight α of every cell; 0 = maximum likelihood, ½ for sparse rows.
  /// - Throws: `.lengthMismatch`, `.notACount`.
  public init(counts: [[Double]], prior: Double = 0) throws(SupplyError) {
    try requireCount(prior, "prior", at: "Dirichlet")
    var (shares, errors): ([[Double]], [[Double?]]) = ([], [])
    var likelihood = 0.0
    for (i, row) in counts.enumerated() {
      guard row.count == counts.count else {
        throw .lengthMismatch(input: "counts", expected: counts.count, found: row.count)
      }
      for (j, count) in row.enumerated() { try requireCount(count, "counts", at: "\(i + 1) → \(j + 1)") }
      let total = row.reduce(0, +) + prior * Double(row.count)
      let own = row.map { total > 0 ? ($0 + prior) / total : 0 }
      shares.append(own)
      errors.append(own.map { total > 0 ? ($0 * (1 - $0) / total).squareRoot() : nil })
      for (count, share) in zip(row, own) where count > 0 { likelihood += count * log(share) }
    }
    self.shares = shares
    standardErrors = errors
    logLikelihood = likelihood
  }

  /// The structure that the chain keeps: π P = π, Σ π = 1.
  /// - Throws: `.notSolvable` when there is no single one.
  public func stationary() throws(SupplyError) -> [Double] {
    let count = shares.count
    var system = Matrix(rows: count, columns: count)
    for i in 0..<count {
      for j in 0..<count { system[j, i] = j == count - 1 ? 1 : shares[i][j] - (i == j ? 1 : 0) }
    }
    let right = Matrix(rows: count, columns: 1, elements: (0..<count).map { $0 == count - 1 ? 1 : 0 })
    do {
      let solution = try solve(system, right, name: "I − P")
      let worst = solution.elements.map { abs($0) }.max() ?? 0
      guard worst <= 1 + 1e-6 else {
        throw SupplyError.notSolvable(
          what: Bilingual(zh: "平稳结构", en: "stationary structure"),
          reason: Bilingual(zh: "链条不连通", en: "the chain falls apart."))
      }
      return solution.elements
    } catch {
      throw .notSolvable(
        what: Bilingual(zh: "平稳结构", en: "stationary structure"),
        reason: Bilingual(zh: "链条分成互不连通的几组", en: "the chain falls apart into groups that do not meet."))
    }
  }

  /// Whether several years moved alike: χ² = Σ_t Σ_ij n_i(t) (p̂_ij(t) − p̂_ij)² ÷ p̂_ij.
  ///
  /// - Returns: the statistic and its degrees of freedom: per origin, (years observed − 1) × (cells
  ///   used − 1).
  public static func homogeneity(_ years: [[[Double]]]) throws(SupplyError) -> (
    chiSquare: Double, degrees: Int
  ) {
    guard let first = years.first, years.count > 1 else {
      throw .tooFewObservations(what: "homogeneity of years", needed: 2, found: years.count)
    }
    var pooled = first.map { $0.map { _ in 0.0 } }
    for year in years {
      guard year.count == first.count else {
        throw .lengthMismatch(input: "counts", expected: first.count, found: year.count)
      }
      for (i, row) in year.enumerated() {
        guard row.count == first.count else {
          throw .lengthMismatch(input: "counts", expected: first.count, found: row.count)
        }
        for (j, count) in row.enumerated() { pooled[i][j] += count }
      }
    }
    let common = try TransitionEstimate(counts: pooled).shares
    var (statistic, degrees) = (0.0, 0)
    for i in first.indices {
      let observed = years.map { $0[i].reduce(0, +) }
      for (year, total) in zip(years, observed) where total > 0 {
        for j in first.indices where common[i][j] > 0 {
          statistic += total * pow(year[i][j] / total - common[i][j], 2) / common[i][j]
        }
      }
      let used = common[i].filter { $0 > 0 }.count
      degrees += max(0, observed.filter { $0 > 0 }.count - 1) * max(0, used - 1)
    }
    return (statistic, degrees)
  }
}
