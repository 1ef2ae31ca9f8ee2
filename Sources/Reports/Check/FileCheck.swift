import Messages

/// Compares a written file with what the input makes today: a number changed by hand, or results that
/// moved after the report was built, show as lines that differ (at most ten are listed).
public func checkWritten(_ text: String, against made: ReportFile, file: String) -> [Problem] {
  let twice = text.hasPrefix("<!DOCTYPE html>") ? repeatedIDs(text, file: file) : []
  guard text != made.text else { return twice }
  let old = text.split(separator: "\n", omittingEmptySubsequences: false)
  let new = made.text.split(separator: "\n", omittingEmptySubsequences: false)
  var problems = twice
  for i in 0..<max(old.count, new.count) {
    let (a, b) = (i < old.count ? old[i] : "", i < new.count ? new[i] : "")
    if a == b { continue }
    if problems.count == twice.count + 10 {
      problems.append(
        Problem("report.stale", file: file, message: Bilingual(zh: "还有其他不同的行。", en: "More lines differ.")))
      break
    }
    let column = zip(a, b).prefix { $0 == $1 }.count
    problems.append(
      Problem(
        "report.stale", file: file, line: i + 1, column: column + 1,
        message: Bilingual(
          zh: "与结果不符：文件为“\(excerpt(a, column))”，由结果得到“\(excerpt(b, column))”。",
          en: "Differs from the results: the file has \"\(excerpt(a, column))\", the results give \"\(excerpt(b, column))\"."),
        hint: Bilingual(zh: "重新运行 report build，或恢复被改动的文件。", en: "Run report build again, or restore the edited file.")))
  }
  return problems
}

/// Ids that a page gives to more than one element: links and drawings take the first of them for every one.
func repeatedIDs(_ html: String, file: String) -> [Problem] {
  var counts: [Substring: Int] = [:]
  for part in html.split(separator: " id=\"").dropFirst() { counts[part.prefix { $0 != "\"" }, default: 0] += 1 }
  let repeated = counts.filter { $0.value > 1 }.keys.sorted()
  guard let first = repeated.first else { return [] }
  return [
    Problem(
      "report.duplicate-id", file: file,
      message: Bilingual(
        zh: "网页中有 \(repeated.count) 个 id 出现不止一次，如“\(first)”。", en: "\(repeated.count) ids of the page occur more than once, such as \"\(first)\"."),
      hint: Bilingual(zh: "内嵌的图会因此画错：重新生成报告。", en: "Inlined pictures are drawn wrong for it: build the report again."))
  ]
}

private func excerpt(_ line: Substring, _ column: Int) -> String {
  let start = max(0, column - 12)
  let part = line.dropFirst(start).prefix(48)
  return (start > 0 ? "…" : "") + part + (line.count > start + 48 ? "…" : "")
}
