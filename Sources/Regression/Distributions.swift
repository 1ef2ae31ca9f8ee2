import Foundation

/// Tail probabilities and quantiles that tests and intervals need, to about 1e-13 relative.
///
/// Powers over beta and gamma functions are formed by saddle-point expansions, so that a million
/// degrees of freedom cost no digits. Source: Loader (2000), "Fast and accurate computation of
/// binomial probabilities"; continued fractions: Abramowitz & Stegun 26.5.8, 6.5.31.
public enum Distribution {
  // MARK: Normal

  /// P(Z ≤ z).
  public static func normalCumulative(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

  /// φ(z).
  public static func normalDensity(_ z: Double) -> Double { exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() }

  /// The z with P(Z ≤ z) = p; ∓∞ at 0 and 1, NaN outside.
  public static func normalQuantile(_ p: Double) -> Double {
    guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
    if abs(p - 0.5) < 0.3 { return centralQuantile(p - 0.5) }
    let lower = min(p, 1 - p)
    // Abramowitz & Stegun 26.2.23 starts within 4.5e-4; Halley's steps on the tail end it.
    let t = (-2 * log(lower)).squareRoot()
    var z =
      t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
    for _ in 0..<3 {
      let error = (0.5 * erfc(z / 2.0.squareRoot()) - lower) / normalDensity(z)
      z += error / (1 - 0.5 * error * z)
    }
    return p < 0.5 ? -z : z
  }

  /// The z with P(0 ≤ Z ≤ z) = share, keeping the digits of a small share.
  private static func centralQuantile(_ share: Double) -> Double {
    var z = share * (2 * Double.pi).squareRoot()
    for _ in 0..<8 {
      let error = (0.5 * erf(z / 2.0.squareRoot()) - share) / normalDensity(z)
      z -= error / (1 + 0.5 * error * z)
    }
    return z
  }

  // MARK: Student's t

  /// P(|T| > |t|) with `df` degrees of freedom; infinite degrees mean the normal distribution.
  public static func studentTwoSided(_ t: Double, df: Double) -> Double {
    guard !t.isNaN, df > 0 else { return .nan }
    if t.isInfinite { return 0 }
    if df == .infinity { return erfc(abs(t) / 2.0.squareRoot()) }
    let square = t * t
    return beta(df / (df + square), square / (df + square), df / 2, 0.5).lower
  }

  /// The t with P(|T| ≤ t) = level, for confidence intervals.
  public static func studentTwoSidedQuantile(level: Double, df: Double) -> Double {
    guard level >= 0, level < 1, df > 0 else { return .nan }
    if df == .infinity { return normalQuantile(0.5 + level / 2) }
    if level == 0 { return 0 }
    let tail = 1 - level
    var (low, high) = (0.0, 2.0)
    while studentTwoSided(high, df: df) > tail, high < 1e300 { (low, high) = (high, high * 2) }
    var t = 0.5 * (low + high)
    for _ in 0..<200 {
      let excess = studentTwoSided(t, df: df) - tail
      if excess > 0 { low = t } else { high = t }
      let step = excess / (2 * studentDensity(t, df: df))
      let next = t + step
      let moved = next > low && next < high ? next : 0.5 * (low + high)
      if abs(moved - t) <= 1e-15 * abs(moved) { return moved }
      t = moved
    }
    return t
  }

  /// Density of t ≠ 0 from the beta prefactor: x^(df/2) (1−x)^(1/2) / B, divided by |t|.
  private static func studentDensity(_ t: Double, df: Double) -> Double {
    let square = t * t
    return betaPower(df / (df + square), square / (df + square), df / 2, 0.5) / abs(t)
  }

  // MARK: F and χ²

  /// P(F > f) with `numerator` and `denominator` degrees of freedom.
  public static func fisherUpper(_ f: Double, numerator: Double, denominator: Double) -> Double {
    guard !f.isNaN, numerator > 0, denominator > 0 else { return .nan }
    if f <= 0 { return 1 }
    if denominator == .infinity { return chiSquareUpper(f * numerator, df: numerator) }
    if f.isInfinite { return 0 }
    let total = denominator + numerator * f
    return beta(denominator / total, numerator * f / total, denominator / 2, numerator / 2).lower
  }

  /// P(χ² > x) with `df` degrees of freedom.
  public static func chiSquareUpper(_ x: Double, df: Double) -> Double {
    guard !x.isNaN, df > 0 else { return .nan }
    return x <= 0 ? 1 : x.isInfinite ? 0 : gamma(df / 2, x / 2).upper
  }

  // MARK: Incomplete beta and gamma functions

  /// Regularised incomplete beta I_x(a, b) and its complement; `y` is 1 − x, given apart so that
  /// neither loses digits.
  static func beta(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (0, 1) }
    if y <= 0 { return (1, 0) }
    let power = betaPower(x, y, a, b)
    // Near 1 with a small b the fraction is slow; the series in y has positive terms only.
    if b <= 30, y < 0.5, y * (a + b) <= b + 3 {
      var (term, sum, k) = (1 / b, 1 / b, 0.0)
      while term > sum * 1e-17 {
        term *= (a + b + k) / (b + 1 + k) * y
        sum += term
        k += 1
      }
      let upper = power * sum
      return (1 - upper, upper)
    }
    if x < (a + 1) / (a + b + 2) {
      let lower = power * betaFraction(x, a, b) / a
      return (lower, 1 - lower)
    }
    let upper = power * betaFraction(y, b, a) / b
    return (1 - upper, upper)
  }

