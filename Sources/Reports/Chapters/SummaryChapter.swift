import Dimensions
import Messages

extension Cube {
  /// 摘要: one page. Headline sentences, then the headline table with its intervals.
  func summary() -> Chapter {
    var blocks = Blocks()
    blocks.say(stockSentence(), hubStockSentence())
    blocks.say(demandSentence(), supplySentence(), gapSentence(), likelihoodSentence())
    blocks.say(largestGapSentence(), indicatorSentence())
    blocks.say(accuracySentence(), settledSentence())
    blocks.table(headlineTable())
    blocks.figure(gapGlance())
    return Chapter(
      label: .front, title: Bilingual(zh: "摘要", en: "Summary"), anchor: "summary",
      blocks: blocks.all)
  }

  /// The last counted stock of the nation, with growth since the first one.
  private func stockSentence() -> Sentence? {
    guard let nation else { return nil }
    let counted = path(.supply, nation.code).filter { $0.basis == .counted }
    guard let last = counted.last, let year = last.year else { return estimatedStock(nation) }
    let place = nation.name
    let subject = edition.subject
    if let first = counted.first, let from = first.year, from < year,
      let growth = Fact.derived(.annualGrowth(years: year - from), [last, first])
    {
      return Sentence(
        "summary.stock",
        zh: "据统计，截至\(year: year)年底，\(place.zh)\(subject.zh)为\(last, .persons)，\(year: from)—\(year: year)年年均增长\(growth, .percent)。",
        en:
          "According to published counts, \(place.en) had \(last, .persons) \(subject.en) at the end of \(year: year), a growth of \(growth, .percent) a year since \(year: from)."
      )
    }
    return Sentence(
      "summary.stock",
      zh: "据统计，截至\(year: year)年底，\(place.zh)\(subject.zh)为\(last, .persons)。",
      en: "According to published counts, \(place.en) had \(last, .persons) \(subject.en) at the end of \(year: year).")
  }

  /// Where nothing was counted, what the base year is taken to be.
  private func estimatedStock(_ nation: ReportRegion) -> Sentence? {
    guard let year = baseYear(.supply), let stock = fact(.supply, nation.code, year), stock.basis == .estimated else { return nil }
    return Sentence(
      "summary.stock",
      zh: "据测算，截至\(year: year)年底，\(nation.name.zh)\(edition.subject.zh)为\(stock, .persons)。",
      en: "By our estimate, \(nation.name.en) had \(stock, .persons) \(edition.subject.en) at the end of \(year: year).")
  }

  private func hubStockSentence() -> Sentence? {
    guard let year = baseYear(.supply) else { return nil }
    let known = hubs.compactMap { hub in fact(.supply, hub.code, year).map { (hub, $0) } }
    guard !known.isEmpty, year <= edition.referenceYear else { return nil }
    let verb = known.allSatisfy { $0.1.basis == .counted } ? Basis.counted : .estimated
    return Sentence(
      "summary.hubs",
      zh: "\(verb: verb, .zh)，同期\(joined(known.map { hub, fact in "\(hub.name.zh)\(fact, .persons)" }, .zh))。",
      en: "\(verb: verb, .en), at that time \(joined(known.map { hub, fact in "\(hub.name.en) had \(fact, .persons)" }, .en)).")
  }

  private func demandSentence() -> Sentence? {
    guard let nation, let demand = fact(.demand, nation.code, edition.focusYear),
      demand.basis == .forecast
    else { return nil }
    return Sentence(
      "summary.demand",
      zh: "预计到\(year: edition.focusYear)年，\(nation.name.zh)\(edition.subject.zh)需求为\(Prose.withInterval(demand, .persons, edition, in: .zh))。",
      en:
        "Demand for \(edition.subject.en) in \(nation.name.en) is projected to reach \(Prose.withInterval(demand, .persons, edition, in: .en)) in \(year: edition.focusYear)."
    )
  }

  private func supplySentence() -> Sentence? {
    guard let nation, let supply = fact(.supply, nation.code, edition.focusYear),
      supply.basis == .forecast
    else { return nil }
    let counted = path(.supply, nation.code).last { $0.basis != .forecast }
    let growth = counted.flatMap { start in
      start.year.flatMap {
        Fact.derived(.annualGrowth(years: edition.focusYear - $0), [supply, start])
      }
    }
    let zhTail: Prose
    let enTail: Prose
    if let growth, let from = counted?.year {
      let word = Wording.change(growth.value)
      zhTail = "，比\(year: from)年\(word.zh)（年均\(growth, .percent)）"
      enTail = "; from \(year: from) it \(word.en) (\(growth, .percent) a year)"
    } else {
      (zhTail, enTail) = ("", "")
    }
    return Sentence(
      "summary.supply",
      zh: "预计供给为\(Prose.withInterval(supply, .persons, edition, in: .zh))\(zhTail)。",
      en: "Supply is projected at \(Prose.withInterval(supply, .persons, edition, in: .en))\(enTail).")
  }

