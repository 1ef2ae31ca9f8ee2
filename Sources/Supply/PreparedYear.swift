import Foundation

/// One year's rates in the layout's order, ready for the kernel.
struct PreparedYear: Sendable {
  let year: Int
  /// Forces and shares of exit, by age, region (or one for all) and group.
  let exits: PreparedExits
  /// By age (or one for all): R × R, column-major, `[destination · R + origin]`; rows sum to one.
  let migration: PreparedMigration?
  let transitions: [PreparedTransition]
  let channels: [PreparedChannel]

  init(_ year: CohortYear, _ layout: CohortLayout) throws(SupplyError) {
    self.year = year.year
    exits = try PreparedExits(year, layout)
    migration =
      try year.migration.map { rates throws(SupplyError) in try PreparedMigration(rates, layout) } ?? nil
    var prepared: [PreparedTransition] = []
    for transition in year.transitions.sorted(by: { $0.axis < $1.axis }) {
      if let one = try PreparedTransition(transition, layout) { prepared.append(one) }
    }
    transitions = prepared
    guard year.entrants.count <= 8 else {
      throw .lengthMismatch(input: "entrant channels (at most)", expected: 8, found: year.entrants.count)
    }
    var entering: [PreparedChannel] = []
    for channel in year.entrants { entering.append(try PreparedChannel(channel, layout)) }
    channels = entering
  }
}

struct PreparedExits: Sendable {
  /// Distances in the arrays from one age, and from one region, to the next; 0 where rates are shared.
  let ageStep: Int
  let regionStep: Int
  let count: Int
  /// Forces μ = −ln(1 − q); infinite where q = 1.
  let death: [Double]
  let retirement: [Double]
  let transfer: [Double]
  let shares: [SIMD4<Double>]

  init(_ year: CohortYear, _ layout: CohortLayout) throws(SupplyError) {
    let tables = [
      ("death rate", year.death), ("retirement rate", year.retirement), ("transfer rate", year.transfer),
    ]
    let told = Set(tables.flatMap { $0.1?.frame.axes ?? [] })
    regionStep = told.contains(.region) && layout.regions > 1 ? layout.groups : 0
    ageStep = told.contains(.age) && layout.ages > 1 ? max(regionStep * layout.regions, layout.groups) : 0
    let rows = (ages: ageStep > 0 ? layout.ages : 1, regions: regionStep > 0 ? layout.regions : 1)
    count = rows.ages * rows.regions * layout.groups
    var forces: [[Double]] = []
    for (name, table) in tables {
      var own = [Double](repeating: 0, count: count)
      if let table {
        let from = try layout.frame.cells(in: table.frame, purpose: name)
        var at = 0
        for a in 0..<rows.ages {
          for r in 0..<rows.regions {
            for g in 0..<layout.groups {
              let cell = a * layout.block + r * layout.width + g * layout.run
              let rate = table.values[from[cell]]
              try requireShare(rate, name, at: layout.frame.name(ofCell: cell))
              own[at] = -log1p(-rate)
              at += 1
            }
          }
        }
      }
      forces.append(own)
    }
    (death, retirement, transfer) = (forces[0], forces[1], forces[2])
    shares = (0..<count).map { exitShares(forces[0][$0], forces[1][$0], forces[2][$0]) }
  }
}

/// (stay, death, retirement, transfer) from three forces; see `ExitShares`.
@inline(__always)
func exitShares(_ death: Double, _ retirement: Double, _ transfer: Double) -> SIMD4<Double> {
  let total = death + retirement + transfer
  if total == 0 { return SIMD4(1, 0, 0, 0) }
  if total == .infinity {
    let certain = SIMD4(0, death, retirement, transfer).replacing(
      with: 0, where: SIMD4(0, death, retirement, transfer) .!= .infinity)
    let ones = SIMD4<Double>(repeating: 0).replacing(with: 1, where: certain .== .infinity)
    return ones / ones.sum()
  }
  let leave = -expm1(-total)
  let perForce = leave / total
  return SIMD4(1 - leave, death * perForce, retirement * perForce, transfer * perForce)
}

struct PreparedMigration: Sendable {
  let ageStep: Int
  let matrices: [Double]

  /// Nil when there is a single region.
  init?(_ rates: MigrationRates, _ layout: CohortLayout) throws(SupplyError) {
    let regions = layout.frame.members(of: .region)
    guard regions.count > 1 else { return nil }
    var position: [Int] = []
    for region in regions {
      guard let at = rates.regions.firstIndex(of: region) else {
        throw .unknownMember(axis: "migration", member: region, known: rates.regions)
      }
      position.append(at)
    }
    let (count, cells) = (rates.regions.count, rates.frame.cellCount)
    let byAge = cells > 1
    let ageOf = try layout.frame.cells(in: rates.frame, purpose: "migration by age")
    ageStep = byAge ? regions.count * regions.count : 0
    var all = [Double](repeating: 0, count: regions.count * regions.count * (byAge ? layout.ages : 1))
    for a in 0..<(byAge ? layout.ages : 1) {
      let cell = ageOf[a * layout.block]
      for o in regions.indices {
        var leaving = 0.0
        for d in regions.indices where d != o {
          let share = rates.shares[(position[o] * count + position[d]) * cells + cell]
          all[a * ageStep + d * regions.count + o] = share
          leaving += share
        }
        all[a * ageStep + o * regions.count + o] = 1 - leaving
      }
    }
    matrices = all
  }
}

struct PreparedTransition: Sendable {
  let shape: TileShape
  let firstMoves: [Int]
  /// Where the members of each move's origin begin in a tile.
  let origins: [Int]
  /// Tiles of `size · inner` cells in a region's row.
  let tiles: Int
  /// Distances in `shares` from one age, and from one tile, to the next; 0 where they are shared.
  let ageStep: Int
  let tileStep: Int
  /// By age and tile: shares that stay (member, inner cell), then shares that move (move, inner cell).
  let shares: [Double]

