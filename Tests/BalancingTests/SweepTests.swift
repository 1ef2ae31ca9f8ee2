import TestSupport
import Testing

@testable import Balancing

/// Property. However sweeps are arranged, they are the textbook's: scale by every margin in turn.
@Test(arguments: [
  Sweeps([4, 20, 3], [[0], [1], [2]]), Sweeps([5, 17], [[0], [1]]), Sweeps([3, 4, 18], [[0, 2], [1, 2]]),
  Sweeps([3, 4, 18], [[0, 1], [0, 2], [1, 2]]), Sweeps([6, 2, 19], [[2], [0, 1]]), Sweeps([7], [[0]]),
  Sweeps([2, 3, 2, 16], [[0, 3], [1], [], [2, 3]]), Sweeps([9, 8], [[1]]), Sweeps([9, 18], [[0]]),
])
func sweepsAreTheTextbooks(_ c: Sweeps) {
  var random = SeededGenerator(seed: UInt64(c.shape.count))
  let count = c.shape.reduce(1, *)
  let seed = (0..<count).map { $0 % 7 == 2 ? 0 : Double.random(in: 0.1..<9, using: &random) }
  let goal = (0..<count).map { $0 % 7 == 2 ? 0 : Double.random(in: 0.1..<9, using: &random) }
  let targets = c.margins.map { c.sums(goal, $0) }
  let plan = BalancingPlan(shape: c.shape, margins: c.margins)
  let fit = plan.balance(seed, to: targets, tolerance: 1e-300, cap: 12)
  var expected = seed
  for _ in 0..<12 {
    for (margin, target) in zip(c.margins, targets) {
      let factors = zip(target, c.sums(expected, margin)).map { $1 > 0 ? $0 / $1 : 1 }
      for cell in 0..<count { expected[cell] *= factors[c.place(cell, margin)] }
    }
  }
  #expect(zip(fit.cells, expected).allSatisfy { close($0, $1, relative: 1e-12) })
}

/// Totals that disagree by a factor of a million never meet, and never overflow on the way.
@Test func conflictingTotalsStayFinite() {
  let plan = BalancingPlan(shape: [2, 16], margins: [[0], [1]])
  let along = [Double](repeating: 1e6, count: 16)
  let fit = plan.balance([Double](repeating: 1, count: 32), to: [[8, 8], along], cap: 1000)
  #expect(!fit.converged && fit.iterations == 1000)
  #expect(fit.cells.allSatisfy { close($0, 5e5, relative: 1e-9) })
}

struct Sweeps: Sendable {
  let shape: [Int]
  let margins: [[Int]]

  init(_ shape: [Int], _ margins: [[Int]]) { (self.shape, self.margins) = (shape, margins) }

  /// The margin cell of a cell, both counted last axis fastest.
  func place(_ cell: Int, _ margin: [Int]) -> Int {
    var (rest, labels) = (cell, [Int](repeating: 0, count: shape.count))
    for axis in shape.indices.reversed() { (rest, labels[axis]) = rest.quotientAndRemainder(dividingBy: shape[axis]) }
    return margin.reduce(0) { $0 * shape[$1] + labels[$1] }
  }

  func sums(_ cells: [Double], _ margin: [Int]) -> [Double] {
    var sums = [Double](repeating: 0, count: margin.reduce(1) { $0 * shape[$1] })
    for cell in cells.indices { sums[place(cell, margin)] += cells[cell] }
    return sums
  }
}
