import Dimensions
import Foundation
import Messages
import Tables

/// Reads the packages of a folder and checks them against each other; keeps every problem.
struct CatalogueLoader {
  let directory: String
  private(set) var contents: [PackageContents] = []
  private(set) var observations: [Observation] = []
  private(set) var indicators: [String: Indicator] = [:]
  private(set) var sources: [String: Source] = [:]
  private(set) var conflicts: [Conflict] = []
  private(set) var breaks: [DefinitionBreak] = []
  private(set) var problems: [Problem] = []

  /// - Parameters:
  ///   - directory: one package, or a folder of packages.
  ///   - reference: regions, indicators and sources that a package may use without defining them.
  init(directory: String, reference: Catalogue?) throws(ProblemReport) {
    self.directory = directory
    for folder in try CatalogueLoader.packageFolders(directory) {
      var reader = PackageReader(folder: folder)
      let package = reader.read()
      problems += reader.problems
      if let package { contents.append(package) }
    }
    if contents.isEmpty, problems.isEmpty {
      problems.append(
        Problem(
          "package.none", file: directory,
          message: Bilingual(zh: "这里没有数据包", en: "there is no data package here"),
          hint: Bilingual(zh: "数据包是含 datapackage.json 的文件夹", en: "a package is a folder with a datapackage.json")))
    }
    reportTwins()
    collectIndicators(reference)
    collectSources(reference)
    readObservations(reference)
    readConflicts()
    readBreaks()
    problems += tenfoldJumps(observations, indicators: indicators, breaks: breaks)
    checkPlans(reference)
  }

  /// Bytes and fingerprint by path from the folder's own name on.
  var fileHashes: [String: FileHash] {
    let root = URL(fileURLWithPath: directory).lastPathComponent
    var all: [String: FileHash] = [:]
    for package in contents {
      let folder = package.package.folder
      let inside = folder == directory ? root : root + "/" + URL(fileURLWithPath: folder).lastPathComponent
      for (path, hash) in package.hashes { all["\(inside)/\(path)"] = hash }
    }
    return all
  }

  private static func packageFolders(_ directory: String) throws(ProblemReport) -> [String] {
    var names: [String] = []
    do {
      names = try FileManager.default.contentsOfDirectory(atPath: directory)
    } catch {
      throw ProblemReport(
        .missingInput,
        [
          Problem(
            "file.missing", file: directory,
            message: Bilingual(zh: "文件夹不存在或无法读取", en: "the folder does not exist or cannot be read"),
            hint: Bilingual(zh: "用 --datasets 指定数据目录", en: "name the data folder with --datasets"))
        ])
    }
    if names.contains("datapackage.json") { return [directory] }
    let base = directory.hasSuffix("/") && directory.count > 1 ? String(directory.dropLast()) : directory
    return names.sorted().map { base + "/" + $0 }.filter {
      FileManager.default.fileExists(atPath: $0 + "/datapackage.json")
    }
  }

  private mutating func reportTwins() {
    var first: [String: String] = [:]
    for package in contents.map(\.package) {
      if let before = first[package.name] {
        report(
          "package.duplicate-name", file: package.folder + "/datapackage.json",
          zh: "数据包名“\(package.name)”已被 \(before) 使用", en: "the package name '\(package.name)' is already used by \(before)")
      }
      first[package.name] = first[package.name] ?? package.folder
    }
    var codes: [RegionCode: String] = [:]
    for package in contents {
      for region in package.regions {
        if let before = codes[region.code], before != package.package.name {
          report(
            "data.duplicate-region", file: package.package.folder, path: region.code.text,
            zh: "地区 \(region.code) 已在 \(before) 中定义", en: "the region \(region.code) is already defined in \(before)")
        }
        codes[region.code] = package.package.name
      }
    }
  }

  private mutating func collectIndicators(_ reference: Catalogue?) {
    for indicator in reference?.indicators ?? [] { indicators[indicator.id] = indicator }
    var own: [String: (indicator: Indicator, file: String)] = [:]
    for package in contents {
      let file = package.tables["indicators"]?.file ?? package.package.folder
      for indicator in package.indicators {
        if let before = own[indicator.id]?.indicator ?? indicators[indicator.id], before != indicator {
          let differs = before.unit != indicator.unit ? "unit" : before.concept != indicator.concept ? "concept" : ""
          guard !differs.isEmpty else {
            report(
              "data.indicator-described-twice", .warning, file: file, path: indicator.id,
              zh: "\(indicator.id) 在两个数据包中的说明不同", en: "\(indicator.id) is described differently in two packages")
            continue
          }
          report(
            differs == "unit" ? "data.unit-disagrees" : "data.concepts-mixed", file: file, path: indicator.id,
            zh: "\(indicator.id) 已定义为单位“\(before.unit)”、概念“\(before.concept)”，此处为“\(indicator.unit)”、“\(indicator.concept)”",
            en:
              "\(indicator.id) is already defined with unit '\(before.unit)' and concept '\(before.concept)', here '\(indicator.unit)' and '\(indicator.concept)'"
          )
        } else {
          own[indicator.id] = (indicator, file)
        }
      }
    }
    for (id, entry) in own { indicators[id] = indicators[id] ?? entry.indicator }
  }

  private mutating func collectSources(_ reference: Catalogue?) {
    for source in reference?.sources ?? [] { sources[source.id] = source }
    for package in contents {
      for source in package.sources {
        if let before = sources[source.id], before.title != source.title || before.publisher != source.publisher {
          report(
            "data.source-differs", file: package.tables["sources"]?.file ?? package.package.folder, path: source.id,
            zh: "来源“\(source.id)”已指“\(before.title.zh)”", en: "the source '\(source.id)' already means '\(before.title.en)'")
        }
        sources[source.id] = sources[source.id] ?? source
      }
    }
  }

