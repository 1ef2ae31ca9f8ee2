import Messages
import Yams

/// A YAML value that remembers where it stands, so that every complaint about it can be precise.
public struct SpecNode: Sendable {
  /// What stands at a place of the file.
  public enum Content: Sendable {
    /// `plain` is false for quoted text, which is never read as a number.
    case scalar(String, plain: Bool)
    case sequence([SpecNode])
    case mapping([(key: String, line: Int, column: Int, value: SpecNode)])
  }

  public let content: Content
  /// 1-based.
  public let line: Int
  /// 1-based.
  public let column: Int
  /// Keys and indices from the root, e.g. `supply.transfer_out.low`.
  public let path: String

  /// Whether nothing stands here, or YAML's word for nothing.
  var isNull: Bool {
    if case .scalar(let text, true) = content { ["", "~", "null", "Null", "NULL"].contains(text) } else { false }
  }
}

/// Where something is written, for what is found wrong with it only when data are at hand.
public struct SpecPlace: Sendable, Hashable {
  public let file: String
  public let line: Int
  public let column: Int

  init(file: String, _ node: SpecNode) { (self.file, line, column) = (file, node.line, node.column) }
}

extension SpecNode {
  /// The value of a key of a mapping; nil where there is none.
  subscript(key: String) -> SpecNode? {
    guard case .mapping(let entries) = content else { return nil }
    return entries.first { $0.key == key }?.value
  }

  /// The values of a list; none where it is no list.
  var elements: [SpecNode] { if case .sequence(let all) = content { all } else { [] } }
}

/// What a YAML file may not exceed: a model is written by people, not by machines.
enum SpecLimits {
  static let bytes = 1_000_000
  static let depth = 64
  static let nodes = 200_000
  static let aliases = 100
}

/// Parses YAML into a tree with positions.
///
/// - Throws: `ProblemReport(.badConfiguration)` for broken syntax, duplicate keys, several documents,
///   and for files beyond the limits (size, depth, aliases), each with its position.
public func parseSpec(_ text: String, file: String) throws(ProblemReport) -> SpecNode {
  func fail(_ code: String, _ line: Int?, _ column: Int?, _ message: Bilingual, _ hint: Bilingual? = nil)
    -> ProblemReport
  {
    ProblemReport(
      .badConfiguration,
      [Problem(code, file: file, line: line, column: column, message: message, hint: hint)])
  }
  if let excess = SpecExcess(text) {
    throw fail(
      "yaml.too-large", excess.line, excess.column,
      Bilingual(zh: "文件超出上限：\(excess.what.zh)", en: "the file exceeds a limit: \(excess.what.en)"),
      Bilingual(zh: "把值逐一写出，或拆成几个文件", en: "write the values out, or split the file"))
  }
  let root: Node?
  do {
    root = try Yams.compose(yaml: text.first == "\u{FEFF}" ? String(text.dropFirst()) : text)
  } catch let error as YamlError {
    let place = error.place
    if let key = place.duplicateKey {
      throw fail(
        "yaml.duplicate-key", place.line, place.column,
        Bilingual(zh: "键“\(key)”重复", en: "key '\(key)' appears twice"),
        Bilingual(zh: "合并为一处：同一层中每个键只能出现一次", en: "merge them: a key stands once in its mapping"))
    }
    let tab = startsWithTab(text, line: place.line)
    let words = syntaxProblem(tab ? "found a tab character that violates indentation" : place.problem)
    throw fail(
      "yaml.syntax", place.line, place.column,
      Bilingual(zh: "YAML 语法错误：\(words.zh)", en: "YAML syntax error: \(words.en)"),
      tab
        ? Bilingual(zh: "缩进请用空格", en: "indent with spaces")
        : Bilingual(zh: "检查缩进、冒号后的空格和引号", en: "check the indentation, the space after colons, and quotes"))
  } catch {
    throw fail("yaml.syntax", nil, nil, Bilingual(zh: "无法读取 YAML：\(error)", en: "cannot read the YAML: \(error)"))
  }
  guard let root else {
    throw fail("yaml.empty", 1, 1, Bilingual(zh: "文件是空的", en: "the file is empty"))
  }
  var count = 0
  var problems: [Problem] = []
  let node = positioned(root, path: "", depth: 0, file: file, count: &count, problems: &problems)
  guard problems.isEmpty else { throw ProblemReport(.badConfiguration, problems) }
  return node
}

