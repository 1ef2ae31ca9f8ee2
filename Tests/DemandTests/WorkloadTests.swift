import TestSupport
import Testing

@testable import Demand

@Suite struct WorkloadTests {
  /// METHODS O11, worked by hand.
  @Test func postsOfThreeKindsOfCases() throws {
    let time = Workload.workingTime(days: 260, absent: 31, hoursPerDay: 8)
    #expect(time == 1832)
    let work = try Workload(
      [.init(volume: 9000, hours: 25), .init(volume: 14_000, hours: 6), .init(volume: 5000, hours: 8)], workingTime: time,
      sharedAllowance: 0.15, individualAllowance: 1200)
    let byHand: [Double] = [122.816594, 45.851528, 21.834061]
    for (mine, hand) in zip(work.direct, byHand) { #expect(close(mine, hand, absolute: 1e-6)) }
    #expect(abs(work.posts - 224.775238) < 1e-6)
    #expect(close(try #require(work.ratio(staff: work.posts)), 1, relative: 1e-12))
  }

  @Test func twiceTheProductivityHalvesThePosts() throws {
    let cases = [Workload.Activity(volume: 1000, hours: 10, backlog: 200)]
    let slow = try Workload(cases, workingTime: 1600, clearance: 0.5)
    let fast = try Workload(cases, workingTime: 1600, productivity: 2, clearance: 0.5)
    let byHand: Double = (1000 * 10 + 0.5 * 200 * 10) / 1600
    #expect(slow.posts == byHand)
    #expect(close(fast.posts * 2, slow.posts, relative: 1e-12))
  }

  @Test func whoeverClearsTheWholeBacklogLeavesNone() throws {
    let work = try Workload(
      [.init(volume: 1000, hours: 10, backlog: 200), .init(volume: 50, hours: 2)], workingTime: 1600, clearance: 1)
    #expect(work.backlog(staff: work.posts).allSatisfy { abs($0) < 1e-9 })
    #expect(work.backlog(staff: 0) == [1200, 50])
    let half = work.backlog(staff: work.posts / 2)
    #expect(close(half[0], 600, relative: 1e-9) && close(half[1], 25, relative: 1e-9))
  }

  @Test func noWorkNeedsNobody() throws {
    let work = try Workload([], workingTime: 1600)
    #expect(work.posts == 0 && work.ratio(staff: 3) == nil && work.backlog(staff: 3).isEmpty)
  }

  @Test func quantitiesThatAreNoneAreRefused() {
    #expect(throws: WorkloadError.badWorkingTime(0)) { try Workload([], workingTime: 0) }
    #expect(throws: WorkloadError.badActivity(1)) {
      try Workload([.init(volume: 1, hours: 1), .init(volume: -1, hours: 1)], workingTime: 1)
    }
    #expect(throws: WorkloadError.badActivity(0)) { try Workload([.init(volume: .nan, hours: 1)], workingTime: 1) }
    #expect(throws: WorkloadError.badProductivity(0)) { try Workload([], workingTime: 1, productivity: 0) }
    #expect(throws: WorkloadError.badAllowance) { try Workload([], workingTime: 1, sharedAllowance: 1) }
    #expect(throws: WorkloadError.badClearance(1.5)) { try Workload([], workingTime: 1, clearance: 1.5) }
  }
}

@Suite struct InputOutputTests {
  /// Miller & Blair, Input–Output Analysis, ch. 2: two sectors.
  @Test func textbookEconomy() throws {
    let economy = try InputOutput(coefficients: [[0.15, 0.25], [0.20, 0.05]])
    let printed: [[Double]] = [[1.2541254, 0.3300330], [0.2640264, 1.1221122]]
    for i in 0..<2 {
      for j in 0..<2 { #expect(close(economy.inverse[i, j], printed[i][j], absolute: 5e-8)) }
    }
    let output = try economy.output(finalDemand: [600, 1500])
    #expect(close(output[0], 1247.5247525, absolute: 5e-8))
    #expect(close(output[1], 1841.5841584, absolute: 5e-8))
    let multipliers = try economy.employmentMultipliers(persons: [0.3, 0.2])
    let first: Double = 0.3 * 1.2541254 + 0.2 * 0.2640264
    #expect(close(multipliers[0], first, absolute: 1e-7))
  }

  /// x − A·x is the final demand again.
  @Test func outputMeetsUseAndFinalDemand() throws {
    var generator = SeededGenerator(seed: 7)
    for _ in 0..<20 {
      let a = (0..<5).map { _ in (0..<5).map { _ in Double.random(in: 0..<0.19, using: &generator) } }
      let wanted = (0..<5).map { _ in Double.random(in: 0..<100, using: &generator) }
      let output = try InputOutput(coefficients: a).output(finalDemand: wanted)
      for i in 0..<5 {
        let used = (0..<5).reduce(0) { $0 + a[i][$1] * output[$1] }
        #expect(close(output[i] - used, wanted[i], relative: 1e-10, absolute: 1e-10))
      }
    }
  }

  @Test func impossibleEconomiesAreRefused() {
    #expect(throws: InputOutputError.unproductive) { try InputOutput(coefficients: [[1.2]]) }
    #expect(throws: InputOutputError.unproductive) { try InputOutput(coefficients: [[1]]) }
    #expect(throws: InputOutputError.notSquare) { try InputOutput(coefficients: [[0.1, 0.2]]) }
    #expect(throws: InputOutputError.notSquare) { try InputOutput(coefficients: []) }
    #expect(throws: InputOutputError.notACoefficient(row: 0, column: 0)) { try InputOutput(coefficients: [[-0.1]]) }
    #expect(throws: InputOutputError.wrongLength(2, expected: 1)) {
      try InputOutput(coefficients: [[0.5]]).output(finalDemand: [1, 2])
    }
  }
}
