import Dimensions
import Messages

extension Cube {
  /// 预测准确性与修订: before anything is forecast, how wrong earlier forecasts were.
  func accuracy(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    if !input.hiddenFacts.isEmpty {
      blocks.section(Bilingual(zh: "隐去检验", en: "Hidden figures"), "hidden")
      blocks.say(hiddenSentence())
      blocks.table(hiddenTable())
    }
    blocks.section(Bilingual(zh: "历史回测", en: "Back-test"), "backtest")
    if input.revisions.isEmpty {
      blocks.text(
        "accuracy.first",
        Bilingual(
          zh: "本版为首版或无上年版可比，以历史回测代替上年版预测与实际的比较：用截至起点年的数据重新估计并预测其后各年，再与公布值比较。",
          en:
            "There is no earlier edition to compare with. Instead, forecasts were made again from data up to an origin year and compared with what was published later."
        ))
    }
    for (k, group) in pastGroups.enumerated() {
      blocks.say(pastSentence(group, k))
      blocks.table(pastTable(group, k))
      blocks.figure(pastFigure(group, k))
    }
    if input.pastForecasts.isEmpty {
      outline.missing(
        Bilingual(zh: "分年回测（预测与实际）", en: "Past forecasts and outcomes by year"),
        Bilingual(
          zh: "至少一个有八年以上公布值的序列", en: "A series with eight or more published years"))
    }
    blocks.section(Bilingual(zh: "精度与朴素预测比较", en: "Accuracy against the naive forecast"), "scores")
    blocks.say(beatsSentence())
    blocks.table(scoreTable())
    blocks.figure(coverageFigure())
    blocks.table(levelTable())
    if input.revisions.isEmpty {
      outline.missing(
        Bilingual(zh: "修订表（与上年版比较）", en: "Revision table (against the previous edition)"),
        Bilingual(zh: "上年版的结果（版本库）", en: "The results of the previous edition"))
    } else {
      blocks.section(Bilingual(zh: "修订", en: "Revisions"), "revisions")
      blocks.table(revisionTable())
    }
    return Chapter(
      title: Bilingual(zh: "预测准确性与修订", en: "Forecast accuracy and revisions"),
      anchor: "accuracy", blocks: blocks.all)
  }

  /// One back-test of one series from one origin.
  private struct PastGroup {
    let series: Bilingual
    let origin: Int
    let indices: [Int]
  }

  private var pastGroups: [PastGroup] {
    var order: [String] = []
    var members: [String: [Int]] = [:]
    for (i, row) in input.pastForecasts.enumerated() {
      let key = "\(row.series.zh)|\(row.origin)"
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(i)
    }
    return order.compactMap { key in
      guard let indices = members[key], let first = indices.first else { return nil }
      let row = input.pastForecasts[first]
      let sorted = indices.sorted { input.pastForecasts[$0].year < input.pastForecasts[$1].year }
      return PastGroup(series: row.series, origin: row.origin, indices: sorted)
    }
  }

  private func pastFacts(_ i: Int) -> (actual: Fact?, forecast: Fact?) {
    let row = input.pastForecasts[i]
    return (
      inputFact("past/\(i)/actual", row.actual, basis: .counted, evidence: .observed, year: row.year),
      inputFact(
        "past/\(i)/forecast", row.forecast, low: row.p10, high: row.p90, low95: row.p025,
        high95: row.p975, basis: .forecast, evidence: .estimated, year: row.year)
    )
  }

