import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import TestSupport
import Testing

@testable import Forecasting

private let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

@Suite struct CountedAllocationTests {
  private let drivers = [[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]]

  /// 0.4 is published of the first part; the drivers share 0.6 as 3:2 and 6:3.
  @Test func aPublishedShareIsKeptAndTheOthersShareTheRest() {
    let allocation = Allocation(drivers: drivers, noise: 0.1, counted: [0: 0.4])
    #expect(allocation.shares[0] == 0.4)
    #expect(close(allocation.shares[1], (0.36 + 0.4) / 2))
    #expect(close(allocation.shares[2], (0.24 + 0.2) / 2))
  }

  @Test(arguments: 0..<20 as Range<UInt64>)
  func noDrawMovesWhatIsPublished(seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let allocation = Allocation(drivers: drivers, noise: 0.3, counted: [1: 0.25])
    let drawn = allocation.drawn(
      uniforms: (0..<2).map { _ in Double.random(in: 0..<1, using: &random) },
      deviates: (0..<3).map { _ in Double.random(in: -2...2, using: &random) })
    #expect(drawn[1] == 0.25)
    #expect(close(drawn.reduce(0, +), 1))
    #expect(drawn[0] > 0 && drawn[2] > 0 && drawn[0] != allocation.shares[0])
  }

  /// Every part publishes, to within rounding of the whole: shares still sum to 1.
  @Test func whenEveryPartIsPublishedTheSharesSumToOne() {
    let allocation = Allocation(drivers: drivers, noise: 0.3, counted: [0: 0.2, 1: 0.3, 2: 0.501])
    #expect(close(allocation.shares.reduce(0, +), 1))
    #expect(close(allocation.shares[2], 0.501 / 1.001))
    #expect(allocation.drawn(uniforms: [0.3, 0.9], deviates: [1, -1, 2]) == allocation.shares)
  }
}

/// The example project: R&D personnel of the provinces, on the bundled data.
@Suite struct SecondWorkforceTests {
  private static let folder = project.appending(path: "Examples/rd-personnel/Models/baseline.yaml").path
  private let catalogue: Catalogue
  private let text: String

  init() throws {
    catalogue = try Catalogue(directory: project.appending(path: "Datasets").path)
    text = try String(contentsOfFile: SecondWorkforceTests.folder, encoding: .utf8)
  }

  private func cells(_ text: String) throws -> (ForecastAssembly, [ResultCell]) {
    let assembly = try ForecastAssembly(model: try parseModel(text, file: "m.yaml"), catalogue: catalogue)
    let options = RunOptions(scenario: "baseline", draws: 100, seed: 1, jobs: 1)
    return (assembly, try forecast(assembly.inputs, options).cells)
  }

  @Test func publishedProvincesAreKeptAndObserved() throws {
    let (assembly, cells) = try cells(text)
    func supply(_ code: RegionCode, _ year: Int) throws -> ResultCell {
      try #require(cells.first { $0.region == code && $0.measure == .supply && $0.year == year })
    }
    for (code, year) in [("110000", 2023), ("440000", 2021), ("540000", 2020)] as [(RegionCode, Int)] {
      let row = try #require(try catalogue.panel("rd_personnel_fte").series(code).first { $0.year == year })
      let cell = try supply(code, year)
      #expect(cell.value == row.value && cell.p10 == row.value && cell.p90 == row.value)
      #expect(cell.evidence == .observed && cell.method == "published" && cell.source == row.source)
    }
    // A hub of whole provinces is their sum; a forecast is no observation.
    let parts = try ["110000", "120000", "130000"].map { try supply(RegionCode($0), 2023).value }
    #expect(try supply("JJJ", 2023).value == parts.reduce(0, +))
    #expect(try supply("JJJ", 2023).evidence == .observed)
    #expect(try supply("110000", 2030).evidence == .assumed)
    // Four years in which parts and whole differ by two or three person-years: both numbers are said.
    #expect(assembly.notes.count == 4)
    #expect(assembly.notes.last?.en.hasSuffix("in 2023: 31 regions publish 7240584 together, the nation 7240582") == true)
  }

  @Test func anUndividedWorkforceHasOneRowACell() throws {
    let (assembly, cells) = try cells(text)
    #expect(cells.allSatisfy { $0.team == "total" && $0.industry == "total" })
    #expect(Set(cells.map { "\($0.region) \($0.measure) \($0.year)" }).count == cells.count)
    #expect(assembly.inputs.geography.leaves.count == 31)
    #expect(cells.contains { $0.measure == .demand && $0.year == 2035 && $0.region == "650000" && $0.value > 0 })
  }

  /// The nation alone: no regions at all.
  @Test func aNationWithoutRegionsRuns() throws {
    let from = try #require(text.range(of: "regions:\n")).lowerBound
    let to = try #require(text.range(of: "# Only for provinces")).lowerBound
    let (assembly, cells) = try cells(text.replacingCharacters(in: from..<to, with: "regions: {}\n\n"))
    #expect(assembly.inputs.geography.nodes.map(\.code) == ["100000"])
    let supply = try #require(cells.first { $0.measure == .supply && $0.year == 2023 })
    #expect(supply.value == 7_240_582 && supply.evidence == .observed)
    #expect(cells.contains { $0.measure == .gapRequirement && $0.year == 2035 })
  }

  /// A region with statistics of its own needs to be told what it follows, four times over.
  @Test func aModelThatNamesTooLittleIsToldWhat() throws {
    let vague = text.replacing("  hubs:\n", with: "  separate: [\"810000\"]\n  hubs:\n")
    #expect {
      try parseModel(vague, file: "m.yaml")
    } throws: { error in
      let paths = (error as? ProblemReport)?.problems.map(\.path) ?? []
      return paths == ["allocation.separate", "demand.separate", "supply.separate", "supply.separate_exit_age"]
    }
  }
}
