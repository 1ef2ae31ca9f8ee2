import Dimensions
import Messages

/// Reads a model file.
///
/// - Throws: `ProblemReport`: `.missingInput` when there is no such file, else `.badConfiguration` with
///   every unknown key, missing key, wrong type and impossible value, each with line and column.
public func readModel(_ file: String) throws(ProblemReport) -> ModelSpec {
  let missing = Bilingual(zh: "找不到模型文件", en: "the model file is missing")
  return try parseModel(try specText(file, missing: missing), file: file).withEvidence(beside: file)
}

extension ModelSpec {
  /// The model with its evidence file read, if it names one.
  public func withEvidence(beside file: String) throws(ProblemReport) -> ModelSpec {
    guard let path = evidencePath(beside: file) else {
      let placed = roles.filter { $0.population != nil }
      guard placed.isEmpty else {
        throw ProblemReport(
          .badConfiguration,
          placed.map { role in
            Problem(
              "spec.unused", file: file, line: role.line, path: "roles.population",
              message: Bilingual(
                zh: "没有 evidence，岗位的 population 不起作用", en: "without `evidence`, the `population` of a role has no effect"))
          })
      }
      return self
    }
    let evidence = try readEvidence(path)
    try evidence.requireRoles(of: self, file: file)
    var model = self
    model.evidence = evidence
    return model
  }

  /// Path of the evidence file of a model; nil without one.
  public func evidencePath(beside file: String) -> String? {
    evidenceFile.map { name in file.lastIndex(of: "/").map { file[...$0] + name } ?? name }
  }
}

extension EvidenceSpec {
  /// What a model says and this file decides instead.
  private func unused(by model: ModelSpec, file: String) -> [Problem] {
    func problem(_ path: String, line: Int? = nil, _ message: Bilingual) -> Problem {
      Problem("spec.unused", file: file, line: line, path: path, message: message)
    }
    var problems: [Problem] = []
    for (path, drivers) in [("allocation.provinces", model.allocation.provinceDrivers), ("allocation.cities", model.allocation.cityDrivers)]
    where !drivers.isEmpty {
      problems.append(
        problem(
          path, Bilingual(zh: "有证据文件时 \(path) 不起作用：地区人数由公布数估计", en: "\(path) has no effect beside an evidence file, which estimates places")))
    }
    for role in model.roles where role.spread != nil && model.roles.count(where: { $0.population == role.population }) == 1 {
      problems.append(
        problem(
          "roles", line: role.line,
          Bilingual(
            zh: "岗位 \(role.team)·\(role.industry) 是一个总体的全部，spread 不起作用",
            en: "the role \(role.team), \(role.industry) is the whole of its population: `spread` has no effect")))
    }
    return problems
  }

  /// Every role of the model is a population of this file that makes up the stock, and every such population a role.
  fileprivate func requireRoles(of model: ModelSpec, file: String) throws(ProblemReport) {
    let known = populations.filter(\.isRole).map(\.id)
    var problems = model.roles.compactMap { role -> Problem? in
      guard !known.contains(role.population ?? "") else { return nil }
      let name = role.population ?? ""
      return Problem(
        "model.population", file: file, line: role.line, path: "roles",
        message: name.isEmpty
          ? Bilingual(
            zh: "岗位 \(role.team)·\(role.industry) 未写 population：证据文件按总体估计地区人数",
            en: "the role \(role.team), \(role.industry) has no `population`: the evidence file estimates places by population")
          : Bilingual(zh: "证据文件中没有构成存量的总体“\(name)”", en: "the evidence file has no population '\(name)' that makes up the stock"),
        hint: nearest(name, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
          ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))"))
    }
    problems += unused(by: model, file: file)
    let used = Set(model.roles.compactMap(\.population))
    problems += known.filter { !used.contains($0) }.map { name in
      Problem(
        "model.population", file: file, path: "roles",
        message: Bilingual(zh: "总体“\(name)”是存量的一部分，却没有岗位属于它", en: "the population '\(name)' is part of the stock, and no role belongs to it"))
    }
    guard problems.isEmpty else { throw ProblemReport(.badConfiguration, problems) }
  }
}

