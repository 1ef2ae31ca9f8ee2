import Foundation
import Messages

/// Reads an intake plan.
///
/// - Throws: `ProblemReport`: `.missingInput` when there is no such file, else `.badConfiguration` with
///   every unknown key, missing key, wrong type and impossible value, each with line and column.
public func readIntakePlan(_ file: String) throws(ProblemReport) -> IntakePlanSpec {
  try parseIntakePlan(specText(file, missing: Bilingual(zh: "找不到规划文件", en: "the plan file is missing")), file: file)
}

/// Turns the text of an intake plan into values; `file` is only used in messages.
public func parseIntakePlan(_ text: String, file: String) throws(ProblemReport) -> IntakePlanSpec {
  let reading = SpecReading(file: file)
  let fields = SpecFields(try parseSpec(text, file: file), reading)
  fields.schema("talentcast/intake-plan@1")
  let sources = (fields.optional("sources").map(reading.items) ?? []).map(reading.source)
  let channels = fields.list("channels").map { reading.channel($0, sources: sources.map(\.id)) }
  if channels.isEmpty, reading.problems.isEmpty {
    reading.report("plan.no-channel", at: fields.node, Bilingual(zh: "至少需要一个渠道", en: "at least one channel is needed"))
  }
  for (k, channel) in channels.enumerated() where channels[..<k].contains(where: { $0.id == channel.id && !$0.id.isEmpty }) {
    reading.report(
      "spec.duplicate", at: channel, Bilingual(zh: "渠道“\(channel.id)”重复", en: "the channel '\(channel.id)' is given twice"))
  }
  let years = reading.planYears(fields)
  let requirements = (fields.optional("require").map(reading.items) ?? []).map { reading.requirement($0, years: years.value) }
  let plan = IntakePlanSpec(
    id: fields.text("id"), name: fields.bilingual("name"), why: fields.bilingual("why"),
    scenario: reading.located(fields, "scenario"), region: reading.located(fields, "region"),
    team: fields.optional("team").map { .init(value: reading.text($0), line: $0.line, column: $0.column) },
    years: years, goal: reading.goal(fields), channels: channels, requirements: requirements,
    budget: fields.optional("budget").map { reading.yearPath($0, in: 0...1e15) },
    uncertainty: fields.optional("uncertainty").map(reading.uncertainty), sources: sources, file: file)
  fields.close()
  try reading.finish()
  return plan
}

extension SpecReading {
  fileprivate func located(_ fields: SpecFields, _ key: String) -> IntakePlanSpec.Located<String> {
    let node = fields.required(key)
    return .init(value: node.map(text) ?? "", line: node?.line ?? 1, column: node?.column ?? 1)
  }

  fileprivate func report(_ code: String, at channel: IntakePlanSpec.Channel, _ message: Bilingual) {
    report(
      code, at: SpecNode(content: .scalar("", plain: true), line: channel.line, column: channel.column, path: "channels"),
      message)
  }

  fileprivate func planYears(_ fields: SpecFields) -> IntakePlanSpec.Located<ClosedRange<Int>> {
    guard let node = fields.required("years") else { return .init(value: 0...0, line: 1, column: 1) }
    let years = SpecFields(node, self)
    let complaints = problems.count
    let (first, last) = (years.integer("first", in: 1900...2200), years.integer("last", in: 1900...2200))
    years.close()
    if first > last, problems.count == complaints {
      report(
        "spec.years", at: node,
        Bilingual(zh: "first（\(first)）晚于 last（\(last)）", en: "`first` (\(first)) comes after `last` (\(last))"))
    }
    return .init(value: min(first, last)...max(first, last), line: node.line, column: node.column)
  }

  /// One number for every year, or numbers by year.
  fileprivate func yearPath(_ node: SpecNode, in range: ClosedRange<Double>) -> IntakePlanSpec.YearPath {
    guard case .mapping(let entries) = node.content else { return .init(points: [0: number(node, in: range)]) }
    var points: [Int: Double] = [:]
    for entry in entries {
      let value = number(entry.value, in: range)
      if let year = Int(entry.key), (1900...2200).contains(year) {
        points[year] = value
      } else {
        report("spec.value", at: entry.value, Bilingual(zh: "“\(entry.key)”不是年份", en: "'\(entry.key)' is no year"))
      }
    }
    if entries.isEmpty {
      report("spec.type", at: node, Bilingual(zh: "这里应为“年份: 值”", en: "years and values are expected here"))
    }
    return .init(points: points)
  }

  fileprivate func oneOf<Choice: RawRepresentable<String> & CaseIterable>(_ node: SpecNode, _: Choice.Type) -> Choice? {
    let word = text(node)
    if let choice = Choice(rawValue: word) { return choice }
    let known = Choice.allCases.map(\.rawValue)
    if !word.isEmpty {
      report(
        "spec.value", at: node, Bilingual(zh: "不认识“\(word)”", en: "'\(word)' is not known here"),
        hint: nearest(word, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
          ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))"))
    }
    return nil
  }

