import Foundation
import Messages

/// Numbers and names as a map prints them.
package enum Figures {
  /// A value with as many digits as a reader can use; 万 from ten thousand in Chinese.
  package static func text(_ value: Double, _ measure: MapMeasure, _ language: Language) -> String {
    switch measure {
    case .adequacy: return fixed(value, 2)
    case .supplyChange, .demandChange: return (value > 0 ? "+" : "") + minus(fixed(value, 1)) + "%"
    case .density: return trimmed(value, abs(value) >= 10 ? 0 : 2, language)
    case .supply, .demand, .gap:
      let sign = measure == .gap && value > 0 ? "+" : ""
      return sign + persons(value, language)
    }
  }

  /// A break between classes: already rounded, so nothing but zeros may go.
  package static func breakText(_ value: Double, _ measure: MapMeasure, _ language: Language) -> String {
    switch measure {
    case .adequacy: return minus(trimmed(value, 2, language))
    case .supplyChange, .demandChange: return minus(trimmed(value, 1, language)) + "%"
    case .density: return trimmed(value, 2, language)
    case .supply, .demand, .gap:
      guard language == .zh, abs(value) >= 10_000 else { return minus(trimmed(value, 1, language)) }
      return minus(trimmed(value / 10_000, 2, language)) + " 万"
    }
  }

  private static func persons(_ value: Double, _ language: Language) -> String {
    guard language == .zh, abs(value) >= 10_000 else { return minus(trimmed(value, 0, language)) }
    return minus(fixed(value / 10_000, abs(value) >= 1_000_000 ? 0 : 1)) + " 万"
  }

  private static func fixed(_ value: Double, _ decimals: Int) -> String {
    guard abs(value) < 1e12 else { return "\(value)" }
    var whole = ByteText()
    whole.append(value, decimals: decimals)
    let text = String(decoding: whole.bytes, as: UTF8.self)
    guard decimals > 0 else { return text }
    let parts = text.split(separator: ".", maxSplits: 1)
    let fraction = parts.count > 1 ? String(parts[1]) : ""
    return parts[0] + "." + fraction + String(repeating: "0", count: decimals - fraction.count)
  }

  private static func trimmed(_ value: Double, _ decimals: Int, _ language: Language) -> String {
    guard abs(value) < 1e12 else { return "\(value)" }
    var out = ByteText()
    out.append(value, decimals: decimals)
    let text = String(decoding: out.bytes, as: UTF8.self)
    guard language == .en, abs(value) >= 1000 else { return text }
    let parts = text.split(separator: ".", maxSplits: 1)
    let digits = Array(parts[0].drop { $0 == "-" })
    var grouped = parts[0].hasPrefix("-") ? "-" : ""
    for (i, digit) in digits.enumerated() {
      if i > 0, (digits.count - i) % 3 == 0 { grouped.append(",") }
      grouped.append(digit)
    }
    return parts.count > 1 ? grouped + "." + parts[1] : grouped
  }

  private static func minus(_ text: String) -> String { text.hasPrefix("-") ? "−" + text.dropFirst() : text }

  /// A name short enough for a label. Special administrative regions keep theirs in Chinese.
  package static func shortName(_ name: Bilingual, _ language: Language) -> String {
    var text = name[language]
    let endings: [String] =
      language == .zh
      ? ["壮族自治区", "回族自治区", "维吾尔自治区", "自治区", "省", "市"]
      : [
        " Zhuang Autonomous Region", " Hui Autonomous Region", " Uygur Autonomous Region", " Uyghur Autonomous Region",
        " Autonomous Region", " Special Administrative Region", " Municipality", " Province", " District", " City",
      ]
    for ending in endings where text.hasSuffix(ending) && text.count > ending.count + 1 {
      text.removeLast(ending.count)
      break
    }
    return text
  }

  /// 1, 2 or 5 times a power of ten, not above `value`.
  package static func niceBelow(_ value: Double) -> Double {
    guard value > 0 else { return 0 }
    let power = pow(10, log10(value).rounded(.down))
    return ([5, 2, 1].map { $0 * power }.first { $0 <= value }) ?? power
  }
}
