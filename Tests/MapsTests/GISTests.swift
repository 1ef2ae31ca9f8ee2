import Foundation
import Messages
import Testing

@testable import Maps

private func layers() throws -> [GISLayer] {
  let build = MapBuild(Sample.cells, try Sample.boundaries(), MapOptions())
  let view = build.boundaries.views[0]
  return build.gisLayers([(view, view.regions.map(\.geometry))], scenario: "baseline")
}

/// OGC 12-128r18 §2.1.3: "GP", version 0, little-endian with an XY envelope, EPSG 4326, then WKB.
@Test func geometryBlobHasEnvelopeAndPolygons() {
  let square = Polygon([[Point(1, 2), Point(3, 2), Point(3, 5), Point(1, 2)]])
  let blob = geometryBlob(.polygon(square))
  func real(_ at: Int) -> Double {
    Double(bitPattern: (0..<8).reduce(UInt64(0)) { $0 | UInt64(blob[at + $1]) << UInt64(8 * $1) })
  }
  #expect(blob.prefix(8) == [0x47, 0x50, 0, 3, 0xE6, 0x10, 0, 0])
  #expect([8, 16, 24, 32].map(real) == [1, 3, 2, 5])
  #expect(blob[40...48] == [1, 6, 0, 0, 0, 1, 0, 0, 0])
  #expect(blob[49...62] == [1, 3, 0, 0, 0, 1, 0, 0, 0, 4, 0, 0, 0, 0])
  #expect(real(62) == 1 && real(blob.count - 8) == 2)
  #expect(blob.count == 62 + 4 * 16)
}

@Test func theGeoPackageIsAnSQLiteFileOfItsKind() throws {
  let bytes = geoPackage(try layers())
  #expect(bytes.starts(with: Array("SQLite format 3\0".utf8)))
  #expect(Array(bytes[68..<72]) == Array("GPKG".utf8))
  #expect(bytes == geoPackage(try layers()))
  let text = String(decoding: bytes, as: UTF8.self)
  for part in ["layer_styles", "gap_2035_bay_cities", "RuleRenderer", "甲市"] { #expect(text.contains(part), "\(part)") }
}

@Test func everyClassNoDataAndHatchHaveARule() throws {
  let classes = Classes(method: Bilingual(zh: "", en: ""), breaks: [-5, 5], colours: ["#542788", "#f7f7f7", "#b35806"])
  let style = QGISStyle(.gap, classes: classes, field: "value", low: "p10", high: "p90", grade: "evidence", aliases: [])
  #expect(style.rules.count == 6)
  #expect(style.rules[0].filter == "\"value\" IS NOT NULL AND \"value\" >= 5.0")
  #expect(style.rules[3].filter == "\"value\" IS NULL")
  #expect(style.qml.contains("179,88,6,255"))
  #expect(style.qml.contains("&quot;value&quot; &lt; 5.0"))
  #expect(style.qml.contains("b_diagonal"))
}

@Test func theProjectOpensTheTimeSlider() throws {
  let all = try layers()
  #expect(
    all.map(\.id)
      == ["supply_2024", "demand_2030", "gap_2030", "adequacy_2030", "demand_2035", "gap_2035", "adequacy_2035", "gap_course"].map {
        $0 + "_bay_cities"
      })
  #expect(all.last?.rows.count == 9)
  let project = qgisProject(all, title: Bilingual(zh: "甲", en: "A"), years: [2024, 2035], geoPackage: "t.gpkg")
  #expect(project.contains("startField=\"period\""))
  #expect(project.contains("<start>2024-01-01T00:00:00Z</start><end>2035-12-31T00:00:00Z</end>"))
  #expect(project.components(separatedBy: "<maplayer ").count == 9)
  #expect(project.contains("./t.gpkg|layername=gap_course_bay_cities"))
}
