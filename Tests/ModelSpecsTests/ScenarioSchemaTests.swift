import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let models = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Models").path

/// JSON as far as the schema needs it, and a check that knows nothing of scenarios (JSON Schema 2020-12, the
/// keywords that ours uses; an unknown keyword is an error of the test).
private enum JSON: Decodable, Equatable {
  case null, flag(Bool), number(Double), text(String), list([JSON]), object([String: JSON])

  init(from decoder: any Decoder) throws {
    let value = try decoder.singleValueContainer()
    if value.decodeNil() {
      self = .null
    } else if let flag = try? value.decode(Bool.self) {
      self = .flag(flag)
    } else if let number = try? value.decode(Double.self) {
      self = .number(number)
    } else if let text = try? value.decode(String.self) {
      self = .text(text)
    } else if let list = try? value.decode([JSON].self) {
      self = .list(list)
    } else {
      self = .object(try value.decode([String: JSON].self))
    }
  }

  /// As YAML's core schema reads it.
  init(_ node: SpecNode) {
    switch node.content {
    case .sequence(let items): self = .list(items.map(JSON.init))
    case .mapping(let entries):
      self = .object(Dictionary(entries.map { ($0.key, JSON($0.value)) }, uniquingKeysWith: { first, _ in first }))
    case .scalar(let text, let plain):
      if plain, let number = Double(text) {
        self = .number(number)
      } else if plain, text == "true" || text == "false" {
        self = .flag(text == "true")
      } else {
        self = text.isEmpty && plain ? .null : .text(text)
      }
    }
  }

  var members: [String: JSON] { if case .object(let members) = self { members } else { [:] } }
  var items: [JSON] { if case .list(let items) = self { items } else { [] } }
  var string: String { if case .text(let text) = self { text } else { "" } }
  var value: Double { if case .number(let value) = self { value } else { .nan } }

  func isOf(_ type: String) -> Bool {
    switch self {
    case .null: type == "null"
    case .flag: type == "boolean"
    case .number(let value): type == "number" || type == "integer" && value == value.rounded()
    case .text: type == "string"
    case .list: type == "array"
    case .object: type == "object"
    }
  }
}

private struct Check {
  let root: JSON
  init(_ language: Language = .en) throws {
    root = try JSONDecoder().decode(JSON.self, from: Data(try scenarioSchema(language).utf8))
  }

  func accepts(_ value: JSON, _ schema: JSON? = nil) throws -> Bool {
    let schema = schema ?? root
    if case .flag(let always) = schema { return always }
    let rules = schema.members
    for (keyword, rule) in rules {
      switch keyword {
      case "$schema", "$id", "$defs", "title", "description": continue
      case "$ref":
        let name = try #require(rule.string.split(separator: "/").last.map(String.init))
        let target = try #require(root.members["$defs"]?.members[name], "no definition of \(name)")
        if try !accepts(value, target) { return false }
      case "type":
        let types = rule.items.isEmpty ? [rule] : rule.items
        if !types.contains(where: { value.isOf($0.string) }) { return false }
      case "const": if value != rule { return false }
      case "minimum": if case .number(let number) = value, number < rule.value { return false }
      case "maximum": if case .number(let number) = value, number > rule.value { return false }
      case "minLength": if case .text(let text) = value, Double(text.count) < rule.value { return false }
      case "minProperties": if case .object(let members) = value, Double(members.count) < rule.value { return false }
      case "pattern":
        if case .text(let text) = value, try text.firstMatch(of: Regex(rule.string)) == nil { return false }
      case "required":
        if case .object(let members) = value, !rule.items.allSatisfy({ members[$0.string] != nil }) { return false }
      case "properties":
        for (key, own) in rule.members { if let member = value.members[key], try !accepts(member, own) { return false } }
      case "patternProperties":
        for (pattern, own) in rule.members {
          for (key, member) in value.members where try key.firstMatch(of: Regex(pattern)) != nil {
            if try !accepts(member, own) { return false }
          }
        }
      case "additionalProperties":
        #expect(rule == .flag(false))
        let patterns = try (rules["patternProperties"]?.members.keys).map { try $0.map { try Regex($0) } } ?? []
        for key in value.members.keys where rules["properties"]?.members[key] == nil {
          if !patterns.contains(where: { key.firstMatch(of: $0) != nil }) { return false }
        }
      case "items": for item in value.items { if try !accepts(item, rule) { return false } }
      case "anyOf": if try !rule.items.contains(where: { try accepts(value, $0) }) { return false }
      case "oneOf": if try rule.items.filter({ try accepts(value, $0) }).count != 1 { return false }
      default: Issue.record("the schema uses '\(keyword)', which this check does not know")
      }
    }
    return true
  }
}

private func text(_ levers: String) -> String {
  """
  schema: talentcast/scenario@1
  id: s
  name: {zh: 甲, en: a}
  why: 乙
  extends: baseline
  levers:
  \(levers.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n"))
  """
}

private func readerProblems(_ text: String) -> [Problem] {
  do throws(ProblemReport) {
    _ = try parseScenario(text, file: "s.yaml", id: "s")
    return []
  } catch {
    return error.problems
  }
}

