import Gaps
import Messages
import TestSupport
import Testing

private func end(_ year: Int, _ value: Double, _ bound: IndicatorPoint.Bound = .exact) -> IndicatorPoint {
  IndicatorPoint(time: Double(year), value: value, bound: bound)
}

private func outlook(_ probability: Double) -> IndicatorOutlook {
  IndicatorOutlook(
    p10: 1, p50: 2, p90: 3, probability: probability, method: Bilingual(zh: "测试", en: "test"))
}

@Suite struct IndicatorTests {
  /// Worked by hand: 69万 → 86万 → 100万 needs (100/86)^(1/2) − 1, realised (86/69)^(1/3) − 1.
  @Test func stocksAreReckonedInPerCentAYear() throws {
    let target = PlanTarget(value: 1_000_000, year: 2025)
    let found = assess(target, points: [end(2020, 690_000), end(2023, 860_000)], baseline: end(2020, 690_000))
    let required = try #require(found.pace.required)
    let realised = try #require(found.pace.realised)
    #expect(matchingDigits(required, certified: 0.07832773203438426) >= 12)
    #expect(matchingDigits(realised, certified: 0.07617554809424454) >= 12)
    #expect(found.pace.kind == .compound)
    #expect(found.progress == 0.86)
    // Needed 7.8 % a year, so far 7.6 %.
    #expect(found.status == .atRisk)
  }

  /// 98 courses three and a half years after the start, 100 due a year and a half later.
  @Test func countsAreReckonedInUnitsAYear() throws {
    let target = PlanTarget(value: 100, year: 2025, aggregation: .cumulative)
    let latest = IndicatorPoint(time: 2023.5, value: 98)
    let found = assess(target, points: [latest], baseline: end(2020, 0))
    #expect(found.pace.kind == .linear)
    #expect(found.pace.realised == 28)
    #expect(try #require(found.pace.required).isApproximately(2 / 1.5))
    #expect(found.status == .likely)
  }

  struct Verdict: Sendable, CustomTestStringConvertible {
    let title: String
    let value: Double
    let year: Int
    let bound: IndicatorPoint.Bound
    let probability: Double?
    let status: IndicatorStatus
    var testDescription: String { title }
    init(
      _ title: String, _ value: Double, _ year: Int = 2023, _ bound: IndicatorPoint.Bound = .exact, p: Double? = nil,
      is status: IndicatorStatus
    ) {
      self.title = title
      self.value = value
      self.year = year
      self.bound = bound
      probability = p
      self.status = status
    }
  }

  @Test(arguments: [
    Verdict("met", 100, is: .reached), Verdict("met exactly by a lower bound", 100, 2023, .lower, is: .reached),
    Verdict("nearly 100 proves nothing", 100, 2023, .upper, is: .tooImprecise),
    Verdict("likely from 0.8 on", 90, p: 0.8, is: .likely), Verdict("at risk below 0.8", 90, p: 0.79, is: .atRisk),
    Verdict("at risk from 0.2 on", 90, p: 0.2, is: .atRisk), Verdict("unlikely below", 90, p: 0.19, is: .unlikely),
    Verdict("a single figure tells no pace", 90, is: .tooImprecise),
    Verdict("year over, short of it", 90, 2025, is: .notReached), Verdict("year over, met", 101, 2025, is: .reached),
    Verdict("year over, more than 90 may be 100", 90, 2025, .lower, is: .tooImprecise),
  ])
  func verdictsFollowTheRule(_ c: Verdict) {
    let found = assess(PlanTarget(value: 100, year: 2025), points: [end(c.year, c.value, c.bound)], baseline: nil) { _ in
      c.probability.map(outlook)
    }
    #expect(found.status == c.status)
    #expect(!found.reason.zh.isEmpty && !found.reason.en.isEmpty)
  }

  /// 80 → 90 in a year, 100 two years on: on pace, so likely unless the forecast says otherwise.
  @Test(arguments: [
    (0.79, IndicatorStatus.likely), (0.5, .likely), (0.49, .atRisk), (0.19, .unlikely),
  ])
  func aPaceThatSufficesCountsUnlessTheForecastContradictsIt(probability: Double, status: IndicatorStatus) {
    let found = assess(PlanTarget(value: 100, year: 2025), points: [end(2022, 80), end(2023, 90)], baseline: nil) { _ in
      outlook(probability)
    }
    #expect(found.status == status)
    #expect(found.reason.en.contains("at least the pace needed") && found.reason.en.contains("P(met)"))
  }

  @Test func nothingPublishedIsSaid() {
    let found = assess(PlanTarget(value: 30, year: 2025), points: [], baseline: nil)
    #expect(found.status == .notAvailable)
    #expect(found.latest == nil && found.outlook == nil && found.pace.required == nil)
  }

