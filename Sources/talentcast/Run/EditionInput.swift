import Datasets
import Dimensions
import Facts
import Forecasting
import Gaps
import Maps
import Messages
import ModelSpecs
import Reports
import TimeSeries

/// What the annual report is made from, taken from a finished run. Every figure is a cell, a published
/// observation or a back-test of this run; the words are those of the model file.
extension CompletedRun {
  ///
  /// - Parameters: what only a report shows; without them the figures stand alone.
  func reportInput(maps pictures: [MapPicture] = [], desk: ScenarioDesk? = nil, accuracy: Accuracy? = nil) throws(ProblemReport) -> ReportInput {
    let scenarios = [inputs.scenario] + (desk?.scenarios ?? [])
    var input = ReportInput(
      edition: edition, cells: cells, regions: reportRegions,
      teams: model.teams.map { NamedCode(code: $0.id, name: $0.name) },
      industries: model.industries.map { NamedCode(code: $0.id, name: $0.name) },
      scenarios: scenarios.map { NamedCode(code: $0.id, name: $0.name) }, indicators: try indicatorRows(),
      backtests: accuracy.map(backtests) ?? [], pastForecasts: accuracy.map(pastForecasts) ?? [],
      levelErrors: accuracy.map(levelErrors) ?? [], supplyTiers: supplyTiers,
      levers: desk?.levers ?? [], sources: sourceEntries, methods: methods,
      assumptions: assumptions, limits: limits, concepts: concepts, maps: pictures, unavailable: unavailable)
    input.hiddenFacts = accuracy?.hidden.map(hiddenFacts) ?? []
    input.shortage = results.shortage.map(shortageList)
    input.crosswalk = crosswalk
    input.contributions = contributions
    input.sensitivity = desk?.sensitivity
    input.otherScenarios = desk?.cells ?? []
    return input
  }

  private var edition: Edition {
    let (reference, spec) = (model.years.base, inputs.edition)
    let year = spec.year ?? reference + 1
    var edition = Edition(
      editionYear: year, referenceYear: reference, focusYear: focusYear, horizon: model.years.last,
      scenario: options.scenario, scenarioName: inputs.scenario.name, seed: options.seed,
      draws: options.draws,
      title: spec.title(in: year), subject: spec.subject, compiler: spec.compiler, date: sourceDate)
    edition.approval = spec.approval?.lines
    edition.disclosure = disclosureNote
    return edition
  }

  private var reportRegions: [ReportRegion] {
    let hubCode = Dictionary(model.regions.hubs.map { ($0.id, $0.code) }, uniquingKeysWith: { first, _ in first })
    let parts = regionParts(results.inputs.geography)
    return results.inputs.geography.nodes.map { node in
      let kind: ReportRegion.Kind =
        switch node.kind {
        case .nation: .nation
        case .hub: .hub
        case .province: .province
        case .city, .rest: .city
        case .separate: .sar
        }
      return ReportRegion(
        code: node.code, name: node.name, kind: kind, hub: hubCode[node.hub], parts: parts[node.code])
    }
  }

  private func backtests(_ accuracy: Accuracy) -> [Reports.BacktestScore] {
    let all = accuracy.all
    let together = Bilingual(
      zh: "\(all.pools.count)个指标（\(all.seriesCount)条地区序列）", en: "\(all.pools.count) indicators (\(all.seriesCount) regional series)")
    return scores(all.scores, together)
      + accuracy.panels.flatMap { pool in
        scores(
          pool.scores,
          Bilingual(zh: "\(pool.name.zh)（\(pool.seriesCount)省）", en: "\(pool.name.en) (\(pool.seriesCount) provinces)"))
      }
  }

  private func scores(_ scores: [TimeSeries.BacktestScore], _ name: Bilingual) -> [Reports.BacktestScore] {
    scores.filter { $0.forecaster == .method(.pdd) }.compactMap { own in
      guard let horizon = own.horizon, let error = own.medianAbsolutePercentageError,
        let naive = scores.score(.method(.naive), horizon)?.medianAbsolutePercentageError
      else { return nil }
      func coverage(_ level: Double) -> Double { own.levels.first { $0.level == level }?.coverage ?? .nan }
      return Reports.BacktestScore(
        series: name, method: Bilingual(zh: "合并阻尼对数漂移", en: "pooled damped log-drift"), horizon: horizon,
        count: own.count, medianAPE: error, naiveMedianAPE: naive,
        constantShareMedianAPE: scores.score(.constantShare, horizon)?.medianAbsolutePercentageError,
        coverage80: coverage(0.8), coverage95: coverage(0.95))
    }
  }

