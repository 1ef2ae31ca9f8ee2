/// How the bytes of one cell read in a numeric column.
enum NumberReading: Equatable {
  case number(Double)
  case missing
  /// Words, infinities, numbers beyond the range of a double, codes with leading zeros.
  case text
}

/// Reads decimal numbers from bytes, rounded to the nearest double (ties to even) as `strtod` does.
///
/// Up to 19 digits take one of two exact paths: both operands exact (Clinger 1990), or a 128-bit
/// product that proves its rounding (Eisel & Lemire 2021); everything else goes to the standard library.
struct NumberReader: @unchecked Sendable {
  /// 10⁰ … 10²², all exact.
  private let smallPowers: UnsafePointer<Double>
  /// The leading 128 bits of 5^q for q in −54…54, high word first.
  private let fivePowers: UnsafePointer<(high: UInt64, low: UInt64)>

  /// The tables live as long as the process.
  static let shared = NumberReader()

  static let powerRange = -54...54

  private init() {
    let small = UnsafeMutablePointer<Double>.allocate(capacity: 23)
    var power = 1.0
    for k in 0...22 {
      small[k] = power
      power *= 10
    }
    let five = UnsafeMutablePointer<(high: UInt64, low: UInt64)>.allocate(capacity: 109)
    for q in NumberReader.powerRange {
      let bits = leadingBits(ofFiveToThe: q)
      five[q + 54] = (UInt64(truncatingIfNeeded: bits >> 64), UInt64(truncatingIfNeeded: bits))
    }
    (smallPowers, fivePowers) = (UnsafePointer(small), UnsafePointer(five))
  }

  /// Reads `-?digits(.digits)?` and returns the first byte after it; nil when the bytes need `reading`.
  ///
  /// At least eight readable bytes must follow the number. A superfluous leading zero gives nil.
  @inline(__always)
  func scanPlain(_ start: UnsafePointer<UInt8>, _ value: inout Double) -> UnsafePointer<UInt8>? {
    var at = start
    let negative = at.pointee == UInt8(ascii: "-")
    if negative { at += 1 }
    let first = at
    var digits: UInt64 = 0
    var byte = at.pointee &- 48
    while byte < 10 {
      digits = digits &* 10 &+ UInt64(byte)
      at += 1
      byte = at.pointee &- 48
    }
    var count = at - first
    if count > 1, first.pointee == UInt8(ascii: "0") { return nil }
    var scale = 0
    if at.pointee == UInt8(ascii: ".") {
      at += 1
      let point = at
      if digits == 0 {
        while at.pointee == UInt8(ascii: "0") { at += 1 }
        count -= at - point  // zeros before the first significant digit do not count
      }
      while let eight = eightDigits(at) {
        digits = digits &* 100_000_000 &+ eight
        at += 8
      }
      byte = at.pointee &- 48
      while byte < 10 {
        digits = digits &* 10 &+ UInt64(byte)
        at += 1
        byte = at.pointee &- 48
      }
      scale = at - point
      count += scale
    }
    guard count <= 19, count > 0 || (at > first && scale > 0) else { return nil }
    if digits <= 1 << 53, scale <= 22 {
      let magnitude = scale == 0 ? Double(digits) : Double(digits) / smallPowers[scale]
      value = negative ? -magnitude : magnitude
      return at
    }
    guard let magnitude = proved(digits, -scale) else { return nil }  // also 0 with many places
    value = negative ? -magnitude : magnitude
    return at
  }

  /// Reads a whole cell: blanks around it are ignored, `NA`, `NaN`, `nan` and nothing are missing.
  func reading(_ bytes: UnsafeBufferPointer<UInt8>) -> NumberReading {
    let blank: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
    guard let first = bytes.firstIndex(where: { !blank($0) }),
      let last = bytes.lastIndex(where: { !blank($0) })
    else { return .missing }
    let cell = UnsafeBufferPointer(rebasing: bytes[first...last])
    if isMissingWord(cell) { return .missing }
    guard let parts = DecimalParts(cell), !parts.hasLeadingZero else { return .text }
    if let magnitude = parts.exactDigits.flatMap({ exact($0, parts.exponent) }) {
      return .number(parts.negative ? -magnitude : magnitude)
    }
    guard let number = Double(String(decoding: cell, as: UTF8.self)), number.isFinite else { return .text }
    return .number(number)
  }

  private func exact(_ digits: UInt64, _ exponent: Int) -> Double? {
    if digits == 0 { return 0 }
    if digits <= 1 << 53, abs(exponent) <= 22 {
      let number = Double(digits)
      return exponent < 0 ? number / smallPowers[-exponent] : number * smallPowers[exponent]
    }
    return proved(digits, exponent)
  }

