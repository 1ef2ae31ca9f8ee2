import Dimensions
import Foundation
import Messages
import Testing

@testable import Maps

private func text(_ files: [MapFile], _ name: String) throws -> String {
  String(decoding: try #require(files.first { $0.name == name }).bytes, as: UTF8.self)
}

@Test func picturesCarryTitleNoticeSourceAndCredit() throws {
  let files = maps(Sample.cells, boundaries: try Sample.boundaries())
  let zh = try text(files, "pictures/supply_2024_demand_2035_bay_cities.zh.svg")
  for part in ["供给现状与未来需求", "内部用图，未经地图审核", "不得公开", "CNIPA", "© someone", "千米", "北", "单位：人", "无数据"] {
    #expect(zh.contains(part), "\(part)")
  }
  let en = try text(files, "pictures/gap_2035_bay_cities.en.svg")
  #expect(en.contains("For internal use only"))
  #expect(!en.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) && !"甲乙丙".unicodeScalars.contains($0) })
}

@Test func sourcesGoByTheirTitlesInTheReadersLanguage() throws {
  var options = try withLibrary()
  options.name(source: "CNIPA", Bilingual(zh: "国家知识产权局公报", en: "bulletin of the IP office"))
  options.name(source: "yearbook", Bilingual(zh: "统计年鉴", en: "统计年鉴"))
  #expect(options.sources["yearbook"] == Bilingual(zh: "统计年鉴", en: "yearbook"))
  // A hub that shares its id with a source keeps its own name.
  options.labels = ["CNIPA": Bilingual(zh: "另一名称", en: "another name")]
  options.formats = Set(MapFormat.allCases)
  let files = maps(Sample.cells, boundaries: try Sample.boundaries(), options: options)
  #expect(try text(files, "pictures/gap_2035_bay_cities.zh.svg").contains("数据：国家知识产权局公报"))
  #expect(try text(files, "pictures/gap_2035_bay_cities.en.svg").contains("Data: bulletin of the IP office"))
  let page = try text(files, "index.html")
  #expect(page.contains(#""CNIPA":["国家知识产权局公报","bulletin of the IP office"]"#))
  #expect(page.contains(#""stock-flow":["分年龄存量流量核算""#))
}

@Test func anApprovalNumberReplacesTheNotice() throws {
  var options = MapOptions()
  options.approvalNumber = "GS(2026)0001号"
  let zh = try text(maps(Sample.cells, boundaries: try Sample.boundaries(), options: options), "pictures/gap_2035_bay_cities.zh.svg")
  #expect(zh.contains("审图号：GS(2026)0001号"))
  #expect(!zh.contains("未经地图审核"))
}

@Test func picturesAreWellFormedXML() throws {
  for file in maps(Sample.cells, boundaries: try Sample.boundaries()) where file.name.hasSuffix(".svg") {
    let text = String(decoding: file.bytes, as: UTF8.self)
    var depth = 0
    for tag in text.split(separator: "<") {
      if tag.hasPrefix("/") { depth -= 1 } else if !tag.prefix(while: { $0 != ">" }).hasSuffix("/") { depth += 1 }
      #expect(depth >= 0)
    }
    #expect(depth == 0)
    #expect(!text.contains("nan") && !text.contains("inf\""))
  }
}

/// The area of a symbol, not its width, is the value.
@Test func circleAreasAreProportional() throws {
  let svg = try text(maps(Sample.cells, boundaries: try Sample.boundaries()), "pictures/supply_2024_demand_2035_bay_cities.en.svg")
  let radii = svg.split(separator: "<circle ").filter { $0.contains("#2b6cb0") }.compactMap { tag -> Double? in
    tag.firstRange(of: " r=\"").flatMap { Double(tag[$0.upperBound...].prefix { $0 != "\"" }) }
  }
  // Two symbols on the map (2000 and 1000 persons), one in the legend.
  #expect(radii.count == 3)
  #expect(abs(radii[0] * radii[0] / (radii[1] * radii[1]) - 2) < 0.01)
}

@Test func labelsDoNotOverlap() {
  var placer = LabelPlacer(frame: Box(west: 0, south: 0, east: 200, north: 100))
  let first = placer.place("香港特别行政区", near: Point(100, 50), size: 12)
  let second = placer.place("澳门特别行政区", near: Point(100, 50), size: 12)
  #expect(first != nil && second != nil && first != second)
  #expect(placer.place("出了边框的名称", near: Point(500, 50), size: 12) == nil)
}

@Test func longLinesAreBroken() {
  #expect(SVGText.lines("甲乙丙丁", size: 10, width: 21) == ["甲乙", "丙丁"])
  #expect(SVGText.lines("one two three", size: 10, width: 45).count == 2)
}

@Test(arguments: [
  (12_345.0, MapMeasure.supply, Language.zh, "1.2 万"), (12_345, .supply, .en, "12,345"), (-8_000, .gap, .zh, "−8000"),
  (8_000, .gap, .en, "+8,000"), (0.9, .adequacy, .zh, "0.90"), (12.34, .supplyChange, .en, "+12.3%"),
  (1_230_000, .demand, .zh, "123 万"), (0, .gap, .en, "0"),
])
func figuresReadAsPrinted(value: Double, measure: MapMeasure, language: Language, text: String) {
  #expect(Figures.text(value, measure, language) == text)
}

@Test func shortNamesKeepWhatIsNeeded() {
  #expect(Figures.shortName(Bilingual(zh: "广西壮族自治区", en: "Guangxi Zhuang Autonomous Region"), .zh) == "广西")
  #expect(Figures.shortName(Bilingual(zh: "广西壮族自治区", en: "Guangxi Zhuang Autonomous Region"), .en) == "Guangxi")
  #expect(Figures.shortName(Bilingual(zh: "香港特别行政区", en: "Hong Kong SAR"), .zh) == "香港特别行政区")
}

// MARK: The page

/// A stand-in for the installed library: the page is built around it, not run here.
private func withLibrary() throws -> MapOptions {
  var options = MapOptions()
  options.library = try GraphicsLibrary(Array("// https://d3js.org v5.16.0\n".utf8), file: "d3.min.js")
  return options
}

@Test func withoutTheLibraryThePageHasStillPicturesAndATable() throws {
  let page = try text(maps(Sample.cells, boundaries: try Sample.boundaries()), "index.html")
  #expect(page.contains("pictures/") && page.contains("<table>") && !page.contains("<script"))
}

@Test func whatIsNoLibraryIsRefused() {
  #expect(throws: ProblemReport.self) { try GraphicsLibrary(Array("alert(1)".utf8), file: "x.js") }
  #expect(throws: ProblemReport.self) { try GraphicsLibrary(Array("// https://d3js.org v3.5.17".utf8), file: "x.js") }
}

private func data(_ page: String) throws -> [String: Any] {
  let start = try #require(page.range(of: "<script type=\"application/json\" id=\"data\">")).upperBound
  let end = try #require(page.range(of: "</script>", range: start..<page.endIndex)).lowerBound
  return try #require(try JSONSerialization.jsonObject(with: Data(page[start..<end].utf8)) as? [String: Any])
}

@Test(arguments: ["", "var d3", "// https://d3js.org v4.13.0 Copyright", "// https://d3js.org v5.16.0 </script>"])
func onlyD3IsTakenForD3(text: String) {
  #expect { try GraphicsLibrary(Array(text.utf8), file: "d3.min.js") } throws: { error in
    (error as? ProblemReport)?.problems.map(\.code) == ["map.not-d3"]
  }
}

