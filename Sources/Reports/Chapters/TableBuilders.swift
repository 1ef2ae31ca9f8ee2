import Dimensions
import Messages

/// A line of a table of levels over years.
struct LevelRow {
  let name: Bilingual
  var indent = 0
  var total = false
  /// By year; years without a fact print the missing sign.
  let fact: (Int) -> Fact?
}

extension Cube {
  /// Rows × years; a year in which any row has a fan also shows the 80 % interval.
  /// nil when no row has any value.
  func levelTable(
    anchor: String, title: Bilingual, stub: Bilingual = .region, rows: [LevelRow], years: [Int],
    tenThousands: Bool, growth: Bool = false, notes: [Bilingual] = [], additive: Bool = false
  ) -> StatTable? {
    let filled = rows.filter { row in years.contains { row.fact($0) != nil } }
    guard !filled.isEmpty, !years.isEmpty else { return nil }
    let format: NumberFormat = tenThousands ? .tableTenThousands : .tablePersons
    let fans = Set(years.filter { year in filled.contains { $0.fact(year)?.interval != nil } })
    var columns = [StatColumn(stub, numeric: false)]
    for year in years {
      let group = Bilingual.year(year, edition)
      if fans.contains(year) {
        columns.append(StatColumn(.mean, group: group))
        columns.append(StatColumn(.interval80, group: group))
      } else {
        columns.append(StatColumn(group))
      }
    }
    let span = years.count > 1 && growth ? (years[0], years[years.count - 1]) : nil
    if let span {
      columns.append(
        StatColumn(
          Bilingual(zh: "\(span.0)—\(span.1)年年均增速（%）", en: "Growth a year \(span.0)–\(span.1) (%)")))
    }
    columns.append(StatColumn(.gradeHead, numeric: false))
    let lines = filled.map { row -> StatRow in
      var cells: [StatCell] = [.text(row.name)]
      for year in years {
        cells.append(.number(row.fact(year), format))
        if fans.contains(year) { cells.append(.interval(row.fact(year), format)) }
      }
      if let span { cells.append(.number(annualGrowth(row.fact, span), .tablePercent)) }
      cells.append(.grade(worst: years.map(row.fact)))
      return StatRow(cells, indent: row.indent, total: row.total)
    }
    return StatTable(
      anchor: anchor, title: title, unit: tenThousands ? .tenThousandPersons : .persons,
      columns: columns, rows: lines, notes: notes + contraryNotes(filled.flatMap { row in years.map(row.fact) }),
      sources: sources(of: filled.flatMap { row in years.compactMap(row.fact) }), additive: additive)
  }

  func annualGrowth(_ fact: (Int) -> Fact?, _ span: (Int, Int)) -> Fact? {
    guard let start = fact(span.0), let end = fact(span.1) else { return nil }
    return .derived(.annualGrowth(years: span.1 - span.0), [end, start])
  }

  /// Titles of the sources that the facts' cells name, in order of first appearance.
  func sources(of facts: [Fact]) -> [String] {
    var seen: Set<String> = []
    var ids: [String] = []
    func visit(_ fact: Fact) {
      switch fact.origin {
      case .cell(let key):
        for id in (cell(key)?.source ?? "").split(whereSeparator: { $0 == ";" || $0 == "；" }) {
          let trimmed = id.trimmed
          if !trimmed.isEmpty, seen.insert(trimmed).inserted { ids.append(trimmed) }
        }
      case .input: break
      case .derived(_, let parts): parts.forEach(visit)
      }
    }
    facts.forEach(visit)
    return ids
  }

  /// A table is printed in 万人 when its rows' largest value is in the ten thousands.
  func printsTenThousands(_ facts: [Fact?]) -> Bool {
    (facts.compactMap { $0.map { abs($0.value) } }.filter(\.isFinite).max() ?? 0) >= 100_000
  }

  func maps(_ place: MapPicture.Place) -> [Figure] {
    input.maps.filter { $0.place == place }.map { map in
      Figure(
        anchor: "map-\(map.name)", title: map.caption, alternative: map.alternative,
        content: .picture(zh: map.svg, en: map.svgEnglish ?? map.svg))
    }
  }
}

extension Substring {
  var trimmed: String {
    var text = self
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }
}

extension Bilingual {
  static let tenThousandPersons = Bilingual(zh: "万人", en: "10,000 persons")
}
