import ArgumentParser
import Datasets
import Dimensions
import Foundation
import Glibc
import Messages
import Reports

/// `talentcast runs`: what runs there are, what they were made with, and whether they are still whole.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs", abstract: "运行结果：列出、查看、比较、核验、清理 · Runs: list, show, diff, verify, prune.",
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsDiffCommand.self, RunsVerifyCommand.self, RunsPruneCommand.self,
    ])
}

struct RunsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "列出目录下的运行 · List the runs below a folder.")

  @Argument(help: "目录 · Folder.")
  var folder = "."

  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.language
    try reporting(language) {
      let runs = try finishedRuns(in: folder)
      if common.json {
        print(try jsonText(RunsJSON(runs)), terminator: "")
        return
      }
      let zh = language == .zh
      var table = TextTable([
        (zh ? "目录" : "folder", .left), (zh ? "情景" : "scenario", .left), (zh ? "模型" : "model", .left),
        (zh ? "抽样" : "draws", .right), (zh ? "种子" : "seed", .right), (zh ? "文件" : "files", .right),
        (zh ? "输入指纹" : "inputs", .left),
      ])
      for run in runs {
        table.append([
          run.folder, run.facts.scenario, run.facts.model, "\(run.facts.draws)", "\(run.facts.seed)",
          "\(run.facts.outputs?.count ?? 0)", run.inputMark,
        ])
      }
      print(runs.isEmpty ? (zh ? "没有运行结果" : "no runs here") : table.text)
    }
  }
}

struct RunsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "查看一次运行用了什么 · Show what a run was made with.")

  @Argument(help: "运行目录 · Folder of the run.")
  var folder: String

  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.language
    try reporting(language) {
      let run = FinishedRun(folder: folder, facts: try runFacts(folder))
      if common.json {
        print(try jsonText(RunsJSON([run])), terminator: "")
        return
      }
      let zh = language == .zh
      let facts = run.facts
      print(
        zh
          ? "\(folder)：模型 \(facts.model)，情景 \(facts.scenario)，抽样 \(facts.draws) 次，种子 \(facts.seed)，程序 \(facts.version)"
          : "\(folder): model \(facts.model), scenario \(facts.scenario), \(facts.draws) draws, seed \(facts.seed), tool \(facts.version)")
      for (title, files) in [
        (zh ? "输入" : "inputs", facts.inputs), (zh ? "输出" : "outputs", facts.outputs ?? []),
      ] {
        print("\(title) (\(files.count))")
        for file in files { print("  \(file.sha256.prefix(12))  \(file.name)") }
      }
    }
  }
}

struct RunsDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "两次运行：输入、设置、数字有何不同 · What differs between two runs: inputs, settings, numbers.")

  @Argument(help: "较早的运行 · Earlier run.")
  var old: String

  @Argument(help: "较晚的运行 · Later run.")
  var new: String

  @Option(help: "列出改动最大的多少格 · How many of the largest changes to list.")
  var limit = 15

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard limit >= 0 else { throw ValidationError("--limit: ≥ 0 (\(limit))") }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let (before, after) = (try runFacts(old), try runFacts(new))
      let why = reasons(old: before, new: after)
      let input = try reportInput(new)
      let diff = EditionDiff(old: try reportInput(old).cells, new: input.cells, tolerance: 1e-9)
      if common.json {
        print(try jsonText(DiffJSON(diff, why)), terminator: "")
        return
      }
      for line in changedInputs(before, after) { print(line) }
      print(diffText(diff, why, input, limit: limit, language), terminator: "")
    }
  }

  /// Input files that came, went or changed.
  private func changedInputs(_ before: RunFacts, _ after: RunFacts) -> [String] {
    let old = Dictionary(before.inputs.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    let new = Dictionary(after.inputs.map { ($0.name, $0.sha256) }, uniquingKeysWith: { first, _ in first })
    return Set(old.keys).union(new.keys).sorted().compactMap { name in
      switch (old[name], new[name]) {
      case (nil, _?): "+ \(name)"
      case (_?, nil): "- \(name)"
      case (let a?, let b?): a == b ? nil : "~ \(name)"
      case (nil, nil): nil
      }
    }
  }
}

