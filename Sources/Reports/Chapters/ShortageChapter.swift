import Dimensions
import Messages

extension Cube {
  /// 急需紧缺人才目录: the roles with a gap, how sure that is, and why.
  func shortageChapter(_ outline: inout Outline) -> Chapter {
    var blocks = Blocks()
    if let list = input.shortage {
      blocks.say(shortageSentence(list))
      blocks.table(shortageTable(list))
      blocks.box(Bilingual(zh: "目录的编制办法", en: "How the catalogue is made"), "shortage.rules", list.rules)
      outline.missing(
        Bilingual(zh: "空缺时长与薪酬溢价", en: "Duration of vacancies and wage premium by role"),
        Bilingual(zh: "分岗位的招聘与薪酬数据", en: "Vacancies and pay by role"))
    } else {
      outline.missing(
        Bilingual(zh: "急需紧缺人才目录", en: "Shortage catalogue by role"),
        Bilingual(zh: "模型目录中的 shortage.yaml", en: "shortage.yaml in the folder of models"))
    }
    return Chapter(
      title: Bilingual(zh: "急需紧缺人才目录", en: "Shortage catalogue"), anchor: "shortage", blocks: blocks.all)
  }

  private func shortageFact(
    _ row: Int, _ name: String, _ value: Double, low: Double? = nil, high: Double? = nil
  ) -> Fact? {
    var fact = inputFact("shortage/\(row)/\(name)", value, basis: .forecast, evidence: .assumed)
    fact?.low = low
    fact?.high = high
    fact?.year = input.shortage?.year
    return fact
  }

  private func shortageSentence(_ list: ShortageList) -> Sentence? {
    let rated = list.rows.indices.filter { list.rows[$0].rating != nil }
    let gaps = list.rows.indices.compactMap { shortageFact($0, "gap", list.rows[$0].gap) }
    guard let short = Fact.derived(.count, gaps) else { return nil }
    let items = Bilingual(zh: "个", en: "")
    guard let sure = Fact.derived(.count, rated.map { gaps[$0] }) else {
      return Sentence(
        "shortage.count",
        zh: "预计\(year: list.year)年，缺口均值为正的岗位有\(short, .count(unit: items))（各岗位短缺概率见表），区间均过宽或人数过少，一律不评级，只列出名次范围（\(see: "t-shortage")）。",
        en:
          "In \(year: list.year), \(short, .tableCount) roles have a projected mean gap (the table gives the probability of each); their intervals are too wide, or the roles too small, for any of them to be rated, so only ranges of ranks are given (\(see: "t-shortage"))."
      )
    }
    return Sentence(
      "shortage.count",
      zh: "预计\(year: list.year)年，缺口均值为正的岗位有\(short, .count(unit: items))（各岗位短缺概率见表），其中区间足以评级的有\(sure, .count(unit: items))（\(see: "t-shortage")）。",
      en:
        "In \(year: list.year), \(short, .tableCount) roles have a projected mean gap (the table gives the probability of each); \(sure, .tableCount) of them can be rated, the intervals of the others being too wide (\(see: "t-shortage"))."
    )
  }

  private func shortageTable(_ list: ShortageList) -> StatTable? {
    let rows = list.rows.enumerated().map { i, row -> StatRow in
      let reasons = Bilingual(
        zh: row.reasons.map(\.zh).joined(separator: "、"), en: row.reasons.map(\.en).joined(separator: ", "))
      return StatRow([
        .code(row.ranks.count == 1 ? "\(row.ranks.lowerBound)" : "\(row.ranks.lowerBound)～\(row.ranks.upperBound)"),
        .text(input.regions.first { $0.code == row.region }?.name ?? Bilingual(zh: row.region.text, en: row.region.text)), .text(row.title),
        .number(shortageFact(i, "supplyNow", row.supplyNow)), .number(shortageFact(i, "demand", row.demand)),
        .number(shortageFact(i, "gap", row.gap)),
        .interval(shortageFact(i, "gap", row.gap, low: row.gapLow, high: row.gapHigh)),
        .number(shortageFact(i, "probability", row.probability), .tableProbability),
        .number(row.adequacy.flatMap { shortageFact(i, "adequacy", $0) }, .tablePercent),
        .number(shortageFact(i, "index", row.index), .decimal(places: 2)),
        .interval(shortageFact(i, "index", row.index, low: row.indexLow, high: row.indexHigh), .decimal(places: 2)),
        .text(row.stars), row.requirement.map { .text($0) } ?? .missing,
        reasons.zh.isEmpty ? .notApplicable : .text(reasons), .grade(row.evidence),
      ])
    }
    return StatTable(
      anchor: "t-shortage", title: Bilingual(zh: "急需紧缺人才目录（预计）", en: "Shortage catalogue (projected)"), unit: .persons,
      columns: [
        StatColumn(Bilingual(zh: "名次", en: "Rank"), numeric: false), StatColumn(.region, numeric: false),
        StatColumn(Bilingual(zh: "岗位", en: "Role"), numeric: false),
        StatColumn(Bilingual(zh: "\(list.baseYear)年供给", en: "Supply \(list.baseYear)")),
        StatColumn(Bilingual(zh: "\(list.year)年需求", en: "Demand \(list.year)")),
        StatColumn(Bilingual(zh: "\(list.year)年缺口", en: "Gap \(list.year)")), StatColumn(.interval80),
        StatColumn(Bilingual(zh: "短缺概率（%）", en: "P(shortage) (%)")),
        StatColumn(Bilingual(zh: "满足率（%）", en: "Adequacy (%)")), StatColumn(Bilingual(zh: "紧缺指数", en: "Index")),
        StatColumn(Bilingual(zh: "指数80%区间", en: "Index, 80% interval")),
        StatColumn(Bilingual(zh: "星级", en: "Stars"), numeric: false),
        StatColumn(Bilingual(zh: "法定要求", en: "Required by regulation"), numeric: false),
        StatColumn(Bilingual(zh: "成因", en: "Reasons"), numeric: false), StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        Bilingual(
          zh: "名次为80%区间，抽样不能区分的岗位名次重叠。缺口与供给按同一年比较。",
          en: "Ranks are 80% intervals: roles that the draws cannot tell apart share ranks. Gaps compare demand and supply of the same year."),
        .standingGapNote,
      ] + (list.rows.contains { Reading.disagree(gap: $0.gap, shortage: $0.probability) } ? [.contraryNote] : []))
  }
}

extension ShortageList {
  func value(_ row: Int, _ name: String) -> Double? {
    guard rows.indices.contains(row) else { return nil }
    let one = rows[row]
    switch name {
    case "supplyNow": return one.supplyNow
    case "demand": return one.demand
    case "gap": return one.gap
    case "adequacy": return one.adequacy
    case "index": return one.index
    case "probability": return one.probability
    default: return nil
    }
  }
}
