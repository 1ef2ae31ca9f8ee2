import Messages
import SmallArea
import Tables

/// Small-area estimates as they are printed: `talentcast/estimate@1`, or a table to read.
struct EstimateReport: Encodable {
  let fit: AreaFit
  let remarks: [Problem]
  private let request: EstimateRequest
  private let inputs: EstimateInputs
  /// Estimates after benchmarking; nil without.
  private let adjusted: [Double]?

  /// - Throws: `ProblemReport`: files, formula, cells, or why the model cannot be fitted.
  init(_ request: EstimateRequest) throws(ProblemReport) {
    let inputs = try EstimateInputs(request)
    let frame = inputs.frame
    do {
      let data = try AreaData(direct: frame.response, design: frame.design, variances: inputs.variances)
      if let effects = inputs.effects {
        fit = try correlatedAreas(data, effects: effects, method: request.method)
      } else {
        fit = try fayHerriot(data, method: request.method)
      }
      adjusted = try Self.benchmarked(fit, inputs, request.benchmarkMethod)
    } catch {
      throw error.report(in: request.data)
    }
    (self.request, self.inputs) = (request, inputs)
    remarks = frame.remarks + Self.edges(fit)
  }

  private static func benchmarked(
    _ fit: AreaFit, _ inputs: EstimateInputs, _ method: BenchmarkMethod
  ) throws(SmallAreaError) -> [Double]? {
    guard !inputs.totals.isEmpty else { return nil }
    var estimates = fit.estimate
    for (time, total) in inputs.totals {
      let rows = estimates.indices.filter { inputs.times?[$0] ?? "" == time }
      let moved = try SmallArea.benchmarked(
        rows.map { estimates[$0] }, mse: rows.map { fit.mse[$0] }, weights: rows.map { inputs.weights[$0] }, total: total,
        method: method)
      for (i, row) in rows.enumerated() { estimates[row] = moved[i] }
    }
    return estimates
  }

  /// A variance of zero is an answer that must not pass unnoticed.
  private static func edges(_ fit: AreaFit) -> [Problem] {
    guard fit.component("area") == 0 else { return [] }
    return [
      Problem(
        "estimate.zero-variance", .warning,
        message: Bilingual(
          zh: "地区间方差估计为 0：估计值就是回归值，其误差被低估",
          en: "the variance between areas is estimated as 0: estimates equal the regression, and their errors are too small"))
    ]
  }

  private var modelName: String {
    switch (request.model, request.spatial) {
    case (.fayHerriot, nil): "fay-herriot"
    case (.fayHerriot, _): "spatial-fay-herriot"
    case (.raoYu, nil): "rao-yu"
    case (.raoYu, _): "spatio-temporal"
    }
  }

  // MARK: JSON

  private enum Key: String, CodingKey {
    case schema, method, model, coefficients, areas, benchmark
    case components = "variance_components"
    case componentErrors = "variance_component_errors"
    case logLikelihood = "log_likelihood"
  }

  private struct Coefficient: Encodable {
    let name: String
    let estimate: Double
    let standardError: Double

    enum CodingKeys: String, CodingKey {
      case name, estimate
      case standardError = "std_error"
    }
  }

  private struct Area: Encodable {
    let area: String
    let time: String?
    let direct: Double
    let synthetic: Double
    let estimate: Double
    /// Before benchmarking.
    let eblup: Double?
    let mse: Double
    let gamma: Double

    enum Key: CodingKey { case area, time, direct, synthetic, estimate, eblup, mse, gamma }

    func encode(to encoder: any Encoder) throws {
      var json = encoder.container(keyedBy: Key.self)
      try json.encode(area, forKey: .area)
      try json.encode(time, forKey: .time)
      try json.encode(direct, forKey: .direct)
      try json.encode(synthetic, forKey: .synthetic)
      try json.encode(estimate, forKey: .estimate)
      try json.encodeIfPresent(eblup, forKey: .eblup)
      try json.encode(mse, forKey: .mse)
      try json.encode(gamma, forKey: .gamma)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: Key.self)
    try json.encode("talentcast/estimate@1", forKey: .schema)
    try json.encode(request.method.rawValue, forKey: .method)
    try json.encode(modelName, forKey: .model)
    let names = inputs.frame.names
    try json.encode(
      names.indices.map {
        Coefficient(name: names[$0], estimate: fit.coefficients[$0], standardError: fit.standardErrors[$0])
      }, forKey: .coefficients)
    let components = fit.components.map { ($0.name, $0.estimate) }
    try json.encode(Dictionary(uniqueKeysWithValues: components), forKey: .components)
    try json.encode(
      Dictionary(uniqueKeysWithValues: fit.components.map { ($0.name, $0.standardError) }), forKey: .componentErrors)
    try json.encode(fit.logLikelihood, forKey: .logLikelihood)
    if adjusted != nil { try json.encode(request.benchmarkMethod.rawValue, forKey: .benchmark) }
    try json.encode(
      fit.estimate.indices.map { i in
        Area(
          area: inputs.areas[i], time: inputs.times?[i], direct: inputs.frame.response[i], synthetic: fit.synthetic[i],
          estimate: adjusted?[i] ?? fit.estimate[i], eblup: adjusted == nil ? nil : fit.estimate[i], mse: fit.mse[i],
          gamma: fit.gamma[i])
      }, forKey: .areas)
  }

