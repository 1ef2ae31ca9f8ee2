import ArgumentParser
import Foundation
import Messages
import ModelSpecs
import Reports

struct ScenarioExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "情景写成 XLSX 工作簿 · Scenarios as an XLSX workbook.",
    discussion: "无损：import 读回的情景与原来相同 · Lossless: import gives the same scenarios back.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "工作簿 · Workbook to write.")
  var file: String
  @Argument(help: "情景名称，缺省为全部 · Scenarios; all when none is named.")
  var ids: [String] = []
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"
  @Flag(help: "覆盖已有工作簿 · Overwrite an existing workbook.")
  var force = false

  func run() throws {
    let language = common.language
    try reporting(language) {
      let library = ScenarioLibrary(folder: models)
      try library.mustHaveModels()
      guard file.lowercased().hasSuffix(".xlsx") else {
        throw ProblemReport(
          .usage, [Problem("book.name", file: file, message: Bilingual(zh: "工作簿名应以 .xlsx 结尾", en: "a workbook's name ends in .xlsx"))])
      }
      let book = try library.book(ids, language)
      guard force || !FileManager.default.fileExists(atPath: file) else { throw FileSet.taken([file]) }
      let tool = try workbookTool(orFail: WorkbookTool.writer)
      try FileSet([(file, Array(try tool.written(Data(try jsonText(book).utf8))))], force: force).write()
      let scenarios = (book.sheets.first?.rows.count ?? 1) - 1
      if common.json {
        print(try jsonText(ExportJSON(file: file, scenarios: scenarios)), terminator: "")
      } else {
        print(file)
        say(
          Bilingual(
            zh: "\(scenarios) 个情景。修改后：talentcast scenario import \(file) --dry-run",
            en: "\(scenarios) scenario(s). After editing: talentcast scenario import \(file) --dry-run")[language])
      }
    }
  }
}

struct ScenarioImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "读入情景工作簿 · Read a workbook of scenarios.",
    discussion: """
      与 YAML 文件同样校验；有任何问题则不写出。内容相同的文件不动。
      Checked as YAML files are; nothing is written if anything is wrong. A file that says the same is left alone.
      """)

  @OptionGroup var common: CommonOptions
  @Argument(help: "工作簿 · Workbook to read.")
  var file: String
  @Option(help: "写入的情景目录 · Folder of scenarios to write (default: scenarios/ of the models).")
  var into: String?
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"
  @Flag(help: "只列出差异，不写 · Show what would change; write nothing.")
  var dryRun = false
  @Flag(help: "覆盖不同的文件，其注释会失去 · Overwrite files that differ; their comments are lost.")
  var force = false

  func run() throws {
    let language = common.language
    try reporting(language) {
      let library = ScenarioLibrary(folder: models)
      try library.mustHaveModels()
      try WorkbookTool.mustBeWorkbook(file)
      let tool = try workbookTool(orFail: WorkbookTool.reader)
      let book = try JSONDecoder().decode(ScenarioBook.self, from: try tool.cells(of: file))
      let folder = into ?? "\(models)/scenarios"
      let imported = try library.imported(book, file: file, present: try texts(in: folder))
      if common.json {
        print(try jsonText(ImportJSON(file, folder, imported, isDry: dryRun)), terminator: "")
      } else {
        print(listing(imported, language), terminator: "")
      }
      if dryRun {
        if !common.json { say(Bilingual(zh: "试运行：未写出任何文件。", en: "dry run: nothing was written.")[language]) }
        return
      }
      let changed = imported.filter { $0.state == .changed }
      guard force || changed.isEmpty else { throw FileSet.taken(changed.map { "\(folder)/\($0.id).yaml" }) }
      let written = imported.filter { $0.state != .unchanged }
      try FileSet(written.map { ("\(folder)/\($0.id).yaml", Array($0.text.utf8)) }, force: force).write()
      if !common.json {
        say(Bilingual(zh: "写出 \(written.count) 个文件到 \(folder)。", en: "\(written.count) file(s) written to \(folder).")[language])
      }
    }
  }

  private func texts(in folder: String) throws(ProblemReport) -> [String: String] {
    let files = FileManager.default
    guard files.fileExists(atPath: folder) else { return [:] }
    var texts: [String: String] = [:]
    do {
      for name in try files.contentsOfDirectory(atPath: folder) where name.hasSuffix(".yaml") {
        let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
        texts[String(name.dropLast(5))] = String(decoding: data, as: UTF8.self)
      }
    } catch {
      throw unwritable(folder, error)
    }
    return texts
  }
}

/// What an import does to each scenario, and which changes differ.
func listing(_ imported: [ImportedScenario], _ language: Language) -> String {
  let zh = language == .zh
  var table = TextTable([
    (zh ? "情景" : "scenario", .left), (zh ? "文件" : "file", .left), (zh ? "不同之处" : "what differs", .left),
  ])
  for scenario in imported {
    let moves = scenario.differences.count
    let differing = scenario.differing + (moves == 0 ? [] : [zh ? "\(moves) 处改动" : "\(moves) change(s)"])
    table.append([scenario.id, scenario.state.word[language], differing.joined(separator: zh ? "、" : ", ")])
  }
  var text = table.text + "\n"
  for scenario in imported where !scenario.differences.isEmpty {
    text += "\n\(scenario.id)\n"
    text += differenceTable(scenario.differences, zh ? "文件" : "file", zh ? "工作簿" : "workbook", language, origins: false) + "\n"
  }
  return text
}

extension ImportedScenario.State {
  var word: Bilingual {
    switch self {
    case .new: Bilingual(zh: "新建", en: "new")
    case .unchanged: Bilingual(zh: "不变", en: "unchanged")
    case .changed: Bilingual(zh: "改动", en: "changed")
    }
  }
}

private func unwritable(_ path: String, _ error: any Error) -> ProblemReport {
  ProblemReport(
    .cannotWrite,
    [
      Problem(
        "file.cannot-write", file: path,
        message: Bilingual(zh: "无法读写：\(error.localizedDescription)", en: "cannot be read or written: \(error.localizedDescription)"))
    ])
}

/// The workbook library with a Python module, where it is installed.
func workbookTool(_ module: String) -> WorkbookTool? {
  WorkbookTool.find(module, environment: ProcessInfo.processInfo.environment, program: ownProgram)
}

private func workbookTool(orFail module: String) throws(ProblemReport) -> WorkbookTool {
  if let tool = workbookTool(module) { return tool }
  throw ProblemReport(
    .toolMissing,
    [
      Problem(
        "book.tool", message: Bilingual(zh: "缺少 Python 库 \(module)", en: "the Python library \(module) is missing"),
        hint: Bilingual(zh: "make install 可安装；talentcast doctor 查看", en: "`make install` adds it; see talentcast doctor"))
    ])
}

struct ExportJSON: Encodable {
  private let schema = "talentcast/scenario-export@1"
  let file: String
  let scenarios: Int
}

struct ImportJSON: Encodable {
  struct Entry: Encodable {
    let id: String
    let state: String
    let differing: [String]
    let changes: Int
  }

  private let schema = "talentcast/scenario-import@1"
  private let file: String
  private let into: String
  private let dry_run: Bool
  private let scenarios: [Entry]

  init(_ file: String, _ into: String, _ imported: [ImportedScenario], isDry: Bool) {
    (self.file, self.into, dry_run) = (file, into, isDry)
    scenarios = imported.map {
      Entry(id: $0.id, state: $0.state.word.en, differing: $0.differing, changes: $0.differences.count)
    }
  }
}
