import Dimensions
import LinearAlgebra
import Messages
import Reconciliation
import TestSupport
import Testing

/// Total, A, B, AA, AB, AC, BA, BB: the tree of Hyndman & Athanasopoulos, *Forecasting: Principles and
/// Practice*, 3rd ed., Figure 11.1.
func bookTree() throws -> Hierarchy {
  try Hierarchy([
    .init("Total", "A"), .init("Total", "B"), .init("A", "AA"), .init("A", "AB"), .init("A", "AC"), .init("B", "BA"),
    .init("B", "BB"),
  ])
}

func column(_ values: [Double]) -> Matrix { Matrix(rows: values.count, columns: 1, elements: values) }

@Suite struct BookTreeTests {
  /// Exact rationals: G = (SᵀW⁻¹S)⁻¹SᵀW⁻¹ times 29 for OLS and times 60 for structural weights.
  @Test(arguments: [
    (
      ReconciliationMethod.ordinaryLeastSquares, 29.0,
      [
        [3.0, 5, -2, 21, -8, -8, -1, -1], [3, 5, -2, -8, 21, -8, -1, -1], [3, 5, -2, -8, -8, 21, -1, -1],
        [4, -3, 7, -1, -1, -1, 18, -11], [4, -3, 7, -1, -1, -1, -11, 18],
      ]
    ),
    (
      ReconciliationMethod.structural, 60.0,
      [
        [4.0, 8, -2, 48, -12, -12, -2, -2], [4, 8, -2, -12, 48, -12, -2, -2], [4, 8, -2, -12, -12, 48, -2, -2],
        [4, -2, 13, -2, -2, -2, 43, -17], [4, -2, 13, -2, -2, -2, -17, 43],
      ]
    ),
  ])
  func combinesAsTheExactRationals(_ method: ReconciliationMethod, _ denominator: Double, _ rows: [[Double]]) throws {
    let reconciler = Reconciler(try bookTree(), method: method)
    let response = try reconciler.reconciled(.identity(8))
    for (leaf, row) in rows.enumerated() {
      for (node, numerator) in row.enumerated() {
        #expect(close(response[3 + leaf, node], numerator / denominator, relative: 1e-13, absolute: 1e-15))
      }
    }
  }

