import Supply
import TestSupport
import Testing

/// Two hubs, three age groups: the integrated example worked in exact rationals (METHODS A.9).
private struct TwoHubs {
  let frame: CohortFrame
  let start: CohortTable
  let years: [CohortYear]

  init() throws {
    let ages = [AgeGroup(start: 25, width: 10), AgeGroup(start: 35, width: 15), AgeGroup(start: 50, width: nil)]
    let hubs = ["Beijing", "GBA"]
    frame = try CohortFrame(ages: ages, [.region: hubs])
    // Age slowest, region fastest.
    start = try CohortTable(frame, [4000, 3000, 3000, 2500, 1000, 500])
    let exits = try CohortTable(CohortFrame(ages: ages), [0.04, 0.03, 0.12])
    let out = [[0.03, 0.01, 0], [0.01, 0.005, 0]]
    let migration = try MigrationRates(regions: hubs, ages: ages) { from, _, age in out[from][age] }
    let entrants = try CohortTable(frame, [600, 700, 50, 80, 0, 0])
    years = (1...3).map {
      CohortYear(year: $0, transfer: exits, migration: migration, entrants: [EntrantChannel("all", entrants)])
    }
  }
}

struct CohortOracleTests {
  @Test func twoHubsMatchTheExactExample() throws {
    let example = try TwoHubs()
    let engine = try CohortEngine(example.frame, years: example.years)
    let (path, populations) = try engine.run(from: example.start)
    let stocks: [[Double]] = [
      [3978.24, 3369.76, 3125.516666666667, 2655.816666666667, 1072.868333333333, 602.798333333333],
      [3963.198106, 3685.473894, 3237.048753, 2832.393025, 1145.078424, 703.367798],
      [3953.319563, 3955.133045, 3336.714418, 3022.426050, 1215.820682, 803.302562],
    ]
    for (t, expected) in stocks.enumerated() {
      expectClose(populations[t].values, expected, relative: 1e-12, absolute: 5.1e-7)
    }
    let supply = [[8176.625, 6628.375], [8345.325283, 7221.234717], [8505.854663, 7780.861657]]
    let exits = [[370, 255], [381.6393, 286.8007], [393.048798, 316.794882]]
    let out = [103.375, 99.660417, 96.421823]
    for t in 0..<3 {
      for hub in 0..<2 {
        #expect(close(path.stock(hub, t), supply[t][hub], absolute: 5.1e-7))
        #expect(close(path.flows(hub, t).exits, exits[t][hub], absolute: 5.1e-7))
        #expect(close(path.flows(hub, t).netMigration, hub == 0 ? -out[t] : out[t], absolute: 5.1e-7))
        #expect(close(path.flows(hub, t).replacement, exits[t][hub] + (hub == 0 ? out[t] : -out[t]), absolute: 1e-6))
      }
    }
  }

  @Test func entrantsNeededForATargetAreExact() throws {
    let example = try TwoHubs()
    let engine = try CohortEngine(example.frame, years: example.years)
    let multiplier = try engine.entrantMultiplier(reaching: 17_500, from: example.start)
    #expect(close(multiplier, 1.294130204099, relative: 1e-12))
    let reached = try engine.run(from: example.start, draws: 0..<2) { draw, _ in
      var levers = CohortLevers()
      levers.entrants = SIMD8(repeating: draw == 0 ? 0 : multiplier)
      return levers
    } summary: { _, path in
      path.stock(0, 2) + path.stock(1, 2)
    }
    expectClose(reached, [12_161.72792, 17_500], relative: 1e-9)
  }

