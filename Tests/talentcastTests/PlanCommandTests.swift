import Messages
import Planning
import Testing

@testable import talentcast

@Suite struct PlanCommandTests {
  @Test func optionsAreReadAndOddOnesRefused() throws {
    let command = try #require(try TalentCast.parseAsRoot(["plan", "a.yaml", "--out", "b.csv", "--jobs", "3", "--lang", "en"]) as? PlanCommand)
    #expect(command.file == "a.yaml" && command.out == "b.csv" && command.jobs == 3 && command.common.language == .en)
    #expect(throws: (any Error).self) { try TalentCast.parseAsRoot(["plan"]) }
    #expect(throws: (any Error).self) { try TalentCast.parseAsRoot(["plan", "a.yaml", "--jobs", "0"]) }
  }

  @Test func theTableHoldsEveryFigureOnce() throws {
    let plan = try IntakePlan(
      IntakeProblem(
        years: 2026...2026,
        channels: [
          IntakeProblem.Channel(
            id: "seats", name: Bilingual(zh: "名额", en: "seats"), now: 10, capacity: [15], least: [0], step: nil, yield: 1,
            delay: 0, cost: 2, stays: [[[1]]])
        ], supply: [[100]], goal: [[110]], ranking: .order([.shortage])))
    #expect(
      planCSV(plan) == """
        year,channel,measure,unit,value
        2026,seats,admitted,人,15.0
        2026,seats,capacity,人,15.0
        2026,,goal,人,110.0
        2026,,supply_at_present_intakes,人,100.0
        2026,,supply,人,105.0
        2026,,shortage_at_present_intakes,人,10.0
        2026,,shortage,人,5.0
        2026,,cost_at_present_intakes,元,20.0
        2026,,cost,元,30.0

        """)
  }
}
