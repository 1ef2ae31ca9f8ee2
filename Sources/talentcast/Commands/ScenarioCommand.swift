import ArgumentParser
import Foundation
import Messages
import ModelSpecs

/// `talentcast scenario`: what scenarios there are, what they change, and whether they are sound.
struct ScenarioCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "scenario", abstract: "情景：列出、查看、新建、比较、校验 · Scenarios: list, show, new, diff, validate.",
    subcommands: [
      ScenarioDiffCommand.self, ScenarioExportCommand.self, ScenarioImportCommand.self, ScenarioListCommand.self,
      ScenarioNewCommand.self, ScenarioSchemaCommand.self, ScenarioShowCommand.self, ScenarioTreeCommand.self, ScenarioValidateCommand.self,
    ])
}

struct ScenarioListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "列出情景及其继承 · List scenarios and what they extend.")

  @OptionGroup var common: CommonOptions
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let library = ScenarioLibrary(folder: models)
      try library.mustHaveModels()
      var all: [ScenarioSpec] = []
      for id in library.models + library.scenarios { all.append(try library.resolve(id)) }
      if common.json {
        print(try jsonText(ScenarioListJSON(all)), terminator: "")
        return
      }
      var table = TextTable([
        (language == .zh ? "情景" : "scenario", .left), (language == .zh ? "名称" : "name", .left),
        (language == .zh ? "继承" : "chain", .left), (language == .zh ? "杠杆" : "levers", .left),
      ])
      for scenario in all {
        table.append([
          scenario.id, scenario.name[language], scenario.chain.joined(separator: " → "),
          scenario.levers.map(\.id).joined(separator: " "),
        ])
      }
      print(table.text)
    }
  }
}

struct ScenarioShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "查看情景的全部改动及其出处 · Show every change and where it comes from.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "情景名称 · Scenario.")
  var id: String
  @Flag(help: "逐年列出每个杠杆的值 · The value of every lever, year by year.")
  var resolved = false
  @Flag(help: "每个值注明文件与行（随 --resolved） · File and line of each value, with --resolved.")
  var origin = false
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let library = ScenarioLibrary(folder: models)
      let scenario = try library.resolve(id)
      if resolved || origin {
        let values = scenario.resolvedValues(in: try readModel(library.modelFile(scenario.model)))
        print(
          common.json
            ? try jsonText(ResolvedScenarioJSON(scenario, values)) : resolvedTable(values, origin: origin, language) + "\n",
          terminator: "")
        return
      }
      if common.json {
        print(try jsonText(ScenarioJSON(scenario)), terminator: "")
        return
      }
      print("\(scenario.name[language]) [\(scenario.id)]  \(scenario.chain.joined(separator: " → "))")
      print(scenario.why[language])
      var table = TextTable([
        (language == .zh ? "杠杆" : "lever", .left), (language == .zh ? "改动" : "change", .left),
        (language == .zh ? "年份" : "years", .left), (language == .zh ? "范围" : "where", .left),
        (language == .zh ? "出处" : "origin", .left),
      ])
      for change in scenario.changes {
        table.append([
          change.lever.id, change.operation.text(language), change.yearsText, (change.places + change.teams).joined(separator: " "),
          change.origin,
        ])
      }
      if !scenario.changes.isEmpty { print(table.text) }
    }
  }
}

struct ScenarioValidateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "校验情景文件 · Validate scenario files.",
    discussion: "有问题时退出码为 2 · Exit status 2 when there are problems.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "情景名称，缺省为全部 · Scenarios; all when none is named.")
  var ids: [String] = []
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    let library = ScenarioLibrary(folder: models)
    var problems: [Problem] = []
    let names = ids.isEmpty ? library.models + library.scenarios : ids
    for id in names {
      do throws(ProblemReport) { _ = try library.resolve(id) } catch { problems += error.problems }
    }
    var seen: Set<Problem> = []
    problems = problems.filter { seen.insert($0).inserted }
    if common.json {
      print(try jsonText(ProblemsJSON(schema: "talentcast/scenario-validate@1", problems: problems, language: language)), terminator: "")
    } else {
      for problem in problems { print(problem.text(in: language)) }
      say(
        problems.isEmpty
          ? Bilingual(zh: "\(names.count) 个情景通过校验。", en: "\(names.count) scenario(s) pass.")[language]
          : Bilingual(zh: "发现 \(problems.count) 个问题。", en: "\(problems.count) problem(s).")[language])
    }
    if problems.contains(where: { $0.severity == .error }) { throw ExitCode(ExitStatus.problemsFound.rawValue) }
  }
}

struct LeverCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lever", abstract: "情景杠杆登记表 · The registry of scenario levers.",
    subcommands: [LeverListCommand.self, LeverShowCommand.self], defaultSubcommand: LeverListCommand.self)
}

struct LeverListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "list", abstract: "列出杠杆 · List the levers.")

  @OptionGroup var common: CommonOptions

  func run() throws {
    let language = common.language
    if common.json {
      print(try jsonText(LeverListJSON()), terminator: "")
      return
    }
    var table = TextTable([
      (language == .zh ? "杠杆" : "lever", .left), (language == .zh ? "名称" : "name", .left),
      (language == .zh ? "单位" : "unit", .left), (language == .zh ? "缺省" : "default", .right),
      (language == .zh ? "合理范围" : "plausible", .left),
    ])
    for lever in Lever.registry {
      table.append([
        lever.id, lever.name[language], lever.unit[language], oneOf(lever.initial, 2),
        lever.plausible(in: language),
      ])
    }
    print(table.text)
  }
}

