import Dimensions
import Forecasting
import Foundation
import Messages

/// The methods of demand side by side for one place: what each says, how wrong it has been, its weight.
func demandMethodTable(_ inputs: RunInputs, _ fit: DemandFit, leaf: Int, year: Int, _ language: Language) -> String {
  let zh = language == .zh
  let forecast = inputs.assembly.inputs
  let h = year - forecast.years.base
  var table = TextTable([
    (zh ? "方法" : "method", .left), (zh ? "跟随的序列" : "series it follows", .left),
    (zh ? "\(forecast.years.base)—\(year) 增长" : "growth \(forecast.years.base)–\(year)", .right), (zh ? "权重" : "weight", .right),
    (zh ? "回测误差" : "back-test error", .right), (zh ? "不变预测" : "no change", .right),
    (zh ? "固定份额" : "constant share", .right), (zh ? "例数" : "cases", .right), (zh ? "名次" : "rank", .right),
  ])
  func decimals(_ value: Double) -> String { value.isFinite ? String(format: "%.3f", value) : "—" }
  let terms = forecast.demandTerms.indices.contains(leaf) ? forecast.demandTerms[leaf] : []
  for method in fit.methods {
    let name = inputs.catalogue.indicators.first { $0.id == method.method.indicator }?.name[language] ?? method.method.indicator
    table.append([
      method.method.kind.name[language] + (method.method.isPolicyDriven ? (zh ? "（政策性，不采用）" : " (policy-driven, not used)") : ""),
      name, h > 0 ? growth(of: method.method, in: terms, h).map(percent) ?? "—" : "—", decimals(method.weight),
      decimals(method.error), decimals(method.naive), decimals(method.constantShare), String(method.cases), String(method.rank),
    ])
  }
  let all = fit.combined
  table.append([
    zh ? "合成（权重只用当时已知误差）" : "combination (weights from earlier errors only)", "", "", "", decimals(all.error),
    decimals(all.naive), decimals(all.constantShare), String(all.cases), "",
  ])
  let verdict =
    fit.beatsBenchmarks
    ? zh ? "合成预测优于不变预测和固定份额。" : "The combination beats no change and constant shares."
    : zh ? "合成预测未优于全部基准，见上表。" : "The combination does not beat every benchmark, see above."
  let title = zh ? "需求方法对照（误差为对数误差均方根）" : "methods of demand (errors: root mean square of log errors)"
  return title + "\n" + table.text + "\n" + verdict
}

/// What a method alone says of a place's growth; nil where it has no say there.
func growth(of method: DemandMethod, in terms: [DemandTerm], _ h: Int) -> Double? {
  let own = terms.filter { $0.kind == method.kind && ($0.indicator == method.indicator || $0.per == method.indicator) }
  guard !own.isEmpty else { return nil }
  return exp(own.reduce(0) { $0 + $1.slope * $1.growth[h - 1] }) - 1
}

/// One part of a change of requirement, in words.
struct NamedDemandPart {
  let name: Bilingual
  let persons: Double
}

/// What the change of a requirement is made of, largest part first, with its sum.
func demandPartsTable(_ parts: [NamedDemandPart], from: Int, to: Int, _ language: Language) -> String {
  let zh = language == .zh
  let sum = parts.reduce(0) { $0 + $1.persons }
  let largest = parts.map { abs($0.persons) }.max() ?? 0
  var table = TextTable([(zh ? "构成" : "part", .left), (zh ? "人" : "persons", .right), ("", .left)])
  for part in parts.sorted(by: { abs($0.persons) > abs($1.persons) }) {
    let length = largest > 0 ? Int((abs(part.persons) / largest * 16).rounded()) : 0
    table.append([part.name[language], signedFigure(part.persons), String(repeating: part.persons < 0 ? "▒" : "█", count: length)])
  }
  table.append([zh ? "合计" : "sum", signedFigure(sum), ""])
  let title = zh ? "\(from)—\(to) 年需求变化的构成（均值，各项之和等于变化）" : "what the change of demand \(from)–\(to) is made of (means; the parts add up)"
  return title + "\n" + table.text
}

private func percent(_ value: Double) -> String {
  "\(value > 0 ? "+" : value < 0 ? "−" : "")\(String(format: "%.1f", abs(value * 100)))%"
}

struct DemandMethodJSON: Encodable {
  private let kind: DemandTerm.Kind
  private let indicator: String
  private let policy_driven: Bool
  private let weight: Double
  private let elasticity: Double?
  private let elasticity_se: Double?
  private let cases: Int
  private let rmse_log: Double?
  private let naive_rmse_log: Double?
  private let constant_share_rmse_log: Double?
  private let rank: Int

  init(_ fit: DemandMethodFit) {
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    kind = fit.method.kind
    indicator = fit.method.indicator
    policy_driven = fit.method.isPolicyDriven
    weight = fit.weight
    elasticity = finite(fit.elasticity)
    elasticity_se = finite(fit.elasticityError)
    cases = fit.cases
    rmse_log = finite(fit.error)
    naive_rmse_log = finite(fit.naive)
    constant_share_rmse_log = finite(fit.constantShare)
    rank = fit.rank
  }
}
