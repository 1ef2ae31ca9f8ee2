import Messages

/// Recursive descent over the tokens of a formula.
struct FormulaParser {
  let characters: [Character]
  let tokens: [Token]
  /// What `.` stands for.
  let columns: [String]
  private var at = 0
  private var depth = 0
  private var offsets: [Expression] = []
  private var responseColumns: Set<String> = []

  init(characters: [Character], tokens: [Token], columns: [String]) {
    (self.characters, self.tokens, self.columns) = (characters, tokens, columns)
  }

  private static let deepest = 64
  private static let mostTerms = 5_000
  private static let mostCrossings = 12_000
  /// Pairs of terms multiplied so far: a long chain of `*` and `:` must end, too.
  private var crossings = 0

  private var token: Token { tokens[at] }

  private mutating func take(_ symbol: Character) -> Bool {
    guard token.kind == .symbol(symbol) else { return false }
    at += 1
    return true
  }

  private func fail(
    _ code: String, _ message: Bilingual, hint: Bilingual? = nil, at position: Int? = nil
  ) -> ProblemReport {
    formulaProblem(code, at: position ?? token.start, characters, message, hint: hint)
  }

  private func unexpected(_ wanted: Bilingual) -> ProblemReport {
    let found =
      token.kind == .end
      ? Bilingual(zh: "公式到此为止", en: "the formula ends")
      : Bilingual(
        zh: "这里是“\(String(characters[token.start..<token.end]))”",
        en: "there is '\(String(characters[token.start..<token.end]))'")
    return fail(
      "formula.syntax",
      Bilingual(zh: "此处应为\(wanted.zh)，但\(found.zh)", en: "expected \(wanted.en), but \(found.en) here"))
  }

  // MARK: Model

  mutating func model() throws(ProblemReport) -> (
    response: Factor, terms: [Term], hasIntercept: Bool, offsets: [Expression]
  ) {
    guard tokens.contains(where: { $0.kind == .symbol("~") }) else {
      throw fail(
        "formula.no-tilde", Bilingual(zh: "公式缺少“~”", en: "the formula has no '~'"),
        hint: Bilingual(zh: "写成：因变量 ~ 自变量 + 自变量", en: "write: response ~ term + term"), at: characters.count)
    }
    let response = try responseFactor()
    responseColumns = Set(response.expression.columns)
    guard take("~") else { throw unexpected(Bilingual(zh: "“~”", en: "'~'")) }
    let sum = try sum()
    guard token.kind == .end else {
      throw unexpected(Bilingual(zh: "运算符或公式结尾", en: "an operator or the end"))
    }
    let ordered = sum.terms.enumerated().sorted {
      ($0.element.factors.count, $0.offset) < ($1.element.factors.count, $1.offset)
    }
    return (response, ordered.map(\.element), sum.intercept ?? true, offsets)
  }

  private mutating func responseFactor() throws(ProblemReport) -> Factor {
    let start = token.start
    if token.kind == .symbol("~") { throw unexpected(Bilingual(zh: "因变量", en: "the response")) }
    let expression = try arithmetic()
    let end = tokens[at - 1].end
    return Factor(kind: .expression(expression), spelling: String(characters[start..<end]), position: start)
  }

  /// Terms, and whether the intercept was mentioned.
  private struct Sum {
    private(set) var terms: [Term] = []
    private var seen: Set<Set<Factor>> = []
    var intercept: Bool?

    mutating func add(_ term: Term) {
      if seen.insert(term.identity).inserted { terms.append(term) }
    }

    mutating func remove(_ removed: [Term]) {
      let identities = Set(removed.map(\.identity))
      terms.removeAll { identities.contains($0.identity) }
      seen.subtract(identities)
    }
  }

  private mutating func sum() throws(ProblemReport) -> Sum {
    try descend()
    defer { depth -= 1 }
    var sum = Sum()
    var isAdding = !take("-")
    if isAdding { _ = take("+") }
    while true {
      if case .number(let value) = token.kind {
        guard value == 0 || value == 1 else {
          throw fail(
            "formula.number",
            Bilingual(
              zh: "项不能是数 \(value)；只有 0 和 1 表示有无截距",
              en: "a term cannot be a number; only 0 and 1 say whether there is an intercept"),
            hint: Bilingual(
              zh: "算术写在 I(…) 里，例如 I(2*x)", en: "write arithmetic inside I(…), for example I(2*x)"))
        }
        at += 1
        sum.intercept = (value == 1) == isAdding
      } else {
        let product = try product()
        if isAdding {
          for term in product { sum.add(term) }
        } else {
          sum.remove(product)
        }
      }
      guard sum.terms.count <= Self.mostTerms else {
        throw fail(
          "formula.too-many", Bilingual(zh: "公式展开后项数过多", en: "the formula expands to too many terms"))
      }
      if take("+") { isAdding = true } else if take("-") { isAdding = false } else { return sum }
    }
  }