/// Turns the text of a model file into values; `file` is only used in messages.
public func parseModel(_ text: String, file: String) throws(ProblemReport) -> ModelSpec {
  let root = try parseSpec(text, file: file)
  let reading = SpecReading(file: file)
  let fields = SpecFields(root, reading)
  fields.schema("talentcast/model@1")
  let classifications = (fields.optional("classifications").map(reading.items) ?? []).map(reading.classification)
  let teams = reading.members(fields, "teams", [])
  let industries = reading.members(fields, "industries", classifications.map(\.id))
  let roles = reading.roles(fields, teams: teams.map(\.id), industries: industries.map(\.id))
  let words = reading.words(fields.optional("report"))
  let model = ModelSpec(
    id: fields.text("id"), name: fields.bilingual("name"), years: reading.years(fields.fields("years")),
    stock: reading.stock(fields.fields("stock")), regions: reading.regions(fields.fields("regions")),
    allocation: reading.allocation(fields.fields("allocation")), demand: reading.demand(fields.fields("demand")),
    supply: reading.supply(fields.fields("supply")), damping: reading.damping(fields.fields("forecaster")),
    teams: teams, industries: industries, classifications: classifications, roles: roles, rest: reading.rest(fields.optional("rest")),
    shareSpread: reading.shareSpread(fields.fields("share_spread")),
    plan: fields.optionalText("plan"), words: words, sources: fields.list("sources").map(reading.source),
    evidenceFile: fields.optionalText("evidence"))
  fields.close()
  reading.completeness(model, fields)
  reading.unique(fields.optional("teams"), teams.map(\.id))
  reading.unique(fields.optional("industries"), industries.map(\.id))
  let hasYears = if case .mapping? = fields.optional("years")?.content { true } else { false }
  reading.hubs(model, fields)
  if hasYears, model.years.history >= model.years.base || model.years.base >= model.years.last,
    let node = fields.optional("years")
  {
    reading.report(
      "spec.years", at: node,
      Bilingual(
        zh: "年份次序应为 history < base < last（现为 \(model.years.history)、\(model.years.base)、\(model.years.last)）",
        en: "years must satisfy history < base < last (now \(model.years.history), \(model.years.base), \(model.years.last))"))
  } else if hasYears, model.demand.backtest.firstOrigin >= model.years.base,
    let node = fields.optional("demand")?["backtest"]?["first_origin"]
  {
    reading.report(
      "spec.years", at: node,
      Bilingual(
        zh: "first_origin \(model.demand.backtest.firstOrigin) 应早于基年 \(model.years.base)：回测从过去的年份出发",
        en:
          "first_origin \(model.demand.backtest.firstOrigin) must lie before the base year \(model.years.base): past forecasts start from past years")
    )
  }
  try reading.finish()
  return model
}

extension SpecReading {
  fileprivate func years(_ fields: SpecFields?) -> (history: Int, base: Int, last: Int) {
    guard let fields else { return (0, 0, 0) }
    defer { fields.close() }
    return (
      fields.integer("history", in: 1900...2200), fields.integer("base", in: 1900...2200),
      fields.integer("last", in: 1900...2200)
    )
  }

  /// Teams or industries; a workforce that is not divided is one of each.
  fileprivate func members(_ fields: SpecFields, _ key: String, _ classifications: [String]) -> [ModelSpec.Member] {
    guard let node = fields.optional(key) else {
      return [ModelSpec.Member(id: "all", name: Bilingual(zh: "全部", en: "all"), codes: [:])]
    }
    let members = items(node).map { member($0, classifications) }
    if members.isEmpty {
      report(
        "spec.empty", at: node, Bilingual(zh: "\(key) 是空列表", en: "\(key) is an empty list"),
        hint: Bilingual(zh: "不分类时请删去此键", en: "leave the key out when there is one of them only"))
    }
    return members
  }