  private func gapSentence() -> Sentence? {
    guard let nation, let gap = fact(gapMeasure, nation.code, edition.focusYear) else { return nil }
    let open = isOpen(gap)
    let unsettledZh: Prose = open ? "，是否短缺尚无定论" : ""
    let unsettledEn: Prose = open ? "; whether there is a shortage is open" : ""
    return Sentence(
      "summary.gap",
      zh: "预计供需缺口为\(Prose.gap(gap, edition, in: .zh))\(unsettledZh)。",
      en: "The projected gap is \(Prose.gap(gap, edition, in: .en))\(unsettledEn).")
  }

  private func likelihoodSentence() -> Sentence? {
    guard let nation, let chance = fact(.shortageProbability, nation.code, edition.focusYear)
    else { return nil }
    let word = Wording.likelihood(chance.value)
    return Sentence(
      "summary.likelihood",
      zh: "预计该年出现短缺的概率为\(chance, .probability)，按附录用语对照表属“\(word.zh)”。",
      en: "The projected probability of a shortage in that year is \(chance, .probability): \(word.en), in the words of the annex.")
  }

  private func largestGapSentence() -> Sentence? {
    let known = hubs.compactMap { hub in
      fact(gapMeasure, hub.code, edition.focusYear).map { (hub: hub, gap: $0) }
    }.sorted { $0.gap.value > $1.gap.value }
    guard known.count > 1 else { return nil }
    let first = known[0]
    guard known.dropFirst().allSatisfy({ liesAbove(first.gap, $0.gap) }) else {
      return Sentence(
        "summary.largest", zh: "各地区缺口的80%区间相互重叠，何者居首尚无定论。",
        en: "The 80% intervals of the regions' gaps overlap: which of them is the largest is open.")
    }
    let zh = Prose.withInterval(first.gap, .persons, edition, in: .zh)
    let en = Prose.withInterval(first.gap, .persons, edition, in: .en)
    return Sentence(
      "summary.largest",
      zh: "各地区中，预计\(first.hub.name.zh)的缺口居首，为\(zh)，80%区间高于其他地区。",
      en: "Among the regions, \(first.hub.name.en) has the largest projected gap, \(en), its 80% interval above the others.")
  }

  private func indicatorSentence() -> Sentence? {
    let judged = input.indicators.filter { $0.group == .main && $0.probability != nil }
    let met = input.indicators.filter { row in
      guard row.group == .main, let target = row.target, let latest = row.latest else { return false }
      return row.settled && latest >= target
    }
    let main = input.indicators.filter { $0.group == .main }
    guard !main.isEmpty else { return nil }
    func counted(_ rows: [IndicatorRow]) -> Fact? {
      .derived(.count, rows.compactMap { indicatorFacts($0).target ?? indicatorFacts($0).latest })
    }
    guard let all = counted(main), let done = counted(met) else { return nil }
    let unknown = main.filter { $0.latest == nil }
    guard let blank = counted(unknown), let forecast = counted(judged.filter { ($0.probability ?? 0) >= 0.8 })
    else { return nil }
    let items = Bilingual(zh: "项", en: "")
    return Sentence(
      "summary.indicators",
      zh:
        "规划提出的\(all, .count(unit: items))主要指标中，最新值已达到规划预期值的有\(done, .count(unit: items))，预计达到的概率不低于八成的有\(forecast, .count(unit: items))，未见公布数据的有\(blank, .count(unit: items))（\(see: "t-indicators-main")）。",
      en:
        "The plan sets out \(all, .tableCount) main indicators: \(done, .tableCount) at or above the expected value, \(forecast, .tableCount) projected to reach it with a probability of four fifths or more, \(blank, .tableCount) without a published figure (\(see: "t-indicators-main"))."
    )
  }

