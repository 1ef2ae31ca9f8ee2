import Datasets
import Dimensions
import Messages

/// Supply: a share of a cohort, the cohort's years, and who of it belongs to a team.
extension Explainer {
  enum Flow { case entrants, retirements, deaths, transfers, netMigration }

  func supply(_ node: Geography.Node, team: Int?, year: Int) -> ExplanationStep {
    let name = Bilingual(zh: "\(node.name.zh) \(year) 年末供给", en: "supply, \(node.name.en), end of \(year)")
    if node.kind == .nation, team == nil, year <= inputs.years.base {
      return stock(cohort: 0, year: year)
    }
    if team == nil, inputs.published(node, year: year) != nil {
      let codes = inputs.geography.provinces.indices.filter { p in
        node.members.contains { inputs.geography.leaves[$0].province == p }
      }.map { inputs.geography.provinces[$0] }
      let figures = codes.compactMap { code in rows(model.stock.indicator, code).first { $0.year == year }.map(published) }
      return figures.count == 1 ? figures[0] : .sum(name, unit: "人", figures)
    }
    let parts = node.members.map { supply(leaf: $0, team: team, year: year) }
    return parts.count == 1 ? parts[0] : .sum(name, unit: "人", parts)
  }

  /// Stock of one leaf: share × cohort (× share of the team), and what a scenario moves.
  func supply(leaf: Int, team: Int?, year: Int) -> ExplanationStep {
    let place = inputs.geography.leaves[leaf].name
    let name = Bilingual(zh: "\(place.zh) \(year) 年末供给", en: "supply, \(place.en), end of \(year)")
    let share = team.map { teamShare(leaf, $0, year: nil) }
    let core = ExplanationStep.product(
      name, unit: "人",
      [leafShare(leaf, year: min(year, inputs.years.base)), stock(cohort: inputs.leafCohort[leaf], year: year)]
        + (share.map { [$0] } ?? []))
    guard inputs.levers.movesPlaces, year > inputs.years.base else { return core }
    let actual = draws.supply(leaf: leaf, year: year)[0] * (share?.value ?? 1)
    guard abs(actual - core.value) > 1e-9 * max(1, abs(core.value)) else { return core }
    return .sum(name, unit: "人", [core, moved(actual - core.value, unit: "人")])
  }

  /// What a scenario's levers on places have added so far.
  private func moved(_ persons: Double, unit: String) -> ExplanationStep {
    let change = scenario.changes.first { ["supply.entrants", "supply.net_migration"].contains($0.lever.id) }
    return ExplanationStep(
      Bilingual(zh: "情景对本地新增与迁移的改动", en: "the scenario's entrants and moves"), persons, unit: unit,
      .calculated, evidence: .assumed, source: change?.source ?? "", file: change?.origin ?? "")
  }

  /// Stock of a cohort on the national scale.
  func stock(cohort: Int, year: Int) -> ExplanationStep {
    let (base, rows) = (inputs.years.base, rows(model.stock.indicator, model.stock.nation))
    let name = Bilingual(zh: "全国 \(year) 年末存量", en: "national stock, end of \(year)")
    if let row = rows.first(where: { $0.year == year }), year <= base { return published(row) }
    if year < base {
      return ExplanationStep(
        name, draws.cohorts.history[year - inputs.years.history][0], unit: "人", .calculated, evidence: .estimated,
        note: Bilingual(
          zh: "两次公布数之间按每年相同的新增人数推算", en: "between two published figures with the same entrants every year"),
        parts: rows.filter { $0.year <= base }.map(published))
    }
    let path = draws.cohorts.paths[cohort]
    let years = Array(1...(year - base))
    func total(_ flows: [[Double]]) -> Double { years.reduce(0) { $0 + flows[$1][0] } }
    let own = inputs.cohorts[cohort].basis
    let start = rows.last { $0.year <= base }.map(published)
    return ExplanationStep(
      own == .nationalShare ? name : Bilingual(zh: "本地队列 \(year) 年末（折算为全国尺度）", en: "own cohort, end of \(year) (on the national scale)"),
      path.stock[year - base][0], unit: "人", .sum, evidence: .estimated, note: own.name,
      parts: (start.map { [$0] } ?? []) + [
        cohortFlow(.entrants, cohort, total(path.entrants), base + 1, year),
        cohortFlow(.retirements, cohort, -total(path.retirements), base + 1, year),
        cohortFlow(.deaths, cohort, -total(path.deaths), base + 1, year),
        cohortFlow(.transfers, cohort, -total(path.transfers), base + 1, year),
      ])
  }

