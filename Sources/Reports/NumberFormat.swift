import Messages

/// How a number is written, in prose or in a cell. Values are in base units: persons, fractions.
public enum NumberFormat: Hashable, Sendable {
  /// Prose: 46.8万人, 8320人; 468,000, 8,320 persons.
  case persons
  /// A cell whose unit stands in the head.
  case tablePersons
  /// A cell whose head says 万人 (10,000 persons): two decimals.
  case tableTenThousands
  /// Prose: a fraction as 12.3%.
  case percent
  /// A cell whose head says %.
  case tablePercent
  /// Prose: a difference of two fractions, 1.2个百分点.
  case points
  /// A cell whose head says 百分点.
  case tablePoints
  /// A plain decimal number.
  case decimal(places: Int)
  /// Prose: a count with its unit, 30家.
  case count(unit: Bilingual)
  /// A count in a cell: whole numbers and thousands without decimals, others with one.
  case tableCount
  /// Prose: a probability in whole percent, open at both ends.
  case probability
  case tableProbability

  /// True for a number that stands for a rate or share.
  var isRate: Bool {
    switch self {
    case .percent, .tablePercent, .probability, .tableProbability: true
    default: false
    }
  }

  var isPoints: Bool { self == .points || self == .tablePoints }

  /// The value in words of the language.
  public func text(_ value: Double, in language: Language) -> String {
    if self == .probability, value > 0.99 { return language == .zh ? "99%以上" : "over 99%" }
    if self == .probability, value < 0.01 { return language == .zh ? "不足1%" : "under 1%" }
    let (digits, unit) = parts(value, in: language)
    return digits + unit
  }

  /// GB/T 15835: "～" between the ends, 万 and % on both, the plain unit once.
  public func range(_ low: Double, _ high: Double, in language: Language) -> String {
    switch (self, language) {
    case (.persons, .zh):
      // Both ends in one magnitude: that of the larger end.
      let magnitude = max(abs(low), abs(high))
      let whole = wholeTenThousands(low) && wholeTenThousands(high)
      return tenThousands(low, like: magnitude, whole: whole) + "～"
        + tenThousands(high, like: magnitude, whole: whole) + "人"
    case (.persons, .en):
      let magnitude = max(abs(low), abs(high))
      return thousands(low, like: magnitude) + " to " + thousands(high, like: magnitude)
    case (.percent, .zh), (.probability, .zh):
      return text(low, in: .zh) + "～" + text(high, in: .zh)
    case (.percent, .en), (.probability, .en):
      return text(low, in: .en) + " to " + text(high, in: .en)
    case (_, .zh):
      let (digits, _) = parts(low, in: .zh)
      return digits + "～" + text(high, in: .zh)
    case (_, .en):
      let (digits, _) = parts(low, in: .en)
      return digits + " to " + text(high, in: .en)
    }
  }

  /// Persons in prose, in the magnitude of what stands beside them.
  func personsText(_ value: Double, like magnitude: Double, in language: Language) -> String {
    let like = max(abs(value), magnitude)
    return language == .zh
      ? tenThousands(value, like: like, whole: wholeTenThousands(value)) + "人" : thousands(value, like: like)
  }

  private func parts(_ value: Double, in language: Language) -> (String, String) {
    switch self {
    case .persons:
      return language == .zh
        ? (tenThousands(value, like: value, whole: wholeTenThousands(value)), "人") : (thousands(value, like: value), "")
    case .tablePersons: return (local(roundedDigits(value, places: 0), language), "")
    case .tableTenThousands:
      return (local(roundedDigits(value / 10_000, places: 2), language), "")
    case .percent: return (printed(roundedDigits(value * 100, places: 1)), "%")
    case .tablePercent, .tablePoints: return (printed(roundedDigits(value * 100, places: 1)), "")
    case .points:
      return (
        printed(roundedDigits(value * 100, places: 1)),
        language == .zh ? "个百分点" : " percentage points"
      )
    case .decimal(let places): return (local(roundedDigits(value, places: places), language), "")
    case .count(let unit):
      return (countDigits(value, language), language == .zh ? unit.zh : " " + unit.en)
    case .tableCount: return (countDigits(value, language), "")
    case .probability: return (roundedDigits(value * 100, places: 0), "%")
    case .tableProbability: return (probabilityDigits(value), "")
    }
  }

  private func countDigits(_ value: Double, _ language: Language) -> String {
    local(roundedDigits(value, places: value == value.rounded() || abs(value) >= 1000 ? 0 : 1), language)
  }

  /// Draws cannot tell 99.6 % from certainty: the ends are open.
  private func probabilityDigits(_ value: Double) -> String {
    if value > 0.99 { return ">99" }
    if value < 0.01 { return "<1" }
    return roundedDigits(value * 100, places: 0)
  }

  private func local(_ digits: String, _ language: Language) -> String {
    printed(language == .en ? grouped(digits) : digits)
  }

  /// ≥ 1万: X.X万 (whole from 100万, 亿 from 1亿); below: whole persons.
  private func tenThousands(_ value: Double, like magnitude: Double, whole: Bool) -> String {
    switch abs(magnitude) {
    case 1e8...: printed(roundedDigits(value / 1e8, places: 1)) + "亿"
    case 1e6...: printed(roundedDigits(value / 1e4, places: 0)) + "万"
    case 1e4...: printed(roundedDigits(value / 1e4, places: whole ? 0 : 1)) + "万"
    default: printed(roundedDigits(value, places: 0))
    }
  }

  /// Exactly so many 万 (a plan's 4万人): no decimal is invented.
  private func wholeTenThousands(_ value: Double) -> Bool {
    value.truncatingRemainder(dividingBy: 10_000) == 0
  }

  /// The same significant digits as the Chinese text, so that both languages say one number.
  private func thousands(_ value: Double, like magnitude: Double) -> String {
    switch abs(magnitude) {
    case 1e8...: printed(grouped(roundedDigits(value, places: -7)))
    case 1e6...: printed(grouped(roundedDigits(value, places: -4)))
    case 1e4...: printed(grouped(roundedDigits(value, places: -3)))
    default: printed(grouped(roundedDigits(value, places: 0)))
    }
  }
}
