import Messages
import Tables

/// Which columns of a table make its series.
public struct SeriesColumns: Sendable {
  public var time: String
  public var value: String
  /// Columns whose values tell series apart; empty for a single series.
  public var by: [String] = []
  /// Columns whose values make pools of comparable series; empty: all series are one pool.
  public var pool: [String] = []
  /// Rows kept: those whose cell in each column equals the text.
  public var filters: [(column: String, text: String)] = []

  public init(time: String, value: String) {
    self.time = time
    self.value = value
  }

  /// `by`, and the pool columns not among them.
  public var key: [String] { by + pool.filter { !by.contains($0) } }

  /// Columns to read as text so that codes keep their zeros.
  public var textColumns: Set<String> { Set([time] + by + pool + filters.map(\.column)) }
}

/// The series of a table, sorted by time, in order of first appearance.
public struct SeriesTable: Sendable {
  public let axis: TimeAxis
  public let keyColumns: [String]
  /// Pools in order of first appearance.
  public let pools: [[Series]]
  /// What was noticed but does not stop the work: empty series, missing values.
  public let warnings: [Problem]

  private let lines: [[String]: [Int: Int]]

  public var series: [Series] { pools.flatMap { $0 } }

  /// Line of the file on which a series has its value at a time.
  public func line(key: [String], time: Int) -> Int? { lines[key]?[time] }

  /// - Throws: every problem of the table at once: missing columns, cells that are no time or number,
  ///   two rows for one series and time (with both lines), no rows.
  public init(_ table: Table, _ columns: SeriesColumns) throws(ProblemReport) {
    let needed = [columns.time, columns.value] + columns.by + columns.pool + columns.filters.map(\.column)
    try table.requireColumns(needed)
    let rows = try SeriesTable.keptRows(table, columns)
    var problems: [Problem] = []
    let values = SeriesTable.values(table, columns.value, rows, &problems)
    let stamps = try SeriesTable.stamps(table, columns.time, rows, &problems)
    let groups = try SeriesTable.groups(table, columns, rows)
    let axis = TimeAxis.fitting(groups.map { $0.rows.compactMap { stamps[$0] } })
    var warnings: [Problem] = []
    var pools: [(key: [String], series: [Series])] = []
    var lines: [[String]: [Int: Int]] = [:]
    for group in groups {
      let times = group.rows.map { row in stamps[row].map(axis.index) ?? 0 }
      if group.rows.allSatisfy({ stamps[$0] != nil }) {
        problems += SeriesTable.duplicates(table, group, times, axis)
      }
      guard problems.isEmpty else { continue }
      lines[group.key] = Dictionary(uniqueKeysWithValues: zip(times, group.rows.map { table.lines[$0] }))
      do throws(SeriesError) {
        let series = try Series(key: group.key, times: times, values: group.rows.map { values[$0] ?? .nan })
        if let i = pools.firstIndex(where: { $0.key == group.pool }) {
          pools[i].series.append(series)
        } else {
          pools.append((group.pool, [series]))
        }
      } catch {
        warnings.append(SeriesTable.empty(table, group))
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, SeriesTable.shortened(problems, table.file)) }
    guard !pools.isEmpty else { throw ProblemReport(.badData, warnings.map(\.asError)) }
    self.axis = axis
    self.lines = lines
    keyColumns = columns.key
    self.pools = pools.map(\.series)
    self.warnings = warnings
  }

  /// The first 50 problems and how many more there are.
  private static func shortened(_ problems: [Problem], _ file: String) -> [Problem] {
    let more = problems.count - 50
    guard more > 0 else { return problems }
    return problems.prefix(50) + [
      Problem(
        "series.more", .note, file: file,
        message: Bilingual(zh: "此外还有 \(more) 个问题", en: "and \(more) more problems"))
    ]
  }

  private struct Group {
    let key: [String]
    let pool: [String]
    var rows: [Int]
  }

  private static func keptRows(_ table: Table, _ columns: SeriesColumns) throws(ProblemReport) -> [Int] {
    var rows = Array(0..<table.rowCount)
    for filter in columns.filters {
      let cells = try table.strings(named: filter.column)
      rows = rows.filter { cells[$0] == filter.text }
      guard rows.isEmpty, table.rowCount > 0 else { continue }
      let near = nearest(filter.text, among: Set(cells).sorted())
      throw ProblemReport(
        .badData,
        [
          Problem(
            "series.nothing-left", file: table.file, path: filter.column,
            message: Bilingual(
              zh: "没有“\(filter.column)”等于“\(filter.text)”的行",
              en: "no row has \(filter.column) = \(filter.text)"),
            hint: near.map { Bilingual(zh: "是否要找“\($0)”？", en: "did you mean \($0)?") })
        ])
    }
    guard !rows.isEmpty else {
      throw ProblemReport(
        .badData,
        [
          Problem(
            "series.no-rows", file: table.file, line: 1,
            message: Bilingual(zh: "文件只有表头，没有数据行", en: "the file has a header but no rows"))
        ])
    }
    return rows
  }

