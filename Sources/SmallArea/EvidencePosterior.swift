import Foundation
import LinearAlgebra

/// All statements together: the most probable cells, how sure they are, and what each statement did.
///
/// The mode is found by Gauss–Newton with step halving in the space of facts: with C the posterior and K the prior
/// covariance of cells, only S = R + J K Jᵀ between statements is factored. What is said about uncertainty is
/// Laplace's: normal in the logs about the mode.
/// - Source: Rao & Molina (2015), *Small Area Estimation*; Presanis et al. (2013), *Statistical Science* 28;
///   Tarantola (2005), *Inverse Problem Theory*, §3.4.
public struct EvidencePosterior: Sendable {
  public let prior: EvidencePrior
  public let facts: [EvidenceFact]
  /// Log shares by cell; those of a population at a time add up to one.
  public let logShares: [Double]
  /// −log of likelihood and prior at the mode, constants left out.
  public let objective: Double
  /// Laplace's approximation.
  public let logMarginalLikelihood: Double
  public let iterations: Int
  /// The model's log value of each statement, in their order.
  public let logModels: [Double]

  let covariance: EvidenceCovariance
  let means: [Double]
  /// Not normalised: means + K·Jᵀ·weights.
  let predictor: [Double]
  let rows: [SparseRow]
  let curvatures: [Double]
  /// J K Jᵀ at the mode.
  let between: FactCovariance
  /// The Cholesky factor of I + Λ^½ J K Jᵀ Λ^½.
  let factor: Cholesky
  /// c in predictor = means + K·Jᵀ·c.
  let weights: [Double]

  /// - Parameter tolerance: the last step's largest change of a log share.
  /// - Throws: `.notFinite` for a fact about a population whose national number is missing or whose value is not
  ///   positive; `.noConvergence`; `.linearAlgebra`.
  public init(
    _ prior: EvidencePrior, facts: [EvidenceFact], tolerance: Double = 1e-10
  ) throws(SmallAreaError) {
    try self.init(prior, facts: facts, tolerance: tolerance, split: false)
  }

  init(
    _ prior: EvidencePrior, facts: [EvidenceFact], tolerance: Double, split: Bool, start: [Double]? = nil
  ) throws(SmallAreaError) {
    for (j, fact) in facts.enumerated() {
      let isKnown = fact.parts.allSatisfy { prior.populations[$0.population].national[$0.time] > 0 }
      guard fact.value > 0, fact.value.isFinite, fact.sd > 0, isKnown else {
        throw .notFinite(input: "fact \(fact.id)", row: j)
      }
    }
    let covariance = try EvidenceCovariance(prior)
    let means = prior.means
    var dual = [Double](repeating: 0, count: prior.cellCount)
    var deviation = dual
    if let start {
      dual = start
      deviation = covariance.times(start)
    }
    var state = EvidenceState(prior, facts, means: means, deviation: deviation, dual: dual)
    var iterations = 0
    var step: EvidenceStep
    while true {
      step = try EvidenceStep(state, covariance, facts, split: split)
      let next = covariance.times(step.dual)
      let change = zip(next, deviation).reduce(0) { max($0, abs($1.0 - $1.1)) }
      iterations += 1
      if change <= tolerance { break }
      guard iterations < 500 else { throw .noConvergence(what: "evidence", iterations: iterations) }
      var factor = 1.0
      while true {
        let mixed = zip(deviation, next).map { $0 + factor * ($1 - $0) }
        let mixedDual = zip(dual, step.dual).map { $0 + factor * ($1 - $0) }
        let trial = EvidenceState(prior, facts, means: means, deviation: mixed, dual: mixedDual)
        if trial.objective <= state.objective + 1e-12 * abs(state.objective) || factor * change < 1e-9 {
          (state, deviation, dual) = (trial, mixed, mixedDual)
          break
        }
        factor /= 2
      }
    }
    self.prior = prior
    self.facts = facts
    self.covariance = covariance
    self.means = means
    self.iterations = iterations
    (predictor, logShares, rows) = (state.predictor, state.logShares, state.rows)
    (logModels, objective) = (state.logModels, state.objective)
    (curvatures, between, factor, weights) = (state.fits.map(\.curvature), step.between, step.factor, step.weights)
    var evidence = -state.objective
    for fact in facts where fact.relation.isTwoSided { evidence -= log(fact.sd) + log(2 * .pi) / 2 }
    for j in facts.indices { evidence -= log(step.factor.lower[j, j]) }
    logMarginalLikelihood = evidence
    self.dual = state.dual
  }

