import Foundation
import Messages

/// Lines over years with nested 80 % and 95 % bands; the forecast part is dashed and begins at a
/// marked line.
public struct FanChart: Sendable {
  /// A line with its bands, year by year.
  public struct Series: Sendable {
    public var name: Bilingual
    /// By year, ascending; each fact carries its band.
    public var points: [Fact]

    public init(name: Bilingual, points: [Fact]) {
      self.name = name
      self.points = points
    }
  }

  public var series: [Series]
  /// Last observed year; what follows is forecast.
  public var lastObserved: Int
  /// nil: persons.
  public var unit: Bilingual?
  /// Observed values drawn over the fans (back-tests).
  public var outcomes: [Fact]

  public init(
    series: [Series], lastObserved: Int, unit: Bilingual? = nil, outcomes: [Fact] = []
  ) {
    self.series = series
    self.lastObserved = lastObserved
    self.unit = unit
    self.outcomes = outcomes
  }

  func svg(_ language: Language, alternative: String) -> String {
    let (left, right, top, bottom) = (64.0, 640.0, 44.0, 330.0)
    var svg = SVGWriter(width: 760, height: 372, alternative: alternative, language: language)
    let points = series.flatMap(\.points) + outcomes
    let years = points.compactMap(\.year)
    guard let first = years.min(), let last = years.max(), first < last else { return svg.document }
    func x(_ year: Int) -> Double {
      left + Double(year - first) / Double(last - first) * (right - left)
    }
    let extent = points.flatMap { [$0.value, $0.low95 ?? $0.value, $0.high95 ?? $0.value] }
    let least = extent.min() ?? 0
    let most = extent.max() ?? 1
    let y = Axis(extent, zero: least < 0 || least < 0.45 * most, from: bottom, to: top)
    drawAxes(&svg, y, x, years: first...last, language, left: left, right: right, bottom: bottom)
    for (i, one) in series.enumerated() { drawBands(&svg, one, Ink.series[i % 4], x, y) }
    for (i, one) in series.enumerated() { drawLine(&svg, one, i, x, y) }
    for fact in outcomes {
      if let year = fact.year { svg.dot(x(year), y(fact.value), 4, colour: Ink.axis, hollow: true) }
    }
    drawStart(&svg, x, language, first: first, last: last, top: top, bottom: bottom)
    drawLabels(&svg, y, language, right: right)
    return svg.document
  }

  private func drawAxes(
    _ svg: inout SVGWriter, _ y: Axis, _ x: (Int) -> Double, years: ClosedRange<Int>,
    _ language: Language, left: Double, right: Double, bottom: Double
  ) {
    let scale = PersonScale(ticks: y.ticks, like: series.first?.points.first)
    for tick in y.ticks {
      svg.line(left, y(tick), right, y(tick), colour: tick == 0 ? Ink.axis : Ink.faint)
      svg.text(left - 8, y(tick) + 4, scale.label(tick, language), size: 12, anchor: .end)
    }
    svg.line(left, bottom, right, bottom)
    let step = years.count > 14 ? 5 : (years.count > 8 ? 2 : 1)
    for year in years where year % step == 0 {
      svg.line(x(year), bottom, x(year), bottom + 4)
      svg.text(x(year), bottom + 19, "\(year)", size: 12, anchor: .middle)
    }
    let unit = (unit ?? scale.unit)[language]
    svg.text(8, 20, language == .zh ? "单位：\(unit)" : "Unit: \(unit)", size: 12)
  }

  private func drawBands(
    _ svg: inout SVGWriter, _ one: Series, _ colour: String, _ x: (Int) -> Double, _ y: Axis
  ) {
    func band(_ low: (Fact) -> Double?, _ high: (Fact) -> Double?, _ opacity: Double) {
      let upper = one.points.compactMap { fact in
        fact.year.map { (x: x($0), y: y(high(fact) ?? fact.value)) }
      }
      let lower = one.points.compactMap { fact in
        fact.year.map { (x: x($0), y: y(low(fact) ?? fact.value)) }
      }
      svg.area(upper + lower.reversed(), colour: colour, opacity: opacity)
    }
    guard one.points.contains(where: { $0.interval != nil }) else { return }
    band(\.low95, \.high95, 0.12)
    band(\.low, \.high, 0.2)
  }

  private func drawLine(
    _ svg: inout SVGWriter, _ one: Series, _ index: Int, _ x: (Int) -> Double, _ y: Axis
  ) {
    let colour = Ink.series[index % 4]
    let placed = one.points.compactMap { fact in fact.year.map { ($0, x($0), y(fact.value)) } }
    let observed = placed.filter { $0.0 <= lastObserved }
    let forecast = placed.filter { $0.0 >= (observed.last?.0 ?? lastObserved) }
    svg.path(observed.map { ($0.1, $0.2) }, colour: colour, width: 2.4)
    svg.path(forecast.map { ($0.1, $0.2) }, colour: colour, width: 2.4, dash: "6 4")
    for (_, px, py) in observed {
      if index % 2 == 0 { svg.dot(px, py, 2.6, colour: colour) } else { svg.square(px, py, 2.6, colour: colour) }
    }
  }

  private func drawStart(
    _ svg: inout SVGWriter, _ x: (Int) -> Double, _ language: Language, first: Int, last: Int,
    top: Double, bottom: Double
  ) {
    guard lastObserved >= first, lastObserved < last else { return }
    let place = x(lastObserved) + (x(lastObserved + 1) - x(lastObserved)) * 0.12
    svg.line(place, top - 10, place, bottom, dash: "2 3")
    let word = language == .zh ? "预测起点" : "forecast starts"
    let right = place > 480
    svg.text(place + (right ? -5 : 5), top - 12, word, size: 12, anchor: right ? .end : .start)
  }

  /// Names stand at the lines' ends, pushed apart where lines meet.
  private func drawLabels(
    _ svg: inout SVGWriter, _ y: Axis, _ language: Language, right: Double
  ) {
    var ends = series.enumerated().compactMap { i, one in
      one.points.last.map { (index: i, y: y($0.value), name: one.name[language]) }
    }
    ends.sort { ($0.y, $0.index) < ($1.y, $1.index) }
    var previous = -Double.infinity
    for end in ends {
      let place = max(end.y + 4, previous + 17)
      previous = place
      svg.text(right + 8, place, end.name, colour: Ink.series[end.index % 4], bold: true)
    }
  }
}
