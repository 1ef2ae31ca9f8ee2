import Datasets
import Dimensions
import Foundation
import Messages

/// Requirement: base-year stock, assumed base gap, growth by drivers, share of the team, levers.
extension Explainer {
  func demand(_ node: Geography.Node, team: Int?, industry: Int?, year: Int) -> ExplanationStep {
    let parts = node.members.map { demand(leaf: $0, team: team, industry: industry, year: year) }
    let name = Bilingual(zh: "\(node.name.zh) \(year) 年需求", en: "demand, \(node.name.en) \(year)")
    return parts.count == 1 ? parts[0] : .sum(name, unit: "人", parts)
  }

  private func demand(leaf: Int, team: Int?, industry: Int?, year: Int) -> ExplanationStep {
    let place = inputs.geography.leaves[leaf].name
    let name = Bilingual(zh: "\(place.zh) \(year) 年需求", en: "demand, \(place.en) \(year)")
    let base = ExplanationStep.product(
      Bilingual(zh: "\(place.zh) \(inputs.years.base) 年末供给", en: "supply, \(place.en), end of \(inputs.years.base)"), unit: "人",
      [leafShare(leaf, year: inputs.years.base), stock(cohort: inputs.leafCohort[leaf], year: inputs.years.base)])
    let one = ExplanationStep(Bilingual(zh: "供需平衡", en: "balance"), 1, unit: "1", .calculated)
    let gap = ExplanationStep.sum(
      Bilingual(zh: "基年需求与供给之比", en: "requirement per supply in the base year"), unit: "1",
      [one, ExplanationStep(Bilingual(zh: "基年缺口率", en: "gap of the base year"), model.demand.baseGap, file: modelFile)])
    var factors = [base, gap]
    if year > inputs.years.base {
      factors.append(growth(leaf, year: year))
      if let step = reconciled(leaf, year: year) { factors.append(step) }
    }
    let chosen = inputs.roles.indices.filter { role in
      (team == nil || inputs.roles[role].team == team) && (industry == nil || inputs.roles[role].industry == industry)
    }
    let moved = inputs.levers.requirement[leaf].contains { $0[year - inputs.years.base] != 1 }
    if moved {
      factors.append(levered(leaf, chosen, year: year))
    } else if team != nil || industry != nil {
      factors.append(mix(leaf, chosen, team, industry, year: year))
    }
    return .product(name, unit: "人", factors)
  }

  private func mix(_ leaf: Int, _ roles: [Int], _ team: Int?, _ industry: Int?, year: Int) -> ExplanationStep {
    guard !roles.isEmpty else {
      return ExplanationStep(
        Bilingual(zh: "份额", en: "share"), 0, unit: "1", .calculated,
        note: Bilingual(zh: "模型没有这样的岗位", en: "the model has no such role"))
    }
    let name = industry.map { inputs.industries[$0].name } ?? team.map { inputs.teams[$0].name }
    return roleShare(leaf, roles, year: year, name: name ?? Bilingual(zh: "合计", en: "all"))
  }

  /// Shares of the roles, each with what the scenario makes of it.
  private func levered(_ leaf: Int, _ roles: [Int], year: Int) -> ExplanationStep {
    let teams = inputs.teams.indices.compactMap { team -> ExplanationStep? in
      let own = roles.filter { inputs.roles[$0].team == team }
      guard !own.isEmpty else { return nil }
      let name = inputs.teams[team].name
      let changes = scenario.changes.filter {
        $0.lever.id.hasPrefix("demand.") && ($0.teams.isEmpty || $0.teams.contains(inputs.teams[team].id))
      }
      let change = changes.last { $0.years.contains(year) } ?? changes.last { $0.years.lowerBound <= year }
      return .product(
        name, unit: "1",
        [
          roleShare(leaf, own, year: year, name: name),
          ExplanationStep(
            Bilingual(zh: "情景系数", en: "factor of the scenario"), inputs.levers.requirement[leaf][team][year - inputs.years.base],
            unit: "1", .assumed, evidence: .assumed, source: change?.source ?? "", file: change?.origin ?? "",
            note: change.map { Bilingual(line: $0.note) }),
        ])
    }
    return .sum(Bilingual(zh: "份额×情景系数", en: "share × factor of the scenario"), unit: "1", teams)
  }

