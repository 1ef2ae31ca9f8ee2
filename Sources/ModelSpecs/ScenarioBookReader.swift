import Messages

/// What reading a workbook would do to one scenario file.
public struct ImportedScenario: Sendable {
  /// What the import would do with a scenario.
  public enum State: Sendable, Equatable {
    case new
    /// The file says the same already and is left as it stands, comments included.
    case unchanged
    case changed
  }

  public let id: String
  /// The file as it would be written.
  public let text: String
  public let state: State
  /// What the file says beside its changes, where that differs: name, why, extends, include, words.
  public let differing: [String]
  /// Changes as the file has them (a) and as the book has them (b), where they move levers differently.
  public let differences: [ScenarioDifference]
}

extension ScenarioLibrary {
  /// Reads the scenarios of a workbook as scenario files are read, and against the same model.
  ///
  /// - Parameters:
  ///   - book: its cells.
  ///   - file: what the book is called in problems.
  ///   - present: texts of the scenario files that are there already, by id.
  /// - Throws: `ProblemReport(.badConfiguration)` with every problem, each naming sheet and cell.
  public func imported(
    _ book: ScenarioBook, file: String, present: [String: String]
  ) throws(ProblemReport) -> [ImportedScenario] {
    let reading = BookReading(book, file: file)
    var problems = reading.problems
    let library = ScenarioLibrary(self, with: reading.files, from: file)
    for id in reading.order {
      // What stands in a row of its own is told with the book's own problems.
      do throws(ProblemReport) { _ = try library.resolve(id) } catch { problems += error.problems }
    }
    var seen: Set<Problem> = []
    problems = problems.map { $0.file == file && $0.cell == nil ? reading.located($0) : $0 }.filter { seen.insert($0).inserted }
    guard problems.isEmpty else { throw ProblemReport(.badConfiguration, problems.sorted { reading.place($0) < reading.place($1) }) }
    return try reading.order.map { id throws(ProblemReport) in
      guard let own = reading.files[id]?.file else { preconditionFailure("\(id) was read") }
      let text = scenarioText(own, id: id)
      let back = try parseScenario(text, file: "\(id).yaml", id: id)
      precondition(back.says(what: own), "\(id) does not read back")
      return ImportedScenario(id, own, text, before: present[id])
    }
  }
}

extension ImportedScenario {
  fileprivate init(_ id: String, _ own: ScenarioFile, _ text: String, before: String?) {
    (self.id, self.text) = (id, text)
    guard let before else {
      (state, differing, differences) = (.new, [], [])
      return
    }
    let earlier: ScenarioFile?
    do throws(ProblemReport) { earlier = try parseScenario(before, file: id, id: id) } catch { earlier = nil }
    guard let earlier else {
      (state, differing, differences) = (.changed, ["yaml"], [])
      return
    }
    state = earlier.says(what: own) ? .unchanged : .changed
    let moves = earlier.asSpec(id).differences(from: own.asSpec(id))
    var differing: [String] = []
    if earlier.name != own.name { differing.append("name") }
    if earlier.why != own.why { differing.append("why") }
    if earlier.parent != own.parent { differing.append("extends") }
    if earlier.includes.map(\.id) != own.includes.map(\.id) { differing.append("include") }
    if state == .changed, moves.isEmpty, differing.isEmpty { differing = ["source, note, force"] }
    (self.differing, differences) = (differing, moves)
  }
}

extension ScenarioFile {
  fileprivate func asSpec(_ id: String) -> ScenarioSpec {
    ScenarioSpec(id: id, name: name, why: why, model: parent, chain: [id], changes: changes, files: [])
  }
}

/// Turns rows of cells into the tree that the reader of scenario files takes, so that both check the same.
///
/// A node stands at `sheet × 2²¹ + row` and its column; `located` turns that back into sheet and cell.
struct BookReading {
  private(set) var files: [String: (file: ScenarioFile, problems: [Problem])] = [:]
  /// Ids as the sheet `scenarios` lists them.
  private(set) var order: [String] = []
  private(set) var problems: [Problem] = []
  private let file: String
  private var headings: [String: [String: Int]] = [:]

