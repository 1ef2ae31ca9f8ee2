import Datasets
import Dimensions
import Messages
import ModelSpecs
import Tables

/// The model's industries beside the published classifications it declares.
public struct IndustryCrosswalk: Sendable {
  /// A class of a published classification, by code and name.
  public struct Class: Sendable, Hashable {
    public let code: String
    public let name: Bilingual
  }

  /// An industry of the model with the classes it corresponds to.
  public struct Row: Sendable {
    public let industry: ModelSpec.Member
    /// One list a classification, in the model's order; empty where the group has no counterpart.
    public let classes: [[Class]]
  }

  public let classifications: [ModelSpec.Classification]
  public let rows: [Row]
  /// Classes that several groups share, by classification: figures of such a class cannot be told apart by it.
  public let shared: [[Class]]

  /// - Throws: `.badConfiguration`: tables that do not exist, codes they do not have, with the nearest.
  public init(_ model: ModelSpec, catalogue: Catalogue) throws(ProblemReport) {
    var problems: [Problem] = []
    var tables: [[String: Bilingual]] = []
    for scheme in model.classifications {
      do throws(ProblemReport) {
        tables.append(try IndustryCrosswalk.names(scheme, catalogue))
      } catch {
        problems += error.problems
        tables.append([:])
      }
    }
    var rows: [Row] = []
    for industry in model.industries {
      var classes: [[Class]] = []
      for (scheme, names) in zip(model.classifications, tables) {
        var found: [Class] = []
        for code in industry.codes[scheme.id] ?? [] {
          if let name = names[code] {
            found.append(Class(code: code, name: name))
          } else if !names.isEmpty {
            problems.append(IndustryCrosswalk.unknown(code, industry, scheme, names))
          }
        }
        classes.append(found)
      }
      rows.append(Row(industry: industry, classes: classes))
    }
    guard problems.isEmpty else { throw ProblemReport(.badConfiguration, problems) }
    classifications = model.classifications
    self.rows = rows
    shared = model.classifications.indices.map { at in
      var seen: Set<Class> = []
      var twice: [Class] = []
      for row in rows { for one in row.classes[at] where !seen.insert(one).inserted && !twice.contains(one) { twice.append(one) } }
      return twice
    }
  }

  private static func names(_ scheme: ModelSpec.Classification, _ catalogue: Catalogue) throws(ProblemReport) -> [String: Bilingual] {
    let table = try catalogue.rows(package: scheme.package, resource: scheme.resource)
    try table.requireColumns(["code", "name_zh", "name_en"])
    let (codes, zh, en) = (try table.strings(named: "code"), try table.strings(named: "name_zh"), try table.strings(named: "name_en"))
    return Dictionary(
      codes.indices.map { (codes[$0], Bilingual(zh: zh[$0], en: en[$0])) }, uniquingKeysWith: { first, _ in first })
  }

  private static func unknown(
    _ code: String, _ industry: ModelSpec.Member, _ scheme: ModelSpec.Classification, _ names: [String: Bilingual]
  ) -> Problem {
    Problem(
      "model.unknown-class", path: "industries.\(industry.id).codes.\(scheme.id)",
      message: Bilingual(zh: "\(scheme.name.zh)没有“\(code)”", en: "\(scheme.name.en) has no '\(code)'"),
      hint: nearest(code, among: names.keys.sorted()).map {
        Bilingual(zh: "是否指 \($0) \(names[$0]?.zh ?? "")？", en: "did you mean \($0) \(names[$0]?.en ?? "")?")
      })
  }
}
