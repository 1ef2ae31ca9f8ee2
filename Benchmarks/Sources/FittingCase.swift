import Balancing
import Foundation

/// Proportional fitting of ten tables of 13 × 97 × 5 cells to three margins, a hundred times each.
let fittingCase = Case(
  name: "fitting", work: "IPF of 13 × 97 × 5 cells to 3 margins within 1e-10, 1 000 times",
  bars: ["numpy": 2.5, "ipfn (10 times, scaled)": 100],
  prepare: { folder in
    var random = DataGenerator(seed: 13)
    try write((0..<10 * 6305).map { _ in 0.1 + 9.9 * random.unit() }, to: folder.appending(path: "seeds"))
    for (axis, length) in [13, 97, 5].enumerated() {
      let parts = (0..<length).map { _ in 0.5 + 1.5 * random.unit() }
      let total = parts.reduce(0, +)
      try write(parts.map { 1e6 * $0 / total }, to: folder.appending(path: "margin\(axis)"))
    }
  },
  contestants: [
    Contestant(name: "1 thread") { folder in
      let cells = try readNumbers(folder.appending(path: "seeds"))
      let seeds = (0..<10).map { Array(cells[$0 * 6305..<($0 + 1) * 6305]) }
      let targets = try (0..<3).map { try readNumbers(folder.appending(path: "margin\($0)")) }
      return {
        let plan = BalancingPlan(shape: [13, 97, 5], margins: [[0], [1], [2]])
        var sum = 0.0
        for time in 0..<1000 { sum += plan.balance(seeds[time % 10], to: targets).cells[0] }
        return sum
      }
    }
  ])
