import Testing

@testable import Dimensions

@Suite struct ReadingTests {
  @Test(arguments: [(1.0, 0), (0.8, 0), (0.79, 2), (0.5, 2), (0.21, 2), (0.2, 1), (0.0, 1), (.nan, 2)])
  func aDirectionNeedsFourChancesInFive(_ row: (Double, Int)) {
    let expected: [Reading.Direction] = [.short, .surplus, .open]
    #expect(Reading.direction(shortage: row.0) == expected[row.1])
  }

  @Test func meanAndProbabilityDisagreeBeyondTheMiddle() {
    #expect(Reading.disagree(gap: -24_048, shortage: 0.61) && Reading.disagree(gap: 1, shortage: 0.39))
    #expect(!Reading.disagree(gap: -24_048, shortage: 0.56) && !Reading.disagree(gap: 1, shortage: 0.4))
    #expect(!Reading.disagree(gap: 5, shortage: 0.9) && !Reading.disagree(gap: 0, shortage: 0.9) && !Reading.disagree(gap: 5, shortage: .nan))
  }

  @Test(arguments: [(-40_000.0, 40_000.0, 10_000.0), (0, 199, 10), (0, 2000, 1000), (0, 1999.9, 100), (5, 5, 0), (.nan, 5, 0)])
  func theDigitIsThatOfTheHalfWidth(_ row: (Double, Double, Double)) {
    #expect(Reading.step(low: row.0, high: row.1) == row.2)
  }
}
