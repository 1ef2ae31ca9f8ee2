import Dimensions
import Messages

/// Figures with which nothing can be computed.
func notFinite(_ seed: NamedArray, _ margins: [Margin]) -> [Problem] {
  func check(_ array: NamedArray, _ name: String) -> [Problem] {
    array.values.indices.filter { !array.values[$0].isFinite }.map { cell in
      let place = place(array.axes, array.labels(at: cell))
      return Problem(
        "balance.not-finite", file: name, path: place.en,
        message: Bilingual(
          zh: "\(name) 的\(place.zh)不是有限的数", en: "\(name) has no finite number at \(place.en)"))
    }
  }
  return check(seed, "seed") + margins.flatMap { check($0.sums, $0.name) }
}

/// Targets that no multiplier can meet because the cells they sum over are all zero, or of the wrong sign.
///
/// A zero target empties its slice first, which may leave another target without cells.
func impossibleTargets(_ seed: NamedArray, _ margins: [Margin], isSigned: Bool) -> [Problem] {
  let slices = margins.map { seed.cells(over: $0.sums.axisNames) }
  let emptied = isSigned ? [Bool](repeating: false, count: seed.values.count) : emptiedCells(seed, margins, slices)
  return margins.indices.flatMap { k in
    let goals = margins[k].sums.values
    var positive = [Bool](repeating: false, count: goals.count)
    var negative = positive
    var seeded = positive
    for (cell, slice) in slices[k].enumerated() {
      if seed.values[cell] != 0 { seeded[slice] = true }
      if emptied[cell] { continue }
      if seed.values[cell] > 0 { positive[slice] = true }
      if seed.values[cell] < 0 { negative[slice] = true }
    }
    return goals.indices.filter { (goals[$0] > 0 && !positive[$0]) || (goals[$0] < 0 && !negative[$0]) }
      .map { impossible(margins[k], $0, wasEmptied: seeded[$0] && !negative[$0] && !positive[$0]) }
  }
}

private func emptiedCells(_ seed: NamedArray, _ margins: [Margin], _ slices: [[Int]]) -> [Bool] {
  var emptied = [Bool](repeating: false, count: seed.values.count)
  for k in margins.indices {
    for (cell, slice) in slices[k].enumerated() where margins[k].sums.values[slice] == 0 { emptied[cell] = true }
  }
  return emptied
}

private func impossible(_ margin: Margin, _ cell: Int, wasEmptied: Bool) -> Problem {
  let place = place(margin.sums.axes, margin.sums.labels(at: cell))
  let goal = margin.sums.values[cell]
  let reason =
    wasEmptied
    ? Bilingual(zh: "其中的单元格都被别的零合计清空", en: "all its cells are emptied by zero totals of other margins")
    : goal < 0
      ? Bilingual(zh: "种子表中没有负的单元格", en: "the seed has no negative cell there")
      : Bilingual(zh: "种子表中对应的单元格全为零", en: "the seed is zero in all of its cells")
  return Problem(
    "balance.infeasible-zero", file: margin.name, path: place.en,
    message: Bilingual(
      zh: "\(margin.name) 要求\(place.zh)为 \(plain(goal))，但\(reason.zh)",
      en: "\(margin.name) asks for \(plain(goal)) at \(place.en), but \(reason.en)"),
    hint: Bilingual(
      zh: "给种子表填一个正的起始值，或把该合计改为 0；若这些零只是没有抽到，用 --zeros sampling",
      en: "seed one of these cells, set the total to 0, or use --zeros sampling if they were only unsampled"))
}