  /// Growth factor of a leaf since the base year: exp of the terms' sum.
  private func growth(_ leaf: Int, year: Int) -> ExplanationStep {
    let h = year - inputs.years.base
    let value = exp(inputs.demandGrowth[leaf].mean[h - 1])
    let name = Bilingual(
      zh: "\(inputs.years.base)—\(year) 年需求增长倍数", en: "growth of demand, \(inputs.years.base) to \(year), as a factor")
    let terms = inputs.demandTerms.indices.contains(leaf) ? inputs.demandTerms[leaf].filter { $0.weight != 0 } : []
    guard !terms.isEmpty else { return ExplanationStep(name, value, unit: "1", .calculated) }
    return ExplanationStep(name, value, unit: "1", .exponential, evidence: .estimated, parts: terms.map { term($0, h) })
  }

  /// What making the parts add up to totals with forecasts of their own has changed; nil where there is none.
  private func reconciled(_ leaf: Int, year: Int) -> ExplanationStep? {
    let totals = inputs.demandTotals.filter { $0.leaves.contains(leaf) }
    guard !totals.isEmpty else { return nil }
    let h = year - inputs.years.base
    let before = exp(inputs.demandGrowth[leaf].mean[h - 1])
    return ExplanationStep(
      Bilingual(zh: "与合计协调的系数", en: "factor of reconciliation with the totals"),
      draws.centralGrowth(leaf: leaf, year: year) / before, unit: "1", .calculated, evidence: .estimated,
      note: Bilingual(
        zh: "各地与全国分别预测，按误差方差协调，使部分之和等于总计",
        en: "places and the nation are forecast apart and made to add up, weighted by error variance"),
      parts: totals.map { total in
        ExplanationStep(
          Bilingual(zh: "合计（\(total.name)）自身预测的增长倍数", en: "growth of the total (\(total.name)) by its own forecast"),
          exp(total.growth.mean[h - 1]), unit: "1", .calculated, evidence: .estimated)
      })
  }

  private func term(_ term: DemandTerm, _ h: Int) -> ExplanationStep {
    let title = indicator(term.indicator)?.name ?? Bilingual(zh: term.indicator, en: term.indicator)
    let per = indicator(term.per)?.name
    let series = per.map { Bilingual(zh: "\(title.zh)÷\($0.zh)", en: "\(title.en) per \($0.en)") } ?? title
    let name = Bilingual(
      zh: "\(term.kind.name.zh)" + (term.indicator.isEmpty ? "" : "：\(series.zh)"),
      en: term.kind.name.en + (term.indicator.isEmpty ? "" : ": \(series.en)"))
    let place = self.name(term.region)
    let rows = self.rows(term.indicator, term.region).filter { $0.value > 0 && $0.year <= inputs.years.base }
    var parts: [ExplanationStep] = []
    if term.kind != .lead, term.kind != .addingUp, term.weight != 1 {
      parts.append(
        ExplanationStep(
          Bilingual(zh: "回测权重", en: "weight by back-test"), term.weight, unit: "1", .calculated, evidence: .estimated))
    }
    if term.slope != 1 { parts.append(slope(term)) }
    parts.append(
      ExplanationStep(
        Bilingual(zh: "\(place.zh)该序列的对数增长", en: "log growth of the series in \(place.en)"), term.growth[h - 1],
        unit: "1", .calculated, evidence: .estimated,
        note: Bilingual(
          zh: "合并阻尼对数漂移（φ = \(model.damping)，\(modelFile)：forecaster）", en: "pooled damped log-drift (φ = \(model.damping), \(modelFile): forecaster)"
        ),
        parts: [rows.first, rows.last].compactMap(\.self).map(published)))
    return .product(name, unit: "ln", parts)
  }

  private func slope(_ term: DemandTerm) -> ExplanationStep {
    switch term.kind {
    case .elasticity where term.slope == model.demand.elasticity.value:
      return ExplanationStep(Bilingual(zh: "弹性", en: "elasticity"), model.demand.elasticity, file: modelFile)
    case .addingUp:
      return ExplanationStep(Bilingual(zh: "扣除", en: "taken off"), term.slope, unit: "1", .calculated)
    default:
      return ExplanationStep(
        Bilingual(zh: "弹性（省级面板估计并收缩）", en: "elasticity (province panel, shrunk)"), term.slope, unit: "1", .calculated,
        evidence: .estimated,
        parts: [ExplanationStep(Bilingual(zh: "先验", en: "prior"), model.demand.elasticity, file: modelFile)])
    }
  }
}
