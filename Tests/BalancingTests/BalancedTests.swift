import Balancing
import Dimensions
import Messages
import TestSupport
import Testing

func table(_ rows: [[Double]]) -> NamedArray {
  NamedArray(
    axes: [
      NamedAxis("row", rows.indices.map { "r\($0 + 1)" }), NamedAxis("col", rows[0].indices.map { "c\($0 + 1)" }),
    ], values: rows.flatMap { $0 })
}

func twoMargins(_ seed: NamedArray, _ rows: [Double], _ columns: [Double]) -> [Margin] {
  [
    Margin("rows.csv", NamedArray(axes: [seed.axes[0]], values: rows)),
    Margin("cols.csv", NamedArray(axes: [seed.axes[1]], values: columns)),
  ]
}

struct TwoWay: Sendable, CustomTestStringConvertible {
  let title: String
  let seed: [[Double]]
  let rows: [Double]
  let columns: [Double]
  let limit: [Double]
  var testDescription: String { title }
}

@Suite struct BalancedTests {
  @Test(arguments: [
    TwoWay(
      title: "Wikipedia, iterative proportional fitting, 4 × 4",
      seed: [[40, 30, 20, 10], [35, 50, 100, 75], [30, 80, 70, 120], [20, 30, 40, 50]],
      rows: [150, 300, 400, 150], columns: [200, 300, 400, 100],
      limit: [
        64.5585097765, 46.2324597088, 35.3842982643, 3.8247322503, 49.9679194187, 68.1593540718, 156.4985464219,
        25.3741800877, 56.7219436021, 144.4282255663, 145.0824814314, 53.7673494002, 28.7516272027, 41.1799606531,
        63.0346738824, 17.0337382618,
      ]),
    TwoWay(
      title: "Willekens (1999), 2 × 2", seed: [[5, 2], [1, 7]], rows: [18, 20], columns: [16, 22],
      limit: [13.250193203, 4.749806797, 2.749806797, 17.250193203]),
    TwoWay(
      title: "migest, 3 × 3 with a zero", seed: [[50, 120, 545], [10, 120, 0], [220, 30, 10]], rows: [170, 120, 410],
      columns: [500, 140, 60],
      limit: [
        71.79454497, 39.55532901, 58.65012602, 31.95944416, 88.04055584, 0, 396.24601087, 12.40411515, 1.34987398,
      ]),
  ])
  func agreesWithPublishedLimits(_ c: TwoWay) throws {
    let seed = table(c.seed)
    let result = try balanced(seed, to: twoMargins(seed, c.rows, c.columns))
    #expect(result.converged)
    #expect(result.maxRelativeError <= 1e-10)
    for (cell, expected) in zip(result.cells.values, c.limit) { #expect(close(cell, expected, absolute: 6e-9)) }
  }

  /// Miller & Blair (2009) §7.4.2: coefficients balanced to transactions, first pass and limit.
  @Test func agreesWithMillerAndBlair() throws {
    let coefficients: [[Double]] = [[0.120, 0.100, 0.049], [0.210, 0.247, 0.265], [0.026, 0.249, 0.145]]
    let output: [Double] = [421, 284, 283]
    let seed = table(coefficients.map { row in zip(row, output).map { $0 * $1 } })
    let result = try balanced(seed, to: twoMargins(seed, [245, 136, 159], [251, 107, 182]))
    let limit = [
      165.2101482012, 34.6136046395, 45.1762471594, 63.5286196822, 18.7861779534, 53.6852023644, 22.2612321167,
      53.6002174071, 83.1385504762,
    ]
    for (cell, expected) in zip(result.cells.values, limit) { #expect(close(cell, expected, absolute: 1e-9)) }
  }

  /// migest, migration table with a structural zero diagonal.
  @Test func keepsAZeroDiagonal() throws {
    let seed = table([[0, 100, 30, 70], [50, 0, 45, 5], [60, 35, 0, 40], [20, 25, 20, 0]])
    let result = try balanced(seed, to: twoMargins(seed, [250, 100, 140, 110], [150, 150, 180, 120]))
    let expected = [0, 97.11682426, 72.63113823, 80.25203751]
    for (cell, value) in zip(result.cells.values, expected) { #expect(close(cell, value, absolute: 6e-9)) }
    for i in 0..<4 { #expect(result.cells.values[5 * i] == 0) }
  }

  /// Conservation, kept zeros and odds ratios for any three-way table with any margins.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func meetsTheMarginsOfAnyTable(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let axes = [("a", 3), ("b", Int.random(in: 2...4, using: &random)), ("c", Int.random(in: 2...20, using: &random))]
      .map { name, n in NamedAxis(name, (0..<n).map { "\(name)\($0)" }) }
    let shape = NamedArray(axes: axes)
    func draw(_ zeros: Bool) -> NamedArray {
      NamedArray(
        axes: axes,
        values: shape.values.indices.map { i in
          let zero = i % 7 == 3
          let x = Double.random(in: 0.5...9, using: &random)
          return zeros && zero ? 0 : x
        })
    }
    let (start, truth) = (draw(true), draw(true))
    let kept = [[["a"], ["b"], ["c"]], [["a", "b"], ["c"]], [["c", "a"], ["b", "c"]], [["a", "b"], ["b", "c"], ["c", "a"]], [[], ["a"]]]
    for names in kept {
      let margins = names.map { Margin($0.joined(), truth.marginal(over: $0)) }
      let result = try balanced(start, to: margins)
      #expect(result.converged)
      for (margin, name) in zip(margins, names) {
        for (sum, goal) in zip(result.cells.marginal(over: name).values, margin.sums.values) {
          #expect(close(sum, goal, relative: 1.1e-10, absolute: 1e-12))
        }
      }
      for (cell, first) in zip(result.cells.values, start.values) where first == 0 { #expect(cell == 0) }
    }
  }

  @Test func signedCellsKeepTheirSigns() throws {
    // Junius & Oosterhaven's rule by hand on one row: f·6 − 2/f = 1, f = (1 + √49)/12 = 2/3.
    let seed = table([[4, 2, -2]])
    let row = [Margin("rows.csv", NamedArray(axes: [seed.axes[0]], values: [1]))]
    let result = try balanced(seed, to: row)
    #expect(close(result.cells.values[0], 8.0 / 3))
    #expect(close(result.cells.values[1], 4.0 / 3))
    #expect(close(result.cells.values[2], -3))
  }

  /// The table of Junius & Oosterhaven (2003) as corrected by Temurshoev, Miller & Bouwmeester (2013):
  /// margins are met and no sign changes.
  @Test func meetsMarginsWithNegativeCells() throws {
    let seed = table([[7, 3, 5, -3], [2, 9, 8, 1], [-2, 0, 2, 1]])
    let result = try balanced(seed, to: twoMargins(seed, [15, 26, -1], [9, 16, 17, -2]))
    #expect(result.converged)
    for (sum, goal) in zip(result.cells.marginal(over: ["row"]).values, [15.0, 26, -1]) { #expect(close(sum, goal)) }
    for (cell, first) in zip(result.cells.values, seed.values) { #expect(cell.sign == first.sign || cell == 0) }
  }
}

@Suite struct InfeasibilityTests {
  @Test func conflictingTotalsArePrinted() {
    let seed = table([[1, 2], [3, 4]])
    let report = #expect(throws: ProblemReport.self) { try balanced(seed, to: twoMargins(seed, [10, 20], [10, 25])) }
    #expect(report?.status == .badData)
    #expect(report?.problems.map(\.code) == ["balance.conflicting-totals"])
    #expect(report?.description.contains("rows.csv and cols.csv disagree on the total: 30 and 35, a difference of 5") == true)
  }

  @Test func sharedSubMarginsThatDisagreeAreNamed() {
    let axes = [NamedAxis("a", ["a1", "a2"]), NamedAxis("b", ["b1", "b2"]), NamedAxis("c", ["c1", "c2"])]
    let seed = NamedArray(axes: axes, repeating: 1)
    let ab = NamedArray(axes: [axes[0], axes[1]], values: [1, 2, 3, 4])
    let bc = NamedArray(axes: [axes[1], axes[2]], values: [3, 3, 2, 2])
    let report = #expect(throws: ProblemReport.self) {
      try balanced(seed, to: [Margin("ab.csv", ab), Margin("bc.csv", bc)])
    }
    #expect(report?.problems.map(\.path) == ["b=b1", "b=b2"])
    #expect(report?.description.contains("b=b1: 4 and 6, a difference of 2") == true)
  }

  @Test func positiveTargetOverZerosIsNamed() {
    let seed = table([[1, 2], [0, 0]])
    let report = #expect(throws: ProblemReport.self) { try balanced(seed, to: twoMargins(seed, [10, 5], [5, 10])) }
    #expect(report?.problems.map(\.code) == ["balance.infeasible-zero"])
    #expect(report?.problems.first?.path == "row=r2")
    #expect(report?.description.contains("rows.csv asks for 5 at row=r2, but the seed is zero in all of its cells") == true)
  }

  @Test func targetEmptiedByAnotherZeroIsNamed() {
    let seed = table([[1, 2], [0, 3]])
    let report = #expect(throws: ProblemReport.self) { try balanced(seed, to: twoMargins(seed, [10, 5], [15, 0])) }
    #expect(report?.problems.map(\.path) == ["row=r2"])
    #expect(report?.description.contains("emptied by zero totals of other margins") == true)
  }

  @Test func zerosThatCannotCarryTheTotalsAreNamed() {
    let seed = table([[1, 0, 0], [1, 0, 0], [1, 1, 1]])
    let report = #expect(throws: ProblemReport.self) { try balanced(seed, to: twoMargins(seed, [6, 4, 10], [8, 6, 6])) }
    #expect(report?.problems.map(\.code) == ["balance.infeasible-zeros"])
    #expect(report?.description.contains("asks for 10 at row=r1 + row=r2") == true)
    #expect(report?.description.contains("leave only col=c1 of cols.csv for it, which is 8") == true)
  }

  /// Row 2 can only fill column 1, which leaves nothing for row 1 there: the limit is a vertex that
  /// plain fitting approaches like 1/n.
  @Test func cellsThatTheTotalsEmptyAreZeroAtOnce() throws {
    let seed = table([[1, 1, 2], [1, 0, 0], [0, 3, 1]])
    let result = try balanced(seed, to: twoMargins(seed, [5, 5, 4], [5, 4, 5]))
    #expect(result.converged)
    #expect(result.iterations < 100)
    #expect(result.cells["r1", "c1"] == 0)
    #expect(result.cells["r2", "c1"] == 5)
    #expect(result.notes.first?.en.contains("nothing for 1 cells that have a seed (the first: row=r1, col=c1)") == true)
  }

  @Test func samplingZerosMayBeFilled() throws {
    let seed = table([[1, 2], [0, 0]])
    var options = BalancingOptions()
    options.zeros = .sampling(share: 0.001)
    let result = try balanced(seed, to: twoMargins(seed, [10, 5], [5, 10]), options: options)
    #expect(result.converged)
    #expect(result.notes.count == 1)
    #expect(close(result.cells.marginal(over: ["row"]).values[1], 5, relative: 1e-9))
  }

  @Test func lessReliableMarginGivesWay() throws {
    let seed = table([[1, 2], [3, 4]])
    let margins = [
      Margin("guess.csv", NamedArray(axes: [seed.axes[0]], values: [10, 20]), evidence: .assumed),
      Margin("census.csv", NamedArray(axes: [seed.axes[1]], values: [10, 25]), evidence: .observed),
    ]
    var options = BalancingOptions()
    options.disagreement = .adjust
    let result = try balanced(seed, to: margins, options: options)
    #expect(close(result.cells.total, 35, relative: 1e-9))
    #expect(close(result.cells.marginal(over: ["row"]).values[0], 35.0 / 3, relative: 1e-9))
    #expect(result.notes.first?.en.contains("guess.csv was scaled to agree with census.csv: total 30 → 35") == true)
  }
}
