import Dimensions
import Forecasting
import Foundation
import Messages

/// A calculation as a tree for the terminal.
struct ExplanationText {
  let answer: Explanation
  let language: Language
  let depth: Int
  let width: Int

  init(_ answer: Explanation, language: Language, depth: Int, width: Int) {
    self.answer = answer
    self.language = language
    self.depth = depth
    self.width = width
  }

  var text: String {
    let cell = answer.cell
    let zh = language == .zh
    let interval =
      cell.p10.isFinite && cell.p10 != cell.p90
      ? zh ? "（80%：\(number(cell.p10))～\(number(cell.p90))）" : " (80 %: \(number(cell.p10)) to \(number(cell.p90)))" : ""
    let head =
      "\(answer.root.name[language]) = \(amount(answer.root))\(interval) [\(cell.evidence.rawValue)] \(resultMethods[cell.method]?[language] ?? cell.method)\(place(answer.root))"
    var lines = [head]
    if let note = answer.root.note { lines.append("  " + note[language]) }
    lines += branches(answer.root, prefix: "", level: 1)
    let assumptions = answer.root.assumptions.filter { $0.evidence == .assumed }
    if !assumptions.isEmpty {
      lines += ["", zh ? "所依据的假定（D 级）：" : "assumptions it rests on (grade D):"]
      lines += assumptions.map { "  ⚑ \($0.name[language]) = \(amount($0)) \(place($0))\(remark($0))" }
    }
    return lines.joined(separator: "\n")
  }

  private func branches(_ step: ExplanationStep, prefix: String, level: Int) -> [String] {
    guard level <= depth else { return [] }
    let order = shown(step)
    var lines: [String] = []
    for (place, part) in order.listed.enumerated() {
      let isLast = place == order.listed.count - 1 && order.rest.isEmpty
      lines.append(prefix + (isLast ? "└─ " : "├─ ") + line(part, in: step, index: place))
      lines += branches(part, prefix: prefix + (isLast ? "   " : "│  "), level: level + 1)
    }
    if !order.rest.isEmpty {
      let sum = order.rest.reduce(0) { $0 + $1.value }
      lines.append(
        prefix + "└─ "
          + (language == .zh ? "其余 \(order.rest.count) 项合计 \(number(sum))" : "\(order.rest.count) more, \(number(sum)) together")
          + (language == .zh ? "（--width 可列出）" : " (--width lists them)"))
    }
    return lines
  }

  /// Long sums show their largest parts; everything else stays in order.
  private func shown(_ step: ExplanationStep) -> (listed: [ExplanationStep], rest: [ExplanationStep]) {
    guard step.operation == .sum, step.parts.count > width else { return (step.parts, []) }
    let order = step.parts.indices.sorted {
      let (a, b) = (abs(step.parts[$0].value), abs(step.parts[$1].value))
      return a == b ? $0 < $1 : a > b
    }
    return (order.prefix(width).map { step.parts[$0] }, order.dropFirst(width).map { step.parts[$0] })
  }

  private func line(_ part: ExplanationStep, in parent: ExplanationStep, index: Int) -> String {
    let sign: String =
      switch parent.operation {
      case .product: index == 0 ? "" : "× "
      case .ratio: index == 0 ? "" : "÷ "
      case .difference: index == 0 ? "" : "− "
      case .sum, .exponential: index == 0 ? "" : "+ "
      default: ""
      }
    let grade = part.evidence.map { " [\($0.rawValue)]" } ?? ""
    let flag = part.operation == .assumed ? " ⚑" : ""
    return "\(sign)\(part.name[language]) = \(amount(part))\(grade)\(flag)\(place(part))\(remark(part))"
  }

  private func place(_ part: ExplanationStep) -> String {
    let file = part.file.isEmpty ? "" : part.line.map { "\(part.file):\($0)" } ?? part.file
    let words = [Bilingual(line: part.source)[language], file].filter { !$0.isEmpty }
    return words.isEmpty ? "" : "  " + words.joined(separator: "  ")
  }

  private func remark(_ part: ExplanationStep) -> String {
    guard let note = part.note?[language], !note.isEmpty else { return "" }
    return language == .zh ? "（\(note)）" : " (\(note))"
  }

  private func amount(_ step: ExplanationStep) -> String {
    step.unit == "1" || step.unit == "ln" ? number(step.value) : "\(number(step.value)) \(unitName(step.unit)[language])"
  }
}

/// A figure for reading: whole numbers with commas above 1 000, else five significant digits.
func number(_ value: Double) -> String {
  guard value.isFinite else { return "—" }
  if abs(value) >= 1000, abs(value) < 9e15 { return grouped(value) }
  if value == 0 { return "0" }
  let digits = max(0, min(8, 4 - Int(floor(log10(abs(value))))))
  let scale = pow(10, Double(digits))
  let rounded = (value * scale).rounded(.toNearestOrAwayFromZero) / scale
  return rounded == rounded.rounded() ? String(Int(rounded)) : decimalText(rounded, digits)
}

private func decimalText(_ value: Double, _ digits: Int) -> String {
  var text = String(format: "%.\(digits)f", value)
  while text.last == "0" { text.removeLast() }
  return text
}

struct ExplanationJSON: Encodable {
  private struct Step: Encodable {
    let name: String
    let value: Double?
    let unit: String
    let operation: ExplanationStep.Operation
    let evidence: Evidence?
    let source: String?
    let file: String?
    let line: Int?
    let note: String?
    let parts: [Step]

    init(_ step: ExplanationStep, _ language: Language) {
      func filled(_ text: String) -> String? { text.isEmpty ? nil : text }
      name = step.name[language]
      value = step.value.isFinite ? step.value : nil
      unit = step.unit
      operation = step.operation
      evidence = step.evidence
      source = filled(step.source)
      file = filled(step.file)
      line = step.line
      note = step.note.map { $0[language] }
      parts = step.parts.map { Step($0, language) }
    }
  }

  private let schema = "talentcast/explain@1"
  private let scenario: String
  private let measure: Measure
  private let region: String
  private let team: String
  private let industry: String
  private let year: Int
  private let value: Double?
  private let unit: String
  private let p10: Double?
  private let p90: Double?
  private let evidence: Evidence
  private let method: String
  private let tree: Step
  private let assumptions: [Step]
  private let sources: [String]
  private let demand_methods: [DemandMethodJSON]?
  private let change_since_base: [Part]?

  private struct Part: Encodable {
    let name: String
    let persons: Double
  }

  init(_ answer: Explanation, _ methods: DemandFit?, _ parts: [NamedDemandPart], _ language: Language) {
    let cell = answer.cell
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    scenario = cell.scenario
    measure = cell.measure
    region = cell.region.text
    team = cell.team
    industry = cell.industry
    year = cell.year
    value = finite(cell.value)
    unit = cell.unit
    (p10, p90) = (finite(cell.p10), finite(cell.p90))
    evidence = cell.evidence
    method = cell.method
    tree = Step(answer.root, language)
    assumptions = answer.root.assumptions.map { step in
      Step(
        ExplanationStep(
          step.name, step.value, unit: step.unit, step.operation, evidence: step.evidence, source: step.source,
          file: step.file, line: step.line, note: step.note), language)
    }
    sources = answer.root.sources
    demand_methods = methods.map { $0.methods.map(DemandMethodJSON.init) }
    change_since_base = parts.isEmpty ? nil : parts.map { Part(name: $0.name[language], persons: $0.persons) }
  }
}
