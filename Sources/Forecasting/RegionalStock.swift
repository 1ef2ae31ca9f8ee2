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

  /// The share of a region in a year for which it publishes nothing, from its own figures of other years.
  public struct Estimate: Sendable, Equatable {
    /// Of the nation.
    public let share: Double
    /// Standard deviation of the logarithm: what a share may have moved since it was counted.
    public let logSpread: Double
    /// Years of the figures it comes from: one before or after, or one on either side.
    public let years: [Int]
    /// Of the figures it comes from.
    public let source: String
  }

  /// Published figures, `[year][province]`, in years in which the nation is published too.
  let figures: [Int: [Int: Figure]]
  /// The same as shares of the nation.
  let shares: [Int: [Int: Double]]
  /// Shares of regions that publish in other years only, `[year][province]`: carried on, back, or between two years.
  let estimates: [Int: [Int: Estimate]]
  /// Both totals, where the parts and the nation differ by no more than rounding.
  let notes: [Bilingual]

  /// Parts and whole may differ by this much through rounding and late corrections; beyond it one of
  /// them is wrong or means something else.
  static let tolerance = 0.005

  init(
    _ geography: Geography, _ model: ModelSpec, stock: (values: [Int: Double], published: Set<Int>),
    lookup: inout SeriesLookup
  ) {
    var figures: [Int: [Int: Figure]] = [:]
    var shares: [Int: [Int: Double]] = [:]
    var notes: [Bilingual] = []
    var estimates: [Int: [Int: Estimate]] = [:]
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
      for (p, code) in geography.provinces.enumerated() where code != model.stock.nation {
        let own = panel.series(code).compactMap { row in
          stock.values[row.year].flatMap { $0 > 0 && row.value >= 0 ? (row: row, share: row.value / $0) : nil }
        }
        guard !own.isEmpty else { continue }
        for year in model.years.history...model.years.base where figures[year]?[p] == nil {
          estimates[year, default: [:]][p] = RegionalStock.estimate(own, year, spread: model.shareSpread[.estimated] ?? 0)
          for row in own { lookup.note(row.row) }
        }
      }
      notes += RegionalStock.carried(estimates[model.years.base] ?? [:], geography, model)
    }
    self.estimates = estimates
    self.figures = figures
    self.shares = shares
    self.notes = notes
  }

  /// The share of the nearest counted year, or between the two around a year.
  ///
  /// A share wanders: its error grows with the square root of the years to the nearest count (METHODS M31, baseline
  /// "last published share plus a walk").
  private static func estimate(
    _ own: [(row: Observation, share: Double)], _ year: Int, spread: Double
  ) -> Estimate? {
    let before = own.last { $0.row.year <= year }
    let after = own.first { $0.row.year > year }
    guard let near = before ?? after else { return nil }
    guard let before, let after else {
      let gap = Double(abs(near.row.year - year))
      return Estimate(
        share: near.share, logSpread: spread * max(1, gap).squareRoot(), years: [near.row.year], source: near.row.source)
    }
    let part = Double(year - before.row.year) / Double(after.row.year - before.row.year)
    let gap = Double(min(year - before.row.year, after.row.year - year))
    return Estimate(
      share: before.share + part * (after.share - before.share), logSpread: spread * max(1, gap).squareRoot(),
      years: [before.row.year, after.row.year], source: before.row.source)
  }

  /// Regions whose base year comes from another year, in one sentence a year.
  private static func carried(_ estimates: [Int: Estimate], _ geography: Geography, _ model: ModelSpec) -> [Bilingual] {
    let base = model.years.base
    let byYear = Dictionary(grouping: estimates.sorted { $0.key < $1.key }, by: { $0.value.years.first ?? base })
    return byYear.sorted { $0.key < $1.key }.map { year, regions in
      func names(_ name: (Bilingual) -> String, _ between: String) -> String {
        regions.map { region in
          let code = geography.provinces[region.key]
          return name(geography.nodes.first { $0.code == code }?.name ?? Bilingual(zh: code.text, en: code.text))
        }.joined(separator: between)
      }
      return Bilingual(
        zh: "\(model.stock.indicator)：\(names(\.zh, "、"))没有 \(base) 年的公布数，按其 \(year) 年占全国的比重推到 \(base) 年，区间相应放宽",
        en:
          "\(model.stock.indicator): nothing is published for \(base) by \(names(\.en, ", ")); the share of the nation in \(year) is carried to \(base), with a wider band"
      )
    }
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
  /// The estimate of a place that publishes its stock in other years only; nil for all other places.
  func carried(_ node: Geography.Node, year: Int) -> RegionalStock.Estimate? {
    let provinces = geography.wholeProvinces(node)
    guard node.kind == .province, provinces.count == 1 else { return nil }
    return estimatedProvinces[year]?[provinces[0]]
  }

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
