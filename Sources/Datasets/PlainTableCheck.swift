import Messages
import Tables

/// Looks over a table of any shape: what would have to be mended to read it, and what cannot be read.
///
/// A column is taken for numbers when most of its filled cells are numbers, as printed or after repair.
struct PlainTableCheck {
  let table: Table
  let regions: [Region]

  /// Headings under which names of regions stand.
  private static let regionHeadings: Set<String> = [
    "地区", "省份", "省市", "城市", "region", "region_name", "province", "city", "地区名称", "行政区",
  ]
  /// Headings of codes: never numbers, whatever they look like.
  private static let codeHeadings: Set<String> = ["code", "region_code", "代码", "行政区划代码", "adcode", "id"]

  func problems() -> [Problem] {
    var flaws: [Table.Flaw] = []
    for column in table.columns {
      guard case .text(let cells) = column.values else { continue }
      let heading = column.name.filter { !$0.isWhitespace }.lowercased()
      if PlainTableCheck.regionHeadings.contains(heading), !regions.isEmpty {
        flaws += regionFlaws(column, cells)
      } else if !PlainTableCheck.codeHeadings.contains(heading) {
        flaws += heading == "year" || heading == "年份" || heading == "年" ? yearFlaws(column, cells) : numberFlaws(column, cells)
      }
    }
    return table.problems(flaws + repeatedRows())
  }

  private func regionFlaws(_ column: Column, _ cells: TextValues) -> [Table.Flaw] {
    let read = cells.distinct.map { RepairedValue.regions($0, in: regions) }
    guard read.contains(where: { $0.value != nil }) else { return [] }
    return flaws(column, cells) { code in
      let result = read[code]
      return (result.repairs, result.problem)
    }
  }

  private func yearFlaws(_ column: Column, _ cells: TextValues) -> [Table.Flaw] {
    let read = cells.distinct.map { RepairedValue.year($0) }
    return flaws(column, cells) { code in (read[code].repairs, cells.distinct[code].isEmpty ? nil : read[code].problem) }
  }

  private func numberFlaws(_ column: Column, _ cells: TextValues) -> [Table.Flaw] {
    let read = cells.distinct.map { RepairedValue.number($0) }
    var (numbers, others) = (0, 0)
    for code in cells.codes {
      let result = read[Int(code)]
      if result.value != nil { numbers += 1 } else if !result.isMissing { others += 1 }
    }
    guard numbers > others else { return [] }
    return flaws(column, cells) { code in (read[code].repairs, read[code].problem) }
  }

  private func flaws(
    _ column: Column, _ cells: TextValues, _ reading: (Int) -> (repairs: [Bilingual], problem: Bilingual?)
  ) -> [Table.Flaw] {
    var flaws: [Table.Flaw] = []
    for (row, code) in cells.codes.enumerated() {
      let (repairs, problem) = reading(Int(code))
      if let problem {
        let code = problem.en.contains("region") ? "data.unknown-region" : "data.not-a-number"
        flaws.append(Table.Flaw(code, row: row, position: column.position, message: problem))
      } else if !repairs.isEmpty {
        let cell = cells.distinct[Int(code)]
        flaws.append(
          Table.Flaw(
            "data.repaired", .note, row: row, position: column.position,
            message: Bilingual(
              zh: "“\(cell)”：\(repairs.map(\.zh).joined(separator: "；"))",
              en: "'\(cell)': \(repairs.map(\.en).joined(separator: "; "))")))
      }
    }
    return flaws
  }

  private func repeatedRows() -> [Table.Flaw] {
    var first: [[String]: Int] = [:]
    return (0..<table.rowCount).compactMap { row in
      let cells = table.columns.map { $0.string(row) }
      guard let before = first[cells] else {
        first[cells] = row
        return nil
      }
      return Table.Flaw(
        "data.repeated-row", .warning, row: row, position: 0,
        message: Bilingual(
          zh: "与第 \(table.lines[before]) 行完全相同", en: "the same as line \(table.lines[before]) in every column"))
    }
  }
}
