import Dimensions
import Foundation
import Messages
import Testing

@testable import Maps

enum Sample {
  static func square(_ x: Double, _ y: Double) -> String {
    "[[[\(x),\(y)],[\(x + 1),\(y)],[\(x + 1),\(y + 1)],[\(x),\(y + 1)],[\(x),\(y)]]]"
  }

  static func feature(_ code: String, _ zh: String, _ en: String, _ x: Double, area: Double? = nil) -> String {
    #"{"type":"Feature","id":"\#(code)","properties":{"code":"\#(code)","name_zh":"\#(zh)","name_en":"\#(en)","level":"city","hub":"bay""#
      + (area.map { ",\"area_km2_published\":\($0)" } ?? "")
      + #"},"geometry":{"type":"Polygon","coordinates":\#(square(x, 22))}}"#
  }

  static let file: [UInt8] = Array(
    (#"{"type":"FeatureCollection","license":"ODbL-1.0","attribution":"© someone","features":["#
      + [feature("440100", "甲市", "Alpha", 112, area: 50), feature("440300", "乙市", "Beta", 113), feature("440400", "丙市", "Gamma", 114)]
      .joined(separator: ",") + "]}").utf8)

  static func cell(
    _ region: String, _ measure: Measure, _ year: Int, _ value: Double, half: Double = 0, grade: Evidence = .estimated, scenario: String = "baseline",
    team: String = "total"
  ) -> ResultCell {
    ResultCell(
      scenario: scenario, region: RegionCode(region), regionName: region, hub: "bay", team: team, year: year, measure: measure,
      unit: "persons", value: value, p025: value - 1.5 * half, p10: value - half, p50: value, p90: value + half,
      p975: value + 1.5 * half, evidence: grade, method: "stock-flow", concept: "ip_talent", source: "CNIPA")
  }

  static var cells: [ResultCell] {
    [2024, 2030, 2035].flatMap { year in
      [("440100", 1000.0, 1.125), ("440300", 2000, 0.9375)].flatMap { code, size, ratio in
        let half = Double(year - 2024) * 20
        return [
          cell(code, .supply, year, size, half: half), cell(code, .demand, year, size * ratio, half: half),
          cell(code, .gapRequirement, year, size * (ratio - 1), half: half, grade: .allocated),
          cell(code, .adequacy, year, 1 / ratio),
        ]
      }
    } + [cell("BAY", .supply, 2024, 3000)]
  }

  static func boundaries() throws -> Boundaries { try Boundaries(files: [("bay_cities.geojson", file)]) }
}

private func collection(_ files: [MapFile], _ name: String) throws -> FeatureCollection {
  let file = try #require(files.first { $0.name == name })
  let reading = readGeoJSON(file.bytes)
  #expect(checkMap(reading).filter { $0.severity == .error } == [])
  return try #require(reading.collection)
}

@Test func oneFileAMeasureAndYear() throws {
  let names = maps(Sample.cells, boundaries: try Sample.boundaries()).map(\.name).filter { $0.hasSuffix(".geojson") }
  let every = ["supply", "demand", "gap", "adequacy", "density"], changes = ["supply_change", "demand_change"]
  let expected = every.map { "\($0)_2024" } + [2030, 2035].flatMap { year in (every + changes).map { "\($0)_\(year)" } }
  #expect(names == expected.map { "\($0)_bay_cities.geojson" } + ["timeline_bay_cities.geojson"])
}

@Test func onlyWhatIsAskedForIsMade() throws {
  var options = MapOptions()
  (options.measures, options.formats, options.futureYears) = ([.gap], [.geojson], [2030])
  let names = maps(Sample.cells, boundaries: try Sample.boundaries(), options: options).map(\.name)
  #expect(
    names == [
      "gap_2024_bay_cities.geojson", "gap_2024_bay_cities.qml", "gap_2030_bay_cities.geojson", "gap_2030_bay_cities.qml",
      "timeline_bay_cities.geojson",
    ])
  options.formats = [.qgs]
  #expect(maps(Sample.cells, boundaries: try Sample.boundaries(), options: options).map(\.name) == ["talentcast.gpkg", "talentcast.qgs"])
}

@Test func singleMapsShowTheScenarioAskedFor() throws {
  let other = Sample.cells.map { cell in
    var cell = cell
    (cell.scenario, cell.value) = ("high", cell.value * 2)
    return cell
  }
  var options = MapOptions()
  options.scenario = "high"
  let demand = try collection(maps(Sample.cells + other, boundaries: try Sample.boundaries(), options: options), "demand_2035_bay_cities.geojson")
  #expect(demand.features[0][property: "value"]?.number == 2250)
  #expect(demand.features[0][property: "scenario"] == .string("high"))
}

@Test func mapsCarryTheCellsValues() throws {
  let files = maps(Sample.cells, boundaries: try Sample.boundaries())
  let gap = try collection(files, "gap_2035_bay_cities.geojson")
  #expect(gap.features.map { $0[property: "value"]?.number } == [125, -125, nil])
  #expect(gap.features.map { $0[property: "p10"]?.number } == [-95, -345, nil])
  #expect(gap.features.map { $0[property: "flag"]?.string } == ["sign_unknown", "sign_unknown", "no_data"])
  #expect(gap.features[0][property: "evidence"] == .string("C"))
  #expect(gap.features[0].id == .string("440100"))
  let density = try collection(files, "density_2024_bay_cities.geojson")
  #expect(density.features.map { $0[property: "value"]?.number } == [2000, nil, nil])
}

