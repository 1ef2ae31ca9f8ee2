import Datasets
import Dimensions
import Facts
import Foundation
import Messages
import ModelSpecs

/// Shares: of a place in the national stock, and of a team in a place's.
extension Explainer {
  /// Share of a leaf in the national stock of a year of history or of the base year.
  func leafShare(_ leaf: Int, year: Int) -> ExplanationStep {
    let place = inputs.geography.leaves[leaf]
    guard let p = place.province else { return separateShare(leaf, year: year) }
    let province = provinceShare(p, year: year)
    guard p == inputs.geography.divided, !inputs.geography.cities.isEmpty else { return province }
    return .product(
      Bilingual(zh: "\(place.name.zh)占全国存量的份额", en: "share of \(place.name.en) in the national stock"), unit: "1",
      [province, cityShare(leaf)])
  }

  private func provinceShare(_ p: Int, year: Int) -> ExplanationStep {
    if let placed = inputs.placed { return placedShare(p, placed, year: year) }
    let allocation = inputs.provinceShares[year] ?? inputs.provinceShares[inputs.years.base]
    let code = inputs.geography.provinces[p]
    if let counted = countedShare(p, year: year) { return counted }
    if let carried = carriedShare(p, year: year) { return carried }
    let parts = model.allocation.provinceDrivers.map { indicator -> ExplanationStep in
      let rows = inputs.geography.provinces.compactMap { latest(indicator, $0, by: year).map(published) }
      let title = self.indicator(indicator)?.name ?? Bilingual(zh: indicator, en: indicator)
      let name = Bilingual(zh: "按\(title.zh)的份额", en: "share by \(title.en)")
      guard let own = latest(indicator, code, by: year).map(published) else {
        return ExplanationStep(name, .nan, unit: "1", .calculated)
      }
      return .ratio(
        name, own,
        .sum(Bilingual(zh: "\(rows.count) 个省级地区合计", en: "all \(rows.count) provinces"), unit: own.unit, rows))
    }
    return ExplanationStep(
      Bilingual(zh: "\(name(code).zh)占全国存量的份额", en: "share of \(name(code).en) in the national stock"),
      allocation?.shares[p] ?? .nan, unit: "1", .mean, evidence: .allocated, note: model.allocation.provinceNote,
      parts: parts)
  }

  /// A province that publishes its own stock in other years only: its figures then, over the nation's.
  private func carriedShare(_ p: Int, year: Int) -> ExplanationStep? {
    guard let estimate = inputs.estimatedProvinces[year]?[p], let allocation = inputs.provinceShares[year] else { return nil }
    let code = inputs.geography.provinces[p]
    let parts = estimate.years.flatMap { counted in
      [code, model.stock.nation].compactMap { place in rows(model.stock.indicator, place).first { $0.year == counted }.map(published) }
    }
    let years = estimate.years.map(String.init)
    return ExplanationStep(
      Bilingual(zh: "\(name(code).zh)占全国存量的份额", en: "share of \(name(code).en) in the national stock"),
      allocation.shares[p], unit: "1", .calculated, evidence: .estimated,
      note: Bilingual(
        zh: "\(year) 年未公布，取 \(years.joined(separator: "、")) 年的份额", en: "not published for \(year): the share of \(years.joined(separator: " and "))"),
      parts: parts)
  }

  /// A province that publishes its own stock: its figure over the nation's, or over all provinces' when
  /// every one of them publishes.
  private func countedShare(_ p: Int, year: Int) -> ExplanationStep? {
    let (indicator, provinces) = (model.stock.indicator, inputs.geography.provinces)
    let counted = inputs.countedProvinces[year] ?? [:]
    func row(_ code: RegionCode) -> ExplanationStep? { rows(indicator, code).first { $0.year == year }.map(published) }
    guard counted[p] != nil, let own = row(provinces[p]) else { return nil }
    let name = Bilingual(
      zh: "\(self.name(provinces[p]).zh)占全国存量的份额", en: "share of \(self.name(provinces[p]).en) in the national stock")
    if counted.count < provinces.count { return row(model.stock.nation).map { .ratio(name, own, $0) } }
    let all = provinces.compactMap(row)
    return .ratio(
      name, own,
      .sum(Bilingual(zh: "\(all.count) 个地区合计", en: "all \(all.count) regions"), unit: own.unit, all))
  }

