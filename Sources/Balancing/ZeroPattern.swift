import Dimensions
import Messages

/// What the zeros of the seed make of the totals.
struct ZeroPattern {
  /// Groups of totals that ask for more than the seed's cells can carry.
  var problems: [Problem] = []
  /// Cells that the totals leave nothing for although their seed is positive, ascending. Fitting would
  /// bring them to zero only at a crawl; without them it converges fast to the same limit.
  var emptied: [Int] = []
}

/// Looks for groups of totals that the zeros of the seed cannot carry, before fitting.
///
/// Two margins that share axes c are, for each label of c, a transportation problem: totals of one
/// flow to totals of the other through slices that are not all zero. A flow smaller than the total
/// proves that no table exists, and its minimum cut names the totals that ask for too much (Hall's
/// condition). Only looked for where the seed has zeros and the problem is of moderate size.
func zeroPattern(_ seed: NamedArray, _ margins: [Margin]) -> ZeroPattern {
  guard seed.values.contains(0) else { return ZeroPattern() }
  let slices = margins.map { seed.cells(over: $0.sums.axisNames) }
  var open = seed.values.map { $0 > 0 }
  for k in margins.indices {
    for (cell, slice) in slices[k].enumerated() where margins[k].sums.values[slice] == 0 { open[cell] = false }
  }
  var pattern = ZeroPattern()
  var emptied: Set<Int> = []
  for b in margins.indices {
    for a in margins.indices.prefix(b) {
      let shared = margins[a].sums.axisNames.filter(margins[b].sums.axisNames.contains)
      let isNested = shared.count == margins[a].sums.axes.count || shared.count == margins[b].sums.axes.count
      if isNested { continue }
      let pair = TotalsPair(
        first: margins[a], second: margins[b], common: seed.cells(over: shared), firstSlices: slices[a],
        secondSlices: slices[b], open: open)
      emptied.formUnion(pair.look(&pattern.problems))
    }
  }
  pattern.emptied = emptied.sorted()
  return pattern
}

/// Two margins and the cells through which their totals meet.
private struct TotalsPair {
  let first: Margin
  let second: Margin
  /// For each cell of the table: its slice in the shared axes, in the first and in the second margin.
  let common: [Int]
  let firstSlices: [Int]
  let secondSlices: [Int]
  let open: [Bool]

  /// Arcs looked through at most.
  private static let patience = 200_000

  /// Adds what is wrong to the problems; returns the cells that always end up empty.
  func look(_ problems: inout [Problem]) -> [Int] {
    guard let joined = arcs() else { return [] }
    let order = joined.arcs.indices.sorted { joined.arcs[$0].key < joined.arcs[$1].key }
    var isEmpty = [Bool](repeating: false, count: order.count)
    var start = 0
    while start < order.count {
      let group = joined.arcs[order[start]].common
      let end = order[start...].firstIndex { joined.arcs[$0].common != group } ?? order.count
      let part = order[start..<end]
      for (arc, found) in zip(part, emptyArcs(part.map { joined.arcs[$0] }, &problems)) { isEmpty[arc] = found }
      start = end
    }
    return isEmpty.contains(true) ? open.indices.filter { joined.ofCell[$0] >= 0 && isEmpty[Int(joined.ofCell[$0])] } : []
  }

  /// Distinct pairs of slices that open cells join, and the arc of each cell (−1 where it is closed); nil when there
  /// are too many to look through.
  private func arcs() -> (arcs: [Arc], ofCell: [Int32])? {
    let width = (secondSlices.max() ?? 0) + 1
    var places: [Int: Int32] = [:]
    var found: [Arc] = []
    var ofCell = [Int32](repeating: -1, count: open.count)
    for cell in open.indices where open[cell] {
      let key = firstSlices[cell] * width + secondSlices[cell]
      if let place = places[key] {
        ofCell[cell] = place
        continue
      }
      guard found.count < Self.patience else { return nil }
      ofCell[cell] = Int32(found.count)
      places[key] = ofCell[cell]
      found.append(Arc(common: common[cell], from: firstSlices[cell], to: secondSlices[cell]))
    }
    return (found, ofCell)
  }

  private struct Arc {
    let common: Int
    let from: Int
    let to: Int

    var key: (Int, Int, Int) { (common, from, to) }
  }

  /// Whether each arc is empty in every table with these totals.
  private func emptyArcs(_ arcs: [Arc], _ problems: inout [Problem]) -> [Bool] {
    let sources = Set(arcs.map(\.from)).sorted()
    let sinks = Set(arcs.map(\.to)).sorted()
    let sourceAt = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1, $0) })
    let sinkAt = Dictionary(uniqueKeysWithValues: sinks.enumerated().map { ($1, $0) })
    var flow = MaximumFlow(
      supplies: sources.map { first.sums.values[$0] }, demands: sinks.map { second.sums.values[$0] })
    for arc in arcs { flow.join(sourceAt[arc.from] ?? 0, sinkAt[arc.to] ?? 0) }
    flow.run()
    let wanted = flow.supplies.reduce(0, +)
    guard wanted - flow.carried > agreementTolerance * wanted else {
      return flow.alwaysEmpty
    }
    let cut = flow.cut
    problems.append(problem(asking: cut.supplies.map { sources[$0] }, through: cut.demands.map { sinks[$0] }))
    return arcs.map { _ in false }
  }

  private func problem(asking: [Int], through: [Int]) -> Problem {
    let asked = asking.reduce(0) { $0 + first.sums.values[$1] }
    let room = through.reduce(0) { $0 + second.sums.values[$1] }
    let (left, right) = (names(asking, first), names(through, second))
    return Problem(
      "balance.infeasible-zeros", file: first.name, path: left,
      message: Bilingual(
        zh: "\(first.name) 要求 \(left) 合计 \(plain(asked))，但种子表的零只允许它们落在 \(second.name) 的 \(right)，那里只有 \(plain(room))",
        en: "\(first.name) asks for \(plain(asked)) at \(left), but the zeros of the seed leave only \(right) "
          + "of \(second.name) for it, which is \(plain(room))"),
      hint: Bilingual(
        zh: "改正这些合计，或给其中某个为零的单元格填一个起始值",
        en: "mend these totals, or seed one of the cells that are zero"))
  }

  private func names(_ cells: [Int], _ margin: Margin) -> String {
    let shown = cells.prefix(6).map { cell in
      zip(margin.sums.axes, margin.sums.labels(at: cell)).map { "\($0.name)=\($1)" }.joined(separator: ",")
    }
    return shown.joined(separator: " + ") + (cells.count > 6 ? " + … (\(cells.count))" : "")
  }
}
