/// Decimals with a fixed largest number of digits after the point, written as bytes.
///
/// A coordinate in degrees goes the fast way: both halves become eight digits at a time, by
/// multiplications inside one 64-bit word (Lemire & Khuong 2021, "Converting integers to fix-digit
/// representations quickly").
struct FixedPoint {
  /// Bytes that a number may take, and the eight that a whole word may write beyond its end.
  static let room = 40

  private let decimals: Int
  private let scale: Double
  /// 10^(6 − decimals): every number is written as millionths.
  private let step: UInt64

  /// - Parameter decimals: 0...9 digits.
  init(decimals: Int) {
    self.decimals = decimals
    scale = Double(Self.power(decimals))
    step = decimals <= 6 ? Self.power(6 - decimals) : 0
  }

  /// - Returns: bytes written at `place`, which has `room` of them.
  func write(_ number: Double, at place: UnsafeMutableRawPointer) -> Int {
    let scaled = abs(number) * scale
    guard step > 0, scaled < scale * 99_999_998 else { return writeRare(number, at: place) }
    var units = UInt64(scaled)
    if scaled - Double(units) >= 0.5 { units += 1 }
    let (whole, fraction) = (units * step).quotientAndRemainder(dividingBy: 1_000_000)
    var end = place
    if number < 0, units > 0 {
      end.storeBytes(of: UInt8(ascii: "-"), as: UInt8.self)
      end += 1
    }
    let digits = Self.eightDigits(whole)
    let zeros = min(digits.trailingZeroBitCount / 8, 7)
    end.storeBytes(of: (digits | Self.zeros) >> UInt64(8 * zeros), as: UInt64.self)
    end += 8 - zeros
    guard fraction > 0 else { return end - place }
    end.storeBytes(of: UInt8(ascii: "."), as: UInt8.self)
    let rest = Self.eightDigits(fraction * 100)
    end.storeBytes(of: rest | Self.zeros, toByteOffset: 1, as: UInt64.self)
    return end + 9 - rest.leadingZeroBitCount / 8 - place
  }

  private static let zeros: UInt64 = 0x3030_3030_3030_3030

  /// The digits of a number below 10⁸, the first one in the lowest byte.
  private static func eightDigits(_ number: UInt64) -> UInt64 {
    let fours = number / 10_000 | (number % 10_000) << 32
    let hundreds = (fours &* 10_486) >> 20 & 0x0000_007F_0000_007F
    let pairs = hundreds | (fours &- 100 &* hundreds) << 16
    let tens = (pairs &* 103) >> 10 & 0x000F_000F_000F_000F
    return tens | (pairs &- 10 &* tens) << 8
  }

  private static func power(_ exponent: Int) -> UInt64 { (0..<exponent).reduce(1) { product, _ in product * 10 } }

  /// More than six digits, a hundred million and beyond, and what is no number.
  private func writeRare(_ number: Double, at place: UnsafeMutableRawPointer) -> Int {
    let scaled = (abs(number) * scale).rounded()
    var text = number.isFinite ? "\(number)" : "null"
    if scaled < 9e18 {
      let (whole, fraction) = UInt64(scaled).quotientAndRemainder(dividingBy: Self.power(decimals))
      text = (number < 0 && scaled > 0 ? "-" : "") + String(whole)
      if fraction > 0 {
        var digits = String(fraction)
        digits = String(repeating: "0", count: decimals - digits.count) + digits
        while digits.hasSuffix("0") { digits.removeLast() }
        text += "." + digits
      }
    }
    for (i, byte) in text.utf8.enumerated() { place.storeBytes(of: byte, toByteOffset: i, as: UInt8.self) }
    return text.utf8.count
  }
}