  /// Share of a city (or the rest) in its province.
  private func cityShare(_ leaf: Int) -> ExplanationStep {
    let geography = inputs.geography
    let c = geography.leaves[..<leaf].count { $0.province == geography.divided }
    let (place, whole) = (geography.leaves[leaf], geography.provinces[geography.divided])
    let name = Bilingual(
      zh: "\(place.name.zh)占\(self.name(whole).zh)的份额", en: "share of \(place.name.en) in \(self.name(whole).en)")
    if let division = inputs.placed?.base.division {
      return placedPart(name, inputs.cityShares.shares[c], division, place.code)
    }
    guard c < geography.cities.count else {
      let others = geography.cities.indices.map { city in
        ExplanationStep(
          Bilingual(zh: "\(self.name(geography.cities[city]).zh)的份额", en: "share of \(self.name(geography.cities[city]).en)"),
          inputs.cityShares.shares[city], unit: "1", .calculated, evidence: .allocated)
      }
      let one = ExplanationStep(Bilingual(zh: "全省", en: "the whole province"), 1, unit: "1", .calculated)
      return ExplanationStep(
        name, inputs.cityShares.shares[c], unit: "1", .difference, evidence: .allocated, parts: [one] + others)
    }
    let parts = model.allocation.cityDrivers.enumerated().map { d, indicator -> ExplanationStep in
      let title = self.indicator(indicator)?.name ?? Bilingual(zh: indicator, en: indicator)
      let label = Bilingual(zh: "按\(title.zh)的份额", en: "share by \(title.en)")
      let parent = rows(indicator, whole)
      let own = rows(indicator, place.code).last { row in
        row.year <= inputs.years.base && parent.contains { $0.year == row.year }
      }
      guard let own, let of = parent.first(where: { $0.year == own.year }), of.value > 0 else {
        return ExplanationStep(
          label, inputs.cityShares.drivers[d][c], unit: "1", .calculated, evidence: .assumed,
          note: Bilingual(zh: "无数据，取其余指标份额的均值", en: "no data: the mean of its other shares"))
      }
      return .ratio(label, published(own), published(of))
    }
    return ExplanationStep(
      name, inputs.cityShares.shares[c], unit: "1", .mean, evidence: .allocated, note: model.allocation.cityNote, parts: parts)
  }

  /// A region outside the national total: the share of the one it is likened to, times the ratio of a driver.
  private func separateShare(_ leaf: Int, year: Int) -> ExplanationStep {
    let place = inputs.geography.leaves[leaf]
    let like = inputs.geography.provinces[inputs.separateLike]
    let driver = model.allocation.separateDriver
    let title = indicator(driver)?.name ?? Bilingual(zh: driver, en: driver)
    let pair = [place.code, like].compactMap { latest(driver, $0, by: inputs.years.base).map(published) }
    let ratio =
      pair.count == 2
      ? ExplanationStep.ratio(
        Bilingual(zh: "\(place.name.zh)与\(name(like).zh)的\(title.zh)之比", en: "\(title.en): \(place.name.en) ÷ \(name(like).en)"),
        pair[0], pair[1])
      : ExplanationStep(Bilingual(zh: "比例", en: "ratio"), 0, unit: "1", .calculated)
    let name = Bilingual(zh: "\(place.name.zh)相当于全国存量的比例", en: "\(place.name.en) as a share of the national stock")
    let likened = ExplanationStep.product(
      name, unit: "1", [provinceShare(inputs.separateLike, year: year), ratio], note: model.allocation.separateNote)
    guard let least = model.allocation.separateLeast[place.code].flatMap({ latest($0, place.code, by: inputs.years.base) }),
      let stock = inputs.stock[year], likened.value * stock < least.value
    else { return likened }
    return ExplanationStep(
      name, least.value / stock, unit: "1", .calculated, evidence: .assumed,
      note: Bilingual(zh: "按比例推算的数低于公布的下限，取下限", en: "what the ratio gives is below the published bound, which is taken"),
      parts: [published(least), likened])
  }

