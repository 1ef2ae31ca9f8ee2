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