  /// Nil when the axis has a single member here, or nobody moves.
  init?(_ transition: AxisTransition, _ layout: CohortLayout) throws(SupplyError) {
    guard let axis = layout.inner.first(where: { $0.axis == transition.axis }), axis.size > 1 else {
      return nil
    }
    let names = layout.frame.members(of: transition.axis)
    var position: [Int] = []
    for name in names {
      guard let at = transition.members.firstIndex(of: name) else {
        throw .unknownMember(axis: transition.axis.rawValue, member: name, known: transition.members)
      }
      position.append(at)
    }
    let (size, inner) = (axis.size, axis.stride)
    tiles = layout.width / (size * inner)
    let (count, cells) = (transition.members.count, transition.frame.cellCount)
    let from = try layout.frame.cells(
      in: transition.frame, purpose: "\(transition.axis.rawValue) transitions")
    let told = transition.frame.axes
    let byAge = told.contains(.age) && layout.ages > 1
    let byTile = layout.inner.contains { told.contains($0.axis) && $0.size > 1 && $0.stride > axis.stride }
    var pairs: [(from: Int, to: Int)] = []
    for t in 0..<size {
      for f in 0..<size where f != t {
        let base = (position[f] * count + position[t]) * cells
        if transition.shares[base..<base + cells].contains(where: { $0 > 0 }) { pairs.append((f, t)) }
      }
    }
    if pairs.isEmpty { return nil }
    let record = (size + pairs.count) * inner
    tileStep = byTile ? record : 0
    ageStep = byAge ? record * (byTile ? tiles : 1) : 0
    var all = [Double](repeating: 0, count: record * (byAge ? layout.ages : 1) * (byTile ? tiles : 1))
    for a in 0..<(byAge ? layout.ages : 1) {
      for tile in 0..<(byTile ? tiles : 1) {
        let base = a * ageStep + tile * tileStep
        for (move, (f, t)) in pairs.enumerated() {
          for i in 0..<inner {
            let cell = from[a * layout.block + tile * size * inner + i]
            all[base + (size + move) * inner + i] =
              transition.shares[(position[f] * count + position[t]) * cells + cell]
          }
        }
      }
    }
    let tile = TileShape(size: size, inner: inner, moves: pairs)
    all.withUnsafeMutableBufferPointer { tile.scale(1, $0) }
    shares = all
    shape = tile
    firstMoves = tile.firstMoves
    origins = pairs.map { $0.from * inner }
  }
}

/// `size` members of an axis, `inner` cells inside each, and the moves between members.
struct TileShape: Sendable {
  let size: Int
  let inner: Int
  /// Moves from ≠ to that have some positive share, by destination.
  let moves: [(from: Int, to: Int)]
  /// For each destination the position of its first move; one more at the end.
  var firstMoves: [Int] { (0...size).map { to in moves.firstIndex { $0.to >= to } ?? moves.count } }
  /// Numbers of one age and tile.
  var record: Int { (size + moves.count) * inner }

  /// Multiplies the moving shares and lets the rest stay; where more than all would move, all do.
  func scale(_ factor: Double, _ records: UnsafeMutableBufferPointer<Double>) {
    for base in stride(from: 0, to: records.count, by: record) {
      for i in 0..<inner {
        for member in 0..<size {
          var leaving = 0.0
          for (move, pair) in moves.enumerated() where pair.from == member {
            records[base + (size + move) * inner + i] *= factor
            leaving += records[base + (size + move) * inner + i]
          }
          if leaving > 1 {
            for (move, pair) in moves.enumerated() where pair.from == member {
              records[base + (size + move) * inner + i] /= leaving
            }
          }
          records[base + member * inner + i] = leaving > 1 ? 0 : 1 - leaving
        }
      }
    }
  }
}

struct PreparedChannel: Sendable {
  let name: String
  /// Ages at which anybody enters, with their blocks of persons one after another.
  let ages: [Int]
  let persons: [Double]
  /// Persons by age of `ages`, region and group.
  let sums: [Double]
  /// Persons of all ages by region and group.
  let totals: [Double]

  init(_ channel: EntrantChannel, _ layout: CohortLayout) throws(SupplyError) {
    for (axis, members) in zip(layout.frame.axes, layout.frame.members) where members.count > 1 {
      guard channel.persons.frame.axes.contains(axis) else {
        throw .missingAxis(axis.rawValue, neededFor: "entrants '\(channel.name)'")
      }
    }
    name = channel.name
    let input = "entrants '\(channel.name)'"
    let from = try channel.persons.cellsOfAll(in: layout.frame, purpose: input)
    var (own, all, byAge): ([Int], [Double], [Double]) = ([], [], [])
    for a in 0..<layout.ages {
      let block = (a * layout.block..<(a + 1) * layout.block).map { channel.persons.values[from[$0]] }
      for (k, persons) in block.enumerated() {
        try requireCount(
          persons, "entrants '\(channel.name)'", at: layout.frame.name(ofCell: a * layout.block + k))
      }
      guard block.contains(where: { $0 > 0 }) else { continue }
      own.append(a)
      all += block
      for g in 0..<layout.regions * layout.groups {
        byAge.append(block[g * layout.run..<(g + 1) * layout.run].reduce(0, +))
      }
    }
    (ages, persons, sums) = (own, all, byAge)
    let groups = layout.regions * layout.groups
    totals = (0..<groups).map { g in stride(from: g, to: byAge.count, by: groups).reduce(0) { $0 + byAge[$1] }
    }
  }
}
