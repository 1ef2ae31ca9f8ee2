import Datasets
import Dimensions
import Facts
import Foundation
import Messages
import SmallArea

/// A fact beside what the model makes of it.
struct EvidenceRow: Encodable {
  let fact: PublishedFact
  let population: String
  let role: String?
  let places: [String]
  let p10: Double
  let p50: Double
  let p90: Double
  let residual: Double
  let influence: Double?
  let hidden: HeldOut.Hidden?

  private enum Key: String, CodingKey {
    case id, indicator, population, relation, places, role, year, published, p10, p50, p90, residual, influence, evidence, source, hidden
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: Key.self)
    try json.encode(fact.id, forKey: .id)
    try json.encode(fact.indicator, forKey: .indicator)
    try json.encode(population, forKey: .population)
    try json.encode(fact.statement.relation.rawValue, forKey: .relation)
    try json.encode(places, forKey: .places)
    try json.encode(role, forKey: .role)
    try json.encode(fact.year, forKey: .year)
    try json.encode(fact.value, forKey: .published)
    try json.encode(p10, forKey: .p10)
    try json.encode(p50, forKey: .p50)
    try json.encode(p90, forKey: .p90)
    try json.encode(residual, forKey: .residual)
    try json.encode(influence, forKey: .influence)
    try json.encode(fact.grade.rawValue, forKey: .evidence)
    try json.encode(fact.source, forKey: .source)
    if let hidden { try json.encode(hidden.rawValue, forKey: .hidden) }
  }
}

extension EvidenceRow {
  /// - Parameters: `log` the model's, `sd` of it.
  init(
    _ base: FactBase, _ fact: PublishedFact, log: Double, sd: Double, residual: Double, influence: Double?,
    hidden: HeldOut.Hidden? = nil
  ) {
    let population = fact.population.map { base.spec.populations[$0] }
    let reach = 1.2815515655446004 * sd
    let log = log + fact.logShare
    let cells = Set(fact.statement.parts.flatMap(\.places)).sorted().map { base.places[$0].text }
    self.init(
      fact: fact, population: population?.id ?? base.spec.stock, role: population.flatMap { $0.isRole ? $0.id : nil },
      places: fact.logShare == 0 ? cells : [fact.place.text], p10: exp(log - reach), p50: exp(log),
      p90: exp(log + reach), residual: residual, influence: influence, hidden: hidden)
  }
}

/// `evidence list`.
struct EvidenceFacts: Encodable {
  private enum Key: CodingKey { case schema, facts }

  let rows: [EvidenceRow]
  private let base: FactBase
  private let names: [RegionCode: Bilingual]
  private let hiddenPanels: Int

  init(_ base: FactBase, _ catalogue: Catalogue, panels: Bool) {
    let posterior = base.posterior
    let sds = posterior.statementSDs()
    rows = base.facts.indices.filter { panels || !base.facts[$0].isPanel }.map { j in
      EvidenceRow(
        base, base.facts[j], log: posterior.logModels[j], sd: sds[j], residual: posterior.residuals[j],
        // d log(fitted) for one standard deviation of the fact: C_jj / σ_j.
        influence: sds[j] * sds[j] / base.facts[j].statement.sd)
    }
    self.base = base
    names = placeNames(catalogue)
    hiddenPanels = base.facts.count - rows.count
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: Key.self)
    try json.encode("talentcast/evidence@1", forKey: .schema)
    try json.encode(rows, forKey: .facts)
  }

  func text(in language: Language) -> String {
    var table = TextTable([
      (Bilingual(zh: "总体", en: "population")[language], .left), (Bilingual(zh: "地区", en: "place")[language], .left),
      (Bilingual(zh: "年", en: "year")[language], .right), (Bilingual(zh: "关系", en: "relation")[language], .left),
      (Bilingual(zh: "公布数", en: "published")[language], .right), (Bilingual(zh: "模型值", en: "fitted")[language], .right),
      (Bilingual(zh: "80 % 区间", en: "80 % interval")[language], .right),
      (Bilingual(zh: "残差 σ", en: "residual σ")[language], .right), (Bilingual(zh: "影响", en: "influence")[language], .right),
      (Bilingual(zh: "等级", en: "grade")[language], .left),
    ])
    for row in rows {
      table.append([
        base.name(of: row.fact)[language], names[row.fact.place]?[language] ?? row.fact.place.text,
        String(row.fact.year), relationName(row.fact.statement.relation)[language], whole(row.fact.value), whole(row.p50),
        "\(whole(row.p10))–\(whole(row.p90))", String(format: "%.1f", row.residual),
        row.influence.map { String(format: "%.1f%%", 100 * $0) } ?? "–", row.fact.grade.rawValue,
      ])
    }
    let foot = Bilingual(
      zh: "影响 = 事实移动一个标准差时模型值的变化。\(hiddenPanels > 0 ? "另有 \(hiddenPanels) 个同类总体的面板事实（--panels）。" : "")",
      en:
        "influence = how far the fitted value moves with one standard deviation of the fact.\(hiddenPanels > 0 ? " \(hiddenPanels) more facts are panels of kindred populations (--panels)." : "")"
    )
    return table.text + "\n" + foot[language]
  }
}

/// `evidence held-out`.
struct EvidenceHeldOutReport: Encodable {
  private enum Key: CodingKey { case schema, facts, summary, places, baselines, cut }

  private struct Summary: Encodable {
    let scores: HeldOut.Scores

    enum Key: String, CodingKey {
      case n, coverage80, coverage95, crps
      case error = "median_abs_log_error"
      case interval = "interval_score80"
    }

