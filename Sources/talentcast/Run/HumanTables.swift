import Dimensions
import Forecasting
import Messages
import ModelSpecs

/// `tables/`: what a planner opens in a spreadsheet; one file a language.
struct HumanTables {
  let run: CompletedRun
  /// The cells of the balance table.
  private let cells: [Key: ResultCell]

  init(_ run: CompletedRun) {
    self.run = run
    let shown: Set<Measure> = [.supply, .demand, .gapRequirement, .shortageProbability, .openings, .expansion, .replacement]
    cells = HumanTables.index(run.cells.filter { $0.industry == "total" && shown.contains($0.measure) })
  }

  var files: [OutputFile] {
    Language.allCases.flatMap { language in
      [
        OutputFile(
          name: "tables/\(language == .zh ? "T1_供需平衡表" : "T1_balance").csv", bytes: csv(balance(language)))
      ]
        + (run.model.industries.count > 1
          ? [
            OutputFile(
              name: "tables/\(language == .zh ? "T2_分产业分队伍需求" : "T2_demand_by_industry_and_team").csv",
              bytes: csv(industries(language)))
          ] : [])
        + (run.results.shortage.map { catalogue in
          [
            OutputFile(
              name: "tables/\(language == .zh ? "T3_急需紧缺人才目录" : "T3_shortage_catalogue").csv",
              bytes: csv(ShortageTable(catalogue, run).rows(language)))
          ]
        } ?? [])
    }
  }

  /// Region × team × year: supply, demand, gap (with the probability of a shortage) and openings with 80 % intervals.
  private func balance(_ language: Language) -> [[String]] {
    let zh = language == .zh
    let measures: [(Measure, Bilingual)] = [
      (.supply, Bilingual(zh: "供给", en: "supply")), (.demand, Bilingual(zh: "需求", en: "demand")),
      (.gapRequirement, Bilingual(zh: "缺口", en: "gap")), (.openings, Bilingual(zh: "空缺", en: "openings")),
      (.expansion, Bilingual(zh: "扩张", en: "expansion")), (.replacement, Bilingual(zh: "替代", en: "replacement")),
    ]
    var rows = [
      (zh ? ["代码", "地区", "队伍", "年份"] : ["code", "region", "team", "year"])
        + measures.flatMap { measure in
          let name = measure.1[language]
          return zh
            ? ["\(name)（人）", "\(name)80%下限", "\(name)80%上限"] + (measure.0 == .gapRequirement ? ["短缺概率"] : [])
            : ["\(name) (persons)", "\(name) p10", "\(name) p90"] + (measure.0 == .gapRequirement ? ["P(short)"] : [])
        } + [zh ? "证据等级" : "evidence"]
    ]
    for node in run.results.inputs.geography.nodes {
      for team in ["total"] + (run.model.teams.count > 1 ? run.model.teams.map(\.id) : []) {
        for year in run.model.years.base...run.model.years.last {
          let found = measures.map { cells[Key(node.code, $0.0, team, "total", year)] }
          var row = [node.code.text, node.name[language], name(of: team, language), String(year)]
          for (measure, cell) in zip(measures, found) {
            row += [persons(cell?.value), persons(cell?.p10), persons(cell?.p90)]
            if measure.0 == .gapRequirement {
              row.append(chance(cells[Key(node.code, .shortageProbability, team, "total", year)]?.value))
            }
          }
          row.append(Evidence.worst(found.compactMap { $0?.evidence }).rawValue)
          rows.append(row)
        }
      }
    }
    return rows
  }

  /// Hub × industry × team × year: requirement with 80 % interval and grade.
  private func industries(_ language: Language) -> [[String]] {
    let zh = language == .zh
    var rows = [
      zh
        ? ["代码", "地区", "产业", "队伍", "年份", "需求（人）", "80%下限", "80%上限", "证据等级"]
        : ["code", "region", "industry", "team", "year", "demand (persons)", "p10", "p90", "evidence"]
    ]
    let shown = Set(run.headlineRegions.map(\.code))
    let names = run.names
    let industryNames = Dictionary(run.model.industries.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
    for cell in run.cells
    where cell.measure == .demand && cell.industry != "total" && shown.contains(cell.region) {
      rows.append([
        cell.region.text, names[cell.region]?[language] ?? cell.regionName,
        industryNames[cell.industry]?[language] ?? cell.industry, name(of: cell.team, language), String(cell.year),
        persons(cell.value), persons(cell.p10), persons(cell.p90), cell.evidence.rawValue,
      ])
    }
    return rows
  }

  private func name(of team: String, _ language: Language) -> String {
    if team == "total" { return language == .zh ? "合计" : "all teams" }
    return run.model.teams.first { $0.id == team }?.name[language] ?? team
  }

  private func persons(_ value: Double?) -> String {
    guard let value else { return "" }
    // A cell that is there and has no number is withheld.
    guard value.isFinite else { return "*" }
    return String(Int(value.rounded(.toNearestOrAwayFromZero)))
  }

  private func chance(_ value: Double?) -> String {
    guard let value else { return "" }
    return value.isFinite ? oneOf(value, 3) : "*"
  }

  private func csv(_ rows: [[String]]) -> [UInt8] { Array(HumanCSV(rows: rows).text.utf8) }

  private struct Key: Hashable {
    let region: RegionCode
    let measure: Measure
    let team: String
    let industry: String
    let year: Int
    init(_ region: RegionCode, _ measure: Measure, _ team: String, _ industry: String, _ year: Int) {
      (self.region, self.measure, self.team, self.industry, self.year) = (region, measure, team, industry, year)
    }
  }

  private static func index(_ cells: [ResultCell]) -> [Key: ResultCell] {
    Dictionary(
      cells.map { (Key($0.region, $0.measure, $0.team, $0.industry, $0.year), $0) },
      uniquingKeysWith: { first, _ in first })
  }
}
