import Foundation
import Messages
import Testing

@testable import TimeSeries

@Suite struct VintageTests {
  private func vintage(run: String = "2024年版", forecast: Double = 120, unit: String = "人") -> Vintage {
    Vintage(
      runID: run, method: "pdd", methodVersion: "pdd-1", dataHash: fingerprint("a,b\n".utf8),
      concept: "patent_attorneys",
      unit: unit, keyColumns: ["region"],
      entries: [
        Vintage.Entry(
          key: ["北京"], origin: 2023, time: 2024, forecast: forecast,
          intervals: [.init(level: 0.8, low: 110, high: 130), .init(level: 0.95, low: 100, high: 140)]),
        Vintage.Entry(key: ["上海"], origin: 2023, time: 2024, forecast: 50, intervals: []),
      ])
  }

  /// A fresh folder, removed afterwards.
  private func withStore(_ body: (VintageStore) throws -> Void) throws {
    let directory = FileManager.default.temporaryDirectory.appendingPathComponent(
      "vintages-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: directory) }
    try body(VintageStore(directory: directory.path))
  }

  @Test func whatIsSavedIsLoaded() throws {
    try withStore { store in
      #expect(try store.load().isEmpty)
      let path = try store.save(vintage())
      #expect(path.hasSuffix("2024年版~pdd-1~\(fingerprint("a,b\n".utf8)).json"))
      try store.save(vintage(run: "2023年版"))
      #expect(try store.load() == [vintage(run: "2023年版"), vintage()])
      #expect(try FileManager.default.contentsOfDirectory(atPath: store.directory).count == 2)
    }
  }

  @Test func nothingIsEverOverwritten() throws {
    try withStore { store in
      let path = try store.save(vintage())
      let before = FileManager.default.contents(atPath: path)
      try store.save(vintage())
      let refusal = #expect(throws: ProblemReport.self) { try store.save(vintage(forecast: 999)) }
      #expect(refusal?.status == .cannotWrite && refusal?.problems.map(\.code) == ["vintage.exists"])
      #expect(FileManager.default.contents(atPath: path) == before)
    }
  }

  @Test(arguments: ["", "../etc", ".hidden", "a/b", "a b"])
  func namesThatAreNoFileNamesAreRefused(run: String) throws {
    try withStore { store in
      let refusal = #expect(throws: ProblemReport.self) { try store.save(vintage(run: run)) }
      #expect(refusal?.status == .usage)
    }
  }

  @Test func damagedFilesAreNamed() throws {
    try withStore { store in
      try store.save(vintage())
      try Data("{".utf8).write(to: URL(fileURLWithPath: store.directory + "/broken.json"))
      let refusal = #expect(throws: ProblemReport.self) { try store.load() }
      #expect(refusal?.problems.first?.file?.hasSuffix("broken.json") == true)
    }
  }

  @Test func joinsToWhatCameTrue() throws {
    let actuals = try [
      Series(key: ["北京"], times: [2023, 2024], values: [100, 135]),
      Series(key: ["上海"], times: [2023], values: [40]),
    ]
    let joined = outcomes(of: [vintage()], actuals: actuals, concept: "patent_attorneys", unit: "人")
    #expect(joined.count == 1 && joined[0].error == 15 && joined[0].inside == [false, true])
    #expect(outcomes(of: [vintage()], actuals: actuals, concept: "patent_attorneys", unit: "万人").isEmpty)
    #expect(outcomes(of: [vintage()], actuals: actuals, concept: "examiners", unit: "人").isEmpty)
  }

  /// Reference value of FNV-1a 64 for "foobar".
  @Test func fingerprintIsFNV() { #expect(fingerprint("foobar".utf8) == "85944171f73967e8") }
}
