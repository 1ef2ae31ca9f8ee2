import Foundation

/// Φ(z), the standard normal distribution function.
public func normalCDF(_ z: Double) -> Double { 0.5 * erfc(-z / 2.0.squareRoot()) }

/// φ(z), the standard normal density.
func normalDensity(_ z: Double) -> Double { exp(-z * z / 2) / (2 * Double.pi).squareRoot() }

/// Φ⁻¹(p) for p in (0, 1); ±∞ at the ends. Relative error about 1e-16.
/// - Source: Wichura (1988), Algorithm AS 241, *Applied Statistics* 37, 477–484.
public func normalQuantile(_ p: Double) -> Double {
  precondition((0...1).contains(p), "a probability lies in 0...1")
  if p == 0 { return -.infinity }
  if p == 1 { return .infinity }
  let q = p - 0.5
  if abs(q) <= 0.425 {
    return q * ratio(central.top, central.bottom, at: 0.180625 - q * q)
  }
  let r = (-log(min(p, 1 - p))).squareRoot()
  let tail = r <= 5 ? ratio(middle.top, middle.bottom, at: r - 1.6) : ratio(far.top, far.bottom, at: r - 5)
  return q < 0 ? -tail : tail
}

private func ratio(_ top: [Double], _ bottom: [Double], at r: Double) -> Double {
  func polynomial(_ c: [Double]) -> Double { c.reversed().reduce(0) { $0 * r + $1 } }
  return polynomial(top) / polynomial(bottom)
}

private let central = (
  top: [
    3.3871328727963666080, 1.3314166789178437745e2, 1.9715909503065514427e3, 1.3731693765509461125e4,
    4.5921953931549871457e4, 6.7265770927008700853e4, 3.3430575583588128105e4, 2.5090809287301226727e3,
  ],
  bottom: [
    1, 4.2313330701600911252e1, 6.8718700749205790830e2, 5.3941960214247511077e3, 2.1213794301586595867e4,
    3.9307895800092710610e4, 2.8729085735721942674e4, 5.2264952788528545610e3,
  ]
)
private let middle = (
  top: [
    1.42343711074968357734, 4.63033784615654529590, 5.76949722146069140550, 3.64784832476320460504,
    1.27045825245236838258, 2.41780725177450611770e-1, 2.27238449892691845833e-2, 7.74545014278341407640e-4,
  ],
  bottom: [
    1, 2.05319162663775882187, 1.67638483018380384940, 6.89767334985100004550e-1, 1.48103976427480074590e-1,
    1.51986665636164571966e-2, 5.47593808499534494600e-4, 1.05075007164441684324e-9,
  ]
)
private let far = (
  top: [
    6.65790464350110377720, 5.46378491116411436990, 1.78482653991729133580, 2.96560571828504891230e-1,
    2.65321895265761230930e-2, 1.24266094738807843860e-3, 2.71155556874348757815e-5,
    2.01033439929228813265e-7,
  ],
  bottom: [
    1, 5.99832206555887937690e-1, 1.36929880922735805310e-1, 1.48753612908506148525e-2,
    7.86869131145613259100e-4, 1.84631831751005468180e-5, 1.42151175831644588870e-7,
    2.04426310338993978564e-15,
  ]
)

/// ln Γ(x) for x > 0, by Stirling's series after shifting x above 12. Relative error about 1e-15.
func logGamma(_ x: Double) -> Double {
  precondition(x > 0, "logGamma is defined here for x > 0")
  var (y, shift) = (x, 0.0)
  while y < 12 {
    shift += log(y)
    y += 1
  }
  let r = 1 / (y * y)
  let series =
    (1 / 12.0 - r * (1 / 360.0 - r * (1 / 1260.0 - r * (1 / 1680.0 - r * (1 / 1188.0 - r * 691 / 360360.0)))))
    / y
  return (y - 0.5) * log(y) - y + 0.5 * log(2 * Double.pi) + series - shift
}