  // MARK: Text

  func text(in language: Language) -> String {
    let title = Bilingual(
      zh: "\(request.formula)    [\(Self.names[modelName]?.zh ?? modelName)，\(request.method.rawValue.uppercased())]",
      en: "\(request.formula)    [\(Self.names[modelName]?.en ?? modelName), \(request.method.rawValue.uppercased())]")
    var terms = TextTable([
      (Bilingual(zh: "项", en: "term")[language], .left), (Bilingual(zh: "估计值", en: "estimate")[language], .right),
      (Bilingual(zh: "标准误", en: "std. error")[language], .right),
    ])
    for (j, name) in inputs.frame.names.enumerated() {
      terms.append([name, digits(fit.coefficients[j]), digits(fit.standardErrors[j])])
    }
    var lines = [title[language], "", terms.text, ""]
    lines += components.map { $0[language] }
    lines.append("ln L \(digits(fit.logLikelihood))")
    lines.append(
      Bilingual(
        zh: "标准误 = √MSE；保留 = 直接估计偏离回归值的部分中保留的比例",
        en: "std. error = √MSE; kept = the share of a direct figure's distance from the regression that is kept")[language])
    return (lines + ["", table(in: language)] + totals.map { $0[language] }).joined(separator: "\n")
  }

  private static let names: [String: Bilingual] = [
    "fay-herriot": Bilingual(zh: "Fay–Herriot", en: "Fay–Herriot"),
    "spatial-fay-herriot": Bilingual(zh: "空间 Fay–Herriot", en: "spatial Fay–Herriot"),
    "rao-yu": Bilingual(zh: "Rao–Yu", en: "Rao–Yu"),
    "spatio-temporal": Bilingual(zh: "时空模型", en: "spatio-temporal"),
  ]

  private var components: [Bilingual] {
    fit.components.map { component in
      let isTemporal = component.name == "rho_time" || component.name == "rho" && request.spatial == nil
      let name: Bilingual =
        switch component.name {
        case "area": Bilingual(zh: "地区间方差", en: "variance between areas")
        case "time": Bilingual(zh: "逐期方差", en: "variance over time")
        default:
          isTemporal
            ? Bilingual(zh: "时间自相关 ρ", en: "correlation in time ρ") : Bilingual(zh: "空间相关 ρ", en: "spatial correlation ρ")
        }
      let error = component.standardError.map { "（±\(digits($0))）" } ?? ""
      let errorEn = component.standardError.map { " (±\(digits($0)))" } ?? ""
      return Bilingual(
        zh: "\(name.zh) \(digits(component.estimate))\(error)", en: "\(name.en) \(digits(component.estimate))\(errorEn)")
    }
  }

  private func table(in language: Language) -> String {
    var columns: [(heading: String, alignment: TextTable.Alignment)] = [(Bilingual(zh: "地区", en: "area")[language], .left)]
    if inputs.times != nil { columns.append((Bilingual(zh: "时期", en: "time")[language], .left)) }
    columns += [
      (Bilingual(zh: "直接估计", en: "direct")[language], .right), (Bilingual(zh: "回归值", en: "synthetic")[language], .right),
      (Bilingual(zh: "估计值", en: "estimate")[language], .right),
    ]
    if adjusted != nil { columns.append((Bilingual(zh: "凑合计后", en: "benchmarked")[language], .right)) }
    columns += [
      (Bilingual(zh: "标准误", en: "std. error")[language], .right), (Bilingual(zh: "保留", en: "kept")[language], .right),
    ]
    var table = TextTable(columns)
    for i in fit.estimate.indices {
      var row = [inputs.areas[i]]
      if let times = inputs.times { row.append(times[i]) }
      row += [inputs.frame.response[i], fit.synthetic[i], fit.estimate[i]].map(digits)
      if let adjusted { row.append(digits(adjusted[i])) }
      row += [fit.mse[i] < 0 ? "–" : digits(fit.mse[i].squareRoot()), ratio(fit.gamma[i])]
      table.append(row)
    }
    return table.text
  }

  /// What the estimates added up to before, and add up to now.
  private var totals: [Bilingual] {
    inputs.totals.map { time, total in
      let rows = fit.estimate.indices.filter { inputs.times?[$0] ?? "" == time }
      let before = rows.reduce(0) { $0 + inputs.weights[$1] * fit.estimate[$1] }
      let when = time.isEmpty ? "" : " \(time)"
      return Bilingual(
        zh: "合计\(when)：调整前 \(digits(before))，调整后 \(digits(total))（\(request.benchmarkMethod == .ratio ? "同比" : "误差大者多动")）",
        en:
          "total\(when): \(digits(before)) before, \(digits(total)) after (\(request.benchmarkMethod == .ratio ? "all alike" : "the uncertain more"))"
      )
    }
  }
}
