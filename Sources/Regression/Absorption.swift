import LinearAlgebra

/// Sweeps the effects of one or more groupings out of columns: what is left is orthogonal, in the
/// weights, to every group's indicator.
///
/// One grouping: group means. Two in balanced data: both means, closed form. Two in any data: the
/// larger is eliminated, the smaller solved for directly or by conjugate gradients. Three or more:
/// conjugate gradients on the normal equations of all indicators.
struct Absorption: Sendable {
  let groupings: [Grouping]
  /// Independent parameters swept out; an upper bound for three and more groupings.
  let degreesOfFreedom: Int
  private let weights: [Double]?
  private let method: Method

  private enum Method: Sendable {
    case none
    case means
    case balanced
    case pairs(PairTable)
    case several
  }

  init(_ given: [Grouping], weights: [Double]?) {
    let groupings = Self.withoutRepetitions(given)
    self.groupings = groupings
    self.weights = weights
    switch groupings.count {
    case 0: (method, degreesOfFreedom) = (.none, 0)
    case 1: (method, degreesOfFreedom) = (.means, groupings[0].count)
    case 2:
      let total = groupings[0].count + groupings[1].count
      if weights == nil, isBalanced(groupings[0], groupings[1]) {
        (method, degreesOfFreedom) = (.balanced, total - 1)
      } else {
        let table = PairTable(groupings[0], groupings[1], weights: weights)
        (method, degreesOfFreedom) = (.pairs(table), total - table.components)
      }
    default:
      method = .several
      degreesOfFreedom = groupings.reduce(1 - groupings.count) { $0 + $1.count }
    }
  }

  /// A grouping that a finer one determines adds nothing; of equal ones the first stays.
  private static func withoutRepetitions(_ given: [Grouping]) -> [Grouping] {
    given.indices.filter { i in
      !given.indices.contains { j in
        guard i != j, given[j].count >= given[i].count, given[j].isNested(in: given[i]) else { return false }
        return given[j].count > given[i].count || j < i
      }
    }.map { given[$0] }
  }

  /// Columns without the effects, and the most iterations any of them took (0: direct).
  func residuals(of columns: [[Double]]) throws(RegressionError) -> (columns: [[Double]], iterations: Int) {
    var results = [[Double]](repeating: [], count: columns.count)
    var iterations = [Int](repeating: 0, count: columns.count)
    results.withUnsafeMutableBufferPointer { results in
      iterations.withUnsafeMutableBufferPointer { iterations in
        inParallel(columns.count) { c in
          let (effects, steps) = effects(of: columns[c])
          results[c] = subtract(effects, from: columns[c])
          // A second, direct round removes what rounding left of the first.
          switch method {
          case .means, .balanced:
            results[c] = subtract(self.effects(of: results[c]).effects, from: results[c])
          default: break
          }
          iterations[c] = steps
        }
      }
    }
    if let failed = iterations.firstIndex(of: -1) {
      throw .noConvergence(what: "absorbing effects from column \(failed + 1)", iterations: Self.limit)
    }
    return (results, iterations.max() ?? 0)
  }

  /// Leverage of the effects alone, when it is known in closed form.
  var leverage: [Double]? {
    let rows = groupings.first?.codes.count ?? 0
    switch method {
    case .none: return nil
    case .means:
      let totals = sums([Double](repeating: 1, count: rows), groupings[0])
      return (0..<rows).map { (weights?[$0] ?? 1) / totals[Int(groupings[0].codes[$0])] }
    case .balanced:
      let share = groupings.reduce(0.0) { $0 + Double($1.count) } - 1
      return [Double](repeating: share / Double(rows), count: rows)
    case .pairs, .several: return nil
    }
  }

  private static let limit = 10_000

  /// One effect per group of each grouping; −1 steps when conjugate gradients did not converge.
  func effects(of column: [Double]) -> (effects: [[Double]], steps: Int) {
    switch method {
    case .none: return ([], 0)
    case .means: return ([means(column, groupings[0])], 0)
    case .balanced:
      let (first, second) = (means(column, groupings[0]), means(column, groupings[1]))
      let grand = first.reduce(0, +) / Double(first.count)
      return ([first, second.map { $0 - grand }], 0)
    case .pairs(let table):
      return table.effects(sums(column, groupings[0]), sums(column, groupings[1]), limit: Self.limit)
    case .several: return severalEffects(column)
    }
  }

