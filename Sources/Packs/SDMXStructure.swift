import Dimensions
import Messages
import Reports

/// SDMX-JSON 2.0.0 structure message: codelists, concepts, data structure, dataflow.
struct SDMXStructure {
  struct Meta: Encodable {
    struct Party: Encodable { let id: String }
    let id: String
    let prepared: String
    let schema = "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/develop/structure-message/tools/schemas/2.0.0/sdmx-json-structure-schema.json"
    let sender = Party(id: SDMXMessage.agency)
    let test = false
  }

  struct Item: Encodable {
    let id: String
    let name: String
    let names: [String: String]
  }

  struct Codelist: Encodable {
    let agencyID = SDMXMessage.agency
    let id: String
    let version = SDMXMessage.version
    let name: String
    let codes: [Item]
  }

  struct ConceptScheme: Encodable {
    let agencyID = SDMXMessage.agency
    let id = "CS_TALENT"
    let version = SDMXMessage.version
    let name = "Concepts of the talent results"
    let concepts: [Item]
  }

  struct Format: Encodable { let dataType: String }

  struct Representation: Encodable {
    let enumeration: String?
    let format: Format?
  }

  struct Relationship: Encodable {
    struct Empty: Encodable {}
    let observation = Empty()
  }

  struct Component: Encodable {
    let id: String
    let conceptIdentity: String
    let localRepresentation: Representation
    var attributeRelationship: Relationship?
    var usage: String?
  }

  struct Components: Encodable {
    struct Dimensions: Encodable {
      let id = "DimensionDescriptor"
      let dimensions: [Component]
      let timeDimension: Component
    }
    struct Measures: Encodable {
      let id = "MeasureDescriptor"
      let measures: [Component]
    }
    struct Attributes: Encodable {
      let id = "AttributeDescriptor"
      let attributes: [Component]
    }
    let dimensionList: Dimensions
    let measureList: Measures
    let attributeList: Attributes
  }

  struct DataStructure: Encodable {
    let agencyID = SDMXMessage.agency
    let id = "DSD_TALENT"
    let version = SDMXMessage.version
    let name = "Supply of and demand for talent"
    let dataStructureComponents: Components
  }

  struct Dataflow: Encodable {
    let agencyID = SDMXMessage.agency
    let id = SDMXMessage.flow
    let version = SDMXMessage.version
    let name: String
    let structure = sdmxURN("datastructure.DataStructure", "DSD_TALENT")
  }

  struct Contents: Encodable {
    let codelists: [Codelist]
    let conceptSchemes: [ConceptScheme]
    let dataStructures: [DataStructure]
    let dataflows: [Dataflow]
  }

  private let meta: Meta
  private let data: Contents

  init(_ input: ReportInput) {
    meta = Meta(
      id: "TALENTCAST_\(input.edition.editionYear)", prepared: (input.edition.date ?? "1970-01-01") + "T00:00:00Z")
    data = Contents(
      codelists: SDMXStructure.codelists(input),
      conceptSchemes: [ConceptScheme(concepts: SDMXConcept.all.map { item($0.id, $0.name) })],
      dataStructures: [DataStructure(dataStructureComponents: SDMXStructure.components)],
      dataflows: [Dataflow(name: input.edition.title.en)])
  }

  /// `meta` comes first: readers tell the message's kind from its beginning.
  func text() throws -> String {
    "{\n\"meta\": \(try jsonText(meta)),\n\"data\": \(try jsonText(data))}\n"
  }

