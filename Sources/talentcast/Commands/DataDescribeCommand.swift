import ArgumentParser
import Datasets
import Dimensions
import Messages
import Tables

struct DataDescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe", abstract: "说明一个指标 · Describe one indicator")

  @Argument(help: "指标标识，见 data list · Indicator id, see data list.")
  var indicator: String

  @Option(help: ArgumentHelp("只看该地区（代码） · Only this region (code).", valueName: "code"))
  var region: String?

  @OptionGroup var data: DatasetsOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      let catalogue = try Catalogue(directory: data.datasets)
      let description = try IndicatorDescription(catalogue, indicator, region: region)
      if common.json {
        print(try jsonText(description), terminator: "")
      } else {
        print(description.text(catalogue, common.language))
      }
    }
  }
}

/// Everything that is known of one indicator.
struct IndicatorDescription: Encodable {
  struct Row: Encodable {
    let region: String
    let year: Int
    let value: Double
    let evidence: String
    let source: String
    let note: String
  }

  struct Break: Encodable {
    let region: String?
    let year: Int
    let change_zh: String
    let change_en: String
  }

  struct Disagreement: Encodable {
    let region: String
    let year: Int
    let chosen: Double?
    let chosen_source: String
    let other: Double
    let other_source: String
    let rule: String
    let reason: String
  }

  let schema = "talentcast/data-describe@1"
  let indicator: IndicatorEntry
  let observations: [Row]
  let breaks: [Break]
  let conflicts: [Disagreement]
  let sources: [SourceEntryJSON]

  init(_ catalogue: Catalogue, _ id: String, region: String?) throws(ProblemReport) {
    let panel: Panel
    do throws(ProblemReport) {
      panel = try catalogue.panel(id)
    } catch {
      throw ProblemReport(.usage, error.problems)
    }
    if let region, !panel.regions.contains(RegionCode(region)) {
      let near = nearest(region, among: panel.regions.map(\.text))
      throw ProblemReport(
        .usage,
        [
          Problem(
            "data.no-observation", path: id,
            message: Bilingual(zh: "\(id) 没有地区“\(region)”的数据", en: "\(id) has no figure for the region '\(region)'"),
            hint: near.map { Bilingual(zh: "是否指 \($0)？", en: "did you mean \($0)?") })
        ])
    }
    func wanted(_ code: RegionCode) -> Bool { region == nil || code.text == region }
    let rows = panel.observations.filter { wanted($0.region) }
    indicator = IndicatorEntry(panel, packages: catalogue.packages(of: id))
    observations = rows.map {
      Row(
        region: $0.region.text, year: $0.year, value: $0.value, evidence: $0.evidence.rawValue, source: $0.source,
        note: $0.note)
    }
    breaks = panel.breaks.filter { $0.region.map(wanted) ?? true }.map {
      Break(region: $0.region?.text, year: $0.year, change_zh: $0.change.zh, change_en: $0.change.en)
    }
    let disputed = catalogue.conflicts.filter { $0.indicator == id && wanted($0.region) }
    conflicts = disputed.map {
      Disagreement(
        region: $0.region.text, year: $0.year, chosen: $0.chosen, chosen_source: $0.chosenSource, other: $0.other,
        other_source: $0.otherSource, rule: $0.rule, reason: $0.reason)
    }
    let used = Set(rows.map(\.source) + disputed.flatMap { [$0.chosenSource, $0.otherSource] })
    sources = catalogue.sources.filter { used.contains($0.id) }.map(SourceEntryJSON.init)
  }

