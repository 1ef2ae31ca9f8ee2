import Foundation
import LinearAlgebra

/// The memory of one draw and the five steps of a year on it. Nothing is allocated after `init`.
///
/// Every step works on one age at a time, which stays in the first-level cache: exits scale runs of
/// cells, migration is one R × R product, transitions mix short tiles, ageing writes the result where the
/// next age lies. A full Leslie matrix never exists.
final class CohortKernel {
  let layout: CohortLayout
  private let state: UnsafeMutableBufferPointer<Double>
  private var now: UnsafeMutablePointer<Double>
  private var next: UnsafeMutablePointer<Double>
  private let scratch: UnsafeMutableBufferPointer<Double>
  private let exits: UnsafeMutableBufferPointer<SIMD4<Double>>
  private let migration: UnsafeMutableBufferPointer<Double>
  private let transitions: UnsafeMutableBufferPointer<Double>
  /// By region and group: see `Tally`.
  private let tallies: UnsafeMutableBufferPointer<Double>
  private let tallyCount: Int

  /// What is counted for every region and group during a year.
  enum Tally: Int, CaseIterable {
    case start, deaths, retirements, transfers, afterExits, afterMigration, afterTransitions, entrants, end
  }

  init(_ layout: CohortLayout, _ years: [PreparedYear]) {
    self.layout = layout
    state = .allocate(capacity: layout.ages * layout.block)
    scratch = .allocate(capacity: 2 * layout.block)
    exits = .allocate(capacity: years.map(\.exits.count).max() ?? 0)
    migration = .allocate(capacity: years.map { $0.migration?.matrices.count ?? 0 }.max() ?? 0)
    transitions = .allocate(
      capacity: years.map { $0.transitions.reduce(0) { $0 + $1.shares.count } }.max() ?? 0)
    tallyCount = layout.regions * layout.groups
    tallies = .allocate(capacity: tallyCount * Tally.allCases.count)
    state.initialize(repeating: 0)
    scratch.initialize(repeating: 0)
    exits.initialize(repeating: .zero)
    migration.initialize(repeating: 0)
    transitions.initialize(repeating: 0)
    tallies.initialize(repeating: 0)
    guard let base = scratch.baseAddress else { preconditionFailure("a frame has at least one cell") }
    (now, next) = (base, base + layout.block)
  }

  deinit {
    state.deallocate()
    scratch.deallocate()
    exits.deallocate()
    migration.deallocate()
    transitions.deallocate()
    tallies.deallocate()
  }

  func load(_ persons: [Double]) {
    for (cell, value) in persons.enumerated() { state[cell] = value }
    tally(.end, ofState: true)
  }

  var persons: [Double] { Array(state) }

  func value(_ tally: Tally, _ at: Int) -> Double { tallies[tally.rawValue * tallyCount + at] }

  /// One year; afterwards `value` tells what happened.
  func step(_ year: PreparedYear, _ levers: CohortLevers, _ exposure: EntrantExposure) throws(SupplyError) {
    prepare(year, levers)
    copy(.end, to: .start)
    for kind in Tally.allCases where kind != .start { clear(kind) }
    for age in (0..<layout.ages).reversed() {
      leave(age, year.exits)
      if let migration = year.migration { migrate(age, migration) }
      if !year.transitions.isEmpty { move(age, year.transitions) }
      grow(age)
    }
    if year.migration == nil { copy(.afterExits, to: .afterMigration) }
    if year.transitions.isEmpty { copy(.afterMigration, to: .afterTransitions) }
    enter(year, levers, exposure)
    tally(.end, ofState: true)
    try check(year)
  }

  private func clear(_ kind: Tally) {
    for at in 0..<tallyCount { tallies[kind.rawValue * tallyCount + at] = 0 }
  }

  private func copy(_ from: Tally, to: Tally) {
    for at in 0..<tallyCount { tallies[to.rawValue * tallyCount + at] = value(from, at) }
  }
}

