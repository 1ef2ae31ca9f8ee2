import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs

/// A number and what it was made of, down to published rows and written assumptions.
public struct ExplanationStep: Sendable {
  /// How a figure follows from the ones below it.
  public enum Operation: String, Codable, CaseIterable, Sendable {
    case sum, product, ratio, mean
    /// The first part less the others.
    case difference
    /// exp of the sum of the parts.
    case exponential
    /// A row of a data package.
    case published
    /// A number somebody decided.
    case assumed
    /// The outcome of a method whose inputs are the parts; not simple arithmetic.
    case calculated
  }

  public let name: Bilingual
  public let value: Double
  public let unit: String
  public let operation: Operation
  public let evidence: Evidence?
  /// Id of a source; "" when the parts say it.
  public let source: String
  /// Where the number stands; "" for a calculated one.
  public let file: String
  public let line: Int?
  public let note: Bilingual?
  public let parts: [ExplanationStep]

  public init(
    _ name: Bilingual, _ value: Double, unit: String, _ operation: Operation, evidence: Evidence? = nil,
    source: String = "", file: String = "", line: Int? = nil, note: Bilingual? = nil, parts: [ExplanationStep] = []
  ) {
    self.name = name
    self.value = value
    self.unit = unit
    self.operation = operation
    self.evidence = evidence
    self.source = source
    self.file = file
    self.line = line
    self.note = note
    self.parts = parts
  }

  /// The same under another name.
  func named(_ name: Bilingual) -> ExplanationStep {
    ExplanationStep(
      name, value, unit: unit, operation, evidence: evidence, source: source, file: file, line: line, note: note, parts: parts)
  }

  /// The same with stocks and flows in the unit of the model; published rows keep their own.
  func counted(in own: String) -> ExplanationStep {
    guard own != "人" else { return self }
    let isCounted = operation != .published && (unit == "人" || unit == "人/年")
    return ExplanationStep(
      name, value, unit: isCounted ? own + unit.dropFirst() : unit, operation, evidence: evidence, source: source, file: file, line: line,
      note: note, parts: parts.map { $0.counted(in: own) })
  }

  /// The value again, from the parts alone; nil where the operation is not arithmetic on them.
  public var recomputed: Double? {
    let values = parts.map(\.value)
    guard let first = values.first else { return nil }
    switch operation {
    case .sum: return values.reduce(0, +)
    case .product: return values.reduce(1, *)
    case .ratio: return values.count == 2 ? first / values[1] : nil
    case .mean: return values.reduce(0, +) / Double(values.count)
    case .difference: return values.dropFirst().reduce(first, -)
    case .exponential: return exp(values.reduce(0, +))
    case .published, .assumed, .calculated: return nil
    }
  }

  /// This step and everything below it.
  public var all: [ExplanationStep] { [self] + parts.flatMap(\.all) }

  /// Assumptions it rests on, each once, in order of first use.
  public var assumptions: [ExplanationStep] {
    var seen: Set<String> = []
    return all.filter { $0.operation == .assumed && seen.insert("\($0.file):\($0.line ?? 0) \($0.name.en)").inserted }
  }

  /// Ids of the sources of its published rows, in order of first use.
  public var sources: [String] {
    var seen: Set<String> = []
    return all.map(\.source).filter { !$0.isEmpty && seen.insert($0).inserted }
  }
}

extension ExplanationStep {
  /// A row of a data package.
  init(_ row: Observation, _ indicator: Indicator?, place: Bilingual) {
    let name = indicator?.name ?? Bilingual(zh: row.indicator, en: row.indicator)
    self.init(
      Bilingual(zh: "\(place.zh) \(row.year) 年\(name.zh)", en: "\(name.en), \(place.en) \(row.year)"), row.value,
      unit: row.unit, .published, evidence: row.evidence, source: row.source, file: row.file, line: row.line,
      note: row.note.isEmpty ? nil : Bilingual(zh: row.note.replacing("as printed:", with: "原文："), en: row.note))
  }

  /// A number of the model file.
  init(_ name: Bilingual, _ assumption: Assumption, unit: String = "1", file: String) {
    self.init(
      name, assumption.value, unit: unit, .assumed, evidence: assumption.evidence, source: assumption.source,
      file: file, line: assumption.line, note: assumption.note)
  }

  static func sum(_ name: Bilingual, unit: String, _ parts: [ExplanationStep], note: Bilingual? = nil) -> ExplanationStep {
    ExplanationStep(name, parts.reduce(0) { $0 + $1.value }, unit: unit, .sum, note: note, parts: parts)
  }

  static func product(_ name: Bilingual, unit: String, _ parts: [ExplanationStep], note: Bilingual? = nil) -> ExplanationStep {
    ExplanationStep(name, parts.reduce(1) { $0 * $1.value }, unit: unit, .product, note: note, parts: parts)
  }

  static func ratio(_ name: Bilingual, unit: String = "1", _ a: ExplanationStep, _ b: ExplanationStep) -> ExplanationStep {
    ExplanationStep(name, a.value / b.value, unit: unit, .ratio, parts: [a, b])
  }

  static func difference(_ name: Bilingual, unit: String, _ parts: [ExplanationStep]) -> ExplanationStep {
    ExplanationStep(
      name, parts.dropFirst().reduce(parts[0].value) { $0 - $1.value }, unit: unit, .difference, parts: parts)
  }
}
