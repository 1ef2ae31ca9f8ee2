import Dimensions
import Forecasting
import Messages
import ModelSpecs
import Supply

/// A plan file that has met a run: the problem to solve, and what a reader must know of it.
public struct IntakeQuestion: Sendable {
  public let spec: IntakePlanSpec
  public let node: Geography.Node
  public let problem: IntakeProblem
  /// Entrants of the run by year of the plan, and how many of them come through the channels at present.
  public let entrants: [Double]
  public let throughChannels: Double

  /// - Parameters:
  ///   - inputs: of the plan's scenario.
  /// - Throws: `.badConfiguration` with every name and year that the run does not have; `.failure` when
  ///   the run fails.
  public init(_ spec: IntakePlanSpec, _ inputs: ForecastInputs, jobs: Int = 1) throws(ProblemReport) {
    self.spec = spec
    let meeting = Meeting(spec)
    let (node, team) = try meeting.place(inputs)
    self.node = node
    let years = spec.years.value
    try meeting.ages(from: inputs.workforce.frame.ages.first?.start ?? 0)
    let basis: IntakeBasis
    var stays: [[[[Double]]]] = []
    do throws(ForecastError) {
      let options = RunOptions(
        scenario: spec.scenario.value, draws: spec.uncertainty?.draws ?? 0, seed: spec.uncertainty?.seed ?? 1, jobs: jobs)
      basis = try IntakeBasis(inputs, options, node: node, team: team)
      var known: [ClosedRange<Int>?: [[[Double]]]] = [:]
      for channel in spec.channels {
        if let same = known[channel.ages] {
          stays.append(same)
        } else {
          let own = try basis.stays(ages: channel.ages)
          known[channel.ages] = own
          stays.append(own)
        }
      }
    } catch {
      throw ProblemReport(
        .failure,
        [Problem("run.failed", file: spec.file, message: Bilingual(zh: "预测未能完成：\(error)", en: "the run failed: \(error)"))])
    }
    let skip = years.lowerBound - basis.years.lowerBound
    let planned = skip..<(skip + years.count)
    problem = IntakeProblem(
      years: years,
      channels: zip(spec.channels, stays).map { channel, stays in
        IntakeProblem.Channel(
          channel, years: years, stays: stays[planned].map { Array($0[planned]) })
      },
      supply: Array(basis.supply[planned]),
      goal: spec.goal.supply.map { path in
        years.map { [Double](repeating: path.value($0), count: basis.supply[0].count) }
      } ?? Array(basis.requirement[planned]),
      ranking: spec.goal.ranking.asRanking,
      requirements: spec.requirements.map {
        IntakeProblem.Requirement(
          measure: $0.measure == .supply ? .supply : .shortage, year: $0.year - years.lowerBound, atLeast: $0.atLeast,
          atMost: $0.atMost)
      },
      budget: spec.budget.map { years.map($0.value) }, counted: spec.uncertainty?.asRuns ?? .central)
    entrants = basis.entrants[planned].map { $0[0] }
    throughChannels = spec.channels.reduce(0) { $0 + $1.now.value * $1.yield.value }
    try meeting.entrants(entrants, through: throughChannels)
  }
}

/// Names and years of a plan held against a run.
private struct Meeting {
  let spec: IntakePlanSpec
  init(_ spec: IntakePlanSpec) { self.spec = spec }

  private func problem(
    _ code: String, _ line: Int, _ column: Int, _ path: String, zh: String, en: String, hint: Bilingual? = nil
  ) -> Problem {
    Problem(
      code, file: spec.file, line: line, column: column, path: path, message: Bilingual(zh: zh, en: en), hint: hint)
  }