private func positioned(
  _ node: Node, path: String, depth: Int, file: String, count: inout Int, problems: inout [Problem]
) -> SpecNode {
  let mark = node.mark
  let (line, column) = (mark?.line ?? 1, mark?.column ?? 1)
  count += 1
  guard depth < SpecLimits.depth, count < SpecLimits.nodes else {
    if problems.isEmpty {
      problems.append(
        Problem(
          "yaml.too-large", file: file, line: line, column: column,
          message: Bilingual(zh: "文件展开后过大或嵌套过深", en: "the file expands to too many or too deep values")))
    }
    return SpecNode(content: .scalar("", plain: true), line: line, column: column, path: path)
  }
  func child(_ node: Node, _ name: String) -> SpecNode {
    positioned(
      node, path: path.isEmpty ? name : "\(path).\(name)", depth: depth + 1, file: file, count: &count,
      problems: &problems)
  }
  switch node {
  case .scalar(let scalar):
    let plain = scalar.style == .plain || scalar.style == .any
    return SpecNode(content: .scalar(scalar.string, plain: plain), line: line, column: column, path: path)
  case .sequence(let sequence):
    return SpecNode(
      content: .sequence(sequence.enumerated().map { child($0.element, "\($0.offset)") }), line: line,
      column: column, path: path)
  case .mapping(let mapping):
    var entries: [(key: String, line: Int, column: Int, value: SpecNode)] = []
    for (key, value) in mapping {
      guard case .scalar(let name) = key else {
        problems.append(
          Problem(
            "yaml.key", file: file, line: key.mark?.line, column: key.mark?.column, path: path,
            message: Bilingual(zh: "键必须是文字", en: "a key must be text")))
        continue
      }
      entries.append((name.string, name.mark?.line ?? line, name.mark?.column ?? column, child(value, name.string)))
    }
    return SpecNode(content: .mapping(entries), line: line, column: column, path: path)
  case .alias:
    problems.append(
      Problem(
        "yaml.alias", file: file, line: line, column: column, path: path,
        message: Bilingual(zh: "引用了未定义的锚点", en: "the alias names no anchor")))
    return SpecNode(content: .scalar("", plain: true), line: line, column: column, path: path)
  }
}

/// Whether the indentation of a line holds a tab.
private func startsWithTab(_ text: String, line: Int?) -> Bool {
  guard let line else { return false }
  let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
  guard lines.indices.contains(line - 1) else { return false }
  return lines[line - 1].prefix { $0 == " " || $0 == "\t" }.contains("\t")
}

/// A byte that no YAML text may hold; the parser counts bytes up to it.
private func readerPlace(
  _ problem: String, _ offset: Int?, _ yaml: String
) -> (line: Int?, column: Int?, problem: String, duplicateKey: String?) {
  guard let offset else { return (nil, nil, problem, nil) }
  let place = textPlace(of: String(decoding: yaml.utf8.prefix(offset), as: UTF8.self).unicodeScalars)
  return (place.line, place.column, problem, nil)
}

extension YamlError {
  fileprivate var place: (line: Int?, column: Int?, problem: String, duplicateKey: String?) {
    switch self {
    case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
      .composer(_, let problem, let mark, _):
      (mark.line, mark.column, problem, nil)
    case .duplicatedKeysInMapping(let duplicates, let context):
      (context.mark.line, context.mark.column, "", duplicates.sorted().joined(separator: ", "))
    case .reader(let problem, let offset, _, let yaml): readerPlace(problem, offset, yaml)
    default: (nil, nil, "\(self)", nil)
    }
  }
}
