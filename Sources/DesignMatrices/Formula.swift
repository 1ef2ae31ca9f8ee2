import Messages

/// An arithmetic expression over columns. It is data: nothing in it can run.
indirect enum Expression: Hashable, Sendable {
  case number(Double)
  case column(String)
  case call(Function, [Expression])
  case negative(Expression)
  case binary(Operation, Expression, Expression)

  enum Operation: Character, Sendable {
    case add = "+"
    case subtract = "-"
    case multiply = "*"
    case divide = "/"
    case power = "^"
  }

  enum Function: String, CaseIterable, Sendable {
    case log, log2, log10, log1p, exp, sqrt, abs, lag, diff
    case identity = "I"
  }

  /// Columns the expression reads, in order.
  var columns: [String] {
    switch self {
    case .number: []
    case .column(let name): [name]
    case .call(_, let arguments): arguments.flatMap(\.columns)
    case .negative(let inner): inner.columns
    case .binary(_, let left, let right): left.columns + right.columns
    }
  }
}

/// One factor of a term: a number per row, or a category per row.
struct Factor: Hashable, Sendable {
  enum Kind: Hashable, Sendable {
    /// Numbers; a bare text column turns out to be categories when it is evaluated.
    case expression(Expression)
    /// `C(…)`, with the reference level when one is named.
    case category(Expression, reference: String?)
  }

  let kind: Kind
  /// As the formula spells it.
  let spelling: String
  /// Where it stands, in characters from 0.
  let position: Int

  static func == (a: Factor, b: Factor) -> Bool { a.kind == b.kind }
  func hash(into hasher: inout Hasher) { hasher.combine(kind) }

  var expression: Expression {
    switch kind {
    case .expression(let expression), .category(let expression, _): expression
    }
  }
}

/// A product of factors; the order of factors decides names, not identity.
struct Term: Sendable {
  let factors: [Factor]
  var identity: Set<Factor> { Set(factors) }
}

/// A model written as statisticians write it: `log(staff) ~ log(rd) + C(region) + year`.
///
/// Operators: `+` adds terms, `-` removes them, `:` interacts, `*` is both main effects and their
/// interaction, `^2` all interactions up to that order; `0 +` or `- 1` removes the intercept; `.` is
/// every other column. Functions: log log2 log10 log1p exp sqrt abs lag diff; `I(…)` for arithmetic,
/// `C(…)` for categories, `C(g, ref="b")` with a reference of one's choice, `offset(…)`.
/// Source: Wilkinson & Rogers (1973), *Applied Statistics* 22, 392–399, in R's reading.
public struct Formula: Sendable {
  public let text: String
  let response: Factor
  /// Main effects first, then interactions by order, as R does.
  let terms: [Term]
  public let hasIntercept: Bool
  let offsets: [Expression]

  /// - Parameter otherColumns: what `.` stands for, apart from the response's own columns.
  /// - Throws: `ProblemReport` (usage) with the character at which the formula goes wrong.
  public init(_ text: String, otherColumns: [String] = []) throws(ProblemReport) {
    var parser = FormulaParser(
      characters: Array(text), tokens: try tokens(of: Array(text)), columns: otherColumns)
    let parsed = try parser.model()
    self.text = text
    response = parsed.response
    terms = parsed.terms
    hasIntercept = parsed.hasIntercept
    offsets = parsed.offsets
  }

  /// The left side as it is spelled.
  public var responseName: String { response.spelling }

  /// Every column the formula reads, each once, in order of appearance.
  public var columns: [String] {
    var seen: Set<String> = []
    let all = response.expression.columns + terms.flatMap { $0.factors.flatMap(\.expression.columns) }
    return (all + offsets.flatMap(\.columns)).filter { seen.insert($0).inserted }
  }
}

extension Expression {
  /// Whether lag or diff occurs in it.
  var usesOrder: Bool {
    switch self {
    case .number, .column: false
    case .negative(let inner): inner.usesOrder
    case .binary(_, let left, let right): left.usesOrder || right.usesOrder
    case .call(let function, let arguments):
      function == .lag || function == .diff || arguments.contains(where: \.usesOrder)
    }
  }
}
