import Messages
import Testing

@testable import Maps

/// A wiggly outline of about 40 km around a place, so that every direction of shift can be seen.
private func outline(_ centre: Point, moved: (Point) -> Point = { $0 }) -> Geometry {
  let corners = [(0.0, 0.0), (1, 0.1), (2, 0), (2.1, 1), (1.9, 2), (1, 1.8), (0, 2), (0.15, 1)]
  var ring: [Point] = []
  for (i, a) in corners.enumerated() {
    let b = corners[(i + 1) % corners.count]
    for k in 0..<10 {
      let t = Double(k) / 10
      ring.append(Point(centre.x + 0.2 * (a.0 + t * (b.0 - a.0)), centre.y + 0.2 * (a.1 + t * (b.1 - a.1))))
    }
  }
  ring.append(ring[0])
  return .polygon(Polygon([ring.map(moved)]))
}

private let beijing = Point(116.2, 39.8)

private func region(_ code: String, _ zh: String, _ geometry: Geometry, level: String = "district") -> Feature {
  Feature(
    id: .string(code),
    properties: [.init("code", .string(code)), .init("name_zh", .string(zh)), .init("level", .string(level))], geometry: geometry)
}

private func file(_ features: [Feature]) -> FeatureCollection {
  FeatureCollection(
    members: ["attribution", "license", "notice_zh", "notice_en"].map { .init($0, .string("x")) } + [.init("map_approval_number", .null)],
    features: features)
}

private let known = KnownRegions([file([region("110101", "东城区", outline(beijing)), region("110102", "西城区", outline(Point(116.6, 40)))])])

private func problems(_ collection: FeatureCollection) -> [Problem] {
  checkMap(readGeoJSON(collection.geoJSON()), known: known)
}

@Test func aGoodMapHasNoProblems() {
  #expect(problems(file([region("110101", "东城区", outline(beijing))])) == [])
}

@Test(arguments: [
  (ChineseDatum.gcj02, "GCJ-02"), (.bd09, "BD-09"),
])
func shiftedDatumsAreRecognised(datum: ChineseDatum, name: String) throws {
  let found = problems(file([region("110101", "东城区", outline(beijing, moved: datum.shifted))]))
  #expect(found.map(\.code) == ["map.datum"])
  #expect(try #require(found.first).message.zh.contains(name))
}

/// Two hundred metres the wrong way is bad drawing, not a datum.
@Test func otherOffsetsAreNotCalledADatum() {
  let moved = outline(beijing) { Point($0.x - 0.004, $0.y + 0.003) }
  #expect(problems(file([region("110101", "东城区", moved)])) == [])
}

/// Measured shift of GCJ-02 in Beijing: about 525–530 m east and 139–143 m north.
@Test func shiftInBeijingIsHalfAKilometre() {
  let p = Point(116.4, 39.9), q = ChineseDatum.gcj02.shifted(p)
  #expect(abs((q.x - p.x) * 85_400 - 530) < 10)
  #expect(abs((q.y - p.y) * 111_000 - 155) < 10)
}

/// Codes of another country need not have six digits; mixed with six-digit ones they are slips.
@Test func codesOfOtherFormsAreTakenWhenTheFileHasNoOthers() throws {
  func codes(_ ids: [String]) -> [String] {
    checkMap(readGeoJSON(file(ids.enumerated().map { region($1, "甲", outline(Point(116.2 + Double($0), 39.8))) }).geoJSON())).map(\.code)
  }
  #expect(codes(["S01", "DE-BY"]) == [])
  #expect(codes(["S01", "110101"]) == ["map.code-form"])
}

@Test func codesAndNamesAreJoined() {
  let found = problems(
    file([region("110103", "东城区", outline(beijing)), region("440106", "天河区", outline(Point(118, 39))), region("11", "甲", outline(Point(119, 39)))]))
  #expect(found.map(\.code).sorted() == ["map.code-form", "map.code-unknown", "map.code-unknown"])
  #expect(found.first { $0.code == "map.code-unknown" }?.hint?.zh == "最接近的是 110101 东城区。")
  let other = problems(file([region("110101", "东城", outline(beijing))]))
  #expect(other.map(\.code) == ["map.name-differs"])
  #expect(other.first?.severity == .warning)
}

@Test func aCodeTwiceIsAnError() {
  let one = region("110101", "东城区", outline(beijing))
  #expect(problems(file([one, one])).map(\.code) == ["geojson.duplicate-id", "map.duplicate-code"])
}

@Test func metresInsteadOfDegreesAreAnErrorOnAMap() {
  let far = region("110101", "东城区", outline(Point(500_000, 4_400_000)))
  let found = problems(file([far]))
  #expect(found.contains { $0.code == "geojson.out-of-range" && $0.severity == .error })
}

@Test func missingNoticesAreWarnings() {
  let bare = FeatureCollection(features: [region("110101", "东城区", outline(beijing))])
  let found = problems(bare)
  #expect(found.map(\.code) == ["map.attribution-missing", "map.license-missing", "map.notice-missing"])
  #expect(found.allSatisfy { $0.severity == .warning })
}