  func latest(_ indicator: String, _ region: RegionCode, by year: Int) -> Observation? {
    rows(indicator, region).last { $0.year <= year }
  }

  /// Share of a team in the stock (year nil) or the requirement of a leaf.
  func teamShare(_ leaf: Int, _ team: Int, year: Int?) -> ExplanationStep {
    let roles = inputs.roles.indices.filter { inputs.roles[$0].team == team }
    return roleShare(leaf, roles, year: year, name: inputs.teams[team].name)
  }

  /// Share of some roles, each balanced between the nation's counts and the place's total.
  func roleShare(_ leaf: Int, _ roles: [Int], year: Int?, name: Bilingual) -> ExplanationStep {
    let shares = draws.roleShares(leaf: leaf, year: year)
    let parts = roles.map { role -> ExplanationStep in
      let industry = inputs.industries[inputs.roles[role].industry].name
      let team = inputs.teams[inputs.roles[role].team].name
      let base = baseShare(leaf, role)
      let title = Bilingual(zh: "\(team.zh)·\(industry.zh)", en: "\(team.en), \(industry.en)")
      guard let year, year > inputs.years.base else { return base }
      let h = year - inputs.years.base
      let growth = exp(inputs.roles[role].relativeGrowth[h])
      return .product(
        title, unit: "1",
        [
          base,
          ExplanationStep(
            Bilingual(zh: "相对增长", en: "relative growth"), growth, unit: "1", .calculated, evidence: inputs.roles[role].evidence,
            note: Bilingual(zh: "本岗位序列与全体增速之差，逐年阻尼", en: "growth of the role's own series less that of the whole, damped")),
          ExplanationStep(
            Bilingual(zh: "各份额之和归一", en: "shares brought back to 1"), base.value > 0 ? shares[role][0] / (base.value * growth) : 1, unit: "1",
            .calculated),
        ])
    }
    let label = Bilingual(zh: "\(name.zh)的份额", en: "share of \(name.en)")
    return parts.count == 1 ? parts[0] : .sum(label, unit: "1", parts)
  }

  /// A place by populations: how the stock divides into them, what part of each is here, and which figures said so.
  private func placedShare(_ p: Int, _ placed: PlacedStock, year: Int) -> ExplanationStep {
    let place = inputs.geography.provinces[p]
    let y = year - placed.years.lowerBound
    let parts = placed.base.roles.enumerated().compactMap { k, population -> ExplanationStep? in
      let cells = placed.central.roles[y][k].map { $0[0] }
      let whole = cells.reduce(0, +)
      guard whole > 0 else { return nil }
      let title = placed.base.spec.populations[population].name
      return .product(
        title, unit: "1",
        [
          ExplanationStep(
            Bilingual(zh: "\(title.zh)占全国存量的比重", en: "\(title.en) in the national stock"), whole, unit: "1", .calculated,
            evidence: .assumed, source: "", file: model.evidenceFile ?? ""),
          ExplanationStep(
            Bilingual(zh: "\(name(place).zh)在其中的份额", en: "share of \(name(place).en) in them"), cells[p] / whole, unit: "1", .calculated,
            evidence: .allocated, parts: factSteps(placed, [population], place, year: year)),
        ])
    }
    return .sum(
      Bilingual(zh: "\(name(place).zh)占全国存量的份额", en: "share of \(name(place).en) in the national stock"), unit: "1", parts,
      note: PlacedStock.note)
  }

