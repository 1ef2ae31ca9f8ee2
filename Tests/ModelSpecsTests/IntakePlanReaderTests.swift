import Messages
import ModelSpecs
import Testing

private let sound = """
  schema: talentcast/intake-plan@1
  id: p
  name: {zh: 规划, en: plan}
  why: {zh: 因为, en: because}
  scenario: baseline
  region: "100000"
  years: {first: 2026, last: 2030}
  goal: {supply: requirement}
  channels:
    - id: exam
      name: {zh: 考试, en: exam}
      now: {value: 1.2万, evidence: A, source: s, note: {zh: 注, en: note}}
      capacity: {by: {2026: 100, 2030: 300}, evidence: D, source: s, note: {zh: 注, en: note}}
      yield: {value: 40%, evidence: D, source: s, note: {zh: 注, en: note}}
      delay: 1
      ages: [25, 30]
  require:
    - {measure: supply, year: 2030, at_least: 100万}
  uncertainty: {minimise: cvar}
  sources:
    - {id: s, title: {zh: 源, en: source}, publisher: 出版者}
  """

@Suite struct IntakePlanReaderTests {
  @Test func readsWhatIsWritten() throws {
    let plan = try parseIntakePlan(sound, file: "p.yaml")
    let exam = plan.channels[0]
    #expect(exam.now.value == 12_000 && exam.yield.value == 0.4 && exam.delay == 1 && exam.ages == 25...30)
    #expect([2025, 2026, 2027, 2030, 2040].map(exam.capacity.path.value) == [100, 100, 150, 300, 300])
    #expect(exam.least.value(2028) == 0 && exam.step == nil && exam.cost == nil)
    #expect(plan.goal.supply == nil && plan.goal.ranking == .order([.shortage, .surplus, .cost]))
    #expect(plan.requirements[0].atLeast == 1e6 && plan.requirements[0].measure == .supply)
    let uncertainty = try #require(plan.uncertainty)
    #expect(uncertainty.aim == .cvar && uncertainty.level == 0.9 && uncertainty.draws == 200)
    #expect(plan.region.line == 6 && plan.region.column == 9 && plan.years.value == 2026...2030)
  }

  /// One fault each: what is changed, and the code, line and column of what is said.
  @Test(arguments: [
    ("region: ", "regoin: ", "spec.missing-key", 1, 1),
    ("delay: 1", "dealy: 1", "spec.unknown-key", 15, 5),
    ("delay: 1", "delay: 1.5", "spec.type", 15, 12),
    ("value: 40%", "value: 140%", "spec.out-of-range", 14, 20),
    ("value: 40%", "value: forty", "spec.not-a-number", 14, 20),
    ("ages: [25, 30]", "ages: [30, 25]", "spec.range", 16, 11),
    ("first: 2026", "first: 2036", "spec.years", 7, 8),
    ("year: 2030, at", "year: 2031, at", "spec.out-of-range", 18, 29),
    (", at_least: 100万", "", "plan.requirement", 18, 5),
    ("measure: supply", "measure: suply", "spec.value", 18, 15),
    ("minimise: cvar", "minimise: cvra", "spec.value", 19, 25),
    ("{supply: requirement}", "{supply: requirement, order: [shortage, shortage]}", "spec.duplicate", 8, 47),
    ("{supply: requirement}", "{supply: requirement, order: [cost], weights: {shortage: 1}}", "plan.ranking", 8, 53),
    ("intake-plan@1", "intake-plan@9", "spec.schema", 1, 9),
    ("evidence: A, source: s", "evidence: A, source: t", "plan.unknown-source", 12, 10),
    ("evidence: A, source: s", "evidence: Q, source: s", "spec.value", 12, 34),
    ("2030: 300}", "later: 300}", "spec.value", 13, 39),
  ])
  func saysWhatIsWrongAndWhere(_ from: String, _ to: String, code: String, line: Int, column: Int) throws {
    let text = sound.replacing(from, with: to)
    #expect(text != sound, "the fault is in the text")
    let report = try #require(throws: ProblemReport.self) { try parseIntakePlan(text, file: "p.yaml") }
    #expect(report.status == .badConfiguration)
    let found = report.problems.map { "\($0.code) \($0.line ?? 0):\($0.column ?? 0)" }
    #expect(found.contains("\(code) \(line):\(column)"), "\(found)")
    #expect(report.problems.allSatisfy { !$0.message.zh.isEmpty && $0.message.zh != $0.message.en })
  }

  @Test func everyFaultIsToldInOnePass() throws {
    let text = sound.replacing("delay: 1", with: "dealy: 1").replacing("value: 40%", with: "value: 140%")
      .replacing("minimise: cvar", with: "minimise: cvra")
    let report = try #require(throws: ProblemReport.self) { try parseIntakePlan(text, file: "p.yaml") }
    #expect(report.problems.map(\.line) == [14, 15, 19])
    #expect(report.problems[1].hint?.en == "did you mean: delay")
  }

  @Test func channelsAreNeededAndDistinct() throws {
    let twice = sound.replacing("  delay: 1", with: "  delay: 1")
      .replacing("require:", with: "  - \(sound.split(separator: "\n").first { $0.contains("- id: exam") }!.dropFirst(4))\nrequire:")
    let report = try #require(throws: ProblemReport.self) { try parseIntakePlan(twice, file: "p.yaml") }
    #expect(report.problems.contains { $0.code == "spec.duplicate" && $0.message.en == "the channel 'exam' is given twice" })
    let missing = try #require(throws: ProblemReport.self) { try readIntakePlan("no/such/plan.yaml") }
    #expect(missing.status == .missingInput && missing.problems[0].file == "no/such/plan.yaml")
  }
}
