import Balancing
import Dimensions
import Foundation
import Messages

/// Why a fit stopped short: zeros that leave no room, or only too few iterations.
func unconverged(_ fit: BalancedTable) -> Bilingual {
  let error = String(format: "%.3g", fit.maxRelativeError)
  let (zh, en) =
    fit.vanishing > 0
    ? (
      "有 \(fit.vanishing) 个单元格趋于零，种子的零使这些合计难以同时满足",
      "\(fit.vanishing) cell\(fit.vanishing == 1 ? " tends" : "s tend") to zero because the zeros of the seed make these totals hard to meet together"
    ) : ("迭代次数不够，请增大 --max-iterations", "more iterations are needed: raise --max-iterations")
  return Bilingual(
    zh: "迭代 \(fit.iterations) 次仍未收敛，最大相对误差 \(error)：\(zh)",
    en: "not converged after \(fit.iterations) iteration\(fit.iterations == 1 ? "" : "s"), largest relative error \(error): \(en)")
}

/// The heading lines and cells for people.
func balanceText(_ result: BalancedRows, _ language: Language) -> [UInt8] {
  let fit = result.table
  let state = Bilingual(
    zh: fit.converged ? "已收敛" : "未收敛", en: fit.converged ? "converged" : "NOT converged")
  let error = String(format: "%.2g", fit.maxRelativeError)
  let strain = fit.cells.labels(at: fit.largestMultiplierCell).joined(separator: ", ")
  let multiplier = String(format: "%.4g", fit.largestMultiplier)
  let heading = Bilingual(
    zh: "\(state.zh)：迭代 \(fit.iterations) 次，最大相对误差 \(error)；单元格最多放大 \(multiplier) 倍（\(strain)）",
    en: "\(state.en): \(fit.iterations) iteration\(fit.iterations == 1 ? "" : "s"), largest relative error \(error); a cell grew at most "
      + "\(multiplier)-fold (\(strain))")
  return Array((heading[language] + "\n\n").utf8) + cellTable(result, Bilingual(zh: "数值", en: "value")[language])
}

/// The cells as `TextTable` sets them; for a file or a pipe every label is measured and padded only once.
func cellTable(_ result: BalancedRows, _ heading: String, width: Int? = Terminal.width) -> [UInt8] {
  if let width {
    var table = TextTable(
      result.dimensions.map { ($0, .left) } + [(heading, .right)], keys: result.columns.count)
    for (row, value) in result.values.enumerated() { table.append(result.labels(at: row) + [figure(value)]) }
    return Array((table.text(width: width) + "\n").utf8)
  }
  let figures = result.values.map { value in
    let text = figure(value)
    return text.first == "-" ? "−" + text.dropFirst() : text
  }
  func breadth(_ figure: String) -> Int { figure.utf8.count - (figure.first == "−" ? 2 : 0) }
  let widest = figures.reduce(displayWidth(heading)) { max($0, breadth($1)) }
  let padded = result.columns.map { column in
    let widest = ([column.name] + column.distinct).reduce(0) { max($0, displayWidth($1)) }
    func pad(_ text: String) -> [UInt8] {
      Array((text + String(repeating: " ", count: widest - displayWidth(text) + 2)).utf8)
    }
    return (name: pad(column.name), labels: column.distinct.map(pad), width: widest)
  }
  let blanks = [UInt8](repeating: UInt8(ascii: " "), count: widest)
  var text = padded.flatMap(\.name) + blanks.prefix(widest - displayWidth(heading)) + Array(heading.utf8)
  text.append(UInt8(ascii: "\n"))
  text += [UInt8](repeating: UInt8(ascii: "-"), count: padded.reduce(widest) { $0 + $1.width + 2 })
  for (row, figure) in figures.enumerated() {
    text.append(UInt8(ascii: "\n"))
    for (column, set) in zip(result.columns, padded) { text += set.labels[Int(column.codes[row])] }
    text += blanks.prefix(widest - breadth(figure))
    text += figure.utf8
  }
  return text + [UInt8(ascii: "\n")]
}

/// A figure for a table: four decimals, or six significant digits when it is small.
func figure(_ value: Double) -> String {
  value == 0 ? "0" : formatted(abs(value) < 0.1 ? "%.6g" : "%.4f", value)
}

