/// What an outsider can work out about unknowns x ≥ 0 with A x = b: the least and the greatest value of
/// each, by the primal simplex method on a dense tableau.
///
/// - Source: Fischetti & Salazar-González (2001), *Solving the cell suppression problem*, Management
///   Science 47(7): the attacker's problem.
struct Bounds {
  /// Rows of coefficients over all unknowns; the last column is the right-hand side.
  private var rows: [[Double]]
  private var basis: [Int]
  private let count: Int
  private let scale: Double
  private static let tiny = 1e-9

  /// - Parameters:
  ///   - equations: coefficients by unknown (0..<count) and right-hand side.
  /// - Returns: nil when no x ≥ 0 satisfies them.
  init?(_ equations: [(terms: [(unknown: Int, factor: Double)], sum: Double)], count: Int) {
    self.count = count
    let scale = max(equations.map { abs($0.sum) }.max() ?? 1, 1)
    self.scale = scale
    rows = equations.map { equation in
      var row = [Double](repeating: 0, count: count + 1)
      let sign: Double = equation.sum < 0 ? -1 : 1
      for (unknown, factor) in equation.terms { row[unknown] += sign * factor }
      row[count] = sign * equation.sum / scale
      return row
    }
    basis = [Int](repeating: -1, count: equations.count)
    guard findStart() else { return nil }
  }

  /// Phase one: rows whose basis is −1 stand on an artificial unknown; their sum is driven to zero.
  private mutating func findStart() -> Bool {
    var cost = [Double](repeating: 0, count: count + 1)
    for row in rows { for j in 0...count { cost[j] -= row[j] } }
    var steps = 0
    while steps < 50 * (rows.count + 10), let enter = entering(cost, careful: steps > 10 * rows.count) {
      guard let leave = leaving(enter) else { break }
      pivot(leave, enter, &cost)
      steps += 1
    }
    for r in rows.indices.reversed() where basis[r] < 0 {
      if rows[r][count] > 1e-6 { return false }
      rows[r][count] = 0
      if let j = (0..<count).first(where: { abs(rows[r][$0]) > 1e-7 }) {
        pivot(r, j, &cost)
      } else {
        rows.remove(at: r)
        basis.remove(at: r)
      }
    }
    return true
  }

  /// The least value of an unknown, or some value at or below `enough`.
  mutating func least(_ unknown: Int, enough: Double = -.infinity) -> Double {
    let limit = enough / scale
    return optimise(unknown, sign: 1) { $0 <= limit } * scale
  }

  /// The greatest value of an unknown, or some value at or above `enough`; infinite when nothing limits it.
  mutating func greatest(_ unknown: Int, enough: Double = .infinity) -> Double {
    let limit = enough / scale
    return optimise(unknown, sign: -1) { $0 >= limit } * scale
  }

  private mutating func optimise(_ unknown: Int, sign: Double, until enough: (Double) -> Bool) -> Double {
    var cost = [Double](repeating: 0, count: count + 1)
    cost[unknown] = sign
    if let r = basis.firstIndex(of: unknown) { for j in 0...count { cost[j] -= sign * rows[r][j] } }
    var steps = 0
    while steps < 50 * (rows.count + 10) {
      let value = basis.firstIndex(of: unknown).map { rows[$0][count] } ?? 0
      if enough(value) { return value }
      guard let enter = entering(cost, careful: steps > 10 * rows.count) else { return value }
      guard let leave = leaving(enter) else { return sign > 0 ? 0 : .infinity }
      pivot(leave, enter, &cost)
      steps += 1
    }
    return basis.firstIndex(of: unknown).map { rows[$0][count] } ?? 0
  }

  /// The steepest column, or the first (Bland's rule) when the method might cycle.
  private func entering(_ cost: [Double], careful: Bool) -> Int? {
    if careful { return (0..<count).first { cost[$0] < -Bounds.tiny } }
    var best: Int?
    var low = -Bounds.tiny
    for j in 0..<count where cost[j] < low { (best, low) = (j, cost[j]) }
    return best
  }

  private func leaving(_ enter: Int) -> Int? {
    var best: Int?
    var least = Double.infinity
    for r in rows.indices where rows[r][enter] > 1e-7 {
      let ratio = max(rows[r][count], 0) / rows[r][enter]
      if ratio < least - 1e-12 || (ratio < least + 1e-12 && basis[r] < best.map { basis[$0] } ?? .max) {
        (best, least) = (r, min(ratio, least))
      }
    }
    return best
  }

  private mutating func pivot(_ r: Int, _ j: Int, _ cost: inout [Double]) {
    let divisor = rows[r][j]
    for k in 0...count { rows[r][k] /= divisor }
    rows[r][j] = 1
    let pivotRow = rows[r]
    for i in rows.indices where i != r && rows[i][j] != 0 { Bounds.subtract(pivotRow, times: rows[i][j], from: &rows[i], j) }
    if cost[j] != 0 { Bounds.subtract(pivotRow, times: cost[j], from: &cost, j) }
    basis[r] = j
  }

  private static func subtract(_ row: [Double], times factor: Double, from target: inout [Double], _ j: Int) {
    for k in row.indices { target[k] -= factor * row[k] }
    target[j] = 0
  }
}
