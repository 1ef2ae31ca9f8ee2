import Dimensions
import Forecasting
import LinearAlgebra
import Messages
import ModelSpecs
import Reports
import Simulation

/// What the report says beyond its own scenario: the nation and the hubs under others, and which levers sway the gap.
struct ScenarioDesk {
  /// Other scenarios need intervals, not their tails.
  private static let mostDraws = 1000
  /// Of a lever's swing, which is a difference between draws of the same chances.
  private static let swingDraws = 60

  let scenarios: [ScenarioSpec]
  /// Nation and hubs, all teams and industries, under the other scenarios; withheld where this run's cells are.
  let cells: [ResultCell]
  let levers: [LeverRow]
  let sensitivity: Sensitivity?

  init(_ run: CompletedRun) throws {
    scenarios = run.inputs.compared
    let shift = try scenarios.isEmpty ? [:] : ScenarioDesk.shift(run)
    let swings = Swings(run, draws: min(run.options.draws, ScenarioDesk.swingDraws))
    // Every forecast on one thread, side by side: the long ones first, so that the short ones fill up the end.
    let (all, figures) = (scenarios, swings?.scenarios ?? [])
    let answers = concurrently(all.count + figures.count, jobs: run.options.jobs) { index in
      Result { () throws -> Answer in
        if index < all.count { return .cells(try ScenarioDesk.forecast(run, all[index])) }
        return .figure(try swings?.figure(figures[index - all.count]))
      }
    }
    var (cells, found): ([ResultCell], [Double?]) = ([], [])
    for answer in answers {
      switch try answer.get() {
      case .cells(let own): cells += ScenarioDesk.finished(own, shift, run)
      case .figure(let figure): found.append(figure)
      }
    }
    self.cells = cells
    levers = (scenarios.isEmpty ? [] : [run.inputs.scenario] + scenarios).flatMap { leverRows($0, run) }
    sensitivity = swings?.sensitivity(found)
  }

  /// What one of the forecasts is made for.
  private enum Answer: Sendable {
    case cells([ResultCell])
    case figure(Double?)
  }

  private static func options(_ run: CompletedRun, _ scenario: String) -> RunOptions {
    var options = run.options
    options.scenario = scenario
    options.draws = min(options.draws, mostDraws)
    options.watch = nil
    return options
  }

  /// What the run's own figures have more with all its draws than with the first of them: scenarios of fewer draws
  /// are moved by it, so that their differences to the run are those of the same chances.
  private static func shift(_ run: CompletedRun) throws -> [Spot: Double] {
    guard run.options.draws > mostDraws else { return [:] }
    let options = options(run, run.options.scenario)
    let first = try Forecasting.forecast(of: Set(run.headlineRegions.map(\.code)), balanceOnly: true, run.inputs.assembly.inputs, options)
    let all = Dictionary(
      run.results.cells.filter { $0.team == "total" && $0.industry == "total" }.map { (Spot($0), $0.value) },
      uniquingKeysWith: { first, _ in first })
    var shift: [Spot: Double] = [:]
    for cell in first where cell.measure != .adequacy {
      if let whole = all[Spot(cell)], whole.isFinite, cell.value.isFinite { shift[Spot(cell)] = whole - cell.value }
    }
    return shift
  }

  /// Nation and hubs under a scenario, as drawn.
  private static func forecast(_ run: CompletedRun, _ scenario: ScenarioSpec) throws -> [ResultCell] {
    let inputs = run.inputs
    let other = try inputs.assembly.inputs(under: scenario, model: inputs.model, catalogue: inputs.catalogue)
    var options = options(run, scenario.id)
    options.jobs = 1
    return try Forecasting.forecast(of: Set(run.headlineRegions.map(\.code)), balanceOnly: true, other, options)
  }

  private static func finished(_ cells: [ResultCell], _ shift: [Spot: Double], _ run: CompletedRun) -> [ResultCell] {
    let withheld = Set(run.cells.filter(\.isWithheld).map(Spot.init))
    let moved = cells.map { cell in
      guard let more = shift[Spot(cell)] else { return cell }
      var moved = cell
      moved.value = cell.measure == .shortageProbability ? min(1, max(0, cell.value + more)) : cell.value + more
      return moved
    }
    return madeOfMeans(moved, nation: nil)
      .filter { $0.year >= run.model.years.base }
      .map { cell in withheld.contains(Spot(cell)) ? cell.withheld : cell }
  }

  /// A cell of any scenario.
  private struct Spot: Hashable {
    let region: RegionCode
    let measure: Measure
    let year: Int

    init(_ cell: ResultCell) { (region, measure, year) = (cell.region, cell.measure, cell.year) }
  }
}

