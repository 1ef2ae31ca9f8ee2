import ArgumentParser
import Messages
import ModelSpecs

struct ScenarioDiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "两个情景的改动有何不同 · How the inputs of two scenarios differ.",
    discussion: "结果的差异见 compare · For the difference in results see compare.")

  @OptionGroup var common: CommonOptions
  @Argument(help: "情景甲 · Scenario A.")
  var a: String
  @Argument(help: "情景乙 · Scenario B.")
  var b: String
  @Option(help: "模型目录 · Folder of the models.")
  var models = "Models"

  func run() throws {
    let language = common.language
    try reporting(language) {
      let library = ScenarioLibrary(folder: models)
      let (one, other) = (try library.resolve(a), try library.resolve(b))
      let rows = one.differences(from: other)
      if common.json {
        print(try jsonText(ScenarioDiffJSON(a, b, rows)), terminator: "")
        return
      }
      if one.model != other.model {
        print((language == .zh ? "模型：" : "model: ") + "\(one.model) → \(other.model)")
      }
      guard !rows.isEmpty else {
        say(Bilingual(zh: "两个情景的改动相同。", en: "the two scenarios make the same changes.")[language])
        return
      }
      print(differenceTable(rows, a, b, language))
    }
  }
}

func differenceTable(
  _ rows: [ScenarioDifference], _ a: String, _ b: String, _ language: Language, origins: Bool = true
) -> String {
  let zh = language == .zh
  var table = TextTable(
    [
      (zh ? "杠杆" : "lever", .left), (zh ? "年份" : "years", .left), (zh ? "范围" : "where", .left), (a, .left), (b, .left),
    ] + (origins ? [(zh ? "出处" : "origin", .left)] : []))
  for row in rows {
    guard let either = row.a ?? row.b else { continue }
    table.append(
      [
        row.lever.id, either.yearsText, (either.places + either.teams).joined(separator: " "), row.a?.operation.text(language) ?? "—",
        row.b?.operation.text(language) ?? "—",
      ] + (origins ? [[row.a?.origin, row.b?.origin].compactMap { $0 }.joined(separator: " | ")] : []))
  }
  return table.text
}

struct ScenarioDiffJSON: Encodable {
  struct Row: Encodable {
    let lever: String
    let a: ScenarioJSON.Body.Change?
    let b: ScenarioJSON.Body.Change?
  }

  private let schema = "talentcast/scenario-diff@1"
  private let a: String
  private let b: String
  private let differences: [Row]

  init(_ a: String, _ b: String, _ rows: [ScenarioDifference]) {
    (self.a, self.b) = (a, b)
    differences = rows.map {
      Row(lever: $0.lever.id, a: $0.a.map(ScenarioJSON.Body.Change.init), b: $0.b.map(ScenarioJSON.Body.Change.init))
    }
  }
}

/// Every lever's value over the years; the last column says where each comes from.
func resolvedTable(_ values: [ResolvedValue], origin: Bool, _ language: Language) -> String {
  let zh = language == .zh
  var table = TextTable(
    [
      (zh ? "杠杆" : "lever", .left), (zh ? "范围" : "where", .left), (zh ? "年份" : "years", .left),
      (zh ? "值" : "value", .right),
    ] + (origin ? [(zh ? "出处" : "origin", .left)] : []))
  for value in values {
    let years = value.years
    let row = [
      value.lever, [value.place, value.team].compactMap { $0 }.joined(separator: " "),
      years.count == 1 ? "\(years.lowerBound)" : "\(years.lowerBound)–\(years.upperBound)", oneOf(value.value, 4),
    ]
    let source = value.origins.isEmpty ? (zh ? "缺省" : "default") : value.origins.joined(separator: " + ")
    table.append(origin ? row + [source] : row)
  }
  return table.text
}

struct ResolvedScenarioJSON: Encodable {
  struct Value: Encodable {
    let lever: String
    let geo: String?
    let team: String?
    let from: Int
    let to: Int
    let value: Double
    let origins: [String]
  }

  private let schema = "talentcast/scenario-resolved@1"
  private let scenario: String
  private let chain: [String]
  private let values: [Value]

  init(_ scenario: ScenarioSpec, _ values: [ResolvedValue]) {
    (self.scenario, chain) = (scenario.id, scenario.chain)
    self.values = values.map {
      Value(
        lever: $0.lever, geo: $0.place, team: $0.team, from: $0.years.lowerBound, to: $0.years.upperBound,
        value: $0.value, origins: $0.origins)
    }
  }
}