  private static let sheets = ["scenarios", "changes"]
  private static let rowBits = 21

  init(_ book: ScenarioBook, file: String) {
    self.file = file
    let heads = rows(of: book, "scenarios", BookHeadings.scenarios, needed: ["id", "name_zh", "name_en", "extends", "why_zh", "why_en"])
    let changes = rows(of: book, "changes", BookHeadings.changes, needed: ["scenario", "lever", "op"])
    guard let heads, let changes else { return }
    var entries: [String: [(key: String, line: Int, column: Int, value: SpecNode)]] = [:]
    for row in heads {
      guard let id = identity(row) else { continue }
      order.append(id)
      entries[id] = headEntries(row, id)
    }
    var moves = Dictionary(uniqueKeysWithValues: order.map { ($0, [Row]()) })
    for row in changes {
      guard let id = owner(row) else { continue }
      moves[id]?.append(row)
    }
    for id in order {
      let levers = inOrder(moves[id] ?? []).compactMap { leverEntry($0) }
      let place = entries[id]?.first
      let node = SpecNode(
        content: .mapping(levers), line: place?.line ?? 1, column: place?.column ?? 1, path: "levers")
      entries[id]?.append(("levers", node.line, node.column, node))
      let whole = SpecNode(
        content: .mapping(entries[id] ?? []), line: place?.line ?? 1, column: place?.column ?? 1,
        path: place?.value.path ?? "")
      let reading = SpecReading(file: file)
      let scenario = reading.scenario(SpecFields(whole, reading), id: id)
      // What is missing because its cell cannot be used has been told already.
      let told = Set(problems.compactMap(\.cell))
      files[id] = (scenario, reading.inOrder.map(located).filter { !told.contains($0.cell ?? "") })
    }
  }

  /// One row of a sheet: its cells by heading, without blanks.
  private struct Row {
    let sheet: String
    let number: Int
    let cells: [String: ScenarioBook.Cell]
  }

  // MARK: Sheets and rows

  private mutating func rows(
    of book: ScenarioBook, _ name: String, _ known: [String], needed: [String]
  ) -> [Row]? {
    guard let sheet = book.sheets.first(where: { trimmed($0.name).lowercased() == name }) else {
      let names = book.sheets.map(\.name)
      problems.append(
        Problem(
          "book.sheet", file: file, message: Bilingual(zh: "没有工作表“\(name)”", en: "there is no sheet '\(name)'"),
          hint: nearest(name, among: names).map { Bilingual(zh: "是否就是：\($0)", en: "is it this one: \($0)") }
            ?? Bilingual(
              zh: "现有工作表：\(names.joined(separator: "、"))；样式见 talentcast scenario export",
              en: "sheets: \(names.joined(separator: ", ")); talentcast scenario export makes one to start from")))
      return nil
    }
    if sheet.isCut == true {
      problems.append(
        Problem(
          "book.too-large", file: file, cell: "\(name)!A\(sheet.rows.count + 1)",
          message: Bilingual(zh: "行数过多，其后未读", en: "there are too many rows: those from here on are not read")))
    }
    let sound = problems.count
    let columns = headings(sheet, name, known, needed)
    headings[name] = columns
    // Rows under a wrong heading would only repeat its problem.
    guard problems.count == sound else { return nil }
    return sheet.rows.enumerated().dropFirst().compactMap { place, cells in
      var held: [String: ScenarioBook.Cell] = [:]
      for (heading, column) in columns where column <= cells.count && !isBlank(cells[column - 1]) {
        held[heading] = cells[column - 1]
      }
      return held.isEmpty ? nil : Row(sheet: name, number: place + 1, cells: held)
    }
  }