  /// digits · 10^exponent by a 64 × 128-bit product; nil where the product cannot decide the rounding.
  private func proved(_ digits: UInt64, _ exponent: Int) -> Double? {
    guard NumberReader.powerRange.contains(exponent), digits != 0 else { return nil }
    let shift = digits.leadingZeroBitCount
    let w = digits << UInt64(shift)
    let power = fivePowers[exponent + 54]
    var (high, low) = w.multipliedFullWidth(by: power.high)
    if high & 0x1FF == 0x1FF {
      let (carry, overflow) = low.addingReportingOverflow(w.multipliedFullWidth(by: power.low).high)
      low = carry
      if overflow { high &+= 1 }
    }
    if low == .max, !(-27...55).contains(exponent) { return nil }
    let upper = Int(high >> 63)
    var mantissa = high >> UInt64(upper + 9)
    var binary = ((217_706 * exponent) >> 16) + 63 + upper - shift + 1023
    guard binary > 0 else { return nil }
    if low <= 1, (-4...23).contains(exponent), mantissa & 3 == 1, mantissa << UInt64(upper + 9) == high {
      mantissa &= ~1  // exactly half-way: to even
    }
    mantissa = (mantissa + (mantissa & 1)) >> 1
    if mantissa >= 1 << 53 {
      mantissa = 1 << 52
      binary += 1
    }
    guard binary < 0x7FF else { return nil }
    return Double(bitPattern: UInt64(binary) << 52 | (mantissa & ~(1 << 52)))
  }
}

/// The value of eight ASCII digits, or nil when one of the eight bytes is no digit.
@inline(__always)
private func eightDigits(_ at: UnsafePointer<UInt8>) -> UInt64? {
  var v = UInt64(littleEndian: UnsafeRawPointer(at).loadUnaligned(as: UInt64.self)) &- 0x3030_3030_3030_3030
  guard ((v &+ 0x7676_7676_7676_7676) | v) & 0x8080_8080_8080_8080 == 0 else { return nil }
  v = v &* 10 &+ (v >> 8)
  let low = (v & 0x0000_00FF_0000_00FF) &* 0x000F_4240_0000_0064
  let high = ((v >> 16) & 0x0000_00FF_0000_00FF) &* 0x0000_2710_0000_0001
  return (low &+ high) >> 32
}

private func isMissingWord(_ cell: UnsafeBufferPointer<UInt8>) -> Bool {
  let (N, n, A, a) = (UInt8(ascii: "N"), UInt8(ascii: "n"), UInt8(ascii: "A"), UInt8(ascii: "a"))
  switch cell.count {
  case 2: return cell[0] == N && cell[1] == A
  case 3:
    return (cell[0] == N && cell[1] == a && cell[2] == N) || (cell[0] == n && cell[1] == a && cell[2] == n)
  default: return false
  }
}

/// Sign, digits and exponent of `[+-]digits[.digits][e[+-]digits]`.
private struct DecimalParts {
  var negative = false
  /// Nil when there are more than 19 digits.
  var exactDigits: UInt64?
  var exponent = 0
  /// More than one digit before the point and the first of them 0.
  var hasLeadingZero = false

  init?(_ cell: UnsafeBufferPointer<UInt8>) {
    var at = 0
    if cell[0] == UInt8(ascii: "-") || cell[0] == UInt8(ascii: "+") {
      negative = cell[0] == UInt8(ascii: "-")
      at = 1
    }
    func isDigit(_ k: Int) -> Bool { k < cell.count && cell[k] &- 48 < 10 }
    var digits: UInt64 = 0
    var count = 0
    let first = at
    while isDigit(at) {
      if count < 19 { digits = digits * 10 + UInt64(cell[at] - 48) }
      count += 1
      at += 1
    }
    hasLeadingZero = count > 1 && cell[first] == UInt8(ascii: "0")
    if at < cell.count, cell[at] == UInt8(ascii: ".") {
      at += 1
      while isDigit(at) {
        if count < 19 { digits = digits * 10 + UInt64(cell[at] - 48) }
        count += 1
        exponent -= 1
        at += 1
      }
    }
    guard count > 0 else { return nil }
    if at < cell.count, cell[at] | 0x20 == UInt8(ascii: "e") {
      at += 1
      var sign = 1
      if at < cell.count, cell[at] == UInt8(ascii: "-") || cell[at] == UInt8(ascii: "+") {
        sign = cell[at] == UInt8(ascii: "-") ? -1 : 1
        at += 1
      }
      guard isDigit(at) else { return nil }
      var power = 0
      while isDigit(at) {
        power = min(power * 10 + Int(cell[at] - 48), 1_000_000)
        at += 1
      }
      exponent += sign * power
    }
    guard at == cell.count else { return nil }
    exactDigits = count <= 19 ? digits : nil
  }
}

/// The leading 128 bits of 5^q: truncated for q ≥ 0, of the reciprocal rounded up for q in −27..<0.
private func leadingBits(ofFiveToThe q: Int) -> UInt128 {
  var power: UInt128 = 1
  for _ in 0..<abs(q) { power *= 5 }
  if q >= 0 { return power << UInt128(power.leadingZeroBitCount) }
  var quotient: UInt128 = 0
  var remainder: UInt128 = 1
  while quotient >> 127 == 0 {  // long division of 2^∞ by 5^|q|, one bit at a time
    remainder <<= 1
    quotient <<= 1
    if remainder >= power {
      remainder -= power
      quotient |= 1
    }
  }
  return q >= -27 ? quotient + 1 : quotient
}
