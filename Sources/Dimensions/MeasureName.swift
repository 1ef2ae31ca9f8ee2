import Messages

extension Measure {
  /// What tables and terminals call the measure.
  public var name: Bilingual {
    switch self {
    case .supply: Bilingual(zh: "供给", en: "supply")
    case .demand: Bilingual(zh: "需求", en: "demand")
    case .gapRequirement: Bilingual(zh: "需求缺口", en: "requirement gap")
    case .gapPlan: Bilingual(zh: "规划缺口", en: "plan gap")
    case .adequacy: Bilingual(zh: "满足率", en: "adequacy")
    case .openings: Bilingual(zh: "空缺", en: "openings")
    case .expansion: Bilingual(zh: "扩张需求", en: "expansion")
    case .replacement: Bilingual(zh: "替代需求", en: "replacement")
    case .entrants: Bilingual(zh: "新增", en: "entrants")
    case .retirements: Bilingual(zh: "退休", en: "retirements")
    case .exits: Bilingual(zh: "死亡与转出", en: "deaths and transfers out")
    case .netMigration: Bilingual(zh: "净迁移", en: "net migration")
    case .pressure: Bilingual(zh: "供需压力", en: "pressure")
    case .shortageProbability: Bilingual(zh: "短缺概率", en: "probability of shortage")
    case .locationQuotient: Bilingual(zh: "区位商", en: "location quotient")
    case .density: Bilingual(zh: "人才密度", en: "density")
    }
  }

  /// Units of the measure's values.
  public var unit: String {
    switch self {
    case .supply, .demand, .gapRequirement, .gapPlan: "人"
    case .adequacy, .pressure, .shortageProbability, .locationQuotient: "1"
    case .density: "人/万人年"
    case .openings, .expansion, .replacement, .entrants, .retirements, .exits, .netMigration: "人/年"
    }
  }
}

extension Measure {
  /// By its id, its name in either language, or a planner's short word (`gap`, `缺口`); nil when it is none of them.
  public static func called(_ text: String) -> Measure? {
    let short: [String: Measure] = ["gap": .gapRequirement, "缺口": .gapRequirement, "plan-gap": .gapPlan]
    return Measure(rawValue: text) ?? Measure(rawValue: text.replacing("-", with: "_")) ?? short[text]
      ?? allCases.first { $0.name.zh == text || $0.name.en == text }
  }
}
