import Dimensions
import Messages

/// What is printed as centre, interval, probability and rank is true together.
extension ReportChecker {
  /// A mean outside its own 80 % interval, unless the distribution is extremely skewed: one end of the interval more
  /// than twenty times as far from the median as the other (a log-normal factor of spread 2.3 and more).
  func faults(ofCentre fact: Fact, at path: String) -> [Problem] {
    guard case .cell(let key) = fact.origin, let cell = cube.cell(key),
      cell.value.isFinite, cell.p10.isFinite, cell.p50.isFinite, cell.p90.isFinite
    else { return [] }
    // Quantiles of persons are rounded to the hundredth.
    let rounding = (cell.unit == "1" ? 1e-6 : 1e-2) + 1e-9 * abs(cell.value)
    guard cell.value < cell.p10 - rounding || cell.value > cell.p90 + rounding else { return [] }
    let (down, up) = (cell.p50 - cell.p10, cell.p90 - cell.p50)
    guard max(down, up) <= 20 * min(down, up) else { return [] }
    return [
      fault(
        "centre-outside-interval", path, zh: "均值 \(cell.value) 不在其80%区间 \(cell.p10)～\(cell.p90) 内：\(fact.reference)。",
        en: "The mean \(cell.value) is outside its 80% interval \(cell.p10) to \(cell.p90): \(fact.reference).")
    ]
  }

  /// Gaps whose mean and probability point apart, where nothing says so.
  func contradictions() -> [Problem] {
    var found: [Problem] = []
    func silent(_ gaps: [Fact], _ path: String) -> [Problem] {
      gaps.filter(cube.isContrary).prefix(1).map { gap in
        let chance = cube.shortage(beside: gap).map { "\($0)" } ?? ""
        return fault(
          "sign-against-probability", path, zh: "缺口均值 \(gap.value) 与短缺概率 \(chance) 方向不一，而未说明：\(gap.reference)。",
          en: "The mean gap \(gap.value) and the probability of a shortage \(chance) point apart, and nothing says so: \(gap.reference).")
      }
    }
    for sentence in document.sentences where !saysOpen(sentence) {
      found += silent(sentence.facts(in: .zh).map(\.fact), sentence.id)
    }
    for table in document.tables where !table.notes.contains(.contraryNote) {
      found += silent(table.rows.flatMap { $0.cells.compactMap(\.fact) }, table.anchor)
    }
    for figure in document.figures where !figure.notes.contains(.contraryNote) {
      if case .ranking(let chart) = figure.content { found += silent(chart.rows.map(\.fact), figure.anchor) }
    }
    return found
  }

  /// "The largest" said of a figure whose interval meets another's.
  func ranks() -> [Problem] {
    let words = ["居首", "最大", "最高", "首位", "largest", "highest"]
    return document.sentences.filter { sentence in
      let text = plain(sentence, .zh) + plain(sentence, .en).lowercased()
      return words.contains(where: text.contains) && !saysOpen(sentence)
    }.flatMap { sentence -> [Problem] in
      let facts = sentence.facts(in: .zh).map(\.fact)
      // What is said to be first is the first banded figure of the sentence.
      guard let first = facts.first(where: { if case .cell = $0.origin { $0.interval != nil } else { false } }) else { return [] }
      return peers(of: first).filter { !liesAbove(first, $0) && !liesAbove($0, first) }.prefix(1).map { other in
        fault(
          "rank-inside-overlap", sentence.id, zh: "80%区间与 \(other.reference) 重叠，不能说居首：\(first.reference)。",
          en: "Its 80% interval meets that of \(other.reference), so it is not known to be the first: \(first.reference).")
      }
    }
  }

  private func saysOpen(_ sentence: Sentence) -> Bool {
    plain(sentence, .zh).contains("尚无定论") && plain(sentence, .en).lowercased().contains("open")
  }

  /// The same figure of what it is ranked with: other industries of the place, other hubs (and teams), other provinces.
  private func peers(of fact: Fact) -> [Fact] {
    guard case .cell(let key) = fact.origin else { return [] }
    func at(_ region: RegionCode, team: String, industry: String) -> CellKey {
      var other = key
      (other.region, other.team, other.industry) = (region, team, industry)
      return other
    }
    let keys: [CellKey]
    if key.industry != "total" {
      keys = cube.industries.map { at(key.region, team: key.team, industry: $0.code) }
    } else {
      let isHub = cube.hubs.contains { $0.code == key.region }
      let places = isHub ? cube.hubs : cube.provinces
      let teams = key.team == "total" ? ["total"] : cube.teams.map(\.code)
      keys = places.flatMap { place in teams.map { at(place.code, team: $0, industry: "total") } }
    }
    return keys.filter { $0 != key }.compactMap(cube.fact)
  }
}
