import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Models").path
private let library = ScenarioLibrary(folder: folder)

private func present() throws -> [String: String] {
  try Dictionary(uniqueKeysWithValues: library.scenarios.map { ($0, try String(contentsOfFile: library.scenarioFile($0), encoding: .utf8)) })
}

/// What a spreadsheet hands over of a book that was exported.
private func handedOver() throws -> ScenarioBook { try exported.get() }
private let exported = Result { try JSONDecoder().decode(ScenarioBook.self, from: Data(try jsonText(library.book([], .en)).utf8)) }

extension ScenarioBook {
  /// A cell by its name: `changes!C5`.
  fileprivate subscript(name: String) -> Cell {
    get {
      let (sheet, row, column) = place(name)
      return column < sheets[sheet].rows[row].count ? sheets[sheet].rows[row][column] : .blank
    }
    set {
      let (sheet, row, column) = place(name)
      while sheets[sheet].rows.count <= row { sheets[sheet].rows.append([]) }
      while sheets[sheet].rows[row].count <= column { sheets[sheet].rows[row].append(.blank) }
      sheets[sheet].rows[row][column] = newValue
    }
  }

  private func place(_ name: String) -> (sheet: Int, row: Int, column: Int) {
    let parts = name.split(separator: "!").map(String.init)
    let column = Int(parts[1].unicodeScalars.first!.value) - 65
    return (sheets.firstIndex { $0.name == parts[0] }!, Int(parts[1].dropFirst())! - 1, column)
  }
}

private struct Broken: Sendable, CustomTestStringConvertible {
  let edits: [(String, ScenarioBook.Cell)]
  /// `code cell`, in order.
  let problems: [String]
  let hint: String?
  init(_ edits: [(String, ScenarioBook.Cell)], _ problems: [String], hint: String? = nil) {
    (self.edits, self.problems, self.hint) = (edits, problems, hint)
  }
  var testDescription: String { edits.map(\.0).joined(separator: " ") + " → " + problems.joined(separator: ", ") }
}

