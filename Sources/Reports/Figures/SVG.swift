import Foundation
import Messages

/// Escapes the five characters that XML and HTML reserve.
func escaped(_ text: String) -> String {
  var out = ""
  out.reserveCapacity(text.utf8.count)
  for character in text.unicodeScalars {
    switch character {
    case "&": out += "&amp;"
    case "<": out += "&lt;"
    case ">": out += "&gt;"
    case "\"": out += "&quot;"
    case "'": out += "&#39;"
    default: out.unicodeScalars.append(character)
    }
  }
  return out
}

/// Colours that stay apart for every kind of colour vision, each ≥ 4.5 : 1 on white.
enum Ink {
  static let supply = "#12436D"
  static let demand = "#B8470B"
  static let other = "#2A7A6B"
  static let fourth = "#801650"
  static let axis = "#3D3D3D"
  static let faint = "#D9DCE0"
  static let pale = "#F2F4F7"

  static let series = [supply, demand, other, fourth]
}

/// A drawing that is written from top to bottom, coordinates with one decimal.
struct SVGWriter {
  static let fonts =
    "'Source Han Sans SC','Noto Sans CJK SC','Noto Sans SC','PingFang SC','Microsoft YaHei',Arial,sans-serif"

  enum Anchor: String { case start, middle, end }

  let width: Double
  let height: Double
  private let alternative: String
  private let language: Language
  private var body = ""

  init(width: Double, height: Double, alternative: String, language: Language) {
    self.width = width
    self.height = height
    self.alternative = alternative
    self.language = language
  }

