import Foundation
import Messages

extension ScenarioLibrary {
  /// Scenarios as a workbook: their heads, their changes in order, the registry of levers, and their sources.
  ///
  /// - Parameter ids: all of them when empty.
  /// - Throws: `ProblemReport`: names that are nowhere, files that do not read, and texts that no cell can hold: a
  ///   book gives every scenario back as it is, or is not made.
  public func book(_ ids: [String] = [], _ language: Language) throws(ProblemReport) -> ScenarioBook {
    var problems: [Problem] = []
    var files: [(id: String, file: ScenarioFile)] = []
    if ids.isEmpty, scenarios.isEmpty { throw ProblemReport(.missingInput, [missingScenarios]) }
    for id in ids.isEmpty ? scenarios : ids where !files.contains(where: { $0.id == id }) {
      do throws(ProblemReport) {
        _ = try resolve(id)
        guard scenarios.contains(id) else {
          problems.append(aModel(id))
          continue
        }
        files.append((id, try read(id).file))
      } catch {
        if error.status == .missingInput { throw error }
        problems += error.problems.filter { !problems.contains($0) }
      }
    }
    guard problems.isEmpty else { throw ProblemReport(.badConfiguration, problems) }
    let book = BookWriter(files, language).book
    problems = book.unholdable
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    let back = BookReading(book, file: "").files
    for (id, file) in files where back[id].map({ $0.problems.isEmpty && $0.file.says(what: file) }) != true {
      problems.append(
        Problem(
          "book.lossy", file: scenarioFile(id),
          message: Bilingual(zh: "“\(id)”不能无损写入工作簿", en: "'\(id)' cannot be held in a workbook without loss"),
          hint: Bilingual(
            zh: "检查地区、队伍名称中的分隔符，以及只有空白的文字", en: "look for separators in places and teams, and texts of blanks")))
    }
    guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
    return book
  }

  private var missingScenarios: Problem {
    Problem(
      "scenario.none", file: "\(folder)/scenarios", message: Bilingual(zh: "没有情景", en: "there are no scenarios"),
      hint: Bilingual(zh: "新建：talentcast scenario new", en: "make one: talentcast scenario new"))
  }

  private func aModel(_ id: String) -> Problem {
    Problem(
      "scenario.model", file: modelFile(id),
      message: Bilingual(zh: "“\(id)”是模型，不是情景", en: "'\(id)' is a model, not a scenario"),
      hint: Bilingual(zh: "情景：\(scenarios.joined(separator: "、"))", en: "scenarios: \(scenarios.joined(separator: ", "))"))
  }
}

/// Lays out sheets and cells.
private struct BookWriter {
  let files: [(id: String, file: ScenarioFile)]
  let language: Language

  init(_ files: [(id: String, file: ScenarioFile)], _ language: Language) {
    (self.files, self.language) = (files, language)
  }

  var book: ScenarioBook {
    ScenarioBook(sheets: [heads, changes, levers] + (sources.rows.count > 1 ? [sources] : []) + [about])
  }

  private typealias Cell = ScenarioBook.Cell

  private var heads: ScenarioBook.Sheet {
    sheet(
      "scenarios", BookHeadings.scenarios,
      files.map { id, file in
        [
          text(id), text(file.name.zh), text(file.name.en), text(file.parent),
          text(file.includes.map(\.id).joined(separator: BookHeadings.between)), text(file.why.zh), text(file.why.en),
        ]
      })
  }

  private var changes: ScenarioBook.Sheet {
    sheet(
      "changes", BookHeadings.changes,
      files.flatMap { id, file in
        file.changes.enumerated().map { place, change in row(change, of: id, order: place + 1) }
      })
  }

  private func row(_ change: LeverChange, of id: String, order: Int) -> [Cell] {
    var cells: [String: Cell] = [
      "scenario": text(id), "lever": text(change.lever.id), "op": text(change.operation.name.rawValue),
      "geo": text(change.places.joined(separator: BookHeadings.between)),
      "team": text(change.teams.joined(separator: BookHeadings.between)), "source": text(change.source),
      "note": text(change.note), "force": change.forced ? .flag(true) : .blank, "order": .number(Double(order)),
    ]
    let (first, last) = change.writtenYears
    cells["from"] = first.map { .number(Double($0)) }
    cells["to"] = last.map { .number(Double($0)) }
    switch change.operation {
    case .set(let value), .add(let value), .scale(let value): cells["value"] = number(value)
    case .growth(let rate): cells["by"] = number(rate)
    case .path(let points):
      cells["values"] = text(
        points.keys.sorted().map { "\($0): \(plain(points[$0] ?? 0))" }.joined(separator: BookHeadings.between))
    case .clamp(let low, let high): (cells["low"], cells["high"]) = (number(low), number(high))
    case .remove: break
    }
    return BookHeadings.changes.map { cells[$0] ?? .blank }
  }

