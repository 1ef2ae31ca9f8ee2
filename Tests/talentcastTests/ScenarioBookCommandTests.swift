import Foundation
import Messages
import ModelSpecs
import Reports
import Testing

@testable import talentcast

private let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Models").path
private let hasLibraries = workbookTool(WorkbookTool.writer) != nil && workbookTool(WorkbookTool.reader) != nil

@Suite struct ScenarioBookCommandTests {
  private let folder = FileManager.default.temporaryDirectory.appending(path: "books-\(UUID().uuidString)")

  @Test(.enabled(if: hasLibraries, "XlsxWriter or openpyxl is not installed: `make install`"))
  func aWorkbookGivesItsCellsBackAndIsTheSameTwice() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let library = ScenarioLibrary(folder: models)
    let book = try library.book([], .zh)
    let writer = try #require(workbookTool(WorkbookTool.writer))
    let bytes = try writer.written(Data(try jsonText(book).utf8))
    #expect(try bytes == writer.written(Data(try jsonText(book).utf8)))
    let file = folder.appending(path: "b.xlsx").path
    try bytes.write(to: URL(filePath: file))
    let reader = try #require(workbookTool(WorkbookTool.reader))
    let back = try JSONDecoder().decode(ScenarioBook.self, from: try reader.cells(of: file))
    #expect(back.sheets.map(\.name) == book.sheets.map(\.name))
    func full(_ sheet: ScenarioBook.Sheet) -> [[ScenarioBook.Cell]] {
      sheet.rows.map { row in Array(row.reversed().drop { $0 == .blank }.reversed()) }
    }
    for (mine, theirs) in zip(book.sheets, back.sheets) { #expect(full(mine) == full(theirs)) }
    let present = try Dictionary(
      uniqueKeysWithValues: library.scenarios.map { ($0, try String(contentsOfFile: library.scenarioFile($0), encoding: .utf8)) })
    #expect(try library.imported(back, file: file, present: present).allSatisfy { $0.state == .unchanged })
    try Data(bytes.prefix(2000)).write(to: URL(filePath: file))
    do {
      _ = try reader.cells(of: file)
      Issue.record("half a workbook was read")
    } catch let error as ProblemReport {
      #expect(error.status == .badData && error.problems.map(\.code) == ["book.unreadable"])
    }
  }

  /// A part that grows two hundred times and more when it is unpacked is not unpacked.
  @Test(.enabled(if: hasLibraries, "openpyxl is not installed: `make install`"))
  func aWorkbookThatUnpacksToTooMuchIsNotOpened() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "bomb.xlsx").path
    let python = Process()
    python.executableURL = URL(filePath: "/usr/bin/env")
    python.arguments = [
      "python3", "-c",
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], 'w', zipfile.ZIP_DEFLATED); z.writestr('xl/sharedStrings.xml', ' ' * 2**26); z.close()",
      file,
    ]
    try python.run()
    python.waitUntilExit()
    let reader = try #require(workbookTool(WorkbookTool.reader))
    let report = #expect(throws: ProblemReport.self) { try reader.cells(of: file) }
    #expect(report?.status == .badData && report?.problems.map(\.code) == ["book.too-large"])
    #expect(report?.problems.first?.message.en.contains("xl/sharedStrings.xml grows") == true)
  }

  @Test func whatIsNoWorkbookIsTold() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func problems(_ bytes: [UInt8]?) throws -> [Problem] {
      let file = folder.appending(path: "x.xlsx").path
      if let bytes { try Data(bytes).write(to: URL(filePath: file)) }
      do throws(ProblemReport) { try WorkbookTool.mustBeWorkbook(file) } catch { return error.problems }
      return []
    }
    #expect(try problems(nil).map(\.code) == ["file.missing"])
    #expect(try problems([]).map(\.message.en) == ["this is no XLSX workbook"])
    #expect(try problems(Array("id,name\n".utf8)).map(\.message.en) == ["this is no XLSX workbook"])
    #expect(try problems([0xD0, 0xCF, 0x11, 0xE0, 0xA1]).map(\.message.en) == ["this is an old XLS file, or one with a password"])
    #expect(try problems([0x50, 0x4B, 3, 4]).isEmpty)
  }

  /// The second file cannot be placed: the first is as it was, and nothing lies beside it.
  @Test func filesAreWrittenAllOrNone() throws {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (one, two) = (folder.appending(path: "one").path, folder.appending(path: "taken/two").path)
    try Data("before".utf8).write(to: URL(filePath: one))
    try Data("a file".utf8).write(to: folder.appending(path: "taken"))
    #expect(throws: ProblemReport.self) { try FileSet([(one, Array("after".utf8)), (two, Array("new".utf8))], force: true).write() }
    #expect(try String(contentsOfFile: one, encoding: .utf8) == "before")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["one", "taken"])
    try FileSet([(one, Array("after".utf8)), (folder.appending(path: "deep/two").path, Array("new".utf8))], force: true).write()
    #expect(try String(contentsOfFile: one, encoding: .utf8) == "after")
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted() == ["deep", "one", "taken"])
  }
}
