import ArgumentParser
import Datasets
import Dimensions
import Facts
import Messages
import ModelSpecs

/// What published figures of places say together, and how well that works.
struct EvidenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evidence",
    abstract: "公布的地区数字合起来说明什么：清单、矛盾、隐去检验、下一个数字的价值 · What published figures of places say together",
    discussion: """
      总体、族与先验在 Models/evidence.yaml；事实来自数据包。
      Populations, families and priors stand in Models/evidence.yaml; facts come from the data packages.

      例 · Examples:
        talentcast evidence list
        talentcast evidence held-out --json
        talentcast evidence value --cell 440000/2023
        talentcast evidence value --cell attorneys/330000/2023
      """,
    subcommands: [
      EvidenceListCommand.self, EvidenceCheckCommand.self, EvidenceHeldOutCommand.self, EvidenceValueCommand.self,
    ])

  /// Where figures and priors are.
  struct Input: ParsableArguments {
    @Option(help: "证据文件（默认 Models/evidence.yaml） · Evidence file (default: Models/evidence.yaml).")
    var file: String?

    @Option(help: "数据包目录 · Folder of the data packages.")
    var datasets = "Datasets"

    @Option(help: "模型目录 · Folder of the models.")
    var models = "Models"

    func catalogue() throws(ProblemReport) -> Catalogue { try Catalogue(directory: datasets) }

    func base(_ catalogue: Catalogue) throws(ProblemReport) -> FactBase {
      try FactBase(try readEvidence(file ?? "\(models)/evidence.yaml"), catalogue: catalogue)
    }
  }
}

struct EvidenceListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "每个事实：公布数、模型值、残差、影响 · Every fact: published, fitted, residual, influence")

  @OptionGroup var input: EvidenceCommand.Input
  @OptionGroup var common: CommonOptions

  @Flag(help: "也列出各省齐全的同类总体 · Full panels of kindred populations too.")
  var panels = false

  func run() throws {
    let language = common.language
    try reporting(language) {
      let catalogue = try input.catalogue()
      let base = try input.base(catalogue)
      let report = EvidenceFacts(base, catalogue, panels: panels)
      print(common.json ? try jsonText(report) : report.text(in: language) + "\n", terminator: "")
    }
  }
}

struct EvidenceCheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "互相矛盾的事实，未用的事实 · Facts that contradict each other, facts not used")

  @OptionGroup var input: EvidenceCommand.Input
  @OptionGroup var common: CommonOptions

  @Flag(help: "重新估计先验的标准差 · Estimate the prior's standard deviations again.")
  var refit = false

  func run() throws {
    let language = common.language
    try reporting(language) {
      let base = try input.base(try input.catalogue())
      let contradictions = base.notes.filter { $0.severity == .warning }
      if common.json {
        print(
          try jsonText(ProblemsJSON(schema: "talentcast/evidence-check@1", problems: base.notes, language: language)),
          terminator: "")
      } else {
        print(try text(base, language))
      }
      if !contradictions.isEmpty { throw ExitCode(ExitStatus.problemsFound.rawValue) }
    }
  }

  private func text(_ base: FactBase, _ language: Language) throws -> String {
    var lines = base.notes.map { $0.text(in: language) }
    let own = base.facts.count { !$0.isPanel }
    let contradictions = base.notes.count { $0.severity == .warning }
    lines.append(
      Bilingual(
        zh: "\(base.facts.count) 个事实（其中 \(own) 个为单独公布），矛盾 \(contradictions) 处，未用 \(base.notes.count - contradictions) 个",
        en:
          "\(base.facts.count) facts (\(own) of them published singly), \(contradictions) contradictions, \(base.notes.count - contradictions) not used"
      )[language])
    guard refit else { return lines.joined(separator: "\n") }
    let fitted = try base.refitted()
    var table = TextTable([
      (Bilingual(zh: "族", en: "family")[language], .left), ("τ_u", .right), ("τ_v", .right), ("τ_w", .right),
      (Bilingual(zh: "现用", en: "in use")[language], .right),
    ])
    for (f, family) in base.spec.families.enumerated() {
      let new = fitted.families[f]
      table.append([
        family.name[language], digits3(new.placeSD), digits3(new.populationSD), digits3(new.walkSD),
        [family.placeSD, family.populationSD, family.walkSD].map(digits3).joined(separator: " / "),
      ])
    }
    return (lines + ["", table.text]).joined(separator: "\n")
  }
}

struct EvidenceHeldOutCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "held-out", abstract: "逐个隐去事实、逐地隐去，看模型差多少 · Each fact and each place hidden in turn")

  @OptionGroup var input: EvidenceCommand.Input
  @OptionGroup var common: CommonOptions

  @Option(help: "只用到此年，预测其后 · Facts to this year only, predicting later ones.")
  var cut: Int?

  func run() throws {
    let language = common.language
    try reporting(language) {
      let catalogue = try input.catalogue()
      let base = try input.base(catalogue)
      let report = EvidenceHeldOutReport(base, catalogue, try HeldOut(base, cut: cut ?? base.spec.cut))
      print(common.json ? try jsonText(report) : report.text(in: language) + "\n", terminator: "")
    }
  }
}

struct EvidenceValueCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "value", abstract: "哪个尚未公布的数字最能收窄某一格 · Which figure not yet published would narrow a cell most")

  @OptionGroup var input: EvidenceCommand.Input
  @OptionGroup var common: CommonOptions

  @Option(help: "单元格：地区/年 或 总体/地区/年 · Cell: PLACE/YEAR or POPULATION/PLACE/YEAR.")
  var cell: String

  @Option(help: "假想数字的精度（对数标准差） · How exactly the unseen figure would be printed (of its log).")
  var sd = 0.02

  @Option(help: "列出几个 · How many to list.")
  var limit = 10

  func validate() throws {
    guard sd > 0, sd < 5 else { throw ValidationError("--sd：应在 0 与 5 之间 · --sd lies between 0 and 5") }
    guard limit > 0 else { throw ValidationError("--limit：应大于 0 · --limit is above 0") }
  }

  func run() throws {
    let language = common.language
    try reporting(language) {
      let catalogue = try input.catalogue()
      let base = try input.base(catalogue)
      let report = try EvidenceValueReport(base, catalogue, cell: cell, sd: sd, limit: limit)
      print(common.json ? try jsonText(report) : report.text(in: language) + "\n", terminator: "")
    }
  }
}

func digits3(_ value: Double) -> String {
  String((value * 1000).rounded() / 1000)
}
