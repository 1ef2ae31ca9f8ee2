import Foundation
import LinearAlgebra

/// Fits areas whose effects are correlated: spatial (SAR) Fay–Herriot, Rao–Yu, spatio-temporal.
///
/// Variances and correlations by restricted or full maximum likelihood, Fisher scoring with step halving
/// inside their ranges.
/// - Parameter method: `.reml` or `.ml`; moments know one variance only.
/// - Returns: EBLUP; mean squared error g₁ + g₂ + 2 g₃ − g₄, with ML also less the bias of the components.
/// - Throws: `.unsupported` for moments; `.singularDesign`, `.noConvergence`.
/// - Source: Rao & Yu (1994), *Canadian Journal of Statistics* 22; Singh, Shukla & Kundu (2005), *Survey
///   Methodology* 31; Marhuenda, Molina & Morales (2013), *Computational Statistics & Data Analysis* 58.
public func correlatedAreas(
  _ data: AreaData, effects: AreaEffects, method: VarianceMethod
) throws(SmallAreaError) -> AreaFit {
  guard method != .fh else {
    throw .unsupported(.init(zh: "矩估计（fh）只用于独立地区的模型；请用 reml 或 ml", en: "moments (fh) fit independent areas only: use reml or ml"))
  }
  guard effects.areas.count == data.direct.count else {
    throw .lengthMismatch(input: "areas", expected: data.direct.count, found: effects.areas.count)
  }
  let isVariance = effects.isVariance
  let share = data.middleVariance / Double(isVariance.count { $0 })
  var theta = isVariance.map { $0 ? share : 0.5 }
  var state = try CorrelatedState(data, effects, theta, method)
  var iterations = 0
  while true {
    let step = try state.step()
    iterations += 1
    let size = theta.indices.map { abs(step[$0]) / (isVariance[$0] ? abs(theta[$0]) + 1e-9 * share : 1) }.max() ?? 0
    if size <= 1e-13 { break }
    guard iterations < 2000 else { throw .noConvergence(what: "REML/ML", iterations: iterations) }
    var factor = 1.0
    while true {
      let next = theta.indices.map { k in
        let value = theta[k] + factor * step[k]
        return isVariance[k] ? max(value, 0) : min(max(value, -0.999), 0.999)
      }
      let trial = try CorrelatedState(data, effects, next, method)
      // Close to the top differences drown in rounding: the step is taken as it is.
      if trial.criterion >= state.criterion - 1e-12 * abs(state.criterion) || size * factor < 1e-6 {
        (theta, state) = (next, trial)
        break
      }
      factor /= 2
    }
  }
  return try state.fit(iterations: iterations)
}

/// Generalised least squares at one value of the parameters, block by block.
private struct CorrelatedState {
  /// What one block gives, ready for sums.
  struct Block {
    let rows: [Int]
    let parts: AreaEffects.Parts
    /// V⁻¹ and V⁻¹X of the block.
    let inverse: Matrix
    let weighted: Matrix
    let design: Matrix
  }

  let data: AreaData
  let effects: AreaEffects
  let theta: [Double]
  let method: VarianceMethod
  let blocks: [Block]
  /// (XᵀV⁻¹X)⁻¹.
  let inverse: Matrix
  let coefficients: [Double]
  let residuals: [Double]
  /// V⁻¹(y − Xβ), by row.
  let pulled: [Double]
  /// The restricted or full log-likelihood without constants.
  let criterion: Double
  /// log |V| + r'V⁻¹r.
  let distance: Double

  init(
    _ data: AreaData, _ effects: AreaEffects, _ theta: [Double], _ method: VarianceMethod
  ) throws(SmallAreaError) {
    (self.data, self.effects, self.theta, self.method) = (data, effects, theta, method)
    let spatial = try effects.proximity == nil ? nil : effects.spatial(theta[1])
    let p = data.design.columns
    var (blocks, logDeterminant) = ([Block](), 0.0)
    var (normal, right) = (Matrix(rows: p, columns: p), [Double](repeating: 0, count: p))
    for rows in effects.blocks {
      let parts = effects.parts(theta, spatial, rows: rows)
      var covariance = parts.covariance
      for (i, row) in rows.enumerated() { covariance[i, i] += data.variances[row] }
      let factor: Cholesky
      do { factor = try Cholesky(covariance, name: "V") } catch { throw .linearAlgebra(error) }
      var design = Matrix(rows: rows.count, columns: p)
      for j in 0..<p { for (i, row) in rows.enumerated() { design[i, j] = data.design[row, j] } }
      let inverse = factor.solve(.identity(rows.count))
      let weighted = factor.solve(design)
      for i in rows.indices { logDeterminant += 2 * log(factor.lower[i, i]) }
      normal.add(design.times(weighted, transposeSelf: true))
      let part = weighted.times(rows.map { data.direct[$0] }, transposeSelf: true)
      for j in 0..<p { right[j] += part[j] }
      blocks.append(Block(rows: rows, parts: parts, inverse: inverse, weighted: weighted, design: design))
    }
    inverse = try inverseOfPositive(normal)
    coefficients = inverse.times(right)
    let fitted = data.design.times(coefficients)
    let rest = zip(data.direct, fitted).map { $0 - $1 }
    var (pulled, quadratic) = ([Double](repeating: 0, count: rest.count), 0.0)
    for block in blocks {
      let part = block.inverse.times(block.rows.map { rest[$0] })
      for (i, row) in block.rows.enumerated() {
        pulled[row] = part[i]
        quadratic += part[i] * rest[row]
      }
    }
    (self.blocks, residuals, self.pulled, distance) = (blocks, rest, pulled, logDeterminant + quadratic)
    var restricted = distance
    if method == .reml {
      let factor: Cholesky
      do { factor = try Cholesky(normal, name: "X'V⁻¹X") } catch { throw .singularDesign }
      for j in 0..<p { restricted += 2 * log(factor.lower[j, j]) }
    }
    criterion = -restricted / 2
  }

