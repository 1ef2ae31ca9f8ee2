import Dimensions
import Messages

extension Cube {
  func supply(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    blocks.table(teamSupplyTable(&outline))
    blocks.table(tierTable())
    blocks.table(flowTable(&outline))
    blocks.say(replacementSentence())
    if let nation { blocks.figure(waterfall(nation, anchor: "f-waterfall")) }
    for map in maps(.supply) { blocks.figure(map) }
    for (zh, en, fillZh, fillEn) in Cube.supplyNeeds {
      outline.missing(Bilingual(zh: zh, en: en), Bilingual(zh: fillZh, en: fillEn))
    }
    return Chapter(
      title: Bilingual(zh: "供给", en: "Supply"), anchor: "supply", blocks: blocks.all)
  }

  private static let supplyNeeds = [
    ("学历、年龄、性别、职称结构", "Structure by education, age, sex and grade", "人才调查或登记的结构数据", "A survey or register with structure"),
    ("按用人主体分的人才构成", "Composition by employer", "按用人主体的登记或调查", "A register or survey by employer"),
    ("人才流入流出矩阵", "Mobility matrix", "两期可连接的登记数据", "Two linkable registers"),
  ]

  private func teamSupplyTable(_ outline: inout Outline) -> StatTable? {
    let title = Bilingual(zh: "按队伍分的人才供给", en: "Supply by team")
    guard let base = baseYear(.supply) else { return nil }
    let table = crossTable(
      anchor: "t-supply-team", title: title, year: base, measure: .supply, regions: headlineRegions,
      rows: teams.map { ($0.name, $0.code) }, byTeam: true)
    if table == nil {
      outline.missing(title, Bilingual(zh: "按队伍的人数统计", en: "Counts by team"))
    }
    return table
  }

  /// Rows: teams or industries with their total; columns: regions.
  func crossTable(
    anchor: String, title: Bilingual, year: Int, measure: Measure, regions: [ReportRegion],
    rows: [(Bilingual, String)], byTeam: Bool
  ) -> StatTable? {
    func value(_ region: ReportRegion, _ code: String) -> Fact? {
      byTeam
        ? entry(measure, region.code, year, team: code)
        : entry(measure, region.code, year, industry: code)
    }
    let filled = rows.filter { row in regions.contains { value($0, row.1) != nil } }
    guard !filled.isEmpty else { return nil }
    let all = [(name(team: "total"), "total")] + filled
    let wide = printsTenThousands(regions.map { value($0, "total") })
    let format: NumberFormat = wide ? .tableTenThousands : .tablePersons
    let lines = all.map { name, code in
      let facts = regions.map { value($0, code) }
      return StatRow(
        [.text(name)] + facts.map { .number($0, format) } + [.grade(worst: facts)],
        indent: code == "total" ? 0 : 1, total: code == "total")
    }
    let facts = lines.flatMap { $0.cells.compactMap(\.fact) }
    let forecast = year > edition.referenceYear
    return StatTable(
      anchor: anchor,
      title: Bilingual(
        zh: "\(title.zh)（\(year)年\(forecast ? "，预计" : "")）",
        en: "\(title.en), \(year)\(forecast ? " (projected)" : "")"),
      unit: wide ? .tenThousandPersons : .persons,
      columns: [
        StatColumn(
          byTeam ? Bilingual(zh: "队伍", en: "Team") : Bilingual(zh: "行业", en: "Industry"), numeric: false)
      ] + regions.map { StatColumn($0.name) } + [StatColumn(.gradeHead, numeric: false)],
      rows: lines, notes: [.roundingNote], sources: sources(of: facts), additive: true)
  }

  private static let flows: [(Measure, Bilingual, Double)] = [
    (.entrants, Bilingual(zh: "新增", en: "Entrants"), 1),
    (.retirements, Bilingual(zh: "退休", en: "Retirements"), -1),
    (.exits, Bilingual(zh: "其他流出", en: "Other exits"), -1),
    (.netMigration, Bilingual(zh: "净迁移", en: "Net migration"), 1),
  ]

