import LinearAlgebra

/// Columns of the leaves' covariance M, made when first needed and kept for later draws.
struct LeafCovariance {
  private let projection: Projection
  /// Variances of the leaves before projection.
  private let variances: ArraySlice<Double>
  private var columns: [Int: [Double]] = [:]

  init(_ projection: Projection) {
    self.projection = projection
    variances = projection.covariance.variances.suffix(projection.leafCount)
  }

  mutating func require(_ leaves: [Int]) {
    let missing = leaves.filter { columns[$0] == nil }
    guard !missing.isEmpty else { return }
    let made = projection.leafCovariance(with: missing)
    for (k, leaf) in missing.enumerated() {
      let column = made.column(k)
      // What is left of the variance may be rounding: then fixed nodes determine the leaf.
      let isFree = column[leaf] > 1e-12 * variances[variances.startIndex + leaf]
      columns[leaf] = isFree ? column : [Double](repeating: 0, count: column.count)
    }
  }

  subscript(leaf: Int) -> [Double] { columns[leaf] ?? [] }
}

/// The nearest non-negative leaves to b₀ in the metric M⁻¹, found without M⁻¹.
///
/// Leaves held at zero act as constraints with multipliers η ≥ 0: b = b₀ + M η, b ≥ 0, bᵀη = 0. Block
/// principal pivoting exchanges all wrong signs at once; where it meets a singular block or cycles, the
/// dual active-set method goes on one leaf at a time, which always ends. Zeros are exact.
///
/// - Source: Júdice & Pires (1994), block principal pivoting; Goldfarb & Idnani (1983), dual method;
///   Wickramasuriya, Turlach & Hyndman (2020) for reconciliation.
struct NonNegativeLeaves {
  private let start: [Double]
  private let forced: Set<Int>
  private let tolerance: Double

  /// - Parameter atZero: leaves that must be zero whatever their multiplier.
  /// - Returns: nil when no non-negative leaves exist.
  static func solve(
    _ start: [Double], _ covariance: inout LeafCovariance, atZero forced: Set<Int>
  ) -> [Double]? {
    let size = start.reduce(0) { max($0, abs($1)) }
    let problem = NonNegativeLeaves(start: start, forced: forced, tolerance: 1e-12 * size)
    return problem.byBlocks(&covariance) ?? problem.oneByOne(&covariance)
  }

  /// Leaves with the given ones at zero, and the multipliers; nil when their block is singular.
  private func held(
    _ active: [Int], _ covariance: inout LeafCovariance
  ) -> (leaves: [Double], multipliers: [Double])? {
    guard !active.isEmpty else { return (start, []) }
    covariance.require(active)
    let scales = active.map { 1 / covariance[$0][$0].squareRoot() }
    guard scales.allSatisfy(\.isFinite) else { return nil }
    var block = Matrix(rows: active.count, columns: active.count)
    for (j, column) in active.enumerated() {
      let source = covariance[column]
      for (i, row) in active.enumerated() { block[i, j] = source[row] * scales[i] * scales[j] }
    }
    guard let factor = definite(block) else { return nil }
    let right = zip(active, scales).map { -start[$0] * $1 }
    let multipliers = zip(factor.solve(right), scales).map { $0 * $1 }
    var leaves = start
    for (leaf, multiplier) in zip(active, multipliers) {
      let column = covariance[leaf]
      for i in leaves.indices { leaves[i] += multiplier * column[i] }
    }
    for leaf in active { leaves[leaf] = 0 }
    return (leaves, multipliers)
  }

  private func definite(_ block: Matrix) -> Cholesky? {
    do {
      let factor = try Cholesky(block, name: "M")
      return (0..<block.rows).allSatisfy { factor.lower[$0, $0] > 1e-6 } ? factor : nil
    } catch {
      return nil
    }
  }