  private func pastTable(_ group: PastGroup, _ k: Int) -> StatTable? {
    let rows = group.indices.map { i -> StatRow in
      let row = input.pastForecasts[i]
      let (actual, forecast) = pastFacts(i)
      let inside80 = row.actual.map { $0 >= row.p10 && $0 <= row.p90 }
      let inside95 = row.actual.map { $0 >= row.p025 && $0 <= row.p975 }
      let error = actual.flatMap { a in forecast.flatMap { Fact.derived(.growth, [$0, a]) } }
      return StatRow([
        .year(row.year), .number(actual), .number(forecast), .interval(forecast),
        .interval(forecast.map(\.widened)), .number(error, .tablePercent), yesNo(inside80),
        yesNo(inside95),
      ])
    }
    return StatTable(
      anchor: "t-past-\(k + 1)",
      title: Bilingual(
        zh: "\(group.series.zh)：以\(group.origin)年为起点的预测与实际",
        en: "\(group.series.en): forecasts from \(group.origin) and outcomes"),
      unit: .persons,
      columns: [
        StatColumn(Bilingual(zh: "年份", en: "Year"), numeric: false),
        StatColumn(Bilingual(zh: "实际（公布值）", en: "Published")),
        StatColumn(Bilingual(zh: "当时的预测", en: "Forecast")),
        StatColumn(.interval80), StatColumn(Bilingual(zh: "95%区间", en: "95% interval")),
        StatColumn(Bilingual(zh: "误差率（%）", en: "Error (%)")),
        StatColumn(Bilingual(zh: "落入80%区间", en: "In 80%"), numeric: false),
        StatColumn(Bilingual(zh: "落入95%区间", en: "In 95%"), numeric: false),
      ], rows: rows,
      notes: [
        Bilingual(
          zh: "误差率＝预测÷实际－1，正值为高估。实际值等级A，预测值等级B。",
          en: "Error = forecast ÷ outcome − 1; positive is too high. Outcomes grade A, forecasts grade B.")
      ])
  }

  private func yesNo(_ inside: Bool?) -> StatCell {
    guard let inside else { return .missing }
    return .text(inside ? Bilingual(zh: "是", en: "yes") : Bilingual(zh: "否", en: "no"))
  }

  private func pastSentence(_ group: PastGroup, _ k: Int) -> Sentence? {
    let judged = group.indices.filter { input.pastForecasts[$0].actual != nil }
    let inside = judged.filter { i in
      let row = input.pastForecasts[i]
      return (row.actual ?? .nan) >= row.p10 && (row.actual ?? .nan) <= row.p90
    }
    guard let lastIndex = judged.last, let actual = pastFacts(lastIndex).actual,
      let forecast = pastFacts(lastIndex).forecast, let year = actual.year,
      let error = Fact.derived(.growth, [forecast, actual]),
      let size = Fact.derived(.magnitude, [error]),
      let all = Fact.derived(.count, judged.compactMap { pastFacts($0).actual }),
      let hit = Fact.derived(.count, inside.compactMap { pastFacts($0).actual })
    else { return nil }
    let years = Bilingual(zh: "个", en: "")
    let over = error.value >= 0
    return Sentence(
      "accuracy.past.\(k + 1)",
      zh:
        "只用截至\(year: group.origin)年的数据预计，\(group.series.zh)\(year: year)年为\(forecast, .persons)（80%区间\(interval: forecast, .persons)）；据统计实际为\(actual, .persons)，\(over ? "高估" : "低估")\(size, .percent)。\(all, .count(unit: years))可比年份中，实际值落入80%区间的有\(hit, .count(unit: years))（\(see: "t-past-\(k + 1)")）。",
      en:
        "From data up to \(year: group.origin) alone, \(group.series.en) in \(year: year) were projected at \(forecast, .persons) (80% interval \(interval: forecast, .persons)); according to published counts the outcome was \(actual, .persons), so the forecast was \(size, .percent) too \(over ? "high" : "low"). In \(hit, .tableCount) of \(all, .tableCount) comparable years the outcome lay in the 80% interval (\(see: "t-past-\(k + 1)"))."
    )
  }

