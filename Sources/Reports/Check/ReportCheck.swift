import Dimensions
import Messages

/// Every fault of a document against the input it claims to be made from.
///
/// The rules are those of the report itself: numbers come from cells, forecasts carry intervals and
/// their scenario, verbs follow the evidence, totals are sums, captions count, pictures have words.
public func checkReport(_ document: Document, against input: ReportInput) -> [Problem] {
  let checker = ReportChecker(document: document, cube: Cube(input))
  return checker.structure() + checker.prose() + checker.tables() + checker.figures() + checker.contradictions() + checker.ranks()
}

struct ReportChecker {
  let document: Document
  let cube: Cube

  func fault(_ code: String, _ path: String, zh: String, en: String) -> Problem {
    Problem("report.\(code)", path: path, message: Bilingual(zh: zh, en: en))
  }

  // MARK: Numbers

  /// The value that the fact's origin has in the input; nil when the origin does not exist.
  private func recomputed(_ fact: Fact) -> Double? {
    switch fact.origin {
    case .cell(let key): return cube.cell(key)?.value
    case .input(let path): return cube.value(at: path)
    case .derived(let formula, let parts):
      let values = parts.compactMap(recomputed)
      return values.count == parts.count ? formula.value(values) : nil
    }
  }

  /// Wrong, unknown, or badly banded numbers. `path`: where it is printed.
  func faults(of fact: Fact, at path: String) -> [Problem] {
    guard let expected = recomputed(fact) else {
      return [
        fault(
          "unknown-origin", path, zh: "数字的出处不存在：\(fact.reference)。",
          en: "The number's origin does not exist: \(fact.reference).")
      ]
    }
    var found = faults(ofCentre: fact, at: path)
    if abs(expected - fact.value) > 1e-9 * max(abs(expected), 1) {
      found.append(
        fault(
          "wrong-number", path, zh: "数字为 \(fact.value)，出处 \(fact.reference) 为 \(expected)。",
          en: "The number is \(fact.value); its origin \(fact.reference) has \(expected)."))
    }
    if case .cell(let key) = fact.origin, let cell = cube.cell(key), let low = fact.low, let high = fact.high {
      let bands = [(cell.p10, cell.p90), (cell.p025, cell.p975)]
      if !bands.contains(where: { $0.0 == low && $0.1 == high }) {
        found.append(
          fault(
            "wrong-interval", path, zh: "区间与 \(fact.reference) 的分位数不符。",
            en: "The interval is not that of \(fact.reference)."))
      }
    }
    if let low = fact.low, let high = fact.high, low > high {
      found.append(fault("reversed-interval", path, zh: "区间上下限颠倒。", en: "The interval's ends are swapped."))
    }
    if case .derived(let formula, let parts) = fact.origin, formula != .count {
      let concepts = Set(parts.map(\.concept)).subtracting([""])
      if concepts.count > 1 {
        found.append(
          fault(
            "mixed-concepts", path, zh: "混用口径：\(concepts.sorted().joined(separator: "、"))。",
            en: "Different concepts are combined: \(concepts.sorted().joined(separator: ", "))."))
      }
    }
    return found
  }

  /// A rate printed as a difference, a difference of rates printed as a rate, a probability out of range.
  func faults(of fact: Fact, printedAs format: NumberFormat, at path: String) -> [Problem] {
    var found: [Problem] = []
    let isRateDifference: Bool =
      if case .derived(.difference, let parts) = fact.origin { parts.allSatisfy(isRate) } else { false }
    if isRateDifference, format.isRate {
      found.append(
        fault(
          "percent-for-points", path, zh: "两个比率之差应写“百分点”，不写“%”。",
          en: "A difference of two rates is in percentage points, not percent."))
    }
    if format.isPoints, !isRateDifference {
      found.append(
        fault(
          "points-for-percent", path, zh: "“百分点”只用于两个比率之差。",
          en: "Percentage points are for differences of two rates."))
    }
    if format == .probability || format == .tableProbability, !(0...1).contains(fact.value) {
      found.append(
        fault("probability-range", path, zh: "概率 \(fact.value) 不在 0 与 1 之间。", en: "Probability \(fact.value) is outside 0...1."))
    }
    return found
  }

  private func isRate(_ fact: Fact) -> Bool {
    switch fact.origin {
    case .derived(.ratio, _), .derived(.growth, _), .derived(.annualGrowth, _): true
    case .input(let path):
      ["coverage80", "coverage95", "medianAPE", "naiveMedianAPE", "requiredPace", "realisedPace", "probability"]
        .contains { path.hasSuffix($0) }
    case .cell(let key): key.measure == .adequacy || key.measure == .shortageProbability
    default: false
    }
  }

  // MARK: Structure