  /// Regularised incomplete gamma P(a, x) and Q(a, x).
  static func gamma(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
    if x <= 0 { return (0, 1) }
    let power = exp(-stirlingError(a) - deviance(a, x)) * (a / (2 * Double.pi)).squareRoot()
    if x < a + 1 {
      var (term, sum, k) = (1 / a, 1 / a, a)
      while term > sum * 1e-17 {
        k += 1
        term *= x / k
        sum += term
      }
      return (power * sum, 1 - power * sum)
    }
    let upper = power * gammaFraction(a, x)
    return (1 - upper, upper)
  }

  /// x^a · y^b / B(a, b).
  private static func betaPower(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
    let n = a + b
    let exponent =
      stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y)
    return exp(exponent) * (a * b / (2 * Double.pi * n)).squareRoot()
  }

  /// ln Γ(n + 1) − (n + ½) ln n + n − ½ ln 2π; 0 for n = 0 by continuation of its use above.
  private static func stirlingError(_ n: Double) -> Double {
    if n <= 0 { return 0 }
    if n < 16 {
      return lgamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(2 * Double.pi)
    }
    let s = n * n
    return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / s) / s) / s) / s) / n
  }

  /// x ln(x/m) + m − x, without cancellation when x is near m.
  private static func deviance(_ x: Double, _ m: Double) -> Double {
    if x == 0 { return m }
    guard abs(x - m) < 0.1 * (x + m) else { return x * log(x / m) + m - x }
    let v = (x - m) / (x + m)
    var (sum, term, k) = ((x - m) * v, 2 * x * v, 1.0)
    while true {
      term *= v * v
      let next = sum + term / (2 * k + 1)
      if next == sum { return next }
      (sum, k) = (next, k + 1)
    }
  }

  /// Lentz's evaluation of the continued fraction of the incomplete beta function.
  private static func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var c = 1.0
    var d = 1 / guarded(1 - (a + b) * x / (a + 1))
    var fraction = d
    for step in 1...100_000 {
      let m = Double(step)
      let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
      d = 1 / guarded(1 + even * d)
      c = guarded(1 + even / c)
      fraction *= d * c
      let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
      d = 1 / guarded(1 + odd * d)
      c = guarded(1 + odd / c)
      let change = d * c
      fraction *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return fraction
  }

  private static func gammaFraction(_ a: Double, _ x: Double) -> Double {
    let tiny = 1e-300
    func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
    var b = x + 1 - a
    var c = 1 / tiny
    var d = 1 / guarded(b)
    var fraction = d
    for step in 1...100_000 {
      let i = Double(step)
      let numerator = -i * (i - a)
      b += 2
      d = 1 / guarded(numerator * d + b)
      c = guarded(b + numerator / c)
      let change = d * c
      fraction *= change
      if abs(change - 1) < 1e-16 { break }
    }
    return fraction
  }
}
