import Foundation
import LinearAlgebra

/// How the places that share the nation's cohort share its stock and its entrants after the base year, when people
/// enter where posts are.
///
///     entrants' share[t] = stock share[t−1] + response · (openings' share[t] − stock share[t−1])
///
/// so that a place gains or loses supply after its demand, by entrants ÷ stock of the difference a year. Who leaves, leaves
/// as the stock was. With no response, shares stay as they are in the base year. Source: EVIDENCE M32.
struct FollowedOpenings: Sendable {
  /// `[leaf][run × (horizon + 1) + h]`, h = 0 the base year: share of the stock; a leaf with a cohort of its own has none.
  let stock: [[Double]]
  /// The same of entrants during the year.
  let entrants: [[Double]]

  /// - Parameters:
  ///   - base: `[leaf][run]` share of its cohort in the base year.
  ///   - wanted: `[leaf][run]` requirement of the base year before growth.
  ///   - growth: `[leaf][run × (horizon + 1) + h]` of the requirement.
  init(
    _ inputs: ForecastInputs, _ cohorts: CohortDraws, base: [[Double]], wanted: [[Double]], growth: [[Double]], streams: RunStreams,
    jobs: Int
  ) {
    let leaves = inputs.geography.leaves.indices.filter { inputs.geography.leaves[$0].province != nil && inputs.leafCohort[$0] == 0 }
    guard inputs.response.value > 0 || inputs.response.range != nil, leaves.count > 1, let path = cohorts.paths.first else {
      (stock, entrants) = ([], [])
      return
    }
    let (runs, horizon) = (base[0].count, inputs.years.last - inputs.years.base)
    let width = horizon + 1
    let levers = leaves.map { FollowedOpenings.levers(inputs, leaf: $0) }
    let responses = (0..<runs).map { inputs.response(deviate: streams.deviate($0, .response)) }
    let lot = max(1, (runs + jobs * 4 - 1) / (jobs * 4))
    let lots = concurrently((runs + lot - 1) / lot, jobs: jobs) { part -> [([Double], [Double])] in
      (part * lot..<min(runs, (part + 1) * lot)).map { run in
        var held = [Double](repeating: 0, count: leaves.count * width)
        var entering = held
        var openings = [Double](repeating: 0, count: leaves.count)
        var total = 0.0
        for (i, leaf) in leaves.enumerated() {
          held[i * width] = base[leaf][run]
          total += base[leaf][run]
        }
        for h in 1...max(1, horizon) where horizon > 0 {
          let leaving = path.retirements[h][run] + path.deaths[h][run] + path.transfers[h][run]
          let (before, after) = (path.stock[h - 1][run], path.stock[h][run])
          var open = 0.0
          for (i, leaf) in leaves.enumerated() {
            let at = run * width + h
            let wants = wanted[leaf][run] * (growth[leaf][at] * levers[i][h] - growth[leaf][at - 1] * levers[i][h - 1])
            openings[i] = max(0, wants + held[i * width + h - 1] * leaving)
            open += openings[i]
          }
          for i in leaves.indices {
            let share = held[i * width + h - 1]
            let pulled = open > 0 ? total * openings[i] / open : share
            entering[i * width + h] = share + responses[run] * (pulled - share)
            let persons = share * (before - leaving) + entering[i * width + h] * path.entrants[h][run]
            held[i * width + h] = after > 0 ? persons / after : share
          }
        }
        return (held, entering)
      }
    }
    let all = lots.flatMap(\.self)
    func series(_ part: (([Double], [Double])) -> [Double]) -> [[Double]] {
      var series = [[Double]](repeating: [], count: base.count)
      for (i, leaf) in leaves.enumerated() { series[leaf] = all.flatMap { part($0)[i * width..<(i + 1) * width] } }
      return series
    }
    stock = series(\.0)
    entrants = series(\.1)
  }

  /// The same with every series put through `join`.
  init(_ other: FollowedOpenings, _ join: ([Double]) -> [Double]) {
    stock = other.stock.map { $0.isEmpty ? [] : join($0) }
    entrants = other.entrants.map { $0.isEmpty ? [] : join($0) }
  }

  /// `[leaf][run]`: the least share of its cohort that a place has from the base year on.
  ///
  /// - Parameter base: the shares of the base year, which are those of places that stay as they are.
  func least(_ base: [[Double]]) -> [[Double]] {
    guard !stock.isEmpty else { return base }
    return zip(base, stock).map { own, followed in
      guard !followed.isEmpty else { return own }
      let width = followed.count / own.count
      return own.indices.map { run in followed[run * width..<(run + 1) * width].min() ?? own[run] }
    }
  }

  /// What a scenario's levers make of a place's requirement, by year: over its teams as they stand.
  private static func levers(_ inputs: ForecastInputs, leaf: Int) -> [Double] {
    let province = inputs.geography.leaves[leaf].province ?? inputs.separateLike
    let levers = inputs.levers.requirement[leaf]
    return (0...inputs.years.last - inputs.years.base).map { h in
      inputs.roles.indices.reduce(0) { $0 + inputs.roleShares[province][$1] * levers[inputs.roles[$1].team][h] }
    }
  }
}
