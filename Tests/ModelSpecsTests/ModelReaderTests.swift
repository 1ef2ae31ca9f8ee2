import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

private func baselineText() throws -> String {
  try String(contentsOf: root.appending(path: "Models/baseline.yaml"), encoding: .utf8)
}

/// The problems of a model text, as `line:column code path`.
private func problems(_ text: String) -> [Problem] {
  do throws(ProblemReport) {
    _ = try parseModel(text, file: "m.yaml")
    return []
  } catch {
    return error.problems
  }
}

@Suite struct ModelReaderTests {
  @Test func baselineModelReads() throws {
    let model = try parseModel(try baselineText(), file: "Models/baseline.yaml")
    #expect(model.years.base == 2023 && model.years.last == 2035)
    #expect(model.teams.map(\.id) == ["P", "U", "S", "I", "F"])
    #expect(model.industries.count >= 8)
    #expect(model.regions.hubs.map(\.id) == ["beijing", "shanghai", "gba"])
    #expect(model.regions.hubs[2].members.count == 11)
    #expect(model.supply.transferOut.value == 0.033)
    #expect(model.supply.transferOut.range == 0.014...0.072)
  }

  @Test func everyProblemOfAFileIsReportedAtOnceWithItsPlace() throws {
    let text = try baselineText()
      .replacing("damping: 0.9}", with: "dampin: 0.9}")
      .replacing("{value: 0.033, low: 0.014", with: "{value: three, low: 0.014")
      .replacing("plan: plan-14fyp", with: "plan: plan-14fyp\nnonsense: 1")
    let found = problems(text)
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
    func line(_ needle: String) -> Int? { lines.firstIndex { $0.contains(needle) }.map { $0 + 1 } }
    #expect(
      found.map(\.code).sorted() == [
        "spec.missing-key", "spec.not-a-number", "spec.unknown-key", "spec.unknown-key",
      ])
    #expect(found.contains { $0.code == "spec.unknown-key" && $0.path == "nonsense" && $0.line == line("nonsense") })
    let slip = try #require(found.first { $0.path == "forecaster.dampin" })
    #expect(slip.hint?.en == "did you mean: damping")
    #expect(slip.line == line("dampin:"))
    let number = try #require(found.first { $0.code == "spec.not-a-number" })
    #expect(number.path == "supply.transfer_out.value" && number.line == line("value: three"))
    #expect(number.message.en == "a number is expected here, not 'three'")
  }

  @Test(arguments: [
    ("a: [1, 2", "yaml.syntax"), ("a: 1\na: 2", "yaml.duplicate-key"), ("", "yaml.empty"),
    (String(repeating: "[", count: 100_000), "yaml.too-large"),
    (String(repeating: "- ", count: 100_000), "yaml.too-large"),
    ("a: &x [1]\nb: [" + String(repeating: "*x, ", count: 300) + "]", "yaml.too-large"),
  ])
  func brokenYAMLIsRefusedByName(_ text: String, _ code: String) {
    #expect(problems(text).map(\.code) == [code])
    #expect(problems(text).allSatisfy { $0.file == "m.yaml" })
  }

  @Test func aliasesThatMultiplyAreStopped() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...8 {
      let alias = "*a\(level - 1)"
      text += "a\(level): &a\(level) [" + [String](repeating: alias, count: 10).joined(separator: ", ") + "]\n"
    }
    #expect(problems(text).first?.code == "yaml.too-large")
  }

  /// A key that expands without end is compared with its neighbours by the parser: it must never get there.
  @Test(arguments: [
    "a: &a [1]\nb: &b [*a]\n", "a: &a [1]\nb: &b\n  c: *a\n", "a: &a [1]\nb: &b\n- *a\n", "a: &a [1]\nb: {c: &b {d: *a}}\n",
    "a: &a {b: 1}\nc: &c {\n  d: 1,\n  e: *a}\n", "a: &a [1]\nb: &b [{\"c\":*a}]\n",
  ])
  func anAliasInsideAnAnchorIsRefused(_ text: String) {
    #expect(problems(text).map(\.code) == ["yaml.too-large"])
  }

  @Test(arguments: [
    "a: &a [1]\nb: *a\nc: *a\n", "a: &a 1\nb: [*a, *a]\n", "a: {b: &b 1, c: *b}\n", "- &a [1, 2]\n- *a\n- x: *a\n",
    "a:\n  - &x {b: 1}\n  - *x\nc: *x\n", "a: &a\n  b: 1\nc: *a\n", "note: R&D 2 * 3\nb: &b [1]\nc: *b\n",
  ])
  func anAliasBesideAnAnchorIsRead(_ text: String) {
    #expect(problems(text).allSatisfy { $0.code != "yaml.too-large" })
  }

  @Test(
    arguments: [
      ("12%", 0.12), ("1.2万", 12_000), ("3亿", 300_000_000), ("1_000", 1000), ("-0.5", -0.5), ("1e3", 1000),
    ] as [(String, Double)])
  func numbersReadAsAnalystsWriteThem(_ text: String, _ value: Double) {
    #expect(specNumber(text) == value)
  }

  @Test(arguments: ["", "nan", "inf", "0x10", "12 %%", "many", "1.2.3"])
  func whatIsNoNumberIsNone(_ text: String) {
    #expect(specNumber(text) == nil)
  }

  @Test func missingFileIsMissingInput() {
    #expect(
      throws: ProblemReport(
        .missingInput,
        [
          Problem(
            "file.missing", file: "nowhere.yaml",
            message: Bilingual(zh: "找不到模型文件", en: "the model file is missing"))
        ])
    ) { try readModel("nowhere.yaml") }
  }
}
