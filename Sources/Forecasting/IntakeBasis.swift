import Dimensions
import Foundation
import Supply

/// What an intake plan stands on: the supply, entrants and requirement of a node in a run, and how long
/// those who enter stay, by the run's own cohorts.
///
/// Supply is linear in entrants. With x more persons entering in year e than in the run,
///
///     supply(t) = supply of the run(t) + stays(e, t) · x
///
/// so that a plan which takes in what the run takes in has exactly the supply of the run.
public struct IntakeBasis: Sendable {
  /// After the base year.
  public let years: ClosedRange<Int>
  /// `[year][run]`, run 0 the path without chance: persons at year-end, persons a year, posts at year-end.
  public let supply: [[Double]]
  public let entrants: [[Double]]
  public let requirement: [[Double]]
  private let inputs: ForecastInputs
  private let options: RunOptions
  /// Persons of the node in the base year by cohort, in the order of first appearance.
  private let cohorts: [(cohort: Int, persons: Double)]

  /// - Parameters:
  ///   - team: position among the teams; nil for all.
  /// - Throws: `ForecastError`.
  public init(
    _ inputs: ForecastInputs, _ options: RunOptions, node: Geography.Node, team: Int? = nil
  ) throws(ForecastError) {
    let draws = try LeafDraws(inputs, options)
    let runs = draws.runs
    years = (inputs.years.base + 1)...inputs.years.last
    let zero = [[Double]](repeating: [Double](repeating: 0, count: runs), count: years.count)
    var (supply, entrants, requirement) = (zero, zero, zero)
    var cohorts: [(cohort: Int, persons: Double)] = []
    for leaf in node.members {
      let mix = draws.roleShares(leaf: leaf, year: nil)
      let share = (0..<runs).map { run in
        inputs.roles.indices.reduce(0.0) { $0 + (team == nil || inputs.roles[$1].team == team ? mix[$1][run] : 0) }
      }
      for (t, year) in years.enumerated() {
        let own = (persons: draws.supply(leaf: leaf, year: year), entering: draws.flows(leaf: leaf, year: year).entrants)
        let wanted = draws.roleShares(leaf: leaf, year: year)
        let demand = draws.demand(leaf: leaf, year: year)
        for run in 0..<runs {
          supply[t][run] += own.persons[run] * share[run]
          entrants[t][run] += own.entering[run] * share[run]
          for role in inputs.roles.indices where team == nil || inputs.roles[role].team == team {
            requirement[t][run] +=
              demand[run] * wanted[role][run]
              * inputs.levers.requirement[leaf][inputs.roles[role].team][year - inputs.years.base]
          }
        }
      }
      let persons = draws.supply(leaf: leaf, year: inputs.years.base)[0]
      if let at = cohorts.firstIndex(where: { $0.cohort == inputs.leafCohort[leaf] }) {
        cohorts[at].persons += persons
      } else {
        cohorts.append((inputs.leafCohort[leaf], persons))
      }
    }
    (self.supply, self.entrants, self.requirement) = (supply, entrants, requirement)
    (self.inputs, self.options, self.cohorts) = (inputs, options, cohorts)
  }

  /// Share of those who enter in one year that is in the stock at the end of another, `[entering][end][run]`;
  /// 1 in the year itself, 0 before. Where a node belongs to several cohorts: their mean, by persons.
  ///
  /// - Parameter ages: of those who enter, evenly; nil for the model's entrants.
  /// - Throws: `ForecastError` when the cohort model refuses.
  public func stays(ages: ClosedRange<Int>? = nil) throws(ForecastError) -> [[[Double]]] {
    let total = cohorts.reduce(0) { $0 + $1.persons }
    let runs = options.draws + 1
    var stays = [[[Double]]](
      repeating: [[Double]](repeating: [Double](repeating: 0, count: runs), count: years.count), count: years.count)
    for (cohort, persons) in cohorts where persons > 0 {
      for entering in 0..<years.count {
        let shares = try staying(inputs.cohorts[cohort], entering: entering, ages: ages)
        for (run, path) in shares.enumerated() {
          for t in path.indices { stays[entering][t][run] += path[t] * persons / total }
        }
      }
    }
    return stays
  }

  /// `[run][year]` of one cohort.
  private func staying(
    _ cohort: CohortInput, entering: Int, ages: ClosedRange<Int>?
  ) throws(ForecastError) -> [[Double]] {
    let frame = inputs.workforce.frame
    let rates = TransferLevers(inputs, RunStreams(options))
    let isDrawn = cohort.follows == nil
    do throws(SupplyError) {
      var years = cohort.years
      for t in years.indices {
        years[t].entrants = t == entering ? years[t].entrants.map { $0.entering(ages, in: frame) } : []
      }
      let engine = try CohortEngine(frame, years: years, report: [])
      return try engine.run(
        from: CohortTable(frame, repeating: 0), draws: 0..<(options.draws + 1), jobs: options.jobs
      ) { run, t in
        isDrawn ? rates[run, t + 1] : .central
      } summary: {
        $1.end
      }
    } catch {
      throw .supply(error)
    }
  }
}

extension EntrantChannel {
  /// One person of these ages, by sex as in this channel.
  fileprivate func entering(_ ages: ClosedRange<Int>?, in frame: CohortFrame) -> EntrantChannel {
    guard let ages, let first = frame.ages.first?.start else { return self }
    let sexes = max(1, frame.cellCount / max(1, frame.ages.count))
    var bySex = [Double](repeating: 0, count: sexes)
    for (cell, persons) in self.persons.values.enumerated() { bySex[cell % sexes] += persons }
    let all = bySex.reduce(0, +)
    var table = CohortTable(frame, repeating: 0)
    for cell in table.values.indices where ages.contains(first + cell / sexes) && all > 0 {
      table.values[cell] = bySex[cell % sexes] / all / Double(ages.count)
    }
    return EntrantChannel(name, table)
  }
}