  /// A flow of a cohort over some years, with what it was reckoned from.
  private func cohortFlow(_ flow: Flow, _ cohort: Int, _ persons: Double, _ from: Int, _ to: Int) -> ExplanationStep {
    let period = from == to ? "\(from)" : "\(from)—\(to)"
    let supply = model.supply
    let years = from == to ? "人/年" : "人"
    func step(_ zh: String, _ en: String, _ evidence: Evidence, source: String = "", note: Bilingual, _ parts: [ExplanationStep]) -> ExplanationStep {
      ExplanationStep(
        Bilingual(zh: "\(period) 年\(zh)", en: "\(en), \(period)"), persons, unit: years, .calculated, evidence: evidence,
        source: source, note: note, parts: parts)
    }
    switch flow {
    case .entrants:
      let follows = rows(supply.entrantsFollow, model.stock.nation)
      return step(
        "新增", "entrants", .assumed,
        note: Bilingual(
          zh: "基期由恒等式“期末 = 期初 + 新增 − 退出”反推；此后自近五年水平（相对所列序列的中位数）起，随该序列的阻尼趋势变动",
          en:
            "base years by the identity end = start + entrants − leavers; later from the level of the last five years (median, relative to the series below) as that series grows"
        ),
        [follows.first, follows.last].compactMap(\.self).map(published)
          + [ExplanationStep(Bilingual(zh: "入职年龄", en: "age at entry"), supply.entryAge, unit: "岁", file: modelFile)])
    case .retirements:
      return step(
        "退休", "retirements", .assumed, source: "",
        note: Bilingual(
          zh: "按 2025 年起渐进式延迟退休表（男 \(supply.retirement.male)、女 \(supply.retirement.female)），Datasets/standards/retirement_reform_2025.csv",
          en:
            "schedule in force since 2025 (men \(supply.retirement.male), women \(supply.retirement.female)), Datasets/standards/retirement_reform_2025.csv"
        ),
        [ExplanationStep(Bilingual(zh: "女性比重", en: "share of women"), supply.femaleShare, file: modelFile)])
    case .deaths:
      return step(
        "死亡", "deaths", .estimated,
        note: Bilingual(
          zh: "分年龄性别死亡率（\(supply.mortality)），Datasets/standards/mortality.csv",
          en: "mortality by age and sex (\(supply.mortality)), Datasets/standards/mortality.csv"), [])
    case .transfers:
      return step(
        "转出", "transfers out", .assumed, note: Bilingual(zh: "转出率乘存量", en: "rate × stock"),
        [ExplanationStep(Bilingual(zh: "年转出率", en: "yearly transfer rate"), supply.transferOut, unit: "1/年", file: modelFile)])
    case .netMigration:
      return step("净迁移", "net migration", .assumed, note: Bilingual(zh: "情景假定", en: "assumed by the scenario"), [])
    }
  }

  /// A flow of a node during a year.
  func flow(_ flow: Flow, _ q: ExplanationQuestion) -> ExplanationStep {
    let parts = q.node.members.map { leafFlow(flow, leaf: $0, team: q.team, year: q.year) }
    let name = flow.name
    return parts.count == 1
      ? parts[0]
      : .sum(
        Bilingual(zh: "\(q.node.name.zh) \(q.year) 年\(name.zh)", en: "\(name.en), \(q.node.name.en) \(q.year)"),
        unit: "人/年", parts)
  }

  private func leafFlow(_ flow: Flow, leaf: Int, team: Int?, year: Int) -> ExplanationStep {
    let place = inputs.geography.leaves[leaf].name
    let name = Bilingual(zh: "\(place.zh) \(year) 年\(flow.name.zh)", en: "\(flow.name.en), \(place.en) \(year)")
    let cohort = inputs.leafCohort[leaf]
    let h = year - inputs.years.base
    let (path, own) = (draws.cohorts.paths[cohort], draws.flows(leaf: leaf, year: year))
    let share = team.map { teamShare(leaf, $0, year: nil) }
    let (whole, actual): (Double, Double) =
      switch flow {
      case .entrants: (path.entrants[h][0], own.entrants[0])
      case .retirements: (path.retirements[h][0], own.retirements[0])
      case .deaths: (path.deaths[h][0], own.deaths[0])
      case .transfers: (path.transfers[h][0], own.transfers[0])
      case .netMigration: (0, own.netMigration[0])
      }
    let core = ExplanationStep.product(
      name, unit: "人/年",
      [leafShare(leaf, year: inputs.years.base), cohortFlow(flow, cohort, whole, year, year)] + (share.map { [$0] } ?? []))
    guard inputs.levers.movesPlaces else { return core }
    return .sum(name, unit: "人/年", [core, moved(actual * (share?.value ?? 1) - core.value, unit: "人/年")])
  }
}

extension Explainer.Flow {
  var name: Bilingual {
    switch self {
    case .entrants: Bilingual(zh: "新增", en: "entrants")
    case .retirements: Bilingual(zh: "退休", en: "retirements")
    case .deaths: Bilingual(zh: "死亡", en: "deaths")
    case .transfers: Bilingual(zh: "转出", en: "transfers out")
    case .netMigration: Bilingual(zh: "净迁移", en: "net migration")
    }
  }
}
