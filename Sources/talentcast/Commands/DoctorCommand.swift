import ArgumentParser
import Foundation
import LinearAlgebra
import Maps
import Messages
import Reports

/// `talentcast doctor`: what is there, what is missing, and what one loses by it.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "检查运行环境 · Check what is installed and what is missing.",
    discussion: """
      缺少任何一项时退出码为 2；标“!”的只少一部分输出，其余照常写出。
      Exit status 2 when anything is missing; what is marked "!" only costs a part of the output, all else is written.
      """)

  @OptionGroup var common: CommonOptions

  @Option(help: "数据包目录 · Folder of the data packages.")
  var datasets = "Datasets"

  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let checks = Doctor(datasets: datasets, models: models).checks
    let language = common.language
    if common.json {
      print(try jsonText(DoctorJSON(checks, language)), terminator: "")
    } else {
      var table = TextTable([
        (language == .zh ? "检查" : "check", .left), ("", .left), (language == .zh ? "结果" : "result", .left),
      ])
      for check in checks {
        table.append([check.name[language], check.mark, check.finding[language]])
      }
      print(table.text)
    }
    if checks.contains(where: { $0.state != .good }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
  }
}

/// One thing looked at.
struct DoctorCheck: Sendable {
  enum State: String, Encodable, Sendable {
    /// As it should be.
    case good
    /// Not there; the main job runs without it.
    case optional
    /// Not there; the main job needs it.
    case missing
  }

  let name: Bilingual
  let state: State
  let finding: Bilingual

  var mark: String {
    switch state {
    case .good: "✔"
    case .optional: "!"
    case .missing: "✘"
    }
  }
}

struct DoctorJSON: Encodable {
  private struct Entry: Encodable {
    let check: String
    let state: DoctorCheck.State
    let finding: String
  }

  private let schema = "talentcast/doctor@1"
  private let ok: Bool
  private let checks: [Entry]

  init(_ checks: [DoctorCheck], _ language: Language) {
    ok = !checks.contains { $0.state == .missing }
    self.checks = checks.map { Entry(check: $0.name[language], state: $0.state, finding: $0.finding[language]) }
  }
}

struct Doctor {
  let datasets: String
  let models: String

  var checks: [DoctorCheck] {
    [
      blas, folder(Bilingual(zh: "数据包", en: "data packages"), datasets),
      folder(Bilingual(zh: "模型", en: "models"), models), writable, fonts, python, workbooks, graphics, clock,
    ]
  }

  private var blas: DoctorCheck {
    let text = BLASThreads.configuration
    return DoctorCheck(
      name: Bilingual(zh: "线性代数库", en: "linear algebra"), state: .good,
      finding: Bilingual(zh: "\(text)，\(BLASThreads.count) 线程", en: "\(text), \(BLASThreads.count) threads"))
  }

  private func folder(_ name: Bilingual, _ path: String) -> DoctorCheck {
    var isFolder: ObjCBool = false
    let there = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    return DoctorCheck(
      name: name, state: there ? .good : .missing,
      finding: there
        ? Bilingual(zh: path, en: path)
        : Bilingual(zh: "找不到 \(path)，请在项目根目录运行", en: "\(path) is not here; run from the project's root"))
  }

  private var writable: DoctorCheck {
    let here = FileManager.default.currentDirectoryPath
    let good = FileManager.default.isWritableFile(atPath: here)
    return DoctorCheck(
      name: Bilingual(zh: "写权限", en: "write permission"), state: good ? .good : .missing,
      finding: good
        ? Bilingual(zh: "可以写入当前目录", en: "the current folder can be written")
        : Bilingual(zh: "当前目录不可写，请用 --out 指定别处", en: "the current folder cannot be written; use --out"))
  }

  private var fonts: DoctorCheck {
    let missing = ReportFonts.missing(environment: ProcessInfo.processInfo.environment)
    return DoctorCheck(
      name: Bilingual(zh: "中文字体", en: "Chinese fonts"), state: missing.isEmpty ? .good : .optional,
      finding: missing.isEmpty
        ? Bilingual(zh: "已安装", en: "installed")
        : Bilingual(
          zh: "缺 \(missing.joined(separator: "、"))：不生成 PDF，PNG 中没有汉字；make install 可安装（fonts-noto-cjk）",
          en: "\(missing.joined(separator: ", ")) missing: no PDF, no Chinese in PNG; `make install` adds them (fonts-noto-cjk)"))
  }

  private var python: DoctorCheck {
    let tool = OfficeTool.find(
      environment: ProcessInfo.processInfo.environment, program: ownProgram)
    let fontless: Set<OfficeFormat> = fonts.state == .good ? [] : [.pdf]
    let missing = OfficeFormat.allCases.filter { tool?.formats.contains($0) != true && !fontless.contains($0) }
    let names = missing.map { "\($0.rawValue.uppercased()) (\($0.module))" }.joined(separator: ", ")
    return DoctorCheck(
      name: Bilingual(zh: "PDF、DOCX、XLSX 渲染", en: "PDF, DOCX, XLSX renderers"), state: missing.isEmpty ? .good : .optional,
      finding: missing.isEmpty
        ? Bilingual(zh: "已安装", en: "installed")
        : Bilingual(
          zh: "缺 \(names)：年报没有这些格式；make install 可安装", en: "\(names) missing: the report comes without them; `make install` adds them"))
  }

  private var workbooks: DoctorCheck {
    let modules = [WorkbookTool.writer, WorkbookTool.reader]
    let missing = modules.filter { workbookTool($0) == nil }
    return DoctorCheck(
      name: Bilingual(zh: "情景工作簿", en: "scenario books"), state: missing.isEmpty ? .good : .optional,
      finding: missing.isEmpty
        ? Bilingual(zh: "可写出和读入 XLSX", en: "XLSX can be written and read")
        : Bilingual(
          zh: "缺 \(missing.joined(separator: "、"))：scenario export、import 不可用；make install 可安装",
          en: "\(missing.joined(separator: ", ")) missing: no scenario export or import; `make install` adds it"))
  }

  private var graphics: DoctorCheck {
    let file = GraphicsLibrary.places.first { FileManager.default.isReadableFile(atPath: $0) }
    return DoctorCheck(
      name: Bilingual(zh: "地图页图形库 D3", en: "D3 for the map page"), state: file == nil ? .optional : .good,
      finding: file.map { Bilingual(zh: $0, en: $0) }
        ?? Bilingual(
          zh: "未安装：地图页只有静态图；make install 可安装（node-d3）",
          en: "not installed: the map page has still pictures only; `make install` adds it (node-d3)"))
  }

  private var clock: DoctorCheck {
    let epoch = ProcessInfo.processInfo.environment["SOURCE_DATE_EPOCH"]
    return DoctorCheck(
      name: Bilingual(zh: "可重现日期", en: "reproducible dates"), state: .good,
      finding: epoch.map { Bilingual(zh: "SOURCE_DATE_EPOCH=\($0)", en: "SOURCE_DATE_EPOCH=\($0)") }
        ?? Bilingual(zh: "输出不含时间，字节可重现", en: "outputs hold no time of day; bytes reproduce"))
  }
}
