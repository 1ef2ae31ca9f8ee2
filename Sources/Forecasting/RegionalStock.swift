import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs

/// What regions publish of the model's own stock: such a figure is kept as it is, and only what these
/// leave of the nation is spread over the others.
public struct RegionalStock: Sendable {
  /// Persons of a region in one year, with grade and source.
  public struct Figure: Sendable, Equatable {
    public let persons: Double
    public let source: String
    /// Grade of the published row; a sum has the worst of its parts.
    public let evidence: Evidence
  }

  /// Published figures, `[year][province]`, in years in which the nation is published too.
  let figures: [Int: [Int: Figure]]
  /// The same as shares of the nation.
  let shares: [Int: [Int: Double]]
  /// Both totals, where the parts and the nation differ by no more than rounding.
  let notes: [Bilingual]

  /// Parts and whole may differ by this much through rounding and late corrections; beyond it one of
  /// them is wrong or means something else.
  private static let tolerance = 0.005

  init(
    _ geography: Geography, _ model: ModelSpec, stock: (values: [Int: Double], published: Set<Int>),
    lookup: inout SeriesLookup
  ) {
    var figures: [Int: [Int: Figure]] = [:]
    var shares: [Int: [Int: Double]] = [:]
    var notes: [Bilingual] = []
    if let panel = lookup.panel(model.stock.indicator) {
      for year in model.years.history...model.years.base {
        guard let whole = stock.values[year], stock.published.contains(year) else { continue }
        var found: [Int: Figure] = [:]
        for (p, code) in geography.provinces.enumerated() {
          guard let row = panel.series(code).first(where: { $0.year == year && $0.value >= 0 }) else { continue }
          lookup.note(row)
          found[p] = Figure(persons: row.value, source: row.source, evidence: row.evidence)
        }
        guard !found.isEmpty else { continue }
        figures[year] = found
        shares[year] = found.mapValues { $0.persons / whole }
        let sum = found.values.map(\.persons).sorted().reduce(0, +)
        let isComplete = found.count == geography.provinces.count
        if sum > whole * (1 + RegionalStock.tolerance) || (isComplete && sum < whole * (1 - RegionalStock.tolerance)) {
          lookup.report(
            "model.stock-conflict", RegionalStock.conflict(model, year, found.count, sum, whole),
            hint: Bilingual(
              zh: "两者口径或单位不同？请更正数据，或在 regions.provinces.without 中列出不属于全国的地区",
              en: "different concepts or units? Correct the data, or list regions outside the nation in regions.provinces.without"))
        } else if isComplete, sum != whole {
          notes.append(RegionalStock.conflict(model, year, found.count, sum, whole))
        }
      }
    }
    self.figures = figures
    self.shares = shares
    self.notes = notes
  }

  private static func conflict(_ model: ModelSpec, _ year: Int, _ count: Int, _ sum: Double, _ whole: Double) -> Bilingual {
    func shown(_ value: Double) -> String {
      value == value.rounded() && abs(value) < 1e15 ? String(Int(value)) : String(value)
    }
    return Bilingual(
      zh: "\(model.stock.indicator) \(year) 年：\(count) 个地区公布数合计 \(shown(sum))，全国公布数 \(shown(whole))",
      en: "\(model.stock.indicator) in \(year): \(count) regions publish \(shown(sum)) together, the nation \(shown(whole))")
  }
}

extension ForecastInputs {
  /// The published stock of a node: the nation's, or that of a province (or of a hub of whole provinces).
  func published(_ node: Geography.Node, year: Int) -> RegionalStock.Figure? {
    if node.kind == .nation {
      guard publishedYears.contains(year), let persons = stock[year] else { return nil }
      return RegionalStock.Figure(
        persons: persons, source: sources.stock, evidence: stockEvidence[year] ?? .observed)
    }
    guard let counted = countedProvinces[year] else { return nil }
    let provinces = geography.wholeProvinces(node)
    guard !provinces.isEmpty else { return nil }
    var persons = 0.0
    var sources: [String] = []
    var evidence = Evidence.observed
    for province in provinces {
      guard let figure = counted[province] else { return nil }
      persons += figure.persons
      evidence = max(evidence, figure.evidence)
      if !sources.contains(figure.source) { sources.append(figure.source) }
    }
    return RegionalStock.Figure(persons: persons, source: sources.joined(separator: ";"), evidence: evidence)
  }
}
