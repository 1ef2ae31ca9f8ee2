import Foundation
import Messages

/// What a cell of a real table was read as, and everything that was mended to read it.
public struct Repaired<Value: Sendable & Equatable>: Sendable, Equatable {
  /// nil: missing when `problem` is nil, else unreadable.
  public let value: Value?
  /// One note per repair, in the order applied.
  public let repairs: [Bilingual]
  public let problem: Bilingual?

  init(_ value: Value?, _ repairs: [Bilingual] = [], problem: Bilingual? = nil) {
    self.value = value
    self.repairs = repairs
    self.problem = problem
  }

  public var isMissing: Bool { value == nil && problem == nil }
}

/// Reads the cells of tables as Chinese yearbooks print them. Nothing is mended silently.
///
/// Understood: full-width digits and signs, padding blanks inside names (上　海), thousands
/// separators, 万 and 亿, percent signs, footnote marks (①, *, 注1, [2]), qualifiers (约, 超, 近, 余),
/// the marks for "no figure" (… — / 空), Chinese numerals, and merged regions (港澳台).
public enum RepairedValue {
  /// Marks that stand for a figure that is not there.
  static let missingMarks: Set<String> = [
    "", "-", "–", "—", "――", "——", "--", "…", "...", "……", "/", "／", "*", "无", "空", "不详", "未公布", "未统计",
    "NA", "N/A", "n/a", "NaN", "nan", "null", "..", "x", "[x]", "[z]", "[c]",
  ]

  /// A number in the cell's own unit; 万 and 亿 multiplied out, % kept as printed.
  public static func number(_ cell: String) -> Repaired<Double> {
    var text = cell
    var repairs: [Bilingual] = []
    mend(&text, halfWidth(text), &repairs, zh: "全角字符改为半角", en: "full-width characters made half-width")
    text = text.trimmingCharacters(in: .whitespacesAndNewlines)
    if missingMarks.contains(text) {
      if !text.isEmpty {
        repairs.append(Bilingual(zh: "“\(cell)”按无数据处理", en: "'\(cell)' read as no figure"))
      }
      return Repaired(nil, repairs)
    }
    if let plain = Double(text), plain.isFinite, !text.lowercased().contains("x") { return Repaired(plain, repairs) }
    mend(&text, withoutFootnote(text), &repairs, zh: "去掉注释标记", en: "footnote mark removed")
    mend(&text, withoutQualifier(text), &repairs, zh: "去掉约数词，按所印数字读取", en: "qualifier removed, the printed figure is read")
    let unit = strippedUnit(text)
    mend(&text, unit.rest, &repairs, zh: "去掉计量单位“\(unit.unit)”", en: "unit '\(unit.unit)' removed")
    var factor = 1.0
    if let (rest, multiple, word) = magnitude(text) {
      factor = multiple
      text = rest
      repairs.append(Bilingual(zh: "按“\(word)”换算", en: "multiplied out '\(word)'"))
    }
    if let (rest, negative) = accountingSign(text) {
      text = (negative ? "-" : "") + rest
      repairs.append(Bilingual(zh: "括号按负数读取", en: "brackets read as a minus sign"))
    }
    if let joined = withoutSeparators(text), joined != text {
      text = joined
      repairs.append(Bilingual(zh: "去掉千位分隔符", en: "thousands separators removed"))
    }
    if let number = Double(text), number.isFinite, text.allSatisfy({ "+-.0123456789eE".contains($0) }) {
      return Repaired(scaled(number, text, by: factor), repairs)
    }
    if let number = chineseNumeral(text) {
      repairs.append(Bilingual(zh: "汉字数字读作 \(number)", en: "Chinese numerals read as \(number)"))
      return Repaired(Double(number) * factor, repairs)
    }
    return Repaired(nil, repairs, problem: Bilingual(zh: "“\(cell)”不是数", en: "'\(cell)' is not a number"))
  }

  /// A year: 2023, ２０２３年, 二〇二三年, 2023年末.
  public static func year(_ cell: String) -> Repaired<Int> {
    var text = cell
    var repairs: [Bilingual] = []
    mend(&text, halfWidth(text).filter { !$0.isWhitespace }, &repairs, zh: "全角字符或空格改正", en: "full-width characters or blanks mended")
    let digits: [Character: Character] = [
      "〇": "0", "○": "0", "零": "0", "一": "1", "二": "2", "三": "3", "四": "4", "五": "5", "六": "6", "七": "7", "八": "8",
      "九": "9",
    ]
    mend(
      &text, String(text.map { digits[$0] ?? $0 }), &repairs, zh: "汉字数字改为阿拉伯数字", en: "Chinese digits made Arabic")
    for ending in ["年末", "年底", "年度", "年"] where text.hasSuffix(ending) {
      mend(&text, String(text.dropLast(ending.count)), &repairs, zh: "去掉“\(ending)”", en: "'\(ending)' removed")
      break
    }
    guard let year = Int(text), (1900...2100).contains(year), text.count == 4 else {
      return Repaired(nil, repairs, problem: Bilingual(zh: "“\(cell)”不是年份", en: "'\(cell)' is not a year"))
    }
    return Repaired(year, repairs)
  }