  private func levelErrors(_ accuracy: Accuracy) -> [LevelAccuracy] {
    let names = [Bilingual(zh: "全国", en: "nation"), Bilingual(zh: "各省", en: "provinces")]
    return zip(names, accuracy.reconciliation).map { name, level in
      LevelAccuracy(
        level: name, nodes: level.nodeCount, meanAbsoluteBefore: level.meanAbsoluteBefore,
        meanAbsoluteAfter: level.meanAbsoluteAfter, rootMeanSquareBefore: level.rootMeanSquareBefore,
        rootMeanSquareAfter: level.rootMeanSquareAfter)
    }
  }

  private func hiddenFacts(_ held: HeldOut) -> [HiddenFacts] {
    let names: [(HeldOut.Hidden, Bilingual)] = [
      (.fact, Bilingual(zh: "逐个公布数", en: "one figure at a time")),
      (.place, Bilingual(zh: "一地的全部公布数", en: "all figures of a place")),
      (.later, Bilingual(zh: "\(held.cut)年以后的公布数", en: "figures after \(held.cut)")),
    ]
    return names.compactMap { hidden, name in
      let scores = held.scores(hidden)
      guard scores.count > 0 else { return nil }
      return HiddenFacts(
        hidden: name, count: scores.count, places: held.places.count, medianError: scores.medianError,
        lastShare: held.lastShare[hidden].flatMap { $0.count > 0 ? $0.medianError : nil },
        allocation: hidden == .fact ? held.allocation.medianError : nil, coverage80: scores.coverage80, coverage95: scores.coverage95)
    }
  }

  private var supplyTiers: [SupplyTierRow] {
    let forecast = results.inputs
    return SupplyBasis.allCases.compactMap { basis in
      let leaves = forecast.geography.leaves.indices.filter { forecast.cohorts[forecast.leafCohort[$0]].basis == basis }
      guard !leaves.isEmpty else { return nil }
      let named = leaves.map { forecast.geography.leaves[$0].name }
      let regions =
        leaves.count > 6
        ? Bilingual(zh: "\(named[0].zh)等", en: "\(named[0].en) and others")
        : Bilingual(zh: named.map(\.zh).joined(separator: "、"), en: named.map(\.en).joined(separator: ", "))
      return SupplyTierRow(
        tier: basis.tier, basis: basis.name, regions: regions, count: leaves.count, wanted: basis.wanted)
    }
  }

  private func pastForecasts(_ accuracy: Accuracy) -> [PastForecast] {
    accuracy.practitioners.map { point in
      PastForecast(
        series: indicatorName(model.supply.entrantsVolatility), origin: point.origin, year: point.year,
        actual: point.actual, forecast: point.forecast, p025: point.outer.low, p10: point.inner.low,
        p90: point.inner.high, p975: point.outer.high)
    }
  }

  /// What moves requirement between the base year and the year in focus, in the nation and the hubs.
  private var contributions: [Contribution] {
    let places = results.inputs.geography.nodes.filter { node in
      node.kind == .nation || node.kind == .hub || model.regions.hubs.contains { $0.code == node.code }
    }
    return places.flatMap { node in
      results.demandParts(node.code, year: focusYear).map { part in
        Contribution(
          region: node.code, measure: .demand, from: model.years.base, to: focusYear,
          driver: part.name { id in inputs.catalogue.indicators.first { $0.id == id }?.name }, value: part.persons,
          evidence: .assumed)
      }
    }
  }

  private var crosswalk: Crosswalk? {
    let known = inputs.crosswalk
    guard !known.classifications.isEmpty else { return nil }
    func codes(_ classes: [IndustryCrosswalk.Class]) -> Bilingual {
      Bilingual(
        zh: classes.map { "\($0.code) \($0.name.zh)" }.joined(separator: "；"),
        en: classes.map { "\($0.code) \($0.name.en)" }.joined(separator: "; "))
    }
    return Crosswalk(
      classifications: known.classifications.map(\.name),
      rows: known.rows.map { Crosswalk.Row(industry: $0.industry.name, classes: $0.classes.map(codes)) },
      notes: known.classifications.map { scheme in
        Bilingual(
          zh: "\(scheme.name.zh)：\(scheme.note.zh)（证据等级 \(scheme.evidence.rawValue)）。",
          en: "\(scheme.name.en): \(scheme.note.en) (evidence grade \(scheme.evidence.rawValue)).")
      })
  }

