import Messages

/// One lever a row, widest first: a figure at both ends of the lever's range, from where it stands.
public struct TornadoChart: Sendable {
  /// A lever and the figure at both its ends.
  public struct Row: Sendable {
    public var name: Bilingual
    public var atLow: Fact
    public var atHigh: Fact
    /// The lever's ends, as printed.
    public var low: String
    public var high: String

    public init(name: Bilingual, atLow: Fact, atHigh: Fact, low: String, high: String) {
      self.name = name
      self.atLow = atLow
      self.atHigh = atHigh
      self.low = low
      self.high = high
    }
  }

  public var rows: [Row]
  public var central: Fact
  public var axisTitle: Bilingual

  public init(rows: [Row], central: Fact, axisTitle: Bilingual) {
    self.rows = rows
    self.central = central
    self.axisTitle = axisTitle
  }

  func svg(_ language: Language, alternative: String) -> String {
    let nameWidth = rows.map { textWidth($0.name[language], size: 13) }.max() ?? 80
    // Room beside the bars for the lever's ends.
    let (left, right, top, step) = (min(nameWidth + 62, 380), 700.0, 52.0, 30.0)
    let bottom = top + step * Double(rows.count)
    var svg = SVGWriter(width: 760, height: bottom + 44, alternative: alternative, language: language)
    let x = Axis(rows.flatMap { [$0.atLow.value, $0.atHigh.value] } + [central.value], zero: true, from: left, to: right)
    let scale = PersonScale(ticks: x.ticks, like: central)
    for tick in x.ticks {
      svg.line(x(tick), top - 6, x(tick), bottom, colour: tick == 0 ? Ink.axis : Ink.faint)
      svg.text(x(tick), bottom + 17, scale.label(tick, language), size: 12, anchor: .middle)
    }
    let start = x(central.value)
    for (i, row) in rows.enumerated() {
      let y = top + step * Double(i) + 6
      svg.text(left - 52, y + 13.5, row.name[language], anchor: .end)
      for (end, value, colour) in [(row.low, row.atLow.value, Ink.supply), (row.high, row.atHigh.value, Ink.demand)] {
        let there = x(value)
        svg.box(min(start, there), y, abs(there - start), 18, colour: colour)
        // Ends on the same side stand one behind the other: only the far one is labelled there.
        let other = end == row.low ? x(row.atHigh.value) : there == start ? there : x(row.atLow.value)
        let isNear = (there - start) * (other - start) > 0 && abs(there - start) < abs(other - start)
        if isNear || abs(there - start) < 1 { continue }
        svg.text(there < start ? there - 6 : there + 6, y + 13.5, end, size: 11.5, anchor: there < start ? .end : .start)
      }
    }
    svg.line(start, top - 10, start, bottom, width: 1.6, dash: "5 3")
    let words =
      language == .zh
      ? ["杠杆取低值", "杠杆取高值", "虚线：本情景"] : ["lever at its low end", "lever at its high end", "dashed: this scenario"]
    var across = 8.0
    for (colour, word) in zip([Ink.supply, Ink.demand], words) {
      svg.box(across, 11, 14, 11, colour: colour)
      svg.text(across + 20, 21, word, size: 12)
      across += 36 + textWidth(word, size: 12)
    }
    svg.line(across, 16.5, across + 22, 16.5, width: 1.6, dash: "5 3")
    svg.text(across + 28, 21, words[2], size: 12)
    let unit = scale.unit[language]
    svg.text(right, bottom + 37, language == .zh ? "\(axisTitle.zh)（\(unit)）" : "\(axisTitle.en) (\(unit))", size: 12, anchor: .end)
    return svg.document
  }
}