/// The gap of the nation in the year in focus, with each lever at the ends of its plausible range.
private struct Swings: Sendable {
  private let inputs: RunInputs
  private let question: FigureQuestion
  private let options: RunOptions
  /// The run's own mean.
  private let central: Double
  private let levers: [Lever]
  /// The run's own scenario, and two a lever.
  let scenarios: [ScenarioSpec]

  /// Nil where there is no such gap.
  init?(_ run: CompletedRun, draws: Int) {
    inputs = run.inputs
    let (inputs, years) = (run.inputs, run.model.years)
    guard inputs.focusYear > years.base,
      let nation = inputs.assembly.inputs.geography.nodes.first(where: { $0.code == inputs.model.stock.nation }),
      let central = run.cell(nation.code, .gapRequirement, inputs.focusYear)?.value, central.isFinite
    else { return nil }
    self.central = central
    question = FigureQuestion(measure: .gapRequirement, node: nation, year: inputs.focusYear)
    options = RunOptions(scenario: inputs.scenario.id, draws: draws, seed: run.options.seed, jobs: 1)
    // A lever that scales the requirement itself is no assumption behind it, and nobody moves into a nation.
    levers = Lever.registry.filter { $0.kind != .persons && $0.id != "demand.requirement" }
    scenarios =
      [inputs.scenario]
      + levers.flatMap { lever in
        [lever.plausible.lowerBound, lever.plausible.upperBound].map { value in
          inputs.scenario.setting(lever, to: value, years: (years.base + 1)...years.last, places: [])
        }
      }
  }

  /// The gap under one of the scenarios.
  func figure(_ scenario: ScenarioSpec) throws -> Double? {
    try question.cell(inputs.assembly.inputs(under: scenario, model: inputs.model, catalogue: inputs.catalogue), options)?.value
  }

  /// - Parameter figures: one of each of the scenarios.
  func sensitivity(_ figures: [Double?]) -> Sensitivity? {
    guard let start = figures.first.flatMap(\.self) else { return nil }
    let swings = levers.enumerated().compactMap { index, lever -> LeverSwing? in
      // What a lever changes in draws of the same chances.
      guard let first = figures[2 * index + 1], let last = figures[2 * index + 2] else { return nil }
      let (low, high) = (central + first - start, central + last - start)
      guard low != central || high != central else { return nil }
      return LeverSwing(
        lever: lever.name, unit: lever.unit, low: lever.plausible.lowerBound, high: lever.plausible.upperBound,
        atLow: low.rounded(), atHigh: high.rounded())
    }
    let widest = swings.enumerated().sorted { a, b in
      (abs(b.element.atHigh - b.element.atLow), a.offset) < (abs(a.element.atHigh - a.element.atLow), b.offset)
    }
    return Sensitivity(
      region: question.node.code, measure: .gapRequirement, year: question.year, central: central.rounded(), swings: widest.map(\.element))
  }
}

/// Years of a change; a scenario file that gives no end means every year.
private func yearWords(_ years: ClosedRange<Int>) -> Bilingual {
  switch (years.lowerBound == 1900, years.upperBound == 2200) {
  case (true, true): Bilingual(zh: "各年", en: "every year")
  case (false, true): Bilingual(zh: "\(years.lowerBound)年起", en: "from \(years.lowerBound)")
  case (true, false): Bilingual(zh: "至\(years.upperBound)年", en: "to \(years.upperBound)")
  case (false, false): Bilingual(zh: "\(years.lowerBound)—\(years.upperBound)年", en: "\(years.lowerBound)–\(years.upperBound)")
  }
}

/// The changes of a scenario with the names of places and levers.
private func leverRows(_ scenario: ScenarioSpec, _ run: CompletedRun) -> [LeverRow] {
  let places = run.names.reduce(into: [String: Bilingual]()) { $0[$1.key.text] = $1.value }
  let hubs = Dictionary(run.model.regions.hubs.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
  let teams = Dictionary(run.model.teams.map { ($0.id, $0.name) }, uniquingKeysWith: { first, _ in first })
  return scenario.changes.map { change in
    let wheres = (change.places + change.teams).map { hubs[$0] ?? teams[$0] ?? places[$0] ?? Bilingual(zh: $0, en: $0) }
    // A factor or a share speaks for itself.
    let own = change.lever.unit
    let unit = change.lever.kind == .persons ? Bilingual(zh: " " + own.zh, en: " " + own.en) : Bilingual(zh: "", en: "")
    let note = change.note.isEmpty ? change.source : change.note
    return LeverRow(
      scenario: scenario.id, lever: change.lever.name,
      change: Bilingual(zh: change.operation.text(.zh) + unit.zh, en: change.operation.text(.en) + unit.en), years: yearWords(change.years),
      places: Bilingual(zh: wheres.map(\.zh).joined(separator: "、"), en: wheres.map(\.en).joined(separator: ", ")),
      authority: note.isEmpty ? Bilingual(zh: "编制者假定", en: "assumed by the compilers") : Bilingual(line: note))
  }
}
