import Foundation

/// A value as JSON text: sorted keys, numbers in shortest round-trip form, newline at the end.
///
/// JSON has no NaN: encode a missing number as an optional that is nil.
public func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
  return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
}

/// A member that is always there: null when its value is nil, where a plain optional would be left out.
@propertyWrapper public struct Nullable<Value: Encodable>: Encodable {
  public var wrappedValue: Value?

  public init(wrappedValue: Value?) { self.wrappedValue = wrappedValue }

  /// Writes the value, or null where there is none.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    if let wrappedValue { try container.encode(wrappedValue) } else { try container.encodeNil() }
  }
}

extension Nullable: Sendable where Value: Sendable {}

/// One problem as JSON writes it.
public struct ProblemJSON: Encodable {
  private let code: String
  private let severity: Problem.Severity
  private let file: String?
  private let line: Int?
  private let column: Int?
  private let path: String?
  private let cell: String?
  private let message: String
  private let hint: String?

  public init(_ problem: Problem, _ language: Language) {
    code = problem.code
    severity = problem.severity
    file = problem.file
    line = problem.line
    column = problem.column
    path = problem.path
    cell = problem.cell
    message = problem.message[language]
    hint = problem.hint?[language]
  }
}

/// The `problems` member that every checking command prints.
public struct ProblemsJSON: Encodable {
  private let schema: String
  private let valid: Bool
  private let problems: [ProblemJSON]

  /// - Parameter schema: e.g. `talentcast/data-check@1`. `valid` is false when any problem is an error.
  public init(schema: String, problems: [Problem], language: Language) {
    self.schema = schema
    valid = !problems.contains { $0.severity == .error }
    self.problems = problems.map { ProblemJSON($0, language) }
  }
}
