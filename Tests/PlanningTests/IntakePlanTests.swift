import Messages
import TestSupport
import Testing

@testable import Planning

/// Everybody stays, or a share leaves every year: `[entering][year][run]`.
private func staying(_ years: Int, runs: Int = 1, leaving: Double = 0) -> [[[Double]]] {
  (0..<years).map { entering in
    (0..<years).map { year in
      var share = year < entering ? 0.0 : 1
      for _ in 0..<max(0, year - entering) { share *= 1 - leaving }
      return [Double](repeating: share, count: runs)
    }
  }
}

private func channel(
  _ id: String = "seats", now: Double = 10, capacity: [Double], least: Double = 0, step: Double? = nil, yield: Double = 1,
  delay: Int = 0, cost: Double = 1e6, runs: Int = 1, leaving: Double = 0
) -> IntakeProblem.Channel {
  IntakeProblem.Channel(
    id: id, name: Bilingual(zh: "名额", en: "seats"), now: now, capacity: capacity,
    least: capacity.map { _ in least }, step: step, yield: yield, delay: delay, cost: cost,
    stays: staying(capacity.count, runs: runs, leaving: leaving))
}

private func problem(
  _ channels: [IntakeProblem.Channel], supply: [Double] = [100, 100], goal: [Double] = [110, 120],
  _ ranking: IntakeProblem.Ranking = .order([.shortage, .surplus, .cost]), requirements: [IntakeProblem.Requirement] = [],
  budget: [Double]? = nil
) -> IntakeProblem {
  IntakeProblem(
    years: 2026...(2025 + supply.count), channels: channels, supply: supply.map { [$0] }, goal: goal.map { [$0] },
    ranking: ranking, requirements: requirements, budget: budget)
}

