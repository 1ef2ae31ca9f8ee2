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
              rows.map { ($0.name, $0.fact) }, Bilingual(zh: "按均值列示", en: "listed by mean")),
            content: .ranking(IntervalChart(rows: rows, axisTitle: Bilingual(zh: "需求", en: "Demand")))))
      }
    }
    outline.missing(
      Bilingual(zh: "产业—岗位矩阵", en: "Industry by occupation matrix"),
      Bilingual(zh: "分产业、分岗位的就业统计", en: "Employment by industry and occupation"))
    return Chapter(
      title: Bilingual(zh: "重点产业", en: "Industries"), anchor: "industries", blocks: blocks.all)
  }
}

extension Cube {
  func scenariosChapter(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    blocks.box(
      Bilingual(zh: "专栏　如何读区间", en: "Box: how to read the ranges"), "scenarios.box",
      Bilingual(
        zh: "80%区间的含义是：按过去同类预测的误差，实际值落在区间内的机会约为五分之四；95%区间约为二十分之十九。区间只反映已度量的误差，不包含情景假设本身改变的可能；情景是条件，不是预言。短缺概率在20%与80%之间的，是否短缺尚无定论。",
        en:
          "An 80% interval means that, judging by the errors of past forecasts of this kind, the outcome lies inside about four times in five; a 95% interval nineteen times in twenty. Intervals hold measured error only, not a change of the scenario's assumptions: a scenario is a condition and no prophecy. Where the probability of a shortage lies between 20% and 80%, whether there is one is open."
      ))
    if let nation, let table = scenarioTable(nation, anchor: "t-scenarios") {
      blocks.say(spreadSentence())
      blocks.table(table)
      blocks.table(leverTable(&outline))
    } else {
      outline.missing(
        Bilingual(zh: "情景结果对照", en: "Results by scenario"),
        Bilingual(zh: "在版次文件 compare 下列出要并列的情景", en: "Scenarios listed under compare in the edition file"))
    }
    if let sensitivity = input.sensitivity, let chart = tornado(sensitivity) {
      blocks.section(Bilingual(zh: "哪些假定左右结果", en: "Which assumptions sway the result"), "sensitivity")
      blocks.figure(chart)
      blocks.table(swingTable(sensitivity))
    } else {
      outline.missing(
        Bilingual(zh: "敏感性龙卷风图", en: "Sensitivity tornado"),
        Bilingual(zh: "对各杠杆的敏感性计算结果", en: "A sensitivity run over the levers"))
    }
    return Chapter(
      title: Bilingual(zh: "情景与不确定性", en: "Scenarios and uncertainty"), anchor: "scenarios",
      blocks: blocks.all)
  }

  /// The scenarios between which the others lie.
  private func spreadSentence() -> Sentence? {
    guard let nation else { return nil }
    let year = edition.focusYear
    let known = input.scenarios.compactMap { scenario in
      fact(gapMeasure, nation.code, year, scenario: scenario.code).map { (scenario.name, $0) }
    }.sorted { $1.1.value < $0.1.value }
    guard let (most, large) = known.first, let (least, small) = known.last, known.count > 2,
      let count = Fact.derived(.count, known.map(\.1))
    else { return nil }
    let zhTail: Prose = isOpen(large) || isOpen(small) ? "，是否短缺尚无定论" : ""
    let enTail: Prose = isOpen(large) || isOpen(small) ? "; whether there is a shortage is open" : ""
    let scenarios = NumberFormat.count(unit: Bilingual(zh: "个", en: " scenarios"))
    return Sentence(
      "scenarios.spread",
      zh:
        "所列\(count, scenarios)情景中，预计\(nation.name.zh)\(year: year)年供需缺口的均值在\(least.zh)的\(Prose.gap(small, edition, named: false, in: .zh))与\(most.zh)的\(Prose.gap(large, edition, named: false, in: .zh))之间\(zhTail)。",
      en:
        "Among the \(count, scenarios) listed, the mean of the projected gap of \(nation.name.en) in \(year: year) lies between \(Prose.gap(small, edition, named: false, in: .en)) under \(least.en) and \(Prose.gap(large, edition, named: false, in: .en)) under \(most.en)\(enTail)."
    )
  }

