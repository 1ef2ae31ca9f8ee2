import Foundation

/// ln Γ(x) for x > 0. (`lgamma_r`: the plain `lgamma` writes a global variable.)
package func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}

/// ln B(a, b), without cancellation when the arguments are large.
package func logBeta(_ a: Double, _ b: Double) -> Double {
  let (small, large) = (min(a, b), max(a, b))
  let sum = small + large
  if small < 10 {
    if large < 1e3 { return logGamma(small) + logGamma(large) - logGamma(sum) }
    // ln Γ(large) − ln Γ(sum) by Stirling, so that the large terms never meet.
    let ratio =
      large * log1p(-small / sum) + 0.5 * log(sum / large) - small * log(sum) + small + stirlingError(large)
      - stirlingError(sum)
    return logGamma(small) + ratio
  }
  return 0.5 * log(2 * Double.pi / large) + (small - 0.5) * log(small / sum) + large * log1p(-small / sum)
    + stirlingError(small) + stirlingError(large) - stirlingError(sum)
}

// MARK: Quantiles

/// The point at which an increasing function reaches p: Newton's steps kept inside a shrinking bracket.
private func inverse(
  _ p: Double, from guess: Double, in bounds: ClosedRange<Double>, cdf: (Double) -> Double,
  density: (Double) -> Double
) -> Double {
  var (low, high) = (bounds.lowerBound, bounds.upperBound)
  var x = min(max(guess, low), high)
  for _ in 0..<400 {
    let error = cdf(x) - p
    if error == 0 { return x }
    if error > 0 { high = x } else { low = x }
    let step = error / density(x)
    if abs(step) <= 2e-16 * abs(x) { return x }
    var next = x - step
    if !(next > low && next < high) {
      next = low > 0 && high / low > 4 ? low.squareRoot() * high.squareRoot() : low + (high - low) / 2
      if low == 0, high > 1e-300, next > high / 4 { next = high * 1e-3 }
    }
    if next == x || next <= low || next >= high || abs(next - x) <= 1e-16 * abs(x) { return next }
    x = next
  }
  return x
}

/// The quantile of Beta(a, b) and its complement to 1.
package func betaQuantile(_ p: Double, _ a: Double, _ b: Double) -> (value: Double, complement: Double) {
  guard p > 0 else { return (0, 1) }
  guard p < 1 else { return (1, 0) }
  let mean = a / (a + b)
  if incompleteBeta(mean, 1 - mean, a, b).lower < p {  // work with the smaller of x and 1 − x
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
    p, from: guess, in: 0...1, cdf: { incompleteBeta($0, 1 - $0, a, b).lower },
    density: { betaPower($0, 1 - $0, a, b) / ($0 * (1 - $0)) })
}

package func gammaQuantile(_ p: Double, _ shape: Double) -> Double {
  guard p > 0 else { return 0 }
  guard p < 1 else { return .infinity }
  let scale = logGamma(shape)
  let root = 1 - 1 / (9 * shape) + normalQuantile(p) / (3 * shape.squareRoot())
  let low = exp((log(p * shape) + scale) / shape)
  let guess = shape > 1 && root > 0.1 ? shape * root * root * root : low
  return inverse(
    p, from: max(guess, .leastNormalMagnitude), in: 0...Double.greatestFiniteMagnitude,
    cdf: { incompleteGamma(shape, $0).lower }, density: { gammaPower(shape, $0) / $0 })
}
