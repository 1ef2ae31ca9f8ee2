import Dimensions
import Forecasting
import Messages
import ModelSpecs
import Reports

/// The shortage catalogue as rows of text, for a spreadsheet.
struct ShortageTable {
  let catalogue: ShortageCatalogue
  /// Names of teams and industries.
  let model: ModelSpec
  /// Whether a role's figures may be shown.
  let isShown: (ShortageCatalogue.Entry) -> Bool

  init(_ catalogue: ShortageCatalogue, _ run: CompletedRun) {
    self.catalogue = catalogue
    model = run.model
    let withheld = Set(
      run.cells.filter { $0.measure == .demand && $0.year == catalogue.spec.year && !$0.value.isFinite }
        .map { [$0.region.text, $0.team, $0.industry] })
    isShown = { !withheld.contains([$0.region.text, $0.team, $0.industry]) }
  }

  func rows(_ language: Language) -> [[String]] {
    let zh = language == .zh
    let (base, year) = (catalogue.baseYear, catalogue.spec.year)
    let head =
      zh
      ? [
        "名次", "名次80%上限", "名次80%下限", "高地", "队伍", "产业", "岗位", "\(base)年供给", "\(year)年供给", "\(year)年需求",
        "\(year)年缺口", "缺口80%下限", "缺口80%上限", "满足率", "短缺概率", "紧缺指数", "指数80%下限", "指数80%上限",
        "比值分", "规模分", "压力分", "星级", "学历", "资格", "经验年限", "成因", "证据等级",
      ]
      : [
        "rank", "best rank (80 %)", "worst rank (80 %)", "hub", "team", "industry", "role", "supply \(base)",
        "supply \(year)", "demand \(year)", "gap \(year)", "gap p10", "gap p90", "adequacy", "P(short)", "index",
        "index p10", "index p90", "ratio part", "size part", "pressure part", "stars", "education", "qualification",
        "years of experience", "reasons", "evidence",
      ]
    return [head] + catalogue.short.filter(isShown).map { row($0, language) }
  }

  private func row(_ entry: ShortageCatalogue.Entry, _ language: Language) -> [String] {
    func persons(_ value: Double) -> String { String(Int(value.rounded(.toNearestOrAwayFromZero))) }
    func two(_ value: Double) -> String { value.isFinite ? oneOf(value, 2) : "" }
    let asked = entry.requirement
    let separator = language == .zh ? "、" : ", "
    return [
      "\(entry.rank.rank)", "\(entry.rank.low)", "\(entry.rank.high)", entry.regionName[language],
      model.teams.first { $0.id == entry.team }?.name[language] ?? entry.team,
      model.industries.first { $0.id == entry.industry }?.name[language] ?? entry.industry, entry.title[language],
      persons(entry.supplyNow), persons(entry.supply.value), persons(entry.demand.value), persons(entry.gap.value),
      persons(entry.gap.p10), persons(entry.gap.p90), two(entry.supply.value / entry.demand.value),
      two(entry.probability), two(entry.index.value), two(entry.index.p10), two(entry.index.p90), two(entry.ratio),
      two(entry.size), two(entry.pressure),
      entry.rating.map { "\($0)" } ?? "(\(entry.stars.lowerBound)～\(entry.stars.upperBound))",
      asked?.education?[language] ?? "", asked?.qualification?[language] ?? "", asked?.years.map { "\($0)" } ?? "",
      entry.reasons.map { $0.name[language] }.joined(separator: separator), entry.evidence.rawValue,
    ]
  }
}

extension CompletedRun {
  func shortageList(_ catalogue: ShortageCatalogue) -> ShortageList {
    let shown = ShortageTable(catalogue, self).isShown
    return ShortageList(
      baseYear: catalogue.baseYear, year: catalogue.spec.year,
      rows: catalogue.short.filter(shown).map(ShortageRow.init), roleCount: catalogue.entries.count,
      rules: catalogue.spec.rules)
  }
}

extension ShortageRow {
  init(_ entry: ShortageCatalogue.Entry) {
    let asked = entry.requirement
    let parts = [asked?.education, asked?.qualification].compactMap { $0 }
    self.init(
      region: entry.region, team: entry.team, industry: entry.industry, title: entry.title,
      requirement: parts.isEmpty
        ? nil
        : Bilingual(zh: parts.map(\.zh).joined(separator: "；"), en: parts.map(\.en).joined(separator: "; ")),
      supplyNow: entry.supplyNow, demand: entry.demand.value, gap: (entry.gap.value, entry.gap.p10, entry.gap.p90),
      adequacy: entry.demand.value > 0 ? entry.supply.value / entry.demand.value : nil,
      parts: (entry.ratio, entry.size, entry.pressure), index: (entry.index.value, entry.index.p10, entry.index.p90),
      rating: entry.rating, starRange: entry.stars, ranks: entry.rank.low...max(entry.rank.low, entry.rank.high),
      probability: entry.probability, reasons: entry.reasons.map(\.name), evidence: entry.evidence)
  }
}

extension ShortageSpec {
  /// What the file says, in words.
  var rules: Bilingual {
    func percent(_ value: Double) -> String { "\(oneOf(value * 100, 0))%" }
    let bounds = stars.map { oneOf($0, 2) }
    return Bilingual(
      zh: "指数＝\(percent(weights.ratio))×缺口率＋\(percent(weights.size))×缺口规模位次＋\(percent(weights.pressure))×新增不抵空缺的程度，各项在0到1之间，"
        + "逐次抽样计算。二星至五星的下限为\(bounds.joined(separator: "、"))，固定不变。指数80%区间跨三个及以上星级，或供给少于\(grouped(smallest))人的，不评级。"
        + "成因判据：扩张占空缺\(percent(reasons.expansion))以上为新增需求；新增不足空缺的\(percent(reasons.training))为培养不足；退出占替代\(percent(reasons.outflow))以上且替代过半为流失；"
        + "培养不足且有法定资格要求为准入门槛；本地总量不缺为结构错配；全国同岗位不缺为地域错配。\(note.zh)。未使用招聘与薪酬数据，未征集用人单位意见。",
      en:
        "Index = \(percent(weights.ratio)) gap ratio + \(percent(weights.size)) rank of the gap's size + \(percent(weights.pressure)) shortfall of entrants against openings, "
        + "each between 0 and 1 and computed in every draw. Two to five stars begin at \(bounds.joined(separator: ", ")), fixed. A role whose 80% interval spans three bands or more, "
        + "or with fewer than \(grouped(smallest)) persons, is not rated. Reasons: growth is at least \(percent(reasons.expansion)) of openings (new demand); entrants under \(percent(reasons.training)) of openings (too few trained); "
        + "exits are at least \(percent(reasons.outflow)) of replacement and replacement at least half of openings (outflow); too few trained where a qualification is required (entry barrier); "
        + "the region as a whole is not short (mismatch between roles); the nation is not short of the role (mismatch between regions). \(note.en.prefix(1).uppercased() + note.en.dropFirst()). "
        + "No vacancies, pay or consultations were used.")
  }
}
