import Probability

/// Random numbers addressed by what they are for: one stream per uncertain quantity, and in it one
/// number for each draw, year and index.
///
/// The number at an address depends on nothing else, so two scenarios that share a seed see the same
/// chances (common random numbers), and a draw can be computed on any thread or machine.
///
///     let shocks = RandomStream(seed: 20251231, named: "demand shock", entity: 11)
///     let z = shocks.normal(draw: 17, year: 2031)
///
/// One address serves one variate: asking the same address for a uniform and for a normal gives two
/// views of the same bits. Philox counter: (draw, entity, year, block); key: seed and stream name.
public struct RandomStream: Hashable, Sendable {
  @usableFromInline let key: SIMD2<UInt32>
  @usableFromInline let entity: UInt32

  /// The plain form: the seed is the Philox key, the stream is the counter's second word.
  public init(seed: UInt64, stream: UInt32) {
    key = SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    entity = stream
  }

  /// A stream known by name, for instance `"exit rate"`, with one sub-stream per entity (a region, a
  /// series). Different names are independent whatever their entities.
  public init(seed: UInt64, named name: String, entity: UInt32 = 0) {
    let hash = fnv1a(name)
    let mixed = Philox.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: hash), UInt32(truncatingIfNeeded: hash >> 32), 0x7461_6C65, 0x6E74_6373),
      key: SIMD2(UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32)))
    key = SIMD2(mixed.x, mixed.y)
    self.entity = entity
  }

  /// Uniform on [0, 1): 53 random bits.
  @inlinable
  public func uniform(draw: Int, year: Int = 0, index: Int = 0) -> Double {
    Double(bits(draw: draw, year: year, index: index) >> 11) * 0x1p-53
  }

  /// Uniform on (0, 1): odd multiples of 2⁻⁵³, symmetric about one half, never 0 or 1.
  @inlinable
  public func openUniform(draw: Int, year: Int = 0, index: Int = 0) -> Double {
    openUnit(bits(draw: draw, year: year, index: index))
  }

  /// Standard normal by inversion, so monotone in the underlying uniform.
  @inlinable
  public func normal(draw: Int, year: Int = 0, index: Int = 0) -> Double {
    normalQuantile(openUnit(bits(draw: draw, year: year, index: index)))
  }

  /// Fills a buffer with the normals of consecutive draws at one year and index.
  public func normals(draws: Range<Int>, year: Int = 0, index: Int = 0) -> [Double] {
    draws.map { normal(draw: $0, year: year, index: index) }
  }

  /// 64 random bits at an address. Two indices share a Philox block.
  @inlinable
  func bits(draw: Int, year: Int, index: Int) -> UInt64 {
    precondition(index >= 0 && index < 1 << 32, "an index lies in 0..<2³²")
    let block = words(draw: draw, year: year, block: UInt32(truncatingIfNeeded: index >> 1))
    return index & 1 == 0
      ? UInt64(block.y) << 32 | UInt64(block.x) : UInt64(block.w) << 32 | UInt64(block.z)
  }

  /// The words of one block. Blocks from 2³¹ on belong to variates that need several (see `Attempts`).
  @inlinable
  func words(draw: Int, year: Int, block: UInt32) -> SIMD4<UInt32> {
    precondition(draw >= 0 && draw < 1 << 32, "a draw lies in 0..<2³²")
    return Philox.block(
      counter: SIMD4(
        UInt32(truncatingIfNeeded: draw), entity, UInt32(truncatingIfNeeded: year), block),
      key: key)
  }
}

/// 52 random bits as an odd multiple of 2⁻⁵³.
@inlinable
func openUnit(_ bits: UInt64) -> Double { Double((bits >> 12) << 1 | 1) * 0x1p-53 }

/// 64-bit FNV-1a over the name's UTF-8.
private func fnv1a(_ name: String) -> UInt64 {
  name.utf8.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
}
