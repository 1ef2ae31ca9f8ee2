import Dimensions
import LinearAlgebra
import Messages

/// Makes forecasts over a hierarchy add up; prepared once, used for any number of draws.
///
/// Solves in constraint form, `ỹ = ŷ − W Cᵀ (C W Cᵀ)⁻¹ (C ŷ − c)`: the rows of C say that every
/// aggregate is the sum of its leaves and that fixed nodes have their published values. W is diagonal
/// plus low rank and never formed. Results depend on the inputs only: no clock, no threads, and draws
/// are worked in blocks of one width, so any number of them in one call gives each the same bits.
public struct Reconciler: Sendable {
  public let hierarchy: Hierarchy
  public let requested: ReconciliationMethod
  /// What was really used: `requested`, or structural scaling when that failed.
  public let method: ReconciliationMethod
  /// Shrinkage intensity; 0 for the sample covariance, nil where there is none.
  public let lambda: Double?
  public let fallback: Fallback?
  /// Nodes that must keep their published values.
  public var fixed: [Int] { fixedNodes.nodes }

  let fixedNodes: FixedNodes
  let projection: Projection

  /// - Parameters:
  ///   - residuals: nodes × times of in-sample base errors, in node order; for methods that need them.
  ///   - centred: take off their means and divide by n − 1; the default is uncentred with divisor n.
  ///   - fixed: numbers of nodes whose values are given.
  /// When the residuals do not carry the method asked for (constant series, too few times, not positive
  /// definite), structural scaling is used and `fallback` says so.
  public init(
    _ hierarchy: Hierarchy, method requested: ReconciliationMethod, residuals: Matrix? = nil,
    centred isCentred: Bool = false, fixed: [Int] = []
  ) {
    precondition(Set(fixed).count == fixed.count, "a node is fixed twice")
    precondition(residuals.map { $0.rows == hierarchy.nodes.count } ?? true, "one row of residuals a node")
    precondition(residuals != nil || !requested.needsResiduals, "\(requested.rawValue) needs residuals")
    self.hierarchy = hierarchy
    self.requested = requested
    fixedNodes = FixedNodes(fixed, in: hierarchy)
    let independent = fixedNodes.independent.map { fixed[$0] }
    do {
      let weights = try Weights(requested, hierarchy, residuals, isCentred: isCentred)
      projection = try Projection(hierarchy, weights.covariance, requested, fixed: independent)
      (method, lambda, fallback) = (requested, weights.lambda, nil)
    } catch {
      let weights = Weights(hierarchy, structural: true)
      method = .structural
      lambda = nil
      fallback = Fallback(requested: requested, used: .structural, nodes: error.nodes, reason: error.reason)
      projection = Projection(wellPosed: hierarchy, weights.covariance, .structural, fixed: independent)
    }
  }

  /// Coherent values.
  ///
  /// - Parameters:
  ///   - base: nodes × draws (or times), in node order. Rows of fixed nodes are replaced by their values;
  ///     for bottom-up the aggregates' rows are not read.
  ///   - fixedValues: one a fixed node, in the order of `fixed`.
  ///   - nonNegative: among coherent values that are not negative the nearest ones in the metric of W,
  ///     with exact zeros.
  /// - Throws: published values that contradict each other, or that leave no non-negative solution.
  /// - Returns: nodes × draws; aggregates are sums of leaves, fixed nodes exactly as published.
  public func reconciled(
    _ base: Matrix, fixedValues: [Double] = [], nonNegative: Bool = false
  ) throws(ProblemReport) -> Matrix {
    precondition(base.rows == hierarchy.nodes.count, "one row of base values a node")
    precondition(fixedValues.count == fixed.count, "one value a fixed node")
    let conflicts =
      fixedNodes.conflicts(fixedValues, in: hierarchy, file: nil)
      + (nonNegative ? negativeFixed(fixedValues) : [])
    guard conflicts.isEmpty else { throw ProblemReport(.badData, conflicts) }
    var leafCovariance = LeafCovariance(projection)
    var result = Matrix(rows: base.rows, columns: base.columns)
    var start = 0
    while start < base.columns {
      let width = min(Self.blockWidth, base.columns - start)
      let block = Array(base.elements[start * base.rows..<(start + width) * base.rows])
      let leaves = try leafValues(
        Matrix(rows: base.rows, columns: width, elements: block), fixedValues, nonNegative, &leafCovariance)
      for k in 0..<width {
        let values = coherent(leaves.column(k), fixedValues)
        result.elements.replaceSubrange((start + k) * base.rows..<(start + k + 1) * base.rows, with: values)
      }
      start += width
    }
    return result
  }

