/// Four numbers that share every step. One number alone takes the same steps, so that it comes out the
/// same to the last bit.
typealias Lanes = SIMD4<Double>
private typealias Bits = SIMD4<UInt64>

/// Quantiles of many probabilities in (0, 1): the numbers of `normalQuantile`, bit for bit, several times
/// faster. The centre of the distribution goes in one sweep, the tails, 15 % of it, in another.
///
/// - Parameters:
///   - probabilities: overwritten by scratch.
///   - quantiles: room for as many numbers.
package func normalQuantiles(
  _ probabilities: UnsafeMutableBufferPointer<Double>, into quantiles: UnsafeMutableBufferPointer<Double>
) {
  let count = probabilities.count
  precondition(quantiles.count >= count && count <= 1 << 31, "room for every quantile")
  guard count > 0, let p = probabilities.baseAddress, let z = quantiles.baseAddress else { return }
  withUnsafeTemporaryAllocation(of: Int32.self, capacity: count + 1) { places in
    guard let places = places.baseAddress else { return }
    var tails = 0
    for i in 0..<count {
      places[tails] = Int32(truncatingIfNeeded: i)
      // 1 in a tail, 0 in the centre: the sign bit, because a branch would be guessed wrong too often.
      tails &+= Int(truncatingIfNeeded: (0.425 - abs(p[i] - 0.5)).bitPattern &>> 63)
    }
    var i = 0
    while i &+ 4 <= count {
      let four = UnsafeRawPointer(p + i).loadUnaligned(as: Lanes.self)
      UnsafeMutableRawPointer(z + i).storeBytes(of: centralNormalQuantiles(four - 0.5), as: Lanes.self)
      i &+= 4
    }
    while i < count {
      z[i] = centralNormalQuantiles(Lanes(repeating: p[i] - 0.5)).x
      i &+= 1
    }
    var k = 0
    while k &+ 4 <= tails {
      let (a, b) = (Int(places[k]), Int(places[k &+ 1]))
      let (c, d) = (Int(places[k &+ 2]), Int(places[k &+ 3]))
      let answer = tailNormalQuantiles(Lanes(p[a], p[b], p[c], p[d]))
      (z[a], z[b], z[c], z[d]) = (answer.x, answer.y, answer.z, answer.w)
      k &+= 4
    }
    while k < tails {
      z[Int(places[k])] = tailNormalQuantiles(Lanes(repeating: p[Int(places[k])])).x
      k &+= 1
    }
  }
}

/// q = p − ½ with |q| ≤ 0.425.
@inline(__always)
func centralNormalQuantiles(_ q: Lanes) -> Lanes {
  let r = 0.180625 - q * q
  var top = r * 2509.0809287301226727 + 33430.575583588128105
  top = top * r + 67265.770927008700853
  top = top * r + 45921.953931549871457
  top = top * r + 13731.693765509461125
  top = top * r + 1971.5909503065514427
  top = top * r + 133.14166789178437745
  top = top * r + 3.387132872796366608
  var bottom = r * 5226.495278852854561 + 28729.085735721942674
  bottom = bottom * r + 39307.89580009271061
  bottom = bottom * r + 21213.794301586595867
  bottom = bottom * r + 5394.1960214247511077
  bottom = bottom * r + 687.1870074920579083
  bottom = bottom * r + 42.313330701600911252
  bottom = bottom * r + 1
  return q * (top / bottom)
}

/// p in (0, 0.075) or (0.925, 1).
@inline(__always)
func tailNormalQuantiles(_ p: Lanes) -> Lanes {
  // Which half, as bits: the sign of p − ½; comparisons and choices lane by lane cost more than the rest.
  let side = unsafeBitCast(p - 0.5, to: Bits.self)
  let isLower = 0 &- (side &>> 63)
  let share = unsafeBitCast(
    (unsafeBitCast(p, to: Bits.self) & isLower) | (unsafeBitCast(1 - p, to: Bits.self) & ~isLower),
    to: Lanes.self)
  let r = (0 - logarithm(share)).squareRoot()
  var z = middleRatio(r - 1.6)
  for lane in 0..<4 where r[lane] > 5 { z[lane] = farRatio(r - 5)[lane] }
  let sign = side & Bits(repeating: 1 << 63)
  return unsafeBitCast(unsafeBitCast(z, to: Bits.self) | sign, to: Lanes.self)
}

@inline(__always)
private func middleRatio(_ r: Lanes) -> Lanes {
  var top = r * 7.7454501427834140764e-4 + 0.0227238449892691845833
  top = top * r + 0.24178072517745061177
  top = top * r + 1.27045825245236838258
  top = top * r + 3.64784832476320460504
  top = top * r + 5.7694972214606914055
  top = top * r + 4.6303378461565452959
  top = top * r + 1.42343711074968357734
  var bottom = r * 1.05075007164441684324e-9 + 5.475938084995344946e-4
  bottom = bottom * r + 0.0151986665636164571966
  bottom = bottom * r + 0.14810397642748007459
  bottom = bottom * r + 0.68976733498510000455
  bottom = bottom * r + 1.6763848301838038494
  bottom = bottom * r + 2.05319162663775882187
  bottom = bottom * r + 1
  return top / bottom
}

@inline(__always)
private func farRatio(_ r: Lanes) -> Lanes {
  var top = r * 2.01033439929228813265e-7 + 2.71155556874348757815e-5
  top = top * r + 0.0012426609473880784386
  top = top * r + 0.026532189526576123093
  top = top * r + 0.29656057182850489123
  top = top * r + 1.7848265399172913358
  top = top * r + 5.4637849111641143699
  top = top * r + 6.6579046435011037772
  var bottom = r * 2.04426310338993978564e-15 + 1.4215117583164458887e-7
  bottom = bottom * r + 1.8463183175100546818e-5
  bottom = bottom * r + 7.868691311456132591e-4
  bottom = bottom * r + 0.0148753612908506148525
  bottom = bottom * r + 0.13692988092273580531
  bottom = bottom * r + 0.59983220655588793769
  bottom = bottom * r + 1
  return top / bottom
}

/// ln x of positive normal numbers, to about an ulp away from 1.
///
///     ln x = e·ln 2 + 2·artanh((m − 1)/(m + 1)),   x = m·2ᵉ,  √½ ≤ m < √2
@inline(__always)
private func logarithm(_ x: Lanes) -> Lanes {
  let bits = unsafeBitCast(x, to: Bits.self)
  // Mantissas above √2 carry into the next power of two.
  let shifted = bits &+ Bits(repeating: 0x3FF0_0000_0000_0000 &- 0x3FE6_A09E_667F_3BCD)
  let reduced =
    bits &- (shifted & Bits(repeating: 0xFFF0_0000_0000_0000)) &+ Bits(repeating: 0x3FF0_0000_0000_0000)
  let m = unsafeBitCast(reduced, to: Lanes.self)
  // A small integer put into the mantissa of 2⁵² reads as 2⁵² + the integer, here 1023 + e.
  let power = unsafeBitCast(shifted &>> 52 | Bits(repeating: 0x4330_0000_0000_0000), to: Lanes.self)
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
  let odd = s * s2 * series
  // ln 2 in two parts: the first times any exponent is exact.
  return e * 0.693147180369123816490 + (2 * s + (2 * odd + e * 1.90821492927058770002e-10))
}
