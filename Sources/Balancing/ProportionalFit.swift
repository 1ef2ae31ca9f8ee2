/// What one fit came to.
public struct Fit: Equatable, Sendable {
  /// The balanced cells, in the order of the seed.
  public let cells: [Double]
  /// Whether every margin is met to the tolerance.
  public let converged: Bool
  /// Sweeps over all margins.
  public let iterations: Int
  /// Largest |margin − target| ÷ |target| of the cells returned, over all margin cells; where a target
  /// is zero the absolute sum of the slice is the measure's base.
  public let maxRelativeError: Double
}

/// When to stop: at the aim, or within the tolerance once twenty sweeps no longer halve the error.
struct Progress {
  let aim: Double
  let tolerance: Double
  private var best = Double.infinity
  private var idle = 0

  init(aim: Double, tolerance: Double) {
    self.aim = aim
    self.tolerance = tolerance
  }

  mutating func isDone(_ error: Double) -> Bool {
    if error <= aim { return true }
    if error < best / 2 {
      best = error
      idle = 0
    } else {
      idle += 1
    }
    return error <= tolerance && idle >= 20
  }
}

extension BalancingPlan {
  /// Fits a table of non-negative cells to non-negative margins.
  ///
  /// Factors wait in one weight per row, and where a single margin runs along the rows in one weight per
  /// place along them too: a sweep then only reads the cells, twice, whatever the number of margins.
  ///
  /// Zero cells stay zero. A margin cell with target 0 empties its slice. Feasibility is the caller's
  /// to check (`balanced` does): a positive target over an empty slice is left unmet, never 0 ÷ 0.
  ///
  /// - Parameters:
  ///   - seed: one value a cell, last axis fastest.
  ///   - targets: one array a margin, in the order of `margins`; within a margin last axis fastest.
  ///   - tolerance: largest relative margin error of a fit that counts as converged.
  ///   - aim: error at which to stop, at most `tolerance` (the default): further sweeps settle the cells.
  ///     They end early where rounding lets them gain nothing.
  ///   - cap: most sweeps.
  public func balance(
    _ seed: [Double], to targets: [[Double]], tolerance: Double = 1e-10, aim: Double? = nil, cap: Int = 10_000
  ) -> Fit {
    precondition(seed.count == cellCount && targets.count == margins.count, "seed and targets fit the plan")
    let goals = layouts.indices.map { gathered(targets[$0], layouts[$0].order) }
    guard !layouts.isEmpty else {
      return Fit(cells: seed, converged: true, iterations: 0, maxRelativeError: 0)
    }
    var table = WeightedRows(self, cells: gathered(seed, order))
    var factors = layouts.map { [Double](repeating: 1, count: $0.size) }
    var sums = layouts.map { [Double](repeating: 0, count: $0.size) }
    var progress = Progress(aim: min(aim ?? tolerance, tolerance), tolerance: tolerance)
    var (iterations, error) = (0, Double.infinity)
    // Whether the sums of the margin at hand were formed while the cells were scaled for the one before.
    var isSummed = false
    while iterations < cap, error > tolerance {
      iterations += 1
      var seen = 0.0
      for k in layouts.indices {
        let (layout, next) = (layouts[k], k + 1 == layouts.count ? 0 : k + 1)
        if layout.followsRow, table.isAlongOneMargin {
          table.addAlong(layout, into: &sums[k])
          seen = max(seen, turn(&sums[k], goals[k], into: &factors[k]))
          table.scaleAlong(layout, factors[k])
        } else if layout.followsRow {
          if !isSummed { table.add(layout, into: &sums[k]) }
          seen = max(seen, turn(&sums[k], goals[k], into: &factors[k]))
          isSummed = layouts[next].followsRow && next != k
          if isSummed {
            table.scale(layout, factors[k], adding: layouts[next], into: &sums[next])
          } else {
            table.scale(layout, factors[k])
          }
        } else {
          table.addRows(layout, into: &sums[k])
          seen = max(seen, turn(&sums[k], goals[k], into: &factors[k]))
          table.scaleRows(layout, factors[k])
        }
      }
      // What a sweep saw is from before its last factors: look again at the end.
      if layouts.count == 1 || progress.isDone(seen) { error = table.settledError(goals) }
      if table.isUneven { table.settle() }
    }
    if error > tolerance { error = table.settledError(goals) }
    return Fit(
      cells: scattered(table.cells), converged: error <= tolerance, iterations: iterations,
      maxRelativeError: error)
  }

  /// Turns sums into factors and clears them; returns how far the sums were from the goals.
  private func turn(_ sums: inout [Double], _ goals: [Double], into factors: inout [Double]) -> Double {
    var worst = 0.0
    for j in factors.indices {
      let (sum, goal) = (sums[j], goals[j])
      factors[j] = sum > 0 ? goal / sum : (goal == 0 ? 0 : 1)
      let error = goal == 0 ? (sum > 0 ? 1 : 0) : abs(sum / goal - 1)
      if error > worst { worst = error }
      sums[j] = 0
    }
    return worst
  }
}
