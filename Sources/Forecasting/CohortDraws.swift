import Foundation
import Simulation
import Supply

/// Every cohort of the model in the path without chance (element 0) and every draw (1…), on the national scale:
/// a region's stock and flows are its share of its cohort's.
struct CohortDraws: Sendable {
  /// Stock and flows `[year after the base year][run]`; element 0 is the base year, whose flows are 0.
  struct Path: Sendable {
    var stock: [[Double]]
    var entrants: [[Double]]
    /// Entrants before the national lever.
    var offered: [[Double]]
    var retirements: [[Double]]
    var deaths: [[Double]]
    var transfers: [[Double]]

    /// Share of the stock before year `h` that left in it.
    func leaving(_ run: Int, _ h: Int) -> (retired: Double, died: Double, transferred: Double) {
      let before = stock[h - 1][run]
      guard before > 0 else { return (0, 0, 0) }
      return (retirements[h][run] / before, deaths[h][run] / before, transfers[h][run] / before)
    }
  }

  /// National stock `[year from the first of history][run]`, through the base year.
  let history: [[Double]]
  /// One a cohort of the model, in its order.
  let paths: [Path]
  /// Persons by age and sex at the end of the base year in the central run, one a cohort.
  let starts: [CohortTable]

  init(_ inputs: ForecastInputs, _ options: RunOptions) throws(ForecastError) {
    let runs = options.draws + 1
    let rates = TransferLevers(inputs, RunStreams(options))
    let past = try EntrantHistory(inputs, runs: runs, jobs: options.jobs, streams: RunStreams(options)) { rates[$0, 0] }
    options.watch?.did(.history)
    history = past.stock
    let base = past.stock[past.stock.count - 1]
    var paths: [Path] = []
    var starts: [CohortTable] = []
    do throws(SupplyError) {
      for cohort in inputs.cohorts {
        let start = (cohort.base ?? past.base).normalised(to: base[0])
        starts.append(start)
        let engine = try CohortEngine(start.frame, years: cohort.years, report: [])
        if let follows = cohort.follows {
          paths.append(try following(follows, engine, start: start, base: base))
          options.watch?.did(.cohorts, of: inputs.cohorts.count)
        } else {
          let entrants = try EntrantDraws(inputs, options, yearly: past.yearly, engine: engine, start: start)
          let drawn = try engine.run(
            from: start, draws: 0..<runs, jobs: options.jobs, scale: { base[$0] / base[0] }
          ) { run, t in
            var levers = rates[run, t + 1]
            levers.entrants = SIMD8(repeating: entrants[run, t + 1])
            return levers
          } summary: { _, path in
            options.watch?.did(.cohorts, of: runs * inputs.cohorts.count)
            return path
          }
          var path = Path(drawn, base: base)
          path.offered = entrants.offered
          paths.append(path)
        }
      }
    } catch {
      throw .supply(error)
    }
    self.paths = paths
    self.starts = starts
  }

  /// The same with every series `[run]` put through `join`.
  init(_ other: CohortDraws, _ join: ([Double]) -> [Double]) {
    history = other.history.map(join)
    starts = other.starts
    paths = other.paths.map { path in
      Path(
        stock: path.stock.map(join), entrants: path.entrants.map(join), offered: path.offered.map(join),
        retirements: path.retirements.map(join),
        deaths: path.deaths.map(join), transfers: path.transfers.map(join))
    }
  }
}

/// Departures from the model's transfer rate: a draw's own rate, moved by a scenario's lever.
struct TransferLevers: Sendable {
  private let rate: UncertainFactor
  private let moved: [Double]
  private let streams: RunStreams

  init(_ inputs: ForecastInputs, _ streams: RunStreams) {
    rate = inputs.workforce.transferOut
    moved = inputs.levers.transfer
    self.streams = streams
  }

  /// - Parameter h: years after the base year; 0 for all of the history.
  subscript(run: Int, h: Int) -> CohortLevers {
    var levers = CohortLevers.central
    guard rate.central > 0 else { return levers }
    let drawn = rate.central * streams.factor(run, .transfer, spread: rate.logSpread)
    if drawn != rate.central || moved[h] != 1 {
      levers.transfer = log1p(-min(0.9, drawn * moved[h])) / log1p(-rate.central)
    }
    return levers
  }
}