  private func indicatorName(_ id: String) -> Bilingual {
    inputs.catalogue.indicators.first { $0.id == id }?.name ?? Bilingual(zh: id, en: id)
  }

  private var sourceEntries: [SourceEntry] {
    let uses = sourceUses()
    let data = inputs.catalogue.sources.compactMap { source in
      uses[source.id].map { use in
        SourceEntry(
          id: source.id, title: source.title, publisher: source.publisher,
          licence: source.licence, usedFor: purpose(use),
          period: use.years.count == 1 ? "\(use.years.lowerBound)" : "\(use.years.lowerBound)–\(use.years.upperBound)")
      }
    }
    return data
      + model.sources.map { source in
        SourceEntry(
          id: source.id, title: source.title, publisher: source.publisher,
          licence: Bilingual(zh: "—", en: "—"), usedFor: Bilingual(zh: "模型假定", en: "assumption of the model"))
      }
  }

  /// What the run took from each source: rows it looked up, and for sources that only cells name, all of their rows.
  private func sourceUses() -> [String: SourceUse] {
    var uses = Dictionary(inputs.assembly.usedSources.map { ($0.source, $0) }, uniquingKeysWith: { first, _ in first })
    let together = Set(cells.lazy.map(\.source))
    let named = Set(together.flatMap { $0.split(separator: ";").map(String.init) }).subtracting(uses.keys)
    for row in inputs.catalogue.observations where named.contains(row.source) {
      if uses[row.source] == nil { uses[row.source] = SourceUse(row) } else { uses[row.source]?.add(row) }
    }
    return uses
  }

  /// Its indicators by name, the first two of many.
  private func purpose(_ use: SourceUse) -> Bilingual {
    let names = use.indicators.prefix(2).map(indicatorName)
    let more = use.indicators.count - names.count
    return Bilingual(
      zh: names.map(\.zh).joined(separator: "、") + (more > 0 ? "等 \(use.indicators.count) 项" : ""),
      en: names.map(\.en).joined(separator: "; ") + (more > 0 ? " and \(more) more" : ""))
  }

  /// The methods of demand and their weights, largest first.
  private func weights(_ language: Language) -> String {
    let used = inputs.assembly.demandFit.methods.filter { $0.weight > 0 }.sorted { $0.weight > $1.weight }
    let names = inputs.catalogue.indicators
    return used.map { fit in
      let indicator = names.first { $0.id == fit.method.indicator }?.name[language] ?? fit.method.indicator
      return "\(fit.method.kind.name[language])·\(indicator) \(oneOf(fit.weight, 2))"
    }.joined(separator: language == .zh ? "、" : ", ")
  }

