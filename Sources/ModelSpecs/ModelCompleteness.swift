import Dimensions
import Messages

extension SpecReading {
  /// Parts that belong together: a model that divides a province says how, one that names regions with
  /// statistics of their own says what they follow. A model that does neither leaves them all out.
  func completeness(_ model: ModelSpec, _ root: SpecFields) {
    func demand(_ missing: Bool, _ path: String, _ why: Bilingual) {
      guard missing, let node = root.optional(String(path.prefix { $0 != "." })) else { return }
      report("spec.missing-key", at: node, path: path, Bilingual(zh: "缺少键“\(path)”：\(why.zh)", en: "the key '\(path)' is missing: \(why.en)"))
    }
    let cities = Bilingual(zh: "regions.cities 把一个省分为城市", en: "regions.cities divides a province")
    let divides = !model.regions.cityParent.text.isEmpty
    demand(divides && model.allocation.cityDrivers.isEmpty && model.evidenceFile == nil, "allocation.cities", cities)
    demand(divides && model.demand.cityGrowth.isEmpty, "demand.cities", cities)
    let separate = Bilingual(zh: "regions.separate 列有地区", en: "regions.separate names regions")
    let stands = !model.regions.separate.isEmpty
    demand(stands && model.allocation.separateDriver.isEmpty, "allocation.separate", separate)
    demand(stands && model.demand.separateGrowth.isEmpty, "demand.separate", separate)
    demand(stands && model.supply.separatePopulation.isEmpty, "supply.separate", separate)
    demand(stands && model.supply.separateExitAge.source.isEmpty, "supply.separate_exit_age", separate)
    let kinds = model.roles.map(\.count)
    let weighted = kinds.contains { if case .weighted = $0 { true } else { false } }
    if weighted, kinds.contains(.remainder), model.rest == nil, let node = root.optional("roles") {
      report(
        "spec.missing-key", at: node, path: "rest",
        Bilingual(zh: "缺少键“rest”：部分岗位按权重分摊，部分取余数", en: "the key 'rest' is missing: some roles are weighted, others take what remains"))
    }
  }

  func words(_ node: SpecNode?) -> ReportWords {
    guard let node else { return ReportWords() }
    let fields = SpecFields(node, self)
    defer { fields.close() }
    var words = ReportWords()
    words.limits = list(fields, "limits").map(bilingual)
    words.concepts = list(fields, "concepts").map { paragraph($0, text: "text") }
    words.methods = list(fields, "methods").map { paragraph($0, text: "text") }
    words.unavailable = list(fields, "unavailable").map { paragraph($0, text: "would_fill") }
    return words
  }

  private func list(_ fields: SpecFields, _ key: String) -> [SpecNode] { fields.optional(key).map(items) ?? [] }

  private func paragraph(_ node: SpecNode, text: String) -> ReportWords.Paragraph {
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return ReportWords.Paragraph(title: fields.bilingual("title"), text: fields.bilingual(text))
  }
}

/// What a report says about a workforce that no figure says: limits, concepts that are easily mixed up,
/// tables that nobody publishes.
public struct ReportWords: Sendable {
  /// A heading with a text, in both languages.
  public struct Paragraph: Sendable, Hashable {
    public let title: Bilingual
    public let text: Bilingual
  }
  public var limits: [Bilingual] = []
  public var concepts: [Paragraph] = []
  /// How this workforce is treated beyond what every run does.
  public var methods: [Paragraph] = []
  /// Title of the table; what data would fill it.
  public var unavailable: [Paragraph] = []

  public init() {}
}
