import Messages

/// What a number in a scenario may be before its lever is asked.
enum ScenarioLimits {
  static let amount = -1e12...1e12
  /// Yearly, as a share: from losing nearly all to tenfold.
  static let growth = -0.99...9.0
  static let years = 1900...2200
}

/// One scenario file, before inheritance.
struct ScenarioFile: Sendable {
  let name: Bilingual
  let why: Bilingual
  let parent: String
  let parentLine: Int
  let parentColumn: Int
  let includes: [(id: String, line: Int, column: Int)]
  let changes: [LeverChange]
  let selectors: [ScenarioSelector]
}

/// The kind and version of file that a scenario is.
let scenarioSchemaName = "talentcast/scenario@1"

/// Reads a scenario file as far as it can be read, with every problem of its own.
///
/// - Throws: `ProblemReport` where there is no YAML to read at all.
func readScenario(_ file: String, id: String) throws(ProblemReport) -> (file: ScenarioFile, problems: [Problem]) {
  let missing = Bilingual(zh: "无法读取情景文件", en: "the scenario file cannot be read")
  let reading = SpecReading(file: file)
  let scenario = reading.scenario(SpecFields(try parseSpec(try specText(file, missing: missing), file: file), reading), id: id)
  return (scenario, reading.inOrder)
}

/// Turns the text of a scenario file into values.
///
/// - Throws: `ProblemReport(.badConfiguration)` with every unknown key or lever, missing key, wrong type
///   and impossible value, each with line and column.
func parseScenario(_ text: String, file: String, id: String) throws(ProblemReport) -> ScenarioFile {
  let reading = SpecReading(file: file)
  let scenario = reading.scenario(SpecFields(try parseSpec(text, file: file), reading), id: id)
  try reading.finish()
  return scenario
}

extension SpecReading {
  func scenario(_ fields: SpecFields, id: String) -> ScenarioFile {
    defer { fields.close() }
    head(fields, id: id)
    let parent = fields.required("extends")
    var changes: [LeverChange] = []
    var selectors: [ScenarioSelector] = []
    // `levers:` with nothing after it changes nothing, so that the skeleton's examples can be uncommented.
    let levers = fields.required("levers").flatMap { $0.isNull ? nil : SpecFields($0, self) }
    for entry in levers?.entries ?? [] {
      guard let lever = Lever.named(entry.key) else {
        report(
          unknown: entry.key, line: entry.line, column: entry.column, path: "levers.\(entry.key)",
          known: Lever.registry.map(\.id))
        continue
      }
      changes += items(entry.value).compactMap { change($0, lever: lever, selectors: &selectors) }
    }
    return ScenarioFile(
      name: fields.bilingual("name"), why: fields.bilingual("why"), parent: parent.map(text) ?? "",
      parentLine: parent?.line ?? 1, parentColumn: parent?.column ?? 1,
      includes: (fields.optional("include").map(items) ?? []).map { (text($0), $0.line, $0.column) },
      changes: changes, selectors: selectors)
  }

  private func head(_ fields: SpecFields, id: String) {
    fields.schema(scenarioSchemaName)
    let own = fields.text("id")
    if !own.isEmpty, own != id, let node = fields.optional("id") {
      report(
        "scenario.id", at: node, Bilingual(zh: "id“\(own)”应与文件名“\(id)”相同", en: "the id '\(own)' must equal the file name '\(id)'"))
    }
  }

