import Dimensions
import Messages

/// How near an estimate of places comes to published figures that are hidden from it, one way of hiding.
public struct HiddenFacts: Codable, Hashable, Sendable {
  public var hidden: Bilingual
  /// Figures, and the places they are of.
  public var count: Int
  public var places: Int
  /// Median of the absolute log error.
  public var medianError: Double
  /// The same of two simpler ways on the same figures; nil where a way says nothing.
  public var lastShare: Double?
  public var allocation: Double?
  /// Parts of the figures inside the 80 % and the 95 % interval.
  public var coverage80: Double
  public var coverage95: Double

  public init(
    hidden: Bilingual, count: Int, places: Int, medianError: Double, lastShare: Double?, allocation: Double?, coverage80: Double,
    coverage95: Double
  ) {
    self.hidden = hidden
    self.count = count
    self.places = places
    self.medianError = medianError
    self.lastShare = lastShare
    self.allocation = allocation
    self.coverage80 = coverage80
    self.coverage95 = coverage95
  }
}

extension Cube {
  private func fact(_ i: Int, _ name: String, _ value: Double?) -> Fact? {
    inputFact("hidden/\(i)/\(name)", value, basis: .estimated, evidence: .estimated)
  }

  /// The sentence that opens the chapter: what a figure of a place would have been taken for, had it not been published.
  func hiddenSentence() -> Sentence? {
    guard let first = input.hiddenFacts.first, let count = fact(0, "count", Double(first.count)),
      let places = fact(0, "places", Double(first.places)), let error = fact(0, "error", first.medianError),
      let inside = fact(0, "coverage80", first.coverage80)
    else { return nil }
    return Sentence(
      "accuracy.hidden",
      zh:
        "据测算，把已公布的\(count, .count(unit: Bilingual(zh: "个", en: "")))地区数逐个隐去、用其余全部公布数重新估计，误差的中位数为\(error, .percent)，\(inside, .percent)落入80%区间；这些数只来自\(places, .count(unit: Bilingual(zh: "个", en: "")))独立地区（\(see: "t-hidden")）。",
      en:
        "By our estimate, each of the \(count, .tableCount) published figures of places, hidden and estimated from all the others, is missed by \(error, .percent) in the median, and \(inside, .percent) lie inside the 80% interval; the figures are of \(places, .tableCount) independent places only (\(see: "t-hidden"))."
    )
  }

  /// Published figures of places, hidden and estimated, beside two simpler ways.
  func hiddenTable() -> StatTable? {
    guard !input.hiddenFacts.isEmpty else { return nil }
    let rows = input.hiddenFacts.enumerated().map { i, row in
      StatRow([
        .text(row.hidden), .number(fact(i, "count", Double(row.count)), .tableCount),
        .number(fact(i, "error", row.medianError), .tablePercent), .number(fact(i, "lastShare", row.lastShare), .tablePercent),
        .number(fact(i, "allocation", row.allocation), .tablePercent), .number(fact(i, "coverage80", row.coverage80), .tablePercent),
        .number(fact(i, "coverage95", row.coverage95), .tablePercent), .grade(.estimated),
      ])
    }
    return StatTable(
      anchor: "t-hidden",
      title: Bilingual(zh: "隐去已公布的地区数再估计：误差与覆盖", en: "Published figures of places, hidden and estimated: error and coverage"),
      columns: [
        StatColumn(Bilingual(zh: "隐去", en: "Hidden"), numeric: false), StatColumn(Bilingual(zh: "个数", en: "Figures")),
        StatColumn(Bilingual(zh: "误差中位数（%）", en: "Median error (%)")),
        StatColumn(Bilingual(zh: "沿用最近公布份额（%）", en: "Last published share (%)")),
        StatColumn(Bilingual(zh: "按驱动分摊（%）", en: "By drivers' shares (%)")),
        StatColumn(Bilingual(zh: "80%区间覆盖（%）", en: "80% coverage (%)")),
        StatColumn(Bilingual(zh: "95%区间覆盖（%）", en: "95% coverage (%)")), StatColumn(.gradeHead, numeric: false),
      ], rows: rows,
      notes: [
        Bilingual(
          zh: "误差按对数计。所隐去的是执业专利代理师、专利代理机构和服务业从业人员的地区数；企业、高校和机关人员无地区公布数，其误差无从检验。",
          en:
            "Errors are of logs. What is hidden are figures of patent attorneys, agencies and service staff; for staff of enterprises, universities and authorities no place publishes any, so their error cannot be tested."
        )
      ])
  }
}
