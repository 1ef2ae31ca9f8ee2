import Datasets
import Foundation
import Messages
import Testing

@testable import talentcast

/// A folder that looks like a run: two outputs and the manifest that lists them.
private func madeRun(_ name: String) throws -> String {
  let folder = FileManager.default.temporaryDirectory.appending(path: "runs-\(name)-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: "\(folder)/tables", withIntermediateDirectories: true)
  let files = ["results.csv": "a,b\n1,2\n", "tables/t.csv": "x\n"]
  for (path, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder)/\(path)")) }
  let outputs = files.keys.sorted().map { path in
    #"{"name": "\#(path)", "bytes": 1, "sha256": "\#(SHA256.hex(Array((files[path] ?? "").utf8)))"}"#
  }
  let manifest = """
    {"schema": "talentcast/run@1", "version": "0.1.0", "model": "m", "scenario": "s", "seed": 1, "draws": 100,
     "inputs": [], "outputs": [\(outputs.joined(separator: ","))]}
    """
  try Data(manifest.utf8).write(to: URL(filePath: "\(folder)/run.json"))
  return folder
}

@Suite struct RunsCommandTests {
  @Test func aWholeRunHasNoDifferences() throws {
    let folder = try madeRun("whole")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let facts = try runFacts(folder)
    #expect(changed(facts.outputs ?? [], below: "\(folder)/", what: Bilingual(zh: "输出", en: "output")).isEmpty)
    #expect(filesBelow(folder) == ["results.csv", "run.json", "tables/t.csv"])
    #expect(try finishedRuns(in: folder).map(\.folder) == [folder])
  }

  @Test func everyChangedAndMissingFileIsNamed() throws {
    let folder = try madeRun("damaged")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("a,b\n1,3\n".utf8).write(to: URL(filePath: "\(folder)/results.csv"))
    try FileManager.default.removeItem(atPath: "\(folder)/tables/t.csv")
    let problems = changed(try runFacts(folder).outputs ?? [], below: "\(folder)/", what: Bilingual(zh: "输出", en: "output"))
    #expect(problems.map(\.code) == ["runs.changed-file", "runs.missing-file"])
    #expect(problems.map { $0.file ?? "" } == ["\(folder)/results.csv", "\(folder)/tables/t.csv"])
  }

  /// Figures of a run that was cut or edited since are not read: a report of it would be half a run's.
  @Test func resultsThatWereCutAreRefused() throws {
    let folder = try madeRun("cut")
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("a,b\n".utf8).write(to: URL(filePath: "\(folder)/results.csv"))
    let cut = #expect(throws: ProblemReport.self) { try reportInput(folder) }
    #expect(cut?.status == .badData && cut?.problems.map(\.code) == ["runs.changed-file"])
    #expect(cut?.problems.first?.file == "\(folder)/results.csv" && cut?.problems.first?.hint != nil)
    try FileManager.default.removeItem(atPath: "\(folder)/results.csv")
    let gone = #expect(throws: ProblemReport.self) { try reportInput(folder) }
    #expect(gone?.status == .missingInput && gone?.problems.map(\.code) == ["runs.missing-file"])
  }

  @Test func aFolderThatIsNotThereIsMissingInput() {
    #expect(throws: ProblemReport.self) { try finishedRuns(in: "/nowhere/at/all") }
  }
}