// MARK: Rates of the draw

extension CohortKernel {
  private func prepare(_ year: PreparedYear, _ levers: CohortLevers) {
    let own = year.exits
    if levers.isCentralExit {
      for i in 0..<own.count { exits[i] = own.shares[i] }
    } else {
      func scaled(_ force: Double, _ factor: Double) -> Double { force == .infinity ? force : force * factor }
      for i in 0..<own.count {
        exits[i] = exitShares(
          scaled(own.death[i], levers.death), scaled(own.retirement[i], levers.retirement),
          scaled(own.transfer[i], levers.transfer))
      }
    }
    if let own = year.migration { prepare(own, levers.migration) }
    var at = 0
    for own in year.transitions {
      for i in own.shares.indices { transitions[at + i] = own.shares[i] }
      if levers.transitions != 1 {
        own.shape.scale(
          levers.transitions, UnsafeMutableBufferPointer(rebasing: transitions[at..<at + own.shares.count]))
      }
      at += own.shares.count
    }
  }

  private func prepare(_ own: PreparedMigration, _ factor: Double) {
    let regions = layout.regions
    for i in own.matrices.indices { migration[i] = own.matrices[i] }
    if factor == 1 { return }
    for base in stride(from: 0, to: own.matrices.count, by: regions * regions) {
      for o in 0..<regions {
        var leaving = 0.0
        for d in 0..<regions where d != o {
          migration[base + d * regions + o] *= factor
          leaving += migration[base + d * regions + o]
        }
        if leaving > 1 { for d in 0..<regions where d != o { migration[base + d * regions + o] /= leaving } }
        migration[base + o * regions + o] = max(0, 1 - leaving)
      }
    }
  }
}

// MARK: The five steps

extension CohortKernel {
  /// Step 1. Survivors of one age into `now`.
  private func leave(_ age: Int, _ rates: PreparedExits) {
    guard let block = state.baseAddress.map({ $0 + age * layout.block }), let shares = exits.baseAddress,
      let tally = tallies.baseAddress
    else { return }
    let run = layout.run
    for region in 0..<layout.regions {
      let own = shares + (age * rates.ageStep + region * rates.regionStep)
      for group in 0..<layout.groups {
        let share = own[group]
        let at = region * layout.groups + group
        let (before, after) = scaleRun(block + at * run, into: now + at * run, run, share[0])
        tally[Tally.deaths.rawValue * tallyCount + at] += before * share[1]
        tally[Tally.retirements.rawValue * tallyCount + at] += before * share[2]
        tally[Tally.transfers.rawValue * tallyCount + at] += before * share[3]
        tally[Tally.afterExits.rawValue * tallyCount + at] += after
      }
    }
  }

  /// Step 2. `next[:, d] = Σ_o now[:, o] · M[o, d]`.
  private func migrate(_ age: Int, _ rates: PreparedMigration) {
    guard let matrices = migration.baseAddress else { return }
    multiplyBlocks(
      rows: layout.width, inner: layout.regions, columns: layout.regions, now,
      matrices + age * rates.ageStep, into: next)
    swap(&now, &next)
    tally(.afterMigration, ofState: false)
  }

  /// Step 3. Each axis in turn, all its moves at once.
  private func move(_ age: Int, _ all: [PreparedTransition]) {
    guard var records = transitions.baseAddress else { return }
    for own in all {
      let tile = own.shape.size * own.shape.inner
      let record = records + age * own.ageStep
      if own.tileStep == 0 {
        mixTiles(own, record, at: 0, count: layout.regions * own.tiles, step: tile)
      } else {
        for t in 0..<own.tiles {
          mixTiles(own, record + t * own.tileStep, at: t * tile, count: layout.regions, step: layout.width)
        }
      }
      records += own.shares.count
      swap(&now, &next)
    }
    tally(.afterTransitions, ofState: false)
  }

