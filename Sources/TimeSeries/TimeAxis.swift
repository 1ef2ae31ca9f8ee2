/// How the periods of a time column are counted.
public enum TimeAxis: Sendable, Equatable {
  case year, quarter, month

  /// Periods in a year.
  public var period: Int {
    switch self {
    case .year: 1
    case .quarter: 4
    case .month: 12
    }
  }

  /// `2024`, `2024Q3`, `2024-09`.
  public func label(_ time: Int) -> String {
    switch self {
    case .year: return "\(time)"
    case .quarter: return "\(floored(time, 4))Q\(time - floored(time, 4) * 4 + 1)"
    case .month:
      let month = time - floored(time, 12) * 12 + 1
      return "\(floored(time, 12))-\(month < 10 ? "0" : "")\(month)"
    }
  }

  func index(_ stamp: TimeStamp) -> Int {
    switch self {
    case .year: stamp.year
    case .quarter: stamp.year * 4 + (stamp.quarter ?? ((stamp.month ?? 1) - 1) / 3 + 1) - 1
    case .month: stamp.year * 12 + (stamp.month ?? 1) - 1
    }
  }

  /// Years when every stamp is a year or no series has two stamps in one year; quarters when stamps are
  /// quarters, or months three apart; else months.
  static func fitting(_ stamps: [[TimeStamp]]) -> TimeAxis {
    let all = stamps.flatMap { $0 }
    if all.contains(where: { $0.quarter != nil }) { return .quarter }
    if all.allSatisfy({ $0.month == nil }) { return .year }
    let months = stamps.map { Set($0.map { $0.year * 12 + ($0.month ?? 1) }) }
    let crowded = zip(stamps, months).contains { Set($0.map(\.year)).count < $1.count }
    if !crowded { return .year }
    let phases = Set(all.map { ($0.month ?? 1) % 3 })
    let dense = zip(stamps, months).contains { stamps, months in
      Set(stamps.map { $0.year * 4 + (($0.month ?? 1) - 1) / 3 }).count < months.count
    }
    return phases.count == 1 && !dense ? .quarter : .month
  }
}

private func floored(_ time: Int, _ period: Int) -> Int {
  time >= 0 ? time / period : -((-time + period - 1) / period)
}

/// One cell of a time column.
struct TimeStamp: Equatable {
  let year: Int
  var quarter: Int?
  var month: Int?
  var day: Int?

  /// Reads `2020`, `2020年`, `2020年末`, `2020-12`, `2020-12-31`, `2020/12/31`, `2020年12月31日`, `2020Q4`,
  /// `2020-Q4`. Full-width digits are folded.
  init?(_ cell: String) {
    let folded = String(
      String.UnicodeScalarView(
        cell.unicodeScalars.compactMap { scalar in
          (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) : scalar
        }))
    var text = String(folded.filter { !$0.isWhitespace }).uppercased()
    // Whole numbers that a spreadsheet wrote with a decimal part, and times of day after a date.
    if text.hasSuffix(".0") { text.removeLast(2) }
    if let t = text.firstIndex(of: "T"), text.count > 10 { text = String(text[..<t]) }
    if text.hasSuffix("日") || text.hasSuffix("月") || text.hasSuffix("年") { text.removeLast() }
    if text.hasSuffix("年末") || text.hasSuffix("年底") { text.removeLast(2) }
    let negative = text.hasPrefix("-")
    if negative { text.removeFirst() }
    let parts = text.split(omittingEmptySubsequences: false) { "-/年月".contains($0) }.map(String.init)
    guard let first = parts.first else { return nil }
    if let q = first.firstIndex(of: "Q"), parts.count == 1 {
      guard let year = TimeStamp.number(String(first[..<q])),
        let quarter = TimeStamp.number(String(first[first.index(after: q)...])),
        (1...4).contains(quarter)
      else { return nil }
      self.init(year: year, quarter: quarter)
      return
    }
    guard let year = TimeStamp.number(first), parts.count <= 3, !(negative && parts.count > 1) else {
      return nil
    }
    guard parts.count > 1 else {
      self.init(year: negative ? -year : year)
      return
    }
    if parts.count == 2, parts[1].hasPrefix("Q") {
      guard let quarter = TimeStamp.number(String(parts[1].dropFirst())), (1...4).contains(quarter) else {
        return nil
      }
      self.init(year: year, quarter: quarter)
      return
    }
    guard let month = TimeStamp.number(parts[1]), (1...12).contains(month) else { return nil }
    var day: Int?
    if parts.count == 3 {
      guard let number = TimeStamp.number(parts[2]), (1...31).contains(number) else { return nil }
      day = number
    }
    self.init(year: year, month: month, day: day)
  }

  init(year: Int, quarter: Int? = nil, month: Int? = nil, day: Int? = nil) {
    self.year = year
    self.quarter = quarter
    self.month = month
    self.day = day
  }

  private static func number(_ text: String) -> Int? {
    guard (1...6).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
      return nil
    }
    return Int(text)
  }
}
