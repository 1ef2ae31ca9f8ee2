import Supply
import TestSupport
import Testing

struct MigrationTests {
  /// Fundamental parameters of Rogers & Castro (1981); values to ten digits (METHODS M20).
  @Test func standardProfileHasThePublishedShape() {
    let profile = RogersCastro.standard
    let expected: [(Double, Double)] = [
      (0, 0.023), (20, 0.0277794721), (22, 0.0365598355), (25, 0.0364271703), (30, 0.0256679108), (60, 0.0041485133),
    ]
    for (age, rate) in expected { #expect(close(profile.rate(age: age), rate, absolute: 5.1e-11)) }
    #expect((15...40).max { profile.rate(age: Double($0)) < profile.rate(age: Double($1)) } == 23)
  }

  @Test func profileKeepsTheOverallLevel() throws {
    let ages = AgeGroup.singleYears(from: 20, open: 60)
    let persons = ages.indices.map { Double(100 - $0) }
    let profile = try RogersCastro.standard.profile(ages, persons: persons)
    let rates = try MigrationRates(regions: ["a", "b"], levels: [[0, 0.02], [0.01, 0]], ages: ages, profile: profile)
    let movers = zip(persons, rates.shares[41..<82]).reduce(0) { $0 + $1.0 * $1.1 }
    #expect(close(movers, 0.02 * persons.reduce(0, +), relative: 1e-12))
  }

  @Test func gravityBalancedToMarginsKeepsThemAndTheOddsOfTheSeed() throws {
    let seed = try MigrationFlows.gravity(
      populations: [2000, 2500, 8000, 500], distances: [[0, 12, 19, 5], [12, 0, 13, 9], [19, 13, 0, 7], [5, 9, 7, 0]], gamma: 1.5)
    #expect(seed[0][0] == 0 && close(seed[0][1], 2000.0 * 2500 / 41.569219381653056, relative: 1e-12))
    let flows = try MigrationFlows.balanced(seed, out: [120, 90, 200, 30], in: [150, 100, 150, 40])
    expectClose(flows.map { $0.reduce(0, +) }, [120, 90, 200, 30], relative: 1e-9)
    expectClose((0..<4).map { d in flows.reduce(0) { $0 + $1[d] } }, [150, 100, 150, 40], relative: 1e-9)
    let odds = { (f: [[Double]]) in f[0][1] * f[2][3] / (f[0][3] * f[2][1]) }
    #expect(close(odds(flows), odds(seed), relative: 1e-9))
    for i in 0..<4 { #expect(flows[i][i] == 0) }
    #expect(throws: SupplyError.self) { try MigrationFlows.balanced(seed, out: [1, 1, 1, 1], in: [1, 1, 1, 2]) }
    #expect(throws: SupplyError.self) { try MigrationFlows.balanced([[0, 1], [0, 0]], out: [1, 1], in: [1, 1]) }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func netFiguresAreExplainedExactly(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let populations = (0..<6).map { _ in Double.random(in: 1...100, using: &random) }
    let net = (0..<6).map { _ in Double.random(in: -5...5, using: &random) }
    let flows = try MigrationFlows.fromNet(net, populations: populations)
    let shift = net.reduce(0, +) / populations.reduce(0, +)
    for r in 0..<6 {
      let found = flows.reduce(0) { $0 + $1[r] } - flows[r].reduce(0, +)
      #expect(close(found, net[r] - shift * populations[r], absolute: 1e-12))
      #expect(flows[r][r] == 0 && flows[r].allSatisfy { $0 >= 0 })
    }
  }

  @Test func survivalLeavesNetMigration() throws {
    let net = try MigrationFlows.survivalResidual(
      before: [100, 90, 80], after: [120, 99, 150], survival: [0.99, 0.98, 0.9])
    #expect(net[0] == nil)
    #expect(close(try #require(net[1]), 0, absolute: 1e-12))
    #expect(close(try #require(net[2]), 150 - 0.98 * 90 - 0.9 * 80, relative: 1e-12))
  }
}
