import Dimensions
import Messages

/// An evidence file: which populations figures are published about, and what is assumed before any is read.
public struct EvidenceSpec: Sendable {
  /// Populations that share what a place has beyond its drivers.
  public struct Family: Sendable {
    public let id: String
    public let name: Bilingual
    /// Standard deviations of logs: of a place, of a place in one population, of a year's step.
    public let placeSD: Double
    public let populationSD: Double
    public let walkSD: Double
    public let drivers: [String]
    /// The only places that have any of the family, alike before a fact is read; empty: all places, by the drivers.
    public let sites: [RegionCode]
  }

  /// Where the national number of a population comes from.
  public enum National: Sendable, Equatable {
    case indicator(String)
    /// The enterprises' share of the stock.
    case enterprises
    /// What the stock has beyond all others.
    case rest
  }

  /// A kind of people, firms or offices.
  public struct Population: Sendable {
    public let id: String
    public let name: Bilingual
    public let family: String
    public let national: National
    /// Part of what is forecast; else a kindred population.
    public let isRole: Bool
    /// Years of a full panel that are taken; empty: every published figure.
    public let panel: [Int]
  }

  /// A place that figures are printed for and that is a sum of others.
  public struct Aggregate: Sendable {
    public let code: RegionCode
    public let members: [RegionCode]
    /// `equal`, `at-least`, `at-most` or `about`: how its figure binds the sum of the members.
    public let relation: String
  }

  /// A place that is forecast by its parts: what is published of the stock of a part speaks of the whole too.
  public struct Division: Sendable {
    public let of: RegionCode
    public let places: [RegionCode]
    /// What no listed part covers.
    public let rest: RegionCode
    public let drivers: [String]
    /// Standard deviations of logs: of a part beyond its drivers, and of a year's step.
    public let placeSD: Double
    public let walkSD: Double
  }

  public let id: String
  public let name: Bilingual
  public let nation: RegionCode
  public let level: String
  public let without: [RegionCode]
  public let years: ClosedRange<Int>
  /// Figures after it are predicted from those up to it, to see how well that goes.
  public let cut: Int
  /// Least standard deviation of a log, by grade.
  public let floor: [Evidence: Double]
  public let interpolated: Double
  /// The same of a national number carried beyond the last published year, for the square root of a year.
  public let carried: Double
  /// Tables of facts beside the observations; nil without one.
  public let factTable: (package: String, resource: String)?
  public let division: Division?
  public let sharedWeightSD: Double
  public let ownWeightSD: Double
  public let familyCorrelation: Assumption
  public let uncounted: Assumption
  public let families: [Family]
  public let populations: [Population]
  public let stock: String
  public let enterprises: Assumption
  public let aggregates: [Aggregate]
  public let sources: [SpecSource]
}

extension EvidenceSpec {
  /// Series that populations are counted by.
  public var indicators: [String] {
    populations.compactMap { if case .indicator(let id) = $0.national { id } else { nil } }
  }
}

/// Reads an evidence file.
///
/// - Throws: `.missingInput` when there is no such file, else `.badConfiguration` with every problem, its line and column.
public func readEvidence(_ file: String) throws(ProblemReport) -> EvidenceSpec {
  try parseEvidence(specText(file, missing: Bilingual(zh: "找不到证据文件", en: "the evidence file is missing")), file: file)
}

/// Turns the text of an evidence file into values; `file` is only used in messages.
public func parseEvidence(_ text: String, file: String) throws(ProblemReport) -> EvidenceSpec {
  let reading = SpecReading(file: file)
  let fields = SpecFields(try parseSpec(text, file: file), reading)
  fields.schema("talentcast/evidence-model@1")
  let places = fields.fields("places")
  let years = fields.fields("years")
  let (first, last) = (years?.integer("first", in: 1900...2200) ?? 0, years?.integer("last", in: 1900...2200) ?? 0)
  if let years, last < first, reading.problems.isEmpty {
    reading.report("spec.years", at: years.node, Bilingual(zh: "last 应不早于 first", en: "last comes no earlier than first"))
  }
  let weights = fields.fields("weights")
  let composition = fields.fields("composition")
  let floors = fields.fields("floor")
  let table = fields.optional("facts").map { SpecFields($0, reading) }
  var floor: [Evidence: Double] = [:]
  for grade in Evidence.allCases {
    floor[grade] = floors?.number(grade.rawValue, in: 1e-6...2) ?? 0.01
  }
  let spec = EvidenceSpec(
    id: fields.text("id"), name: fields.bilingual("name"), nation: RegionCode(fields.text("nation")),
    level: places?.text("level") ?? "", without: (places?.texts("without") ?? []).map { RegionCode($0) },
    years: first...max(first, last), cut: years?.integer("cut", in: 1900...2200) ?? 0, floor: floor,
    interpolated: fields.number("interpolated", in: 0...1),
    carried: fields.number("carried", in: 0...1), factTable: table.map { ($0.text("package"), $0.text("resource")) },
    division: fields.optional("division").map(reading.evidenceDivision),
    sharedWeightSD: weights?.number("shared_sd", in: 0...5) ?? 0, ownWeightSD: weights?.number("own_sd", in: 0...5) ?? 0,
    familyCorrelation: reading.assumption(fields, "family_correlation", in: 0...0.95),
    uncounted: reading.assumption(fields, "uncounted", in: 0.1...10), families: reading.evidenceFamilies(fields),
    populations: reading.evidencePopulations(fields), stock: composition?.text("stock") ?? "",
    enterprises: reading.assumption(composition, "enterprises", in: 0...1), aggregates: reading.evidenceAggregates(fields),
    sources: (fields.optional("sources").map(reading.items) ?? []).map(reading.source))
  reading.requireKnown(spec, fields)
  for part in [places, years, weights, composition, floors, table] { part?.close() }
  fields.close()
  try reading.finish()
  return spec
}

