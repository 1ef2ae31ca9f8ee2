import Dimensions
import Messages

/// The input with its cells indexed, and the words for its codes. Chapters read the run through it.
struct Cube: Sendable {
  let input: ReportInput
  private let index: [CellKey: ResultCell]
  private let yearsByMeasure: [Measure: Set<Int>]
  private let regionNames: [RegionCode: Bilingual]
  private let teamNames: [String: Bilingual]
  private let industryNames: [String: Bilingual]

  init(_ input: ReportInput) {
    self.input = input
    var index: [CellKey: ResultCell] = [:]
    index.reserveCapacity(input.cells.count)
    var years: [Measure: Set<Int>] = [:]
    for cell in input.cells + input.otherScenarios {
      let key = CellKey(
        scenario: cell.scenario, region: cell.region, industry: cell.industry, team: cell.team,
        year: cell.year, measure: cell.measure)
      index[key] = cell
      years[cell.measure, default: []].insert(cell.year)
    }
    self.index = index
    yearsByMeasure = years
    regionNames = Dictionary(input.regions.map { ($0.code, $0.name) }) { first, _ in first }
    teamNames = Dictionary(input.teams.map { ($0.code, $0.name) }) { first, _ in first }
    industryNames = Dictionary(input.industries.map { ($0.code, $0.name) }) { first, _ in first }
  }

  var edition: Edition { input.edition }

  // MARK: Facts

  /// The cell as a fact; nil when the run has no such cell or its value is not finite.
  func fact(
    _ measure: Measure, _ region: RegionCode, _ year: Int, team: String = "total",
    industry: String = "total", scenario: String? = nil
  ) -> Fact? {
    let key = CellKey(
      scenario: scenario ?? edition.scenario, region: region, industry: industry, team: team,
      year: year, measure: measure)
    return fact(key)
  }

  /// The cell for a table: a withheld one is there and has no number.
  func entry(
    _ measure: Measure, _ region: RegionCode, _ year: Int, team: String = "total",
    industry: String = "total", scenario: String? = nil
  ) -> Fact? {
    let key = CellKey(
      scenario: scenario ?? edition.scenario, region: region, industry: industry, team: team, year: year,
      measure: measure)
    if let found = fact(key) { return found }
    guard let cell = index[key], cell.isWithheld else { return nil }
    return Fact(
      value: .nan, origin: .cell(key), basis: basis(cell), evidence: cell.evidence, year: cell.year,
      concept: cell.concept, unit: cell.unit)
  }

  func fact(_ key: CellKey) -> Fact? {
    guard let cell = index[key], cell.value.isFinite else { return nil }
    func finite(_ x: Double) -> Double? { x.isFinite ? x : nil }
    return Fact(
      value: cell.value, low: finite(cell.p10), high: finite(cell.p90), low95: finite(cell.p025),
      high95: finite(cell.p975), origin: .cell(key), basis: basis(cell), evidence: cell.evidence,
      year: cell.year, concept: cell.concept, unit: cell.unit)
  }

  func cell(_ key: CellKey) -> ResultCell? { index[key] }

  /// The probability of a shortage beside a gap; nil where there is none.
  func shortage(beside gap: Fact) -> Double? {
    if case .input(let path) = gap.origin, path.hasPrefix("shortage/"), path.hasSuffix("/gap") {
      return input.value(at: path.dropLast("gap".count) + "probability")
    }
    guard case .cell(var key) = gap.origin, key.measure == .gapRequirement else { return nil }
    key.measure = .shortageProbability
    return index[key].flatMap { $0.value.isFinite ? $0.value : nil }
  }

  /// Whether a gap's direction may not be stated: neither a shortage nor a surplus has four chances in five, or mean
  /// and probability point apart.
  func isOpen(_ gap: Fact) -> Bool {
    shortage(beside: gap).map {
      Reading.direction(shortage: $0) == .open || Reading.disagree(gap: gap.value, shortage: $0)
    } ?? gap.signUnsettled
  }

  /// Whether a gap's mean has one sign and most draws the other.
  func isContrary(_ gap: Fact) -> Bool {
    shortage(beside: gap).map { Reading.disagree(gap: gap.value, shortage: $0) } ?? false
  }

  /// What a table or figure with such a gap must say; nothing where there is none.
  func contraryNotes(_ gaps: [Fact?]) -> [Bilingual] {
    gaps.contains { $0.map(isContrary) ?? false } ? [.contraryNote] : []
  }