  /// `next[to] = stay[to] · now[to] + Σ share[move] · now[origin]`, cell by cell inside a member, for
  /// `count` tiles that lie `step` apart: the shares stay in registers while the tiles pass by.
  private func mixTiles(
    _ own: PreparedTransition, _ record: UnsafePointer<Double>, at: Int, count: Int, step: Int
  ) {
    let (inner, size) = (own.shape.inner, own.shape.size)
    for to in 0..<size {
      let (here, moves) = (to * inner, own.firstMoves[to]..<own.firstMoves[to + 1])
      var i = 0
      while i < inner {
        let isWide = i + 4 <= inner
        let (from, into) = (now + (at + here + i), next + (at + here + i))
        if isWide {
          mixFour(four(record + here + i), from, into, count, step, first: true)
        } else {
          mixOne(record[here + i], from, into, count, step, first: true)
        }
        for m in moves {
          let (share, origin) = (record + (size + m) * inner + i, now + (at + own.origins[m] + i))
          if isWide {
            mixFour(four(share), origin, into, count, step, first: false)
          } else {
            mixOne(share[0], origin, into, count, step, first: false)
          }
        }
        i += isWide ? 4 : 1
      }
    }
  }

  /// Step 4. Into the age where they are at the end of the year; older ages have gone before.
  private func grow(_ age: Int) {
    guard let base = state.baseAddress else { return }
    let (block, share) = (base + age * layout.block, layout.ageing[age])
    if age + 1 == layout.ages || share == 0 {
      block.update(from: now, count: layout.block)
    } else if share == 1, layout.ageing[age + 1] == 1 {
      (block + layout.block).update(from: now, count: layout.block)
      if age == 0 { for i in 0..<layout.block { block[i] = 0 } }
    } else {
      for i in 0..<layout.block {
        let growing = now[i] * share
        block[layout.block + i] += growing
        block[i] = share == 1 ? 0 : now[i] - growing
      }
    }
  }

  /// Step 5.
  private func enter(_ year: PreparedYear, _ levers: CohortLevers, _ exposure: EntrantExposure) {
    let groups = layout.regions * layout.groups
    for (c, channel) in year.channels.enumerated() {
      let factor = levers.entrants[c]
      for (n, age) in channel.ages.enumerated() {
        for at in 0..<groups {
          let persons = channel.sums[n * groups + at] * factor
          var kept = factor
          if exposure == .halfYear {
            let region = at / layout.groups
            let share = exits[age * year.exits.ageStep + region * year.exits.regionStep + at % layout.groups]
            kept = factor * (1 + share[0]) / 2
            tallies[Tally.deaths.rawValue * tallyCount + at] += persons / 2 * share[1]
            tallies[Tally.retirements.rawValue * tallyCount + at] += persons / 2 * share[2]
            tallies[Tally.transfers.rawValue * tallyCount + at] += persons / 2 * share[3]
          }
          tallies[Tally.entrants.rawValue * tallyCount + at] += persons
          let (to, from) = (age * layout.block + at * layout.run, n * layout.block + at * layout.run)
          addRun(channel.persons, from, factor: kept, to: to)
        }
      }
    }
  }
}

extension CohortKernel {
  private func addRun(_ persons: [Double], _ from: Int, factor: Double, to: Int) {
    guard let state = state.baseAddress else { return }
    persons.withUnsafeBufferPointer { own in
      for i in 0..<layout.run { state[to + i] += factor * own[from + i] }
    }
  }
}

// MARK: The books

extension CohortKernel {
  /// Counts the persons of the scratch block, or of the whole state, by region and group.
  private func tally(_ kind: Tally, ofState: Bool) {
    guard let base = state.baseAddress, let tally = tallies.baseAddress else { return }
    if ofState { clear(kind) }
    let sums = tally + kind.rawValue * tallyCount
    for age in 0..<(ofState ? layout.ages : 1) {
      let block = ofState ? base + age * layout.block : now
      for at in 0..<tallyCount { sums[at] += sumRun(block + at * layout.run, layout.run) }
    }
  }

