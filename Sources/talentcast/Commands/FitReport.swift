import DesignMatrices
import Foundation
import Messages
import Regression
import Tables

/// A fit as it is printed: `talentcast/fit@1`, or a table to read.
struct FitReport: Encodable {
  let fit: RegressionFit
  let request: FitRequest
  let remarks: [Problem]
  private let response: String
  private let diagnostics: [Bilingual]
  private let extras: FitExtras
  private let leftOut: [LeftOut]
  /// Of the sentences in the JSON.
  var language = Language.en

  /// A group that was not fitted.
  private struct LeftOut: Encodable {
    let column: String
    let group: String
    let reason: String
    let rows: Int
  }

  /// - Throws: `ProblemReport`: formula, columns, cells, or why the regression cannot be fitted.
  init(_ request: FitRequest, table: Table) throws(ProblemReport) {
    let frame = try modelFrame(request.frameRequest, table)
    let options = request.options(frame)
    var input = RegressionInput(
      response: frame.response, design: frame.design, names: frame.names, hasIntercept: frame.hasIntercept,
      weights: frame.weights, offset: frame.offset)
    input.indicators = frame.indicators
    var lines = frame.rows.map { table.lines[$0] }
    do {
      fit = try regress(input, options)
      // What follows is about the rows that were fitted.
      var used = options
      if let rows = fit.usedRows {
        (input, used, lines) = (input.rows(rows), options.rows(rows), rows.map { lines[$0] })
      }
      used.dropSingletons = false
      diagnostics = request.diagnostics ? [] : Self.diagnosed(fit, input, used)
      extras = try FitExtras(request, fit, input, used, frame, lines: lines)
    } catch {
      throw error.report(table, rows: frame.rows, with: frame.remarks.filter { $0.severity == .warning })
    }
    self.request = request
    response = frame.formula.responseName
    leftOut = fit.leftOut.map { group in
      LeftOut(
        column: group.grouping, group: frame.level(group.code, of: group.grouping), reason: group.reason.rawValue,
        rows: group.rows.count)
    }
    remarks =
      frame.remarks + fit.leftOutRemarks(frame) + fit.notes.map { Problem("fit.note", .note, message: $0) }
      + fit.exactness + request.panelRemarks(options.panel, table, frame.rows)
  }

  // MARK: JSON

