import Foundation
import Messages
import Testing

@testable import ModelSpecs

private let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Corpus")
private let library = ScenarioLibrary(folder: folder.path)
private let broken = library.models.filter { $0 != "base" } + library.scenarios

private func problems(_ id: String) -> [Problem] {
  do throws(ProblemReport) {
    _ = try library.resolve(id)
    return []
  } catch {
    return error.problems
  }
}

/// What a reader is told of one file, in both languages, without this machine's folders.
private func diagnostics(_ id: String) -> String {
  let texts = [Language.zh, .en].map { language in problems(id).map { $0.text(in: language) }.joined(separator: "\n") }
  return "## \(id)\n\(texts.joined(separator: "\n"))\n".replacing(folder.path + "/", with: "")
}

/// Broken models and scenarios, each with what is said about it in `Corpus/expected.txt`.
/// `RECORD_GOLDEN=1` writes that file anew; read its changes before you keep them.
@Suite struct CorpusTests {
  @Test func everyBrokenFileGetsItsDiagnostics() throws {
    let file = folder.appending(path: "expected.txt")
    let found = broken.map(diagnostics).joined(separator: "\n")
    if ProcessInfo.processInfo.environment["RECORD_GOLDEN"] == "1" { try Data(found.utf8).write(to: file) }
    let expected = try String(contentsOf: file, encoding: .utf8)
    func cases(_ text: String) -> [String] { text.components(separatedBy: "\n## ") }
    for (found, expected) in zip(cases(found), cases(expected)) { #expect(found == expected) }
    #expect(cases(found).count == cases(expected).count)
    #expect(broken.count >= 60)
  }

  @Test func theModelTheyExtendIsSound() throws {
    #expect(try library.resolve("base").changes.isEmpty)
  }

  @Test(arguments: broken)
  func aBrokenFileIsPlacedAndSpeaksBothLanguages(_ id: String) {
    let found = problems(id)
    #expect(!found.isEmpty)
    for problem in found {
      #expect(problem.file != nil && problem.line != nil)
      #expect(problem.message.zh != problem.message.en)
      #expect(problem.message.zh.contains { ("\u{4E00}"..."\u{9FFF}").contains($0) })
      #expect(problem.hint.map { $0.zh != $0.en } ?? true)
    }
    #expect(Set(found).count == found.count)
  }
}
