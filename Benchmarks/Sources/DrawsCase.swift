import Dispatch
import Foundation
import Simulation

/// Standard normals addressed by draw and year, summed as squares.
let drawsCase = Case(
  name: "draws", work: "10⁷ normals from a counter-based generator",
  bars: ["numpy Philox (ziggurat)": 2],
  prepare: { _ in },
  contestants: [
    Contestant(name: "2 threads") { _ in { sumOfSquares(threads: 2) } },
    Contestant(name: "1 thread") { _ in { sumOfSquares(threads: 1) } },
    Contestant(name: "1 thread, one at a time") { _ in
      let stream = RandomStream(seed: 1, stream: 0)
      return {
        var sum = 0.0
        for year in 0..<10 {
          for draw in 0..<1_000_000 {
            let z = stream.normal(draw: draw, year: year)
            sum += z * z
          }
        }
        return (sum / 1e7 * 100).rounded() / 100
      }
    },
  ])

private func sumOfSquares(threads: Int) -> Double {
  let stream = RandomStream(seed: 1, stream: 0)
  let sums = inParallel(500, threads: threads) { block in
    var first = [Double](repeating: 0, count: 10_000)
    var second = first
    let (year, part) = block.quotientAndRemainder(dividingBy: 100)
    stream.fillNormals(
      draws: part * 10_000..<(part + 1) * 10_000, year: year, first: &first, second: &second)
    return first.reduce(0) { $0 + $1 * $1 } + second.reduce(0) { $0 + $1 * $1 }
  }
  return (sums.reduce(0, +) / 1e7 * 100).rounded() / 100
}
