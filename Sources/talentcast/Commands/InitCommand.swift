import ArgumentParser
import Foundation
import Messages
import Reports

/// `talentcast init`: a project folder with data, model and scenario of its own.
struct InitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "init", abstract: "新建项目 · Make a project folder.",
    discussion: """
      项目有自己的 Datasets 和 Models；在其中运行的命令与在本仓库中一样。
      A project has its own Datasets and Models; commands run in it as they do here.

        demo          示例数据：虚构国家的机器人工程师；run --draft 一秒，含 PDF、DOCX、XLSX 数秒 · sample data; a second with run --draft, a few with PDF, DOCX and XLSX
        ip            知识产权人才：随附的全部数据与模型 · IP talent: all bundled data and models
        rd-personnel  各省研发人员 · R&D personnel of the provinces

      例 · Example:
        talentcast init my-region && cd my-region && talentcast run
      """)

  @OptionGroup var common: CommonOptions

  @Argument(help: "目录，须不存在或为空 · The folder: new or empty.")
  var folder: String

  @Option(help: "模板 · Template: demo, ip, rd-personnel.")
  var template: Template = .demo

  enum Template: String, CaseIterable, ExpressibleByArgument {
    case demo, ip
    case rdPersonnel = "rd-personnel"

    /// Data and models of the template below the product's own folder.
    fileprivate var parts: [(name: String, path: String)] {
      switch self {
      case .demo: [("Datasets", "Examples/demo/Datasets"), ("Models", "Examples/demo/Models")]
      case .ip: [("Datasets", "Datasets"), ("Models", "Models")]
      case .rdPersonnel: [("Datasets", "Datasets"), ("Models", "Examples/rd-personnel/Models")]
      }
    }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let home = try productFolder(holding: template.parts.map(\.path))
      let project = NewProject(folder: folder, template: template.rawValue)
      let files = try project.create(template.parts.map { ($0.name, "\(home)/\($0.path)") }) { say($0[language]) }
      if common.json {
        return print(try jsonText(InitJSON(folder: folder, template: template.rawValue, files: files)), terminator: "")
      }
      print(folder)
      let next = "cd \(folder.contains(" ") ? "'\(folder)'" : folder)"
      say(
        language == .zh
          ? "已新建项目：\(files.count) 个文件。下一步：\n  \(next)\n  talentcast data check Datasets\n  talentcast run"
          : "project made: \(files.count) files. Next:\n  \(next)\n  talentcast data check Datasets\n  talentcast run")
    }
  }
}

/// A folder that appears whole or not at all.
struct NewProject {
  let folder: String
  let template: String

  /// Copies folders to their names in the project and writes its README.
  ///
  /// - Returns: the files of the project, sorted.
  /// - Throws: `.cannotWrite`; an existing folder must be empty, and nothing of it is touched.
  func create(_ parts: [(name: String, source: String)], tell: @escaping (Bilingual) -> Void = { _ in }) throws(ProblemReport) -> [String] {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: folder, isDirectory: &isFolder) {
      let content = isFolder.boolValue ? manager.subpaths(atPath: folder) : nil
      guard content?.isEmpty == true else {
        throw failure(
          "init.not-empty", Bilingual(zh: "目录已存在且不为空", en: "the folder exists and is not empty"),
          hint: Bilingual(zh: "换一个名称；已有文件不会被覆盖", en: "choose another name; nothing is overwritten"))
      }
    }
    var files: [(name: String, bytes: [UInt8])] = []
    for part in parts {
      let names: [String]
      do throws(FileFailure) { names = try SystemCalls.contents(of: part.source).files } catch {
        throw failure("init.cannot-read", Bilingual(zh: "无法读取模板 \(part.source)", en: "the template \(part.source) cannot be read"), hint: nil)
      }
      for name in names { files.append(("\(part.name)/\(name)", try fileBytes("\(part.source)/\(name)"))) }
    }
    files.append(("README.md", Array(readme.utf8)))
    files.append((".gitignore", Array("/out/\n/runs/\n".utf8)))
    let place = try OutputFolder(folder, manifest: .none, tell: tell)
    do throws(ProblemReport) {
      for file in files { try place.write(file.bytes, to: file.name) }
      try place.commit()
    } catch {
      place.discard()
      throw error
    }
    return files.map(\.name).sorted()
  }

  private func failure(_ code: String, _ message: Bilingual, hint: Bilingual?) -> ProblemReport {
    ProblemReport(.cannotWrite, [Problem(code, file: folder, message: message, hint: hint)])
  }

  private var readme: String {
    let name = URL(filePath: folder).lastPathComponent
    return """
      # \(name)

      由模板“\(template)”新建。 Made from the template "\(template)".

      | 目录 Folder | 内容 Content |
      |---|---|
      | `Datasets/` | 数据包：每行数字都有来源和证据等级 · data packages: every row has its source and grade |
      | `Models/` | 模型 `baseline.yaml`，情景 `scenarios/*.yaml` · model and scenarios |

      ```shell
      talentcast data check Datasets      # 检查数据 check the data
      talentcast run                      # 结果、地图、年报在 out/ · results, maps, report in out/
      talentcast scenario new my-view     # 新情景 a new scenario
      talentcast compare baseline my-view
      ```

      换成自己的数据：改 `Datasets/` 中的表，运行 `talentcast data freeze Datasets` 更新校验值，再改 `Models/baseline.yaml`。
      Your own data: change the tables in `Datasets/`, renew checksums with `talentcast data freeze Datasets`, then change
      `Models/baseline.yaml`.

      """
  }
}

/// The folder that holds the product's own data and models: one above the program, `share/talentcast` in one of those
/// where the program was installed, or the working folder.
///
/// - Throws: `.missingInput` when none has.
func productFolder(holding parts: [String]) throws(ProblemReport) -> String {
  let manager = FileManager.default
  let program = ownProgram
  var above = URL(filePath: program).resolvingSymlinksInPath()
  var places: [String] = []
  for _ in 0..<6 {
    above = above.deletingLastPathComponent()
    places += [above.path, above.appending(path: "share/talentcast").path]
  }
  places.append(manager.currentDirectoryPath)
  if let found = places.first(where: { place in parts.allSatisfy { manager.fileExists(atPath: "\(place)/\($0)") } }) { return found }
  throw ProblemReport(
    .missingInput,
    [
      Problem(
        "init.no-templates", file: program,
        message: Bilingual(zh: "程序旁没有随附的数据与模型", en: "the bundled data and models are not beside the program"),
        hint: Bilingual(
          zh: "用 make install-to PREFIX=目录 安装程序，数据与模型随之放入 目录/share/talentcast",
          en: "install the program with `make install-to PREFIX=DIR`: data and models come with it, into DIR/share/talentcast"))
    ])
}

struct InitJSON: Encodable {
  private let schema = "talentcast/init@1"
  let folder: String
  let template: String
  let files: [String]
}
