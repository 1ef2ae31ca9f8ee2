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
  /// What all of a place's requirement has changed by since the base year; empty for other cells.
  public let demandParts: [DemandPart]
}

/// Explains cells of one run: every number is read from the run itself or from the rows it was made of.
public struct Explainer: Sendable {
  let inputs: ForecastInputs
  let options: RunOptions
  /// One path without chance: the calculation below a mean.
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
    ids += model.allocation.separateLeast.values
    ids += (model.evidence?.division?.drivers ?? []) + (model.evidence?.indicators ?? [])
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
    // A place's specialisation is measured against the nation.
    let nation = question.measure == .locationQuotient ? inputs.nation : nil
    return explanation(
      question, among: try forecast(of: Set([question.node.code, nation].compactMap(\.self)), inputs, options))
  }

  /// The same when the cells of the node (and of the nation) are at hand.
  func explanation(_ question: ExplanationQuestion, among cells: [ResultCell]) -> Explanation? {
    let team = question.team.map { inputs.teams[$0].id } ?? "total"
    let industry = question.industry.map { inputs.industries[$0].id } ?? "total"
    guard inputs.years.history...inputs.years.last ~= question.year,
      let cell = cells.first(where: {
        $0.region == question.node.code && $0.measure == question.measure && $0.year == question.year && $0.team == team && $0.industry == industry
      })
    else { return nil }
    let centres = Centres(cells)
    let root = centred(step(question.measure, question, cell, centres), on: cell.value)
    return Explanation(cell: cell, root: root.counted(in: inputs.unit), demandParts: demandParts(question, cells))
  }

  private func demandParts(_ q: ExplanationQuestion, _ cells: [ResultCell]) -> [DemandPart] {
    guard q.measure == .demand, q.team == nil, q.industry == nil, q.year > inputs.years.base else { return [] }
    let parts = [q.node.code: [q.year: DemandSplit(draws).parts(of: q.node, year: q.year)]]
    return spreadAdded(parts, base: inputs.years.base, cells)[q.node.code]?[q.year] ?? []
  }

  /// A calculation on the path without chance, and what the mean of the draws has more.
  private func centred(_ step: ExplanationStep, on mean: Double?) -> ExplanationStep {
    guard let mean, mean.isFinite, step.value.isFinite, abs(mean - step.value) > 6e-7 + 1e-11 * abs(mean) else { return step }
    let spread = ExplanationStep(
      Bilingual(zh: "抽样展布（均值与无扰动路径之差）", en: "spread of the draws (mean less the path without chance)"),
      mean - step.value, unit: step.unit, .calculated,
      note: Bilingual(zh: "\(options.draws) 次抽样", en: "\(options.draws) draws"))
    return ExplanationStep(
      Bilingual(zh: "\(step.name.zh)（均值）", en: "\(step.name.en) (mean)"), mean, unit: step.unit, .sum, evidence: step.evidence,
      parts: [step.named(Bilingual(zh: "\(step.name.zh)，无扰动路径", en: "\(step.name.en), the path without chance")), spread])
  }

  private func step(
    _ measure: Measure, _ q: ExplanationQuestion, _ cell: ResultCell, _ centres: Centres
  ) -> ExplanationStep {
    func of(_ measure: Measure) -> ExplanationStep {
      centred(step(measure, q, cell, centres), on: centres[spot(measure, q)])
    }
    func wanted(_ node: Geography.Node, team: Int?, industry: Int?, year: Int) -> ExplanationStep {
      let own = ExplanationQuestion(measure: .demand, node: node, team: team, industry: industry, year: year)
      return centred(demand(node, team: team, industry: industry, year: year), on: centres[spot(.demand, own)])
    }
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
        name, unit: "人/年", [of(.demand), wanted(q.node, team: q.team, industry: nil, year: q.year - 1)])
    case .replacement: return replacement(name, of)
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
    case .locationQuotient: return quotient(name, q, wanted)
    case .density: return density(name, q, of(.supply))
    case .shortageProbability:
      return ExplanationStep(
        name, cell.value, unit: "1", .calculated,
        note: Bilingual(
          zh: "\(options.draws) 次抽样中缺口超过需求 0.5% 的比重；下为缺口的均值",
          en: "share of \(options.draws) draws in which the gap exceeds 0.5 % of demand; below, the mean of the gap"),
        parts: [of(.gapRequirement)])
    }
  }

  private func spot(_ measure: Measure, _ q: ExplanationQuestion) -> Centres.Spot {
    Centres.Spot(
      region: q.node.code, measure: measure, year: q.year, team: q.team.map { inputs.teams[$0].id } ?? "total",
      industry: q.industry.map { inputs.industries[$0].id } ?? "total")
  }

  private func quotient(
    _ name: Bilingual, _ q: ExplanationQuestion,
    _ demand: (Geography.Node, _ team: Int?, _ industry: Int?, _ year: Int) -> ExplanationStep
  ) -> ExplanationStep {
    func share(_ node: Geography.Node) -> ExplanationStep {
      .ratio(
        Bilingual(zh: "\(node.name.zh)占比", en: "share in \(node.name.en)"),
        demand(node, q.team, q.industry, q.year), demand(node, nil, nil, q.year))
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

  private func replacement(_ name: Bilingual, _ of: (Measure) -> ExplanationStep) -> ExplanationStep {
    let leaving = ExplanationStep.sum(
      Bilingual(zh: "退休、死亡与转出", en: "retirements, deaths and transfers out"), unit: "人/年", [of(.retirements), of(.exits)])
    guard inputs.levers.movesPlaces else { return .sum(name, unit: "人/年", leaving.parts) }
    return .difference(name, unit: "人/年", [leaving, of(.netMigration)])
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
