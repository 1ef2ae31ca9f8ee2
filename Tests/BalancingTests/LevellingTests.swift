import Balancing
import Dimensions
import TestSupport
import Testing

@Suite struct LevellingTests {
  private let axes = [NamedAxis("row", ["r1", "r2"]), NamedAxis("col", ["c1", "c2"])]

  /// Totals that differ in the tenth digit: the fit levels them, the error is that of the cells as printed.
  @Test func theErrorIsMeasuredAgainstTheTotalsGiven() throws {
    let seed = NamedArray(axes: axes, values: [1, 2, 3, 4])
    let rows = Margin("rows.csv", NamedArray(axes: [axes[0]], values: [30, 70]))
    let columns = Margin("cols.csv", NamedArray(axes: [axes[1]], values: [40 * (1 + 3.3e-10), 60 * (1 + 3.3e-10)]))
    let result = try balanced(seed, to: [rows, columns])
    #expect(result.converged)
    #expect(close(result.maxRelativeError, 3.3e-10, relative: 1e-3))
    let sums = result.cells.marginal(over: ["col"]).values
    let truth = zip(sums, columns.sums.values).map { abs($0 / $1 - 1) }.max() ?? 0
    #expect(close(result.maxRelativeError, truth, relative: 1e-5))
    #expect(result.notes.count == 1 && result.notes[0].en.hasPrefix("cols.csv differs from the totals before it by rounding"))
  }

  @Test func scaledMarginsAreMeasuredAsScaled() throws {
    var options = BalancingOptions()
    options.disagreement = .adjust
    let seed = NamedArray(axes: axes, values: [1, 2, 3, 4])
    let rows = Margin("rows.csv", NamedArray(axes: [axes[0]], values: [30, 70]))
    let columns = Margin("cols.csv", NamedArray(axes: [axes[1]], values: [50, 60]))
    let result = try balanced(seed, to: [rows, columns], options: options)
    #expect(result.converged && result.maxRelativeError < 1e-10)
  }

  @Test func cellsThatVanishAreCounted() throws {
    // The zero leaves c2 of r1 no room in the end: r1 + r2 ask for all of c1.
    let seed = NamedArray(axes: axes, values: [1, 1, 1, 0])
    var options = BalancingOptions()
    options.cap = 1
    let even = try balanced(
      NamedArray(axes: axes, values: [1, 2, 3, 4]),
      to: [
        Margin("rows.csv", NamedArray(axes: [axes[0]], values: [30, 70])),
        Margin("cols.csv", NamedArray(axes: [axes[1]], values: [80, 20])),
      ], options: options)
    #expect(!even.converged && even.vanishing == 0)
    let tight = try balanced(
      seed,
      to: [
        Margin("rows.csv", NamedArray(axes: [axes[0]], values: [5, 5])),
        Margin("cols.csv", NamedArray(axes: [axes[1]], values: [10, 0])),
      ])
    #expect(tight.converged && tight.vanishing == 1)
  }
}
