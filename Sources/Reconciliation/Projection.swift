import Dimensions
import Foundation
import LinearAlgebra
import Messages

/// The projection onto coherent values with fixed nodes: C, W and the factored C W Cᵀ.
struct Projection: Sendable {
  /// Over the nodes, or over the leaves alone for bottom-up.
  let constraints: SparseRows
  let covariance: ErrorCovariance
  let leafStart: Int
  let leafCount: Int
  /// Rows of C, from this one on, that hold fixed nodes.
  let fixedStart: Int
  /// Factor of S·C W Cᵀ·S with S = diag(scales) bringing its diagonal to 1; nil without constraints.
  private let factor: Cholesky?
  private let scales: [Double]

  /// - Throws: when C W Cᵀ is not positive definite; names the nodes.
  init(
    _ hierarchy: Hierarchy, _ weights: ErrorCovariance, _ method: ReconciliationMethod, fixed: [Int]
  ) throws(WeightFailure) {
    self.init(parts: Self.parts(hierarchy, weights, method, fixed), factored: nil)
    guard constraints.rowCount > 0 else { return }
    let system = covariance.between(constraints)
    let names = (0..<fixedStart).map { hierarchy.nodes[$0] } + fixed.map { hierarchy.nodes[$0] }
    if let residuals = covariance.residuals, covariance.diagonal.allSatisfy({ $0 == 0 }),
      residuals.columns < constraints.rowCount
    {
      throw WeightFailure(
        nodes: [],
        reason: Bilingual(
          zh: "\(residuals.columns) 个残差不足以估计 \(constraints.rowCount) 个合计的样本协方差",
          en: "\(residuals.columns) residuals a node cannot carry a sample covariance of \(constraints.rowCount) totals"))
    }
    try Self.checkSignal(system, covariance, constraints, names)
    let factored = try Self.factored(system, names)
    self.init(parts: (constraints, covariance, leafStart, leafCount, fixedStart), factored: factored)
  }

  /// For diagonal W with positive entries and independent fixed nodes, where nothing can fail.
  init(
    wellPosed hierarchy: Hierarchy, _ weights: ErrorCovariance, _ method: ReconciliationMethod, fixed: [Int]
  ) {
    do {
      try self.init(hierarchy, weights, method, fixed: fixed)
    } catch {
      preconditionFailure("structural scaling is positive definite: \(error.reason.en)")
    }
  }

  private typealias Parts = (SparseRows, ErrorCovariance, leafStart: Int, leafCount: Int, fixedStart: Int)

  private init(parts: Parts, factored: (Cholesky, [Double])?) {
    (constraints, covariance, leafStart, leafCount, fixedStart) = parts
    factor = factored?.0
    scales = factored?.1 ?? []
  }

  private static func parts(
    _ hierarchy: Hierarchy, _ covariance: ErrorCovariance, _ method: ReconciliationMethod, _ fixed: [Int]
  ) -> Parts {
    let (aggregates, nodes) = (hierarchy.aggregateCount, hierarchy.nodes.count)
    guard method != .bottomUp else {
      var rows = SparseRows(columnCount: hierarchy.leafCount)
      for node in fixed { rows.append(hierarchy.leaves(of: node).map { (column: $0, value: 1) }) }
      let own = ErrorCovariance(diagonal: Array(covariance.diagonal[aggregates...]))
      return (rows, own, 0, hierarchy.leafCount, 0)
    }
    var rows = SparseRows(columnCount: nodes)
    for aggregate in 0..<aggregates {
      let parts = hierarchy.leaves(of: aggregate).map { (column: aggregates + $0, value: -1.0) }
      rows.append([(column: aggregate, value: 1)] + parts)
    }
    for node in fixed { rows.append([(column: node, value: 1)]) }
    return (rows, covariance, aggregates, hierarchy.leafCount, aggregates)
  }

