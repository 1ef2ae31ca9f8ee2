import Probability
import TestSupport
import Testing

@testable import Simulation

/// Known answers of the Random123 distribution (kat_vectors).
@Test(arguments: [
  (
    SIMD4<UInt32>(0, 0, 0, 0), SIMD2<UInt32>(0, 0),
    SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
  ),
  (
    SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
    SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
  ),
  (
    SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
    SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
    SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
  ),
])
func philoxGivesItsKnownAnswers(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, answer: SIMD4<UInt32>) {
  #expect(Philox.block(counter: counter, key: key) == answer)
}

@Test func plainStreamIsPhiloxOfDrawStreamYearBlock() {
  let stream = RandomStream(seed: 0x299f_31d0_a409_3822, stream: 0x85a3_08d3)
  // Block 0x03707344 holds indices 2·0x03707344 and the one after.
  let index = 2 * 0x0370_7344
  let low = stream.uniform(draw: 0x243f_6a88, year: 0x1319_8a2e, index: index)
  #expect(low == Double((0x94fd_cceb_d16c_fe09 as UInt64) >> 11) * 0x1p-53)
  let high = stream.uniform(draw: 0x243f_6a88, year: 0x1319_8a2e, index: index + 1)
  #expect(high == Double((0x2412_6ea1_5001_e420 as UInt64) >> 11) * 0x1p-53)
}

/// Φ⁻¹ to full double precision (mpmath, 40 digits).
@Test(arguments: [
  (0.8, 0.8416212335729143), (0.9, 1.2815515655446004), (0.95, 1.6448536269514722),
  (0.975, 1.959963984540054), (0.995, 2.5758293035489004), (1e-10, -6.361340902404056),
  (1e-300, -37.047096299361199), (1e-20, -9.2623400897984076), (1e-5, -4.2648907939228246),
  (0.075, -1.4395314709384559), (0.0749, -1.4402382675279637), (0.3, -0.52440051270804082),
  (0.999, 3.0902323061678133), (0.5, 0),
])
func normalQuantileIsExact(p: Double, z: Double) {
  #expect(close(normalQuantile(p), z, relative: 1e-15))
  if p > 1e-16 { #expect(close(normalCDF(z), p, relative: 1e-13)) }
}

@Test func normalQuantileKnowsItsEdges() {
  #expect(normalQuantile(0) == -.infinity)
  #expect(normalQuantile(1) == .infinity)
  #expect(normalQuantile(-0.1).isNaN && normalQuantile(.nan).isNaN)
  #expect(openUnit(0) > 0 && openUnit(.max) < 1)
  #expect(openUnit(0) == 1 - openUnit(.max))
}

@Test func normalDrawsHaveNormalMoments() {
  let stream = RandomStream(seed: 7, named: "test")
  let m = Moments((0..<40_000).lazy.map { stream.normal(draw: $0, year: 2030) })
  #expect(abs(m.mean) < 4 * m.standardError)
  #expect(abs(m.variance - 1) < 0.03)
  #expect(abs(m.skewness) < 0.05)
  #expect(abs(m.excessKurtosis) < 0.1)
}

@Test func streamsYearsAndIndicesAreUnrelated() {
  let a = RandomStream(seed: 1, named: "a")
  let b = RandomStream(seed: 1, named: "b")
  let others: [(Int) -> Double] = [
    { b.normal(draw: $0, year: 2030) }, { a.normal(draw: $0, year: 2031) },
    { a.normal(draw: $0, year: 2030, index: 1) }, { a.normal(draw: $0 + 1, year: 2030) },
    { RandomStream(seed: 2, named: "a").normal(draw: $0, year: 2030) },
    { RandomStream(seed: 1, named: "a", entity: 1).normal(draw: $0, year: 2030) },
  ]
  for other in others {
    let products = Moments((0..<10_000).lazy.map { a.normal(draw: $0, year: 2030) * other($0) })
    #expect(abs(products.mean) < 4.5 * products.standardError)
  }
}

@Test(arguments: [(0..<4), (3..<5), (7..<1030), (4_294_967_000..<4_294_967_296), (5..<5)])
func batchesAreTheSameNormals(draws: Range<Int>) {
  let stream = RandomStream(seed: 99, named: "batch", entity: 3)
  var first = [Double](repeating: 0, count: draws.count)
  var second = first
  stream.fillNormals(draws: draws, year: -5, index: 12, first: &first, second: &second)
  #expect(first == draws.map { stream.normal(draw: $0, year: -5, index: 12) })
  #expect(second == draws.map { stream.normal(draw: $0, year: -5, index: 13) })
}
