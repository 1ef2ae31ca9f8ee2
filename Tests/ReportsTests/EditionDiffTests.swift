import Dimensions
import Messages
import Testing

@testable import Reports

private func cell(_ region: RegionCode, _ value: Double, scenario: String = "baseline", concept: String = "c") -> ResultCell {
  ResultCell(
    scenario: scenario, region: region, regionName: "", hub: "", year: 2030, measure: .supply, unit: "人", value: value,
    p025: value, p10: value, p50: value, p90: value, p975: value, evidence: .estimated, method: "m", concept: concept,
    source: "s")
}

private func facts(
  version: String = "1", scenario: String = "baseline", seed: UInt64 = 1, _ inputs: [(String, String)] = []
) -> RunFacts {
  RunFacts(
    version: version, model: "baseline", scenario: scenario, seed: seed, draws: 100,
    inputs: inputs.map { RunFacts.File(name: $0.0, sha256: $0.1) })
}

@Test func everyCellIsRevisedNewGoneOrTheSame() throws {
  let old = [cell("A", 100), cell("B", 50), cell("C", 7)]
  let new = [cell("A", 110), cell("B", 50), cell("D", 1)]
  let diff = EditionDiff(old: old, new: new)
  #expect(diff.unchanged == [.supply: 1])
  #expect(diff.changes(.supply, .new).map(\.key.region) == ["D"])
  #expect(diff.changes(.supply, .gone).map(\.key.region) == ["C"])
  let revised = try #require(diff.changes(.supply, .revised).first)
  #expect(revised.difference == 10)
  #expect(try #require(revised.rate) == 110.0 / 100 - 1)
}

@Test func comparingAnEditionWithItselfFindsNothing() {
  let cells = SampleEdition.input.cells
  let diff = EditionDiff(old: cells, new: cells)
  #expect(diff.changes.isEmpty)
  #expect(diff.unchanged.values.reduce(0, +) == cells.count)
}

@Test func swappingTheEditionsSwapsNewAndGone() {
  let a = SampleEdition.input.cells
  let b = Array(SampleEdition.build(seedShift: 0.1).cells.dropFirst(40))
  let (forth, back) = (EditionDiff(old: a, new: b), EditionDiff(old: b, new: a))
  #expect(forth.changes.count == back.changes.count)
  #expect(forth.changes.count { $0.kind == .gone } == back.changes.count { $0.kind == .new })
  #expect(forth.changes.count { $0.kind == .gone } == 40)
}

@Test func singleScenariosAreComparedWithEachOther() {
  let diff = EditionDiff(old: [cell("A", 1)], new: [cell("A", 2, scenario: "high")])
  #expect(diff.changes.map(\.kind) == [.revised])
  let several = EditionDiff(old: [cell("A", 1), cell("A", 1, scenario: "x")], new: [cell("A", 2, scenario: "high")])
  #expect(several.changes.count { $0.kind == .new } == 1)
}

@Test func aWithheldCellIsARevisionOfItsNumber() {
  let diff = EditionDiff(old: [cell("A", 5)], new: [cell("A", 5).withheld])
  #expect(diff.changes.map(\.kind) == [.revised])
  #expect(diff.changes.first?.new == nil)
  #expect(EditionDiff(old: [cell("A", 5).withheld], new: [cell("A", 5).withheld]).changes.isEmpty)
}

@Test func aChangedConceptIsSaidSo() {
  let diff = EditionDiff(old: [cell("A", 1)], new: [cell("A", 2, concept: "other")])
  #expect(diff.changes.first?.reason == .concept)
}

@Test(arguments: [
  (facts(), facts(), ""), (facts([("d/a.csv", "1")]), facts([("d/a.csv", "2")]), "D"),
  (facts([("d/a.csv", "1")]), facts([("d/b.csv", "1")]), "S"), (facts(version: "1"), facts(version: "2"), "M"),
  (facts(), facts(scenario: "high"), "A"), (facts([("Models/baseline.yaml", "1")]), facts([("Models/baseline.yaml", "2")]), "A"),
  (facts([("Models/edition.yaml", "1")]), facts([("Models/edition.yaml", "2")]), ""), (facts(seed: 1), facts(seed: 2), "M"),
  (facts(version: "1", [("d/a.csv", "1")]), facts(version: "2", seed: 3, [("d/a.csv", "2")]), "DMM"),
])
func reasonsFollowFromTheManifests(_ old: RunFacts, _ new: RunFacts, _ codes: String) {
  #expect(reasons(old: old, new: new).map(\.code.rawValue).joined() == codes)
}

