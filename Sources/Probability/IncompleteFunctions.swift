import Foundation

// The regularised incomplete beta and gamma functions.
//
// Powers over beta and gamma functions are formed by saddle-point expansions, so that a million
// degrees of freedom cost no digits. Source: Loader (2000), "Fast and accurate computation of
// binomial probabilities"; continued fractions: Abramowitz & Stegun 26.5.8, 6.5.31.

/// Regularised incomplete beta I_x(a, b) and its complement; `y` is 1 − x, given apart so that
/// neither loses digits.
package func incompleteBeta(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> (lower: Double, upper: Double) {
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
package func incompleteGamma(_ a: Double, _ x: Double) -> (lower: Double, upper: Double) {
  if x <= 0 { return (0, 1) }
  if x == .infinity { return (1, 0) }
  let power = gammaPower(a, x)
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

/// x^a · e^(−x) / Γ(a).
func gammaPower(_ a: Double, _ x: Double) -> Double {
  exp(-stirlingError(a) - deviance(a, x)) * (a / (2 * Double.pi)).squareRoot()
}

/// x^a · y^b / B(a, b).
func betaPower(_ x: Double, _ y: Double, _ a: Double, _ b: Double) -> Double {
  let n = a + b
  let exponent =
    stirlingError(n) - stirlingError(a) - stirlingError(b) - deviance(a, n * x) - deviance(b, n * y)
  return exp(exponent) * (a * b / (2 * Double.pi * n)).squareRoot()
}

/// ln Γ(n + 1) − (n + ½) ln n + n − ½ ln 2π; 0 for n = 0 by continuation of its use above.
func stirlingError(_ n: Double) -> Double {
  if n <= 0 { return 0 }
  if n < 16 {
    return logGamma(n + 1) - (n + 0.5) * log(n) + n - 0.5 * log(2 * Double.pi)
  }
  let s = n * n
  return (1.0 / 12 - (1.0 / 360 - (1.0 / 1260 - (1.0 / 1680 - 1.0 / 1188 / s) / s) / s) / s) / n
}

/// x ln(x/m) + m − x, without cancellation when x is near m.
private func deviance(_ x: Double, _ m: Double) -> Double {
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
private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
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

private func gammaFraction(_ a: Double, _ x: Double) -> Double {
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
