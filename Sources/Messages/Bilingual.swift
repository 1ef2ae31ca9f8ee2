/// The two languages every reader may choose.
public enum Language: String, CaseIterable, Codable, Sendable {
  case zh, en
}

/// One text in Chinese and English. Both are originals: neither is a fallback for the other.
public struct Bilingual: Hashable, Codable, Sendable {
  public let zh: String
  public let en: String

  public init(zh: String, en: String) {
    self.zh = zh
    self.en = en
  }

  public subscript(language: Language) -> String {
    switch language {
    case .zh: zh
    case .en: en
    }
  }
}

extension Bilingual {
  /// One line that says a thing twice, "中文 · English": each half in its language; else the same in both.
  public init(line: String) {
    let halves = line.split(separator: " · ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let isHan = { (text: String) in text.unicodeScalars.contains { (0x4E00...0x9FFF).contains($0.value) } }
    self =
      halves.count == 2 && isHan(halves[0]) && !isHan(halves[1])
      ? Bilingual(zh: halves[0], en: halves[1]) : Bilingual(zh: line, en: line)
  }
}

/// A range as each language writes it: 1～2, 1 to 2.
public func rangeText(_ low: String, _ high: String, _ language: Language) -> String {
  language == .zh ? "\(low)～\(high)" : "\(low) to \(high)"
}
