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

  /// Adds what is wrong to the problems; returns the cells that always end up empty.
  func look(_ problems: inout [Problem]) -> [Int] {
    var cells: [Int: [Arc: [Int]]] = [:]
    for cell in open.indices where open[cell] {
      cells[common[cell], default: [:]][Arc(from: firstSlices[cell], to: secondSlices[cell]), default: []].append(cell)
    }
    guard cells.values.reduce(0, { $0 + $1.count }) <= 200_000 else { return [] }
    return cells.keys.sorted().flatMap { key -> [Int] in
      let through = cells[key] ?? [:]
      let arcs = through.keys.sorted { ($0.from, $0.to) < ($1.from, $1.to) }
      return emptyArcs(arcs, &problems).flatMap { through[$0] ?? [] }
    }
  }

  private struct Arc: Hashable {
    let from: Int
    let to: Int
  }

  private func emptyArcs(_ arcs: [Arc], _ problems: inout [Problem]) -> [Arc] {
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
      return zip(arcs, flow.alwaysEmpty).filter(\.1).map(\.0)
    }
    let cut = flow.cut
    problems.append(problem(asking: cut.supplies.map { sources[$0] }, through: cut.demands.map { sinks[$0] }))
    return []
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
