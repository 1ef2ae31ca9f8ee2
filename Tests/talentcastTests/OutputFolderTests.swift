import Foundation
import Glibc
import Messages
import Testing

@testable import talentcast

/// A place of its own for every test.
private final class Ground {
  let path = FileManager.default.temporaryDirectory.appending(path: "talentcast-output-\(UUID().uuidString)").path
  var out: String { "\(path)/out" }
  private(set) var told: [String] = []

  init() throws { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true) }
  deinit { do { try FileManager.default.removeItem(atPath: path) } catch { Issue.record(error) } }

  func put(_ text: String, _ name: String) throws {
    let url = URL(filePath: "\(path)/\(name)")
    try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: url)
  }

  func read(_ name: String) -> String? {
    FileManager.default.contents(atPath: "\(path)/\(name)").map { String(decoding: $0, as: UTF8.self) }
  }

  func all() throws -> [String] { try SystemCalls.contents(of: path).files }
  func names() throws -> [String] { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }

  func open(_ path: String? = nil, force: Bool = false, patience: Double = 0) throws -> OutputFolder {
    try OutputFolder(path ?? out, manifest: .run, force: force, patience: patience) { self.told.append($0.en) }
  }

  /// A run with these files and the manifest that lists them.
  func run(_ files: [String: String], at path: String? = nil, force: Bool = false) throws {
    let folder = try open(path, force: force)
    do {
      for (name, text) in files { try folder.write(Array(text.utf8), to: name) }
      try folder.write(manifest(files), to: "run.json")
      try folder.commit()
    } catch {
      folder.discard()
      throw error
    }
  }
}

