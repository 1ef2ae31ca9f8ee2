import Dimensions
import Messages
import Reports

/// The run as an SDMX dataflow: SDMX-CSV 2.0.0 data and an SDMX-JSON 2.0.0 structure message.
///
/// Dimensions: FREQ, SCENARIO, REF_AREA, ACTIVITY, IP_TEAM, MEASURE, TIME_PERIOD. Measures: OBS_VALUE, the mean
/// (or a ratio of means), with the median and four other quantiles beside it. The agency is a namespace of this project's own, not a registered one.
struct SDMXMessage {
  static let dataPath = "sdmx/TALENT_RESULTS.csv"
  static let structurePath = "sdmx/structure.json"
  static let agency = "TALENTCAST"
  static let version = "1.0.0"
  static let flow = "TALENT_RESULTS"

  let input: ReportInput

  init(_ input: ReportInput) { self.input = input }

  static let dimensions = ["FREQ", "SCENARIO", "REF_AREA", "ACTIVITY", "IP_TEAM", "MEASURE"]
  static let quantiles = ["OBS_P025", "OBS_P10", "OBS_P50", "OBS_P90", "OBS_P975"]
  static let attributes = ["UNIT_MEASURE", "UNIT_MULT", "EVIDENCE", "OBS_STATUS", "CONF_STATUS"]

  static var header: [String] {
    ["STRUCTURE", "STRUCTURE_ID", "ACTION"] + dimensions + ["TIME_PERIOD", "OBS_VALUE"] + quantiles + attributes
  }

  var csv: String {
    let start = "dataflow,\(SDMXMessage.agency):\(SDMXMessage.flow)(\(SDMXMessage.version)),I,A,"
    let reference = input.edition.referenceYear
    var text = SDMXMessage.header.joined(separator: ",") + "\n"
    for cell in input.cells {
      let key = [
        sdmxID(cell.scenario), sdmxID(cell.region.text), sdmxID(cell.industry), sdmxID(cell.team),
        cell.measure.rawValue.uppercased(), String(cell.year),
      ]
      let values = [cell.value, cell.p025, cell.p10, cell.p50, cell.p90, cell.p975].map { number($0) }
      let status = ObservationStatus(cell, reference: reference)
      let notes = [
        SDMXUnit(cell.unit).rawValue, "0", cell.evidence.rawValue, status.rawValue, cell.isWithheld ? "C" : "F",
      ]
      text += start + (key + values + notes).joined(separator: ",") + "\n"
    }
    return text
  }

  func structure() throws -> String { try SDMXStructure(input).text() }
}

/// A code as SDMX allows it: letters, digits, `_`, `@`, `$`, `-`. The total of a dimension is `_T`.
func sdmxID(_ code: String) -> String {
  if code == "total" { return "_T" }
  let allowed = code.unicodeScalars.allSatisfy {
    $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0) || "_@$-".unicodeScalars.contains($0))
  }
  if allowed, !code.isEmpty { return code }
  return "U" + code.unicodeScalars.map { String($0.value, radix: 16, uppercase: true) }.joined(separator: "_")
}

enum SDMXUnit: String, CaseIterable {
  case persons = "PS"
  case personsPerYear = "PS_A"
  case fullTime = "FTE"
  case fullTimePerYear = "FTE_A"
  case ratio = "PURE_NUMB"
  case other = "OTHER"

  init(_ unit: String) {
    self =
      switch unit {
      case "人": .persons
      case "人/年": .personsPerYear
      case "人年": .fullTime
      case "人年/年": .fullTimePerYear
      case "1": .ratio
      default: .other
      }
  }

  var name: Bilingual {
    switch self {
    case .persons: Bilingual(zh: "人", en: "persons")
    case .personsPerYear: Bilingual(zh: "人/年", en: "persons a year")
    case .fullTime: Bilingual(zh: "人年", en: "full-time equivalents (person-years)")
    case .fullTimePerYear: Bilingual(zh: "人年/年", en: "full-time equivalents a year")
    case .ratio: Bilingual(zh: "比率", en: "pure number")
    case .other: Bilingual(zh: "其他", en: "other")
    }
  }
}