  /// An end of the plausible range; of persons it is a share of the place's stock.
  private func bound(_ lever: Lever, _ value: Double) -> ScenarioBook.Cell {
    lever.kind == .persons ? text("\(plain(value * 100)) %") : number(value)
  }

  private var levers: ScenarioBook.Sheet {
    let headings = [
      "lever", "name_zh", "name_en", "unit_zh", "unit_en", "default", "plausible_low", "plausible_high", "possible_low",
      "possible_high", "effect_zh", "effect_en", "geo", "team",
    ]
    return sheet(
      "levers", headings,
      Lever.registry.map { lever in
        [
          text(lever.id), text(lever.name.zh), text(lever.name.en), text(lever.unit.zh), text(lever.unit.en),
          number(lever.initial), bound(lever, lever.plausible.lowerBound), bound(lever, lever.plausible.upperBound),
          number(lever.domain.lowerBound), number(lever.domain.upperBound), text(lever.effect.zh), text(lever.effect.en),
          .flag(lever.byPlace), .flag(lever.byTeam),
        ]
      }, locked: true)
  }

  /// Each source once, with the scenarios that rest on it.
  private var sources: ScenarioBook.Sheet {
    var order: [String] = []
    var users: [String: [String]] = [:]
    for (id, file) in files {
      for source in file.changes.map(\.source) where !source.isEmpty {
        if users[source] == nil { order.append(source) }
        if users[source]?.contains(id) != true { users[source, default: []].append(id) }
      }
    }
    return sheet(
      "sources", ["source", "scenarios"],
      order.map {
        [text($0), text((users[$0] ?? []).joined(separator: BookHeadings.between))]
      }, locked: true)
  }

  private var about: ScenarioBook.Sheet {
    let lines = [
      Bilingual(
        zh: "在 scenarios 与 changes 两张表中修改；levers、sources 和本表只供查阅，不会读回。",
        en: "Edit the sheets scenarios and changes; levers, sources and this sheet are for reading and are not read back."),
      Bilingual(
        zh: "每行一个改动：杠杆、操作和该操作的数值列（set、add、scale 用 value；growth 用 by 和 from；path 用 values；clamp 用 low、high；remove 不用）。",
        en:
          "One change a row: lever, operation and its columns (value for set, add, scale; by and from for growth; values for path; low and high for clamp; none for remove)."
      ),
      Bilingual(
        zh: "values 写作“2025: 1; 2030: 1.15”。geo、team、include 可写多个，以分号分隔。",
        en: "values reads \"2025: 1; 2030: 1.15\". geo, team and include may hold several, between semicolons."),
      Bilingual(
        zh: "order 决定同一情景内改动的先后，留空则随上一行。每个改动须有 source 或 note。",
        en: "order says which change of a scenario comes first; left blank it follows the row above. Every change needs a source or a note."),
      Bilingual(
        zh: "读回：talentcast scenario import 本文件 --dry-run，先看差异，再去掉 --dry-run。",
        en: "Back again: talentcast scenario import THIS-FILE --dry-run shows what differs; then without --dry-run."),
    ]
    return sheet("about", ["zh", "en"], lines.map { [text($0.zh), text($0.en)] }, locked: true)
  }

  private func sheet(_ name: String, _ headings: [String], _ rows: [[Cell]], locked: Bool = false) -> ScenarioBook.Sheet {
    let columns = headings.map { heading in
      var column = ScenarioBook.Column(
        width: width(heading, sheet: name), note: locked ? "" : (BookHeadings.note(heading)?[language] ?? ""))
      if name == "changes" {
        column.choices = choices(heading)
        if heading == "by" { column.isShare = true }
      }
      return column
    }
    return ScenarioBook.Sheet(name, rows: [headings.map(Cell.text)] + rows, columns: columns, locked: locked)
  }

  private func choices(_ heading: String) -> [String]? {
    switch heading {
    case "scenario": ["=scenarios!$A$2:$A$1000"]
    case "lever": ["=levers!$A$2:$A$\(Lever.registry.count + 1)"]
    case "op": LeverChange.Operation.Name.allCases.map(\.rawValue)
    case "force": ["TRUE"]
    default: nil
    }
  }

  private func width(_ heading: String, sheet: String) -> Int {
    if sheet == "about" { return 90 }
    switch heading {
    case "note", "source", "why_zh", "why_en": return 50
    case "scenarios", "effect_zh", "effect_en", "values": return 30
    case "lever", "scenario", "id", "name_zh", "name_en", "include": return 24
    default: return 12
    }
  }

