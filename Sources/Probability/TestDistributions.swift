import Foundation

// Tail probabilities of tests and their quantiles, to about 1e-13 relative.

/// P(|T| > |t|) with `df` degrees of freedom; infinite degrees mean the normal distribution.
public func studentTwoSided(_ t: Double, df: Double) -> Double {
  guard !t.isNaN, df > 0 else { return .nan }
  if t.isInfinite { return 0 }
  if df == .infinity { return erfc(abs(t) / 2.0.squareRoot()) }
  let square = t * t
  return square.isInfinite ? 0 : incompleteBeta(df / (df + square), square / (df + square), df / 2, 0.5).lower
}

/// P(T ≤ t) with `degrees` > 0 degrees of freedom.
public func studentCDF(_ t: Double, degrees: Double) -> Double {
  let tail = 0.5 * studentTwoSided(t, df: degrees)
  return t < 0 ? tail : 1 - tail
}

/// The t with P(|T| ≤ t) = level, for confidence intervals.
public func studentTwoSidedQuantile(level: Double, df: Double) -> Double {
  guard level >= 0, level < 1, df > 0 else { return .nan }
  return studentTwoSidedQuantile(tail: 1 - level, df: df)
}

/// The t with P(T ≤ t) = p; ±∞ at the ends.
public func studentQuantile(_ p: Double, degrees: Double) -> Double {
  guard p > 0, p < 1, degrees > 0 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
  let t = studentTwoSidedQuantile(tail: 2 * min(p, 1 - p), df: degrees)
  return p < 0.5 ? -t : t
}

/// The t with P(|T| > t) = tail, by Newton's steps on the logarithms of both, kept inside a bracket.
private func studentTwoSidedQuantile(tail: Double, df: Double) -> Double {
  if tail >= 1 { return 0 }
  let start = -normalQuantile(tail / 2)
  if df == .infinity { return start }
  var (low, high, t) = (0.0, Double.infinity, start)
  for _ in 0..<400 {
    let reached = studentTwoSided(t, df: df)
    if reached > tail { low = t } else { high = t }
    // Density times 2t: the beta function's prefactor is |t| times the density.
    let square = t * t
    let slope = 2 * betaPower(df / (df + square), square / (df + square), df / 2, 0.5) / reached
    var next = t * exp(min(max(log(reached / tail) / slope, -5), 5))
    if !(next > low && next < high) { next = high == .infinity ? 2 * t : 0.5 * (low + high) }
    if abs(next - t) <= 2e-16 * t || next == low || next == high { return next }
    t = next
  }
  return t
}

/// P(F > f) with `numerator` and `denominator` degrees of freedom.
public func fisherUpper(_ f: Double, numerator: Double, denominator: Double) -> Double {
  guard !f.isNaN, numerator > 0, denominator > 0 else { return .nan }
  if f <= 0 { return 1 }
  if denominator == .infinity { return chiSquareUpper(f * numerator, df: numerator) }
  if f.isInfinite { return 0 }
  let total = denominator + numerator * f
  return incompleteBeta(denominator / total, numerator * f / total, denominator / 2, numerator / 2).lower
}

/// P(χ² > x) with `df` degrees of freedom.
public func chiSquareUpper(_ x: Double, df: Double) -> Double {
  guard !x.isNaN, df > 0 else { return .nan }
  return x <= 0 ? 1 : x.isInfinite ? 0 : incompleteGamma(df / 2, x / 2).upper
}