  func structure() -> [Problem] {
    var found: [Problem] = []
    found += repeated(document.chapters.map(\.anchor) + document.tables.map(\.anchor) + document.figures.map(\.anchor))
      .map { fault("duplicate-anchor", $0, zh: "锚点重复：\($0)。", en: "The anchor \($0) occurs twice.") }
    found += repeated(document.sentences.map(\.id))
      .map { fault("duplicate-sentence", $0, zh: "句子编号重复：\($0)。", en: "The sentence id \($0) occurs twice.") }
    let renumbered = document.numbered()
    for (printed, right) in zip(document.tables, renumbered.tables) where printed.number != right.number {
      found.append(
        fault(
          "caption-number", printed.anchor, zh: "表号为“\(printed.number)”，按顺序应为“\(right.number)”。",
          en: "The table is numbered \"\(printed.number)\"; in order it is \"\(right.number)\"."))
    }
    for (printed, right) in zip(document.figures, renumbered.figures) where printed.number != right.number {
      found.append(
        fault(
          "caption-number", printed.anchor, zh: "图号为“\(printed.number)”，按顺序应为“\(right.number)”。",
          en: "The figure is numbered \"\(printed.number)\"; in order it is \"\(right.number)\"."))
    }
    for chapter in document.chapters {
      if chapter.title.zh.isEmpty || chapter.title.en.isEmpty {
        found.append(fault("missing-language", chapter.anchor, zh: "章标题缺一种语言。", en: "A chapter title lacks a language."))
      }
      if chapter.blocks.isEmpty {
        found.append(fault("empty-chapter", chapter.anchor, zh: "章内没有内容。", en: "The chapter is empty."))
      }
    }
    if !document.sentences.contains(where: { plain($0, .zh).contains("非法定统计") }) {
      found.append(
        fault("no-standing", "document", zh: "正文没有“研究成果，非法定统计数据”的说明。", en: "The text nowhere says that this is no official statistic."))
    }
    return found
  }

  private func repeated(_ all: [String]) -> [String] {
    var seen: Set<String> = []
    return all.filter { !seen.insert($0).inserted }
  }

  func plain(_ sentence: Sentence, _ language: Language) -> String {
    Page(document: document, language: language, sources: []).plain(sentence[language])
  }

  // MARK: Figures

  func figures() -> [Problem] {
    var found: [Problem] = []
    for figure in document.figures {
      let path = figure.anchor
      if figure.alternative.zh.isEmpty || figure.alternative.en.isEmpty {
        found.append(fault("no-alternative", path, zh: "图没有替代文字。", en: "The figure has no alternative text."))
      }
      if figure.title.zh.isEmpty || figure.title.en.isEmpty {
        found.append(fault("missing-language", path, zh: "图题缺一种语言。", en: "The figure's title lacks a language."))
      }
      for (_, _, fact) in figure.data { found += faults(of: fact, at: path) }
      if case .picture(let zh, let en) = figure.content, !zh.contains("<svg") || !en.contains("<svg") {
        found.append(fault("no-picture", path, zh: "图是空的或不是 SVG。", en: "The picture is empty or no SVG."))
      }
    }
    return found
  }
}

extension Cube {
  /// A number of the input, or of the counts that the report itself prints.
  func value(at path: String) -> Double? {
    let parts = path.split(separator: "/").map(String.init)
    if parts.count == 3, parts[0] == "grades" {
      return Double(
        input.cells.count {
          $0.scenario == edition.scenario && $0.measure.rawValue == parts[1] && $0.evidence.rawValue == parts[2]
        })
    }
    return input.value(at: path)
  }
}

extension Figure {
  /// The data behind the figure: series, label, fact.
  var data: [(series: Bilingual, label: Bilingual, fact: Fact)] {
    let none = Bilingual(zh: "", en: "")
    switch content {
    case .fan(let chart):
      let lines = chart.series.flatMap { one in one.points.map { (one.name, year($0), $0) } }
      let outcome = Bilingual(zh: "实际", en: "outcome")
      return lines + chart.outcomes.map { (outcome, year($0), $0) }
    case .ranking(let chart): return chart.rows.map { (none, $0.name, $0.fact) }
    case .waterfall(let chart): return chart.steps.map { (none, $0.name, $0.fact) }
    case .bullets(let chart):
      return chart.rows.flatMap { row in
        [
          (Bilingual(zh: "目标", en: "target"), row.name, row.target as Fact?),
          (Bilingual(zh: "基期", en: "baseline"), row.name, row.baseline),
          (Bilingual(zh: "最新值", en: "latest"), row.name, row.latest),
          (Bilingual(zh: "预测", en: "forecast"), row.name, row.forecast),
        ].compactMap { series, name, fact in fact.map { (series, name, $0) } }
      }
    case .bars(let chart):
      return chart.rows.flatMap { row in
        zip(chart.seriesNames, row.facts).map { ($0, row.name, $1) }
      }
    case .tornado(let chart):
      let (low, high) = (Bilingual(zh: "杠杆取低值", en: "lever low"), Bilingual(zh: "杠杆取高值", en: "lever high"))
      return [(Bilingual(zh: "本情景", en: "this scenario"), none, chart.central)]
        + chart.rows.flatMap { [(low, $0.name, $0.atLow), (high, $0.name, $0.atHigh)] }
    case .picture: return []
    }
  }

  private func year(_ fact: Fact) -> Bilingual {
    let text = fact.year.map { "\($0)" } ?? ""
    return Bilingual(zh: text, en: text)
  }
}
