import ArgumentParser
import Foundation
import Messages
import Packs

/// `talentcast pack`: figures for people who did not make the run.
struct PackCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pack",
    abstract: "再利用数据包：生成与核验 · Data pack for re-use: build and verify",
    subcommands: [PackBuildCommand.self, PackVerifyCommand.self])
}

struct PackBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build", abstract: "由一次运行生成数据包 · Build the data pack of a run",
    discussion: """
      datapackage.json（Frictionless）、机器用 CSV、SDMX-CSV 2.0 与结构、R/Python/Stata/DuckDB 读取脚本、校验值。
      A Frictionless package, machine CSV, SDMX-CSV 2.0 with its structure, loaders, checksums.
      """)

  @Option(name: .customLong("run"), help: "运行目录 · Folder of a run.")
  var folder = "out"

  @Option(help: "输出文件夹，整体出现或不出现 · Output folder; it appears whole or not at all (default: RUN-pack).")
  var out: String?

  @Flag(help: "文件夹中另有文件也写入（都留着） · Write into a folder with other files as well (they stay).")
  var force = false

  @OptionGroup var common: CommonOptions

  private struct Written: Encodable {
    struct File: Encodable {
      let name: String
      let bytes: Int
      let sha256: String
    }
    let schema = "talentcast/pack-build@1"
    let folder: String
    let files: [File]
  }

  func run() throws {
    try reporting(common.language) {
      let files = try pack(try reportInput(folder))
      let target = out ?? (folder.hasSuffix("/") ? String(folder.dropLast()) : folder) + "-pack"
      let place = try OutputFolder(target, manifest: .checksums, force: force) { say($0[common.language]) }
      do throws(ProblemReport) {
        for file in files { try place.write(file.bytes, to: file.name) }
        try place.commit()
      } catch {
        place.discard()
        throw error
      }
      if common.json {
        let list = files.map { Written.File(name: $0.name, bytes: $0.bytes.count, sha256: SHA256.hex($0.bytes)) }
        print(try jsonText(Written(folder: target, files: list)), terminator: "")
      } else {
        for file in files { print("\(target)/\(file.name)") }
      }
    }
  }
}

struct PackVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "核验数据包 · Verify a data pack",
    discussion: """
      重算全部校验值，按描述文件和代码表检查每张表，核对合计与 SDMX；有问题时退出码为 2。
      Hashes every file again, checks every table against descriptor and codelists, totals and SDMX; exit
      status 2 when there are problems.
      """)

  @Argument(help: "数据包目录 · Folder of a pack.")
  var folder: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      let files = try packFiles(folder)
      let problems = verifyPack(files, folder: folder)
      if common.json {
        print(
          try jsonText(ProblemsJSON(schema: "talentcast/pack-verify@1", problems: problems, language: common.language)),
          terminator: "")
      } else {
        for problem in problems { print(problem.text(in: common.language)) }
        say(
          Bilingual(
            zh: "核验了 \(files.count) 个文件：问题 \(problems.count) 项。", en: "Verified \(files.count) files: \(problems.count) problems.")[
              common.language])
      }
      if problems.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
    }
  }
}

/// Every file below a folder, by path inside it.
///
/// - Throws: `ProblemReport` (66) when there is no such folder.
private func packFiles(_ folder: String) throws(ProblemReport) -> [PackFile] {
  guard let walk = FileManager.default.enumerator(atPath: folder) else {
    throw ProblemReport(
      .missingInput,
      [Problem("file.missing", file: folder, message: Bilingual(zh: "没有这个文件夹。", en: "There is no such folder."))])
  }
  let names = walk.compactMap { $0 as? String }.sorted()
  var files: [PackFile] = []
  for name in names {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder), !isFolder.boolValue
    else { continue }
    files.append(PackFile(name: name, bytes: try fileBytes("\(folder)/\(name)")))
  }
  guard !files.isEmpty else {
    throw ProblemReport(
      .missingInput,
      [
        Problem(
          "pack.empty", file: folder, message: Bilingual(zh: "这里没有数据包。", en: "There is no pack here."),
          hint: Bilingual(zh: "先运行 talentcast pack build --run OUT。", en: "Run talentcast pack build --run OUT first."))
      ])
  }
  return files
}