  private func byBlocks(_ covariance: inout LeafCovariance) -> [Double]? {
    guard forced.isEmpty else { return nil }
    var active = Set(start.indices.filter { start[$0] < -tolerance })
    var (best, patience) = (Int.max, 3)
    for _ in 0..<(100 + start.count) {
      let order = active.sorted()
      guard let (leaves, multipliers) = held(order, &covariance) else { return nil }
      let limit = -1e-12 * multipliers.reduce(0) { max($0, abs($1)) }
      let tooLow = leaves.indices.filter { leaves[$0] < -tolerance }
      let pulling = zip(order, multipliers).filter { $1 < limit }.map(\.0)
      let wrong = tooLow + pulling
      if wrong.isEmpty { return leaves.map { $0 > 0 ? $0 : 0 } }
      if wrong.count < best {
        (best, patience) = (wrong.count, 3)
      } else if patience > 0 {
        patience -= 1
      } else {
        active.formSymmetricDifference([wrong.max() ?? 0])
        continue
      }
      active.formSymmetricDifference(wrong)
    }
    return nil
  }

  /// Adds the most negative leaf, letting go of leaves whose multiplier would turn negative on the way.
  private func oneByOne(_ covariance: inout LeafCovariance) -> [Double]? {
    var active = forced.sorted()
    while held(active, &covariance) == nil {
      guard let redundant = firstRedundant(active, &covariance) else { return nil }
      active.remove(at: redundant)
    }
    let anchored = Set(active)
    guard var state = held(active, &covariance) else { return nil }
    for _ in 0..<(10 * start.count + 100) {
      let lowest = state.leaves.indices.filter { !forced.contains($0) }.min { state.leaves[$0] < state.leaves[$1] }
      guard let entering = lowest, state.leaves[entering] < -tolerance else {
        return state.leaves.indices.map { forced.contains($0) || state.leaves[$0] <= 0 ? 0 : state.leaves[$0] }
      }
      guard let next = admit(entering, to: active, anchored, state, &covariance) else { return nil }
      active = next
      guard let solved = held(active, &covariance) else { return nil }
      state = solved
    }
    return nil
  }

  /// The position of a leaf that the ones before it already hold at zero.
  private func firstRedundant(_ active: [Int], _ covariance: inout LeafCovariance) -> Int? {
    active.indices.first { held(Array(active[...$0]), &covariance) == nil }
  }

  /// One addition of the dual method; nil when the leaf cannot rise and none may be let go.
  private func admit(
    _ entering: Int, to given: [Int], _ anchored: Set<Int>, _ state: (leaves: [Double], multipliers: [Double]),
    _ covariance: inout LeafCovariance
  ) -> [Int]? {
    var (active, multipliers, value) = (given, state.multipliers, state.leaves[entering])
    covariance.require([entering] + active)
    let own = covariance[entering]
    while true {
      let along = direction(own, active, covariance)
      var curvature = own[entering]
      for (leaf, step) in zip(active, along) { curvature -= own[leaf] * step }
      let canRise = curvature > 1e-10 * abs(own[entering])
      let full = canRise ? -value / curvature : Double.infinity
      let blocking = active.indices.filter { along[$0] > 0 && !anchored.contains(active[$0]) }
        .min { multipliers[$0] / along[$0] < multipliers[$1] / along[$1] }
      let partial = blocking.map { max(0, multipliers[$0] / along[$0]) } ?? .infinity
      let step = min(full, partial)
      guard step.isFinite else { return nil }
      if full <= partial { return (active + [entering]).sorted() }
      for i in active.indices { multipliers[i] -= step * along[i] }
      if canRise { value += step * curvature }
      if let blocking {
        active.remove(at: blocking)
        multipliers.remove(at: blocking)
      }
    }
  }

  /// M_AA⁻¹ M_Ap: how the multipliers of the active leaves answer to the entering one.
  private func direction(_ own: [Double], _ active: [Int], _ covariance: LeafCovariance) -> [Double] {
    guard !active.isEmpty else { return [] }
    let scales = active.map { 1 / covariance[$0][$0].squareRoot() }
    var block = Matrix(rows: active.count, columns: active.count)
    for (j, column) in active.enumerated() {
      let source = covariance[column]
      for (i, row) in active.enumerated() { block[i, j] = source[row] * scales[i] * scales[j] }
    }
    guard let factor = definite(block) else { return [Double](repeating: 0, count: active.count) }
    return zip(factor.solve(zip(active, scales).map { own[$0] * $1 }), scales).map { $0 * $1 }
  }
}