@Suite struct ScenarioBookTests {
  @Test func everyShippedScenarioComesBackAsItIs() throws {
    let book = try handedOver()
    #expect(book.sheets.map(\.name) == ["scenarios", "changes", "levers", "sources", "about"])
    let present = try present()
    let back = try library.imported(book, file: "b.xlsx", present: present)
    #expect(back.map(\.id) == library.scenarios)
    #expect(back.allSatisfy { $0.state == .unchanged && $0.differences.isEmpty && $0.differing.isEmpty })
    let anew = try library.imported(book, file: "b.xlsx", present: [:])
    for scenario in anew {
      #expect(scenario.state == .new)
      let (mine, theirs) = (
        try parseScenario(scenario.text, file: "a", id: scenario.id),
        try parseScenario(try #require(present[scenario.id]), file: "b", id: scenario.id)
      )
      #expect(mine.says(what: theirs))
      #expect(mine.changes.map(\.lever.id) == theirs.changes.map(\.lever.id))
    }
  }

  /// Every operation, awkward numbers, texts and names, through the YAML writer and through a book.
  @Test func awkwardScenariosComeBackAsTheyAre() throws {
    let text = """
      schema: talentcast/scenario@1
      id: odd
      name: "true"
      why: {zh: "引号 \\" 与 \\\\ 和\\n换行", en: " blanks around, = a formula?, #, {}: '"}
      extends: baseline
      include: [later-retirement, hub-attraction]
      levers:
        demand.productivity:
          - {op: set, value: 1.1000000000000003, team: [U, F], geo: beijing, note: " 前后空格 "}
          - {op: scale, value: 0.30000000000000004, from: 2027, to: 2027, source: "=SUM(A1)"}
          - {op: clamp, low: 0.8, high: 1.2, note: "line one\\nline two\\ttab"}
          - {op: remove, to: 2026, note: "123"}
          - {op: growth, by: 0.0123456789012345, from: 1900, to: 1901, note: x, source: y}
        supply.net_migration:
          - {op: add, value: 1.2万, geo: [110000, "440300"], note: "😀 \\u2028"}
          - {op: add, value: -1e-7, geo: [GBA], note: n}
        supply.retirement_early:
          - {op: set, value: 60%, from: 2030, force: true, note: "yes"}
        demand.requirement:
          - {op: path, values: {2025: 1, 2030: 1.0000000000000002, 2035: 1e-1}, force: true, note: n}
      """
    let place = FileManager.default.temporaryDirectory.appending(path: "book-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: place) }
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    for file in ["baseline.yaml", "evidence.yaml"] {
      try FileManager.default.copyItem(atPath: "\(folder)/\(file)", toPath: place.appending(path: file).path)
    }
    try FileManager.default.copyItem(atPath: "\(folder)/scenarios", toPath: place.appending(path: "scenarios").path)
    try Data(text.utf8).write(to: place.appending(path: "scenarios/odd.yaml"))
    let own = ScenarioLibrary(folder: place.path)
    let file = try parseScenario(text, file: "odd.yaml", id: "odd")
    #expect(file.changes.count == 9)
    #expect(try parseScenario(scenarioText(file, id: "odd"), file: "w.yaml", id: "odd").says(what: file))
    let json = Data(try jsonText(own.book(["odd"], .zh)).utf8)
    let back = try own.imported(try JSONDecoder().decode(ScenarioBook.self, from: json), file: "b.xlsx", present: ["odd": text])
    #expect(back.map(\.state) == [.unchanged])
    let clipped = text.replacing("\"123\"", with: "\"\\u0001\"")
    try Data(clipped.utf8).write(to: place.appending(path: "scenarios/odd.yaml"))
    do throws(ProblemReport) {
      _ = try own.book(["odd"], .zh)
      Issue.record("a control character was put into a cell")
    } catch {
      #expect(error.problems.map(\.code) == ["book.cell-text"])
    }
  }

  @Test(arguments: [
    Broken([("changes!B2", .text("demand.productivty"))], ["spec.unknown-key changes!B2"], hint: "did you mean: demand.productivity"),
    Broken([("changes!C4", .text("growht"))], ["spec.value changes!C4"], hint: "did you mean: growth"),
    Broken([("changes!D6", .text("many"))], ["spec.not-a-number changes!D6"]),
    Broken([("changes!D6", .blank)], ["spec.missing-key changes!D6"]),
    Broken([("changes!D13", .number(3))], ["scenario.implausible changes!D13"], hint: "write `force: true` if you mean it"),
    Broken([("changes!D10", .number(7)), ("changes!O10", .flag(true))], ["scenario.impossible changes!D10"]),
    Broken([("changes!J6", .number(2020))], ["scenario.years changes!I6"]),
    Broken([("changes!N3", .blank)], ["scenario.no-source changes!N3"]),
    Broken([("changes!I4", .blank)], ["spec.missing-key changes!I4"]),
    Broken([("changes!E4", .number(12))], ["spec.out-of-range changes!E4"]),
    Broken([("changes!E6", .number(0.1))], ["spec.unknown-key changes!E6"]),
    Broken([("changes!K6", .text("bejing"))], ["scenario.place changes!K6"], hint: "did you mean: beijing (Beijing)"),
    Broken([("changes!L13", .text("U"))], ["scenario.selector changes!L13"]),
    Broken([("changes!F2", .text("soon"))], ["spec.type changes!F2"]),
    Broken([("changes!F2", .text("2025: 1; 2025: 1.2"))], ["spec.duplicate changes!F2"]),
    Broken([("changes!O2", .text("perhaps"))], ["spec.type changes!O2"]),
    Broken([("changes!P4", .text("first"))], ["spec.not-a-number changes!P4"]),
    Broken([("changes!D6", .unusable("#REF!"))], ["book.cell changes!D6"]),
    Broken([("changes!A8", .text("hub-atraction"))], ["book.scenario changes!A8"], hint: "did you mean: hub-attraction"),
    Broken([("changes!A8", .blank)], ["spec.missing-key changes!A8"]),
    Broken([("changes!B8", .blank)], ["spec.missing-key changes!B8"]),
    Broken([("changes!B1", .text("levr"))], ["book.heading changes!A1", "book.heading changes!B1"]),
    Broken([("changes!Q5", .text("my remark"))], ["book.heading changes!Q5"]),
    Broken([("scenarios!D3", .text("high-inovation"))], ["scenario.unknown scenarios!D3"], hint: "did you mean: high-innovation"),
    Broken([("scenarios!E3", .text("training-expansion; later-retirment"))], ["scenario.unknown scenarios!E3"]),
    Broken([("scenarios!D5", .text("combined-push"))], ["scenario.cycle scenarios!D3", "scenario.cycle scenarios!D5"]),
    Broken([("scenarios!A3", .blank)], ["spec.missing-key scenarios!A3"]),
    Broken([("scenarios!A3", .text("ai-productivity"))], ["spec.duplicate scenarios!A3"]),
    Broken([("scenarios!A3", .text("../../elsewhere"))], ["scenario.name scenarios!A3"]),
    Broken([("scenarios!C3", .blank)], ["spec.missing-key scenarios!C3"]),
    Broken([("scenarios!F3", .unusable("2026-01-01"))], ["book.cell scenarios!F3"]),
    Broken(
      [
        ("scenarios!C4", .blank), ("changes!B2", .text("nothing")), ("changes!C4", .text("?")), ("changes!D6", .text("x")),
        ("changes!N13", .blank), ("changes!M13", .blank),
      ],
      [
        "spec.missing-key scenarios!C4", "spec.unknown-key changes!B2", "spec.value changes!C4", "spec.not-a-number changes!D6",
        "scenario.no-source changes!N13",
      ]),
  ])
  private func aBrokenBookIsToldCellByCell(_ broken: Broken) throws {
    var book = try handedOver()
    for (cell, value) in broken.edits { book[cell] = value }
    do throws(ProblemReport) {
      _ = try library.imported(book, file: "b.xlsx", present: [:])
      Issue.record("the book was read")
    } catch {
      #expect(error.status == .badConfiguration)
      #expect(error.problems.map { "\($0.code) \($0.cell ?? "")" } == broken.problems)
      #expect(error.problems.allSatisfy { $0.file == "b.xlsx" && $0.line == nil && $0.message.zh != $0.message.en })
      if let hint = broken.hint { #expect(error.problems.first?.hint?.en == hint) }
      if let first = error.problems.first { #expect(first.text(in: .en).hasPrefix("b.xlsx:\(first.cell ?? ""): error [")) }
    }
  }

  @Test func aMissingSheetIsNamed() throws {
    var book = try handedOver()
    book.sheets[1] = ScenarioBook.Sheet("chnages", rows: book.sheets[1].rows)
    do throws(ProblemReport) {
      _ = try library.imported(book, file: "b.xlsx", present: [:])
      Issue.record("the book was read")
    } catch {
      #expect(error.problems.map(\.code) == ["book.sheet"])
      #expect(error.problems.first?.hint?.en == "is it this one: chnages")
    }
  }

  @Test func whatAnEditorTypesIsReadAsItIsMeant() throws {
    var book = try handedOver()
    book["changes!E4"] = .text("3%")
    book["changes!D6"] = .text(" 0.2万 ")
    book["changes!K6"] = .number(110_000)
    book["changes!F2"] = .text("2025：1，2030：1.2")
    book["changes!L2"] = .text("U、F")
    book["changes!O2"] = .text("TRUE")
    book["changes!A20"] = .text("low-innovation")
    book["changes!B20"] = .text("supply.entrants")
    book["changes!C20"] = .text("scale")
    book["changes!D20"] = .number(0.9)
    book["changes!N20"] = .text("my own")
    let back = try library.imported(book, file: "b.xlsx", present: try present())
    #expect(back.filter { $0.state == .changed }.map(\.id) == ["ai-productivity", "high-innovation", "hub-attraction", "low-innovation"])
    func texts(_ id: String) throws -> String { try #require(back.first { $0.id == id }).text }
    #expect(try texts("high-innovation").contains("{op: growth, by: 3%, from: 2025, to: 2030,"))
    #expect(try texts("hub-attraction").contains("{op: set, value: 2000, from: 2025, to: 2030, geo: [\"110000\"],"))
    #expect(try texts("ai-productivity").contains("values: {2025: 1, 2030: 1.2}, team: [U, F], force: true"))
    #expect(try texts("low-innovation").contains("  supply.entrants:\n    - {op: scale, value: 0.9, note: \"my own\"}"))
    #expect(back.first { $0.id == "low-innovation" }?.differences.count == 1)
  }

  @Test func theOrderColumnDecidesNotTheRow() throws {
    var book = try handedOver()
    (book["changes!P4"], book["changes!P5"]) = (.number(2), .number(1))
    let back = try library.imported(book, file: "b.xlsx", present: try present())
    let text = try #require(back.first { $0.id == "high-innovation" }).text
    let (set, growth) = (try #require(text.firstRange(of: "op: set")), try #require(text.firstRange(of: "op: growth")))
    #expect(set.lowerBound < growth.lowerBound)
  }

  @Test func aModelAndAnUnknownNameAreNoScenarios() {
    for (id, code) in [("baseline", "scenario.model"), ("hub-atraction", "scenario.unknown")] {
      do throws(ProblemReport) {
        _ = try library.book([id], .en)
        Issue.record("\(id) was exported")
      } catch {
        #expect(error.problems.map(\.code) == [code])
      }
    }
  }

  @Test func columnsAreLettered() {
    #expect([1, 26, 27, 52, 53, 702, 703].map(columnLetters) == ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"])
  }
}