@Suite struct IntakePlanTests {
  /// By hand: ten seats now, fifteen at most, a tenth leaves a year. Supply 100 + 5 = 105, then
  /// 100 + 0.9 · 5 + 5 = 109.5; shortage 5 + 10.5. One more seat in 2026 is at work for 1 + 0.9 years.
  @Test func matchesHandArithmetic() throws {
    let plan = try IntakePlan(problem([channel(capacity: [15, 15], leaving: 0.1)]))
    #expect(zip(plan.admitted[0], [15, 15]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(zip(plan.supply, [105, 109.5]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(plan.supplyNow == [100, 100] && plan.shortageNow == [10, 20])
    #expect(abs(plan.shortage.reduce(0, +) - 15.5) < 1e-6)
    #expect(plan.cost.allSatisfy { abs($0 - 15e6) < 1 } && plan.costNow == [10e6, 10e6])
    #expect(plan.bottlenecks.map(\.kind) == [.capacity, .capacity])
    #expect(plan.bottlenecks.map(\.shortage) == [-1.9, -1])
    #expect(plan.bottlenecks.map(\.cost) == [1e6, 1e6])
    #expect(
      plan.bottlenecks[0].words(plan.problem.channels)
        == Bilingual(
          zh: "2026 年名额容量多 1 人：短缺减少 1.90 人·年，费用增加 1,000,000 元",
          en: "One more place for seats in 2026: 1.90 person-years less shortage, costs 1,000,000 yuan higher"))
  }

  /// Whoever is admitted in 2026 with two years of study works from 2028 on.
  @Test func admissionsWorkAfterTheirDelay() throws {
    let plan = try IntakePlan(
      problem([channel(capacity: [30, 30, 30], delay: 2)], supply: [100, 100, 100], goal: [120, 120, 112]))
    #expect(zip(plan.supply, [100, 100, 112]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(abs(plan.admitted[0][0] - 22) < 1e-6)
    // Later admissions come too late for the plan and cost: none is made.
    #expect(plan.admitted[0][1] < 1e-6 && plan.admitted[0][2] < 1e-6)
  }

  @Test func theCheaperChannelGoesFirst() throws {
    let plan = try IntakePlan(
      problem([channel("dear", capacity: [50, 50], cost: 3e6), channel("cheap", capacity: [14, 50], cost: 1e6)], goal: [110, 110]))
    #expect(abs(plan.admitted[1][0] - 14) < 1e-6 && abs(plan.admitted[0][0] - 16) < 1e-6)
    #expect(plan.shortage.reduce(0, +) < 1e-6)
  }

  /// Changes are limited against the present intake in the first year and against the year before later.
  @Test func stepsLimitChangesInBothDirections() throws {
    let up = try IntakePlan(problem([channel(capacity: [99, 99], step: 3)], goal: [200, 200]))
    #expect(zip(up.admitted[0], [13, 16]).allSatisfy { abs($0 - $1) < 1e-6 })
    #expect(up.bottlenecks.map(\.kind) == [.rise, .rise])
    #expect(up.bottlenecks[0].shortage == -3, "a seat more in 2026, and one more on top of it in 2027")
    let down = try IntakePlan(problem([channel(capacity: [99, 99], step: 3)], goal: [0, 0]))
    #expect(zip(down.admitted[0], [7, 4]).allSatisfy { abs($0 - $1) < 1e-6 })
  }

  @Test func budgetsBindAndArePriced() throws {
    let plan = try IntakePlan(problem([channel(capacity: [50, 50], cost: 2e6)], budget: [24e6, 100e6]))
    #expect(abs(plan.admitted[0][0] - 12) < 1e-6)
    let first = try #require(plan.bottlenecks.first { $0.kind == .budget })
    // A million more admits half a person, for both years; the second year then admits half a person less.
    #expect(first.year == 2026 && first.channel == nil && first.shortage == -0.5)
    #expect(first.words(plan.problem.channels).zh.hasPrefix("2026 年经费多 100 万元：短缺减少 0.50 人·年"))
  }

  @Test func weightsTradeShortageAgainstCost() throws {
    let seats = [channel(capacity: [50, 50], cost: 1e6)]
    // A seat in 2026 fills two person-years for a million, one in 2027 a single one.
    let plan = try IntakePlan(problem(seats, .weights(shortage: 0.7e6, surplus: 0)))
    #expect(abs(plan.admitted[0][0] - 20) < 1e-6 && plan.admitted[0][1] < 1e-6)
    let dear = try IntakePlan(problem(seats, .weights(shortage: 0.4e6, surplus: 0)))
    #expect(dear.admitted[0].allSatisfy { $0 < 1e-6 })
    let full = try IntakePlan(problem(seats, .weights(shortage: 1e9, surplus: 0)))
    #expect(full.shortage.reduce(0, +) < 1e-6)
  }

  @Test func namesWhatContradictsEachOther() throws {
    let impossible = problem(
      [channel(capacity: [15, 15]), channel("other", capacity: [12, 12])],
      requirements: [.init(measure: .supply, year: 0, atLeast: 110, atMost: nil)])
    #expect(throws: PlanningError.self) { try IntakePlan(impossible) }
    let conflict = try IntakePlan.conflict(impossible)
    #expect(
      conflict.map(\.en) == [
        "seats (seats) in 2026: capacity 15", "seats (other) in 2026: capacity 12",
        "requirement 1: supply in 2026 at least 110",
      ])
    #expect(conflict[2].zh == "要求 1：2026 年供给至少 110")
    var possible = impossible
    possible.channels[0].capacity[0] = 18
    #expect(try IntakePlan.conflict(possible).isEmpty)
    #expect(abs(try IntakePlan(possible).supply[0] - 110) < 1e-6)
  }

  /// A shortage of at most v is a supply of at least goal − v.
  @Test func requirementsOnShortageHold() throws {
    var asked = problem([channel(capacity: [50, 50], cost: 1e6)], .order([.cost]))
    asked.requirements = [.init(measure: .shortage, year: 1, atLeast: nil, atMost: 4)]
    let plan = try IntakePlan(asked)
    #expect(abs(plan.shortage[1] - 4) < 1e-6)
  }

  /// Laws: every limit is kept; where the present intakes are allowed, the plan is no worse than they are.
  @Test(arguments: 0..<40 as Range<UInt64>)
  func plansKeepTheirLimitsAndDoNoHarm(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let years = Int.random(in: 1...6, using: &random)
    let channels = (0..<Int.random(in: 1...4, using: &random)).map { k in
      let now = Double.random(in: 0...50, using: &random)
      return channel(
        "c\(k)", now: now, capacity: (0..<years).map { _ in now + Double.random(in: 0...40, using: &random) },
        least: now * Double.random(in: 0...1, using: &random),
        step: Bool.random(using: &random) ? Double.random(in: 0...20, using: &random) : nil,
        yield: Double.random(in: 0...1, using: &random), delay: Int.random(in: 0...2, using: &random),
        cost: Double.random(in: 0...1e6, using: &random), leaving: Double.random(in: 0...0.3, using: &random))
    }
    let supply = (0..<years).map { _ in Double.random(in: 500...600, using: &random) }
    let goal = (0..<years).map { _ in Double.random(in: 500...800, using: &random) }
    let plan = try IntakePlan(problem(channels, supply: supply, goal: goal))
    for (channel, admitted) in zip(channels, plan.admitted) {
      for (y, persons) in admitted.enumerated() {
        #expect(persons <= channel.capacity[y] + 1e-5 && persons >= channel.least[y] - 1e-5)
        if let step = channel.step { #expect(abs(persons - (y == 0 ? channel.now : admitted[y - 1])) <= step + 1e-5) }
      }
    }
    #expect(plan.shortage.reduce(0, +) <= plan.shortageNow.reduce(0, +) + 1e-5)
    #expect(plan.bottlenecks.allSatisfy { $0.shortage <= 1e-3 }, "loosening a limit never makes the first aim worse")
  }

  /// Sizes far from persons are planned all the same; what cannot be met stays short.
  @Test func hugeAndEmptyGoalsHaveAnswers() throws {
    let huge = try IntakePlan(problem([channel(capacity: [15, 15])], goal: [1e10, 1e10]))
    #expect(huge.admitted[0].allSatisfy { abs($0 - 15) < 0.1 } && close(huge.shortage[0], 1e10 - 105))
    let none = try IntakePlan(problem([channel(capacity: [15, 15])], goal: [0, 0]))
    #expect(none.admitted[0].allSatisfy { $0 < 1e-6 } && none.shortage == [0, 0])
    let shut = try IntakePlan(problem([channel(now: 0, capacity: [0, 0])]))
    #expect(shut.admitted == [[0, 0]] && shut.shortage == shut.shortageNow)
  }

  /// Present intakes have the supply they have now, and recomputing the plan's supply gives the plan's.
  @Test func presentIntakesReproduceTheRun() {
    let one = problem([channel(capacity: [15, 15], yield: 0.3, leaving: 0.2)])
    #expect(one.supply([[10, 10]], run: 0) == [100, 100])
  }
}

