import TestSupport
import Testing

@testable import Simulation

private let probabilities = [1e-6, 0.025, 0.1, 0.5, 0.9, 0.999]

/// scipy 1.17.1, `scipy.stats.*.ppf`.
@Test(
  arguments: [
    (
      0.3,
      [
        6.97269909640939e-21, 3.18567903173917e-06, 0.000323724621823433, 0.073131135866952,
        0.884810773360244, 4.61893604279133,
      ]
    ),
    (
      2.5,
      [
        0.00644808010324854, 0.415605806743331, 0.805153993481161, 2.17573009554776, 4.61817844989056,
        10.2575028262164,
      ]
    ),
    (
      400,
      [
        312.021585549757, 361.756296631143, 374.592618560598, 399.666716094464, 425.83560885675,
        464.664460173224,
      ]
    ),
  ] as [(Double, [Double])])
func gammaQuantilesAreScipys(shape: Double, expected: [Double]) throws {
  let d = try Distribution.gamma(shape: shape, scale: 2)
  for (p, q) in zip(probabilities, expected) { #expect(close(d.quantile(p), 2 * q, relative: 1e-11)) }
}

@Test(
  arguments: [
    (
      0.5, 0.5,
      [
        2.46740110027031e-12, 0.00154133313343601, 0.0244717418524232, 0.5, 0.975528258147577,
        0.999997532600929,
      ]
    ),
    (
      2, 5,
      [
        0.000258287829354064, 0.0432718682927417, 0.0925952589131287, 0.26444998329566, 0.510316306551492,
        0.818613866919134,
      ]
    ),
    (
      300, 20,
      [
        0.853977578279831, 0.908548298031824, 0.91968506029431, 0.938410333271369, 0.954139716792564,
        0.971463757963201,
      ]
    ),
  ] as [(Double, Double, [Double])])
func betaQuantilesAreScipys(a: Double, b: Double, expected: [Double]) throws {
  let d = try Distribution.beta(a, b)
  for (p, q) in zip(probabilities, expected) { #expect(close(d.quantile(p), q, relative: 1e-11)) }
}

@Test(
  arguments: [
    (1, [-318309.886182743, -12.7062047361747, -3.07768353717525, 0, 3.07768353717525, 318.30883898555]),
    (3.7, [-51.6400502744427, -2.86752070719119, -1.55756583886151, 0, 1.55756583886151, 7.79518387502917]),
    (200, [-4.89730210282678, -1.97189622363391, -1.2857987939948, 0, 1.2857987939948, 3.13147981422112]),
  ] as [(Double, [Double])])
func studentQuantilesAreScipys(degrees: Double, expected: [Double]) throws {
  let d = try Distribution.studentT(degreesOfFreedom: degrees)
  for (p, q) in zip(probabilities, expected) { #expect(close(d.quantile(p), q, relative: 1e-11)) }
}

@Test func pertAndTriangularQuantiles() throws {
  let pert = try Distribution.pert(low: 2, mode: 4, high: 10)
  let expected = [
    2.00253062257115, 2.42195960421054, 2.89787966836687, 4.51048136364558, 6.67112299695623,
    9.02388936310817,
  ]
  for (p, q) in zip(probabilities, expected) { #expect(close(pert.quantile(p), q, relative: 1e-12)) }
  let triangle = try Distribution.triangular(low: 2, mode: 4, high: 10)
  #expect(close(triangle.quantile(0.1), 3.264911064067352))
  #expect(triangle.quantile(0.25) == 4)
}

@Test func statedIntervalsHoldTheirMass() throws {
  let multiplier = try Distribution.logNormal(interval80: 0.5, 1.8)
  #expect(
    close(multiplier.quantile(0.1), 0.5, relative: 1e-14)
      && close(multiplier.quantile(0.9), 1.8, relative: 1e-14))
  let triple = try Distribution.quantiles(low: 10, median: 12, high: 20)
  #expect(
    close(triple.quantile(0.1), 10, relative: 1e-14) && triple.median == 12
      && close(triple.quantile(0.9), 20, relative: 1e-14))
  let logs = try Distribution.quantiles(low: 0.01, median: 0.5, high: 1, level: 0.95, scale: .logarithmic)
  #expect(
    close(logs.quantile(0.025), 0.01, relative: 1e-13) && close(logs.quantile(0.975), 1, relative: 1e-13))
  #expect(logs.quantile(1e-9) > 0)
}

@Test func quantilesIncreaseAndEndsAreKnown() throws {
  let all = try [
    Distribution.uniform(-1, 3), .normal(mean: 1, standardDeviation: 2),
    .logNormal(logMean: 0, logDeviation: 1),
    .triangular(low: 0, mode: 0, high: 1), .pert(low: 0, mode: 1, high: 1), .beta(0.01, 0.02),
    .gamma(shape: 1e-3, scale: 1),
    .gamma(shape: 1e6, scale: 1), .beta(1e5, 3), .studentT(degreesOfFreedom: 0.5),
    .quantiles(low: 0, median: 1, high: 9),
  ]
  for d in all {
    let values = stride(from: 0.0, through: 1, by: 1.0 / 128).map(d.quantile)
    #expect(zip(values, values.dropFirst()).allSatisfy { $0 <= $1 }, "\(d)")
    #expect(d.quantile(1.1).isNaN)
  }
}

@Test func impossibleParametersAreRefused() {
  #expect(throws: SimulationError.outOfOrder(distribution: "triangular", values: [1, 0, 2])) {
    try Distribution.triangular(low: 1, mode: 0, high: 2)
  }
  #expect(
    throws: SimulationError.parameterOutOfRange(
      distribution: "log-normal", parameter: "lower bound", value: -1, required: "it must be positive")
  ) { try Distribution.logNormal(interval80: -1, 2) }
  #expect(throws: SimulationError.self) { try Distribution.normal(mean: .nan, standardDeviation: 1) }
  #expect(throws: SimulationError.self) { try Distribution.quantiles(low: 1, median: 2, high: 3, level: 1) }
}

