import ArgumentParser
import Dimensions
import Forecasting
import Messages
import ModelSpecs

/// `talentcast explain`: how a number of the results came about, down to published rows.
struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "解释一个数：计算树直到公布数据与假定 · Explain a number down to published rows and assumptions.",
    discussion: """
      指标，也可用中文名（供给、需求、缺口） · Measures:
        supply demand gap_requirement gap_plan adequacy openings expansion
        replacement entrants retirements exits net_migration pressure p_shortage
      例 · Examples:
        talentcast explain gap --region GBA --team U --year 2030
        talentcast explain 需求 --region 深圳 --industry ict-services --year 2035 --depth 6
        talentcast explain demand --region 北京 --year 2030 --scenario high-innovation --json
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: ArgumentHelp("指标，也可写作 --measure · Measure; also as --measure.", valueName: "measure"))
  var measureNamed: String?

  @Option(help: "指标 · Measure.")
  var measure: String?

  @Option(help: "地区：代码、名称或高地编号，缺省为全国 · Region: code, name, or id of a hub; the nation by default.")
  var region: String?

  @Option(help: "队伍，缺省为全部 · Team; all by default.")
  var team: String?

  @Option(help: "产业（仅需求） · Industry (demand only).")
  var industry: String?

  @Option(help: "年份 · Year.")
  var year: Int

  @OptionGroup var asked: DrawnScenario

  @Option(help: "文字树的层数 · Levels of the printed tree (1...12).")
  var depth = 4

  @Option(help: "每层最多列出的项 · Parts listed at each level (1...1000); the others are summed up.")
  var width = 8

  func validate() throws {
    guard (1...12).contains(depth) else { throw ValidationError("--depth: 1...12 (\(depth))") }
    _ = try oneOfTwo(measureNamed, measure, "measure")
    guard (1...1000).contains(width) else { throw ValidationError("--width: 1...1000 (\(width))") }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let inputs = try asked.inputs()
      let question = try CellQuestion(
        measure: try oneOfTwo(measureNamed, measure, "measure"), region: region ?? inputs.model.stock.nation.text, team: team, industry: industry,
        year: year,
        inputs.assembly.inputs
      ).question
      let answer = try explained(inputs, question)
      let methods = question.measure == .demand ? inputs.assembly.demandFit : nil
      let parts = answer.demandParts.map { part in
        NamedDemandPart(name: part.name { id in inputs.catalogue.indicators.first { $0.id == id }?.name }, persons: part.persons)
      }
      if common.json {
        print(try jsonText(ExplanationJSON(answer, methods, parts, language)), terminator: "")
      } else {
        print(ExplanationText(answer, language: language, depth: depth, width: width).text)
        if !parts.isEmpty { print("\n" + demandPartsTable(parts, from: inputs.model.years.base, to: year, language)) }
        if let methods, let province = question.node.members.first, question.node.members.count == 1 {
          print("\n" + demandMethodTable(inputs, methods, leaf: province, year: year, language))
        }
      }
    }
  }

  private func explained(_ inputs: RunInputs, _ question: ExplanationQuestion) throws(ProblemReport) -> Explanation {
    do throws(ForecastError) {
      let explainer = try Explainer(
        inputs.assembly, asked.options(inputs), model: inputs.model,
        modelFile: inputs.modelFile, scenario: inputs.scenario, catalogue: inputs.catalogue)
      if let answer = try explainer.explanation(question) { return answer }
    } catch {
      throw ProblemReport(.badData, [Problem("run.failed", path: asked.scenario, message: error.message)])
    }
    let years = inputs.model.years
    throw ProblemReport(
      .usage,
      [
        Problem(
          "explain.no-cell", path: question.measure.rawValue,
          message: Bilingual(
            zh: "结果中没有这个数：\(question.measure.name.zh) \(question.node.name.zh) \(question.year)",
            en: "the results have no such cell: \(question.measure.name.en), \(question.node.name.en), \(question.year)"),
          hint: Bilingual(
            zh: "供给 \(years.history)—\(years.last) 年；需求与缺口自 \(years.base) 年，流量与空缺自 \(years.base + 1) 年；规划缺口只有全国目标年；净迁移只在情景移动人才时有；分产业只有需求",
            en:
              "supply \(years.history) to \(years.last); demand and gaps from \(years.base), flows and openings from \(years.base + 1); the plan gap only for the nation in a target's year; net migration only where a scenario moves people; industries only for demand"
          ))
      ])
  }
}

/// A measure, place, team, industry and year, found by name or refused with everything that is wrong.
struct CellQuestion {
  let question: ExplanationQuestion

  init(
    measure: String, region: String, team: String?, industry: String?, year: Int, _ inputs: ForecastInputs
  ) throws(ProblemReport) {
    var problems: [Problem] = []
    let found = Measure.called(measure)
    if found == nil {
      problems.append(
        Problem.unknown(
          measure, Bilingual(zh: "没有指标", en: "there is no measure"), among: Measure.allCases.map(\.rawValue), code: "explain.unknown-measure",
          path: "measure"))
    }
    let node = inputs.geography.node(called: region)
    if node == nil {
      let known = inputs.geography.nodes.flatMap { [$0.code.text, $0.name.zh, $0.name.en] + ($0.hub.isEmpty ? [] : [$0.hub]) }
      problems.append(
        Problem.unknown(region, Bilingual(zh: "没有地区", en: "there is no region"), among: known, code: "explain.unknown-region", path: "region"))
    }
    func place(_ id: String?, among members: [(id: String, name: Bilingual)], _ path: String, _ what: Bilingual) -> Int? {
      guard let id, id != "total" else { return nil }
      if let place = members.firstIndex(where: { $0.id == id || $0.name.zh == id || $0.name.en == id }) { return place }
      problems.append(Problem.unknown(id, what, among: members.map(\.id), code: "explain.unknown-\(path)", path: path))
      return nil
    }
    let team = place(team, among: inputs.teams, "team", Bilingual(zh: "没有队伍", en: "there is no team"))
    let industry = place(industry, among: inputs.industries, "industry", Bilingual(zh: "没有产业", en: "there is no industry"))
    if !(inputs.years.history...inputs.years.last ~= year) {
      problems.append(
        Problem(
          "explain.year", path: "year",
          message: Bilingual(zh: "没有 \(year) 年", en: "there is no year \(year)"),
          hint: Bilingual(
            zh: "\(inputs.years.history)—\(inputs.years.last) 年", en: "\(inputs.years.history) to \(inputs.years.last)")))
    }
    guard let found, let node, problems.isEmpty else { throw ProblemReport(.usage, problems) }
    question = ExplanationQuestion(measure: found, node: node, team: team, industry: industry, year: year)
  }
}
