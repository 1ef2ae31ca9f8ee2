import Dimensions
import Messages

extension Cube {
  /// One chapter a hub, with the same skeleton so that chapters compare.
  func hubChapter(_ hub: ReportRegion, _ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    let at = hub.code.text
    blocks.say(hubSentence(hub))
    blocks.table(hubPath(hub))
    blocks.figure(fan(hub, anchor: "f-hub-\(at)"))
    blocks.table(
      crossTable(
        anchor: "t-hub-team-\(at)",
        title: Bilingual(zh: "\(hub.name.zh)分队伍需求", en: "Demand by team, \(hub.name.en)"),
        year: edition.focusYear, measure: .demand, regions: [hub],
        rows: teams.map { ($0.name, $0.code) }, byTeam: true))
    blocks.table(
      crossTable(
        anchor: "t-hub-industry-\(at)",
        title: Bilingual(zh: "\(hub.name.zh)分行业需求", en: "Demand by industry, \(hub.name.en)"),
        year: edition.focusYear, measure: .demand, regions: [hub],
        rows: industries.map { ($0.name, $0.code) }, byTeam: false))
    let parts = members(of: hub)
    if parts.isEmpty {
      outline.missing(
        Bilingual(zh: "\(hub.name.zh)分区供需", en: "Supply and demand by district, \(hub.name.en)"),
        Bilingual(zh: "分区的人才或驱动因素数据", en: "Talent or driver data by district"))
    } else {
      addParts(hub, parts, &blocks)
    }
    blocks.figure(waterfall(hub, anchor: "f-waterfall-\(at)"))
    blocks.table(scenarioTable(hub, anchor: "t-scenarios-\(at)"))
    return Chapter(title: hub.name, anchor: "hub-\(at)", blocks: blocks.all)
  }

  private func hubSentence(_ hub: ReportRegion) -> Sentence? {
    guard let gap = fact(gapMeasure, hub.code, edition.focusYear), gap.basis == .forecast,
      let supply = fact(.supply, hub.code, edition.focusYear)
    else { return nil }
    let zhTail: Prose
    let enTail: Prose
    if let chance = fact(.shortageProbability, hub.code, edition.focusYear) {
      zhTail = isOpen(gap) ? "，短缺概率为\(chance, .probability)，是否短缺尚无定论" : "，短缺概率为\(chance, .probability)"
      enTail =
        isOpen(gap)
        ? "; the probability of a shortage is \(chance, .probability): whether there is one is open"
        : "; the probability of a shortage is \(chance, .probability)"
    } else {
      (zhTail, enTail) = isOpen(gap) ? ("，是否短缺尚无定论", "; whether there is a shortage is open") : ("", "")
    }
    return Sentence(
      "hub.\(hub.code)",
      zh:
        "预计\(year: edition.focusYear)年，\(hub.name.zh)供给为\(Prose.withInterval(supply, .persons, edition, in: .zh))，供需缺口为\(Prose.gap(gap, edition, in: .zh))\(zhTail)。",
      en:
        "In \(year: edition.focusYear), supply in \(hub.name.en) is projected at \(Prose.withInterval(supply, .persons, edition, in: .en)) and the gap at \(Prose.gap(gap, edition, in: .en))\(enTail)."
    )
  }

  private func hubPath(_ hub: ReportRegion) -> StatTable? {
    let years = milestoneYears(.supply)
    let rows: [LevelRow] = [
      LevelRow(name: Bilingual(zh: "供给", en: "Supply")) { entry(.supply, hub.code, $0) },
      LevelRow(name: Bilingual(zh: "需求", en: "Demand")) { entry(.demand, hub.code, $0) },
      LevelRow(name: Bilingual(zh: "缺口", en: "Gap")) { entry(gapMeasure, hub.code, $0) },
    ]
    return levelTable(
      anchor: "t-hub-\(hub.code)",
      title: Bilingual(zh: "\(hub.name.zh)供需一览", en: "Supply and demand, \(hub.name.en)"),
      stub: Bilingual(zh: "项目", en: "Item"), rows: rows, years: years,
      tenThousands: printsTenThousands(rows.flatMap { row in years.map(row.fact) }),
      notes: [.standingGapNote])
  }

  /// The parts of a composite hub: cities in one block, special administrative regions in another,
  /// because their statistical systems are separate; then how each part was reached.
  private func addParts(_ hub: ReportRegion, _ parts: [ReportRegion], _ blocks: inout Blocks) {
    let at = hub.code.text
    let sars = parts.filter { $0.kind == .sar }
    let cities = parts.filter { $0.kind != .sar }
    blocks.section(Bilingual(zh: "构成：内地城市", en: "Parts: Mainland cities"), "hub-\(at)-cities")
    blocks.table(
      partTable(
        cities, anchor: "t-parts-\(at)",
        title: Bilingual(zh: "\(hub.name.zh)内地各市供需", en: "Supply and demand of the Mainland cities, \(hub.name.en)"),
        sum: true))
    if !sars.isEmpty {
      blocks.section(
        Bilingual(zh: "构成：特别行政区", en: "Parts: special administrative regions"), "hub-\(at)-sars")
      blocks.text(
        "hub.\(at).sars",
        Bilingual(
          zh: "香港特别行政区、澳门特别行政区的统计制度与内地相互独立，口径不同，下表单列，不与内地各市排序比较。",
          en:
            "The statistical systems of the special administrative regions are separate from the Mainland's and define things differently: they stand in a table of their own and are not ranked with the Mainland cities."
        ))
      blocks.table(
        partTable(
          sars, anchor: "t-sars-\(at)",
          title: Bilingual(zh: "\(hub.name.zh)特别行政区供需", en: "Supply and demand of the special administrative regions, \(hub.name.en)"),
          sum: false))
    }
    blocks.table(reachedTable(hub, parts))
  }

