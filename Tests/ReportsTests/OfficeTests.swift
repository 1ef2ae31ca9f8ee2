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
    return try tool.render(
      SampleEdition.honest, .zh, format, sources: SampleEdition.input.sources, in: folder)
  }

  @Test(arguments: OfficeFormat.allCases)
  func sameDocumentGivesSameBytes(_ format: OfficeFormat) throws {
    let first = try made(format)
    #expect(first.bytes.count > 50_000)
    #expect(first.bytes.starts(with: format == .pdf ? Array("%PDF-1.7".utf8) : Array("PK".utf8)))
    #expect(try made(format) == first)
  }

  /// PDF/A-2a: archival and tagged, with its language.
  @Test func pdfIsArchivalAndTagged() throws {
    let text = String(decoding: try made(.pdf).bytes, as: UTF8.self)
    #expect(text.contains("<pdfaid:part>2</pdfaid:part>"))
    #expect(text.contains("<pdfaid:conformance>A</pdfaid:conformance>"))
  }
}

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