  private func leverTable(_ outline: inout Outline) -> StatTable? {
    let names = Dictionary(input.scenarios.map { ($0.code, $0.name) }) { first, _ in first }
    let rows = input.levers.map { row in
      StatRow([
        .text(names[row.scenario] ?? Bilingual(zh: row.scenario, en: row.scenario)), .text(row.lever), .text(row.change),
        .text(row.years), row.places.zh.isEmpty ? .text(Bilingual(zh: "各地", en: "everywhere")) : .text(row.places),
        .text(row.authority),
      ])
    }
    guard !rows.isEmpty else {
      outline.missing(
        Bilingual(zh: "情景假设对照", en: "Assumptions by scenario"),
        Bilingual(zh: "移动杠杆的情景", en: "Scenarios that move a lever"))
      return nil
    }
    return StatTable(
      anchor: "t-levers", title: Bilingual(zh: "情景假设对照", en: "Assumptions by scenario"),
      columns: [
        StatColumn(Bilingual(zh: "情景", en: "Scenario"), numeric: false),
        StatColumn(Bilingual(zh: "杠杆", en: "Lever"), numeric: false),
        StatColumn(Bilingual(zh: "改动", en: "Change"), numeric: false),
        StatColumn(Bilingual(zh: "年份", en: "Years"), numeric: false),
        StatColumn(Bilingual(zh: "地区", en: "Places"), numeric: false),
        StatColumn(Bilingual(zh: "依据", en: "Authority"), numeric: false),
      ], rows: rows,
      notes: [
        Bilingual(
          zh: "情景取值均为假定（D）；“=”为设定，“×”为相乘，“+”为相加，“%/年”为逐年复合，逐年列出的为路径，年份之间按直线。",
          en:
            "Every value of a scenario is assumed (D). = sets, × multiplies, + adds, % a year compounds; values by year are a path, straight between them."
        )
      ])
  }

