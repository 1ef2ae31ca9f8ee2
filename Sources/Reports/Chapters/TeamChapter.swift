import Dimensions
import Messages

extension Cube {
  /// One section a team, the same skeleton for each.
  func teamsChapter(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    for team in teams {
      guard let table = teamTable(team) else { continue }
      blocks.section(team.name, "team-\(team.code)")
      blocks.say(teamSentence(team))
      blocks.table(table)
      if let nation { blocks.figure(fan(nation, team: team.code, anchor: "f-team-\(team.code)")) }
    }
    if blocks.isEmpty {
      outline.missing(
        Bilingual(zh: "五支队伍供需", en: "Supply and demand by team"),
        Bilingual(zh: "按队伍的供给与需求", en: "Supply and demand by team"))
    }
    return Chapter(
      title: Bilingual(zh: "人才队伍", en: "Teams"), anchor: "teams", blocks: blocks.all)
  }

  private func teamSentence(_ team: NamedCode) -> Sentence? {
    guard let nation, let gap = fact(gapMeasure, nation.code, edition.focusYear, team: team.code),
      gap.basis == .forecast
    else { return nil }
    let zhTail: Prose
    let enTail: Prose
    if let chance = fact(.shortageProbability, nation.code, edition.focusYear, team: team.code) {
      zhTail = isOpen(gap) ? "，短缺概率为\(chance, .probability)，是否短缺尚无定论" : "，短缺概率为\(chance, .probability)"
      enTail =
        isOpen(gap)
        ? "; the probability of a shortage is \(chance, .probability): whether there is one is open"
        : "; the probability of a shortage is \(chance, .probability)"
    } else {
      (zhTail, enTail) = isOpen(gap) ? ("，是否短缺尚无定论", "; whether there is a shortage is open") : ("", "")
    }
    return Sentence(
      "team.\(team.code)",
      zh: "预计\(year: edition.focusYear)年\(nation.name.zh)\(team.name.zh)供需缺口为\(Prose.gap(gap, edition, in: .zh))\(zhTail)。",
      en:
        "The \(team.name.en) team's gap in \(nation.name.en) is projected at \(Prose.gap(gap, edition, in: .en)) in \(year: edition.focusYear)\(enTail)."
    )
  }

  private func teamTable(_ team: NamedCode) -> StatTable? {
    let year = edition.focusYear
    guard let base = baseYear(.supply) else { return nil }
    let rows = headlineRegions.compactMap { region -> StatRow? in
      let stock = entry(.supply, region.code, base, team: team.code)
      let supply = entry(.supply, region.code, year, team: team.code)
      let demand = entry(.demand, region.code, year, team: team.code)
      let gap = entry(gapMeasure, region.code, year, team: team.code)
      guard [stock, supply, demand, gap].contains(where: { $0 != nil }) else { return nil }
      return StatRow(
        [
          .text(region.name), .number(stock), .number(supply), .number(demand), .number(gap),
          .interval(gap), .grade(worst: [stock, supply, demand, gap]),
        ], total: region.kind == .nation)
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-team-\(team.code)",
      title: Bilingual(zh: "\(team.name.zh)供需", en: "Supply and demand, \(team.name.en) team"), unit: .persons,
      columns: [
        StatColumn(.region, numeric: false), StatColumn(Bilingual(zh: "\(base)年供给", en: "Supply \(base)")),
        StatColumn(Bilingual(zh: "\(year)年供给", en: "Supply \(year)")),
        StatColumn(Bilingual(zh: "\(year)年需求", en: "Demand \(year)")),
        StatColumn(Bilingual(zh: "\(year)年缺口", en: "Gap \(year)")),
        StatColumn(Bilingual(zh: "缺口80%区间", en: "Gap, 80% interval")),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows, notes: [.standingGapNote],
      sources: sources(of: rows.flatMap { $0.cells.compactMap(\.fact) }))
  }
}
