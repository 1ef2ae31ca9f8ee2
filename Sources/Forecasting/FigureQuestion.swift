import Dimensions
import Messages

/// What one figure is asked for: a measure of a node, an industry, a team and a year, in the central run.
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

  /// The central value under some inputs; nil where there is no such cell.
  ///
  /// - Throws: `ForecastError`.
  public func value(_ inputs: ForecastInputs) throws(ForecastError) -> Double? {
    try FigureQuestion.values([self], inputs)[0]
  }

  /// The central values of many figures under the same inputs, in one run.
  ///
  /// - Throws: `ForecastError`.
  public static func values(_ questions: [FigureQuestion], _ inputs: ForecastInputs) throws(ForecastError) -> [Double?] {
    let options = RunOptions(scenario: "", draws: 1, seed: 1, jobs: 1)
    let draws = try LeafDraws(inputs, options)
    let nation = NationalMix(draws)
    var cells: [RegionCode: [ResultCell]] = [:]
    return questions.map { question in
      let node = question.node
      let known = cells[node.code] ?? NodeResults(node, draws, options, nation: nation).cells
      cells[node.code] = known
      return known.first {
        $0.measure == question.measure && $0.team == question.team && $0.industry == question.industry
          && $0.year == question.year
      }?.value
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
