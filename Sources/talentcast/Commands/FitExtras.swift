import DesignMatrices
import Foundation
import Messages
import Regression
import Tables

/// What `fit` adds when asked: tests, bootstrap, marginal effects, diagnostics.
struct FitExtras {
  /// One coefficient's wild bootstrap.
  struct Bootstrapped: Encodable {
    let name: String
    let statistic: Double
    let pValue: Double

    enum CodingKeys: String, CodingKey {
      case name, statistic
      case pValue = "p_value"
    }

    func encode(to encoder: any Encoder) throws {
      var json = encoder.container(keyedBy: CodingKeys.self)
      try json.encode(name, forKey: .name)
      try json.encode(orNull(statistic), forKey: .statistic)
      try json.encode(orNull(pValue), forKey: .pValue)
    }
  }

  /// `--bootstrap wild:g` or `wild:g:webb`.
  struct BootstrapRequest: Equatable {
    let cluster: String
    let weights: WildWeights

    init(_ text: String) throws(ProblemReport) {
      let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
      let isKnown = (2...3).contains(parts.count) && parts[0].lowercased() == "wild" && !parts[1].isEmpty
      let kinds: [String: WildWeights] = ["rademacher": .rademacher, "webb": .webb]
      guard isKnown, let kind = kinds[parts.count == 3 ? parts[2].lowercased() : "rademacher"] else {
        throw ProblemReport(
          .usage,
          [
            Problem(
              "fit.bootstrap", path: "--bootstrap",
              message: Bilingual(zh: "不认识的自助法“\(text)”", en: "'\(text)' is no bootstrap"),
              hint: Bilingual(
                zh: "写 wild:聚类列 或 wild:聚类列:webb", en: "write wild:COLUMN or wild:COLUMN:webb"))
          ])
      }
      (cluster, weights) = (parts[1], kind)
    }
  }

  private(set) var hausman: StatedTest?
  private(set) var bootstrap: [Bootstrapped] = []
  private(set) var draws = 0
  private(set) var margins: [Coefficient] = []
  private(set) var diagnostics: FitDiagnostics?
  private let request: FitRequest

  init(
    _ request: FitRequest, _ fit: RegressionFit, _ input: RegressionInput, _ options: RegressionOptions,
    _ frame: ModelFrame, lines: [Int]
  ) throws(RegressionError) {
    self.request = request
    if request.hausman { try compareEffects(input, options) }
    if let wanted = request.bootstrap, let all = frame.grouping(wanted.cluster) {
      let clusters = fit.usedRows.map(all.rows) ?? all
      for name in fit.names {
        let result = try wildClusterBootstrap(
          input, options, coefficient: name, clusters: clusters, weights: wanted.weights)
        bootstrap.append(Bootstrapped(name: name, statistic: result.statistic, pValue: result.pValue))
        draws = result.draws
      }
    }
    if request.margins { margins = try marginalEffects(fit, input, options) }
    if request.diagnostics {
      diagnostics = FitDiagnostics(fit, input, options, lines: lines)
    }
  }

  /// Fixed against random effects, both with iid errors whatever the fit's own.
  private mutating func compareEffects(_ input: RegressionInput, _ options: RegressionOptions) throws(RegressionError) {
    var plain = options
    (plain.covariance, plain.absorb, plain.ridge) = (.iid, [], 0)
    plain.effects = .fixed
    guard options.panel != nil, options.family == .gaussian, (options.link ?? .identity) == .identity else {
      // Not a matter of the data: the request itself is refused.
      _ = try regress(input, plain)
      return
    }
    hausman = StatedTest("hausman") { () throws(RegressionError) in
      let fixed = try regress(input, plain)
      plain.effects = .random
      return try Regression.hausman(fixed: fixed, random: regress(input, plain))
    }
  }

  /// The test for the JSON, with the reason where there is none.
  func hausmanTest(in language: Language) -> StatedTest? {
    hausman.map { test in
      var test = test
      test.language = language
      return test
    }
  }

  // MARK: Text

  func lines(in language: Language) -> [String] {
    var lines: [String] = []
    if let reason = hausman?.reason {
      lines.append(Bilingual(zh: "Hausman 检验不可用：\(reason.zh)", en: "no Hausman test: \(reason.en)")[language])
    }
    if let hausman = hausman?.result {
      lines.append(
        Bilingual(
          zh: "Hausman 检验：χ²(\(shortText(hausman.df))) = \(digits(hausman.statistic))，p = \(share(hausman.pValue))",
          en: "Hausman test: χ²(\(shortText(hausman.df))) = \(digits(hausman.statistic)), p = \(share(hausman.pValue))"
        )[language])
    }
    if let wanted = request.bootstrap, !bootstrap.isEmpty {
      lines.append(
        Bilingual(
          zh: "野性自助法（按 \(wanted.cluster) 聚类，\(draws) 次）的 p 值：",
          en: "wild cluster bootstrap by \(wanted.cluster), \(draws) draws, p values:")[language])
      var table = TextTable([("", .left), ("t", .right), ("p", .right)])
      for one in bootstrap { table.append([one.name, ratio(one.statistic), share(one.pValue)]) }
      lines.append(table.text)
    }
    if !margins.isEmpty {
      lines.append(
        Bilingual(zh: "平均边际效应（0/1 列为由 0 变 1）：", en: "average marginal effects (0/1 columns: from 0 to 1):")[language])
      var table = TextTable([("", .left), ("dy/dx", .right), ("s.e.", .right), ("z", .right), ("p", .right)])
      for one in margins {
        table.append([
          one.name, digits(one.estimate), digits(one.standardError), ratio(one.statistic),
          share(one.pValue),
        ])
      }
      lines.append(table.text)
    }
    return lines + (diagnostics?.lines(in: language) ?? [])
  }
}

func digits(_ number: Double) -> String { String(format: "%.6g", number) }

/// A p value.
func share(_ p: Double) -> String { p.isNaN ? "–" : p < 1e-4 ? "<0.0001" : String(format: "%.4f", p) }

/// A test as JSON: its numbers, or null and why it cannot be had.
struct StatedTest: Encodable {
  let name: String
  let result: TestResult?
  let reason: Bilingual?
  /// Of the reason.
  var language = Language.en

  init(_ name: String, _ work: () throws(RegressionError) -> TestResult) {
    self.name = name
    do {
      let found = try work()
      result = found
      reason =
        found.statistic.isFinite && found.pValue.isFinite
        ? nil : Bilingual(zh: "统计量超出双精度范围或无定义", en: "the statistic is undefined or leaves the range of a double")
    } catch {
      result = nil
      let hint = error.hint
      reason = Bilingual(
        zh: error.message.zh + (hint.map { "；\($0.zh)" } ?? ""), en: error.message.en + (hint.map { "; \($0.en)" } ?? ""))
    }
  }

  enum CodingKeys: String, CodingKey {
    case name, statistic, df, reason
    case denominator = "df_denominator"
    case pValue = "p_value"
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: CodingKeys.self)
    try json.encode(name, forKey: .name)
    try json.encode(orNull(result?.statistic), forKey: .statistic)
    try json.encode(orNull(result?.df), forKey: .df)
    if let denominator = result?.denominatorDF { try json.encode(orNull(denominator), forKey: .denominator) }
    try json.encode(orNull(result?.pValue), forKey: .pValue)
    if let reason { try json.encode(reason[language], forKey: .reason) }
  }
}