  private func pastFigure(_ group: PastGroup, _ k: Int) -> Figure? {
    let facts = group.indices.map(pastFacts)
    let forecasts = facts.compactMap(\.forecast)
    let outcomes = facts.compactMap(\.actual)
    guard forecasts.count > 1 else { return nil }
    let years = group.indices.map { input.pastForecasts[$0].year }
    return Figure(
      anchor: "f-past-\(k + 1)",
      title: Bilingual(
        zh: "\(group.series.zh)：\(group.origin)年起点的预测（带）与实际（圈）",
        en: "\(group.series.en): forecast from \(group.origin) (bands) and outcomes (circles)"),
      alternative: alternative(
        zip(years, outcomes).map { (Bilingual(zh: "\($0)年实际", en: "\($0) outcome"), $1) },
        Bilingual(zh: "预测带与实际值", en: "forecast bands and outcomes")),
      content: .fan(
        FanChart(
          series: [FanChart.Series(name: Bilingual(zh: "当时的预测", en: "forecast"), points: forecasts)],
          lastObserved: group.origin, outcomes: outcomes)))
  }

  private func scoreFacts(_ i: Int) -> [Fact?] {
    let score = input.backtests[i]
    func fact(_ name: String, _ value: Double) -> Fact? {
      inputFact("backtest/\(i)/\(name)", value, basis: .estimated, evidence: .estimated)
    }
    return [
      fact("count", Double(score.count)), fact("medianAPE", score.medianAPE),
      fact("naiveMedianAPE", score.naiveMedianAPE), fact("coverage80", score.coverage80),
      fact("coverage95", score.coverage95),
      score.constantShareMedianAPE.flatMap { fact("constantShareMedianAPE", $0) },
    ]
  }

  private func scoreTable() -> StatTable? {
    let rows = input.backtests.indices.map { i -> StatRow in
      let score = input.backtests[i]
      let facts = scoreFacts(i)
      return StatRow([
        .text(score.series), .text(score.method), .code("\(score.horizon)"),
        .number(facts[0], .tableCount), .number(facts[1], .tablePercent),
        .number(facts[2], .tablePercent), yesNo(score.medianAPE < score.naiveMedianAPE),
        .number(facts[5], .tablePercent),
        .number(facts[3], .tablePercent), .number(facts[4], .tablePercent), .grade(.estimated),
      ])
    }
    return StatTable(
      anchor: "t-backtest",
      title: Bilingual(zh: "精度指标与朴素预测比较", en: "Accuracy measures against the naive forecast"),
      columns: [
        StatColumn(Bilingual(zh: "序列", en: "Series"), numeric: false),
        StatColumn(Bilingual(zh: "方法", en: "Method"), numeric: false),
        StatColumn(Bilingual(zh: "提前年数", en: "Years ahead")),
        StatColumn(Bilingual(zh: "预测次数", en: "Forecasts")),
        StatColumn(Bilingual(zh: "误差中位数（%）", en: "Median error (%)")),
        StatColumn(Bilingual(zh: "朴素预测（%）", en: "Naive (%)")),
        StatColumn(Bilingual(zh: "优于朴素", en: "Better"), numeric: false),
        StatColumn(Bilingual(zh: "固定份额（%）", en: "Constant share (%)")),
        StatColumn(Bilingual(zh: "80%区间覆盖（%）", en: "80% coverage (%)")),
        StatColumn(Bilingual(zh: "95%区间覆盖（%）", en: "95% coverage (%)")),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        Bilingual(
          zh: "滚动起点，各起点重新估计；朴素预测＝最近一年的值不变；固定份额＝各地区占合计的份额不变；误差为绝对百分比误差。重做：talentcast backtest。",
          en:
            "Rolling origins, estimated again at each; the naive forecast repeats the last value; constant share freezes each region's share of the total; errors are absolute percentages. To repeat: talentcast backtest."
        )
      ])
  }

