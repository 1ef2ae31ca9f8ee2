import Dimensions
import Messages

/// A table that has the margins asked for, and how it got there.
public struct BalancedTable: Equatable, Sendable {
  public let cells: NamedArray
  public let converged: Bool
  /// Sweeps over all margins.
  public let iterations: Int
  /// Largest |sum − target| ÷ |target| over all margin cells, the targets as they were given; of a margin that was
  /// scaled to a better one (see `notes`) as it was scaled.
  public let maxRelativeError: Double
  /// Largest cell ÷ seed, where a fit strains most; 1 when no cell is positive.
  public let largestMultiplier: Double
  /// The cell it belongs to.
  public let largestMultiplierCell: Int
  /// Cells that the totals bring below a millionth of their seed: the sign of zeros that leave no room.
  public let vanishing: Int
  /// What was changed in the input on the way: margins scaled to better ones, zeros filled.
  public let notes: [Bilingual]
}

/// Fits a table to margins over any of its axes, after checking that this can be done.
///
/// The result is the table with those margins nearest to the seed in Kullback–Leibler divergence: it
/// keeps the seed's odds ratios and its zeros. Balancing spreads known totals; it adds no knowledge of
/// the cells. With negative cells or targets it is generalised RAS, which keeps signs.
///
/// - Parameters:
///   - seed: first guess of the cells, finite.
///   - margins: each over a subset of the seed's axes with the same labels.
/// - Throws: all reasons at once: shared totals that disagree (both figures), positive targets over
///   cells that are all zero (named), targets that the zeros of the seed cannot carry (named),
///   negative targets over non-negative cells, figures that are not finite.
/// - Source: Deming & Stephan (1940); Miller & Blair (2009) §7.4.2.
public func balanced(
  _ seed: NamedArray, to margins: [Margin], options: BalancingOptions = BalancingOptions()
) throws(ProblemReport) -> BalancedTable {
  let problems = notFinite(seed, margins)
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  var notes: [Bilingual] = []
  let start = filled(seed, options.zeros, &notes)
  let given = margins.map { inSeedOrder($0, seed) }
  let agreed = try agreeing(given, options, &notes)
  let isSigned = start.values.contains { $0 < 0 } || agreed.contains { $0.sums.values.contains { $0 < 0 } }
  let impossible = impossibleTargets(start, agreed, isSigned: isSigned)
  guard impossible.isEmpty else { throw ProblemReport(.badData, impossible) }
  let pattern = isSigned ? ZeroPattern() : zeroPattern(start, agreed)
  guard pattern.problems.isEmpty else { throw ProblemReport(.badData, pattern.problems) }
  let support = emptied(start, pattern.emptied, &notes)

  let plan = BalancingPlan(
    shape: seed.axes.map(\.labels.count),
    margins: agreed.map { margin in margin.sums.axes.compactMap { seed.axisNames.firstIndex(of: $0.name) } })
  let targets = agreed.map(\.sums.values)
  // Cells settle later than margins: a margin right to 1e-10 may have cells right to 1e-7 only.
  let aim = options.tolerance / 1000
  let fit =
    isSigned
    ? plan.balanceSigned(support, to: targets, tolerance: options.tolerance, aim: aim, cap: options.cap)
    : plan.balance(support, to: targets, tolerance: options.tolerance, aim: aim, cap: options.cap)
  let cells = NamedArray(axes: seed.axes, values: fit.cells)
  // Totals that differ by rounding were levelled: what is printed is how far the cells are from the totals given.
  var error = fit.maxRelativeError
  for (before, after) in zip(given, agreed) where before.sums != after.sums && !isScaled(before, after) {
    error = max(error, relativeError(cells, before.sums))
  }
  let strain = largestMultiplier(fit.cells, start.values)
  return BalancedTable(
    cells: cells, converged: fit.converged, iterations: fit.iterations, maxRelativeError: error,
    largestMultiplier: strain.ratio, largestMultiplierCell: strain.cell,
    vanishing: start.values.indices.count { start.values[$0] != 0 && abs(fit.cells[$0]) < 1e-6 * abs(start.values[$0]) },
    notes: notes)
}

/// Whether a margin was moved by more than the noise of its figures.
private func isScaled(_ before: Margin, _ after: Margin) -> Bool {
  largestChange(before.sums, after.sums).map { $0.relative > agreementTolerance } ?? false
}

/// Of the sums of the cells; where a goal is zero, relative to what the slice holds without regard to sign.
private func relativeError(_ cells: NamedArray, _ goals: NamedArray) -> Double {
  let sums = cells.marginal(over: goals.axisNames).values
  let gross = NamedArray(axes: cells.axes, values: cells.values.map(abs)).marginal(over: goals.axisNames).values
  return sums.indices.reduce(0) { worst, j in
    let (sum, goal) = (sums[j], goals.values[j])
    return sum == goal ? worst : max(worst, abs(sum - goal) / (goal == 0 ? gross[j] : abs(goal)))
  }
}

private func inSeedOrder(_ margin: Margin, _ seed: NamedArray) -> Margin {
  for axis in margin.sums.axes {
    precondition(seed.axes.contains(axis), "margin \(margin.name): axis \(axis.name) is not an axis of the seed")
  }
  let names = seed.axisNames.filter(margin.sums.axisNames.contains)
  return Margin(margin.name, margin.sums.marginal(over: names), evidence: margin.evidence)
}

private func filled(_ seed: NamedArray, _ policy: ZeroPolicy, _ notes: inout [Bilingual]) -> NamedArray {
  guard case .sampling(let share) = policy else { return seed }
  guard let smallest = seed.values.filter({ $0 > 0 }).min() else { return seed }
  let zeros = seed.values.count { $0 == 0 }
  guard zeros > 0 else { return seed }
  let start = share * smallest
  notes.append(
    Bilingual(
      zh: "种子表中的 \(zeros) 个零按抽样零处理，起始值为 \(plain(start))",
      en: "\(zeros) zero cells of the seed are taken as unsampled and start at \(plain(start))"))
  return NamedArray(axes: seed.axes, values: seed.values.map { $0 == 0 ? start : $0 })
}

private func emptied(_ start: NamedArray, _ cells: [Int], _ notes: inout [Bilingual]) -> [Double] {
  guard let first = cells.first else { return start.values }
  var values = start.values
  for cell in cells { values[cell] = 0 }
  let place = place(start.axes, start.labels(at: first))
  notes.append(
    Bilingual(
      zh: "种子表的零使 \(cells.count) 个有种子的单元格只能为零（首个：\(place.zh)）",
      en: "the zeros of the seed leave nothing for \(cells.count) cells that have a seed (the first: \(place.en))"))
  return values
}

private func largestMultiplier(_ cells: [Double], _ seed: [Double]) -> (ratio: Double, cell: Int) {
  var best = (ratio: 0.0, cell: 0)
  for i in cells.indices where seed[i] != 0 {
    let ratio = cells[i] / seed[i]
    if ratio > best.ratio { best = (ratio, i) }
  }
  return best
}