struct LeverShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "show", abstract: "查看一个杠杆 · Show one lever.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "杠杆名称 · Lever.")
  var id: String

  func run() throws {
    let language = common.language
    try reporting(language) {
      guard let lever = Lever.named(id) else {
        throw ProblemReport(
          .missingInput,
          [
            Problem(
              "lever.unknown", message: Bilingual(zh: "没有名为“\(id)”的杠杆", en: "no lever is called '\(id)'"),
              hint: nearest(id, among: Lever.registry.map(\.id)).map {
                Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)")
              } ?? Bilingual(zh: "查看全部：talentcast lever list", en: "see all: talentcast lever list"))
          ])
      }
      if common.json {
        print(try jsonText(LeverJSON(lever)), terminator: "")
        return
      }
      let zh = language == .zh
      print("\(lever.id)  \(lever.name[language])")
      print((zh ? "作用：" : "effect: ") + lever.effect[language])
      print((zh ? "单位：" : "unit: ") + lever.unit[language] + (zh ? "  缺省：" : "  default: ") + oneOf(lever.initial, 2))
      print(
        (zh ? "可能范围：" : "possible: ") + "\(lever.domain.lowerBound)～\(lever.domain.upperBound)"
          + (zh ? "  合理范围：" : "  plausible: ") + lever.plausible(in: language))
      print(
        (zh ? "可按地区选择：" : "by place: ") + (lever.byPlace ? (zh ? "是" : "yes") : (zh ? "否" : "no"))
          + (zh ? "  可按队伍选择：" : "  by team: ") + (lever.byTeam ? (zh ? "是" : "yes") : (zh ? "否" : "no")))
    }
  }
}

extension LeverChange {
  /// The years as a scenario file writes them.
  var yearsText: String {
    switch (years.lowerBound == 1900, years.upperBound == 2200) {
    case (true, true): "—"
    case (false, true): "\(years.lowerBound)–"
    case (true, false): "–\(years.upperBound)"
    case (false, false): "\(years.lowerBound)–\(years.upperBound)"
    }
  }
}

extension LeverChange.Operation {
  func text(_ language: Language) -> String {
    switch self {
    case .set(let value): "= \(oneOf(value, 4))"
    case .add(let value): "+ \(oneOf(value, 4))"
    case .scale(let value): "× \(oneOf(value, 4))"
    case .growth(let value): "\(oneOf(value * 100, 2))%" + (language == .zh ? "/年" : " a year")
    case .path(let points): points.keys.sorted().map { "\($0): \(oneOf(points[$0] ?? 0, 4))" }.joined(separator: ", ")
    case .clamp(let low, let high): "\(oneOf(low, 4)) … \(oneOf(high, 4))"
    case .remove: language == .zh ? "撤销" : "remove"
    }
  }
}

struct ScenarioListJSON: Encodable {
  private let schema = "talentcast/scenario-list@1"
  private let scenarios: [ScenarioJSON.Body]
  init(_ all: [ScenarioSpec]) { scenarios = all.map(ScenarioJSON.Body.init) }
}

struct ScenarioJSON: Encodable {
  struct Body: Encodable {
    struct Change: Encodable {
      let lever: String
      let change: String
      let from: Int?
      let to: Int?
      let geo: [String]
      let team: [String]
      let source: String
      let note: String
      let origin: String

      init(_ change: LeverChange) {
        (lever, self.change) = (change.lever.id, change.operation.text(.en))
        from = change.years.lowerBound == 1900 ? nil : change.years.lowerBound
        to = change.years.upperBound == 2200 ? nil : change.years.upperBound
        (geo, team) = (change.places, change.teams)
        (source, note, origin) = (change.source, change.note, change.origin)
      }
    }

    let id: String
    let name: Bilingual
    let why: Bilingual
    let model: String
    let chain: [String]
    let changes: [Change]

    init(_ scenario: ScenarioSpec) {
      (id, name, why) = (scenario.id, scenario.name, scenario.why)
      (model, chain) = (scenario.model, scenario.chain)
      changes = scenario.changes.map(Change.init)
    }
  }

  private let schema = "talentcast/scenario@1"
  private let scenario: Body
  init(_ scenario: ScenarioSpec) { self.scenario = Body(scenario) }
}

struct LeverListJSON: Encodable {
  private let schema = "talentcast/lever-list@1"
  private let levers = Lever.registry.map(LeverJSON.Body.init)
}

struct LeverJSON: Encodable {
  struct Body: Encodable {
    let id: String
    let name: Bilingual
    let unit: Bilingual
    let kind: String
    let domain: [Double]
    let plausible: [Double]
    let initial: Double
    let effect: Bilingual
    let by_place: Bool
    let by_team: Bool

    init(_ lever: Lever) {
      (id, name, unit, kind) = (lever.id, lever.name, lever.unit, lever.kind.rawValue)
      domain = [lever.domain.lowerBound, lever.domain.upperBound]
      plausible = [lever.plausible.lowerBound, lever.plausible.upperBound]
      (initial, effect, by_place, by_team) = (lever.initial, lever.effect, lever.byPlace, lever.byTeam)
    }
  }

  private let schema = "talentcast/lever@1"
  private let lever: Body
  init(_ lever: Lever) { self.lever = Body(lever) }
}
