import Messages
import Supply
import Tables
import TestSupport
import Testing

func reform2025() throws -> RetirementSchedule {
  try RetirementSchedule(table: parseTable(Array(retirementTable2025.utf8), file: "retirement.csv"))
}

struct RetirementTests {
  /// Every birth month 1960–1985 against the rule of the decision: one month later for every four
  /// (women of 50: two) months after the first affected month, capped.
  @Test(arguments: [("M60", 60, 1965, 4, 36), ("F55", 55, 1970, 4, 36), ("F50", 50, 1975, 2, 60)])
  func everyBirthMonthAgreesWithTheDecision(
    _ category: String, _ original: Int, _ firstYear: Int, _ pace: Int, _ cap: Int
  ) throws {
    let schedule = try reform2025()
    for year in 1960...1985 {
      for month in 1...12 {
        let since = (year - firstYear) * 12 + month - 1
        let delay = since < 0 ? 0 : min(since / pace + 1, cap)
        let rule = try schedule.rule(category, born: YearMonth(year: year, month: month))
        #expect(rule.statutoryAge == original * 12 + delay, "\(category) \(year)-\(month)")
        #expect(rule.delay == delay)
        // Up to three years either way, never below the original age; untouched cohorts have no window.
        #expect(rule.earliestAge == (delay == 0 ? original * 12 : max(original * 12, rule.statutoryAge - 36)))
        #expect(rule.latestAge == (delay == 0 ? original * 12 : rule.statutoryAge + 36))
      }
    }
  }

  /// Lines that the official table prints.
  @Test(arguments: [
    ("M60", "1965-01", 60, 1, "2025-02"), ("M60", "1965-05", 60, 2, "2025-07"),
    ("M60", "1970-01", 61, 4, "2031-05"), ("M60", "1976-08", 62, 11, "2039-07"),
    ("M60", "1976-09", 63, 0, "2039-09"), ("F55", "1975-01", 56, 4, "2031-05"),
    ("F55", "1981-09", 58, 0, "2039-09"), ("F50", "1975-01", 50, 1, "2025-02"),
    ("F50", "1980-01", 52, 7, "2032-08"), ("F50", "1984-11", 55, 0, "2039-11"),
  ])
  func retirementMonthIsThePrintedOne(
    _ category: String, _ born: String, _ years: Int, _ months: Int, _ retires: String
  ) throws {
    let birth = try #require(YearMonth(born))
    let rule = try reform2025().rule(category, born: birth)
    #expect(rule.statutoryAge == years * 12 + months)
    #expect(birth.adding(months: rule.statutoryAge).description == retires)
  }

  /// Men born in 1965 turn 60 in 2025. On time: January–April retire Feb–May, May–August Jul–Oct,
  /// September in Dec 2025, October–December in Jan–Mar 2026. So 9 of 12 leave in 2025.
  @Test func hazardAveragesOverBirthMonths() throws {
    let schedule = try reform2025()
    #expect(close(try schedule.hazard(RetirementMix("M60"), age: 59, year: 2025), 9.0 / 12))
    #expect(try schedule.hazard(RetirementMix("M60"), age: 60, year: 2026) == 1)
    #expect(try schedule.hazard(RetirementMix("M60"), age: 58, year: 2025) == 0)
    // Before the reform: all who turn 60 during the year.
    #expect(try schedule.hazard(RetirementMix("M60"), age: 59, year: 2024) == 1)
  }

  /// Half of the men go as early as they may. Those born in January 1976 are due at 62 y 10 m and may
  /// go from 60: a window of 34 months.
  @Test func leversShiftTheSchedule() throws {
    let schedule = try reform2025()
    let men = RetirementMix("M60")
    let early = try RetirementTakeUp(early: 0.5, spread: .limit)
    #expect(try schedule.hazard(men, age: 59, year: 2036, takeUp: early) == 0.5)
    let late = try RetirementTakeUp(late: 1, spread: .limit)
    #expect(try schedule.hazard(men, age: 62, year: 2039, takeUp: late) == 0)
    // Born 1980, due 2043 at 63, latest 2046 at 66.
    #expect(try schedule.hazard(men, age: 65, year: 2046, takeUp: late) == 1)
  }