  /// A name without padding: 上　海 → 上海, "New  York " → "New York".
  public static func name(_ cell: String) -> Repaired<String> {
    var repairs: [Bilingual] = []
    var text = cell
    mend(&text, withoutFootnote(halfWidth(text)), &repairs, zh: "去掉注释标记或全角字符", en: "footnote marks or full-width characters mended")
    let words = text.split(whereSeparator: \.isWhitespace).map(String.init)
    var joined = ""
    for word in words {
      if let last = joined.last, let first = word.first, !(isChinese(last) && isChinese(first)) { joined += " " }
      joined += word
    }
    mend(&text, joined, &repairs, zh: "去掉名称中的空格", en: "blanks inside the name removed")
    return text.isEmpty ? Repaired(nil, repairs) : Repaired(text, repairs)
  }

  /// The regions a row heading stands for: one as a rule, several when the source merged them (港澳台).
  public static func regions(_ cell: String, in known: [Region]) -> Repaired<[Region]> {
    let name = name(cell)
    guard let text = name.value else {
      return Repaired(nil, name.repairs)
    }
    var repairs = name.repairs
    func find(_ word: String) -> Region? { lookUp(word, in: known) }
    if let region = find(text) {
      if region.name.zh != text, region.code.text != text, region.name.en != text {
        repairs.append(
          Bilingual(zh: "“\(text)”读作 \(region.name.zh)（\(region.code)）", en: "'\(text)' read as \(region.name.en) (\(region.code))"))
      }
      return Repaired([region], repairs)
    }
    let merged: [Character: String] = [
      "港": "香港特别行政区", "澳": "澳门特别行政区", "台": "台湾省", "京": "北京市", "津": "天津市", "冀": "河北省", "沪": "上海市",
      "苏": "江苏省", "浙": "浙江省", "皖": "安徽省", "粤": "广东省", "川": "四川省", "渝": "重庆市",
    ]
    let parts = text.split(whereSeparator: { "、,，和及+/".contains($0) }).map(String.init)
    let found = parts.count > 1 ? parts.compactMap(find) : text.compactMap { merged[$0].flatMap(find) }
    if found.count > 1, found.count == (parts.count > 1 ? parts.count : text.count) {
      repairs.append(
        Bilingual(
          zh: "“\(text)”是合并地区：\(found.map(\.name.zh).joined(separator: "、"))，未拆分",
          en: "'\(text)' merges \(found.map(\.name.en).joined(separator: ", ")); not divided"))
      return Repaired(found, repairs)
    }
    return Repaired(
      nil, repairs, problem: Bilingual(zh: "无法识别的地区“\(cell)”", en: "'\(cell)' is no region that is known"))
  }

  private static func lookUp(_ word: String, in known: [Region]) -> Region? {
    if word == "全国" || word == "合计" || word == "总计" || word == "全国总计" {
      return known.first { $0.level == "country" }
    }
    return known.first { $0.code.text == word || $0.name.zh == word || $0.name.en == word }
      ?? known.first {
        $0.level != "district" && ($0.shortName.zh == word || $0.shortName.en.lowercased() == word.lowercased())
      }
  }
}

// MARK: - Pieces

private func mend(_ text: inout String, _ mended: String, _ repairs: inout [Bilingual], zh: String, en: String) {
  guard mended != text else { return }
  text = mended
  repairs.append(Bilingual(zh: zh, en: en))
}

func isChinese(_ character: Character) -> Bool {
  character.unicodeScalars.allSatisfy { (0x3400...0x9FFF).contains($0.value) || (0xF900...0xFAFF).contains($0.value) }
}

/// Full-width digits, letters, signs and blanks as ASCII; dashes of minus as "-".
private func halfWidth(_ text: String) -> String {
  var result = String.UnicodeScalarView()
  for scalar in text.unicodeScalars {
    switch scalar.value {
    case 0xFF01...0xFF5E: result.append(Unicode.Scalar(UInt8(scalar.value - 0xFEE0)))
    case 0x3000, 0x00A0, 0x2002...0x200A: result.append(" ")
    case 0x200B, 0xFEFF: break
    case 0x2212: result.append("-")
    default: result.append(scalar)
    }
  }
  return String(result)
}

