extension BalancingPlan {
  /// Fits a table whose cells or targets may be negative (generalised RAS, in any dimension).
  ///
  /// Positive cells are multiplied and negative cells divided by the same factor f of a slice, which
  /// solves `f·P − N/f = target`, P the positive sum and N the negative sum in magnitude:
  /// `f = (target + √(target² + 4 P N)) ÷ 2P`. Signs are kept. Without negative cells this is `balance`.
  ///
  /// - Source: Junius & Oosterhaven (2003), Economic Systems Research 15(1); corrected objective by
  ///   Lenzen, Wood & Gallego (2007).
  public func balanceSigned(
    _ seed: [Double], to targets: [[Double]], tolerance: Double = 1e-10, aim: Double? = nil, cap: Int = 10_000
  ) -> Fit {
    precondition(seed.count == cellCount && targets.count == margins.count, "seed and targets fit the plan")
    var cells = gathered(seed, order)
    let goals = layouts.indices.map { gathered(targets[$0], layouts[$0].order) }
    let slices = layouts.map { layout in cellTargets(layout) }
    var iterations = 0
    var error = signedError(cells, slices, goals)
    var progress = Progress(aim: min(aim ?? tolerance, tolerance), tolerance: tolerance)
    while iterations < cap, !progress.isDone(error) {
      iterations += 1
      for k in layouts.indices { fitSigned(&cells, slices[k], goals[k]) }
      error = signedError(cells, slices, goals)
    }
    return Fit(
      cells: scattered(cells), converged: error <= tolerance, iterations: iterations, maxRelativeError: error)
  }

  /// The margin cell of every cell.
  private func cellTargets(_ layout: MarginLayout) -> [Int] {
    var targets: [Int] = []
    targets.reserveCapacity(cellCount)
    for row in 0..<rowCount {
      for i in 0..<rowLength { targets.append(layout.offsets[row] + (layout.followsRow ? i : 0)) }
    }
    return targets
  }

  private func fitSigned(_ cells: inout [Double], _ slice: [Int], _ goals: [Double]) {
    let (positive, negative) = signedSums(cells, slice, goals.count)
    let factors = goals.indices.map { signedFactor(positive[$0], negative[$0], goals[$0]) }
    for c in cells.indices {
      if cells[c] > 0 {
        cells[c] *= factors[slice[c]]
      } else if cells[c] < 0 {
        let factor = factors[slice[c]]
        cells[c] = factor == .infinity ? 0 : cells[c] / factor
      }
    }
  }

  private func signedSums(_ cells: [Double], _ slice: [Int], _ count: Int) -> ([Double], [Double]) {
    var positive = [Double](repeating: 0, count: count)
    var negative = positive
    for c in cells.indices {
      if cells[c] > 0 { positive[slice[c]] += cells[c] } else { negative[slice[c]] -= cells[c] }
    }
    return (positive, negative)
  }

  /// The root of `f·P − N/f = goal`; 1 where no factor can meet the goal.
  private func signedFactor(_ positive: Double, _ negative: Double, _ goal: Double) -> Double {
    if positive == 0 {
      if negative == 0 || goal > 0 { return 1 }
      return goal == 0 ? .infinity : -negative / goal
    }
    if negative == 0 { return goal < 0 ? 1 : goal / positive }
    let root = (goal * goal + 4 * positive * negative).squareRoot()
    // The second form avoids cancellation when the goal is negative.
    return goal >= 0 ? (goal + root) / (2 * positive) : 2 * negative / (root - goal)
  }

  private func signedError(_ cells: [Double], _ slices: [[Int]], _ goals: [[Double]]) -> Double {
    var worst = 0.0
    for k in goals.indices {
      let (positive, negative) = signedSums(cells, slices[k], goals[k].count)
      for (j, goal) in goals[k].enumerated() where positive[j] - negative[j] != goal {
        let base = goal == 0 ? positive[j] + negative[j] : abs(goal)
        worst = max(worst, abs(positive[j] - negative[j] - goal) / base)
      }
    }
    return worst
  }
}