/// Yearly entrants after the base year: the level of the last years grows as the series they follow,
/// and a year's growth shock of the stock comes in through the door: more or fewer enter.
private struct EntrantDraws: Sendable {
  /// `[run · horizon + h − 1]`.
  private let counts: [Double]
  /// The same before the lever, `[h][run]`; none in the base year.
  let offered: [[Double]]
  private let horizon: Int

  init(
    _ inputs: ForecastInputs, _ options: RunOptions, yearly: [Double], engine: CohortEngine, start: CohortTable
  ) throws(SupplyError) {
    let horizon = inputs.years.last - inputs.years.base
    let streams = RunStreams(options)
    let workforce = inputs.workforce
    let levers = inputs.levers.entrants
    @Sendable func level(_ path: [Double], _ yearly: Double, _ h: Int) -> Double { yearly * exp(path[h - 1]) }
    let central = workforce.entrantsGrowth.mean
    // Shocks are measured on the central stock, so that a draw does not feed on its own luck, without the scenario's
    // lever, so that two scenarios meet the same chances.
    let stock = try engine.run(from: start, draws: 0..<1) { _, t in
      var at = CohortLevers.central
      at.entrants = SIMD8(repeating: level(central, yearly[0], t + 1))
      return at
    } summary: {
      $1.start
    }[0]
    var counts: [Double] = []
    var offered = [[Double]](repeating: [Double](repeating: 0, count: yearly.count), count: horizon + 1)
    counts.reserveCapacity(yearly.count * horizon)
    for run in yearly.indices {
      let path = streams.path(workforce.entrantsGrowth, run: run, .entrants)
      for h in 1...horizon {
        let shock = workforce.growthShock * stock[h - 1] * streams.deviate(run, .entrantsYear, year: h)
        offered[h][run] = max(0, level(path, yearly[run], h) + shock)
        counts.append(levers[h] * offered[h][run])
      }
    }
    self.counts = counts
    self.offered = offered
    self.horizon = horizon
  }

  subscript(run: Int, h: Int) -> Double { counts[run * horizon + h - 1] }
}

/// A cohort whose entrants make up what its stock needs to follow a path. Where the path falls faster
/// than people leave, nobody enters and the stock stays above it. Not drawn: scaled to the base stock.
private func following(
  _ path: [Double], _ engine: CohortEngine, start: CohortTable, base: [Double]
) throws(SupplyError) -> CohortDraws.Path {
  var entrants = [Double](repeating: 0, count: path.count - 1)
  func project() throws(SupplyError) -> CohortPath {
    let counts = entrants
    return try engine.run(from: start, draws: 0..<1) { _, t in
      var levers = CohortLevers.central
      levers.entrants = SIMD8(repeating: counts[t])
      return levers
    } summary: {
      $1
    }[0]
  }
  for h in entrants.indices {
    entrants[h] = max(0, base[0] * path[h + 1] - (try project()).end[h])
  }
  let central = try project()
  return CohortDraws.Path([CohortPath](repeating: central, count: base.count), base: base, scaledTo: base)
}

extension CohortDraws.Path {
  /// - Parameters:
  ///   - paths: one a run.
  ///   - scale: stock each path is scaled to from the first one's; nil when paths have their own scale.
  init(_ paths: [CohortPath], base: [Double], scaledTo scale: [Double]? = nil) {
    let factors = scale.map { scale in scale.map { $0 / scale[0] } }
    let zero = [Double](repeating: 0, count: paths.count)
    func series(_ first: [Double], _ value: (CohortPath, Int) -> Double) -> [[Double]] {
      [first]
        + (paths.first?.years ?? []).indices.map { t in
          paths.indices.map { value(paths[$0], t) * (factors?[$0] ?? 1) }
        }
    }
    stock = series(base) { $0.end[$1] }
    entrants = series(zero) { $0.flows[$1].entrants }
    offered = entrants
    retirements = series(zero) { $0.flows[$1].retirements }
    deaths = series(zero) { $0.flows[$1].deaths }
    transfers = series(zero) { $0.flows[$1].transfers }
  }
}

extension CohortTable {
  /// The same proportions with another total.
  func normalised(to total: Double) -> CohortTable {
    var table = self
    let sum = self.total
    guard sum > 0 else { return table }
    for cell in table.values.indices { table.values[cell] *= total / sum }
    return table
  }
}
