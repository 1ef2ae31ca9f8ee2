import Dimensions
import Messages

extension Cube {
  /// 统计表: long-run tables of every region.
  func statisticalAnnex() -> Chapter {
    var blocks = Blocks()
    for (measure, zh, en, anchor) in [
      (Measure.supply, "供给", "Supply", "supply"), (.demand, "需求", "Demand", "demand"),
      (gapMeasure, "供需缺口", "Gap", "gap"),
    ] {
      blocks.table(regionTable(measure, Bilingual(zh: zh, en: en), anchor: "a-\(anchor)-region"))
    }
    for (measure, zh, en) in [(Measure.supply, "供给", "Supply"), (.demand, "需求", "Demand")] {
      blocks.table(teamPathTable(measure, Bilingual(zh: zh, en: en)))
    }
    return Chapter(
      label: .annex(""), title: Bilingual(zh: "统计表", en: "Statistical tables"), anchor: "annex-tables",
      blocks: blocks.all)
  }

  private func regionTable(_ measure: Measure, _ word: Bilingual, anchor: String) -> StatTable? {
    let years = Array(milestoneYears(measure).prefix(4))
    let nationRow = nation.map { [$0] } ?? []
    let others = input.regions.filter { $0.kind != .nation }
    let rows = (nationRow + others).map { region in
      LevelRow(
        name: region.name, indent: region.kind == .city ? 1 : 0, total: region.kind == .nation
      ) { entry(measure, region.code, $0) }
    }
    return levelTable(
      anchor: anchor,
      title: Bilingual(
        zh: "各地区\(word.zh)\(span(years, .zh))", en: "\(word.en) by region\(span(years, .en))"),
      rows: rows, years: years, tenThousands: false,
      notes: [.roundingNote] + (measure == gapMeasure ? [.standingGapNote] : []))
  }

  private func teamPathTable(_ measure: Measure, _ word: Bilingual) -> StatTable? {
    let years = milestoneYears(measure)
    let rows = headlineRegions.flatMap { region in
      ([NamedCode(code: "total", name: name(team: "total"))] + teams).map { team in
        LevelRow(
          name: team.code == "total"
            ? region.name
            : team.name, indent: team.code == "total" ? 0 : 1, total: team.code == "total"
        ) { entry(measure, region.code, $0, team: team.code) }
      }
    }
    guard rows.contains(where: { row in row.indent == 1 && years.contains { row.fact($0) != nil } })
    else { return nil }
    return levelTable(
      anchor: "a-\(measure.rawValue)-team",
      title: Bilingual(
        zh: "各高地分队伍\(word.zh)\(span(years, .zh))", en: "\(word.en) by hub and team\(span(years, .en))"),
      stub: Bilingual(zh: "地区、队伍", en: "Region, team"), rows: rows, years: years,
      tenThousands: false, notes: [.roundingNote], additive: true)
  }

  func sourceAnnex() -> Chapter {
    var blocks = Blocks()
    let rows = input.sources.map { row in
      StatRow([
        .code(row.id), .text(row.title), .text(row.publisher), row.period.map { .code($0) } ?? .notApplicable,
        .text(row.licence), .text(row.usedFor),
      ])
    }
    blocks.table(
      StatTable(
        anchor: "a-sources", title: Bilingual(zh: "数据来源登记", en: "Source register"),
        columns: [
          StatColumn(Bilingual(zh: "编号", en: "Id"), numeric: false),
          StatColumn(Bilingual(zh: "名称", en: "Title"), numeric: false),
          StatColumn(Bilingual(zh: "发布机构", en: "Publisher"), numeric: false),
          StatColumn(Bilingual(zh: "时期", en: "Period"), numeric: false),
          StatColumn(Bilingual(zh: "许可", en: "Licence"), numeric: false),
          StatColumn(Bilingual(zh: "用途", en: "Used for"), numeric: false),
        ], rows: rows))
    return Chapter(
      label: .annex(""), title: Bilingual(zh: "数据来源", en: "Sources"), anchor: "annex-sources",
      blocks: blocks.all)
  }

