import ArgumentParser
import Datasets
import Forecasting
import Messages
import ModelSpecs

/// `talentcast industry`: what the model's industries are.
struct IndustryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "industry", abstract: "产业分组及其与国家标准的对照 · The model's industries beside published classifications.",
    subcommands: [IndustryListCommand.self])
}

struct IndustryListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "列出产业分组与标准代码 · Groups and the codes they correspond to.",
    discussion: """
      对照写在模型文件的 classifications 与 industries.codes。
      The correspondence stands in the model file: classifications, and codes of each industry.

      例 · Examples:
        talentcast industry list
        talentcast industry list --json
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "模型 · Model.")
  var model = "baseline"

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let spec = try readModel(ScenarioLibrary(folder: models).modelFile(model))
      let crosswalk = try IndustryCrosswalk(spec, catalogue: try Catalogue(directory: datasets))
      print(common.json ? try jsonText(IndustryListJSON(crosswalk)) : text(crosswalk, language), terminator: common.json ? "" : "\n")
    }
  }

  private func text(_ crosswalk: IndustryCrosswalk, _ language: Language) -> String {
    let zh = language == .zh
    var lines: [String] = []
    for row in crosswalk.rows {
      lines.append("\(row.industry.name[language]) [\(row.industry.id)]")
      for (scheme, classes) in zip(crosswalk.classifications, row.classes) where !classes.isEmpty {
        let names = classes.map { "\($0.code) \($0.name[language])" }.joined(separator: zh ? "；" : "; ")
        lines.append("    \(scheme.name[language])\(zh ? "：" : ": ")\(names)")
      }
      if row.classes.allSatisfy(\.isEmpty) { lines.append(zh ? "    其余各类" : "    all other classes") }
    }
    let notes = zip(crosswalk.classifications, crosswalk.shared).map { scheme, shared in
      let twice = shared.map(\.code).joined(separator: zh ? "、" : ", ")
      return "\(scheme.name[language]) [\(scheme.evidence.rawValue)] \(scheme.note[language])"
        + (shared.isEmpty ? "" : zh ? "（\(twice) 为几组共有）" : " (\(twice) belong to several groups)")
    }
    return (lines + [""] + notes).joined(separator: "\n")
  }
}

struct IndustryListJSON: Encodable {
  private struct Class: Encodable {
    let code: String
    let name: Bilingual
  }

  private struct Industry: Encodable {
    let id: String
    let name: Bilingual
    let codes: [String: [Class]]
  }

  private struct Scheme: Encodable {
    let id: String
    let name: Bilingual
    let evidence: String
    let note: Bilingual
    let shared: [String]
  }

  private let schema = "talentcast/industry-list@1"
  private let classifications: [Scheme]
  private let industries: [Industry]

  init(_ crosswalk: IndustryCrosswalk) {
    classifications = zip(crosswalk.classifications, crosswalk.shared).map {
      Scheme(id: $0.id, name: $0.name, evidence: $0.evidence.rawValue, note: $0.note, shared: $1.map(\.code))
    }
    industries = crosswalk.rows.map { row in
      Industry(
        id: row.industry.id, name: row.industry.name,
        codes: Dictionary(
          uniqueKeysWithValues: zip(crosswalk.classifications, row.classes).map { scheme, classes in
            (scheme.id, classes.map { Class(code: $0.code, name: $0.name) })
          }))
    }
  }
}
