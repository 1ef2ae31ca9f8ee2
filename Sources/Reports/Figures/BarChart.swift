import Messages

/// Horizontal bars, one to three series a category (structure, coverage against its nominal value).
public struct BarChart: Sendable {
  /// A category with one value a series.
  public struct Row: Sendable {
    public var name: Bilingual
    public var facts: [Fact]

    public init(name: Bilingual, facts: [Fact]) {
      self.name = name
      self.facts = facts
    }
  }

  public var seriesNames: [Bilingual]
  public var rows: [Row]
  /// True for fractions shown in percent.
  public var percent: Bool
  /// A line to compare with, e.g. the nominal coverage.
  public var mark: (value: Double, name: Bilingual)?

  public init(
    seriesNames: [Bilingual], rows: [Row], percent: Bool,
    mark: (value: Double, name: Bilingual)? = nil
  ) {
    self.seriesNames = seriesNames
    self.rows = rows
    self.percent = percent
    self.mark = mark
  }

  func svg(_ language: Language, alternative: String) -> String {
    let nameWidth = rows.map { textWidth($0.name[language], size: 13) }.max() ?? 80
    let perRow = Double(max(seriesNames.count, 1))
    let (left, right, top, thick) = (min(nameWidth + 22, 470), 700.0, 44.0, 15.0)
    let step = thick * perRow + 9
    let bottom = top + step * Double(rows.count)
    var svg = SVGWriter(width: 760, height: bottom + 42, alternative: alternative, language: language)
    let scaleBy = percent ? 100.0 : 1
    let extent = rows.flatMap { $0.facts.map { $0.value * scaleBy } } + (mark.map { [$0.value * scaleBy] } ?? [])
    let x = Axis(extent, zero: true, from: left, to: right)
    let scale = PersonScale(ticks: x.ticks, like: rows.first?.facts.first)
    for tick in x.ticks {
      svg.line(x(tick), top - 4, x(tick), bottom, colour: Ink.faint)
      svg.text(
        x(tick), bottom + 17, percent ? printed(short(tick)) : scale.label(tick, language), size: 12,
        anchor: .middle)
    }
    for (i, row) in rows.enumerated() {
      let y = top + step * Double(i) + 5
      svg.text(left - 10, y + thick * perRow / 2 + 4.5, row.name[language], anchor: .end)
      for (j, fact) in row.facts.enumerated() {
        let value = x(fact.value * scaleBy)
        let place = y + thick * Double(j)
        svg.box(min(x(0), value), place, abs(value - x(0)), thick - 2, colour: Ink.series[j % 4])
        let label =
          percent
          ? NumberFormat.tablePercent.text(fact.value, in: language)
          : NumberFormat.tablePersons.text(fact.value, in: language)
        let inside = abs(value - x(0)) > 60
        svg.text(
          inside ? value - 5 : max(value, x(0)) + 5, place + thick - 2.5, label, size: 11,
          anchor: inside ? .end : .start, colour: inside ? "#fff" : "#1F1F1F")
      }
    }
    svg.line(x(0), top - 4, x(0), bottom)
    if let mark {
      svg.line(x(mark.value * scaleBy), top - 8, x(mark.value * scaleBy), bottom, width: 1.6, dash: "5 3")
      svg.text(x(mark.value * scaleBy), top - 12, mark.name[language], size: 12, anchor: .middle)
    }
    var legendX = 8.0
    for (j, name) in seriesNames.enumerated() where seriesNames.count > 1 {
      svg.box(legendX, 9, 14, 11, colour: Ink.series[j % 4])
      svg.text(legendX + 20, 19, name[language], size: 12)
      legendX += 36 + textWidth(name[language], size: 12)
    }
    let unit = percent ? "%" : scale.unit[language]
    svg.text(right, bottom + 36, language == .zh ? "单位：\(unit)" : "Unit: \(unit)", size: 12, anchor: .end)
    return svg.document
  }
}
