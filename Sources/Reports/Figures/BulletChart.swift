import Messages

/// Plan indicators on one scale: 100 = the target. Bar: latest; tick: baseline; bracket: forecast.
public struct BulletChart: Sendable {
  /// An indicator: target, baseline, latest, forecast.
  public struct Row: Sendable {
    public var name: Bilingual
    public var target: Fact
    public var baseline: Fact?
    public var latest: Fact?
    public var forecast: Fact?

    public init(name: Bilingual, target: Fact, baseline: Fact?, latest: Fact?, forecast: Fact?) {
      self.name = name
      self.target = target
      self.baseline = baseline
      self.latest = latest
      self.forecast = forecast
    }
  }

  public var rows: [Row]

  public init(rows: [Row]) { self.rows = rows }

  func svg(_ language: Language, alternative: String) -> String {
    let nameWidth = rows.map { textWidth($0.name[language], size: 13) }.max() ?? 80
    let (left, right, top, step) = (min(nameWidth + 22, 360), 730.0, 44.0, 34.0)
    let bottom = top + step * Double(rows.count)
    var svg = SVGWriter(width: 760, height: bottom + 46, alternative: alternative, language: language)
    func percent(_ fact: Fact?, _ row: Row, _ pick: (Fact) -> Double? = { $0.value }) -> Double? {
      guard let fact, let value = pick(fact), row.target.value > 0 else { return nil }
      return value / row.target.value * 100
    }
    let extent = rows.flatMap { row in
      [percent(row.latest, row), percent(row.forecast, row), percent(row.forecast, row, \.high)]
    }.compactMap { $0 }
    let x = Axis(extent + [110], zero: true, from: left, to: right)
    for tick in x.ticks {
      svg.line(x(tick), top - 6, x(tick), bottom, colour: Ink.faint)
      svg.text(x(tick), bottom + 17, "\(short(tick))", size: 12, anchor: .middle)
    }
    for (i, row) in rows.enumerated() {
      let y = top + step * (Double(i) + 0.5)
      svg.text(left - 10, y + 4.5, row.name[language], anchor: .end)
      svg.box(left, y - 9, x(100) - left, 18, colour: Ink.pale)
      if let latest = percent(row.latest, row) {
        svg.box(left, y - 5, x(latest) - left, 10, colour: Ink.supply)
      } else {
        svg.text(left + 6, y + 4, language == .zh ? "无已公布数据" : "no published figure", size: 12, colour: "#5A5A5A")
      }
      if let baseline = percent(row.baseline, row) {
        svg.line(x(baseline), y - 9, x(baseline), y + 9, colour: "#8A8F98", width: 2.5)
      }
      if let low = percent(row.forecast, row, \.low), let high = percent(row.forecast, row, \.high) {
        svg.line(x(low), y, x(high), y, colour: Ink.demand, width: 2.4)
        svg.line(x(low), y - 5, x(low), y + 5, colour: Ink.demand, width: 2)
        svg.line(x(high), y - 5, x(high), y + 5, colour: Ink.demand, width: 2)
      }
      if let middle = percent(row.forecast, row) { svg.dot(x(middle), y, 4, colour: Ink.demand) }
    }
    svg.line(x(100), top - 8, x(100), bottom, width: 2.2)
    svg.text(x(100), top - 13, language == .zh ? "目标" : "target", size: 12, anchor: .middle, bold: true)
    svg.text(right, bottom + 37, language == .zh ? "目标值 = 100" : "target = 100", size: 12, anchor: .end)
    legend(&svg, language)
    return svg.document
  }

  private func legend(_ svg: inout SVGWriter, _ language: Language) {
    let words =
      language == .zh ? ["最新值", "基期", "预测中位数与80%区间"] : ["latest", "baseline", "forecast median, 80% interval"]
    var x = 8.0
    svg.box(x, 10, 22, 10, colour: Ink.supply)
    svg.text(x + 28, 19.5, words[0], size: 12)
    x += 42 + textWidth(words[0], size: 12)
    svg.line(x + 4, 7, x + 4, 23, colour: "#8A8F98", width: 2.5)
    svg.text(x + 12, 19.5, words[1], size: 12)
    x += 28 + textWidth(words[1], size: 12)
    svg.line(x, 15, x + 26, 15, colour: Ink.demand, width: 2.4)
    svg.dot(x + 13, 15, 4, colour: Ink.demand)
    svg.text(x + 32, 19.5, words[2], size: 12)
  }
}
