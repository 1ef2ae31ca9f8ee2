import Foundation
import Maps

/// 3 000 wiggly rings of 500 positions with six decimals, each with a code, a name and a value.
let geoJSONWriteCase = Case(
  name: "geojson_write", work: "GeoJSON 3 000 × 500 positions, written",
  bars: ["orjson": 1, "pyogrio": 15],
  prepare: writeRings,
  contestants: [
    Contestant(name: "geoJSON()") { folder in
      let collection = try rings(folder)
      let file = folder.appending(path: "ours.geojson")
      return {
        try Data(collection.geoJSON()).write(to: file)
        return Double(collection.features.count)
      }
    }
  ])

/// Read, structure, closure and winding checked, every problem with its position; validity is GEOS's work, in ours and
/// in every peer alike.
let geoJSONReadCase = Case(
  name: "geojson_read", work: "GeoJSON 3 000 × 500 positions, read and checked",
  bars: ["pyogrio, read only": 2],
  prepare: { folder in
    try writeRings(to: folder)
    try Data(try rings(folder).geoJSON()).write(to: folder.appending(path: "rings.geojson"))
  },
  contestants: [
    Contestant(name: "readGeoJSON") { folder in
      let file = folder.appending(path: "rings.geojson")
      return {
        let reading = readGeoJSON([UInt8](try Data(contentsOf: file)), checking: .structure)
        return reading.isValid ? Double(reading.collection?.features.count ?? 0) : -1
      }
    }
  ])

private let (ringCount, positionCount) = (3_000, 500)

private func writeRings(to folder: URL) throws {
  var generator = DataGenerator(seed: 4)
  var numbers: [Double] = []
  func six(_ value: Double) -> Double { (value * 1e6).rounded() / 1e6 }
  for ring in 0..<ringCount {
    let centre = (75 + Double(ring % 60), 5 + Double(ring / 60))
    let start = numbers.count
    for i in 0..<positionCount - 1 {
      let angle = 2 * Double.pi * Double(i) / Double(positionCount - 1)
      let radius = 0.3 + 0.1 * generator.unit()
      numbers += [six(centre.0 + radius * cos(angle)), six(centre.1 + radius * sin(angle))]
    }
    numbers += [numbers[start], numbers[start + 1]]
  }
  try write(numbers, to: folder.appending(path: "rings.f64"))
}

private func rings(_ folder: URL) throws -> FeatureCollection {
  let numbers = try readNumbers(folder.appending(path: "rings.f64"))
  let features = (0..<ringCount).map { ring -> Feature in
    let points = (0..<positionCount).map { i -> Point in
      let at = 2 * (ring * positionCount + i)
      return Point(numbers[at], numbers[at + 1])
    }
    return Feature(
      properties: [.init("code", .string("\(100_000 + ring)")), .init("name", .string("区域\(ring)")), .init("value", .number(Double(ring)))],
      geometry: .polygon(Polygon([points])))
  }
  return FeatureCollection(features: features)
}