  /// The figures that moved a cell most, each with how far.
  private func factSteps(_ placed: PlacedStock, _ populations: [Int], _ place: RegionCode, year: Int) -> [ExplanationStep] {
    placed.influences(on: populations, place: place, year: year).map { fact, influence in
      let title = placed.base.name(of: fact)
      return ExplanationStep(
        Bilingual(zh: "\(name(fact.place).zh) \(fact.year) 年\(title.zh)", en: "\(title.en), \(name(fact.place).en) \(fact.year)"), fact.value,
        unit: indicator(fact.indicator)?.unit ?? "", .published, evidence: fact.grade, source: fact.source, file: fact.file, line: fact.line,
        note: Bilingual(
          zh: "移动一个标准差，份额变动 \(signed(influence))", en: "one standard deviation of it moves the share by \(signed(influence))"))
    }
  }

  private func signed(_ influence: Double) -> String {
    let percent = 100 * influence
    return (percent < 0 ? "−" : "+") + String(format: "%.1f%%", abs(percent))
  }

  /// A part of the divided province.
  private func placedPart(_ name: Bilingual, _ share: Double, _ division: Division, _ place: RegionCode) -> ExplanationStep {
    let whole = division.spec.of
    let parts = division.spec.drivers.compactMap { indicator -> ExplanationStep? in
      let parent = rows(indicator, whole)
      guard let own = rows(indicator, place).last(where: { row in row.year <= inputs.years.base && parent.contains { $0.year == row.year } }),
        let of = parent.first(where: { $0.year == own.year }), of.value > 0
      else { return nil }
      let title = self.indicator(indicator)?.name ?? Bilingual(zh: indicator, en: indicator)
      return .ratio(Bilingual(zh: "按\(title.zh)的份额", en: "share by \(title.en)"), published(own), published(of))
    }
    let facts = inputs.placed.map { $0.base.facts.filter { $0.logShare != 0 && $0.place == place } } ?? []
    let said = facts.map { fact in
      ExplanationStep(
        Bilingual(zh: "\(self.name(place).zh) \(fact.year) 年存量", en: "stock, \(self.name(place).en) \(fact.year)"), fact.value,
        unit: inputs.unit, .published, evidence: fact.grade, source: fact.source, file: fact.file, line: fact.line)
    }
    return ExplanationStep(name, share, unit: "1", .calculated, evidence: .assumed, note: PlacedStock.note, parts: parts + said)
  }

  private func baseShare(_ leaf: Int, _ role: Int) -> ExplanationStep {
    let p = inputs.geography.leaves[leaf].province ?? inputs.separateLike
    let spec = model.roles[role]
    let (team, industry) = (inputs.teams[inputs.roles[role].team].name, inputs.industries[inputs.roles[role].industry].name)
    let (nation, base) = (model.stock.nation, inputs.years.base)
    var parts: [ExplanationStep] = []
    switch spec.count {
    case .published(let indicator, let less):
      parts += ([indicator] + (less.map { [$0] } ?? [])).compactMap { latest($0, nation, by: base).map(published) }
    case .weighted(let indicator):
      let split = model.rest.map { rest in
        [rest.numerator, rest.denominator].map { latest($0, nation, by: rest.year) }
      }
      parts += ([latest(indicator, nation, by: base)] + (split ?? [])).compactMap { $0.map(published) }
    case .remainder: break
    }
    if let series = spec.spread, let spread = latest(series, inputs.geography.provinces[p], by: base) { parts.append(published(spread)) }
    return ExplanationStep(
      Bilingual(zh: "\(team.zh)·\(industry.zh)的份额", en: "share of \(team.en), \(industry.en)"),
      draws.roleShares(leaf: leaf, year: nil)[role][0], unit: "1", .calculated, evidence: inputs.roles[role].evidence,
      note: inputs.placed == nil
        ? Bilingual(
          zh: "全国岗位人数与本省合计经 RAS 平衡（\(modelFile)：roles）",
          en: "national count of the role and the province's total, balanced by RAS (\(modelFile): roles)") : PlacedStock.note,
      parts: parts)
  }
}