  fileprivate func goal(_ parent: SpecFields) -> IntakePlanSpec.Goal {
    guard let node = parent.required("goal") else { return .init(supply: nil, ranking: .order([])) }
    let fields = SpecFields(node, self)
    defer { fields.close() }
    let supply = fields.required("supply").flatMap { node -> IntakePlanSpec.YearPath? in
      if case .scalar("requirement", _) = node.content { return nil }
      return yearPath(node, in: 0...1e10)
    }
    if let weights = fields.optional("weights") {
      let weighed = SpecFields(weights, self)
      defer { weighed.close() }
      if fields.optional("order") != nil {
        report("plan.ranking", at: weights, Bilingual(zh: "order 与 weights 只能写一个", en: "give either `order` or `weights`"))
      }
      return .init(
        supply: supply,
        ranking: .weights(
          shortage: weighed.number("shortage", in: 0...1e12),
          surplus: weighed.optional("surplus").map { number($0, in: 0...1e12) } ?? 0))
    }
    let named = (fields.optional("order").map(items) ?? []).map { (node: $0, aim: oneOf($0, IntakePlanSpec.Aim.self)) }
    var order: [IntakePlanSpec.Aim] = []
    for (node, aim) in named {
      guard let aim else { continue }
      if order.contains(aim) {
        report("spec.duplicate", at: node, Bilingual(zh: "“\(aim.rawValue)”重复", en: "'\(aim.rawValue)' is given twice"))
      } else {
        order.append(aim)
      }
    }
    return .init(supply: supply, ranking: .order(named.isEmpty ? [.shortage, .surplus, .cost] : order))
  }

  fileprivate func channel(_ node: SpecNode, sources: [String]) -> IntakePlanSpec.Channel {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    let limit = fields.fields("capacity")
    let capacity = IntakePlanSpec.Limit(
      path: limit?.required("by").map { yearPath($0, in: 0...1e10) } ?? .init(points: [:]),
      source: limit?.text("source") ?? "", note: limit?.bilingual("note") ?? Bilingual(zh: "", en: ""))
    _ = limit?.required("evidence").map(evidence)
    limit?.close()
    let now = assumption(fields, "now", in: 0...1e10)
    let yield = assumption(fields, "yield", in: 0...1)
    let cost = fields.optional("cost").map { _ in assumption(fields, "cost", in: 0...1e12) }
    let named: [(key: String, source: String)] = [
      ("capacity", capacity.source), ("now", now.source), ("yield", yield.source), ("cost", cost?.source ?? ""),
    ]
    for (key, source) in named {
      guard !source.isEmpty, !sources.contains(source), let place = fields.optional(key) else { continue }
      report(
        "plan.unknown-source", at: place, Bilingual(zh: "sources 中没有“\(source)”", en: "`sources` has no '\(source)'"),
        hint: nearest(source, among: sources).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") })
    }
    return IntakePlanSpec.Channel(
      id: fields.text("id"), name: fields.bilingual("name"), now: now, capacity: capacity,
      least: fields.optional("least").map { yearPath($0, in: 0...1e10) } ?? .init(points: [0: 0]),
      step: fields.optional("step").map { number($0, in: 0...1e10) }, yield: yield,
      delay: fields.optional("delay").map { integer($0, in: 0...15) } ?? 0, cost: cost,
      ages: fields.optional("ages").flatMap(ages), line: node.line, column: node.column)
  }

  private func ages(_ node: SpecNode) -> ClosedRange<Int>? {
    let both = items(node).map { integer($0, in: 15...74) }
    guard both.count == 2, both[0] <= both[1] else {
      report("spec.range", at: node, Bilingual(zh: "ages 应为 [最小, 最大]", en: "`ages` is [youngest, oldest]"))
      return nil
    }
    return both[0]...both[1]
  }

  fileprivate func requirement(_ node: SpecNode, years: ClosedRange<Int>) -> IntakePlanSpec.Requirement {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    let year = fields.integer("year", in: 1900...2200)
    let least = fields.optional("at_least").map { number($0, in: 0...1e10) }
    let most = fields.optional("at_most").map { number($0, in: 0...1e10) }
    if least == nil, most == nil {
      report(
        "plan.requirement", at: node, Bilingual(zh: "请写出 at_least 或 at_most", en: "give `at_least` or `at_most`"))
    }
    if !years.contains(year), let place = fields.optional("year") {
      report(
        "spec.out-of-range", at: place,
        Bilingual(
          zh: "\(year) 不在规划期 \(years.lowerBound)—\(years.upperBound) 内",
          en: "\(year) is not among the plan's years, \(years.lowerBound) to \(years.upperBound)"))
    }
    return .init(
      measure: fields.required("measure").flatMap { oneOf($0, IntakePlanSpec.Requirement.Measure.self) } ?? .supply,
      year: year, atLeast: least, atMost: most, line: node.line, column: node.column)
  }

  fileprivate func uncertainty(_ node: SpecNode) -> IntakePlanSpec.Uncertainty {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return .init(
      aim: fields.required("minimise").flatMap { oneOf($0, IntakePlanSpec.Uncertainty.Aim.self) } ?? .expected,
      level: fields.optional("level").map { number($0, in: 0...0.99) } ?? 0.9,
      draws: fields.optional("draws").map { integer($0, in: 10...2000) } ?? 200,
      seed: UInt64(fields.optional("seed").map { integer($0, in: 0...2_000_000_000) } ?? 20_260_601))
  }
}
