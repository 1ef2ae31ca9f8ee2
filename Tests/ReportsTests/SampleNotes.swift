import Dimensions
import Messages

@testable import Reports

extension SampleEdition {
  static func addNotes(_ input: inout ReportInput) {
    let place = Bilingual(zh: "人", en: "persons")
    input.indicators = [
      IndicatorRow(
        id: "M1", name: Bilingual(zh: "知识产权人才数量", en: "IP professionals"), unit: place, target: 1_000_000,
        targetYear: 2025, baseline: 690_000, baselineYear: 2020, latest: 860_000, latestYear: 2023,
        requiredPace: 0.0783, realisedPace: 0.0762, p10: 948_000, p50: 991_000, p90: 1_035_000,
        probability: 0.41, judgement: Bilingual(zh: "存在风险", en: "at risk"), source: "plan"),
      IndicatorRow(
        id: "M2", name: Bilingual(zh: "执业专利代理师", en: "Practising patent attorneys"), unit: place,
        target: 40_000, targetYear: 2025, baseline: 23_193, baselineYear: 2020, latest: 34_396,
        latestYear: 2023, requiredPace: 0.0784, realisedPace: 0.1403, p10: 39_800, p50: 42_300,
        p90: 44_900, probability: 0.89, judgement: Bilingual(zh: "预计可完成", en: "on course"), source: "plan"),
      IndicatorRow(
        id: "M3", name: Bilingual(zh: "中级以上知识产权师", en: "IP specialists, intermediate and above"),
        unit: place, target: 20_000, targetYear: 2025, latest: 20_000, latestYear: 2023,
        judgement: Bilingual(zh: "已完成", en: "met"),
        note: Bilingual(zh: "公布为“近2万”。", en: "Published as “nearly 20,000”."), source: "plan"),
      IndicatorRow(
        id: "M4", name: Bilingual(zh: "国家知识产权培训基地", en: "National training bases"),
        unit: Bilingual(zh: "家", en: "bases"), target: 30, targetYear: 2025,
        judgement: Bilingual(zh: "数据不可得", en: "no data"), source: "plan"),
      IndicatorRow(
        id: "M6", name: Bilingual(zh: "新上线网络精品课程", en: "New online quality courses"),
        unit: Bilingual(zh: "门", en: "courses"), target: 100, targetYear: 2025, latest: 98,
        latestYear: 2023, requiredPace: 0.0102, judgement: Bilingual(zh: "预计可完成", en: "on course"), source: "plan"),
      IndicatorRow(
        id: "Q8", group: .other, name: Bilingual(zh: "知识产权信息服务人才", en: "IP information staff"),
        unit: place, target: 4000, targetYear: 2025, latest: 4000, latestYear: 2023,
        judgement: Bilingual(zh: "已完成", en: "met"), source: "plan"),
    ]
    for horizon in 1...5 {
      let h = Double(horizon)
      input.backtests.append(
        BacktestScore(
          series: Bilingual(zh: "分省有效发明专利", en: "Invention patents in force by province"),
          method: Bilingual(zh: "阻尼对数漂移（合并）", en: "Pooled damped log-drift"), horizon: horizon,
          count: 310 - 31 * horizon, medianAPE: 0.021 + 0.016 * h, naiveMedianAPE: 0.03 + 0.05 * h,
          coverage80: 0.83 - 0.012 * h, coverage95: 0.955 - 0.008 * h))
    }
    let actual: [Double?] = [20_124, 23_193, 26_840, 31_347, 34_396]
    for (i, value) in actual.enumerated() {
      let h = Double(i + 1)
      let forecast = 18_668 * (1 + 0.112 * h)
      let sd = 0.03 * forecast * h.squareRoot()
      input.pastForecasts.append(
        PastForecast(
          series: Bilingual(zh: "执业专利代理师", en: "Practising patent attorneys"), origin: 2018,
          year: 2019 + i, actual: value, forecast: forecast, p025: forecast - 1.96 * sd,
          p10: forecast - 1.2816 * sd, p90: forecast + 1.2816 * sd, p975: forecast + 1.96 * sd))
    }
    input.sources = [
      SourceEntry(
        id: "cnipa-annual", title: Bilingual(zh: "示例统计年报", en: "Sample statistical yearbook"),
        publisher: Bilingual(zh: "示例机构", en: "Sample office"), licence: Bilingual(zh: "公开", en: "public"),
        usedFor: Bilingual(zh: "人才总量", en: "talent stock"), period: "2020—2023"),
      SourceEntry(
        id: "plan", title: Bilingual(zh: "示例规划文本", en: "Sample plan"),
        publisher: Bilingual(zh: "示例机构", en: "Sample office"), licence: Bilingual(zh: "公开", en: "public"),
        usedFor: Bilingual(zh: "目标值", en: "targets")),
    ]
    input.methods = [
      MethodNote(
        heading: Bilingual(zh: "需求", en: "Demand"),
        text: Bilingual(
          zh: "需求由驱动因素与单位驱动人数相乘得到，分地区、分行业与全国总量按迭代比例法平衡。",
          en: "Demand is drivers times persons per driver, balanced to national totals by iterative proportional fitting.")),
      MethodNote(
        heading: Bilingual(zh: "供给", en: "Supply"),
        text: Bilingual(zh: "供给按存量—流量模型逐年推算：年末＝年初＋新增－退休－流出＋净迁移。", en: "Supply follows a yearly stock–flow identity.")),
    ]
    input.assumptions = [
      Assumption(
        text: Bilingual(zh: "流出率3.4%，各地区相同。", en: "An exit rate of 3.4%, the same everywhere."),
        evidence: .assumed, source: "示例假定"),
      Assumption(
        text: Bilingual(zh: "队伍结构按规划任务量推定。", en: "Team shares inferred from the plan's tasks."),
        evidence: .assumed, source: "示例假定"),
    ]
    input.limits = [
      Bilingual(zh: "没有分省的人才总量统计，分省数为分摊值。", en: "There is no count by province: provinces are allocated."),
      Bilingual(zh: "需求按工作地，供给按登记地，通勤未作调整。", en: "Demand is by workplace, supply by place of registration; commuting is not adjusted."),
    ]
    input.concepts = [
      ConceptBox(
        title: Bilingual(zh: "专栏　知识产权人才与知识产权服务业从业人员", en: "Box: IP talent and the IP service workforce"),
        text: Bilingual(
          zh: "二者是不同的口径：前者包括企业、高校院所、机关等单位中从事知识产权工作的人员，后者指服务机构的全部从业人员。本报告不将二者相加或拼接。",
          en:
            "These are different concepts: the first counts people in IP work wherever employed, the second everyone employed by IP service firms. They are neither added nor spliced here."
        ))
    ]
    input.maps = [
      MapPicture(
        place: .supply, name: "supply",
        svg:
          "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 200\"><rect x=\"40\" y=\"20\" width=\"680\" height=\"160\" fill=\"#6BACE6\"/></svg>",
        caption: Bilingual(zh: "供给现状（示例图）", en: "Current supply (sample picture)"),
        alternative: Bilingual(zh: "示例色块", en: "A sample block of colour"))
    ]
  }
}
