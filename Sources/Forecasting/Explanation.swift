import Datasets
import Dimensions
import Messages
import ModelSpecs

/// Which cell of a run is asked for.
public struct ExplanationQuestion: Sendable {
  public let measure: Measure
  public let node: Geography.Node
  /// Position among the teams; nil for all.
  public let team: Int?
  /// Position among the industries; nil for all. Only the requirement is split by industry.
  public let industry: Int?
  public let year: Int

  public init(measure: Measure, node: Geography.Node, team: Int? = nil, industry: Int? = nil, year: Int) {
    self.measure = measure
    self.node = node
    self.team = team
    self.industry = industry
    self.year = year
  }
}

/// A cell of a run with the calculation that leads to it.
public struct Explanation: Sendable {
  /// The cell as `results.csv` has it.
  public let cell: ResultCell
  public let root: ExplanationStep
}

/// Explains cells of one run: every number is read from the run itself or from the rows it was made of.
public struct Explainer: Sendable {
  let inputs: ForecastInputs
  let options: RunOptions
  /// The central run.
  let draws: LeafDraws
  let model: ModelSpec
  let modelFile: String
  let scenario: ScenarioSpec
  private let definitions: [String: Indicator]
  /// Rows of the indicators the model names, by indicator and region.
  private let observations: [String: [RegionCode: [Observation]]]
  private let names: [RegionCode: Bilingual]