  private func partTable(
    _ parts: [ReportRegion], anchor: String, title: Bilingual, sum: Bool
  ) -> StatTable? {
    guard let base = baseYear(.supply) else { return nil }
    let year = edition.focusYear
    func facts(_ region: ReportRegion) -> [Fact?] {
      [
        entry(.supply, region.code, base), entry(.supply, region.code, year),
        entry(.demand, region.code, year), entry(gapMeasure, region.code, year),
      ]
    }
    var rows = parts.compactMap { region -> StatRow? in
      let f = facts(region)
      guard f.contains(where: { $0 != nil }) else { return nil }
      return StatRow(
        [
          .text(region.name), .number(f[0]), .number(f[1]), .number(f[2]), .number(f[3]),
          .interval(f[3]), .number(entry(.shortageProbability, region.code, year), .tableProbability), .grade(worst: f),
        ], indent: sum ? 1 : 0)
    }
    guard !rows.isEmpty else { return nil }
    if sum {
      // Sums of means: the parts of a draw add up, so do published totals; no interval is invented.
      let sums = (0..<3).map { i -> Fact? in
        let column = parts.compactMap { facts($0)[i] }
        return column.count == parts.count ? Fact.derived(.sum, column) : nil
      }
      let gap = sums[2].flatMap { d in sums[1].flatMap { Fact.derived(.difference, [d, $0]) } }
      rows.insert(
        StatRow(
          [
            .text(Bilingual(zh: "各市合计", en: "Cities together")), .number(sums[0]), .number(sums[1]),
            .number(sums[2]), .number(gap), .notApplicable, .notApplicable, .grade(worst: sums),
          ], total: true), at: 0)
    }
    return StatTable(
      anchor: anchor, title: title, unit: .persons,
      columns: [
        StatColumn(.region, numeric: false), StatColumn(Bilingual(zh: "\(base)年供给", en: "Supply \(base)")),
        StatColumn(Bilingual(zh: "\(year)年供给", en: "Supply \(year)")),
        StatColumn(Bilingual(zh: "\(year)年需求", en: "Demand \(year)")),
        StatColumn(Bilingual(zh: "\(year)年缺口", en: "Gap \(year)")),
        StatColumn(Bilingual(zh: "缺口80%区间", en: "Gap, 80% interval")),
        StatColumn(Bilingual(zh: "短缺概率（%）", en: "P(shortage) (%)")), StatColumn(.gradeHead, numeric: false),
      ], rows: rows, notes: [.standingGapNote, .roundingNote] + contraryNotes(parts.map { facts($0)[3] }),
      sources: sources(of: rows.flatMap { $0.cells.compactMap(\.fact) }), additive: sum)
  }

  /// How each part was reached: method and grade of its supply and demand, from the cells.
  private func reachedTable(_ hub: ReportRegion, _ parts: [ReportRegion]) -> StatTable? {
    // A column that says the same of every part says nothing.
    var concepts: Set<String> = []
    let all = parts.compactMap { region -> (cells: [StatCell], concept: StatCell)? in
      let supply = baseYear(.supply).flatMap { method(.supply, region, $0) }
      let demand = method(.demand, region, edition.focusYear)
      guard supply != nil || demand != nil else { return nil }
      let concept = supply?.concept ?? demand?.concept
      concepts.insert(concept ?? "")
      return (
        [
          .text(region.name), .code(region.code.text), worded(supply?.method), grade(supply?.evidence),
          worded(demand?.method), grade(demand?.evidence),
        ], plain(concept)
      )
    }
    guard !all.isEmpty else { return nil }
    let tell = concepts.count > 1
    return StatTable(
      anchor: "t-reached-\(hub.code)",
      title: Bilingual(zh: "\(hub.name.zh)各部分数值的取得方式", en: "How each part of \(hub.name.en) was reached"),
      columns: [
        StatColumn(.region, numeric: false), StatColumn(Bilingual(zh: "代码", en: "Code"), numeric: false),
        StatColumn(Bilingual(zh: "供给方法", en: "Supply method"), numeric: false),
        StatColumn(Bilingual(zh: "供给等级", en: "Supply grade"), numeric: false),
        StatColumn(Bilingual(zh: "需求方法", en: "Demand method"), numeric: false),
        StatColumn(Bilingual(zh: "需求等级", en: "Demand grade"), numeric: false),
      ] + (tell ? [StatColumn(Bilingual(zh: "口径", en: "Concept"), numeric: false)] : []),
      rows: all.map { StatRow($0.cells + (tell ? [$0.concept] : [])) })
  }

  private func method(_ measure: Measure, _ region: ReportRegion, _ year: Int) -> ResultCell? {
    cell(CellKey(scenario: edition.scenario, region: region.code, year: year, measure: measure))
  }

  private func plain(_ text: String?) -> StatCell {
    text.map { StatCell.code($0) } ?? .missing
  }

  private func worded(_ method: String?) -> StatCell {
    method.map { StatCell.text(Wording.method($0)) } ?? .missing
  }

  private func grade(_ evidence: Evidence?) -> StatCell { evidence.map { .grade($0) } ?? .missing }
}