  /// A place under every scenario in the year in focus.
  func scenarioTable(_ region: ReportRegion, anchor: String) -> StatTable? {
    let year = edition.focusYear
    let rows = input.scenarios.compactMap { scenario -> StatRow? in
      let supply = entry(.supply, region.code, year, scenario: scenario.code)
      let demand = entry(.demand, region.code, year, scenario: scenario.code)
      let gap = entry(gapMeasure, region.code, year, scenario: scenario.code)
      guard supply != nil || demand != nil else { return nil }
      let change = fact(gapMeasure, region.code, year).flatMap { own in gap.flatMap { Fact.derived(.difference, [$0, own]) } }
      return StatRow([
        .text(scenario.name), .number(supply), .number(demand), .number(gap), .interval(gap),
        .number(entry(.shortageProbability, region.code, year, scenario: scenario.code), .tableProbability),
        scenario.code == edition.scenario ? .notApplicable : .number(change), .grade(worst: [supply, demand, gap]),
      ])
    }
    guard rows.count > 1 else { return nil }
    let note = Bilingual(
      zh: "数值为抽样均值；各情景用同样的随机数，其他情景至多抽样一千次。",
      en: "Values are means of draws with the same chances in every scenario, at most one thousand of the other scenarios."
    )
    return StatTable(
      anchor: anchor,
      title: Bilingual(
        zh: "\(region.name.zh)各情景的供给、需求与缺口（\(year)年，预计）", en: "\(region.name.en) by scenario, \(year) (projected)"),
      unit: .persons,
      columns: [
        StatColumn(Bilingual(zh: "情景", en: "Scenario"), numeric: false), StatColumn(Bilingual(zh: "供给", en: "Supply")),
        StatColumn(Bilingual(zh: "需求", en: "Demand")), StatColumn(Bilingual(zh: "缺口", en: "Gap")),
        StatColumn(Bilingual(zh: "缺口80%区间", en: "Gap, 80% interval")),
        StatColumn(Bilingual(zh: "短缺概率（%）", en: "P(shortage) (%)")),
        StatColumn(Bilingual(zh: "缺口较本情景", en: "Gap less this scenario's")), StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [.standingGapNote, note]
        + contraryNotes(input.scenarios.map { fact(gapMeasure, region.code, year, scenario: $0.code) }),
      sources: sources(of: rows.flatMap { $0.cells.compactMap(\.fact) }))
  }

  // MARK: Sensitivity

  /// A figure of the sensitivity run, in the unit of the run's own.
  private func sensitivityFact(_ all: Sensitivity, _ name: String, _ value: Double) -> Fact? {
    var found = inputFact("sensitivity/\(name)", value, basis: .forecast, evidence: .assumed, year: all.year)
    found?.unit = entry(all.measure, all.region, all.year)?.unit ?? ""
    return found
  }

  private func swingFacts(_ all: Sensitivity) -> [(row: LeverSwing, low: Fact, high: Fact, swing: Fact)] {
    all.swings.enumerated().compactMap { i, row in
      func fact(_ name: String, _ value: Double) -> Fact? { sensitivityFact(all, "\(i)/\(name)", value) }
      guard let low = fact("atLow", row.atLow), let high = fact("atHigh", row.atHigh),
        let swing = fact("swing", row.atHigh - row.atLow)
      else { return nil }
      return (row, low, high, swing)
    }
  }

  private func tornado(_ all: Sensitivity) -> Figure? {
    guard let central = sensitivityFact(all, "central/value", all.central) else { return nil }
    let rows = swingFacts(all).map { row, low, high, _ in
      TornadoChart.Row(
        name: row.lever, atLow: low, atHigh: high, low: NumberFormat.decimal(places: 1).text(row.low, in: .en),
        high: NumberFormat.decimal(places: 1).text(row.high, in: .en))
    }
    guard rows.count > 1 else { return nil }
    let place = name(all.region)
    return Figure(
      anchor: "f-tornado",
      title: Bilingual(
        zh: "\(place.zh)供需缺口对各假定的敏感性（\(all.year)年，预计）",
        en: "What sways the gap of \(place.en), \(all.year) (projected)"),
      alternative: alternative(
        rows.flatMap { row in
          [
            (Bilingual(zh: "\(row.name.zh)取\(row.low)", en: "\(row.name.en) at \(row.low)"), row.atLow),
            (Bilingual(zh: "取\(row.high)", en: "at \(row.high)"), row.atHigh),
          ]
        }, Bilingual(zh: "龙卷风图，影响由大到小", en: "tornado, widest first")),
      content: .tornado(TornadoChart(rows: rows, central: central, axisTitle: Bilingual(zh: "供需缺口", en: "Gap"))),
      notes: [
        Bilingual(
          zh: "每次只动一个杠杆，预测期内各年取其可信范围的一端，其余保持本情景；抽样均值，各次用同样的随机数。范围为假定（D），两端不等可能。",
          en:
            "One lever at a time, at one end of its plausible range in every forecast year, the others as in this scenario; means of draws with the same chances. Ranges are assumed (D); their ends are not equally likely."
        )
      ])
  }

  private func swingTable(_ all: Sensitivity) -> StatTable? {
    let rows = swingFacts(all).map { row, low, high, swing in
      StatRow([
        .text(row.lever), .text(row.unit), .code(NumberFormat.decimal(places: 1).text(row.low, in: .en)), .number(low),
        .code(NumberFormat.decimal(places: 1).text(row.high, in: .en)), .number(high), .number(swing), .grade(.assumed),
      ])
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-tornado",
      title: Bilingual(
        zh: "各杠杆取可信范围两端时的供需缺口（\(name(all.region).zh)，\(all.year)年，预计）",
        en: "Gap with each lever at the ends of its range: \(name(all.region).en), \(all.year) (projected)"),
      unit: .persons,
      columns: [
        StatColumn(Bilingual(zh: "杠杆", en: "Lever"), numeric: false), StatColumn(Bilingual(zh: "单位", en: "Unit"), numeric: false),
        StatColumn(Bilingual(zh: "低值", en: "Low"), numeric: false), StatColumn(Bilingual(zh: "低值时缺口", en: "Gap at low")),
        StatColumn(Bilingual(zh: "高值", en: "High"), numeric: false), StatColumn(Bilingual(zh: "高值时缺口", en: "Gap at high")),
        StatColumn(Bilingual(zh: "变化", en: "Swing")), StatColumn(.gradeHead, numeric: false),
      ], rows: rows, notes: [.standingGapNote])
  }
}
