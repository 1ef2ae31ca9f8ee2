import Dimensions
import Messages
import Tables

/// Turns a long table into checked observations.
struct ObservationReader {
  /// The columns of every observation table; `note` may be absent.
  static let columns = ["indicator", "region", "year", "value", "unit", "concept", "source", "evidence"]
  /// Years that a figure can plausibly belong to.
  static let plausibleYears = 1900...2100

  /// What the rows may refer to. A nil list is not checked.
  struct Reference {
    var regions: Set<String>?
    var indicators: [String: Indicator]?
    /// Definitions to hold units and concepts against even when unknown ids are allowed.
    var known: [String: Indicator] = [:]
    var sources: Set<String>?
  }

  let table: Table
  let reference: Reference
  private(set) var flaws: [Table.Flaw] = []

  init(table: Table, reference: Reference) {
    self.table = table
    self.reference = reference
  }

  static func looksLong(_ names: [String]) -> Bool {
    let core = ["indicator", "region", "year", "value"].count { names.contains($0) }
    return core == 4 || core == 3 && columns.count { names.contains($0) } >= 6
  }

  /// Every row that is sound, and every problem of those that are not.
  mutating func read() -> (observations: [Observation], problems: [Problem]) {
    let missing = table.missingColumns(ObservationReader.columns)
    guard missing.isEmpty else { return ([], missing) }
    var observations: [Observation] = []
    observations.reserveCapacity(table.rowCount)
    let cells = Cells(table)
    var firstUse: [String: (unit: String, concept: String, line: Int)] = [:]
    var keys: [Key: Int] = [:]
    for row in 0..<table.rowCount {
      let before = flaws.count
      let year = checkedYear(cells, row)
      let value = checkedValue(cells, row)
      let evidence = Evidence(rawValue: cells.evidence(row))
      if evidence == nil {
        flaw(
          "data.unknown-evidence", row, "evidence", zh: "证据等级“\(cells.evidence(row))”应为 A、B、C 或 D",
          en: "the grade '\(cells.evidence(row))' is none of A, B, C, D")
      }
      checkRegion(cells.region(row), row)
      checkSource(cells.source(row), row)
      checkMeaning(cells, row, &firstUse)
      if let year {
        let key = Key(indicator: cells.indicator(row), region: cells.region(row), year: year)
        if let first = keys[key] {
          flaw(
            "data.duplicate-key", row, "indicator",
            zh: "\(key.indicator) 在 \(key.region) 的 \(year) 年出现两次，首次在第 \(table.lines[first]) 行",
            en: "\(key.indicator) for \(key.region) has the year \(year) twice, first on line \(table.lines[first])",
            hint: Bilingual(zh: "保留一个，另一个记入 conflicts", en: "keep one; the other belongs in `conflicts`"), cause: "duplicate")
        } else {
          keys[key] = row
        }
      }
      if flaws.count == before, let year, let value, let evidence {
        observations.append(
          Observation(
            indicator: cells.indicator(row), region: RegionCode(cells.region(row)), year: year, value: value,
            unit: cells.unit(row), concept: cells.concept(row), source: cells.source(row), evidence: evidence,
            note: cells.note(row), file: table.file, line: table.lines[row]))
      }
    }
    return (observations, table.problems(flaws))
  }

  private struct Key: Hashable {
    let indicator: String
    let region: String
    let year: Int
  }

  /// The columns by role; all are there.
  private struct Cells {
    private let byName: [String: Column]
    init(_ table: Table) { byName = Dictionary(table.columns.map { ($0.name, $0) }) { first, _ in first } }
    private func text(_ name: String, _ row: Int) -> String { byName[name]?.string(row) ?? "" }
    func indicator(_ row: Int) -> String { text("indicator", row) }
    func region(_ row: Int) -> String { text("region", row) }
    func unit(_ row: Int) -> String { text("unit", row) }
    func concept(_ row: Int) -> String { text("concept", row) }
    func source(_ row: Int) -> String { text("source", row) }
    func evidence(_ row: Int) -> String { text("evidence", row) }
    func note(_ row: Int) -> String { text("note", row) }
    func year(_ row: Int) -> String { text("year", row) }
    func value(_ row: Int) -> String { text("value", row) }
  }

