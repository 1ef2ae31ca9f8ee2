import Dimensions
import Messages

/// Groups of totals that the zeros of the seed cannot carry, found before fitting.
///
/// Two margins that share axes c are, for each label of c, a transportation problem: totals of one
/// flow to totals of the other through slices that are not all zero. A flow smaller than the total
/// proves that no table exists, and its minimum cut names the totals that ask for too much (Hall's
/// condition). Only looked for where the seed has zeros and the problem is of moderate size.
func overfullGroups(_ seed: NamedArray, _ margins: [Margin]) -> [Problem] {
  guard seed.values.contains(0) else { return [] }
  let slices = margins.map { seed.cells(over: $0.sums.axisNames) }
  var open = seed.values.map { $0 > 0 }
  for k in margins.indices {
    for (cell, slice) in slices[k].enumerated() where margins[k].sums.values[slice] == 0 { open[cell] = false }
  }
  var problems: [Problem] = []
  for b in margins.indices {
    for a in margins.indices.prefix(b) {
      let shared = margins[a].sums.axisNames.filter(margins[b].sums.axisNames.contains)
      let isNested = shared.count == margins[a].sums.axes.count || shared.count == margins[b].sums.axes.count
      if isNested { continue }
      let pair = TotalsPair(
        first: margins[a], second: margins[b], common: seed.cells(over: shared), firstSlices: slices[a],
        secondSlices: slices[b], open: open)
      problems += pair.overfull
    }
  }
  return problems
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

  var overfull: [Problem] {
    var arcs: [Int: Set<Arc>] = [:]
    for cell in open.indices where open[cell] {
      arcs[common[cell], default: []].insert(Arc(from: firstSlices[cell], to: secondSlices[cell]))
    }
    guard arcs.values.reduce(0, { $0 + $1.count }) <= 200_000 else { return [] }
    return arcs.keys.sorted().compactMap { key in
      arcs[key].flatMap { overfull($0.sorted { ($0.from, $0.to) < ($1.from, $1.to) }) }
    }
  }

  private struct Arc: Hashable {
    let from: Int
    let to: Int
  }

  private func overfull(_ arcs: [Arc]) -> Problem? {
    let sources = Set(arcs.map(\.from)).sorted()
    let sinks = Set(arcs.map(\.to)).sorted()
    let sourceAt = Dictionary(uniqueKeysWithValues: sources.enumerated().map { ($1, $0) })
    let sinkAt = Dictionary(uniqueKeysWithValues: sinks.enumerated().map { ($1, $0) })
    var flow = MaximumFlow(
      supplies: sources.map { first.sums.values[$0] }, demands: sinks.map { second.sums.values[$0] })
    for arc in arcs {
      guard let from = sourceAt[arc.from], let to = sinkAt[arc.to] else { continue }
      flow.join(from, to)
    }
    flow.run()
    let wanted = flow.supplies.reduce(0, +)
    guard wanted - flow.carried > agreementTolerance * wanted else { return nil }
    let cut = flow.cut
    return problem(
      asking: cut.supplies.map { sources[$0] }, through: cut.demands.map { sinks[$0] })
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