/// I_x(a, b), the regularised incomplete beta function, by Lentz's continued fraction.
/// - Source: Press et al., *Numerical Recipes*, 3rd ed., §6.4.
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - incompleteBeta(1 - x, b, a) }
  let front = exp(logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var h = d
  for m in 1...500 {
    let m = Double(m)
    for factor in [
      m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
      -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
    ] {
      d = 1 + factor * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + factor / c
      if abs(c) < tiny { c = tiny }
      h *= c * d
    }
    if abs(c * d - 1) < 1e-16 { break }
  }
  return front * h
}

/// P(T ≤ t) of Student's t; `degrees` > 0, infinite means normal.
public func studentCDF(_ t: Double, degrees: Double) -> Double {
  precondition(degrees > 0, "degrees of freedom are positive")
  if degrees.isInfinite { return normalCDF(t) }
  if t.isInfinite { return t < 0 ? 0 : 1 }
  let square = t * t
  // Near zero x → 1 loses digits: use the other tail of the beta function there.
  let tail =
    square < degrees
    ? 0.5 * (1 - incompleteBeta(square / (degrees + square), 0.5, degrees / 2))
    : 0.5 * incompleteBeta(degrees / (degrees + square), degrees / 2, 0.5)
  return t < 0 ? tail : 1 - tail
}

/// The quantile of Student's t at p in (0, 1); ±∞ at the ends. Relative error about 1e-13.
public func studentQuantile(_ p: Double, degrees: Double) -> Double {
  precondition((0...1).contains(p) && degrees > 0, "0 ≤ p ≤ 1 and degrees > 0")
  if degrees.isInfinite { return normalQuantile(p) }
  if p == 0 { return -.infinity }
  if p == 1 { return .infinity }
  if p == 0.5 { return 0 }
  if p < 0.5 { return -studentQuantile(1 - p, degrees: degrees) }
  let upper = 1 - p
  if degrees == 1 { return 1 / tan(Double.pi * upper) }
  if degrees == 2 { return (2 * p - 1) / (2 * p * upper).squareRoot() }
  // Newton on the logarithm of the upper tail, kept inside a bracket.
  let constant =
    logGamma((degrees + 1) / 2) - logGamma(degrees / 2) - 0.5 * log(degrees * Double.pi)
  var (low, high) = (0.0, Double.greatestFiniteMagnitude.squareRoot())
  var t = max(normalQuantile(p), 1e-8)
  for _ in 0..<200 {
    let tail = studentCDF(-t, degrees: degrees)
    if tail > upper { low = t } else { high = t }
    let density = exp(constant - (degrees + 1) / 2 * log1p(t * t / degrees))
    var next = t + log(tail / upper) * tail / density
    if !(next > low && next < high) { next = high.isFinite && high < 1e100 ? (low + high) / 2 : t * 2 }
    if abs(next - t) <= 1e-15 * t { return next }
    t = next
  }
  return t
}

/// P(χ² > x) with `degrees` degrees of freedom: the regularised upper incomplete gamma function.
public func chiSquareUpperTail(_ x: Double, degrees: Double) -> Double {
  precondition(degrees > 0, "degrees of freedom are positive")
  if x <= 0 { return 1 }
  let (a, y) = (degrees / 2, x / 2)
  let front = exp(a * log(y) - y - logGamma(a))
  if y < a + 1 {
    var (term, sum, n) = (1 / a, 1 / a, a)
    for _ in 0..<1000 {
      n += 1
      term *= y / n
      sum += term
      if term < sum * 1e-17 { break }
    }
    return max(0, 1 - front * sum)
  }
  var b = y + 1 - a
  var c = 1e300
  var d = 1 / b
  var h = d
  for i in 1...1000 {
    let i = Double(i)
    let factor = -i * (i - a)
    b += 2
    d = 1 / (factor * d + b)
    c = b + factor / c
    h *= d * c
    if abs(d * c - 1) < 1e-16 { break }
  }
  return front * h
}