  private var methods: [MethodNote] {
    let fit = inputs.assembly.demandFit
    func two(_ value: Double) -> String { oneOf(value, 2) }
    return [
      MethodNote(
        heading: Bilingual(zh: "供给", en: "Supply"),
        text: Bilingual(
          zh: "全国存量按单岁年龄组推算：退出为死亡、按 2025 年起渐进式延迟退休规定的退休与转出三种竞争风险；"
            + "基期新增由“期末 = 期初 + 新增 − 退出”恒等式反推，此后随\(indicatorName(model.supply.entrantsFollow).zh)变动。"
            + placement.zh,
          en: "The national stock is projected by single years of age. Leavers are competing risks: death, retirement "
            + "under the law in force since 2025, and transfers out. Base-period entrants follow from the identity "
            + "end = start + entrants − leavers and later grow with: \(indicatorName(model.supply.entrantsFollow).en). "
            + placement.en)),
      MethodNote(
        heading: Bilingual(zh: "需求", en: "Demand"),
        text: Bilingual(
          zh: "各地区需求由\(indicatorName(model.demand.proxy).zh)自身的合并阻尼对数漂移与各驱动因素的预测合成，权重来自滚动回测误差：\(weights(.zh))。"
            + "\(indicatorName(model.demand.driver).zh)的弹性由地区面板估计并收缩：总体 \(two(fit.elasticity))（标准误 \(two(fit.elasticityError))）。"
            + "回测 \(fit.combined.cases) 例，对数误差均方根 \(two(fit.combined.error))；同样本下不变预测 \(two(fit.combined.naive))、"
            + "固定份额 \(two(fit.combined.constantShare))\(fit.beatsBenchmarks ? "" : "，合成预测未优于全部基准")。",
          en: "A region's requirement combines the pooled damped log-drift of \(indicatorName(model.demand.proxy).en) with "
            + "forecasts by drivers; weights come from rolling back-tests: \(weights(.en)). The elasticity to \(indicatorName(model.demand.driver).en) is "
            + "estimated on the regional panel and shrunk: overall \(two(fit.elasticity)) (s.e. \(two(fit.elasticityError))). In "
            + "\(fit.combined.cases) past forecasts the root mean square log error was \(two(fit.combined.error)); no change "
            + "\(two(fit.combined.naive)), constant shares \(two(fit.combined.constantShare)) on the same cases"
            + "\(fit.beatsBenchmarks ? "" : "; the combination does not beat every benchmark").")),
      MethodNote(
        heading: Bilingual(zh: "区间", en: "Intervals"),
        text: Bilingual(
          zh: "区间来自 \(options.draws) 次抽样（计数器型随机数，种子 \(options.seed)）：分摊份额、转出率、新增、需求冲击与岗位份额均被抽取；"
            + "每次抽样中部分之和都等于总计。需求冲击的年度方差由历史误差合并估计，省际共同成分 \(two(fit.commonShock))。\(inSections.zh)",
          en: "Intervals come from \(options.draws) draws (counter-based random numbers, seed \(options.seed)) of shares, "
            + "transfer rate, entrants, demand shocks and role shares; parts add up to totals in every draw. Yearly shock "
            + "variances are pooled from past errors; shocks of provinces correlate by \(two(fit.commonShock)).\(inSections.en)")),
    ] + model.words.methods.map { MethodNote(heading: $0.title, text: $0.text) }
  }

  /// Where the people are: estimated from published figures, or allocated.
  private var placement: Bilingual {
    guard let placed = results.inputs.placed else {
      return Bilingual(zh: "地区存量为公布数；未公布的地区分摊其余。", en: "A region's stock is the published one; regions that publish none share the rest.")
    }
    let (all, own) = (placed.base.facts.count, placed.base.facts.count { !$0.isPanel })
    let moved =
      model.supply.response.map { response in
        Bilingual(
          zh: "基年以后各地新增向空缺所在地靠拢（程度 \(shown(response, .zh))，假定）。",
          en: " After the base year entrants lean towards the places of openings (by \(shown(response, .en)), assumed).")
      } ?? Bilingual(zh: "", en: "")
    return Bilingual(
      zh: "地区与岗位的存量由 \(all) 个公布数（其中 \(own) 个为单独公布，其余为同类总体的各省面板）与驱动份额一并估计：份额为各驱动、地区效应、总体效应与逐年随机游走之和的归一，公布数逐次抽样满足；企业与其他机构的构成在给定范围内抽取。\(moved.zh)",
      en:
        "Stocks of places and roles are estimated from \(all) published figures (\(own) of single places or aggregates, the others panels of kindred populations) and drivers' shares together: a share is the normalised sum of drivers, an effect of the place, one of the population and a walk in time; published counts are met in every draw; how the stock divides between enterprises and others is drawn from the stated range.\(moved.en)"
    )
  }

  /// What more than one section of draws means for the figures; nothing for one.
  private var inSections: Bilingual {
    let count = options.sectionCount
    guard count > 1 else { return Bilingual(zh: "", en: "") }
    return Bilingual(
      zh: "抽样分 \(count) 组先后进行，使内存不随次数增长：概率按全部抽样计算，分位数取各组分位数的平均（与全部抽样的分位数之差约为蒙特卡洛标准误的五分之一）；紧缺目录的位次取自第一组。",
      en: " Draws are made in \(count) sections one after the other, so that memory does not grow with them: probabilities are "
        + "shares of all draws, a quantile is the mean of the sections' quantiles (about a fifth of its Monte Carlo standard error away from that of all draws); ranks of the shortage catalogue are of the first section."
    )
  }