  /// Weights by error variances that are known, e.g. those of the forecasters themselves.
  ///
  /// - Parameter variances: one a node, in node order; positive.
  public init(_ hierarchy: Hierarchy, variances: [Double]) {
    precondition(variances.count == hierarchy.nodes.count, "one variance a node")
    precondition(variances.allSatisfy { $0 > 0 && $0.isFinite }, "variances are positive")
    self.hierarchy = hierarchy
    (requested, method, lambda, fallback) = (.variance, .variance, nil, nil)
    fixedNodes = FixedNodes([], in: hierarchy)
    projection = Projection(wellPosed: hierarchy, ErrorCovariance(diagonal: variances), .variance, fixed: [])
  }

  /// Draws worked at once.
  private static let blockWidth = 256

  private func leafValues(
    _ base: Matrix, _ fixedValues: [Double], _ nonNegative: Bool, _ covariance: inout LeafCovariance
  ) throws(ProblemReport) -> Matrix {
    var padded = base
    for (node, value) in zip(fixed, fixedValues) where method != .bottomUp || hierarchy.isLeaf(node) {
      for k in 0..<base.columns { padded[node, k] = value }
    }
    var leaves = projection.leaves(of: padded, independentValues: fixedNodes.independent.map { fixedValues[$0] })
    guard nonNegative else { return leaves }
    let held = zeroLeaves(fixedValues)
    for k in 0..<leaves.columns {
      let column = leaves.column(k)
      guard column.contains(where: { $0 < 0 }) || !held.isEmpty else { continue }
      guard let solution = NonNegativeLeaves.solve(column, &covariance, atZero: held) else {
        throw ProblemReport(.badData, [noNonNegativeSolution])
      }
      for (i, value) in solution.enumerated() { leaves[i, k] = value }
    }
    return leaves
  }

  private func coherent(_ given: [Double], _ fixedValues: [Double]) -> [Double] {
    var leaves = given
    for (node, value) in zip(fixed, fixedValues) where hierarchy.isLeaf(node) {
      leaves[node - hierarchy.aggregateCount] = value
    }
    var values = hierarchy.sums(leaves)
    for (node, value) in zip(fixed, fixedValues) { values[node] = value }
    return values
  }

  /// Leaves under a node that is fixed at zero: nothing non-negative is left for them but zero.
  private func zeroLeaves(_ fixedValues: [Double]) -> Set<Int> {
    var leaves: Set<Int> = []
    for (node, value) in zip(fixed, fixedValues) where value == 0 { leaves.formUnion(hierarchy.leaves(of: node)) }
    return leaves
  }

  private func negativeFixed(_ values: [Double]) -> [Problem] {
    zip(fixed, values).filter { $1 < 0 }.map { node, value in
      Problem(
        "reconcile.fixed-negative", path: hierarchy.nodes[node],
        message: Bilingual(
          zh: "已公布的 \(hierarchy.nodes[node]) = \(plain(value)) 为负，与非负要求矛盾",
          en: "the published \(hierarchy.nodes[node]) = \(plain(value)) is negative, which non-negative results rule out"))
    }
  }

  private var noNonNegativeSolution: Problem {
    let names = fixed.map { hierarchy.nodes[$0] }.joined(separator: ", ")
    return Problem(
      "reconcile.no-non-negative", path: names,
      message: Bilingual(
        zh: "已公布的数（\(names)）不能由非负的下级节点相加得到",
        en: "the published figures (\(names)) cannot be sums of leaves that are not negative"),
      hint: Bilingual(
        zh: "有重叠的节点时，检查部分是否大于整体", en: "where nodes overlap, check that no part exceeds its whole"))
  }
}