  private func beatsSentence() -> Sentence? {
    let all = input.backtests.indices
    let better = all.filter { input.backtests[$0].medianAPE < input.backtests[$0].naiveMedianAPE }
    guard let total = Fact.derived(.count, all.compactMap { scoreFacts($0)[1] }), total.value > 0,
      let won = Fact.derived(.count, better.compactMap { scoreFacts($0)[1] })
    else { return nil }
    let items = Bilingual(zh: "组", en: "")
    return Sentence(
      "accuracy.beats",
      zh: "据测算，在\(total, .count(unit: items))“序列×提前年数”中，模型误差小于朴素预测的有\(won, .count(unit: items))（\(see: "t-backtest")）。",
      en:
        "By our estimate, of \(total, .tableCount) combinations of series and years ahead, the model's error is smaller than the naive forecast's in \(won, .tableCount) (\(see: "t-backtest"))."
    )
  }

  private func coverageFigure() -> Figure? {
    let rows = input.backtests.indices.compactMap { i -> BarChart.Row? in
      let score = input.backtests[i]
      guard let cover = scoreFacts(i)[3] else { return nil }
      return BarChart.Row(
        name: Bilingual(
          zh: "\(score.series.zh)，提前\(score.horizon)年", en: "\(score.series.en), \(score.horizon) ahead"),
        facts: [cover])
    }
    guard rows.count > 1, rows.count <= 24 else { return nil }
    return Figure(
      anchor: "f-coverage",
      title: Bilingual(zh: "80%区间的实际覆盖率", en: "Measured coverage of the 80% interval"),
      alternative: Bilingual(
        zh: "各序列、各提前年数下80%区间实际覆盖率的条形图，虚线为名义值80%；数值见表。",
        en: "Bars of measured coverage by series and horizon against the nominal 80%; the numbers stand in the table."),
      content: .bars(
        BarChart(
          seriesNames: [Bilingual(zh: "覆盖率", en: "coverage")], rows: rows, percent: true,
          mark: (0.8, Bilingual(zh: "名义值80%", en: "nominal 80%")))))
  }

  private func revisionTable() -> StatTable? {
    let rows = input.revisions.indices.map { i -> StatRow in
      let row = input.revisions[i]
      let old = inputFact("revision/\(i)/previous", row.previous, basis: .estimated, evidence: .estimated)
      let new = inputFact("revision/\(i)/current", row.current, basis: .estimated, evidence: .estimated)
      let change = old.flatMap { o in new.flatMap { Fact.derived(.difference, [$0, o]) } }
      let rate = old.flatMap { o in new.flatMap { Fact.derived(.growth, [$0, o]) } }
      return StatRow([
        .text(row.series), .year(row.year), .number(old), .number(new), .number(change),
        .number(rate, .tablePercent), row.previous == row.current ? .notApplicable : .code(row.reason.rawValue),
      ])
    }
    return StatTable(
      anchor: "t-revisions", title: Bilingual(zh: "修订表", en: "Revisions"), unit: .persons,
      columns: [
        StatColumn(Bilingual(zh: "指标", en: "Series"), numeric: false),
        StatColumn(Bilingual(zh: "年份", en: "Year"), numeric: false),
        StatColumn(Bilingual(zh: "上年版", en: "Previous")), StatColumn(Bilingual(zh: "本年版", en: "This")),
        StatColumn(Bilingual(zh: "修订量", en: "Revision")),
        StatColumn(Bilingual(zh: "修订率（%）", en: "Revision (%)")),
        StatColumn(Bilingual(zh: "原因", en: "Reason"), numeric: false),
      ], rows: rows,
      notes: [
        .roundingNote,
        Bilingual(
          zh: "原因代码：D 数据更新，S 来源更换，C 口径或分类调整，M 方法改进，A 情景假设变化，E 差错更正。",
          en: "Reasons: D new data, S source replaced, C concept or classification, M method, A scenario assumptions, E erratum."),
      ])
  }
}

extension Fact {
  /// The same fact with its 95 % band in the place of the 80 % band, for a column of its own.
  var widened: Fact {
    var fact = self
    fact.low = low95
    fact.high = high95
    return fact
  }
}