@Suite struct ScenarioSchemaTests {
  @Test(arguments: Language.allCases)
  func everyShippedScenarioConforms(_ language: Language) throws {
    let check = try Check(language)
    let library = ScenarioLibrary(folder: models)
    #expect(library.scenarios.count >= 8)
    for id in library.scenarios {
      let text = try String(contentsOfFile: library.scenarioFile(id), encoding: .utf8)
      #expect(try check.accepts(JSON(parseSpec(text, file: id))), "\(id) does not conform")
    }
    let template = try scenarioTemplate("new-one", extends: "baseline", why: nil, in: library)
    #expect(try check.accepts(JSON(parseSpec(template, file: "new-one"))))
  }

  @Test func leversAreThoseOfTheRegistryWithTheirUnits() throws {
    for language in Language.allCases {
      let levers = try #require(try Check(language).root.members["properties"]?.members["levers"]?.members["properties"]?.members)
      #expect(Set(levers.keys) == Set(Lever.registry.map(\.id)))
      for lever in Lever.registry {
        let words = try #require(levers[lever.id]?.members["description"]?.string)
        #expect(words.contains(lever.unit[language]) && words.contains(lever.plausible(in: language)))
      }
    }
  }

  /// The reader lists the keys that it knows when it meets one that is near none of them.
  @Test func theKeysOfEveryOperationAreThoseOfTheReader() throws {
    func known(_ text: String) throws -> Set<String> {
      let found = readerProblems(text).first { $0.message.en == "unknown key 'qqqqqqqqqqqq'" }
      let list = try #require(found?.hint?.en.dropFirst("known keys: ".count))
      return Set(list.components(separatedBy: ", "))
    }
    let root = try Check().root
    #expect(try known(text("{}") + "\nqqqqqqqqqqqq: 1") == Set(try #require(root.members["properties"]?.members.keys)))
    for lever in Lever.registry {
      let changes = try #require(
        root.members["properties"]?.members["levers"]?.members["properties"]?.members[lever.id]?.members["items"]?.members["oneOf"]?.items)
      #expect(changes.count == LeverChange.Operation.Name.allCases.count)
      for (name, change) in zip(LeverChange.Operation.Name.allCases, changes) {
        var keys = try known(text("\(lever.id):\n  - {op: \(name.rawValue), note: x, qqqqqqqqqqqq: 1}"))
        if !lever.byPlace { keys.remove("geo") }
        if !lever.byTeam { keys.remove("team") }
        #expect(keys == Set(try #require(change.members["properties"]?.members.keys)), "\(lever.id) \(name)")
      }
    }
  }

  /// Schema and reader agree on every one of these changes, good and bad.
  @Test(
    arguments: [
      ("op: set, value: 1.1, note: x", true), ("op: set, value: 110%, note: x, from: 2025, to: 2030", true),
      ("op: set, value: 1.1, source: x, geo: beijing", true), ("op: set, value: 1.1, note: x, geo: [110000, beijing]", true),
      ("op: set, value: 1.9, note: x, force: true", true), ("op: add, value: -0.1, note: x", true),
      ("op: scale, value: 1.2, note: x, team: [U, F]", true), ("op: growth, by: 2%, from: 2025, note: x", true),
      ("op: path, values: {2025: 1, 2030: 1.15}, note: x", true), ("op: clamp, low: 0.8, high: 1.2, note: x", true),
      ("op: remove, note: x", true), ("value: 1, note: x", false), ("op: sett, value: 1, note: x", false),
      ("op: set, value: 1", false), ("op: set, note: x", false), ("op: set, by: 1, note: x", false),
      ("op: set, value: many, note: x", false), ("op: set, value: \"1.1\", note: x", false),
      ("op: set, value: 99, note: x, force: true", false), ("op: growth, by: 2%, note: x", false),
      ("op: growth, by: 12, from: 2025, note: x", false), ("op: path, values: {soon: 1}, note: x", false),
      ("op: path, values: {}, note: x", false), ("op: path, values: 3, note: x", false),
      ("op: path, values: {2025: 40}, note: x", false), ("op: clamp, low: 0.8, note: x", false),
      ("op: remove, value: 1, note: x", false), ("op: set, value: 1, note: x, frm: 2025", false),
      ("op: set, value: 1, note: x, from: 2025.5", false), ("op: set, value: 1, note: x, to: 3000", false),
      ("op: set, value: 1, note: x, force: perhaps", false), ("op: set, value: 1, note: [x]", false),
      ("op: set, value: 1, note: x, geo: {a: b}", false),
    ] as [(String, Bool)])
  func schemaAndReaderAgree(_ change: String, _ isGood: Bool) throws {
    let text = text("demand.productivity:\n  - {\(change)}")
    #expect(try Check().accepts(JSON(parseSpec(text, file: "s.yaml"))) == isGood)
    #expect(readerProblems(text).isEmpty == isGood)
  }

  @Test(arguments: ["supply.entrants:\n  - {op: set, value: 1.1, note: x, team: [U]}", "demand.nothing: []", "demand.productivity: 3"])
  func whatTheReaderRefusesOfALeverTheSchemaRefuses(_ levers: String) throws {
    #expect(try !Check().accepts(JSON(parseSpec(text(levers), file: "s.yaml"))))
    #expect(!readerProblems(text(levers)).isEmpty)
  }
}
