import Dimensions
import Messages
import Reports

/// A column of a machine CSV, as the descriptor states it.
struct PackColumn: Sendable {
  enum Kind: String, Sendable { case string, integer, number, year }

  let name: String
  let kind: Kind
  let meaning: Bilingual
  var required = true
  /// The codelist that holds every value of the column.
  var codes: String?

  init(
    _ name: String, _ kind: Kind = .string, zh: String, en: String, required: Bool = true, codes: String? = nil
  ) {
    self.name = name
    self.kind = kind
    self.required = required
    self.codes = codes
    meaning = Bilingual(zh: zh, en: en)
  }
}

/// A table of the pack: columns, key and rows as text.
struct PackTable: Sendable {
  let name: String
  let title: Bilingual
  let path: String
  let columns: [PackColumn]
  let key: [String]
  let rows: [[String]]

  var csv: String {
    var text = columns.map(\.name).joined(separator: ",") + "\n"
    for row in rows { text += row.map(csvField).joined(separator: ",") + "\n" }
    return text
  }
}

/// Quoted when it must be (RFC 4180).
func csvField(_ text: String) -> String {
  let special = text.utf8.contains { $0 == 0x2C || $0 == 0x22 || $0 == 0x0A || $0 == 0x0D }
  guard special else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}

/// The tables of a pack, made from the input of the report.
struct PackTables: Sendable {
  let all: [PackTable]

  init(_ input: ReportInput) {
    all = [
      PackTables.results(input),
      PackTables.codes("regions", Bilingual(zh: "地区代码", en: "regions"), PackTables.regions(input)),
      PackTables.hierarchy(input),
      PackTables.codes("teams", Bilingual(zh: "队伍代码", en: "teams"), PackTables.named(input.teams, total: true)),
      PackTables.codes(
        "industries", Bilingual(zh: "产业代码", en: "industries"), PackTables.named(input.industries, total: true)),
      PackTables.codes(
        "scenarios", Bilingual(zh: "情景代码", en: "scenarios"), PackTables.scenarios(input)),
      PackTables.codes("measures", Bilingual(zh: "指标代码", en: "measures"), PackTables.measures),
      PackTables.codes("evidence", Bilingual(zh: "证据等级", en: "evidence grades"), PackTables.grades),
      PackTables.codes("obs_status", Bilingual(zh: "观测状态", en: "observation status"), ObservationStatus.rows),
      PackTables.codes("conf_status", Bilingual(zh: "保密状态", en: "confidentiality status"), ConfidentialityStatus.rows),
      PackTables.indicators(input), PackTables.sources(input),
    ].filter { !$0.rows.isEmpty }
  }

  /// The tables that are lists of codes, by name.
  var codelists: [PackTable] { all.filter { $0.path.hasPrefix("codelists/") && $0.name != "hierarchy" } }

  private static func codes(_ name: String, _ title: Bilingual, _ rows: [[String]]) -> PackTable {
    PackTable(
      name: name, title: title, path: "codelists/\(name).csv",
      columns: [
        PackColumn("code", zh: "代码", en: "code"), PackColumn("name_zh", zh: "中文名称", en: "name in Chinese"),
        PackColumn("name_en", zh: "英文名称", en: "name in English"),
        PackColumn("note", zh: "说明", en: "note", required: false),
      ], key: ["code"], rows: rows)
  }

  private static func regions(_ input: ReportInput) -> [[String]] {
    input.regions.map { [$0.code.text, $0.name.zh, $0.name.en, $0.kind.rawValue] }
  }

  private static func hierarchy(_ input: ReportInput) -> PackTable {
    PackTable(
      name: "hierarchy", title: Bilingual(zh: "地区构成", en: "regions and the parts they add up from"),
      path: "codelists/hierarchy.csv",
      columns: [
        PackColumn("parent", zh: "整体", en: "whole", codes: "regions"),
        PackColumn("child", zh: "部分", en: "part", codes: "regions"),
      ], key: ["parent", "child"],
      rows: input.regions.flatMap { region in (region.parts ?? []).map { [region.code.text, $0.text] } })
  }

  private static func named(_ codes: [NamedCode], total: Bool) -> [[String]] {
    let sum = total && !codes.contains { $0.code == "total" } ? [["total", "合计", "total", ""]] : []
    return sum + codes.map { [$0.code, $0.name.zh, $0.name.en, ""] }
  }

