import Foundation
import Messages
import Regression

/// `--diagnostics`: whether the fit's assumptions hold, and which rows decide it.
struct FitDiagnostics: Encodable {
  /// A row that decides much.
  struct Row: Encodable {
    /// Of the file.
    let line: Int
    let leverage: Double
    let cooksDistance: Double?
    let studentizedResidual: Double?

    enum CodingKeys: String, CodingKey {
      case line, leverage
      case cooksDistance = "cooks_distance"
      case studentizedResidual = "studentized_residual"
    }

    func encode(to encoder: any Encoder) throws {
      var json = encoder.container(keyedBy: CodingKeys.self)
      try json.encode(line, forKey: .line)
      try json.encode(leverage, forKey: .leverage)
      try json.encode(cooksDistance, forKey: .cooksDistance)
      try json.encode(studentizedResidual, forKey: .studentizedResidual)
    }
  }

  struct Inflation: Encodable {
    let name: String
    let value: Double
  }

  let conditionNumber: Double?
  let durbinWatson: Double?
  let tests: [StatedTest]
  let varianceInflation: [Inflation]
  /// The ten rows of largest leverage.
  let rows: [Row]

  enum CodingKeys: String, CodingKey {
    case tests
    case conditionNumber = "condition_number"
    case durbinWatson = "durbin_watson"
    case varianceInflation = "variance_inflation"
    case rows = "influential_rows"
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: CodingKeys.self)
    try json.encode(conditionNumber, forKey: .conditionNumber)
    try json.encode(durbinWatson, forKey: .durbinWatson)
    try json.encode(tests, forKey: .tests)
    try json.encode(varianceInflation, forKey: .varianceInflation)
    try json.encode(rows, forKey: .rows)
  }

  init(
    _ fit: RegressionFit, _ input: RegressionInput, _ options: RegressionOptions, lines: [Int]
  ) {
    let isLinear = options.family == .gaussian && (options.link ?? .identity) == .identity
    let isPlain = isLinear && options.effects == nil && options.absorb.isEmpty && options.ridge == 0
    conditionNumber = orNull(fit.conditionNumber)
    // Residuals that are rounding have no pattern to test.
    let hasErrors = isLinear && !fit.isExact
    durbinWatson = hasErrors ? orNull(Regression.durbinWatson(fit.residuals)) : nil
    var found: [StatedTest] = []
    if hasErrors { found.append(StatedTest("jarque_bera") { jarqueBera(fit.residuals) }) }
    if isPlain, hasErrors, input.weights == nil, fit.names.first == "(Intercept)", fit.names.count > 1 {
      found.append(StatedTest("breusch_pagan") { () throws(RegressionError) in try breuschPagan(fit) })
      if fit.rows > fit.names.count + 3 {
        found.append(StatedTest("reset") { () throws(RegressionError) in try reset(input) })
      }
    }
    tests = found
    varianceInflation = zip(fit.names, fit.varianceInflation).compactMap { name, value in
      orNull(value).map { Inflation(name: name, value: $0) }
    }
    let isRowByRow = fit.residuals.count == lines.count
    let leverages = isRowByRow ? fit.leverages ?? [] : []
    let (cooks, student) = isLinear ? (fit.cooksDistances, fit.studentizedResiduals) : (nil, nil)
    let order = leverages.indices.sorted { (leverages[$0], $1) > (leverages[$1], $0) }
    rows = order.prefix(10).map { i in
      Row(
        line: lines[i], leverage: leverages[i], cooksDistance: orNull(cooks?[i]),
        studentizedResidual: orNull(student?[i]))
    }
  }

  func lines(in language: Language) -> [String] {
    var parts: [String] = []
    if let durbinWatson { parts.append("Durbin–Watson \(digits(durbinWatson))") }
    let names = ["jarque_bera": "Jarque–Bera", "breusch_pagan": "Breusch–Pagan", "reset": "RESET"]
    for test in tests {
      guard let value = test.result else { continue }
      parts.append("\(names[test.name] ?? test.name) \(digits(value.statistic)) (p \(String(format: "%.3g", value.pValue)))")
    }
    var lines = parts.isEmpty ? [] : [parts.joined(separator: ", ")]
    if varianceInflation.count > 1 {
      let inflated = varianceInflation.map { "\($0.name) \(digits($0.value))" }.joined(separator: ", ")
      lines.append(Bilingual(zh: "方差膨胀因子：\(inflated)", en: "variance inflation: \(inflated)")[language])
    }
    guard !rows.isEmpty else { return lines }
    lines.append(Bilingual(zh: "杠杆值最大的行：", en: "rows of largest leverage:")[language])
    var table = TextTable([
      (Bilingual(zh: "文件行", en: "line")[language], .right), (Bilingual(zh: "杠杆值", en: "leverage")[language], .right),
      (Bilingual(zh: "Cook 距离", en: "Cook's distance")[language], .right),
      (Bilingual(zh: "学生化残差", en: "studentized residual")[language], .right),
    ])
    for row in rows {
      table.append([
        String(row.line), digits(row.leverage), row.cooksDistance.map(digits) ?? "–",
        row.studentizedResidual.map(digits) ?? "–",
      ])
    }
    return lines + [table.text]
  }
}
