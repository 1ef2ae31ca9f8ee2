import ArgumentParser
import Dimensions
import Forecasting
import Messages
import Supply

/// `talentcast supply`: questions about the supply side.
struct SupplyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "supply", abstract: "供给：从何而来 · Supply: where it comes from.",
    subcommands: [SupplyExplainCommand.self, SupplyLicencesCommand.self])
}

struct SupplyExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain",
    abstract: "从一年到另一年的供给变化：新增、退休、死亡、转出、迁移 · From one year-end to another: who came, who went.",
    discussion: """
      例 · Examples:
        talentcast supply explain GBA 2030
        talentcast supply explain 北京 2030 --from 2025 --team U --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("地区，也可写作 --region · Region; also as --region.", valueName: "region"))
  var regionNamed: String?

  @Argument(help: ArgumentHelp("年末，也可写作 --year · Year-end to explain; also as --year.", valueName: "year"))
  var yearNamed: Int?

  @Option(help: "地区：代码、名称或高地编号 · Region: code, name, or id of a hub.")
  var region: String?

  @Option(help: "年末 · Year-end to explain.")
  var year: Int?

  @Option(help: "起始年末，缺省为基年 · Year-end to start from; the base year by default.")
  var from: Int?

  @Option(help: "队伍，缺省为全部 · Team; all by default.")
  var team: String?

  @OptionGroup var asked: DrawnScenario

  func validate() throws {
    _ = try oneOfTwo(regionNamed, region, "region")
    _ = try oneOfTwo(yearNamed, year, "year")
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let inputs = try asked.inputs()
      let question = try SupplyQuestion(self, inputs.assembly.inputs)
      let options = asked.options(inputs)
      let answer = try explained(inputs, options, question)
      print(
        common.json ? try jsonText(SupplyExplanationJSON(answer, inputs, language)) : text(answer, inputs, language),
        terminator: common.json ? "" : "\n")
    }
  }

  private func explained(
    _ inputs: RunInputs, _ options: RunOptions, _ question: SupplyQuestion
  ) throws(ProblemReport) -> SupplyExplanation {
    let licences = try licenceEntrants(inputs)
    do throws(ForecastError) {
      return try SupplyExplanation(
        inputs.assembly.inputs, options, node: question.node, team: question.team, from: question.from, to: question.year,
        licences: licences)
    } catch {
      throw ProblemReport(.badData, [Problem("run.failed", path: asked.scenario, message: error.message)])
    }
  }

  /// Nil for a workforce without a licensed profession.
  private func licenceEntrants(_ inputs: RunInputs) throws(ProblemReport) -> LicenceEntrants? {
    guard inputs.model.supply.licence != nil else { return nil }
    let outlook = try LicenceOutlook(inputs.model, catalogue: inputs.catalogue, seed: asked.seed)
    let name = inputs.catalogue.indicators.first { $0.id == outlook.practising }?.name
    return LicenceEntrants(
      outlook, model: inputs.model, name: name ?? Bilingual(zh: outlook.practising, en: outlook.practising))
  }

  private func text(_ answer: SupplyExplanation, _ inputs: RunInputs, _ language: Language) -> String {
    let zh = language == .zh
    let (from, to) = (answer.waterfall.from, answer.waterfall.to)
    var table = TextTable([
      (zh ? "项目" : "item", .left), (unitName(inputs.assembly.inputs.unit)[language], .right), (zh ? "80% 区间" : "80 % interval", .right),
    ])
    let whole = SupplyWaterfall.wholePersons(
      start: answer.waterfall.start, changes: answer.bars.map(\.change), end: answer.waterfall.end)
    table.append([zh ? "\(from) 年末" : "year-end \(from)", grouped(Double(whole.start)), band(answer.start.p10, answer.start.p90, language)])
    for (bar, count) in zip(answer.bars, whole.changes) {
      let sign = count > 0 ? "+" : count < 0 ? "−" : ""
      table.append(["  " + bar.name[language], sign + grouped(Double(abs(count))), band(bar.low, bar.high, language)])
    }
    table.append([zh ? "\(to) 年末" : "year-end \(to)", grouped(Double(whole.end)), band(answer.end.p10, answer.end.p90, language)])
    return ([title(answer, inputs, language), table.text] + notes(answer, inputs, language)).joined(separator: "\n")
  }

  private func title(_ answer: SupplyExplanation, _ inputs: RunInputs, _ language: Language) -> String {
    let team = answer.team.flatMap { id in inputs.model.teams.first { $0.id == id }?.name[language] }
    let what = team.map { " · \($0)" } ?? ""
    return language == .zh
      ? "\(answer.name.zh)\(what)：供给从何而来（情景 \(inputs.scenario.id)，\(asked.draws) 次抽样）"
      : "\(answer.name.en)\(what): where supply comes from (scenario \(inputs.scenario.id), \(asked.draws) draws)"
  }

  /// How each part of the region is projected, and what is assumed.
  private func notes(_ answer: SupplyExplanation, _ inputs: RunInputs, _ language: Language) -> [String] {
    let zh = language == .zh
    var lines = answer.bases.map { part in
      "\(part.basis.tier)  \(part.basis.name[language])"
        + (answer.bases.count > 1 ? ": \(grouped(part.persons.rounded()))" : "")
    }
    let supply = inputs.model.supply
    for (what, assumption) in [
      (Bilingual(zh: "转出率", en: "transfers out"), supply.transferOut),
      (Bilingual(zh: "入职年龄", en: "entry age"), supply.entryAge),
      (Bilingual(zh: "女性比重", en: "share of women"), supply.femaleShare),
    ] {
      lines.append(
        "\(what[language]) \(assumption.value) [\(assumption.evidence.rawValue)] \(assumption.note[language])"
          + (zh ? "（\(assumption.source)）" : " (\(assumption.source))"))
    }
    return lines
  }

  private func band(_ low: Double, _ high: Double, _ language: Language) -> String {
    low.rounded() == high.rounded() ? "" : rangeText(signed(low), signed(high), language)
  }

  private func signed(_ persons: Double) -> String {
    (persons < -0.5 ? "−" : "") + grouped(abs(persons.rounded()))
  }
}

/// The node, team and years that were asked for, found or refused with everything that is wrong.
struct SupplyQuestion {
  let node: Geography.Node
  let team: Int?
  let from: Int
  let year: Int

  init(_ command: SupplyExplainCommand, _ inputs: ForecastInputs) throws {
    var problems: [Problem] = []
    let region = try oneOfTwo(command.regionNamed, command.region, "region")
    year = try oneOfTwo(command.yearNamed, command.year, "year")
    let node = inputs.geography.node(called: region)
    if node == nil {
      let known = inputs.geography.nodes.flatMap { [$0.code.text, $0.name.zh, $0.name.en] + ($0.hub.isEmpty ? [] : [$0.hub]) }
      problems.append(
        .unknown(region, Bilingual(zh: "没有地区", en: "there is no region"), among: known, code: "supply.unknown-region", path: "region"))
    }
    let team = command.team.map { id in inputs.teams.firstIndex { $0.id == id || $0.name.zh == id || $0.name.en == id } }
    if let team, team == nil {
      problems.append(
        .unknown(
          command.team ?? "", Bilingual(zh: "没有队伍", en: "there is no team"), among: inputs.teams.map(\.id),
          code: "supply.unknown-team", path: "team"))
    }
    let from = command.from ?? inputs.years.base
    if !(inputs.years.base..<inputs.years.last ~= from && from < year && year <= inputs.years.last) {
      problems.append(
        Problem(
          "supply.years", path: "year",
          message: Bilingual(zh: "不能解释 \(from)—\(year) 年", en: "\(from) to \(year) cannot be explained"),
          hint: Bilingual(
            zh: "基年 \(inputs.years.base) 至 \(inputs.years.last)，且起始年早于所问年份",
            en: "from the base year \(inputs.years.base) to \(inputs.years.last), the first before the last")))
    }
    guard let node, problems.isEmpty else { throw ProblemReport(.usage, problems) }
    self.node = node
    self.team = team ?? nil
    self.from = from
  }
}

struct SupplyExplanationJSON: Encodable {
  private struct Item: Encodable {
    let cause: String
    let name: String
    let persons: Double
    let p10: Double
    let p90: Double
  }

  private struct Part: Encodable {
    let tier: String
    let basis: String
    let persons: Double
  }

  private let schema = "talentcast/supply-explain@1"
  private let scenario: String
  private let region: String
  private let name: String
  private let team: String
  private let from: Int
  private let to: Int
  private let unit = "persons"
  private let start: Double
  private let items: [Item]
  private let end: Double
  private let end_p10: Double
  private let end_p90: Double
  private let parts: [Part]

  init(_ answer: SupplyExplanation, _ inputs: RunInputs, _ language: Language) {
    scenario = inputs.scenario.id
    region = answer.region.text
    name = answer.name[language]
    team = answer.team ?? "total"
    from = answer.waterfall.from
    to = answer.waterfall.to
    start = answer.waterfall.start
    items = answer.bars.map {
      Item(cause: $0.cause.id, name: $0.name[language], persons: $0.change, p10: $0.low, p90: $0.high)
    }
    end = answer.waterfall.end
    end_p10 = answer.end.p10
    end_p90 = answer.end.p90
    parts = answer.bases.map { Part(tier: $0.basis.tier, basis: $0.basis.rawValue, persons: $0.persons) }
  }
}

extension SupplyWaterfall.Cause {
  /// A word for machines.
  fileprivate var id: String {
    switch self {
    case .entrants(""): "entrants"
    case .entrants(let channel): "entrants_\(channel)"
    case .retirements: "retirements"
    case .deaths: "deaths"
    case .transfers: "transfers"
    case .migration: "net_migration"
    case .promotion: "promotion"
    }
  }
}
