import Dimensions
import Messages

/// A file of the report, named relative to the report's folder.
public struct ReportFile: Hashable, Sendable {
  public let name: String
  public let bytes: [UInt8]

  public init(name: String, bytes: [UInt8]) {
    self.name = name
    self.bytes = bytes
  }

  init(name: String, text: String) { self.init(name: name, bytes: Array(text.utf8)) }

  public var text: String { String(decoding: bytes, as: UTF8.self) }
}

/// The edition as a document: chapters in the published order, numbered, without empty tables.
public func document(for input: ReportInput, profile: ReportProfile = .full) -> Document {
  let cube = Cube(input)
  var outline = Outline()
  outline.add(cube.summary())
  outline.add(cube.accuracy(&outline))
  outline.add(cube.overview())
  outline.add(cube.indicators(&outline))
  outline.add(cube.supply(&outline))
  outline.add(cube.demand(&outline))
  outline.add(cube.balance(&outline))
  outline.add(cube.teamsChapter(&outline))
  for hub in cube.hubs { outline.add(cube.hubChapter(hub, &outline)) }
  outline.add(cube.industriesChapter(&outline))
  outline.add(cube.shortageChapter(&outline))
  outline.add(cube.scenariosChapter(&outline))
  outline.add(cube.methods(&outline))
  outline.add(cube.limitsChapter())
  outline.add(cube.statisticalAnnex())
  outline.add(cube.sourceAnnex())
  outline.add(cube.wordingAnnex())
  outline.add(cube.unavailableAnnex(outline))
  return Document(edition: input.edition, chapters: outline.chapters).numbered().profiled(profile)
}

/// The report in one language as Markdown, one HTML page, and the figures as SVG.
///
/// Names: `report.zh.md`, `report.zh.html`, `figures/f-ranking.zh.svg`.
public func report(_ input: ReportInput, _ language: Language) -> [ReportFile] {
  report(document(for: input), language, sources: input.sources)
}

/// The same for a document already made.
public func report(
  _ document: Document, _ language: Language, sources: [SourceEntry]
) -> [ReportFile] {
  let page = Page(document: document, language: language, sources: sources)
  let figures = document.figures.map {
    ReportFile(name: "figures/\($0.fileName(language))", text: $0.svg(language))
  }
  return [
    ReportFile(name: "report.\(language.rawValue).md", text: page.markdown),
    ReportFile(name: "report.\(language.rawValue).html", text: page.html),
  ] + figures
}