  @Test(arguments: 0..<60 as Range<UInt64>)
  func everyoneRetiresOnceAndNobodyTwice(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let schedule = try reform2025()
    let early = Double.random(in: 0...0.5, using: &random)
    let takeUp = try RetirementTakeUp(
      early: early, late: .random(in: 0...(1 - early), using: &random),
      spread: Bool.random(using: &random) ? .even : .limit)
    let share = Double.random(in: 0...1, using: &random)
    let mix = try RetirementMix([("F55", share), ("F50", 1 - share)])
    let born = Int.random(in: 1960...1985, using: &random)
    var (atWork, personYears) = (1.0, 0.0)
    for age in 40..<70 {
      let hazard = try schedule.hazard(mix, age: age, year: born + age + 1, takeUp: takeUp)
      #expect((0...1).contains(hazard))
      atWork *= 1 - hazard
      personYears += atWork
    }
    #expect(atWork < 1e-9)
    // Retiring later can only lengthen working lives.
    let onTime = try (40..<70).reduce(into: (1.0, 0.0)) { sum, age in
      sum.0 *= 1 - (try schedule.hazard(mix, age: age, year: born + age + 1))
      sum.1 += sum.0
    }
    if takeUp.early == 0 { #expect(personYears >= onTime.1 - 1e-9) }
    if takeUp.late == 0 { #expect(personYears <= onTime.1 + 1e-9) }
  }

  @Test func systemsDiffer() throws {
    let hongKong = RetirementSystem.ages(first: 60, hazards: [0.1, 0.2])
    #expect(try hongKong.hazard(age: 59, year: 2030) == 0)
    #expect(try hongKong.hazard(age: 60, year: 2030) == 0.1)
    #expect(try hongKong.hazard(age: 75, year: 2030) == 0.2)
    let mainland = RetirementSystem.schedule(try reform2025(), RetirementMix("M60"), .onTime)
    #expect(try mainland.hazard(age: 60, year: 2026) == 1)
  }

  @Test func namesWhatTheTableLacks() throws {
    let schedule = try reform2025()
    #expect(schedule.categories == ["M60", "F55", "F50"])
    #expect(throws: SupplyError.unknownCategory("F60", known: ["M60", "F55", "F50"])) {
      try schedule.hazard(RetirementMix("F60"), age: 50, year: 2030)
    }
    let gap = """
      category,birth_from,birth_to,original_age,new_age_years,new_age_months,earliest_flex_years,earliest_flex_months,latest_flex_years,latest_flex_months
      A,,1964-12,60,60,0,60,0,60,0
      A,1965-02,,60,60,1,60,0,63,1
      """
    #expect(throws: ProblemReport.self) {
      try RetirementSchedule(table: parseTable(Array(gap.utf8), file: "gap.csv"))
    }
  }

  @Test func reportsEveryBadCell() throws {
    let text = """
      category,birth_from,birth_to,original_age,new_age_years,new_age_months,earliest_flex_years,earliest_flex_months,latest_flex_years
      A,1965-13,,60,60,0,60,0,60
      """
    let missing = #expect(throws: ProblemReport.self) {
      try RetirementSchedule(table: parseTable(Array(text.utf8), file: "bad.csv"))
    }
    #expect(missing?.problems.map(\.path) == ["latest_flex_months"])
    let cells = """
      category,birth_from,birth_to,original_age,new_age_years,new_age_months,earliest_flex_years,earliest_flex_months,latest_flex_years,latest_flex_months
      A,,1964-12,60,60,0,60,0,60,0
      A,1965-13,,sixty,60,1,60,0,63,1
      """
    let bad = #expect(throws: ProblemReport.self) {
      try RetirementSchedule(table: parseTable(Array(cells.utf8), file: "bad.csv"))
    }
    #expect(bad?.problems.map(\.line) == [3, 3])
    #expect(bad?.problems.map(\.column) == [3, 12])
    #expect(bad?.problems.first?.message.en == "'1965-13' is no month of the form YYYY-MM")
  }
}
