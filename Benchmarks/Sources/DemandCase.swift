import Foundation
import Simulation

/// Demand as base × exp(trend + random walk) for 13 regions × 20 industries × 15 years in 10 000 draws,
/// summed to a national fan: five quantiles a year.
let demandCase = Case(
  name: "demand", work: "Monte Carlo demand 10 000 × 13 × 20 × 15, fan of the total",
  bars: ["numpy": 2],
  prepare: { _ in },
  contestants: [
    Contestant(name: "2 threads") { _ in { medianOfLastYear(threads: 2) } },
    Contestant(name: "1 thread") { _ in { medianOfLastYear(threads: 1) } },
  ])

private let (draws, regions, industries, years) = (10_000, 13, 20, 15)

/// Whole cells per piece of work: 500 draws stay in cache through all cells and years.
private func medianOfLastYear(threads: Int) -> Double {
  let block = 500
  let pieces = inParallel(draws / block, threads: threads) { piece in
    totals(of: piece * block..<(piece + 1) * block)
  }
  let fans = (0..<years).map { year in
    quantiles(pieces.flatMap { $0[year * block..<(year + 1) * block] }, at: [0.025, 0.1, 0.5, 0.9, 0.975])
  }
  return fans[years - 1][2].rounded(toPlaces: -5)
}

/// National demand, year by year, draw by draw within the year.
private func totals(of range: Range<Int>) -> [Double] {
  let n = range.count
  var total = [Double](repeating: 0, count: n * years)
  var (first, second) = ([Double](repeating: 0, count: n), [Double](repeating: 0, count: n))
  var walk = [Double](repeating: 0, count: 2 * n)
  for pair in 0..<regions * industries / 2 {
    let stream = RandomStream(seed: 7, stream: UInt32(pair))
    let base = (0..<2).map { 1000 * Double(1 + (2 * pair + $0) % 17) }
    for k in 0..<2 * n { walk[k] = 0 }
    for year in 0..<years {
      stream.fillNormals(draws: range, year: year, first: &first, second: &second)
      for k in 0..<n {
        walk[k] += 0.03 + 0.05 * first[k]
        walk[n + k] += 0.03 + 0.05 * second[k]
        total[year * n + k] += base[0] * exp(walk[k]) + base[1] * exp(walk[n + k])
      }
    }
  }
  return total
}

extension Double {
  fileprivate func rounded(toPlaces places: Int) -> Double {
    let unit = pow(10, Double(-places))
    return (self / unit).rounded() * unit
  }
}
