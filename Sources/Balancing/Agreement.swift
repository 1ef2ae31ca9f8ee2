import Dimensions
import Foundation
import Messages

/// Shared totals may differ by this share of their size before they count as different figures.
let agreementTolerance = 1e-9

/// Margins that agree on every total they share, most reliable first when adjusted.
///
/// Differences within rounding noise are always levelled, so that fitting can converge.
func agreeing(
  _ margins: [Margin], _ options: BalancingOptions, _ notes: inout [Bilingual]
) throws(ProblemReport) -> [Margin] {
  let conflicts = disagreements(margins)
  if conflicts.isEmpty || options.disagreement == .refuse {
    guard conflicts.isEmpty else { throw ProblemReport(.badData, conflicts) }
  }
  let ranked = margins.indices.sorted { (margins[$0].evidence, $0) < (margins[$1].evidence, $1) }
  var accepted: [Int: Margin] = [:]
  for i in ranked {
    let better = ranked.compactMap { accepted[$0] }
    let before = margins[i].sums
    let after = levelled(before, to: better, options)
    accepted[i] = Margin(margins[i].name, after, evidence: margins[i].evidence)
    guard let largest = largestChange(before, after) else { continue }
    if largest.relative > agreementTolerance {
      notes.append(scaled(margins[i].name, before, after, largest.cell, by: better.map(\.name)))
    } else if largest.relative > 1e-12 {
      notes.append(levelledNote(margins[i].name, largest.relative))
    }
  }
  let result = margins.indices.compactMap { accepted[$0] }
  let left = disagreements(result)
  guard left.isEmpty else { throw ProblemReport(.badData, left) }
  return result
}

/// Scales a margin so that it has the totals it shares with more reliable ones.
private func levelled(_ sums: NamedArray, to better: [Margin], _ options: BalancingOptions) -> NamedArray {
  let shared = better.map { margin in
    margin.sums.marginal(over: sums.axisNames.filter(margin.sums.axisNames.contains))
  }
  let differing = shared.filter { sums.marginal(over: $0.axisNames) != $0 }
  guard !differing.isEmpty else { return sums }
  let plan = BalancingPlan(
    shape: sums.axes.map(\.labels.count),
    margins: shared.map { part in part.axisNames.compactMap { sums.axisNames.firstIndex(of: $0) } })
  let targets = shared.map(\.values)
  let isSigned = (sums.values + targets.joined()).contains { $0 < 0 }
  let fit =
    isSigned
    ? plan.balanceSigned(sums.values, to: targets, tolerance: 1e-14, cap: 1000)
    : plan.balance(sums.values, to: targets, tolerance: 1e-14, cap: 1000)
  return NamedArray(axes: sums.axes, values: fit.cells)
}

func largestChange(_ before: NamedArray, _ after: NamedArray) -> (relative: Double, cell: Int)? {
  before.values.indices
    .map { ($0, abs(after.values[$0] - before.values[$0]) / max(abs(before.values[$0]), .leastNormalMagnitude)) }
    .max { $0.1 < $1.1 }
    .map { (relative: $0.1, cell: $0.0) }
}

private func levelledNote(_ name: String, _ change: Double) -> Bilingual {
  let size = String(format: "%.1e", change)
  return Bilingual(
    zh: "\(name) 与前面的合计相差在舍入之内（至多 \(size)），已取齐；最大相对误差按文件中的数计",
    en: "\(name) differs from the totals before it by rounding (up to \(size) of a figure) and was levelled; the "
      + "largest relative error is measured against the figures of the file")
}

private func scaled(
  _ name: String, _ before: NamedArray, _ after: NamedArray, _ cell: Int, by better: [String]
) -> Bilingual {
  let place = place(before.axes, before.labels(at: cell))
  let (old, new) = (plain(before.values[cell]), plain(after.values[cell]))
  let (totalBefore, totalAfter) = (plain(before.total), plain(after.total))
  return Bilingual(
    zh: "\(name) 按比例调整以服从 \(better.joined(separator: "、"))：合计 \(totalBefore) → \(totalAfter)；"
      + "变动最大的是\(place.zh)：\(old) → \(new)",
    en: "\(name) was scaled to agree with \(better.joined(separator: ", ")): total \(totalBefore) → "
      + "\(totalAfter); it moved most at \(place.en): \(old) → \(new)")
}

/// Every shared total that two margins state differently; both figures are in the message.
func disagreements(_ margins: [Margin]) -> [Problem] {
  var problems: [Problem] = []
  for b in margins.indices {
    for a in margins.indices.prefix(b) {
      problems += disagreements(margins[a], margins[b])
    }
  }
  return problems
}

private func disagreements(_ a: Margin, _ b: Margin) -> [Problem] {
  let names = a.sums.axisNames.filter(b.sums.axisNames.contains)
  let (first, second) = (a.sums.marginal(over: names), b.sums.marginal(over: names))
  let (firstGross, secondGross) = (gross(a.sums, names), gross(b.sums, names))
  let differing = first.values.indices.filter {
    abs(first.values[$0] - second.values[$0]) > agreementTolerance * max(firstGross[$0], secondGross[$0])
  }
  let shown = 8
  var problems = differing.prefix(shown).map { cell in
    let place = place(first.axes, first.labels(at: cell))
    let (x, y) = (plain(first.values[cell]), plain(second.values[cell]))
    return Problem(
      names.isEmpty ? "balance.conflicting-totals" : "balance.conflicting-margins",
      file: b.name, path: place.en,
      message: Bilingual(
        zh: "\(a.name) 与 \(b.name) 的\(place.zh)不一致：\(x) 与 \(y)，相差 \(plain(second.values[cell] - first.values[cell]))",
        en: "\(a.name) and \(b.name) disagree on \(place.en): \(x) and \(y), a difference of "
          + plain(second.values[cell] - first.values[cell])),
      hint: Bilingual(
        zh: "改正其中一份；或用 --adjust 按比例服从更可靠的一份（列在前面的、证据等级高的）",
        en: "mend one of them, or let --adjust scale the less reliable one (worse evidence, or given later)"))
  }
  if differing.count > shown {
    problems.append(
      Problem(
        "balance.more-conflicts", .note, file: b.name,
        message: Bilingual(
          zh: "\(a.name) 与 \(b.name) 另有 \(differing.count - shown) 处不一致",
          en: "\(differing.count - shown) more disagreements between \(a.name) and \(b.name)")))
  }
  return problems
}

private func gross(_ sums: NamedArray, _ names: [String]) -> [Double] {
  NamedArray(axes: sums.axes, values: sums.values.map(abs)).marginal(over: names).values
}

/// A slice in words: `合计` for the grand total, else `region=北京, team=a`.
func place(_ axes: [NamedAxis], _ labels: [String]) -> (zh: String, en: String) {
  if axes.isEmpty { return ("合计", "the total") }
  let parts = zip(axes, labels).map { "\($0.name)=\($1)" }
  return ("“\(parts.joined(separator: "，"))”", parts.joined(separator: ", "))
}

/// A figure for a message: at most twelve significant digits, no noise.
func plain(_ number: Double) -> String { String(format: "%.12g", number) }
