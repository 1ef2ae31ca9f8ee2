import Dimensions
import Messages

/// What one figure is asked for: a measure of a node, an industry, a team and a year.
public struct FigureQuestion: Sendable {
  /// What a figure can be split by.
  public enum Axis: String, CaseIterable, Sendable { case region, team, industry }

  public let measure: Measure
  public let node: Geography.Node
  /// Industry id; "total" for all.
  public let industry: String
  /// Team id; "total" for all.
  public let team: String
  public let year: Int

  public init(
    measure: Measure, node: Geography.Node, industry: String = "total", team: String = "total", year: Int
  ) {
    self.measure = measure
    self.node = node
    self.industry = industry
    self.team = team
    self.year = year
  }

  /// The figure under some inputs, as a run with the same options has it; nil where there is no such cell.
  ///
  /// - Throws: `ForecastError`.
  public func cell(_ inputs: ForecastInputs, _ options: RunOptions) throws(ForecastError) -> ResultCell? {
    try FigureQuestion.cells([self], inputs, options)[0]
  }

  /// Many figures under the same inputs, in one run that makes no other years and places than they need.
  ///
  /// - Throws: `ForecastError`.
  public static func cells(
    _ questions: [FigureQuestion], _ inputs: ForecastInputs, _ options: RunOptions
  ) throws(ForecastError) -> [ResultCell?] {
    guard let first = questions.map(\.year).min(), let last = questions.map(\.year).max() else { return [] }
    // Flows of a year need the year before.
    let years = max(first - 1, inputs.years.history)...max(min(last, inputs.years.last), inputs.years.history)
    var places: [Geography.Node] = []
    for question in questions where !places.contains(where: { $0.code == question.node.code }) { places.append(question.node) }
    let isBalance = questions.allSatisfy { $0.measure.isBalance && $0.team == "total" && $0.industry == "total" }
    var means = SectionMeans()
    for section in options.sections {
      let draws = try LeafDraws(inputs, section)
      let isSpecial = questions.contains { $0.measure == .locationQuotient }
      let nation = isSpecial ? NationalMix(draws, years: max(years.lowerBound, inputs.years.base)...years.upperBound, jobs: options.jobs) : nil
      means.add(
        places.flatMap { NodeResults($0, draws, section, nation: nation, years: years, balanceOnly: isBalance).cells }, draws: section.draws)
    }
    let cells = means.means(nation: inputs.nation)
    return questions.map { question in
      cells.first {
        $0.region == question.node.code && $0.measure == question.measure && $0.team == question.team
          && $0.industry == question.industry && $0.year == question.year
      }
    }
  }

  /// The figures this one is the sum of, with their names; empty where it is not split any further.
  public func parts(by axis: Axis, _ inputs: ForecastInputs) -> [(name: Bilingual, question: FigureQuestion)] {
    switch axis {
    case .region:
      inputs.geography.parts(of: node).map {
        ($0.name, FigureQuestion(measure: measure, node: $0, industry: industry, team: team, year: year))
      }
    case .team:
      team != "total" || inputs.teams.count < 2
        ? []
        : inputs.teams.map {
          ($0.name, FigureQuestion(measure: measure, node: node, industry: industry, team: $0.id, year: year))
        }
    case .industry:
      industry != "total" || inputs.industries.count < 2
        ? []
        : inputs.industries.map {
          ($0.name, FigureQuestion(measure: measure, node: node, industry: $0.id, team: team, year: year))
        }
    }
  }
}

extension Geography {
  /// The largest nodes that together make up a node: the provinces of the nation, the members of a hub,
  /// the cities of a province; none for a place that is forecast as one.
  public func parts(of node: Node) -> [Node] {
    let whole = Set(node.members)
    let inside = nodes.filter { $0.kind != .hub && $0.members.count < whole.count && whole.isSuperset(of: $0.members) }
    return inside.filter { one in
      !inside.contains { $0.members.count > one.members.count && Set($0.members).isSuperset(of: one.members) }
    }
  }
}

extension Measure {
  /// Whether the figures of parts add up to that of the whole; ratios and probabilities do not.
  public var isSum: Bool {
    switch self {
    case .adequacy, .pressure, .shortageProbability, .locationQuotient, .density: false
    default: true
    }
  }
}

extension Measure {
  /// Whether a forecast of nothing but the balance has it.
  var isBalance: Bool {
    switch self {
    case .supply, .demand, .gapRequirement, .gapPlan, .adequacy, .shortageProbability: true
    default: false
    }
  }
}
