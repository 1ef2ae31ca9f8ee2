import LinearAlgebra

extension Absorption {
  /// Rows × rows up to which leverages that have no shorter way are found one row at a time.
  private static let patience = 25_000_000

  /// How much of its own value the effects alone explain, one per row; nil where that takes too long.
  var leverage: [Double]? {
    let rows = groupings.first?.codes.count ?? 0
    switch method {
    case .none: return [Double](repeating: 0, count: rows)
    case .means:
      let codes = groupings[0].codes
      return (0..<rows).map { (weights?[$0] ?? 1) / masses[0][Int(codes[$0])] }
    case .balanced:
      let share = groupings.reduce(0.0) { $0 + Double($1.count) } - 1
      return [Double](repeating: share / Double(rows), count: rows)
    case .pairs, .several: return rows * rows <= Self.patience ? leverageRowByRow(rows) : nil
    }
  }

  /// What the effects make of a column that is 1 in one row only, in that row.
  private func leverageRowByRow(_ rows: Int) -> [Double] {
    var leverages = [Double](repeating: 0, count: rows)
    leverages.withUnsafeMutableBufferPointer { leverages in
      inParallel(rows) { row in
        var column = [Double](repeating: 0, count: rows)
        column[row] = 1
        let found = effects(of: column).effects
        leverages[row] = zip(groupings, found).reduce(0) { $0 + $1.1[Int($1.0.codes[row])] }
      }
    }
    return leverages
  }
}
