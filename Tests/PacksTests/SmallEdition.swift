import Dimensions
import Messages
import Reports

/// An edition with a nation of two provinces, one of them withheld on request; every figure invented.
func smallInput(withheld: Bool = false) -> ReportInput {
  let edition = Edition(
    editionYear: 2026, referenceYear: 2023, focusYear: 2030, horizon: 2030, scenario: "baseline",
    scenarioName: Bilingual(zh: "基准情景", en: "baseline"), seed: 1, draws: 100,
    title: Bilingual(zh: "测试年报", en: "Test report"), subject: Bilingual(zh: "人才", en: "talent"), date: "2026-11-23")
  let places: [(RegionCode, Bilingual, Double)] = [
    ("100000", Bilingual(zh: "全国", en: "China"), 30), ("110000", Bilingual(zh: "北京市", en: "Beijing"), 10),
    ("310000", Bilingual(zh: "上海市, “沪”", en: "Shanghai"), 20),
  ]
  var cells: [ResultCell] = []
  for (code, name, size) in places {
    for (measure, factor) in [(Measure.supply, 1.0), (.demand, 1.5)] {
      for year in [2023, 2030] {
        let value = size * factor + Double(year == 2030 ? size / 10 : 0)
        let cell = ResultCell(
          scenario: "baseline", region: code, regionName: name.zh, hub: "", year: year, measure: measure, unit: "人",
          value: value, p025: value - 2, p10: value - 1, p50: value, p90: value + 1, p975: value + 2,
          evidence: year == 2023 && measure == .supply ? .observed : .allocated, method: "test", concept: "ip-talent",
          source: "src-1")
        cells.append(withheld && code != "100000" ? cell.withheld : cell)
      }
    }
  }
  return ReportInput(
    edition: edition, cells: cells,
    regions: [
      ReportRegion(code: "100000", name: places[0].1, kind: .nation, parts: ["110000", "310000"]),
      ReportRegion(code: "110000", name: places[1].1, kind: .province),
      ReportRegion(code: "310000", name: places[2].1, kind: .province),
    ], teams: [NamedCode(code: "P", name: Bilingual(zh: "保护", en: "protection"))], industries: [],
    scenarios: [NamedCode(code: "baseline", name: Bilingual(zh: "基准情景", en: "baseline"))],
    sources: [
      SourceEntry(
        id: "src-1", title: Bilingual(zh: "来源", en: "source"), publisher: Bilingual(zh: "机构", en: "office"),
        licence: Bilingual(zh: "—", en: "—"), usedFor: Bilingual(zh: "存量", en: "stock"))
    ])
}
