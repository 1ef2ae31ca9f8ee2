import LinearAlgebra
import Messages

extension SolvedRows {
  /// Makes a two-way covariance positive semidefinite: negative eigenvalues become 0 (Cameron, Gelbach & Miller
  /// 2011), among the regressors by themselves and for each effect beside them.
  ///
  /// Written-out effects have no part in the errors of the regressors, which are thus the same whether effects are
  /// written out or absorbed.
  /// - Parameter effects: places of indicators of categories and of columns whose scores vanish in every cluster.
  func mend(_ matrix: inout Matrix, effects: Set<Int>) throws(RegressionError) -> [Bilingual] {
    let all = Array(0..<matrix.columns)
    var regressors = all.filter { !effects.contains($0) }
    // The intercept is one effect more where there are others.
    if !effects.isEmpty, let first = regressors.first, isConstant(first) { regressors.removeFirst() }
    let given = matrix
    var notes: [Bilingual] = []
    if try mend(&matrix, given, among: regressors, changing: regressors) {
      notes.append(
        Bilingual(
          zh: "双向聚类协方差有负特征值，已置零（Cameron、Gelbach 与 Miller 2011）",
          en: "the two-way covariance had a negative eigenvalue, set to zero (Cameron, Gelbach & Miller 2011)"))
    }
    var mended = 0
    for effect in all where !regressors.contains(effect) {
      if try mend(&matrix, given, among: (regressors + [effect]).sorted(), changing: [effect]) { mended += 1 }
    }
    if mended > 0 {
      notes.append(
        Bilingual(
          zh: "写成虚拟变量的效应有 \(mended) 个的双向聚类方差不可靠（有负特征值，已置零）；其余系数不受影响，用 --absorb 更稳妥",
          en:
            "\(mended) written-out effects have unreliable two-way errors (negative eigenvalues, set to zero); the other coefficients are not touched; --absorb is the safer way"
        ))
    }
    return notes
  }

  /// Rebuilds the part over `places` without its negative eigenvalues; writes the rows and columns of `changed`.
  private func mend(
    _ matrix: inout Matrix, _ given: Matrix, among places: [Int], changing changed: [Int]
  ) throws(RegressionError) -> Bool {
    guard !places.isEmpty else { return false }
    var part = Matrix(rows: places.count, columns: places.count)
    for (b, j) in places.enumerated() { for (a, i) in places.enumerated() { part[a, b] = given[i, j] } }
    do {
      let eigen = try SymmetricEigen(part, name: "the covariance")
      guard let lowest = eigen.values.first, let highest = eigen.values.last, lowest < -1e-14 * highest else {
        return false
      }
      let rebuilt = eigen.rebuilt { max($0, 0) }
      for (b, j) in places.enumerated() {
        for (a, i) in places.enumerated() where changed.contains(i) || changed.contains(j) {
          matrix[i, j] = rebuilt[a, b]
        }
      }
      return true
    } catch {
      throw .linearAlgebra(error)
    }
  }

  /// Columns whose scores add up to nothing in every cluster of a grouping: the grouping's own effects, which
  /// leave holes in its part of the covariance.
  func vanishing(_ groups: [Grouping]) -> Set<Int> {
    var found: Set<Int> = []
    let sizes = (0..<design.columns).map { j in
      design.rowIndices.reduce(0.0) { max($0, abs(design[$1, j] * scoreFactors[$1])) }
    }
    for group in groups {
      let sums = design.groupedSums(scoreFactors, codes: group.codes, groups: group.count)
      for j in 0..<sums.columns where (0..<sums.rows).allSatisfy({ abs(sums[$0, j]) <= 1e-9 * sizes[j] }) {
        found.insert(j)
      }
    }
    return found
  }

  private func isConstant(_ column: Int) -> Bool {
    design.rowIndices.allSatisfy { design[$0, column] == design[0, column] }
  }
}

extension Matrix {
  fileprivate var rowIndices: Range<Int> { 0..<rows }
}
