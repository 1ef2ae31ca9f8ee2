import Dimensions
import Foundation
import Messages
import Testing

@testable import Maps

/// Files that once passed, crashed or got the wrong advice, each with what is right to say of it.
@Suite struct MapCasesTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let file: String, code: String?, severity: Problem.Severity, says: String
    var testDescription: String { file }
    init(_ file: String, _ code: String?, _ severity: Problem.Severity = .warning, says: String = "") {
      (self.file, self.code, self.severity, self.says) = (file, code, severity, says)
    }
  }

  static let cases = [
    Case("c04_antimeridian", "geojson.antimeridian", .error, says: "crosses the antimeridian"),
    Case("c04b_antimeridian_split", "map.far-from-code", says: "about [180, -15]"),
    Case("c06_props_null", "map.properties-missing"),
    Case("c08e_id_mismatch", "map.id-differs", says: "The id is 110105, but the code is 110000"),
    Case("c10b_latlon_swapped_valid_range", "map.far-from-code", says: "8540 km"),
    Case("c12_empty_coords", "geojson.empty-geometry"),
    Case("c12d_empty_ring", "geojson.ring-too-short", .error),
    Case("c16b_hole_outside", "geojson.hole-outside", .error, says: "[120, 39]"),
    Case("c16d_nested_shells", "geojson.nested-shells", .error, says: "[117, 40]"),
    Case("c16h_hole_crosses", "geojson.rings-cross", .error, says: "[118, 40]"),
    // 1° by 2° at 40° N.
    Case("c16j_neighbours_overlap", "map.overlap", says: "18900 km²"),
    // 0.0001° of longitude at 39.5° N: 8.6 m, over 1° of latitude.
    Case("c16k_sliver_gap", "map.gap", says: "(8.6 m wide, 111 km long)"),
    Case("c17c_huge", "geojson.out-of-range", .error),
    Case("c24_bbox_wrong", "geojson.bbox-wrong", says: "[116, 39, 117, 40]"),
    Case("big", "geojson.out-of-range", .error),
  ]

  /// Notices, names and credit, which these files lack too.
  private static let others: Set = [
    "map.attribution-missing", "map.license-missing", "map.notice-missing", "map.name-differs", "map.geometry-missing",
  ]

  private static let known: KnownRegions = {
    let boundaries = BundledBoundaries.folder
    return KnownRegions(
      ["gba_cities", "gba_districts", "hub_districts", "provinces"].compactMap { name in
        (try? Data(contentsOf: boundaries.appending(path: name + ".geojson"))).flatMap { readGeoJSON([UInt8]($0)).collection }
      })
  }()

  @Test(arguments: cases) func saysWhatIsRight(_ c: Case) throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
    let bytes = [UInt8](try Data(contentsOf: folder.appending(path: c.file + ".geojson")))
    let found = checkMap(readGeoJSON(bytes, file: c.file), known: Self.known, file: c.file).filter { !Self.others.contains($0.code) }
    #expect(Set(found.map(\.code)) == Set(c.code.map { [$0] } ?? []))
    let problem = try #require(found.first)
    #expect(problem.severity == c.severity && problem.line == 1)
    #expect(c.says.isEmpty || problem.message.en.contains(c.says), "\(problem.message.en)")
    for text in found.flatMap({ [$0.message.en, $0.hint?.en ?? ""] }) { #expect(!text.contains("rewind") && !text.contains("clockwise")) }
  }

  /// No number crashes a check: huge, tiny, past the range of integers, in places, boxes, ids and properties.
  @Test(arguments: ["1e18", "-1e19", "1e300", "1e308", "-1.7e308", "5e-324", "180.0000001", "9007199254740993"])
  func survivesAnyNumber(number: String) {
    let ring = "[[\(number),39],[117,\(number)],[117,40],[\(number),39]]"
    let text = """
      {"type":"FeatureCollection","bbox":[\(number),0,1,\(number)],"features":[{"type":"Feature","id":\(number),
       "properties":{"code":\(number),"adcode":\(number),"name_zh":"甲","year":\(number),"value":\(number),"p10":\(number)},
       "geometry":{"type":"Polygon","coordinates":[\(ring)]}},
       {"type":"Feature","id":"440100","properties":{"code":"440100","name_zh":"广州市"},"geometry":{"type":"MultiPolygon","coordinates":[[\(ring)]]}}]}
      """
    #expect(!checkMap(readGeoJSON(Array(text.utf8)), known: Self.known).isEmpty)
  }
}

/// The bundled map of China, changed.
@Suite struct NationalMapTests {
  private static func layer(_ name: String) throws -> FeatureCollection {
    let bytes = [UInt8](try Data(contentsOf: BundledBoundaries.folder.appending(path: name + ".geojson")))
    return try #require(readGeoJSON(bytes).collection)
  }

  private static func found(_ layer: String, _ change: (inout [Feature]) throws -> Void) throws -> [Problem] {
    let known = KnownRegions(try ["gba_cities", "gba_districts", "hub_districts", "provinces"].map(Self.layer))
    var map = try Self.layer(layer)
    try change(&map.features)
    return checkMap(readGeoJSON(map.geoJSON()), known: known).filter { $0.severity == .error }
  }

