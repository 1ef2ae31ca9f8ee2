import ArgumentParser
import Foundation
import LinearAlgebra
import Messages
import Reports
import Tables

struct ReportCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "年度报告：生成、检查、与上年版比较 · Annual report: build, check, compare with an earlier edition",
    subcommands: [
      ReportBuildCommand.self, ReportCheckCommand.self, ReportDiffCommand.self, ReportSentencesCommand.self,
    ])
}

/// A format of the report, by its file extension.
enum ReportFormat: String, CaseIterable {
  case md, html, pdf, docx, xlsx

  var office: OfficeFormat? { OfficeFormat(rawValue: rawValue) }
}

struct ReportBuildCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "build",
    abstract: "由一次运行的结果生成年度报告 · Build the annual report of a run",
    discussion: """
      读取 OUT/results.csv 与 OUT/report/edition.json，写入 OUT/report/。
      Reads OUT/results.csv and OUT/report/edition.json, writes into OUT/report/.
      """)

  @Option(name: .customLong("run"), help: "运行目录 · Folder of a run.")
  var folder: String

  @Option(help: "语言，逗号分隔 · Languages, separated by commas: zh,en.")
  var lang: String = "zh,en"

  @Option(help: "格式，逗号分隔 · Formats: md,html,pdf,docx,xlsx (default: all that can be made).")
  var format: String?

  @Option(help: "人工改写的句子 · Edited sentences (JSON, see report sentences).")
  var overrides: String?

  @OptionGroup var selection: EditionSelection

  @Option(help: "输出目录 · Output folder (default: RUN/report).")
  var out: String?

  @Flag(help: "文件夹中另有文件也写入（都留着） · Write into a folder with other files as well (they stay).")
  var force = false

  @Flag(help: "以 JSON 输出到标准输出 · Print JSON to standard output.")
  var json = false

  struct Written: Encodable {
    let schema = "talentcast/report-build@1"
    let folder: String
    let files: [File]
    /// Formats that could not be made.
    let missing: [String]
    struct File: Encodable { let name: String, bytes: Int }
  }

  func run() throws {
    let languages = try choices(lang, option: "--lang", of: Language.allCases)
    let formats = try format.map { try choices($0, option: "--format", of: ReportFormat.allCases) }
    let talk = languages.first ?? .zh
    try reporting(talk) {
      let input = try selection.input(folder)
      let book = try edited(document(for: input, profile: selection.profile), overrides)
      let wanted = formats ?? ReportFormat.allCases
      let needsTool = wanted.contains { $0.office != nil }
      let tool = needsTool ? officeTool() : nil
      let missing = wanted.compactMap(\.office).filter { tool?.formats.contains($0) != true }
      if formats != nil, !missing.isEmpty { throw ProblemReport(.toolMissing, missing.map(missingTool)) }
      for format in missing { say(missingTool(format).text(in: talk)) }
      var files: [ReportFile] = []
      for language in languages {
        files += plainFiles(book, language, input, wanted)
      }
      if let tool {
        let formats = wanted.compactMap(\.office).filter { tool.formats.contains($0) }
        files += try officeFiles(tool, book, languages, formats, input, leaveOut: self.format == nil ? { say($0.text(in: talk)) } : nil)
      }
      let target = out ?? folder + "/report"
      try store(files, talk)
      if json {
        let list = files.map { Written.File(name: $0.name, bytes: $0.bytes.count) }
        print(try jsonText(Written(folder: target, files: list, missing: missing.map(\.rawValue))), terminator: "")
      } else {
        for file in files { print("\(target)/\(file.name)") }
      }
    }
  }

  /// Beside the rest of the run, whose manifest then lists them, or into a folder of their own.
  private func store(_ files: [ReportFile], _ language: Language) throws {
    let isInRun = out == nil && FolderManifest(folder, .run) != nil
    let place = try OutputFolder(
      isInRun ? folder : out ?? "\(folder)/report", manifest: isInRun ? .run : .checksums, force: force
    ) { say($0[language]) }
    do {
      let made = files.map { OutputFile(name: isInRun ? "report/\($0.name)" : $0.name, bytes: $0.bytes) }
      if isInRun { try place.write(try Manifest.renewed(try fileBytes("\(folder)/run.json"), made), to: "run.json") }
      for file in made { try place.write(file.bytes, to: file.name) }
      if isInRun { try place.keepTheRest() }
      try place.commit()
    } catch {
      place.discard()
      throw error
    }
  }

  private func plainFiles(
    _ book: Document, _ language: Language, _ input: ReportInput, _ wanted: [ReportFormat]
  ) -> [ReportFile] {
    report(book, language, sources: input.sources).filter { file in
      if file.name.hasSuffix(".md") { return wanted.contains(.md) }
      if file.name.hasSuffix(".html") { return wanted.contains(.html) }
      return wanted.contains(.md)
    }
  }
}

