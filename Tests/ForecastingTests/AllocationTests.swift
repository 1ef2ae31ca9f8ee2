import TestSupport
import Testing

@testable import Forecasting

@Suite struct AllocationTests {
  @Test func sharesAreTheMeanOfTheDriversAndSumToOne() {
    let allocation = Allocation(drivers: [[0.5, 0.3, 0.2], [0.1, 0.3, 0.6]], noise: 0)
    #expect(zip(allocation.shares, [0.3, 0.3, 0.4]).allSatisfy { close($0, $1) })
  }

  @Test func aPartWithoutADriverTakesTheMeanOfItsOthers() {
    let allocation = Allocation(drivers: [[0.25, 0.75], [.nan, 0.75]], noise: 0)
    #expect(zip(allocation.shares, [0.25, 0.75]).allSatisfy { close($0, $1) })
  }

  @Test func theRemainderIsWhatTheOthersLeave() {
    let allocation = Allocation(drivers: [[0.2, 0.3, .nan], [0.4, 0.3, .nan]], remainder: true, noise: 0)
    #expect(zip(allocation.shares, [0.3, 0.3, 0.4]).allSatisfy { close($0, $1) })
  }

  @Test(arguments: 0..<50 as Range<UInt64>)
  func everyDrawSumsToOneAndStaysBetweenTheDrivers(seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    let drivers = (0..<4).map { _ -> [Double] in
      let raw = (0..<6).map { _ in Double.random(in: 0.1...1, using: &generator) }
      let total = raw.reduce(0, +)
      return raw.map { $0 / total }
    }
    let uniforms = (0..<4).map { _ in Double.random(in: 0..<1, using: &generator) }
    let deviates = (0..<6).map { _ in Double.random(in: -2...2, using: &generator) }
    let noisy = Allocation(drivers: drivers, noise: 0.25).drawn(uniforms: uniforms, deviates: deviates)
    #expect(close(noisy.reduce(0, +), 1, relative: 1e-12))
    #expect(noisy.allSatisfy { $0 > 0 })
    let mixed = Allocation(drivers: drivers, noise: 0).drawn(uniforms: uniforms, deviates: deviates)
    for part in 0..<6 {
      let shares = drivers.map { $0[part] }
      #expect(mixed[part] >= (shares.min() ?? 0) - 1e-12 && mixed[part] <= (shares.max() ?? 0) + 1e-12)
    }
  }
}
