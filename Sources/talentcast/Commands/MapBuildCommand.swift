import ArgumentParser
import Dimensions
import Foundation
import Maps
import Messages
import Tables

struct MapBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "由 results.csv 生成地图 · Draw the maps of a results.csv")

  @Option(help: "预测结果 · Results of a run.")
  var results: String

  @Option(help: "边界文件目录 · Folder of boundary files.")
  var boundaries: String = "Datasets/boundaries"

  @Option(help: "输出目录 · Output folder.")
  var out: String = "maps"

  @Option(help: "现状年份 · Year of the present (default: the last counted year).")
  var base: Int?

  @Option(name: .customLong("year"), help: "未来年份，可多次 · A future year; repeatable.")
  var years: [Int] = []

  @Option(help: "审图号 · Map-approval number, if one was given.")
  var approval: String?

  @Flag(help: "另存 PNG（需要 rsvg-convert）· Also write PNG pictures (needs rsvg-convert).")
  var png = false

  @OptionGroup var common: CommonOptions

  private struct Written: Encodable {
    let schema = "talentcast/map-build@1"
    let folder: String
    let files: [File]
    struct File: Encodable { let name: String, bytes: Int }
  }

  func run() throws {
    try reporting(common.language) {
      let cells = try resultCells(readTable(results, options: resultTextColumns))
      let outlines = try Boundaries(files: boundaryFiles(in: boundaries, required: true))
      var options = MapOptions()
      options.baseYear = base
      options.futureYears = years
      options.approvalNumber = approval
      let files = maps(cells, boundaries: outlines, options: options)
      let converter = png ? try pictureConverter() : nil
      try write(files, to: out)
      if let converter { try writePNG(files, with: converter) }
      if common.json {
        let list = files.map { Written.File(name: $0.name, bytes: $0.bytes.count) }
        print(try jsonText(Written(folder: out, files: list)), terminator: "")
      } else {
        for file in files { print("\(out)/\(file.name)") }
      }
      if approval == nil {
        say(
          Bilingual(
            zh: "没有审图号：地图标为“内部用图，未经地图审核”，不得公开使用。",
            en: "No map-approval number: the maps are marked for internal use and may not be published in China."
          )[common.language])
      }
    }
  }

  private func pictureConverter() throws(ProblemReport) -> URL {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin").split(separator: ":")
    for folder in folders {
      let tool = URL(fileURLWithPath: String(folder)).appendingPathComponent("rsvg-convert")
      if FileManager.default.isExecutableFile(atPath: tool.path) { return tool }
    }
    throw ProblemReport(
      .toolMissing,
      [
        Problem(
          "map.no-rsvg", message: Bilingual(zh: "没有 rsvg-convert，无法生成 PNG。", en: "rsvg-convert is missing: no PNG can be made."),
          hint: Bilingual(
            zh: "apt-get install librsvg2-bin fonts-noto-cjk；SVG 不需要它。",
            en: "apt-get install librsvg2-bin fonts-noto-cjk; SVG needs neither."))
      ])
  }

  private func writePNG(_ files: [MapFile], with tool: URL) throws(ProblemReport) {
    for file in files where file.name.hasSuffix(".svg") {
      let source = URL(fileURLWithPath: out).appendingPathComponent(file.name).path
      let process = Process()
      process.executableURL = tool
      process.arguments = ["--output", source.dropLast(4) + ".png", source]
      do {
        try process.run()
        process.waitUntilExit()
      } catch {
        throw pictureFailed(source, error.localizedDescription)
      }
      guard process.terminationStatus == 0 else { throw pictureFailed(source, "\(process.terminationStatus)") }
    }
  }

  private func pictureFailed(_ file: String, _ reason: String) -> ProblemReport {
    ProblemReport(
      .failure,
      [
        Problem(
          "map.png-failed", file: file,
          message: Bilingual(zh: "无法转换为 PNG：\(reason)", en: "Cannot convert to PNG: \(reason)"))
      ])
  }

  private func write(_ files: [MapFile], to folder: String) throws(ProblemReport) {
    for file in files {
      let url = URL(fileURLWithPath: folder).appendingPathComponent(file.name)
      do {
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(file.bytes).write(to: url, options: .atomic)
      } catch {
        throw ProblemReport(
          .cannotWrite,
          [
            Problem(
              "file.unwritable", file: url.path,
              message: Bilingual(zh: "无法写入：\(error.localizedDescription)", en: "Cannot write: \(error.localizedDescription)"),
              hint: Bilingual(zh: "检查磁盘空间与权限。", en: "Check free space and permissions."))
          ])
      }
    }
  }
}

/// Columns of `results.csv` whose codes must keep their spelling.
var resultTextColumns: ReadOptions {
  var options = ReadOptions()
  options.textColumns = ["scenario", "region", "region_name", "hub", "industry", "team", "unit", "method", "concept", "source"]
  return options
}

/// The cells of a `results.csv`.
///
/// - Throws: every missing column, or every cell that is no number, unknown measure or unknown grade (65).
func resultCells(_ table: Table) throws(ProblemReport) -> [ResultCell] {
  let numeric = ["year", "value", "p025", "p10", "p50", "p90", "p975"]
  let words = ["scenario", "region", "region_name", "hub", "industry", "team", "measure", "unit", "evidence", "method", "concept", "source"]
  try table.requireColumns(words + numeric)
  var (numbers, texts, problems) = ([String: [Double]](), [String: [String]](), [Problem]())
  for name in numeric {
    do { numbers[name] = try table.numbers(named: name) } catch { problems += error.problems }
  }
  for name in words { texts[name] = try table.strings(named: name) }
  func text(_ name: String, _ row: Int) -> String { texts[name]?[row] ?? "" }
  func number(_ name: String, _ row: Int) -> Double { numbers[name]?[row] ?? .nan }
  var cells: [ResultCell] = []
  cells.reserveCapacity(table.rowCount)
  for row in 0..<table.rowCount {
    guard let measure = Measure(rawValue: text("measure", row)) else {
      problems.append(unknown("measure", text("measure", row), row, table, Measure.allCases.map(\.rawValue)))
      continue
    }
    guard let grade = Evidence(rawValue: text("evidence", row)) else {
      problems.append(unknown("evidence", text("evidence", row), row, table, Evidence.allCases.map(\.rawValue)))
      continue
    }
    let year = number("year", row)
    guard year.isFinite, abs(year) < 10_000 else { continue }
    cells.append(
      ResultCell(
        scenario: text("scenario", row), region: RegionCode(text("region", row)), regionName: text("region_name", row),
        hub: text("hub", row), industry: text("industry", row), team: text("team", row), year: Int(year), measure: measure,
        unit: text("unit", row), value: number("value", row), p025: number("p025", row), p10: number("p10", row),
        p50: number("p50", row), p90: number("p90", row), p975: number("p975", row), evidence: grade,
        method: text("method", row), concept: text("concept", row), source: text("source", row)))
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  return cells
}

private func unknown(_ column: String, _ word: String, _ row: Int, _ table: Table, _ known: [String]) -> Problem {
  Problem(
    "results.unknown-\(column)", file: table.file, line: table.lines[row], path: column,
    message: Bilingual(zh: "\(column) 列不认识“\(word)”。", en: "Unknown \(column) \"\(word)\"."),
    hint: nearest(word, among: known).map { Bilingual(zh: "是否应为 \($0)？", en: "Did you mean \($0)?") })
}
