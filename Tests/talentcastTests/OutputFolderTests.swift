import Foundation
import Messages
import Testing

@testable import talentcast

@Suite struct OutputFolderTests {
  private let place = FileManager.default.temporaryDirectory
    .appending(path: "talentcast-output-\(UUID().uuidString)").path
  private let files = FileManager.default

  private func read(_ name: String) -> String? {
    files.contents(atPath: "\(place)/out/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func nothingIsThereBeforeCommitAndEverythingAfter() throws {
    defer { remove() }
    let folder = try OutputFolder("\(place)/out", marker: "run.json")
    try folder.write(Array("1".utf8), to: "a/b.csv")
    #expect(!files.fileExists(atPath: "\(place)/out"))
    try folder.write(Array("{}".utf8), to: "run.json")
    try folder.commit()
    #expect(read("a/b.csv") == "1")
    #expect(try files.contentsOfDirectory(atPath: place) == ["out"])
  }

  @Test func aNewResultReplacesAnEarlierOneWhole() throws {
    defer { remove() }
    for (name, text) in [("old.csv", "old"), ("new.csv", "new")] {
      let folder = try OutputFolder("\(place)/out", marker: "run.json")
      try folder.write(Array(text.utf8), to: name)
      try folder.write(Array(text.utf8), to: "run.json")
      try folder.commit()
    }
    #expect(read("old.csv") == nil && read("new.csv") == "new")
    #expect(try files.contentsOfDirectory(atPath: place) == ["out"])
  }

  @Test func whatIsNotOursIsNeverOverwritten() throws {
    defer { remove() }
    try files.createDirectory(atPath: "\(place)/out", withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: URL(filePath: "\(place)/out/thesis.docx"))
    do throws(ProblemReport) {
      _ = try OutputFolder("\(place)/out", marker: "run.json")
      Issue.record("a foreign folder was accepted")
    } catch {
      #expect(error.status == .cannotWrite && error.problems.map(\.code) == ["output.taken"])
    }
    #expect(read("thesis.docx") == "mine")
  }

  @Test func aReplacementCutShortIsPutBack() throws {
    defer { remove() }
    try files.createDirectory(atPath: "\(place)/out.previous", withIntermediateDirectories: true)
    try Data("earlier".utf8).write(to: URL(filePath: "\(place)/out.previous/run.json"))
    let folder = try OutputFolder("\(place)/out", marker: "run.json")
    #expect(read("run.json") == "earlier")
    folder.discard()
    #expect(read("run.json") == "earlier")
    #expect(try files.contentsOfDirectory(atPath: place) == ["out"])
  }

  private func remove() {
    do { try files.removeItem(atPath: place) } catch { Issue.record("\(error)") }
  }
}