/// scipy 1.17.1, `scipy.stats.binom.ppf`.
@Test(arguments: [
  (10, 0.3, [0, 0, 1, 3, 5, 8]), (1000, 0.02, [3, 12, 14, 20, 26, 35]),
  (1000, 0.3, [233, 272, 281, 300, 319, 345]),
  (100_000, 0.97, [96740, 96894, 96931, 97000, 97069, 97165]), (7, 1e-9, [0, 0, 0, 0, 0, 0]),
  (5, 1, [5, 5, 5, 5, 5, 5]),
])
func binomialQuantilesAreScipys(trials: Int, p: Double, expected: [Int]) {
  #expect(probabilities.map { binomialQuantile($0, trials, p) } == expected)
}

@Test func variatesHaveTheirMeansAndVariances() {
  let stream = RandomStream(seed: 11, named: "variates")
  let n = 20_000
  func expect(_ values: [Double], mean: Double, variance: Double, _ what: Comment) {
    let m = Moments(values)
    #expect(abs(m.mean - mean) < 4.5 * m.standardError, what)
    #expect(close(m.variance, variance, relative: 0.08), what)
  }
  for shape in [0.2, 1, 7.5] {
    expect(
      (0..<n).map { stream.gamma(shape: shape, draw: $0) }, mean: shape, variance: shape, "gamma \(shape)")
  }
  expect((0..<n).map { stream.beta(2, 3, draw: $0) }, mean: 0.4, variance: 0.04, "beta")
  expect((0..<n).map { stream.beta(0.01, 0.01, draw: $0) }, mean: 0.5, variance: 0.25 / 1.02, "tiny beta")
  expect((0..<n).map { stream.studentT(degreesOfFreedom: 9, draw: $0) }, mean: 0, variance: 9.0 / 7, "t")
  expect(
    (0..<n).map { Double(stream.binomial(trials: 90, probability: 0.4, draw: $0)) }, mean: 36, variance: 21.6,
    "binomial")
  let shares = (0..<n).map { stream.dirichlet([1, 2, 7], draw: $0) }
  #expect(shares.allSatisfy { close($0.reduce(0, +), 1, relative: 1e-14) })
  expect(shares.map { $0[1] }, mean: 0.2, variance: 0.2 * 0.8 / 11, "Dirichlet")
}

@Test func binomialRisesWithItsProbability() {
  let stream = RandomStream(seed: 5, stream: 1)
  for draw in 0..<50 {
    let counts = stride(from: 0.0, through: 1, by: 0.02).map {
      stream.binomial(trials: 400, probability: $0, draw: draw)
    }
    #expect(counts == counts.sorted())
  }
}
