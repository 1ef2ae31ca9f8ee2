import LinearAlgebra
import Messages

/// Which multipliers a wild bootstrap gives to clusters.
public enum WildWeights: Sendable {
  /// ±1; all 2^G of them when there are few clusters.
  case rademacher
  /// ±√½, ±1, ±√1.5: better with fewer than about ten clusters (Webb 2023).
  case webb
}

/// Wild cluster bootstrap-t of one coefficient being 0, with residuals of the restricted fit: the test
/// to trust when there are few clusters.
///
/// Source: Cameron, Gelbach & Miller (2008), *Review of Economics and Statistics* 90, 414–427; Roodman,
/// MacKinnon, Nielsen & Webb (2019), *Stata Journal* 19, 4–60.
/// - Parameters:
///   - name: the coefficient; `clusters` one code per row of `input`.
///   - draws: used when the Rademacher multipliers are more than this; `seed` makes them repeatable.
/// - Returns: the cluster-robust t and the share of draws at least as large in size.
public func wildClusterBootstrap(
  _ input: RegressionInput, _ options: RegressionOptions = RegressionOptions(), coefficient name: String,
  clusters: Grouping, weights kind: WildWeights = .rademacher, draws: Int = 9_999, seed: UInt64 = 1
) throws(RegressionError) -> (statistic: Double, pValue: Double, draws: Int) {
  var clustered = options
  clustered.covariance = .clustered([clusters])
  let full = try regress(input, clustered)
  guard options.effects == nil, options.family == .gaussian, options.ridge == 0,
    let place = full.names.firstIndex(of: name)
  else {
    throw .unsupported(
      Bilingual(
        zh: "野性自助法用于最小二乘（可吸收效应）的一个系数，不用于“\(name)”",
        en: "the wild bootstrap tests a coefficient of least squares, absorbed effects included, not '\(name)' here"),
      hint: Bilingual(
        zh: "去掉 --family、--effects、--ridge；系数：\(full.names.joined(separator: "、"))",
        en: "leave out --family, --effects and --ridge; coefficients: \(full.names.joined(separator: ", "))"))
  }
  let (solved, groups) = (full.solved, clusters.count)
  let (n, k) = (solved.design.rows, full.names.count)
  // Restricted fit on the solved (demeaned) rows: the response without this column.
  let response = (0..<n).map { i in
    full.residuals[i] + (0..<k).reduce(0) { $0 + solved.design[i, $1] * full.estimates[$1] }
  }
  let restricted: LinearModel
  do {
    restricted = try LinearModel.solve(
      LinearModelProblem(
        design: solved.design.selecting(columns: (0..<k).filter { $0 != place }), response: response,
        weights: solved.weights))
  } catch { throw .linearAlgebra(error) }
  // With multipliers v the coefficient is Σ direct·v; its robust variance is the sum of squares of
  // each cluster's part after refitting. Constant factors cancel in the comparison.
  let score = bootstrapScores(solved, restricted.residuals, clusters, place)
  func statistic(_ v: [Double]) -> Double {
    let move = (0..<k).map { j in (0..<groups).reduce(0.0) { $0 + score.moves[$1, j] * v[$1] } }
    var (numerator, square) = (0.0, 0.0)
    for g in 0..<groups {
      var own = score.direct[g] * v[g]
      numerator += own
      for j in 0..<k { own -= score.pulled[g, j] * move[j] }
      square += own * own
    }
    return numerator / square.squareRoot()
  }
  let observed = abs(statistic([Double](repeating: 1, count: groups)))
  let isExhaustive = kind == .rademacher && groups < 20 && (1 << groups) <= draws + 1
  let total = isExhaustive ? 1 << groups : draws
  var generator = SplitMix(state: seed)
  let steps = [-1.5.squareRoot(), -1, -0.5.squareRoot(), 0.5.squareRoot(), 1, 1.5.squareRoot()]
  var extreme = 0
  for draw in 0..<total {
    let v: [Double] = (0..<groups).map { g in
      if isExhaustive { return draw >> g & 1 == 0 ? 1 : -1 }
      let bits = generator.next()
      return kind == .rademacher ? (bits >> 63 == 0 ? 1 : -1) : steps[Int(((bits >> 32) * 6) >> 32)]
    }
    let value = abs(statistic(v))
    if value >= observed * (1 - 1e-12) { extreme += 1 }
  }
  return (full.coefficients[place].statistic, Double(extreme) / Double(total), total)
}

/// Per cluster g: direct[g] = a'X_g'W e_g, with a the coefficient's row of (X'WX)⁻¹; pulled[g] =
/// a'X_g'W X_g and moves[h] = (X'WX)⁻¹ X_h'W e_h: pulled[g]·moves[h] is what cluster h's scores do to the
/// fit in cluster g.
private func bootstrapScores(
  _ solved: SolvedRows, _ residuals: [Double], _ clusters: Grouping, _ place: Int
) -> (direct: [Double], pulled: Matrix, moves: Matrix) {
  let (n, groups) = (solved.design.rows, clusters.count)
  let weighted = (0..<n).map { residuals[$0] * (solved.weights?[$0] ?? 1) }
  let scores = solved.design.groupedSums(weighted, codes: clusters.codes, groups: groups)
  let row = solved.inverseGram.column(place)
  let influence = solved.design.times(row)
  let pulled = solved.design.groupedSums(
    (0..<n).map { influence[$0] * (solved.weights?[$0] ?? 1) }, codes: clusters.codes, groups: groups)
  return (scores.times(row), pulled, scores.times(solved.inverseGram))
}

/// SplitMix64 (Steele, Lea & Flood 2014): small, seeded, the same everywhere.
struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
