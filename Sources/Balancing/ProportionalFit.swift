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
  /// Factors of margins that do not run along the rows of cells wait in one weight per row, so a sweep
  /// costs two passes over the cells per margin that does, and none for the others.
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
        if layout.followsRow {
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

/// The cells of a fit under way: what stands in row r counts `weights[r]` times.
private struct WeightedRows {
  private let plan: BalancingPlan
  private(set) var cells: [Double]
  private var weights: [Double]
  /// Sums of the rows as they stand, without their weights.
  private var rowSums: [Double]

  init(_ plan: BalancingPlan, cells: [Double]) {
    self.plan = plan
    self.cells = cells
    weights = [Double](repeating: 1, count: plan.rowCount)
    rowSums = weights
    let length = plan.rowLength
    cells.withUnsafeBufferPointer { cells in
      for row in 0..<plan.rowCount {
        rowSums[row] = rowSum(UnsafeBufferPointer(rebasing: cells[row * length..<(row + 1) * length]))
      }
    }
  }

  /// Weights so far from 1 that cells behind them could lose digits or overflow.
  var isUneven: Bool { weights.contains { $0 > 1e30 || ($0 < 1e-30 && $0 > 0) } }

  /// Adds the rows' sums to a margin that does not run along the rows.
  func addRows(_ layout: BalancingPlan.MarginLayout, into sums: inout [Double]) {
    for row in weights.indices { sums[layout.offsets[row]] += weights[row] * rowSums[row] }
  }

  mutating func scaleRows(_ layout: BalancingPlan.MarginLayout, _ factors: [Double]) {
    for row in weights.indices { weights[row] *= factors[layout.offsets[row]] }
  }

  /// Adds the cells to a margin that runs along the rows.
  func add(_ layout: BalancingPlan.MarginLayout, into sums: inout [Double]) {
    let length = plan.rowLength
    cells.withUnsafeBufferPointer { cells in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in weights.indices {
          let to = layout.offsets[row]
          addRow(
            UnsafeBufferPointer(rebasing: cells[row * length..<(row + 1) * length]), times: weights[row],
            into: UnsafeMutableBufferPointer(rebasing: sums[to..<to + length]))
        }
      }
    }
  }

  /// Multiplies the cells by the factors of a margin that runs along the rows.
  mutating func scale(_ layout: BalancingPlan.MarginLayout, _ factors: [Double]) {
    let length = plan.rowLength
    cells.withUnsafeMutableBufferPointer { cells in
      rowSums.withUnsafeMutableBufferPointer { rowSums in
        factors.withUnsafeBufferPointer { factors in
          for row in rowSums.indices {
            let from = layout.offsets[row]
            rowSums[row] = scaledSum(
              UnsafeMutableBufferPointer(rebasing: cells[row * length..<(row + 1) * length]),
              by: UnsafeBufferPointer(rebasing: factors[from..<from + length]))
          }
        }
      }
    }
  }

  /// The same, adding up for the next margin, which runs along the rows too.
  mutating func scale(
    _ layout: BalancingPlan.MarginLayout, _ factors: [Double], adding next: BalancingPlan.MarginLayout,
    into sums: inout [Double]
  ) {
    let length = plan.rowLength
    cells.withUnsafeMutableBufferPointer { cells in
      sums.withUnsafeMutableBufferPointer { sums in
        factors.withUnsafeBufferPointer { factors in
          for row in weights.indices {
            let (from, to) = (layout.offsets[row], next.offsets[row])
            scaleRow(
              UnsafeMutableBufferPointer(rebasing: cells[row * length..<(row + 1) * length]),
              by: UnsafeBufferPointer(rebasing: factors[from..<from + length]), times: weights[row],
              into: UnsafeMutableBufferPointer(rebasing: sums[to..<to + length]))
          }
        }
      }
    }
  }

  /// Multiplies the weights into the cells.
  mutating func settle() {
    let length = plan.rowLength
    cells.withUnsafeMutableBufferPointer { cells in
      for row in weights.indices {
        let run = UnsafeMutableBufferPointer(rebasing: cells[row * length..<(row + 1) * length])
        rowSums[row] = scaledSum(run, by: weights[row])
        weights[row] = 1
      }
    }
  }

  /// Largest relative error of any margin, of the cells as they are returned.
  mutating func settledError(_ goals: [[Double]]) -> Double {
    settle()
    var worst = 0.0
    for (layout, goal) in zip(plan.layouts, goals) {
      var sums = [Double](repeating: 0, count: layout.size)
      if layout.followsRow { add(layout, into: &sums) } else { addRows(layout, into: &sums) }
      for (sum, goal) in zip(sums, goal) where sum != goal {
        worst = max(worst, goal == 0 ? 1 : abs(sum / goal - 1))
      }
    }
    return worst
  }
}
