import Dimensions
import Messages

/// Collects problems while a tree is turned into values: reading never stops at the first.
final class SpecReading {
  let file: String
  private(set) var problems: [Problem] = []
  init(file: String) { self.file = file }

  func report(
    _ code: String, at node: SpecNode, path: String? = nil, _ message: Bilingual, hint: Bilingual? = nil
  ) {
    problems.append(
      Problem(
        code, file: file, line: node.line, column: node.column, path: path ?? node.path, message: message,
        hint: hint))
  }

  func report(unknown key: String, line: Int, column: Int, path: String, known: [String]) {
    let near = nearest(key, among: known)
    let merge = Bilingual(zh: "不支持合并键，请逐一写出", en: "merge keys are not supported: write the keys out")
    problems.append(
      Problem(
        "spec.unknown-key", file: file, line: line, column: column, path: path,
        message: Bilingual(zh: "未知的键“\(key)”", en: "unknown key '\(key)'"),
        hint: key == "<<"
          ? merge
          : near.map { Bilingual(zh: "您是否想写：\($0)", en: "did you mean: \($0)") }
            ?? Bilingual(
              zh: "可用的键：\(known.joined(separator: "、"))", en: "known keys: \(known.joined(separator: ", "))")))
  }

  var inOrder: [Problem] { problems.sorted { ($0.line ?? 0, $0.column ?? 0) < ($1.line ?? 0, $1.column ?? 0) } }

  func finish() throws(ProblemReport) {
    guard problems.isEmpty else { throw ProblemReport(.badConfiguration, inOrder) }
  }
}

/// The fields of one mapping. Every key that is asked for is known; `close` reports the others.
final class SpecFields {
  let node: SpecNode
  let reading: SpecReading
  let entries: [(key: String, line: Int, column: Int, value: SpecNode)]
  private var asked: [String] = []

  init(_ node: SpecNode, _ reading: SpecReading) {
    self.node = node
    self.reading = reading
    if case .mapping(let entries) = node.content {
      self.entries = entries
    } else {
      entries = []
      reading.report(
        "spec.type", at: node,
        Bilingual(zh: "这里应为“键: 值”的映射", en: "a mapping of keys to values is expected here"),
        hint: Bilingual(zh: "键后写半角冒号和一个空格，如 id: x", en: "write a colon and a space after the key, as in id: x"))
    }
  }

  var keys: [String] { entries.map(\.key) }

  func optional(_ key: String) -> SpecNode? {
    if !asked.contains(key) { asked.append(key) }
    return entries.first { $0.key == key }?.value
  }

  func required(_ key: String) -> SpecNode? {
    if let found = optional(key) { return found }
    if case .mapping = node.content {
      reading.report(
        "spec.missing-key", at: node, path: node.path.isEmpty ? key : "\(node.path).\(key)",
        Bilingual(zh: "缺少键“\(key)”", en: "the key '\(key)' is missing"))
    }
    return nil
  }

  func text(_ key: String) -> String { required(key).map(reading.text) ?? "" }
  func optionalText(_ key: String) -> String? { optional(key).map(reading.text) }
  func fields(_ key: String) -> SpecFields? { required(key).map { SpecFields($0, reading) } }
  func list(_ key: String) -> [SpecNode] { required(key).map(reading.items) ?? [] }
  func texts(_ key: String) -> [String] { list(key).map(reading.text) }
  func bilingual(_ key: String) -> Bilingual { required(key).map(reading.bilingual) ?? Bilingual(zh: "", en: "") }

  func number(_ key: String, in range: ClosedRange<Double>) -> Double {
    required(key).map { reading.number($0, in: range) } ?? range.lowerBound
  }

  func integer(_ key: String, in range: ClosedRange<Int>) -> Int {
    required(key).map { reading.integer($0, in: range) } ?? range.lowerBound
  }

  /// Reports a file of another kind or version than `known`.
  func schema(_ known: String) {
    guard let node = required("schema") else { return }
    let found = reading.text(node)
    guard !found.isEmpty, found != known else { return }
    reading.report(
      "spec.schema", at: node, Bilingual(zh: "不认识的格式“\(found)”", en: "unknown schema '\(found)'"),
      hint: Bilingual(zh: "本版本读取 \(known)", en: "this version reads \(known)"))
  }

