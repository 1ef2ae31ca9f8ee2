import Foundation
import Messages
import Testing

@testable import Reports

private let tool = OfficeTool.find(
  environment: ProcessInfo.processInfo.environment, program: CommandLine.arguments.first ?? "")

/// Run where `make` has installed the Python libraries.
@Suite(.enabled(if: tool?.formats.count == OfficeFormat.allCases.count), .serialized)
struct OfficeTests {
  private func made(_ format: OfficeFormat) throws -> ReportFile {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let tool = try #require(tool)
    return try tool.render(OfficeSource(SampleEdition.honest, .zh, sources: SampleEdition.input.sources, in: folder), format)
  }

  @Test(arguments: OfficeFormat.allCases)
  func sameDocumentGivesSameBytes(_ format: OfficeFormat) throws {
    let first = try made(format)
    #expect(first.bytes.count > 50_000)
    #expect(first.bytes.starts(with: format == .pdf ? Array("%PDF-1.7".utf8) : Array("PK".utf8)))
    #expect(try made(format) == first)
  }

  /// Office programs keep 255 characters of a title in a file's properties; the cover has all of them.
  @Test func aVeryLongTitleIsWrittenWhole() throws {
    let edition = SampleEdition.edition(title: Bilingual(zh: String(repeating: "长", count: 300), en: "Long"))
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    let document = Document(edition: edition, chapters: SampleEdition.honest.chapters)
    let source = try OfficeSource(document, .zh, sources: SampleEdition.input.sources, in: folder)
    for format in OfficeFormat.allCases {
      let file = try #require(tool).render(source, format)
      #expect(file.bytes.count > 50_000)
    }
  }

  /// A number that is broader than its share of the page is given its room; head rows are said to be head rows.
  @Test func wordTablesAreAsBroadAsTheirNumbers() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("reports-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { #expect(throws: Never.self) { try FileManager.default.removeItem(at: folder) } }
    try Data(PackageResources.render_report_py).write(to: folder.appendingPathComponent("render_report.py"))
    let arguments = ["-I", "-c", wordTableCheck, folder.path]
    let (status, words) = try OfficeTool.launch(try #require(tool).python, arguments, environment: [:])
    #expect(status == 0, "\(words)")
    #expect(words.hasSuffix("fits\n"))
  }

  /// PDF/A-2a: archival and tagged, with its language.
  @Test func pdfIsArchivalAndTagged() throws {
    let text = String(decoding: try made(.pdf).bytes, as: UTF8.self)
    #expect(text.contains("<pdfaid:part>2</pdfaid:part>"))
    #expect(text.contains("<pdfaid:conformance>A</pdfaid:conformance>"))
  }
}

/// Two groups of intervals beside a long name; digits of Arial are 0.556 em broad.
private let wordTableCheck = """
  import sys
  sys.path.insert(0, sys.argv[1])
  from render_report import STANDING, TURNED, is_broad, tracks, word_table

  def cell(text, kind="number"):
      return {"text": text, "kind": kind}

  heads = [("Region", None)] + [(h, g) for g in ("2030", "2035") for h in ("Demand", "80% interval", "Gap", "80% interval")]
  columns = [{"head": h, "group": g, "numeric": i > 0} for i, (h, g) in enumerate(heads)]
  intervals = [cell("967,400 to 1,567,400", "interval"), cell("-361,113 to 456,902", "interval")]
  numbers = [cell("1,267,400"), intervals[0], cell("-24,048"), intervals[1]]
  row = {"cells": [cell("Guangdong-Hong Kong-Macao Greater Bay Area", "text")] + numbers * 2, "total": True, "indent": 0}
  block = {"type": "table", "columns": columns, "rows": [row] * 30}
  room = TURNED if is_broad(block) else STANDING
  size, inset, breadth = tracks(block, room)
  assert sum(breadth) <= room + 0.5, (sum(breadth), room)
  for i, one in enumerate(row["cells"][1:], 1):
      assert len(one["text"]) * 0.5 * size + 2 * inset <= breadth[i], one["text"]
  text = word_table(block, room, "a")
  assert text.count("<w:tblHeader/>") == 2 and text.count("<w:tr>") == 32
  assert text.count('<w:gridSpan w:val="4"/>') == 2
  assert "967,400\\u00a0to\\u00a01,567,400" in text
  print("fits")
  """

/// What the renderers receive has every table, every figure and every printed number.
@Test func documentTextCarriesEveryTable() throws {
  struct Read: Decodable {
    struct Chapter: Decodable { let blocks: [Block] }
    struct Block: Decodable { let type: String, number: String?, rows: [Row]? }
    struct Row: Decodable { let cells: [Cell] }
    struct Cell: Decodable { let kind: String, text: String, value: Double? }
    let schema: String
    let chapters: [Chapter]
  }
  let text = try documentText(SampleEdition.honest, .en, sources: SampleEdition.input.sources)
  let read = try JSONDecoder().decode(Read.self, from: Data(text.utf8))
  #expect(read.schema == "talentcast/document@1")
  let tables = read.chapters.flatMap(\.blocks).filter { $0.type == "table" }
  #expect(tables.map(\.number) == SampleEdition.honest.tables.map(\.number))
  let headline = try #require(tables.first?.rows?.first?.cells)
  #expect(headline[0].text == "China")
  #expect(headline[1].text == "86.00")
  #expect(abs(try #require(headline[1].value) - 86) < 1e-9)
}
