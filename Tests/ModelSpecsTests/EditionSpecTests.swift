import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

private let least = """
  schema: talentcast/edition-spec@1
  title: {zh: "{year}年报告", en: "Report {year}"}
  subject: {zh: 人才, en: talent}

  """

private func problems(_ text: String) -> [String] {
  do throws(ProblemReport) {
    _ = try parseEditionSpec(text, file: "edition.yaml")
    return []
  } catch {
    return error.problems.map { "\($0.line ?? 0) \($0.code) \($0.path ?? "")" }
  }
}

@Test func bundledEditionReads() throws {
  let text = try String(contentsOf: root.appending(path: "Models/edition.yaml"), encoding: .utf8)
  let spec = try parseEditionSpec(text, file: "edition.yaml")
  #expect(spec.title(in: 2026).zh == "2026年知识产权人才统计年度报告（北京、上海、粤港澳大湾区）")
  #expect(spec.year == 2026 && spec.focusYear == 2030)
  #expect(spec.approval == nil && spec.compiler == nil)
  #expect(spec.disclosure.threshold == 10 && !spec.disclosure.protectsModelled)
}

@Test func theYearStandsWhereTheTitleAsksForIt() throws {
  let spec = try parseEditionSpec(least, file: "e.yaml")
  #expect(spec.title(in: 2031).zh == "2031年报告")
  #expect(spec.title(in: 2031).en == "Report 2031")
  #expect(spec.disclosure.threshold == 0 && spec.disclosure.width == 0.2)
}

@Test func approvalAndRulesAreReadAsGiven() throws {
  let text =
    least + """
      approval: {form_number: 知年1表, issuer: 国家统计机构, number: 统制〔2026〕1号, valid_until: 2027-06}
      disclosure: {threshold: 5, modelled: true, width: 25%, dominance: {largest: 3, share: 70%}}
      """
  let spec = try parseEditionSpec(text, file: "e.yaml")
  #expect(spec.approval?.formNumber == "知年1表" && spec.approval?.approvedBy == nil)
  #expect(spec.disclosure.protectsModelled && spec.disclosure.width == 0.25)
  #expect(spec.disclosure.dominance?.largest == 3 && spec.disclosure.dominance?.share == 0.7)
}

@Test(arguments: [
  ("year: soon\n", "4 spec.not-a-number year"), ("yeer: 2026\n", "4 spec.unknown-key yeer"),
  ("disclosure: {threshold: -1}\n", "4 spec.out-of-range disclosure.threshold"),
  ("disclosure: {modelled: perhaps}\n", "4 spec.type disclosure.modelled"),
  ("disclosure: {dominance: {largest: 3}}\n", "4 spec.missing-key disclosure.dominance.share"),
  ("compare: high\n", "4 spec.type compare"), ("compare: [high, low, high]\n", "4 spec.value compare.2"),
])
func faultsOfAnEditionFileHaveTheirPlace(_ line: String, _ problem: String) {
  #expect(problems(least + line) == [problem])
}

@Test func comparedScenariosKeepTheirPlace() throws {
  let spec = try parseEditionSpec(least + "compare: [high, low]\n", file: "e.yaml")
  #expect(spec.compare.map(\.id) == ["high", "low"] && spec.compare.map(\.line) == [4, 4])
  #expect(spec.compare[0].column == 11)
}

@Test func everyFaultOfAnEditionFileIsReportedAtOnce() {
  let found = problems("schema: talentcast/edition@9\nyear: x\ntitle: {zh: 一}\n")
  #expect(found.count == 4)
}

@Test func theEditionFileIsNoModel() {
  let library = ScenarioLibrary(folder: root.appending(path: "Models").path)
  #expect(library.models.contains("baseline") && !library.models.contains("edition"))
}