@Test func revisionTableIsPrintedAndChecked() throws {
  var input = SampleEdition.input
  input.revisions = revisions(from: SampleEdition.build(seedShift: 0.05), to: input, reasons: [])
  #expect(input.revisions.contains { $0.previous != $0.current })
  let book = document(for: input)
  let table = try #require(book.tables.first { $0.anchor == "t-revisions" })
  #expect(table.rows.count == input.revisions.count)
  #expect(checkReport(book, against: input).filter { $0.severity == .error }.map(\.code) == [])
}

@Test func shortProfileKeepsItsReferences() {
  let short = document(for: SampleEdition.input, profile: .short)
  #expect(short.chapters.count < SampleEdition.honest.chapters.count)
  #expect(!short.chapters.contains { $0.anchor == "annex-tables" })
  #expect(short.chapters.contains { $0.anchor == "balance" })
  #expect(checkReport(short, against: SampleEdition.input).filter { $0.severity == .error }.map(\.code) == [])
  #expect(short.numbered().tables.map(\.number) == short.tables.map(\.number))
}

@Test func withheldCellsAreMarkedInTablesAndUnsaidInText() throws {
  var input = SampleEdition.input
  let hidden: Set<RegionCode> = ["310000", "440400"]
  input.cells = input.cells.map { hidden.contains($0.region) ? $0.withheld : $0 }
  input.otherScenarios = input.otherScenarios.map { hidden.contains($0.region) ? $0.withheld : $0 }
  let book = document(for: input)
  let rows = book.tables.flatMap(\.rows).filter { $0.cells[0].text(.en) == "Shanghai" && $0.cells.count > 3 }
  #expect(rows.count > 3)
  for row in rows { #expect(row.cells.allSatisfy { $0.fact == nil }) }
  #expect(rows.flatMap(\.cells).contains { if case .suppressed = $0 { true } else { false } })
  for language in Language.allCases {
    for file in report(book, language, sources: input.sources) {
      let text = file.text.lowercased()
      #expect(!text.contains("nan<") && !text.contains("nan ") && !text.contains(">nan") && !text.contains("inf<"), "\(file.name)")
    }
  }
  #expect(checkReport(book, against: input).filter { $0.severity == .error }.map(\.code) == [])
}

@Test func approvalIsPrintedOnlyWhenGiven() {
  #expect(!report(SampleEdition.input, .zh)[0].text.contains("批准文号"))
  var input = SampleEdition.input
  input.edition.approval = [
    ApprovalLine(label: Bilingual(zh: "批准文号", en: "Approval number"), text: Bilingual(zh: "〔示例〕一号", en: "sample one"))
  ]
  #expect(report(input, .zh)[0].text.contains("〔示例〕一号"))
}

/// Members that other parts of the run fill have paths, too: a printed number without one is a fault.
@Test func everyMemberOfTheEditionIsTraceable() throws {
  var input = SampleEdition.input
  input.levelErrors = [
    LevelAccuracy(
      level: Bilingual(zh: "全国", en: "nation"), nodes: 1, meanAbsoluteBefore: 10.4, meanAbsoluteAfter: 9.6,
      rootMeanSquareBefore: 12, rootMeanSquareAfter: 11)
  ]
  input.supplyTiers = [
    SupplyTierRow(
      tier: "T0", basis: Bilingual(zh: "份额", en: "share"), regions: Bilingual(zh: "各省", en: "provinces"), count: 31,
      wanted: Bilingual(zh: "登记", en: "a register"))
  ]
  for i in input.backtests.indices { input.backtests[i].constantShareMedianAPE = 0.05 }
  let book = document(for: input)
  #expect(book.tables.contains { $0.anchor == "t-reconciliation" } && book.tables.contains { $0.anchor == "t-supply-tiers" })
  #expect(checkReport(book, against: input).filter { $0.severity == .error }.map { "\($0.code) \($0.path ?? "")" } == [])
}

/// An edition written before a member was known is still an edition to compare with.
@Test func earlierEditionsStayReadable() throws {
  let json = try editionText(SampleEdition.input)
    .replacing(#/"levelErrors" : \[\s*\],\s*/#, with: "").replacing(#/"supplyTiers" : \[\s*\],\s*/#, with: "")
  #expect(!json.contains("levelErrors") && !json.contains("supplyTiers"))
  #expect(try readEdition(Array(json.utf8), file: "edition.json").edition == SampleEdition.input.edition)
}