    func encode(to encoder: any Encoder) throws {
      var json = encoder.container(keyedBy: Key.self)
      try json.encode(scores.count, forKey: .n)
      try json.encode(orNull(scores.medianError), forKey: .error)
      try json.encode(scores.coverage80, forKey: .coverage80)
      try json.encode(scores.coverage95, forKey: .coverage95)
      try json.encode(scores.crps, forKey: .crps)
      try json.encode(scores.intervalScore, forKey: .interval)
    }
  }

  private let base: FactBase
  private let heldOut: HeldOut
  private let rows: [EvidenceRow]
  private let names: [RegionCode: Bilingual]

  init(_ base: FactBase, _ catalogue: Catalogue, _ heldOut: HeldOut) {
    (self.base, self.heldOut, names) = (base, heldOut, placeNames(catalogue))
    rows = heldOut.rows.map {
      EvidenceRow(
        base, base.facts[$0.fact], log: $0.log, sd: $0.sd, residual: $0.error / $0.sd, influence: nil, hidden: $0.hidden)
    }
  }

  func encode(to encoder: any Encoder) throws {
    var json = encoder.container(keyedBy: Key.self)
    try json.encode("talentcast/evidence@1", forKey: .schema)
    try json.encode(rows, forKey: .facts)
    try json.encode(heldOut.cut, forKey: .cut)
    try json.encode(heldOut.places.count, forKey: .places)
    try json.encode(
      Dictionary(uniqueKeysWithValues: HeldOut.Hidden.allCases.map { ($0.rawValue, Summary(scores: heldOut.scores($0))) }),
      forKey: .summary)
    var baselines = ["allocation": Summary(scores: heldOut.allocation)]
    for (hidden, scores) in heldOut.lastShare { baselines["last_share_\(hidden.rawValue)"] = Summary(scores: scores) }
    try json.encode(baselines, forKey: .baselines)
  }

  func text(in language: Language) -> String {
    var summary = TextTable([
      (Bilingual(zh: "隐去", en: "hidden")[language], .left), (Bilingual(zh: "个数", en: "n")[language], .right),
      (Bilingual(zh: "误差中位", en: "median error")[language], .right),
      (Bilingual(zh: "80 % 覆盖", en: "80 % covers")[language], .right),
      (Bilingual(zh: "95 % 覆盖", en: "95 % covers")[language], .right), ("CRPS", .right),
      (Bilingual(zh: "区间得分", en: "interval score")[language], .right),
    ])
    func add(_ name: Bilingual, _ scores: HeldOut.Scores?) {
      guard let scores, scores.count > 0 else { return }
      summary.append([
        name[language], String(scores.count), String(format: "%.1f%%", 100 * scores.medianError),
        String(format: "%.0f%%", 100 * scores.coverage80), String(format: "%.0f%%", 100 * scores.coverage95),
        String(format: "%.3f", scores.crps), String(format: "%.2f", scores.intervalScore),
      ])
    }
    add(Bilingual(zh: "一个事实", en: "one fact"), heldOut.scores(.fact))
    add(Bilingual(zh: "　最近公布份额", en: "  last share"), heldOut.lastShare[.fact])
    add(Bilingual(zh: "　驱动分摊", en: "  allocation"), heldOut.allocation)
    add(Bilingual(zh: "一地全部事实", en: "a whole place"), heldOut.scores(.place))
    add(Bilingual(zh: "\(heldOut.cut) 年之后", en: "after \(heldOut.cut)"), heldOut.scores(.later))
    add(Bilingual(zh: "　最近公布份额", en: "  last share"), heldOut.lastShare[.later])
    let places = heldOut.places.map { names[$0]?[language] ?? $0.text }.joined(separator: language == .zh ? "、" : ", ")
    let head = Bilingual(
      zh: "独立的地区只有 \(heldOut.places.count) 个：\(places)。误差与得分按对数计。",
      en: "Independent places: \(heldOut.places.count) only (\(places)). Errors and scores are of logs.")
    var table = TextTable([
      (Bilingual(zh: "总体", en: "population")[language], .left), (Bilingual(zh: "地区", en: "place")[language], .left),
      (Bilingual(zh: "年", en: "year")[language], .right), (Bilingual(zh: "公布数", en: "published")[language], .right),
      (Bilingual(zh: "隐去时预测", en: "predicted when hidden")[language], .right),
      (Bilingual(zh: "80 % 区间", en: "80 % interval")[language], .right),
    ])
    for row in rows where row.hidden == .fact {
      table.append([
        base.name(of: row.fact)[language], names[row.fact.place]?[language] ?? row.fact.place.text,
        String(row.fact.year), whole(row.fact.value), whole(row.p50), "\(whole(row.p10))–\(whole(row.p90))",
      ])
    }
    return [head[language], "", summary.text, "", table.text].joined(separator: "\n")
  }
}

func placeNames(_ catalogue: Catalogue) -> [RegionCode: Bilingual] {
  Dictionary(catalogue.regions.map { ($0.code, $0.shortName) }, uniquingKeysWith: { first, _ in first })
}

func relationName(_ relation: EvidenceFact.Relation) -> Bilingual {
  switch relation {
  case .equal: Bilingual(zh: "等于", en: "equal")
  case .about: Bilingual(zh: "约", en: "about")
  case .atLeast: Bilingual(zh: "不少于", en: "at least")
  case .atMost: Bilingual(zh: "不多于", en: "at most")
  }
}

/// A count without decimals, thousands apart.
func whole(_ value: Double) -> String {
  let plain = String(format: "%.0f", value)
  var text = ""
  for (i, digit) in plain.reversed().enumerated() {
    if i > 0, i % 3 == 0, digit != "-" { text.append(" ") }
    text.append(digit)
  }
  return String(text.reversed())
}