@Test func timelineHasADateForEveryYear() throws {
  let timeline = try collection(maps(Sample.cells, boundaries: try Sample.boundaries()), "timeline_bay_cities.geojson")
  #expect(timeline.features.count == 9)
  #expect(timeline.features[1][property: "period"] == .string("2030-12-31"))
  #expect(timeline.features[1][property: "year"]?.number == 2030)
  #expect(timeline.features[0][property: "demand"]?.number == 1125)
}

@Test func noApprovalIsEverMadeUp() throws {
  let boundaries = try Sample.boundaries()
  let plain = try collection(maps(Sample.cells, boundaries: boundaries), "gap_2035_bay_cities.geojson")
  #expect(plain[member: "map_approval_number"] == .null)
  #expect(plain[member: "notice_zh"]?.string?.hasPrefix("内部用图，未经地图审核") == true)
  #expect(plain[member: "attribution"] == .string("© someone"))
  var options = MapOptions()
  options.approvalNumber = "GS(2026)0001号"
  let given = try collection(maps(Sample.cells, boundaries: boundaries, options: options), "gap_2035_bay_cities.geojson")
  #expect(given[member: "map_approval_number"] == .string("GS(2026)0001号"))
  #expect(given[member: "notice_zh"]?.string?.contains("未经") == false)
}

@Test func oneSetOfClassesForSupplyAndDemandInEveryYear() throws {
  let build = MapBuild(Sample.cells, try Sample.boundaries(), MapOptions())
  #expect(build.classes[.supply] == build.classes[.demand])
  #expect(build.table.baseYear == 2024)
  #expect(build.futureYears == [2030, 2035])
  #expect(build.title(build.boundaries.views[0]).en == "Cities of BAY")
}

@Test func sameInputSameBytes() throws {
  let boundaries = try Sample.boundaries()
  #expect(maps(Sample.cells, boundaries: boundaries) == maps(Sample.cells, boundaries: boundaries))
  #expect(maps([], boundaries: boundaries) == [])
}

@Test func boundariesWithoutCodesAreRefused() {
  let text = #"{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":null}]}"#
  #expect { try Boundaries(files: [("b.geojson", Array(text.utf8))]) } throws: { error in
    (error as? ProblemReport)?.problems.map(\.code) == ["map.no-regions"]
  }
}

@Test func everyMapEqualsItsCellsAndMasksWhatTheyMask() throws {
  let files = maps(Sample.cells, boundaries: try Sample.boundaries()).filter { $0.name.hasSuffix(".geojson") }
  for file in files { #expect(compareMap(readGeoJSON(file.bytes), with: Sample.cells, file: file.name) == []) }
  let gap = try #require(files.first { $0.name.hasPrefix("gap_2035") })
  let other = Sample.cells.filter { !($0.region == "440100" && $0.measure == .gapRequirement) }
  let found = compareMap(readGeoJSON(gap.bytes), with: other, file: "gap")
  #expect(found.map(\.path) == ["value", "p10", "p90", "evidence"].map { "/features/0/properties/\($0)" })
  #expect(found.first?.message.en == "value of 440100 is 125; the results say null.")
}

/// Densities and the timeline are compared too: a changed cell is found in each.
@Test(arguments: [
  "density_2024_bay_cities.geojson", "timeline_bay_cities.geojson", "supply_change_2030_bay_cities.geojson", "adequacy_2030_bay_cities.geojson",
])
func everyKindOfMapIsComparedWithTheResults(name: String) throws {
  let file = try #require(maps(Sample.cells, boundaries: try Sample.boundaries()).first { $0.name == name })
  #expect(compareMap(readGeoJSON(file.bytes), with: Sample.cells, file: name) == [])
  let changed = Sample.cells.map { cell in
    var cell = cell
    if cell.region == "440100" && (cell.year == 2024) == name.hasPrefix("density") { cell.value += 1 }
    return cell
  }
  let found = compareMap(readGeoJSON(file.bytes), with: changed, file: name)
  #expect(!found.isEmpty && found.allSatisfy { $0.code == "map.value-differs" })
}

/// A layer without published areas takes them from a layer that has them, and says which it took.
@Test func densitiesCarryTheAreaTheyWereComputedWith() throws {
  let plain = String(decoding: Sample.file, as: UTF8.self).replacingOccurrences(of: ",\"area_km2_published\":50.0", with: "")
  let both = try Boundaries(files: [("bay_cities.geojson", Sample.file), ("plain.geojson", Array(plain.utf8))])
  let files = maps(Sample.cells, boundaries: both).filter { $0.name.hasPrefix("density_2024") && $0.name.hasSuffix(".geojson") }
  #expect(plain.utf8.count < Sample.file.count && files.count == 2)
  for file in files { #expect(compareMap(readGeoJSON(file.bytes), with: Sample.cells, file: file.name) == []) }
}
