import Dimensions
import Messages

extension Cube {
  func demand(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    blocks.section(Bilingual(zh: "分地区需求", en: "Demand by region"), "demand-region")
    for hub in hubs { blocks.say(hubDemandSentence(hub)) }
    blocks.table(demandByRegion())
    blocks.section(Bilingual(zh: "分行业需求", en: "Demand by industry"), "demand-industry")
    blocks.say(fastestIndustrySentence())
    blocks.table(demandByIndustry(&outline))
    if !input.contributions.isEmpty {
      blocks.section(Bilingual(zh: "驱动因素", en: "Drivers"), "demand-drivers")
      blocks.table(driverTable())
    } else {
      outline.missing(
        Bilingual(zh: "按驱动因素分解的需求变化", en: "Change of demand by driver"),
        Bilingual(zh: "运行时输出驱动因素分解", en: "A run that attributes the change to drivers"))
    }
    blocks.section(Bilingual(zh: "岗位空缺", en: "Openings"), "openings")
    blocks.table(openingsTable(&outline))
    blocks.figure(openingsFigure())
    for map in maps(.demand) { blocks.figure(map) }
    outline.missing(
      Bilingual(zh: "分岗位需求与空缺", en: "Demand and openings by occupation"),
      Bilingual(zh: "分岗位的人数或招聘统计", en: "Head counts or vacancies by occupation"))
    return Chapter(
      title: Bilingual(zh: "需求预测", en: "Demand forecast"), anchor: "demand", blocks: blocks.all)
  }

  private func hubDemandSentence(_ hub: ReportRegion) -> Sentence? {
    guard let base = baseYear(.demand), base < edition.focusYear,
      let start = fact(.demand, hub.code, base),
      let end = fact(.demand, hub.code, edition.focusYear), end.basis == .forecast,
      let growth = Fact.derived(.annualGrowth(years: edition.focusYear - base), [end, start])
    else { return nil }
    let word = Wording.change(growth.value)
    return Sentence(
      "demand.hub.\(hub.code)",
      zh:
        "预计到\(year: edition.focusYear)年，\(hub.name.zh)需求为\(Prose.withInterval(end, .persons, edition, in: .zh))，比\(year: base)年\(word.zh)，年均变化\(growth, .percent)。",
      en:
        "Demand in \(hub.name.en) is projected at \(Prose.withInterval(end, .persons, edition, in: .en)) in \(year: edition.focusYear); from \(year: base) it \(word.en) (\(growth, .percent) a year)."
    )
  }

  private func demandByRegion() -> StatTable? {
    let years = milestoneYears(.demand)
    let rows = headlineRegions.map { region in
      LevelRow(name: region.name, total: region.kind == .nation) { entry(.demand, region.code, $0) }
    }
    return levelTable(
      anchor: "t-demand-region",
      title: Bilingual(
        zh: "需求总量预测（\(edition.scenarioName.zh)）", en: "Demand (\(edition.scenarioName.en))"),
      rows: rows, years: years,
      tenThousands: printsTenThousands(rows.flatMap { row in years.map(row.fact) }), growth: true)
  }

  private func industryGrowths() -> [(industry: NamedCode, start: Fact, end: Fact, growth: Fact)] {
    guard let nation, let base = baseYear(.demand), base < edition.focusYear else { return [] }
    return industries.compactMap { industry in
      guard let start = fact(.demand, nation.code, base, industry: industry.code),
        let end = fact(.demand, nation.code, edition.focusYear, industry: industry.code),
        let growth = Fact.derived(.annualGrowth(years: edition.focusYear - base), [end, start])
      else { return nil }
      return (industry, start, end, growth)
    }
  }

