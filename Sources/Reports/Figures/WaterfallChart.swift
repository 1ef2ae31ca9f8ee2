import Messages

/// A start, its changes, an end: each change begins where the last one ended.
public struct WaterfallChart: Sendable {
  /// A stock, or a change between stocks.
  public struct Step: Sendable {
    public var name: Bilingual
    /// A level for the first and last step, a signed change between.
    public var fact: Fact
    /// How much the bar moves: −1 for a flow that is subtracted.
    public var sign: Double
    public var level: Bool

    public init(name: Bilingual, fact: Fact, sign: Double = 1, level: Bool = false) {
      self.name = name
      self.fact = fact
      self.sign = sign
      self.level = level
    }
  }

  public var steps: [Step]

  public init(steps: [Step]) { self.steps = steps }

  func svg(_ language: Language, alternative: String) -> String {
    let (left, right, top, bottom) = (64.0, 744.0, 44.0, 300.0)
    var svg = SVGWriter(width: 760, height: 350, alternative: alternative, language: language)
    let bars = spans
    let levels = bars.flatMap { [$0.from, $0.to] }
    // Changes are small beside the stocks: the axis is cut and says so, except when that misleads little.
    let changes = zip(steps, bars).filter { !$0.0.level }.flatMap { [$0.1.from, $0.1.to] }
    let least = changes.min() ?? 0
    let cut = least > 0 && (levels.max() ?? 0) > 0 && least > 0.5 * (levels.max() ?? 0)
    let floor = cut ? least - 0.35 * ((levels.max() ?? 0) - least) : 0
    let y = Axis(levels.filter { $0 > floor } + [floor], zero: !cut, from: bottom, to: top)
    let scale = PersonScale(ticks: y.ticks, like: steps.first?.fact)
    for tick in y.ticks {
      svg.line(left, y(tick), right, y(tick), colour: tick == 0 ? Ink.axis : Ink.faint)
      svg.text(left - 8, y(tick) + 4, scale.label(tick, language), size: 12, anchor: .end)
    }
    let slot = (right - left) / Double(max(steps.count, 1))
    for (i, (step, bar)) in zip(steps, bars).enumerated() {
      let x = left + slot * Double(i)
      let colour = step.level ? Ink.supply : (bar.to >= bar.from ? Ink.other : Ink.demand)
      let lower = max(min(bar.from, bar.to), y.low)
      let upper = max(bar.from, bar.to)
      svg.box(x + slot * 0.18, y(upper), slot * 0.64, y(lower) - y(upper), colour: colour)
      let change = bar.to - bar.from
      let digits = scale.value(step.level ? bar.to : change, language)
      let label = step.level || change < 0 ? digits : "+" + digits
      svg.text(x + slot / 2, y(upper) - 6, label, size: 12, anchor: .middle)
      svg.text(x + slot / 2, bottom + 20, step.name[language], size: 12.5, anchor: .middle)
      if i + 1 < steps.count {
        svg.line(x + slot * 0.82, y(bar.to), x + slot * 1.18, y(bar.to), dash: "2 2")
      }
    }
    svg.line(left, bottom, right, bottom)
    let unit = scale.unit[language]
    var note = language == .zh ? "单位：\(unit)" : "Unit: \(unit)"
    if cut { note += language == .zh ? "（纵轴不从零开始）" : " (axis does not start at zero)" }
    svg.text(8, 20, note, size: 12)
    return svg.document
  }

  private var spans: [(from: Double, to: Double)] {
    var level = 0.0
    return steps.map { step in
      if step.level {
        level = step.fact.value
        return (0, level)
      }
      let from = level
      level += step.sign * step.fact.value
      return (from, level)
    }
  }
}