@Test func withoutTheLibraryThePageShowsPicturesAndSaysWhatToInstall() throws {
  let page = try text(maps(Sample.cells, boundaries: try Sample.boundaries()), "index.html")
  #expect(page.contains("node-d3") && !page.contains("<script"))
  #expect(page.contains(#"<img src="pictures/gap_2035_bay_cities.zh.svg""#))
  #expect(page.contains("<td>1,000</td><td>1,125</td><td>125</td><td>−95 … 345</td>"))
}

@Test func thePageAsksForNothingOutside() throws {
  let page = try text(maps(Sample.cells, boundaries: try Sample.boundaries(), options: try withLibrary()), "index.html")
  #expect(page.contains("default-src 'none'"))
  for word in ["src=\"http", "href=\"http", "fetch(", "XMLHttpRequest", "@import", "url(http"] { #expect(!page.contains(word), "\(word)") }
  for mark in ["TITLE", "NOSCRIPT", "LICENCE", "LIBRARY"] { #expect(!page.contains(mark), "\(mark)") }
}

@Test func thePageHoldsTheCellsValues() throws {
  let data = try data(
    try text(maps(Sample.cells, boundaries: try Sample.boundaries(), options: try withLibrary()), "index.html"))
  let regions = try #require(data["regions"] as? [[String: Any]]).compactMap { $0["code"] as? String }
  // Regions with figures come first; the others have none to look up.
  #expect(regions == ["440100", "440300", "BAY", "440400", "100000"])
  let known = try #require(data["known"] as? Int)
  #expect(known == 3)
  let columns = try #require(data["columns"] as? [String: String])
  let bytes = try #require(columns["value"].flatMap { Data(base64Encoded: $0) })
  #expect(bytes.count == 4 * 4 * known * 3)
  func value(_ measure: Int, _ region: Int, _ year: Int) -> Float {
    let at = 4 * ((measure * known + region) * 3 + year)
    return Float(bitPattern: (0..<4).reduce(UInt32(0)) { $0 | UInt32(bytes[at + $1]) << UInt32(8 * $1) })
  }
  #expect(value(0, 1, 0) == 2000)
  #expect(value(1, 0, 2) == 1125)
  #expect(value(2, 1, 1) == -125)
  #expect(value(0, 2, 0) == 3000)
  #expect(columns["grade"]?.prefix(3) == "BBB")
}

@Test func namesCannotEndTheScript() throws {
  var options = try withLibrary()
  options.subject = Bilingual(zh: "</script><b>甲", en: "</script>x")
  let page = try text(maps(Sample.cells, boundaries: try Sample.boundaries(), options: options), "index.html")
  #expect(page.components(separatedBy: "</script>").count == 4)
  #expect(try data(page)["years"] as? [Int] == [2024, 2030, 2035])
}

/// Slides are measured in pixels, pictures for a page in millimetres; a sheet has a map for every year.
@Test func picturesComeForSlidesColumnsAndPages() throws {
  let files = maps(Sample.cells, boundaries: try Sample.boundaries())
  #expect(try text(files, "pictures/gap_2035_bay_cities.zh.svg").contains("width=\"1600\""))
  for (name, width) in [("gap_2035_bay_cities_84mm", "84mm"), ("supply_2024_demand_2035_bay_cities_174mm", "174mm")] {
    for language in Language.allCases {
      let svg = try text(files, "pictures/\(name).\(language.rawValue).svg")
      #expect(svg.contains("width=\"\(width)\""), "\(name)")
      #expect(svg.contains(language == .zh ? "内部用图，未经地图审核" : "For internal use only"))
    }
  }
}

/// What disclosure control keeps back is neither a colour nor "no data": it has a pattern and an entry of its own.
@Test func withheldPlacesHaveTheirOwnEntry() throws {
  let place = try #require(Sample.cells.last { $0.measure == .gapRequirement && $0.year == 2035 }?.region)
  let cells = Sample.cells.map { cell -> ResultCell in
    cell.region == place && cell.measure == .gapRequirement ? cell.withheld : cell
  }
  let open = try text(maps(Sample.cells, boundaries: try Sample.boundaries()), "pictures/gap_2035_bay_cities.zh.svg")
  let kept = try text(maps(cells, boundaries: try Sample.boundaries()), "pictures/gap_2035_bay_cities.zh.svg")
  #expect(!open.contains("-kept)\"") && kept.contains("-kept)\""))
  #expect(kept.contains("按披露控制规则隐去") && !open.contains("按披露控制规则隐去"))
}

@Test func tablesOfOnePublicationStandUnderItsNameOnce() {
  let zh = ["《年鉴》人员全时当量 (2010-2023)", "统计公报", "《年鉴》经费"]
  #expect(Plate.cited(zh, .zh) == "《年鉴》人员全时当量 (2010-2023)、经费；统计公报")
  #expect(Plate.cited(["Yearbook: staff", "Bulletin", "Yearbook: spending"], .en) == "Yearbook: staff; spending. Bulletin")
  #expect(Plate.cited(["Yearbook: staff", "Bulletin"], .en) == "Yearbook: staff; Bulletin")
  #expect(Plate.cited(["统计公报", "统计公报"], .zh) == "统计公报；统计公报" && Plate.cited([], .en).isEmpty)
}

/// Pictures that stand inline in one page: an id of one is none of another's, and every reference finds its own.
@Test func picturesShareNoIDs() throws {
  let pictures = maps(Sample.cells, boundaries: try Sample.boundaries()).filter { $0.name.hasSuffix(".svg") }
  func all(_ pattern: Regex<(Substring, Substring)>, _ text: String) -> [String] { text.matches(of: pattern).map { String($0.output.1) } }
  var seen: Set<String> = []
  for picture in pictures {
    let text = String(decoding: picture.bytes, as: UTF8.self)
    let ids = all(#/ id="([^"]+)"/#, text)
    #expect(ids.count > 3 && Set(ids).count == ids.count)
    #expect(seen.isDisjoint(with: ids), "\(picture.name)")
    seen.formUnion(ids)
    #expect(Set(all(#/url\(#([^)]+)\)/#, text) + all(#/href="#([^"]+)"/#, text)).isSubset(of: ids))
  }
}

/// Names that would end a script, or begin one that never ends, or steer what shows them.
@Test func hostileNamesAreOnlyNames() throws {
  let hostile = ["<!--<script>", "\u{1B}[31mRED\u{07}\u{1B}]0;pwned", "\u{202E}gnp.exe"]
  var text = String(decoding: Sample.file, as: UTF8.self)
  for (name, new) in zip(["甲市", "乙市", "丙市"], ["<!--<script>", "\\u001b[31mRED\\u0007\\u001b]0;pwned", "\\u202egnp.exe"]) {
    text = text.replacing(name, with: new)
  }
  let boundaries = try Boundaries(files: [("bay_cities.geojson", Array(text.utf8))])
  #expect(boundaries.views[0].regions.map(\.name.zh) == ["<!--<script>", "[31mRED]0;pwned", "gnp.exe"])
  #expect(checkMap(readGeoJSON(Array(text.utf8))).count { $0.code == "map.hidden-characters" } == 2)
  var options = try withLibrary()
  options.formats = Set(MapFormat.allCases)
  options.names = ["BAY": Bilingual(zh: hostile[1], en: hostile[2])]
  for file in maps(Sample.cells, boundaries: boundaries, options: options) where !file.name.hasSuffix(".gpkg") {
    let text = String(decoding: file.bytes, as: UTF8.self)
    #expect(!text.unicodeScalars.contains { $0.value < 0x20 && ![9, 10].contains($0.value) || $0.value == 0x202E }, "\(file.name)")
    if file.name.hasSuffix(".geojson") { continue }
    #expect(!text.contains("<!--<script>"), "\(file.name)")
    if file.name == "index.html" {
      #expect(text.contains(#"\u003c!--\u003cscript>"#))
      #expect(try data(text)["years"] as? [Int] == [2024, 2030, 2035])
    }
  }
}
