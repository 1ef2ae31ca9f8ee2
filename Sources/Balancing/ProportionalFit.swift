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
    var cells = gathered(seed, order)
    let goals = layouts.indices.map { gathered(targets[$0], layouts[$0].order) }
    guard !layouts.isEmpty else {
      return Fit(cells: seed, converged: true, iterations: 0, maxRelativeError: 0)
    }
    var factors = layouts.map { [Double](repeating: 1, count: $0.size) }
    var sums = layouts.map { [Double](repeating: 0, count: $0.size) }
    add(cells, layouts[0], into: &sums[0])
    var progress = Progress(aim: min(aim ?? tolerance, tolerance), tolerance: tolerance)
    var (iterations, error) = (0, Double.infinity)
    while iterations < cap, error > tolerance {
      iterations += 1
      var seen = 0.0
      for k in layouts.indices {
        seen = max(seen, turn(&sums[k], goals[k], into: &factors[k]))
        let next = k + 1 == layouts.count ? 0 : k + 1
        scaleAndAdd(&cells, layouts[k], factors[k], layouts[next], &sums[next])
      }
      // What a sweep saw is from before its last factors: look again at the end.
      if layouts.count == 1 || progress.isDone(seen) { error = largestError(cells, goals) }
    }
    if error > tolerance { error = largestError(cells, goals) }
    return Fit(
      cells: scattered(cells), converged: error <= tolerance, iterations: iterations, maxRelativeError: error)
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

  private func largestError(_ cells: [Double], _ goals: [[Double]]) -> Double {
    var worst = 0.0
    for (k, layout) in layouts.enumerated() {
      var sums = [Double](repeating: 0, count: layout.size)
      add(cells, layout, into: &sums)
      for (sum, goal) in zip(sums, goals[k]) where sum != goal {
        worst = max(worst, goal == 0 ? 1 : abs(sum / goal - 1))
      }
    }
    return worst
  }

  func add(_ cells: [Double], _ layout: MarginLayout, into sums: inout [Double]) {
    let length = rowLength
    cells.withUnsafeBufferPointer { cells in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in 0..<rowCount {
          let run = UnsafeBufferPointer(rebasing: cells[row * length..<(row + 1) * length])
          let to = layout.offsets[row]
          if layout.followsRow {
            addRow(run, into: UnsafeMutableBufferPointer(rebasing: sums[to..<to + length]))
          } else {
            sums[to] += rowSum(run)
          }
        }
      }
    }
  }

  /// One pass over the cells: multiply by the factors of one margin, add up for the next.
  private func scaleAndAdd(
    _ cells: inout [Double], _ scaling: MarginLayout, _ factors: [Double], _ adding: MarginLayout,
    _ sums: inout [Double]
  ) {
    let length = rowLength
    cells.withUnsafeMutableBufferPointer { cells in
      sums.withUnsafeMutableBufferPointer { sums in
        factors.withUnsafeBufferPointer { factors in
          for row in 0..<rowCount {
            let (start, from, to) = (row * length, scaling.offsets[row], adding.offsets[row])
            let run = UnsafeMutableBufferPointer(rebasing: cells[start..<start + length])
            switch (scaling.followsRow, adding.followsRow) {
            case (true, true):
              let along = UnsafeBufferPointer(rebasing: factors[from..<from + length])
              scaleRow(run, by: along, into: UnsafeMutableBufferPointer(rebasing: sums[to..<to + length]))
            case (false, true):
              scaleRow(run, by: factors[from], into: UnsafeMutableBufferPointer(rebasing: sums[to..<to + length]))
            case (true, false):
              sums[to] += scaledSum(run, by: UnsafeBufferPointer(rebasing: factors[from..<from + length]))
            case (false, false):
              sums[to] += scaledSum(run, by: factors[from])
            }
          }
        }
      }
    }
  }
}
