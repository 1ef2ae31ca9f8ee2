import Dimensions
import Messages

@testable import Reports

/// 示例数据: an edition whose every figure is invented by closed formulas, for tests only.
enum SampleEdition {
  static let input = build(seedShift: 0)
  static let honest = document(for: input)

  static let provinceNames: [(String, String, String)] = [
    ("110000", "北京市", "Beijing"), ("150000", "内蒙古自治区", "Inner Mongolia"),
    ("310000", "上海市", "Shanghai"), ("320000", "江苏省", "Jiangsu"), ("330000", "浙江省", "Zhejiang"),
    ("440000", "广东省", "Guangdong"), ("510000", "四川省", "Sichuan"),
  ]

  static let cities: [(String, String, String)] = [
    ("440100", "广州市", "Guangzhou"), ("440300", "深圳市", "Shenzhen"), ("440400", "珠海市", "Zhuhai"),
    ("440600", "佛山市", "Foshan"), ("440700", "江门市", "Jiangmen"), ("441200", "肇庆市", "Zhaoqing"),
    ("441300", "惠州市", "Huizhou"), ("441900", "东莞市", "Dongguan"), ("442000", "中山市", "Zhongshan"),
  ]

  static let teams = [
    NamedCode(code: "P", name: Bilingual(zh: "保护队伍", en: "protection")),
    NamedCode(code: "U", name: Bilingual(zh: "运用队伍", en: "utilisation")),
    NamedCode(code: "S", name: Bilingual(zh: "公共服务队伍", en: "public service")),
    NamedCode(code: "I", name: Bilingual(zh: "国际化队伍", en: "international")),
    NamedCode(code: "F", name: Bilingual(zh: "基础队伍", en: "foundation")),
  ]

  static let industries = [
    NamedCode(code: "ict-manufacturing", name: Bilingual(zh: "信息通信技术制造业", en: "ICT manufacturing")),
    NamedCode(code: "ict-services", name: Bilingual(zh: "信息通信技术服务业", en: "ICT services")),
    NamedCode(code: "new-equipment", name: Bilingual(zh: "新装备制造业", en: "New equipment")),
    NamedCode(code: "new-materials", name: Bilingual(zh: "新材料制造业", en: "New materials")),
    NamedCode(code: "medicine", name: Bilingual(zh: "医药医疗产业", en: "Medicine")),
    NamedCode(code: "environment", name: Bilingual(zh: "环保产业", en: "Environment")),
    NamedCode(code: "rd-services", name: Bilingual(zh: "研发、设计和技术服务业", en: "R&D and design services")),
    NamedCode(code: "other", name: Bilingual(zh: "其他", en: "Other")),
  ]

  static let teamShares = [0.24, 0.38, 0.08, 0.06, 0.24]
  static let teamDemandShares = [0.25, 0.39, 0.07, 0.08, 0.21]
  static let industryShares = [0.21, 0.16, 0.18, 0.11, 0.09, 0.05, 0.12, 0.08]

  static func edition(title: Bilingual? = nil) -> Edition {
    Edition(
      editionYear: 2026, referenceYear: 2023, focusYear: 2030, horizon: 2035, scenario: "baseline",
      scenarioName: Bilingual(zh: "基准情景", en: "baseline scenario"), seed: 20_260_101, draws: 1000,
      title: title
        ?? Bilingual(
          zh: "2026年知识产权人才统计年度报告（北京、上海、粤港澳大湾区）",
          en: "Annual Statistical Report on Intellectual Property Talent 2026: Beijing, Shanghai and the Greater Bay Area"),
      subject: Bilingual(zh: "知识产权人才", en: "IP professionals"), date: "2026-11-23", sample: true)
  }
}