  /// g in predictor = means + K·g.
  let dual: [Double]

  /// The posterior without some of the facts, found from here.
  ///
  /// - Parameters: `gone` positions of the facts to forget; `kept` the others, in order.
  /// - Throws: as `init` does.
  public func without(_ gone: Set<Int>, keeping kept: [EvidenceFact]) throws(SmallAreaError) -> EvidencePosterior {
    precondition(kept.count + gone.count == facts.count, "every fact is either kept or gone")
    let rest = facts.indices.map { gone.contains($0) ? 0 : weights[$0] }
    return try EvidencePosterior(
      prior, facts: kept, tolerance: 1e-6, split: false, start: spread(rest, rows, prior))
  }

  /// What the other statements say of some statements: the model's log of each and its standard deviation, had the
  /// whole of `gone` not been made.
  ///
  /// Taken out of the posterior at its mode, as leaving out is in a linear model: C₋ = (I − C Λ)⁻¹ C and
  /// η₋ = η − C₋ Λ r over the statements that go; exact where the model is linear, and to the second order where it is not.
  /// - Parameter gone: positions of the statements.
  public func hidden(_ gone: [Int]) throws(SmallAreaError) -> [(log: Double, sd: Double)] {
    let (n, k) = (facts.count, gone.count)
    var right = Matrix(rows: n, columns: k)
    for (c, j) in gone.enumerated() { for i in 0..<n { right[i, c] = curvatures[i].squareRoot() * between.total[i, j] } }
    let explained = right.times(factor.solve(right), transposeSelf: true)
    var (own, system, pulled) = (Matrix(rows: k, columns: k), Matrix.identity(k), Matrix(rows: k, columns: 1))
    for (b, j) in gone.enumerated() {
      let fit = facts[j].fit(logModel: logModels[j])
      for (a, i) in gone.enumerated() {
        own[a, b] = between.total[i, j] - explained[a, b]
        system[a, b] -= own[a, b] * curvatures[j]
        pulled[a, 0] += own[a, b] * fit.pull
      }
    }
    // One system for both: the covariance without the statements, and how far they had pulled.
    var rights = Matrix(rows: k, columns: k + 1)
    for a in 0..<k {
      for b in 0..<k { rights[a, b] = own[a, b] }
      rights[a, k] = pulled[a, 0]
    }
    let solved: Matrix
    do { solved = try solve(system, rights, name: "I − C Λ") } catch { throw .linearAlgebra(error) }
    return gone.enumerated().map { a, j in (logModels[j] - solved[a, k], max(solved[a, a], 0).squareRoot()) }
  }

  /// Persons of a cell; NaN where the national number is unknown.
  public func persons(_ population: Int, _ time: Int, place: Int) -> Double {
    prior.populations[population].national[time] * exp(logShares[prior.cell(population, time) + place])
  }

  /// Standard deviations between each statement and the model; 0 where a bound is kept.
  public var residuals: [Double] {
    facts.indices.map { facts[$0].residual(logModel: logModels[$0]) }
  }

  // MARK: What is known about sums of cells

  /// A sum of cells to ask about, or a statement that nobody has made yet.
  public struct Question: Sendable {
    /// The model's log value.
    public let log: Double
    /// Posterior covariance of its log with the logs of other questions needs the prior's too.
    let prior: Double
    let vector: [Double]
    /// L⁻¹ Λ^½ J K jᵀ.
    let reduced: [Double]
    /// J K jᵀ.
    let cross: [Double]
    let gradient: [Double]
    /// Posterior standard deviation of the log.
    public var sd: Double { max(prior - reduced.reduce(0) { $0 + $1 * $1 }, 0).squareRoot() }
  }