  /// Scenarios of the cells that nobody named keep their code as name.
  private static func scenarios(_ input: ReportInput) -> [[String]] {
    let known = Set(input.scenarios.map(\.code))
    let others = Set(input.cells.map(\.scenario)).subtracting(known).sorted()
    return named(input.scenarios, total: false) + others.map { [$0, $0, $0, ""] }
  }

  private static let measures: [[String]] = Measure.allCases.map {
    [$0.rawValue, $0.name.zh, $0.name.en, $0.isFlow ? "flow" : "stock"]
  }

  private static let grades: [[String]] = Evidence.allCases.map { [$0.rawValue, $0.name.zh, $0.name.en, ""] }

  private static func indicators(_ input: ReportInput) -> PackTable {
    let rows = input.indicators.map { row in
      [
        row.id, row.name.zh, row.name.en, row.unit.zh, number(row.baseline), row.baselineYear.map(String.init) ?? "",
        number(row.latest), row.latestYear.map(String.init) ?? "", number(row.target), String(row.targetYear),
        number(row.p10), number(row.p50), number(row.p90), number(row.probability), row.judgement.zh, row.judgement.en,
        row.evidence.rawValue, row.source,
      ]
    }
    return PackTable(
      name: "indicators", title: Bilingual(zh: "规划指标监测", en: "plan indicators"), path: "data/indicators.csv",
      columns: [
        PackColumn("id", zh: "编号", en: "id"), PackColumn("name_zh", zh: "指标", en: "indicator, in Chinese"),
        PackColumn("name_en", zh: "英文名称", en: "indicator"),
        PackColumn("unit", zh: "单位", en: "unit", required: false),
        PackColumn("baseline", .number, zh: "基数", en: "baseline", required: false),
        PackColumn("baseline_year", .year, zh: "基数年份", en: "year of the baseline", required: false),
        PackColumn("latest", .number, zh: "最新值", en: "latest published value", required: false),
        PackColumn("latest_year", .year, zh: "最新年份", en: "year of the latest value", required: false),
        PackColumn("target", .number, zh: "目标", en: "target", required: false),
        PackColumn("target_year", .year, zh: "目标年份", en: "year of the target"),
        PackColumn("p10", .number, zh: "预测下限", en: "forecast for the target year, 10th percentile", required: false),
        PackColumn("p50", .number, zh: "预测中位数", en: "forecast, median", required: false),
        PackColumn("p90", .number, zh: "预测上限", en: "forecast, 90th percentile", required: false),
        PackColumn("probability", .number, zh: "达到概率", en: "probability that the target is met", required: false),
        PackColumn("judgement_zh", zh: "判断", en: "judgement, in Chinese", required: false),
        PackColumn("judgement_en", zh: "判断（英文）", en: "judgement", required: false),
        PackColumn("evidence", zh: "证据等级", en: "evidence grade", codes: "evidence"),
        PackColumn("source", zh: "来源编号", en: "source id", required: false),
      ], key: ["id"], rows: rows)
  }

  private static func sources(_ input: ReportInput) -> PackTable {
    PackTable(
      name: "source_register", title: Bilingual(zh: "数据来源登记", en: "source register"), path: "data/sources.csv",
      columns: [
        PackColumn("id", zh: "编号", en: "id"), PackColumn("title_zh", zh: "名称", en: "title, in Chinese"),
        PackColumn("title_en", zh: "英文名称", en: "title"), PackColumn("publisher", zh: "发布机构", en: "publisher"),
        PackColumn("publisher_en", zh: "发布机构英文名", en: "publisher in English"),
        PackColumn("licence", zh: "许可", en: "terms of use", required: false),
        PackColumn("licence_en", zh: "许可英文", en: "terms of use in English", required: false),
        PackColumn("used_for", zh: "用途", en: "used for", required: false),
      ], key: ["id"],
      rows: input.sources.map {
        [$0.id, $0.title.zh, $0.title.en, $0.publisher.zh, $0.publisher.en, $0.licence.zh, $0.licence.en, $0.usedFor.en]
      })
  }
}

/// Shortest form that reads back as the same number; empty when there is none.
func number(_ value: Double?) -> String {
  guard let value, value.isFinite else { return "" }
  if value == value.rounded(), abs(value) < 1e15 { return String(Int64(value)) }
  return "\(value)"
}
