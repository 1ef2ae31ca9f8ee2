import Messages

extension IntakePlan.Bottleneck {
  /// What one more unit of the limit would change, as a sentence.
  ///
  /// - Parameter channels: of the problem.
  public func words(_ channels: [IntakeProblem.Channel]) -> Bilingual {
    let name = channel.map { channels[$0].name } ?? Bilingual(zh: "", en: "")
    let subject =
      switch kind {
      case .capacity: Bilingual(zh: "\(year) 年\(name.zh)容量多 1 人", en: "One more place for \(name.en) in \(year)")
      case .least: Bilingual(zh: "\(year) 年\(name.zh)下限少 1 人", en: "A floor lower by one for \(name.en) in \(year)")
      case .rise:
        Bilingual(zh: "\(year) 年\(name.zh)允许多增 1 人", en: "A rise larger by one for \(name.en) in \(year)")
      case .fall:
        Bilingual(zh: "\(year) 年\(name.zh)允许多减 1 人", en: "A fall larger by one for \(name.en) in \(year)")
      case .budget: Bilingual(zh: "\(year) 年经费多 100 万元", en: "A million yuan more in \(year)")
      }
    let effects = [
      effect(shortage, of: Bilingual(zh: "短缺", en: "shortage")), effect(surplus, of: Bilingual(zh: "富余", en: "surplus")), costs,
    ].compactMap(\.self)
    return Bilingual(
      zh: "\(subject.zh)：\(effects.map(\.zh).joined(separator: "，"))",
      en: "\(subject.en): \(effects.map(\.en).joined(separator: ", "))")
  }

  private func effect(_ change: Double, of what: Bilingual) -> Bilingual? {
    guard abs(change) >= 0.005 else { return nil }
    let size = twoDecimals(abs(change))
    return change < 0
      ? Bilingual(zh: "\(what.zh)减少 \(size) 人·年", en: "\(size) person-years less \(what.en)")
      : Bilingual(zh: "\(what.zh)增加 \(size) 人·年", en: "\(size) person-years more \(what.en)")
  }

  private var costs: Bilingual? {
    guard abs(cost) >= 1 else { return nil }
    let size = grouped(threeDigits(abs(cost)))
    return cost < 0
      ? Bilingual(zh: "费用减少 \(size) 元", en: "costs \(size) yuan lower")
      : Bilingual(zh: "费用增加 \(size) 元", en: "costs \(size) yuan higher")
  }
}

/// Rounded to three digits: a price found by solving twice is no better known.
private func threeDigits(_ value: Double) -> Int {
  var unit = 1.0
  while value >= 1000 * unit { unit *= 10 }
  return Int((value / unit).rounded() * unit)
}

private func grouped(_ whole: Int) -> String {
  whole < 1000 ? "\(whole)" : grouped(whole / 1000) + "," + String(String(1000 + whole % 1000).dropFirst())
}

private func twoDecimals(_ value: Double) -> String {
  let hundredths = Int((value * 100).rounded())
  let rest = hundredths % 100
  return "\(hundredths / 100).\(rest < 10 ? "0" : "")\(rest)"
}
