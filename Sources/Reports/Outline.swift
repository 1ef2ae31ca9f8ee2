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
  static let roundingNote = Bilingual(
    zh: "部分数据合计数或相对数由于单位取舍不同产生的计算误差，均未作机械调整。",
    en: "Totals and ratios may differ from printed parts by rounding; nothing was adjusted to hide it.")
}
