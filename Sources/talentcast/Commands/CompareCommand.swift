import ArgumentParser
import Dimensions
import Forecasting
import LinearAlgebra
import Messages
import ModelSpecs

/// `talentcast compare`: what a scenario changes, lever by lever.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "比较情景，差异按杠杆归因 · Compare scenarios; the difference is attributed to levers.",
    discussion: """
      例 · Examples:
        talentcast compare baseline combined-push
        talentcast compare baseline high-innovation hub-attraction --measure demand --region GBA --year 2035
        talentcast compare baseline high-innovation --measure demand --by region
        talentcast compare baseline training-expansion --draws 1000
        talentcast compare baseline training-expansion later-retirement --regret high-innovation,low-innovation
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "情景，第一个为基准 · Scenarios; the first is the base.")
  var scenarios: [String]

  @OptionGroup var asked: FigureOptions

  @Option(help: "差异按什么分解：lever、region、team、industry · Split the difference by lever, region, team or industry.")
  var by: Split = .lever

  @Option(help: "后悔值表：列出的情景作为可能的未来，逗号分隔 · Regret table over these futures, comma-separated.")
  var regret: String?

  @Flag(help: "按登记顺序逐个归因，而非 Shapley · Attribute in registry order instead of Shapley.")
  var ordered = false

  @Option(help: "抽样次数，各情景用同样的随机数 · Draws, with the same chances in every scenario (100...100000).")
  var draws = 1000

  @Option(help: "随机种子 · Seed of the random numbers.")
  var seed: UInt64 = 20_260_601

  enum Split: String, CaseIterable, ExpressibleByArgument { case lever, region, team, industry }

  func validate() throws {
    guard scenarios.count >= 2 else {
      throw ValidationError("请给出至少两个情景 · give at least two scenarios")
    }
    try checkDraws(draws)
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      BLASThreads.set(1)
      let base = try RunInputs(scenario: scenarios[0], models: asked.models, datasets: asked.datasets)
      let question = try asked.question(base.assembly.inputs)
      let library = ScenarioLibrary(folder: asked.models)
      let desk = CompareDesk(
        base: base, question: question, draws: draws, seed: seed, language: language, json: common.json)
      if let regret {
        let futures = regret.split(whereSeparator: { ",，、".contains($0) }).map(String.init)
        return print(try desk.regrets(scenarios, futures, library), terminator: "")
      }
      if let axis = FigureQuestion.Axis(rawValue: by.rawValue) {
        return print(try desk.breakdowns(scenarios, axis, library), terminator: "")
      }
      var results: [ScenarioComparison] = []
      var intervals: [Fan?] = []
      var chances: [[Double]?] = []
      for name in scenarios.dropFirst() {
        let other = try library.resolve(name)
        try desk.sameModel(other)
        results.append(try compared(base, other, question))
        intervals.append(try interval(base, other, question))
        chances.append(try self.chances(base, other, question))
      }
      print(
        common.json
          ? try jsonText(CompareJSON(results, intervals, chances, question, language, draws: draws))
          : results.indices.map { text(results[$0], intervals[$0], chances[$0], question, language) }.joined(separator: "\n\n"),
        terminator: common.json ? "" : "\n")
    }
  }

  private func compared(
    _ base: RunInputs, _ other: ScenarioSpec, _ question: FigureQuestion
  ) throws(ProblemReport) -> ScenarioComparison {
    try ScenarioComparison(base.scenario, other, ordered: ordered) { scenario throws(ProblemReport) in
      let inputs = try base.assembly.inputs(under: scenario, model: base.model, catalogue: base.catalogue)
      return try asked.figure(question, inputs, draws: draws, seed: seed)
    }
  }

  /// The probability of a shortage in both scenarios; nil where the figure is no gap of a forecast year.
  private func chances(
    _ base: RunInputs, _ other: ScenarioSpec, _ question: FigureQuestion
  ) throws(ProblemReport) -> [Double]? {
    guard question.measure == .gapRequirement, question.year > base.model.years.base else { return nil }
    let chance = FigureQuestion(
      measure: .shortageProbability, node: question.node, industry: question.industry, team: question.team, year: question.year)
    var both: [Double] = []
    for scenario in [base.scenario, other] {
      let inputs = try base.assembly.inputs(under: scenario, model: base.model, catalogue: base.catalogue)
      both.append(try asked.figure(chance, inputs, draws: draws, seed: seed))
    }
    return both
  }

  /// How the figure differs, draw by draw; nil for measures that are not drawn by themselves.
  private func interval(
    _ base: RunInputs, _ other: ScenarioSpec, _ question: FigureQuestion
  ) throws(ProblemReport) -> Fan? {
    let after = try base.assembly.inputs(under: other, model: base.model, catalogue: base.catalogue)
    let before = try base.assembly.inputs(under: base.scenario, model: base.model, catalogue: base.catalogue)
    do throws(ForecastError) {
      return try question.difference(before, after, RunOptions(scenario: other.id, draws: draws, seed: seed, jobs: 2))
    } catch {
      throw ProblemReport(.badData, [Problem("run.failed", path: other.id, message: error.message)])
    }
  }

  private func text(
    _ result: ScenarioComparison, _ interval: Fan?, _ chances: [Double]?, _ question: FigureQuestion, _ language: Language
  ) -> String {
    let zh = language == .zh
    let difference = result.after - result.before
    let head =
      question.title(language) + (zh ? "：" : ": ")
      + "\(result.from) \(readableFigure(result.before, unit: question.measure.unit)) → \(result.to) \(readableFigure(result.after, unit: question.measure.unit))"
    let beside =
      chances.map { chances in
        let (before, after) = (percentText(chances[0]), percentText(chances[1]))
        let isOpen = zip(chances, [result.before, result.after]).contains {
          Reading.direction(shortage: $0) == .open || Reading.disagree(gap: $1, shortage: $0)
        }
        let open =
          isOpen
          ? (zh ? "；介于 20% 与 80% 之间或与均值方向不一者，是否短缺尚无定论" : "; between 20 and 80 %, or against the mean, it is open whether there is a shortage") : ""
        return (zh ? "\n短缺概率：\(before) → \(after)" : "\nP(short): \(before) → \(after)") + open
      } ?? ""
    guard !result.parts.isEmpty else {
      return head + beside + (zh ? "\n两个情景没有不同的杠杆" : "\nthe scenarios move no lever differently")
    }
    let largest = result.parts.map { abs($0.change) }.max() ?? 0
    var table = TextTable([
      (zh ? "杠杆" : "lever", .left), (zh ? "贡献" : "part", .right), ("", .left), (zh ? "单独变动" : "alone", .right),
      (zh ? "含义" : "meaning", .left),
    ])
    for part in result.parts.sorted(by: { abs($0.change) > abs($1.change) }) {
      let length = largest > 0 ? Int((abs(part.change) / largest * 16).rounded()) : 0
      table.append([
        part.lever.id, signedFigure(part.change, unit: question.measure.unit), String(repeating: part.change < 0 ? "▒" : "█", count: length),
        signedFigure(part.alone, unit: question.measure.unit), part.lever.name[language],
      ])
    }
    table.append([
      zh ? "合计" : "difference", signedFigure(difference, unit: question.measure.unit), "",
      signedFigure(difference - result.interaction, unit: question.measure.unit), "",
    ])
    let method = result.attribution == .shapley ? "Shapley" : (zh ? "顺序法" : "ordered")
    func figure(_ value: Double) -> String { signedFigure(value, unit: question.measure.unit) }
    let drawn = interval.map { fan in
      zh
        ? "差异的80%区间：\(rangeText(figure(fan.p10), figure(fan.p90), language))\n"
        : "80 % interval of the difference: \(rangeText(figure(fan.p10), figure(fan.p90), language))\n"
    }
    return head + beside + "\n" + table.text + "\n" + (drawn ?? "")
      + (zh
        ? "归因：\(method)；共同作用（差异减去各自单独变动之和）\(signedFigure(result.interaction, unit: question.measure.unit))；\(meanWords(question.measure, draws, language))"
        : "attribution: \(method); acting together (difference less the sum of each alone) \(signedFigure(result.interaction, unit: question.measure.unit)); \(meanWords(question.measure, draws, language))")
  }
}

struct CompareJSON: Encodable {
  private struct Part: Encodable {
    let lever: String
    let name: String
    let change: Double
    let alone: Double
  }

  private struct Result: Encodable {
    let from: String
    let to: String
    let before: Double
    let after: Double
    let difference: Double
    let attribution: ScenarioComparison.Attribution
    let interaction: Double
    let parts: [Part]
    let difference_p10: Double?
    let difference_p90: Double?
    let before_p_shortage: Double?
    let after_p_shortage: Double?
  }

  private let schema = "talentcast/compare@1"
  private let measure: String
  private let region: String
  private let team: String
  private let year: Int
  private let draws: Int
  private let results: [Result]

  init(
    _ results: [ScenarioComparison], _ intervals: [Fan?], _ chances: [[Double]?], _ question: FigureQuestion,
    _ language: Language, draws: Int
  ) {
    self.draws = draws
    measure = question.measure.rawValue
    region = question.node.code.text
    team = question.team
    year = question.year
    self.results = results.indices.map { at in
      let (result, interval) = (results[at], intervals[at])
      return Result(
        from: result.from, to: result.to, before: result.before, after: result.after,
        difference: result.after - result.before, attribution: result.attribution, interaction: result.interaction,
        parts: result.parts.map {
          Part(lever: $0.lever.id, name: $0.lever.name[language], change: $0.change, alone: $0.alone)
        }, difference_p10: interval?.p10, difference_p90: interval?.p90,
        before_p_shortage: chances[at]?.first, after_p_shortage: chances[at]?.last)
    }
  }
}
