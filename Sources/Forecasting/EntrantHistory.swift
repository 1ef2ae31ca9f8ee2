import Foundation
import Supply

/// How many entered in the years of published stocks, in the central run (0) and every draw.
///
/// Between two published stocks the same number enters every year: the one that leads from the earlier
/// figure to the later, given who left. The stock is linear in entrants, so one run without entrants and
/// one a stretch decide. A stock that fell by more than exits explain has no entrants.
struct EntrantHistory {
  /// `[year from the first of history][run]`.
  let stock: [[Double]]
  /// Yearly entrants of the last stretch, one a run.
  let yearly: [Double]
  /// Persons by age and sex at the end of the base year in the central run.
  let base: CohortTable

  /// - Parameter levers: departures of a run from the central exit rates.
  init(
    _ inputs: ForecastInputs, runs: Int, jobs: Int, levers: @Sendable (Int) -> CohortLevers
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
      yearly = entering.map { $0[$0.count - 1] }
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
