/// A small picture of values in one line of text: history, a bar, the forecast.
///
/// Blocks are "ambiguous width" in some terminals, so a table shows it in its last column only.
public func sparkline(history: [Double?], forecast: [Double], ascii: Bool = false) -> String {
  let ramp = Array(ascii ? "_.-=+*#@" : "▁▂▃▄▅▆▇█")
  let all = (history.compactMap { $0 } + forecast).filter(\.isFinite)
  guard let low = all.min(), let high = all.max() else { return "" }
  func mark(_ value: Double?) -> String {
    guard let value, value.isFinite else { return " " }
    // Halves, so that the width of the widest range stays finite.
    let share = high > low ? (value / 2 - low / 2) / (high / 2 - low / 2) : 0.5
    return String(ramp[min(Int(share * Double(ramp.count)), ramp.count - 1)])
  }
  let past = history.map(mark).joined()
  return forecast.isEmpty ? past : past + "|" + forecast.map { mark($0) }.joined()
}

/// A number for a person: five significant digits, whole above that, no exponent below 10¹⁵.
public func readable(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "–" }
  if value == 0 { return "0" }
  if abs(value) >= 1e15 || abs(value) < 1e-9 { return value.description }
  var digits = 5
  var size = abs(value)
  while size >= 10, digits > 1 {
    size /= 10
    digits -= 1
  }
  while size < 1 {
    size *= 10
    digits += 1
  }
  let decimals = size >= 10 ? 0 : digits - 1
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = (value * scale).rounded() / scale
  return rounded == rounded.rounded() ? String(Int64(rounded)) : rounded.description
}

/// A share as a percentage with one decimal.
public func percent(_ share: Double?) -> String {
  guard let share, share.isFinite else { return "–" }
  return "\((share * 1000).rounded() / 10)%"
}