  /// The cells of teams by industries; without the key, the first team in the first industry is everybody.
  fileprivate func roles(_ fields: SpecFields, teams: [String], industries: [String]) -> [ModelSpec.Role] {
    guard let node = fields.optional("roles") else {
      return [
        ModelSpec.Role(team: teams.first ?? "all", industry: industries.first ?? "all", count: .remainder, spread: nil, population: nil, line: 0)
      ]
    }
    let roles = items(node).map { role($0, teams: teams, industries: industries) }
    if roles.isEmpty { report("spec.empty", at: node, Bilingual(zh: "roles 是空列表", en: "roles is an empty list")) }
    return roles
  }

  private func member(_ node: SpecNode, _ classifications: [String]) -> ModelSpec.Member {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    var codes: [String: [String]] = [:]
    if let node = fields.optional("codes") {
      let schemes = SpecFields(node, self)
      for id in classifications { codes[id] = schemes.optional(id).map { items($0).map(text) } }
      schemes.close()
    }
    return ModelSpec.Member(id: fields.text("id"), name: fields.bilingual("name"), codes: codes)
  }

  fileprivate func classification(_ node: SpecNode) -> ModelSpec.Classification {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return ModelSpec.Classification(
      id: fields.text("id"), name: fields.bilingual("name"), package: fields.text("package"),
      resource: fields.text("resource"), evidence: fields.required("evidence").map(evidence) ?? .assumed,
      note: fields.bilingual("note"), line: node.line)
  }

  fileprivate func unique(_ node: SpecNode?, _ ids: [String]) {
    guard let node else { return }
    for (place, id) in ids.enumerated() where ids.firstIndex(of: id) != place {
      report("spec.duplicate", at: node, Bilingual(zh: "编号“\(id)”重复", en: "the id '\(id)' appears twice"))
    }
  }

  fileprivate func stock(_ fields: SpecFields?) -> ModelSpec.Stock {
    guard let fields else { return ModelSpec.Stock(indicator: "", nation: "", name: Bilingual(zh: "", en: "")) }
    defer { fields.close() }
    return ModelSpec.Stock(indicator: fields.text("indicator"), nation: RegionCode(fields.text("nation")), name: fields.bilingual("name"))
  }

  fileprivate func regions(_ fields: SpecFields?) -> ModelSpec.Regions {
    let provinces = part(fields, "provinces")
    let cities = part(fields, "cities")
    let rest = cities?.fields("rest")
    let regions = ModelSpec.Regions(
      provinceLevel: provinces?.text("level") ?? "",
      without: codes(provinces?.optional("without")),
      cityParent: RegionCode(cities?.text("parent") ?? ""),
      rest: (RegionCode(rest?.text("code") ?? ""), rest?.bilingual("name") ?? Bilingual(zh: "", en: "")),
      separate: codes(fields?.optional("separate")), hubs: fields?.optional("hubs").map { items($0).map(hub) } ?? [])
    for part in [fields, provinces, cities, rest] { part?.close() }
    return regions
  }

  private func hub(_ node: SpecNode) -> ModelSpec.Hub {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return ModelSpec.Hub(
      id: fields.text("id"), code: RegionCode(fields.text("code")), name: fields.bilingual("name"),
      members: fields.texts("members").map { RegionCode($0) }, place: SpecPlace(file: file, node))
  }

  fileprivate func allocation(_ fields: SpecFields?) -> ModelSpec.Allocation {
    let provinces = part(fields, "provinces")
    let cities = part(fields, "cities")
    let separate = part(fields, "separate")
    let least = part(separate, "at_least")
    let nothing = Bilingual(zh: "", en: "")
    let allocation = ModelSpec.Allocation(
      provinceDrivers: provinces?.optional("drivers").map { items($0).map(text) } ?? [], provinceNote: provinces?.bilingual("note") ?? nothing,
      cityDrivers: cities?.texts("drivers") ?? [], cityNote: cities?.bilingual("note") ?? nothing,
      separateDriver: only(separate, "drivers"),
      separateLike: RegionCode(separate?.text("like") ?? ""), separateSpread: assumption(separate, "spread", in: 0...3, drawn: false),
      separateNote: separate?.bilingual("note") ?? nothing, separateLeast: byRegion(least))
    for part in [fields, provinces, cities, separate, least] { part?.close() }
    return allocation
  }

