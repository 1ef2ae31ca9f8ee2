import Dimensions
import Disclosure
import Forecasting
import Messages
import ModelSpecs
import Tables

/// The one place where cells are withheld: everything that is written comes after it.
///
/// - Throws: `ProblemReport`: a contributors' file that cannot be read, or places that stay recoverable
///   however much is withheld (bad data): such results must not be published.
func disclosed(_ results: ForecastResults, _ inputs: RunInputs) throws(ProblemReport) -> Disclosure {
  let rules = inputs.edition.disclosure
  let policy = DisclosurePolicy(
    threshold: rules.threshold, protectsModelled: rules.protectsModelled,
    dominance: rules.dominance.map { DisclosurePolicy.Dominance(largest: $0.largest, share: $0.share) },
    width: rules.width)
  let contributors = try rules.contributors.map(readContributors) ?? [:]
  let result = disclose(
    results.cells, policy: policy, hierarchy: regionParts(results.inputs.geography), contributors: contributors)
  guard result.exposed.isEmpty else { throw unprotected(result.exposed) }
  return result
}

/// Regions and the regions that they add up from.
func regionParts(_ geography: Geography) -> [RegionCode: [RegionCode]] {
  var parts: [RegionCode: [RegionCode]] = [:]
  for node in geography.nodes {
    if node.kind == .nation {
      parts[node.code] = geography.provinces
    } else if node.members.count > 1 {
      parts[node.code] = node.members.map { geography.leaves[$0].code }
    }
  }
  return parts
}

/// Reads persons by contributor: columns region, industry, team, contributor, value.
private func readContributors(_ file: String) throws(ProblemReport) -> [Place: [Double]] {
  var options = ReadOptions()
  options.textColumns = ["region", "industry", "team", "contributor"]
  let table = try readTable(file, options: options)
  try table.requireColumns(["region", "industry", "team", "contributor", "value"])
  let regions = try table.strings(named: "region")
  let industries = try table.strings(named: "industry")
  let teams = try table.strings(named: "team")
  let values = try table.numbers(named: "value")
  var parts: [Place: [Double]] = [:]
  for row in 0..<table.rowCount where values[row].isFinite {
    parts[Place(region: RegionCode(regions[row]), industry: industries[row], team: teams[row]), default: []]
      .append(values[row])
  }
  return parts
}

private func unprotected(_ places: [Place]) -> ProblemReport {
  ProblemReport(
    .badData,
    places.prefix(20).map { place in
      Problem(
        "disclosure.unprotected", path: "\(place.region)/\(place.industry)/\(place.team)",
        message: Bilingual(
          zh: "单元 \(place.region)/\(place.industry)/\(place.team) 无论隐去多少其他单元都可推算出来。",
          en: "The cell \(place.region)/\(place.industry)/\(place.team) can be computed however much else is withheld."),
        hint: Bilingual(
          zh: "合并地区、产业或队伍，或调整 Models/edition.yaml 的 disclosure。",
          en: "Combine regions, industries or teams, or change disclosure in Models/edition.yaml."))
    })
}

/// `review/disclosure.csv`: which places are withheld and by which rule. For the reviewer, not for publication.
func disclosureLog(_ disclosure: Disclosure, _ names: [RegionCode: Bilingual]) -> [OutputFile] {
  guard !disclosure.entries.isEmpty else { return [] }
  let rows = disclosure.entries.map { entry in
    let (place, name) = (entry.place, names[entry.place.region])
    return [place.region.text, name?.zh ?? "", name?.en ?? "", place.industry, place.team, entry.rule.rawValue]
  }
  let table = HumanCSV(rows: [["region", "region_zh", "region_en", "industry", "team", "rule"]] + rows)
  return [OutputFile(name: "review/disclosure.csv", bytes: Array(table.text.utf8))]
}