/// Plans under uncertainty.
@Suite struct RobustIntakeTests {
  private static func problem(_ counted: IntakeProblem.Runs, seed: UInt64, draws: Int = 40) -> IntakeProblem {
    var random = SeededGenerator(seed: seed)
    let years = 3
    let supply = (0..<years).map { _ in (0...draws).map { _ in Double.random(in: 90...110, using: &random) } }
    let goal = (0..<years).map { y in (0...draws).map { $0 == 0 ? 110.0 : Double.random(in: 90...140 + Double(y), using: &random) } }
    return IntakeProblem(
      years: 2026...2028,
      channels: [
        channel("a", capacity: [20, 25, 30], step: 6, cost: 1e6, runs: draws + 1, leaving: 0.1),
        channel("b", now: 4, capacity: [9, 9, 9], yield: 0.5, delay: 1, cost: 2e5, runs: draws + 1),
      ], supply: supply, goal: goal, ranking: .weights(shortage: 6e5, surplus: 1e5), counted: counted)
  }

  /// Law: what the programme calls the shortage is the mean, or the mean of the worst, of the draws.
  @Test(arguments: 0..<8 as Range<UInt64>)
  func theAimIsTheStatisticOfTheDraws(seed: UInt64) throws {
    for counted in [IntakeProblem.Runs.expected, .worst(level: 0.85)] {
      let problem = Self.problem(counted, seed: seed)
      let optimum = try IntakeProgram(problem).solved()
      let plan = try IntakePlan(problem)
      let risk = try #require(plan.risk?.plan)
      let stated = if case .worst = counted { risk.worst } else { risk.expected }
      #expect(close(try #require(optimum.aims[.shortage]), stated, relative: 1e-6))
    }
  }

  /// Law: each plan is the best at its own aim, and the worst draws are no better than the mean.
  @Test(arguments: 0..<8 as Range<UInt64>)
  func eachPlanIsBestAtItsOwnAim(seed: UInt64) throws {
    func score(_ plan: IntakePlan, _ risk: IntakePlan.Risk, _ value: Double) -> Double {
      let spare = (1...40).reduce(0.0) { sum, run in
        sum + zip(plan.problem.goal, plan.problem.supply(plan.admitted, run: run)).reduce(0) { $0 + max(0, $1.1 - $1.0[run]) }
      }
      return plan.cost.reduce(0, +) + 6e5 * value + 1e5 * spare / 40
    }
    let mean = try IntakePlan(Self.problem(.expected, seed: seed))
    let tail = try IntakePlan(Self.problem(.worst(level: 0.9), seed: seed))
    let (a, b) = (try #require(mean.risk?.plan), try #require(tail.risk?.plan))
    #expect(a.worst >= a.expected && b.worst >= b.expected)
    #expect(score(mean, a, a.expected) <= score(tail, b, b.expected) + 1)
    #expect(score(tail, b, b.worst) <= score(mean, a, a.worst) + 1)
  }

  /// Table: the value at the edge counts with its part.
  @Test func theWorstMeanCountsAPartOfTheEdge() {
    #expect(worstMean([1, 2, 3, 4], level: 0.5) == 3.5)
    #expect(abs(worstMean([4, 1, 3, 2], level: 0.625) - (4 + 0.5 * 3) / 1.5) < 1e-12)
    #expect(worstMean([5, 5], level: 0) == 5)
  }
}
