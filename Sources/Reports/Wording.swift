import Messages

/// The published threshold table: which adjective a growth rate earns, which word a probability.
/// Printed in the annex from the same rows that choose the words.
public enum Wording {
  /// A word and the least value it may be used for.
  public struct Threshold: Sendable {
    /// Smallest value of the class.
    public let from: Double
    public let word: Bilingual
  }

  /// On |growth a year|.
  public static let pace: [Threshold] = [
    Threshold(from: 0.15, word: Bilingual(zh: "快速", en: "rapidly")),
    Threshold(from: 0.08, word: Bilingual(zh: "较快", en: "strongly")),
    Threshold(from: 0.03, word: Bilingual(zh: "稳步", en: "steadily")),
    Threshold(from: 0.005, word: Bilingual(zh: "小幅", en: "slightly")),
    Threshold(from: 0, word: Bilingual(zh: "基本持平", en: "is broadly unchanged")),
  ]

  /// Words for probabilities, from the most certain down.
  public static let certainty: [Threshold] = [
    Threshold(from: 0.9, word: Bilingual(zh: "大概率", en: "very likely")),
    Threshold(from: 0.66, word: Bilingual(zh: "较可能", en: "likely")),
    Threshold(from: 0.33, word: Bilingual(zh: "存在不确定性", en: "about as likely as not")),
    Threshold(from: 0, word: Bilingual(zh: "可能性较低", en: "unlikely")),
  ]

  /// 较快增长, 小幅下降, 基本持平.
  public static func change(_ growth: Double) -> Bilingual {
    let word = chosen(pace, abs(growth))
    if abs(growth) < 0.005 { return word }
    return growth > 0
      ? Bilingual(zh: word.zh + "增长", en: "grows " + word.en)
      : Bilingual(zh: word.zh + "下降", en: "falls " + word.en)
  }

  /// The word for a probability.
  public static func likelihood(_ probability: Double) -> Bilingual { chosen(certainty, probability) }

  private static func chosen(_ table: [Threshold], _ value: Double) -> Bilingual {
    for row in table where value >= row.from { return row.word }
    return table[table.count - 1].word
  }

  /// A gap has two names: short and surplus.
  static func gap(_ value: Double) -> Bilingual {
    value >= 0 ? Bilingual(zh: "缺口", en: "a shortfall of") : Bilingual(zh: "富余", en: "a surplus of")
  }
}

extension Prose {
  /// A forecast as it must be said the first time: value, scenario, 80 % interval.
  ///
  ///     49.9万人（基准情景，80%区间46.8万～53.0万人）
  static func withInterval(
    _ fact: Fact, _ format: NumberFormat, _ edition: Edition, in language: Language
  ) -> Prose {
    guard fact.interval != nil else { return "\(fact, format)" }
    switch language {
    case .zh: return "\(fact, format)（\(edition.scenarioName.zh)，80%区间\(interval: fact, format)）"
    case .en: return "\(fact, format) (\(edition.scenarioName.en), 80% interval \(interval: fact, format))"
    }
  }

  /// A gap with its interval; a negative one says in the same bracket that it is a surplus.
  ///
  /// - Parameter named: false where the sentence has named the scenario.
  static func gap(_ fact: Fact, _ edition: Edition, named: Bool = true, in language: Language) -> Prose {
    guard fact.interval != nil else { return "\(fact, .persons)" }
    let (own, zh) = (edition.scenarioName[language], language == .zh)
    let surplus: Prose = fact.value >= 0 ? "" : zh ? "负值为富余；" : "negative: a surplus; "
    let scenario: Prose = !named ? "" : zh ? "\(own)，" : "\(own), "
    return zh
      ? "\(fact, .persons)（\(surplus)\(scenario)80%区间\(interval: fact, .persons)）"
      : "\(fact, .persons) (\(surplus)\(scenario)80% interval \(interval: fact, .persons))"
  }
}