  @Test func agreesWithTheBookExample() throws {
    let base = column([100, 60, 45, 25, 20, 18, 30, 12])
    let least = try Reconciler(try bookTree(), method: .ordinaryLeastSquares).reconciled(base)
    let expected = [
      101.965517241, 59.275862069, 42.689655172, 23.758620690, 18.758620690, 16.758620690, 30.344827586, 12.344827586,
    ]
    for (value, right) in zip(least.elements, expected) { #expect(close(value, right, absolute: 5.1e-10)) }
    let structural = try Reconciler(try bookTree(), method: .structural).reconciled(base)
    #expect(close(structural[0, 0], 310.0 / 3))
    #expect(close(structural[1, 0], 60.5))
    #expect(close(structural[7, 0], 149.0 / 12))
    let up = try Reconciler(try bookTree(), method: .bottomUp).reconciled(base)
    #expect(up.elements == [105, 63, 42, 25, 20, 18, 30, 12])
  }

  @Test func nonNegativeAnswerHasAnExactZero() throws {
    let base = column([20, 4, 18, 6, -1, 3, 12, 2])
    let reconciler = Reconciler(try bookTree(), method: .ordinaryLeastSquares)
    let free = try reconciler.reconciled(base)
    #expect(close(free[4, 0], -63.0 / 29))
    let held = try reconciler.reconciled(base, nonNegative: true)
    #expect(held[4, 0] == 0)
    for (value, right) in zip(held.elements, [21.0, 5, 16, 4, 0, 1, 13, 3]) { #expect(close(value, right, relative: 1e-13)) }
  }

  @Test func publishedTotalStaysPut() throws {
    let tree = try bookTree()
    let base = column([100, 60, 45, 25, 20, 18, 30, 12])
    let reconciler = Reconciler(tree, method: .structural, fixed: [0, 6])
    let result = try reconciler.reconciled(base, fixedValues: [120, 31])
    #expect(result[0, 0] == 120)
    #expect(result[6, 0] == 31)
    #expect(tree.excess(result.elements).allSatisfy { abs($0) < 1e-12 })
  }

  @Test func bottomUpSpreadsAPublishedTotalEvenly() throws {
    let reconciler = Reconciler(try bookTree(), method: .bottomUp, fixed: [0, 3])
    let result = try reconciler.reconciled(column([.nan, .nan, .nan, 25, 20, 18, 30, 12]), fixedValues: [116, 24])
    for (value, right) in zip(result.elements, [116, 68, 48, 24, 23, 21, 33, 15]) { #expect(close(value, Double(right))) }
    let held = try reconciler.reconciled(column([.nan, .nan, .nan, 25, 20, 18, 30, -9]), fixedValues: [50, 24], nonNegative: true)
    #expect(held[7, 0] == 0)
    #expect(held[0, 0] == 50)
  }

  @Test func contradictingPublishedFiguresAreWrittenOut() throws {
    let reconciler = Reconciler(try bookTree(), method: .ordinaryLeastSquares, fixed: [0, 1, 2])
    let base = column([100, 60, 45, 25, 20, 18, 30, 12])
    let report = #expect(throws: ProblemReport.self) { try reconciler.reconciled(base, fixedValues: [100, 60, 45]) }
    #expect(report?.problems.map(\.code) == ["reconcile.fixed-conflict"])
    #expect(report?.description.contains("Total = 100, but + A (60) + B (45) = 105") == true)
    let agreed = try reconciler.reconciled(base, fixedValues: [105, 60, 45])
    #expect(agreed.elements[..<3] == [105, 60, 45])
  }

  @Test func publishedFiguresThatAllowNoNonNegativeAnswerAreNamed() throws {
    let tree = try Hierarchy([
      .init("A", "a"), .init("A", "b"), .init("G", "b"), .init("G", "c"), .init("T", "a"), .init("T", "b"), .init("T", "c"),
    ])
    let fixed = ["A", "G", "a"].compactMap { tree.number(of: $0) }
    let reconciler = Reconciler(tree, method: .structural, fixed: fixed)
    let base = Matrix(rows: tree.nodes.count, columns: 1, repeating: 4)
    // a = 3 leaves 7 for b, more than G = {b, c} has.
    let report = #expect(throws: ProblemReport.self) {
      try reconciler.reconciled(base, fixedValues: [10, 5, 3], nonNegative: true)
    }
    #expect(report?.problems.map(\.code) == ["reconcile.no-non-negative"])
    let free = try reconciler.reconciled(base, fixedValues: [10, 5, 3])
    #expect(close(free[tree.number(of: "c") ?? 0, 0], -2))
  }
}

/// A random grouped hierarchy: leaves in a tree of two levels and hubs across it.
struct RandomCase {
  let hierarchy: Hierarchy
  let base: Matrix
  let residuals: Matrix
  var random: SeededGenerator

  init(seed: UInt64, times: Int = 40, draws: Int = 3) throws {
    random = SeededGenerator(seed: seed)
    var links: [Hierarchy.Link] = []
    var leaves: [String] = []
    for p in 0..<Int.random(in: 2...5, using: &random) {
      links.append(.init("全国", "P\(p)"))
      for c in 0..<Int.random(in: 1...6, using: &random) {
        links.append(.init("P\(p)", "P\(p)C\(c)"))
        leaves.append("P\(p)C\(c)")
      }
    }
    for hub in 0..<Int.random(in: 0...3, using: &random) {
      for leaf in leaves where Bool.random(using: &random) { links.append(.init("H\(hub)", leaf)) }
    }
    hierarchy = try Hierarchy(links)
    let n = hierarchy.nodes.count
    func normal(_ random: inout SeededGenerator) -> Double {
      (0..<12).reduce(-6) { sum, _ in sum + Double.random(in: 0..<1, using: &random) }
    }
    var base = Matrix(rows: n, columns: draws)
    var residuals = Matrix(rows: n, columns: times)
    for k in base.elements.indices { base.elements[k] = 5 + 6 * normal(&random) }
    for t in 0..<times {
      let common = normal(&random)
      for i in 0..<n { residuals[i, t] = Double(1 + i % 4) * (normal(&random) + 0.5 * common) }
    }
    (self.base, self.residuals) = (base, residuals)
  }

  var constraints: Matrix {
    var u = Matrix(rows: hierarchy.aggregateCount, columns: hierarchy.nodes.count)
    for i in 0..<hierarchy.aggregateCount {
      u[i, i] = 1
      for leaf in hierarchy.leaves(of: i) { u[i, hierarchy.aggregateCount + leaf] = -1 }
    }
    return u
  }

  /// W written out in full, by the definitions.
  func covariance(_ method: ReconciliationMethod, lambda: Double?) -> Matrix {
    let n = hierarchy.nodes.count
    var w = residuals.times(residuals, transposeOther: true)
    for k in w.elements.indices { w.elements[k] /= Double(residuals.columns) }
    for j in 0..<n {
      for i in 0..<n {
        switch method {
        case .ordinaryLeastSquares: w[i, j] = i == j ? 1 : 0
        case .structural: w[i, j] = i == j ? Double(hierarchy.leaves(of: i).count) : 0
        case .variance: w[i, j] = i == j ? w[i, j] : 0
        case .minimumTraceShrink: w[i, j] = i == j ? w[i, j] : (1 - (lambda ?? .nan)) * w[i, j]
        default: break
        }
      }
    }
    return w
  }
}

@Suite struct DenseFormulaTests {
  @Test(arguments: 0..<25 as Range<UInt64>)
  func agreesWithTheDenseFormula(seed: UInt64) throws {
    let c = try RandomCase(seed: seed)
    let u = c.constraints
    for method in ReconciliationMethod.allCases where method != .bottomUp {
      let reconciler = Reconciler(c.hierarchy, method: method, residuals: c.residuals)
      #expect(reconciler.fallback == nil)
      let w = c.covariance(method, lambda: reconciler.lambda)
      let wu = w.times(u, transposeOther: true)
      let correction = wu.times(try solve(u.times(wu), u.times(c.base), name: "UWU'"))
      let result = try reconciler.reconciled(c.base)
      for k in result.elements.indices {
        #expect(close(result.elements[k], c.base.elements[k] - correction.elements[k], relative: 1e-10, absolute: 1e-9))
      }
    }
  }

  /// The sums in λ over all pairs of nodes, one pair at a time.
  @Test(arguments: 0..<10 as Range<UInt64>)
  func intensityIsTheSumOverPairs(seed: UInt64) throws {
    let c = try RandomCase(seed: seed, times: 15)
    let r = c.residuals
    let n = Double(r.columns)
    let scaled = (0..<r.rows).map { i in
      let row = r.row(i)
      let scale = (row.reduce(0) { $0 + $1 * $1 } / n).squareRoot()
      return row.map { $0 / scale }
    }
    var (spread, correlation) = (0.0, 0.0)
    for i in scaled.indices {
      for j in scaled.indices where i != j {
        let products = zip(scaled[i], scaled[j]).map { $0 * $1 }
        let sum = products.reduce(0, +)
        spread += (products.reduce(0) { $0 + $1 * $1 } - sum * sum / n) / (n * (n - 1))
        correlation += (sum / n) * (sum / n)
      }
    }
    #expect(close(shrinkageIntensity(r), min(1, spread / correlation), relative: 1e-11))
  }

  /// The optimality conditions of the non-negative problem, for every weighting.
  @Test(arguments: 0..<25 as Range<UInt64>)
  func nonNegativeSolutionsAreOptimal(seed: UInt64) throws {
    let c = try RandomCase(seed: seed, draws: 8)
    let h = c.hierarchy
    for method in [ReconciliationMethod.ordinaryLeastSquares, .structural, .variance, .minimumTraceShrink] {
      let reconciler = Reconciler(h, method: method, residuals: c.residuals)
      let result = try reconciler.reconciled(c.base, nonNegative: true)
      let w = c.covariance(method, lambda: reconciler.lambda)
      var difference = result
      for k in difference.elements.indices { difference.elements[k] -= c.base.elements[k] }
      let pull = try solve(w, difference, name: "W")
      for k in 0..<result.columns {
        let size = (0..<result.rows).reduce(0.0) { max($0, abs(pull[$1, k])) } * Double(result.rows)
        for leaf in 0..<h.leafCount {
          let gradient = h.aggregatesOfLeaves[leaf].reduce(pull[h.aggregateCount + leaf, k]) { $0 + pull[$1, k] }
          let value = result[h.aggregateCount + leaf, k]
          #expect(value >= 0)
          if value > 0 { #expect(abs(gradient) <= 1e-9 * size) } else { #expect(gradient >= -1e-9 * size) }
        }
        #expect(h.excess(result.column(k)).allSatisfy { abs($0) < 1e-11 })
      }
    }
  }

  /// Fixed nodes keep their values, the rest is the constrained optimum: the dense projection on [U; E].
  @Test(arguments: 0..<15 as Range<UInt64>)
  func fixedNodesAgreeWithTheDenseFormula(seed: UInt64) throws {
    let c = try RandomCase(seed: seed)
    let n = c.hierarchy.nodes.count
    let fixed = [0, c.hierarchy.aggregateCount]
    let values = [77.0, 3]
    var rows = (0..<c.hierarchy.aggregateCount).map { c.constraints.row($0) }
    for node in fixed { rows.append((0..<n).map { $0 == node ? 1 : 0 }) }
    let u = Matrix(rowMajor: rows)
    for method in [ReconciliationMethod.structural, .minimumTraceShrink] {
      let reconciler = Reconciler(c.hierarchy, method: method, residuals: c.residuals, fixed: fixed)
      var base = c.base
      for k in 0..<base.columns { for (node, value) in zip(fixed, values) { base[node, k] = value } }
      var misfit = u.times(base)
      for k in 0..<base.columns { for (i, value) in values.enumerated() { misfit[c.hierarchy.aggregateCount + i, k] -= value } }
      let w = c.covariance(method, lambda: reconciler.lambda)
      let wu = w.times(u, transposeOther: true)
      let correction = wu.times(try solve(u.times(wu), misfit, name: "CWC'"))
      let result = try reconciler.reconciled(c.base, fixedValues: values)
      for k in 0..<base.columns { #expect(result[0, k] == 77) }
      for k in result.elements.indices {
        #expect(close(result.elements[k], base.elements[k] - correction.elements[k], relative: 1e-10, absolute: 1e-9))
      }
      let held = try reconciler.reconciled(c.base, fixedValues: values, nonNegative: true)
      #expect(held.elements.allSatisfy { $0 >= 0 })
      for k in 0..<held.columns {
        #expect(held[0, k] == 77)
        #expect(c.hierarchy.excess(held.column(k)).allSatisfy { abs($0) < 1e-9 })
      }
    }
  }

  @Test func manyDrawsAtOnceAreTheDrawsOneByOne() throws {
    let c = try RandomCase(seed: 5, draws: 300)
    let reconciler = Reconciler(c.hierarchy, method: .minimumTraceShrink, residuals: c.residuals, fixed: [0])
    let all = try reconciler.reconciled(c.base, fixedValues: [90], nonNegative: true)
    for k in [0, 7, 255, 256, 299] {
      let one = try reconciler.reconciled(column(c.base.column(k)), fixedValues: [90], nonNegative: true)
      for (a, b) in zip(one.elements, all.column(k)) { #expect(close(a, b, relative: 1e-11, absolute: 1e-10)) }
    }
  }
}

@Suite struct FallbackTests {
  @Test func constantResidualsNameTheSeries() throws {
    let c = try RandomCase(seed: 1)
    var residuals = c.residuals
    for t in 0..<residuals.columns { residuals[2, t] = 4 }
    for method in [ReconciliationMethod.variance, .minimumTraceSample, .minimumTraceShrink] {
      let reconciler = Reconciler(c.hierarchy, method: method, residuals: residuals)
      #expect(reconciler.fallback?.nodes == [c.hierarchy.nodes[2]])
      #expect(reconciler.fallback?.requested == method)
      #expect(reconciler.method == .structural)
      #expect(reconciler.fallback?.reason.en.contains("constant") == true)
      let plain = try Reconciler(c.hierarchy, method: .structural).reconciled(c.base)
      #expect(try reconciler.reconciled(c.base) == plain)
    }
  }

  @Test func tooFewResidualsForTheSampleCovariance() throws {
    let c = try RandomCase(seed: 3, times: 2)
    let reconciler = Reconciler(c.hierarchy, method: .minimumTraceSample, residuals: c.residuals)
    #expect(reconciler.method == .structural)
    #expect(reconciler.fallback?.reason.en.contains("2 residuals a node cannot carry") == true)
  }

  @Test func residualsThatAlreadyAddUpAreNamed() throws {
    let c = try RandomCase(seed: 4)
    var residuals = c.residuals
    for t in 0..<residuals.columns {
      let leaves = Array(residuals.column(t)[c.hierarchy.aggregateCount...])
      for (i, value) in c.hierarchy.sums(leaves).enumerated() { residuals[i, t] = value }
    }
    let reconciler = Reconciler(c.hierarchy, method: .minimumTraceSample, residuals: residuals)
    #expect(reconciler.fallback?.nodes.contains("全国") == true)
    let shrunk = Reconciler(c.hierarchy, method: .minimumTraceShrink, residuals: residuals)
    #expect(shrunk.fallback == nil)
  }
}
