import Messages

/// What callers ask of a table: columns that must be there, and cells that must be numbers.
extension Table {
  /// Problems listed one by one before the rest is only counted.
  static let problemLimit = 50

  /// - Throws: `ProblemReport` (bad data) naming every missing column with its nearest spelling.
  public func requireColumns(_ required: [String]) throws(ProblemReport) {
    let problems = missingColumns(required)
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  }

  /// One problem for every required column that the table lacks, in the order asked; empty when none.
  public func missingColumns(_ required: [String]) -> [Problem] {
    required.filter { column($0) == nil }.map { name in
      Problem(
        "table.missing-column", file: file, line: 1, path: name,
        message: Bilingual(zh: "缺少列“\(name)”", en: "there is no column '\(name)'"),
        hint: hint(forMissing: name))
    }
  }

  private func hint(forMissing name: String) -> Bilingual {
    if let only = names.first, names.count == 1, let found = only.first(where: { ";\t|，；".contains($0) }) {
      let shown = found == "\t" ? "TAB" : String(found)
      return Bilingual(
        zh: "表头只有一列且含“\(shown)”：分隔符可能不是逗号",
        en: "the header is a single column that contains '\(shown)': perhaps the delimiter is no comma")
    }
    let stripped = name.filter { !$0.isWhitespace }.lowercased()
    let similar = names.first { $0.filter { !$0.isWhitespace }.lowercased() == stripped }
    if let near = similar ?? nearest(name, among: names) {
      return Bilingual(zh: "是否指“\(near)”？", en: "did you mean '\(near)'?")
    }
    let shown = names.prefix(12)
    let (dotsZh, dotsEn) =
      names.count > shown.count ? (" 等 \(names.count) 列", " … (\(names.count))") : ("", "")
    return Bilingual(
      zh: "现有列：\(shown.joined(separator: "、"))\(dotsZh)",
      en: "columns here: \(shown.joined(separator: ", "))\(dotsEn)")
  }

  /// A column as numbers, missing cells as NaN.
  ///
  /// A text column is read number by number (so codes such as 007 become 7).
  /// - Throws: `ProblemReport` with the missing column, or with every cell that is no finite number, at
  ///   its line and character (at most 50 are listed, the rest is counted).
  public func numbers(named name: String) throws(ProblemReport) -> [Double] {
    switch try required(name).values {
    case .numbers(let numbers): return numbers
    case .text(let text): return try numbers(in: text, named: name)
    }
  }

  /// A column as text, one string a row; numbers in shortest form; "" when missing.
  ///
  /// Codes that look like numbers keep their spelling when the table was read with `textColumns`.
  /// - Throws: `ProblemReport` when there is no such column.
  public func strings(named name: String) throws(ProblemReport) -> [String] {
    let column = try required(name)
    switch column.values {
    case .numbers(let numbers): return numbers.map(shortText)
    case .text(let text): return text.codes.map { text.distinct[Int($0)] }
    }
  }

  /// A column as text coded by its distinct values, in order of first appearance.
  /// - Throws: `ProblemReport` when there is no such column.
  public func categories(named name: String) throws(ProblemReport) -> TextValues {
    switch try required(name).values {
    case .text(let text): return text
    case .numbers(let numbers): return TextValues(numbers.lazy.map(shortText))
    }
  }

  /// A problem with one cell, at its line and character column, naming the row's field and spelling.
  ///
  /// - Parameters: `row` 0-based as in `lines`; `message` says what is wrong.
  public func problem(
    _ code: String, _ severity: Problem.Severity = .error, row: Int, column: Column, message: Bilingual,
    hint: Bilingual? = nil
  ) -> Problem {
    let place = places(of: [row], position: column.position)[row]
    return Problem(
      code, severity, file: file, line: place?.line ?? lines[row], column: place?.character,
      path: column.name,
      message: message, hint: hint)
  }

  private func required(_ name: String) throws(ProblemReport) -> Column {
    if let column = column(name) { return column }
    throw ProblemReport(.badData, missingColumns([name]))
  }

  private func numbers(in text: TextValues, named name: String) throws(ProblemReport) -> [Double] {
    let values = text.distinct.map(numberOrMissing)
    let bad = values.map { $0 == nil }
    guard bad.contains(true) else { return text.codes.map { values[Int($0)] ?? .nan } }
    let badRows = text.codes.indices.filter { bad[Int(text.codes[$0])] }
    throw ProblemReport(.badData, notNumbers(badRows, text, named: name))
  }

