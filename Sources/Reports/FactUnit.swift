import Dimensions
import Messages

extension Fact {
  /// Full-time equivalents are counted, not heads.
  var isFullTime: Bool { unit.hasPrefix("人年") }
}

extension NumberFormat {
  /// The number in its own unit (46.8万人年 where full-time equivalents are counted), persons in prose to the digit
  /// that their 80 % interval supports.
  func text(_ fact: Fact, in language: Language) -> String {
    guard self == .persons, let (low, high) = fact.interval, Reading.step(low: low, high: high) >= 1 else {
      return inUnit(of: fact, text(fact.value, in: language), language)
    }
    let value = Reading.supported(fact.value, low: low, high: high)
    return inUnit(of: fact, personsText(value, like: max(abs(low), abs(high)), in: language), language)
  }

  /// The 80 % interval in its own unit; nil where there is none.
  func range(_ fact: Fact, in language: Language) -> String? {
    fact.interval.map { low, high in
      guard self == .persons, Reading.step(low: low, high: high) >= 1 else {
        return inUnit(of: fact, range(low, high, in: language), language)
      }
      func end(_ value: Double) -> Double { Reading.supported(value, low: low, high: high) }
      return inUnit(of: fact, range(end(low), end(high), in: language), language)
    }
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
