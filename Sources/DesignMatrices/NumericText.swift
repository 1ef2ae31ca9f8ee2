import Messages
import Tables

/// What a cell of a text column looks like to somebody who expected numbers.
enum CellLook: Hashable {
  case missing, number, word
  /// A number for a reader, not for us.
  case grouped(Character)
  case decimalComma
  case percent, currency, infinite, tooLarge, notDecimal, otherDigits

  init(_ cell: String) {
    let text = cell.filter { $0 != " " && $0 != "\t" && $0 != "\u{a0}" && $0 != "\u{202f}" }
    self = text.isEmpty || ["NA", "NaN", "nan"].contains(text) ? .missing : Self.look(cell, withoutBlanks: text)
  }

  private static let infinities: Set<String> = ["inf", "infinity", "∞", "无穷", "无穷大"]
  private static let currencies = "¥￥$€£"

  private static func look(_ cell: String, withoutBlanks text: String) -> CellLook {
    if isPlain(text) { return text.count == cell.trimmed.count ? (isCode(text) ? .word : .number) : .grouped(" ") }
    let magnitude = text.drop { "+-−".contains($0) }
    if infinities.contains(magnitude.lowercased()) { return .infinite }
    // Only a leading digit can start a number in disguise: words need not be taken apart.
    guard let first = magnitude.first, first.isNumber || ".,．".contains(first) || currencies.contains(first) else {
      return .word
    }
    if let mark = text.last, "%％‰".contains(mark) { return isNumber(String(text.dropLast())) ? .percent : .word }
    if currencies.contains(first) { return isNumber(String(magnitude.dropFirst())) ? .currency : .word }
    for mark in ",，'’_" as String where text.contains(mark) {
      if NumberStyle(thousands: mark).plain(text) != nil { return .grouped(mark == "，" ? "," : mark) }
    }
    if NumberStyle(decimal: ",").plain(text) != nil { return .decimalComma }
    if NumberStyle(decimal: ",", thousands: ".").plain(text) != nil { return .decimalComma }
    if magnitude.lowercased().hasPrefix("0x") { return Double(magnitude) == nil ? .word : .notDecimal }
    if let value = Double(text), value.isInfinite { return .tooLarge }
    let folded = String(String.UnicodeScalarView(text.unicodeScalars.map(asASCII)))
    return folded != text && isPlain(folded) ? .otherDigits : .word
  }

  private static func asASCII(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
    if scalar == "−" { return "-" }
    return (0xFF01...0xFF5E).contains(scalar.value) ? Unicode.Scalar(scalar.value - 0xFEE0) ?? scalar : scalar
  }

  private static func isPlain(_ text: String) -> Bool { NumberStyle().plain(text) != nil }

  private static func isNumber(_ text: String) -> Bool {
    isPlain(text) || NumberStyle(thousands: ",").plain(text) != nil || NumberStyle(decimal: ",").plain(text) != nil
  }

  private static func isCode(_ text: String) -> Bool {
    let digits = text.drop { "+-".contains($0) }.prefix { $0.isNumber }
    return digits.count > 1 && digits.first == "0"
  }

  /// Whether somebody meant a number.
  var isNumeric: Bool { self != .missing && self != .word }

  /// Whether an option of `fit` reads it.
  var isStyle: Bool {
    switch self {
    case .grouped, .decimalComma: true
    default: false
    }
  }

  /// What to do about it.
  var remedy: Bilingual {
    switch self {
    case .grouped(let mark):
      Bilingual(
        zh: "若是千位分隔符，请加 --thousands \"\(mark)\"", en: "if it sets thousands apart, add --thousands \"\(mark)\"")
    case .decimalComma: Bilingual(zh: "若逗号是小数点，请加 --decimal \",\"", en: "if the comma is a decimal mark, add --decimal \",\"")
    case .percent:
      Bilingual(zh: "去掉百分号：写成小数或百分数的数值", en: "leave the percent sign out: write a share or the plain percentage")
    case .currency: Bilingual(zh: "去掉货币符号", en: "leave the currency sign out")
    case .infinite:
      Bilingual(zh: "无穷大不能参与计算；缺失请留空", en: "infinity cannot be computed with; leave missing cells empty")
    case .tooLarge:
      Bilingual(zh: "超出双精度范围：换一个单位，或留空", en: "beyond the range of a double: change the unit, or leave it empty")
    case .notDecimal: Bilingual(zh: "请写成十进制", en: "write it in decimal")
    case .otherDigits: Bilingual(zh: "请用半角数字与减号", en: "use half-width digits and an ASCII minus")
    case .missing, .number, .word:
      Bilingual(zh: "若该列应是数，请改正该单元格；缺失请留空", en: "if the column should be numbers, mend that cell; leave missing cells empty")
    }
  }
}

extension Table {
  /// Warnings about a text column that is taken as categories although most of its rows look like numbers: the
  /// first cell of each kind that stood in the way.
  func remarks(onNumericText column: Column) -> [Problem] {
    guard case .text(let text) = column.values else { return [] }
    let looks = text.distinct.map(CellLook.init)
    var counts: [CellLook: Int] = [:]
    var first: [CellLook: Int] = [:]
    for (row, code) in text.codes.enumerated() {
      let look = looks[Int(code)]
      if counts.updateValue((counts[look] ?? 0) + 1, forKey: look) == nil { first[look] = row }
    }
    let filled = text.count - (counts[.missing] ?? 0)
    let numeric = counts.reduce(0) { $0 + ($1.key.isNumeric ? $1.value : 0) }
    guard 2 * numeric > filled else { return [] }
    let odd = first.filter { $0.key != .missing && $0.key != .number }.sorted { $0.value < $1.value }
    return odd.map { look, row in
      let (cell, count) = (text[row], counts[look] ?? 1)
      return problem(
        "formula.text-column", .warning, row: row, column: column,
        message: Bilingual(
          zh: "列“\(column.name)”按类别处理，因为“\(cell)”不是数\(count > 1 ? "（这样的有 \(count) 行）" : "")",
          en: "column '\(column.name)' is taken as categories because '\(cell)' is not a number\(count > 1 ? " (\(count) such rows)" : "")"),
        hint: Bilingual(
          zh: "\(look.remedy.zh)；本来就是类别则写 C(\(column.name))",
          en: "\(look.remedy.en); if categories are meant, write C(\(column.name))"))
    }
  }
}

extension Table {
  /// For cells that were refused as no numbers: the option that would read their column, once a column.
  func styleNotes(_ problems: [Problem]) -> [Problem] {
    var seen: Set<String> = []
    return problems.compactMap { problem in
      guard problem.code == "csv.not-a-number", let name = problem.path, seen.insert(name).inserted,
        case .text(let text)? = column(name)?.values
      else { return nil }
      let looks = text.distinct.map(CellLook.init)
      guard let look = looks.first(where: \.isStyle) else { return nil }
      return Problem(
        "formula.number-style", .note, file: file, line: 1, path: name,
        message: Bilingual(zh: "列“\(name)”：\(look.remedy.zh)", en: "column '\(name)': \(look.remedy.en)"))
    }
  }
}

extension String {
  fileprivate var trimmed: Substring {
    let tail = drop(while: \.isWhitespace)
    return tail.prefix(tail.count - tail.reversed().prefix(while: \.isWhitespace).count)
  }
}
