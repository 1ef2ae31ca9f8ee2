import Datasets
import Dimensions
import Foundation
import Messages
import Testing

/// The folder of bundled packages, found from this file.
let datasetsFolder = URL(fileURLWithPath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appendingPathComponent("Datasets").path

/// Read once: every test below only looks.
let bundled: Result<Catalogue, ProblemReport> = {
  do throws(ProblemReport) { return .success(try Catalogue(directory: datasetsFolder)) } catch { return .failure(error) }
}()

@Suite struct BundledDataTests {
  let catalogue: Catalogue
  init() throws { catalogue = try bundled.get() }

  @Test func everyPackageIsSound() {
    #expect(
      catalogue.packages.map(\.name) == [
        "boundaries", "drivers", "gba-cities", "hong-kong-macao", "ip-talent", "patent-intensive-industries",
        "plan-14fyp", "plan-2030", "plan-related", "published-facts", "standards",
      ])
    // Five figures are printed as they are in the yearbooks, ten times the year before: questioned, not mended.
    let jumps = catalogue.warnings.filter { $0.code == "data.tenfold-jump" }
    #expect(jumps.map(\.line) == [5014, 13725, 13804, 13848, 14830])
    #expect(catalogue.warnings.count == jumps.count, "\(catalogue.warnings)")
    #expect(catalogue.observations.count > 16_000)
  }

  /// Every fact says how it binds and who printed it; only a publisher of record has grade A.
  @Test func gradesOfFactsFollowTheirPublishers() throws {
    let facts = try catalogue.rows(package: "published-facts", resource: "facts")
    let (classes, grades) = (try facts.strings(named: "publisher_class"), try facts.strings(named: "evidence"))
    #expect(facts.rowCount == 340)
    let expected = ["publisher-of-record": "A", "secondary": "B", "unofficial": "C"]
    for (kind, grade) in zip(classes, grades) { #expect(expected[kind] == grade) }
    let cancelled = try facts.strings(named: "printed_indicator").firstIndex(
      of: "patent_attorney_licences_cancelled_jan_aug")
    let row = try #require(cancelled)
    #expect(try facts.numbers(named: "value")[row] == 673)
    #expect(try facts.strings(named: "population")[row] == "patent_attorney_licences_cancelled")
    #expect(try facts.strings(named: "reference")[row] == "2015-01/2015-08")
  }

  @Test func talentStockIsTheTwoPublishedFigures() throws {
    let panel = try catalogue.panel("ip_talent_headcount")
    #expect(panel.series("100000").map(\.year) == [2020, 2023])
    #expect(panel.series("100000").map(\.value) == [690_000, 860_000])
    #expect(panel.series("100000").allSatisfy { $0.evidence == .observed })
    #expect(panel.concept == "ip-talent")
  }

  /// Stated again in March 2022 without a date: kept as a conflict, never as an observation of 2021.
  @Test func restatementOf2021IsNoObservation() throws {
    #expect(try catalogue.panel("ip_talent_headcount")["100000", 2021] == nil)
    let kept = catalogue.conflicts.first { $0.indicator == "ip_talent_headcount" }
    #expect(kept?.year == 2021 && kept?.other == 690_000 && kept?.chosen == nil)
  }

  @Test(arguments: [(2018, 18_668.0), (2019, 20_192), (2020, 23_193), (2021, 26_840), (2022, 31_347), (2023, 34_396)])
  func practisingAttorneysAreTheExactCounts(year: Int, count: Double) throws {
    #expect(try catalogue.panel("patent_attorneys_practising")["100000", year]?.value == count)
  }

  @Test func boundsArePrintedAsBounds() throws {
    #expect(try catalogue.panel("ip_specialist_title_mid_or_above")["100000", 2023]?.precision == .upperBound)
    #expect(try catalogue.panel("ip_information_service_staff")["100000", 2023]?.precision == .lowerBound)
    #expect(try catalogue.panel("ip_service_employees")["100000", 2020]?.precision == .rounded)
    #expect(try catalogue.panel("patent_attorneys_practising")["100000", 2023]?.precision == .exact)
  }

  /// The sum of the provinces and Hong Kong, Macao and Taiwan is the printed national total.
  @Test(arguments: 2010...2023)
  func grantsOfPartsAddUpToTheNation(year: Int) throws {
    let panel = try catalogue.panel("patents_granted_invention")
    let parts = catalogue.regions.filter { $0.level == "province" || $0.level == "sar" }.compactMap { panel[$0.code, year]?.value }
    #expect(parts.count == 34)
    #expect(parts.reduce(0, +) == panel["100000", year]?.value)
  }

  @Test func seriesAreCutAtDefinitionBreaks() throws {
    let agencies = try catalogue.panel("trademark_agencies")
    #expect(agencies.comparableParts("100000").map { $0.map(\.year) } == [[2020, 2021, 2022], [2023]])
    #expect(agencies.comparable("100000").map(\.value) == [35_712])
    #expect(try agencies.change("100000", from: 2020, to: 2022) == 71_466 - 55_572)
    let report = try #require(throws: ProblemReport.self) { try agencies.change("100000", from: 2022, to: 2023) }
    #expect(report.problems.map(\.code) == ["data.definition-break"])
    #expect(report.description.contains("re-registration"))
  }

  @Test func refusesToMixConcepts() throws {
    let report = try #require(throws: ProblemReport.self) {
      try catalogue.comparablePanels(["ip_talent_headcount", "ip_service_employees"])
    }
    #expect(report.problems.map(\.code).contains("data.concepts-mixed"))
    #expect(try catalogue.comparablePanels(["rd_expenditure_basic", "rd_expenditure_applied"]).count == 2)
  }

  @Test func misspeltIndicatorNamesTheNearest() throws {
    let report = try #require(throws: ProblemReport.self) { try catalogue.panel("patent_attorney_practising") }
    #expect(report.description.contains("patent_attorneys_practising"))
    #expect(report.status == .badConfiguration)
  }

  @Test func everyObservationNamesARegisteredSource() {
    let ids = Set(catalogue.sources.map(\.id))
    #expect(catalogue.observations.allSatisfy { ids.contains($0.source) })
  }

  /// An English reader meets no title, publisher or remark in another script.
  @Test func everySourceHasAnEnglishName() {
    let scripts: [ClosedRange<UInt32>] = [0x3040...0x30FF, 0x3400...0x9FFF, 0xAC00...0xD7AF]
    let foreign = catalogue.sources.filter { source in
      (source.title.en + source.publisher.en + source.licence.en + source.note.en).unicodeScalars.contains { scalar in
        scripts.contains { $0 ~= scalar.value }
      }
    }
    #expect(foreign.isEmpty, "\(foreign.map(\.id))")
    #expect(catalogue.sources.contains { $0.title.zh != $0.title.en && $0.publisher.zh != $0.publisher.en })
  }

  @Test func hubsHaveTheirParts() {
    #expect(catalogue.regions.count { $0.hub == "beijing" && $0.level == "district" } == 16)
    #expect(catalogue.regions.count { $0.hub == "shanghai" && $0.level == "district" } == 16)
    let gba = catalogue.regions.filter { $0.hub == "gba" && ($0.level == "city" || $0.level == "sar") }
    #expect(gba.count == 11)
    #expect(gba.allSatisfy { $0.areaPublished ?? 0 > 0 && $0.longitude != nil })
  }

  @Test func schedulesAreAtHandAsTables() throws {
    let mortality = try catalogue.rows(package: "standards", resource: "mortality")
    #expect(mortality.rowCount == 4_473)
    #expect(mortality.column("qx_male")?.numbers != nil)
    let industries = try catalogue.rows(package: "standards", resource: "industries_gbt4754_2017")
    #expect(try industries.strings(named: "code").contains("01"))
    #expect(throws: ProblemReport.self) { try catalogue.rows(package: "standards", resource: "mortalty") }
  }

  @Test func fingerprintsCoverEveryFile() {
    #expect(catalogue.fileHashes["Datasets/ip-talent/observations.csv"]?.sha256.count == 64)
    #expect(catalogue.fileHashes.count == catalogue.packages.reduce(0) { $0 + $1.resources.count + 1 })
  }
}