/// Why a format of the report cannot be made here.
func missingTool(_ format: OfficeFormat) -> Problem {
  let fonts = format == .pdf ? ReportFonts.missing(environment: ProcessInfo.processInfo.environment) : []
  if !fonts.isEmpty {
    return Problem(
      "report.fonts-missing", .warning, path: format.rawValue,
      message: Bilingual(
        zh: "没有找到字体 \(fonts.joined(separator: "、"))：\(format.loss.zh)",
        en: "The fonts \(fonts.joined(separator: ", ")) were not found: \(format.loss.en)."),
      hint: Bilingual(zh: "运行 make install 安装（fonts-noto-cjk）。", en: "Run make install to install them (fonts-noto-cjk)."))
  }
  return Problem(
    "report.tool-missing", .warning, path: format.rawValue,
    message: Bilingual(
      zh: "没有找到排版 \(format.rawValue) 所需的 Python 库 \(format.module)：\(format.loss.zh)",
      en: "The Python library \(format.module) that sets \(format.rawValue) was not found: \(format.loss.en)."),
    hint: Bilingual(
      zh: "运行 make install 安装，或用环境变量 TALENTCAST_PYTHON 指出装有该库的 python3。",
      en: "Run make install to install it, or point TALENTCAST_PYTHON at a python3 that has it."))
}

/// Sets every language and format, side by side on the cores there are; the order and the bytes are those of one at a time.
///
/// - Throws: what went wrong with each of them, in one report.
///
/// - Parameter leaveOut: told why a format failed, which is then left out; nil makes it a failure of all.
func officeFiles(
  _ tool: OfficeTool, _ book: Document, _ languages: [Language], _ formats: [OfficeFormat],
  _ input: ReportInput, leaveOut: ((Problem) -> Void)? = nil
) throws -> [ReportFile] {
  let scratch = try ScratchFolder()
  defer { scratch.remove() }
  let (jobs, sources, folder) = (min(4, ProcessInfo.processInfo.activeProcessorCount), input.sources, scratch.url)
  let read = try concurrently(languages.count, jobs: jobs) { index in
    Result { try OfficeSource(book, languages[index], sources: sources, in: folder) }
  }.map { try $0.get() }
  let wanted = read.flatMap { source in formats.map { (source, $0) } }
  let made = concurrently(wanted.count, jobs: jobs) { index in
    Result { try tool.render(wanted[index].0, wanted[index].1) }
  }
  var files: [ReportFile] = []
  var refused: [ProblemReport] = []
  for result in made {
    do {
      files.append(try result.get())
    } catch let report as ProblemReport {
      refused.append(report)
    }
  }
  if let leaveOut {
    for problem in refused.flatMap(\.problems) { leaveOut(problem) }
  } else if let first = refused.first {
    throw ProblemReport(first.status, refused.flatMap(\.problems))
  }
  return files
}

/// Where this program stands, also when it was found on the path.
var ownProgram: String {
  do {
    return try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
  } catch {
    return CommandLine.arguments.first ?? "talentcast"
  }
}

func officeTool() -> OfficeTool? {
  OfficeTool.find(environment: ProcessInfo.processInfo.environment, program: ownProgram)
}

