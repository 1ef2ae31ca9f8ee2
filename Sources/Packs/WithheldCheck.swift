import Dimensions
import Disclosure
import Messages
import Tables

extension PackChecker {
  /// Withheld cells have no number, and the published sums do not give them away.
  func withheld() -> [Problem] {
    guard let results = contents.tables["results"], let status = results.column("conf_status"),
      let value = results.column("value")
    else { return [] }
    let marked = (0..<results.rowCount).filter { status.string($0) == ConfidentialityStatus.confidential.rawValue }
    guard !marked.isEmpty else { return [] }
    let shown = marked.filter { !value.string($0).isEmpty }
    guard shown.isEmpty else {
      return shown.prefix(20).map { row in
        problem(
          "withheld-shown", "data/results.csv", line: results.lines[row], path: "value", zh: "保密单元仍有数值。",
          en: "A confidential cell still has a value.")
      }
    }
    return recoverableCells(cells(results), hierarchy: hierarchy, width: 0.99 * complementWidth).map { place in
      problem(
        "recoverable-cell", "data/results.csv", path: "\(place.region)/\(place.industry)/\(place.team)",
        zh: "隐去的单元可由公布的合计推算出来（±1%以内）。", en: "Published sums give this withheld cell away (to within ±1 %).",
        hint: Bilingual(
          zh: "用披露控制重新生成：Models/edition.yaml 的 disclosure。", en: "Build again with disclosure control: disclosure in Models/edition.yaml."))
    }
  }

  private var hierarchy: [RegionCode: [RegionCode]] {
    guard let table = contents.tables["hierarchy"], let parents = table.column("parent"),
      let children = table.column("child")
    else { return [:] }
    var parts: [RegionCode: [RegionCode]] = [:]
    for row in 0..<table.rowCount {
      parts[RegionCode(parents.string(row)), default: []].append(RegionCode(children.string(row)))
    }
    return parts
  }

  /// Supply and demand as published; withheld ones without numbers.
  private func cells(_ table: Table) -> [ResultCell] {
    let names = ["scenario", "region", "industry", "team", "year", "measure", "value"]
    let columns = names.compactMap { table.column($0) }
    guard columns.count == names.count else { return [] }
    return (0..<table.rowCount).compactMap { row in
      let text = columns.map { $0.string(row) }
      guard let measure = Measure(rawValue: text[5]), let year = Int(text[4]) else { return nil }
      let value = Double(text[6]) ?? .nan
      let cell = ResultCell(
        scenario: text[0], region: RegionCode(text[1]), regionName: "", hub: "", industry: text[2], team: text[3],
        year: year, measure: measure, unit: "", value: value, p025: value, p10: value, p50: value, p90: value,
        p975: value, evidence: .observed, method: "", concept: "", source: "")
      return value.isFinite ? cell : cell.withheld
    }
  }
}
