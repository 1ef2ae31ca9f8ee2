import LinearAlgebra
import Messages

/// The rows of a linear regression after absorbing effects, averaging, differencing or quasi-demeaning.
func transformed(_ input: RegressionInput, _ options: RegressionOptions) throws(RegressionError) -> LinearRows {
  let response = subtracting(input.offset, from: input.response)
  if input.offset != nil, !response.allSatisfy(\.isFinite) { throw .notFinite(input: "the response") }
  var rows = LinearRows(
    response: response, design: input.design, names: input.names, hasIntercept: input.hasIntercept,
    weights: input.weights)
  switch options.effects {
  case nil: return try swept(rows, options.absorb)
  case .fixed:
    guard let panel = options.panel else { throw .needsEntity("fixed") }
    return try swept(rows, [panel.entity] + options.absorb)
  case .random, .between, .firstDifference:
    guard let effects = options.effects, let panel = options.panel else {
      throw .needsEntity(options.effects?.rawValue ?? "")
    }
    guard input.weights == nil, options.absorb.isEmpty else {
      throw .unsupported(
        Bilingual(
          zh: "--effects \(effects.rawValue) 不能与 --weights 或 --absorb 同用",
          en: "--effects \(effects.rawValue) does not go with --weights or --absorb"),
        hint: Bilingual(zh: "改用 --effects fixed 或 --absorb", en: "use --effects fixed or --absorb"))
    }
    switch effects {
    case .between: rows = between(rows, panel)
    case .firstDifference: rows = firstDifferences(rows, panel)
    case .random, .fixed: rows = try random(rows, panel)
    }
    return rows
  }
}

extension RegressionError {
  static func needsEntity(_ effects: String) -> RegressionError {
    .unsupported(
      Bilingual(
        zh: "--effects \(effects) 需要知道每行属于哪个个体",
        en: "--effects \(effects) needs to know the entity of every row"),
      hint: Bilingual(zh: "用 --entity 指定个体列", en: "name the entity column with --entity"))
  }
}

/// Absorbed effects swept out of response and columns; the intercept goes with them.
private func swept(_ rows: LinearRows, _ groupings: [Grouping]) throws(RegressionError) -> LinearRows {
  guard !groupings.isEmpty else { return rows }
  for grouping in groupings where grouping.codes.count != rows.response.count {
    throw .lengthMismatch(input: grouping.name, expected: rows.response.count, found: grouping.codes.count)
  }
  var swept = rows
  let first = rows.hasIntercept ? 1 : 0
  let absorption = Absorption(groupings, weights: rows.weights)
  let left = try absorption.residuals(rows.response, rows.design, from: first)
  (swept.response, swept.design, swept.referenceLengths) = (left.response, left.design, left.lengths)
  swept.names = Array(rows.names.dropFirst(first))
  swept.hasIntercept = false
  swept.absorption = absorption
  swept.iterations = left.iterations
  for grouping in groupings {
    let single = grouping.sizes.filter { $0 == 1 }.count
    if single > 0 {
      swept.notes.append(
        Bilingual(
          zh: "\(grouping.name) 有 \(single) 组只有一行：它们的固定效应吃掉了这一行，不影响系数，但计入聚类标准误（--drop-singletons 可去掉）",
          en:
            "\(single) groups of \(grouping.name) have a single row, which their own effect explains: they do not inform the coefficients, but count in clustered errors (--drop-singletons leaves them out)"
        ))
    }
  }
  return swept
}

/// Means over each entity's rows.
private func entityMeans(_ rows: LinearRows, _ entity: Grouping) -> (response: [Double], design: Matrix) {
  let (sizes, ones) = (entity.sizes, [Double](repeating: 1, count: rows.response.count))
  func means(_ matrix: Matrix) -> Matrix {
    var sums = matrix.groupedSums(ones, codes: entity.codes, groups: entity.count)
    for j in 0..<sums.columns { for g in sizes.indices { sums[g, j] /= Double(sizes[g]) } }
    return sums
  }
  let response = means(Matrix(rows: rows.response.count, columns: 1, elements: rows.response))
  return (response.elements, means(rows.design))
}

private func between(_ rows: LinearRows, _ panel: PanelIndex) -> LinearRows {
  var averaged = rows
  (averaged.response, averaged.design) = entityMeans(rows, panel.entity)
  averaged.source = .merged
  return averaged
}