  func text(_ catalogue: Catalogue, _ language: Language) -> String {
    let zh = language == .zh
    let names = Dictionary(catalogue.regions.map { ($0.code.text, $0.shortName[language]) }) { first, _ in first }
    func name(_ code: String) -> String { names[code] ?? code }
    var lines = [
      "\(zh ? indicator.name_zh : indicator.name_en)（\(indicator.id)）".replacingBrackets(zh),
      (zh ? "单位 " : "unit ") + unitName(indicator.unit)[language] + (zh ? "；概念 " : "; concept ") + indicator.concept
        + (zh ? "；类型 " : "; kind ") + indicator.kind + (zh ? "；时点 " : "; timing ") + indicator.timing
        + (zh ? "；范围 " : "; scope ") + indicator.scope,
      "",
    ]
    var table = TextTable([
      (zh ? "地区" : "region", .left), (zh ? "年份" : "year", .left), (zh ? "数值" : "value", .right),
      (zh ? "证据" : "grade", .left), (zh ? "来源" : "source", .left), (zh ? "备注" : "note", .left),
    ])
    for row in observations {
      table.append([
        "\(row.region) \(name(row.region))", String(row.year), shortText(row.value), row.evidence, row.source,
        String(row.note.prefix(60)),
      ])
    }
    lines.append(table.text)
    if !breaks.isEmpty {
      lines += ["", zh ? "口径变化" : "Breaks"]
      lines += breaks.map { "  \($0.year) \($0.region.map(name) ?? "")  \(zh ? $0.change_zh : $0.change_en)" }
    }
    if !conflicts.isEmpty {
      lines += ["", zh ? "来源不一致（两数均保留）" : "Sources that disagree (both figures kept)"]
      lines += conflicts.map {
        "  \(name($0.region)) \($0.year): \($0.chosen.map(shortText) ?? "–") [\($0.chosen_source)] / \(shortText($0.other)) [\($0.other_source)]  \($0.rule)"
      }
    }
    lines += ["", zh ? "来源" : "Sources"]
    lines += sources.map {
      "  \($0.id): \(zh ? $0.title : $0.title_en) · \(zh ? $0.publisher : $0.publisher_en)\($0.address.map { " <\($0)>" } ?? "")"
    }
    return lines.joined(separator: "\n")
  }
}

extension String {
  /// Full-width brackets belong to Chinese text only.
  fileprivate func replacingBrackets(_ keep: Bool) -> String {
    keep ? self : replacing("（", with: " (").replacing("）", with: ")")
  }
}

struct DataSourcesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sources", abstract: "列出来源与许可 · List sources and licences")

  @OptionGroup var data: DatasetsOption
  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      let catalogue = try Catalogue(directory: data.datasets)
      if common.json {
        print(try jsonText(SourceListJSON(catalogue)), terminator: "")
        return
      }
      let zh = common.language == .zh
      for source in catalogue.sources {
        print("\(source.id)\n  \(source.title[common.language]) · \(source.publisher[common.language])")
        if !source.address.isEmpty { print("  <\(source.address)>") }
        let note = source.note[common.language]
        print("  \(source.licence[common.language])\(note.isEmpty ? "" : zh ? "；\(note)" : "; \(note)")")
      }
      for package in catalogue.packages {
        let licences = package.licences.map { $0.title.isEmpty ? $0.name : $0.title }.joined(separator: "; ")
        print("\(zh ? "数据包" : "package") \(package.name): \(licences)")
      }
      say(zh ? "\(catalogue.sources.count) 个来源。" : "\(catalogue.sources.count) sources.")
    }
  }
}

struct SourceEntryJSON: Encodable {
  let id: String
  let title: String
  let title_en: String
  let publisher: String
  let publisher_en: String
  let address: String?
  let licence: String
  let licence_en: String
  let accessed: String
  let note: String?
  let note_en: String?

  init(_ source: Source) {
    id = source.id
    (title, title_en) = (source.title.zh, source.title.en)
    (publisher, publisher_en) = (source.publisher.zh, source.publisher.en)
    address = source.address.isEmpty ? nil : source.address
    (licence, licence_en) = (source.licence.zh, source.licence.en)
    accessed = source.accessed
    note = source.note.zh.isEmpty ? nil : source.note.zh
    note_en = source.note.en.isEmpty ? nil : source.note.en
  }
}

private struct SourceListJSON: Encodable {
  struct Licence: Encodable {
    let name: String
    let title: String
    let path: String?
  }

  struct Package: Encodable {
    let name: String
    let title_zh: String
    let title_en: String
    let licences: [Licence]
  }

  let schema = "talentcast/data-sources@1"
  let sources: [SourceEntryJSON]
  let packages: [Package]

  init(_ catalogue: Catalogue) {
    sources = catalogue.sources.map(SourceEntryJSON.init)
    packages = catalogue.packages.map { package in
      Package(
        name: package.name, title_zh: package.title.zh, title_en: package.title.en,
        licences: package.licences.map {
          Licence(name: $0.name, title: $0.title, path: $0.path.isEmpty ? nil : $0.path)
        })
    }
  }
}