  private mutating func readObservations(_ reference: Catalogue?) {
    let codes = Set(contents.flatMap(\.regions).map(\.code.text) + (reference?.regions ?? []).map(\.code.text))
    struct Key: Hashable {
      let indicator: String
      let region: RegionCode
      let year: Int
    }
    var seen: [Key: Observation] = [:]
    for package in contents {
      let known = Set(package.sources.map(\.id)).union(reference?.sources.map(\.id) ?? [])
      for resource in package.package.resources where isObservations(resource) {
        guard let table = package.tables[resource.name] else { continue }
        var reader = ObservationReader(
          table: table,
          reference: ObservationReader.Reference(
            regions: codes.isEmpty ? nil : codes, indicators: indicators, sources: known))
        let (rows, found) = reader.read()
        // What the schema has said of a line is not said again.
        let reported = Set(problems.map { "\($0.code) \($0.file ?? "") \($0.line ?? 0)" })
        problems += found.filter { !reported.contains("\($0.code) \($0.file ?? "") \($0.line ?? 0)") }
        for row in rows {
          let key = Key(indicator: row.indicator, region: row.region, year: row.year)
          if let before = seen[key] {
            problems.append(
              Problem(
                "data.duplicate-key", file: row.file, line: row.line, column: 1, path: "indicator",
                message: Bilingual(
                  zh: "\(row.indicator) 在 \(row.region) 的 \(row.year) 年已在 \(before.file):\(before.line) 给出",
                  en: "\(row.indicator) for \(row.region) in \(row.year) is already given in \(before.file):\(before.line)")))
          } else {
            seen[key] = row
          }
        }
        observations += rows
      }
    }
  }

  private mutating func readConflicts() {
    var main: [String: Double] = [:]
    for row in observations { main["\(row.indicator) \(row.region) \(row.year)"] = row.value }
    for package in contents {
      guard let table = package.tables["conflicts"],
        table.missingColumns(["indicator", "region", "year", "chosen", "other", "rule"]).isEmpty
      else { continue }
      func cell(_ name: String, _ row: Int) -> String { table.column(name)?.string(row) ?? "" }
      for row in 0..<table.rowCount {
        guard let year = Int(cell("year", row)), let other = Double(cell("other", row)) else { continue }
        let conflict = Conflict(
          indicator: cell("indicator", row), region: RegionCode(cell("region", row)), year: year,
          unit: cell("unit", row), chosen: Double(cell("chosen", row)), chosenSource: cell("chosen_source", row),
          other: other, otherSource: cell("other_source", row), rule: cell("rule", row), reason: cell("reason", row))
        conflicts.append(conflict)
        let kept = main["\(conflict.indicator) \(conflict.region) \(year)"]
        if kept != conflict.chosen {
          report(
            "data.conflict-unsettled", file: table.file, line: table.lines[row], path: "chosen",
            zh: "采用值 \(cell("chosen", row).isEmpty ? "（无）" : cell("chosen", row)) 与观测表中的 \(kept.map(shortText) ?? "（无）") 不同",
            en:
              "the figure chosen, \(cell("chosen", row).isEmpty ? "none" : cell("chosen", row)), is not the one in the observations, \(kept.map(shortText) ?? "none")"
          )
        }
        for id in [conflict.chosenSource, conflict.otherSource] where sources[id] == nil && !id.isEmpty {
          report(
            "data.unknown-source", file: table.file, line: table.lines[row], path: "source", zh: "未知的来源“\(id)”",
            en: "unknown source '\(id)'")
        }
      }
    }
  }

  private mutating func readBreaks() {
    for package in contents {
      guard let table = package.tables["breaks"], table.missingColumns(["indicator", "region", "year"]).isEmpty else { continue }
      func cell(_ name: String, _ row: Int) -> String { table.column(name)?.string(row) ?? "" }
      for row in 0..<table.rowCount {
        let id = cell("indicator", row)
        if indicators[id] == nil {
          report(
            "data.unknown-indicator", file: table.file, line: table.lines[row], path: "indicator",
            zh: "未知的指标“\(id)”", en: "unknown indicator '\(id)'")
        }
        guard let year = Int(cell("year", row)) else { continue }
        let region = cell("region", row)
        breaks.append(
          DefinitionBreak(
            indicator: id, region: region.isEmpty ? nil : RegionCode(region), year: year,
            change: Bilingual(zh: cell("change_zh", row), en: cell("change_en", row))))
      }
    }
  }

  private mutating func checkPlans(_ reference: Catalogue?) {
    let codes = Set(contents.flatMap(\.regions).map(\.code.text) + (reference?.regions ?? []).map(\.code.text))
    for package in contents {
      guard let targets = package.tables["targets"], let plan = package.tables["plan"] else { continue }
      var reader = PlanReader(
        targets: targets, plan: plan, milestones: package.tables["milestones"], indicators: indicators, regions: codes,
        sources: Set(sources.keys))
      _ = reader.read()
      let reported = Set(problems)
      problems += reader.problems.filter { !reported.contains($0) }
    }
  }

  private mutating func report(
    _ code: String, _ severity: Problem.Severity = .error, file: String, line: Int? = nil, path: String? = nil,
    zh: String, en: String
  ) {
    problems.append(Problem(code, severity, file: file, line: line, path: path, message: Bilingual(zh: zh, en: en)))
  }
}
