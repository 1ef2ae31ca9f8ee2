import Dimensions
import Foundation
import LinearAlgebra
import Reconciliation

/// Minimum-trace reconciliation, shrunk covariance, of a full crossing: 78 places × 10 × 5.
let mintCase = Case(
  name: "mint", work: "MinT-shrink, 5 214 series (3 900 leaves), 40 residuals, 10 years",
  bars: ["hierarchicalforecast": 30],
  prepare: { folder in
    let hierarchy = try crossing()
    var random = DataGenerator(seed: 5214)
    var residuals: [Double] = []
    for _ in 0..<40 {
      let common = random.bell()
      let leaves = (0..<hierarchy.leafCount).map { _ in random.bell() + 0.5 * common }
      residuals += hierarchy.sums(leaves).map { $0 + random.bell() }
    }
    var base: [Double] = []
    for _ in 0..<10 {
      let leaves = (0..<hierarchy.leafCount).map { _ in 10 + 90 * random.unit() }
      base += hierarchy.sums(leaves).map { $0 * (1 + 0.05 * random.bell()) }
    }
    var sums: [Double] = []
    for node in 0..<hierarchy.aggregateCount {
      var row = [Double](repeating: 0, count: hierarchy.leafCount)
      for leaf in hierarchy.leaves(of: node) { row[leaf] = 1 }
      sums += row
    }
    try write(residuals, to: folder.appending(path: "residuals"))
    try write(base, to: folder.appending(path: "base"))
    try write(sums, to: folder.appending(path: "sums"))
  },
  contestants: [1, 2].map { threads in
    Contestant(name: threads == 1 ? "1 thread" : "2 threads") { folder in
      let hierarchy = try crossing()
      let (residuals, base) = try (
        matrix(folder.appending(path: "residuals"), rows: hierarchy.nodes.count),
        matrix(folder.appending(path: "base"), rows: hierarchy.nodes.count)
      )
      return {
        BLASThreads.set(threads)
        let reconciler = Reconciler(
          hierarchy, method: .minimumTraceShrink, residuals: residuals, centred: true)
        return try reconciler.reconciled(base).elements.reduce(0) { $0 + abs($1) }
      }
    }
  })

private func matrix(_ file: URL, rows: Int) throws -> Matrix {
  let elements = try readNumbers(file)
  return Matrix(rows: rows, columns: elements.count / rows, elements: elements)
}

/// Every sum over any of the three axes: (78 + 1)(10 + 1)(5 + 1) nodes.
private func crossing() throws -> Hierarchy {
  var links: [Hierarchy.Link] = []
  for place in 0..<78 {
    for industry in 0..<10 {
      for team in 0..<5 {
        let leaf = "\(place)/\(industry)/\(team)"
        let parents = [
          "total", "\(place)", "/\(industry)", "//\(team)", "\(place)/\(industry)", "\(place)//\(team)",
          "/\(industry)/\(team)",
        ]
        links += parents.map { Hierarchy.Link($0, leaf) }
      }
    }
  }
  return try Hierarchy(links)
}
