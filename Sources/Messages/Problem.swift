/// One thing that is wrong with something a person gave us: what, where, and what to do.
///
/// Readers collect every problem of a file before they fail, so that one pass mends them all.
public struct Problem: Hashable, Sendable {
  /// How bad a problem is; an error stops the work, a warning does not.
  public enum Severity: String, Codable, Sendable, Comparable {
    case error, warning, note

    public static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    private var rank: Int {
      switch self {
      case .error: 0
      case .warning: 1
      case .note: 2
      }
    }
  }

  /// Stable, machine-readable, e.g. `csv.not-a-number`.
  public let code: String
  public let severity: Severity
  public let file: String?
  /// 1-based.
  public let line: Int?
  /// 1-based, counted in characters as an editor shows them.
  public let column: Int?
  /// Where inside the document: a column name, a YAML path, a JSON pointer.
  public let path: String?
  /// Sheet and cell of a workbook, e.g. `changes!C5`.
  public let cell: String?
  public let message: Bilingual
  public let hint: Bilingual?

  public init(
    _ code: String, _ severity: Severity = .error, file: String? = nil, line: Int? = nil,
    column: Int? = nil, path: String? = nil, cell: String? = nil, message: Bilingual, hint: Bilingual? = nil
  ) {
    self.code = code
    self.severity = severity
    self.file = file
    self.line = line
    self.column = column
    self.path = path
    self.cell = cell
    self.message = message
    self.hint = hint
  }

  /// `file:line:column: severity: message` with the hint on the next line, as editors parse it; in a workbook
  /// `file:sheet!cell`.
  public func text(in language: Language) -> String {
    var place = file ?? ""
    if let line { place += "\(place.isEmpty ? "" : ":")\(line)" }
    if let column, line != nil { place += ":\(column)" }
    if let cell { place += "\(place.isEmpty ? "" : ":")\(cell)" }
    let word =
      switch (severity, language) {
      case (.error, .zh): "错误"
      case (.error, .en): "error"
      case (.warning, .zh): "警告"
      case (.warning, .en): "warning"
      case (.note, .zh): "提示"
      case (.note, .en): "note"
      }
    var text = place.isEmpty ? "" : place + ": "
    text += "\(word) [\(code)] \(message[language])"
    if let hint { text += "\n    = \(hint[language])" }
    return text
  }
}

extension Problem {
  /// A name that is not known: with the nearest spelling, else with what there is.
  ///
  /// - Parameters:
  ///   - what: how the message begins, e.g. `没有地区`, `there is no region`; the name follows in quotes.
  ///   - known: every name that would do, the ones to list first.
  public static func unknown(
    _ name: String, _ what: Bilingual, among known: [String], code: String, file: String? = nil, line: Int? = nil,
    column: Int? = nil, path: String? = nil
  ) -> Problem {
    let listed = known.prefix(20)
    let more = known.count > listed.count ? " …" : ""
    return Problem(
      code, file: file, line: line, column: column, path: path,
      message: Bilingual(zh: "\(what.zh)“\(name)”", en: "\(what.en) '\(name)'"),
      hint: nearest(name, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
        ?? (known.isEmpty
          ? nil
          : Bilingual(
            zh: "可用：\(listed.joined(separator: "、"))\(more)", en: "known: \(listed.joined(separator: ", "))\(more)")))
  }
}

extension Sequence<Problem> {
  /// The same problems with those of one cause in one file said once: the first place, and how many more there are.
  public var condensed: [Problem] {
    var order: [[String?]] = []
    var groups: [[String?]: [Problem]] = [:]
    for problem in self {
      let cause = [problem.code, problem.severity.rawValue, problem.file, problem.message.zh, problem.message.en]
      if groups[cause] == nil { order.append(cause) }
      groups[cause, default: []].append(problem)
    }
    return order.compactMap { groups[$0] }.map { same in
      let places = Set(same.compactMap { $0.line.map(String.init) ?? $0.cell ?? $0.path }).count
      guard same.count > 1, places > 1 else { return same[0] }
      let lines = same.dropFirst().compactMap(\.line)
      let listed = lines.prefix(5).map(String.init)
      let more = lines.count > listed.count
      return Problem(
        same[0].code, same[0].severity, file: same[0].file, line: same[0].line, column: same[0].column, path: same[0].path,
        cell: same[0].cell,
        message: Bilingual(
          zh: "\(same[0].message.zh)（共 \(same.count) 处\(listed.isEmpty ? "" : "，另见第 \(listed.joined(separator: "、"))\(more ? "…" : "") 行")）",
          en:
            "\(same[0].message.en) (\(same.count) times\(listed.isEmpty ? "" : "; also lines \(listed.joined(separator: ", "))\(more ? ", …" : "")"))"
        ),
        hint: same[0].hint)
    }
  }
}

/// Thrown when input cannot be used: all its problems at once, and the exit status they deserve.
public struct ProblemReport: Error, Sendable, Equatable, CustomStringConvertible {
  public let status: ExitStatus
  public let problems: [Problem]

  public init(_ status: ExitStatus, _ problems: [Problem]) {
    self.status = status
    self.problems = problems
  }

  public var description: String {
    problems.map { $0.text(in: .en) }.joined(separator: "\n")
  }
}

/// What the process says to the shell.
public enum ExitStatus: Int32, Sendable {
  case ok = 0
  case failure = 1
  case problemsFound = 2
  case usage = 64
  case badData = 65
  case missingInput = 66
  case toolMissing = 69
  case cannotWrite = 73
  case tryAgain = 75
  case badConfiguration = 78
}
