/// Two or four doubles that take logarithms together, in one fixed order of operations, so that a number
/// comes out the same alone, in a pair or among four.
protocol TailLanes: SIMD<Double> {
  /// ln x of positive normal numbers, to about an ulp of a result away from 0.
  static func logarithm(_ x: Self) -> Self
}

extension SIMD2<Double>: TailLanes {
  @inline(__always)
  static func logarithm(_ x: SIMD2<Double>) -> SIMD2<Double> {
    let bits = unsafeBitCast(x, to: SIMD2<UInt64>.self)
    let shifted = bits &+ SIMD2<UInt64>(repeating: mantissaShift)
    let power = unsafeBitCast(shifted &>> 52 | SIMD2<UInt64>(repeating: twoTo52), to: SIMD2<Double>.self)
    let reduced = bits &- (shifted & SIMD2<UInt64>(repeating: exponentMask)) &+ SIMD2<UInt64>(repeating: exponentOfOne)
    return assembledLogarithm(power, unsafeBitCast(reduced, to: SIMD2<Double>.self))
  }
}

extension SIMD4<Double>: TailLanes {
  @inline(__always)
  static func logarithm(_ x: SIMD4<Double>) -> SIMD4<Double> {
    let bits = unsafeBitCast(x, to: SIMD4<UInt64>.self)
    let shifted = bits &+ SIMD4<UInt64>(repeating: mantissaShift)
    let power = unsafeBitCast(shifted &>> 52 | SIMD4<UInt64>(repeating: twoTo52), to: SIMD4<Double>.self)
    let reduced = bits &- (shifted & SIMD4<UInt64>(repeating: exponentMask)) &+ SIMD4<UInt64>(repeating: exponentOfOne)
    return assembledLogarithm(power, unsafeBitCast(reduced, to: SIMD4<Double>.self))
  }
}

/// Added to the bits, it carries mantissas above √2 into the next power of two.
private let mantissaShift: UInt64 = 0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD
private let exponentMask: UInt64 = 0xFFF0_0000_0000_0000
private let exponentOfOne: UInt64 = 0x3FF0_0000_0000_0000
/// 2⁵² as bits: a small integer put into its mantissa reads as 2⁵² + the integer.
private let twoTo52: UInt64 = 0x4330_0000_0000_0000

/// ln x = e·ln 2 + 2·artanh((m − 1)/(m + 1)), x = m·2ᵉ, √½ ≤ m < √2; `power` is 2⁵² + 1023 + e.
@inline(__always)
private func assembledLogarithm<V: SIMD<Double>>(_ power: V, _ m: V) -> V {
  let e = power - 4_503_599_627_371_519
  let s = (m - 1) / (m + 1)
  let s2 = s * s
  var series = s2 * (1 / 21.0) + 1 / 19.0
  series = series * s2 + 1 / 17.0
  series = series * s2 + 1 / 15.0
  series = series * s2 + 1 / 13.0
  series = series * s2 + 1 / 11.0
  series = series * s2 + 1 / 9.0
  series = series * s2 + 1 / 7.0
  series = series * s2 + 1 / 5.0
  series = series * s2 + 1 / 3.0
  let s3 = 2 * s * s2
  // ln 2 in two parts: the first times any exponent is exact.
  return e * 0.693147180369123816490 + (2 * s + (s3 * series + e * 1.90821492927058770002e-10))
}
