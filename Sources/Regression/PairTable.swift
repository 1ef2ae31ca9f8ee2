import LinearAlgebra

/// Two groupings as a sparse table of the weight that each pair of groups holds, row by row of the
/// grouping with more groups; every later step costs pairs, not rows.
struct PairTable: Sendable {
  private let largerIsFirst: Bool
  /// Pairs of larger group g: `starts[g]..<starts[g + 1]`.
  private let starts: [Int]
  private let partners: [Int32]
  private let mass: [Double]
  private let largerMass: [Double]
  private let smallerMass: [Double]
  /// Groups of the two groupings that hang together through common rows.
  let components: Int
  /// Factor of the smaller grouping's equations after the larger was eliminated; nil when those are
  /// too many, then conjugate gradients solve them.
  private let factor: Cholesky?
  /// One group per component whose effect is set to 0.
  private let grounded: [Bool]

  init(_ first: Grouping, _ second: Grouping, weights: [Double]?) {
    largerIsFirst = first.count >= second.count
    let (larger, smaller) = largerIsFirst ? (first, second) : (second, first)
    (starts, partners, mass) = Self.compressed(larger, smaller, weights)
    var (rowMass, columnMass) = (
      [Double](repeating: 0, count: larger.count), [Double](repeating: 0, count: smaller.count)
    )
    var groups = DisjointSets(larger.count + smaller.count)
    for g in 0..<larger.count {
      for k in starts[g]..<starts[g + 1] {
        rowMass[g] += mass[k]
        columnMass[Int(partners[k])] += mass[k]
        groups.join(g, larger.count + Int(partners[k]))
      }
    }
    (largerMass, smallerMass) = (rowMass, columnMass)
    var (roots, isGrounded) = (Set<Int>(), [Bool](repeating: false, count: smaller.count))
    for h in 0..<smaller.count where roots.insert(groups.root(larger.count + h)).inserted {
      isGrounded[h] = true
    }
    components = roots.count
    grounded = isGrounded
    var work = 0
    for g in 0..<larger.count { work += (starts[g + 1] - starts[g]) * (starts[g + 1] - starts[g]) }
    let isSmall = smaller.count <= 1500 && work <= 400_000_000
    factor = isSmall ? Self.factorised(starts, partners, mass, rowMass, columnMass, isGrounded) : nil
  }

  /// Sorts rows by the larger grouping (counting sort) and merges equal pairs.
  private static func compressed(
    _ larger: Grouping, _ smaller: Grouping, _ weights: [Double]?
  ) -> (starts: [Int], partners: [Int32], mass: [Double]) {
    let rows = larger.codes.count
    var offsets = [Int](repeating: 0, count: larger.count + 1)
    for code in larger.codes { offsets[Int(code) + 1] += 1 }
    for g in 0..<larger.count { offsets[g + 1] += offsets[g] }
    var (sorted, sortedMass, next) = (
      [Int32](repeating: 0, count: rows), [Double](repeating: 1, count: weights == nil ? 0 : rows), offsets
    )
    for i in 0..<rows {
      let g = Int(larger.codes[i])
      sorted[next[g]] = smaller.codes[i]
      if let weights { sortedMass[next[g]] = weights[i] }
      next[g] += 1
    }
    var (starts, partners, mass) = ([0], [Int32](), [Double]())
    starts.reserveCapacity(larger.count + 1)
    partners.reserveCapacity(rows)
    mass.reserveCapacity(rows)
    var place = [Int](repeating: -1, count: smaller.count)
    for g in 0..<larger.count {
      let begin = partners.count
      for i in offsets[g]..<offsets[g + 1] {
        let (h, weight) = (Int(sorted[i]), weights == nil ? 1 : sortedMass[i])
        if place[h] >= begin {
          mass[place[h]] += weight
        } else {
          place[h] = partners.count
          partners.append(sorted[i])
          mass.append(weight)
        }
      }
      starts.append(partners.count)
    }
    return (starts, partners, mass)
  }

  private static func factorised(
    _ starts: [Int], _ partners: [Int32], _ mass: [Double], _ rowMass: [Double], _ columnMass: [Double],
    _ grounded: [Bool]
  ) -> Cholesky? {
    let order = columnMass.count
    var system = Matrix(rows: order, columns: order)
    system.elements.withUnsafeMutableBufferPointer { system in
      for h in 0..<order { system[h * order + h] = columnMass[h] }
      for g in rowMass.indices {
        for a in starts[g]..<starts[g + 1] {
          let (share, column) = (mass[a] / rowMass[g], Int(partners[a]) * order)
          for b in starts[g]..<starts[g + 1] { system[column + Int(partners[b])] -= share * mass[b] }
        }
      }
      for h in 0..<order where grounded[h] {
        for k in 0..<order {
          system[h * order + k] = 0
          system[k * order + h] = 0
        }
        system[h * order + h] = 1
      }
    }
    do { return try Cholesky(system, name: "absorbed effects") } catch { return nil }
  }

  /// Effects of both groupings from the weighted sums of a column over their groups.
  func effects(_ first: [Double], _ second: [Double], limit: Int) -> (effects: [[Double]], steps: Int) {
    let (larger, smaller) = largerIsFirst ? (first, second) : (second, first)
    var right = smaller
    let ownMeans = zip(larger, largerMass).map { $0 / $1 }
    addTransposed(ownMeans, to: &right, sign: -1)
    var steps = 0
    let inner: [Double]
    if let factor {
      for h in right.indices where grounded[h] { right[h] = 0 }
      inner = factor.solve(right)
    } else {
      (inner, steps) = conjugateGradients(right, diagonal: smallerMass, limit: limit) { direction in
        var image = zip(direction, smallerMass).map { $0 * $1 }
        addTransposed(averages(direction), to: &image, sign: -1)
        return image
      }
    }
    let outer = zip(ownMeans, averages(inner)).map { $0 - $1 }
    return (largerIsFirst ? [outer, inner] : [inner, outer], steps)
  }

  /// D⁻¹·N·x: the mean of x over each larger group's partners.
  private func averages(_ x: [Double]) -> [Double] {
    x.withUnsafeBufferPointer { x in
      partners.withUnsafeBufferPointer { partners in
        mass.withUnsafeBufferPointer { mass in
          largerMass.indices.map { g in
            var sum = 0.0
            for k in starts[g]..<starts[g + 1] { sum += mass[k] * x[Int(partners[k])] }
            return sum / largerMass[g]
          }
        }
      }
    }
  }

  /// y ± N'·x.
  private func addTransposed(_ x: [Double], to y: inout [Double], sign: Double) {
    y.withUnsafeMutableBufferPointer { y in
      partners.withUnsafeBufferPointer { partners in
        mass.withUnsafeBufferPointer { mass in
          for g in x.indices {
            let value = sign * x[g]
            for k in starts[g]..<starts[g + 1] { y[Int(partners[k])] += mass[k] * value }
          }
        }
      }
    }
  }
}

/// Union–find with path halving.
private struct DisjointSets {
  private var parent: [Int]

  init(_ count: Int) { parent = Array(0..<count) }

  mutating func root(_ item: Int) -> Int {
    var at = item
    while parent[at] != at {
      parent[at] = parent[parent[at]]
      at = parent[at]
    }
    return at
  }

  mutating func join(_ a: Int, _ b: Int) {
    let (x, y) = (root(a), root(b))
    if x != y { parent[max(x, y)] = min(x, y) }
  }
}