  private mutating func headings(
    _ sheet: ScenarioBook.Sheet, _ name: String, _ known: [String], _ needed: [String]
  ) -> [String: Int] {
    var columns: [String: Int] = [:]
    let first = sheet.rows.first ?? []
    let texts = (0..<(sheet.rows.map(\.count).max() ?? 0)).map { place in
      if place < first.count, case .text(let text) = first[place] { trimmed(text).lowercased() } else { "" }
    }
    for (place, heading) in texts.enumerated() {
      let cell = "\(name)!\(columnLetters(place + 1))1"
      if heading.isEmpty {
        // Row 1 itself may hold a number there.
        guard let row = sheet.rows.firstIndex(where: { place < $0.count && !isBlank($0[place]) }) else { continue }
        problems.append(
          Problem(
            "book.heading", file: file, cell: "\(name)!\(columnLetters(place + 1))\(row + 1)",
            message: Bilingual(zh: "这一列没有标题", en: "this column has no heading"),
            hint: Bilingual(zh: "在第 1 行写上标题，或清空该列", en: "give it a heading in row 1, or clear it")))
      } else if !known.contains(heading) {
        problems.append(
          Problem(
            "book.heading", file: file, cell: cell,
            message: Bilingual(zh: "未知的列“\(heading)”", en: "unknown column '\(heading)'"),
            hint: nearest(heading, among: known).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
              ?? Bilingual(zh: "可用：\(known.joined(separator: "、"))", en: "known: \(known.joined(separator: ", "))")))
      } else if columns[heading] != nil {
        problems.append(
          Problem("book.heading", file: file, cell: cell, message: Bilingual(zh: "列“\(heading)”重复", en: "the column '\(heading)' appears twice")))
      } else {
        columns[heading] = place + 1
      }
    }
    for heading in needed where columns[heading] == nil {
      problems.append(
        Problem(
          "book.heading", file: file, cell: "\(name)!A1",
          message: Bilingual(zh: "缺少列“\(heading)”", en: "the column '\(heading)' is missing")))
    }
    return columns
  }

  private mutating func identity(_ row: Row) -> String? {
    guard headings["scenarios"]?["id"] != nil else { return nil }
    guard let cell = row.cells["id"] else {
      report("spec.missing-key", row, "id", Bilingual(zh: "缺少“id”", en: "the 'id' is missing"))
      return nil
    }
    guard let id = usable(cell, row, "id").map(trimmed) else { return nil }
    let isName =
      !id.hasPrefix(".") && !id.hasPrefix("-")
      && !id.unicodeScalars.contains {
        $0 == "/" || $0 == "\\" || $0 == ":" || $0.value < 32 || $0.value == 127
      }
    guard isName, id.utf8.count <= 200 else {
      report(
        "scenario.name", row, "id", Bilingual(zh: "“\(id)”不能作为情景名称", en: "'\(id)' cannot name a scenario"),
        hint: Bilingual(zh: "用字母、数字、汉字、“-”和“_”", en: "use letters, digits, - and _"))
      return nil
    }
    guard !order.contains(id) else {
      report("spec.duplicate", row, "id", Bilingual(zh: "情景“\(id)”重复", en: "the scenario '\(id)' appears twice"))
      return nil
    }
    return id
  }

