import Dimensions
import Foundation
import Messages
import Supply
import Tables
import TestSupport
import Testing

@testable import Datasets
@testable import Forecasting
@testable import ModelSpecs

private let project = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

/// Data of one's own as people have them: a figure that is not out yet, a last figure that is off, ages of people
/// who have stayed on.
@Suite struct OwnDataTests {
  /// Shanghai publishes 1 987 000 and 2 034 000 and not yet 2023; six regions of 31 publish at all.
  @Test func aMissingBaseYearIsCarriedForward() throws {
    let folder = try TemporaryFolder()
    try folder.link("standards", to: project.appending(path: "Datasets/standards"))
    for name in try FileManager.default.contentsOfDirectory(atPath: project.appending(path: "Datasets").path)
    where name != "standards" && name != "boundaries" {
      try folder.link(name, to: project.appending(path: "Datasets/\(name)"))
    }
    let own = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Cases/missing-base-year")
    try folder.link("my", to: own.appending(path: "my"))
    let text = try String(contentsOf: own.appending(path: "baseline.yaml"), encoding: .utf8)
    let assembly = try ForecastAssembly(
      model: try parseModel(text, file: "m.yaml"), catalogue: try Catalogue(directory: folder.path))
    let cells = try forecast(assembly.inputs, RunOptions(scenario: "baseline", draws: 200, seed: 1, jobs: 2)).cells
    let cell = try #require(cells.first { $0.region == "310000" && $0.measure == .supply && $0.year == 2023 })
    // The share of 2022, 2 034 000 of 82 100 000, of the nation's 83 507 000.
    #expect(close(assembly.inputs.provinceShares[2023]?.shares[8] ?? 0, 2_034_000 / 82_100_000, relative: 1e-9))
    #expect(cell.p10 < 2_068_858 && cell.p90 > 2_068_858 && cell.p975 < 2_500_000 && cell.p025 > 1_700_000)
    #expect(cell.p90 > cell.p10 && cell.evidence == .estimated && cell.method == "carried" && cell.source == "yb")
    let beijing = try #require(cells.first { $0.region == "110000" && $0.measure == .supply && $0.year == 2023 })
    #expect(beijing.value == 2_249_000 && beijing.p10 == beijing.p90)
    #expect(assembly.notes.contains { $0.en.contains("nothing is published for 2023 by Shanghai") })
  }

  /// A last figure five per cent too low takes about five per cent off the future, not a quarter.
  @Test(arguments: [0.95, 1.05])
  func oneNoisyFigureMovesTheFutureByItsNoise(factor: Double) throws {
    func supply(_ factor: Double, _ grade: Evidence) throws -> ResultCell {
      var inputs = Sample.inputs
      let growth = [6900.0, 7425, 7991, 8600]
      for (t, persons) in growth.enumerated() { inputs.stock[2020 + t] = persons }
      inputs.stock[2023] = 8600 * factor
      inputs.publishedYears = [2020, 2021, 2022, 2023]
      for year in 2020...2023 { inputs.stockEvidence[year] = grade }
      let cells = try forecast(inputs, RunOptions(scenario: "s", draws: 200, seed: 1, jobs: 1)).cells
      return try #require(
        cells.first { $0.region == "100000" && $0.measure == .supply && $0.year == 2030 && $0.team == "total" && $0.industry == "total" })
    }
    for grade in [Evidence.observed, .assumed] {
      let (plain, noisy) = (try supply(1, grade), try supply(factor, grade))
      #expect(abs(noisy.p50 / plain.p50 - 1) < 0.075)
      #expect(abs(noisy.p50 / plain.p50 - 1) > 0.01)
      #expect(noisy.p10 < plain.p50 && plain.p50 < noisy.p90)
    }
  }

  /// A stated range of the gap in the base year is drawn: eight draws of ten lie in it.
  @Test func theRangeOfTheBaseGapIsDrawn() throws {
    var inputs = Sample.inputs
    inputs.baseGap = 0.03
    inputs.baseGapRange = 0.01...0.07
    let cells = try forecast(inputs, RunOptions(scenario: "s", draws: 2000, seed: 1, jobs: 2)).cells
    func cell(_ measure: Measure) throws -> ResultCell {
      try #require(cells.first { $0.region == "100000" && $0.measure == measure && $0.year == 2023 && $0.team == "total" && $0.industry == "total" })
    }
    let adequacy = try cell(.adequacy)
    #expect(close(1 / adequacy.p50, 1.03, relative: 3e-3))
    #expect(close(1 / adequacy.p90, 1.01, relative: 3e-3) && close(1 / adequacy.p10, 1.07, relative: 3e-3))
  }
}

/// What is observed after the base year is growth from it, and does not become its level.
@Suite struct GrowthFromTheBaseYearTests {
  private func outlook(_ rows: [(year: Int, value: Double)], base: Int) throws -> GrowthOutlook {
    try #require(GrowthGroup([rows], damping: 0.9)).outlook(0, base: base, horizon: 4)
  }

  @Test func aBaseYearWithoutAFigureLiesBetweenItsNeighbours() throws {
    let rows = [2016, 2017, 2018, 2019, 2020, 2021, 2022, 2024].map { (year: $0, value: exp(0.1 * Double($0 - 2016))) }
    let growth = try outlook(rows, base: 2023)
    #expect(close(growth.mean[0], 0.1, relative: 1e-9) && growth.spread[0] == 0)
    #expect(close(try outlook(rows, base: 2022).mean[0], 0.1, relative: 1e-9))
    #expect(growth.mean[1] > growth.mean[0] && growth.mean[1] < 0.25)
  }
}

@Suite struct EstimatedAllocationTests {
  private let drivers = [[0.5, 0.3, 0.2], [0.1, 0.6, 0.3]]

  /// A part counted in another year keeps its share; the others share the rest.
  @Test func anEstimatedShareStandsBesideTheCountedOnes() throws {
    let own = [1: UncertainFactor(central: 0.3, logSpread: 0.1)]
    let allocation = Allocation(drivers: drivers, noise: 0.1, counted: [0: 0.4], estimated: own)
    #expect(allocation.shares[0] == 0.4 && close(allocation.shares[1], 0.3) && close(allocation.shares[2], 0.3))
    let drawn = allocation.drawn(uniforms: [0.2, 0.7], deviates: [1, 1, 1])
    #expect(drawn[0] == 0.4 && close(drawn[1], 0.3 * exp(0.1)) && close(drawn.reduce(0, +), 1))
  }

  /// Where all others are counted, what they leave is the answer.
  @Test func theLastPartIsWhatTheOthersLeave() {
    let own = [2: UncertainFactor(central: 0.9, logSpread: 0.1)]
    let allocation = Allocation(drivers: drivers, noise: 0.1, counted: [0: 0.4, 1: 0.35], estimated: own)
    #expect(close(allocation.shares[2], 0.25))
    #expect(close(allocation.drawn(uniforms: nil, deviates: [0, 0, 2])[2], 0.25))
  }
}

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let path: String
  init() throws {
    path = FileManager.default.temporaryDirectory.path + "/talentcast-own-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }
  func link(_ name: String, to target: URL) throws {
    try FileManager.default.createSymbolicLink(atPath: path + "/" + name, withDestinationPath: target.path)
  }
  deinit {
    do { try FileManager.default.removeItem(atPath: path) } catch {}
  }
}