  fileprivate func demand(_ fields: SpecFields?) -> ModelSpec.Demand {
    let driver = fields?.fields("driver")
    let backtest = fields?.fields("backtest")
    let separate = part(fields, "separate")
    let demand = ModelSpec.Demand(
      baseGap: assumption(fields, "base_gap", in: -0.9...9), proxy: fields?.text("proxy") ?? "",
      driver: driver?.text("indicator") ?? "", elasticity: assumption(driver, "elasticity", in: -5...5),
      cityGrowth: fields?.optionalText("cities") ?? "", separateGrowth: byRegion(separate),
      backtest: (
        backtest?.integer("first_origin", in: 1900...2200) ?? 0, backtest?.integer("horizon", in: 1...20) ?? 1,
        backtest?.optional("panels").map { items($0).map(text) } ?? []
      ), methods: fields?.optional("methods").map { items($0).map(demandMethod) } ?? [])
    for part in [fields, driver, backtest, separate] { part?.close() }
    return demand
  }

  private func demandMethod(_ node: SpecNode) -> ModelSpec.Demand.Method {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    let kinds = ModelSpec.Demand.Method.Kind.allCases.map(\.rawValue)
    let kind = fields.text("kind")
    known(kind, among: kinds, at: fields.optional("kind"))
    return ModelSpec.Demand.Method(
      kind: ModelSpec.Demand.Method.Kind(rawValue: kind) ?? .driver, indicator: fields.text("indicator"),
      isPolicyDriven: fields.optional("policy").map(flag) ?? false)
  }

  private func byRegion(_ fields: SpecFields?) -> [RegionCode: String] {
    var texts: [RegionCode: String] = [:]
    for key in fields?.keys ?? [] { texts[RegionCode(key)] = fields?.text(key) }
    return texts
  }

  fileprivate func supply(_ fields: SpecFields?) -> ModelSpec.Supply {
    let retirement = fields?.fields("retirement")
    let entrants = fields?.fields("entrants")
    let separate = part(fields, "separate")
    let ages = fields?.optional("ages").map { SpecFields($0, self) }
    let licence = fields?.optional("licence").map { SpecFields($0, self) }
    let supply = ModelSpec.Supply(
      entryAge: assumption(fields, "entry_age", in: 15...60),
      femaleShare: assumption(fields, "female_share", in: 0...1, drawn: false), mortality: fields?.text("mortality") ?? "",
      retirement: (retirement?.text("male") ?? "", retirement?.text("female") ?? ""),
      transferOut: assumption(fields, "transfer_out", in: 0...0.9), separatePopulation: byRegion(separate),
      separateExitAge: assumption(
        fields?.optional("separate_exit_age") == nil ? nil : fields, "separate_exit_age", in: 40...90,
        drawn: false),
      licence: licence.map {
        ModelSpec.Licence(practising: $0.text("practising"), qualified: $0.text("qualified"), passes: $0.text("passes"))
      },
      ages: ages.map { ($0.text("package"), $0.text("resource")) },
      response: fields?.optional("response") == nil ? nil : assumption(fields, "response", in: 0...1),
      entrantsFollow: entrants?.text("follow") ?? "", entrantsVolatility: entrants?.text("volatility") ?? "")
    for part in [fields, retirement, entrants, separate, ages, licence] { part?.close() }
    return supply
  }

  fileprivate func damping(_ fields: SpecFields?) -> Double {
    guard let fields else { return 0.9 }
    defer { fields.close() }
    return fields.number("damping", in: 0...1)
  }

  private func role(_ node: SpecNode, teams: [String], industries: [String]) -> ModelSpec.Role {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    let (team, industry) = (fields.text("team"), fields.text("industry"))
    known(team, among: teams, at: fields.optional("team"))
    known(industry, among: industries, at: fields.optional("industry"))
    let (count, less, rest) = (fields.optionalText("count"), fields.optionalText("less"), fields.optionalText("rest"))
    if count != nil, rest != nil {
      report(
        "spec.conflict", at: node,
        Bilingual(zh: "count 与 rest 只能写一个", en: "give either count or rest, not both"))
    }
    return ModelSpec.Role(
      team: team, industry: industry,
      count: count.map { .published(indicator: $0, less: less) } ?? rest.map { .weighted(indicator: $0) } ?? .remainder,
      spread: fields.optionalText("spread"), population: fields.optionalText("population"), line: node.line)
  }

