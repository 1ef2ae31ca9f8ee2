import LinearAlgebra

/// The share λ of the diagonal in the shrunk covariance `λ diag(Ŵ) + (1 − λ) Ŵ`, in 0...1.
///
/// With residuals scaled to unit variance (divisor n), r_ij = Σ_t x_i x_j ÷ n and
/// `v_ij = [Σ_t (x_i x_j)² − (Σ_t x_i x_j)² ÷ n] ÷ (n (n − 1))`: λ = Σ_{i≠j} v_ij ÷ Σ_{i≠j} r_ij².
/// Both double sums come from the n × n times-by-times product, so the cost is linear in the number of
/// nodes: Σ_ij (Σ_t x_it x_jt)² = ‖XᵀX‖² and Σ_ij Σ_t (x_it x_jt)² = Σ_t (Σ_i x_it²)².
///
/// - Parameters:
///   - residuals: nodes × n, every row with positive variance, n ≥ 2; taken as they are (uncentred) or
///     with their means taken off, as the caller wishes.
/// - Source: Schäfer & Strimmer (2005), Stat. Appl. Genet. Mol. Biol. 4(1).
public func shrinkageIntensity(_ residuals: Matrix) -> Double {
  let (nodes, count) = (residuals.rows, Double(residuals.columns))
  precondition(residuals.columns >= 2, "an intensity needs two residuals a node")
  let scales = sumsOfSquares(residuals).map { (count / $0).squareRoot() }
  var scaled = residuals
  var (ownFourths, allSquares) = (0.0, 0.0)
  for t in 0..<residuals.columns {
    let base = t * nodes
    var square = 0.0
    for i in 0..<nodes {
      let x = residuals.elements[base + i] * scales[i]
      scaled.elements[base + i] = x
      square += x * x
      ownFourths += x * x * x * x
    }
    allSquares += square * square
  }
  let products = scaled.gram.elements.reduce(0) { $0 + $1 * $1 }
  // Off the diagonal: a scaled row has Σ_t x² = n, so its own product squared is n².
  let productSquares = products - Double(nodes) * count * count
  let squareProducts = allSquares - ownFourths
  let correlations = productSquares / (count * count)
  guard correlations > 1e-14 * Double(nodes * nodes) else { return 1 }
  let spread = (squareProducts - productSquares / count) / (count * (count - 1))
  return min(1, max(0, spread / correlations))
}