  @Test(arguments: 0..<150 as Range<UInt64>)
  func agreesWithThePlainModel(seed: UInt64) throws {
    let random = try RandomCohort(seed: seed)
    let exposure: EntrantExposure = seed % 2 == 0 ? .halfYear : .endOfYear
    let report: [CohortAxis] = seed % 3 == 0 ? [.region] : seed % 3 == 1 ? [.region, .team] : [.region, .grade, .sex]
    let engine = try CohortEngine(random.frame, years: random.years, report: report, exposure: exposure)
    let (path, populations) = try engine.run(from: random.start)
    let plain = PlainCohort(frame: random.frame)
    var persons = Dictionary(uniqueKeysWithValues: zip(plain.cells(), random.start.values))
    for (t, year) in random.years.enumerated() {
      persons = try plain.step(persons, year, exposure: exposure)
      let expected = try plain.table(persons)
      expectClose(populations[t].values, expected.values, relative: 1e-11, absolute: 1e-10)
      // Every node's books close, and net migration adds up to nothing.
      let nodes = try expected.summed(to: engine.nodes.axes)
      var migration = 0.0
      for node in nodes.values.indices {
        let flows = path.flows(node, t)
        #expect(close(path.stock(node, t), nodes.values[node], relative: 1e-11, absolute: 1e-10))
        let start = path.start[t * nodes.values.count + node]
        let moved = path.netTransitions[t * nodes.values.count + node]
        #expect(close(start + flows.change + moved, path.stock(node, t), relative: 1e-11, absolute: 1e-9))
        migration += flows.netMigration
      }
      #expect(abs(migration) < 1e-8)
    }
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func drawsAreTheSameAtAnyNumberOfThreads(seed: UInt64) throws {
    let random = try RandomCohort(seed: seed)
    let engine = try CohortEngine(random.frame, years: random.years)
    func ends(_ jobs: Int) throws -> [[Double]] {
      try engine.run(from: random.start, draws: 0..<9, jobs: jobs, scale: { 1 + Double($0) / 100 }) { draw, year in
        var levers = CohortLevers()
        levers.death = 1 + Double(draw) / 10
        levers.retirement = 0.5
        levers.migration = Double(draw % 3)
        levers.transitions = 1 / Double(draw + 1)
        levers.entrants = SIMD8(repeating: Double(year))
        return levers
      } summary: { _, path in
        path.end
      }
    }
    let one = try ends(1)
    #expect(try ends(3) == one)
    #expect(one.count == 9)
    // The draw with every lever at one is the central projection.
    let central = try engine.run(from: random.start, draws: 4..<5) { _, _ in
      .central
    } summary: { _, path in
      path.end
    }
    #expect(central == [try engine.run(from: random.start).path.end])
  }

  @Test(arguments: 0..<30 as Range<UInt64>)
  func regionOrderAndUnitsDoNotMatter(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let regions = ["京", "沪", "粤", "港"]
    let shares = (0..<16).map { _ in Double.random(in: 0...0.1, using: &random) }
    let persons = (0..<40).map { _ in Double.random(in: 0...1e5, using: &random) }
    let leaving = (0..<4).map { _ in Double.random(in: 0...0.3, using: &random) }
    let ages = AgeGroup.singleYears(from: 30, open: 39)
    func end(_ order: [Int], _ unit: Double) throws -> [Double] {
      let names = order.map { regions[$0] }
      let frame = try CohortFrame(ages: ages, [.region: names])
      let start = CohortTable(frame) { at in persons[at[.age] * 4 + order[at[.region]]] * unit }
      let byRegion = try CohortFrame([.region: regions])
      let year = CohortYear(
        year: 1, transfer: try CohortTable(byRegion, leaving),
        migration: try MigrationRates(regions: regions) { from, to, _ in shares[from * 4 + to] })
      let path = try CohortEngine(frame, years: [year, year]).run(from: start).path
      return regions.map { name in path.stock(names.firstIndex(of: name)!, 1) / unit }
    }
    expectClose(try end([2, 0, 3, 1], 1), try end([0, 1, 2, 3], 1), relative: 1e-13)
    expectClose(try end([0, 1, 2, 3], 1e-4), try end([0, 1, 2, 3], 1), relative: 1e-13)
  }

  @Test func aYearWithoutRatesChangesOnlyAges() throws {
    let frame = try CohortFrame(ages: AgeGroup.singleYears(from: 60, open: 63), [.sex: ["f", "m"]])
    let start = try CohortTable(frame, [1, 2, 3, 4, 5, 6, 7, 8])
    let (path, populations) = try CohortEngine(frame, years: [CohortYear(year: 1)]).run(from: start)
    #expect(populations[0].values == [0, 0, 1, 2, 3, 4, 12, 14])
    #expect(path.flows(0, 0) == .zero && path.stock(0, 0) == 36)
    let ageless = try CohortFrame([.sex: ["f", "m"]])
    let still = try CohortEngine(ageless, years: [CohortYear(year: 1)]).run(from: CohortTable(ageless, [3, 4]))
    #expect(still.populations[0].values == [3, 4])
  }
}

struct CohortTableTests {
  @Test func finerRatesAreAveragedByPersonsAndCoarserOnesRepeated() throws {
    let fine = try CohortFrame([.region: ["a", "b"], .sex: ["f", "m"]])
    let rates = try CohortTable(fine, [0.1, 0.3, 0.2, 0.6])
    let weights = try CohortTable(fine, [3, 1, 0, 0])
    // Region b has no persons: its plain mean stands.
    expectClose(try rates.averaged(to: [.region], weights: weights).values, [0.15, 0.4])
    expectClose(try rates.averaged(to: []).values, [0.3])
    let bySex = try CohortTable(CohortFrame([.sex: ["m", "f"]]), [1, 2])
    #expect(try bySex.repeated(over: fine).values == [2, 1, 2, 1])
    #expect(try weights.summed(to: [.sex]).values == [3, 1])
  }

