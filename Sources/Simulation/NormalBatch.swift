import Probability

/// Normals of many draws at once: the same numbers as `RandomStream.normal`, bit for bit, several times
/// faster, because four draws share each step and both halves of a Philox block are used.
extension RandomStream {
  /// Standard normals of consecutive draws at an even index and at the index after it.
  ///
  /// - Parameters:
  ///   - index: even; `first` gets the normals of this index, `second` those of `index + 1`.
  ///   - first, second: as long as the range of draws.
  public func fillNormals(
    draws: Range<Int>, year: Int = 0, index: Int = 0, first: inout [Double], second: inout [Double]
  ) {
    precondition(index % 2 == 0 && index >= 0 && index < 1 << 32, "pairs begin at an even index")
    precondition(first.count == draws.count && second.count == draws.count, "one place a draw")
    precondition(draws.lowerBound >= 0 && draws.upperBound <= 1 << 32, "a draw lies in 0..<2³²")
    first.withUnsafeMutableBufferPointer { first in
      second.withUnsafeMutableBufferPointer { second in
        // Pieces of draws, so that what one step writes the next finds in cache.
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 2 * Self.piece + 8) { chances in
          for start in stride(from: 0, to: draws.count, by: Self.piece) {
            let count = min(Self.piece, draws.count - start)
            fillChances(chances, from: draws.lowerBound + start, count: count, year: year, block: index >> 1)
            let (low, high) = (chances[0..<count], chances[Self.piece + 4..<Self.piece + 4 + count])
            normalQuantiles(.init(rebasing: low), into: .init(rebasing: first[start..<start + count]))
            normalQuantiles(.init(rebasing: high), into: .init(rebasing: second[start..<start + count]))
          }
        }
      }
    }
  }

  private static var piece: Int { 512 }

  /// The uniforms behind the normals of `count` draws: those of the even index from the start of the
  /// buffer, those of the odd one from `piece + 4`; up to three more than asked for are written.
  @inline(__always)
  private func fillChances(
    _ chances: UnsafeMutableBufferPointer<Double>, from draw: Int, count: Int, year: Int, block: Int
  ) {
    guard let low = chances.baseAddress else { return }
    let high = low + Self.piece + 4
    var at = 0
    while at < count {
      let words = fourBlocks(draw: draw &+ at, year: year, block: block)
      UnsafeMutableRawPointer(low + at).storeBytes(of: openUnits(words.low), as: SIMD4<Double>.self)
      UnsafeMutableRawPointer(high + at).storeBytes(of: openUnits(words.high), as: SIMD4<Double>.self)
      at &+= 4
    }
  }

  /// The two 64-bit halves of the blocks of four consecutive draws.
  @inline(__always)
  private func fourBlocks(
    draw: Int, year: Int, block: Int
  ) -> (low: SIMD4<UInt64>, high: SIMD4<UInt64>) {
    let mask = SIMD4<UInt64>(repeating: 0xFFFF_FFFF)
    var c0 = SIMD4<UInt64>(repeating: UInt64(draw)) &+ SIMD4(0, 1, 2, 3)
    var c1 = SIMD4<UInt64>(repeating: UInt64(entity))
    var c2 = SIMD4<UInt64>(repeating: UInt64(UInt32(truncatingIfNeeded: year)))
    var c3 = SIMD4<UInt64>(repeating: UInt64(block))
    var (k0, k1) = (key.x, key.y)
    for _ in 0..<10 {
      let first = (c0 & mask) &* SIMD4(repeating: 0xD251_1F53)
      let second = (c2 & mask) &* SIMD4(repeating: 0xCD9E_8D57)
      c0 = (second &>> 32) ^ c1 ^ SIMD4(repeating: UInt64(k0))
      c1 = second & mask
      c2 = (first &>> 32) ^ c3 ^ SIMD4(repeating: UInt64(k1))
      c3 = first & mask
      k0 &+= 0x9E37_79B9
      k1 &+= 0xBB67_AE85
    }
    return (c1 &<< 32 | c0, c3 &<< 32 | c2)
  }
}

/// `openUnit`, four at a time: 52 bits as the mantissa of a number in [1, 2), exact, and without a slow
/// integer conversion.
@inline(__always)
private func openUnits(_ bits: SIMD4<UInt64>) -> SIMD4<Double> {
  let one = SIMD4<UInt64>(repeating: 0x3FF0_0000_0000_0000)
  return (unsafeBitCast(bits &>> 12 | one, to: SIMD4<Double>.self) - 1) + 0x1p-53
}
