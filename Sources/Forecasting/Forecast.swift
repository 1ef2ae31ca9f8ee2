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
  /// National stock by year in every draw (without the central run), for probabilities.
  public let nationalStock: [Int: [Double]]
  /// Requirement gap of every node in the last year, all teams, in every draw: for rankings.
  public let gapDraws: [RegionCode: [Double]]
  /// When the run was asked for one.
  public let shortage: ShortageCatalogue?
  /// What the change of requirement is made of, by place and forecast year.
  let parts: [RegionCode: [Int: [DemandPart]]]
}

/// The whole line from checked inputs to every result cell: a pure function.
///
/// - Throws: `ForecastError` when the stock has no published figure to start from, or when persons
///   are not conserved.
public func forecast(
  _ inputs: ForecastInputs, _ options: RunOptions, shortage spec: ShortageSpec? = nil
) throws(ForecastError) -> ForecastResults {
  let draws = try LeafDraws(inputs, options)
  return try results(draws, options, spec, cells: placeCells(draws, options, Alone()).flatMap(\.self))
}

/// The same by several processes: draws are made where they fall, places are summed and sorted by turns, and the
/// leader puts the cells together. Quantiles are those of all draws, and every byte is that of one process.
///
/// - Returns: nil on all processes but the leader.
public func forecast(
  _ inputs: ForecastInputs, _ options: RunOptions, shortage spec: ShortageSpec? = nil, team: some RunTeam
) throws(ForecastError) -> ForecastResults? {
  let draws = try LeafDraws(inputs, options, team)
  let own = placeCells(draws, options, team)
  guard let all = team.atLeader(CellBytes(own.flatMap(\.self)).bytes) else { return nil }
  let byPlace = Dictionary(grouping: all.flatMap(CellBytes.cells), by: \.region)
  return try results(draws, options, spec, cells: inputs.geography.nodes.flatMap { byPlace[$0.code] ?? [] })
}

/// The cells of some places only: what a forecast of everything says about them, for less work.
///
/// - Throws: `ForecastError`.
public func forecast(
  of places: Set<RegionCode>, _ inputs: ForecastInputs, _ options: RunOptions
) throws(ForecastError) -> [ResultCell] {
  let draws = try LeafDraws(inputs, options)
  let nation = NationalMix(draws)
  let nodes = inputs.geography.nodes.filter { places.contains($0.code) }
  return concurrently(nodes.count, jobs: options.jobs) { NodeResults(nodes[$0], draws, options, nation: nation).cells }
    .flatMap(\.self)
}

/// Cells of the places whose turn it is, one list a place.
private func placeCells(_ draws: LeafDraws, _ options: RunOptions, _ team: some RunTeam) -> [[ResultCell]] {
  let nodes = draws.inputs.geography.nodes.enumerated().filter { $0.offset % team.size == team.rank }.map(\.element)
  let nation = NationalMix(draws)
  return concurrently(nodes.count, jobs: options.jobs) { index in
    defer { options.watch?.did(.places, of: nodes.count) }
    return NodeResults(nodes[index], draws, options, nation: nation).cells
  }
}

private func results(
  _ draws: LeafDraws, _ options: RunOptions, _ spec: ShortageSpec?, cells: [ResultCell]
) throws(ForecastError) -> ForecastResults {
  let inputs = draws.inputs
  let shortage = try spec.map { spec throws(ForecastError) in try ShortageCatalogue(draws, options, spec) }
  options.watch?.did(.rankings)
  let nodes = inputs.geography.nodes
  let gaps = concurrently(nodes.count, jobs: options.jobs) { index in
    draws.gap(of: nodes[index], year: inputs.years.last)
  }
  let split = DemandSplit(draws)
  let parts = concurrently(nodes.count, jobs: options.jobs) { index in
    let years = (inputs.years.base + 1)...inputs.years.last
    return Dictionary(uniqueKeysWithValues: years.map { ($0, split.parts(of: nodes[index], year: $0)) })
  }
  let members = nodes.first { $0.kind == .nation }?.members ?? []
  let years = Array(inputs.years.history...inputs.years.last)
  let stocks = concurrently(years.count, jobs: options.jobs) { index in
    members.reduce(into: [Double](repeating: 0, count: options.draws)) { sum, leaf in
      for (b, persons) in draws.supply(leaf: leaf, year: years[index]).dropFirst().enumerated() { sum[b] += persons }
    }
  }
  return ForecastResults(
    inputs: inputs, options: options, cells: cells,
    nationalStock: Dictionary(uniqueKeysWithValues: zip(years, stocks)),
    gapDraws: Dictionary(uniqueKeysWithValues: zip(nodes.map(\.code), gaps)), shortage: shortage,
    parts: Dictionary(uniqueKeysWithValues: zip(nodes.map(\.code), parts)))
}