  func wordingAnnex() -> Chapter {
    var blocks = Blocks()
    func rows(_ table: [Wording.Threshold]) -> [StatRow] {
      table.enumerated().map { i, row in
        let low = NumberFormat.decimal(places: 1).text(row.from * 100, in: .zh)
        let high = i == 0 ? "" : NumberFormat.decimal(places: 1).text(table[i - 1].from * 100, in: .zh)
        return StatRow([.code(i == 0 ? "≥ \(low)" : "\(low)～\(high)"), .text(row.word)])
      }
    }
    blocks.table(
      StatTable(
        anchor: "a-pace", title: Bilingual(zh: "增速用语", en: "Words for growth"),
        columns: [
          StatColumn(Bilingual(zh: "年均变化绝对值（%）", en: "Absolute change a year (%)"), numeric: false),
          StatColumn(Bilingual(zh: "用语", en: "Word"), numeric: false),
        ], rows: rows(Wording.pace)))
    blocks.table(
      StatTable(
        anchor: "a-certainty", title: Bilingual(zh: "概率用语", en: "Words for probability"),
        columns: [
          StatColumn(Bilingual(zh: "概率（%）", en: "Probability (%)"), numeric: false),
          StatColumn(Bilingual(zh: "用语", en: "Word"), numeric: false),
        ], rows: rows(Wording.certainty)))
    let signs: [(String, Bilingual)] = [
      ("[x]", Bilingual(zh: "无数据或未公布", en: "not available or not published")),
      ("—", Bilingual(zh: "不适用（观测值没有区间）", en: "not applicable (a count has no interval)")),
      ("*", Bilingual(zh: "因保密不公布", en: "withheld for confidentiality")),
      ("A, B, C, D", Bilingual(zh: "证据等级：观测、估计、分摊、假定", en: "grades: observed, estimated, allocated, assumed")),
    ]
    blocks.table(
      StatTable(
        anchor: "a-signs", title: Bilingual(zh: "符号", en: "Signs"),
        columns: [
          StatColumn(Bilingual(zh: "符号", en: "Sign"), numeric: false),
          StatColumn(Bilingual(zh: "含义", en: "Meaning"), numeric: false),
        ], rows: signs.map { StatRow([.code($0.0), .text($0.1)]) },
        notes: [Bilingual(zh: "浅灰底色的单元格为预测。", en: "Cells on a grey ground are forecasts.")]))
    let verbs: [(Basis, Bilingual)] = [
      (.counted, Bilingual(zh: "登记或公布的计数", en: "registers and published counts")),
      (.estimated, Bilingual(zh: "对当前或过去的测算", en: "a modelled present or past")),
      (.forecast, Bilingual(zh: "对未来的预测", en: "a future")),
      (.planned, Bilingual(zh: "规划数", en: "a number of the plan")),
    ]
    blocks.table(
      StatTable(
        anchor: "a-verbs", title: Bilingual(zh: "来源用语", en: "Words for origin"),
        columns: [
          StatColumn(Bilingual(zh: "用语", en: "Word"), numeric: false),
          StatColumn(Bilingual(zh: "含义", en: "Meaning"), numeric: false),
        ], rows: verbs.map { StatRow([.text($0.0.verb), .text($0.1)]) }))
    return Chapter(
      label: .annex(""), title: Bilingual(zh: "用语与符号", en: "Words, thresholds and signs"),
      anchor: "annex-words", blocks: blocks.all)
  }

  /// 未能提供的统计表: what the outline asks for and the data cannot fill.
  func unavailableAnnex(_ outline: Outline) -> Chapter {
    var seen: Set<String> = []
    let all = (input.unavailable + outline.unavailable).filter { seen.insert($0.title.zh).inserted }
    var blocks = Blocks()
    blocks.table(
      StatTable(
        anchor: "a-unavailable", title: Bilingual(zh: "未能提供的统计表", en: "Tables not available"),
        columns: [
          StatColumn(Bilingual(zh: "内容", en: "Content"), numeric: false),
          StatColumn(Bilingual(zh: "需要的数据", en: "What would fill it"), numeric: false),
        ], rows: all.map { StatRow([.text($0.title), .text($0.wouldFill)]) }))
    return Chapter(
      label: .annex(""), title: Bilingual(zh: "未能提供的内容", en: "Not available"),
      anchor: "annex-unavailable", blocks: blocks.all)
  }
}
