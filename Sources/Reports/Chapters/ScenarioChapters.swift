import Dimensions
import Messages

extension Cube {
  func industriesChapter(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    let regions = headlineRegions
    let codes = industries.map { ($0.name, $0.code) }
    for year in [baseYear(.demand), edition.focusYear].compactMap({ $0 }) {
      blocks.table(
        crossTable(
          anchor: "t-industry-\(year)", title: Bilingual(zh: "分行业、分地区需求", en: "Demand by industry and region"),
          year: year, measure: .demand, regions: regions, rows: codes, byTeam: false))
    }
    if let nation {
      let rows = industries.compactMap { industry in
        fact(.demand, nation.code, edition.focusYear, industry: industry.code).map {
          IntervalChart.Row(name: industry.name, fact: $0)
        }
      }.sorted { ($1.fact.value, $0.name.zh) < ($0.fact.value, $1.name.zh) }
      if rows.count > 1 {
        blocks.figure(
          Figure(
            anchor: "f-industry",
            title: Bilingual(
              zh: "\(nation.name.zh)分行业需求（\(edition.focusYear)年，预计）",
              en: "Demand by industry, \(nation.name.en), \(edition.focusYear) (projected)"),
            alternative: alternative(
              rows.map { ($0.name, $0.fact) }, Bilingual(zh: "由大到小", en: "largest first")),
            content: .ranking(IntervalChart(rows: rows, axisTitle: Bilingual(zh: "需求", en: "Demand")))))
      }
    }
    outline.missing(
      Bilingual(zh: "产业—岗位矩阵", en: "Industry by occupation matrix"),
      Bilingual(zh: "分产业、分岗位的就业统计", en: "Employment by industry and occupation"))
    return Chapter(
      title: Bilingual(zh: "重点产业", en: "Industries"), anchor: "industries", blocks: blocks.all)
  }

  func scenariosChapter(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    if input.scenarios.count > 1 {
      blocks.table(leverTable(&outline))
      blocks.table(scenarioTable())
    } else {
      outline.missing(
        Bilingual(zh: "情景结果对照", en: "Results by scenario"),
        Bilingual(zh: "以两个以上情景运行", en: "A run with two or more scenarios"))
    }
    blocks.box(
      Bilingual(zh: "专栏　如何读区间", en: "Box: how to read the ranges"), "scenarios.box",
      Bilingual(
        zh: "80%区间的含义是：按过去同类预测的误差，实际值落在区间内的机会约为五分之四；95%区间约为二十分之十九。区间只反映已度量的误差，不包含情景假设本身改变的可能；情景是条件，不是预言。区间含零的缺口，其方向尚不确定。",
        en:
          "An 80% interval means that, judging by the errors of past forecasts of this kind, the outcome lies inside about four times in five; a 95% interval nineteen times in twenty. Intervals hold measured error only, not a change of the scenario's assumptions: a scenario is a condition and no prophecy. Where the interval of a gap holds zero, its direction is not settled."
      ))
    outline.missing(
      Bilingual(zh: "敏感性龙卷风图", en: "Sensitivity tornado"),
      Bilingual(zh: "对各杠杆的敏感性计算结果", en: "A sensitivity run over the levers"))
    return Chapter(
      title: Bilingual(zh: "情景与不确定性", en: "Scenarios and uncertainty"), anchor: "scenarios",
      blocks: blocks.all)
  }

  private func leverTable(_ outline: inout Outline) -> StatTable? {
    let names = Dictionary(input.scenarios.map { ($0.code, $0.name) }) { first, _ in first }
    let rows = input.levers.map { row in
      StatRow([
        .text(names[row.scenario] ?? Bilingual(zh: row.scenario, en: row.scenario)), .text(row.lever),
        .code(row.value), .text(row.unit), .code(row.source),
      ])
    }
    guard !rows.isEmpty else {
      outline.missing(
        Bilingual(zh: "情景假设对照", en: "Assumptions by scenario"),
        Bilingual(zh: "运行清单中的杠杆取值", en: "Lever values in the run's manifest"))
      return nil
    }
    return StatTable(
      anchor: "t-levers", title: Bilingual(zh: "情景假设对照", en: "Assumptions by scenario"),
      columns: [
        StatColumn(Bilingual(zh: "情景", en: "Scenario"), numeric: false),
        StatColumn(Bilingual(zh: "杠杆", en: "Lever"), numeric: false),
        StatColumn(Bilingual(zh: "取值", en: "Value"), numeric: false),
        StatColumn(Bilingual(zh: "单位", en: "Unit"), numeric: false),
        StatColumn(Bilingual(zh: "依据", en: "Authority"), numeric: false),
      ], rows: rows,
      notes: [Bilingual(zh: "情景取值均为假定（D）。", en: "Every value of a scenario is assumed (D).")])
  }

  private func scenarioTable() -> StatTable? {
    let year = edition.focusYear
    let rows = input.scenarios.flatMap { scenario in
      headlineRegions.compactMap { region -> StatRow? in
        let supply = entry(.supply, region.code, year, scenario: scenario.code)
        let demand = entry(.demand, region.code, year, scenario: scenario.code)
        let gap = entry(gapMeasure, region.code, year, scenario: scenario.code)
        guard supply != nil || demand != nil else { return nil }
        return StatRow([
          .text(scenario.name), .text(region.name), .number(supply), .number(demand), .number(gap),
          .interval(gap), .grade(worst: [supply, demand, gap]),
        ])
      }
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-scenarios",
      title: Bilingual(zh: "情景结果对照（\(year)年，预计）", en: "Results by scenario, \(year) (projected)"),
      unit: .persons,
      columns: [
        StatColumn(Bilingual(zh: "情景", en: "Scenario"), numeric: false), StatColumn(.region, numeric: false),
        StatColumn(Bilingual(zh: "供给", en: "Supply")), StatColumn(Bilingual(zh: "需求", en: "Demand")),
        StatColumn(Bilingual(zh: "缺口", en: "Gap")), StatColumn(Bilingual(zh: "缺口80%区间", en: "Gap, 80% interval")),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows, notes: [.standingGapNote])
  }
}
