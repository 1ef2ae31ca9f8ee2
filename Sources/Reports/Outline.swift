import Messages

/// A report in the making: chapters as they are written, and what could not be written.
struct Outline {
  private(set) var chapters: [Chapter] = []
  private(set) var unavailable: [UnavailableTable] = []

  /// Adds a chapter that has something to show.
  mutating func add(_ chapter: Chapter) {
    let speaks = chapter.blocks.contains {
      if case .section = $0 { false } else { true }
    }
    if speaks { chapters.append(chapter) }
  }

  mutating func missing(_ title: Bilingual, _ wouldFill: Bilingual) {
    unavailable.append(UnavailableTable(title: title, wouldFill: wouldFill))
  }
}

/// Blocks of a chapter; what is nil is left out.
struct Blocks {
  private(set) var all: [Block] = []

  mutating func section(_ title: Bilingual, _ anchor: String) {
    all.append(.section(title: title, anchor: anchor))
  }

  mutating func say(_ sentences: Sentence?...) {
    let said = sentences.compactMap { $0 }
    if !said.isEmpty { all.append(.paragraph(Paragraph(said))) }
  }

  mutating func text(_ id: String, _ text: Bilingual) { all.append(.paragraph(Paragraph(id, text))) }

  mutating func box(_ title: Bilingual, _ id: String, _ text: Bilingual) {
    all.append(.box(title: title, [Paragraph(id, text)]))
  }

  mutating func list(_ items: [Paragraph]) {
    if !items.isEmpty { all.append(.list(items)) }
  }

  mutating func table(_ table: StatTable?) {
    if let table, !table.rows.isEmpty { all.append(.table(table)) }
  }

  mutating func figure(_ figure: Figure?) {
    if let figure { all.append(.figure(figure)) }
  }

  var isEmpty: Bool { all.isEmpty }
}

extension StatCell {
  /// A number cell, or the missing sign.
  static func number(_ fact: Fact?, _ format: NumberFormat = .tablePersons) -> StatCell {
    guard let fact else { return .missing }
    return fact.value.isFinite ? StatCell.number(fact, format) : .suppressed
  }

  static func interval(_ fact: Fact?, _ format: NumberFormat = .tablePersons) -> StatCell {
    guard let fact else { return .missing }
    if !fact.value.isFinite { return .suppressed }
    return fact.interval == nil ? .notApplicable : .interval(fact, format)
  }

  static func grade(worst facts: [Fact?]) -> StatCell {
    let grades = facts.compactMap { $0?.evidence }
    return grades.isEmpty ? .missing : .grade(.worst(grades))
  }
}

extension Bilingual {
  static let persons = Bilingual(zh: "人", en: "persons")
  static let gradeHead = Bilingual(zh: "证据等级", en: "Grade")
  static let region = Bilingual(zh: "地区", en: "Region")
  static let interval80 = Bilingual(zh: "80%区间", en: "80% interval")

  static func year(_ year: Int, _ edition: Edition) -> Bilingual {
    year > edition.referenceYear
      ? Bilingual(zh: "\(year)年（预计）", en: "\(year) (projected)")
      : Bilingual(zh: "\(year)年", en: "\(year)")
  }

  static let standingGapNote = Bilingual(
    zh: "缺口＝需求－供给，正值为短缺，负值为富余。", en: "Gap = demand − supply; positive is a shortage.")
  static let mean = Bilingual(zh: "均值", en: "Mean")
  /// Why the columns agree.
  static let meanNote = Bilingual(
    zh: "均值为各次抽样的平均，可相加减：缺口均值等于需求均值减供给均值；中位数不能这样相减，见结果数据的p50。",
    en:
      "Means of the draws add and subtract: the mean gap is mean demand less mean supply. Medians do not; they are p50 in the data of results."
  )
  /// Said wherever a mean and a probability point in opposite directions.
  static let contraryNote = Bilingual(
    zh: "有的缺口均值为正而短缺概率不足40%，或均值为负而概率逾60%：分布偏斜，少数抽样的大数拉动均值，是否短缺尚无定论。",
    en:
      "Some mean gaps are positive with a probability of a shortage below 40%, or negative with one above 60%: the distribution is skewed, a few large draws pull the mean, and it is open whether there is a shortage."
  )
  static let roundingNote = Bilingual(
    zh: "部分数据合计数或相对数由于单位取舍不同产生的计算误差，均未作机械调整。",
    en: "Totals and ratios may differ from printed parts by rounding; nothing was adjusted to hide it.")
}