  private mutating func flaw(
    _ code: String, _ row: Int, _ column: String, zh: String, en: String, hint: Bilingual? = nil, cause: String? = nil
  ) {
    flaws.append(
      Table.Flaw(
        code, row: row, position: table.column(column)?.position ?? 0, message: Bilingual(zh: zh, en: en), hint: hint, cause: cause))
  }

  private mutating func checkedYear(_ cells: Cells, _ row: Int) -> Int? {
    let spelling = cells.year(row)
    guard !spelling.isEmpty else {
      flaw("data.missing-value", row, "year", zh: "“year”不能为空", en: "'year' must not be empty")
      return nil
    }
    if let problem = numberFlaw(spelling, whole: true) {
      flaw(problem.code, row, "year", zh: problem.message.zh, en: problem.message.en, hint: problem.hint)
      return nil
    }
    guard let year = Double(spelling).flatMap({ Int(exactly: $0) }), ObservationReader.plausibleYears.contains(year) else {
      flaw(
        "data.year-out-of-range", row, "year", zh: "年份 \(spelling) 不在 1900—2100 之间",
        en: "the year \(spelling) lies outside 1900 to 2100")
      return nil
    }
    return year
  }

  private mutating func checkedValue(_ cells: Cells, _ row: Int) -> Double? {
    let spelling = cells.value(row)
    guard !spelling.isEmpty else {
      flaw(
        "data.missing-value", row, "value", zh: "“value”为空（空、NA 或 NaN）", en: "'value' is empty, NA or NaN",
        hint: Bilingual(zh: "没有数据就删去该行", en: "leave the row out when there is no figure"))
      return nil
    }
    if let problem = numberFlaw(spelling, whole: false) {
      flaw(problem.code, row, "value", zh: problem.message.zh, en: problem.message.en, hint: problem.hint)
      return nil
    }
    guard let value = Double(spelling) else { return nil }
    let most = personUnits.contains(cells.unit(row)) ? 2e10 : 1e17
    guard abs(value) <= most else {
      flaw(
        "data.value-out-of-range", row, "value", zh: "\(spelling) 超出可能的范围（至多 \(shortText(most)) \(cells.unit(row))）",
        en: "\(spelling) is beyond what can be counted (at most \(shortText(most)) \(cells.unit(row)))")
      return nil
    }
    let kind = reference.indicators?[cells.indicator(row)]?.kind ?? reference.known[cells.indicator(row)]?.kind
    let mayBeNegative = kind.map { $0 == .change || $0 == .ratio } ?? !countUnits.contains(cells.unit(row))
    if value < 0, !mayBeNegative {
      flaw(
        "data.negative-count", row, "value", zh: "存量或流量不能为负：\(spelling)",
        en: "a stock or flow cannot be negative: \(spelling)")
      return nil
    }
    return value
  }

  private mutating func checkRegion(_ code: String, _ row: Int) {
    guard let regions = reference.regions else { return }
    guard !regions.contains(code) else { return }
    if code.isEmpty {
      flaw("data.missing-value", row, "region", zh: "“region”不能为空", en: "'region' must not be empty")
      return
    }
    let isChinese = regions.contains { $0.utf8.count == 6 && $0.utf8.allSatisfy { (48...57).contains($0) } }
    var hint =
      isChinese
      ? Bilingual(
        zh: "使用 GB/T 2260 六位代码；新地区写入数据包的 regions 资源", en: "use GB/T 2260 codes; a new region belongs in a `regions` resource")
      : Bilingual(zh: "代码见数据包的 regions 资源；新地区写入其中", en: "codes stand in the `regions` resource, where a new region belongs")
    if code == "CN" || code == "CHN", regions.contains("100000") {
      hint = Bilingual(zh: "全国的代码是 100000", en: "the nation's code is 100000")
    } else if let near = nearest(code, among: regions.sorted()), !code.isEmpty {
      hint = Bilingual(zh: "是否指 \(near)？\(hint.zh)", en: "did you mean \(near)? \(hint.en)")
    }
    flaw(
      "data.unknown-region", row, "region", zh: "未知的地区代码“\(code)”", en: "unknown region code '\(code)'", hint: hint)
  }

