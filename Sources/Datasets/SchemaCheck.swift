import Messages
import Tables

/// Compares a table with the fields that its descriptor promises.
struct SchemaCheck {
  let resource: DataPackage.Resource
  let table: Table

  /// Columns that must be kept as text when the resource is read; observations are read cell by cell,
  /// so that `NaN` is told from an empty cell.
  static func options(_ resource: DataPackage.Resource) -> ReadOptions {
    var options = ReadOptions()
    options.allText = isObservations(resource)
    options.textColumns = Set(resource.fields.filter { !$0.kind.isNumeric }.map(\.name))
    return options
  }

  func problems() -> [Problem] {
    var flaws: [Table.Flaw] = []
    for field in resource.fields {
      guard let column = table.column(field.name) else { continue }
      flaws += cellFlaws(field, column)
    }
    flaws += keyFlaws()
    return columnProblems() + table.problems(flaws)
  }

  /// Columns that are promised and absent, or present and not promised.
  func columnProblems() -> [Problem] {
    var problems = table.missingColumns(resource.fields.map(\.name))
    for (i, name) in table.names.enumerated() where !resource.fields.contains(where: { $0.name == name }) {
      let near = nearest(name, among: resource.fields.map(\.name))
      problems.append(
        Problem(
          "csv.unknown-column", file: table.file, line: 1, path: name,
          message: Bilingual(
            zh: "第 \(i + 1) 列“\(name)”不在 datapackage.json 的字段表中",
            en: "column \(i + 1), '\(name)', is no field of datapackage.json"),
          hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }))
    }
    return problems
  }

  private func cellFlaws(_ field: DataPackage.Field, _ column: Column) -> [Table.Flaw] {
    var flaws: [Table.Flaw] = []
    func flaw(_ code: String, _ row: Int, zh: String, en: String, hint: Bilingual? = nil) {
      flaws.append(
        Table.Flaw(code, row: row, position: column.position, message: Bilingual(zh: zh, en: en), hint: hint))
    }
    for row in 0..<table.rowCount {
      if column.isMissing(row) {
        if field.required {
          flaw("data.missing-value", row, zh: "“\(field.name)”不能为空", en: "'\(field.name)' must not be empty")
        }
        continue
      }
      if field.kind.isNumeric {
        let spelling = column.string(row)
        switch column.values {
        case .numbers(let numbers):
          if field.kind != .number, numbers[row] != numbers[row].rounded() {
            flaw(
              "data.not-an-integer", row, zh: "“\(spelling)”不是整数", en: "'\(spelling)' is not a whole number")
          }
        case .text:
          if let problem = numberFlaw(spelling, whole: field.kind != .number) {
            flaw(problem.code, row, zh: problem.message.zh, en: problem.message.en, hint: problem.hint)
          }
        }
      } else if !field.allowed.isEmpty, !field.allowed.contains(column.string(row)) {
        let spelling = column.string(row)
        flaw(
          "data.not-allowed", row, zh: "“\(spelling)”不是“\(field.name)”的允许取值",
          en: "'\(spelling)' is not allowed for '\(field.name)'",
          hint: Bilingual(
            zh: "允许：\(field.allowed.joined(separator: "、"))", en: "allowed: \(field.allowed.joined(separator: ", "))"))
      }
    }
    return flaws
  }

  private func keyFlaws() -> [Table.Flaw] {
    let columns = resource.primaryKey.compactMap(table.column)
    guard !columns.isEmpty, columns.count == resource.primaryKey.count else { return [] }
    var first: [[String]: Int] = [:]
    var flaws: [Table.Flaw] = []
    for row in 0..<table.rowCount {
      let key = columns.map { $0.string(row) }
      guard let before = first[key] else {
        first[key] = row
        continue
      }
      let shown = zip(resource.primaryKey, key).map { "\($0) \($1)" }.joined(separator: ", ")
      flaws.append(
        Table.Flaw(
          "data.duplicate-key", row: row, position: columns[0].position,
          message: Bilingual(
            zh: "主键重复（\(shown)），首次出现在第 \(table.lines[before]) 行",
            en: "the key (\(shown)) appears twice, first on line \(table.lines[before])"), cause: "duplicate"))
    }
    return flaws
  }
}

extension DataPackage.Field.Kind {
  var isNumeric: Bool { self == .number || self == .integer || self == .year }
}

/// What is wrong with a cell that should hold a number; nil when nothing is.
func numberFlaw(_ cell: String, whole: Bool) -> (code: String, message: Bilingual, hint: Bilingual?)? {
  guard let number = Double(cell.filter { $0 != " " }), !cell.contains("x"), !cell.contains("X") else {
    if cell.hasSuffix("%") || cell.hasSuffix("％") {
      let (share, percent) = percentSpellings(cell)
      return (
        "data.not-a-number", Bilingual(zh: "“\(cell)”不是数", en: "'\(cell)' is not a number"),
        Bilingual(zh: "写作 \(share)；若单位为 %，写作 \(percent)", en: "write \(share), or \(percent) where the unit is %")
      )
    }
    let repaired = RepairedValue.number(cell)
    let hint = repaired.value.map {
      Bilingual(zh: "写作 \(shortText($0))？万、亿与注释标记须先换算", en: "write \(shortText($0))? units such as 万 and marks come out first")
    }
    return (
      "data.not-a-number", Bilingual(zh: "“\(cell)”不是数", en: "'\(cell)' is not a number"), hint
    )
  }
  if !number.isFinite {
    return ("data.not-finite", Bilingual(zh: "“\(cell)”不是有限数", en: "'\(cell)' is not a finite number"), nil)
  }
  if whole, number != number.rounded() {
    return ("data.not-an-integer", Bilingual(zh: "“\(cell)”不是整数", en: "'\(cell)' is not a whole number"), nil)
  }
  return nil
}
