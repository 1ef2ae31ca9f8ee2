import Foundation
import Messages
import Testing

@testable import Maps

enum BundledBoundaries {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Datasets/boundaries")
}

/// The outlines that come with the tool.
@Suite struct BundledBoundariesTests {
  private static let folder = BundledBoundaries.folder

  private static func bytes(_ name: String) throws -> [UInt8] {
    [UInt8](try Data(contentsOf: folder.appending(path: name + ".geojson")))
  }

  private static func known() throws -> KnownRegions {
    KnownRegions(try ["provinces", "gba_cities", "hub_districts", "gba_districts"].compactMap { readGeoJSON(try bytes($0)).collection })
  }

  @Test(arguments: ["provinces", "gba_cities", "gba_districts", "hub_districts", "south_china_sea_dashes"])
  func passTheirOwnCheck(name: String) throws {
    #expect(checkMap(readGeoJSON(try Self.bytes(name), file: name), known: try Self.known()) == [])
  }

  /// The same cities as a map service in GCJ-02 would hand them out.
  @Test func citiesInGCJ02AreCaught() throws {
    let cities = try #require(readGeoJSON(try Self.bytes("gba_cities")).collection)
    var shifted = cities
    for i in shifted.features.indices {
      shifted.features[i].geometry = shifted.features[i].geometry?.mapped(ChineseDatum.gcj02.shifted)
    }
    let found = checkMap(readGeoJSON(shifted.geoJSON()), known: try Self.known())
    #expect(found.map(\.code) == ["map.datum"])
  }

  @Test func aChinaWithoutTaiwanIsAnError() throws {
    var provinces = try #require(readGeoJSON(try Self.bytes("provinces")).collection)
    provinces.features.removeAll { $0.code == "710000" }
    let found = checkMap(readGeoJSON(provinces.geoJSON()), known: try Self.known())
    #expect(found.map(\.code) == ["map.china-incomplete"])
    #expect(found.first?.message.zh.contains("台湾省") == true)
  }

  /// What pictures and the page draw: every area within 1 % of the source's, borders still shared.
  @Test func simplifiedAreasStayWithinOnePercent() throws {
    let boundaries = try Boundaries(files: [("provinces.geojson", try Self.bytes("provinces"))])
    let view = boundaries.views[0], project = AlbersProjection.china
    #expect(view.isNational && view.regions.count == 34)
    let sheet = MapSheet(view, overlays: [], width: 900)
    let whole = Topology(view.regions.map(\.geometry)).arcs.count
    #expect(sheet.topology.arcs.count == whole)
    for (i, region) in view.regions.enumerated() {
      func size(_ geometry: Geometry) -> Double { geometry.polygons.reduce(0) { $0 + area($1) } }
      let ratio = size(sheet.topology.geometry(i)) / size(region.geometry.mapped { project($0) })
      #expect(abs(ratio - 1) < 0.01, "\(region.name.zh) \(ratio)")
    }
  }

  @Test func viewsAreNationHubsAndTheirParts() throws {
    let names = ["gba_cities", "hub_districts", "provinces", "south_china_sea_dashes"]
    let boundaries = try Boundaries(files: try names.map { ("\($0).geojson", try Self.bytes($0)) })
    #expect(boundaries.views.map(\.id) == ["gba_cities", "beijing_districts", "shanghai_districts", "provinces"])
    #expect(boundaries.overlays.count == 9)
    #expect(boundaries.publishedAreas["440300"] == 1997)
    // The main frame reaches past the southern tip of Hainan island.
    let sheet = MapSheet(boundaries.views[3], overlays: boundaries.overlays, width: 900)
    #expect(sheet.frame.south < AlbersProjection.china(Point(109.6, 18.17)).y)
    #expect(sheet.inset != nil)
  }
}
