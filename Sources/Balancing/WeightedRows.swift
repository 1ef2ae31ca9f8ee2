/// The cells of a fit under way: what stands in row r at place j counts `weights[r]` times, and with a
/// single margin along the rows `along[j]` times that.
struct WeightedRows {
  private let plan: BalancingPlan
  private(set) var cells: [Double]
  private var weights: [Double]
  /// Sums of the rows without their weights.
  private var rowSums: [Double]
  /// One a cell of the margin that runs along the rows; empty when there are none or several.
  private var along: [Double] = []

  init(_ plan: BalancingPlan, cells: [Double]) {
    self.plan = plan
    self.cells = cells
    weights = [Double](repeating: 1, count: plan.rowCount)
    rowSums = weights
    let following = plan.layouts.filter(\.followsRow)
    if following.count == 1 { along = [Double](repeating: 1, count: following[0].size) }
    let length = plan.rowLength
    cells.withUnsafeBufferPointer { cells in
      for row in 0..<plan.rowCount {
        rowSums[row] = rowSum(UnsafeBufferPointer(rebasing: cells[row * length..<(row + 1) * length]))
      }
    }
  }

  var isAlongOneMargin: Bool { !along.isEmpty }

  /// Weights so far from 1 that cells behind them could lose digits or overflow.
  var isUneven: Bool {
    func isFar(_ weight: Double) -> Bool { weight > 1e30 || (weight < 1e-30 && weight > 0) }
    return weights.contains(where: isFar) || along.contains(where: isFar)
  }

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

  // MARK: A single margin along the rows

  /// Adds the cells to it; cells that share a place are read four rows at a time.
  func addAlong(_ layout: BalancingPlan.MarginLayout, into sums: inout [Double]) {
    let (length, count) = (plan.rowLength, plan.rowCount)
    cells.withUnsafeBufferPointer { cells in
      sums.withUnsafeMutableBufferPointer { sums in
        var row = 0
        while row < count {
          let to = layout.offsets[row]
          let target = UnsafeMutableBufferPointer(rebasing: sums[to..<to + length])
          if row + 4 <= count, layout.offsets[row..<row + 4].allSatisfy({ $0 == to }) {
            let four = SIMD4(weights[row], weights[row + 1], weights[row + 2], weights[row + 3])
            addFourRows(
              UnsafeBufferPointer(rebasing: cells[row * length..<(row + 4) * length]), times: four, into: target)
            row += 4
          } else {
            addRow(
              UnsafeBufferPointer(rebasing: cells[row * length..<(row + 1) * length]), times: weights[row],
              into: target)
            row += 1
          }
        }
      }
    }
    for j in along.indices { sums[j] *= along[j] }
  }

  mutating func scaleAlong(_ layout: BalancingPlan.MarginLayout, _ factors: [Double]) {
    let (length, count) = (plan.rowLength, plan.rowCount)
    for j in along.indices { along[j] *= factors[j] }
    cells.withUnsafeBufferPointer { cells in
      along.withUnsafeBufferPointer { along in
        var row = 0
        while row < count {
          let from = layout.offsets[row]
          let factors = UnsafeBufferPointer(rebasing: along[from..<from + length])
          if row + 4 <= count, layout.offsets[row..<row + 4].allSatisfy({ $0 == from }) {
            let four = fourProducts(
              UnsafeBufferPointer(rebasing: cells[row * length..<(row + 4) * length]), factors)
            for k in 0..<4 { rowSums[row + k] = four[k] }
            row += 4
          } else {
            rowSums[row] = rowProduct(
              UnsafeBufferPointer(rebasing: cells[row * length..<(row + 1) * length]), factors)
            row += 1
          }
        }
      }
    }
  }

  // MARK: Settling

  /// Multiplies the weights into the cells.
  mutating func settle() {
    let length = plan.rowLength
    if let layout = plan.layouts.first(where: \.followsRow), isAlongOneMargin {
      scale(layout, along)
      for j in along.indices { along[j] = 1 }
    }
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