  /// How wrong past forecasts were, said on the first page.
  private func accuracySentence() -> Sentence? {
    guard let i = input.backtests.indices.first else { return nil }
    let score = input.backtests[i]
    guard
      let ahead = inputFact(
        "backtest/\(i)/horizon", Double(score.horizon), basis: .estimated, evidence: .estimated),
      let error = inputFact("backtest/\(i)/medianAPE", score.medianAPE, basis: .estimated, evidence: .estimated),
      let cover = inputFact("backtest/\(i)/coverage80", score.coverage80, basis: .estimated, evidence: .estimated)
    else { return nil }
    let better = score.medianAPE < score.naiveMedianAPE
    let zh: Prose = better ? "，优于朴素预测" : "，未优于朴素预测"
    let en: Prose = better ? ", better than the naive forecast" : ", no better than the naive forecast"
    return Sentence(
      "summary.accuracy",
      zh:
        "据测算，同类序列（\(score.series.zh)）过去提前\(ahead, .tableCount)年预测的绝对百分比误差中位数为\(error, .percent)\(zh)；80%区间的实际覆盖率为\(cover, .percent)（\(see: "t-backtest")）。",
      en:
        "By our estimate, past forecasts of such series (\(score.series.en)) at horizon \(ahead, .tableCount) (years) had a median absolute error of \(error, .percent)\(en); the 80% interval held the outcome in \(cover, .percent) of cases (\(see: "t-backtest"))."
    )
  }

  private func settledSentence() -> Sentence? {
    Sentence(
      "summary.standing",
      zh: "本报告为研究成果，非法定统计数据；凡标“假定”者，其数值取决于所列假定，不是观测。",
      en:
        "This report is a research result, not an official statistic; whatever is marked “assumed” depends on the listed assumption and was not observed."
    )
  }

  private func headlineTable() -> StatTable? {
    let year = edition.focusYear
    guard let base = baseYear(.supply) else { return nil }
    let rows = headlineRegions.map { region -> StatRow in
      let stock = entry(.supply, region.code, base)
      let supply = entry(.supply, region.code, year)
      let demand = entry(.demand, region.code, year)
      let gap = entry(gapMeasure, region.code, year)
      return StatRow(
        [
          .text(region.name), .number(stock, .tableTenThousands),
          .number(supply, .tableTenThousands), .interval(supply, .tableTenThousands),
          .number(demand, .tableTenThousands), .interval(demand, .tableTenThousands),
          .number(gap, .tableTenThousands), .interval(gap, .tableTenThousands),
          .number(entry(.shortageProbability, region.code, year), .tableProbability),
          .grade(worst: [stock, supply, demand, gap]),
        ], total: region.kind == .nation)
    }.filter { $0.cells.contains { $0.fact != nil } }
    guard !rows.isEmpty else { return nil }
    let later = Bilingual.year(year, edition)
    func group(_ zh: String, _ en: String) -> Bilingual {
      Bilingual(zh: "\(later.zh)\(zh)", en: "\(en), \(later.en)")
    }
    let middle = Bilingual.mean
    return StatTable(
      anchor: "t-headline", title: Bilingual(zh: "核心数据一览", en: "Headline figures"),
      unit: .tenThousandPersons,
      columns: [
        StatColumn(.region, numeric: false),
        StatColumn(Bilingual(zh: "\(base)年末供给", en: "Supply, end \(base)")),
        StatColumn(middle, group: group("供给", "Supply")),
        StatColumn(.interval80, group: group("供给", "Supply")),
        StatColumn(middle, group: group("需求", "Demand")),
        StatColumn(.interval80, group: group("需求", "Demand")),
        StatColumn(middle, group: group("缺口", "Gap")),
        StatColumn(.interval80, group: group("缺口", "Gap")),
        StatColumn(Bilingual(zh: "短缺概率（%）", en: "P(shortage) (%)")),
        StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        .standingGapNote, .meanNote, .roundingNote,
        Bilingual(
          zh: "证据等级：A 观测，B 估计，C 分摊，D 假定；取行内最差等级。",
          en: "Grades: A observed, B estimated, C allocated, D assumed; the worst of the row."),
      ] + contraryNotes(headlineRegions.map { fact(gapMeasure, $0.code, year) }),
      sources: sources(of: rows.flatMap { $0.cells.compactMap(\.fact) }))
  }

  private func gapGlance() -> Figure? {
    let rows = hubs.compactMap { hub in
      fact(gapMeasure, hub.code, edition.focusYear).map { IntervalChart.Row(name: hub.name, fact: $0) }
    }
    guard rows.count > 1 else { return nil }
    return Figure(
      anchor: "f-glance",
      title: Bilingual(
        zh: "各高地供需缺口（\(edition.focusYear)年，预计）", en: "Gap of the hubs, \(edition.focusYear) (projected)"),
      alternative: alternative(
        rows.map { ($0.name, $0.fact) },
        Bilingual(zh: "各高地缺口的均值与区间", en: "mean gap of each hub with its interval")),
      content: .ranking(
        IntervalChart(rows: rows, axisTitle: Bilingual(zh: "供需缺口", en: "Gap"))),
      notes: contraryNotes(rows.map(\.fact)))
  }
}