  /// Traces that score and information are made of.
  private struct Traces {
    /// tr P·V_k and tr V⁻¹·V_k.
    var restricted: [Double]
    var full: [Double]
    /// ½ tr P·V_k·P·V_l and ½ tr V⁻¹·V_k·V⁻¹·V_l.
    var restrictedInformation: Matrix
    var fullInformation: Matrix
    /// r'V⁻¹·V_k·V⁻¹r.
    var fits: [Double]
    /// tr Q·XᵀV⁻¹·V_k·V⁻¹X.
    var shifts: [Double]
  }

  private func traces() -> Traces {
    let (count, p) = (theta.count, inverse.rows)
    var traces = Traces(
      restricted: [Double](repeating: 0, count: count), full: [Double](repeating: 0, count: count),
      restrictedInformation: Matrix(rows: count, columns: count),
      fullInformation: Matrix(rows: count, columns: count), fits: [Double](repeating: 0, count: count),
      shifts: [Double](repeating: 0, count: count))
    var middles = [Matrix](repeating: Matrix(rows: p, columns: p), count: count)
    var crosses = [[Matrix]](repeating: [Matrix](repeating: Matrix(rows: p, columns: p), count: count), count: count)
    for block in blocks {
      let own = block.rows.map { pulled[$0] }
      let products = block.parts.slopes.map { block.inverse.times($0) }
      let reached = block.parts.slopes.map { $0.times(block.weighted) }
      for k in 0..<count {
        traces.full[k] += products[k].trace
        traces.fits[k] += zip(own, block.parts.slopes[k].times(own)).reduce(0) { $0 + $1.0 * $1.1 }
        middles[k].add(block.weighted.times(reached[k], transposeSelf: true))
        let solved = block.inverse.times(reached[k])
        for l in 0...k {
          traces.fullInformation[k, l] += products[k].traceOfProduct(products[l]) / 2
          crosses[k][l].add(reached[l].times(solved, transposeSelf: true))
        }
      }
    }
    let projected = middles.map { inverse.times($0) }
    for k in 0..<count {
      traces.shifts[k] = projected[k].trace
      traces.restricted[k] = traces.full[k] - projected[k].trace
      for l in 0...k {
        let loss = inverse.traceOfProduct(crosses[k][l])
        traces.restrictedInformation[k, l] =
          traces.fullInformation[k, l] - loss + projected[k].traceOfProduct(projected[l]) / 2
        traces.restrictedInformation[l, k] = traces.restrictedInformation[k, l]
        traces.fullInformation[l, k] = traces.fullInformation[k, l]
      }
    }
    return traces
  }

  /// Parameters that the data can still move: not at an edge that the score presses against, and no
  /// correlation of a variance that is zero.
  private func free(_ score: [Double]) -> [Int] {
    let (isVariance, owner) = (effects.isVariance, effects.owner)
    return theta.indices.filter { k in
      if isVariance[k] { return theta[k] > 0 || score[k] > 0 }
      return theta[owner[k]] > 0 && (abs(theta[k]) < 0.999 || score[k] * theta[k] < 0)
    }
  }

  /// The Fisher scoring step.
  func step() throws(SmallAreaError) -> [Double] {
    let traces = traces()
    let isRestricted = method == .reml
    let score = theta.indices.map { (traces.fits[$0] - (isRestricted ? traces.restricted[$0] : traces.full[$0])) / 2 }
    let information = isRestricted ? traces.restrictedInformation : traces.fullInformation
    let free = free(score)
    var step = [Double](repeating: 0, count: theta.count)
    guard !free.isEmpty else { return step }
    let solved = try information.picking(free).solvedBySymmetry(free.map { score[$0] })
    for (i, k) in free.enumerated() { step[k] = solved[i] }
    return step
  }

