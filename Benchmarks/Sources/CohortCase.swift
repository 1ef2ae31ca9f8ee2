import Foundation
import LinearAlgebra
import Supply

/// 13 regions × 5 teams × 2 sexes × 4 grades × 4 levels of education × 50 ages through 40 years of exits,
/// migration, promotion, ageing and entrants, with rates of their own in every draw.
let cohortCase = Case(
  name: "cohort", work: "cohort model, 100 draws × 40 years × 104 000 cells", bars: ["numpy, 1 thread": 5],
  prepare: { _ in },
  contestants: [2, 1].map { jobs in
    Contestant(name: "\(jobs) thread\(jobs == 1 ? "" : "s")") { _ in
      BLASThreads.set(1)
      let model = try CohortBenchmark()
      return { try model.meanStock(draws: 100, jobs: jobs) }
    }
  })

private struct CohortBenchmark {
  let engine: CohortEngine
  let start: CohortTable

  init() throws {
    let ages = AgeGroup.singleYears(from: 20, open: 69)
    func names(_ count: Int) -> [String] { (0..<count).map(String.init) }
    let frame = try CohortFrame(
      ages: ages,
      [.region: names(13), .team: names(5), .sex: names(2), .grade: names(4), .education: names(4)])
    func at(_ position: CohortPosition, _ axis: CohortAxis) -> Double { Double(position[axis]) }
    start = CohortTable(frame) { p in
      1 + at(p, .region) + at(p, .team) / 2 + at(p, .sex) / 4 + at(p, .grade) + at(p, .education) / 8 + at(
        p, .age) / 50
    }
    let byAge = { (axes: [CohortAxis]) in frame.restricted(to: [.age] + axes) }
    let death = CohortTable(byAge([.sex])) { p in 0.001 + at(p, .age) * at(p, .age) * 1e-5 / (1 + at(p, .sex))
    }
    let retirement = CohortTable(byAge([.sex])) { p in
      at(p, .age) + 3 * at(p, .sex) < 35 ? 0 : (at(p, .age) + 3 * at(p, .sex) - 34) / 20
    }
    let transfer = CohortTable(byAge([.team])) { p in 0.05 / (1 + at(p, .team) + at(p, .age) / 10) }
    let migration = try MigrationRates(regions: names(13), ages: ages) { from, to, age in
      0.02 / Double(1 + abs(from - to)) / Double(1 + age)
    }
    let promotion = try AxisTransition(
      .grade, members: names(4), frame: frame.restricted(to: [.education])
    ) { from, to, p in to == from + 1 ? 0.1 / (1 + Double(from)) + 0.01 * at(p, .education) : 0 }
    let entrants = CohortTable(frame) { p in
      at(p, .age) < 10 ? (1 + at(p, .region)) / 10 + at(p, .team) / 100 : 0
    }
    let years = (0..<40).map {
      CohortYear(
        year: 2025 + $0, death: death, retirement: retirement, transfer: transfer, migration: migration,
        transitions: [promotion], entrants: [EntrantChannel("graduates", entrants)])
    }
    engine = try CohortEngine(frame, years: years)
  }

  func meanStock(draws: Int, jobs: Int) throws -> Double {
    let totals = try engine.run(from: start, draws: 0..<draws, jobs: jobs) { draw, year in
      func lever(_ prime: Int) -> Double { 0.8 + 0.4 * Double((draw * 40 + year) * prime % 1000) / 1000 }
      var levers = CohortLevers()
      levers.death = lever(7919)
      levers.retirement = lever(104_729)
      levers.transfer = lever(1299)
      levers.migration = lever(31)
      levers.transitions = lever(17)
      levers.entrants = SIMD8(repeating: lever(13))
      return levers
    } summary: { _, path in
      path.end.suffix(65).reduce(0, +) + path.flows.reduce(0) { $0 + $1.exits }
    }
    return totals.reduce(0, +) / Double(draws)
  }
}
