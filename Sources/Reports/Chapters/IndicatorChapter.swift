import Messages

extension Cube {
  func indicators(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    blocks.say(openingSentence())
    for row in input.indicators where row.group == .main { blocks.say(progressSentence(row)) }
    blocks.table(
      table(
        .main, anchor: "t-indicators-main",
        title: Bilingual(zh: "规划主要指标完成情况", en: "Main indicators of the plan")))
    blocks.figure(bullets())
    blocks.table(
      table(
        .other, anchor: "t-indicators-other",
        title: Bilingual(zh: "其他量化目标完成情况", en: "Other quantified targets")))
    blocks.table(milestones())
    for row in input.indicators where row.latest == nil && row.group == .main {
      outline.missing(
        Bilingual(zh: "指标进展：\(row.name.zh)", en: "Progress of: \(row.name.en)"),
        Bilingual(zh: "公布的年度数值", en: "A published yearly figure"))
    }
    return Chapter(
      title: Bilingual(zh: "规划指标监测", en: "Plan indicator monitoring"), anchor: "indicators",
      blocks: blocks.all)
  }

  private func openingSentence() -> Sentence? {
    guard !input.indicators.isEmpty else { return nil }
    return Sentence(
      "indicators.opening",
      zh: "各指标均为预期性指标；“尚未达到规划预期值”是对数值的描述，不是对责任的评价。",
      en: "All indicators are anticipatory: “below the expected value” describes a number and assigns no fault.")
  }

  private func progressSentence(_ row: IndicatorRow) -> Sentence? {
    let facts = indicatorFacts(row)
    guard let target = facts.target, let latest = facts.latest, let year = row.latestYear,
      let rate = Fact.derived(.ratio, [latest, target])
    else { return nil }
    let format: NumberFormat = .count(unit: row.unit)
    let inPersons = row.unit.zh == "人" || row.unit.zh == "万人"
    let shown: NumberFormat = row.unit.zh == "人" ? .persons : format
    var zh: Prose =
      "\(row.name.zh)：规划提出\(year: row.targetYear)年达到\(target, shown)；\(verb: latest.basis, .zh)，\(year: year)年为\(latest, shown)，相当于目标的\(rate, .percent)"
    var en: Prose =
      "\(row.name.en): the plan sets out \(target, shown) by \(year: row.targetYear); \(lowered: latest.basis), it was \(latest, shown) in \(year: year), \(rate, .percent) of the target"
    if let required = facts.required, latest.value < target.value {
      zh = zh + "，达到目标每年尚需增长\(required, .percent)"
      en = en + "; reaching the target needs \(required, .percent) a year"
    }
    if let forecast = facts.forecast, let chance = facts.probability, inPersons || row.p10 != nil {
      let word = Wording.likelihood(chance.value)
      zh = zh + "；预计\(year: row.targetYear)年为\(Prose.withInterval(forecast, shown, edition, in: .zh))，达到目标的概率为\(chance, .probability)（\(word.zh)）"
      en =
        en
        + "; it is projected at \(Prose.withInterval(forecast, shown, edition, in: .en)) in \(year: row.targetYear), and the probability of reaching the target is \(chance, .probability) (\(word.en))"
    }
    return Sentence("indicators.\(row.id)", zh: zh + "。", en: en + ".")
  }