  private func check(_ year: PreparedYear) throws(SupplyError) {
    let (regions, groups) = (layout.regions, layout.groups)
    func place(_ at: Int) -> String { layout.frame.name(ofCell: at * layout.run) + ", \(year.year)" }
    for group in 0..<groups {
      var (before, after) = (0.0, 0.0)
      for region in 0..<regions {
        let at = region * groups + group
        before += value(.afterExits, at)
        after += value(.afterMigration, at)
      }
      try requireConserved(start: before, change: 0, end: after, at: place(group), step: "migration")
    }
    for region in 0..<regions {
      var (before, after) = (0.0, 0.0)
      for group in 0..<groups {
        let at = region * groups + group
        before += value(.afterMigration, at)
        after += value(.afterTransitions, at)
        let flows = Flows(
          entrants: value(.entrants, at), retirements: value(.retirements, at), deaths: value(.deaths, at),
          transfers: value(.transfers, at),
          netMigration: value(.afterMigration, at) - value(.afterExits, at))
        let moved = value(.afterTransitions, at) - value(.afterMigration, at)
        try requireConserved(
          start: value(.start, at), change: flows.change + moved, end: value(.end, at), at: place(at),
          step: "year")
      }
      try requireConserved(
        start: before, change: 0, end: after, at: place(region * groups), step: "transitions")
    }
  }
}

// MARK: Short runs, four cells at a time

@inline(__always)
private func four(_ from: UnsafePointer<Double>) -> SIMD4<Double> {
  UnsafeRawPointer(from).loadUnaligned(as: SIMD4<Double>.self)
}

@inline(__always)
private func store(_ value: SIMD4<Double>, _ to: UnsafeMutablePointer<Double>) {
  UnsafeMutableRawPointer(to).storeBytes(of: value, as: SIMD4<Double>.self)
}

@inline(__always)
private func scaleRun(
  _ from: UnsafePointer<Double>, into: UnsafeMutablePointer<Double>, _ count: Int, _ factor: Double
) -> (before: Double, after: Double) {
  var (before, after, i) = (SIMD4<Double>.zero, SIMD4<Double>.zero, 0)
  while i + 4 <= count {
    let value = four(from + i)
    let kept = value * factor
    store(kept, into + i)
    before += value
    after += kept
    i += 4
  }
  var (sums) = (before: before.sum(), after: after.sum())
  while i < count {
    into[i] = from[i] * factor
    sums.before += from[i]
    sums.after += into[i]
    i += 1
  }
  return sums
}

@inline(__always)
private func sumRun(_ from: UnsafePointer<Double>, _ count: Int) -> Double {
  var (sum, i) = (SIMD4<Double>.zero, 0)
  while i + 4 <= count {
    sum += four(from + i)
    i += 4
  }
  var total = sum.sum()
  while i < count {
    total += from[i]
    i += 1
  }
  return total
}

@inline(__always)
private func mixFour(
  _ share: SIMD4<Double>, _ from: UnsafePointer<Double>, _ into: UnsafeMutablePointer<Double>,
  _ count: Int, _ step: Int, first: Bool
) {
  var (from, into) = (from, into)
  for _ in 0..<count {
    let moved = share * four(from)
    store(first ? moved : four(into) + moved, into)
    from += step
    into += step
  }
}

@inline(__always)
private func mixOne(
  _ share: Double, _ from: UnsafePointer<Double>, _ into: UnsafeMutablePointer<Double>,
  _ count: Int, _ step: Int, first: Bool
) {
  var (from, into) = (from, into)
  for _ in 0..<count {
    into.pointee = first ? share * from.pointee : into.pointee + share * from.pointee
    from += step
    into += step
  }
}
