import TestSupport
import Testing

@testable import Simulation

@Test func quantilesFollowTypeSeven() {
  // R: quantile(c(3, 1, 4, 1, 5, 9, 2, 6), c(.025, .1, .5, .9, .975))
  let found = quantiles([3, 1, 4, 1, 5, 9, 2, 6], at: [0.025, 0.1, 0.5, 0.9, 0.975])
  let expected = [1, 1, 3.5, 6.9, 8.475]
  #expect(zip(found, expected).allSatisfy { close($0, $1, relative: 1e-14) })
  #expect(quantile([7], at: 0.3) == 7)
  #expect(quantile([], at: 0.3).isNaN)
  #expect(quantile([1, .nan], at: 0.3).isNaN)
  #expect(quantile([1, .infinity, .infinity], at: 0.9) == .infinity)
}

@Test(arguments: 0..<60 as Range<UInt64>)
func quantilesAgreeWithSorting(seed: UInt64) {
  var generator = SeededGenerator(seed: seed)
  let n = Int.random(in: 1...400, using: &generator)
  let few = seed % 3 == 0  // many ties
  let values = (0..<n).map { _ in
    few ? Double(Int.random(in: 0...3, using: &generator)) : Double.random(in: -1...1, using: &generator)
  }
  let ordered = seed % 5 == 1 ? values.sorted() : values
  let probabilities = [1, 0, 0.5] + (0..<6).map { _ in Double.random(in: 0...1, using: &generator) }
  let sorted = values.sorted()
  for (p, q) in zip(probabilities, quantiles(ordered, at: probabilities)) {
    let h = Double(n - 1) * p
    let below = sorted[Int(h)]
    let above = sorted[min(Int(h) + 1, n - 1)]
    #expect(close(q, below + (h - h.rounded(.down)) * (above - below), relative: 1e-14, absolute: 1e-15))
  }
}

@Test(arguments: 0..<20 as Range<UInt64>)
func mergedMomentsEqualMomentsOfAll(seed: UInt64) {
  var generator = SeededGenerator(seed: seed)
  let values = (0..<200).map { _ in 100 + Double.random(in: 0...1, using: &generator) }
  let cut = Int.random(in: 0...200, using: &generator)
  var merged = Moments(values[..<cut])
  merged.merge(Moments(values[cut...]))
  let whole = Moments(values)
  #expect(merged.count == 200)
  #expect(close(merged.mean, whole.mean, relative: 1e-14))
  #expect(close(merged.variance, whole.variance, relative: 1e-10))
  #expect(close(merged.skewness, whole.skewness, absolute: 1e-8))
  #expect(close(merged.excessKurtosis, whole.excessKurtosis, absolute: 1e-8))
}

@Test func momentsOfASmallSampleByHand() {
  let m = Moments([1, 2, 3, 10])
  #expect(m.mean == 4)
  #expect(close(m.variance, 50.0 / 3))
  // Central sums: 9, 4, 1, 36 → m₂ = 12.5; −27, −8, −1, 216 → m₃ = 45; 81, 16, 1, 1296 → m₄ = 348.5.
  #expect(close(m.skewness, 45 / (12.5 * 12.5.squareRoot())))
  #expect(close(m.excessKurtosis, 348.5 / 156.25 - 3))
}

/// The stated error of a quantile is the spread of that quantile over repeated samples.
@Test func quantileErrorsMatchRepetition() {
  let stream = RandomStream(seed: 3, stream: 0)
  let probabilities = [0.1, 0.5, 0.9]
  var spread = probabilities.map { _ in Moments() }
  var stated = probabilities.map { _ in Moments() }
  for repetition in 0..<150 {
    let sample = stream.normals(draws: 0..<400, year: repetition)
    let q = quantiles(sample, at: probabilities)
    let e = quantileStandardErrors(sample, at: probabilities)
    for k in probabilities.indices {
      spread[k].add(q[k])
      stated[k].add(e[k])
    }
  }
  for k in probabilities.indices {
    #expect(close(stated[k].mean, spread[k].standardDeviation, relative: 0.2))
  }
}
