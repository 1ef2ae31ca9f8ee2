import Dimensions
import Foundation
import LinearAlgebra

/// `results.csv`: one row a cell, UTF-8 without BOM, LF.
///
/// Values and quantiles are rounded to the same six decimals: parts add up to their totals within them, and no value
/// leaves its own interval by rounding.
public func resultsCSV(_ cells: [ResultCell]) -> [UInt8] {
  let chunks = rowChunks(cells.count, shortest: 4096)
  let parts = concurrently(chunks.count, jobs: ProcessInfo.processInfo.activeProcessorCount) { rows(cells[chunks[$0]]) }
  var out = Array(
    ("scenario,region,region_name,hub,industry,team,year,measure,unit,value,p025,p10,p50,p90,p975,"
      + "evidence,method,concept,source\n").utf8)
  out.reserveCapacity(out.count + parts.reduce(0) { $0 + $1.count })
  for part in parts { out += part }
  return out
}

private func rows(_ cells: ArraySlice<ResultCell>) -> [UInt8] {
  var out = [UInt8]()
  out.reserveCapacity(cells.count * 224)
  let comma = UInt8(ascii: ",")
  func text(_ text: String) {
    appendField(text, to: &out)
    out.append(comma)
  }
  func number(_ value: Double) {
    appendDecimal(value, cellDecimals, to: &out)
    out.append(comma)
  }
  for cell in cells {
    text(cell.scenario)
    text(cell.region.text)
    text(cell.regionName)
    text(cell.hub)
    text(cell.industry)
    text(cell.team)
    text(String(cell.year))
    text(cell.measure.rawValue)
    text(cell.unit)
    for value in [cell.value, cell.p025, cell.p10, cell.p50, cell.p90, cell.p975] { number(value) }
    text(cell.evidence.rawValue)
    text(cell.method)
    text(cell.concept)
    appendField(cell.source, to: &out)
    out.append(UInt8(ascii: "\n"))
  }
  return out
}

/// Decimals of every number of a cell: a millionth of a person, or of a ratio.
let cellDecimals = 6

/// The nearest number with at most so many decimals, half away from zero; never a negative zero.
func rounded(_ value: Double, _ decimals: Int) -> Double {
  let scale = pow(10, Double(decimals))
  let whole = (value * scale).rounded(.toNearestOrAwayFromZero)
  guard abs(whole) < 9e15 else { return value }
  return whole == 0 ? 0 : whole / scale
}

/// A number with at most so many decimals, half away from zero, without trailing zeros; nothing for what is no number.
func appendDecimal(_ value: Double, _ decimals: Int, to out: inout [UInt8]) {
  guard value.isFinite else { return }
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = (value * scale).rounded(.toNearestOrAwayFromZero)
  guard abs(rounded) < 9e15 else { return out += value.description.utf8 }
  let whole = UInt64(abs(rounded))
  let (integer, fraction) = whole.quotientAndRemainder(dividingBy: UInt64(scale))
  if rounded < 0, whole > 0 { out.append(UInt8(ascii: "-")) }
  appendDigits(integer, atLeast: 1, to: &out)
  guard fraction > 0 else { return }
  out.append(UInt8(ascii: "."))
  appendDigits(fraction, atLeast: decimals, to: &out)
  while out.last == UInt8(ascii: "0") { out.removeLast() }
}

private func appendDigits(_ number: UInt64, atLeast width: Int, to out: inout [UInt8]) {
  let start = out.count
  var rest = number
  while rest > 0 || out.count - start < width {
    out.append(UInt8(ascii: "0") + UInt8(rest % 10))
    rest /= 10
  }
  out[start...].reverse()
}

/// A field as it is, or in quotes when it holds a comma, a quote or a line break.
private func appendField(_ text: String, to out: inout [UInt8]) {
  let isPlain = text.utf8.allSatisfy { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "\"") && !(10...13).contains($0) }
  if isPlain {
    out += text.utf8
  } else {
    out += "\"\(text.replacing("\"", with: "\"\""))\"".utf8
  }
}
