import DesignMatrices
import Foundation
import Messages
import Regression
import Tables

/// `--vcov` before the data are known.
enum CovarianceRequest: Equatable {
  case iid
  case heteroskedastic(HeteroskedasticKind)
  case clustered([String])
  case neweyWest(Int)
  case driscollKraay(Int)

  /// - Throws: `ProblemReport` (usage) with the nearest name.
  init(_ text: String) throws(ProblemReport) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let (name, detail) = (parts[0].uppercased(), parts.count > 1 ? parts[1] : nil)
    let columns = (detail ?? "").split { "+＋".contains($0) }.map { $0.filter { !$0.isWhitespace } }
    if name == "IID", detail == nil {
      self = .iid
    } else if let kind = HeteroskedasticKind(rawValue: name), detail == nil {
      self = .heteroskedastic(kind)
    } else if name == "CLUSTER", (1...2).contains(columns.count), columns.allSatisfy({ !$0.isEmpty }) {
      self = .clustered(columns)
    } else if name == "NW" || name == "DK", let lags = detail.flatMap({ Int($0) }),
      (0...100_000).contains(lags)
    {
      self = name == "NW" ? .neweyWest(lags) : .driscollKraay(lags)
    } else {
      let known = ["iid", "HC0", "HC1", "HC2", "HC3", "cluster:g", "cluster:g1+g2", "NW:2", "DK:2"]
      let near = nearest(text, among: known)
      throw ProblemReport(
        .usage,
        [
          Problem(
            "fit.vcov", path: "--vcov",
            message: Bilingual(zh: "不认识的协方差“\(text)”", en: "'\(text)' is no covariance"),
            hint: Bilingual(
              zh: near.map { "是否指 \($0)？" } ?? "可用：\(known.joined(separator: "、"))",
              en: near.map { "did you mean \($0)?" } ?? "there are: \(known.joined(separator: ", "))"))
        ])
    }
  }

  var columns: [String] { if case .clustered(let columns) = self { columns } else { [] } }
}

/// Everything `fit` is asked.
struct FitRequest {
  var formula: String
  var family = Family.gaussian
  var link: Link?
  var effects: PanelEffects?
  var weights: String?
  var offset: String?
  var entity: String?
  var time: String?
  var absorb: [String] = []
  var ridge = 0.0
  var covariance = CovarianceRequest.iid
  var smallSample = SmallSample.standard
  var level = 0.95
  var hausman = false
  var margins = false
  var diagnostics = false
  var bootstrap: FitExtras.BootstrapRequest?

  init(formula: String) { self.formula = formula }
}

/// A fit as it is printed: `talentcast/fit@1`, or a table to read.
struct FitReport: Encodable {
  let fit: RegressionFit
  let request: FitRequest
  let remarks: [Problem]
  private let response: String
  private let diagnostics: [Bilingual]
  private let extras: FitExtras

  /// - Throws: `ProblemReport`: formula, columns, cells, or why the regression cannot be fitted.
  init(_ request: FitRequest, table: Table) throws(ProblemReport) {
    var wanted = FrameRequest(formula: request.formula)
    (wanted.weights, wanted.offset) = (request.weights, request.offset)
    (wanted.entity, wanted.time) = (request.entity, request.time)
    wanted.groups = request.absorb + request.covariance.columns
    if let cluster = request.bootstrap?.cluster, !wanted.groups.contains(cluster) { wanted.groups.append(cluster) }
    let frame = try modelFrame(wanted, table)
    var options = RegressionOptions()
    (options.family, options.link, options.effects) = (request.family, request.link, request.effects)
    (options.ridge, options.smallSample, options.level) = (request.ridge, request.smallSample, request.level)
    options.absorb = frame.groupings(request.absorb)
    options.covariance = request.covariance.resolved(frame)
    options.panel = frame.panel(entity: request.entity, time: request.time)
    let input = RegressionInput(
      response: frame.response, design: frame.design, names: frame.names, hasIntercept: frame.hasIntercept,
      weights: frame.weights, offset: frame.offset)
    do {
      fit = try regress(input, options)
      diagnostics = request.diagnostics ? [] : try Self.diagnosed(fit, input, options)
      extras = try FitExtras(request, fit, input, options, frame, table)
    } catch {
      throw error.report(table, rows: frame.rows)
    }
    self.request = request
    response = frame.formula.responseName
    remarks =
      frame.remarks + fit.notes.map { Problem("fit.note", .note, message: $0) } + Self.exactness(fit)
      + Self.panelRemarks(request, options.panel, table, frame.rows)
  }

  private static func exactness(_ fit: RegressionFit) -> [Problem] {
    guard fit.isExact else { return [] }
    return [
      Problem(
        "fit.exact", .warning,
        message: Bilingual(
          zh: "模型与数据完全吻合（残差只是舍入误差）：标准误与检验没有意义；检查因变量是否为常数或出现在右边",
          en:
            "the model meets the data exactly, the residuals are rounding: errors and tests mean nothing; is the response constant, or on the right too?"
        ))
    ]
  }

