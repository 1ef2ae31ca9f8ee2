import TestSupport
import Testing

import Probability

/// Oracle. mpmath 1.3 at 40 digits.
@Suite struct DistributionTests {
  @Test(arguments: [
    (0.1, 1, 0.936548965138892857), (2.5, 1, 0.242237883181686797), (2, 3, 0.139325968558843177),
    (30, 5, 7.71864862049605199e-7), (0.001, 10, 0.999221783374740984), (5.5, 33, 4.21578468991107152e-6),
    (2.2, 998, 0.0280354829852450416), (40, 30, 1.37260451944064028e-27),
    (1.96, 999980, 0.0499960675908156803),
    (12, 999980, 3.57168550013940975e-33),
  ])
  func studentTails(t: Double, df: Double, p: Double) {
    #expect(close(studentTwoSided(t, df: df), p, relative: 1e-12))
    #expect(studentTwoSided(-t, df: df) == studentTwoSided(t, df: df))
  }

  @Test(arguments: [
    (330.285339234588, 6, 9, 4.98403052872481049e-10), (49.1766255, 9, 188, 8.70014669287207617e-45),
    (0.5, 2, 7, 0.626654533038799754), (1.05, 19, 1_000_000, 0.397594303919300121),
    (3, 1, 1, 0.333333333333333333),
    (100, 50, 60, 1.76478924186140632e-43),
  ])
  func fisherTails(f: Double, a: Double, b: Double, p: Double) {
    #expect(close(fisherUpper(f, numerator: a, denominator: b), p, relative: 1e-12))
  }

  @Test(arguments: [
    (2.330366894, 2, 0.311865446004279691), (0.01, 1, 0.920344325445942036), (3.84, 1, 0.0500435212487051032),
    (200, 100, 1.17845007209794224e-8), (1000, 100, 2.30607673803539802e-148),
    (50, 100, 0.999993046694752384),
    (0.5, 7, 0.999446481390424965), (1e6, 999000, 0.239566943229086316),
  ])
  func chiSquareTails(x: Double, df: Double, p: Double) {
    #expect(close(chiSquareUpper(x, df: df), p, relative: 1e-12))
  }

  @Test(arguments: [
    (0.975, 1.95996398454005386), (0.9, 1.28155156554460059), (1e-10, -6.3613409024040562),
    (0.999, 3.09023230616781328), (1e-300, -37.0470962993611992), (0.3, -0.524400512708040816),
  ])
  func normalQuantiles(p: Double, z: Double) {
    #expect(close(normalQuantile(p), z, relative: 1e-14))
  }

  @Test(arguments: [
    (0.95, 1, 12.7062047361746933), (0.95, 2, 4.30265272974946179), (0.95, 9, 2.262157162798205),
    (0.95, 197, 1.97207903377850236), (0.99, 3, 5.84090930973335541), (0.8, 1_000_000, 1.28155241212993861),
  ])
  func studentQuantiles(level: Double, df: Double, t: Double) {
    #expect(close(studentTwoSidedQuantile(level: level, df: df), t, relative: 1e-12))
  }

  @Test func edges() {
    #expect(normalQuantile(0.5) == 0)
    #expect(normalQuantile(0) == -.infinity)
    #expect(normalQuantile(1.5).isNaN)
    #expect(studentTwoSided(0, df: 5) == 1)
    #expect(studentTwoSidedQuantile(level: 0, df: 5) == 0)
    #expect(chiSquareUpper(0, df: 3) == 1)
    #expect(fisherUpper(.infinity, numerator: 2, denominator: 3) == 0)
  }
}
