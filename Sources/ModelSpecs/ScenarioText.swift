import Foundation
import Messages

/// A scenario as the text of its YAML file, which reads back as the same scenario.
func scenarioText(_ file: ScenarioFile, id: String) -> String {
  func bilingual(_ words: Bilingual) -> String {
    words.zh == words.en ? quoted(words.zh) : "{zh: \(quoted(words.zh)), en: \(quoted(words.en))}"
  }
  var lines = [
    "schema: \(scenarioSchemaName)", "id: \(scalar(id))", "name: \(bilingual(file.name))", "extends: \(scalar(file.parent))",
  ]
  if !file.includes.isEmpty { lines.append("include: \(flow(file.includes.map(\.id)))") }
  lines += ["why: \(bilingual(file.why))", file.changes.isEmpty ? "levers: {}" : "levers:"]
  var seen: Set<String> = []
  for lever in file.changes.map(\.lever) where seen.insert(lever.id).inserted {
    lines.append("  \(lever.id):")
    lines += file.changes.filter { $0.lever.id == lever.id }.map { "    - {\($0.fields.joined(separator: ", "))}" }
  }
  return lines.joined(separator: "\n") + "\n"
}

extension LeverChange {
  /// `key: value` as a file writes them.
  fileprivate var fields: [String] {
    var fields = ["op: \(operation.name.rawValue)"]
    switch operation {
    case .set(let value), .add(let value), .scale(let value): fields.append("value: \(plain(value))")
    case .growth(let rate): fields.append("by: \(percent(rate))")
    case .path(let points):
      fields.append("values: {\(points.keys.sorted().map { "\($0): \(plain(points[$0] ?? 0))" }.joined(separator: ", "))}")
    case .clamp(let low, let high): fields += ["low: \(plain(low))", "high: \(plain(high))"]
    case .remove: break
    }
    let (first, last) = writtenYears
    if let first { fields.append("from: \(first)") }
    if let last { fields.append("to: \(last)") }
    if !places.isEmpty { fields.append("geo: \(flow(places))") }
    if !teams.isEmpty { fields.append("team: \(flow(teams))") }
    if forced { fields.append("force: true") }
    if !source.isEmpty { fields.append("source: \(quoted(source))") }
    if !note.isEmpty { fields.append("note: \(quoted(note))") }
    return fields
  }
}

/// A rate in percent where that is short and exact.
private func percent(_ rate: Double) -> String {
  let text = String(format: "%.6g", rate * 100) + "%"
  return specNumber(text) == rate ? text : plain(rate)
}

private func flow(_ names: [String]) -> String { "[\(names.map(scalar).joined(separator: ", "))]" }

/// A name: plain where YAML cannot take it for anything else.
func scalar(_ name: String) -> String {
  let words: Set<String> = ["true", "false", "null", "yes", "no", "on", "off", "y", "n"]
  let isPlain = name.first?.isASCIILetter == true && name.allSatisfy { $0.isASCIILetter || $0.isASCIIDigit || $0 == "-" || $0 == "_" }
  return isPlain && !words.contains(name.lowercased()) ? name : quoted(name)
}

/// Text between double quotes.
private func quoted(_ text: String) -> String {
  let inside = text.unicodeScalars.map { scalar -> String in
    switch scalar {
    case "\"": "\\\""
    case "\\": "\\\\"
    case "\n": "\\n"
    case "\t": "\\t"
    case "\r": "\\r"
    default:
      switch scalar.value {
      case 0..<32, 127..<160: String(format: "\\x%02x", scalar.value)
      case 0x2028, 0x2029, 0xFEFF, 0xFFFE, 0xFFFF: String(format: "\\u%04x", scalar.value)
      default: String(scalar)
      }
    }
  }
  return "\"\(inside.joined())\""
}

extension Character {
  fileprivate var isASCIILetter: Bool { isASCII && isLetter }
  fileprivate var isASCIIDigit: Bool { isASCII && isNumber }
}
