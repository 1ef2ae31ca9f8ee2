import Dimensions
import Forecasting
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
    cells = try scenarios.flatMap { try ScenarioDesk.cells(run, $0, shift) }
    levers = (scenarios.isEmpty ? [] : [run.inputs.scenario] + scenarios).flatMap { leverRows($0, run) }
    sensitivity = try ScenarioDesk.sensitivity(run)
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
    let first = try forecast(of: Set(run.headlineRegions.map(\.code)), balanceOnly: true, run.inputs.assembly.inputs, options)
    let all = Dictionary(
      run.results.cells.filter { $0.team == "total" && $0.industry == "total" }.map { (Spot($0), $0.value) },
      uniquingKeysWith: { first, _ in first })
    var shift: [Spot: Double] = [:]
    for cell in first where cell.measure != .adequacy {
      if let whole = all[Spot(cell)], whole.isFinite, cell.value.isFinite { shift[Spot(cell)] = whole - cell.value }
    }
    return shift
  }

  private static func cells(_ run: CompletedRun, _ scenario: ScenarioSpec, _ shift: [Spot: Double]) throws -> [ResultCell] {
    let inputs = run.inputs
    let other = try inputs.assembly.inputs(under: scenario, model: inputs.model, catalogue: inputs.catalogue)
    let options = options(run, scenario.id)
    let withheld = Set(run.cells.filter(\.isWithheld).map(Spot.init))
    let cells = try forecast(of: Set(run.headlineRegions.map(\.code)), balanceOnly: true, other, options)
      .map { cell in
        guard let more = shift[Spot(cell)] else { return cell }
        var moved = cell
        moved.value = cell.measure == .shortageProbability ? min(1, max(0, cell.value + more)) : cell.value + more
        return moved
      }
    return madeOfMeans(cells, nation: nil)
      .filter { $0.year >= inputs.model.years.base }
      .map { cell in withheld.contains(Spot(cell)) ? cell.withheld : cell }
  }

  /// A cell of any scenario.
  private struct Spot: Hashable {
    let region: RegionCode
    let measure: Measure
    let year: Int

    init(_ cell: ResultCell) { (region, measure, year) = (cell.region, cell.measure, cell.year) }
  }

  /// The gap of the nation in the year in focus, with each lever at the ends of its plausible range.
  private static func sensitivity(_ run: CompletedRun) throws -> Sensitivity? {
    let inputs = run.inputs
    guard inputs.focusYear > inputs.model.years.base,
      let nation = inputs.assembly.inputs.geography.nodes.first(where: { $0.code == inputs.model.stock.nation })
    else { return nil }
    let question = FigureQuestion(measure: .gapRequirement, node: nation, year: inputs.focusYear)
    let years = (inputs.model.years.base + 1)...inputs.model.years.last
    // A lever that scales the requirement itself is no assumption behind it, and nobody moves into a nation.
    let levers = Lever.registry.filter { $0.kind != .persons && $0.id != "demand.requirement" }
    let options = RunOptions(
      scenario: inputs.scenario.id, draws: min(run.options.draws, swingDraws), seed: run.options.seed, jobs: run.options.jobs)
    func figure(_ scenario: ScenarioSpec) throws -> Double? {
      try question.cell(
        inputs.assembly.inputs(under: scenario, model: inputs.model, catalogue: inputs.catalogue), options)?.value
    }
    // The run's own mean, and what a lever changes in draws of the same chances.
    guard let central = run.cell(nation.code, .gapRequirement, inputs.focusYear)?.value, central.isFinite,
      let start = try figure(inputs.scenario)
    else { return nil }
    let swings = try levers.compactMap { lever -> LeverSwing? in
      func at(_ value: Double) throws -> Double? {
        try figure(inputs.scenario.setting(lever, to: value, years: years, places: [])).map { central + $0 - start }
      }
      guard let low = try at(lever.plausible.lowerBound), let high = try at(lever.plausible.upperBound), low != central || high != central
      else { return nil }
      return LeverSwing(
        lever: lever.name, unit: lever.unit, low: lever.plausible.lowerBound, high: lever.plausible.upperBound,
        atLow: low.rounded(), atHigh: high.rounded())
    }
    let widest = swings.enumerated().sorted { a, b in
      (abs(b.element.atHigh - b.element.atLow), a.offset) < (abs(a.element.atHigh - a.element.atLow), b.offset)
    }
    return Sensitivity(
      region: nation.code, measure: .gapRequirement, year: inputs.focusYear, central: central.rounded(), swings: widest.map(\.element))
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
