import Datasets
import Foundation
import Forecasting
import Gaps
import Messages
import Testing

/// Read once from the bundled packages.
private let bundledPackages: Result<Catalogue, ProblemReport> = {
  let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Datasets").path
  do throws(ProblemReport) { return .success(try Catalogue(directory: folder)) } catch { return .failure(error) }
}()

@Suite struct PlanMonitorTests {
  let catalogue: Catalogue
  init() throws { catalogue = try bundledPackages.get() }

  private func row(_ id: String, in plan: String) throws -> PlanMonitor.Row {
    let monitor = try PlanMonitor(plan: plan, catalogue: catalogue, damping: 0.9)
    return try #require(monitor.rows.first { $0.id == id })
  }

  /// 34,396 at end-2023, 40,000 due at end-2025: 7.84 % a year against 14.0 % since 2020.
  @Test func attorneysAreExpectedToReachTheirTarget() throws {
    let row = try row("M2", in: "plan-14fyp")
    #expect(row.latest?.value == 34_396)
    #expect(abs(try #require(row.requiredPace) - 0.07839) < 1e-5)
    #expect(abs(try #require(row.realisedPace) - 0.14038) < 1e-5)
    let outlook = try #require(row.outlook)
    #expect(outlook.p10 < outlook.p50 && outlook.p50 < outlook.p90)
    #expect(outlook.p10 > 34_396 && outlook.p90 < 60_000)
    #expect(row.status == .likely)
  }

  @Test func nearlyTwentyThousandIsNotTwentyThousand() throws {
    #expect(try row("M3", in: "plan-14fyp").status == .tooImprecise)
  }

  @Test(arguments: ["M4", "M5", "M7", "Q9", "Q10", "Q11", "Q12", "C13", "C14"])
  func whatNobodyPublishesIsNotAvailable(id: String) throws {
    let row = try row(id, in: "plan-14fyp")
    #expect(row.status == .notAvailable && row.latest == nil && row.outlook == nil)
  }

  @Test func informationStaffHaveReachedTheirs() throws {
    #expect(try row("Q8", in: "plan-14fyp").status == .reached)
  }

  /// Two figures carry no forecast of their own; the run's draws do.
  @Test func drawsOfTheRunJudgeItsOwnStock() throws {
    let without = try row("M1", in: "plan-14fyp")
    #expect(without.outlook == nil && without.status == .atRisk)
    let draws = (0..<100).map { 950_000 + Double($0) * 1_000 }
    let monitor = try PlanMonitor(plan: "plan-14fyp", catalogue: catalogue, damping: 0.9) { indicator, year in
      indicator == "ip_talent_headcount" && year == 2025 ? draws : nil
    }
    let with = try #require(monitor.rows.first { $0.id == "M1" })
    #expect(with.probability == 0.5 && with.status == .atRisk)
    #expect(with.outlook?.method.en == "draws of this run")
  }

  @Test func coursesAreCountedFromTheStartOfThePlan() throws {
    let row = try row("M6", in: "plan-14fyp")
    #expect(row.pace.kind == .linear && row.pace.realised == 28)
    #expect(row.status == .likely)
  }

  /// A second plan needs no code: 50,000 attorneys by 2030, and Hong Kong's examiners.
  @Test func anotherPlanIsAnotherPackage() throws {
    let monitor = try PlanMonitor(plan: "plan-2030", catalogue: catalogue, damping: 0.9)
    #expect(monitor.rows.map(\.id) == ["A1", "A2"])
    #expect(monitor.rows[0].outlook != nil)
    #expect(monitor.rows[1].latest?.value == 29 && monitor.rows[1].status == .tooImprecise)
  }

  /// Plans whose year is over are judged by that year.
  @Test func pastPlansAreAssessedByTheirOwnYear() throws {
    let row = try row("H1", in: "plan-related")
    #expect(row.latest?.year == 2015 && row.status == .reached)
  }

  /// The census break of 2023 leaves the share on its new basis only.
  @Test func breaksAreNotCrossed() throws {
    let row = try row("N2", in: "plan-related")
    #expect(row.status == .reached)
    #expect(try #require(row.latest).year >= 2023)
  }
}
