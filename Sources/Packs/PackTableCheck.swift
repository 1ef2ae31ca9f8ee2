import Dimensions
import Messages
import Tables

extension PackChecker {
  /// At most so many problems of one kind and column are listed.
  private static let limit = 20

  func tables() -> [Problem] {
    (contents.descriptor?.resources ?? []).flatMap { resource -> [Problem] in
      guard let schema = resource.schema, let table = contents.tables[resource.name] else { return [] }
      return columns(resource, schema, table) + values(resource, schema, table) + keys(resource, schema, table)
        + references(resource, schema, table)
    }
  }

  private func columns(
    _ resource: PackDescriptor.Resource, _ schema: PackDescriptor.Schema, _ table: Table
  ) -> [Problem] {
    let promised = schema.fields.map(\.name)
    guard promised != table.names else { return [] }
    return [
      problem(
        "wrong-columns", resource.path, line: 1, path: resource.name,
        zh: "表头为 \(table.names.joined(separator: ","))；应为 \(promised.joined(separator: ","))。",
        en: "The header is \(table.names.joined(separator: ",")); the descriptor has \(promised.joined(separator: ",")).")
    ]
  }

  private func values(
    _ resource: PackDescriptor.Resource, _ schema: PackDescriptor.Schema, _ table: Table
  ) -> [Problem] {
    schema.fields.flatMap { field -> [Problem] in
      guard let column = table.column(field.name) else { return [] }
      var found: [Problem] = []
      for row in 0..<table.rowCount where found.count < PackChecker.limit {
        let text = column.string(row)
        if text.isEmpty {
          guard field.constraints?.required == true else { continue }
          found.append(
            problem(
              "empty-cell", resource.path, line: table.lines[row], path: field.name, zh: "“\(field.name)”不能为空。",
              en: "'\(field.name)' must not be empty."))
        } else if !fits(text, field.type) {
          found.append(
            problem(
              "wrong-type", resource.path, line: table.lines[row], path: field.name, zh: "“\(text)”不是\(field.type)。",
              en: "'\(text)' is no \(field.type)."))
        }
      }
      return found
    }
  }

  private func fits(_ text: String, _ type: String) -> Bool {
    switch type {
    case "number": Double(text).map(\.isFinite) ?? false
    case "integer", "year": Int(text) != nil
    default: true
    }
  }

  private func keys(
    _ resource: PackDescriptor.Resource, _ schema: PackDescriptor.Schema, _ table: Table
  ) -> [Problem] {
    let key = schema.primaryKey ?? []
    let columns = key.compactMap { table.column($0) }
    guard !columns.isEmpty, columns.count == key.count else { return [] }
    var first: [String: Int] = [:]
    var found: [Problem] = []
    for row in 0..<table.rowCount where found.count < PackChecker.limit {
      let value = columns.map { $0.string(row) }.joined(separator: " / ")
      if let before = first.updateValue(row, forKey: value) {
        found.append(
          problem(
            "duplicate-key", resource.path, line: table.lines[row], path: value,
            zh: "主键重复，另见第 \(table.lines[before]) 行。", en: "The key occurs twice; see line \(table.lines[before])."))
      }
    }
    return found
  }

  private func references(
    _ resource: PackDescriptor.Resource, _ schema: PackDescriptor.Schema, _ table: Table
  ) -> [Problem] {
    (schema.foreignKeys ?? []).flatMap { key -> [Problem] in
      guard key.fields.count == 1, key.reference.fields.count == 1, let column = table.column(key.fields[0]),
        let codes = contents.tables[key.reference.resource]?.column(key.reference.fields[0]),
        let rows = contents.tables[key.reference.resource]?.rowCount
      else { return [] }
      let known = Set((0..<rows).map { codes.string($0) })
      var reported: Set<String> = []
      var found: [Problem] = []
      for row in 0..<table.rowCount where found.count < PackChecker.limit {
        let code = column.string(row)
        guard !code.isEmpty, !known.contains(code), reported.insert(code).inserted else { continue }
        found.append(
          problem(
            "unknown-code", resource.path, line: table.lines[row], path: key.fields[0],
            zh: "“\(code)”不在代码表 \(key.reference.resource) 中。",
            en: "'\(code)' is not in the codelist \(key.reference.resource).",
            hint: nearest(code, among: known.sorted()).map { Bilingual(zh: "是否指 \($0)？", en: "Did you mean \($0)?") }))
      }
      return found
    }
  }

