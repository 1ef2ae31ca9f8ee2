import Foundation
import LinearAlgebra

/// Effects of areas that resemble their neighbours, of areas in time, or both:
///
///     G = σ²_area · C ⊗ + σ²_time · Ω,   C = [(I − ρW)'(I − ρW)]⁻¹,   Ω = ρ_time^|t − s| ⁄ (1 − ρ_time²)
///
/// Without W areas are independent; without times the second term is absent.
public struct AreaEffects: Sendable {
  /// How the yearly effects of one area hang together.
  public enum Memory: String, Sendable { case autoregressive, independent }

  /// Which area a row is about, 0-based.
  public let areas: [Int]
  /// Areas × areas (some may have no row of data), rows add up to one (or to zero without neighbours); nil for independent areas.
  public let proximity: Matrix?
  /// When, in whole periods; nil for one row an area.
  public let times: [Int]?
  public let memory: Memory

  /// - Throws: `.lengthMismatch`, `.proximityRow`.
  public init(areas: [Int], proximity: Matrix?, times: [Int]?, memory: Memory = .autoregressive) throws(SmallAreaError) {
    let count = (areas.max() ?? -1) + 1
    if let times, times.count != areas.count {
      throw .lengthMismatch(input: "times", expected: areas.count, found: times.count)
    }
    if let proximity {
      guard proximity.rows >= count, proximity.columns == proximity.rows else {
        throw .lengthMismatch(input: "proximity", expected: count, found: min(proximity.rows, proximity.columns))
      }
      for i in 0..<proximity.rows {
        let sum = proximity.row(i).reduce(0, +)
        guard abs(sum - 1) < 1e-4 || sum == 0 else { throw .proximityRow(row: i, sum: sum) }
      }
    }
    (self.areas, self.proximity, self.times, self.memory) = (areas, proximity, times, memory)
  }

  /// In the order of the parameters.
  var names: [String] {
    var names = ["area"]
    if proximity != nil { names.append("rho") }
    if times != nil {
      names.append("time")
      if memory == .autoregressive { names.append(proximity == nil ? "rho" : "rho_time") }
    }
    return names
  }

  /// Which parameters are variances; the others are correlations in −1…1.
  var isVariance: [Bool] { names.map { $0 == "area" || $0 == "time" } }

  /// The variance whose term a correlation shapes; its own place for a variance.
  var owner: [Int] {
    var owners: [Int] = []
    for (k, variance) in isVariance.enumerated() { owners.append(variance ? k : k - 1) }
    return owners
  }

  /// Rows that are correlated with each other.
  var blocks: [[Int]] {
    if proximity != nil { return [Array(areas.indices)] }
    var rows = [[Int]](repeating: [], count: (areas.max() ?? -1) + 1)
    for (row, area) in areas.enumerated() { rows[area].append(row) }
    return rows.filter { !$0.isEmpty }
  }

  /// The covariance of areas, its slope and curvature in ρ.
  struct Spatial {
    let value: Matrix
    let slope: Matrix
    let curvature: Matrix
  }

  func spatial(_ rho: Double) throws(SmallAreaError) -> Spatial? {
    guard let w = proximity else { return nil }
    let n = w.rows
    var difference = Matrix.identity(n)
    for k in difference.elements.indices { difference.elements[k] -= rho * w.elements[k] }
    let cross = w.gram
    var slope = Matrix(rows: n, columns: n)
    for j in 0..<n { for i in 0..<n { slope[i, j] = 2 * rho * cross[i, j] - w[i, j] - w[j, i] } }
    let value: Matrix
    do { value = try Cholesky(difference.gram, name: "(I − ρW)'(I − ρW)").solve(.identity(n)) } catch {
      throw .linearAlgebra(error)
    }
    let first = value.times(slope).times(value)
    var second = first.times(slope).times(value)
    let third = value.times(cross).times(value)
    for k in second.elements.indices { second.elements[k] = 2 * second.elements[k] - 2 * third.elements[k] }
    return Spatial(value: value, slope: first.scaled(-1), curvature: second)
  }

  /// G of the rows of one block, its slopes, and its second slopes by pair of parameters (k ≤ l).
  struct Parts {
    var covariance: Matrix
    var slopes: [Matrix]
    var second: [(k: Int, l: Int, matrix: Matrix)]
  }

  func parts(_ theta: [Double], _ spatial: Spatial?, rows: [Int]) -> Parts {
    let n = rows.count
    let count = names.count
    var parts = Parts(
      covariance: Matrix(rows: n, columns: n), slopes: [Matrix](repeating: Matrix(rows: n, columns: n), count: count),
      second: [])
    func spread(_ area: (Int, Int) -> Double) -> Matrix {
      var matrix = Matrix(rows: n, columns: n)
      for j in 0..<n { for i in 0..<n { matrix[i, j] = area(rows[i], rows[j]) } }
      return matrix
    }
    func add(_ variance: Int, _ shape: Matrix, _ slope: Matrix?, _ curvature: Matrix?) {
      for k in shape.elements.indices { parts.covariance.elements[k] += theta[variance] * shape.elements[k] }
      parts.slopes[variance] = shape
      guard let slope, let curvature else { return }
      parts.slopes[variance + 1] = slope.scaled(theta[variance])
      parts.second.append((variance, variance + 1, slope))
      parts.second.append((variance + 1, variance + 1, curvature.scaled(theta[variance])))
    }
    if let spatial {
      add(
        0, spread { spatial.value[areas[$0], areas[$1]] }, spread { spatial.slope[areas[$0], areas[$1]] },
        spread { spatial.curvature[areas[$0], areas[$1]] })
    } else {
      add(0, spread { areas[$0] == areas[$1] ? 1 : 0 }, nil, nil)
    }
    guard let times else { return parts }
    let own = spatial == nil ? 1 : 2
    guard memory == .autoregressive else {
      add(own, spread { $0 == $1 ? 1 : 0 }, nil, nil)
      return parts
    }
    let rho = theta[own + 1]
    func lagged(_ shape: (Double) -> Double) -> Matrix {
      spread { areas[$0] == areas[$1] ? shape(Double(abs(times[$0] - times[$1]))) : 0 }
    }
    let rest = 1 - rho * rho
    func power(_ h: Double) -> Double { h < 0 ? 0 : h == 0 ? 1 : pow(rho, h) }
    add(
      own, lagged { power($0) / rest },
      lagged { h in h * power(h - 1) / rest + 2 * power(h + 1) / (rest * rest) },
      lagged { h in
        h * (h - 1) * power(h - 2) / rest + (4 * h + 2) * power(h) / (rest * rest) + 8 * power(h + 2) / (rest * rest * rest)
      })
    return parts
  }
}

extension Matrix {
  func scaled(_ factor: Double) -> Matrix {
    Matrix(rows: rows, columns: columns, elements: elements.map { $0 * factor })
  }

  /// tr(A·B) of two square matrices of one size.
  func traceOfProduct(_ other: Matrix) -> Double {
    var sum = 0.0
    for j in 0..<columns { for i in 0..<rows { sum += self[i, j] * other[j, i] } }
    return sum
  }
}
