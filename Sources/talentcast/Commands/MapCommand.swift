import ArgumentParser
import Foundation
import Maps
import Messages

struct MapCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "map",
    abstract: "地图：生成与检查 · Maps: build and check",
    subcommands: [MapCheckCommand.self])
}

struct MapCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "检查 GeoJSON 地图 · Check GeoJSON maps",
    discussion: """
      结构、闭合、自相交、绕行方向、代码、名称、说明、坐标系；有错误时退出码为 2。
      Structure, closure, self-intersections, winding, codes, names, notices, datum; exit status 2 on errors.
      """)

  @Argument(help: "GeoJSON 文件 · GeoJSON files.")
  var files: [String]

  @Option(help: "作为参照的边界文件目录 · Folder of boundary files to compare with.")
  var boundaries: String = "Datasets/boundaries"

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      let known = KnownRegions(try boundaryLayers(in: boundaries, required: boundaries != "Datasets/boundaries"))
      var problems: [Problem] = []
      for file in files {
        problems += checkMap(readGeoJSON(try fileBytes(file), file: file), known: known, file: file)
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
    ? Bilingual(zh: "\(files) 个文件通过检查（警告 \(warnings) 项）。", en: "\(files) file(s) pass (\(warnings) warnings).")
    : Bilingual(zh: "\(files) 个文件：错误 \(errors) 项，警告 \(warnings) 项。", en: "\(files) file(s): \(errors) errors, \(warnings) warnings.")
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

/// Every `*.geojson` of a folder in name order; problems of any of them are reported together.
func boundaryLayers(in folder: String, required: Bool) throws(ProblemReport) -> [FeatureCollection] {
  try boundaryFiles(in: folder, required: required).map(\.collection)
}

func boundaryFiles(in folder: String, required: Bool) throws(ProblemReport) -> [(name: String, collection: FeatureCollection)] {
  let names: [String]
  do {
    names = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".geojson") }.sorted()
  } catch {
    guard required else { return [] }
    throw ProblemReport(
      .missingInput,
      [
        Problem(
          "map.boundaries-missing", file: folder,
          message: Bilingual(zh: "没有这个边界目录。", en: "There is no such folder of boundaries."),
          hint: Bilingual(zh: "用 --boundaries 指出含 *.geojson 的目录。", en: "Give a folder with *.geojson by --boundaries."))
      ])
  }
  var (files, problems) = ([(name: String, collection: FeatureCollection)](), [Problem]())
  for name in names {
    let path = folder + "/" + name
    let reading = readGeoJSON(try fileBytes(path), file: path)
    problems += checkMap(reading, file: path).filter { $0.severity == .error }
    if let collection = reading.collection { files.append((String(name.dropLast(8)), collection)) }
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  return files
}
