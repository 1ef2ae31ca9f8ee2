import ArgumentParser
import Forecasting
import Foundation
import Messages
import Testing

@testable import talentcast

private let demo = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
  .appending(path: "Examples/demo").path

/// The results of the sample project, forecast once.
private let results: Result<[UInt8], any Error> = Result {
  let inputs = try RunInputs(scenario: "baseline", models: "\(demo)/Models", datasets: "\(demo)/Datasets")
  return resultsCSV(try CompletedRun(inputs, RunOptions(scenario: inputs.scenario.id, draws: 100, seed: 1, jobs: 1)).cells)
}

@Suite struct MapBuildCommandTests {
  /// Runs `map build` on a results file in a folder of its own.
  private func built(
    _ arguments: [String], text: [UInt8]? = nil, _ check: (_ out: String, _ status: Int32) throws -> Void
  ) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "map-\(UUID().uuidString)").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { do { try FileManager.default.removeItem(atPath: folder) } catch { Issue.record(error) } }
    let file = "\(folder)/results.csv"
    try Data(try text ?? results.get()).write(to: URL(filePath: file))
    let standard = [
      "--results", file, "--boundaries", "\(demo)/Datasets/boundaries", "--models", "\(demo)/Models", "--out", "\(folder)/maps",
    ]
    // A later option replaces an earlier one.
    let command = try MapBuildCommand.parse(standard + arguments)
    var status: Int32 = 0
    do { try command.run() } catch let code as ExitCode { status = code.rawValue }
    try check("\(folder)/maps", status)
  }

  @Test func drawsWhatIsAskedFor() throws {
    try built(["--measure", "gap", "--years", "2030", "--format", "geojson"]) { out, status in
      let names = Set(try FileManager.default.contentsOfDirectory(atPath: out))
      #expect(status == 0 && names.contains("gap_2030_provinces.geojson"))
      #expect(!names.contains { $0.hasPrefix("supply") || $0.contains("2035") })
    }
  }

  @Test(arguments: [
    (["--measure", "gapp"], Messages.ExitStatus.usage), (["--format", "shp"], .usage), (["--years", "2030,2099"], .usage),
    (["--base", "1999"], .usage), (["--scenario", "high"], .badData), (["--boundaries", "/nowhere"], .missingInput),
    (["--d3", "/nowhere.js"], .missingInput),
  ])
  func aRequestThatCannotBeMetWritesNothing(_ arguments: [String], _ expected: Messages.ExitStatus) throws {
    try built(arguments) { out, status in
      #expect(status == expected.rawValue)
      #expect(!FileManager.default.fileExists(atPath: out))
    }
  }

  @Test func brokenResultsAreRefusedWithNothingWritten() throws {
    let text = String(decoding: try results.get(), as: UTF8.self)
    var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    lines[1] = lines[1].replacing(",supply,", with: ",suply,")
    for broken in [lines.joined(separator: "\n"), "a,b\n1,2\n", lines[0] + "\n"] {
      try built([], text: Array(broken.utf8)) { out, status in
        #expect(status == Messages.ExitStatus.badData.rawValue)
        #expect(!FileManager.default.fileExists(atPath: out))
      }
    }
  }
}