extension SampleEdition {
  static func build(seedShift: Double) -> ReportInput {
    var cells: [ResultCell] = []
    var regions = [
      ReportRegion(code: "100000", name: Bilingual(zh: "全国", en: "China"), kind: .nation)
    ]
    for (code, zh, en) in provinceNames {
      let hub: RegionCode? = code == "110000" || code == "310000" ? RegionCode(code) : nil
      regions.append(
        ReportRegion(code: RegionCode(code), name: Bilingual(zh: zh, en: en), kind: .province, hub: hub))
    }
    regions.append(
      ReportRegion(code: "GBA", name: Bilingual(zh: "粤港澳大湾区", en: "Greater Bay Area"), kind: .hub, hub: "GBA"))
    for (code, zh, en) in cities {
      regions.append(
        ReportRegion(code: RegionCode(code), name: Bilingual(zh: zh, en: en), kind: .city, hub: "GBA"))
    }
    regions.append(
      ReportRegion(code: "810000", name: Bilingual(zh: "香港特别行政区", en: "Hong Kong SAR"), kind: .sar, hub: "GBA"))
    regions.append(
      ReportRegion(code: "820000", name: Bilingual(zh: "澳门特别行政区", en: "Macao SAR"), kind: .sar, hub: "GBA"))

    var weights: [RegionCode: Double] = ["100000": 1, "GBA": 0.155]
    for (i, province) in provinceNames.enumerated() {
      weights[RegionCode(province.0)] = 0.02 + 0.012 * Double((i * 7) % 9)
    }
    weights["110000"] = 0.118
    weights["310000"] = 0.087
    for (i, city) in cities.enumerated() {
      weights[RegionCode(city.0)] = [0.036, 0.058, 0.008, 0.014, 0.005, 0.003, 0.008, 0.013, 0.005][i]
    }
    weights["810000"] = 0.0045
    weights["820000"] = 0.0005
    for region in regions {
      cells += self.cells(region, weight: weights[region.code] ?? 0, shift: seedShift)
    }
    var input = ReportInput(
      edition: edition(), cells: cells, regions: regions, teams: teams, industries: industries,
      scenarios: [
        NamedCode(code: "baseline", name: Bilingual(zh: "基准情景", en: "Baseline")),
        NamedCode(code: "high", name: Bilingual(zh: "高创新情景", en: "High innovation")),
        NamedCode(code: "low", name: Bilingual(zh: "低创新情景", en: "Low innovation")),
      ])
    let totals = cells.filter { $0.team == "total" && $0.industry == "total" && ["100000", "110000", "310000", "GBA"].contains($0.region.text) }
    input.otherScenarios = moved(totals, "high", by: 1) + moved(totals, "low", by: -1)
    input.levers = [("high", "+ 2%"), ("low", "- 2%")].map { scenario, change in
      LeverRow(
        scenario: scenario, lever: Bilingual(zh: "研发经费", en: "R&D spending"), change: Bilingual(zh: change, en: change),
        years: Bilingual(zh: "2025年起", en: "from 2025"), places: Bilingual(zh: "", en: ""),
        authority: Bilingual(zh: "虚构", en: "invented"))
    }
    input.sensitivity = Sensitivity(
      region: "100000", measure: .gapRequirement, year: 2030, central: 1000,
      swings: [
        LeverSwing(
          lever: Bilingual(zh: "新增人才", en: "entrants"), unit: Bilingual(zh: "倍", en: "factor"), low: 0.5, high: 2, atLow: 90_000,
          atHigh: -150_000),
        LeverSwing(
          lever: Bilingual(zh: "研发经费", en: "R&D spending"), unit: Bilingual(zh: "倍", en: "factor"), low: 0.6, high: 1.8, atLow: -40_000,
          atHigh: 50_000),
      ])
    addNotes(&input)
    return input
  }

  /// The gap of some cells moved by a tenth of demand, up or down.
  private static func moved(_ cells: [ResultCell], _ scenario: String, by sign: Double) -> [ResultCell] {
    cells.map { cell in
      var other = cell
      other.scenario = scenario
      let step = sign * (cell.measure == .demand || cell.measure == .gapRequirement ? 8_000 : 0)
      (other.value, other.p10, other.p50, other.p90) = (cell.value + step, cell.p10 + step, cell.p50 + step, cell.p90 + step)
      (other.p025, other.p975) = (cell.p025 + step, cell.p975 + step)
      return other
    }
  }

