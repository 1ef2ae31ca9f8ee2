import Dimensions
import LinearAlgebra
import ModelSpecs

/// What a run produces.
public struct ForecastResults: Sendable {
  public let inputs: ForecastInputs
  public let options: RunOptions
  /// Every cell, in the order region, year, measure, team, industry as calculated; the same at any
  /// number of threads.
  public let cells: [ResultCell]
  /// National stock by year in every draw, for probabilities; of a run in
  /// several sections, order statistics that stand for them.
  public let nationalStock: [Int: [Double]]
  /// When the run was asked for one; of a run in several sections, by the draws of the first.
  public let shortage: ShortageCatalogue?
  /// What the change of requirement is made of, by place and forecast year.
  let parts: [RegionCode: [Int: [DemandPart]]]
}

/// The whole line from checked inputs to every result cell: a pure function.
///
/// Memory is bounded: of more than 10,000 draws, sections are made one after the other and their quantiles averaged.
/// - Throws: `ForecastError` when the stock has no published figure to start from, or when persons
///   are not conserved.
public func forecast(
  _ inputs: ForecastInputs, _ options: RunOptions, shortage spec: ShortageSpec? = nil
) throws(ForecastError) -> ForecastResults {
  guard let results = try forecast(inputs, options, shortage: spec, team: Alone()) else {
    preconditionFailure("one process leads itself")
  }
  return results
}

/// The same by several processes: draws are made where they fall, places are summed and sorted by turns, and the
/// leader puts the cells together. Every byte is that of one process.
///
/// - Returns: nil on all processes but the leader.
public func forecast(
  _ inputs: ForecastInputs, _ options: RunOptions, shortage spec: ShortageSpec? = nil, team: some RunTeam
) throws(ForecastError) -> ForecastResults? {
  let sections = options.sections
  options.watch?.expect(sections: sections.count)
  let years = Array(inputs.years.history...inputs.years.last)
  var means = SectionMeans()
  var stocks = [[Double]](repeating: [], count: years.count)
  var shortage: ShortageCatalogue?
  var parts: [[Int: [DemandPart]]] = []
  for (index, section) in sections.enumerated() {
    let draws = try LeafDraws(inputs, section, team)
    let own = placeCells(draws, inputs.geography.nodes, section, team)
    guard let cells = leaderCells(own, inputs, team) else { continue }
    means.add(cells, draws: section.draws)
    if index == 0 {
      shortage = try spec.map { spec throws(ForecastError) in try ShortageCatalogue(draws, section, spec) }
      parts = demandParts(draws, section)
    }
    let kept = concurrently(years.count, jobs: options.jobs) { year in
      let stock = nationalStock(draws, year: years[year])
      return sections.count > 1 ? thinned(stock, to: max(1, options.mostAtOnce / sections.count)) : stock
    }
    for year in years.indices { stocks[year] += kept[year] }
    options.watch?.did(.rankings)
  }
  guard team.rank == 0 else { return nil }
  let cells = means.means(nation: inputs.nation)
  return ForecastResults(
    inputs: inputs, options: options, cells: cells,
    nationalStock: Dictionary(uniqueKeysWithValues: zip(years, stocks)), shortage: shortage,
    parts: spreadAdded(
      Dictionary(uniqueKeysWithValues: zip(inputs.geography.nodes.map(\.code), parts)), base: inputs.years.base, cells))
}

/// The cells of some places only: what a forecast of everything says about them, for less work.
///
/// - Parameter balanceOnly: supply, requirement, gaps and adequacy of all teams and industries together, nothing else.
/// - Throws: `ForecastError`.
public func forecast(
  of places: Set<RegionCode>, balanceOnly: Bool = false, _ inputs: ForecastInputs, _ options: RunOptions
) throws(ForecastError) -> [ResultCell] {
  let sections = options.sections
  // Of several sections a place's specialisation is that of the means, so the nation's are needed.
  let nation = sections.count > 1 ? inputs.nation : nil
  let nodes = inputs.geography.nodes.filter { places.contains($0.code) || $0.code == nation }
  var means = SectionMeans()
  for section in sections {
    let draws = try LeafDraws(inputs, section)
    means.add(placeCells(draws, nodes, section, Alone(), balanceOnly: balanceOnly).flatMap(\.self), draws: section.draws)
  }
  return means.means(nation: inputs.nation).filter { places.contains($0.region) }
}

extension ForecastInputs {
  /// The nation's code; nil for a model without one.
  var nation: RegionCode? { geography.nodes.first { $0.kind == .nation }?.code }
}

/// Cells of those of some places whose turn it is, one list a place.
private func placeCells(
  _ draws: LeafDraws, _ places: [Geography.Node], _ options: RunOptions, _ team: some RunTeam, balanceOnly: Bool = false
) -> [[ResultCell]] {
  let nodes = places.enumerated().filter { $0.offset % team.size == team.rank }.map(\.element)
  let nation = balanceOnly ? nil : NationalMix(draws, jobs: options.jobs)
  return concurrently(nodes.count, jobs: options.jobs) { index in
    defer { options.watch?.did(.places, of: nodes.count) }
    return NodeResults(nodes[index], draws, options, nation: nation, balanceOnly: balanceOnly).cells
  }
}

/// Every process's cells in the order of places, at the leader; nil elsewhere.
private func leaderCells(_ own: [[ResultCell]], _ inputs: ForecastInputs, _ team: some RunTeam) -> [ResultCell]? {
  let cells = own.flatMap(\.self)
  guard team.size > 1 else { return cells }
  guard let all = team.atLeader(CellBytes(cells).bytes) else { return nil }
  let byPlace = Dictionary(grouping: all.flatMap(CellBytes.cells), by: \.region)
  return inputs.geography.nodes.flatMap { byPlace[$0.code] ?? [] }
}

/// One a node: what the change of its requirement is made of, by forecast year.
private func demandParts(_ draws: LeafDraws, _ options: RunOptions) -> [[Int: [DemandPart]]] {
  let nodes = draws.inputs.geography.nodes
  let years = (draws.inputs.years.base + 1)...draws.inputs.years.last
  let split = DemandSplit(draws)
  return concurrently(nodes.count, jobs: options.jobs) { index in
    Dictionary(uniqueKeysWithValues: years.map { ($0, split.parts(of: nodes[index], year: $0)) })
  }
}

/// In every draw, without the path that has no chance in it.
private func nationalStock(_ draws: LeafDraws, year: Int) -> [Double] {
  let members = draws.inputs.geography.nodes.first { $0.kind == .nation }?.members ?? []
  return members.reduce(into: [Double](repeating: 0, count: draws.runs - 1)) { sum, leaf in
    for (b, persons) in draws.supply(leaf: leaf, year: year).dropFirst().enumerated() { sum[b] += persons }
  }
}