struct ReportCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "检查年度报告 · Check the annual report of a run",
    discussion: """
      重算每个数字与合计，核对用语、区间、表号、替代文字，并与已写出的文件逐行比较；有错误时退出码为 2。
      Computes every number and total again, checks words, intervals, captions and alternative texts, and
      compares the written files line by line; exit status 2 on errors.
      """)

  @Option(name: .customLong("run"), help: "运行目录 · Folder of a run.")
  var folder: String

  @Option(help: "人工改写的句子 · Edited sentences (JSON, see report sentences).")
  var overrides: String?

  @OptionGroup var selection: EditionSelection

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      let input = try selection.input(folder)
      let book = try edited(document(for: input, profile: selection.profile), overrides)
      var problems = checkReport(book, against: input)
      for language in Language.allCases {
        for made in report(book, language, sources: input.sources) {
          let path = "\(folder)/report/\(made.name)"
          guard FileManager.default.fileExists(atPath: path) else { continue }
          problems += checkWritten(String(decoding: try fileBytes(path), as: UTF8.self), against: made, file: path)
        }
      }
      if common.json {
        print(
          try jsonText(ProblemsJSON(schema: "talentcast/report-check@1", problems: problems, language: common.language)),
          terminator: "")
      } else {
        for problem in problems { print(problem.text(in: common.language)) }
        say(summary(problems, book)[common.language])
      }
      if problems.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
    }
  }

  private func summary(_ problems: [Problem], _ book: Document) -> Bilingual {
    let errors = problems.count { $0.severity == .error }
    let (tables, figures, sentences) = (book.tables.count, book.figures.count, book.sentences.count)
    return Bilingual(
      zh: "检查了 \(tables) 张表、\(figures) 幅图、\(sentences) 个句子：错误 \(errors) 项。",
      en: "Checked \(tables) tables, \(figures) figures, \(sentences) sentences: \(errors) errors.")
  }
}

struct ReportSentencesCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentences",
    abstract: "列出报告中的句子，供人工改写 · List the report's sentences, to be edited",
    discussion: """
      输出 JSON：句子编号、指纹、中英文模板。改写时移动或删去 {1}、{2}…，不能键入数字；数字变化后指纹失效，须重新复核。
      Prints JSON: sentence id, fingerprint, templates. An edit moves or drops {1}, {2}…; it cannot type a
      number, and goes stale when a number changes.
      """)

  @Option(name: .customLong("run"), help: "运行目录 · Folder of a run.")
  var folder: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    try reporting(common.language) {
      print(try jsonText(document(for: try reportInput(folder)).templates()), terminator: "")
    }
  }
}

private func edited(_ book: Document, _ overrides: String?) throws(ProblemReport) -> Document {
  guard let overrides else { return book }
  return try book.applying(try readOverrides(try fileBytes(overrides), file: overrides), file: overrides)
}

/// The edition and the cells of a run, when its files are those that the run wrote.
///
/// - Throws: `ProblemReport` with what is missing (66), changed since the run (65) or wrong (65) in any of the files.
func reportInput(_ run: String) throws(ProblemReport) -> ReportInput {
  try mustBeAsWritten(["report/edition.json", "results.csv", "scenarios.csv"], run)
  let edition = "\(run)/report/edition.json"
  var input = try readEdition(try fileBytes(edition), file: edition)
  var options = ReadOptions()
  options.textColumns = [
    "scenario", "region", "region_name", "hub", "industry", "team", "unit", "method", "concept", "source",
  ]
  input.cells = try resultCells(try readTable("\(run)/results.csv", options: options))
  let others = "\(run)/scenarios.csv"
  if FileManager.default.fileExists(atPath: others) { input.otherScenarios = try resultCells(try readTable(others, options: options)) }
  return input
}

/// Figures are read only from files that are still what the manifest says: one that was cut or edited would tell half of a run.
private func mustBeAsWritten(_ names: [String], _ run: String) throws(ProblemReport) {
  let files = (try runFacts(run).outputs ?? []).filter { names.contains($0.name) }
  let problems = changed(files, below: "\(run)/", what: Bilingual(zh: "结果", en: "result"))
  guard !problems.isEmpty else { return }
  throw ProblemReport(
    problems.allSatisfy { $0.code == "runs.missing-file" } ? .missingInput : .badData,
    problems.map { problem in
      Problem(
        problem.code, file: problem.file, message: problem.message,
        hint: Bilingual(
          zh: "用 talentcast run --force 重新生成，或从备份恢复；runs verify 列出全部改动",
          en: "make it again with talentcast run --force, or restore it; runs verify lists every change"))
    })
}

/// The members of a comma list, each known; otherwise a usage error (64).
func choices<T: RawRepresentable>(_ text: String, option: String, of all: [T]) throws -> [T]
where T.RawValue == String {
  let words = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
  let known = all.map(\.rawValue)
  guard !words.isEmpty else { throw ValidationError("\(option): \(known.joined(separator: ","))") }
  return try words.map { word in
    guard let value = all.first(where: { $0.rawValue == word }) else {
      let near = nearest(word, among: known).map { " (\($0)?)" } ?? ""
      throw ValidationError("\(option): “\(word)”\(near) · \(known.joined(separator: ","))")
    }
    return value
  }
}