/// C's formatting without the detour through Foundation's.
private func formatted(_ format: String, _ value: Double) -> String {
  withVaList([value]) { arguments in
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 352) { buffer in
      guard let start = buffer.baseAddress else { return "" }
      vsnprintf(start, buffer.count, format, arguments)
      return String(cString: start)
    }
  }
}

/// Bytes to standard output, all at once.
func write(_ bytes: [UInt8]) {
  FileHandle.standardOutput.write(Data(bytes))
}

/// `talentcast/balance@1`, the cells written one by one: a million of them need no tree of objects.
func balanceJSON(_ result: BalancedRows, _ language: Language) throws -> [UInt8] {
  let rest = Array(try jsonText(BalanceJSON(result, language)).utf8)
  // "cells" comes first in the order of keys; the rest of the document follows it.
  let opening = Array("{\n".utf8)
  precondition(rest.starts(with: opening), "a JSON object opens on its own line")
  return opening + (try cellsMember(result)) + rest.dropFirst(opening.count)
}

private func cellsMember(_ result: BalancedRows) throws -> [UInt8] {
  func quoted(_ text: String) throws -> [UInt8] { Array(try jsonText(text).utf8.dropLast()) }
  let order = result.columns.indices.sorted { result.columns[$0].name < result.columns[$1].name }
  let columns = try order.map { c in
    let column = result.columns[c]
    let key = try Array("      ".utf8) + quoted(column.name) + Array(" : ".utf8)
    return (column: column, lines: try column.distinct.map { key + (try quoted($0)) })
  }
  let place = columns.firstIndex { $0.column.name > "value" } ?? columns.count
  let valueKey = Array("      \"value\" : ".utf8)
  var text = Array("  \"cells\" : [".utf8)
  for (row, value) in result.values.enumerated() {
    text += row == 0 ? Array("\n    {\n".utf8) : Array(",\n    {\n".utf8)
    for member in 0...columns.count {
      if member > 0 { text += Array(",\n".utf8) }
      if member == place {
        text += valueKey
        text += jsonNumber(value).utf8
      } else {
        let (column, lines) = columns[member < place ? member : member - 1]
        text += lines[Int(column.codes[row])]
      }
    }
    text += Array("\n    }".utf8)
  }
  return text + Array((result.values.isEmpty ? "\n\n  ],\n" : "\n  ],\n").utf8)
}

/// As `JSONEncoder` writes it: shortest round-trip form, whole numbers without a point, null where undefined.
private func jsonNumber(_ value: Double) -> String {
  guard value.isFinite else { return "null" }
  let text = value.description
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}

/// Everything but the cells.
private struct BalanceJSON: Encodable {
  private struct Name: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private struct Labels: Encodable {
    let names: [String]
    let labels: [String]

    func encode(to encoder: any Encoder) throws {
      var container = encoder.container(keyedBy: Name.self)
      for (name, label) in zip(names, labels) { try container.encode(label, forKey: Name(stringValue: name)) }
    }
  }

  private enum Key: String, CodingKey {
    case schema, converged, iterations, notes
    case maxRelativeError = "max_relative_error"
    case largestMultiplier = "largest_multiplier"
    case largestMultiplierCell = "largest_multiplier_cell"
  }

  private let result: BalancedRows
  private let language: Language

  init(_ result: BalancedRows, _ language: Language) {
    (self.result, self.language) = (result, language)
  }

  func encode(to encoder: any Encoder) throws {
    let fit = result.table
    var json = encoder.container(keyedBy: Key.self)
    try json.encode("talentcast/balance@1", forKey: .schema)
    try json.encode(fit.converged, forKey: .converged)
    try json.encode(fit.iterations, forKey: .iterations)
    try json.encode(orNull(fit.maxRelativeError), forKey: .maxRelativeError)
    try json.encode(orNull(fit.largestMultiplier), forKey: .largestMultiplier)
    try json.encode(
      Labels(names: result.dimensions, labels: fit.cells.labels(at: fit.largestMultiplierCell)),
      forKey: .largestMultiplierCell)
    try json.encode(fit.notes.map { $0[language] }, forKey: .notes)
  }
}
