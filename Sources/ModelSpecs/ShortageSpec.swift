import Dimensions
import Foundation
import Messages

/// `Models/shortage.yaml`: how the catalogue of roles in short supply rates and explains.
public struct ShortageSpec: Sendable {
  /// Weights of the parts of the index; sum to 1.
  public struct Weights: Sendable, Equatable {
    public let ratio: Double
    public let size: Double
    public let pressure: Double
  }

  /// From which share on something counts as a reason.
  public struct Reasons: Sendable, Equatable {
    public let expansion: Double
    public let outflow: Double
    public let training: Double
  }

  /// What a regulation asks of a role.
  public struct Requirement: Sendable {
    public let team: String
    public let industry: String
    public let title: Bilingual
    public let education: Bilingual?
    public let qualification: Bilingual?
    public let years: Int?
    public let source: String
  }

  public var year: Int
  /// Persons of supply below which a role is not rated.
  public let smallest: Double
  public let weights: Weights
  public let evidence: Evidence
  public let source: String
  public let note: Bilingual
  /// Lower bounds of two to five stars, ascending.
  public let stars: [Double]
  public let reasons: Reasons
  public let requirements: [Requirement]

  /// One to five.
  public func stars(of index: Double) -> Int { 1 + stars.count { index >= $0 } }
}

/// Reads a shortage file.
///
/// - Throws: `.badConfiguration` with every problem, its line and column.
public func readShortageSpec(_ file: String) throws(ProblemReport) -> ShortageSpec {
  try parseShortageSpec(try specText(file, missing: Bilingual(zh: "找不到急需紧缺目录文件", en: "the shortage file is missing")), file: file)
}

/// Turns the text of a shortage file into values; `file` is only used in messages.
public func parseShortageSpec(_ text: String, file: String) throws(ProblemReport) -> ShortageSpec {
  let reading = SpecReading(file: file)
  let fields = SpecFields(try parseSpec(text, file: file), reading)
  fields.schema("talentcast/shortage-spec@1")
  let year = fields.integer("year", in: 1900...2200)
  let smallest = fields.number("smallest", in: 0...1_000_000)
  let weights = reading.weights(fields)
  let evidence = fields.required("evidence").map(reading.evidence) ?? .assumed
  let source = fields.text("source")
  let note = fields.bilingual("note")
  let stars = reading.stars(fields)
  let reasons = reading.reasons(fields)
  let requirements = fields.optional("roles").map { reading.items($0).map { reading.requirement(SpecFields($0, reading)) } }
  fields.close()
  try reading.finish()
  return ShortageSpec(
    year: year, smallest: smallest, weights: weights, evidence: evidence, source: source, note: note, stars: stars,
    reasons: reasons, requirements: requirements ?? [])
}

extension SpecReading {
  fileprivate func weights(_ parent: SpecFields) -> ShortageSpec.Weights {
    guard let node = parent.required("weights") else { return ShortageSpec.Weights(ratio: 1, size: 0, pressure: 0) }
    let fields = SpecFields(node, self)
    let weights = ShortageSpec.Weights(
      ratio: fields.number("ratio", in: 0...1), size: fields.number("size", in: 0...1),
      pressure: fields.number("pressure", in: 0...1))
    fields.close()
    let sum = weights.ratio + weights.size + weights.pressure
    if abs(sum - 1) > 1e-9 {
      report(
        "shortage.weights", at: node,
        Bilingual(zh: "权重之和为 \(sum)，应为 1", en: "the weights add up to \(sum), not 1"))
    }
    return weights
  }

  fileprivate func stars(_ fields: SpecFields) -> [Double] {
    guard let node = fields.required("stars") else { return [] }
    let bounds = items(node).map { number($0, in: 0...1) }
    if bounds.count != 4 || zip(bounds, bounds.dropFirst()).contains(where: { $0 >= $1 }) {
      report(
        "shortage.stars", at: node,
        Bilingual(zh: "应有四个递增的分点，为二星至五星的下限", en: "four ascending bounds are expected, for two to five stars"))
    }
    return bounds
  }

  fileprivate func reasons(_ parent: SpecFields) -> ShortageSpec.Reasons {
    guard let node = parent.required("reasons") else { return ShortageSpec.Reasons(expansion: 1, outflow: 1, training: 1) }
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return ShortageSpec.Reasons(
      expansion: fields.number("expansion", in: 0...1), outflow: fields.number("outflow", in: 0...1),
      training: fields.number("training", in: 0...10))
  }

  fileprivate func requirement(_ fields: SpecFields) -> ShortageSpec.Requirement {
    defer { fields.close() }
    return ShortageSpec.Requirement(
      team: fields.text("team"), industry: fields.text("industry"), title: fields.bilingual("title"),
      education: fields.optional("education").map(bilingual),
      qualification: fields.optional("qualification").map(bilingual),
      years: fields.optional("years").map { integer($0, in: 0...50) }, source: fields.text("source"))
  }
}
