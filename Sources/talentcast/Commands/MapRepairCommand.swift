import ArgumentParser
import Foundation
import Maps
import Messages

struct MapRepairCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "repair",
    abstract: "修复 GeoJSON 的几何，写入新文件 · Mend the shapes of a GeoJSON file, into a new one",
    discussion: """
      闭合、绕行方向、重复点、自相交、嵌套、越过 180° 经线、bbox；代码、名称和坐标值不动。原文件不变。仍有错误时退出码为 2。
      Closing, winding, repeated positions, crossings, nesting, the antimeridian, boxes; codes, names and coordinates stay.
      The old file is not changed; exit status 2 when errors are left.

      例 · Example:
        talentcast map repair provinces.geojson --out provinces-mended.geojson
      """)

  @Argument(help: "GeoJSON 文件 · GeoJSON file.")
  var file: String

  @Option(help: "新文件，不得已存在 · The new file, which may not exist yet.")
  var out: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      if FileManager.default.fileExists(atPath: out) {
        throw ProblemReport(
          .cannotWrite,
          [
            Problem(
              "file.exists", file: out, message: Bilingual(zh: "文件已存在，不覆盖。", en: "The file exists and is not overwritten."),
              hint: Bilingual(zh: "换一个文件名。", en: "Give another name by --out."))
          ])
      }
      let repair = repairMap(try fileBytes(file), file: file)
      guard let bytes = repair.bytes else { throw ProblemReport(.badData, repair.left) }
      try write(bytes)
      let problems = repair.mended + repair.left, language = common.language
      if common.json {
        print(try jsonText(ProblemsJSON(schema: "talentcast/map-repair@1", problems: problems, language: language)), terminator: "")
      } else {
        for problem in problems { print(problem.text(in: language)) }
        say(summary(repair)[language])
      }
      if repair.left.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
    }
  }

  private func write(_ bytes: [UInt8]) throws(ProblemReport) {
    do {
      try Data(bytes).write(to: URL(filePath: out), options: .withoutOverwriting)
    } catch {
      throw ProblemReport(
        .cannotWrite, [Problem("map.cannot-write", file: out, message: Bilingual(zh: "无法写入。", en: "This file cannot be written."))])
    }
  }

  private func summary(_ repair: MapRepair) -> Bilingual {
    Bilingual(
      zh: "\(out)：修复 \(repair.mended.count) 项，仍有 \(repair.left.count) 项。",
      en: "\(out): \(repair.mended.count) mended, \(repair.left.count) left.")
  }
}