  /// The scenario that a change belongs to.
  private mutating func owner(_ row: Row) -> String? {
    guard headings["changes"]?["scenario"] != nil else { return nil }
    guard let cell = row.cells["scenario"] else {
      report("spec.missing-key", row, "scenario", Bilingual(zh: "缺少“scenario”", en: "the 'scenario' is missing"))
      return nil
    }
    guard let id = usable(cell, row, "scenario").map(trimmed) else { return nil }
    guard order.contains(id) else {
      report(
        "book.scenario", row, "scenario",
        Bilingual(zh: "scenarios 表中没有“\(id)”", en: "the sheet scenarios has no '\(id)'"),
        hint: nearest(id, among: order).map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") })
      return nil
    }
    return id
  }

  /// Rows by their `order`; a blank one follows the row above.
  private mutating func inOrder(_ rows: [Row]) -> [Row] {
    var last = -Double.infinity
    var keyed: [(key: Double, place: Int, row: Row)] = []
    for (place, row) in rows.enumerated() {
      if let cell = row.cells["order"] {
        if let number = usable(cell, row, "order").flatMap({ specNumber(trimmed($0)) }) {
          last = number
        } else if case .unusable = cell {
        } else {
          report("spec.not-a-number", row, "order", Bilingual(zh: "order 应为数字", en: "`order` is a number"))
        }
      }
      keyed.append((last, place, row))
    }
    return keyed.sorted { ($0.key, $0.place) < ($1.key, $1.place) }.map(\.row)
  }

  // MARK: Nodes

  private typealias Entry = (key: String, line: Int, column: Int, value: SpecNode)

  private mutating func headEntries(_ row: Row, _ id: String) -> [Entry] {
    let own = node(row, "id", .scalar(id, plain: true))
    var entries: [Entry] = [
      entry("id", own), entry("schema", node(row, "id", .scalar(scenarioSchemaName, plain: true))),
    ]
    for key in ["name", "why"] {
      let (zh, en) = (text(row, "\(key)_zh"), text(row, "\(key)_en"))
      if let zh, let en, words(zh) == words(en) {
        entries.append(entry(key, zh))
      } else if zh != nil || en != nil {
        let parts = [("zh", zh), ("en", en)].compactMap { key, node in node.map { entry(key, $0) } }
        let first = node(row, "id", .mapping(parts))
        entries.append(entry(key, SpecNode(content: first.content, line: first.line, column: first.column, path: "\(first.path).\(key)")))
      }
    }
    if let parent = name(row, "extends") { entries.append(entry("extends", parent)) }
    if let include = names(row, "include") { entries.append(entry("include", include)) }
    return entries
  }

  private mutating func leverEntry(_ row: Row) -> Entry? {
    var fields: [Entry] = []
    for key in BookHeadings.changes where row.cells[key] != nil {
      let value: SpecNode? =
        switch key {
        case "scenario", "lever", "order": nil
        case "op": name(row, key)
        case "values": path(row)
        case "geo", "team": names(row, key)
        case "source", "note": text(row, key)
        case "force": name(row, key).map(lowercased)
        default: name(row, key)
        }
      if let value { fields.append(entry(key, value)) }
    }
    let change = node(row, "scenario", .mapping(fields))
    guard let lever = name(row, "lever") else {
      if row.cells["lever"] == nil, headings["changes"]?["lever"] != nil {
        report("spec.missing-key", row, "lever", Bilingual(zh: "缺少“lever”", en: "the 'lever' is missing"))
      }
      return nil
    }
    // A cell that cannot be used has been told: what would be missing because of it is not told again.
    guard !row.cells.values.contains(where: { if case .unusable = $0 { true } else { false } }) else { return nil }
    return (words(lever), lever.line, lever.column, node(row, "scenario", .sequence([change])))
  }

  private func entry(_ key: String, _ node: SpecNode) -> Entry { (key, node.line, node.column, node) }

  private func node(_ row: Row, _ heading: String, _ content: SpecNode.Content) -> SpecNode {
    let column = headings[row.sheet]?[heading] ?? 1
    let sheet = (BookReading.sheets.firstIndex(of: row.sheet) ?? 0) + 1
    return SpecNode(
      content: content, line: sheet << BookReading.rowBits | row.number, column: column,
      path: "\(row.sheet)!\(columnLetters(column))\(row.number)")
  }

  /// A cell's words as they stand.
  private mutating func text(_ row: Row, _ heading: String) -> SpecNode? {
    row.cells[heading].flatMap { usable($0, row, heading) }.map { node(row, heading, .scalar($0, plain: true)) }
  }

  /// A cell's words without blanks around them.
  private mutating func name(_ row: Row, _ heading: String) -> SpecNode? {
    row.cells[heading].flatMap { usable($0, row, heading) }.map { node(row, heading, .scalar(trimmed($0), plain: true)) }
  }

  private mutating func names(_ row: Row, _ heading: String) -> SpecNode? {
    guard let text = row.cells[heading].flatMap({ usable($0, row, heading) }) else { return nil }
    let parts = pieces(text).map { node(row, heading, .scalar($0, plain: true)) }
    return node(row, heading, .sequence(parts))
  }

  /// `2025: 1; 2030: 1.15` as years and values; anything else is left for the reader to refuse.
  private mutating func path(_ row: Row) -> SpecNode? {
    guard let text = row.cells["values"].flatMap({ usable($0, row, "values") }) else { return nil }
    let points = pieces(text).map { piece in
      piece.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "：" }.map { trimmed(String($0)) }
    }
    guard !points.isEmpty, points.allSatisfy({ $0.count == 2 }) else {
      return node(row, "values", .scalar(trimmed(text), plain: true))
    }
    return node(row, "values", .mapping(points.map { entry($0[0], node(row, "values", .scalar($0[1], plain: true))) }))
  }

