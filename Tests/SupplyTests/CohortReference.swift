import Supply
import TestSupport

/// The cohort model written as plainly as possible: a dictionary from members to persons.
struct PlainCohort {
  typealias Cell = [Int]  // positions on the axes of the frame
  let frame: CohortFrame

  func cells() -> [Cell] {
    frame.members.reduce([[]]) { cells, names in cells.flatMap { cell in names.indices.map { cell + [$0] } } }
  }

  func position(_ axis: CohortAxis) -> Int? { frame.axes.firstIndex(of: axis) }

  func rate(_ table: CohortTable?, _ cell: Cell) -> Double {
    guard let table else { return 0 }
    var at = 0
    for (axis, names) in zip(table.frame.axes, table.frame.members) {
      at = at * names.count + (position(axis).map { cell[$0] } ?? 0)
    }
    return table.values[at]
  }

  func replacing(_ cell: Cell, _ at: Int, _ member: Int) -> Cell {
    var other = cell
    other[at] = member
    return other
  }

  func step(_ persons: [Cell: Double], _ year: CohortYear, exposure: EntrantExposure) throws -> [Cell: Double] {
    var now: [Cell: Double] = [:]
    for cell in cells() {
      let shares = try ExitShares(
        ExitRates(death: rate(year.death, cell), retirement: rate(year.retirement, cell), transfer: rate(year.transfer, cell)))
      now[cell] = (persons[cell] ?? 0) * shares.stay
    }
    if let migration = year.migration, let at = position(.region) {
      var next = now
      for cell in cells() {
        for to in migration.regions.indices where to != cell[at] {
          let age = migration.frame.axes.isEmpty ? 0 : position(.age).map { cell[$0] } ?? 0
          let share = migration.shares[(cell[at] * migration.regions.count + to) * migration.frame.cellCount + age]
          next[cell]! -= now[cell]! * share
          next[replacing(cell, at, to)]! += now[cell]! * share
        }
      }
      now = next
    }
    for transition in year.transitions.sorted(by: { $0.axis < $1.axis }) {
      guard let at = position(transition.axis) else { continue }
      var next = now
      for cell in cells() {
        for to in transition.members.indices where to != cell[at] {
          var place = 0
          for (axis, names) in zip(transition.frame.axes, transition.frame.members) {
            place = place * names.count + (position(axis).map { cell[$0] } ?? 0)
          }
          let share = transition.shares[(cell[at] * transition.members.count + to) * transition.frame.cellCount + place]
          next[cell]! -= now[cell]! * share
          next[replacing(cell, at, to)]! += now[cell]! * share
        }
      }
      now = next
    }
    if let at = position(.age) {
      var next = now.mapValues { _ in 0.0 }
      for cell in cells() {
        let share = frame.ages[cell[at]].ageingShare
        next[cell]! += now[cell]! * (1 - share)
        if share > 0, cell[at] + 1 < frame.ages.count { next[replacing(cell, at, cell[at] + 1)]! += now[cell]! * share }
        if share > 0, cell[at] + 1 == frame.ages.count { next[cell]! += now[cell]! * share }
      }
      now = next
    }
    for channel in year.entrants {
      for cell in cells() {
        let stay = try ExitShares(
          ExitRates(death: rate(year.death, cell), retirement: rate(year.retirement, cell), transfer: rate(year.transfer, cell))
        ).stay
        now[cell]! += rate(channel.persons, cell) * (exposure == .halfYear ? (1 + stay) / 2 : 1)
      }
    }
    return now
  }

  func table(_ persons: [Cell: Double]) throws -> CohortTable { try CohortTable(frame, cells().map { persons[$0] ?? 0 }) }
}

/// A random model on a random choice of axes.
struct RandomCohort {
  let frame: CohortFrame
  let years: [CohortYear]
  let start: CohortTable

  init(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    func pick(_ axis: CohortAxis, _ most: Int) -> [String] {
      (0..<Int.random(in: 1...most, using: &random)).map { "\(axis.rawValue)\($0)" }
    }
    var others: [CohortAxis: [String]] = [:]
    for (axis, most) in [(CohortAxis.region, 5), (.team, 3), (.sex, 2), (.grade, 4), (.licence, 3), (.education, 4)]
    where Bool.random(using: &random) {
      others[axis] = pick(axis, most)
    }
    let ages: [AgeGroup] =
      switch Int.random(in: 0..<3, using: &random) {
      case 0: []
      case 1: AgeGroup.singleYears(from: 22, open: 22 + .random(in: 1...12, using: &random))
      default: [AgeGroup(start: 25, width: 10), AgeGroup(start: 35, width: 15), AgeGroup(start: 50, width: nil)]
      }
    let frame = try CohortFrame(ages: ages, others)
    self.frame = frame
    func some(_ axes: [CohortAxis]) -> CohortFrame { frame.restricted(to: axes.filter { _ in Bool.random(using: &random) }) }
    func rates(_ most: Double) -> CohortTable {
      CohortTable(some(frame.axes)) { _ in .random(in: 0...most, using: &random) }
    }
    start = CohortTable(frame) { _ in Bool.random(using: &random) ? .random(in: 0...1000, using: &random) : 0 }
    years = try (0..<4).map { t in
      var year = CohortYear(year: 2025 + t)
      if Bool.random(using: &random) { year.death = rates(0.05) }
      if Bool.random(using: &random) { year.retirement = rates(1) }
      if Bool.random(using: &random) { year.transfer = rates(0.2) }
      if Bool.random(using: &random), let regions = others[.region] {
        year.migration = try MigrationRates(regions: regions, ages: Bool.random(using: &random) ? ages : []) { _, _, _ in
          .random(in: 0...0.2, using: &random)
        }
      }
      for axis in [CohortAxis.grade, .licence, .team, .education] {
        guard let members = others[axis], Bool.random(using: &random) else { continue }
        let told = some(frame.axes.filter { $0 != axis && $0 != .region })
        year.transitions.append(
          try AxisTransition(axis, members: members, frame: told) { from, to, _ in
            to == from + 1 || Bool.random(using: &random) ? .random(in: 0...0.25, using: &random) : 0
          })
      }
      for name in ["graduates", "returnees"] where Bool.random(using: &random) {
        year.entrants.append(
          EntrantChannel(
            name,
            CohortTable(frame) { _ in
              Bool.random(using: &random) ? .random(in: 0...50, using: &random) : 0
            }))
      }
      return year
    }
  }
}
