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
  let weights: [Double]?
  /// Weight of each group of each grouping.
  let masses: [[Double]]
  let method: Method

  enum Method: Sendable {
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
    masses = groupings.map { $0.masses(weights) }
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

  /// What `residuals` leaves of a response and a design.
  struct Swept {
    var response: [Double]
    var design: Matrix
    /// Weighted lengths of the design's columns before the sweep.
    var lengths: [Double]
    /// The most iterations any column took; 0: direct.
    var iterations: Int
  }

  /// The response and the design's columns from `first` on without the effects, all columns at once.
  func residuals(_ response: [Double], _ design: Matrix, from first: Int = 0) throws(RegressionError) -> Swept {
    let (n, width) = (response.count, design.columns - first)
    var iterations = [Int](repeating: 0, count: width + 1)
    var sweptResponse = [Double]()
    let elements = largeArray(count: n * width) { elements in
      sweptResponse = largeArray(count: n) { target in
        response.withUnsafeBufferPointer { response in
          design.elements.withUnsafeBufferPointer { design in
            iterations.withUnsafeMutableBufferPointer { iterations in
              inParallel(width + 1) { c in
                let source =
                  c == 0 ? response : UnsafeBufferPointer(rebasing: design[(first + c - 1) * n..<(first + c) * n])
                let place =
                  c == 0 ? target : UnsafeMutableBufferPointer(rebasing: elements[(c - 1) * n..<c * n])
                iterations[c] = sweep(source, into: place)
              }
            }
          }
        }
      }
    }
    if let failed = iterations.firstIndex(of: -1) {
      throw .noConvergence(what: "absorbing effects from column \(failed)", iterations: Self.limit)
    }
    let lengths = (first..<design.columns).map { j in
      weightedSquares(design.column(j), weights: weights, centred: false).squareRoot()
    }
    return Swept(
      response: sweptResponse, design: Matrix(rows: n, columns: width, elements: elements), lengths: lengths,
      iterations: iterations.max() ?? 0)
  }

  /// target = column without the effects; returns the steps, −1 when they did not converge.
  private func sweep(_ column: UnsafeBufferPointer<Double>, into target: UnsafeMutableBufferPointer<Double>) -> Int {
    let (effects, steps) = effects(of: column)
    subtract(effects, from: column, into: target)
    switch method {
    case .means, .balanced:
      // A second, direct round removes what rounding left of the first.
      let again = UnsafeBufferPointer(target)
      subtract(self.effects(of: again).effects, from: again, into: target)
    case .none, .pairs, .several: break
    }
    return steps
  }

  static let limit = 10_000

  func effects(of column: [Double]) -> (effects: [[Double]], steps: Int) {
    column.withUnsafeBufferPointer { effects(of: $0) }
  }

  /// One effect per group of each grouping; −1 steps when conjugate gradients did not converge.
  private func effects(of column: UnsafeBufferPointer<Double>) -> (effects: [[Double]], steps: Int) {
    switch method {
    case .none: return ([], 0)
    case .means: return (means(column), 0)
    case .balanced:
      let both = means(column)
      let grand = both[0].reduce(0, +) / Double(both[0].count)
      return ([both[0], both[1].map { $0 - grand }], 0)
    case .pairs(let table):
      let both = sums(column)
      return table.effects(both[0], both[1], limit: Self.limit)
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

  /// target = column − effects; target may be the column itself.
  private func subtract(
    _ effects: [[Double]], from column: UnsafeBufferPointer<Double>, into target: UnsafeMutableBufferPointer<Double>
  ) {
    let rows = column.count
    guard let source = column.baseAddress, let out = target.baseAddress else { return }
    switch effects.count {
    case 1: withEffects(0) { a, codes in for i in 0..<rows { out[i] = source[i] - a[Int(codes[i])] } }
    case 2:
      withEffects(0) { a, first in
        withEffects(1) { b, second in
          for i in 0..<rows { out[i] = source[i] - a[Int(first[i])] - b[Int(second[i])] }
        }
      }
    default:
      if source != UnsafePointer(out) { out.update(from: source, count: rows) }
      for k in effects.indices { withEffects(k) { a, codes in for i in 0..<rows { out[i] -= a[Int(codes[i])] } } }
    }
    func withEffects(_ k: Int, _ body: (UnsafePointer<Double>, UnsafePointer<Int32>) -> Void) {
      effects[k].withUnsafeBufferPointer { effects in
        groupings[k].codes.withUnsafeBufferPointer { codes in
          if let effects = effects.baseAddress, let codes = codes.baseAddress { body(effects, codes) }
        }
      }
    }
  }

  /// Weighted sums of a column over the groups of each grouping.
  private func sums(_ column: UnsafeBufferPointer<Double>) -> [[Double]] {
    groupings.map { grouping in
      var total = [Double](repeating: 0, count: grouping.count)
      total.withUnsafeMutableBufferPointer { total in
        grouping.codes.withUnsafeBufferPointer { codes in
          guard let total = total.baseAddress, let codes = codes.baseAddress else { return }
          if let weights {
            weights.withUnsafeBufferPointer { weights in
              for i in column.indices { total[Int(codes[i])] += weights[i] * column[i] }
            }
          } else {
            for i in column.indices { total[Int(codes[i])] += column[i] }
          }
        }
      }
      return total
    }
  }

  private func means(_ column: UnsafeBufferPointer<Double>) -> [[Double]] {
    zip(sums(column), masses).map { sums, masses in zip(sums, masses).map { $0 / $1 } }
  }

  /// Conjugate gradients with diagonal scaling on F'WF b = F'Wx, F all indicators side by side.
  private func severalEffects(_ column: UnsafeBufferPointer<Double>) -> (effects: [[Double]], steps: Int) {
    func split(_ flat: [Double]) -> [[Double]] {
      var start = 0
      return groupings.map { grouping in
        defer { start += grouping.count }
        return Array(flat[start..<start + grouping.count])
      }
    }
    let (solution, steps) = conjugateGradients(
      sums(column).flatMap { $0 }, diagonal: masses.flatMap { $0 }, limit: Self.limit
    ) { direction in
      predicted(split(direction)).withUnsafeBufferPointer { sums($0).flatMap { $0 } }
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