  private func known(_ id: String, among ids: [String], at node: SpecNode?) {
    guard let node, !id.isEmpty, !ids.contains(id) else { return }
    report(
      "spec.unknown-id", at: node, Bilingual(zh: "未声明的编号“\(id)”", en: "'\(id)' is not declared"),
      hint: nearest(id, among: ids).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") })
  }

  fileprivate func rest(_ node: SpecNode?) -> ModelSpec.Rest? {
    guard let node else { return nil }
    let fields = SpecFields(node, self)
    defer { fields.close() }
    guard let share = fields.fields("share") else { return nil }
    defer { share.close() }
    return ModelSpec.Rest(
      numerator: share.text("numerator"), denominator: share.text("denominator"),
      year: share.integer("year", in: 1900...2200), note: fields.bilingual("note"))
  }

  /// A part that a simpler workforce leaves out.
  private func part(_ fields: SpecFields?, _ key: String) -> SpecFields? {
    fields?.optional(key).map { SpecFields($0, self) }
  }

  private func codes(_ node: SpecNode?) -> [RegionCode] { node.map { items($0).map { RegionCode(text($0)) } } ?? [] }

  fileprivate func shareSpread(_ fields: SpecFields?) -> [Evidence: Double] {
    guard let fields else { return [:] }
    defer { fields.close() }
    return Dictionary(uniqueKeysWithValues: Evidence.allCases.map { ($0, fields.number($0.rawValue, in: 0...3)) })
  }

  func source(_ node: SpecNode) -> SpecSource {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return SpecSource(id: fields.text("id"), title: fields.bilingual("title"), publisher: fields.bilingual("publisher"))
  }

  /// The one text of a list; others would be read and not used.
  private func only(_ parent: SpecFields?, _ key: String) -> String {
    let texts = parent?.texts(key) ?? []
    if texts.count > 1, let node = parent?.optional(key) {
      report(
        "spec.unused", at: node,
        Bilingual(zh: "\(key) 只用一个指标，这里有 \(texts.count) 个", en: "\(key) uses one series, and there are \(texts.count)"),
        hint: Bilingual(zh: "只留一个", en: "leave one of them"))
    }
    return texts.first ?? ""
  }

  /// A number with range, grade, source and note; low and high come together and enclose the value.
  ///
  /// - Parameter drawn: whether the model draws the number; a range of one that it does not would mean nothing.
  func assumption(_ parent: SpecFields?, _ key: String, in range: ClosedRange<Double>, drawn: Bool = true) -> Assumption {
    guard let parent, let node = parent.required(key) else {
      return Assumption(
        value: range.lowerBound, range: nil, evidence: .assumed, source: "", note: Bilingual(zh: "", en: ""), path: key,
        line: 0)
    }
    let fields = SpecFields(node, self)
    defer { fields.close() }
    let complaints = problems.count
    let value = fields.number("value", in: range)
    let low = fields.optional("low").map { number($0, in: range) }
    let high = fields.optional("high").map { number($0, in: range) }
    var interval: ClosedRange<Double>?
    if !drawn, let node = fields.optional("low") ?? fields.optional("high") {
      report(
        "spec.unused", at: node,
        Bilingual(zh: "\(key) 不作抽样，区间不起作用", en: "\(key) is not drawn: a range of it has no effect"),
        hint: Bilingual(zh: "删去 low 和 high；要看其影响，请换 value 再运行", en: "leave out low and high; to see what it does, run with another value"))
    }
    if let low, let high, low <= value, value <= high {
      interval = low...high
    } else if low != nil || high != nil, problems.count == complaints {
      report(
        "spec.range", at: node,
        Bilingual(
          zh: "low 与 high 应成对出现，且 low ≤ value ≤ high", en: "low and high come together, with low ≤ value ≤ high"))
    }
    return Assumption(
      value: value, range: interval, evidence: fields.required("evidence").map(evidence) ?? .assumed,
      source: fields.text("source"), note: fields.bilingual("note"), path: node.path, line: node.line)
  }
}