private func firstDifferences(_ rows: LinearRows, _ panel: PanelIndex) -> LinearRows {
  var (later, earlier): ([Int], [Int]) = ([], [])
  let order = panel.sortedRows
  for (a, b) in zip(order, order.dropFirst()) where panel.entity.codes[a] == panel.entity.codes[b] {
    earlier.append(a)
    later.append(b)
  }
  var changes = rows
  changes.response = zip(later, earlier).map { rows.response[$0] - rows.response[$1] }
  var design = Matrix(rows: later.count, columns: rows.names.count, repeating: 1)
  for j in (rows.hasIntercept ? 1 : 0)..<rows.names.count {
    for (k, (b, a)) in zip(later, earlier).enumerated() {
      design[k, j] = rows.design[b, j] - rows.design[a, j]
    }
  }
  changes.design = design
  let wide = panel.time == nil ? 0 : zip(later, earlier).count { panel.period[$0] - panel.period[$1] > 1 }
  if wide > 0 {
    changes.notes.append(
      Bilingual(
        zh: "\(wide) 个差分跨过缺失的时期，不是一期的变化",
        en: "\(wide) of the differences span\(wide == 1 ? "s" : "") a missing period: they are no changes over one period"))
  }
  changes.source = .rows(later)
  return changes
}

/// Swamy–Arora: error variance from the within fit, entity variance from the between fit (Baltagi &
/// Chang 1994 for unbalanced data), then deviations from θ times the entity mean.
private func random(_ rows: LinearRows, _ panel: PanelIndex) throws(RegressionError) -> LinearRows {
  do {
    let components = try VarianceComponents(rows, panel.entity)
    var quasi = rows
    let means = entityMeans(rows, panel.entity)
    for (i, code) in panel.entity.codes.enumerated() {
      let (g, theta) = (Int(code), components.theta[Int(code)])
      quasi.response[i] -= theta * means.response[g]
      for j in 0..<rows.names.count { quasi.design[i, j] -= theta * means.design[g, j] }
    }
    // The column of ones became 1 − θ, which may differ between entities: no centring.
    quasi.referenceLengths = (0..<rows.names.count).map { j in
      weightedSquares(rows.design.column(j), centred: false).squareRoot()
    }
    (quasi.hasIntercept, quasi.isCentred) = (false, rows.hasIntercept)
    quasi.isAsymptotic = true
    let thetas = components.theta
    quasi.extras = [("sigma2_e", components.error), ("sigma2_u", components.entity)]
    if let least = thetas.min(), let most = thetas.max() {
      quasi.extras += least == most ? [("theta", least)] : [("theta_min", least), ("theta_max", most)]
    }
    if components.entity == 0 {
      quasi.notes.append(
        Bilingual(
          zh: "个体方差的估计不为正，置为 0：随机效应等同于混合回归",
          en: "the entity variance is not positive and set to 0: random effects equal the pooled fit"))
    }
    return quasi
  } catch let error as LinearAlgebraError {
    throw .linearAlgebra(error)
  } catch let error as RegressionError {
    throw error
  } catch {
    preconditionFailure("no other error is thrown: \(error)")
  }
}

/// Swamy–Arora variance components of a one-way panel.
struct VarianceComponents {
  let error: Double
  let entity: Double
  /// θ of each entity.
  let theta: [Double]
  let isBalanced: Bool

  init(_ rows: LinearRows, _ grouping: Grouping) throws {
    let (n, groups, p) = (rows.response.count, grouping.count, rows.names.count)
    let within = try swept(rows, [grouping])
    let inner = try LinearModel.solve(
      LinearModelProblem(
        design: within.design, response: within.response, referenceLengths: within.referenceLengths))
    let withinDF = n - groups - inner.kept.count
    guard withinDF > 0 else {
      throw RegressionError.tooFewRows(rows: n, coefficients: inner.kept.count, absorbed: groups)
    }
    error = inner.residualSumOfSquares / Double(withinDF)
    let (means, sizes) = (entityMeans(rows, grouping), grouping.sizes.map(Double.init))
    let outer = try LinearModel.solve(
      LinearModelProblem(
        design: means.design, response: means.response, weights: sizes,
        interceptColumn: rows.hasIntercept ? 0 : nil))
    guard groups > outer.kept.count else {
      throw RegressionError.tooFewRows(rows: groups, coefficients: p, absorbed: 0)
    }
    // tr[(Z'PZ)⁻¹ Z'ZμZμ'Z] with Z'PZ = ΣT z̄z̄' and the inner matrix ΣT² z̄z̄'.
    let kept = means.design.selecting(columns: outer.kept)
    let trace = zip(outer.inverseGram.elements, kept.scaledGram(sizes).elements).reduce(0) {
      $0 + $1.0 * $1.1
    }
    let spread = outer.residualSumOfSquares - Double(groups - outer.kept.count) * error
    let entity = max(0, spread / (Double(n) - trace))
    let error = error
    self.entity = entity
    theta = sizes.map { 1 - (error / (error + $0 * entity)).squareRoot() }
    isBalanced = sizes.allSatisfy { $0 == sizes[0] }
  }
}
