import Foundation

/// A number as decimal digits, rounded once, half away from zero (四舍五入) on its shortest decimal
/// form: 2.675 to two places is 2.68, although its binary value lies below.
///
/// - Parameter places: digits after the point; negative rounds to tens, hundreds…
/// - Returns: digits with `places` decimals and a hyphen-minus when negative; "0" never carries a sign.
func roundedDigits(_ value: Double, places: Int) -> String {
  precondition(value.isFinite, "a printed number is finite")
  guard var exact = Decimal(string: "\(value)") else { return "\(value)" }
  var result = Decimal()
  NSDecimalRound(&result, &exact, places, .plain)
  let negative = result < 0
  var digits = "\(negative ? -result : result)"
  if places > 0 {
    let parts = digits.split(separator: ".", omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    digits = parts[0] + "." + fraction + String(repeating: "0", count: places - fraction.count)
  }
  return (negative && result != 0 ? "-" : "") + digits
}

/// Thousands separated by commas, as English text has them.
func grouped(_ digits: String) -> String {
  let negative = digits.hasPrefix("-")
  let parts = digits.drop { $0 == "-" }.split(separator: ".", maxSplits: 1)
  guard let whole = parts.first else { return digits }
  var out = ""
  for (i, digit) in whole.enumerated() {
    if i > 0, (whole.count - i) % 3 == 0 { out.append(",") }
    out.append(digit)
  }
  return (negative ? "-" : "") + out + (parts.count > 1 ? "." + parts[1] : "")
}

/// The typographic minus of printed text.
func printed(_ digits: String) -> String {
  digits.hasPrefix("-") ? "−" + digits.dropFirst() : digits
}