  private mutating func product() throws(ProblemReport) -> [Term] {
    var terms = try interaction()
    while true {
      if take("*") {
        let right = try interaction()
        terms = (terms + right + (try crossed(terms, right))).reduce(into: Sum()) { $0.add($1) }.terms
      } else if token.kind == .symbol("/") {
        throw fail(
          "formula.slash", Bilingual(zh: "项之间不支持“/”", en: "'/' between terms is not supported"),
          hint: Bilingual(zh: "嵌套写成 a + a:b；除法写成 I(a/b)", en: "write nesting as a + a:b, division as I(a/b)"))
      } else {
        return terms
      }
    }
  }

  private mutating func interaction() throws(ProblemReport) -> [Term] {
    var terms = try power()
    while take(":") { terms = try crossed(terms, try power()) }
    return terms
  }

  private mutating func power() throws(ProblemReport) -> [Term] {
    let base = try primary()
    guard take("^") else { return base }
    guard case .number(let order) = token.kind, order == order.rounded(), (1...10).contains(order) else {
      throw unexpected(Bilingual(zh: "1 到 10 的整数次数", en: "a whole order between 1 and 10"))
    }
    at += 1
    var (all, last) = (base, base)
    for _ in 1..<Int(order) {
      last = try crossed(last, base)
      all += last
      guard all.count <= Self.mostTerms else {
        throw fail(
          "formula.too-many", Bilingual(zh: "公式展开后项数过多", en: "the formula expands to too many terms"))
      }
    }
    return all.reduce(into: Sum()) { $0.add($1) }.terms
  }

  private mutating func crossed(_ left: [Term], _ right: [Term]) throws(ProblemReport) -> [Term] {
    crossings += left.count * right.count
    guard crossings <= Self.mostCrossings else {
      throw fail("formula.too-many", Bilingual(zh: "公式展开后项数过多", en: "the formula expands to too many terms"))
    }
    var result = Sum()
    for a in left {
      for b in right { result.add(Term(factors: a.factors + b.factors.filter { !a.factors.contains($0) })) }
    }
    return result.terms
  }

  private mutating func primary() throws(ProblemReport) -> [Term] {
    if take("(") {
      let inner = try sum()
      guard take(")") else { throw unexpected(Bilingual(zh: "“)”", en: "')'")) }
      return inner.terms
    }
    guard case .name(let name) = token.kind else {
      throw unexpected(Bilingual(zh: "列名或函数", en: "a column or a function"))
    }
    let start = token
    if name == ".", start.end - start.start == 1 {
      at += 1
      return columns.filter { !responseColumns.contains($0) }.map {
        Term(factors: [Factor(kind: .expression(.column($0)), spelling: $0, position: start.start)])
      }
    }
    let isCall = tokens[at + 1].kind == .symbol("(")
    if isCall, name == "C" { return [Term(factors: [try category()])] }
    if isCall, name == "offset" {
      at += 2
      offsets.append(try arithmetic())
      guard take(")") else { throw unexpected(Bilingual(zh: "“)”", en: "')'")) }
      return []
    }
    let expression = try atom()
    let spelling = isCall ? String(characters[start.start..<tokens[at - 1].end]) : name
    return [Term(factors: [Factor(kind: .expression(expression), spelling: spelling, position: start.start)])]
  }

  /// `C(expression)`, `C(expression, ref="level")`, `C(expression, Treatment("level"))`.
  private mutating func category() throws(ProblemReport) -> Factor {
    let start = token.start
    at += 2
    let expression = try arithmetic()
    var reference: String?
    if take(",") { reference = try referenceLevel() }
    guard take(")") else { throw unexpected(Bilingual(zh: "“)”", en: "')'")) }
    return Factor(
      kind: .category(expression, reference: reference),
      spelling: String(characters[start..<tokens[at - 1].end]), position: start)
  }

