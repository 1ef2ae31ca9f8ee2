import Foundation
import Messages

/// How values become classes.
public enum Classing: Sendable, Hashable {
  case fisherJenks(Int)
  case quantile(Int)
  case equal(Int)
  case pretty(Int)
  /// Breaks between classes, ascending.
  case manual([Double])

  package var name: Bilingual {
    switch self {
    case .fisherJenks: Bilingual(zh: "Fisher–Jenks 自然断点", en: "Fisher–Jenks")
    case .quantile: Bilingual(zh: "分位数", en: "quantiles")
    case .equal: Bilingual(zh: "等间距", en: "equal intervals")
    case .pretty: Bilingual(zh: "整数断点", en: "pretty breaks")
    case .manual: Bilingual(zh: "指定断点", en: "chosen breaks")
    }
  }
}

/// The classes of one measure: the same in every year, scenario and hub, so that colours compare.
///
/// A value belongs to class i when `breaks[i−1] ≤ value < breaks[i]`.
public struct Classes: Sendable, Hashable {
  public let method: Bilingual
  /// Between classes, ascending; one fewer than there are classes. Two significant digits where that
  /// still tells them apart.
  public let breaks: [Double]
  /// One a class, `#rrggbb`, lowest class first.
  public let colours: [String]

  public var count: Int { breaks.count + 1 }

  /// Class of a value, from 0; a value on a break belongs to the class above it.
  public func index(of value: Double) -> Int {
    breaks.firstIndex { value < $0 } ?? breaks.count
  }

  /// How many of the values fall in each class.
  public func counts(_ values: [Double]) -> [Int] {
    values.reduce(into: [Int](repeating: 0, count: count)) { $0[index(of: $1)] += 1 }
  }

  package init(method: Bilingual, breaks: [Double], colours: [String]) {
    (self.method, self.breaks, self.colours) = (method, breaks, colours)
  }

  /// Classes of a quantity, light to dark.
  public static func sequential(_ values: [Double], _ classing: Classing = .fisherJenks(5)) -> Classes {
    let breaks = classBreaks(values, classing)
    return Classes(method: classing.name, breaks: breaks, colours: shades(blues, breaks.count + 1))
  }

  /// Classes symmetrical about zero, with a neutral one in the middle: purple below (surplus), orange
  /// above (short); readable without telling red from green.
  ///
  /// - Parameters:
  ///   - halfWidths: half the 80 % band of each value; the neutral class reaches half their median to
  ///     either side, but never past a third of the values.
  ///   - arms: classes on each side of the neutral one.
  public static func diverging(_ values: [Double], halfWidths: [Double], arms: Int = 3) -> Classes {
    let sizes = values.filter(\.isFinite).map(abs).sorted()
    let name = Bilingual(zh: "Fisher–Jenks，对称于 0", en: "Fisher–Jenks, symmetrical about 0")
    guard let largest = sizes.last, largest > 0 else {
      return Classes(method: name, breaks: [], colours: [purplesOranges[purplesOranges.count / 2]])
    }
    let band = halfWidths.filter(\.isFinite).sorted()
    var neutral = band.isEmpty ? 0 : band[band.count / 2] / 2
    let cap = sizes[sizes.count / 3]
    if neutral <= 0 || neutral > cap { neutral = cap > 0 ? cap : largest / 10 }
    neutral = rounded(neutral, digits: 2)
    let beyond = classBreaks(sizes.filter { $0 > neutral }, .fisherJenks(arms)).filter { $0 > neutral }
    let breaks = beyond.reversed().map { -$0 } + [-neutral, neutral] + beyond
    let side = beyond.count + 1
    let palette = purplesOranges, middle = palette.count / 2
    let picked = (-side...side).map { step -> String in
      palette[middle + Int((Double(step) * Double(middle) / Double(side)).rounded())]
    }
    return Classes(method: name, breaks: breaks, colours: picked)
  }

