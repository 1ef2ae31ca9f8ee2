import Foundation
import Messages
import Testing

@testable import Maps

private func feature(_ coordinates: String, type: String = "Polygon") -> String {
  #"{"type":"Feature","id":"X1","properties":{"code":"X1","name":"A","note":[1,null]},"geometry":{"type":"\#(type)","coordinates":\#(coordinates)}}"#
}

private func file(_ features: String...) -> [UInt8] {
  Array((#"{"type":"FeatureCollection","attribution":"x","license":"y","features":["# + features.joined(separator: ",") + "]}").utf8)
}

private func size(_ bytes: [UInt8]) throws -> Double {
  let collection = try #require(readGeoJSON(bytes).collection)
  return collection.features.reduce(0) { $0 + ($1.geometry?.polygons.reduce(0) { $0 + area($1) } ?? 0) }
}

struct Broken: Sendable, CustomTestStringConvertible {
  let what: String, coordinates: String, type: String, code: String, area: Double
  var testDescription: String { what }
}

/// Each fault is told as mended, the new file has none, and its area is what the old one meant.
@Test(arguments: [
  Broken(what: "open", coordinates: "[[[0,0],[2,0],[2,2],[0,2]]]", type: "Polygon", code: "geojson.ring-not-closed", area: 4),
  Broken(what: "clockwise", coordinates: "[[[0,0],[0,2],[2,2],[2,0],[0,0]]]", type: "Polygon", code: "geojson.winding", area: 4),
  Broken(what: "repeated", coordinates: "[[[0,0],[2,0],[2,0],[2,2],[0,2],[0,0]]]", type: "Polygon", code: "map.repeated-positions", area: 4),
  Broken(what: "bow tie", coordinates: "[[[0,0],[2,2],[2,0],[0,2],[0,0]]]", type: "Polygon", code: "geojson.self-intersection", area: 2),
  Broken(
    what: "nested shells", coordinates: "[[[[0,0],[4,0],[4,4],[0,4],[0,0]]],[[[1,1],[2,1],[2,2],[1,2],[1,1]]]]", type: "MultiPolygon",
    code: "geojson.nested-shells", area: 16),
  Broken(
    what: "a hole across", coordinates: "[[[0,0],[4,0],[4,4],[0,4],[0,0]],[[3,1],[3,2],[6,2],[6,1],[3,1]]]", type: "Polygon",
    code: "geojson.rings-cross", area: 15),
  Broken(
    what: "a hole outside", coordinates: "[[[0,0],[1,0],[1,1],[0,1],[0,0]],[[5,5],[5,6],[6,6],[5,5]]]", type: "Polygon",
    code: "geojson.hole-outside", area: 1),
  Broken(
    what: "a ring too short among others", coordinates: "[[[[0,0],[4,0],[4,4],[0,4],[0,0]]],[[[9,9],[9,9]]]]", type: "MultiPolygon",
    code: "geojson.ring-too-short", area: 16),
  Broken(
    what: "over the antimeridian", coordinates: "[[[170,-20],[-170,-20],[-170,-10],[170,-10],[170,-20]]]", type: "Polygon",
    code: "geojson.antimeridian", area: 200),
])
func mendsWhatHasOneRightAnswer(_ c: Broken) throws {
  let repair = repairMap(file(feature(c.coordinates, type: c.type)))
  let bytes = try #require(repair.bytes)
  #expect(repair.left == [] && readGeoJSON(bytes).problems == [])
  #expect(repair.mended.contains { $0.code == c.code && $0.severity == .note && $0.message.en.hasPrefix("Mended: ") })
  #expect(abs(try size(bytes) - c.area) < 1e-9)
  let text = String(decoding: bytes, as: UTF8.self)
  #expect(text.contains(#""note":[1,null]"#) && text.contains(#""attribution":"x""#))
}

@Test func aSoundFileStaysAsItIs() throws {
  let sound = try #require(readGeoJSON(file(feature("[[[0,0],[2,0],[2,2],[0,2],[0,0]]]"))).collection).geoJSON(decimals: 9)
  let repair = repairMap(sound)
  #expect(repair.bytes == sound && repair.mended == [] && repair.left == [])
}

@Test func whatIsNoGeoJSONIsNotRepaired() {
  let repair = repairMap(Array("{\"type\":".utf8))
  #expect(repair.bytes == nil && !repair.left.isEmpty)
}

/// Every file of the cases: what repair writes has no error of shape left, and it crashes at nothing.
@Test(arguments: MapCasesTests.cases.map(\.file)) func casesAreRepairedOrToldApart(name: String) throws {
  let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases")
  let repair = repairMap([UInt8](try Data(contentsOf: folder.appending(path: name + ".geojson"))))
  let shapes = ["hole", "nested", "rings", "self", "winding", "antimeridian", "closed", "bbox", "short"]
  #expect(!repair.left.contains { problem in shapes.contains { problem.code.contains($0) } }, "\(repair.left)")
}
