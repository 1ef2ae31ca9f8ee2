import Foundation
import Messages

/// `Models/edition.yaml`: what a yearly edition of the report is called, who issues it, and what it must
/// not show. An approval is printed only when it stands here.
public struct EditionSpec: Sendable {
  /// The header block of an approved statistical form (制表机关、批准文号…).
  public struct Approval: Sendable {
    public let formNumber: String?
    public let issuer: Bilingual?
    public let approvedBy: Bilingual?
    public let number: String?
    public let validUntil: String?
  }

  /// What is withheld as a small cell.
  public struct DisclosureRules: Sendable {
    /// Persons; 0 is off.
    public let threshold: Double
    public let protectsModelled: Bool
    public let width: Double
    /// (n, k): the largest n contributors hold at most the share k.
    public let dominance: (largest: Int, share: Double)?
    /// CSV of contributors, relative to the folder of the edition file.
    public let contributors: String?
  }

  /// nil: one year after the base year of the model.
  public let year: Int?
  public let title: Bilingual
  public let subject: Bilingual
  public let focusYear: Int?
  public let compiler: Bilingual?
  public let approval: Approval?
  public let disclosure: DisclosureRules
  /// Scenarios that the report sets beside its own, with their place in the file.
  public let compare: [(id: String, line: Int, column: Int)]

  /// When there is no edition file: words that are true of any workforce.
  public static let plain = EditionSpec(
    year: nil, title: Bilingual(zh: "{year}年人才供需统计年度报告", en: "Annual Statistical Report on Talent {year}"),
    subject: Bilingual(zh: "人才", en: "talent"), focusYear: nil, compiler: nil, approval: nil,
    disclosure: DisclosureRules(threshold: 0, protectsModelled: false, width: 0.2, dominance: nil, contributors: nil), compare: [])

  /// The title of a year's edition.
  public func title(in year: Int) -> Bilingual {
    Bilingual(zh: title.zh.replacing("{year}", with: "\(year)"), en: title.en.replacing("{year}", with: "\(year)"))
  }
}

/// Reads an edition file.
///
/// - Throws: `.badConfiguration` with every unknown key, wrong type and impossible value, each with line
///   and column.
public func readEditionSpec(_ file: String) throws(ProblemReport) -> EditionSpec {
  try parseEditionSpec(try specText(file, missing: Bilingual(zh: "找不到版本文件", en: "the edition file is missing")), file: file)
}

/// Turns the text of an edition file into values; `file` is only used in messages.
public func parseEditionSpec(_ text: String, file: String) throws(ProblemReport) -> EditionSpec {
  let reading = SpecReading(file: file)
  let fields = SpecFields(try parseSpec(text, file: file), reading)
  fields.schema("talentcast/edition-spec@1")
  let year = fields.optional("year").map { reading.integer($0, in: 1900...2200) }
  let title = fields.bilingual("title")
  let subject = fields.bilingual("subject")
  let focus = fields.optional("focus_year").map { reading.integer($0, in: 1900...2200) }
  let compiler = fields.optional("compiler").map(reading.bilingual)
  let approval = fields.optional("approval").map { reading.approval(SpecFields($0, reading)) }
  let rules = fields.optional("disclosure").map { reading.disclosure(SpecFields($0, reading)) }
  let compare = fields.optional("compare").map(reading.compared) ?? []
  fields.close()
  try reading.finish()
  return EditionSpec(
    year: year, title: title, subject: subject, focusYear: focus, compiler: compiler, approval: approval,
    disclosure: rules ?? EditionSpec.plain.disclosure, compare: compare)
}

extension SpecReading {
  fileprivate func approval(_ fields: SpecFields) -> EditionSpec.Approval {
    defer { fields.close() }
    return EditionSpec.Approval(
      formNumber: fields.optionalText("form_number"), issuer: fields.optional("issuer").map(bilingual),
      approvedBy: fields.optional("approved_by").map(bilingual), number: fields.optionalText("number"),
      validUntil: fields.optionalText("valid_until"))
  }

  fileprivate func disclosure(_ fields: SpecFields) -> EditionSpec.DisclosureRules {
    defer { fields.close() }
    var dominance: (largest: Int, share: Double)?
    if let node = fields.optional("dominance") {
      let rule = SpecFields(node, self)
      dominance = (rule.integer("largest", in: 1...100), rule.number("share", in: 0.01...0.99))
      rule.close()
    }
    let threshold = fields.optional("threshold").map { number($0, in: 0...1_000_000) } ?? 0
    let width = fields.optional("width").map { number($0, in: 0...0.9) } ?? 0.2
    return EditionSpec.DisclosureRules(
      threshold: threshold, protectsModelled: fields.optional("modelled").map(yesNo) ?? false, width: width,
      dominance: dominance, contributors: fields.optionalText("contributors"))
  }

  fileprivate func compared(_ node: SpecNode) -> [(id: String, line: Int, column: Int)] {
    var seen: Set<String> = []
    return items(node).compactMap { item in
      let id = text(item)
      if seen.insert(id).inserted { return (id, item.line, item.column) }
      report("spec.value", at: item, Bilingual(zh: "“\(id)”列了两次", en: "'\(id)' is listed twice"))
      return nil
    }
  }

  private func yesNo(_ node: SpecNode) -> Bool {
    switch text(node) {
    case "true", "yes": return true
    case "false", "no": return false
    default:
      report("spec.type", at: node, Bilingual(zh: "这里应为 true 或 false", en: "true or false is expected here"))
      return false
    }
  }
}
