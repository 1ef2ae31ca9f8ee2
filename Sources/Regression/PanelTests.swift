import LinearAlgebra
import Messages

/// (b_F − b_R)'(V_F − V_R)⁻¹(b_F − b_R), χ²: are random effects consistent? Hausman (1978).
///
/// - Throws: `.unsupported` when V_F − V_R is not positive definite; the statistic has no meaning then.
public func hausman(fixed: RegressionFit, random: RegressionFit) throws(RegressionError) -> TestResult {
  let common = fixed.names.filter { name in name != "(Intercept)" && random[name] != nil }
  let places = common.compactMap { name in
    fixed.names.firstIndex(of: name).flatMap { a in random.names.firstIndex(of: name).map { (a, $0) } }
  }
  let difference = places.map { fixed.estimates[$0.0] - random.estimates[$0.1] }
  var spread = Matrix(rows: places.count, columns: places.count)
  for (b, q) in places.enumerated() {
    for (a, p) in places.enumerated() {
      spread[a, b] = fixed.covariance[p.0, q.0] - random.covariance[p.1, q.1]
    }
  }
  do {
    let solution = try Cholesky(spread, name: "the difference of the covariances").solve(difference)
    let statistic = zip(difference, solution).reduce(0) { $0 + $1.0 * $1.1 }
    return .chiSquare(statistic, df: Double(places.count))
  } catch {
    throw .unsupported(
      Bilingual(
        zh: "两个协方差之差不是正定的，Hausman 统计量没有意义",
        en: "the difference of the covariances is not positive definite: Hausman's statistic has no meaning"),
      hint: Bilingual(
        zh: "用 Mundlak 辅助回归：加入各变量的个体均值并检验它们",
        en: "use Mundlak's regression: add entity means of the regressors and test them"))
  }
}

/// F test that all entity effects are equal.
public func effectsTest(pooled: RegressionFit, fixed: RegressionFit) -> TestResult {
  nestedTest(small: pooled, large: fixed)
}

/// Breusch & Pagan's (1980) Lagrange multiplier for random entity effects, Baltagi & Li's (1990)
/// form for unbalanced data; χ²(1).
public func randomEffectsTest(pooled: RegressionFit, entity: Grouping) throws(RegressionError) -> TestResult {
  guard entity.codes.count == pooled.residuals.count else {
    throw .lengthMismatch(input: entity.name, expected: pooled.residuals.count, found: entity.codes.count)
  }
  var sums = [Double](repeating: 0, count: entity.count)
  for (code, residual) in zip(entity.codes, pooled.residuals) { sums[Int(code)] += residual }
  let squares = pooled.residuals.reduce(0) { $0 + $1 * $1 }
  let n = Double(pooled.residuals.count)
  let pairs = entity.sizes.reduce(0.0) { $0 + Double($1) * Double($1) }
  let excess = sums.reduce(0) { $0 + $1 * $1 } / squares - 1
  return .chiSquare(n * n / (2 * (pairs - n)) * excess * excess, df: 1)
}

/// The effects of groupings in a column, for example in y − X·b after a within fit: one per group;
/// with several groupings, those of the later ones are relative to a group of theirs.
public func absorbedEffects(of column: [Double], by groupings: [Grouping], weights: [Double]? = nil)
  -> [[Double]]
{
  Absorption(groupings, weights: weights).effects(of: column).effects
}