/// Without ①②…, ¹²³, *, †, #, [1], (1)) at the end, 注1 and the like.
private func withoutFootnote(_ text: String) -> String {
  var rest = Substring(text)
  func trim() { while rest.last?.isWhitespace == true { rest = rest.dropLast() } }
  while true {
    trim()
    if let last = rest.unicodeScalars.last,
      (0x2460...0x24FF).contains(last.value) || (0x2776...0x2793).contains(last.value)
        || [0xB9, 0xB2, 0xB3].contains(last.value) || (0x2070...0x2079).contains(last.value) || "*†‡#△▲".unicodeScalars.contains(last),
      rest.count > 1
    {
      rest = rest.dropLast()
      continue
    }
    if let mark = rest.firstMatch(of: /(\[\d{1,2}\]|[(（]?注\d{0,2}[)）]?|〔\d{1,2}〕)$/), mark.range.lowerBound > rest.startIndex {
      rest = rest[..<mark.range.lowerBound]
      continue
    }
    break
  }
  var start = rest
  while let first = start.first, "#*".contains(first), start.count > 1 { start = start.dropFirst() }
  return start.trimmingCharacters(in: .whitespaces)
}

private func withoutQualifier(_ text: String) -> String {
  var rest = text
  for word in ["大约", "约为", "超过", "突破", "不足", "将近", "约", "超", "近", "逾", "≈", "~", "≥", ">"] where rest.hasPrefix(word) {
    rest = String(rest.dropFirst(word.count)).trimmingCharacters(in: .whitespaces)
    break
  }
  for word in ["左右", "以上", "余", "多"] where rest.hasSuffix(word) { rest = String(rest.dropLast(word.count)) }
  if let found = rest.firstMatch(of: /[余多](?=[万亿人家件项元])/) { rest.removeSubrange(found.range) }
  return rest
}

private func strippedUnit(_ text: String) -> (rest: String, unit: String) {
  for unit in ["人次", "人年", "平方公里", "人", "家", "件", "项", "元", "个", "所", "门", "%"] where text.hasSuffix(unit) {
    let rest = String(text.dropLast(unit.count)).trimmingCharacters(in: .whitespaces)
    if !rest.isEmpty { return (rest, unit) }
  }
  return (text, "")
}

private func magnitude(_ text: String) -> (rest: String, factor: Double, word: String)? {
  for (word, factor) in [
    ("万亿", 1e12), ("千亿", 1e11), ("百亿", 1e10), ("十亿", 1e9), ("亿", 1e8), ("千万", 1e7), ("百万", 1e6), ("十万", 1e5), ("万", 1e4), ("千", 1e3), ("百", 1e2),
  ]
  where text.hasSuffix(word) {
    let rest = String(text.dropLast(word.count)).trimmingCharacters(in: .whitespaces)
    if let last = rest.last, last.isASCII, last.isNumber || last == ")" { return (rest, factor, word) }
  }
  return nil
}

/// The decimal text moved by a power of ten, so that 3.4396万 is 34396 and not 34395.999….
private func scaled(_ number: Double, _ text: String, by factor: Double) -> Double {
  guard factor > 1 else { return number }
  var exponent = 0
  var rest = factor
  while rest >= 10 {
    rest /= 10
    exponent += 1
  }
  return text.lowercased().contains("e") ? number * factor : Double("\(text)e\(exponent)") ?? number * factor
}

private func accountingSign(_ text: String) -> (rest: String, negative: Bool)? {
  guard text.hasPrefix("("), text.hasSuffix(")"), text.count > 2 else { return nil }
  let inner = String(text.dropFirst().dropLast())
  return inner.contains(where: \.isNumber) ? (inner, true) : nil
}

/// 1,234,567 and 1 234 567; nil when the groups are not of three digits.
private func withoutSeparators(_ text: String) -> String? {
  guard text.wholeMatch(of: /[+-]?\d{1,3}([, '’]\d{3})+(\.\d+)?/) != nil else { return nil }
  return text.filter { $0.isNumber || ".+-".contains($0) }
}

/// 三千五百万, 十二, 二百零三: nil when the text is anything else.
private func chineseNumeral(_ text: String) -> Int? {
  let digits: [Character: Int] = [
    "零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
  ]
  let places: [Character: Int] = ["十": 10, "百": 100, "千": 1_000]
  guard !text.isEmpty, text.count <= 16 else { return nil }
  var (total, section, digit) = (0, 0, 0)
  for character in text {
    if let value = digits[character] {
      digit = digit == 0 ? value : digit * 10 + value
    } else if let place = places[character] {
      section += max(digit, section == 0 && digit == 0 ? 1 : digit) * place
      digit = 0
    } else if character == "万" || character == "亿" {
      let place = character == "万" ? 10_000 : 100_000_000
      guard section + digit > 0 || total > 0 else { return nil }
      total = section + digit > 0 ? total + (section + digit) * place : total * place
      (section, digit) = (0, 0)
    } else {
      return nil
    }
    guard total < 1 << 53, section < 1 << 40, digit < 1 << 40 else { return nil }
  }
  return total + section + digit
}