  private var assumptions: [Reports.Assumption] {
    let named: [(Bilingual, ModelSpecs.Assumption?)] = [
      (Bilingual(zh: "基年缺口率", en: "gap in the base year"), model.demand.baseGap),
      (Bilingual(zh: "弹性先验", en: "prior of the elasticity"), model.demand.elasticity),
      (Bilingual(zh: "新进人员年龄", en: "age of entrants"), model.supply.entryAge),
      (Bilingual(zh: "女性比重", en: "share of women"), model.supply.femaleShare),
      (Bilingual(zh: "年转出率", en: "transfers out a year"), model.supply.transferOut),
      (Bilingual(zh: "港澳退出年龄", en: "age of leaving work in Hong Kong and Macao"), model.supply.separateExitAge),
      (Bilingual(zh: "新增跟随空缺的程度", en: "how far entrants follow openings"), model.supply.response),
      (Bilingual(zh: "企业人员占存量的比重", en: "share of the stock in enterprises"), model.evidence?.enterprises),
      (Bilingual(zh: "各族地区效应的相关", en: "correlation of places' effects between families"), model.evidence?.familyCorrelation),
      (Bilingual(zh: "从未分地区计数的总体所取的倍数", en: "factor for populations never counted by place"), model.evidence?.uncounted),
      (Bilingual(zh: "港澳推算值离散度", en: "spread of the figures for Hong Kong and Macao"), model.allocation.separateSpread),
    ]
    // An assumption that the model does not make has no source.
    let numbers = named.compactMap { name, assumption -> Reports.Assumption? in
      guard let assumption, !assumption.source.isEmpty else { return nil }
      return Reports.Assumption(
        text: Bilingual(
          zh: "\(name.zh)：\(shown(assumption, .zh))。\(assumption.note.zh)", en: "\(name.en): \(shown(assumption, .en)). \(assumption.note.en)"),
        evidence: assumption.evidence, source: assumption.source)
    }
    let notes: [Bilingual?] = [
      model.allocation.provinceNote, model.allocation.cityNote, model.allocation.separateNote, model.rest?.note,
    ]
    let texts = notes.compactMap(\.self).filter { !$0.zh.isEmpty }
    return numbers + texts.map { Reports.Assumption(text: $0, evidence: .assumed, source: "assumption") }
  }

  private func shown(_ assumption: ModelSpecs.Assumption, _ language: Language) -> String {
    guard let range = assumption.range else { return oneOf(assumption.value, 3) }
    let (low, high) = (oneOf(range.lowerBound, 3), oneOf(range.upperBound, 3))
    return oneOf(assumption.value, 3) + (language == .zh ? "（\(low)～\(high)）" : " (\(low) to \(high))")
  }

  /// What holds for every run, what the data disagree on, and what the model says of itself.
  private var limits: [Bilingual] {
    [
      Bilingual(
        zh: "“缺口”是相对陈述：假定 \(model.years.base) 年平衡，缺口表示此后需求与供给增长之差，不是短缺统计。",
        en: "A gap is a relative statement: with \(model.years.base) assumed balanced, it shows how demand and supply grow "
          + "apart afterwards. It is no statistic of shortage."),
      Bilingual(
        zh: "需求是劳动使用的代理测算，未模拟工资和替代等市场调整；2030 年以后仅供情景比较。",
        en: "Requirement is a proxy of labour use; wages, substitution and other market responses are not modelled; "
          + "beyond 2030 read it as a scenario."),
    ] + model.words.limits + inputs.assembly.notes
  }

  private var concepts: [ConceptBox] { model.words.concepts.map { ConceptBox(title: $0.title, text: $0.text) } }

  private var unavailable: [UnavailableTable] {
    model.words.unavailable.map { UnavailableTable(title: $0.title, wouldFill: $0.text) }
  }
}

/// A number with at most so many decimals.
func oneOf(_ value: Double, _ decimals: Int) -> String {
  var scale = 1.0
  for _ in 0..<decimals { scale *= 10 }
  let rounded = (value * scale).rounded(.toNearestOrAwayFromZero) / scale
  return rounded == rounded.rounded() ? String(Int(rounded)) : String(rounded)
}
