import Messages
import LinearAlgebra
import Supply
import TestSupport
import Testing

/// Three grades, worked by hand (METHODS O16).
private func threeGrades() throws -> ManpowerChain {
  try ManpowerChain(grades: ["1", "2", "3"], moves: [[0.7, 0.15, 0], [0, 0.8, 0.08], [0, 0, 0.9]])
}

struct ManpowerTests {
  @Test func pushModelMatchesTheWorkedExample() throws {
    let chain = try threeGrades()
    var stock = [1000.0, 600, 200]
    let stocks = [[900, 630, 228], [830, 639, 255.6], [781, 635.7, 281.16]]
    for (expected, leavers) in zip(stocks, [242, 233.4, 226.74]) {
      let year = try chain.pushed(stock, recruits: [200, 0, 0])
      expectClose(year.stock, expected, relative: 1e-13)
      #expect(close(year.leavers, leavers, relative: 1e-13))
      stock = year.stock
    }
    expectClose(try chain.expectedYears()[0], [10.0 / 3, 2.5, 2], relative: 1e-13)
    expectClose(try chain.expectedYears()[1], [0, 5, 4], relative: 1e-13)
    expectClose(try chain.limit(recruits: [200, 0, 0]), [2000.0 / 3, 500, 400], relative: 1e-13)
  }

  @Test func maintainabilityFollowsTheWorkedExample() throws {
    let chain = try threeGrades()
    let wide = try chain.recruitsToMaintain([0.55, 0.33, 0.12])
    #expect(close(wide[1], -0.0165, absolute: 1e-14) && close(wide[2], -0.0144, absolute: 1e-14))
    #expect(try !chain.isMaintainable([0.55, 0.33, 0.12]))
    expectClose(try chain.recruitsToMaintain([0.30, 0.35, 0.35]), [0.09, 0.025, 0.007], absolute: 1e-15)
    #expect(try chain.isMaintainable([0.30, 0.35, 0.35]))
    // Growth makes a bottom-heavy structure maintainable.
    #expect(try chain.isMaintainable([0.55, 0.33, 0.12], growth: 0.15))
    for corner in try chain.maintainableCorners() { #expect(try chain.isMaintainable(corner)) }
  }

  @Test func attainableStructuresAreReachedExactly() throws {
    let chain = try threeGrades()
    // What recruitment did in two years, recruitment can do.
    let first = try chain.pushed([1000, 600, 200], recruits: [150, 30, 0])
    let second = try chain.pushed(first.stock, recruits: [100, 0, 20])
    let totals = [first.stock.reduce(0, +), second.stock.reduce(0, +)]
    let plan = try #require(try chain.recruitsToAttain(second.stock, from: [1000, 600, 200], totals: totals))
    var stock = [1000.0, 600, 200]
    for recruits in plan {
      #expect(recruits.allSatisfy { $0 >= 0 })
      stock = try chain.pushed(stock, recruits: recruits).stock
    }
    expectClose(stock, second.stock, absolute: 1e-6)
    // Nobody can be demoted: fewer in grade 3 than stay there is out of reach.
    #expect(try chain.recruitsToAttain([1000, 600, 100], from: [1000, 600, 200], totals: [1700]) == nil)
  }

  @Test func covarianceOfOneYearIsMultinomial() throws {
    let chain = try threeGrades()
    let variance = try chain.covariance(of: [1000, 600, 200], recruits: [[200, 0, 0]])
    #expect(close(variance[0, 0], 1000 * 0.7 * 0.3, relative: 1e-13))
    #expect(close(variance[1, 1], 1000 * 0.15 * 0.85 + 600 * 0.8 * 0.2, relative: 1e-13))
    #expect(close(variance[0, 1], -1000 * 0.7 * 0.15, relative: 1e-13))
    #expect(variance[0, 1] == variance[1, 0])
  }

  /// Grinstead & Snell, *Introduction to Probability*, example 11.13: the drunkard's walk.
  @Test func drunkardsWalkMatchesGrinsteadAndSnell() throws {
    let walk = try ManpowerChain(grades: ["1", "2", "3"], moves: [[0, 0.5, 0], [0.5, 0, 0.5], [0, 0.5, 0]])
    let years = try walk.expectedYears()
    for (row, expected) in zip(years, [[1.5, 1, 0.5], [1, 2, 1], [0.5, 1, 1.5]]) { expectClose(row, expected, relative: 1e-14) }
    expectClose(years.map { $0.reduce(0, +) }, [3, 4, 3], relative: 1e-14)
    let endings = try walk.endings([[0.5, 0], [0, 0], [0, 0.5]])
    for (row, expected) in zip(endings, [[0.75, 0.25], [0.5, 0.5], [0.25, 0.75]]) { expectClose(row, expected, relative: 1e-14) }
  }

  @Test func vacanciesPullPersonsUp() throws {
    // Every vacancy above is filled from the grade below, the lowest by recruits.
    let chain = try VacancyChain(grades: ["low", "high"], fill: [[0, 0], [0.75, 0]])
    let year = try chain.pulled([100, 40], wastage: [0.1, 0.2], target: [100, 44])
    // High: 32 stay, 12 vacancies, 9 promoted and 3 recruited; low: 90 − 9 = 81, 19 recruits.
    expectClose(year.stock, [100, 44], relative: 1e-14)
    expectClose(year.recruits, [19, 3], relative: 1e-14)
    #expect(close(year.moves[0][1], 9, relative: 1e-14))
    expectClose(try chain.openings([10, 12]), [19, 12], relative: 1e-14)
    let full = try chain.pulled([100, 40], wastage: [0, 0], target: [90, 40])
    #expect(full.stock == [100, 40] && full.surplus == [10, 0])
  }

  @Test func neverEndingGradesAreReported() throws {
    let chain = try ManpowerChain(grades: ["a"], moves: [[1]])
    #expect(
      throws: SupplyError.notSolvable(
        what: Bilingual(zh: "各级平均年数", en: "expected years in grade"),
        reason: Bilingual(zh: "有的级别无人离开", en: "from some grades nobody ever leaves."))
    ) {
      try chain.expectedYears()
    }
    #expect(throws: SupplyError.sharesExceedOne(input: "moves", at: "a", sum: 1.1)) {
      try ManpowerChain(grades: ["a", "b"], moves: [[0.6, 0.5], [0, 0]])
    }
  }
}

