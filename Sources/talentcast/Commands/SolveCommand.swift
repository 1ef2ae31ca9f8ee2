import ArgumentParser
import Dimensions
import Forecasting
import LinearAlgebra
import Messages
import ModelSpecs

/// `talentcast solve`: which value of a lever reaches a target.
struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve", abstract: "倒推：杠杆取何值可达目标 · Which value of a lever reaches a target.",
    discussion: """
      缺省按抽样均值求解；--probability 0.9 则要求目标以九成概率达到（同一组随机数）。
      The mean of the draws by default; --probability 0.9 asks that the target be met in nine draws of ten,
      on the same random numbers for every value tried.

      例 · Examples:
        talentcast solve --lever supply.entrants --target 0 --region GBA --year 2030
        talentcast solve --lever supply.entrants --measure supply --target 1300000 --probability 0.9
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "杠杆，见 lever list · Lever, see lever list.")
  var lever: String

  @Option(parsing: .unconditional, help: "目标值，可写 12万 · Target value, for example 120000.")
  var target: String

  @OptionGroup var asked: FigureOptions

  @Option(help: "杠杆变动的第一年，缺省为基年后一年 · First year in which the lever moves; the first forecast year by default.")
  var from: Int?

  @Option(help: "杠杆变动的地区：代码或高地编号，可重复；缺省为全国 · Places where it moves; repeatable, everywhere by default.")
  var place: [String] = []

  @Option(help: "达到目标的概率：0.5、0.9 或 0.975 · Probability with which the target is met: 0.5, 0.9 or 0.975.")
  var probability: Double?

  @Option(help: "目标是下限（least）还是上限（most）；供给、满足率缺省为下限，其余为上限 · Whether the target is a floor or a ceiling.")
  var bound: Bound?

  enum Bound: String, CaseIterable, ExpressibleByArgument { case least, most }

  @Option(help: "情景 · Scenario to start from.")
  var scenario = "baseline"

  @Option(help: "抽样次数 · Draws (100...100000).")
  var draws = 1000

  @Option(help: "随机种子 · Seed of the random numbers.")
  var seed: UInt64 = 20_260_601

  func validate() throws {
    guard specNumber(target) != nil else { throw ValidationError("--target: 不是数字 · not a number (\(target))") }
    if let probability, ![0.5, 0.9, 0.975].contains(probability) {
      throw ValidationError("--probability: 0.5, 0.9, 0.975 (\(probability))")
    }
    try checkDraws(draws)
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      BLASThreads.set(1)
      let inputs = try RunInputs(scenario: scenario, models: asked.models, datasets: asked.datasets)
      let question = try asked.question(inputs.assembly.inputs)
      let plan = try SolvePlan(self, inputs, question)
      let search = try plan.search(inputs, question)
      let history = search.solution.flatMap {
        LeverHistory(
          plan.lever, value: $0.value, places: plan.places, year: question.year, model: inputs.model,
          catalogue: inputs.catalogue)
      }
      let series = inputs.catalogue.indicators.first { $0.id == history?.indicator }?.name[language]
      print(
        common.json
          ? try jsonText(SolveJSON(plan, search, question, history)) : text(plan, search, question, history, series, language),
        terminator: common.json ? "" : "\n")
      if search.solution == nil { throw ExitCode(ExitStatus.problemsFound.rawValue) }
    }
  }

  private func text(
    _ plan: SolvePlan, _ search: LeverSearch, _ question: FigureQuestion, _ history: LeverHistory?, _ series: String?,
    _ language: Language
  ) -> String {
    let zh = language == .zh
    let lever = plan.lever
    let what =
      question.title(language)
      + (question.team == "total" ? "" : " · \(question.team)")
    let chance = probability.map { zh ? "，以 \(oneOf($0 * 100, 1))% 的概率" : " with probability \(oneOf($0 * 100, 1)) %" } ?? ""
    var lines = [
      zh
        ? "\(what)要达到 \(number(plan.target))\(chance)：现为 \(number(search.start.figure))（\(lever.id) = \(number(search.start.value))）"
        : "\(what) is to reach \(number(plan.target))\(chance); it is \(number(search.start.figure)) (\(lever.id) = \(number(search.start.value)))"
    ]
    if let solution = search.solution {
      lines.append(
        zh
          ? "\(lever.name.zh)自 \(plan.years.lowerBound) 年起取 \(oneOf(solution.value, 4)) \(lever.unit.zh)，得 \(number(solution.figure))"
          : "\(lever.name.en): \(oneOf(solution.value, 4)) (\(lever.unit.en)) from \(plan.years.lowerBound) on gives \(number(solution.figure))")
      lines.append(plausibility(solution.value, plan.plausible, zh))
    } else {
      lines.append(
        zh
          ? "在允许范围 \(number(plan.possible.lowerBound))～\(number(plan.possible.upperBound)) 内达不到；最接近的是取 \(oneOf(search.nearest.value, 4))，得 \(number(search.nearest.figure))"
          : "out of reach within \(number(plan.possible.lowerBound)) to \(number(plan.possible.upperBound)); the nearest is \(oneOf(search.nearest.value, 4)), which gives \(number(search.nearest.figure))"
      )
    }
    if search.solution != nil { lines.append(place(history, series, zh)) }
    let made = probability == nil ? meanWords(question.measure, draws, language) : zh ? "\(draws) 次抽样" : "\(draws) draws"
    lines.append((zh ? "试算 \(search.evaluations) 次，" : "\(search.evaluations) trial runs, ") + made)
    if !search.isMonotone {
      lines.append(zh ? "注意：关系非单调，可能另有解" : "note: the relation is not monotone; there may be other solutions")
    }
    return lines.joined(separator: "\n")
  }

  private func place(_ history: LeverHistory?, _ series: String?, _ zh: Bool) -> String {
    guard let history else {
      return zh ? "在历史中的位置：不可得（没有对应的全国公布序列）" : "place in the lever's own history: not available (no national series is published)"
    }
    let (first, last) = (history.years.lowerBound, history.years.upperBound)
    let series = series ?? history.indicator
    let (asked, below) = (oneOf(history.asked * 100, 1), oneOf(history.percentile * 100, 0))
    return zh
      ? "相当于\(series)年均增长 \(asked)%：\(first)—\(last) 年的 \(history.count) 个年度增速中，\(below)% 不高于此"
      : "asks for the series \"\(series)\" to grow by \(asked) % a year on average: percentile \(below) of its \(history.count) yearly changes of \(first) to \(last)"
  }

  private func plausibility(_ value: Double, _ plausible: ClosedRange<Double>, _ zh: Bool) -> String {
    let range = rangeText(number(plausible.lowerBound), number(plausible.upperBound), zh ? .zh : .en)
    if plausible.contains(value) {
      return zh ? "在合理范围 \(range) 之内" : "within the plausible range \(range)"
    }
    return zh ? "超出合理范围 \(range)：单靠此项不现实" : "outside the plausible range \(range): not to be expected of this lever alone"
  }

  private func number(_ value: Double) -> String {
    abs(value) >= 100 ? (value < 0 ? "−" : "") + grouped(abs(value).rounded()) : oneOf(value, 3)
  }
}

/// A checked question of `solve`.
struct SolvePlan {
  let lever: Lever
  let target: Double
  let years: ClosedRange<Int>
  let places: [String]
  let atLeast: Bool
  /// Where the lever plausibly stands at those places.
  let plausible: ClosedRange<Double>
  /// Where it may stand at all: of people who move, no more than is plausible, since a place can run empty.
  var possible: ClosedRange<Double> { lever.kind == .persons ? plausible : lever.domain }
  private let command: SolveCommand

  init(_ command: SolveCommand, _ inputs: RunInputs, _ question: FigureQuestion) throws(ProblemReport) {
    var problems: [Problem] = []
    let found = Lever.named(command.lever)
    if found == nil {
      problems +=
        refusedFigure(
          command.lever, "lever", zh: "没有杠杆", en: "there is no lever", among: Lever.registry.map(\.id)
        ).problems
    }
    let all = inputs.assembly.inputs.years
    let first = command.from ?? all.base + 1
    if !(all.base + 1...all.last).contains(first) {
      problems +=
        refusedFigure(
          "\(first)", "from", zh: "不在 \(all.base + 1)—\(all.last) 年之内：", en: "not in \(all.base + 1) to \(all.last):"
        ).problems
    }
    if let found, found.kind == .persons, command.place.isEmpty {
      problems +=
        refusedFigure(
          found.id, "place", zh: "请用 --place 指定地区：", en: "name the place by --place:"
        ).problems
    }
    if let found, !command.place.isEmpty, !found.byPlace {
      problems +=
        refusedFigure(
          found.id, "place", zh: "该杠杆不能按地区变动：", en: "cannot be moved by place:"
        ).problems
    }
    let geography = inputs.assembly.inputs.geography
    var places: [String] = []
    for name in command.place {
      if let node = geography.node(called: name) {
        places.append(node.kind == .hub || !node.hub.isEmpty && node.kind == .province ? node.hub : node.code.text)
      } else {
        problems +=
          refusedFigure(
            name, "place", zh: "没有地区", en: "there is no region",
            among: geography.nodes.flatMap { [$0.code.text, $0.name.zh, $0.name.en] }
          ).problems
      }
    }
    let plausible = found.map { inputs.assembly.inputs.plausible($0, places: places, hubs: inputs.model.regions.hubs) }
    if let found, let plausible, problems.isEmpty, plausible.lowerBound == plausible.upperBound {
      problems +=
        refusedFigure(
          found.id, "place", zh: "全国之内的迁移不改变全国，也不涉及全国合计以外的地区：",
          en: "moves within the nation do not change it, nor places outside its total:"
        ).problems
    }
    guard let found, let plausible, problems.isEmpty else { throw ProblemReport(.usage, problems) }
    lever = found
    target = specNumber(command.target) ?? 0
    years = first...all.last
    self.places = places
    self.plausible = plausible
    atLeast = command.bound.map { $0 == .least } ?? [.supply, .adequacy, .entrants].contains(question.measure)
    self.command = command
  }

  /// Searches the plausible range first, then the whole domain.
  func search(_ inputs: RunInputs, _ question: FigureQuestion) throws(ProblemReport) -> LeverSearch {
    let now = inputs.scenario.value(lever.id, place: places, year: question.year)
    let near = try search(inputs, question, plausible, now)
    return near.solution != nil || possible == plausible ? near : try search(inputs, question, possible, now)
  }

  private func search(
    _ inputs: RunInputs, _ question: FigureQuestion, _ range: ClosedRange<Double>, _ now: Double
  ) throws(ProblemReport) -> LeverSearch {
    try LeverSearch(target: target, in: range, from: now) { value throws(ProblemReport) in
      let scenario = inputs.scenario.setting(lever, to: value, years: years, places: places)
      let moved = try inputs.assembly.inputs(under: scenario, model: inputs.model, catalogue: inputs.catalogue)
      guard let probability = command.probability else {
        return try command.asked.figure(question, moved, draws: command.draws, seed: command.seed)
      }
      return try drawn(question, moved, probability)
    }
  }

  private func drawn(
    _ question: FigureQuestion, _ inputs: ForecastInputs, _ probability: Double
  ) throws(ProblemReport) -> Double {
    var found: Double?
    do throws(ForecastError) {
      found = try question.value(
        inputs, probability: probability, atLeast: atLeast, draws: command.draws, seed: command.seed, jobs: 2)
    } catch {
      throw ProblemReport(.badData, [Problem("run.failed", path: "target", message: error.message)])
    }
    guard let found, found.isFinite else {
      throw refusedFigure(
        question.measure.rawValue, "measure", zh: "该地区、队伍、年份没有指标", en: "there is no cell of the measure")
    }
    return found
  }
}

struct SolveJSON: Encodable {
  private struct Point: Encodable {
    let value: Double
    let figure: Double
    init(_ point: LeverSearch.Point) { (value, figure) = (point.value, point.figure) }
  }

  private struct History: Encodable {
    let indicator: String
    let firstYear: Int
    let lastYear: Int
    let changes: Int
    let yearlyGrowthAsked: Double
    let percentile: Double

    init(_ history: LeverHistory) {
      (indicator, changes) = (history.indicator, history.count)
      (firstYear, lastYear) = (history.years.lowerBound, history.years.upperBound)
      (yearlyGrowthAsked, percentile) = (history.asked, history.percentile)
    }
  }

  private let schema = "talentcast/solve@1"
  private let lever: String
  private let measure: String
  private let region: String
  private let team: String
  private let year: Int
  private let target: Double
  private let start: Point
  private let solution: Point?
  private let nearest: Point
  private let plausible: Bool?
  private let monotone: Bool
  private let evaluations: Int
  private let history: History?

  init(_ plan: SolvePlan, _ search: LeverSearch, _ question: FigureQuestion, _ history: LeverHistory?) {
    self.history = history.map(History.init)
    lever = plan.lever.id
    measure = question.measure.rawValue
    region = question.node.code.text
    team = question.team
    year = question.year
    target = plan.target
    start = Point(search.start)
    solution = search.solution.map(Point.init)
    nearest = Point(search.nearest)
    plausible = search.solution.map { plan.plausible.contains($0.value) }
    monotone = search.isMonotone
    evaluations = search.evaluations
  }
}
