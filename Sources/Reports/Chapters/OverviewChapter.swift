import Dimensions
import Messages

extension Cube {
  func overview() -> Chapter {
    var blocks = Blocks()
    for (i, concept) in input.concepts.enumerated() {
      blocks.box(concept.title, "overview.concept.\(i + 1)", concept.text)
    }
    blocks.table(stockTable())
    blocks.table(shareTable())
    blocks.figure(nationFan())
    for map in maps(.overview) { blocks.figure(map) }
    return Chapter(
      title: Bilingual(zh: "总体情况", en: "Overview"), anchor: "overview", blocks: blocks.all)
  }

  private func stockTable() -> StatTable? {
    let observed = years(.supply).filter { $0 <= edition.referenceYear }
    let rows = headlineRegions.map { region in
      LevelRow(name: region.name, total: region.kind == .nation) { entry(.supply, region.code, $0) }
    }
    return levelTable(
      anchor: "t-stock",
      title: Bilingual(
        zh: "\(edition.subject.zh)总量\(span(observed, .zh))", en: "Stock of \(edition.subject.en)\(span(observed, .en))"),
      rows: rows, years: Array(observed.suffix(6)),
      tenThousands: printsTenThousands(rows.flatMap { row in observed.map(row.fact) }), growth: true,
      notes: [Bilingual(zh: "年末数。等级见末列；B、C级为据测算，D级为假定。", en: "Year-end. Grades in the last column; B and C are estimates, D is assumed.")])
  }

  /// （2020—2023年）: a title holds every year between.
  func span(_ years: [Int], _ language: Language) -> String {
    guard let first = years.first, let last = years.last else { return "" }
    if first == last { return language == .zh ? "（\(first)年）" : ", \(first)" }
    return language == .zh ? "（\(first)—\(last)年）" : ", \(first)–\(last)"
  }

  private func shareTable() -> StatTable? {
    guard let nation else { return nil }
    let columns = milestoneYears(.supply)
    let rows = hubs.compactMap { hub -> StatRow? in
      let shares = columns.map { year -> Fact? in
        guard let part = fact(.supply, hub.code, year), let whole = fact(.supply, nation.code, year)
        else { return nil }
        return Fact.derived(.ratio, [part, whole])
      }
      guard shares.contains(where: { $0 != nil }) else { return nil }
      return StatRow(
        [.text(hub.name)] + shares.map { .number($0, .tablePercent) } + [.grade(worst: shares)])
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-share",
      title: Bilingual(zh: "各高地供给相当于全国的比例", en: "Supply of the hubs as a share of the nation"),
      unit: Bilingual(zh: "%", en: "%"),
      columns: [StatColumn(.region, numeric: false)]
        + columns.map { StatColumn(.year($0, edition)) } + [StatColumn(.gradeHead, numeric: false)],
      rows: rows,
      notes: [
        Bilingual(
          zh: "包含港澳的高地与不含港澳台的全国数口径不同，其比例仅供比较规模，不是占比。",
          en:
            "A hub that includes Hong Kong and Macao and a national figure that excludes them differ in scope: the ratio compares size and is not a share."
        )
      ])
  }

  private func nationFan() -> Figure? { nation.flatMap { fan($0, anchor: "f-nation") } }

  /// Supply and demand of a region over all years, with bands.
  func fan(_ region: ReportRegion, team: String = "total", anchor: String) -> Figure? {
    let supply = path(.supply, region.code, team: team)
    let demand = path(.demand, region.code, team: team)
    guard supply.count + demand.count > 3 else { return nil }
    var series: [FanChart.Series] = []
    if supply.count > 1 { series.append(.init(name: Bilingual(zh: "供给", en: "Supply"), points: supply)) }
    if demand.count > 1 { series.append(.init(name: Bilingual(zh: "需求", en: "Demand"), points: demand)) }
    guard !series.isEmpty else { return nil }
    let who =
      team == "total"
      ? region.name
      : Bilingual(
        zh: "\(region.name.zh)·\(name(team: team).zh)", en: "\(region.name.en), \(name(team: team).en)")
    let ends = series.compactMap { one in
      one.points.last.map { end in
        (Bilingual(zh: "\(end.year ?? 0)年\(one.name.zh)", en: "\(one.name.en) in \(end.year ?? 0)"), end)
      }
    }
    return Figure(
      anchor: anchor,
      title: Bilingual(
        zh: "\(who.zh)供给与需求走势", en: "Supply and demand: \(who.en)"),
      alternative: alternative(ends, Bilingual(zh: "供给与需求的扇形图", en: "fan chart of supply and demand")),
      content: .fan(FanChart(series: series, lastObserved: edition.referenceYear)),
      notes: [
        Bilingual(
          zh: "实线为\(edition.referenceYear)年及以前，虚线为预测（\(edition.scenarioName.zh)）；深、浅带为80%和95%区间。",
          en: "Solid to \(edition.referenceYear), dashed beyond (\(edition.scenarioName.en)); dark and light bands are 80% and 95% intervals.")
      ] + [measuredCoverage].compactMap(\.self), sources: sources(of: supply + demand))
  }
}
