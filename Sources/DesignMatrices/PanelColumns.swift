import Messages
import Tables

/// The columns that say who a row is about and when, as asked or as the data show them.
public struct PanelColumns: Equatable, Sendable {
  public var entity: String?
  public var time: String?

  public init(entity: String? = nil, time: String? = nil) {
    (self.entity, self.time) = (entity, time)
  }
}

/// Finds out which row comes before which, so that no lag crosses from one entity into the next.
///
/// What is asked for holds. Where it is not, an absorbed column is the entity when a column of whole numbers
/// that recur from entity to entity tells its rows apart; then that column is the time. Anything else is asked.
struct PanelFinder {
  let table: Table
  let request: FrameRequest
  let formula: Formula
  /// lag() or diff() stand in the formula; otherwise only the covariance or the differences of rows need order.
  let usesLags: Bool

  func columns() throws(ProblemReport) -> (PanelColumns, remarks: [Problem]) {
    let asked = PanelColumns(entity: request.entity, time: request.time)
    if asked.time != nil, asked.entity != nil || request.absorbed.isEmpty { return (asked, []) }
    if asked.entity == nil, request.absorbed.isEmpty { return (asked, try fileOrder()) }
    let found = pairs(entities: asked.entity.map { [$0] } ?? request.absorbed.filter { $0 != asked.time })
    if found.count == 1 { return (found[0], [note(found[0])]) }
    // An entity without a column that could be a time: its rows stand in the order of the file.
    if asked.entity != nil, found.isEmpty { return (asked, [fileOrderNote]) }
    if let time = asked.time, isUnique([time]) { return (asked, []) }
    throw ask(found)
  }

  /// Neither entity nor time nor effects: rows may stand as they are only where no column could tell otherwise.
  private func fileOrder() throws(ProblemReport) -> [Problem] {
    guard usesLags else { return [fileOrderNote] }
    let used = Set(formula.columns + [request.weights, request.offset].compactMap(\.self))
    let isAlone = table.columns.allSatisfy { used.contains($0.name) && $0.numbers != nil }
    guard isAlone else { throw ask(pairs(entities: table.names.filter { !used.contains($0) })) }
    return [fileOrderNote]
  }

  // MARK: What the data show

  private static let patience = 20_000_000

  private func pairs(entities: [String]) -> [PanelColumns] {
    let response = Set(formula.response.expression.columns)
    let times =
      request.time.map { [$0] }
      ?? table.columns.filter { !response.contains($0.name) && isTimeLike($0) }.map(\.name)
    guard entities.count * times.count * table.rowCount < Self.patience else { return [] }
    return entities.filter { repeats($0) }.flatMap { entity in
      times.filter { $0 != entity && isUnique([entity, $0]) }.map { PanelColumns(entity: entity, time: $0) }
    }
  }

  /// Whole numbers or months, quarters, days; a third of the rows or more repeat one.
  private func isTimeLike(_ column: Column) -> Bool {
    guard let numbers = column.numbers else {
      guard case .text(let text) = column.values, 3 * text.distinct.count <= 2 * table.rowCount else { return false }
      return isCalendar(text.distinct)
    }
    var seen: Set<Double> = []
    for number in numbers where !number.isNaN {
      guard number == number.rounded() else { return false }
      seen.insert(number)
    }
    return seen.count > 1 && 3 * seen.count <= 2 * table.rowCount
  }

  private func repeats(_ name: String) -> Bool {
    guard let column = table.column(name) else { return false }
    let codes = self.codes(column)
    return Set(codes).count < codes.count && Set(codes).count > 1
  }

  private func changes(_ name: String?) -> Int {
    guard let codes = name.flatMap({ table.column($0) }).map(codes) else { return 0 }
    return zip(codes.dropFirst(), codes).count { $0 != $1 }
  }

  private func isUnique(_ names: [String]) -> Bool {
    var seen: Set<[UInt64]> = []
    let columns = names.compactMap { table.column($0).map(codes) }
    return (0..<table.rowCount).allSatisfy { row in seen.insert(columns.map { $0[row] }).inserted }
  }

  private func codes(_ column: Column) -> [UInt64] {
    switch column.values {
    case .numbers(let numbers): numbers.map(\.bitPattern)
    case .text(let text): text.codes.map { UInt64($0) }
    }
  }

  // MARK: Words

  private var what: Bilingual {
    usesLags
      ? Bilingual(zh: "lag() 与 diff() ", en: "lag() and diff()")
      : Bilingual(zh: "滞后与差分", en: "lags and differences")
  }

  private func note(_ found: PanelColumns) -> Problem {
    let (entity, time) = (found.entity ?? "", found.time ?? "")
    return Problem(
      "formula.panel", .note, file: table.file,
      message: Bilingual(
        zh: "\(what.zh)以“\(entity)”为个体、以“\(time)”为时间",
        en: "\(what.en) go by '\(time)' within '\(entity)'"),
      hint: Bilingual(zh: "不是这样时用 --entity、--time 指定", en: "say otherwise with --entity and --time"))
  }

  private var fileOrderNote: Problem {
    Problem(
      "formula.file-order", .note, file: table.file,
      message: Bilingual(
        zh: "没有时间列：\(what.zh)按文件中的行数计，缺了哪一期看不出来",
        en: "without a time, \(what.en) count rows of the file: a period that is missing goes unseen"),
      hint: Bilingual(zh: "用 --time 指定时间列", en: "name the time column with --time"))
  }

  private func ask(_ found: [PanelColumns]) -> ProblemReport {
    // Files usually keep the rows of an entity together: what changes least from row to row comes first.
    let likely = found.sorted { changes($0.entity) < changes($1.entity) }
    let shown = likely.prefix(2).map { "--entity \($0.entity ?? "") --time \($0.time ?? "")" }
    return ProblemReport(
      .usage,
      [
        Problem(
          "formula.row-order", file: table.file,
          message: Bilingual(
            zh: "\(what.zh)需要知道每行属于哪个个体、哪个时间，否则会跨到别的个体或越过缺失的时期",
            en: "\(what.en) need the entity and the time of every row, or they would reach into other entities and across missing periods"),
          hint: shown.isEmpty
            ? Bilingual(
              zh: "用 --time 指定时间列；面板另用 --entity 指定个体列",
              en: "name the time column with --time and, in a panel, the entity column with --entity")
            : Bilingual(zh: "例如 \(shown.joined(separator: "，或 "))", en: "for example \(shown.joined(separator: ", or "))"))
      ])
  }
}
