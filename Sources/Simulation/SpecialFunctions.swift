import Foundation

/// ln Γ(x) for x > 0. (`lgamma_r`: the plain `lgamma` writes a global variable.)
func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}

/// ln B(a, b), without cancellation when the arguments are large.
func logBeta(_ a: Double, _ b: Double) -> Double {
  let (small, large) = (min(a, b), max(a, b))
  let sum = small + large
  if small < 10 {
    if large < 1e3 { return logGamma(small) + logGamma(large) - logGamma(sum) }
    // ln Γ(large) − ln Γ(sum) by Stirling, so that the large terms never meet.
    let ratio =
      large * log1p(-small / sum) + 0.5 * log(sum / large) - small * log(sum) + small + stirlingTail(large)
      - stirlingTail(sum)
    return logGamma(small) + ratio
  }
  return 0.5 * log(2 * Double.pi / large) + (small - 0.5) * log(small / sum) + large * log1p(-small / sum)
    + stirlingTail(small) + stirlingTail(large) - stirlingTail(sum)
}

/// ln Γ(x) − [(x − ½) ln x − x + ½ ln 2π], x ≥ 10.
private func stirlingTail(_ x: Double) -> Double {
  let y = 1 / (x * x)
  return (1.0 / 12 - y * (1.0 / 360 - y * (1.0 / 1260 - y * (1.0 / 1680 - y / 1188)))) / x
}

/// I_x(a, b), the distribution function of Beta(a, b); `complement` is 1 − x, given apart because it may
/// be too small to be found from x.
/// - Source: continued fraction DLMF 8.17.22 by modified Lentz (Thompson & Barnett 1986).
func regularisedBeta(_ x: Double, complement: Double, _ a: Double, _ b: Double) -> Double {
  guard x > 0 else { return 0 }
  guard complement > 0 else { return 1 }
  let front = exp(a * log(x) + b * log(complement) - logBeta(a, b))
  return x < (a + 1) / (a + b + 2)
    ? front * betaFraction(x, a, b) / a : 1 - front * betaFraction(complement, b, a) / b
}

func regularisedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  regularisedBeta(x, complement: 1 - x, a, b)
}

private func betaFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let tiny = 1e-300
  func away(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / away(1 - (a + b) * x / (a + 1))
  var fraction = d
  for m in 1...20_000 {
    let k = Double(m)
    let even = k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k))
    d = 1 / away(1 + even * d)
    c = away(1 + even / c)
    fraction *= d * c
    let odd = -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1))
    d = 1 / away(1 + odd * d)
    c = away(1 + odd / c)
    let step = d * c
    fraction *= step
    if abs(step - 1) < 1e-16 { break }
  }
  return fraction
}

/// P(a, x), the distribution function of Gamma(a, 1).
/// - Source: series DLMF 8.7.1 below the mean, continued fraction DLMF 8.9.2 above.
func regularisedGamma(_ x: Double, _ a: Double) -> Double {
  guard x > 0 else { return 0 }
  guard x.isFinite else { return 1 }
  let front = exp(a * log(x) - x - logGamma(a))
  if x < a + 1 {
    var (term, sum, k) = (1 / a, 1 / a, a)
    while term > sum * 1e-17 {
      k += 1
      term *= x / k
      sum += term
    }
    return front * sum
  }
  let tiny = 1e-300
  var b = x + 1 - a
  var c = 1 / tiny
  var d = 1 / b
  var fraction = d
  for m in 1...200_000 {
    let an = -Double(m) * (Double(m) - a)
    b += 2
    d = an * d + b
    if abs(d) < tiny { d = tiny }
    c = b + an / c
    if abs(c) < tiny { c = tiny }
    d = 1 / d
    fraction *= d * c
    if abs(d * c - 1) < 1e-16 { break }
  }
  return 1 - front * fraction
}

/// The point at which an increasing function reaches p: Newton's steps kept inside a shrinking bracket.
func inverse(
  _ p: Double, from guess: Double, in bounds: ClosedRange<Double>, cdf: (Double) -> Double,
  density: (Double) -> Double
) -> Double {
  var (low, high) = (bounds.lowerBound, bounds.upperBound)
  var x = min(max(guess, low), high)
  for _ in 0..<400 {
    let error = cdf(x) - p
    if error == 0 { return x }
    if error > 0 { high = x } else { low = x }
    var next = x - error / density(x)
    if !(next > low && next < high) {
      next = low > 0 && high / low > 4 ? (low * high).squareRoot() : low + (high - low) / 2
      if low == 0, high > 1e-300, next > high / 4 { next = high * 1e-3 }
    }
    if next == x || next <= low || next >= high || abs(next - x) <= 1e-16 * abs(x) { return next }
    x = next
  }
  return x
}

/// The quantile of Beta(a, b) and its complement to 1.
func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> (value: Double, complement: Double) {
  guard p > 0 else { return (0, 1) }
  guard p < 1 else { return (1, 0) }
  let mean = a / (a + b)
  if regularisedBeta(mean, a, b) < p {  // work with the smaller of x and 1 − x
    let x = lowerBetaQuantile(1 - p, b, a)
    return (1 - x, x)
  }
  let x = lowerBetaQuantile(p, a, b)
  return (x, 1 - x)
}

private func lowerBetaQuantile(_ p: Double, _ a: Double, _ b: Double) -> Double {
  let scale = logBeta(a, b)
  // For small x the density is x^(a−1)/B(a, b), hence the starting point.
  let guess = min(exp((log(p * a) + scale) / a), a / (a + b))
  return inverse(
    p, from: guess, in: 0...1, cdf: { regularisedBeta($0, a, b) },
    density: { exp((a - 1) * log($0) + (b - 1) * log1p(-$0) - scale) })
}

func gammaQuantile(_ p: Double, _ shape: Double) -> Double {
  guard p > 0 else { return 0 }
  guard p < 1 else { return .infinity }
  let scale = logGamma(shape)
  let root = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * shape.squareRoot())
  let low = exp((log(p * shape) + scale) / shape)
  let guess = shape > 1 && root > 0.1 ? shape * root * root * root : low
  return inverse(
    p, from: max(guess, .leastNormalMagnitude), in: 0...Double.greatestFiniteMagnitude,
    cdf: { regularisedGamma($0, shape) }, density: { exp((shape - 1) * log($0) - $0 - scale) })
}

/// Student's t with any positive degrees of freedom.
func studentQuantile(_ p: Double, _ degrees: Double) -> Double {
  guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
  if p == 0.5 { return 0 }
  let tail = min(p, 1 - p)
  // 2·tail = I_x(ν/2, ½) with x = ν/(ν + t²).
  let (x, complement) = betaQuantile(2 * tail, degrees / 2, 0.5)
  let t = (degrees * complement / x).squareRoot()
  return p < 0.5 ? -t : t
}
