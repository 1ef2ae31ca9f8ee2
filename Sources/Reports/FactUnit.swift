import Messages

extension Fact {
  /// Full-time equivalents are counted, not heads.
  var isFullTime: Bool { unit.hasPrefix("人年") }
}

extension NumberFormat {
  /// The number in its own unit: 46.8万人年 where full-time equivalents are counted.
  func text(_ fact: Fact, in language: Language) -> String { inUnit(of: fact, text(fact.value, in: language), language) }

  /// The 80 % interval in its own unit; nil where there is none.
  func range(_ fact: Fact, in language: Language) -> String? {
    fact.interval.map { inUnit(of: fact, range($0.low, $0.high, in: language), language) }
  }

  private func inUnit(of fact: Fact, _ text: String, _ language: Language) -> String {
    self == .persons && language == .zh && fact.isFullTime ? text + "年" : text
  }
}

extension Bilingual {
  /// A unit of persons as one of full-time equivalents.
  var fullTime: Bilingual { Bilingual(zh: zh.replacing("人", with: "人年"), en: en.replacing("persons", with: "person-years")) }
}

extension StatTable {
  /// The same with its unit line in full-time equivalents, where it counted heads.
  var inFullTime: StatTable {
    guard let unit, unit.zh.contains("人"), !unit.zh.contains("人年") else { return self }
    var table = self
    table.unit = unit.fullTime
    return table
  }
}