private func manifest(_ files: [String: String]) -> [UInt8] {
  let list = files.map { #"{"name": "\#($0.key)", "bytes": \#($0.value.utf8.count), "sha256": "\#(SHA256.hex(Array($0.value.utf8)))"}"# }
  return Array(#"{"schema": "talentcast/run@1", "outputs": [\#(list.joined(separator: ","))]}"#.utf8)
}

@Suite struct OutputFolderTests {
  @Test func nothingIsThereBeforeCommitAndEverythingAfter() throws {
    let ground = try Ground()
    let folder = try ground.open()
    try folder.write(Array("1".utf8), to: "a/b.csv")
    #expect(!FileManager.default.fileExists(atPath: ground.out))
    try folder.commit()
    #expect(ground.read("out/a/b.csv") == "1")
    #expect(try ground.names() == ["out"])
  }

  @Test func aNewResultReplacesAnEarlierOneWhole() throws {
    let ground = try Ground()
    try ground.run(["old/old.csv": "old", "both.csv": "1"])
    try ground.run(["new.csv": "new", "both.csv": "2"])
    #expect(try ground.all() == ["out/both.csv", "out/new.csv", "out/run.json"])
    #expect(ground.read("out/both.csv") == "2" && ground.told.isEmpty)
    #expect(!FileManager.default.fileExists(atPath: "\(ground.out)/old"))
  }

  /// Foreign folders: with other files, with a `run.json` that is none, and a file in place of a folder.
  @Test(arguments: [["out/thesis.docx": "mine"], ["out/run.json": "{}"], ["out/run.json": "{}", "out/a": "1"], ["out": "a file"]])
  func whatIsNotOursIsRefused(_ files: [String: String]) throws {
    let ground = try Ground()
    for (name, text) in files { try ground.put(text, name) }
    let report = #expect(throws: ProblemReport.self) { try ground.run(["run.csv": "1"]) }
    #expect(report?.status == .cannotWrite)
    #expect(try ground.all() == files.keys.sorted())
    for (name, text) in files { #expect(ground.read(name) == text) }
  }

  @Test func filesOfTheUserStayWhereTheyAre() throws {
    let ground = try Ground()
    try ground.run(["a/one.csv": "1", "two.csv": "2"])
    let own = ["out/notes.md": "n", "out/a/mine.xlsx": "m", "out/.git/config": "g", "out.previous/x": "p", "out.partial-1/y": "q"]
    for (name, text) in own { try ground.put(text, name) }
    try FileManager.default.createDirectory(atPath: "\(ground.out)/empty/inner", withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: "\(ground.out)/link", withDestinationPath: "nowhere")
    try ground.run(["two.csv": "3"])
    #expect(try ground.all() == (own.keys + ["out/link", "out/run.json", "out/two.csv"]).sorted())
    for (name, text) in own { #expect(ground.read(name) == text) }
    #expect(FileManager.default.fileExists(atPath: "\(ground.out)/empty/inner"))
    #expect(ground.read("out/two.csv") == "3")
  }

  @Test func aListedFileThatWasChangedIsKept() throws {
    let ground = try Ground()
    try ground.run(["report.md": "ours", "gone.md": "ours"])
    try ground.put("with my remarks", "out/report.md")
    try ground.put("also mine now", "out/gone.md")
    try ground.run(["report.md": "new"])
    #expect(ground.read("out/report.md") == "new" && ground.read("out/report.md.kept-1") == "with my remarks")
    #expect(ground.read("out/gone.md") == "also mine now")
    #expect(ground.told == ["the file that you had changed is kept as \(ground.out)/report.md.kept-1"])
  }

  @Test func aNameThatIsTakenIsRefusedAndSetAsideWithForce() throws {
    let ground = try Ground()
    try ground.run(["a.csv": "1"])
    try ground.put("mine", "out/b.csv")
    try ground.put("deep", "out/c.csv/d")
    let files = ["a.csv": "2", "b.csv": "2", "c.csv": "2"]
    let report = #expect(throws: ProblemReport.self) { try ground.run(files) }
    #expect(report?.problems.map { $0.file ?? "" } == ["\(ground.out)/b.csv", "\(ground.out)/c.csv"])
    #expect(ground.read("out/a.csv") == "1" && ground.read("out/b.csv") == "mine")
    #expect(try ground.names() == ["out"])
    try ground.run(files, force: true)
    #expect(ground.read("out/b.csv") == "2" && ground.read("out/b.csv.kept-1") == "mine")
    #expect(ground.read("out/c.csv") == "2")
    #expect(try ground.all().contains { ground.read($0) == "deep" })
  }

  @Test func aLinkIsFollowedAndStays() throws {
    let ground = try Ground()
    try ground.put("mine", "real/own.txt")
    try FileManager.default.createSymbolicLink(atPath: ground.out, withDestinationPath: "real")
    #expect(throws: ProblemReport.self) { try ground.run(["a": "1"]) }
    try ground.run(["a": "1"], force: true)
    #expect(try ground.all() == ["out", "real/a", "real/own.txt", "real/run.json"])
    // One that leads nowhere yet makes its target.
    try FileManager.default.createSymbolicLink(atPath: "\(ground.path)/new", withDestinationPath: "later")
    try ground.run(["a": "1"], at: "\(ground.path)/new")
    #expect(ground.read("later/a") == "1")
  }

  @Test(arguments: ["a", "a/", "./a", "b//c", "名", "a b"]) func everyNameOfAFolderWorks(_ name: String) throws {
    let ground = try Ground()
    try ground.run(["x": "1"], at: "\(ground.path)/\(name)")
    try ground.run(["x": "2"], at: "\(ground.path)/\(name)")
    #expect(ground.read("\(name)/x") == "2")
    #expect(try ground.all().count == 2)
  }

  @Test func anEmptyOrImpossibleNameIsRefused() throws {
    let ground = try Ground()
    for name in ["", "\(ground.path)/x/..", "\(ground.path)/" + String(repeating: "n", count: 300), "/proc/none/out"] {
      let report = #expect(throws: ProblemReport.self) { try ground.run(["x": "1"], at: name) }
      #expect(report?.status == .cannotWrite)
    }
    #expect(try ground.all().isEmpty)
  }

  /// While one writes, another waits; when its patience ends it says who writes since when.
  @Test func aSecondWriterWaitsAndSaysForWhom() throws {
    let ground = try Ground()
    let first = try ground.open()
    let report = #expect(throws: ProblemReport.self) { try ground.open() }
    #expect(report?.status == .tryAgain && report?.problems.first?.message.en.contains("process \(getpid())") == true)
    #expect(report?.problems.first?.message.en.contains("since 20") == true)
    first.discard()
    try ground.run(["x": "1"])
    #expect(try ground.names() == ["out"])
  }

  /// What a process left that was killed while it staged: known by its lock, cleared by the next.
  @Test func aStaleLockIsRecognised() throws {
    let ground = try Ground()
    try ground.run(["x": "1"])
    try ground.put("talentcast: a result is being written\nprocess 999999999\nhost h\nsince 2026\nstaged 0\nplacing no\n", ".out.talentcast/lock")
    try ground.run(["x": "2"])
    #expect(try ground.names() == ["out"] && ground.read("out/x") == "2")
    // Not ours: refused and left alone.
    try ground.put("mine", ".out.talentcast/x")
    #expect(throws: ProblemReport.self) { try ground.run(["x": "3"]) }
    #expect(ground.read(".out.talentcast/x") == "mine" && ground.read("out/x") == "2")
  }

  /// Killed right after the exchange: the earlier result and a file of the user's wait in the working folder.
  @Test func aWritingCutShortAfterTheExchangeIsEnded() throws {
    let ground = try Ground()
    try ground.run(["x": "new"])
    let old = ["x": "old"]
    try ground.put("old", ".out.talentcast/new/x")
    try ground.put(String(decoding: manifest(old), as: UTF8.self), ".out.talentcast/new/run.json")
    try ground.put("mine", ".out.talentcast/new/own/notes.md")
    try ground.put("talentcast: a result is being written\nprocess 999999999\nhost h\nsince 2026\nstaged 1\nplacing no\n", ".out.talentcast/lock")
    let folder = try ground.open()
    #expect(ground.read("out/own/notes.md") == "mine" && ground.read("out/x") == "new")
    folder.discard()
    #expect(try ground.all() == ["out/own/notes.md", "out/run.json", "out/x"])
  }

  /// Killed while the files were moved one by one: the next writing moves the rest.
  @Test func aWritingCutShortWhileMovingIsEnded() throws {
    let ground = try Ground()
    try ground.run(["a": "old", "b": "old", "c": "old"])
    try ground.put("new", "out/a")
    try ground.put("new", ".out.talentcast/new/b")
    try ground.put(String(decoding: manifest(["a": "new", "b": "new"]), as: UTF8.self), ".out.talentcast/new/run.json")
    let staged = try #require(SystemCalls.status("\(ground.path)/.out.talentcast/new"))
    try ground.put(
      "talentcast: a result is being written\nprocess 999999999\nhost h\nsince 2026\nstaged \(staged.st_ino)\nplacing yes\n", ".out.talentcast/lock")
    let folder = try ground.open()
    folder.discard()
    #expect(try ground.all() == ["out/a", "out/b", "out/run.json"])
    #expect(ground.read("out/a") == "new" && ground.read("out/b") == "new")
  }

  /// Nothing is removed by the manifest of another place.
  @Test func aChecksumFileOfSomebodyElseIsNoManifest() throws {
    let ground = try Ground()
    try ground.put("\(SHA256.hex(Array("x".utf8)))  x\n", "out/SHA256SUMS")
    try ground.put("x", "out/x")
    #expect(throws: ProblemReport.self) { try OutputFolder(ground.out, manifest: .checksums) { _ in } }
    let own = try OutputFolder("\(ground.path)/maps", manifest: .checksums) { _ in }
    try own.write(Array("m".utf8), to: "m.svg")
    try own.commit()
    #expect(ground.read("maps/SHA256SUMS") == "# talentcast\n\(SHA256.hex(Array("m".utf8)))  m.svg\n")
    let again = try OutputFolder("\(ground.path)/maps", manifest: .checksums) { _ in }
    try again.commit()
    #expect(try ground.all() == ["maps/SHA256SUMS", "out/SHA256SUMS", "out/x"])
  }

  @Test func theRestOfAResultIsKept() throws {
    let ground = try Ground()
    try ground.run(["a": "1", "report/r.md": "1", "edited": "1"])
    try ground.put("by hand", "out/edited")
    let folder = try ground.open()
    try folder.write(Array("2".utf8), to: "report/r.md")
    try folder.write(manifest(["a": "1", "report/r.md": "2", "edited": "1"]), to: "run.json")
    try folder.keepTheRest()
    try folder.commit()
    #expect(ground.read("out/a") == "1" && ground.read("out/report/r.md") == "2" && ground.read("out/edited") == "by hand")
    #expect(try ground.names() == ["out"])
  }
}

@Suite struct FileSetTests {
  @Test func nothingIsReplacedUnasked() throws {
    let ground = try Ground()
    let (model, new) = ("\(ground.path)/baseline.yaml", "\(ground.path)/new.csv")
    try ground.put("model", "baseline.yaml")
    let report = #expect(throws: ProblemReport.self) {
      try FileSet([(new, Array("1".utf8)), (model, Array("table".utf8))], force: false).write()
    }
    #expect(report?.status == .cannotWrite && report?.problems.map(\.file) == [model])
    #expect(try ground.names() == ["baseline.yaml"] && ground.read("baseline.yaml") == "model")
    try FileSet(model, "model", force: false).write()
    try FileSet(model, "table", force: true).write()
    #expect(try ground.names() == ["baseline.yaml"] && ground.read("baseline.yaml") == "table")
  }

  @Test func aLinkIsFollowedAndRightsStay() throws {
    let ground = try Ground()
    try ground.put("old", "real.csv")
    chmod("\(ground.path)/real.csv", 0o640)
    try FileManager.default.createSymbolicLink(atPath: "\(ground.path)/link.csv", withDestinationPath: "real.csv")
    try FileSet("\(ground.path)/link.csv", "new", force: true).write()
    #expect(ground.read("real.csv") == "new")
    let (link, file) = (try #require(SystemCalls.status("\(ground.path)/link.csv")), try #require(SystemCalls.status("\(ground.path)/real.csv")))
    #expect(SystemCalls.isLink(link) && file.st_mode & 0o777 == 0o640)
  }

  @Test func oneFailureUndoesAll() throws {
    let ground = try Ground()
    try ground.put("a", "a")
    try ground.put("b", "folder/b")
    let report = #expect(throws: ProblemReport.self) {
      try FileSet([("\(ground.path)/a", [49]), ("\(ground.path)/c", [49]), ("\(ground.path)/folder", [49])], force: true).write()
    }
    #expect(report?.status == .cannotWrite)
    #expect(try ground.all() == ["a", "folder/b"] && ground.read("a") == "a")
  }

  @Test func aFullDeviceIsAFailure() {
    let report = #expect(throws: ProblemReport.self) { try FileSet("/dev/full", "text", force: false).write() }
    #expect(report?.status == .cannotWrite)
    #expect(throws: Never.self) { try FileSet("/dev/null", "text", force: false).write() }
  }

  @Test func whatADeadProcessStagedIsRemoved() throws {
    let ground = try Ground()
    try ground.put("half", ".t.csv.talentcast-999999999")
    try ground.put("mine", ".t.csv.talentcast-notes")
    try FileSet("\(ground.path)/t.csv", "1", force: false).write()
    #expect(try ground.names() == [".t.csv.talentcast-notes", "t.csv"])
  }
}

@Suite struct ChannelTests {
  @Test func nothingThatSteersATerminalGoesThrough() {
    #expect(Channels.shown("北京\t1\n") == "北京\t1\n")
    #expect(Channels.shown("a\r\nb\r\n") == "a\r\nb\r\n")
    #expect(Channels.shown("\u{1B}[2J\u{7}\r\u{7F}\u{9B}1m") == "␛[2J␇␍␡\u{FFFD}1m")
    #expect(Channels.shown("\u{202E}dcba\u{2066}") == "\u{FFFD}dcba\u{FFFD}")
  }

  @Test func aTableForPeopleRunsNoFormula() {
    let rows = [["=1+1", "+x", "-5", "-x", "@SUM(A1)", "＝1", "a,b", "say \"x\"", "\t=1", "3", "1e3", "中文"]]
    #expect(HumanCSV(rows: rows).text == "\u{FEFF}'=1+1,'+x,-5,'-x,'@SUM(A1),'＝1,\"a,b\",\"say \"\"x\"\"\",'\t=1,3,1e3,中文\r\n")
    #expect(HumanCSV.field("=HYPERLINK(\"x\",\"y\")") == "\"'=HYPERLINK(\"\"x\"\",\"\"y\"\")\"")
    #expect(HumanCSV.field("a\nb") == "\"a\nb\"")
  }
}