  private func table(
    _ group: IndicatorRow.Group, anchor: String, title: Bilingual
  ) -> StatTable? {
    let rows = input.indicators.filter { $0.group == group }.map { row -> StatRow in
      let f = indicatorFacts(row)
      return StatRow([
        .text(row.name), .text(row.unit), .number(f.baseline, .tableCount),
        .number(f.latest, .tableCount), row.latestYear.map { .year($0) } ?? .missing,
        .number(f.target, .tableCount), .year(row.targetYear), .number(f.required, .tablePercent),
        .number(f.forecast, .tableCount), .interval(f.forecast, .tableCount),
        .number(f.probability, .tableProbability), .text(row.judgement),
        .grade(worst: [f.baseline, f.latest, f.target, f.required, f.forecast, f.probability]),
      ])
    }
    guard !rows.isEmpty else { return nil }
    let notes = input.indicators.filter { $0.group == group }.compactMap { row in
      row.note.map { Bilingual(zh: "\(row.name.zh)：\($0.zh)", en: "\(row.name.en): \($0.en)") }
    }
    return StatTable(
      anchor: anchor, title: title,
      columns: [
        StatColumn(Bilingual(zh: "指标", en: "Indicator"), numeric: false),
        StatColumn(Bilingual(zh: "单位", en: "Unit"), numeric: false),
        StatColumn(Bilingual(zh: "基期", en: "Baseline")),
        StatColumn(Bilingual(zh: "最新值", en: "Latest")),
        StatColumn(Bilingual(zh: "年份", en: "Year"), numeric: false),
        StatColumn(Bilingual(zh: "目标", en: "Target")),
        StatColumn(Bilingual(zh: "目标年", en: "By"), numeric: false),
        StatColumn(Bilingual(zh: "尚需年均增速（%）", en: "Needed growth a year (%)")),
        StatColumn(Bilingual(zh: "中位数", en: "Median"), group: Bilingual(zh: "目标年预计", en: "Projected at target year")),
        StatColumn(.interval80, group: Bilingual(zh: "目标年预计", en: "Projected at target year")),
        StatColumn(Bilingual(zh: "达到概率（%）", en: "P(met) (%)")),
        StatColumn(Bilingual(zh: "判断", en: "Judgement"), numeric: false),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: notes + [
        Bilingual(
          zh: "判断：已完成；预计可完成（概率不低于80%，或已实现增速不低于尚需增速）；存在风险；预计难以完成（概率低于20%）；数据不可得。",
          en:
            "Judgement: met; on course (probability at least 80%, or realised growth not below needed growth); at risk; unlikely (below 20%); no data."
        )
      ],
      sources: unique(input.indicators.filter { $0.group == group && !$0.source.isEmpty }.map(\.source)))
  }

  private func milestones() -> StatTable? {
    let rows = input.indicators.filter { $0.group == .milestone }.map { row in
      StatRow([.text(row.name), .year(row.targetYear), .text(row.judgement), .text(row.note ?? Bilingual(zh: "", en: ""))])
    }
    guard !rows.isEmpty else { return nil }
    return StatTable(
      anchor: "t-milestones", title: Bilingual(zh: "覆盖类与建设类任务进展", en: "Milestone tasks"),
      columns: [
        StatColumn(Bilingual(zh: "任务", en: "Task"), numeric: false),
        StatColumn(Bilingual(zh: "期限", en: "By"), numeric: false),
        StatColumn(Bilingual(zh: "状态", en: "Status"), numeric: false),
        StatColumn(Bilingual(zh: "说明", en: "Note"), numeric: false),
      ], rows: rows)
  }

  private func bullets() -> Figure? {
    let rows = input.indicators.filter { $0.group == .main }.compactMap { row -> BulletChart.Row? in
      let f = indicatorFacts(row)
      guard let target = f.target, target.value > 0 else { return nil }
      return BulletChart.Row(
        name: row.name, target: target, baseline: f.baseline, latest: f.latest, forecast: f.forecast)
    }
    guard !rows.isEmpty else { return nil }
    let shown = input.indicators.filter { $0.group == .main }.compactMap { row in
      indicatorFacts(row).latest.map { latest in
        (row, latest)
      }
    }
    func text(_ language: Language) -> String {
      shown.map { row, latest in
        let value = NumberFormat.count(unit: row.unit).text(latest.value, in: language)
        return "\(row.name[language]) \(value)"
      }.joined(separator: language == .zh ? "；" : "; ")
    }
    return Figure(
      anchor: "f-bullets", title: Bilingual(zh: "规划主要指标进度", en: "Progress of the main indicators"),
      alternative: Bilingual(
        zh: "各指标最新值与目标（100）的比较：\(text(.zh))。",
        en: "Latest value of each indicator against its target (100): \(text(.en))."),
      content: .bullets(BulletChart(rows: rows)))
  }
}

/// In order of first appearance.
func unique<T: Hashable>(_ all: [T]) -> [T] {
  var seen: Set<T> = []
  return all.filter { seen.insert($0).inserted }
}
