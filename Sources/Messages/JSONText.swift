import Foundation

/// A value as JSON text: sorted keys, numbers in shortest round-trip form, newline at the end.
///
/// JSON has no NaN: encode a missing number as an optional that is nil.
public func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}

/// The `problems` member that every checking command prints.
public struct ProblemsJSON: Encodable {
  private struct Entry: Encodable {
    let code: String
    let severity: Problem.Severity
    let file: String?
    let line: Int?
    let column: Int?
    let path: String?
    let cell: String?
    let message: String
    let hint: String?
  }

  private let schema: String
  private let valid: Bool
  private let problems: [Entry]

  /// - Parameter schema: e.g. `talentcast/data-check@1`. `valid` is false when any problem is an error.
  public init(schema: String, problems: [Problem], language: Language) {
    self.schema = schema
    valid = !problems.contains { $0.severity == .error }
    self.problems = problems.map {
      Entry(
        code: $0.code, severity: $0.severity, file: $0.file, line: $0.line, column: $0.column,
        path: $0.path, cell: $0.cell, message: $0.message[language], hint: $0.hint?[language])
    }
  }
}