  private func basis(_ cell: ResultCell) -> Basis {
    if cell.year > edition.referenceYear { return .forecast }
    return cell.evidence == .observed ? .counted : .estimated
  }

  /// The facts of a path, for the years that exist.
  func path(
    _ measure: Measure, _ region: RegionCode, team: String = "total", industry: String = "total",
    scenario: String? = nil
  ) -> [Fact] {
    years(measure).compactMap {
      fact(measure, region, $0, team: team, industry: industry, scenario: scenario)
    }
  }

  /// Years in which the measure has any cell, ascending.
  func years(_ measure: Measure) -> [Int] { (yearsByMeasure[measure] ?? []).sorted() }

  /// The requirement gap, or the plan gap when the run has no requirement gap.
  var gapMeasure: Measure { yearsByMeasure[.gapRequirement] == nil ? .gapPlan : .gapRequirement }

  /// Reference year, the plan's target year, focus year, horizon: those that the measure has.
  func milestoneYears(_ measure: Measure) -> [Int] {
    var wanted: Set = [edition.referenceYear, edition.focusYear, edition.horizon]
    if let target = input.indicators.first?.targetYear { wanted.insert(target) }
    return years(measure).filter {
      wanted.contains($0) && $0 >= edition.referenceYear && $0 <= edition.horizon
    }
  }

  /// The first year of the table whose cells can be compared with the focus year.
  func baseYear(_ measure: Measure) -> Int? {
    let all = years(measure)
    return all.contains(edition.referenceYear)
      ? edition.referenceYear : all.first { $0 >= edition.referenceYear }
  }

  // MARK: Regions

  var nation: ReportRegion? { input.regions.first { $0.kind == .nation } }

  /// One region for each hub: the aggregate, or the municipality that is a hub by itself.
  var hubs: [ReportRegion] {
    input.regions.filter { $0.kind == .hub || ($0.kind == .province && $0.hub == $0.code) }
  }

  func members(of hub: ReportRegion) -> [ReportRegion] {
    input.regions.filter { $0.hub == hub.code && $0.code != hub.code }
  }

  /// Nation first, then hubs: the rows of most tables.
  var headlineRegions: [ReportRegion] { (nation.map { [$0] } ?? []) + hubs }

  var provinces: [ReportRegion] {
    input.regions.filter { $0.kind == .province || $0.kind == .sar }
      .sorted { $0.code < $1.code }
  }

  // MARK: Words

  func name(_ region: RegionCode) -> Bilingual {
    regionNames[region] ?? Bilingual(zh: region.text, en: region.text)
  }

  func name(team: String) -> Bilingual {
    if team == "total" { return Bilingual(zh: "合计", en: "Total") }
    return teamNames[team] ?? Bilingual(zh: team, en: team)
  }

  func name(industry: String) -> Bilingual {
    if industry == "total" { return Bilingual(zh: "合计", en: "Total") }
    return industryNames[industry] ?? Bilingual(zh: industry, en: industry)
  }

  var teams: [NamedCode] { input.teams.filter { $0.code != "total" } }
  var industries: [NamedCode] { input.industries.filter { $0.code != "total" } }

  // MARK: Facts of the other members

  /// A number of the input outside the cells, addressed by its path.
  func inputFact(
    _ path: String, _ value: Double?, low: Double? = nil, high: Double? = nil, low95: Double? = nil,
    high95: Double? = nil, basis: Basis, evidence: Evidence, year: Int? = nil
  ) -> Fact? {
    guard let value, value.isFinite else { return nil }
    return Fact(
      value: value, low: low, high: high, low95: low95, high95: high95, origin: .input(path),
      basis: basis, evidence: evidence, year: year)
  }

  func indicatorFacts(_ row: IndicatorRow) -> IndicatorFacts {
    let at = "indicator/\(row.id)"
    let noted = row.evidence == .observed ? Basis.counted : .estimated
    return IndicatorFacts(
      target: inputFact("\(at)/target", row.target, basis: .planned, evidence: .observed, year: row.targetYear),
      baseline: inputFact(
        "\(at)/baseline", row.baseline, basis: noted, evidence: row.evidence, year: row.baselineYear),
      latest: inputFact(
        "\(at)/latest", row.latest, basis: noted, evidence: row.evidence, year: row.latestYear),
      required: inputFact("\(at)/requiredPace", row.requiredPace, basis: .estimated, evidence: row.evidence),
      realised: inputFact("\(at)/realisedPace", row.realisedPace, basis: .estimated, evidence: row.evidence),
      forecast: inputFact(
        "\(at)/p50", row.p50, low: row.p10, high: row.p90, basis: .forecast, evidence: .estimated,
        year: row.targetYear),
      probability: inputFact(
        "\(at)/probability", row.probability, basis: .forecast, evidence: .estimated,
        year: row.targetYear))
  }
}