  private mutating func usable(_ cell: ScenarioBook.Cell, _ row: Row, _ heading: String) -> String? {
    switch cell {
    case .blank: return nil
    case .text(let text): return text
    case .number(let number): return plain(number)
    case .flag(let flag): return flag ? "true" : "false"
    case .unusable(let what):
      report(
        "book.cell", row, heading, Bilingual(zh: "单元格是“\(what)”，不能读取", en: "the cell is '\(what)' and cannot be read"),
        hint: Bilingual(
          zh: "写成数值或文字；公式请先在表格软件中计算并保存", en: "write a value or text; let a spreadsheet calculate and save formulas"))
      return nil
    }
  }

  private mutating func report(_ code: String, _ row: Row, _ heading: String, _ message: Bilingual, hint: Bilingual? = nil) {
    let problem = Problem(code, file: file, cell: node(row, heading, .sequence([])).path, message: message, hint: hint)
    if !problems.contains(problem) { problems.append(problem) }
  }

  // MARK: Places

  /// A problem of the reader of files, at its sheet and cell.
  func located(_ problem: Problem) -> Problem {
    guard let line = problem.line, line >> BookReading.rowBits > 0 else { return problem }
    let sheet = BookReading.sheets[(line >> BookReading.rowBits) - 1]
    let row = line & (1 << BookReading.rowBits - 1)
    // `changes!A5.note` is the cell under `note` in row 5; a heading that is not there leaves the row.
    let keys = (problem.path ?? "").split(separator: ".").map(String.init)
    let key = keys.first?.contains("!") == true ? keys.dropFirst().joined(separator: "_") : ""
    let column = headings[sheet]?[key] ?? headings[sheet]?["\(key)_zh"] ?? problem.column ?? 1
    let cell = "\(sheet)!\(columnLetters(column))\(row)"
    return Problem(problem.code, problem.severity, file: file, path: cell, cell: cell, message: problem.message, hint: problem.hint)
  }

  /// Sheet, row and column of a located problem, for sorting.
  func place(_ problem: Problem) -> (Int, Int, String) {
    let parts = (problem.cell ?? "").split(separator: "!").map(String.init)
    guard parts.count == 2 else { return (0, 0, "") }
    let letters = parts[1].prefix { $0.isLetter }
    return (
      (BookReading.sheets.firstIndex(of: parts[0]) ?? 9) + 1, Int(parts[1].dropFirst(letters.count)) ?? 0,
      String(repeating: " ", count: 4 - letters.count) + letters
    )
  }
}

private func words(_ node: SpecNode) -> String { if case .scalar(let text, _) = node.content { text } else { "" } }

private func lowercased(_ node: SpecNode) -> SpecNode {
  SpecNode(content: .scalar(words(node).lowercased(), plain: true), line: node.line, column: node.column, path: node.path)
}

private func isBlank(_ cell: ScenarioBook.Cell) -> Bool {
  switch cell {
  case .blank: true
  case .text(let text): trimmed(text).isEmpty
  default: false
  }
}

private func pieces(_ text: String) -> [String] {
  text.split { BookHeadings.separators.contains($0) }.map { trimmed(String($0)) }.filter { !$0.isEmpty }
}

private func trimmed(_ text: String) -> String {
  let blanks = text.drop { $0.isWhitespace }
  return String(blanks.reversed().drop { $0.isWhitespace }.reversed())
}