struct RunsVerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "核验输出是否完好、输入是否改动 · Check that outputs are whole and inputs unchanged.",
    discussion: """
      输出须与清单逐字节一致；--inputs 还核对输入文件（在项目目录中运行）。有问题时退出码为 2。
      Outputs must equal the manifest byte for byte; --inputs also checks the inputs (run in the project's folder).
      Exit status 2 when anything differs.
      """)

  @Argument(help: "运行目录 · Folders of runs.")
  var folders: [String]

  @Flag(help: "也核对输入文件 · Also check the input files.")
  var inputs = false

  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.language
    var problems: [Problem] = []
    try reporting(language) {
      for folder in folders {
        let facts = try runFacts(folder)
        problems += changed(facts.outputs ?? [], below: "\(folder)/", what: Bilingual(zh: "输出", en: "output"))
        problems += strangers(folder, facts)
        if inputs { problems += changed(facts.inputs, below: "", what: Bilingual(zh: "输入", en: "input")) }
      }
      if common.json {
        print(
          try jsonText(ProblemsJSON(schema: "talentcast/runs-verify@1", problems: problems, language: language)),
          terminator: "")
      } else {
        for problem in problems { print(problem.text(in: language)) }
      }
      // Files of the user's own may stand in the folder; they are named and no fault.
      let faults = problems.count { $0.severity == .error }
      say(
        faults == 0
          ? Bilingual(zh: "\(folders.count) 次运行完好。", en: "\(folders.count) run(s) whole.")[language]
          : Bilingual(zh: "\(faults) 处不符。", en: "\(faults) difference(s).")[language])
    }
    if problems.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
  }

  private func strangers(_ folder: String, _ facts: RunFacts) -> [Problem] {
    let known = Set((facts.outputs ?? []).map(\.name) + ["run.json"])
    return filesBelow(folder).filter { !known.contains($0) }.map {
      Problem(
        "runs.unknown-file", .warning, file: "\(folder)/\($0)",
        message: Bilingual(zh: "清单中没有这个文件", en: "the manifest does not know this file"))
    }
  }
}

struct RunsPruneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "prune", abstract: "只留最新的几次运行 · Keep only the newest runs of a folder.",
    discussion: """
      只删除带有清单且清单之外没有其他文件的运行目录；没有 --yes 时只说会删什么。
      Only removes folders that hold a manifest and nothing but what it lists; without --yes it only says what would go.
      """)

  @Argument(help: "目录 · Folder that holds the runs.")
  var folder = "."

  @Option(help: "保留最新的多少次 · How many of the newest to keep.")
  var keep = 5

  @Flag(help: "真的删除 · Really remove.")
  var yes = false

  @OptionGroup var common: CommonOptions

  func validate() throws {
    guard keep >= 0 else { throw ValidationError("--keep: ≥ 0 (\(keep))") }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let runs = try finishedRuns(in: folder).filter { $0.folder != folder }
        .sorted { ($0.written, $0.folder) > ($1.written, $1.folder) }
      for run in runs.dropFirst(keep) {
        let known = Set((run.facts.outputs ?? []).map(\.name) + ["run.json"])
        let ours = FolderManifest(run.folder, .run)
        let others = try strangers(run.folder) { known.contains($0) && ours?.isOurs($0, in: run.folder) == true }
        if let other = others.first {
          say(
            language == .zh
              ? "保留 \(run.folder)：其中有清单之外或改动过的文件 \(other)" : "kept \(run.folder): \(other) is not the run's, or was changed")
          continue
        }
        if yes { try removed(run.folder) }
        print((yes ? (language == .zh ? "已删除 " : "removed ") : (language == .zh ? "将删除 " : "would remove ")) + run.folder)
      }
      if !yes, runs.count > keep { say(language == .zh ? "加 --yes 才会删除" : "add --yes to remove them") }
    }
  }

  private func strangers(_ folder: String, _ isKnown: (String) -> Bool) throws(ProblemReport) -> [String] {
    do throws(FileFailure) { return try SystemCalls.contents(of: folder).files.filter { !isKnown($0) } } catch { throw error.report() }
  }

  /// Removes what the manifest lists and nobody changed, the manifest, and the folders that are then empty.
  private func removed(_ path: String) throws(ProblemReport) {
    do throws(FileFailure) {
      guard let ours = FolderManifest(path, .run) else { return }
      let there = try SystemCalls.contents(of: path)
      for name in there.files where name != "run.json" && ours.isOurs(name, in: path) { try SystemCalls.remove("\(path)/\(name)") }
      for folder in there.folders.reversed() { rmdir("\(path)/\(folder)") }
      guard try SystemCalls.names(in: path) == ["run.json"] else { throw FileFailure(path, ENOTEMPTY) }
      try SystemCalls.remove("\(path)/run.json")
      guard rmdir(path) == 0 else { throw FileFailure(path) }
    } catch {
      throw error.report()
    }
  }
}