  private static func codelists(_ input: ReportInput) -> [Codelist] {
    let tables = Dictionary(
      PackTables(input).codelists.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    let listed: [(id: String, table: String, name: String)] = [
      ("CL_SCENARIO", "scenarios", "Scenarios"), ("CL_REF_AREA", "regions", "Regions"),
      ("CL_ACTIVITY", "industries", "Industries"), ("CL_IP_TEAM", "teams", "Teams"),
      ("CL_MEASURE", "measures", "Measures"), ("CL_EVIDENCE", "evidence", "Evidence grades"),
      ("CL_OBS_STATUS", "obs_status", "Observation status"),
      ("CL_CONF_STATUS", "conf_status", "Confidentiality status"),
    ]
    let tabled = listed.map { id, table, name in
      Codelist(
        id: id, name: name,
        codes: (tables[table]?.rows ?? []).map { row in
          let code = table == "measures" ? row[0].uppercased() : sdmxID(row[0])
          return item(code, Bilingual(zh: row[1], en: row[2]))
        })
    }
    return [Codelist(id: "CL_FREQ", name: "Frequency", codes: [item("A", Bilingual(zh: "年度", en: "annual"))])] + tabled
      + [
        Codelist(id: "CL_UNIT_MEASURE", name: "Units", codes: SDMXUnit.allCases.map { item($0.rawValue, $0.name) })
      ]
  }

  private static var components: Components {
    func component(_ concept: SDMXConcept, attribute: Bool = false, required: Bool = false) -> Component {
      Component(
        id: concept.id, conceptIdentity: sdmxURN("conceptscheme.Concept", "CS_TALENT") + ".\(concept.id)",
        localRepresentation: Representation(
          enumeration: concept.codelist.map { sdmxURN("codelist.Codelist", $0) },
          format: concept.dataType.map(Format.init)),
        attributeRelationship: attribute ? Relationship() : nil, usage: attribute || required ? "mandatory" : nil)
    }
    let byID = Dictionary(SDMXConcept.all.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    func concepts(_ ids: [String]) -> [SDMXConcept] { ids.compactMap { byID[$0] } }
    return Components(
      dimensionList: .init(
        dimensions: concepts(SDMXMessage.dimensions).map { component($0) },
        timeDimension: component(SDMXConcept.time)),
      measureList: .init(
        measures: (concepts(["OBS_VALUE"] + SDMXMessage.quantiles)).map { concept in
          var measure = component(concept)
          measure.usage = "optional"
          return measure
        }),
      attributeList: .init(attributes: concepts(SDMXMessage.attributes).map { component($0, attribute: true) }))
  }
}

func sdmxURN(_ kind: String, _ id: String) -> String {
  "urn:sdmx:org.sdmx.infomodel.\(kind)=\(SDMXMessage.agency):\(id)(\(SDMXMessage.version))"
}

private func item(_ id: String, _ name: Bilingual) -> SDMXStructure.Item {
  SDMXStructure.Item(id: id, name: name.en, names: ["en": name.en, "zh": name.zh])
}

/// A concept with the codelist or type of its values.
struct SDMXConcept {
  let id: String
  let name: Bilingual
  var codelist: String?
  var dataType: String?

  static let time = SDMXConcept(
    id: "TIME_PERIOD", name: Bilingual(zh: "时间", en: "Time period"), dataType: "ObservationalTimePeriod")

  static let all: [SDMXConcept] = [
    SDMXConcept(id: "FREQ", name: Bilingual(zh: "频率", en: "Frequency"), codelist: "CL_FREQ"),
    SDMXConcept(id: "SCENARIO", name: Bilingual(zh: "情景", en: "Scenario"), codelist: "CL_SCENARIO"),
    SDMXConcept(id: "REF_AREA", name: Bilingual(zh: "地区", en: "Reference area"), codelist: "CL_REF_AREA"),
    SDMXConcept(id: "ACTIVITY", name: Bilingual(zh: "产业", en: "Economic activity"), codelist: "CL_ACTIVITY"),
    SDMXConcept(id: "IP_TEAM", name: Bilingual(zh: "队伍", en: "Team"), codelist: "CL_IP_TEAM"),
    SDMXConcept(id: "MEASURE", name: Bilingual(zh: "指标", en: "Measure"), codelist: "CL_MEASURE"),
    time,
    SDMXConcept(id: "OBS_VALUE", name: Bilingual(zh: "数值（预测为均值）", en: "Observation value (of a forecast: mean)"), dataType: "Double"),
    SDMXConcept(id: "OBS_P025", name: Bilingual(zh: "95%区间下限", en: "2.5th percentile"), dataType: "Double"),
    SDMXConcept(id: "OBS_P10", name: Bilingual(zh: "80%区间下限", en: "10th percentile"), dataType: "Double"),
    SDMXConcept(id: "OBS_P50", name: Bilingual(zh: "中位数", en: "Median"), dataType: "Double"),
    SDMXConcept(id: "OBS_P90", name: Bilingual(zh: "80%区间上限", en: "90th percentile"), dataType: "Double"),
    SDMXConcept(id: "OBS_P975", name: Bilingual(zh: "95%区间上限", en: "97.5th percentile"), dataType: "Double"),
    SDMXConcept(id: "UNIT_MEASURE", name: Bilingual(zh: "单位", en: "Unit of measure"), codelist: "CL_UNIT_MEASURE"),
    SDMXConcept(id: "UNIT_MULT", name: Bilingual(zh: "单位乘数", en: "Unit multiplier"), dataType: "Integer"),
    SDMXConcept(id: "EVIDENCE", name: Bilingual(zh: "证据等级", en: "Evidence grade"), codelist: "CL_EVIDENCE"),
    SDMXConcept(id: "OBS_STATUS", name: Bilingual(zh: "观测状态", en: "Observation status"), codelist: "CL_OBS_STATUS"),
    SDMXConcept(
      id: "CONF_STATUS", name: Bilingual(zh: "保密状态", en: "Confidentiality status"), codelist: "CL_CONF_STATUS"),
  ]
}