  private func notNumbers(_ rows: [Int], _ text: TextValues, named name: String) -> [Problem] {
    let listed = rows.prefix(Table.problemLimit)
    let field = (column(name)?.position ?? 0)
    let places = places(of: Array(listed), position: field)
    var problems = listed.map { row in
      let spelling = text[row]
      return Problem(
        "csv.not-a-number", file: file, line: places[row]?.line ?? lines[row], column: places[row]?.character,
        path: name,
        message: Bilingual(
          zh: "第 \(field + 1) 列“\(name)”的“\(shortened(spelling))”不是数",
          en: "'\(shortened(spelling))' in field \(field + 1) ('\(name)') is not a number"),
        hint: numberHint(spelling))
    }
    if rows.count > listed.count {
      let more = rows.count - listed.count
      problems.append(
        Problem(
          "csv.more-problems", file: file, path: name,
          message: Bilingual(
            zh: "该列另有 \(more) 个单元格不是数", en: "\(more) more cells of this column are not numbers")))
    }
    return problems
  }
}

func shortened(_ text: String) -> String {
  text.count <= 40 ? text : String(text.prefix(39)) + "…"
}

/// A cell's number; NaN when the cell is missing; nil when it is neither (or is not finite).
func numberOrMissing(_ cell: String) -> Double? {
  if missingWords.contains(cell) { return .nan }
  let trimmed = cell.trimmingBlanks
  if missingWords.contains(trimmed) { return .nan }
  guard trimmed.utf8.allSatisfy({ numberBytes.contains($0) }), !trimmed.isEmpty else { return nil }
  guard let number = Double(trimmed), number.isFinite else { return nil }
  return number
}

/// Spellings of "no value" in a numeric column.
let missingWords: Set<String> = ["", "NA", "NaN", "nan"]

private let numberBytes = Set("0123456789+-.eE".utf8)

extension String {
  var trimmingBlanks: String {
    let blanks: (Character) -> Bool = { $0 == " " || $0 == "\t" }
    guard let first, let last, blanks(first) || blanks(last) else { return self }
    let tail = drop(while: blanks)
    return String(tail.prefix(tail.count - tail.reversed().prefix(while: blanks).count))
  }
}

/// How a printed percentage may be written: as a share, and as a number of per cent.
package func percentSpellings(_ cell: String) -> (share: String, percent: String) {
  let printed = cell.filter { $0 != "%" && $0 != "％" && $0 != " " }
  guard let percent = Double(printed), percent.isFinite else { return ("0.125", "12.5") }
  return (shortText(percent / 100), shortText(percent))
}

private func numberHint(_ cell: String) -> Bilingual? {
  let plain = cell.filter { $0 != "," && $0 != "，" && $0 != " " && $0 != "\u{a0}" }
  if cell.wholeMatch(of: /[+-]?\d+,\d+/) != nil, cell.wholeMatch(of: /[+-]?\d{1,3},\d{3}/) == nil {
    let point = cell.replacing(",", with: ".")
    return Bilingual(zh: "逗号是小数点？请写 \(point)", en: "is the comma a decimal point? write \(point)")
  }
  if plain.count < cell.count, numberOrMissing(plain) != nil, !plain.isEmpty,
    cell.wholeMatch(of: /[+-]?\d{1,3}([,， \u{a0}]\d{3})+(\.\d+)?/) != nil
  {
    return Bilingual(zh: "去掉千位分隔符：\(plain)", en: "leave out the thousands separators: \(plain)")
  }
  if cell.hasSuffix("%") || cell.hasSuffix("％") {
    let (share, percent) = percentSpellings(cell)
    return Bilingual(
      zh: "写成小数 \(share)；若该列单位为 %，写 \(percent)", en: "write \(share), or \(percent) where the column's unit is %")
  }
  if ["inf", "infinity", "+inf", "-inf", "-infinity", "∞"].contains(cell.lowercased()) {
    return Bilingual(zh: "无穷大不能参与计算；缺失请留空", en: "infinity cannot be computed with; leave missing cells empty")
  }
  let folded = cell.applyingFullWidthFolding
  if folded != cell, numberOrMissing(folded) != nil {
    return Bilingual(zh: "全角数字请改为半角：\(folded)", en: "use half-width digits: \(folded)")
  }
  return Bilingual(zh: "缺失值请留空或写 NA", en: "leave a missing cell empty or write NA")
}

extension String {
  /// Full-width digits and signs as their ASCII forms.
  fileprivate var applyingFullWidthFolding: String {
    String(
      String.UnicodeScalarView(
        unicodeScalars.map { scalar in
          (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
        }))
  }
}