  func fit(iterations: Int) throws(SmallAreaError) -> AreaFit {
    let traces = traces()
    let score = theta.indices.map { (traces.fits[$0] - traces.restricted[$0]) / 2 }
    let free = free(score).filter { !effects.isVariance[$0] || theta[$0] > 0 }
    var covariance = Matrix(rows: theta.count, columns: theta.count)
    if !free.isEmpty {
      let part = try inverseOfPositive(traces.restrictedInformation.picking(free))
      for (i, k) in free.enumerated() { for (j, l) in free.enumerated() { covariance[k, l] = part[i, j] } }
    }
    // The bias of ML's components: ½ I⁻¹ h, h_k = −tr Q·XᵀV⁻¹·V_k·V⁻¹X.
    let bias = method == .ml ? covariance.times(traces.shifts.map { -$0 / 2 }) : []
    var (estimates, errors, gammas) = (data.direct, data.direct, data.direct)
    let synthetic = data.design.times(coefficients)
    for block in blocks {
      let g = block.parts.covariance
      let kept = g.times(block.inverse)
      let left = g.minus(kept.times(g))
      let open = block.design.minus(kept.times(block.design))
      let spans = open.times(inverse)
      // ∂(G V⁻¹)/∂θ_k, rows by areas.
      let moves = block.parts.slopes.map { $0.times(block.inverse).minus(kept.times($0).times(block.inverse)) }
      var variance = block.parts.covariance
      for (i, row) in block.rows.enumerated() { variance[i, i] += data.variances[row] }
      let spread = moves.map { $0.times(variance) }
      let effect = kept.times(block.rows.map { residuals[$0] })
      let drift = method == .ml ? block.parts.slopes.map { mseSlope($0, kept: kept, block) } : []
      let bend = curvature(block, covariance)
      for (i, row) in block.rows.enumerated() {
        let n = block.rows.count
        var (g2, g3) = (0.0, 0.0)
        for j in 0..<open.columns { g2 += spans[i, j] * open[i, j] }
        for k in theta.indices {
          for l in theta.indices where covariance[k, l] != 0 {
            var product = 0.0
            for j in 0..<n { product += spread[k][i, j] * moves[l][i, j] }
            g3 += product * covariance[k, l]
          }
        }
        estimates[row] = synthetic[row] + effect[i]
        errors[row] = left[i, i] + g2 + 2 * g3 - bend[i]
        for k in drift.indices { errors[row] -= bias[k] * drift[k][i] }
        gammas[row] = kept[i, i]
      }
    }
    let names = effects.names
    let components = theta.indices.map { k in
      VarianceComponent(
        name: names[k], estimate: theta[k], standardError: free.contains(k) ? covariance[k, k].squareRoot() : nil)
    }
    return AreaFit(
      coefficients: coefficients, standardErrors: (0..<inverse.rows).map { inverse[$0, $0].squareRoot() },
      components: components, logLikelihood: -(Double(residuals.count) * log(2 * .pi) + distance) / 2,
      synthetic: synthetic, estimate: estimates, mse: errors, gamma: gammas, iterations: iterations)
  }

  /// The diagonal of ∂g₁/∂θ_k = V_k − G V⁻¹V_k − V_kV⁻¹G + G V⁻¹V_kV⁻¹G.
  private func mseSlope(_ slope: Matrix, kept: Matrix, _ block: Block) -> [Double] {
    let once = kept.times(slope)
    let twice = once.times(kept, transposeOther: true)
    return block.rows.indices.map { slope[$0, $0] - 2 * once[$0, $0] + twice[$0, $0] }
  }

  /// The diagonal of g₄ = ½ Σ cov(θ_k, θ_l) · D V⁻¹ ∂²V V⁻¹ D, D the sampling variances.
  private func curvature(_ block: Block, _ covariance: Matrix) -> [Double] {
    var sum = [Double](repeating: 0, count: block.rows.count)
    for (k, l, matrix) in block.parts.second where covariance[k, l] != 0 {
      let middle = block.inverse.times(matrix).times(block.inverse)
      let factor = (k == l ? 0.5 : 1) * covariance[k, l]
      for (i, row) in block.rows.enumerated() {
        sum[i] += factor * data.variances[row] * data.variances[row] * middle[i, i]
      }
    }
    return sum
  }
}

extension Matrix {
  mutating func add(_ other: Matrix) {
    for k in elements.indices { elements[k] += other.elements[k] }
  }

  func minus(_ other: Matrix) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: zip(elements, other.elements).map { $0 - $1 })
  }

  /// Rows and columns of a square matrix by their indices.
  func picking(_ chosen: [Int]) -> Matrix {
    var picked = Matrix(rows: chosen.count, columns: chosen.count)
    for (j, b) in chosen.enumerated() { for (i, a) in chosen.enumerated() { picked[i, j] = self[a, b] } }
    return picked
  }

  /// Solves a symmetric positive system after giving it a unit diagonal.
  fileprivate func solvedBySymmetry(_ right: [Double]) throws(SmallAreaError) -> [Double] {
    try inverseOfPositive(self).times(right)
  }
}
