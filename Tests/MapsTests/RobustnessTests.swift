import Dimensions
import Messages
import TestSupport
import Testing

@testable import Maps

/// Damaged files: every reading ends with problems or a collection, never with a crash, and what is
/// still accepted can be written and read again.
@Test(arguments: 0..<300 as Range<UInt64>)
func damagedFilesAreReadToTheEnd(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  var bytes = Sample.file
  for _ in 0..<Int.random(in: 1...6, using: &random) {
    let at = Int.random(in: 0..<bytes.count, using: &random)
    switch Int.random(in: 0...3, using: &random) {
    case 0: bytes[at] = UInt8.random(in: 0...255, using: &random)
    case 1: bytes.remove(at: at)
    case 2: bytes.insert(Array("[]{},:\"-1e.0".utf8).randomElement(using: &random) ?? 0, at: at)
    default: bytes.removeLast(min(bytes.count - 1, Int.random(in: 1...40, using: &random)))
    }
  }
  let reading = readGeoJSON(bytes, file: "f")
  #expect(reading.collection != nil || !reading.problems.isEmpty)
  for problem in checkMap(reading) { #expect(problem.line ?? 1 >= 1 && !problem.message.zh.isEmpty) }
  if reading.isValid, let collection = reading.collection {
    #expect(readGeoJSON(collection.geoJSON(decimals: 9)).isValid)
  }
}

/// Zero, tiny, huge and missing values draw without a crash.
@Test(arguments: [[0.0, 0], [Double.leastNonzeroMagnitude, 1e-300], [1e300, -1e300], [1e17, 1e17 + 64], [.nan, 1], [-3, 4]])
func oddValuesAreDrawn(values: [Double]) throws {
  let cells = [2024, 2035].flatMap { year in
    zip(["440100", "440300"], values).flatMap { code, value in
      [Measure.supply, .demand, .gapRequirement, .adequacy].map { Sample.cell(code, $0, year, value, half: abs(value) / 10) }
    }
  }
  for classing in [Classing.fisherJenks(5), .quantile(4), .equal(5), .pretty(5), .manual([])] {
    var options = MapOptions()
    options.classing = Dictionary(uniqueKeysWithValues: MapMeasure.allCases.map { ($0, classing) })
    for file in maps(cells, boundaries: try Sample.boundaries(), options: options) {
      #expect(!file.bytes.isEmpty)
      if file.name.hasSuffix(".geojson") { #expect(readGeoJSON(file.bytes).isValid, "\(file.name)") }
    }
  }
}

/// A country on the equator, where a cone would open flat.
@Test func outlinesAcrossTheEquatorAreDrawn() {
  let projection = AlbersProjection(fitting: Box(west: 10, south: -5, east: 20, north: 5))
  for p in [Point(10, -5), Point(15, 0), Point(20, 5)] {
    #expect(projection(p).x.isFinite && projection(p).y.isFinite)
  }
}

@Test func twoFilesOfTheSameViewKeepApart() throws {
  let boundaries = try Boundaries(files: [("a/bay_cities.geojson", Sample.file), ("b/bay_cities.geojson", Sample.file)])
  #expect(boundaries.views.map(\.id) == ["bay_cities", "bay_cities_2"])
  let names = maps(Sample.cells, boundaries: boundaries).map(\.name)
  #expect(Set(names).count == names.count)
}
