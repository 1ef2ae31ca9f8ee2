import LinearAlgebra

/// W = diag(d) + c·R·Rᵀ, kept as its parts: with n nodes no n × n matrix is ever made.
struct ErrorCovariance: Sendable {
  /// d, one a node.
  let diagonal: [Double]
  /// R (nodes × times), or nil when W is diagonal.
  let residuals: Matrix?
  /// c.
  let scale: Double

  init(diagonal: [Double], residuals: Matrix? = nil, scale: Double = 0) {
    self.diagonal = diagonal
    self.residuals = residuals
    self.scale = scale
  }

  /// The diagonal of W.
  var variances: [Double] {
    guard let residuals else { return diagonal }
    return zip(diagonal, sumsOfSquares(residuals)).map { $0 + scale * $1 }
  }

  /// C·W·Cᵀ.
  func between(_ constraints: SparseRows) -> Matrix {
    var system = constraints.weighted(by: diagonal)
    if let residuals {
      let gram = constraints.times(residuals).outerGram
      for i in system.elements.indices { system.elements[i] += scale * gram.elements[i] }
    }
    return system
  }

  /// W·X.
  func times(_ x: Matrix) -> Matrix {
    var product = x
    for k in 0..<x.columns {
      let base = k * x.rows
      for i in 0..<x.rows { product.elements[base + i] *= diagonal[i] }
    }
    if let residuals {
      let low = residuals.times(residuals.times(x, transposeSelf: true))
      for i in product.elements.indices { product.elements[i] += scale * low.elements[i] }
    }
    return product
  }
}

/// Σ_t r_it² of every row i.
func sumsOfSquares(_ residuals: Matrix) -> [Double] {
  var sums = [Double](repeating: 0, count: residuals.rows)
  for t in 0..<residuals.columns {
    let base = t * residuals.rows
    for i in 0..<residuals.rows {
      let r = residuals.elements[base + i]
      sums[i] += r * r
    }
  }
  return sums
}

/// The rows with their means taken off.
func centred(_ residuals: Matrix) -> Matrix {
  var (sums, result) = ([Double](repeating: 0, count: residuals.rows), residuals)
  for t in 0..<residuals.columns { for i in 0..<residuals.rows { sums[i] += residuals[i, t] } }
  let count = Double(residuals.columns)
  for t in 0..<residuals.columns {
    let base = t * residuals.rows
    for i in 0..<residuals.rows { result.elements[base + i] -= sums[i] / count }
  }
  return result
}