  private func near(_ word: String, _ known: [String]) -> Bilingual? {
    nearest(word, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
  }

  func place(_ inputs: ForecastInputs) throws(ProblemReport) -> (node: Geography.Node, team: Int?) {
    var problems: [Problem] = []
    let region = spec.region
    let node = inputs.geography.node(called: region.value)
    if node == nil {
      problems.append(
        problem(
          "plan.region", region.line, region.column, "region", zh: "没有地区“\(region.value)”", en: "there is no region '\(region.value)'",
          hint: near(region.value, inputs.geography.nodes.flatMap { [$0.code.text, $0.hub, $0.name.zh, $0.name.en] })))
    }
    var team: Int?
    if let named = spec.team, named.value != "total" {
      team = inputs.teams.firstIndex { $0.id == named.value }
      if team == nil {
        problems.append(
          problem(
            "plan.team", named.line, named.column, "team", zh: "没有队伍“\(named.value)”", en: "there is no team '\(named.value)'",
            hint: Bilingual(
              zh: "可用：\(inputs.teams.map(\.id).joined(separator: "、"))", en: "known: \(inputs.teams.map(\.id).joined(separator: ", "))")))
      }
    }
    let (years, known) = (spec.years, (inputs.years.base + 1)...inputs.years.last)
    if !known.contains(years.value.lowerBound) || !known.contains(years.value.upperBound) {
      problems.append(
        problem(
          "plan.years", years.line, years.column, "years",
          zh: "规划期 \(years.value.lowerBound)—\(years.value.upperBound) 超出预测期 \(known.lowerBound)—\(known.upperBound)",
          en:
            "the plan's years, \(years.value.lowerBound) to \(years.value.upperBound), leave the forecast's, \(known.lowerBound) to \(known.upperBound)"
        ))
    }
    guard let node, problems.isEmpty else { throw ProblemReport(.badConfiguration, problems) }
    return (node, team)
  }

  func ages(from youngest: Int) throws(ProblemReport) {
    let problems = spec.channels.compactMap { channel -> Problem? in
      guard let ages = channel.ages, ages.lowerBound < youngest else { return nil }
      return problem(
        "plan.ages", channel.line, channel.column, "channels.\(channel.id).ages",
        zh: "渠道“\(channel.id)”的年龄 \(ages.lowerBound) 岁小于模型最小年龄 \(youngest) 岁",
        en: "the channel '\(channel.id)' enters at \(ages.lowerBound); the model's workforce begins at \(youngest)")
    }
    guard problems.isEmpty else { throw ProblemReport(.badConfiguration, problems) }
  }

  /// The run's entrants contain the channels at their present size: there must be as many.
  func entrants(_ entrants: [Double], through channels: Double) throws(ProblemReport) {
    guard let least = entrants.min(), channels > least * (1 + 1e-9) else { return }
    throw ProblemReport(
      .badConfiguration,
      [
        problem(
          "plan.entrants", spec.channels.first?.line ?? 1, spec.channels.first?.column ?? 1, "channels",
          zh: "各渠道现有进入人数合计 \(Int(channels.rounded()))，多于预测的全部新增人数 \(Int(least.rounded()))",
          en: "the channels let in \(Int(channels.rounded())) a year at present, more than all entrants of the run, \(Int(least.rounded()))",
          hint: Bilingual(zh: "请检查 now、yield 与 region", en: "check `now`, `yield` and `region`"))
      ])
  }
}

extension IntakeProblem.Channel {
  fileprivate init(_ channel: IntakePlanSpec.Channel, years: ClosedRange<Int>, stays: [[[Double]]]) {
    self.init(
      id: channel.id, name: channel.name, now: channel.now.value, capacity: years.map(channel.capacity.path.value),
      least: years.map(channel.least.value), step: channel.step, yield: channel.yield.value, delay: channel.delay,
      cost: channel.cost?.value ?? 0, stays: stays)
  }
}

extension IntakePlanSpec.Ranking {
  fileprivate var asRanking: IntakeProblem.Ranking {
    switch self {
    case .weights(let shortage, let surplus): .weights(shortage: shortage, surplus: surplus)
    case .order(let aims):
      .order(
        aims.map {
          switch $0 {
          case .shortage: .shortage
          case .surplus: .surplus
          case .cost: .cost
          }
        })
    }
  }
}

extension IntakePlanSpec.Uncertainty {
  fileprivate var asRuns: IntakeProblem.Runs {
    switch aim {
    case .expected: .expected
    case .cvar: .worst(level: level)
    }
  }
}
