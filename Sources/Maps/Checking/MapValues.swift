import Dimensions
import Messages

/// Compares a map's values with the result cells it was drawn from: equal to the last digit where there
/// is a cell, null where there is none (so that what the tables mask, the map masks).
///
/// Single maps (a `talentcast` member names measure, year and scenario) and the timeline (each feature
/// names its year and scenario) are compared; densities with the published area that the feature carries.
package func compareMap(_ reading: GeoJSONReading, with cells: [ResultCell], file: String?) -> [Problem] {
  guard let collection = reading.collection, collection.features.count == reading.offsets.count else { return [] }
  let areas = collection.features.reduce(into: [String: Double]()) { areas, feature in
    if let code = feature.code, let area = feature[property: "area_km2_published"]?.number { areas[code] = area }
  }
  let facts = collection[member: "talentcast"]
  let table = MapTable(cells, baseYear: facts?["base_year"]?.number.flatMap { Int(exactly: $0) }, areas: areas)
  var findings = Findings()
  for (i, feature) in collection.features.enumerated() {
    guard let code = feature.code else { continue }
    for (property, wanted) in expectations(of: feature, code, facts, table) where feature[property: property] != wanted {
      let found = feature[property: property]?.text ?? "null", wanted = wanted.text
      findings.add(
        "map.value-differs", at: reading.offsets[i], path: "/features/\(i)/properties/\(property)",
        Bilingual(
          zh: "\(code) 的 \(property) 是 \(found)，结果表中是 \(wanted)。", en: "\(property) of \(code) is \(found); the results say \(wanted)."),
        hint: Bilingual(zh: "用同一份 results.csv 重新生成地图。", en: "Draw the maps again from the same results.csv."))
    }
  }
  return findings.problems(file: file, in: reading.bytes)
}

/// What the results say the properties of a feature are; nothing for files that are no maps of ours.
private func expectations(
  of feature: Feature, _ code: String, _ facts: JSONValue?, _ table: MapTable
) -> [(property: String, value: JSONValue)] {
  func four(_ value: MapValue?, _ names: [String]) -> [(property: String, value: JSONValue)] {
    [
      (names[0], .optional(value?.value)), (names[1], .optional(value?.low)), (names[2], .optional(value?.high)),
      (names[3], .optional(value?.grade.rawValue)),
    ]
  }
  if let measure = (facts?["measure"]?.string).flatMap(MapMeasure.init(rawValue:)), let scenario = facts?["scenario"]?.string,
    let year = facts?["year"]?.number.flatMap({ Int(exactly: $0) })
  {
    return four(table.value(measure, code, year: year, scenario: scenario), ["value", "p10", "p90", "evidence"])
  }
  guard let scenario = feature[property: "scenario"]?.string, feature[property: "value"] == nil,
    let year = feature[property: "year"]?.number.flatMap({ Int(exactly: $0) })
  else { return [] }
  return MapBuild.timelineMeasures.flatMap { measure in
    let name = measure.rawValue
    return four(table.value(measure, code, year: year, scenario: scenario), [name, "\(name)_p10", "\(name)_p90", "\(name)_evidence"])
  }
}
