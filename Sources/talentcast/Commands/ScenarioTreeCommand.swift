import ArgumentParser
import Foundation
import Messages
import ModelSpecs

struct ScenarioTreeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "tree", abstract: "情景的继承树 · Which scenario extends which.")

  @OptionGroup var common: CommonOptions
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let roots = try ScenarioLibrary(folder: models).tree()
      if common.json {
        print(try jsonText(ScenarioTreeJSON(roots)), terminator: "")
      } else {
        print(roots.flatMap { treeLines($0, language, head: "", rest: "") }.joined(separator: "\n"))
      }
    }
  }
}

/// A branch and what hangs below it, drawn with rules.
func treeLines(_ branch: ScenarioBranch, _ language: Language, head: String, rest: String) -> [String] {
  var line = "\(head)\(branch.id)  \(branch.name[language])"
  if !branch.includes.isEmpty { line += "  + \(branch.includes.joined(separator: ", "))" }
  if !branch.levers.isEmpty { line += "  [\(branch.levers.joined(separator: ", "))]" }
  return [line]
    + branch.children.enumerated().flatMap { place, child in
      let isLast = place == branch.children.count - 1
      return treeLines(child, language, head: rest + (isLast ? "└─ " : "├─ "), rest: rest + (isLast ? "   " : "│  "))
    }
}

struct ScenarioTreeJSON: Encodable {
  struct Branch: Encodable {
    let id: String
    let name: Bilingual
    let includes: [String]
    let levers: [String]
    let children: [Branch]

    init(_ branch: ScenarioBranch) {
      (id, name, includes, levers) = (branch.id, branch.name, branch.includes, branch.levers)
      children = branch.children.map(Branch.init)
    }
  }

  private let schema = "talentcast/scenario-tree@1"
  private let models: [Branch]
  init(_ roots: [ScenarioBranch]) { models = roots.map(Branch.init) }
}

struct ScenarioNewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "new", abstract: "新建情景文件 · Write a new scenario file.",
    discussion: "已有文件不会被覆盖 · Nothing is overwritten.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "情景名称，即文件名 · Name of the scenario and its file.")
  var id: String
  @Option(help: "继承自 · Parent.")
  var extends = "baseline"
  @Option(help: "一句话说明 · Why, in a sentence.")
  var why: String?
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let library = ScenarioLibrary(folder: models)
      let text = try scenarioTemplate(id, extends: extends, why: why, in: library)
      let file = library.scenarioFile(id)
      try FileSet(file, text, force: false).write()
      print(file)
      let folder = models == "Models" ? "" : " --models \(models)"
      say(
        Bilingual(
          zh: "写好改动后：talentcast scenario validate \(id)\(folder)", en: "write its changes, then: talentcast scenario validate \(id)\(folder)"
        )[language])
    }
  }
}
