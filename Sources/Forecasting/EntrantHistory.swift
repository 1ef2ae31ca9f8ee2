import Dimensions
import Foundation
import Supply

/// How many entered in the years of published stocks, in the path without chance (0) and every draw.
///
/// Between two published stocks the same number enters every year: the one that leads from the earlier
/// figure to the later, given who left. The stock is linear in entrants, so one run without entrants and
/// one a stretch decide. A stock that fell by more than exits explain has no entrants.
///
/// Where entrants go on from is no single year's number: a stock that is published five per cent too low takes as
/// many people out of the entrants of one year. It is the median, over the last years, of entrants relative to the
/// series they follow; its error is what these years differ by, or what the grade of the stocks lets one expect.
struct EntrantHistory {
  /// `[year from the first of history][run]`.
  let stock: [[Double]]
  /// Yearly entrants at the base year, from which they go on, one a run.
  let yearly: [Double]
  /// Persons by age and sex at the end of the base year in the path without chance.
  let base: CohortTable

  /// - Parameter levers: departures of a run from the central exit rates.
  init(
    _ inputs: ForecastInputs, runs: Int, jobs: Int, streams: RunStreams, levers: @Sendable (Int) -> CohortLevers
  ) throws(ForecastError) {
    let years = Array(inputs.years.history...inputs.years.base)
    let published = years.filter { inputs.publishedYears.contains($0) }
    guard years.count > 1, published.first == years.first, published.last == years.last,
      let first = inputs.stock[years[0]], first > 0
    else { throw .noBaseStock(first: inputs.years.history, base: inputs.years.base) }
    do throws(SupplyError) {
      let workforce = inputs.workforce
      let nobody = CohortTable(workforce.frame, repeating: 0)
      var start = workforce.start
      for cell in start.values.indices { start.values[cell] *= first }
      // Response 0: those who were there; response k: one entrant in each year of stretch k.
      var responses: [Response] = [
        try Response(workforce, from: start, years: years[0]...years[0], runs: runs, jobs: jobs, levers: levers)
      ]
      for (from, to) in zip(published, published.dropFirst()) {
        responses.append(
          try Response(workforce, from: nobody, years: (from + 1)...to, runs: runs, jobs: jobs, levers: levers))
      }
      var stock = [[Double]](repeating: [Double](repeating: first, count: runs), count: years.count)
      var entering = [[Double]](repeating: [], count: runs)
      for run in 0..<runs {
        var counts = [1.0]
        for (k, year) in published.dropFirst().enumerated() {
          let t = year - years[0] - 1
          let reached = counts.indices.reduce(0.0) { $0 + counts[$1] * responses[$1].stock[run][t] }
          counts.append(max(0, ((inputs.stock[year] ?? 0) - reached) / responses[k + 1].stock[run][t]))
        }
        for t in 1..<years.count {
          stock[t][run] = counts.indices.reduce(0.0) { $0 + counts[$1] * responses[$1].stock[run][t - 1] }
        }
        entering[run] = counts
      }
      self.stock = stock
      let recent = RecentEntrants(inputs, published: published)
      yearly = entering.enumerated().map { run, counts in
        recent.level(counts.dropFirst().map(\.self), run: run, deviate: streams.deviate(run, .entrantsLevel))
      }
      var base = nobody
      for (count, response) in zip(entering[0], responses) {
        for cell in base.values.indices { base.values[cell] += count * response.population.values[cell] }
      }
      self.base = base
    } catch {
      throw .supply(error)
    }
  }

  /// Stock by run and year when one person enters in each of some years, and the last central population.
  private struct Response {
    let stock: [[Double]]
    let population: CohortTable

    init(
      _ workforce: WorkforceInput, from start: CohortTable, years: ClosedRange<Int>, runs: Int, jobs: Int,
      levers: @Sendable (Int) -> CohortLevers
    ) throws(SupplyError) {
      let engine = try CohortEngine(
        workforce.frame,
        years: workforce.history.map { year in
          var year = year
          if !years.contains(year.year) { year.entrants = [] }
          return year
        }, report: [])
      population = try engine.run(from: start).populations.last ?? start
      stock = try engine.run(from: start, draws: 0..<runs, jobs: jobs) { run, _ in
        levers(run)
      } summary: {
        $1.end
      }
    }
  }
}

/// How the entrants of the last years are taken together.
private struct RecentEntrants {
  /// Years that count.
  private static let window = 5
  /// Relative error of a published stock by its grade: rounding and late corrections at best.
  private static let stockError: [Evidence: Double] = [.observed: 0.005, .estimated: 0.01, .allocated: 0.025, .assumed: 0.05]

  /// Per stretch between published stocks: its years inside the window, and the series followed at its end relative
  /// to the base year.
  private let stretches: [(weight: Double, followed: Double)]
  /// Error of the yearly entrants of the window in persons, from that of the stocks at its ends.
  private let stockError: Double

  init(_ inputs: ForecastInputs, published: [Int]) {
    let followed = inputs.workforce.followed.filter { $0.value > 0 }
    func value(_ year: Int) -> Double {
      followed.min { (abs($0.key - year), $0.key) < (abs($1.key - year), $1.key) }?.value ?? 1
    }
    let base = inputs.years.base
    stretches = zip(published, published.dropFirst()).map { from, to in
      (Double(max(0, to - max(from, base - RecentEntrants.window))), value(to) / value(base))
    }
    let first = published.last { $0 <= base - RecentEntrants.window } ?? published[0]
    let errors = [first, base].map { year in
      (RecentEntrants.stockError[inputs.stockEvidence[year] ?? .observed] ?? 0) * (inputs.stock[year] ?? 0)
    }
    stockError = (errors[0] * errors[0] + errors[1] * errors[1]).squareRoot() / Double(max(1, base - first))
  }

  /// - Parameter entrants: a year of each stretch.
  func level(_ entrants: [Double], run: Int, deviate: Double) -> Double {
    let ratios = zip(entrants, stretches).map { (value: $0 / $1.followed, weight: $1.weight) }
    let level = weightedMedian(ratios)
    guard run > 0, level > 0 else { return level }
    let counted = ratios.filter { $0.weight > 0 }
    let deviation = 1.4826 * weightedMedian(counted.map { (abs($0.value - level), $0.weight) })
    // The median of n normal numbers varies by 1.2533 times as much as their mean.
    let spread = counted.count < 3 ? 0 : 1.2533 * deviation / Double(counted.count).squareRoot()
    let error = min(1, max(spread, stockError) / level)
    return level * exp(error * deviate - error * error / 2)
  }

  /// The value with half of the weight on either side; the mean of two where the half falls between them.
  private func weightedMedian(_ values: [(value: Double, weight: Double)]) -> Double {
    let sorted = values.filter { $0.weight > 0 }.sorted { $0.value < $1.value }
    let half = sorted.reduce(0) { $0 + $1.weight } / 2
    var below = 0.0
    for (at, entry) in sorted.enumerated() {
      below += entry.weight
      if below > half { return entry.value }
      if below == half, at + 1 < sorted.count { return (entry.value + sorted[at + 1].value) / 2 }
    }
    return sorted.last?.value ?? 0
  }
}