  private static func set(_ name: String, _ value: String, of code: String, in features: inout [Feature]) throws {
    let i = try #require(features.firstIndex { $0.code == code })
    features[i].properties = features[i].properties.map { $0.name == name ? .init(name, .string(value)) : $0 }
  }

  @Test func unchangedItHasNoErrors() throws { #expect(try Self.found("provinces") { _ in } == []) }

  @Test(arguments: [
    ("level", "country", "map.china-level"), ("parent_code", "", "map.china-level"), ("name_zh", "中华民国", "map.china-name"),
    ("name_en", "Taiwan (ROC)", "map.china-name"), ("name_en", "Formosa", "map.china-name"),
  ])
  func taiwanIsAProvinceByItsName(property: String, value: String, code: String) throws {
    let found = try Self.found("provinces") { try Self.set(property, value, of: "710000", in: &$0) }
    #expect(found.map(\.code) == [code])
    #expect(found.first?.path?.hasSuffix("/properties/\(property)") == true)
  }

  @Test func shortNamesAreNames() throws {
    #expect(try Self.found("provinces") { try Self.set("name_zh", "台湾", of: "710000", in: &$0) } == [])
  }

  @Test func islandsOfTheSouthChinaSeaAreMissed() throws {
    for south in [18.0, 12] {
      let found = try Self.found("provinces") { features in
        let i = try #require(features.firstIndex { $0.code == "460000" })
        features[i].geometry = .multiPolygon(
          features[i].geometry?.polygons.filter { Box(around: $0.rings.first ?? []).north > south } ?? [])
      }
      #expect(found.map(\.code) == ["map.china-islands"])
      #expect(found.first?.message.en.contains("460000") == true)
    }
  }

  /// South of a line from Bhutan's border to the bend of the Yarlung Zangbo.
  @Test func territoryCutOffIsMissed() throws {
    let cut = Polygon([[Point(91.6, 26), Point(98, 26), Point(98, 28.2), Point(94, 29), Point(91.6, 27.9), Point(91.6, 26)]])
    let found = try Self.found("provinces") { features in
      let i = try #require(features.firstIndex { $0.code == "540000" })
      let context = GEOSContext()
      let whole = try #require(features[i].geometry.flatMap(context.shape))
      features[i].geometry = try #require(context.shape([cut]).flatMap { whole.difference($0) }).geometry
    }
    #expect(found.map(\.code) == ["map.china-territory"])
    #expect(found.first?.message.zh.contains("西藏自治区") == true)
  }

  @Test func swappedCodesAreFound() throws {
    let found = try Self.found("gba_cities") { features in
      let a = try #require(features.firstIndex { $0.code == "440100" }), b = try #require(features.firstIndex { $0.code == "440300" })
      (features[a].geometry, features[b].geometry) = (features[b].geometry, features[a].geometry)
    }
    #expect(found.map(\.code) == ["map.code-elsewhere", "map.code-elsewhere"])
    #expect(found.first?.message.en == "The shape of 440100 (Guangzhou) lies where 440300 (Shenzhen) is.")
  }
}

/// What a run of the bundled outlines writes: every shape valid, neighbours beside each other, at every level.
@Suite struct WrittenGeometryTests {
  private static let layers = ["gba_cities", "gba_districts", "hub_districts", "provinces"]

  @Test(arguments: layers) func everyFilePassesOurOwnCheck(layer: String) throws {
    let names = Self.layers + ["south_china_sea_dashes"]
    let files = try names.map { ("\($0).geojson", [UInt8](try Data(contentsOf: BundledBoundaries.folder.appending(path: "\($0).geojson")))) }
    let known = KnownRegions(files.compactMap { readGeoJSON($0.1).collection })
    let outlines = try Boundaries(files: files.filter { $0.0 == "\(layer).geojson" })
    let cells = outlines.views.flatMap(\.regions).flatMap { region in
      [2024, 2030].flatMap { year in
        [Measure.supply, .demand].map { Sample.cell(region.code, $0, year, 10) }
      }
    }
    var options = MapOptions()
    options.formats = [.geojson]
    options.measures = [.supply]
    let written = maps(cells, boundaries: outlines, options: options).filter { $0.name.hasSuffix(".geojson") }
    #expect(written.contains { $0.name.hasPrefix("timeline_") })
    for file in written { #expect(checkMap(readGeoJSON(file.bytes, file: file.name), known: known, file: file.name) == [], "\(file.name)") }
  }

  /// From a wall map to a stamp.
  @Test(arguments: layers, [1e-6, 1e-4, 1e-3, 1e-2, 0.1]) func coverageIsKeptAtEveryLevel(layer: String, area: Double) throws {
    let bytes = [UInt8](try Data(contentsOf: BundledBoundaries.folder.appending(path: "\(layer).geojson")))
    for view in try Boundaries(files: [("\(layer).geojson", bytes)]).views {
      let simple = Topology(view.regions.map(\.geometry)).simplified(area: area)
      let context = GEOSContext()
      let shapes = try simple.shapes.indices.map { try #require(context.shape(simple.geometry($0))) }
      #expect(shapes.allSatisfy { $0.fault == nil })
      let whole = try #require(context.all(shapes)?.dissolved())
      let parts = shapes.reduce(0) { $0 + $1.area }
      #expect(abs(parts - whole.area) < 1e-9 * parts, "\(parts) \(whole.area)")
    }
  }
}
