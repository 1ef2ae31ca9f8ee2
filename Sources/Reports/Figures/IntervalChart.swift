import Messages

/// One row a unit: a dot for the value, a bar for the 80 % band, a line for the 95 % band.
public struct IntervalChart: Sendable {
  /// A unit and its value with bands.
  public struct Row: Sendable {
    public var name: Bilingual
    public var fact: Fact

    public init(name: Bilingual, fact: Fact) {
      self.name = name
      self.fact = fact
    }
  }

  public var rows: [Row]
  public var axisTitle: Bilingual

  public init(rows: [Row], axisTitle: Bilingual) {
    self.rows = rows
    self.axisTitle = axisTitle
  }

  func svg(_ language: Language, alternative: String) -> String {
    let nameWidth = rows.map { textWidth($0.name[language], size: 13) }.max() ?? 80
    let (left, right, top) = (min(nameWidth + 22, 330), 736.0, 40.0)
    let step = rows.count > 24 ? 19.0 : 24.0
    let bottom = top + step * Double(rows.count)
    var svg = SVGWriter(width: 760, height: bottom + 44, alternative: alternative, language: language)
    let extent = rows.flatMap { [$0.fact.value, $0.fact.low95 ?? $0.fact.value, $0.fact.high95 ?? $0.fact.value] }
    let x = Axis(extent, zero: true, from: left, to: right)
    let scale = PersonScale(ticks: x.ticks, like: rows.first?.fact)
    for tick in x.ticks {
      svg.line(x(tick), top - 6, x(tick), bottom, colour: Ink.faint)
      svg.text(x(tick), bottom + 17, scale.label(tick, language), size: 12, anchor: .middle)
    }
    svg.line(x(0), top - 6, x(0), bottom, width: 1.4)
    for (i, row) in rows.enumerated() {
      let y = top + step * (Double(i) + 0.5)
      let fact = row.fact
      let colour = fact.value < 0 ? Ink.fourth : Ink.demand
      svg.text(left - 10, y + 4.5, row.name[language], anchor: .end)
      if let low = fact.low95, let high = fact.high95, low < high {
        svg.line(x(low), y, x(high), y, colour: colour)
      }
      if let (low, high) = fact.interval {
        svg.box(x(low), y - 4.5, x(high) - x(low), 9, colour: colour, opacity: 0.32)
      }
      // Hollow where the 80 % band holds both signs.
      svg.dot(x(fact.value), y, 4, colour: colour, hollow: fact.signUnsettled)
    }
    let unit = scale.unit[language]
    svg.text(
      right, bottom + 37,
      language == .zh ? "\(axisTitle.zh)（\(unit)）" : "\(axisTitle.en) (\(unit))", size: 12,
      anchor: .end)
    legend(&svg, language, left: left)
    return svg.document
  }

  private func legend(_ svg: inout SVGWriter, _ language: Language, left: Double) {
    let words =
      language == .zh
      ? ["均值", "80%区间", "95%区间", "空心：80%区间含零"]
      : ["mean", "80% interval", "95% interval", "hollow: 80% interval holds zero"]
    let breadth = words.reduce(136.0) { $0 + textWidth($1, size: 12) }
    var x = max(min(left - 60, 752 - breadth), 8)
    svg.dot(x + 6, 16, 4, colour: Ink.demand)
    svg.text(x + 16, 20.5, words[0], size: 12)
    x += 30 + textWidth(words[0], size: 12)
    svg.box(x, 11.5, 22, 9, colour: Ink.demand, opacity: 0.32)
    svg.text(x + 28, 20.5, words[1], size: 12)
    x += 42 + textWidth(words[1], size: 12)
    svg.line(x, 16, x + 22, 16, colour: Ink.demand)
    svg.text(x + 28, 20.5, words[2], size: 12)
    x += 42 + textWidth(words[2], size: 12)
    svg.dot(x + 6, 16, 4, colour: Ink.demand, hollow: true)
    svg.text(x + 16, 20.5, words[3], size: 12)
  }
}