  @Test func personsAreSpreadOnlyByShares() throws {
    let frame = try CohortFrame([.region: ["a", "b"], .sex: ["f", "m"]])
    let byRegion = try CohortTable(CohortFrame([.region: ["a", "b"]]), [100, 50])
    #expect(throws: SupplyError.missingAxis("sex", neededFor: "spreading persons")) {
      try CohortTable.product([byRegion], over: frame)
    }
    let halves = try CohortTable(CohortFrame([.sex: ["f", "m"]]), [0.4, 0.6])
    expectClose(try CohortTable.product([byRegion, halves], over: frame).values, [40, 60, 20, 30])
    #expect(throws: SupplyError.missingAxis("sex", neededFor: "starting population")) {
      try CohortEngine(frame, years: []).run(from: byRegion)
    }
  }

  @Test func nobodyIsLostSilently() throws {
    let three = try CohortTable(CohortFrame([.region: ["a", "b", "c"]]), [1, 2, 3])
    let frame = try CohortFrame([.region: ["a", "b"]])
    #expect(throws: SupplyError.unknownMember(axis: "starting population", member: "region=c", known: ["region"])) {
      try CohortEngine(frame, years: []).run(from: three)
    }
  }

  @Test func badRatesNameTheirCell() throws {
    let frame = try CohortFrame(ages: AgeGroup.singleYears(from: 30, open: 31), [.region: ["北京", "上海"]])
    let rates = try CohortTable(frame, [0.1, 0.1, 0.1, 1.2])
    let error = #expect(throws: SupplyError.self) { try CohortEngine(frame, years: [CohortYear(year: 1, death: rates)]) }
    #expect(error == .shareOutOfRange(input: "death rate", at: "age=31+, region=上海", value: 1.2))
    #expect(throws: SupplyError.sharesExceedOne(input: "migration", at: "a ", sum: 1.2000000000000002)) {
      try MigrationRates(regions: ["a", "b", "c"]) { _, to, _ in to == 1 ? 0.8 : 0.4 }
    }
    #expect(throws: SupplyError.duplicateMember(axis: "team", member: "P")) { try CohortFrame([.team: ["P", "P"]]) }
  }
}