  /// What is known about a sum of cells.
  public func question(_ parts: [EvidenceFact.Part]) throws(SmallAreaError) -> Question {
    let (value, row) = statement(parts, prior, logShares)
    var gradient = [Double](repeating: 0, count: prior.cellCount)
    for part in row.parts {
      let start = prior.cell(part.population, part.time)
      for r in 0..<prior.places { gradient[start + r] += part.values[r] }
    }
    let vector = covariance.times(gradient)
    let cross = rows.map { $0.dot(vector, prior) }
    let scaled = zip(curvatures, cross).map { $0.squareRoot() * $1 }
    let reduced: [Double]
    do { reduced = try factor.lower.solveTriangular(scaled, .lower, name: "S") } catch { throw .linearAlgebra(error) }
    let variance = zip(gradient, vector).reduce(0) { $0 + $1.0 * $1.1 }
    return Question(log: value, prior: variance, vector: vector, reduced: reduced, cross: cross, gradient: gradient)
  }

  /// Posterior covariance of the logs of two questions.
  public func covariance(_ a: Question, _ b: Question) -> Double {
    zip(a.gradient, b.vector).reduce(0) { $0 + $1.0 * $1.1 } - zip(a.reduced, b.reduced).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// How far each statement moved a question's log, for one of the statement's standard deviations.
  public func influences(on question: Question) -> [Double] {
    // C jᵀ seen from the statements: J K jᵀ − (J K Jᵀ) Λ^½ A⁻¹ Λ^½ J K jᵀ.
    let roots = curvatures.map { $0.squareRoot() }
    let solved = factor.solve(zip(roots, question.cross).map { $0 * $1 })
    let shift = between.total.times(zip(roots, solved).map { $0 * $1 })
    return facts.indices.map { (question.cross[$0] - shift[$0]) / facts[$0].sd }
  }

  /// The standard deviation a question's log would have after one more statement.
  ///
  /// - Parameters: `unseen` what would be stated; `sd` of its log, as printed.
  public func sd(of question: Question, after unseen: Question, sd: Double) -> Double {
    let own = question.sd * question.sd
    let common = covariance(question, unseen)
    return max(own - common * common / (unseen.sd * unseen.sd + sd * sd), 0).squareRoot()
  }

  /// Posterior standard deviations of the logs of the statements themselves.
  public func statementSDs() -> [Double] {
    let n = facts.count
    let roots = curvatures.map { $0.squareRoot() }
    var scaled = between.total
    for j in 0..<n { for i in 0..<n { scaled[i, j] *= roots[i] } }
    let solved = factor.solve(scaled)
    return (0..<n).map { j in
      var variance = between.total[j, j]
      for i in 0..<n { variance -= scaled[i, j] * solved[i, j] }
      return max(variance, 0).squareRoot()
    }
  }
}

/// Shares, statements and their fit at one point.
struct EvidenceState {
  let predictor: [Double]
  let deviation: [Double]
  let dual: [Double]
  let logShares: [Double]
  let logModels: [Double]
  let rows: [SparseRow]
  let fits: [EvidenceFact.Fit]
  let objective: Double

  init(_ prior: EvidencePrior, _ facts: [EvidenceFact], means: [Double], deviation: [Double], dual: [Double]) {
    (self.deviation, self.dual) = (deviation, dual)
    predictor = zip(means, deviation).map { $0 + $1 }
    logShares = normalised(predictor, places: prior.places)
    var (models, rows, fits) = ([Double](), [SparseRow](), [EvidenceFact.Fit]())
    var sum = zip(dual, deviation).reduce(0) { $0 + $1.0 * $1.1 } / 2
    for fact in facts {
      let (model, row) = statement(fact.parts, prior, logShares)
      let fit = fact.fit(logModel: model)
      models.append(model)
      rows.append(row)
      fits.append(fit)
      sum += fit.loss
    }
    (logModels, self.rows, self.fits, objective) = (models, rows, fits, sum)
  }
}

/// One Gauss–Newton step from a state.
struct EvidenceStep {
  let between: FactCovariance
  let factor: Cholesky
  let weights: [Double]
  /// Jᵀ·weights over all cells.
  let dual: [Double]