  /// Reports every key that nobody asked for.
  func close() {
    for entry in entries where !asked.contains(entry.key) {
      reading.report(
        unknown: entry.key, line: entry.line, column: entry.column,
        path: node.path.isEmpty ? entry.key : "\(node.path).\(entry.key)", known: asked)
    }
  }
}

extension SpecReading {
  func items(_ node: SpecNode) -> [SpecNode] {
    if case .sequence(let items) = node.content { return items }
    report("spec.type", at: node, Bilingual(zh: "这里应为列表", en: "a list is expected here"))
    return []
  }

  func text(_ node: SpecNode) -> String {
    if case .scalar(let text, _) = node.content, !text.isEmpty { return text }
    report("spec.type", at: node, Bilingual(zh: "这里应为文字", en: "text is expected here"))
    return ""
  }

  func number(_ node: SpecNode, in range: ClosedRange<Double>) -> Double {
    guard case .scalar(let text, true) = node.content, let value = specNumber(text) else {
      let (found, quoted) =
        if case .scalar(let text, let plain) = node.content { (text, !plain && specNumber(text) != nil) } else { ("…", false) }
      report(
        "spec.not-a-number", at: node,
        Bilingual(zh: "这里应为数字，而不是“\(found)”", en: "a number is expected here, not '\(found)'"),
        hint: quoted
          ? Bilingual(zh: "数字不加引号", en: "write the number without quotes")
          : Bilingual(zh: "可写 0.12、12%、1.2万、3亿", en: "write 0.12, 12%, 1.2万 (10⁴) or 3亿 (10⁸)"))
      return range.lowerBound
    }
    guard range.contains(value) else {
      report(
        "spec.out-of-range", at: node,
        Bilingual(
          zh: "\(plain(value)) 超出允许范围 \(plain(range.lowerBound))～\(plain(range.upperBound))",
          en: "\(plain(value)) is outside \(plain(range.lowerBound))...\(plain(range.upperBound))"))
      return range.lowerBound
    }
    return value
  }

  func integer(_ node: SpecNode, in range: ClosedRange<Int>) -> Int {
    let value = number(node, in: Double(range.lowerBound)...Double(range.upperBound))
    if value != value.rounded() {
      report("spec.type", at: node, Bilingual(zh: "这里应为整数", en: "a whole number is expected here"))
    }
    return Int(value)
  }

  func bilingual(_ node: SpecNode) -> Bilingual {
    if case .scalar(let text, _) = node.content { return Bilingual(zh: text, en: text) }
    let fields = SpecFields(node, self)
    defer { fields.close() }
    return Bilingual(zh: fields.text("zh"), en: fields.text("en"))
  }

  func evidence(_ node: SpecNode) -> Evidence {
    let letter = text(node)
    if let grade = Evidence(rawValue: letter) { return grade }
    report(
      "spec.value", at: node,
      Bilingual(zh: "证据等级应为 A、B、C 或 D，而不是“\(letter)”", en: "an evidence grade is A, B, C or D, not '\(letter)'"))
    return .assumed
  }
}

/// A number as analysts write it: `0.12`, `12%`, `1.2万`, `3亿`; nil when the text is no finite number.
package func specNumber(_ text: String) -> Double? {
  var digits = text.filter { $0 != "_" }
  var factor = 1.0
  for (suffix, value) in [("%", 0.01), ("万", 1e4), ("亿", 1e8)] where digits.hasSuffix(suffix) {
    digits.removeLast()
    factor = value
    break
  }
  guard let value = Double(digits.trimmingSuffix()), value.isFinite, !digits.lowercased().hasPrefix("0x") else {
    return nil
  }
  // 12% is 0.12 exactly as written, not 12 × 0.01.
  return factor == 0.01 ? value / 100 : value * factor
}

extension String {
  fileprivate func trimmingSuffix() -> String {
    var text = self
    while text.last == " " { text.removeLast() }
    return text
  }
}