  fileprivate func change(_ node: SpecNode, lever: Lever, selectors: inout [ScenarioSelector]) -> LeverChange? {
    let fields = SpecFields(node, self)
    guard case .mapping = node.content else { return nil }
    defer { fields.close() }
    let forced = fields.optional("force").map(flag) ?? false
    func value(_ key: String) -> Double {
      let complaints = problems.count
      let value = fields.number(key, in: ScenarioLimits.amount)
      if let node = fields.optional(key), problems.count == complaints {
        check(value, lever, forced: forced, at: node)
      }
      return value
    }
    func free(_ key: String) -> Double { fields.number(key, in: ScenarioLimits.amount) }
    let name = fields.text("op")
    let operation: LeverChange.Operation?
    switch LeverChange.Operation.Name(rawValue: name) {
    case .set: operation = .set(value("value"))
    case .add: operation = .add(free("value"))
    case .scale: operation = .scale(free("value"))
    case .growth: operation = .growth(fields.number("by", in: ScenarioLimits.growth))
    case .path: operation = fields.required("values").map { .path(path($0, lever, forced: forced)) }
    case .clamp:
      let (low, high) = (value("low"), value("high"))
      if low > high {
        report(
          "scenario.clamp", at: node, path: "\(node.path).low",
          Bilingual(zh: "low \(plain(low)) 大于 high \(plain(high))", en: "low \(plain(low)) is above high \(plain(high))"))
      }
      operation = .clamp(low: low, high: high)
    case .remove: operation = .remove
    case nil:
      operation = nil
      for key in LeverChange.Operation.Name.allKeys { _ = fields.optional(key) }
      if !name.isEmpty, let node = fields.optional("op") {
        let known = LeverChange.Operation.Name.allCases.map(\.rawValue)
        report(
          "spec.value", at: node, Bilingual(zh: "未知的操作“\(name)”", en: "unknown operation '\(name)'"),
          hint: nearest(name, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
            ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))"))
      }
    }
    let years = ScenarioLimits.years
    let first = fields.optional("from").map { integer($0, in: years) } ?? years.lowerBound
    let last = fields.optional("to").map { integer($0, in: years) } ?? years.upperBound
    if first > last {
      report(
        "scenario.years", at: node, path: "\(node.path).from", Bilingual(zh: "from \(first) 晚于 to \(last)", en: "from \(first) is after to \(last)"))
    }
    if name == "growth", fields.optional("from") == nil {
      report("spec.missing-key", at: node, path: "\(node.path).from", Bilingual(zh: "growth 需要 from", en: "growth needs `from`"))
    }
    let places = selection(fields.optional("geo"), .geo, allowed: lever.byPlace, lever: lever)
    if lever.kind == .persons, fields.optional("geo") == nil, ["set", "add", "path"].contains(name) {
      report(
        "spec.missing-key", at: node, path: "\(node.path).geo",
        Bilingual(
          zh: "\(lever.id) 需要 geo：人在全国之内迁移，须说明迁入或迁出哪里",
          en: "\(lever.id) needs `geo`: people move within the nation, so a place must gain or lose them"))
    }
    let teams = selection(fields.optional("team"), .team, allowed: lever.byTeam, lever: lever)
    selectors += places + teams
    let source = fields.optionalText("source") ?? ""
    let note = fields.optionalText("note") ?? ""
    if source.isEmpty, note.isEmpty {
      report(
        "scenario.no-source", at: node, path: "\(node.path).note",
        Bilingual(zh: "缺少 source 或 note：每个改动都要说明依据", en: "source or note is missing: every change states its authority"))
    }
    guard let operation else { return nil }
    return LeverChange(
      lever: lever, operation: operation, years: min(first, last)...max(first, last), places: places.map(\.text),
      teams: teams.map(\.text), source: source, note: note, origin: "\(file):\(node.line)", column: node.column, forced: forced)
  }

  private func path(_ node: SpecNode, _ lever: Lever, forced: Bool) -> [Int: Double] {
    guard case .mapping(let entries) = node.content, !entries.isEmpty else {
      report("spec.type", at: node, Bilingual(zh: "这里应为“年份: 值”", en: "years and values are expected here"))
      return [:]
    }
    var points: [Int: Double] = [:]
    for entry in entries {
      let complaints = problems.count
      let value = number(entry.value, in: ScenarioLimits.amount)
      if problems.count == complaints { check(value, lever, forced: forced, at: entry.value) }
      if let year = Int(entry.key), ScenarioLimits.years.contains(year) {
        if points.updateValue(value, forKey: year) != nil {
          report("spec.duplicate", at: entry.value, Bilingual(zh: "年份 \(year) 重复", en: "the year \(year) appears twice"))
        }
      } else {
        report("spec.value", at: entry.value, Bilingual(zh: "“\(entry.key)”不是年份", en: "'\(entry.key)' is no year"))
      }
    }
    return points
  }

  func flag(_ node: SpecNode) -> Bool {
    switch text(node) {
    case "true": return true
    case "false": return false
    default:
      report("spec.type", at: node, Bilingual(zh: "这里应为 true 或 false", en: "true or false is expected here"))
      return false
    }
  }

  private func check(_ value: Double, _ lever: Lever, forced: Bool, at node: SpecNode) {
    if !lever.domain.contains(value) {
      report(
        "scenario.impossible", at: node,
        Bilingual(
          zh: "\(lever.id) 不可能为 \(plain(value))（范围 \(plain(lever.domain.lowerBound))～\(plain(lever.domain.upperBound))）",
          en: "\(lever.id) cannot be \(plain(value)) (range \(plain(lever.domain.lowerBound))...\(plain(lever.domain.upperBound)))"))
    } else if lever.kind != .persons, !lever.plausible.contains(value), !forced {
      report(
        "scenario.implausible", at: node,
        Bilingual(
          zh: "\(lever.id) = \(plain(value)) 超出合理范围 \(plain(lever.plausible.lowerBound))～\(plain(lever.plausible.upperBound))",
          en:
            "\(lever.id) = \(plain(value)) is outside the plausible range \(plain(lever.plausible.lowerBound))...\(plain(lever.plausible.upperBound))"
        ),
        hint: Bilingual(zh: "确需如此请写 force: true", en: "write `force: true` if you mean it"))
    }
  }

  private func selection(
    _ node: SpecNode?, _ kind: ScenarioSelector.Kind, allowed: Bool, lever: Lever
  ) -> [ScenarioSelector] {
    guard let node else { return [] }
    guard allowed else {
      report(
        "scenario.selector", at: node,
        Bilingual(zh: "\(lever.id) 不能按 \(kind.rawValue) 选择", en: "\(lever.id) cannot be selected by \(kind.rawValue)"))
      return []
    }
    let nodes = if case .scalar = node.content { [node] } else { items(node) }
    return nodes.compactMap {
      let name = text($0)
      return name.isEmpty
        ? nil : ScenarioSelector(kind: kind, text: name, file: file, line: $0.line, column: $0.column, path: $0.path)
    }
  }
}