/// A folder that holds a run.
struct FinishedRun {
  let folder: String
  let facts: RunFacts

  /// A short mark that is the same for runs with the same inputs.
  var inputMark: String {
    let all = facts.inputs.sorted { $0.name < $1.name }.map { "\($0.name) \($0.sha256)\n" }.joined()
    return String(SHA256.hex(Array(all.utf8)).prefix(8))
  }

  /// When the manifest was written; the distant past when that is not known.
  var written: Date { modificationDate("\(folder)/run.json") ?? .distantPast }
}

func modificationDate(_ path: String) -> Date? {
  do {
    return try FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
  } catch {
    return nil
  }
}

/// The folder itself and the folders in it that hold a readable manifest, by name.
///
/// - Throws: `.missingInput` when the folder is not there.
func finishedRuns(in folder: String) throws(ProblemReport) -> [FinishedRun] {
  let names: [String]
  do {
    names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
  } catch {
    throw ProblemReport(
      .missingInput,
      [Problem("file.missing", file: folder, message: Bilingual(zh: "文件夹不存在或无法读取", en: "the folder is missing or unreadable"))])
  }
  let places = [folder] + names.map { folder == "." ? $0 : "\(folder)/\($0)" }
  return places.compactMap { place in
    guard FileManager.default.fileExists(atPath: "\(place)/run.json") else { return nil }
    do throws(ProblemReport) {
      return FinishedRun(folder: place, facts: try runFacts(place))
    } catch {
      return nil  // another program's run.json
    }
  }
}

/// Files that are gone or no longer what the manifest says.
func changed(_ files: [RunFacts.File], below prefix: String, what: Bilingual) -> [Problem] {
  files.compactMap { file in
    let path = prefix + file.name
    guard let data = FileManager.default.contents(atPath: path) else {
      return Problem(
        "runs.missing-file", file: path, message: Bilingual(zh: "\(what.zh)文件不见了", en: "the \(what.en) file is gone"))
    }
    guard SHA256.hex([UInt8](data)) == file.sha256 else {
      return Problem(
        "runs.changed-file", file: path,
        message: Bilingual(zh: "\(what.zh)文件与运行时不同", en: "the \(what.en) file differs from what it was in the run"))
    }
    return nil
  }
}

/// Paths of all files below a folder, relative to it, sorted.
func filesBelow(_ folder: String) -> [String] {
  guard let walker = FileManager.default.enumerator(atPath: folder) else { return [] }
  var files: [String] = []
  for case let name as String in walker {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: "\(folder)/\(name)", isDirectory: &isFolder), !isFolder.boolValue {
      files.append(name)
    }
  }
  return files.sorted()
}

struct RunsJSON: Encodable {
  private struct Run: Encodable {
    let folder: String
    let model: String
    let scenario: String
    let draws: Int
    let seed: UInt64
    let version: String
    let inputs: Int
    let outputs: Int
    let input_mark: String
  }

  private let schema = "talentcast/runs@1"
  private let runs: [Run]

  init(_ runs: [FinishedRun]) {
    self.runs = runs.map {
      Run(
        folder: $0.folder, model: $0.facts.model, scenario: $0.facts.scenario, draws: $0.facts.draws,
        seed: $0.facts.seed, version: $0.facts.version, inputs: $0.facts.inputs.count,
        outputs: $0.facts.outputs?.count ?? 0, input_mark: $0.inputMark)
    }
  }
}