  private func fastestIndustrySentence() -> Sentence? {
    let sorted = industryGrowths().sorted {
      ($1.growth.value, $0.industry.code) < ($0.growth.value, $1.industry.code)
    }
    guard let first = sorted.first, sorted.count > 1 else { return nil }
    // Growth from a start that is itself uncertain: apart only where the ends of the intervals, over the start, are.
    let isApart = sorted.dropFirst().allSatisfy { other in
      let (low, high) = (first.end.low ?? first.end.value, other.end.high ?? other.end.value)
      return low * other.start.value > high * first.start.value
    }
    guard isApart else {
      return Sentence(
        "demand.industry",
        zh: "分行业看，各行业需求增速的80%区间相互重叠，何者最快尚无定论；行业间增速差异受分摊方法影响，宜结合证据等级使用。",
        en:
          "By industry, the 80% intervals of the growth of demand overlap, and which industry grows fastest is open; differences between industries depend on the allocation and should be read with the evidence grade."
      )
    }
    let zh = Prose.withInterval(first.end, .persons, edition, in: .zh)
    let en = Prose.withInterval(first.end, .persons, edition, in: .en)
    return Sentence(
      "demand.industry",
      zh: "分行业看，预计需求增速居首的是\(first.industry.name.zh)，年均\(first.growth, .percent)，\(year: edition.focusYear)年为\(zh)；行业间增速差异受分摊方法影响，宜结合证据等级使用。",
      en:
        "By industry, the fastest projected growth is in \(first.industry.name.en), \(first.growth, .percent) a year to \(en) in \(year: edition.focusYear); differences between industries depend on the allocation and should be read with the evidence grade."
    )
  }

  private func demandByIndustry(_ outline: inout Outline) -> StatTable? {
    let title = Bilingual(zh: "分行业需求", en: "Demand by industry")
    let base = baseYear(.demand)
    let years = [base, edition.focusYear].compactMap { $0 }
    guard let nation else { return nil }
    let total = LevelRow(name: name(industry: "total"), total: true) { entry(.demand, nation.code, $0) }
    let rows = industries.map { industry in
      LevelRow(name: industry.name, indent: 1) {
        entry(.demand, nation.code, $0, industry: industry.code)
      }
    }.filter { row in years.contains { row.fact($0) != nil } }
    guard !rows.isEmpty else {
      outline.missing(title, Bilingual(zh: "分行业的从业或专利活动数据", en: "Employment or patent activity by industry"))
      return nil
    }
    return levelTable(
      anchor: "t-demand-industry",
      title: Bilingual(zh: "\(nation.name.zh)\(title.zh)", en: "\(title.en), \(nation.name.en)"),
      stub: Bilingual(zh: "行业", en: "Industry"), rows: [total] + rows, years: Array(Set(years)).sorted(),
      tenThousands: printsTenThousands(years.map(total.fact)), growth: true, notes: [.roundingNote], additive: true)
  }

  /// Drivers down, places across; the last row is the change of the cells themselves.
  private func driverTable() -> StatTable? {
    let contributions = input.contributions
    var drivers: [Bilingual] = []
    var places: [RegionCode] = []
    for row in contributions {
      if !drivers.contains(row.driver) { drivers.append(row.driver) }
      if !places.contains(row.region) { places.append(row.region) }
    }
    guard let one = contributions.first, contributions.allSatisfy({ ($0.from, $0.to) == (one.from, one.to) }) else { return nil }
    func part(_ driver: Bilingual, _ place: RegionCode) -> Fact? {
      contributions.firstIndex { $0.driver == driver && $0.region == place }.flatMap { i in
        let row = contributions[i]
        return inputFact(
          "contribution/\(i)/value", row.value, low: row.p10, high: row.p90, basis: .estimated, evidence: row.evidence, year: row.to)
      }
    }
    let sizes = drivers.map { driver in places.reduce(0) { $0 + abs(part(driver, $1)?.value ?? 0) } }
    let ordered = drivers.indices.sorted { (sizes[$1], $0) < (sizes[$0], $1) }.map { drivers[$0] }
    var rows = ordered.map { driver in
      let facts = places.map { part(driver, $0) }
      return StatRow([.text(driver)] + facts.map { $0.map { .number($0) } ?? .notApplicable } + [.grade(worst: facts)])
    }
    let changes = places.map { place -> Fact? in
      guard let end = fact(.demand, place, one.to), let start = fact(.demand, place, one.from) else { return nil }
      return Fact.derived(.difference, [end, start])
    }
    rows.append(
      StatRow(
        [.text(Bilingual(zh: "需求变化合计", en: "Change of demand"))] + changes.map { .number($0) } + [.grade(worst: changes)],
        total: true))
    return StatTable(
      anchor: "t-drivers",
      title: Bilingual(
        zh: "需求变化由什么构成（\(one.from)—\(one.to)年，均值）", en: "What the change of demand is made of, \(one.from)–\(one.to) (means)"),
      unit: .persons,
      columns: [StatColumn(Bilingual(zh: "驱动因素", en: "Driver"), numeric: false)] + places.map { StatColumn(name($0)) }
        + [StatColumn(.gradeHead, numeric: false)],
      rows: rows,
      notes: [
        .roundingNote,
        Bilingual(
          zh: "各因素之和等于需求变化；按对数变化份额分解（LMDI），只描述模型如何得出该数，不表示因果。",
          en:
            "The parts add up to the change; split by shares of the log change (LMDI). They say how the model arrives at the figure, not what causes it."
        ),
      ])
  }

