import Foundation
import TestSupport
import Testing

@testable import TimeSeries

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
    #expect(abs(chiSquareUpperTail(3.841458820694124, degrees: 1) - 0.05) < 1e-12)
    #expect(abs(chiSquareUpperTail(18.30703805327515, degrees: 10) - 0.05) < 1e-12)
    #expect(abs(chiSquareUpperTail(2, degrees: 2) - exp(-1)) < 1e-14)
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
