import Foundation
import Messages

/// The text of a YAML file.
///
/// - Throws: `ProblemReport`: `.missingInput` when there is no such file, `.badConfiguration` when its bytes
///   are no UTF-8, with the first byte that is not.
func specText(_ file: String, missing: Bilingual) throws(ProblemReport) -> String {
  guard let data = FileManager.default.contents(atPath: file) else {
    throw ProblemReport(.missingInput, [Problem("file.missing", file: file, message: missing)])
  }
  guard let text = String(validating: data, as: UTF8.self) else {
    let repaired = String(decoding: data, as: UTF8.self)
    let good = repaired.unicodeScalars.prefix { $0 != "\u{FFFD}" }
    let place = textPlace(of: good)
    throw ProblemReport(
      .badConfiguration,
      [
        Problem(
          "yaml.not-utf8", file: file, line: place.line, column: place.column,
          message: Bilingual(zh: "文件不是 UTF-8 编码", en: "the file is not UTF-8"),
          hint: Bilingual(zh: "另存为 UTF-8（记事本、WPS 均可选）", en: "save it as UTF-8"))
      ])
  }
  return text
}

/// A number as it is told to a reader: whole numbers without a decimal point.
func plain(_ value: Double) -> String {
  value == value.rounded() && abs(value) < 1e15 ? String(Int64(value)) : "\(value)"
}

/// Where a text continues after `before`: 1-based line and column in characters.
func textPlace(of before: some Sequence<Unicode.Scalar>) -> (line: Int, column: Int) {
  var (line, column) = (1, 1)
  var previous: Unicode.Scalar?
  for scalar in before {
    defer { previous = scalar }
    if scalar == "\n" || scalar == "\r" {
      if !(scalar == "\n" && previous == "\r") { line += 1 }
      column = 1
    } else {
      column += 1
    }
  }
  return (line, column)
}

/// What a YAML parser complains of, in both languages; its own words where it says something rare.
func syntaxProblem(_ words: String) -> Bilingual {
  let chinese: [String: String] = [
    "block sequence entries are not allowed in this context": "此处不能写列表项“- ”",
    "control characters are not allowed": "含有控制字符",
    "could not find expected ':'": "缺少冒号“:”",
    "did not find expected ',' or ']'": "列表 [ ] 中缺少逗号或右方括号",
    "did not find expected ',' or '}'": "映射 { } 中缺少逗号或右花括号",
    "did not find expected '-' indicator": "缺少列表项的“- ”，或缩进不一致",
    "did not find expected <document start>": "文档在此处应已结束",
    "did not find expected key": "此处应为键，或缩进不一致",
    "did not find expected node content": "此处缺少值",
    "but found another document": "一个文件只能有一个文档（“---”之后又有一个）",
    "did not find expected alphabetic or numeric character": "锚点或别名的名称应为字母或数字",
    "did not find expected comment or line break": "此处应换行或写注释",
    "did not find expected whitespace or line break": "此处应有空格或换行",
    "found a tab character that violates indentation": "缩进中有制表符",
    "found a tab character where an indentation space is expected": "缩进中有制表符",
    "found character that cannot start any token": "此处的字符不能作为开头（制表符、@、` 等）",
    "found duplicate %YAML directive": "%YAML 指令重复",
    "found incompatible YAML document": "YAML 版本不支持",
    "found undefined alias": "别名没有对应的锚点",
    "found undefined tag handle": "标签前缀未定义",
    "found unexpected ':'": "此处不应有冒号",
    "found unexpected document indicator": "引号未关闭就遇到文档分隔符",
    "found unexpected end of stream": "文件结束时引号或括号仍未关闭",
    "found unknown escape character": "双引号中有不认识的转义符",
    "invalid Unicode character": "含有无效的 Unicode 字符",
    "mapping keys are not allowed in this context": "此处不能写键",
    "mapping values are not allowed in this context": "此处不能再写“键: 值”",
  ]
  return Bilingual(zh: chinese[words] ?? "解析器报告“\(words)”", en: words)
}
