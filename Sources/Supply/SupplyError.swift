import Messages

/// What the supply side refuses to compute, and why.
public enum SupplyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A probability or share outside 0...1.
  case shareOutOfRange(input: String, at: String, value: Double)
  /// A stock or a flow below zero, or not finite.
  case notACount(input: String, at: String, value: Double)
  case lengthMismatch(input: String, expected: Int, found: Int)
  /// Net out-migration larger than the persons who are there.
  case stockExhausted(at: String, left: Double)
  /// Persons in and persons out do not meet: a fault of the engine, never of the data.
  case notConserved(at: String, step: String, missing: Double)
  /// Shares leaving one state add up to more than one.
  case sharesExceedOne(input: String, at: String, sum: Double)
  case unknownCategory(String, known: [String])
  case birthMonthOutsideTable(category: String, month: String)
  case unknownMember(axis: String, member: String, known: [String])
  case duplicateMember(axis: String, member: String)
  case missingAxis(String, neededFor: String)
  /// A figure that a projection cannot do without.
  case missingFigure(String, neededFor: String)
  case tooFewObservations(what: String, needed: Int, found: Int)
  case notSolvable(what: Bilingual, reason: Bilingual)

  public var message: Bilingual {
    switch self {
    case .shareOutOfRange(let input, let place, let value):
      Bilingual(
        zh: "\(inChinese(input))（\(place)）为 \(value)，比率应在 0 到 1 之间；若原表为百分数，请先除以 100",
        en: "\(input) (\(place)) is \(value); a share lies in 0...1. Printed in percent? Divide by 100.")
    case .notACount(let input, let place, let value):
      Bilingual(
        zh: "\(inChinese(input))（\(place)）为 \(value)，人数应为非负有限数",
        en: "\(input) (\(place)) is \(value); persons are finite and not negative.")
    case .lengthMismatch(let input, let expected, let found):
      Bilingual(
        zh: "\(inChinese(input)) 有 \(found) 项，应为 \(expected) 项",
        en: "\(input) has \(found) values where \(expected) are needed.")
    case .stockExhausted(let place, let left):
      Bilingual(
        zh: "\(place) 的净迁出超过现有人数，将剩 \(left) 人",
        en: "net out-migration of \(place) exceeds the persons there: \(left) would be left.")
    case .notConserved(let place, let step, let missing):
      Bilingual(
        zh: "\(place) 在“\(step)”一步人数不守恒，相差 \(missing) 人",
        en: "persons are not conserved at \(place) in step '\(step)': \(missing) are unaccounted for.")
    case .sharesExceedOne(let input, let place, let sum):
      Bilingual(
        zh: "\(inChinese(input))（\(place)）各项之和为 \(sum)，不得超过 1",
        en: "the shares of \(input) (\(place)) add up to \(sum); at most 1 can leave.")
    case .unknownCategory(let code, let known):
      Bilingual(
        zh: "退休表中没有类别“\(code)”；已有：\(known.joined(separator: "、"))",
        en: "the retirement table has no category '\(code)'; it has \(known.joined(separator: ", ")).")
    case .birthMonthOutsideTable(let category, let month):
      Bilingual(
        zh: "退休表的类别“\(category)”未覆盖出生年月 \(month)",
        en: "category '\(category)' of the retirement table does not cover birth month \(month).")
    case .unknownMember(let axis, let member, let known):
      Bilingual(
        zh: "维度 \(axis) 没有成员“\(member)”；已有：\(known.joined(separator: "、"))",
        en: "axis \(axis) has no member '\(member)'; it has \(known.joined(separator: ", ")).")
    case .duplicateMember(let axis, let member):
      Bilingual(
        zh: "维度 \(axis) 的成员“\(member)”重复", en: "member '\(member)' of axis \(axis) appears twice.")
    case .missingAxis(let axis, let purpose):
      Bilingual(zh: "\(inChinese(purpose))需要维度 \(axis)", en: "\(purpose) needs the axis \(axis).")
    case .missingFigure(let figure, let purpose):
      Bilingual(zh: "\(inChinese(purpose))缺少 \(inChinese(figure))", en: "\(purpose) lacks \(figure).")
    case .tooFewObservations(let what, let needed, let found):
      Bilingual(
        zh: "\(inChinese(what))需要至少 \(needed) 个观测，只有 \(found) 个",
        en: "\(what) needs at least \(needed) observations, found \(found).")
    case .notSolvable(let what, let reason):
      Bilingual(zh: "\(what.zh)无解：\(reason.zh)", en: "\(what.en) has no solution: \(reason.en)")
    }
  }

  public var description: String { message.en }
}

/// Guards shared by the module's front doors.
func requireShare(_ value: Double, _ input: String, at place: @autoclosure () -> String) throws(SupplyError) {
  guard value >= 0, value <= 1 else {
    throw .shareOutOfRange(input: input, at: place(), value: value)
  }
}

func requireCount(_ value: Double, _ input: String, at place: @autoclosure () -> String) throws(SupplyError) {
  guard value >= 0, value.isFinite else {
    throw .notACount(input: input, at: place(), value: value)
  }
}
