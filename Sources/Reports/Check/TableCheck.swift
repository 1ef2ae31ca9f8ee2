import Dimensions
import Messages

extension ReportChecker {
  func tables() -> [Problem] {
    let registered = Set(cube.input.sources.map(\.id))
    return document.tables.flatMap { table -> [Problem] in
      var found = shape(table)
      guard found.isEmpty else { return found }
      for row in table.rows {
        for (c, cell) in row.cells.enumerated() {
          let path = "\(table.anchor)/\(row.cells[0].text(.en))/\(c + 1)"
          switch cell {
          case .number(let fact, let format), .interval(let fact, let format):
            found += faults(of: fact, at: path) + faults(of: fact, printedAs: format, at: path)
          default: break
          }
        }
      }
      found += grades(table) + decimals(table) + totals(table)
      for source in table.sources where !registered.isEmpty && !registered.contains(source) {
        found.append(
          fault(
            "unregistered-source", table.anchor, zh: "来源“\(source)”不在来源登记中。",
            en: "The source \"\(source)\" is not in the register."))
      }
      return found
    }
  }

  private func shape(_ table: StatTable) -> [Problem] {
    var found: [Problem] = []
    let path = table.anchor
    if table.rows.isEmpty { found.append(fault("empty-table", path, zh: "表没有行。", en: "The table has no rows.")) }
    if table.rows.contains(where: { $0.cells.count != table.columns.count || $0.cells.isEmpty }) {
      found.append(
        fault("ragged-table", path, zh: "有的行与表头的列数不同。", en: "A row has another number of cells than there are columns."))
    }
    if table.title.zh.isEmpty || table.title.en.isEmpty {
      found.append(fault("missing-language", path, zh: "表题缺一种语言。", en: "The table's title lacks a language."))
    }
    let persons = table.rows.flatMap(\.cells).contains {
      switch $0 {
      case .number(_, .tablePersons), .number(_, .tableTenThousands): true
      default: false
      }
    }
    if persons, table.unit == nil {
      found.append(fault("no-unit", path, zh: "人数表没有单位。", en: "A table of persons has no unit line."))
    }
    return found
  }

  /// A row that shows a grade shows the worst of its facts; a row with an assumption shows a grade.
  private func grades(_ table: StatTable) -> [Problem] {
    table.rows.flatMap { row -> [Problem] in
      let path = "\(table.anchor)/\(row.cells[0].text(.en))"
      let worst = Evidence.worst(row.cells.compactMap { $0.fact?.evidence })
      let shown = row.cells.compactMap { if case .grade(let grade) = $0 { grade } else { nil } }
      if let grade = shown.max(), grade < worst {
        return [
          fault(
            "grade-too-good", path, zh: "证据等级标为 \(grade.rawValue)，行内最差为 \(worst.rawValue)。",
            en: "The grade is given as \(grade.rawValue); the worst of the row is \(worst.rawValue).")
        ]
      }
      if shown.isEmpty, worst == .assumed {
        return [fault("unmarked-assumption", path, zh: "假定数没有标明“假定”。", en: "An assumed number is not marked as assumed.")]
      }
      return []
    }
  }

  private func decimals(_ table: StatTable) -> [Problem] {
    table.columns.indices.flatMap { c -> [Problem] in
      let formats = Set(
        table.rows.compactMap { row -> NumberFormat? in
          switch row.cells[c] {
          case .number(_, let format), .interval(_, let format): format
          default: nil
          }
        })
      return formats.count > 1
        ? [
          fault(
            "mixed-formats", "\(table.anchor)/\(c + 1)", zh: "同一列的数字格式不一致。",
            en: "The column writes its numbers in different forms.")
        ] : []
    }
  }

  /// Totals are summed again; a single withheld part beside a shown total can be computed.
  private func totals(_ table: StatTable) -> [Problem] {
    guard table.additive else { return [] }
    var found: [Problem] = []
    for (t, total) in table.rows.enumerated() where total.total {
      let parts = table.rows[(t + 1)...].prefix { !$0.total && $0.indent > total.indent }
      guard parts.count > 1 else { continue }
      for c in table.columns.indices {
        guard case .number(let sum, let format) = total.cells[c], !format.isRate, !format.isPoints else { continue }
        let path = "\(table.anchor)/\(total.cells[0].text(.en))/\(c + 1)"
        let hidden = parts.count { if case .suppressed = $0.cells[c] { true } else { false } }
        let shown = parts.compactMap { part -> Double? in
          if case .number(let fact, _) = part.cells[c] { fact.value } else { nil }
        }
        if hidden == 1, shown.count == parts.count - 1 {
          found.append(
            fault(
              "recoverable-cell", path, zh: "只隐去一个分项，可由合计相减得出。",
              en: "A single withheld part can be computed from the total."))
        }
        let added = shown.reduce(0, +)
        if shown.count == parts.count, abs(added - sum.value) > 1e-6 * max(abs(sum.value), 1) {
          found.append(
            fault(
              "wrong-total", path, zh: "合计为 \(sum.value)，分项之和为 \(added)。",
              en: "The total is \(sum.value); the parts add up to \(added)."))
        }
      }
    }
    return found
  }
}