  private func openingsTable(_ outline: inout Outline) -> StatTable? {
    let title = Bilingual(zh: "岗位空缺：扩张与替代", en: "Openings: expansion and replacement")
    let year = edition.focusYear
    let rows = headlineRegions.compactMap { region -> StatRow? in
      guard let all = entry(.openings, region.code, year) else { return nil }
      let expansion = entry(.expansion, region.code, year)
      let replacement = entry(.replacement, region.code, year)
      let share = replacement.flatMap { Fact.derived(.ratio, [$0, all]) }
      return StatRow(
        [
          .text(region.name), .number(all), .interval(all), .number(expansion), .number(replacement),
          .number(all.value > 0 ? share : nil, .tablePercent), .number(entry(.pressure, region.code, year), .decimal(places: 2)),
          .grade(worst: [all, expansion, replacement]),
        ], total: region.kind == .nation)
    }
    guard !rows.isEmpty else {
      outline.missing(title, Bilingual(zh: "供给流量与需求变化", en: "Supply flows and change of demand"))
      return nil
    }
    return StatTable(
      anchor: "t-openings",
      title: Bilingual(zh: "\(title.zh)（\(year)年，预计）", en: "\(title.en), \(year) (projected)"),
      unit: Bilingual(zh: "人/年", en: "persons a year"),
      columns: [
        StatColumn(.region, numeric: false), StatColumn(Bilingual(zh: "空缺合计", en: "Openings")),
        StatColumn(.interval80), StatColumn(Bilingual(zh: "扩张", en: "Expansion")),
        StatColumn(Bilingual(zh: "替代", en: "Replacement")),
        StatColumn(Bilingual(zh: "替代占比（%）", en: "Replacement share (%)")),
        StatColumn(Bilingual(zh: "新增÷空缺", en: "Entrants ÷ openings")),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        Bilingual(
          zh: "空缺＝扩张＋替代；替代＝退休＋其他流出＋转出。新增÷空缺小于1表示新增不足以填补空缺。",
          en:
            "Openings = expansion + replacement; replacement = retirements + exits + transfers out. Entrants ÷ openings below 1: entrants do not fill the openings."
        )
      ], sources: sources(of: rows.flatMap { $0.cells.compactMap(\.fact) }))
  }

  /// Where openings come from, year by year: growth, or people to be replaced.
  func openingsFigure() -> Figure? {
    guard let nation else { return nil }
    let rows = years(.openings).filter { $0 > edition.referenceYear && $0 <= edition.horizon }.compactMap { year -> BarChart.Row? in
      guard let growth = fact(.expansion, nation.code, year), let replaced = fact(.replacement, nation.code, year) else { return nil }
      return BarChart.Row(name: Bilingual(zh: "\(year)年", en: "\(year)"), facts: [growth, replaced])
    }
    guard rows.count > 2 else { return nil }
    return Figure(
      anchor: "f-openings",
      title: Bilingual(
        zh: "\(nation.name.zh)岗位空缺的来源（\(edition.referenceYear + 1)—\(edition.horizon)年，预计）",
        en: "Where openings come from: \(nation.name.en), \(edition.referenceYear + 1)–\(edition.horizon) (projected)"),
      alternative: alternative(
        rows.flatMap { row in
          [
            (Bilingual(zh: row.name.zh + "扩张", en: row.name.en + " expansion"), row.facts[0]),
            (Bilingual(zh: "替代", en: "replacement"), row.facts[1]),
          ]
        }, Bilingual(zh: "逐年扩张与替代", en: "expansion and replacement by year")),
      content: .bars(
        BarChart(seriesNames: [Bilingual(zh: "扩张", en: "Expansion"), Bilingual(zh: "替代", en: "Replacement")], rows: rows, percent: false)),
      notes: [
        Bilingual(
          zh: "扩张为负表示需求减少；替代为退休、其他流出与转出。",
          en: "Negative expansion: demand shrinks. Replacement: retirements, exits and transfers out.")
      ], sources: sources(of: rows.flatMap(\.facts)))
  }
}
