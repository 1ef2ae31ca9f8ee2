import Datasets
import Forecasting
import Foundation
import Messages
import Testing

@testable import talentcast

private func temporary(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appending(path: "init-\(UUID().uuidString)").path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) } }
  try body(folder)
}

private let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

@Suite struct InitCommandTests {
  private let parts = [
    ("Datasets", root.appending(path: "Examples/demo/Datasets").path), ("Models", root.appending(path: "Examples/demo/Models").path),
  ]

  /// The sample project stands by itself: its data pass every check and its model reads them.
  @Test func theSampleProjectIsWholeAndSaysThatItIsASample() throws {
    try temporary { folder in
      let files = try NewProject(folder: folder + "/p", template: "demo").create(parts)
      #expect(files.contains("README.md") && files.contains("Models/baseline.yaml") && files.contains("Datasets/boundaries/provinces.geojson"))
      let inputs = try RunInputs(scenario: "more-graduates", models: folder + "/p/Models", datasets: folder + "/p/Datasets")
      #expect(inputs.boundaries != nil && inputs.scenario.name.zh.contains("示例数据"))
      #expect(inputs.edition.title.zh.contains("示例数据") && inputs.edition.title.en.contains("sample data"))
      let run = try CompletedRun(inputs, RunOptions(scenario: inputs.scenario.id, draws: 100, seed: 1, jobs: 1))
      #expect(run.cells.contains { $0.measure == .demand && $0.year == 2035 && $0.value > 0 })
      #expect(run.cells.allSatisfy { $0.evidence == .assumed })
      let frozen = try freezePackages(folder + "/p/Datasets")
      #expect(frozen.count == 3 && frozen.allSatisfy(\.renewed.isEmpty))
    }
  }

  @Test func aFolderWithSomethingInItIsLeftAlone() throws {
    try temporary { folder in
      let mine = URL(filePath: folder + "/mine.txt")
      try Data("x".utf8).write(to: mine)
      let report = #expect(throws: ProblemReport.self) { try NewProject(folder: folder, template: "demo").create(parts) }
      #expect(report?.status == .cannotWrite && report?.problems.map(\.code) == ["init.not-empty"])
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left == ["mine.txt"])
    }
  }

  /// A part that is not there leaves nothing behind.
  @Test func aProjectAppearsWholeOrNotAtAll() throws {
    try temporary { folder in
      let broken = [parts[0], ("Models", folder + "/nowhere")]
      #expect(throws: ProblemReport.self) { try NewProject(folder: folder + "/p", template: "demo").create(broken) }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }
}