  /// Only the rows kept are looked at: a note in another indicator's row is no problem of ours.
  private static func values(
    _ table: Table, _ name: String, _ rows: [Int], _ problems: inout [Problem]
  ) -> [Int: Double] {
    guard let column = table.column(name) else { return [:] }
    var values: [Int: Double] = [:]
    for row in rows {
      if let numbers = column.numbers {
        values[row] = numbers[row]
        continue
      }
      let cell = column.string(row)
      let plain = cell.filter { !$0.isWhitespace }
      if ["", "na", "nan", "n/a", "null"].contains(plain.lowercased()) {
        values[row] = .nan
      } else if let number = Double(plain), number.isFinite {
        values[row] = number
      } else {
        problems.append(
          table.problem(
            "series.not-a-number", row: row, column: column,
            message: Bilingual(
              zh: "“\(name)”列的“\(cell)”不是数值", en: "'\(cell)' in column \(name) is not a number"),
            hint: Bilingual(
              zh: "只写数字，不带千位分隔符或单位；缺失请留空",
              en: "digits only, no thousands separators or units; leave missing cells empty")))
      }
    }
    return values
  }

  private static func stamps(
    _ table: Table, _ name: String, _ rows: [Int], _ problems: inout [Problem]
  ) throws(ProblemReport) -> [Int: TimeStamp] {
    guard let column = table.column(name) else { return [:] }
    let cells = try table.strings(named: name)
    var stamps: [Int: TimeStamp] = [:]
    for row in rows {
      if let stamp = TimeStamp(cells[row]) {
        stamps[row] = stamp
      } else {
        problems.append(
          table.problem(
            "series.not-a-time", row: row, column: column,
            message: cells[row].isEmpty
              ? Bilingual(zh: "“\(name)”列缺时间", en: "column \(name) has no time here")
              : Bilingual(zh: "“\(cells[row])”不是时间", en: "'\(cells[row])' is not a time"),
            hint: Bilingual(
              zh: "写成 2020、2020-12-31、2020-12 或 2020Q4", en: "write 2020, 2020-12-31, 2020-12 or 2020Q4")))
      }
    }
    return stamps
  }

  private static func groups(
    _ table: Table, _ columns: SeriesColumns, _ rows: [Int]
  ) throws(ProblemReport) -> [Group] {
    var by: [[String]] = []
    for name in columns.key { by.append(try table.strings(named: name)) }
    var pool: [[String]] = []
    for name in columns.pool { pool.append(try table.strings(named: name)) }
    var index: [[String]: Int] = [:]
    var groups: [Group] = []
    for row in rows {
      let (key, poolKey) = (by.map { $0[row] }, pool.map { $0[row] })
      if let i = index[key] {
        groups[i].rows.append(row)
      } else {
        index[key] = groups.count
        groups.append(Group(key: key, pool: poolKey, rows: [row]))
      }
    }
    return groups
  }

  private static func duplicates(_ table: Table, _ group: Group, _ times: [Int], _ axis: TimeAxis)
    -> [Problem]
  {
    var first: [Int: Int] = [:]
    var problems: [Problem] = []
    for (row, time) in zip(group.rows, times) {
      guard let earlier = first[time] else {
        first[time] = row
        continue
      }
      let name = group.key.isEmpty ? "" : group.key.joined(separator: " · ") + " "
      problems.append(
        Problem(
          "series.duplicate-time", file: table.file, line: table.lines[row],
          message: Bilingual(
            zh: "\(name)\(axis.label(time)) 出现两次，先前在第 \(table.lines[earlier]) 行",
            en: "\(name)\(axis.label(time)) appears twice, first on line \(table.lines[earlier])"),
          hint: Bilingual(
            zh: "每条序列每个时期只留一行，或用 --by 把序列分开",
            en: "keep one row per series and period, or tell series apart with --by")))
    }
    return problems
  }

  private static func empty(_ table: Table, _ group: Group) -> Problem {
    let name = Series.name(group.key)
    return Problem(
      "series.empty", .warning, file: table.file, line: table.lines[group.rows[0]],
      message: Bilingual(
        zh: "\(group.key.isEmpty ? "序列" : name) 没有任何数值，已略去", en: "\(name) has no value at all and is left out"
      ))
  }
}

extension Problem {
  fileprivate var asError: Problem {
    Problem(code, .error, file: file, line: line, column: column, path: path, message: message, hint: hint)
  }
}
