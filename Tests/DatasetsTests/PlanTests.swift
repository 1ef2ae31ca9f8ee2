import Datasets
import Dimensions
import Foundation
import Messages
import Testing

@Suite struct PlanTests {
  let catalogue: Catalogue
  init() throws { catalogue = try bundled.get() }

  @Test func everyQuantifiedTargetOfThePlanIsThere() throws {
    let plan = try catalogue.plan("plan-14fyp")
    #expect(
      plan.targets.map(\.id) == [
        "M1", "M2", "M3", "M4", "M5", "M6", "M7", "Q8", "Q9", "Q10", "Q11", "Q12", "C13", "C14",
      ])
    #expect(plan.targets.filter { $0.group == "main" }.map(\.value) == [1_000_000, 40_000, 20_000, 30, 5, 100, 90])
    #expect(plan.targets.filter { $0.group == "main" }.allSatisfy { $0.nature == "预期性" && $0.year == 2025 })
    #expect(plan.milestones.count == 14)
    #expect((plan.firstYear, plan.targetYear) == (2021, 2025))
  }

  @Test func bandOfTheInformationStaffIsFivePerCent() throws {
    let target = try #require(try catalogue.plan("plan-14fyp").targets.first { $0.id == "Q8" })
    #expect(target.rule == .about && target.tolerance == 0.05)
    #expect(target.quote.contains("4000人左右"))
  }

  @Test func plansAreFoundByTheirTables() {
    #expect(catalogue.plans == ["plan-14fyp", "plan-2030", "plan-related"])
  }

  @Test func misspeltPlanNamesTheNearest() throws {
    let report = try #require(throws: ProblemReport.self) { try catalogue.plan("plan-14fpy") }
    #expect(report.description.contains("plan-14fyp"))
    #expect(throws: ProblemReport.self) { try catalogue.plan("ip-talent") }
  }

  /// Mid-2024 is three and a half years after the end of 2020.
  @Test func snapshotsStandAtTheirMonth() throws {
    #expect(try catalogue.indicator("ip_online_quality_courses_jun").instant(of: 2024) == 2023.5)
    #expect(try catalogue.indicator("patent_attorneys_practising").instant(of: 2023) == 2023)
    #expect(try catalogue.indicator("population_midyear_worldbank").instant(of: 2020) == 2019.5)
  }

  @Test func flawedTargetsAreAllReported() throws {
    let folder = FileManager.default.temporaryDirectory.path + "/talentcast-plan-\(UUID().uuidString)"
    defer { do { try FileManager.default.removeItem(atPath: folder) } catch {} }
    try FileManager.default.copyItem(atPath: datasetsFolder + "/plan-2030", toPath: folder)
    let file = folder + "/targets.csv"
    let text = String(decoding: try Data(contentsOf: URL(fileURLWithPath: file)), as: UTF8.self)
      .replacing("patent_attorneys_practising", with: "patent_attorney_practising")
      .replacing(",人,100,", with: ",家,100,").replacing(",810000,", with: ",819999,")
    try Data(text.utf8).write(to: URL(fileURLWithPath: file))
    let problems = try checkData(folder, reference: datasetsFolder).problems
    let codes = Set(problems.map(\.code))
    #expect(codes.isSuperset(of: ["package.checksum", "plan.indicator", "plan.unit", "plan.region"]), "\(problems)")
    #expect(problems.first { $0.code == "plan.indicator" }?.hint?.en.contains("patent_attorneys_practising") == true)
    #expect(problems.filter { $0.code.hasPrefix("plan.") }.allSatisfy { $0.line != nil && $0.column != nil })
  }
}
