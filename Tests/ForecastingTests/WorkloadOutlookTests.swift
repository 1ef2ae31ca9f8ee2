import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import TestSupport
import Testing

@testable import Forecasting

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

private let head = """
  schema: talentcast/workload@1
  id: t
  name: t
  place: "100000"
  years: {base: 2023, last: 2026}
  working_time:
    days: {value: 260, evidence: D, source: a, note: n}
    absent: {value: 31, evidence: D, source: a, note: n}
    hours_per_day: {value: 8, evidence: D, source: a, note: n}
    other_duties: {value: 0, evidence: D, source: a, note: n}
  sources: [{id: a, title: t, publisher: p}]

  """

private func spec(_ rest: String) throws -> WorkloadSpec {
  try parseWorkload(head + rest, file: "w.yaml")
}

private let steady = "productivity: {value: 0, evidence: D, source: a, note: n}\n"
private let inventions = "volume: patent_applications_invention"

@Suite struct WorkloadOutlookTests {
  let catalogue: Catalogue

  init() throws { catalogue = try Catalogue(directory: root.appending(path: "Datasets").path) }

  /// 1,522,292 published filings × 20 h ÷ 1832 h, by hand.
  @Test func statedHoursGiveThePostsOfPublishedCases() throws {
    let spec = try spec(
      steady + "groups: [{id: g, name: g, activities: [{\(inventions), hours: {value: 20, evidence: D, source: a, note: n}}]}]")
    let group = try #require(try WorkloadOutlook(spec, catalogue: catalogue, draws: 200).groups.first)
    let base = try #require(group.years.first)
    let byHand: Double = 1_522_292 * 20 / 1832
    #expect(close(base.posts.value, byHand, relative: 1e-12) && base.posts.p10 == base.posts.p90)
    #expect(base.cases[0].isPublished && !group.years[1].cases[0].isPublished)
    #expect(group.years[3].posts.p10 < group.years[3].posts.value && group.years[3].posts.value < group.years[3].posts.p90)
    #expect(group.staff == nil && base.waiting == nil)
  }

  /// Whatever hours are drawn, the staff of the base year has just the work of that year.
  @Test func calibratedHoursFitTheBaseYearInEveryDraw() throws {
    let spec = try spec(
      """
      productivity: {value: 0.02, low: 0, high: 0.05, evidence: D, source: a, note: n}
      groups:
        - id: g
          name: g
          staff: patent_attorneys_practising
          hours: calibrated
          activities:
            - {\(inventions), hours: {value: 25, low: 18, high: 32, evidence: D, source: a, note: n}}
            - {volume: pct_applications, hours: {value: 20, low: 12, high: 30, evidence: D, source: a, note: n}}
      """)
    let group = try #require(try WorkloadOutlook(spec, catalogue: catalogue, draws: 300).groups.first)
    let base = try #require(group.years.first)
    #expect(close(base.posts.p025, 34_396, relative: 1e-9) && close(base.posts.p975, 34_396, relative: 1e-9))
    #expect(base.waiting.map { abs($0) < 1e-6 } == true)
    #expect(close(group.hours[0] / group.hours[1], 25.0 / 20, relative: 1e-12))
  }

  @Test func whatIfMovesPostsInProportion() throws {
    let spec = try spec(
      steady + "groups: [{id: g, name: g, activities: [{\(inventions), hours: {value: 20, evidence: D, source: a, note: n}}]}]")
    func posts(_ whatIf: WorkloadOutlook.WhatIf) throws -> [Double] {
      try WorkloadOutlook(spec, catalogue: catalogue, whatIf: whatIf, draws: 100).groups[0].years.map(\.posts.value)
    }
    let plain = try posts(.init())
    var faster = WorkloadOutlook.WhatIf()
    faster.productivity = 0.1
    for (h, (mine, usual)) in zip(try posts(faster), plain).enumerated() {
      let slower: Double = (0..<h).reduce(usual) { value, _ in value / 1.1 }
      #expect(close(mine, slower, relative: 1e-12))
    }
    var broken = WorkloadOutlook.WhatIf()
    broken.breaks = [(2025, 0.5)]
    let halved = try posts(broken)
    #expect(halved[1] == plain[1] && close(halved[2], plain[2] / 2, relative: 1e-12) && close(halved[3], plain[3] / 2, relative: 1e-12))
  }

  /// What is published stays as published: a break there is refused, with the first year that may break.
  @Test(arguments: [1990, 2022, 2023])
  func aBreakInThePublishedPastIsRefused(year: Int) throws {
    let spec = try spec(
      steady + "groups: [{id: g, name: g, activities: [{\(inventions), hours: {value: 20, evidence: D, source: a, note: n}}]}]")
    var broken = WorkloadOutlook.WhatIf()
    broken.breaks = [(year, 0.5), (2024, 0.9)]
    let report = #expect(throws: ProblemReport.self) {
      try WorkloadOutlook(spec, catalogue: catalogue, whatIf: broken, draws: 100)
    }
    #expect(report?.status == .usage && report?.problems.map(\.code) == ["workload.break-published"])
    #expect(report?.problems[0].message.en.contains("\(year)") == true && report?.problems[0].hint?.en.contains("2024") == true)
  }

  /// Seed and draws decide the result; nothing else does.
  @Test func sameSeedSameFigures() throws {
    let spec = try readWorkload(root.appending(path: "Models/workload.yaml").path)
    let (a, b) = (try WorkloadOutlook(spec, catalogue: catalogue, draws: 100), try WorkloadOutlook(spec, catalogue: catalogue, draws: 100))
    #expect(a.groups.count == 3)
    #expect(a.groups.map { $0.years.map(\.posts) } == b.groups.map { $0.years.map(\.posts) })
    #expect(a.groups.allSatisfy { $0.years.allSatisfy { $0.posts.p10 <= $0.posts.p50 && $0.posts.p50 <= $0.posts.p90 } })
  }

  @Test func everySeriesThatDoesNotExistIsNamed() throws {
    let spec = try spec(
      steady
        + "groups: [{id: g, name: g, staff: patent_atorneys_practising, activities: [{volume: patent_applications_inventio, hours: {value: 1, evidence: D, source: a, note: n}}]}]"
    )
    let report = #expect(throws: ProblemReport.self) { try WorkloadOutlook(spec, catalogue: catalogue) }
    #expect(report?.problems.map(\.code) == ["data.unknown-indicator", "data.unknown-indicator"])
    #expect(report?.problems.allSatisfy { $0.hint != nil } == true)
  }

  @Test func faultsOfTheFileAreToldTogether() {
    let report = #expect(throws: ProblemReport.self) {
      try spec(
        "productivity: {value: 3, evidence: D, source: b, note: n}\ngroups: [{id: g, name: g, hours: calibrated, activities: []}]")
    }
    let codes = report?.problems.map(\.code) ?? []
    #expect(codes.contains("spec.out-of-range") && codes.contains("workload.calibrated-without-staff") && codes.contains("spec.unknown-source"))
    #expect(report?.problems.allSatisfy { ($0.line ?? 0) > 10 } == true)
  }
}
