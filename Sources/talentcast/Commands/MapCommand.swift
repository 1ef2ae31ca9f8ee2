import ArgumentParser
import Foundation
import Maps
import Messages
import Tables

struct MapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "地图：生成、检查与修复 · Maps: build, check and repair",
    subcommands: [MapBuildCommand.self, MapCheckCommand.self, MapRepairCommand.self])
}

struct MapCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "检查 GeoJSON 地图 · Check GeoJSON maps",
    discussion: """
      结构、形状是否有效、代码、名称、位置、相邻区域的重叠与缝隙、说明、坐标系、全国图的完整；有错误时退出码为 2。
      Structure, validity of shapes, codes, names, places, overlaps and slivers between neighbours, notices, datum, and
      whether a map of China is whole; exit status 2 on errors.
      """)

  @Argument(help: "GeoJSON 文件 · GeoJSON files.")
  var files: [String]

  @Option(help: "作为参照的边界文件目录 · Folder of boundary files to compare with.")
  var boundaries: String = "Datasets/boundaries"

  @Option(help: "与之核对数值的 results.csv · results.csv whose values the maps must equal.")
  var results: String?

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      let layers = try boundaryFiles(in: boundaries, required: boundaries != "Datasets/boundaries")
      let known = KnownRegions(layers.compactMap { readGeoJSON($0.bytes).collection })
      let cells = try results.map { try resultCells(readTable($0, options: resultTextColumns)) }
      var problems: [Problem] = []
      for file in files {
        let reading = readGeoJSON(try fileBytes(file), file: file)
        problems += checkMap(reading, known: known, file: file)
        if let cells { problems += compareMap(reading, with: cells, file: file) }
      }
      let language = common.language
      if common.json {
        print(try jsonText(ProblemsJSON(schema: "talentcast/map-check@1", problems: problems, language: language)), terminator: "")
      } else {
        for problem in problems { print(problem.text(in: language)) }
        say(checkSummary(problems, files: files.count)[language])
      }
      if problems.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
    }
  }
}

private func checkSummary(_ problems: [Problem], files: Int) -> Bilingual {
  let errors = problems.count { $0.severity == .error }
  let warnings = problems.count { $0.severity == .warning }
  return errors == 0
    ? Bilingual(zh: "\(files) 个文件通过检查（警告 \(warnings) 项）。", en: "\(files) \(files == 1 ? "file passes" : "files pass") (\(warnings) warnings).")
    : Bilingual(
      zh: "\(files) 个文件：错误 \(errors) 项，警告 \(warnings) 项。", en: "\(files) \(files == 1 ? "file" : "files"): \(errors) errors, \(warnings) warnings.")
}

/// The bytes of a file, or a report that it cannot be read (66).
func fileBytes(_ path: String) throws(ProblemReport) -> [UInt8] {
  do {
    return [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
  } catch {
    throw ProblemReport(
      .missingInput,
      [
        Problem(
          "file.unreadable", file: path,
          message: Bilingual(zh: "无法读取这个文件。", en: "This file cannot be read."),
          hint: Bilingual(zh: "检查路径与权限。", en: "Check the path and its permissions."))
      ])
  }
}

/// Every `*.geojson` of a folder in name order.
func boundaryFiles(in folder: String, required: Bool) throws(ProblemReport) -> [(name: String, bytes: [UInt8])] {
  let names: [String]
  do {
    names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".geojson") }.sorted()
  } catch {
    names = []
  }
  guard !names.isEmpty || !required else {
    throw ProblemReport(
      .missingInput,
      [
        Problem(
          "map.boundaries-missing", file: folder,
          message: Bilingual(zh: "这个目录里没有边界文件（*.geojson）。", en: "This folder has no boundary files (*.geojson)."),
          hint: Bilingual(zh: "用 --boundaries 指出目录。", en: "Give the folder by --boundaries."))
      ])
  }
  var files: [(name: String, bytes: [UInt8])] = []
  for name in names { files.append((folder + "/" + name, try fileBytes(folder + "/" + name))) }
  return files
}
