import Messages
import Tables

/// A statutory retirement schedule: for every category (sex × occupation group) and birth month the
/// statutory age and the window of flexible retirement. Read from data, so that any country's may stand in.
///
/// Mainland China from 1 January 2025: decision of the Standing Committee of the National People's
/// Congress, 13 September 2024 (men 60 → 63; women 55 → 58 and 50 → 55). Hong Kong and Macao have no
/// such schedule: do not apply it there (`RetirementSystem.ages`).
public struct RetirementSchedule: Hashable, Sendable {
  /// One line of the official comparison table.
  public struct Rule: Hashable, Sendable {
    public let category: String
    /// First and last birth month covered; nil = open.
    public let birthFrom: YearMonth?
    public let birthTo: YearMonth?
    /// Ages in months.
    public let originalAge: Int
    public let statutoryAge: Int
    /// Earliest and latest age of flexible retirement.
    public let earliestAge: Int
    public let latestAge: Int

    public init(
      category: String, birthFrom: YearMonth?, birthTo: YearMonth?, originalAge: Int, statutoryAge: Int,
      earliestAge: Int, latestAge: Int
    ) {
      self.category = category
      self.birthFrom = birthFrom
      self.birthTo = birthTo
      self.originalAge = originalAge
      self.statutoryAge = statutoryAge
      self.earliestAge = earliestAge
      self.latestAge = latestAge
    }

    /// Months by which the statutory age was raised.
    public var delay: Int { statutoryAge - originalAge }

    fileprivate func covers(_ month: YearMonth) -> Bool {
      (birthFrom ?? month) <= month && month <= (birthTo ?? month)
    }
  }

  /// Codes in order of first appearance, e.g. `M60`, `F55`, `F50`.
  public let categories: [String]
  private let rules: [[Rule]]

  /// - Throws: `.birthMonthOutsideTable` where a category leaves a gap between two rules, or covers a
  ///   month twice; `.notACount` for ages that are out of order.
  public init(rules all: [Rule]) throws(SupplyError) {
    var codes: [String] = []
    for rule in all where !codes.contains(rule.category) { codes.append(rule.category) }
    categories = codes
    rules = codes.map { code in
      all.filter { $0.category == code }.sorted {
        ($0.birthFrom?.index ?? .min) < ($1.birthFrom?.index ?? .min)
      }
    }
    for rule in all {
      let ages = [rule.earliestAge, rule.statutoryAge, rule.latestAge]
      guard rule.originalAge > 0, ages == ages.sorted() else {
        throw .notACount(
          input: "retirement ages", at: "\(rule.category) \(rule.birthFrom?.description ?? "…")",
          value: Double(rule.statutoryAge))
      }
    }
    for own in rules {
      for (rule, next) in zip(own, own.dropFirst()) {
        guard let last = rule.birthTo, let first = next.birthFrom, last.adding(months: 1) == first else {
          throw .birthMonthOutsideTable(
            category: rule.category,
            month: rule.birthTo?.adding(months: 1).description ?? next.birthFrom?.description ?? "…")
        }
      }
    }
  }

  /// The rule for one person.
  /// - Throws: `.unknownCategory`, `.birthMonthOutsideTable`.
  public func rule(_ category: String, born month: YearMonth) throws(SupplyError) -> Rule {
    guard let at = categories.firstIndex(of: category) else {
      throw .unknownCategory(category, known: categories)
    }
    guard let rule = rules[at].first(where: { $0.covers(month) }) else {
      throw .birthMonthOutsideTable(category: category, month: month.description)
    }
    return rule
  }
}

extension RetirementSchedule {
  /// From a table with the columns `category, birth_from, birth_to, original_age` (years), `new_age_years,
  /// new_age_months, earliest_flex_years, earliest_flex_months, latest_flex_years, latest_flex_months`;
  /// an empty birth month is open. Other columns are ignored.
  ///
  /// - Throws: every problem of the table, with line and column.
  public init(table: Table) throws(ProblemReport) {
    var reader = ScheduleReader(table: table)
    let rules = reader.rules()
    guard reader.problems.isEmpty else { throw ProblemReport(.badData, reader.problems) }
    do {
      try self.init(rules: rules)
    } catch {
      throw ProblemReport(
        .badData, [Problem("retirement.schedule", file: table.file, message: error.message)])
    }
  }
}

private struct ScheduleReader {
  let table: Table
  var problems: [Problem] = []

  init(table: Table) { self.table = table }

  mutating func rules() -> [RetirementSchedule.Rule] {
    let names = [
      "category", "birth_from", "birth_to", "original_age", "new_age_years", "new_age_months",
      "earliest_flex_years", "earliest_flex_months", "latest_flex_years", "latest_flex_months",
    ]
    problems += table.missingColumns(names)
    let columns = names.compactMap { table.column($0) }
    guard columns.count == names.count else { return [] }
    return (0..<table.rowCount).compactMap { row in rule(row, columns) }
  }

  private mutating func rule(_ row: Int, _ columns: [Column]) -> RetirementSchedule.Rule? {
    let before = problems.count
    let from = month(columns[1], row)
    let to = month(columns[2], row)
    let original = whole(columns[3], row)
    let ages = (0..<3).map { k in
      12 * whole(columns[4 + 2 * k], row) + whole(columns[5 + 2 * k], row)
    }
    guard problems.count == before else { return nil }
    return RetirementSchedule.Rule(
      category: columns[0].string(row), birthFrom: from, birthTo: to, originalAge: 12 * original,
      statutoryAge: ages[0], earliestAge: ages[1], latestAge: ages[2])
  }

  private mutating func month(_ column: Column, _ row: Int) -> YearMonth? {
    if column.isMissing(row) { return nil }
    if let month = YearMonth(column.string(row)) { return month }
    report(column, row, Bilingual(zh: "不是“YYYY-MM”形式的年月", en: "is no month of the form YYYY-MM"))
    return nil
  }

  private mutating func whole(_ column: Column, _ row: Int) -> Int {
    if let number = Int(column.string(row)), (0...200).contains(number) { return number }
    report(column, row, Bilingual(zh: "不是 0 到 200 的整数", en: "is no whole number in 0...200"))
    return 0
  }

  private mutating func report(_ column: Column, _ row: Int, _ what: Bilingual) {
    let text = column.string(row)
    problems.append(
      table.problem(
        "retirement.cell", row: row, column: column,
        message: Bilingual(zh: "“\(text)”\(what.zh)", en: "'\(text)' \(what.en)")))
  }
}
