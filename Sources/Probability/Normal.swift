import Foundation

/// The standard normal quantile Φ⁻¹(p).
///
/// - Parameter p: a probability; 0 and 1 give ∓∞, anything outside [0, 1] gives NaN.
/// - Returns: z with relative error about 1e−16.
/// - Source: Wichura (1988), *Algorithm AS 241*, Applied Statistics 37, routine PPND16.
public func normalQuantile(_ p: Double) -> Double {
  let q = p - 0.5
  if abs(q) <= 0.425 { return centralNormalQuantiles(SIMD2(repeating: q)).x }
  guard p > 0, p < 1 else { return p == 0 ? -.infinity : p == 1 ? .infinity : .nan }
  return tailNormalQuantiles(SIMD2(repeating: p)).x
}

/// P(Z ≤ z) for a standard normal Z.
public func normalCDF(_ z: Double) -> Double { 0.5 * erfc(-z * 0.5.squareRoot()) }

/// Density of the standard normal.
public func normalDensity(_ z: Double) -> Double { exp(-0.5 * z * z) / (2 * Double.pi).squareRoot() }

/// Quantiles of many probabilities in (0, 1): the numbers of `normalQuantile`, bit for bit, several times
/// faster. The centre of the distribution goes in one sweep, the tails, 15 % of it, are collected first.
///
/// - Parameters:
///   - probabilities: overwritten by scratch; `quantiles` has room for as many numbers.
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
      tails &+= abs(p[i] - 0.5) > 0.425 ? 1 : 0
    }
    var i = 0
    while i &+ 4 <= count {
      store(centralNormalQuantiles(load(p + i) - 0.5), z + i)
      i &+= 4
    }
    while i < count {
      z[i] = centralNormalQuantiles(SIMD2(repeating: p[i] - 0.5)).x
      i &+= 1
    }
    // Gather the tails to the front, work there, send the answers home.
    for k in 0..<tails { p[k] = p[Int(places[k])] }
    var k = 0
    while k < tails {
      var four = SIMD4<Double>(repeating: 0.01)
      let some = min(4, tails &- k)
      for lane in 0..<some { four[lane] = p[k &+ lane] }
      let answer = tailNormalQuantiles(four)
      for lane in 0..<some { z[Int(places[k &+ lane])] = answer[lane] }
      k &+= 4
    }
  }
}

@inline(__always)
private func load(_ source: UnsafeMutablePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(source).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always)
private func store(_ value: SIMD4<Double>, _ target: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(target).storeBytes(of: value, as: SIMD4<Double>.self)
}

/// q = p − ½ with |q| ≤ 0.425.
@inline(__always)
private func centralNormalQuantiles<V: SIMD<Double>>(_ q: V) -> V {
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
  return q * top / bottom
}

/// p in (0, 0.075) or (0.925, 1).
@inline(__always)
private func tailNormalQuantiles<V: TailLanes>(_ p: V) -> V {
  let isLower = p .< 0.5
  let share = (1 - p).replacing(with: p, where: isLower)
  let r = (V.zero - V.logarithm(share)).squareRoot()
  var z = middleRatio(r - 1.6)
  let isFar = r .> 5
  if any(isFar) { z.replace(with: farRatio(r - 5), where: isFar) }
  return z.replacing(with: V.zero - z, where: isLower)
}

@inline(__always)
private func middleRatio<V: SIMD<Double>>(_ r: V) -> V {
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
private func farRatio<V: SIMD<Double>>(_ r: V) -> V {
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