/// The numbers of one plan indicator.
struct IndicatorFacts {
  let target: Fact?
  let baseline: Fact?
  let latest: Fact?
  let required: Fact?
  let realised: Fact?
  let forecast: Fact?
  let probability: Fact?
}

extension ReportInput {
  /// The number at a path that `Fact.Origin.input` may carry; nil when there is none.
  func value(at path: String) -> Double? {
    let parts = path.split(separator: "/").map(String.init)
    guard parts.count >= 3 else { return edition.value(path) }
    switch parts[0] {
    case "indicator": return indicators.first { $0.id == parts[1] }?.value(parts[2])
    case "backtest": return Int(parts[1]).flatMap { element(backtests, $0)?.value(parts[2]) }
    case "past": return Int(parts[1]).flatMap { element(pastForecasts, $0)?.value(parts[2]) }
    case "revision": return Int(parts[1]).flatMap { element(revisions, $0)?.value(parts[2]) }
    case "levels": return Int(parts[1]).flatMap { element(levelErrors, $0)?.value(parts[2]) }
    case "hidden": return Int(parts[1]).flatMap { element(hiddenFacts, $0)?.value(parts[2]) }
    case "tiers": return Int(parts[1]).flatMap { element(supplyTiers, $0) }.map { Double($0.count) }
    case "shortage": return Int(parts[1]).flatMap { shortage?.value($0, parts[2]) }
    case "sensitivity": return sensitivity?.value(parts[1], parts[2])
    case "contribution": return Int(parts[1]).flatMap { element(contributions, $0)?.value }
    default: return nil
    }
  }

  private func element<T>(_ all: [T], _ i: Int) -> T? { all.indices.contains(i) ? all[i] : nil }
}

extension Sensitivity {
  fileprivate func value(_ row: String, _ name: String) -> Double? {
    if row == "central" { return central }
    guard let i = Int(row), swings.indices.contains(i) else { return nil }
    switch name {
    case "atLow": return swings[i].atLow
    case "atHigh": return swings[i].atHigh
    case "swing": return swings[i].atHigh - swings[i].atLow
    default: return nil
    }
  }
}

extension Edition {
  fileprivate func value(_ path: String) -> Double? {
    switch path {
    case "edition/draws": Double(draws)
    case "edition/seed": Double(seed)
    default: nil
    }
  }
}

extension IndicatorRow {
  fileprivate func value(_ name: String) -> Double? {
    switch name {
    case "target": target
    case "baseline": baseline
    case "latest": latest
    case "requiredPace": requiredPace
    case "realisedPace": realisedPace
    case "p50": p50
    case "probability": probability
    default: nil
    }
  }
}

extension BacktestScore {
  fileprivate func value(_ name: String) -> Double? {
    switch name {
    case "count": Double(count)
    case "horizon": Double(horizon)
    case "medianAPE": medianAPE
    case "naiveMedianAPE": naiveMedianAPE
    case "constantShareMedianAPE": constantShareMedianAPE
    case "coverage80": coverage80
    case "coverage95": coverage95
    default: nil
    }
  }
}

extension HiddenFacts {
  fileprivate func value(_ name: String) -> Double? {
    switch name {
    case "count": Double(count)
    case "places": Double(places)
    case "error": medianError
    case "lastShare": lastShare
    case "allocation": allocation
    case "coverage80": coverage80
    case "coverage95": coverage95
    default: nil
    }
  }
}

extension LevelAccuracy {
  /// As printed: whole person-years.
  fileprivate func value(_ name: String) -> Double? {
    switch name {
    case "nodes": Double(nodes)
    case "maeBefore": meanAbsoluteBefore.rounded()
    case "maeAfter": meanAbsoluteAfter.rounded()
    case "rmseBefore": rootMeanSquareBefore.rounded()
    case "rmseAfter": rootMeanSquareAfter.rounded()
    default: nil
    }
  }
}

extension PastForecast {
  fileprivate func value(_ name: String) -> Double? {
    switch name {
    case "actual": actual
    case "forecast": forecast
    default: nil
    }
  }
}

extension RevisionRow {
  fileprivate func value(_ name: String) -> Double? {
    switch name {
    case "previous": previous
    case "current": current
    default: nil
    }
  }
}