  init(
    _ state: EvidenceState, _ covariance: EvidenceCovariance, _ facts: [EvidenceFact], split: Bool
  ) throws(SmallAreaError) {
    between = covariance.between(state.rows, split: split)
    let n = facts.count
    let roots = state.fits.map { $0.curvature.squareRoot() }
    var system = between.total
    for j in 0..<n {
      for i in 0..<n { system[i, j] *= roots[i] * roots[j] }
      system[j, j] += 1
    }
    do { factor = try Cholesky(system, name: "S") } catch { throw .linearAlgebra(error) }
    let right = state.rows.indices.map { j in
      let moved = state.rows[j].dot(state.deviation, covariance.prior)
      return roots[j] > 0 ? state.fits[j].pull / roots[j] + roots[j] * moved : 0
    }
    weights = zip(roots, factor.solve(right)).map { $0 * $1 }
    dual = spread(weights, state.rows, covariance.prior)
  }
}

extension SparseRow {
  func dot(_ vector: [Double], _ prior: EvidencePrior) -> Double {
    var sum = 0.0
    for part in parts {
      let start = prior.cell(part.population, part.time)
      for r in part.values.indices { sum += part.values[r] * vector[start + r] }
    }
    return sum
  }
}

/// Jᵀ·weights.
func spread(_ weights: [Double], _ rows: [SparseRow], _ prior: EvidencePrior) -> [Double] {
  var result = [Double](repeating: 0, count: prior.cellCount)
  for (weight, row) in zip(weights, rows) where weight != 0 {
    for part in row.parts {
      let start = prior.cell(part.population, part.time)
      for r in part.values.indices { result[start + r] += weight * part.values[r] }
    }
  }
  return result
}

/// Log shares that add up to one in every population at every time.
func normalised(_ predictor: [Double], places: Int) -> [Double] {
  var shares = predictor
  for start in stride(from: 0, to: shares.count, by: places) {
    var top = -Double.infinity
    for r in start..<start + places { top = max(top, shares[r]) }
    var sum = 0.0
    for r in start..<start + places { sum += exp(shares[r] - top) }
    let whole = top + log(sum)
    for r in start..<start + places { shares[r] -= whole }
  }
  return shares
}

/// The log of a sum of cells, and how it answers to the predictors of all places it competes with.
func statement(
  _ parts: [EvidenceFact.Part], _ prior: EvidencePrior, _ logShares: [Double]
) -> (log: Double, row: SparseRow) {
  var (sum, sizes) = (0.0, [Double]())
  for part in parts {
    let start = prior.cell(part.population, part.time)
    let size =
      prior.populations[part.population].national[part.time]
      * part.places.reduce(0) { $0 + exp(logShares[start + $1]) }
    sizes.append(size)
    sum += size
  }
  let pieces = zip(parts, sizes).map { part, size in
    let start = prior.cell(part.population, part.time)
    let weight = size / sum
    var values = (0..<prior.places).map { -weight * exp(logShares[start + $0]) }
    let national = prior.populations[part.population].national[part.time]
    for r in part.places { values[r] += national * exp(logShares[start + r]) / sum }
    return SparseRow.Part(population: part.population, time: part.time, values: values)
  }
  return (log(sum), SparseRow(parts: pieces))
}

/// The log of a sum of cells alone.
///
/// - Parameter national: numbers by population and time instead of the prior's.
func logSum(_ parts: [EvidenceFact.Part], _ prior: EvidencePrior, _ logShares: [Double], _ national: [Double]?) -> Double {
  log(
    parts.reduce(0) { sum, part in
      let start = prior.cell(part.population, part.time)
      let whole = national?[part.population * prior.times.count + part.time] ?? prior.populations[part.population].national[part.time]
      return sum + whole * part.places.reduce(0) { $0 + exp(logShares[start + $1]) }
    })
}
