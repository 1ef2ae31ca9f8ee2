import Messages
import TestSupport
import Testing

@testable import Maps

private func reading(_ text: String) -> GeoJSONReading { readGeoJSON(Array(text.utf8), file: "f") }
private func codes(_ text: String) -> [String] { reading(text).problems.map(\.code) }
private func polygon(_ rings: String) -> String { #"{"type":"Polygon","coordinates":[\#(rings)]}"# }

private struct Case: Sendable, CustomStringConvertible {
  let description: String, text: String, code: String?
  init(_ description: String, _ text: String, _ code: String?) {
    (self.description, self.text, self.code) = (description, text, code)
  }
}

private let cases = [
  Case("a square", polygon("[[0,0],[1,0],[1,1],[0,1],[0,0]]"), nil),
  Case("a hole that touches its shell", polygon("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,0],[1,2],[2,1],[0,0]]"), nil),
  Case("a bow tie", polygon("[[0,0],[2,2],[2,0],[0,2],[0,0]]"), "geojson.self-intersection"),
  Case("a figure of eight through one vertex", polygon("[[0,0],[1,1],[2,0],[2,2],[1,1],[0,2],[0,0]]"), "geojson.self-touch"),
  Case("clockwise", polygon("[[0,0],[0,1],[1,1],[1,0],[0,0]]"), "geojson.winding"),
  Case("not closed", polygon("[[0,0],[1,0],[1,1],[0,1]]"), "geojson.ring-not-closed"),
  Case("too short", polygon("[[0,0],[1,0],[0,0]]"), "geojson.ring-too-short"),
  Case("a hole outside", polygon("[[0,0],[1,0],[1,1],[0,1],[0,0]],[[5,5],[5,6],[6,6],[5,5]]"), "geojson.hole-outside"),
  Case("a hole across", polygon("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[3,1],[3,2],[6,2],[6,1],[3,1]]"), "geojson.rings-cross"),
  Case(
    "a hole within a hole", polygon("[[0,0],[9,0],[9,9],[0,9],[0,0]],[[1,1],[1,8],[8,8],[8,1],[1,1]],[[2,2],[2,3],[3,3],[2,2]]"),
    "geojson.nested-holes"),
  Case("holes that cut the inside in two", polygon("[[0,0],[4,0],[4,4],[0,4],[0,0]],[[0,2],[2,3],[4,2],[2,1],[0,2]]"), "geojson.disconnected"),
  Case("a ring without area", polygon("[[0,0],[1,0],[0,0],[0,0]]"), "geojson.ring-collapsed"),
  Case("over the antimeridian", polygon("[[170,0],[-170,0],[-170,1],[170,1],[170,0]]"), "geojson.antimeridian"),
  Case("around the world", polygon("[[-180,-90],[180,-90],[180,90],[-180,90],[-180,-90]]"), nil),
  Case("no rings", polygon(""), "geojson.empty-geometry"),
  Case("an empty ring", polygon("[]"), "geojson.ring-too-short"),
  Case("a box of somewhere else", #"{"type":"Point","coordinates":[0,0],"bbox":[5,5,6,6]}"#, "geojson.bbox-wrong"),
  Case("a box in whole degrees", #"{"type":"LineString","coordinates":[[0.004,0],[9.996,1]],"bbox":[0,0,10,1]}"#, nil),
  Case("latitude first", #"{"type":"Point","coordinates":[39.9,116.4]}"#, "geojson.out-of-range"),
  Case("text as a number", #"{"type":"Point","coordinates":["1",2]}"#, "geojson.coordinate-not-number"),
  Case("one number", #"{"type":"Point","coordinates":[1]}"#, "geojson.position-too-short"),
  Case("a nest too few", #"{"type":"Polygon","coordinates":[[0,0],[1,0],[1,1],[0,0]]}"#, "geojson.nesting"),
  Case("a misspelt type", #"{"type":"Poligon","coordinates":[]}"#, "geojson.unknown-type"),
  Case("no type", #"{"coordinates":[0,0]}"#, "geojson.type-missing"),
  Case("no features", #"{"type":"FeatureCollection"}"#, "geojson.member-missing"),
  Case("geometry in a collection", #"{"type":"FeatureCollection","features":[],"geometry":null}"#, "geojson.changed-semantics"),
  Case("an id that is an object", #"{"type":"Feature","id":{},"properties":null,"geometry":null}"#, "geojson.wrong-type"),
  Case("three sides", #"{"type":"Point","coordinates":[0,0],"bbox":[1,2,3]}"#, "geojson.bbox"),
  Case("a number for the file", "7", "geojson.root-not-object"),
  Case("an empty collection", #"{"type":"FeatureCollection","features":[]}"#, nil),
  Case("no geometry", #"{"type":"Feature","properties":null,"geometry":null}"#, nil),
]

@Test(arguments: cases)
private func tellsWhatIsWrong(_ c: Case) { #expect(Set(codes(c.text)) == Set(c.code.map { [$0] } ?? [])) }

@Test func aSpikeMeetsItself() {
  let found = codes(polygon("[[0,0],[2,0],[2,2],[2,3],[2,2],[0,2],[0,0]]"))
  #expect(Set(found) == ["geojson.self-touch"])
}

@Test func aCrossingIsNamedWithItsPosition() throws {
  let text = "{\"type\":\"Polygon\",\"coordinates\":[[\n[0,0],\n[2,2],\n[2,0],\n[0,2],\n[0,0]]]}"
  let problem = try #require(reading(text).problems.first)
  #expect(problem.line == 2)
  #expect(problem.path == "/coordinates/0/0")
  #expect(problem.message.en.contains("[1, 1]"))
  #expect(problem.message.zh.contains("第 4 行"))
}

@Test func everyProblemOfAFileIsToldInOnePass() {
  let text = #"""
    {"type":"FeatureCollection","features":[
      {"type":"Feature","id":"1","properties":{},"geometry":{"type":"Point","coordinates":[1]}},
      {"type":"feature","properties":{},"geometry":null},
      {"type":"Feature","id":"1","properties":{},"geometry":null}]}
    """#
  let problems = reading(text).problems
  #expect(problems.map(\.code) == ["geojson.position-too-short", "geojson.unknown-type", "geojson.duplicate-id"])
  #expect(problems.map(\.line) == [2, 3, 4])
}

@Test func repeatedFaultsAreCounted() {
  let points = Array(repeating: "[\"x\"]", count: 30).joined(separator: ",")
  let problems = reading(#"{"type":"MultiPoint","coordinates":[\#(points)]}"#).problems
  #expect(problems.count == 21)
  #expect(problems.last?.message.en == "The same problem occurs 10 more times.")
}

@Test func writesTheRightHandRuleAndReadsBack() throws {
  let square = [Point(0, 0), Point(0, 2), Point(2, 2), Point(2, 0), Point(0, 0)]
  let hole = [Point(0.5, 0.5), Point(1, 0.5), Point(1, 1.1234564), Point(0.5, 0.5)]
  let file = FeatureCollection(
    members: [.init("name", .string("测试"))],
    features: [Feature(id: .string("110000"), properties: [.init("value", .null)], geometry: .polygon(Polygon([square, hole])))])
  let bytes = file.geoJSON()
  let text = String(decoding: bytes, as: UTF8.self)
  #expect(text.contains(#""bbox":[0,0,2,2]"#))
  #expect(text.contains("[[0,0],[2,0],[2,2],[0,2],[0,0]],[[0.5,0.5],[1,1.123456],[1,0.5],[0.5,0.5]]"))
  let back = readGeoJSON(bytes)
  #expect(back.problems == [])
  #expect(back.collection?.features.first?.id == .string("110000"))
  #expect(back.collection?[member: "name"] == .string("测试"))
}

@Test(arguments: 0..<30 as Range<UInt64>)
func whatIsWrittenReadsBackTheSame(seed: UInt64) throws {
  var random = SeededGenerator(seed: seed)
  let ring = (0..<20).map { k -> Point in
    let (angle, radius) = (Double(k) / 20 * 6.2, Double.random(in: 0.5...2, using: &random))
    func six(_ v: Double) -> Double { (v * 1e6).rounded() / 1e6 }
    return Point(six(100 + radius * cosine(angle)), six(30 + radius * cosine(angle - 1.57079)))
  }
  let file = FeatureCollection(features: [Feature(properties: [], geometry: .polygon(Polygon([ring + [ring[0]]])))])
  #expect(readGeoJSON(file.geoJSON()).collection == file)
}

private func cosine(_ x: Double) -> Double {
  var (sum, term) = (1.0, 1.0)
  for k in 1..<20 {
    term *= -x * x / Double((2 * k - 1) * 2 * k)
    sum += term
  }
  return sum
}