  /// The sum of the groups' effects, row by row.
  func predicted(_ effects: [[Double]]) -> [Double] {
    var total = [Double](repeating: 0, count: groupings.first?.codes.count ?? 0)
    for (grouping, effect) in zip(groupings, effects) {
      grouping.codes.withUnsafeBufferPointer { codes in
        for i in total.indices { total[i] += effect[Int(codes[i])] }
      }
    }
    return total
  }

  private func subtract(_ effects: [[Double]], from column: [Double]) -> [Double] {
    var left = column
    for (grouping, effect) in zip(groupings, effects) {
      grouping.codes.withUnsafeBufferPointer { codes in
        effect.withUnsafeBufferPointer { effect in
          left.withUnsafeMutableBufferPointer { left in
            for i in left.indices { left[i] -= effect[Int(codes[i])] }
          }
        }
      }
    }
    return left
  }

  private func sums(_ column: [Double], _ grouping: Grouping) -> [Double] {
    var total = [Double](repeating: 0, count: grouping.count)
    total.withUnsafeMutableBufferPointer { total in
      grouping.codes.withUnsafeBufferPointer { codes in
        column.withUnsafeBufferPointer { column in
          if let weights {
            weights.withUnsafeBufferPointer { weights in
              for i in column.indices { total[Int(codes[i])] += weights[i] * column[i] }
            }
          } else {
            for i in column.indices { total[Int(codes[i])] += column[i] }
          }
        }
      }
    }
    return total
  }

  private func means(_ column: [Double], _ grouping: Grouping) -> [Double] {
    let totals = sums(column, grouping)
    if weights == nil { return zip(totals, grouping.sizes).map { $0 / Double($1) } }
    let mass = sums([Double](repeating: 1, count: column.count), grouping)
    return zip(totals, mass).map { $0 / $1 }
  }

  /// Conjugate gradients with diagonal scaling on F'WF b = F'Wx, F all indicators side by side.
  private func severalEffects(_ column: [Double]) -> (effects: [[Double]], steps: Int) {
    let ones = [Double](repeating: 1, count: column.count)
    let mass = groupings.flatMap { sums(ones, $0) }
    func split(_ flat: [Double]) -> [[Double]] {
      var start = 0
      return groupings.map { grouping in
        defer { start += grouping.count }
        return Array(flat[start..<start + grouping.count])
      }
    }
    let (solution, steps) = conjugateGradients(
      groupings.flatMap { sums(column, $0) }, diagonal: mass, limit: Self.limit
    ) { direction in
      let fitted = predicted(split(direction))
      return groupings.flatMap { sums(fitted, $0) }
    }
    return (split(solution), steps)
  }
}

/// Each pair of groups occurs equally often.
private func isBalanced(_ a: Grouping, _ b: Grouping) -> Bool {
  let (rows, cells) = (a.codes.count, a.count * b.count)
  guard cells > 0, rows % cells == 0 else { return false }
  var counts = [Int32](repeating: 0, count: cells)
  counts.withUnsafeMutableBufferPointer { counts in
    for i in 0..<rows { counts[Int(a.codes[i]) * b.count + Int(b.codes[i])] += 1 }
  }
  return counts.allSatisfy { $0 == counts[0] }
}

/// Solves A·x = b for a symmetric positive semidefinite A with b in its range; −1 steps: not converged.
func conjugateGradients(
  _ right: [Double], diagonal: [Double], limit: Int, _ product: ([Double]) -> [Double]
) -> (solution: [Double], steps: Int) {
  func dot(_ a: [Double], _ b: [Double]) -> Double {
    var sum = 0.0
    for i in a.indices { sum += a[i] * b[i] }
    return sum
  }
  var solution = [Double](repeating: 0, count: right.count)
  var residual = right
  var scaled = zip(residual, diagonal).map { $0 / $1 }
  var direction = scaled
  var energy = dot(residual, scaled)
  let target = energy * 1e-28
  if energy == 0 { return (solution, 1) }
  for step in 1...limit {
    let image = product(direction)
    let curvature = dot(direction, image)
    guard curvature > 0 else { return (solution, step) }
    let length = energy / curvature
    for i in solution.indices {
      solution[i] += length * direction[i]
      residual[i] -= length * image[i]
      scaled[i] = residual[i] / diagonal[i]
    }
    let next = dot(residual, scaled)
    if next <= target { return (solution, step) }
    let ratio = next / energy
    for i in direction.indices { direction[i] = scaled[i] + ratio * direction[i] }
    energy = next
  }
  return (solution, -1)
}