  /// - Parameters:
  ///   - modelFile: path of the model, to say where an assumption stands.
  ///   - options: of the run whose cells are explained.
  public init(
    _ assembly: ForecastAssembly, _ options: RunOptions, model: ModelSpec, modelFile: String, scenario: ScenarioSpec,
    catalogue: Catalogue
  ) throws(ForecastError) {
    inputs = assembly.inputs
    self.options = options
    draws = try LeafDraws(assembly.inputs, RunOptions(scenario: options.scenario, draws: 1, seed: options.seed, jobs: 1))
    self.model = model
    self.modelFile = modelFile
    self.scenario = scenario
    let used = Explainer.indicators(model)
    definitions = Dictionary(
      catalogue.indicators.filter { used.contains($0.id) }.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    observations = Dictionary(grouping: catalogue.observations.filter { used.contains($0.indicator) }, by: \.indicator)
      .mapValues { rows in
        Dictionary(grouping: rows, by: \.region).mapValues { $0.sorted { ($0.year, $0.line) < ($1.year, $1.line) } }
      }
    var names = Dictionary(
      assembly.inputs.geography.nodes.map { ($0.code, $0.name) }, uniquingKeysWith: { first, _ in first })
    names[model.stock.nation] = model.stock.name
    self.names = names
  }

  /// Every indicator a step may quote.
  private static func indicators(_ model: ModelSpec) -> Set<String> {
    var ids = [
      model.stock.indicator, model.allocation.separateDriver, model.demand.proxy, model.demand.driver,
      model.demand.cityGrowth, model.supply.entrantsFollow,
    ]
    ids += model.rest.map { [$0.numerator, $0.denominator] } ?? []
    ids += model.allocation.provinceDrivers + model.allocation.cityDrivers + model.demand.methods.map(\.indicator)
    ids += model.demand.separateGrowth.values
    for role in model.roles {
      if let spread = role.spread { ids.append(spread) }
      switch role.count {
      case .published(let indicator, let less): ids += [indicator, less].compactMap(\.self)
      case .weighted(let indicator): ids.append(indicator)
      case .remainder: break
      }
    }
    return Set(ids)
  }

  /// - Returns: nil when the run has no such cell (a requirement before the base year, openings in it …).
  /// - Throws: `ForecastError`.
  public func explanation(_ question: ExplanationQuestion) throws(ForecastError) -> Explanation? {
    explanation(question, among: try forecast(of: [question.node.code], inputs, options))
  }

  /// The same when the cells of the node are at hand.
  func explanation(_ question: ExplanationQuestion, among cells: [ResultCell]) -> Explanation? {
    let team = question.team.map { inputs.teams[$0].id } ?? "total"
    let industry = question.industry.map { inputs.industries[$0].id } ?? "total"
    guard inputs.years.history...inputs.years.last ~= question.year,
      let cell = cells.first(where: {
        $0.measure == question.measure && $0.year == question.year && $0.team == team && $0.industry == industry
      })
    else { return nil }
    return Explanation(cell: cell, root: step(question.measure, question, cell).counted(in: inputs.unit))
  }

  private func step(_ measure: Measure, _ q: ExplanationQuestion, _ cell: ResultCell) -> ExplanationStep {
    func of(_ measure: Measure) -> ExplanationStep { step(measure, q, cell) }
    let name = Bilingual(
      zh: "\(q.node.name.zh) \(q.year) 年\(measure.name.zh)", en: "\(measure.name.en), \(q.node.name.en) \(q.year)")
    switch measure {
    case .supply: return supply(q.node, team: q.team, year: q.year)
    case .demand: return demand(q.node, team: q.team, industry: q.industry, year: q.year)
    case .gapRequirement: return .difference(name, unit: "人", [of(.demand), of(.supply)])
    case .gapPlan: return .difference(name, unit: "人", [target(q.year), of(.supply)])
    case .adequacy: return adequacy(name, of(.supply), of(.demand))
    case .expansion:
      return .difference(
        name, unit: "人/年", [of(.demand), demand(q.node, team: q.team, industry: nil, year: q.year - 1)])
    case .replacement: return replacement(name, q)
    case .openings: return .sum(name, unit: "人/年", [of(.expansion), of(.replacement)])
    case .entrants: return flow(.entrants, q)
    case .retirements: return flow(.retirements, q)
    case .exits: return .sum(name, unit: "人/年", [flow(.deaths, q), flow(.transfers, q)])
    case .netMigration: return flow(.netMigration, q)
    case .pressure:
      let (entrants, openings) = (of(.entrants), of(.openings))
      guard openings.value > 0 else {
        return ExplanationStep(
          name, .nan, unit: "1", .calculated,
          note: Bilingual(zh: "没有空缺，比值不适用", en: "no openings: the ratio does not apply"), parts: [entrants, openings])
      }
      return .ratio(name, entrants, openings)
    case .locationQuotient: return quotient(name, q)
    case .density: return density(name, q, of(.supply))
    case .shortageProbability:
      return ExplanationStep(
        name, cell.value, unit: "1", .calculated,
        note: Bilingual(
          zh: "\(options.draws) 次抽样中缺口超过需求 0.5% 的比重；下为中心路径的缺口",
          en: "share of \(options.draws) draws in which the gap exceeds 0.5 % of demand; below, the gap of the central run"),
        parts: [of(.gapRequirement)])
    }
  }

  private func quotient(_ name: Bilingual, _ q: ExplanationQuestion) -> ExplanationStep {
    func share(_ node: Geography.Node) -> ExplanationStep {
      .ratio(
        Bilingual(zh: "\(node.name.zh)占比", en: "share in \(node.name.en)"),
        demand(node, team: q.team, industry: q.industry, year: q.year), demand(node, team: nil, industry: nil, year: q.year))
    }
    let nation = inputs.geography.nodes.first { $0.kind == .nation } ?? q.node
    return .ratio(name, share(q.node), share(nation))
  }

  private func density(_ name: Bilingual, _ q: ExplanationQuestion, _ supply: ExplanationStep) -> ExplanationStep {
    let rows = inputs.geography.wholeProvinces(q.node).compactMap { province in
      observations[model.demand.proxy]?[inputs.geography.provinces[province]]?.last { $0.year == q.year }
    }
    let labour = rows.map(published)
    let base =
      labour.count == 1
      ? labour[0]
      : .sum(Bilingual(zh: "\(q.node.name.zh) \(q.year) 年合计", en: "\(q.node.name.en), \(q.year), all"), unit: rows.first?.unit ?? "", labour)
    let tenThousand = ExplanationStep(Bilingual(zh: "每万", en: "per 10,000"), 10_000, unit: "1", .calculated)
    return .product(name, unit: Measure.density.unit, [.ratio(name, supply, base), tenThousand])
  }

  private func adequacy(_ name: Bilingual, _ supply: ExplanationStep, _ demand: ExplanationStep) -> ExplanationStep {
    guard demand.value > 0 else {
      return ExplanationStep(
        name, 1, unit: "1", .calculated, note: Bilingual(zh: "没有需求，记为 1", en: "nothing is required: 1"),
        parts: [supply, demand])
    }
    return .ratio(name, supply, demand)
  }

  private func replacement(_ name: Bilingual, _ q: ExplanationQuestion) -> ExplanationStep {
    let leaving = ExplanationStep.sum(
      Bilingual(zh: "退休、死亡与转出", en: "retirements, deaths and transfers out"), unit: "人/年",
      [flow(.retirements, q), flow(.deaths, q), flow(.transfers, q)])
    guard inputs.levers.movesPlaces else { return .sum(name, unit: "人/年", leaving.parts) }
    return .difference(name, unit: "人/年", [leaving, flow(.netMigration, q)])
  }

  private func target(_ year: Int) -> ExplanationStep {
    ExplanationStep(
      Bilingual(zh: "规划目标（\(model.plan ?? "")）", en: "target of the plan (\(model.plan ?? ""))"), inputs.planTargets[year]?.value ?? .nan,
      unit: "人", .published, evidence: .observed, source: inputs.planTargets[year]?.source ?? "")
  }

  /// The indicator's definition, for its name.
  func indicator(_ id: String) -> Indicator? { definitions[id] }

  func rows(_ indicator: String, _ region: RegionCode) -> [Observation] { observations[indicator]?[region] ?? [] }

  func name(_ region: RegionCode) -> Bilingual { names[region] ?? Bilingual(zh: region.text, en: region.text) }

  func published(_ row: Observation) -> ExplanationStep {
    ExplanationStep(row, indicator(row.indicator), place: name(row.region))
  }
}
