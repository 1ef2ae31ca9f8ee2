import Datasets
import Dimensions
import Foundation
import Messages
import Testing

/// A small package of its own in a fresh folder, removed when the test ends.
final class Package {
  let folder: String
  init(_ rows: String, header: String = header, hash: String? = nil, edit: (String) -> String = { $0 }) throws {
    folder = FileManager.default.temporaryDirectory.path + "/talentcast-data-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try write("observations.csv", header + "\n" + rows + "\n")
    try write("sources.csv", "id,title,publisher\ns1,Yearbook,Bureau\n")
    try write(
      "indicators.csv",
      "id,name_zh,name_en,unit,concept,kind,timing,scope\nstaff,人员,Staff,人,staff,stock,year-end,region\nshare,占比,Share,%,share,ratio,during,region\n")
    try write(
      "regions.csv",
      "code,name_zh,name_en,level,parent,hub,longitude,latitude,area_km2_published\n100000,中国,China,country,,,,,\n110000,北京市,Beijing,province,100000,,,,\n"
    )
    func resource(_ name: String, _ fields: [String], key: String = "") throws -> String {
      let bytes = Array(try Data(contentsOf: URL(fileURLWithPath: "\(folder)/\(name).csv")))
      let digest = name == "observations" ? hash ?? SHA256.hex(bytes) : SHA256.hex(bytes)
      let columns = fields.map { field in
        let numeric = ["value", "longitude", "latitude", "area_km2_published"].contains(field)
        return "{\"name\":\"\(field)\",\"type\":\"\(field == "year" ? "year" : numeric ? "number" : "string")\"}"
      }
      return
        "{\"name\":\"\(name)\",\"path\":\"\(name).csv\",\"format\":\"csv\",\"bytes\":\(bytes.count),\"hash\":\"sha256:\(digest)\",\"schema\":{\"fields\":[\(columns.joined(separator: ","))]\(key)}}"
    }
    let resources = [
      try resource("observations", Package.header.split(separator: ",").map(String.init)),
      try resource("sources", ["id", "title", "publisher"], key: ",\"primaryKey\":[\"id\"]"),
      try resource("indicators", ["id", "name_zh", "name_en", "unit", "concept", "kind", "timing", "scope"]),
      try resource(
        "regions",
        ["code", "name_zh", "name_en", "level", "parent", "hub", "longitude", "latitude", "area_km2_published"]),
    ]
    let descriptor = """
      {"name":"own","title":"自有","title_en":"Own","description":"测试","description_en":"Test","created":"2026-11-23",
       "licenses":[{"name":"none"}],"sources":[{"title":"Yearbook"}],
       "resources":[\(resources.joined(separator: ",\n"))]}
      """
    try write("datapackage.json", edit(descriptor))
  }

  static let header = "indicator,region,year,value,unit,concept,source,evidence,note"

  func write(_ name: String, _ text: String) throws {
    try Data(text.utf8).write(to: URL(fileURLWithPath: folder + "/" + name))
  }

  func check() throws -> [Problem] { try checkData(folder, reference: nil).problems }

  deinit {
    do { try FileManager.default.removeItem(atPath: folder) } catch {}
  }
}

struct BadRow: Sendable, CustomTestStringConvertible {
  let rows: String
  let code: String
  let line: Int
  let column: Int
  var testDescription: String { code + " " + rows }
  init(_ rows: String, _ code: String, line: Int = 2, column: Int) {
    self.rows = rows
    self.code = code
    self.line = line
    self.column = column
  }
}

@Suite struct DataCheckTests {
  @Test func soundPackageHasNoProblems() throws {
    let package = try Package("staff,110000,2020,12,人,staff,s1,A,\nshare,110000,2020,-3.5,%,share,s1,B,rounded")
    #expect(try package.check().isEmpty)
    let catalogue = try Catalogue(directory: package.folder)
    #expect(try catalogue.panel("share")["110000", 2020]?.precision == .rounded)
  }

