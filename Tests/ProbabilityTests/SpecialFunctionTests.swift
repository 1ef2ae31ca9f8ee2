import Foundation
import TestSupport
import Testing

@testable import Probability

@Suite struct SpecialFunctionTests {
  /// Tables: Φ⁻¹ and t quantiles as printed by R 4.2 (qnorm, qt) to 10 digits.
  @Test(arguments: [
    (0.975, 1.9599639845), (0.9, 1.2815515655), (0.5, 0), (0.001, -3.0902323062), (1e-10, -6.3613409024),
  ])
  func normalQuantileMatchesTables(p: Double, z: Double) {
    #expect(abs(normalQuantile(p) - z) < 5e-10)
  }

  @Test(arguments: [
    (0.975, 1.0, 12.7062047362), (0.975, 2, 4.3026527297), (0.975, 5, 2.5705818356), (0.9, 12, 1.3562173340),
    (0.975, 12, 2.1788128297), (0.995, 30, 2.7499956536), (0.9, 3, 1.6377443537),
  ])
  func studentQuantileMatchesTables(p: Double, degrees: Double, t: Double) {
    #expect(abs(studentQuantile(p, degrees: degrees) - t) < 5e-10)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func quantileInvertsDistribution(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let p = Double.random(in: 0.0005..<0.9995, using: &random)
    let degrees = Double.random(in: 0.8..<200, using: &random)
    #expect(abs(studentCDF(studentQuantile(p, degrees: degrees), degrees: degrees) - p) < 1e-12)
    #expect(abs(normalCDF(normalQuantile(p)) - p) < 1e-14)
  }

  @Test func chiSquareTailMatchesTables() {
    #expect(abs(chiSquareUpper(3.841458820694124, df: 1) - 0.05) < 1e-12)
    #expect(abs(chiSquareUpper(18.30703805327515, df: 10) - 0.05) < 1e-12)
    #expect(abs(chiSquareUpper(2, df: 2) - exp(-1)) < 1e-14)
  }

  @Test func logGammaIsLogFactorial() {
    var factorial = 0.0
    for n in 1...30 {
      #expect(close(logGamma(Double(n)), factorial, relative: 1e-14, absolute: 1e-14))
      factorial += log(Double(n))
    }
    #expect(close(logGamma(0.5), 0.5 * log(Double.pi), relative: 1e-14))
  }
}

/// The batch must not be told apart from its members: scenarios share draws however they are computed.
@Test(arguments: [0, 1, 2, 3, 4, 5, 63, 1000])
func manyNormalQuantilesEqualSingleOnesBitForBit(count: Int) {
  var generator = SeededGenerator(seed: UInt64(count))
  let p = (0..<count).map { k -> Double in
    if k % 7 == 3 { return 0x1p-53 * Double(1 + k) }
    return k % 11 == 5 ? 1 - 0x1p-53 : Double.random(in: 1e-9..<1, using: &generator)
  }
  var (scratch, z) = (p, [Double](repeating: .nan, count: count))
  scratch.withUnsafeMutableBufferPointer { scratch in
    z.withUnsafeMutableBufferPointer { normalQuantiles(scratch, into: $0) }
  }
  #expect(z == p.map(normalQuantile))
}

/// Oracle. Student's t far out, scipy 1.17 `t.isf`.
@Test(arguments: [(1.0, 1e-100, 3.183098861837907e99), (5, 1e-12, 393.95695957760375), (1e8, 1e-12, 7.034484713122774)])
func studentQuantilesReachFarIntoTheTail(degrees: Double, tail: Double, t: Double) {
  #expect(close(studentQuantile(tail, degrees: degrees), -t, relative: 1e-11))
  #expect(close(0.5 * studentTwoSided(studentQuantile(tail, degrees: degrees), df: degrees), tail, relative: 1e-12))
}