  private mutating func referenceLevel() throws(ProblemReport) -> String {
    let wanted = Bilingual(zh: "参照组，例如 ref=\"北京\"", en: "the reference level, for example ref=\"north\"")
    var closes = false
    if case .name(let word) = token.kind, ["ref", "reference", "base", "Treatment"].contains(word) {
      at += 1
      if word == "Treatment" {
        guard take("(") else { throw unexpected(Bilingual(zh: "“(”", en: "'('")) }
        closes = true
        if case .name("reference") = token.kind {
          at += 1
          guard take("=") else { throw unexpected(Bilingual(zh: "“=”", en: "'='")) }
        }
      } else if !take("=") {
        throw unexpected(Bilingual(zh: "“=”", en: "'='"))
      }
    }
    let level = token
    switch level.kind {
    case .text(let text), .name(let text):
      at += 1
      if closes, !take(")") { throw unexpected(Bilingual(zh: "“)”", en: "')'")) }
      return text
    case .number:
      at += 1
      if closes, !take(")") { throw unexpected(Bilingual(zh: "“)”", en: "')'")) }
      return String(characters[level.start..<level.end])
    default: throw unexpected(wanted)
    }
  }

  // MARK: Arithmetic

  private mutating func descend() throws(ProblemReport) {
    depth += 1
    guard depth <= Self.deepest else {
      throw fail("formula.too-deep", Bilingual(zh: "括号嵌套过深", en: "parentheses are nested too deeply"))
    }
  }

  private mutating func arithmetic() throws(ProblemReport) -> Expression {
    try descend()
    defer { depth -= 1 }
    var left = try factor()
    while true {
      if take("+") {
        left = .binary(.add, left, try factor())
      } else if take("-") {
        left = .binary(.subtract, left, try factor())
      } else {
        return left
      }
    }
  }

  private mutating func factor() throws(ProblemReport) -> Expression {
    var left = try signed()
    while true {
      if take("*") {
        left = .binary(.multiply, left, try signed())
      } else if take("/") {
        left = .binary(.divide, left, try signed())
      } else {
        return left
      }
    }
  }

  private mutating func signed() throws(ProblemReport) -> Expression {
    try descend()
    defer { depth -= 1 }
    if take("-") { return .negative(try signed()) }
    if take("+") { return try signed() }
    let base = try atom()
    return take("^") ? .binary(.power, base, try signed()) : base
  }

  private mutating func atom() throws(ProblemReport) -> Expression {
    let start = token
    switch start.kind {
    case .number(let value):
      at += 1
      return .number(value)
    case .symbol("("):
      at += 1
      let inner = try arithmetic()
      guard take(")") else { throw unexpected(Bilingual(zh: "“)”", en: "')'")) }
      return inner
    case .name(let name):
      at += 1
      guard take("(") else { return .column(name) }
      return try call(name, at: start.start)
    default: throw unexpected(Bilingual(zh: "列名、数或函数", en: "a column, a number or a function"))
    }
  }

  private mutating func call(_ name: String, at position: Int) throws(ProblemReport) -> Expression {
    guard let function = Expression.Function(rawValue: name) else {
      let known = Expression.Function.allCases.map(\.rawValue) + ["C", "offset"]
      let near = nearest(name, among: known)
      throw fail(
        "formula.function", Bilingual(zh: "没有函数“\(name)”", en: "there is no function '\(name)'"),
        hint: Bilingual(
          zh: near.map { "是否指 \($0)？" } ?? "可用：\(known.joined(separator: " "))",
          en: near.map { "did you mean \($0)?" } ?? "there are: \(known.joined(separator: " "))"),
        at: position)
    }
    var arguments = [try arithmetic()]
    while take(",") { arguments.append(try arithmetic()) }
    guard take(")") else { throw unexpected(Bilingual(zh: "“)”", en: "')'")) }
    let takesSteps = function == .lag || function == .diff
    guard arguments.count == 1 || (takesSteps && arguments.count == 2) else {
      throw fail(
        "formula.arguments", Bilingual(zh: "\(name) 只有一个参数", en: "\(name) takes one argument"),
        hint: takesSteps
          ? Bilingual(zh: "写成 \(name)(x) 或 \(name)(x, 2)", en: "write \(name)(x) or \(name)(x, 2)") : nil,
        at: position)
    }
    if arguments.count == 2 {
      guard case .number(let steps) = arguments[1], steps == steps.rounded(), (1...10_000).contains(steps)
      else {
        throw fail(
          "formula.arguments",
          Bilingual(zh: "\(name) 的期数应为正整数", en: "\(name) goes back a whole, positive number of periods"),
          at: position)
      }
    }
    return .call(function, arguments)
  }
}
