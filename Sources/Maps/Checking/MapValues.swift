import Dimensions
import Messages

/// Compares a map's values with the result cells it was drawn from: equal to the last digit where there
/// is a cell, null where there is none (so that what the tables mask, the map masks).
///
/// Maps of density and change are computed from cells and are compared through `MapTable` as well.
package func compareMap(_ reading: GeoJSONReading, with cells: [ResultCell], file: String?) -> [Problem] {
  guard let collection = reading.collection, collection.features.count == reading.offsets.count else { return [] }
  let facts = collection[member: "talentcast"]
  guard let name = facts?["measure"]?.string, let measure = MapMeasure(rawValue: name), let scenario = facts?["scenario"]?.string,
    let year = facts?["year"]?.number
  else { return [] }
  let base = facts?["base_year"]?.number.map { Int($0) }
  let table = MapTable(cells, baseYear: base, areas: [:])
  var findings = Findings()
  for (i, feature) in collection.features.enumerated() where measure != .density {
    guard let code = feature.code else { continue }
    let cell = table.value(measure, code, year: Int(year), scenario: scenario)
    let pairs = [("value", cell?.value), ("p10", cell?.low), ("p90", cell?.high)]
    for (property, wanted) in pairs where feature[property: property]?.number != wanted {
      let found = feature[property: property]?.text ?? "null", wanted = JSONValue.optional(wanted).text
      findings.add(
        "map.value-differs", at: reading.offsets[i], path: "/features/\(i)/properties/\(property)",
        Bilingual(
          zh: "\(code) 的 \(property) 是 \(found)，结果表中是 \(wanted)。", en: "\(property) of \(code) is \(found); the results say \(wanted)."),
        hint: Bilingual(zh: "用同一份 results.csv 重新生成地图。", en: "Draw the maps again from the same results.csv."))
    }
  }
  return findings.problems(file: file, in: reading.bytes)
}