  // MARK: Sums

  /// Regions add up from their parts, where every part is published.
  func sums() -> [Problem] {
    guard let results = contents.tables["results"], let hierarchy = contents.tables["hierarchy"],
      let parents = hierarchy.column("parent"), let children = hierarchy.column("child")
    else { return [] }
    var parts: [String: [String]] = [:]
    for row in 0..<hierarchy.rowCount { parts[parents.string(row), default: []].append(children.string(row)) }
    guard let cells = PublishedCells(results) else { return [] }
    var found: [Problem] = []
    for cell in cells.all where found.count < PackChecker.limit {
      guard let children = parts[cell.region], ["supply", "demand"].contains(cell.measure) else { continue }
      let values = children.compactMap { cells.value(cell, region: $0) }
      let sum = values.reduce(0, +)
      guard values.count == children.count, abs(sum - cell.value) > 1e-6 * max(abs(cell.value), 1) + 1e-5 * Double(values.count)
      else { continue }
      found.append(
        problem(
          "wrong-total", "data/results.csv", line: cell.line, path: cell.key,
          zh: "数值为 \(cell.value)，各部分之和为 \(sum)。", en: "The value is \(cell.value); the parts add up to \(sum)."))
    }
    return found
  }

  // MARK: SDMX

  func sdmx() -> [Problem] {
    guard let data = contents.files[SDMXMessage.dataPath], contents.files[SDMXMessage.structurePath] != nil,
      let results = contents.tables["results"]
    else { return [] }
    var options = ReadOptions()
    options.allText = true
    let table: Table
    do throws(ProblemReport) {
      table = try parseTable(data.bytes, file: contents.path(SDMXMessage.dataPath), options: options)
    } catch {
      return error.problems
    }
    guard table.names == SDMXMessage.header else {
      return [
        problem(
          "wrong-columns", SDMXMessage.dataPath, line: 1, zh: "SDMX 表头不符。", en: "The SDMX header is not as it should be.",
          hint: Bilingual(zh: SDMXMessage.header.joined(separator: ","), en: SDMXMessage.header.joined(separator: ",")))
      ]
    }
    guard table.rowCount == results.rowCount else {
      return [
        problem(
          "sdmx-rows", SDMXMessage.dataPath, zh: "SDMX 有 \(table.rowCount) 行，data/results.csv 有 \(results.rowCount) 行。",
          en: "The SDMX file has \(table.rowCount) rows, data/results.csv \(results.rowCount).")
      ]
    }
    guard let a = table.column("OBS_VALUE"), let b = results.column("value") else { return [] }
    return (0..<table.rowCount).filter { a.string($0) != b.string($0) }.prefix(PackChecker.limit).map { row in
      problem(
        "sdmx-differs", SDMXMessage.dataPath, line: table.lines[row], path: "OBS_VALUE",
        zh: "数值为“\(a.string(row))”，data/results.csv 为“\(b.string(row))”。",
        en: "The value is '\(a.string(row))'; data/results.csv has '\(b.string(row))'.")
    }
  }
}

/// The numbers of `data/results.csv` by place.
struct PublishedCells {
  struct Cell {
    let scenario: String
    let region: String
    let industry: String
    let team: String
    let year: String
    let measure: String
    let value: Double
    let line: Int
    var key: String { "\(measure)/\(region)/\(industry)/\(team)/\(year)/\(scenario)" }
  }

  let all: [Cell]
  private let byKey: [String: Double]

  init?(_ table: Table) {
    let names = ["scenario", "region", "industry", "team", "year", "measure", "value"]
    let columns = names.compactMap { table.column($0) }
    guard columns.count == names.count else { return nil }
    var cells: [Cell] = []
    for row in 0..<table.rowCount {
      guard let value = Double(columns[6].string(row)), value.isFinite else { continue }
      let text = columns.map { $0.string(row) }
      cells.append(
        Cell(
          scenario: text[0], region: text[1], industry: text[2], team: text[3], year: text[4], measure: text[5],
          value: value, line: table.lines[row]))
    }
    all = cells
    byKey = Dictionary(cells.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  func value(_ cell: Cell, region: String) -> Double? {
    byKey["\(cell.measure)/\(region)/\(cell.industry)/\(cell.team)/\(cell.year)/\(cell.scenario)"]
  }
}
