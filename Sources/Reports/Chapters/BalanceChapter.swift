import Dimensions
import Messages

/// A unit in a ranking with the ranks that its interval leaves open.
struct Ranked {
  let name: Bilingual
  let gap: Fact
  let share: Fact?
  let chance: Fact?
  let best: Int
  let worst: Int
}

/// Whether one forecast is above another beyond doubt: their 80 % intervals do not meet.
func liesAbove(_ a: Fact, _ b: Fact) -> Bool { (a.low ?? a.value) > (b.high ?? b.value) }

/// Ranks by gap, largest first. A unit's best rank is one more than the units certainly above it
/// (their 80 % band lies above its own), its worst rank is all but those certainly below.
func ranked(_ units: [(name: Bilingual, gap: Fact, share: Fact?, chance: Fact?)]) -> [Ranked] {
  func low(_ fact: Fact) -> Double { fact.low ?? fact.value }
  func high(_ fact: Fact) -> Double { fact.high ?? fact.value }
  let sorted = units.enumerated().sorted {
    ($1.element.gap.value, $0.offset) < ($0.element.gap.value, $1.offset)
  }.map(\.element)
  return sorted.map { unit in
    let above = sorted.count { low($0.gap) > high(unit.gap) }
    let below = sorted.count { high($0.gap) < low(unit.gap) }
    return Ranked(
      name: unit.name, gap: unit.gap, share: unit.share, chance: unit.chance, best: above + 1,
      worst: sorted.count - below)
  }
}

extension Cube {
  func balance(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    blocks.section(Bilingual(zh: "供需平衡", en: "Balance"), "balance-table")
    blocks.table(balanceTable())
    blocks.section(Bilingual(zh: "缺口排序", en: "Ranking of gaps"), "gap-ranking")
    blocks.say(tieSentence())
    blocks.table(rankingTable(teamUnits, anchor: "t-ranking", title: Bilingual(zh: "高地×队伍缺口排序", en: "Gaps by hub and team, ranked")))
    blocks.figure(rankingFigure(teamUnits, anchor: "f-ranking", title: Bilingual(zh: "高地×队伍供需缺口", en: "Gap by hub and team")))
    blocks.figure(rankingFigure(provinceUnits, anchor: "f-provinces", title: Bilingual(zh: "分省供需缺口", en: "Gap by province-level region")))
    for map in maps(.balance) { blocks.figure(map) }
    if teamUnits.isEmpty {
      outline.missing(
        Bilingual(zh: "高地×队伍缺口排序", en: "Gaps by hub and team, ranked"),
        Bilingual(zh: "按队伍的供给与需求", en: "Supply and demand by team"))
    }
    return Chapter(
      title: Bilingual(zh: "供需平衡与缺口", en: "Balance and gap"), anchor: "balance", blocks: blocks.all)
  }

  private func balanceTable() -> StatTable? {
    let years = milestoneYears(gapMeasure)
    let rows = headlineRegions.flatMap { region in
      years.compactMap { year -> StatRow? in
        guard let gap = entry(gapMeasure, region.code, year) else { return nil }
        let supply = entry(.supply, region.code, year)
        let demand = entry(.demand, region.code, year)
        return StatRow([
          .text(region.name), .text(.year(year, edition)), .number(supply), .number(demand),
          .number(gap), .interval(gap), .number(entry(.adequacy, region.code, year), .tablePercent),
          .number(entry(.shortageProbability, region.code, year), .tableProbability),
          .grade(worst: [supply, demand, gap]),
        ])
      }
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-balance",
      title: Bilingual(
        zh: "供需平衡表（\(edition.scenarioName.zh)）", en: "Supply–demand balance (\(edition.scenarioName.en))"),
      unit: .persons,
      columns: [
        StatColumn(.region, numeric: false), StatColumn(Bilingual(zh: "年份", en: "Year"), numeric: false),
        StatColumn(Bilingual(zh: "供给", en: "Supply")), StatColumn(Bilingual(zh: "需求", en: "Demand")),
        StatColumn(Bilingual(zh: "缺口", en: "Gap")), StatColumn(Bilingual(zh: "缺口80%区间", en: "Gap, 80% interval")),
        StatColumn(Bilingual(zh: "满足率（%）", en: "Adequacy (%)")),
        StatColumn(Bilingual(zh: "短缺概率（%）", en: "P(shortage) (%)")),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        .standingGapNote,
        Bilingual(
          zh: "满足率＝供给均值÷需求均值。", en: "Adequacy = mean supply ÷ mean demand."),
        .meanNote,
      ] + contraryNotes(headlineRegions.flatMap { region in years.map { fact(gapMeasure, region.code, $0) } }),
      sources: sources(of: rows.flatMap { $0.cells.compactMap(\.fact) }))
  }

