import Dimensions
import Foundation
import Messages
import Reports
import Testing

@testable import Packs

private func text(_ files: [PackFile], _ name: String) throws -> String {
  let file = try #require(files.first { $0.name == name })
  return String(decoding: file.bytes, as: UTF8.self)
}

@Test func soundPackHasNoProblems() throws {
  #expect(verifyPack(try pack(smallInput()), folder: "pack").isEmpty)
  #expect(verifyPack(try pack(smallInput(withheld: true)), folder: "pack").isEmpty)
}

@Test func sameInputGivesSameBytes() throws {
  #expect(try pack(smallInput()) == pack(smallInput()))
}

@Test func machineTablesAreWrittenAsPromised() throws {
  let files = try pack(smallInput())
  let lines = try text(files, "data/results.csv").split(separator: "\n")
  #expect(lines.count == 13)
  #expect(lines[1] == "baseline,100000,total,total,2023,supply,30,28,29,30,31,32,人,A,A,F,test,ip-talent,src-1")
  #expect(lines[2].contains(",2030,supply,33,") && lines[2].contains(",C,F,F,"))
  #expect(try text(files, "codelists/regions.csv").contains("310000,\"上海市, “沪”\",Shanghai,province\n"))
  #expect(try text(files, "codelists/hierarchy.csv") == "parent,child\n100000,110000\n100000,310000\n")
  for file in files where file.name.hasSuffix(".csv") { #expect(!file.bytes.starts(with: [0xEF, 0xBB, 0xBF])) }
}

@Test func withheldCellsCarryNoNumberAnywhere() throws {
  let files = try pack(smallInput(withheld: true))
  #expect(try text(files, "data/results.csv").contains("baseline,110000,total,total,2023,supply,,,,,,,人,A,Q,C,withheld,"))
  let rows = try text(files, SDMXMessage.dataPath).split(separator: "\n").filter { $0.contains(",110000,") }
  #expect(rows.count == 4)
  for row in rows { #expect(row.contains(",,,,,") && row.hasSuffix(",Q,C")) }
}

@Test(arguments: [
  ("total", "_T"), ("ict-manufacturing", "ict-manufacturing"), ("440000-R", "440000-R"), ("高", "U9AD8"),
  ("a b", "U61_20_62"), ("", "U"),
])
func codesBecomeSDMXIdentifiers(_ code: String, _ id: String) {
  #expect(sdmxID(code) == id)
}

@Test func everySDMXCodeStandsInItsCodelist() throws {
  struct Structure: Decodable {
    struct Code: Decodable { let id: String }
    struct List: Decodable {
      let id: String
      let codes: [Code]
    }
    struct Contents: Decodable { let codelists: [List] }
    let data: Contents
  }
  let files = try pack(smallInput())
  let structure = try JSONDecoder().decode(
    Structure.self, from: Data(try text(files, SDMXMessage.structurePath).utf8))
  let lists = Dictionary(uniqueKeysWithValues: structure.data.codelists.map { ($0.id, Set($0.codes.map(\.id))) })
  let rows = try text(files, SDMXMessage.dataPath).split(separator: "\n").map {
    $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  }
  for (name, list) in [
    ("SCENARIO", "CL_SCENARIO"), ("REF_AREA", "CL_REF_AREA"), ("ACTIVITY", "CL_ACTIVITY"), ("IP_TEAM", "CL_IP_TEAM"),
    ("MEASURE", "CL_MEASURE"), ("UNIT_MEASURE", "CL_UNIT_MEASURE"), ("OBS_STATUS", "CL_OBS_STATUS"),
  ] {
    let column = try #require(rows[0].firstIndex(of: name))
    let codes = try #require(lists[list])
    for row in rows.dropFirst() { #expect(codes.contains(row[column])) }
  }
}

/// A fault planted in a sound pack, and the problem that must be found.
struct PackFault: CustomTestStringConvertible, Sendable {
  let code: String
  let file: String
  let change: @Sendable (String) -> String
  var testDescription: String { "\(code) in \(file)" }
}

@Test(arguments: [
  PackFault(code: "pack.changed-file", file: "README.md") { $0 + "!" },
  PackFault(code: "pack.wrong-hash", file: "data/results.csv") { $0.replacing(",30,28,", with: ",31,28,") },
  PackFault(code: "pack.wrong-total", file: "data/results.csv") { $0.replacing(",supply,30,28,", with: ",supply,31,28,") },
  PackFault(code: "pack.sdmx-differs", file: "data/results.csv") { $0.replacing(",supply,30,28,", with: ",supply,31,28,") },
  PackFault(code: "pack.wrong-size", file: "data/results.csv") { $0 + "baseline,110000,total,P,2023,supply,1,1,1,1,1,1,人,A,A,F,m,c,s\n" },
  PackFault(code: "pack.duplicate-key", file: "data/results.csv") { text in
    text + (text.split(separator: "\n").last.map { "\($0)\n" } ?? "")
  },
  PackFault(code: "pack.unknown-code", file: "data/results.csv") { $0.replacing("baseline,310000", with: "baseline,310001") },
  PackFault(code: "pack.wrong-type", file: "data/results.csv") { $0.replacing(",30,28,", with: ",三十,28,") },
  PackFault(code: "pack.empty-cell", file: "data/results.csv") { $0.replacing(",人,A,A,F,", with: ",,A,A,F,") },
  PackFault(code: "pack.wrong-columns", file: "data/results.csv") { $0.replacing("scenario,region", with: "scenario,place") },
  PackFault(code: "pack.byte-order-mark", file: "codelists/teams.csv") { "\u{FEFF}" + $0 },
  PackFault(code: "pack.sdmx-rows", file: SDMXMessage.dataPath) { text in
    text.split(separator: "\n").dropLast().map { "\($0)\n" }.joined()
  },
  PackFault(code: "pack.bad-checksum-line", file: "SHA256SUMS") { "zzz\n" + $0 },
  PackFault(code: "pack.unreadable-descriptor", file: "datapackage.json") { "{" + $0 },
])
func plantedFaultIsFound(_ fault: PackFault) throws {
  let files = try pack(smallInput()).map { file in
    guard file.name == fault.file else { return file }
    return PackFile(name: file.name, text: fault.change(String(decoding: file.bytes, as: UTF8.self)))
  }
  let codes = verifyPack(files, folder: "pack").map(\.code)
  #expect(codes.contains(fault.code), "found \(codes)")
}

@Test func missingAndForeignFilesAreNamed() throws {
  var files = try pack(smallInput()).filter { $0.name != "loaders/load.R" }
  files.append(PackFile(name: "data/extra.csv", text: "a\n1\n"))
  let problems = verifyPack(files, folder: "p")
  #expect(problems.map(\.code) == ["pack.missing-file", "pack.unlisted-file"])
  #expect(problems.map(\.file) == ["p/loaders/load.R", "p/data/extra.csv"])
}