  @Test(arguments: [
    BadRow("staff,110000,2020,twelve,人,staff,s1,A,", "data.not-a-number", column: 19),
    BadRow("staff,110000,2020,1.2万,人,staff,s1,A,", "data.not-a-number", column: 19),
    BadRow("staff,110000,2020,inf,人,staff,s1,A,", "data.not-finite", column: 19),
    BadRow("staff,110000,2020,NaN,人,staff,s1,A,\nstaff,110000,2021,3,人,staff,s1,A,", "data.not-finite", column: 19),
    BadRow("staff,110000,2020,,人,staff,s1,A,", "data.missing-value", column: 19),
    BadRow("staff,110000,2020,-1,人,staff,s1,A,", "data.negative-count", column: 19),
    BadRow("staff,119999,2020,1,人,staff,s1,A,", "data.unknown-region", column: 7),
    BadRow("staff,CN,2020,1,人,staff,s1,A,", "data.unknown-region", column: 7),
    BadRow("staf,110000,2020,1,人,staff,s1,A,", "data.unknown-indicator", column: 1),
    BadRow("staff,110000,20200,1,人,staff,s1,A,", "data.year-out-of-range", column: 14),
    BadRow("staff,110000,2020.5,1,人,staff,s1,A,", "data.not-an-integer", column: 14),
    BadRow("staff,110000,2020,1,家,staff,s1,A,", "data.unit-disagrees", column: 21),
    BadRow("staff,110000,2020,1,人,experts,s1,A,", "data.concepts-mixed", column: 23),
    BadRow("staff,110000,2020,1,人,staff,s9,A,", "data.unknown-source", column: 29),
    BadRow("staff,110000,2020,1,人,staff,,A,", "data.missing-value", column: 29),
    BadRow("staff,110000,2020,1,人,staff,s1,E,", "data.unknown-evidence", column: 32),
    BadRow(
      "staff,110000,2020,1,人,staff,s1,A,\nstaff,110000,2020,2,人,staff,s1,A,", "data.duplicate-key", line: 3, column: 1),
  ])
  func pointsAtTheCell(_ c: BadRow) throws {
    let found = try Package(c.rows).check()
    #expect(found.map(\.code) == [c.code], "\(found)")
    #expect(found.first?.line == c.line)
    #expect(found.first?.column == c.column)
    #expect(found.first?.file?.hasSuffix("/observations.csv") == true)
  }

