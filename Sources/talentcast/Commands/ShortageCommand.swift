import ArgumentParser
import Dimensions
import Forecasting
import Messages
import ModelSpecs

/// `talentcast shortage`: the catalogue of roles in short supply.
struct ShortageCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "shortage", abstract: "急需紧缺人才目录 · The catalogue of roles in short supply.",
    subcommands: [ShortageListCommand.self], defaultSubcommand: ShortageListCommand.self)
}

struct ShortageListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "列出紧缺岗位、指数、星级与成因 · Roles, index, stars and reasons.",
    discussion: """
      权重、分级与成因判据在 Models/shortage.yaml。
      Weights, bands and limits stand in Models/shortage.yaml.

      例 · Examples:
        talentcast shortage list
        talentcast shortage list --region 上海 --year 2035 --all
        talentcast shortage list --scenario high-innovation --json
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "地区：代码、名称或高地编号，可重复；缺省为各高地 · Region; repeatable. All hubs by default.")
  var region: [String] = []

  @Option(help: "年份，缺省见文件 · Year; the file's by default.")
  var year: Int?

  @Flag(help: "不缺的岗位也列出 · Also roles without a gap.")
  var all = false

  @OptionGroup var asked: DrawnScenario

  func run() throws {
    let language = common.language
    try reporting(language) {
      let inputs = try asked.inputs()
      let spec = try readShortageSpec("\(asked.models)/shortage.yaml").in(year)
      let forecast = inputs.assembly.inputs
      let nodes = try region.isEmpty ? nil : places(forecast.geography)
      let options = asked.options(inputs)
      let catalogue = try made(forecast, options, spec, nodes)
      print(
        common.json ? try jsonText(ShortageJSON(catalogue, inputs, all: all, language)) : text(catalogue, inputs, language),
        terminator: common.json ? "" : "\n")
    }
  }

  private func made(
    _ inputs: ForecastInputs, _ options: RunOptions, _ spec: ShortageSpec, _ nodes: [Geography.Node]?
  ) throws(ProblemReport) -> ShortageCatalogue {
    do throws(ForecastError) {
      return try ShortageCatalogue(inputs, options, spec, regions: nodes)
    } catch {
      throw ProblemReport(.usage, [Problem("shortage.failed", path: "year", message: error.message)])
    }
  }

  private func places(_ geography: Geography) throws(ProblemReport) -> [Geography.Node] {
    var nodes: [Geography.Node] = []
    var problems: [Problem] = []
    for name in region {
      if let node = geography.node(called: name) {
        nodes.append(node)
      } else {
        let known = geography.nodes.flatMap { [$0.code.text, $0.name.zh, $0.name.en] }
        problems.append(
          Problem(
            "shortage.unknown-region", path: "region",
            message: Bilingual(zh: "没有地区“\(name)”", en: "there is no region '\(name)'"),
            hint: nearest(name, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
              ?? Bilingual(
                zh: "可用：\(known.prefix(9).joined(separator: "、"))…", en: "known: \(known.prefix(9).joined(separator: ", "))…")))
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.usage, problems) }
    return nodes
  }

  private func text(_ catalogue: ShortageCatalogue, _ inputs: RunInputs, _ language: Language) -> String {
    let zh = language == .zh
    let year = catalogue.spec.year
    var table = TextTable(
      [
        (zh ? "名次" : "rank", .left), (zh ? "地区" : "region", .left), (zh ? "岗位" : "role", .left),
        (zh ? "\(year)需求" : "demand \(year)", .right), (zh ? "缺口" : "gap", .right),
        (zh ? "80%区间" : "80 % interval", .right), (zh ? "短缺概率" : "P(short)", .right),
        (zh ? "指数" : "index", .right), (zh ? "80%区间" : "80 % interval", .right), (zh ? "星级" : "stars", .left),
        (zh ? "成因" : "reasons", .left),
      ], keys: 3)
    let entries = all ? catalogue.entries : catalogue.short
    for entry in entries { table.append(cells(entry, language)) }
    let title =
      zh
      ? "\(year) 年急需紧缺岗位（情景 \(inputs.scenario.id)，\(asked.draws) 次抽样）：\(catalogue.entries.count) 个岗位中 \(catalogue.short.count) 个缺口均值为正"
      : "roles in short supply in \(year) (scenario \(inputs.scenario.id), \(asked.draws) draws): \(catalogue.short.count) of \(catalogue.entries.count) have a mean gap"
    let note =
      zh
      ? "星级加括号：区间跨三个及以上星级或人数过少，不评级，只给范围 · 权重与分级为假定 [D]（Models/shortage.yaml）"
      : "stars in brackets: not rated, only a range; the interval spans three bands or more, or the role is too small · weights and bands are assumed [D] (Models/shortage.yaml)"
    let isOpen = entries.contains {
      Reading.direction(shortage: $0.probability) == .open || Reading.disagree(gap: $0.gap.value, shortage: $0.probability)
    }
    let open =
      zh
      ? "缺口为抽样均值；短缺概率在 20% 与 80% 之间或与均值方向不一的，是否短缺尚无定论"
      : "gaps are means of the draws; where P(short) lies between 20 and 80 % or points another way, it is open whether there is a shortage"
    return ([title, table.text] + (isOpen ? [open] : []) + [note]).joined(separator: "\n")
  }

  private func cells(_ entry: ShortageCatalogue.Entry, _ language: Language) -> [String] {
    // To the digit that the interval supports.
    func supported(_ value: Double, _ fan: Fan) -> String {
      let shown = Reading.supported(value, low: fan.p10, high: fan.p90)
      return (shown < -0.5 ? "−" : "") + grouped(abs(shown.rounded()))
    }
    let place = entry.rank
    return [
      place.low == place.high ? "\(place.low)" : "\(place.low)–\(place.high)", entry.regionName[language],
      entry.title[language], supported(entry.demand.value, entry.demand), supported(entry.gap.value, entry.gap),
      rangeText(supported(entry.gap.p10, entry.gap), supported(entry.gap.p90, entry.gap), language),
      entry.probability.isFinite ? "\(Int((entry.probability * 100).rounded()))%" : "",
      oneOf(entry.index.value, 2), rangeText(oneOf(entry.index.p10, 2), oneOf(entry.index.p90, 2), language),
      entry.rating.map { String(repeating: "★", count: $0) } ?? "(\(rangeText("\(entry.stars.lowerBound)", "\(entry.stars.upperBound)", language)))",
      entry.reasons.map { $0.name[language] }.joined(separator: language == .zh ? "、" : ", "),
    ]
  }
}

extension ShortageSpec {
  /// The same rules for another year.
  fileprivate func `in`(_ year: Int?) -> ShortageSpec {
    guard let year else { return self }
    var other = self
    other.year = year
    return other
  }
}

struct ShortageJSON: Encodable {
  private struct Interval: Encodable {
    let value: Double
    let p10: Double
    let p90: Double
    init(_ fan: Fan) { (value, p10, p90) = (fan.value, fan.p10, fan.p90) }
  }

  private struct Role: Encodable {
    let rank: Int
    let rank_p10: Int
    let rank_p90: Int
    let region: String
    let team: String
    let industry: String
    let title: String
    let supply_base: Double
    let supply: Interval
    let demand: Interval
    let gap: Interval
    let p_shortage: Double
    let index: Interval
    let ratio: Double
    let size: Double
    let pressure: Double
    let stars: Int?
    let stars_p10: Int
    let stars_p90: Int
    let reasons: [String]
    let evidence: String
  }

  private let schema = "talentcast/shortage@1"
  private let scenario: String
  private let base_year: Int
  private let year: Int
  private let unit = "persons"
  private let roles: [Role]

  init(_ catalogue: ShortageCatalogue, _ inputs: RunInputs, all: Bool, _ language: Language) {
    scenario = inputs.scenario.id
    base_year = catalogue.baseYear
    year = catalogue.spec.year
    roles = (all ? catalogue.entries : catalogue.short).map { entry in
      Role(
        rank: entry.rank.rank, rank_p10: entry.rank.low, rank_p90: entry.rank.high, region: entry.region.text,
        team: entry.team, industry: entry.industry, title: entry.title[language], supply_base: entry.supplyNow,
        supply: Interval(entry.supply), demand: Interval(entry.demand), gap: Interval(entry.gap),
        p_shortage: entry.probability, index: Interval(entry.index), ratio: entry.ratio, size: entry.size,
        pressure: entry.pressure, stars: entry.rating, stars_p10: entry.stars.lowerBound,
        stars_p90: entry.stars.upperBound, reasons: entry.reasons.map(\.rawValue), evidence: entry.evidence.rawValue)
    }
  }
}
