import Foundation

/// Whole periods since the first of some times, so that a missing year counts.
///
/// A period is the smallest gap between two times when all gaps are multiples of it; otherwise, and for words,
/// times count by rank. Read as times: numbers (2015), months (2015-03, 201503, 2015年3月), quarters (2015Q1,
/// 2015-Q1) and days (2015-03-01; as months when all fall on the same day of the month).
///
/// - Parameter labels: times as their column spells them; "" for a missing one.
/// - Returns: one per label; nil where the time is missing.
public func calendarPeriods(_ labels: [String]) -> [Int?] {
  let given = labels.filter { !$0.isEmpty }
  let numbers = CalendarTime.numbers(given) ?? ranks(given)
  var next = 0
  let times = labels.map { label -> Double in
    guard !label.isEmpty else { return .nan }
    defer { next += 1 }
    return numbers[next]
  }
  return periods(times)
}

/// Whether all of the words (missing ones apart) are months, quarters or days.
func isCalendar(_ labels: [String]) -> Bool {
  let given = labels.filter { !$0.isEmpty }
  return given.count > 1 && CalendarTime.numbers(given) != nil
}

/// The same for times that are numbers; nil where NaN.
func periods(_ times: [Double]) -> [Int?] {
  let distinct = Set(times.filter { !$0.isNaN }).sorted()
  guard let first = distinct.first else { return times.map { _ in nil } }
  let gap = zip(distinct.dropFirst(), distinct).map { $0 - $1 }.min() ?? 1
  let isRegular = distinct.allSatisfy {
    let steps = ($0 - first) / gap
    return steps < 1e15 && abs(steps - steps.rounded()) < 1e-6
  }
  if isRegular { return times.map { $0.isNaN ? nil : Int((($0 - first) / gap).rounded()) } }
  let rank = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, $0) })
  return times.map { rank[$0] }
}

private func ranks(_ labels: [String]) -> [Double] {
  let rank = Dictionary(uniqueKeysWithValues: Set(labels).sorted().enumerated().map { ($1, Double($0)) })
  return labels.map { rank[$0] ?? .nan }
}

/// How times are written.
private enum CalendarTime {
  /// All of the labels as numbers that grow by one a period; nil when they are not all of one kind.
  static func numbers(_ labels: [String]) -> [Double]? {
    if let plain = all(labels, { Double($0).flatMap { $0.isFinite ? $0 : nil } }) {
      return all(plain, monthOfNumber) ?? plain
    }
    let fields = labels.map(fields)
    if let quarters = all(fields, quarter) { return quarters }
    if let months = all(fields, month) { return months }
    guard let days = all(fields, day) else { return nil }
    let isMonthly = Set(fields.map { $0[2] }).count == 1
    return isMonthly ? all(fields.map { Array($0.prefix(2)) }, month) : days
  }

  private static func all<Item, Value>(_ items: [Item], _ read: (Item) -> Value?) -> [Value]? {
    var values: [Value] = []
    for item in items {
      guard let value = read(item) else { return nil }
      values.append(value)
    }
    return values
  }

  /// 201503.
  private static func monthOfNumber(_ number: Double) -> Double? {
    guard number == number.rounded(), (100_001...999_912).contains(number) else { return nil }
    return month([String(Int(number) / 100), String(Int(number) % 100)])
  }

  /// The runs of digits, a Q between them kept.
  private static func fields(_ label: String) -> [String] {
    label.uppercased().replacingOccurrences(of: "Q", with: "-Q")
      .split { !($0.isASCII && ($0.isNumber || $0 == "Q")) }.map(String.init)
  }

  private static func quarter(_ fields: [String]) -> Double? {
    guard fields.count == 2, let year = year(fields[0]), fields[1].first == "Q",
      let quarter = Int(fields[1].dropFirst()), (1...4).contains(quarter)
    else { return nil }
    return Double(year * 4 + quarter)
  }

  private static func month(_ fields: [String]) -> Double? {
    guard fields.count == 2, let year = year(fields[0]), let month = Int(fields[1]), (1...12).contains(month)
    else { return nil }
    return Double(year * 12 + month)
  }

  private static func day(_ fields: [String]) -> Double? {
    guard fields.count == 3, let year = year(fields[0]), let month = Int(fields[1]), let day = Int(fields[2]),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    // Days of the Gregorian calendar, years beginning in March.
    let (y, m) = (month > 2 ? year : year - 1, (month + 9) % 12)
    return Double(365 * y + y / 4 - y / 100 + y / 400 + (153 * m + 2) / 5 + day)
  }

  private static func year(_ text: String) -> Int? { text.count == 4 ? Int(text) : nil }
}