  private enum Key: String, CodingKey {
    case schema, n, coefficients, deviance, aic, bic, vcov, dropped, iterations, tests, bootstrap, diagnostics, notes
    case leftOut = "left_out"
    case margins = "marginal_effects"
    case residualDF = "df_residual"
    case rSquared = "r_squared"
    case adjustedRSquared = "adj_r_squared"
    case withinRSquared = "within_r_squared"
    case residualSD = "residual_sd"
    case logLikelihood = "log_likelihood"
    case conditionNumber = "condition_number"
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: Key.self)
    let measures = fit.measures
    try json.encode("talentcast/fit@1", forKey: .schema)
    try json.encode(fit.rows, forKey: .n)
    try json.encode(fit.residualDF, forKey: .residualDF)
    try json.encode(fit.coefficients.map(Estimate.init), forKey: .coefficients)
    try json.encode(orNull(measures.rSquared), forKey: .rSquared)
    try json.encode(orNull(measures.adjustedRSquared), forKey: .adjustedRSquared)
    try json.encode(orNull(measures.withinRSquared), forKey: .withinRSquared)
    try json.encode(orNull(measures.residualSD), forKey: .residualSD)
    try json.encode(orNull(measures.logLikelihood), forKey: .logLikelihood)
    try json.encode(orNull(measures.deviance), forKey: .deviance)
    try json.encode(orNull(measures.aic), forKey: .aic)
    try json.encode(orNull(measures.bic), forKey: .bic)
    try json.encode(["type": fit.covarianceName, "adjustment": fit.adjustment], forKey: .vcov)
    try json.encode(fit.dropped, forKey: .dropped)
    try json.encode(orNull(fit.conditionNumber), forKey: .conditionNumber)
    try json.encode(fit.iterations, forKey: .iterations)
    try json.encode(leftOut, forKey: .leftOut)
    try json.encode(remarks.map { $0.message[language] }, forKey: .notes)
    if let hausman = extras.hausmanTest(in: language) { try json.encode([hausman], forKey: .tests) }
    if !extras.bootstrap.isEmpty { try json.encode(extras.bootstrap, forKey: .bootstrap) }
    if !extras.margins.isEmpty { try json.encode(extras.margins.map(Estimate.init), forKey: .margins) }
    if let diagnostics = extras.diagnostics { try json.encode(diagnostics, forKey: .diagnostics) }
  }

  private struct Estimate: Encodable {
    let coefficient: Coefficient

    init(_ coefficient: Coefficient) { self.coefficient = coefficient }

    enum Key: String, CodingKey {
      case name, estimate, statistic
      case standardError = "std_error"
      case pValue = "p_value"
      case low = "ci_low"
      case high = "ci_high"
    }

    func encode(to encoder: any Encoder) throws {
      var json = encoder.container(keyedBy: Key.self)
      try json.encode(coefficient.name, forKey: .name)
      try json.encode(orNull(coefficient.estimate), forKey: .estimate)
      try json.encode(orNull(coefficient.standardError), forKey: .standardError)
      try json.encode(orNull(coefficient.statistic), forKey: .statistic)
      try json.encode(orNull(coefficient.pValue), forKey: .pValue)
      try json.encode(orNull(coefficient.low), forKey: .low)
      try json.encode(orNull(coefficient.high), forKey: .high)
    }
  }

  // MARK: Text

  func text(in language: Language) -> String {
    let percent = shortText((request.level * 100 * 1e6).rounded() / 1e6)
    let isNormal = fit.statisticDF == .infinity
    var table = TextTable([
      (Bilingual(zh: "项", en: "term")[language], .left),
      (Bilingual(zh: "估计值", en: "estimate")[language], .right),
      (Bilingual(zh: "标准误", en: "std. error")[language], .right), (isNormal ? "z" : "t", .right),
      (Bilingual(zh: "p 值", en: "p value")[language], .right), ("\(percent) %", .right), ("", .right),
    ])
    for c in fit.coefficients {
      table.append([
        c.name, digits(c.estimate), digits(c.standardError), ratio(c.statistic),
        share(c.pValue), digits(c.low), digits(c.high),
      ])
    }
    var lines = [title[language], "", table.text, ""]
    lines += summary.map { $0[language] } + extras.lines(in: language)
    return lines.joined(separator: "\n")
  }

  private var title: Bilingual {
    let link = request.link ?? request.family.canonicalLink
    var (zh, en) = ("\(request.formula)", "\(request.formula)")
    let model =
      request.family == .gaussian && link == .identity
      ? "OLS" : "\(request.family.rawValue), \(link.rawValue)"
    var parts = [model == "OLS" ? request.weights.map { "WLS (\($0))" } ?? model : model]
    if request.ridge > 0 { parts.append("ridge \(shortText(request.ridge))") }
    if let effects = request.effects { parts.append(effects.rawValue) }
    if !request.absorb.isEmpty { parts.append("absorb " + request.absorb.joined(separator: ", ")) }
    zh += "    [\(parts.joined(separator: "；"))]"
    en += "    [\(parts.joined(separator: "; "))]"
    return Bilingual(zh: zh, en: en)
  }

  private var summary: [Bilingual] {
    let measures = fit.measures
    var lines = [
      Bilingual(
        zh:
          "样本 \(fit.rows) 行，剩余自由度 \(digits(fit.residualDF))\(fit.absorbedDF > 0 ? "，吸收效应 \(fit.absorbedDF) 个" : "")",
        en:
          "\(fit.rows) rows, \(digits(fit.residualDF)) residual degrees of freedom\(fit.absorbedDF > 0 ? ", \(fit.absorbedDF) absorbed effects" : "")"
      )
    ]
    var shares: [String] = []
    if let value = measures.rSquared { shares.append("R² \(digits(value))") }
    if let value = measures.adjustedRSquared { shares.append("adj. R² \(digits(value))") }
    if let value = measures.withinRSquared { shares.append("within R² \(digits(value))") }
    if let value = measures.residualSD { shares.append("s \(digits(value))") }
    if !shares.isEmpty { lines.append(same(shares.joined(separator: ", "))) }
    var scores: [String] = []
    if let value = measures.logLikelihood { scores.append("ln L \(digits(value))") }
    if let value = measures.aic { scores.append("AIC \(digits(value))") }
    if let value = measures.bic { scores.append("BIC \(digits(value))") }
    if !scores.isEmpty { lines.append(same(scores.joined(separator: ", "))) }
    if !measures.extras.isEmpty {
      lines.append(same(measures.extras.map { "\($0.name) \(digits($0.value))" }.joined(separator: ", ")))
    }
    lines.append(
      Bilingual(
        zh: "标准误：\(fit.covarianceName)（\(fit.adjustment)）",
        en: "standard errors: \(fit.covarianceName) (\(fit.adjustment))"))
    lines.append(
      Bilingual(
        zh: "条件数 \(digits(fit.conditionNumber))", en: "condition number \(digits(fit.conditionNumber))"))
    if !fit.dropped.isEmpty {
      lines.append(
        Bilingual(
          zh: "去掉的重复列：\(fit.dropped.joined(separator: "、"))",
          en: "dropped, they repeat other columns: \(fit.dropped.joined(separator: ", "))"))
    }
    return lines + diagnostics
  }

  /// What is cheap to check on an ordinary least-squares fit.
  private static func diagnosed(
    _ fit: RegressionFit, _ input: RegressionInput, _ options: RegressionOptions
  ) -> [Bilingual] {
    let isPlain =
      options.family == .gaussian && (options.link ?? .identity) == .identity && options.effects == nil
      && options.absorb.isEmpty && options.ridge == 0 && input.weights == nil
    guard isPlain, fit.rows <= 20_000, !fit.isExact, (fit.measures.residualSD ?? 0) > 0, fit.names.first == "(Intercept)"
    else { return [] }
    var parts = ["Durbin–Watson \(digits(durbinWatson(fit.residuals)))"]
    func add(_ name: String, _ test: TestResult?) {
      if let test, test.df > 0, test.pValue.isFinite { parts.append("\(name) p \(String(format: "%.3g", test.pValue))") }
    }
    add("Jarque–Bera", jarqueBera(fit.residuals))
    if fit.coefficients.count > 1 {
      add("Breusch–Pagan", StatedTest("breusch_pagan") { () throws(RegressionError) in try breuschPagan(fit) }.result)
      if fit.rows > fit.coefficients.count + 3 {
        add("RESET", StatedTest("reset") { () throws(RegressionError) in try reset(input) }.result)
      }
    }
    let inflations = zip(fit.names, fit.varianceInflation).compactMap { name, value in
      orNull(value).map { (name, $0) }
    }
    if inflations.count > 1, let worst = inflations.max(by: { $0.1 < $1.1 }) {
      parts.append("max VIF \(digits(worst.1)) (\(worst.0))")
    }
    return [same(parts.joined(separator: ", "))]
  }
}

private func same(_ text: String) -> Bilingual { Bilingual(zh: text, en: text) }

/// t or z: three decimals until they stop being readable.
func ratio(_ number: Double) -> String {
  number.isFinite ? String(format: abs(number) < 1e6 ? "%.3f" : "%.3g", number) : "–"
}

/// JSON has no infinity and no NaN.
func orNull(_ number: Double?) -> Double? { number.flatMap { $0.isFinite ? $0 : nil } }
