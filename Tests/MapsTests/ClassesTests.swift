import TestSupport
import Testing

@testable import Maps

private func spread(_ values: ArraySlice<Double>) -> Double {
  let mean = values.reduce(0, +) / Double(values.count)
  return values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
}

/// The least spread over every way to cut the sorted values into k runs.
private func bruteForce(_ sorted: [Double], _ k: Int, from start: Int = 0) -> Double {
  if k == 1 { return spread(sorted[start...]) }
  var best = Double.infinity
  for end in start..<sorted.count - k + 1 {
    best = min(best, spread(sorted[start...end]) + bruteForce(sorted, k - 1, from: end + 1))
  }
  return best
}

@Test(arguments: 0..<40 as Range<UInt64>)
func fisherJenksIsExact(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  let values = (0..<11).map { _ in (Double.random(in: 0...1, using: &random) * 100).rounded() }.sorted()
  let k = 2 + Int(seed % 3)
  let ends = fisherJenks(values.shuffled(using: &random), count: k)
  var (cost, from) = (0.0, 0)
  for end in ends {
    let to = values.lastIndex { $0 <= end } ?? from
    cost += spread(values[from...to])
    from = to + 1
  }
  #expect(abs(cost - bruteForce(values, min(k, Set(values).count))) < 1e-9)
  #expect(from == values.count)
}

/// Two clear clumps and an outlier, worked by eye.
@Test func clumpsAreFound() {
  #expect(fisherJenks([1, 2, 3, 50, 52, 51, 900], count: 3) == [3, 52, 900])
  #expect(fisherJenks([5, 5, 5], count: 4) == [5])
  #expect(fisherJenks([], count: 3) == [])
}

@Test func breaksHaveTwoDigitsAndKeepTheCounts() {
  let values = [1.0, 2, 3, 50, 51, 52, 900]
  let classes = Classes.sequential(values, .fisherJenks(3))
  #expect(classes.breaks == [27, 480])
  #expect(classes.counts(values) == [3, 3, 1])
  #expect(classes.label(1, to: " – ") { "\($0)" } == "27.0 – 480.0")
}

@Test func quantileEqualPrettyAndManual() {
  let values = (1...8).map(Double.init)
  #expect(Classes.sequential(values, .quantile(4)).counts(values) == [2, 2, 2, 2])
  #expect(Classes.sequential(values, .equal(7)).breaks == [2, 3, 4, 5, 6, 7])
  #expect(Classes.sequential([0, 97], .pretty(5)).breaks == [20, 40, 60, 80])
  #expect(Classes.sequential(values, .manual([3])).counts(values) == [2, 6])
}

@Test func gapsAreSymmetricalAboutANeutralClass() {
  let values = [-900.0, -880, -40, -3, 2, 5, 40, 45, 870, 1000]
  let classes = Classes.diverging(values, halfWidths: values.map { _ in 10.0 })
  #expect(classes.breaks == classes.breaks.reversed().map { -$0 })
  #expect(classes.count % 2 == 1)
  #expect(classes.colours[classes.count / 2] == "#f7f7f7")
  #expect(classes.breaks[classes.count / 2] == 5)
  #expect(classes.index(of: 0) == classes.count / 2)
  // Orange is short (positive), purple surplus.
  #expect(classes.colours.last == "#b35806")
  #expect(classes.colours.first == "#542788")
}

@Test func oneValueIsOneClass() {
  let classes = Classes.sequential([7, 7])
  #expect(classes.breaks == [])
  #expect(classes.colours.count == 1)
  #expect(Classes.diverging([0, 0], halfWidths: []).count == 1)
}

@Test(arguments: [(1234.0, 1200.0), (0.04567, 0.046), (-98_765, -99_000), (0, 0), (0.3, 0.3)])
func roundsToSignificantDigits(value: Double, expected: Double) { #expect(rounded(value, digits: 2) == expected) }