  /// A plan to 2015 is judged by 2015, however much came later.
  @Test func laterFiguresDoNotHelpAnEarlierPlan() {
    let found = assess(PlanTarget(value: 10_000, year: 2015), points: [end(2015, 9_000), end(2023, 34_396)], baseline: nil)
    #expect(found.latest?.value == 9_000)
    #expect(found.status == .notReached)
  }

  @Test func aboutAllowsFivePerCentLess() {
    let target = PlanTarget(value: 4_000, year: 2025, rule: .about(tolerance: 0.05))
    #expect(assess(target, points: [end(2025, 3_800)], baseline: nil).status == .reached)
    #expect(assess(target, points: [end(2025, 3_799)], baseline: nil).status == .notReached)
    #expect(assess(target, points: [end(2025, 9_000)], baseline: nil).status == .reached)
  }

  @Test func atMostTurnsTheRuleAround() {
    let target = PlanTarget(value: 5, year: 2025, rule: .atMost, aggregation: .share)
    #expect(assess(target, points: [end(2023, 4)], baseline: nil).status == .reached)
    #expect(assess(target, points: [end(2023, 4, .lower)], baseline: nil).status == .tooImprecise)
    #expect(assess(target, points: [end(2020, 9), end(2023, 6)], baseline: end(2020, 9)).status == .likely)
    #expect(assess(target, points: [end(2020, 9), end(2023, 8.5)], baseline: end(2020, 9)).status == .atRisk)
  }

  struct Count: Sendable {
    let events, elapsed, left, missing: Double
    let quantiles: [Double]
    let probability: Double
  }

  /// Oracle: SciPy 1.x `nbinom(k + 0.5, T/(T + τ))`, quantiles 0.1, 0.5, 0.9 and survival at missing − 1.
  @Test(arguments: [
    Count(events: 98, elapsed: 3.5, left: 1.5, missing: 2, quantiles: [32, 42, 52], probability: 0.9999999999999831),
    Count(events: 98, elapsed: 3.5, left: 1.5, missing: 50, quantiles: [32, 42, 52], probability: 0.17239326151700102),
    Count(events: 0, elapsed: 2, left: 1, missing: 1, quantiles: [0, 0, 1], probability: 0.183503419072274),
    Count(events: 3, elapsed: 1, left: 4, missing: 30, quantiles: [5, 13, 25], probability: 0.05245123082158305),
    Count(events: 57_000, elapsed: 3.5, left: 1.5, missing: 50, quantiles: [24_190, 24_428, 24_668], probability: 1),
  ])
  func countOutlookIsNegativeBinomial(_ c: Count) throws {
    let target = PlanTarget(value: c.events + c.missing, year: 2025, aggregation: .cumulative)
    let latest = IndicatorPoint(time: 2025 - c.left, value: c.events)
    let found = try #require(
      countOutlook(target, since: IndicatorPoint(time: latest.time - c.elapsed, value: 0), latest: latest))
    #expect([found.p10, found.p50, found.p90] == c.quantiles.map { c.events + $0 })
    #expect(abs(found.probability - c.probability) < 1e-9)
  }

  @Test func countOutlookRefusesWhatItCannotKnow() {
    let target = PlanTarget(value: 10, year: 2025, aggregation: .cumulative)
    #expect(countOutlook(target, since: end(2024, 3), latest: end(2024, 3)) == nil)
    #expect(countOutlook(target, since: end(2020, 3), latest: end(2024, 2)) == nil)
    #expect(countOutlook(target, since: end(2020, 0), latest: end(2025, 2)) == nil)
    #expect(
      countOutlook(PlanTarget(value: 10, year: 2025), since: end(2020, 0), latest: end(2024, 2)) == nil)
    #expect(
      countOutlook(target, since: IndicatorPoint(time: 2023.999, value: 0), latest: end(2024, 1e9)) == nil)
  }

  @Test(arguments: 0..<40 as Range<UInt64>)
  func drawsGiveOrderedQuantilesAndAShare(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let draws = (0..<Int.random(in: 1...300, using: &generator)).map { _ in Double.random(in: 0...200, using: &generator) }
    let target = PlanTarget(value: 100, year: 2030)
    let found = try #require(IndicatorOutlook(draws: draws, target: target, method: Bilingual(zh: "抽样", en: "draws")))
    #expect(found.p10 <= found.p50 && found.p50 <= found.p90)
    #expect(found.probability == Double(draws.count { $0 >= 100 }) / Double(draws.count))
    #expect(IndicatorOutlook(draws: [], target: target, method: found.method) == nil)
  }
}

extension Double {
  fileprivate func isApproximately(_ other: Double) -> Bool { abs(self - other) <= 1e-12 * abs(other) }
}