  @Test func allProblemsInOnePass() throws {
    let package = try Package(
      "staff,119999,2020,x,人,staff,s1,A,\nstaff,110000,1800,-1,家,other,s9,Z,\nstaff,110000,2021,1,人,staff,s1,A,")
    let codes = Set(try package.check().map(\.code))
    #expect(
      codes == [
        "data.unknown-region", "data.not-a-number", "data.year-out-of-range", "data.negative-count",
        "data.unit-disagrees", "data.concepts-mixed", "data.unknown-source", "data.unknown-evidence",
      ])
    let report = try #require(throws: ProblemReport.self) { try Catalogue(directory: package.folder) }
    #expect(report.status == .badData)
    #expect(Set(report.problems.map(\.code)) == codes)
  }

  /// A row with a cell too few does not hide the mistakes of other rows, and they stand where they stood.
  @Test func brokenRowsHideNothing() throws {
    let package = try Package(
      "staff,110000,2019\nstaff,119999,2020,x,人,staff,s1,A,\nstaff,110000,2021,1,人,staff,s1,A,\"two\nlines\",9\nstaff,110000,2022,-1,人,staff,s1,A,")
    let found = try package.check()
    #expect(found.map(\.code).sorted() == ["csv.ragged", "csv.ragged", "data.negative-count", "data.not-a-number", "data.unknown-region"])
    #expect(found.filter { $0.code == "csv.ragged" }.map(\.line) == [2, 5])
    #expect(found.first { $0.code == "data.not-a-number" }?.line == 3)
    #expect(found.first { $0.code == "data.negative-count" }?.line == 6)
    #expect(found.first { $0.code == "data.negative-count" }?.column == 19)
  }

  @Test func missingColumnNamesTheNearest() throws {
    let package = try Package(
      "staff,110000,2020,1,人,staff,s1,A,", header: Package.header.replacingOccurrences(of: "evidence", with: "evidense"))
    let missing = try package.check().filter { $0.code == "table.missing-column" }
    #expect(missing.map(\.path) == ["evidence"])
    #expect(missing.first?.hint?.en.contains("evidense") == true)
  }

  @Test func changedFileIsNoticed() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,", hash: String(repeating: "0", count: 64))
    let found = try package.check()
    #expect(found.map(\.code) == ["package.checksum"])
    #expect(found.first?.hint?.en.contains("sha256:") == true)
  }

  @Test func missingMembersArePointedAt() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,") {
      $0.replacingOccurrences(of: "\"name\":\"own\",", with: "").replacingOccurrences(of: "\"licenses\"", with: "\"licences\"")
    }
    let found = try package.check()
    #expect(found.map(\.code) == ["package.missing-member", "package.missing-member"])
    #expect(found.map(\.path) == ["/name", "/licenses"])
    #expect(found.last?.hint?.en.contains("licences") == true)
  }

  @Test func brokenDescriptorIsPointedAt() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,") { $0.replacingOccurrences(of: "\"sources\":[", with: "\"sources\" [") }
    let found = try package.check()
    #expect(found.map(\.code) == ["json.syntax"])
    #expect(found.first?.line == 2)
  }

  @Test func pathOutsideThePackageIsRefused() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,") {
      $0.replacingOccurrences(of: "\"path\":\"sources.csv\"", with: "\"path\":\"../../etc/passwd\"")
    }
    #expect(try package.check().map(\.code).contains("package.unsafe-path"))
  }

  /// A link out of the package, a NUL, a Windows path: none is opened. A link inside the package is.
  @Test func aResourceStandsInItsPackage() throws {
    for path in ["a\\u0000.csv", "..\\\\sources.csv", "x/../../sources.csv", "/etc/passwd"] {
      let package = try Package("staff,110000,2020,1,人,staff,s1,A,") {
        $0.replacingOccurrences(of: "\"path\":\"sources.csv\"", with: "\"path\":\"\(path)\"")
      }
      #expect(try package.check().map(\.code).contains("package.unsafe-path"), "\(path)")
    }
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,")
    let (own, elsewhere) = (package.folder + "/sources.csv", package.folder + "-elsewhere.csv")
    let files = FileManager.default
    try files.moveItem(atPath: own, toPath: package.folder + "/moved.csv")
    try files.createSymbolicLink(atPath: own, withDestinationPath: "moved.csv")
    #expect(try !package.check().map(\.code).contains("package.unsafe-path"))
    try files.moveItem(atPath: package.folder + "/moved.csv", toPath: elsewhere)
    defer { #expect(throws: Never.self) { try files.removeItem(atPath: elsewhere) } }
    try files.removeItem(atPath: own)
    try files.createSymbolicLink(atPath: own, withDestinationPath: elsewhere)
    #expect(try package.check().map(\.code).contains("package.unsafe-path"))
  }

  @Test func missingFileIsAProblemOfThePackage() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,")
    try FileManager.default.removeItem(atPath: package.folder + "/sources.csv")
    #expect(try package.check().map(\.code).contains("package.missing-file"))
  }

  @Test func emptyFolderHasNoPackage() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,")
    try FileManager.default.removeItem(atPath: package.folder + "/datapackage.json")
    #expect(try package.check().map(\.code) == ["package.none"])
  }

  @Test func nothingThereIsMissingInput() throws {
    let report = try #require(throws: ProblemReport.self) { try checkData("/nonexistent/data", reference: nil) }
    #expect(report.status == .missingInput)
  }

  @Test func aPackageMayUseTheBundledRegionsAndSources() throws {
    let report = try checkData(datasetsFolder + "/ip-talent", reference: datasetsFolder)
    #expect(report.problems.isEmpty, "\(report.problems)")
    #expect(report.packages == 1)
  }

  @Test func tableOfItsOwnIsHeldAgainstTheBundledDefinitions() throws {
    let package = try Package(
      "ip_talent_headcount,110000,2023,40000,人,ip-service-industry-staff,mine,B,\nip_talent_headcount,119999,2023,1,人,ip-talent,mine,B,")
    let report = try checkData(package.folder + "/observations.csv", reference: datasetsFolder)
    #expect(report.subject == .observationTable)
    #expect(report.problems.filter { $0.severity == .error }.map(\.code) == ["data.concepts-mixed", "data.unknown-region"])
    #expect(report.problems.contains { $0.code == "data.unregistered-source" && $0.severity == .note })
  }

  @Test func printedTableIsRepairedWithANoteEach() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,")
    try package.write("print.csv", "地区,人数\n上　海,１，２３４\n北京,约86万\n深圳,多少\n港澳台,…\n广州,7\n")
    let report = try checkData(package.folder + "/print.csv", reference: datasetsFolder)
    #expect(report.subject == .plainTable)
    #expect(report.problems.filter { $0.severity == .error }.map { [$0.line, $0.column] } == [[4, 4]])
    #expect(report.problems.filter { $0.code == "data.repaired" }.map(\.line).contains(2))
    #expect(!report.isValid)
  }

  @Test func plainNumbersNeedNoRepair() throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,")
    try package.write("plain.csv", "x,y\n1,2.5\n2,3e-4\n3,\n")
    #expect(try checkData(package.folder + "/plain.csv", reference: datasetsFolder).problems.isEmpty)
  }

  @Test(arguments: ["", "\u{FEFF}", "\n", "a,a\n1,2\n", "a,b\n1\n"])
  func raggedOrEmptyTablesAreErrors(_ text: String) throws {
    let package = try Package("staff,110000,2020,1,人,staff,s1,A,")
    try package.write("odd.csv", text)
    #expect(try !checkData(package.folder + "/odd.csv", reference: nil).isValid)
  }
}

