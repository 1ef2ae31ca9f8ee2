import Dimensions
import Messages

/// Errors of one level of the hierarchy, in the unit of the series, before and after its forecasts were
/// made to add up.
public struct LevelAccuracy: Codable, Hashable, Sendable {
  public var level: Bilingual
  public var nodes: Int
  public var meanAbsoluteBefore: Double
  public var meanAbsoluteAfter: Double
  public var rootMeanSquareBefore: Double
  public var rootMeanSquareAfter: Double

  public init(
    level: Bilingual, nodes: Int, meanAbsoluteBefore: Double, meanAbsoluteAfter: Double, rootMeanSquareBefore: Double,
    rootMeanSquareAfter: Double
  ) {
    self.level = level
    self.nodes = nodes
    self.meanAbsoluteBefore = meanAbsoluteBefore
    self.meanAbsoluteAfter = meanAbsoluteAfter
    self.rootMeanSquareBefore = rootMeanSquareBefore
    self.rootMeanSquareAfter = rootMeanSquareAfter
  }
}

/// By which engine the supply of some regions was projected, and at which data tier.
public struct SupplyTierRow: Codable, Hashable, Sendable {
  public var tier: String
  public var basis: Bilingual
  /// Names of the regions, or of the group they are.
  public var regions: Bilingual
  public var count: Int
  /// What better data would change.
  public var wanted: Bilingual

  public init(tier: String, basis: Bilingual, regions: Bilingual, count: Int, wanted: Bilingual) {
    self.tier = tier
    self.basis = basis
    self.regions = regions
    self.count = count
    self.wanted = wanted
  }
}

extension Cube {
  /// Whether making forecasts add up has cost accuracy, level by level.
  func levelTable() -> StatTable? {
    guard !input.levelErrors.isEmpty else { return nil }
    let rows = input.levelErrors.enumerated().map { i, row -> StatRow in
      func fact(_ name: String, _ value: Double) -> StatCell {
        .number(
          inputFact("levels/\(i)/\(name)", value, basis: .estimated, evidence: .estimated), .tableCount)
      }
      return StatRow([
        .text(row.level), fact("nodes", Double(row.nodes)), fact("maeBefore", row.meanAbsoluteBefore.rounded()),
        fact("maeAfter", row.meanAbsoluteAfter.rounded()), fact("rmseBefore", row.rootMeanSquareBefore.rounded()),
        fact("rmseAfter", row.rootMeanSquareAfter.rounded()), .grade(.estimated),
      ])
    }
    return StatTable(
      anchor: "t-reconciliation",
      title: Bilingual(zh: "协调前后的预测误差（人年）", en: "Forecast errors before and after reconciliation (person-years)"),
      columns: [
        StatColumn(Bilingual(zh: "层级", en: "Level"), numeric: false),
        StatColumn(Bilingual(zh: "序列", en: "Series")),
        StatColumn(Bilingual(zh: "平均绝对误差：前", en: "Mean absolute error, before")),
        StatColumn(Bilingual(zh: "后", en: "after")),
        StatColumn(Bilingual(zh: "均方根误差：前", en: "Root mean square, before")),
        StatColumn(Bilingual(zh: "后", en: "after")), StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        Bilingual(
          zh: "全国与各省分别预测后按误差方差协调，使部分之和等于总计；协调不一定使每一层都更准。",
          en: "The nation and its provinces are forecast apart and then made to add up, weighted by error variance; this need not help every level.")
      ])
  }

  /// How each region's supply was projected.
  func tierTable() -> StatTable? {
    guard !input.supplyTiers.isEmpty else { return nil }
    let rows = input.supplyTiers.enumerated().map { i, row in
      StatRow([
        .code(row.tier), .text(row.basis), .text(row.regions),
        .number(
          inputFact("tiers/\(i)/count", Double(row.count), basis: .counted, evidence: .observed), .tableCount),
        .text(row.wanted),
      ])
    }
    return StatTable(
      anchor: "t-supply-tiers",
      title: Bilingual(zh: "各地区供给测算所用数据的层级", en: "Data tiers of the supply projection by region"),
      columns: [
        StatColumn(Bilingual(zh: "层级", en: "Tier"), numeric: false),
        StatColumn(Bilingual(zh: "测算方式", en: "Projection"), numeric: false),
        StatColumn(Bilingual(zh: "地区", en: "Regions"), numeric: false), StatColumn(Bilingual(zh: "个数", en: "Number")),
        StatColumn(Bilingual(zh: "有何数据可提高层级", en: "What would raise the tier"), numeric: false),
      ], rows: rows)
  }

  /// "80 % band; covered NN % of MM past forecasts of this group".
  var measuredCoverage: Bilingual? {
    guard let first = input.backtests.first else { return nil }
    let group = input.backtests.filter { $0.series == first.series }
    let count = group.reduce(0) { $0 + $1.count }
    guard count > 0 else { return nil }
    let inside = group.reduce(0.0) { $0 + $1.coverage80 * Double($1.count) } / Double(count)
    let percent = NumberFormat.tablePercent.text(inside, in: .zh)
    return Bilingual(
      zh: "80%区间的实测覆盖率：\(first.series.zh)过去\(count)次预测中，\(percent)%落入区间。",
      en: "Measured coverage of the 80% band: \(percent)% of \(count) past forecasts of \(first.series.en) fell inside.")
  }
}