  /// Two rows of one entity at one time, where order matters.
  private static func panelRemarks(
    _ request: FitRequest, _ panel: PanelIndex?, _ table: Table, _ rows: [Int]
  ) -> [Problem] {
    let needsOrder =
      switch request.covariance {
      case .neweyWest: true
      default: request.effects == .firstDifference
      }
    guard needsOrder, let panel, let (first, second) = panel.firstDuplicate else { return [] }
    return [
      Problem(
        "fit.duplicate-time", .warning, file: table.file, line: table.lines[rows[second]],
        message: Bilingual(
          zh: "与第 \(table.lines[rows[first]]) 行是同一个体的同一时间，先后按文件中的次序",
          en: "the same entity and time as line \(table.lines[rows[first]]): they are taken in file order"))
    ]
  }

  // MARK: JSON

  private enum Key: String, CodingKey {
    case schema, n, coefficients, deviance, aic, bic, vcov, dropped, iterations, tests, bootstrap, diagnostics
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
    if let hausman = extras.hausman {
      try json.encode([StatedTest(name: "hausman", result: hausman)], forKey: .tests)
    }
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
  ) throws(RegressionError) -> [Bilingual] {
    let isPlain =
      options.family == .gaussian && (options.link ?? .identity) == .identity && options.effects == nil
      && options.absorb.isEmpty && options.ridge == 0 && input.weights == nil
    guard isPlain, fit.rows <= 20_000, !fit.isExact, (fit.measures.residualSD ?? 0) > 0, fit.names.first == "(Intercept)"
    else { return [] }
    var parts = ["Durbin–Watson \(digits(durbinWatson(fit.residuals)))"]
    parts.append("Jarque–Bera p \(String(format: "%.3g", jarqueBera(fit.residuals).pValue))")
    if fit.coefficients.count > 1 {
      parts.append("Breusch–Pagan p \(String(format: "%.3g", try breuschPagan(fit).pValue))")
      if fit.rows > fit.coefficients.count + 3 {
        let test = try reset(input)
        if test.df > 0, !test.pValue.isNaN { parts.append("RESET p \(String(format: "%.3g", test.pValue))") }
      }
    }
    let inflations = zip(fit.names, fit.varianceInflation).compactMap { name, value in
      value.map { (name, $0) }
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

extension ModelFrame {
  func grouping(_ name: String) -> Grouping? { groups[name].map { Grouping(name: name, codes: $0.codes) } }

  func groupings(_ names: [String]) -> [Grouping] { names.compactMap { grouping($0) } }

  /// Time alone means one entity.
  func panel(entity: String?, time: String?) -> PanelIndex? {
    let times = time.flatMap { grouping($0) }
    if let group = entity.flatMap({ grouping($0) }) { return PanelIndex(entity: group, time: times) }
    return times.map { times in
      PanelIndex(
        entity: Grouping(name: "all", codes: [Int32](repeating: 0, count: times.codes.count)), time: times)
    }
  }
}

extension CovarianceRequest {
  fileprivate func resolved(_ frame: ModelFrame) -> Covariance {
    switch self {
    case .iid: .iid
    case .heteroskedastic(let kind): .heteroskedastic(kind)
    case .clustered(let columns): .clustered(frame.groupings(columns))
    case .neweyWest(let lags): .neweyWest(lags: lags)
    case .driscollKraay(let lags): .driscollKraay(lags: lags)
    }
  }
}

extension RegressionError {
  /// The error with the file's lines instead of row numbers.
  fileprivate func report(_ table: Table, rows: [Int]) -> ProblemReport {
    var line: Int?
    var (status, hint) = (ExitStatus.badData, hint)
    switch self {
    case .responseOutOfRange(_, let row, _), .weightOutOfRange(let row, _): line = table.lines[rows[row]]
    case .separation(_, let separated):
      line = separated.first.map { table.lines[rows[$0]] }
      let lines = separated.prefix(8).map { String(table.lines[rows[$0]]) }.joined(separator: ", ")
      hint = hint.map { Bilingual(zh: "涉及的行：\(lines)。\($0.zh)", en: "lines \(lines); \($0.en)") }
    case .unsupported: status = .usage
    default: break
    }
    return ProblemReport(
      status, [Problem("fit.\(code)", file: table.file, line: line, message: message, hint: hint)])
  }

  private var code: String {
    switch self {
    case .tooFewRows: "too-few-rows"
    case .noCoefficients: "no-coefficients"
    case .lengthMismatch: "length"
    case .notFinite: "not-finite"
    case .extremeScale: "extreme-scale"
    case .responseOutOfRange: "response-range"
    case .weightOutOfRange: "weight-range"
    case .separation: "separation"
    case .noConvergence: "no-convergence"
    case .unsupported: "unsupported"
    case .linearAlgebra: "linear-algebra"
    }
  }
}
