/// How a Sobol' sequence is randomised.
public enum Scrambling: String, Sendable, CaseIterable {
  /// Not at all: the first point is the origin.
  case none
  /// One random shift of the bits per dimension.
  case digitalShift
  /// Nested uniform scrambling (Owen 1995): every bit is flipped by chance, given the bits before it.
  case owen
}

/// Sobol' points in Gray-code order.
///
/// Take a power of two of them, from the first one on: that is where the balance lies. Scrambled points
/// are uniform on (0, 1) each; as a set they keep the balance, and means of smooth functions converge
/// faster than with independent draws.
/// - Parameter stream: chance for the scrambling; not used without it.
/// - Throws: `.tooManyDimensions` beyond 64; `.tooFewSamples` for a negative count or more than 2³² points.
/// - Source: Sobol' (1967); Antonov & Saleev (1979); Joe & Kuo (2008); Owen (1995).
public func sobolPoints(
  count: Int, dimensions: Int, scrambling: Scrambling, stream: RandomStream
) throws(SimulationError) -> PointSet {
  guard dimensions <= JoeKuo.dimensions else {
    throw .tooManyDimensions(found: dimensions, most: JoeKuo.dimensions)
  }
  guard count >= 0, count <= 1 << 32 else { throw .tooFewSamples(found: count, least: 0) }
  var coordinates = [Double](repeating: 0, count: count * dimensions)
  for d in 0..<dimensions {
    let directions = directionNumbers(d)
    let shift = stream.words(draw: 0, year: d, block: 0).x
    var bits: UInt32 = 0
    for k in 0..<count {
      if k > 0 { bits ^= directions[k.trailingZeroBitCount] }
      coordinates[k * dimensions + d] =
        switch scrambling {
        case .none: Double(bits) * 0x1p-32
        case .digitalShift: refined(bits ^ shift, stream, point: k, dimension: d)
        case .owen: refined(nestedScramble(bits, dimension: d, stream), stream, point: k, dimension: d)
        }
    }
  }
  return PointSet(count: count, dimensions: dimensions, coordinates: coordinates)
}

/// The 32 scrambled bits and a random remainder below them: never 0 or 1.
private func refined(_ bits: UInt32, _ stream: RandomStream, point: Int, dimension: Int) -> Double {
  let rest = stream.bits(draw: point, year: dimension, index: 2)
  let all = UInt64(bits) << 32 | rest >> 32
  return openUnit(all)
}

/// Flips each bit by a coin that belongs to its dimension, its place and the bits before it.
private func nestedScramble(_ bits: UInt32, dimension: Int, _ stream: RandomStream) -> UInt32 {
  var scrambled = bits
  for place in 0..<32 {
    let prefix = place == 0 ? 0 : bits >> UInt32(32 - place)
    // 2^place + prefix numbers the node of the binary tree; 128 nodes share a block.
    let node = UInt64(1) << UInt64(place) | UInt64(prefix)
    let block = stream.words(draw: Int(node >> 7), year: dimension, block: 2)
    let coin = block[Int(node >> 5 & 3)] >> UInt32(node & 31) & 1
    scrambled ^= coin << UInt32(31 - place)
  }
  return scrambled
}

/// v₁ … v₃₂ of one dimension, left-aligned.
func directionNumbers(_ dimension: Int) -> [UInt32] {
  if dimension == 0 { return (0..<32).map { 1 << UInt32(31 - $0) } }
  let (polynomial, initial) = JoeKuo.table[dimension - 1]
  let degree = initial.count
  var v = initial.enumerated().map { k, m in m << UInt32(31 - k) }
  for k in degree..<32 {
    var next = v[k - degree] ^ (v[k - degree] >> UInt32(degree))
    for j in 1..<max(degree, 1) where polynomial >> (degree - j) & 1 == 1 { next ^= v[k - j] }
    v.append(next)
  }
  return v
}