  mutating func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, colour: String = Ink.axis,
    width: Double = 1, dash: String? = nil
  ) {
    body +=
      "<line x1=\"\(short(x1))\" y1=\"\(short(y1))\" x2=\"\(short(x2))\" y2=\"\(short(y2))\" stroke=\"\(colour)\" stroke-width=\"\(short(width))\"\(dashed(dash))/>\n"
  }

  mutating func path(
    _ points: [(x: Double, y: Double)], colour: String, width: Double = 2, dash: String? = nil
  ) {
    guard points.count > 1 else { return }
    body +=
      "<polyline points=\"\(list(points))\" fill=\"none\" stroke=\"\(colour)\" stroke-width=\"\(short(width))\" stroke-linejoin=\"round\"\(dashed(dash))/>\n"
  }

  mutating func area(_ points: [(x: Double, y: Double)], colour: String, opacity: Double) {
    guard points.count > 2 else { return }
    body += "<polygon points=\"\(list(points))\" fill=\"\(colour)\" fill-opacity=\"\(opacity)\" stroke=\"none\"/>\n"
  }

  mutating func box(
    _ x: Double, _ y: Double, _ w: Double, _ h: Double, colour: String, opacity: Double = 1,
    stroke: String? = nil
  ) {
    let edge = stroke.map { " stroke=\"\($0)\"" } ?? ""
    let see = opacity < 1 ? " fill-opacity=\"\(opacity)\"" : ""
    body +=
      "<rect x=\"\(short(x))\" y=\"\(short(y))\" width=\"\(short(max(w, 0)))\" height=\"\(short(max(h, 0)))\" fill=\"\(colour)\"\(see)\(edge)/>\n"
  }

  mutating func dot(_ x: Double, _ y: Double, _ r: Double, colour: String, hollow: Bool = false) {
    body +=
      "<circle cx=\"\(short(x))\" cy=\"\(short(y))\" r=\"\(short(r))\" fill=\"\(hollow ? "#fff" : colour)\" stroke=\"\(colour)\" stroke-width=\"1.6\"/>\n"
  }

  /// A square stands apart from a dot in black and white.
  mutating func square(_ x: Double, _ y: Double, _ r: Double, colour: String) {
    box(x - r, y - r, 2 * r, 2 * r, colour: colour)
  }

  mutating func text(
    _ x: Double, _ y: Double, _ text: String, size: Double = 13, anchor: Anchor = .start,
    colour: String = "#1F1F1F", bold: Bool = false
  ) {
    body +=
      "<text x=\"\(short(x))\" y=\"\(short(y))\" font-size=\"\(short(size))\" text-anchor=\"\(anchor.rawValue)\" fill=\"\(colour)\"\(bold ? " font-weight=\"600\"" : "")>\(escaped(text))</text>\n"
  }

  /// The finished drawing, complete by itself: size, language, alternative text.
  var document: String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(short(width)) \(short(height))" width="\(short(width))" height="\(short(height))" role="img" xml:lang="\(language == .zh ? "zh-CN" : "en")" font-family="\(SVGWriter.fonts)">
    <title>\(escaped(alternative))</title>
    <rect width="\(short(width))" height="\(short(height))" fill="#fff"/>
    \(body)</svg>

    """
  }

  private func dashed(_ dash: String?) -> String { dash.map { " stroke-dasharray=\"\($0)\"" } ?? "" }

  private func list(_ points: [(x: Double, y: Double)]) -> String {
    points.map { "\(short($0.x)),\(short($0.y))" }.joined(separator: " ")
  }
}

/// One decimal, none when it is zero.
func short(_ x: Double) -> String {
  let tenths = (x * 10).rounded()
  if tenths.truncatingRemainder(dividingBy: 10) == 0 { return "\(Int(tenths / 10))" }
  return "\(tenths / 10)"
}

/// Columns of a text at a size: Chinese a full em, Latin a bit more than half.
func textWidth(_ text: String, size: Double) -> Double {
  Double(displayWidth(text)) * size * 0.54
}

/// A linear axis with round ticks.
struct Axis {
  let low: Double
  let high: Double
  let ticks: [Double]
  private let from: Double
  private let to: Double

  /// - Parameters:
  ///   - values: what must fit; `zero` widens the axis to hold 0.
  ///   - from, to: pixels of the axis' ends.
  init(_ values: [Double], zero: Bool, from: Double, to: Double, count: Int = 5) {
    let all = values.filter(\.isFinite) + (zero ? [0] : [])
    let least = all.min() ?? 0
    let most = all.max() ?? 1
    let span = most > least ? most - least : max(abs(most), 1)
    let rough = span / Double(count)
    let magnitude = pow(10, floor(log10(rough)))
    let unit = [1, 2, 2.5, 5, 10].first { $0 * magnitude >= rough } ?? 10
    let step = unit * magnitude
    let first = floor(least / step) * step
    let last = max(ceil(most / step) * step, first + step)
    ticks = (0...Int(((last - first) / step).rounded())).map { first + Double($0) * step }
    low = first
    high = last
    self.from = from
    self.to = to
  }

  func callAsFunction(_ value: Double) -> Double {
    from + (value - low) / (high - low) * (to - from)
  }
}

/// An axis of persons: in 万人 when the numbers are large, so that ticks stay short.
struct PersonScale {
  let divisor: Double
  let unit: Bilingual
  private let places: Int

  /// - Parameter fact: one of the figures drawn; its unit is the axis'.
  init(ticks: [Double], like fact: Fact?) {
    let most = ticks.map(abs).max() ?? 0
    let step = ticks.count > 1 ? ticks[1] - ticks[0] : 1
    divisor = most >= 20_000 ? 10_000 : 1
    let heads: Bilingual = most >= 20_000 ? .tenThousandPersons : .persons
    unit = fact?.isFullTime == true ? heads.fullTime : heads
    let shown = step / divisor
    places = shown >= 1 && shown == shown.rounded() ? 0 : (shown * 10 == (shown * 10).rounded() ? 1 : 2)
  }

  /// A value beside its bar: one decimal finer than whole 万.
  func value(_ value: Double, _ language: Language) -> String {
    let digits = roundedDigits(value / divisor, places: divisor == 1 ? 0 : 2)
    return printed(language == .en ? grouped(digits) : digits)
  }

  func label(_ value: Double, _ language: Language) -> String {
    let digits = roundedDigits(value / divisor, places: places)
    return printed(language == .en ? grouped(digits) : digits)
  }
}