extension SpecReading {
  fileprivate func evidenceFamilies(_ parent: SpecFields) -> [EvidenceSpec.Family] {
    parent.list("families").map { node in
      let fields = SpecFields(node, self)
      defer { fields.close() }
      return EvidenceSpec.Family(
        id: fields.text("id"), name: fields.bilingual("name"), placeSD: fields.number("place_sd", in: 1e-4...10),
        populationSD: fields.number("population_sd", in: 1e-4...10), walkSD: fields.number("walk_sd", in: 0...5),
        drivers: (fields.optional("drivers").map(items) ?? []).map(text),
        sites: (fields.optional("sites").map(items) ?? []).map { RegionCode(text($0)) })
    }
  }

  fileprivate func evidenceDivision(_ node: SpecNode) -> EvidenceSpec.Division {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return EvidenceSpec.Division(
      of: RegionCode(fields.text("of")), places: fields.texts("places").map { RegionCode($0) }, rest: RegionCode(fields.text("rest")),
      drivers: fields.texts("drivers"), placeSD: fields.number("place_sd", in: 1e-4...10), walkSD: fields.number("walk_sd", in: 0...5))
  }

  fileprivate func evidencePopulations(_ parent: SpecFields) -> [EvidenceSpec.Population] {
    parent.list("populations").map { node in
      let fields = SpecFields(node, self)
      defer { fields.close() }
      let indicator = fields.optionalText("indicator")
      let (share, rest) = (fields.optionalText("share") == "true", fields.optionalText("rest") == "true")
      if [indicator != nil, share, rest].count(where: { $0 }) != 1 {
        report(
          "evidence.national", at: node,
          Bilingual(zh: "indicator、share: true、rest: true 三者须有且只有一个", en: "one of indicator, share: true, rest: true is needed, and only one"))
      }
      return EvidenceSpec.Population(
        id: fields.text("id"), name: fields.bilingual("name"), family: fields.text("family"),
        national: indicator.map { .indicator($0) } ?? (share ? .enterprises : .rest),
        isRole: fields.optionalText("role") == "true",
        panel: (fields.optional("panel").map(items) ?? []).map { integer($0, in: 1900...2200) })
    }
  }

  fileprivate func evidenceAggregates(_ parent: SpecFields) -> [EvidenceSpec.Aggregate] {
    (parent.optional("aggregates").map(items) ?? []).map { node in
      let fields = SpecFields(node, self)
      defer { fields.close() }
      let relation = fields.text("relation")
      let known = ["equal", "about", "at-least", "at-most"]
      if !known.contains(relation), let place = fields.optional("relation") {
        report(
          "spec.value", at: place, Bilingual(zh: "不认识的关系“\(relation)”", en: "unknown relation '\(relation)'"),
          hint: nearest(relation, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
            ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))"))
      }
      return EvidenceSpec.Aggregate(
        code: RegionCode(fields.text("code")), members: fields.texts("members").map { RegionCode($0) }, relation: relation)
    }
  }

  /// Families that populations name, and sources that assumptions name.
  fileprivate func requireKnown(_ spec: EvidenceSpec, _ fields: SpecFields) {
    let known = spec.families.map(\.id)
    for (at, population) in spec.populations.enumerated() where !known.contains(population.family) {
      let node = fields.optional("populations").map(items)?[at] ?? fields.node
      report(
        "evidence.family", at: node, Bilingual(zh: "没有族“\(population.family)”", en: "there is no family '\(population.family)'"),
        hint: nearest(population.family, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") })
    }
    for (at, family) in spec.families.enumerated() where family.drivers.isEmpty == family.sites.isEmpty {
      let node = fields.optional("families").map(items)?[at] ?? fields.node
      report(
        "evidence.drivers", at: node,
        Bilingual(zh: "族“\(family.id)”须写 drivers 或 sites，且只写一个", en: "the family '\(family.id)' takes drivers or sites, one of them"))
    }
    let sources = spec.sources.map(\.id)
    for assumption in [spec.familyCorrelation, spec.uncounted, spec.enterprises]
    where !assumption.source.isEmpty && !sources.contains(assumption.source) {
      report(
        "spec.unknown-source",
        at: SpecNode(content: .scalar("", plain: true), line: assumption.line, column: 1, path: assumption.path),
        Bilingual(zh: "sources 中没有“\(assumption.source)”", en: "`sources` has no '\(assumption.source)'"))
    }
  }
}