  /// What class `i` is called in a legend.
  package func label(_ i: Int, to: String = " – ", format: (Double) -> String) -> String {
    if breaks.isEmpty { return "" }
    if i == 0 { return "< \(format(breaks[0]))" }
    if i == breaks.count { return "≥ \(format(breaks[i - 1]))" }
    return format(breaks[i - 1]) + to + format(breaks[i])
  }
}

/// ColorBrewer Blues and PuOr (Brewer 2003), both safe for colour-blind readers.
private let blues = ["#eff3ff", "#c6dbef", "#9ecae1", "#6baed6", "#4292c6", "#2171b5", "#084594"]
private let purplesOranges = [
  "#542788", "#8073ac", "#b2abd2", "#d8daeb", "#f7f7f7", "#fee0b6", "#fdb863", "#e08214", "#b35806",
]

package let shortToSurplus = Array(purplesOranges.reversed())

private func shades(_ palette: [String], _ count: Int) -> [String] {
  guard count > 1 else { return [palette[palette.count / 2]] }
  return (0..<count).map { palette[Int((Double($0) * Double(palette.count - 1) / Double(count - 1)).rounded())] }
}

/// Rounds to so many significant digits.
package func rounded(_ value: Double, digits: Int) -> Double {
  guard value != 0, value.isFinite else { return value }
  let power = Double(digits - 1) - (log10(abs(value))).rounded(.down)
  let scale = pow(10, abs(power))
  guard scale.isFinite, (value * scale).isFinite || power < 0 else { return value }
  // Division by a whole power keeps 0.3 at 0.3 where multiplication would give 0.30000000000000004.
  return power >= 0 ? (value * scale).rounded() / scale : (value / scale).rounded() * scale
}

private func classBreaks(_ values: [Double], _ classing: Classing) -> [Double] {
  let sorted = values.filter(\.isFinite).sorted()
  guard let low = sorted.first, let high = sorted.last, low < high else {
    if case .manual(let breaks) = classing { return breaks }
    return []
  }
  switch classing {
  case .manual(let breaks): return breaks
  case .fisherJenks(let k):
    return between(fisherJenks(sorted, count: k), sorted)
  case .quantile(let k):
    return between((1..<max(k, 1)).map { sorted[max(0, $0 * sorted.count / k - 1)] } + [high], sorted)
  case .equal(let k):
    return unique((1..<max(k, 1)).map { rounded(low + (high - low) * Double($0) / Double(k), digits: 2) })
  case .pretty(let k): return prettyBreaks(low, high, k)
  }
}

/// A break half-way between each class's greatest value and the next value, rounded to two digits, or
/// to as many as keep it apart from the break before.
private func between(_ ends: [Double], _ sorted: [Double]) -> [Double] {
  var breaks: [Double] = []
  for end in ends.dropLast() {
    guard let next = sorted.first(where: { $0 > end }) else { continue }
    let wanted = (2...15).lazy.map { rounded((end + next) / 2, digits: $0) }.first { wanted in
      breaks.last.map { $0 < wanted } ?? true
    }
    breaks.append(wanted ?? next)
  }
  return unique(breaks)
}

private func unique(_ breaks: [Double]) -> [Double] {
  breaks.reduce(into: []) { if $0.last != $1 { $0.append($1) } }
}

/// Multiples of 1, 2 or 5 times a power of ten, about `count` classes.
private func prettyBreaks(_ low: Double, _ high: Double, _ count: Int) -> [Double] {
  let raw = (high - low) / Double(max(count, 1))
  let power = pow(10, log10(raw).rounded(.down))
  let step = [1, 2, 5, 10].map { $0 * power }.min { abs($0 - raw) < abs($1 - raw) } ?? raw
  guard max(abs(low), abs(high)) / step < 1e9 else { return [] }
  let first = Int((low / step).rounded(.down)) + 1, last = Int((high / step).rounded(.up)) - 1
  guard first <= last else { return [] }
  return (first...last).map { rounded(Double($0) * step, digits: 12) }
}
