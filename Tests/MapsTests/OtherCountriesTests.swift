import Dimensions
import Foundation
import Messages
import Testing

@testable import Maps

/// A neutral file: codes of any form, names in one language, no word of hubs or of China.
private func country(_ title: String, _ places: [(code: String, name: String, coordinates: String)], parent: String = "") -> [UInt8] {
  let features = places.map { place in
    #"{"type":"Feature","id":"\#(place.code)","properties":{"code":"\#(place.code)","name":"\#(place.name)","parent_code":"\#(parent)"},"#
      + #""geometry":{"type":"MultiPolygon","coordinates":\#(place.coordinates)}}"#
  }
  return Array(
    (#"{"type":"FeatureCollection","title":"\#(title)","attribution":"© surveyors","license":"CC0","features":["#
      + features.joined(separator: ",") + "]}").utf8)
}

private func box(_ w: Double, _ s: Double, _ e: Double, _ n: Double) -> String { "[[[\(w),\(s)],[\(e),\(s)],[\(e),\(n)],[\(w),\(n)],[\(w),\(s)]]]" }

private func cells(_ codes: [String]) -> [ResultCell] {
  codes.flatMap { code in
    [2024, 2030].flatMap { year in
      [Measure.supply, .demand, .gapRequirement].map { measure in
        var cell = Sample.cell(code, measure, year, 10, half: year == 2024 ? 0 : 2)
        cell.hub = ""
        return cell
      }
    }
  }
}

/// Two divisions, one of them cut at the antimeridian.
private let fiji = country(
  "Divisions of Fiji",
  [
    ("FJ-W", "Western", "[\(box(177, -18.5, 178, -17))]"),
    ("FJ-N", "Northern", "[\(box(178, -17.5, 180, -16)),\(box(-180, -17.5, -179, -16))]"),
  ])

@Test func aSplitCountryHasAFrameAroundItself() throws {
  let boundaries = try Boundaries(files: [("fiji.geojson", fiji)])
  let view = boundaries.views[0]
  #expect(view.box == Box(west: 177, south: -18.5, east: 181, north: -16))
  let sheet = MapSheet(view, overlays: [], width: 900)
  // Four degrees of longitude at 17° S by two and a half of latitude.
  #expect(abs(sheet.frame.width / 1000 - 426) < 6 && abs(sheet.frame.height / 1000 - 277) < 6)
  // The line of the cut is gone.
  #expect(sheet.rings[1].count == 1 && sheet.inset == nil)
}

/// `map build` from the case file: a frame around the place, not the world.
@Test func theSplitCaseIsFramed() throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/c04b_antimeridian_split.geojson")
  let boundaries = try Boundaries(files: [("c04b.geojson", [UInt8](try Data(contentsOf: file)))])
  let sheet = MapSheet(boundaries.views[0], overlays: [], width: 900)
  #expect(abs(sheet.frame.width / 1000 - 2200) < 30 && sheet.rings[0].count == 1)
  let files = maps(cells(["110000"]), boundaries: boundaries)
  for file in files where file.name.hasSuffix(".geojson") {
    let reading = readGeoJSON(file.bytes)
    #expect(reading.problems == [])
    #expect(String(decoding: file.bytes, as: UTF8.self).contains(#""bbox":[170,-20,-170,-10]"#))
  }
}

@Test func anotherCountryHearsNothingOfChina() throws {
  let boundaries = try Boundaries(files: [("fiji.geojson", fiji)])
  var options = MapOptions()
  options.library = try GraphicsLibrary(Array("// https://d3js.org v5.16.0\n".utf8), file: "d3.min.js")
  options.subject = Bilingual(zh: "护士", en: "nurses")
  options.producer = Bilingual(zh: "统计局", en: "Bureau of Statistics")
  options.credit = "© the surveyor general"
  let files = maps(cells(["FJ-W", "FJ-N"]), boundaries: boundaries, options: options)
  #expect(files.contains { $0.name == "pictures/gap_2030_fiji.en.svg" } && files.contains { $0.name == "timeline_fiji.geojson" })
  for file in files where !file.name.hasSuffix(".gpkg") {
    let text = String(decoding: file.bytes, as: UTF8.self)
    for word in ["Provinces of China", "未经地图审核。", "审图号：", "map_approval_number", "IP talent", "not submitted to map review"] {
      #expect(!text.contains(word), "\(file.name): \(word)")
    }
    if file.name.hasSuffix(".svg") {
      #expect(!text.contains("未经地图审核") && !text.contains("not reviewed") && !text.contains("南海"))
      #expect(text.contains("© the surveyor general") && text.contains("Divisions of Fiji"))
    }
    if file.name.hasSuffix(".geojson") { #expect(checkMap(readGeoJSON(file.bytes)) == [], "\(file.name)") }
  }
  #expect(files.contains { String(decoding: $0.bytes, as: UTF8.self).contains("Bureau of Statistics") })
  #expect(files.contains { $0.name == "index.html" && String(decoding: $0.bytes, as: UTF8.self).contains(#""unreviewed":false"#) })
}

/// Fifty regions on both sides of the equator are a nation of their own, not China's provinces.
@Test func aContinentIsDrawnAsItself() throws {
  let places = (0..<50).map { i -> (code: String, name: String, coordinates: String) in
    let (x, y) = (Double(i % 10) * 6 - 15, Double(i / 10) * 14 - 34)
    return ("AF\(i)", "Country \(i)", "[\(box(x, y, x + 6, y + 14))]")
  }
  let boundaries = try Boundaries(files: [("africa.geojson", country("Africa", places, parent: "AF"))])
  let view = boundaries.views[0]
  #expect(view.isNational && !view.isChina && boundaries.nation == "AF")
  let build = MapBuild(cells(places.map(\.code)), boundaries, MapOptions())
  #expect(build.title(view) == Bilingual(zh: "Africa", en: "Africa") && !build.isOfChina)
  let sheet = MapSheet(view, overlays: [], width: 900)
  let size = sheet.rings.reduce(0) { $0 + $1.reduce(0) { $0 + abs(signedArea($1)) } }
  // An equal-area map: a sphere's zone from 34° S to 36° N over 60° of longitude, in square kilometres.
  let right = 6371.0 * 6371 * Double.pi / 3 * (sin(36 * Double.pi / 180) + sin(34 * Double.pi / 180))
  #expect(abs(size / 1e6 / right - 1) < 0.01, "\(size / 1e6) \(right)")
}

/// Against the bundled outlines of China, a file of another country is not found wanting.
@Test func otherCountriesAreNotComparedWithChina() throws {
  let known = KnownRegions(
    try ["provinces", "gba_cities"].compactMap { name in
      readGeoJSON([UInt8](try Data(contentsOf: BundledBoundaries.folder.appending(path: name + ".geojson")))).collection
    })
  #expect(checkMap(readGeoJSON(fiji), known: known) == [])
}