struct TransitionEstimateTests {
  /// Alofi island rainfall, 1 096 days (Avery & Henderson 1999; vignette of R markovchain).
  private let alofi: [[Double]] = [[362, 126, 60], [136, 90, 68], [50, 79, 124]]

  @Test func alofiRainfallMatchesTheVignette() throws {
    let estimate = try TransitionEstimate(counts: alofi)
    let expected = [
      [0.6605839416, 0.2299270073, 0.1094890511], [0.4625850340, 0.3061224490, 0.2312925170],
      [0.1976284585, 0.3122529644, 0.4901185771],
    ]
    for (row, shares) in zip(estimate.shares, expected) { expectClose(row, shares, absolute: 5.1e-11) }
    #expect(close(estimate.logLikelihood, -1040.418547, absolute: 5.1e-7))
    expectClose(try estimate.stationary(), [0.500887057, 0.269365608, 0.2297473349], absolute: 5.1e-10)
    #expect(close(try #require(estimate.standardErrors[0][0]), (0.6605839416 * 0.3394160584 / 548).squareRoot(), relative: 1e-9))
  }

  @Test func priorsFillSparseRows() throws {
    let estimate = try TransitionEstimate(counts: [[3, 0], [0, 0]], prior: 0.5)
    expectClose(estimate.shares[0], [0.875, 0.125])
    expectClose(estimate.shares[1], [0.5, 0.5])
    let bare = try TransitionEstimate(counts: [[3, 0], [0, 0]])
    #expect(bare.shares[1] == [0, 0] && bare.standardErrors[1] == [nil, nil])
    #expect(throws: SupplyError.self) { try TransitionEstimate(counts: [[1, 0], [0, 1]]).stationary() }
  }

  @Test func homogeneityIsPearsonsStatistic() throws {
    // One origin with two destinations in two years is a 2 × 2 table: χ² = n (ad − bc)² ÷ margins.
    let test = try TransitionEstimate.homogeneity([[[30, 20], [0, 5]], [[10, 40], [0, 7]]])
    #expect(close(test.chiSquare, 100 * 1000 * 1000 / (50 * 50 * 40 * 60), relative: 1e-12))
    #expect(test.degrees == 1)
    #expect(try TransitionEstimate.homogeneity([alofi, alofi]).chiSquare < 1e-20)
  }
}

struct HamiltonPerryTests {
  @Test func matchesTheWorkedExample() throws {
    let fit = try HamiltonPerry(earlier: [100, 90, 80, 70], later: [110, 95, 84, 75])
    expectClose(fit.ratios, [0.95, 84.0 / 90, 0.5], relative: 1e-14)
    let next = try fit.projected([110, 95, 84, 75])
    expectClose(next, [121, 104.5, 95 * 84 / 90.0, 79.5], relative: 1e-14)
    let controlled = try fit.projected([110, 95, 84, 75], total: 400)
    #expect(close(controlled.reduce(0, +), 400, relative: 1e-14))
    expectClose(controlled.map { $0 * next.reduce(0, +) / 400 }, next, relative: 1e-13)
    let capped = try fit.capped(to: [0...0.9, 0...2, 0.6...1])
    expectClose(capped.ratios, [0.9, 84.0 / 90, 0.6], relative: 1e-14)
  }

  @Test func refusesEmptyBases() {
    #expect(throws: SupplyError.notACount(input: "earlier count (a divisor)", at: "group 2", value: 0)) {
      try HamiltonPerry(earlier: [1, 0, 1, 1], later: [1, 1, 1, 1])
    }
    #expect(throws: SupplyError.tooFewObservations(what: "cohort change ratios", needed: 2, found: 1)) {
      try HamiltonPerry(earlier: [1], later: [1])
    }
  }
}