@Suite struct DoubtfulFigureTests {
  private func rows(_ values: [Double], from first: Int = 2015) -> String {
    values.enumerated().map { "staff,110000,\(first + $0.offset),\($0.element),人,staff,s1,A," }.joined(separator: "\n")
  }

  /// A slip of a digit is questioned at its own line, whether it comes last, first or in between; real growth is not.
  @Test(
    arguments: [
      ([1000, 1050, 1100, 11_500], [5]), ([10_000, 1050, 1100, 1150], [2]), ([1000, 10_500, 1100, 1150], [3]),
      ([1000, 1050, 11_000, 11_500], [4]), ([1000, 2000, 4000, 8000], []), ([3, 40, 41, 42], []), ([1000, 0, 1100, 1150], []),
    ] as [([Double], [Int])])
  func aTenfoldJumpIsQuestioned(values: [Double], lines: [Int]) throws {
    let found = try Package(rows(values)).check()
    #expect(found.map(\.code) == lines.map { _ in "data.tenfold-jump" } && found.map(\.line) == lines, "\(found)")
    #expect(found.allSatisfy { $0.severity == .warning })
  }

  @Test(arguments: ["1e300", "1e18", "30000000000"])
  func moreThanCanBeCountedIsRefused(value: String) throws {
    let found = try Package("staff,110000,2020,\(value),人,staff,s1,A,").check()
    #expect(found.map(\.code) == ["data.value-out-of-range"] && found.map(\.line) == [2])
  }

  /// Forty rows of one cause are one message with a count.
  @Test func duplicatesAreSaidOnce() throws {
    let found = try Package(String(repeating: "staff,110000,2020,12,人,staff,s1,A,\n", count: 41)).check()
    #expect(found.map(\.code) == ["data.duplicate-key"] && found.first?.line == 3)
    #expect(found.first?.message.en.hasSuffix("(40 such rows)") == true)
  }

  @Test func aPercentageIsNotAdvisedToLoseItsSign() throws {
    let found = try Package("share,110000,2020,12.5%,%,share,s1,A,").check()
    #expect(found.first?.hint?.en == "write 0.125, or 12.5 where the unit is %")
  }
}
