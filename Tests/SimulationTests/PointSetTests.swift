import Probability
import TestSupport
import Testing

@testable import Simulation

private let stream = RandomStream(seed: 9, named: "points")

@Test func firstSobolPointsAreThePublishedOnes() throws {
  let points = try sobolPoints(count: 8, dimensions: 3, scrambling: .none, stream: stream)
  let expected: [[Double]] = [
    [0, 0, 0], [0.5, 0.5, 0.5], [0.75, 0.25, 0.25], [0.25, 0.75, 0.75], [0.375, 0.375, 0.625],
    [0.875, 0.875, 0.125], [0.625, 0.125, 0.875], [0.125, 0.625, 0.375],
  ]
  #expect((0..<8).map { Array(points[$0]) } == expected)
}

/// scipy 1.17.1, `qmc.Sobol(d=64, scramble=False)`, points 777 and 1000.
@Test func highDimensionsAreJoeAndKuos() throws {
  let points = try sobolPoints(count: 1024, dimensions: 64, scrambling: .none, stream: stream)
  let found = [5, 17, 40, 63].map { points[777, $0] } + [31, 32, 63].map { points[1000, $0] }
  let expected = [0.35644531, 0.86425781, 0.72167969, 0.42675781, 0.14550781, 0.29589844, 0.44628906]
  #expect(zip(found, expected).allSatisfy { abs($0 - $1) < 5e-9 })
  #expect(throws: SimulationError.tooManyDimensions(found: 65, most: 64)) {
    try sobolPoints(count: 8, dimensions: 65, scrambling: .none, stream: stream)
  }
}

/// Scrambling keeps the net: each of 2^m points in its own stratum, and each elementary 2 × 2^(m−1) box
/// of the first two dimensions with exactly one point.
@Test(arguments: [Scrambling.digitalShift, .owen])
func scrambledPointsKeepTheirBalance(scrambling: Scrambling) throws {
  let n = 256
  let points = try sobolPoints(count: n, dimensions: 40, scrambling: scrambling, stream: stream)
  for d in 0..<40 {
    #expect(Set((0..<n).map { Int(points[$0, d] * Double(n)) }).count == n)
  }
  let boxes = (0..<n).map { Int(points[$0, 0] * 16) * 16 + Int(points[$0, 1] * 16) }
  #expect(Set(boxes).count == n)
  let plain = try sobolPoints(count: n, dimensions: 40, scrambling: .none, stream: stream)
  #expect(points.coordinates != plain.coordinates)
  #expect(points.coordinates.allSatisfy { $0 > 0 && $0 < 1 })
}

/// ∫ Π(1 + (x − ½)) = 1: Owen's scrambling of 1024 points beats independent draws by far.
@Test func scrambledMeansAreUnbiasedAndPrecise() throws {
  var estimates = Moments()
  for seed in 0..<20 as Range<UInt64> {
    let points = try sobolPoints(
      count: 1024, dimensions: 5, scrambling: .owen, stream: RandomStream(seed: seed, stream: 0))
    estimates.add((0..<1024).reduce(0) { $0 + points[$1].reduce(1) { $0 * ($1 + 0.5) } } / 1024)
  }
  #expect(abs(estimates.mean - 1) < 4 * estimates.standardError)
  #expect(estimates.standardDeviation < 0.0021)  // independent draws: √((13/12)⁵ − 1)/32 = 0.022
}

@Test func latinHypercubeFillsEveryStratumOnce() {
  let points = latinHypercube(count: 100, dimensions: 3, stream: stream)
  for d in 0..<3 {
    #expect(Set((0..<100).map { Int(points[$0, d] * 100) }) == Set(0..<100))
  }
  let products = Moments((0..<100).map { (points[$0, 0] - 0.5) * (points[$0, 1] - 0.5) })
  #expect(abs(products.mean) < 4 * products.standardError)
}

@Test func copulaGivesItsCorrelation() throws {
  let copula = try GaussianCopula(choleskyFactor: [1, 0.6, 0, 0.8], variables: 2)
  let draws = (0..<20_000).map { copula.normals(from: stream, draw: $0) }
  #expect(close(Moments(draws.map { $0[0] * $0[1] }).mean, 0.6, absolute: 0.03))
  #expect(close(Moments(draws.map { $0[1] * $0[1] }).mean, 1, absolute: 0.04))
  #expect(copula.uniforms(from: stream, draw: 3)[0] == normalCDF(draws[3][0]))
  #expect(throws: SimulationError.notCorrelation(variable: 1, variance: 2)) {
    try GaussianCopula(choleskyFactor: [1, 1, 0, 1], variables: 2)
  }
  #expect(throws: SimulationError.lengthMismatch(input: "Cholesky factor", expected: 4, found: 3)) {
    try GaussianCopula(choleskyFactor: [1, 1, 0], variables: 2)
  }
}