  /// A total whose residuals are, to rounding, the sum of its parts' leaves nothing to weigh by.
  private static func checkSignal(
    _ system: Matrix, _ covariance: ErrorCovariance, _ constraints: SparseRows, _ names: [String]
  ) throws(WeightFailure) {
    let variances = covariance.variances
    let silent = (0..<constraints.rowCount).filter { row in
      var scale = 0.0
      for e in constraints.starts[row]..<constraints.starts[row + 1] {
        scale += constraints.values[e] * constraints.values[e] * variances[constraints.columns[e]]
      }
      return system[row, row] <= 1e-20 * scale
    }.map { names[$0] }
    guard silent.isEmpty else {
      throw WeightFailure(
        nodes: silent,
        reason: Bilingual(
          zh: "协方差矩阵非正定：以下节点的残差恰等于其下级残差之和：\(listed(silent))",
          en: "the covariance is not positive definite: the residuals of these nodes are just the sums of "
            + "their parts': \(listed(silent))"))
    }
  }

  private static func factored(_ system: Matrix, _ names: [String]) throws(WeightFailure) -> (Cholesky, [Double]) {
    let n = system.rows
    let scales = (0..<n).map { 1 / system[$0, $0].squareRoot() }
    var scaled = system
    for j in 0..<n { for i in 0..<n { scaled.elements[j * n + i] *= scales[i] * scales[j] } }
    var failing = 0
    do {
      let factor = try Cholesky(scaled, name: "C W Cᵀ")
      guard let smallest = (0..<n).first(where: { factor.lower[$0, $0] < 1e-7 }) else { return (factor, scales) }
      failing = smallest
    } catch {
      if case .notPositiveDefinite(_, let minor) = error { failing = minor - 1 }
    }
    let node = names[failing]
    throw WeightFailure(
      nodes: [node],
      reason: Bilingual(
        zh: "协方差矩阵非正定：节点 \(node) 的残差可由其他节点的残差推出",
        en: "the covariance is not positive definite: the residuals of \(node) follow from those of other nodes"))
  }

  /// (C W Cᵀ)⁻¹·V.
  func solve(_ v: Matrix) -> Matrix {
    guard let factor else { return v }
    var scaled = v
    let n = v.rows
    for k in 0..<v.columns { for i in 0..<n { scaled.elements[k * n + i] *= scales[i] } }
    var solution = factor.solve(scaled)
    for k in 0..<v.columns { for i in 0..<n { solution.elements[k * n + i] *= scales[i] } }
    return solution
  }

  /// The projected leaves (leaves × draws) of base values (nodes × draws).
  func leaves(of base: Matrix, independentValues: [Double]) -> Matrix {
    let offset = base.rows - leafStart - leafCount  // bottom-up: skip the aggregates
    let variables = offset == 0 ? base : base.rows(offset..<base.rows)
    var corrected = variables
    if constraints.rowCount > 0 {
      var misfit = constraints.times(variables)
      for k in 0..<misfit.columns {
        for (i, value) in independentValues.enumerated() { misfit[fixedStart + i, k] -= value }
      }
      let correction = covariance.times(constraints.transposeTimes(solve(misfit)))
      for i in corrected.elements.indices { corrected.elements[i] -= correction.elements[i] }
    }
    return corrected.rows(leafStart..<leafStart + leafCount)
  }

  /// Covariance of the projected leaves with the named ones, M = W − W Cᵀ (C W Cᵀ)⁻¹ C W: leaves × named.
  func leafCovariance(with named: [Int]) -> Matrix {
    var units = Matrix(rows: constraints.columnCount, columns: named.count)
    for (k, leaf) in named.enumerated() { units[leafStart + leaf, k] = 1 }
    var columns = covariance.times(units)
    if constraints.rowCount > 0 {
      let correction = covariance.times(constraints.transposeTimes(solve(constraints.times(columns))))
      for i in columns.elements.indices { columns.elements[i] -= correction.elements[i] }
    }
    return columns.rows(leafStart..<leafStart + leafCount)
  }
}

extension Matrix {
  func rows(_ range: Range<Int>) -> Matrix {
    if range == 0..<rows { return self }
    var part = Matrix(rows: range.count, columns: columns)
    for j in 0..<columns { for i in 0..<range.count { part.elements[j * range.count + i] = self[range.lowerBound + i, j] } }
    return part
  }
}

/// A figure for a message: at most twelve significant digits, no noise.
func plain(_ number: Double) -> String { String(format: "%.12g", number) }
