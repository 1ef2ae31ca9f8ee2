import Foundation
import Simulation

/// The national workforce, projected by single years of age, for the central run and every draw.
///
/// The age structure is not published. It is taken as the stable structure of a workforce that has
/// grown as this one did, with published entry ages: N(a) ∝ Σ_e exp(−g·(a−e)) · survival(e→a).
/// Yearly step: leavers as competing risks (death, retirement, transfer), ageing, entrants.
/// Entrants of the history follow from the identity stock = stock + entrants − leavers.
///
/// Element 0 of every array is the central run; 1… are draws.
struct WorkforceDraws: Sendable {
  /// `[year][run]`, years from history to last.
  let stock: [[Double]]
  let entrants: [[Double]]
  let retirements: [[Double]]
  /// Deaths and transfers out.
  let exits: [[Double]]

  init(_ inputs: ForecastInputs, _ options: RunOptions) throws(ForecastError) {
    let years = Array(inputs.years.history...inputs.years.last)
    let runs = options.draws + 1
    var stock = [[Double]](repeating: [Double](repeating: 0, count: runs), count: years.count)
    var (entrants, retirements, exits) = (stock, stock, stock)
    let streams = RunStreams(seed: options.seed)
    for run in 0..<runs {
      let path = try WorkforcePath(inputs, years: years, run: run, streams: streams)
      for y in years.indices {
        stock[y][run] = path.stock[y]
        entrants[y][run] = path.entrants[y]
        retirements[y][run] = path.retirements[y]
        exits[y][run] = path.exits[y]
      }
    }
    (self.stock, self.entrants, self.retirements, self.exits) = (stock, entrants, retirements, exits)
  }
}

/// One run of the national workforce.
private struct WorkforcePath {
  var stock: [Double]
  var entrants: [Double]
  var retirements: [Double]
  var exits: [Double]

  init(_ inputs: ForecastInputs, years: [Int], run: Int, streams: RunStreams) throws(ForecastError) {
    let workforce = inputs.workforce
    let count = years.count
    stock = [Double](repeating: 0, count: count)
    (entrants, retirements, exits) = (stock, stock, stock)
    let published = years.filter { inputs.publishedYears.contains($0) && $0 <= inputs.years.base }
    guard let first = published.first, let last = published.last, first == years[0], last == inputs.years.base,
      let start = inputs.stock[first], start > 0
    else { throw .noBaseStock(first: inputs.years.history, base: inputs.years.base) }

    let transfer =
      min(0.9, workforce.transferOut.central * exp(workforce.transferOut.logSpread * streams.deviate(run, .transfer)))
    let growth = published.count > 1 ? log((inputs.stock[last] ?? start) / start) / Double(last - first) : 0
    var ages = stableStructure(workforce, growth: growth, transfer: transfer).map { $0 * start }
    stock[0] = start

    let path = streams.path(workforce.entrantsGrowth, run: run, .entrants)
    var yearly = 0.0
    for y in 1..<count {
      let year = years[y]
      let mortality = workforce.mortality[y - 1]
      let retirement = workforce.retirement[y - 1]
      if year <= inputs.years.base {
        // Between two published stocks the same number enters every year: the one that leads from
        // the earlier figure to the later.
        if let target = published.first(where: { $0 >= year }), published.contains(years[y - 1]) {
          yearly = constantEntrants(
            ages, from: y, through: target - years[0], target: inputs.stock[target] ?? 0, workforce: workforce,
            transfer: transfer)
        }
        entrants[y] = yearly
      } else {
        let h = year - inputs.years.base
        // A year's growth shock of the stock comes in through the door: more or fewer enter.
        let shock = workforce.growthShock * stock[y - 1] * streams.deviate(run, .entrantsYear, year: h)
        entrants[y] = inputs.levers.entrants[h] * max(0, yearly * exp(path[h - 1]) + shock)
      }
      let moved = year > inputs.years.base ? inputs.levers.transfer[year - inputs.years.base] : 1
      let flows = step(
        &ages, workforce, mortality: mortality, retirement: retirement, transfer: min(0.9, transfer * moved))
      enter(entrants[y], into: &ages, workforce)
      retirements[y] = flows.retirements
      exits[y] = flows.deaths + flows.transfers
      stock[y] = ages.reduce(0, +)
      let balance = stock[y - 1] + entrants[y] - retirements[y] - exits[y]
      guard abs(balance - stock[y]) <= 1e-9 * max(stock[y], 1) else {
        throw .notConserved(year: year, expected: balance, found: stock[y])
      }
    }
  }
}

/// Shares of a stable workforce by age; sums to 1.
private func stableStructure(_ workforce: ForecastInputs.WorkforceInput, growth: Double, transfer: Double) -> [Double] {
  let mortality = workforce.mortality[0]
  let retirement = workforce.retirement[0]
  var structure = [Double](repeating: 0, count: mortality.count)
  for entry in workforce.entryAges {
    var alive = 1.0
    for i in (entry - workforce.firstAge)..<structure.count {
      structure[i] += alive
      alive *= exp(-growth) * (1 - mortality[i]) * (1 - retirement[i]) * (1 - transfer)
    }
  }
  let total = structure.reduce(0, +)
  return structure.map { $0 / total }
}

/// Removes a year's leavers by age and makes the survivors a year older. The oldest age keeps its survivors.
private func step(
  _ ages: inout [Double], _ workforce: ForecastInputs.WorkforceInput, mortality: [Double], retirement: [Double],
  transfer: Double
) -> (deaths: Double, retirements: Double, transfers: Double) {
  var flows = (deaths: 0.0, retirements: 0.0, transfers: 0.0)
  let transferHazard = -log1p(-transfer)
  var carried = 0.0
  for i in ages.indices {
    let death = -log1p(-min(mortality[i], 1 - 1e-12))
    let retire = -log1p(-min(retirement[i], 1 - 1e-12))
    let hazard = death + retire + transferHazard
    let leavers = ages[i] * -expm1(-hazard)
    if hazard > 0 {
      flows.deaths += leavers * death / hazard
      flows.retirements += leavers * retire / hazard
      flows.transfers += leavers * transferHazard / hazard
    }
    let survivors = ages[i] - leavers
    if i == ages.count - 1 {
      ages[i] = carried + survivors
    } else {
      (ages[i], carried) = (carried, survivors)
    }
  }
  return flows
}

/// Spreads entrants evenly over the entry ages.
private func enter(_ persons: Double, into ages: inout [Double], _ workforce: ForecastInputs.WorkforceInput) {
  let each = persons / Double(workforce.entryAges.count)
  for age in workforce.entryAges { ages[age - workforce.firstAge] += each }
}

/// The constant yearly number of entrants that leads to a published stock. The stock is linear in
/// it, so two trial runs decide.
private func constantEntrants(
  _ ages: [Double], from first: Int, through last: Int, target: Double,
  workforce: ForecastInputs.WorkforceInput, transfer: Double
) -> Double {
  func reached(_ entrants: Double) -> Double {
    var trial = ages
    for y in first...last {
      _ = step(
        &trial, workforce, mortality: workforce.mortality[y - 1], retirement: workforce.retirement[y - 1],
        transfer: transfer)
      enter(entrants, into: &trial, workforce)
    }
    return trial.reduce(0, +)
  }
  let without = reached(0)
  let perEntrant = reached(1) - without
  return max(0, (target - without) / perEntrant)
}