  private func flowTable(_ outline: inout Outline) -> StatTable? {
    let title = Bilingual(zh: "年度供给流量", en: "Annual supply flows")
    let measures = Cube.flows.filter { !years($0.0).isEmpty }
    guard let year = years(.entrants).first(where: { $0 > edition.referenceYear }) else {
      outline.missing(title, Bilingual(zh: "新增、退休与流出的统计", en: "Counts of entrants, retirements and exits"))
      return nil
    }
    let shown = unique([year, edition.focusYear].filter { years(.entrants).contains($0) })
    let columns = shown.flatMap { y in headlineRegions.map { (y, $0) } }
    let rows = measures.map { measure, name, sign in
      let facts = columns.map { y, region in entry(measure, region.code, y) }
      return StatRow(
        [.text(sign < 0 ? Bilingual(zh: "减：\(name.zh)", en: "less: \(name.en)") : name)]
          + facts.map { .number($0) } + [.grade(worst: facts)])
    }.filter { row in row.cells.contains { $0.fact != nil } }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-flows", title: title, unit: Bilingual(zh: "人/年", en: "persons a year"),
      columns: [StatColumn(Bilingual(zh: "流量", en: "Flow"), numeric: false)]
        + columns.map { y, region in StatColumn(region.name, group: .year(y, edition)) }
        + [StatColumn(.gradeHead, numeric: false)],
      rows: rows,
      notes: [
        Bilingual(
          zh: "流量为当年数，均以正值表示；净迁移可为负。", en: "Flows during the year, as positive magnitudes; net migration may be negative.")
      ], sources: sources(of: rows.flatMap { $0.cells.compactMap(\.fact) }))
  }

  /// The number planners never expect: how much of the openings is replacement.
  private func replacementSentence() -> Sentence? {
    guard let nation, let all = fact(.openings, nation.code, edition.focusYear), all.value > 0,
      let part = fact(.replacement, nation.code, edition.focusYear),
      let share = Fact.derived(.ratio, [part, all])
    else { return nil }
    return Sentence(
      "supply.replacement",
      zh:
        "预计\(year: edition.focusYear)年\(nation.name.zh)岗位空缺为\(Prose.withInterval(all, .persons, edition, in: .zh))，其中替代性空缺（退休与流出形成）占\(share, .percent)。",
      en:
        "Openings in \(nation.name.en) are projected at \(Prose.withInterval(all, .persons, edition, in: .en)) in \(year: edition.focusYear), of which replacement (retirements and exits) is \(share, .percent)."
    )
  }

  /// Stock at the reference year, flows until the focus year, stock then. Not drawn unless the
  /// flows of every year are there.
  func waterfall(_ region: ReportRegion, anchor: String) -> Figure? {
    let (from, to) = (edition.referenceYear, edition.focusYear)
    guard from < to, let start = fact(.supply, region.code, from),
      let end = fact(.supply, region.code, to)
    else { return nil }
    var steps = [
      WaterfallChart.Step(name: Bilingual(zh: "\(from)年末", en: "end \(from)"), fact: start, level: true)
    ]
    var flow = 0.0
    for (measure, name, sign) in Cube.flows {
      let parts = (from + 1...to).compactMap { fact(measure, region.code, $0) }
      if parts.isEmpty, measure == .netMigration { continue }
      guard parts.count == to - from, let sum = Fact.derived(.sum, parts) else { return nil }
      steps.append(WaterfallChart.Step(name: name, fact: sum, sign: sign))
      flow += sign * sum.value
    }
    // Central values of a fan need not add up to the last person; parts that miss by more are no waterfall.
    guard abs(start.value + flow - end.value) <= 0.005 * max(abs(end.value), 1) else { return nil }
    steps.append(
      WaterfallChart.Step(name: Bilingual(zh: "\(to)年末", en: "end \(to)"), fact: end, level: true))
    return Figure(
      anchor: anchor,
      title: Bilingual(
        zh: "\(region.name.zh)供给变动（\(from)—\(to)年，预计）",
        en: "Components of supply change, \(region.name.en), \(from)–\(to) (projected)"),
      alternative: alternative(
        steps.map { ($0.name, $0.fact) }, Bilingual(zh: "供给变动瀑布图", en: "waterfall of supply")),
      content: .waterfall(WaterfallChart(steps: steps)),
      sources: sources(of: steps.map(\.fact)))
  }
}