  private static func cells(_ region: ReportRegion, weight: Double, shift: Double) -> [ResultCell] {
    let nation = region.kind == .nation
    let grade: Evidence = region.kind == .city ? .allocated : (region.kind == .sar ? .assumed : .estimated)
    var out: [ResultCell] = []
    func put(
      _ measure: Measure, _ year: Int, _ value: Double, spread: Double, team: String = "total",
      industry: String = "total", unit: String = "人", evidence: Evidence? = nil
    ) {
      let deep = max(0, Double(year - 2023))
      let sd = spread * deep.squareRoot()
      out.append(
        ResultCell(
          scenario: "baseline", region: region.code, regionName: region.name.zh,
          hub: region.hub?.text ?? "", industry: industry, team: team, year: year, measure: measure,
          unit: unit, value: value, p025: value - 1.96 * sd, p10: value - 1.2816 * sd, p50: value,
          p90: value + 1.2816 * sd, p975: value + 1.96 * sd, evidence: evidence ?? grade,
          method: region.kind == .city ? "按研发人员分摊" : "阻尼对数漂移",
          concept: "ip-talent", source: "cnipa-annual"))
    }
    let tilt = Double(region.code.text.unicodeScalars.reduce(0) { $0 + Int($1.value) } % 7) - 2
    for year in 2020...2035 {
      let t = Double(year - 2020)
      let supply = weight * (690_000 + 178_550 * t / 3 - 950 * t * t + shift)
      let demand = weight * (720_000 + 62_000 * t - 700 * t * t) * (1 + 0.006 * tilt)
      let counted = nation && (year == 2020 || year == 2023)
      put(.supply, year, supply, spread: 0.012 * supply, evidence: counted ? .observed : nil)
      put(.demand, year, demand, spread: 0.018 * demand)
      put(.gapRequirement, year, demand - supply, spread: 0.021 * demand)
      put(.adequacy, year, supply / demand, spread: 0, unit: "比值")
      put(.shortageProbability, year, min(0.995, max(0.02, 0.5 + (demand - supply) / demand * 4)), spread: 0, unit: "概率")
      for (i, (team, share)) in zip(teams, teamShares).enumerated() {
        let lean = teamDemandShares[i] / share
        put(.supply, year, supply * share, spread: 0.02 * supply * share, team: team.code, evidence: .assumed)
        put(.demand, year, demand * share * lean, spread: 0.03 * demand * share, team: team.code, evidence: .assumed)
        put(.gapRequirement, year, demand * share * lean - supply * share, spread: 0.035 * demand * share, team: team.code, evidence: .assumed)
      }
      for (i, (industry, share)) in zip(industries, industryShares).enumerated() {
        put(.demand, year, demand * share, spread: (0.02 + 0.004 * Double(i)) * demand * share, industry: industry.code, evidence: .allocated)
      }
      if year > 2020 {
        let before = weight * (690_000 + 178_550 * (t - 1) / 3 - 950 * (t - 1) * (t - 1) + shift)
        let retired = before * 0.011
        let left = before * 0.034
        put(.retirements, year, retired, spread: 0.02 * retired)
        put(.exits, year, left, spread: 0.05 * left, evidence: .assumed)
        put(.entrants, year, supply - before + retired + left, spread: 0.04 * (retired + left))
        let grown = weight * (62_000 - 700 * (2 * t - 1))
        put(.expansion, year, grown, spread: 0.1 * grown)
        put(.replacement, year, retired + left, spread: 0.04 * (retired + left))
        put(.openings, year, grown + retired + left, spread: 0.08 * (grown + retired + left))
      }
    }
    return out
  }
}
