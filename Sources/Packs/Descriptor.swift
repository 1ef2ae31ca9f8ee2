import Messages
import Reports

/// `datapackage.json`.
struct Descriptor: Encodable {
  struct Field: Encodable {
    struct Constraints: Encodable {
      let required: Bool
    }
    let name: String
    let type: String
    let title: String
    let description: String
    let constraints: Constraints?
  }

  struct ForeignKey: Encodable {
    struct Reference: Encodable {
      let resource: String
      let fields: [String]
    }
    let fields: [String]
    let reference: Reference
  }

  struct Schema: Encodable {
    let fields: [Field]
    let missingValues: [String]
    let primaryKey: [String]
    let foreignKeys: [ForeignKey]?
  }

  struct Resource: Encodable {
    let name: String
    let path: String
    let title: String
    let description: String
    let profile: String
    let format: String
    let mediatype: String
    let encoding: String
    let bytes: Int
    let hash: String
    let schema: Schema?
  }

  struct Named: Encodable {
    let name: String?
    let title: String
    let path: String?
  }

  private let name: String
  private let title: String
  private let title_en: String
  private let description: String
  private let description_en: String
  private let version: String
  private let created: String?
  private let licenses: [Named]
  private let sources: [Named]
  private let contributors: [Named]?
  private let resources: [Resource]

  init(_ input: ReportInput, tables: [PackTable], files: [PackFile]) {
    let edition = input.edition
    let sizes = Dictionary(files.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    name = "talentcast-\(edition.editionYear)"
    title = edition.title.zh
    title_en = edition.title.en
    description = Document.standing.zh + "。" + "情景：\(edition.scenarioName.zh)，抽样 \(edition.draws) 次，种子 \(edition.seed)。"
    description_en =
      Document.standing.en + ". Scenario: \(edition.scenarioName.en), \(edition.draws) draws, seed \(edition.seed)."
    version = "\(edition.editionYear).0.0"
    created = edition.date.map { "\($0)T00:00:00Z" }
    licenses = [
      Named(
        name: "other-attribution", title: "Compiled figures: with attribution; each source keeps its own terms (data/sources.csv)",
        path: "https://specs.frictionlessdata.io/data-package/#licenses")
    ]
    let titles = input.sources.map { Named(name: nil, title: $0.title.zh, path: nil) }
    sources = titles.isEmpty ? [Named(name: nil, title: edition.title.zh, path: nil)] : titles
    contributors = edition.compiler.map { [Named(name: nil, title: $0.zh, path: nil)] }
    let sdmx = files.filter { $0.name == SDMXMessage.dataPath }
    resources =
      tables.compactMap { table in sizes[table.path].map { Descriptor.resource(table, $0) } }
      + sdmx.map(Descriptor.plain)
  }

  private static func resource(_ table: PackTable, _ file: PackFile) -> Resource {
    let keys = table.columns.compactMap { column in
      column.codes.map {
        ForeignKey(fields: [column.name], reference: .init(resource: $0, fields: ["code"]))
      }
    }
    let fields = table.columns.map { column in
      Field(
        name: column.name, type: column.kind.rawValue, title: column.meaning.zh, description: column.meaning.en,
        constraints: column.required ? .init(required: true) : nil)
    }
    return Resource(
      name: table.name, path: table.path, title: table.title.zh, description: table.title.en,
      profile: "tabular-data-resource", format: "csv", mediatype: "text/csv", encoding: "utf-8",
      bytes: file.bytes.count, hash: "sha256:\(SHA256.hex(file.bytes))",
      schema: Schema(
        fields: fields, missingValues: [""], primaryKey: table.key, foreignKeys: keys.isEmpty ? nil : keys))
  }

  /// The SDMX data: checksum and type only. Its structure stays outside, because Frictionless readers take
  /// any JSON resource for a descriptor of their own.
  private static func plain(_ file: PackFile) -> Resource {
    Resource(
      name: "sdmx-data", path: file.name, title: "SDMX-CSV 2.0 数据", description: "the same figures as SDMX-CSV 2.0",
      profile: "data-resource", format: "sdmx-csv", mediatype: "application/vnd.sdmx.data+csv", encoding: "utf-8",
      bytes: file.bytes.count, hash: "sha256:\(SHA256.hex(file.bytes))", schema: nil)
  }
}
