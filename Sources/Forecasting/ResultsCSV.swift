import Dimensions
import Foundation

/// `results.csv`: one row a cell, UTF-8 without BOM, LF.
///
/// Values are rounded to 6 decimals and quantiles to 2 for persons (6 for ratios): finer digits would
/// only pretend.
public func resultsCSV(_ cells: [ResultCell]) -> [UInt8] {
  var out = [UInt8]()
  out.reserveCapacity(cells.count * 200)
  out += Array(
    ("scenario,region,region_name,hub,industry,team,year,measure,unit,value,p025,p10,p50,p90,p975,"
      + "evidence,method,concept,source\n").utf8)
  for cell in cells {
    let decimals = quantileDecimals(unit: cell.unit)
    let fan = [cell.p025, cell.p10, cell.p50, cell.p90, cell.p975].map { decimal($0, decimals) }
    let fields =
      [
        cell.scenario, cell.region.text, cell.regionName, cell.hub, cell.industry, cell.team, String(cell.year),
        cell.measure.rawValue, cell.unit, decimal(cell.value, 6),
      ] + fan + [cell.evidence.rawValue, cell.method, cell.concept, cell.source]
    for (i, field) in fields.enumerated() {
      if i > 0 { out.append(UInt8(ascii: ",")) }
      out += csvField(field).utf8
    }
    out.append(UInt8(ascii: "\n"))
  }
  return out
}

/// Decimals of quantiles: persons to the hundredth, ratios and shares to the millionth.
func quantileDecimals(unit: String) -> Int { unit == "1" ? 6 : 2 }

/// The nearest number with at most so many decimals, half away from zero; never a negative zero.
func rounded(_ value: Double, _ decimals: Int) -> Double {
  let scale = pow(10, Double(decimals))
  let whole = (value * scale).rounded(.toNearestOrAwayFromZero)
  guard abs(whole) < 9e15 else { return value }
  return whole == 0 ? 0 : whole / scale
}

/// A number with at most so many decimals, half away from zero, without trailing zeros.
func decimal(_ value: Double, _ decimals: Int) -> String {
  guard value.isFinite else { return "" }
  let scale = pow(10, Double(decimals))
  let rounded = (value * scale).rounded(.toNearestOrAwayFromZero)
  guard abs(rounded) < 9e15 else { return value.description }
  let whole = Int64(abs(rounded))
  let (integer, fraction) = whole.quotientAndRemainder(dividingBy: Int64(scale))
  var text = rounded < 0 && whole > 0 ? "-\(integer)" : "\(integer)"
  if fraction > 0 {
    var digits = String(fraction)
    digits = String(repeating: "0", count: decimals - digits.count) + digits
    while digits.last == "0" { digits.removeLast() }
    text += "." + digits
  }
  return text
}

private func csvField(_ text: String) -> String {
  guard text.contains(where: { $0 == "," || $0 == "\"" || $0.isNewline }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