  private mutating func checkSource(_ id: String, _ row: Int) {
    if id.isEmpty {
      flaw(
        "data.missing-value", row, "source", zh: "“source”不能为空：没有来源的数字不能使用",
        en: "'source' must not be empty: a figure without a source cannot be used")
    } else if let sources = reference.sources, !sources.contains(id) {
      let near = nearest(id, among: sources.sorted())
      flaw(
        "data.unknown-source", row, "source", zh: "未知的来源“\(id)”", en: "unknown source '\(id)'",
        hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
          ?? Bilingual(zh: "在 sources 资源中登记", en: "register it in the `sources` resource"))
    }
  }

  /// The indicator is known, and unit and concept are those of its definition, or of its first row.
  private mutating func checkMeaning(
    _ cells: Cells, _ row: Int, _ firstUse: inout [String: (unit: String, concept: String, line: Int)]
  ) {
    let id = cells.indicator(row)
    if id.isEmpty {
      flaw("data.missing-value", row, "indicator", zh: "“indicator”不能为空", en: "'indicator' must not be empty")
      return
    }
    let (unit, concept) = (cells.unit(row), cells.concept(row))
    for (name, cell) in [("unit", unit), ("concept", concept)] where cell.isEmpty {
      flaw("data.missing-value", row, name, zh: "“\(name)”不能为空", en: "'\(name)' must not be empty")
    }
    let definition = reference.indicators?[id] ?? reference.known[id]
    if definition == nil, let indicators = reference.indicators {
      let near = nearest(id, among: indicators.keys.sorted())
      flaw(
        "data.unknown-indicator", row, "indicator", zh: "未知的指标“\(id)”", en: "unknown indicator '\(id)'",
        hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
          ?? Bilingual(zh: "在 indicators 资源中定义", en: "define it in the `indicators` resource"))
      return
    }
    let expected = definition.map { ($0.unit, $0.concept, 0) } ?? firstUse[id]
    guard let (expectedUnit, expectedConcept, line) = expected else {
      firstUse[id] = (unit, concept, table.lines[row])
      return
    }
    let whence =
      line > 0
      ? Bilingual(zh: "（第 \(line) 行）", en: " (line \(line))") : Bilingual(zh: "（指标定义）", en: " (its definition)")
    if !unit.isEmpty, unit != expectedUnit {
      flaw(
        "data.unit-disagrees", row, "unit",
        zh: "\(id) 的单位是“\(expectedUnit)”\(whence.zh)，此处为“\(unit)”",
        en: "\(id) is in '\(expectedUnit)'\(whence.en), here in '\(unit)'",
        hint: Bilingual(zh: "先换算单位", en: "convert the figure first"))
    }
    if !concept.isEmpty, concept != expectedConcept {
      flaw(
        "data.concepts-mixed", row, "concept",
        zh: "\(id) 的概念是“\(expectedConcept)”\(whence.zh)，此处为“\(concept)”：不同概念不能混在一个指标中",
        en: "\(id) is of the concept '\(expectedConcept)'\(whence.en), here '\(concept)': two concepts in one indicator",
        hint: Bilingual(zh: "为另一概念另设指标", en: "give the other concept an indicator of its own"))
    }
  }
}

/// Units of people: more of them than live on earth is a slip.
private let personUnits: Set<String> = ["人", "人年", "persons"]

/// Units of things that are counted: never negative unless the indicator is a change.
let countUnits: Set<String> = [
  "人", "人次", "人年", "家", "件", "项", "门", "所", "个", "次", "科次", "期", "岁", "persons", "firms", "cases",
]
