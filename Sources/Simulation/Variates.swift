import Foundation
import Probability

/// Uniform pairs for a variate that may need several tries, at blocks of the address's own.
///
/// Blocks 2³¹ + 256·index + k, k = 0…255: nothing else uses them.
private struct Attempts {
  private let stream: RandomStream
  private let draw: Int
  private let year: Int
  private let first: UInt32
  private(set) var used: UInt32 = 0

  init(_ stream: RandomStream, draw: Int, year: Int, index: Int) {
    precondition(index >= 0 && index < 1 << 23, "an index of these variates lies in 0..<2²³")
    self.stream = stream
    self.draw = draw
    self.year = year
    first = 1 << 31 | UInt32(index) << 8
  }

  var isExhausted: Bool { used > 250 }

  mutating func next() -> (Double, Double) {
    let block = stream.words(draw: draw, year: year, block: first | used)
    used += 1
    return (
      openUnit(UInt64(block.y) << 32 | UInt64(block.x)), openUnit(UInt64(block.w) << 32 | UInt64(block.z))
    )
  }

  /// ln of a Gamma(shape, 1) variate; the logarithm because tiny shapes underflow.
  /// - Source: Marsaglia & Tsang (2000), ACM TOMS 26(3); below shape 1 by U^(1/shape).
  mutating func logGammaVariate(_ shape: Double) -> Double {
    if shape < 1 {
      let boost = log(next().0) / shape
      return boost + logGammaVariate(shape + 1)
    }
    let d = shape - 1.0 / 3
    let c = 1 / (9 * d).squareRoot()
    while !isExhausted {
      let (first, second) = next()
      let z = normalQuantile(first)
      let v = 1 + c * z
      guard v > 0 else { continue }
      let cube = v * v * v
      if log(second) < 0.5 * z * z + d * (1 - cube + log(cube)) { return log(d * cube) }
    }
    return log(gammaQuantile(next().0, shape))
  }
}

extension RandomStream {
  /// Gamma(shape, 1). Each index is a variate of its own, apart from uniforms and normals.
  public func gamma(shape: Double, draw: Int, year: Int = 0, index: Int = 0) -> Double {
    exp(logGamma(shape: shape, draw: draw, year: year, index: index))
  }

  /// Beta(a, b) from two gammas; exact also for tiny parameters.
  public func beta(_ a: Double, _ b: Double, draw: Int, year: Int = 0, index: Int = 0) -> Double {
    precondition(a > 0 && b > 0, "the parameters of a beta are positive")
    var attempts = Attempts(self, draw: draw, year: year, index: index)
    let first = attempts.logGammaVariate(a)
    return 1 / (1 + exp(attempts.logGammaVariate(b) - first))
  }

  /// Shares that sum to 1, Dirichlet(concentration). Uses as many indices as there are shares.
  public func dirichlet(_ concentration: [Double], draw: Int, year: Int = 0, index: Int = 0) -> [Double] {
    let logs = concentration.enumerated().map { k, shape in
      logGamma(shape: shape, draw: draw, year: year, index: index + k)
    }
    let largest = logs.max() ?? 0
    let parts = logs.map { exp($0 - largest) }
    let sum = parts.reduce(0, +)
    return parts.map { $0 / sum }
  }

  /// Student's t as normal / √(χ²/ν); any ν > 0.
  public func studentT(degreesOfFreedom: Double, draw: Int, year: Int = 0, index: Int = 0) -> Double {
    let half = degreesOfFreedom / 2
    let scale = exp(0.5 * (log(half) - logGamma(shape: half, draw: draw, year: year, index: index)))
    return normal(draw: draw, year: year, index: index) * scale
  }

  /// Successes in `trials` trials by inversion, hence monotone in the probability and in the uniform of
  /// the address (the one that `openUniform` returns).
  public func binomial(
    trials: Int, probability: Double, draw: Int, year: Int = 0, index: Int = 0
  ) -> Int {
    binomialQuantile(openUniform(draw: draw, year: year, index: index), trials, probability)
  }

  private func logGamma(shape: Double, draw: Int, year: Int, index: Int) -> Double {
    precondition(shape > 0, "the shape of a gamma is positive")
    var attempts = Attempts(self, draw: draw, year: year, index: index)
    return attempts.logGammaVariate(shape)
  }
}

/// The smallest k with P(X ≤ k) ≥ u for X ~ Binomial(n, p).
func binomialQuantile(_ u: Double, _ n: Int, _ p: Double) -> Int {
  precondition(n >= 0 && p >= 0 && p <= 1, "a binomial needs trials ≥ 0 and a probability")
  if n == 0 || p == 0 { return 0 }
  if p == 1 { return n }
  let odds = p / (1 - p)
  let mean = Double(n) * p
  if mean < 30 {
    var k = 0
    var mass = exp(Double(n) * log1p(-p))
    var below = mass
    while below < u, k < n, mass > 0 {
      mass *= odds * Double(n - k) / Double(k + 1)
      k += 1
      below += mass
    }
    return k
  }
  let deviation = (mean * (1 - p)).squareRoot()
  let z = normalQuantile(u)
  let guess = mean + deviation * z + (1 - 2 * p) * (z * z - 1) / 6  // Cornish–Fisher
  var k = min(n, max(0, Int(guess)))
  var below = incompleteBeta(1 - p, p, Double(n - k), Double(k + 1)).lower
  if k == n { below = 1 }
  let logMass =
    -log(Double(n + 1)) - logBeta(Double(k + 1), Double(n - k + 1)) + Double(k) * log(p)
    + Double(n - k) * log1p(-p)
  var mass = exp(logMass)
  if below >= u {
    while k > 0, below - mass >= u {
      below -= mass
      mass *= Double(k) / (Double(n - k + 1) * odds)
      k -= 1
    }
  } else {
    while k < n, below < u, mass > 0 {
      mass *= odds * Double(n - k) / Double(k + 1)
      k += 1
      below += mass
    }
  }
  return k
}