  private func text(_ words: String) -> Cell { words.isEmpty ? .blank : .text(words) }

  /// Spreadsheets keep 15 digits: a number that needs more is written as text, which reads back exactly.
  private func number(_ value: Double) -> Cell {
    Double(String(format: "%.15G", value)) == value ? .number(value) : .text(plain(value))
  }
}

extension BookHeadings {
  /// What a column holds, for the note beside its heading.
  static func note(_ heading: String) -> Bilingual? {
    switch heading {
    case "id", "scenario": Bilingual(zh: "情景名称，即文件名", en: "the scenario's name, which is its file's")
    case "extends": Bilingual(zh: "母情景或模型", en: "parent scenario or model")
    case "include": Bilingual(zh: "依次混入的情景，以分号分隔", en: "scenarios mixed in, in order, between semicolons")
    case "lever": Bilingual(zh: "杠杆，见 levers 表", en: "lever; see the sheet levers")
    case "op": Bilingual(zh: "操作", en: "operation")
    case "value": Bilingual(zh: "set、add、scale 的值", en: "for set, add and scale")
    case "by": Bilingual(zh: "growth 的年增长率", en: "yearly rate, for growth")
    case "values": Bilingual(zh: "path：2025: 1; 2030: 1.15", en: "for path: 2025: 1; 2030: 1.15")
    case "low", "high": Bilingual(zh: "clamp 的界限", en: "bounds, for clamp")
    case "from", "to": Bilingual(zh: "年份，含；留空为不限", en: "year, included; blank = open")
    case "geo": Bilingual(zh: "地区，留空为全部", en: "places; blank = everywhere")
    case "team": Bilingual(zh: "队伍，留空为全部", en: "teams; blank = all")
    case "source": Bilingual(zh: "来源（或写 note）", en: "source (or a note)")
    case "note": Bilingual(zh: "理由（或写 source）", en: "reasoning (or a source)")
    case "force": Bilingual(zh: "TRUE：坚持用合理范围外的值", en: "TRUE insists on an implausible value")
    case "order": Bilingual(zh: "同一情景内的先后", en: "order within the scenario")
    default: nil
    }
  }
}

extension ScenarioBook {
  /// Texts that no cell of a workbook holds as they are.
  fileprivate var unholdable: [Problem] {
    sheets.filter { !$0.locked }.flatMap { sheet in
      sheet.rows.enumerated().flatMap { row, cells in
        cells.enumerated().compactMap { column, cell -> Problem? in
          guard case .text(let text) = cell else { return nil }
          let long = text.utf16.count > 32_767
          // The file format writes control characters so; readers of it take them for that.
          let odd =
            ["x005F_", "_x000D_"].contains { text.contains($0) }
            || text.unicodeScalars.contains { $0.value < 32 && $0 != "\n" && $0 != "\t" || $0.value == 0xFFFE || $0.value == 0xFFFF }
          guard long || odd else { return nil }
          return Problem(
            "book.cell-text", cell: "\(sheet.name)!\(columnLetters(column + 1))\(row + 1)",
            message: long
              ? Bilingual(zh: "文字超过单元格上限 32767 字", en: "the text is longer than the 32767 characters of a cell")
              : Bilingual(zh: "文字含有工作簿不能保存的控制字符", en: "the text has a control character that no workbook keeps"),
            hint: Bilingual(zh: "先在 YAML 文件中修改", en: "mend the YAML file first"))
        }
      }
    }
  }
}

extension LeverChange {
  /// First and last year as a file writes them: nil where it leaves them open.
  var writtenYears: (first: Int?, last: Int?) {
    let open = ScenarioLimits.years
    let isGrowth = if case .growth = operation { true } else { false }
    return (
      years.lowerBound == open.lowerBound && !isGrowth ? nil : years.lowerBound,
      years.upperBound == open.upperBound ? nil : years.upperBound
    )
  }
}

extension LeverChange.Operation {
  var name: Name {
    switch self {
    case .set: .set
    case .add: .add
    case .scale: .scale
    case .growth: .growth
    case .path: .path
    case .clamp: .clamp
    case .remove: .remove
    }
  }
}

extension ScenarioFile {
  /// Whether both files say the same, wherever it stands: only the order of different levers may differ.
  func says(what other: ScenarioFile) -> Bool {
    name == other.name && why == other.why && parent == other.parent && includes.map(\.id) == other.includes.map(\.id)
      && changes.count == other.changes.count
      && Lever.registry.allSatisfy { lever in
        changes.filter { $0.lever.id == lever.id }.elementsEqual(other.changes.filter { $0.lever.id == lever.id }) {
          $0.moves(like: $1) && $0.source == $1.source && $0.note == $1.note && $0.forced == $1.forced
        }
      }
  }
}