  private typealias Unit = (name: Bilingual, gap: Fact, share: Fact?, chance: Fact?)

  private func unit(_ region: ReportRegion, team: String, name: Bilingual) -> Unit? {
    let year = edition.focusYear
    guard let gap = fact(gapMeasure, region.code, year, team: team) else { return nil }
    let demand = fact(.demand, region.code, year, team: team)
    let share = demand.flatMap { $0.value > 0 ? Fact.derived(.ratio, [gap, $0]) : nil }
    return (name, gap, share, fact(.shortageProbability, region.code, year, team: team))
  }

  private var teamUnits: [Unit] {
    hubs.flatMap { hub in
      teams.compactMap { team in
        unit(
          hub, team: team.code,
          name: Bilingual(zh: "\(hub.name.zh)·\(team.name.zh)", en: "\(hub.name.en), \(team.name.en)"))
      }
    }
  }

  private var provinceUnits: [Unit] {
    provinces.compactMap { unit($0, team: "total", name: $0.name) }
  }

  private func tieSentence() -> Sentence? {
    let units = ranked(teamUnits)
    guard let top = units.first, units.count > 1 else { return nil }
    let tied = units.filter { $0.best == 1 }
    guard let count = Fact.derived(.count, tied.map(\.gap)) else { return nil }
    let items = Bilingual(zh: "个", en: "")
    guard tied.count == 1 else {
      return Sentence(
        "balance.ties",
        zh:
          "预计\(year: edition.focusYear)年各单元中缺口何者居首尚无定论：80%区间相互重叠、可能居首的有\(count, .count(unit: items))单元（\(see: "t-ranking")）。",
        en:
          "Which unit has the largest projected gap in \(year: edition.focusYear) is open: the 80% intervals of \(count, .tableCount) units leave them the first place (\(see: "t-ranking"))."
      )
    }
    return Sentence(
      "balance.ties",
      zh:
        "预计\(year: edition.focusYear)年缺口居首的是\(top.name.zh)，为\(Prose.withInterval(top.gap, .persons, edition, in: .zh))，80%区间高于其余单元（\(see: "t-ranking")）。",
      en:
        "The largest projected gap in \(year: edition.focusYear) is that of \(top.name.en), \(Prose.withInterval(top.gap, .persons, edition, in: .en)), its 80% interval above all others (\(see: "t-ranking"))."
    )
  }

  private func rankingTable(_ units: [Unit], anchor: String, title: Bilingual) -> StatTable? {
    let year = edition.focusYear
    let rows = ranked(units).map { unit in
      StatRow([
        .code(unit.best == unit.worst ? "\(unit.best)" : "\(unit.best)～\(unit.worst)"),
        .text(unit.name), .number(unit.gap), .interval(unit.gap), .number(unit.share, .tablePercent),
        .number(unit.chance, .tableProbability), .grade(unit.gap.evidence),
      ])
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: anchor,
      title: Bilingual(zh: "\(title.zh)（\(year)年，预计）", en: "\(title.en), \(year) (projected)"),
      unit: .persons,
      columns: [
        StatColumn(Bilingual(zh: "名次范围", en: "Rank range"), numeric: false),
        StatColumn(Bilingual(zh: "单元", en: "Unit"), numeric: false),
        StatColumn(Bilingual(zh: "缺口", en: "Gap")), StatColumn(.interval80),
        StatColumn(Bilingual(zh: "缺口÷需求（%）", en: "Gap ÷ demand (%)")),
        StatColumn(Bilingual(zh: "短缺概率（%）", en: "P(shortage) (%)")),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        .standingGapNote,
        Bilingual(
          zh: "按缺口均值列示；名次范围由80%区间是否重叠得出，范围相交即并列，不分先后。",
          en: "Listed by mean gap. The rank range follows from overlapping 80% intervals: ranges that meet are ties."),
      ] + contraryNotes(units.map(\.gap)), sources: sources(of: units.map(\.gap)))
  }

  private func rankingFigure(_ units: [Unit], anchor: String, title: Bilingual) -> Figure? {
    guard units.count > 1 else { return nil }
    let rows = ranked(units).map { IntervalChart.Row(name: $0.name, fact: $0.gap) }
    let year = edition.focusYear
    return Figure(
      anchor: anchor,
      title: Bilingual(zh: "\(title.zh)（\(year)年，预计）", en: "\(title.en), \(year) (projected)"),
      alternative: alternative(
        rows.map { ($0.name, $0.fact) }, Bilingual(zh: "按缺口均值列示", en: "listed by mean gap")),
      content: .ranking(IntervalChart(rows: rows, axisTitle: Bilingual(zh: "供需缺口", en: "Gap"))),
      notes: contraryNotes(rows.map(\.fact)))
  }
}
