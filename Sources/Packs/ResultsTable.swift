import Dimensions
import Messages
import Reports

/// SDMX `CL_OBS_STATUS` as far as a forecast uses it.
enum ObservationStatus: String, CaseIterable {
  case normal = "A"
  case estimated = "E"
  case forecast = "F"
  case missing = "O"
  case suppressed = "Q"

  init(_ cell: ResultCell, reference: Int) {
    self =
      if cell.isWithheld { .suppressed } else if !cell.value.isFinite { .missing } else if cell.year > reference {
        .forecast
      } else { cell.evidence == .observed ? .normal : .estimated }
  }

  private var name: Bilingual {
    switch self {
    case .normal: Bilingual(zh: "正常值", en: "normal value")
    case .estimated: Bilingual(zh: "测算值", en: "estimated value")
    case .forecast: Bilingual(zh: "预测值", en: "forecast value")
    case .missing: Bilingual(zh: "缺失", en: "missing value")
    case .suppressed: Bilingual(zh: "因保密不公布", en: "missing value; suppressed")
    }
  }

  static let rows = allCases.map { [$0.rawValue, $0.name.zh, $0.name.en, ""] }
}

/// SDMX `CL_CONF_STATUS`.
enum ConfidentialityStatus: String, CaseIterable {
  case free = "F"
  case confidential = "C"

  private var name: Bilingual {
    self == .free ? Bilingual(zh: "可公布", en: "free") : Bilingual(zh: "保密", en: "confidential statistical information")
  }

  static let rows = allCases.map { [$0.rawValue, $0.name.zh, $0.name.en, ""] }
}

extension PackTables {
  static func results(_ input: ReportInput) -> PackTable {
    let reference = input.edition.referenceYear
    return PackTable(
      name: "results", title: Bilingual(zh: "全部结果", en: "every figure of the run"), path: "data/results.csv",
      columns: resultColumns, key: ["scenario", "region", "industry", "team", "year", "measure"],
      rows: input.cells.map { cell in
        let status = ObservationStatus(cell, reference: reference)
        let confidential = cell.isWithheld ? ConfidentialityStatus.confidential : .free
        return [
          cell.scenario, cell.region.text, cell.industry, cell.team, String(cell.year), cell.measure.rawValue,
          number(cell.value), number(cell.p025), number(cell.p10), number(cell.p50), number(cell.p90),
          number(cell.p975), cell.unit, cell.evidence.rawValue, status.rawValue, confidential.rawValue, cell.method,
          cell.concept, cell.source,
        ]
      })
  }

  private static let resultColumns = [
    PackColumn("scenario", zh: "情景", en: "scenario", codes: "scenarios"),
    PackColumn("region", zh: "地区代码（文本）", en: "region, GB/T 2260 or hub (text)", codes: "regions"),
    PackColumn("industry", zh: "产业", en: "industry", codes: "industries"),
    PackColumn("team", zh: "队伍", en: "team", codes: "teams"),
    PackColumn("year", .year, zh: "年份；存量为年末", en: "year; stocks at its end, flows during it"),
    PackColumn("measure", zh: "指标", en: "measure", codes: "measures"),
    PackColumn("value", .number, zh: "数值；预测为均值或均值之比", en: "value: of a forecast the mean or a ratio of means; empty when withheld", required: false),
    PackColumn("p025", .number, zh: "95%区间下限", en: "2.5th percentile", required: false),
    PackColumn("p10", .number, zh: "80%区间下限", en: "10th percentile", required: false),
    PackColumn("p50", .number, zh: "中位数", en: "median", required: false),
    PackColumn("p90", .number, zh: "80%区间上限", en: "90th percentile", required: false),
    PackColumn("p975", .number, zh: "95%区间上限", en: "97.5th percentile", required: false),
    PackColumn("unit", zh: "单位：人（或人年，即全时当量）、人/年、1（比率）", en: "unit: 人 persons (or 人年 full-time equivalents), 人/年 persons a year, 1 ratio"),
    PackColumn("evidence", zh: "证据等级", en: "evidence grade", codes: "evidence"),
    PackColumn("obs_status", zh: "观测状态", en: "observation status", codes: "obs_status"),
    PackColumn("conf_status", zh: "保密状态", en: "confidentiality", codes: "conf_status"),
    PackColumn("method", zh: "方法", en: "method", required: false),
    PackColumn("concept", zh: "口径", en: "concept", required: false),
    PackColumn("source", zh: "来源编号，分号分隔", en: "source ids, separated by semicolons", required: false),
  ]
}

extension Measure {
  /// During a year rather than at its end.
  var isFlow: Bool {
    switch self {
    case .openings, .expansion, .replacement, .entrants, .retirements, .exits, .netMigration, .pressure: true
    case .supply, .demand, .gapRequirement, .gapPlan, .adequacy, .shortageProbability, .locationQuotient, .density: false
    }
  }

  var name: Bilingual {
    switch self {
    case .supply: Bilingual(zh: "供给", en: "supply")
    case .demand: Bilingual(zh: "需求", en: "demand")
    case .gapRequirement: Bilingual(zh: "需求缺口（需求－供给）", en: "requirement gap (demand − supply)")
    case .gapPlan: Bilingual(zh: "规划缺口（目标－供给）", en: "plan gap (target − supply)")
    case .adequacy: Bilingual(zh: "满足率（供给÷需求）", en: "adequacy (supply ÷ demand)")
    case .openings: Bilingual(zh: "岗位空缺", en: "openings")
    case .expansion: Bilingual(zh: "扩张性空缺", en: "expansion")
    case .replacement: Bilingual(zh: "替代性空缺", en: "replacement")
    case .entrants: Bilingual(zh: "新增", en: "entrants")
    case .retirements: Bilingual(zh: "退休", en: "retirements")
    case .exits: Bilingual(zh: "其他流出", en: "other exits")
    case .netMigration: Bilingual(zh: "净迁移", en: "net migration")
    case .pressure: Bilingual(zh: "供需压力（新增÷空缺）", en: "pressure (entrants ÷ openings)")
    case .shortageProbability: Bilingual(zh: "短缺概率", en: "probability of a shortage")
    case .locationQuotient: Bilingual(zh: "区位商（本地占比÷全国占比）", en: "location quotient (share here ÷ share in the nation)")
    case .density: Bilingual(zh: "人才密度（每万人年研发人员）", en: "density (per 10,000 FTE of R&D personnel)")
    }
  }
}
