import Foundation
import Messages
import ModelSpecs
import Testing

private let bundledFile = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent().appending(path: "Models/evidence.yaml")

@Suite struct EvidenceFileTests {
  @Test(arguments: [
    ("family: services, indicator: patent_agencies", "family: service, indicator: patent_agencies", "evidence.family"),
    ("relation: at-least", "relation: atleast", "spec.value"),
    ("place_sd: 0.8", "place_sd: -1", "spec.out-of-range"),
    ("rest: true, role: true", "rest: no, role: true", "evidence.national"),
    ("interpolated: 0.03", "interpolate: 0.03", "spec.unknown-key"),
  ])
  func mistakesAreNamedWithTheirPlace(right: String, wrong: String, code: String) throws {
    let text = try String(contentsOf: bundledFile, encoding: .utf8)
    #expect(text.contains(right))
    let line = text.replacingOccurrences(of: right, with: wrong).components(separatedBy: "\n")
      .firstIndex { $0.contains(wrong) }
    #expect {
      try parseEvidence(text.replacingOccurrences(of: right, with: wrong), file: "e.yaml")
    } throws: { error in
      guard let problems = (error as? ProblemReport)?.problems else { return false }
      return problems.contains { $0.code == code && $0.line == line.map { $0 + 1 } }
    }
  }
}
