import Messages

extension SeriesError {
  /// What the process should exit with: a wrong question is usage, a series that does not fit is bad data.
  public var status: ExitStatus {
    switch self {
    case .optionOutOfRange, .ceilingMissing, .unknownParameter: .usage
    default: .badData
    }
  }

  /// The error as a problem of a file, in both languages with a hint.
  /// - Parameter line: where a series has its value at a time, when known.
  public func problem(file: String?, line: (_ series: String, _ time: Int) -> Int?) -> Problem {
    func place(_ code: String, _ series: String, _ time: Int, _ message: Bilingual, _ hint: Bilingual? = nil)
      -> Problem
    {
      Problem(code, file: file, line: line(series, time), message: message, hint: hint)
    }
    switch self {
    case .notPositive(let series, let time, let value, let method):
      return place(
        "series.not-positive", series, time,
        Bilingual(
          zh: "\(chinese(series))：\(time) 的值为 \(readable(value))，\(method) 取对数，要求全部为正",
          en:
            "\(series): the value at \(time) is \(readable(value)); \(method) takes logarithms and needs values above zero"
        ),
        Bilingual(
          zh: "改用 --method naive、drift、holt 或 local-level，或用 --where 去掉这条序列",
          en: "use --method naive, drift, holt or local-level, or leave the series out with --where"))
    case .ceilingReached(let series, let ceiling, let time, let value):
      return place(
        "series.ceiling-reached", series, time,
        Bilingual(
          zh: "\(chinese(series))：\(time) 的值 \(readable(value)) 不低于上限 \(readable(ceiling))",
          en:
            "\(series): the value at \(time) is \(readable(value)), not below the ceiling \(readable(ceiling))"
        ),
        Bilingual(zh: "把 --ceiling 提高到所有观测之上", en: "raise --ceiling above every observation"))
    case .belowFloor(let series, let floor, let time, let value):
      return place(
        "series.below-floor", series, time,
        Bilingual(
          zh: "\(chinese(series))：\(time) 的值 \(readable(value)) 低于下限 \(readable(floor))",
          en: "\(series): the value at \(time) is \(readable(value)), below the floor \(readable(floor))"),
        Bilingual(zh: "去掉 --floor 或降到所有观测之下", en: "drop --floor or lower it below every observation"))
    case .duplicateTime(let series, let time):
      return place(
        "series.duplicate-time", series, time,
        Bilingual(zh: "\(chinese(series))：\(time) 出现两次", en: "\(series): \(time) appears twice"))
    case .notFinite(let series, let time):
      return place(
        "series.not-finite", series, time,
        Bilingual(
          zh: "\(chinese(series))：\(time) 的值不是有限数", en: "\(series): the value at \(time) is not finite"))
    case .tooShort(let series, let method, let found, let needed):
      return Problem(
        "series.too-short", file: file,
        message: Bilingual(
          zh: "\(chinese(series))：\(method) 至少要 \(needed) 个观测，只有 \(found) 个",
          en: "\(series): \(method) needs at least \(needed) observations, found \(found)"))
    case .groupTooShort(let found):
      return Problem(
        "series.group-too-short", file: file,
        message: Bilingual(
          zh: "整组只有 \(found) 个年增长率，pdd 至少要 2 个",
          en: "the group has \(found) growth rate\(found == 1 ? "" : "s") in all; pdd needs at least 2"),
        hint: Bilingual(zh: "增加年份或序列，或改用 --method naive", en: "add years or series, or use --method naive"))
    case .optionOutOfRange(let option, let value, let allowed):
      return Problem(
        "series.option", path: option,
        message: Bilingual(
          zh: "\(option) 为 \(readable(value))，允许范围：\(allowed)",
          en: "\(option) is \(readable(value)); it must be \(allowed)"))
    case .ceilingMissing:
      return Problem(
        "series.ceiling-missing", path: "--ceiling",
        message: Bilingual(
          zh: "logistic 需要给定上限；十几个年度点估不出上限",
          en: "logistic needs a stated ceiling: short series cannot tell it"),
        hint: Bilingual(zh: "加上 --ceiling 数值", en: "add --ceiling NUMBER"))
    case .unknownParameter(let method, let parameter, let allowed):
      let names = allowed.joined(separator: ", ")
      return Problem(
        "series.unknown-parameter", path: "--fixed",
        message: Bilingual(
          zh: "\(method) 没有参数“\(parameter)”", en: "\(method) has no parameter '\(parameter)'"),
        hint: allowed.isEmpty
          ? Bilingual(zh: "\(method) 没有可固定的参数", en: "\(method) has no parameter that can be fixed")
          : Bilingual(zh: "可固定：\(names)", en: "it has \(names)"))
    case .empty, .lengthMismatch, .noVariation:
      return Problem("series.unusable", file: file, message: Bilingual(zh: description, en: description))
    }
  }
}

private func chinese(_ series: String) -> String {
  series == Series.name([]) ? "序列" : series
}
