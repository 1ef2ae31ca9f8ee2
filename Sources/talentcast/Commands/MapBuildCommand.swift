import ArgumentParser
import Dimensions
import Foundation
import Maps
import Messages
import ModelSpecs
import Reports
import Tables

struct MapBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "由 results.csv 生成地图 · Draw the maps of a results.csv",
    discussion: """
      例 · Examples:
        talentcast map build --results out/results.csv
        talentcast map build --results out/results.csv --results out-high/results.csv --format html
        talentcast map build --results out/results.csv --measure gap,adequacy --years 2027,2030 --format geojson,svg,png
      """)

  @Option(help: "预测结果；可多次，各为一个情景 · Results of a run; repeatable, one a scenario.")
  var results: [String]

  @Option(help: "边界文件目录 · Folder of boundary files.")
  var boundaries = "Datasets/boundaries"

  @Option(help: "模型目录，提供名称 · Folder of the models, for names.")
  var models = "Models"

  @Option(help: "输出目录，整体出现或不出现 · Output folder; it appears whole or not at all.")
  var out = "maps"

  @Option(help: "指标，逗号分隔 · Measures: \(MapMeasure.allCases.map(\.rawValue).joined(separator: ","))")
  var measure: [String] = []

  @Option(help: "未来年份，逗号分隔 · Future years.")
  var years: [String] = []

  @Option(help: "现状年份 · Year of the present (default: the model's base year, else the last counted year).")
  var base: Int?

  @Option(help: "单张地图所用的情景 · Scenario of the single maps (default: the first).")
  var scenario: String?

  @Option(help: "格式，逗号分隔 · Formats: \(MapFormat.allCases.map(\.rawValue).joined(separator: ",")),png")
  var format: [String] = []

  @Option(help: "各地区所属整体的代码，如国家 · Code of the whole that the regions are parts of (default: their parent_code).")
  var national: String?

  @Option(help: "人才名称，“中文|English”或一种文字 · What is counted, \"zh|en\" or one text for both.")
  var subject: String?

  @Option(help: "制图单位，写法同上 · Who made the maps, likewise.")
  var producer: String?

  @Option(help: "边界出处 · Credit of the boundaries (default: attribution of their files).")
  var credit: String?

  @Option(help: "审图号 · Map-approval number, if one was given.")
  var approval: String?

  @Option(help: "D3 文件 d3.min.js · The graphics library d3.min.js (default: where Debian installs it).")
  var d3: String?

  @Flag(help: "文件夹中另有文件也写入（都留着） · Write into a folder with other files as well (they stay).")
  var force = false

  @OptionGroup var common: CommonOptions

  private struct Written: Encodable {
    let schema = "talentcast/map-build@1"
    let folder: String
    let files: [File]
    struct File: Encodable { let name: String, bytes: Int }
  }

  func run() throws {
    try reporting(common.language) {
      let wanted = try MapRequest(measures: measure, years: years, formats: format)
      let converter = wanted.png ? try PictureConverter() : nil
      var cells: [ResultCell] = []
      for file in results { cells += try resultCells(readTable(file, options: resultTextColumns)) }
      let outlines = try Boundaries(files: boundaryFiles(in: boundaries, required: true))
      let options = try mapOptions(wanted, cells)
      let files = maps(cells, boundaries: outlines, options: options)
      guard !files.isEmpty else { throw nothingToDraw }
      let written = try write(files, converter: converter, keeping: wanted)
      if common.json {
        let list = written.map { Written.File(name: $0.name, bytes: $0.bytes) }
        print(try jsonText(Written(folder: out, files: list)), terminator: "")
      } else {
        for file in written { print("\(out)/\(file.name)") }
      }
      if options.library == nil, wanted.formats.contains(.html) { say(noGraphicsNotice[common.language]) }
      if options.isUnreviewed(outlines) { say(noApprovalNotice[common.language]) }
    }
  }

  private func mapOptions(_ wanted: MapRequest, _ cells: [ResultCell]) throws(ProblemReport) -> MapOptions {
    var options = MapOptions()
    options.measures = wanted.measures
    options.formats = wanted.formats
    options.futureYears = wanted.years
    options.approvalNumber = approval
    options.language = common.lang
    options.library = try installedGraphics(d3)
    var ids: [String] = []
    for cell in cells where !ids.contains(cell.scenario) { ids.append(cell.scenario) }
    if let scenario, !ids.contains(scenario) { throw unknownScenario(scenario, ids) }
    options.scenario = scenario
    try options.name(ids, from: models)
    let edition = "\(models)/edition.yaml"
    if FileManager.default.fileExists(atPath: edition) { options.subject = try readEditionSpec(edition).subject }
    if let national {
      options.nation = RegionCode(national)
    } else if let nation = options.nation, !cells.contains(where: { $0.region == nation }) {
      options.nation = nil  // The models of this folder are not those of these results.
    }
    if let subject { options.subject = bilingual(subject) }
    options.producer = producer.map(bilingual)
    options.credit = credit
    if let base { options.baseYear = base }
    try unknownYears(wanted.years, among: Set(cells.map(\.year)).sorted())
    for file in results {
      // A run's own folder says what its sources are called.
      let edition = URL(filePath: file).deletingLastPathComponent().appending(path: "report/edition.json").path
      guard FileManager.default.fileExists(atPath: edition) else { continue }
      for source in try readEdition(fileBytes(edition), file: edition).sources { options.name(source: source.id, source.title) }
    }
    return options
  }

  /// `中文|English`, or one text for both.
  private func bilingual(_ text: String) -> Bilingual {
    let parts = text.split(separator: "|", maxSplits: 1).map(String.init)
    return Bilingual(zh: parts.first ?? text, en: parts.last ?? text)
  }

  /// Every year asked for that the results do not have.
  private func unknownYears(_ wanted: [Int], among known: [Int]) throws(ProblemReport) {
    guard let first = known.first, let last = known.last else { return }
    let asked = wanted.map { ("years", $0) } + (base.map { [("base", $0)] } ?? [])
    let problems = asked.filter { !known.contains($0.1) }.map { option, year in
      Problem(
        "map.unknown-\(option)", file: results.first,
        message: Bilingual(zh: "--\(option)：结果中没有 \(year) 年。", en: "--\(option): the results have no year \(year)."),
        hint: Bilingual(zh: "现有：\(first)—\(last)", en: "There are: \(first) to \(last)"))
    }
    if !problems.isEmpty { throw ProblemReport(.usage, problems) }
  }

  private func unknownScenario(_ name: String, _ known: [String]) -> ProblemReport {
    ProblemReport(
      .badData,
      [
        Problem(
          "map.unknown-scenario", file: results.first,
          message: Bilingual(zh: "结果中没有情景“\(name)”。", en: "The results have no scenario \"\(name)\"."),
          hint: Bilingual(zh: "现有：\(known.joined(separator: "、"))", en: "There are: \(known.joined(separator: ", "))"))
      ])
  }

  private var nothingToDraw: ProblemReport {
    ProblemReport(
      .badData,
      [
        Problem(
          "map.nothing", file: results.first,
          message: Bilingual(zh: "没有可绘制的内容：结果中的地区与边界文件的代码不相交。", en: "Nothing to draw: no region of the results is in the boundary files."),
          hint: Bilingual(zh: "检查 region 列与边界文件的 code。", en: "Compare the column `region` with the `code` of the boundary files."))
      ])
  }

  /// Files as they stand in the folder; pictures in PNG are made beside their SVG.
  private func write(
    _ files: [MapFile], converter: PictureConverter?, keeping wanted: MapRequest
  ) throws(ProblemReport) -> [(name: String, bytes: Int)] {
    let folder = try OutputFolder(out, manifest: .checksums, force: force) { say($0[common.language]) }
    do throws(ProblemReport) {
      var written: [(name: String, bytes: Int)] = []
      for file in files {
        let isPicture = file.name.hasSuffix(".svg")
        if !isPicture || wanted.svg {
          try folder.write(file.bytes, to: file.name)
          written.append((file.name, file.bytes.count))
        }
        if let converter, isPicture {
          let picture = try converter.png(file)
          try folder.write(picture, to: file.name.dropLast(4) + ".png")
          written.append((file.name.dropLast(4) + ".png", picture.count))
        }
      }
      try folder.commit()
      return written
    } catch {
      folder.discard()
      throw error
    }
  }
}

private let noApprovalNotice = Bilingual(
  zh: "没有审图号：地图标为“内部用图，未经地图审核”，不得公开使用。",
  en: "No map-approval number: the maps are marked for internal use and may not be published in China.")

extension MapOptions {
  /// Names of scenarios, teams and hubs and the base year, from the models that the scenarios belong to.
  /// A scenario that the folder does not have keeps its id.
  mutating func name(_ scenarios: [String], from folder: String) throws(ProblemReport) {
    guard FileManager.default.fileExists(atPath: folder) else { return }
    let library = ScenarioLibrary(folder: folder)
    for id in scenarios {
      let spec: ScenarioSpec
      do throws(ProblemReport) { spec = try library.resolve(id) } catch { continue }
      labels[id] = spec.name
      let model = try readModel(library.modelFile(spec.model))
      for team in model.teams { labels[team.id] = team.name }
      for hub in model.regions.hubs {
        labels[hub.id] = hub.name
        names[hub.code] = hub.name
      }
      baseYear = baseYear ?? model.years.base
      nation = nation ?? model.stock.nation
    }
  }
}
