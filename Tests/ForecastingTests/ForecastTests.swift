import Dimensions
import Foundation
import TestSupport
import Testing

@testable import Forecasting

private struct Key: Hashable {
  let region: RegionCode
  let measure: Measure
  let year: Int
  let team: String
  let industry: String
}

private func run(_ inputs: ForecastInputs, draws: Int = 60, seed: UInt64 = 1, jobs: Int = 1) throws -> ForecastResults {
  try forecast(inputs, RunOptions(scenario: "sample", draws: draws, seed: seed, jobs: jobs))
}

private func index(_ cells: [ResultCell]) -> [Key: ResultCell] {
  Dictionary(
    cells.map {
      (Key(region: $0.region, measure: $0.measure, year: $0.year, team: $0.team, industry: $0.industry), $0)
    }, uniquingKeysWith: { first, _ in first })
}

@Suite struct ForecastTests {
  @Test func publishedStocksStayPutAndAreObserved() throws {
    let cells = index(try run(Sample.inputs).cells)
    for (year, persons) in [(2020, 6900.0), (2023, 8600)] {
      let cell = try #require(
        cells[Key(region: "100000", measure: .supply, year: year, team: "total", industry: "total")])
      #expect(cell.value == persons && cell.p025 == persons && cell.p975 == persons)
      #expect(cell.evidence == .observed)
    }
    let between = try #require(
      cells[Key(region: "100000", measure: .supply, year: 2021, team: "total", industry: "total")])
    #expect(between.evidence == .estimated && between.value > 6900 && between.value < 8600)
  }

  /// Where full-time equivalents are counted, nothing is said in heads; the numbers are the same.
  @Test func cellsAreInTheUnitOfTheStock() throws {
    var inputs = Sample.inputs
    let heads = try run(inputs).cells
    inputs.unit = "人年"
    let fullTime = try run(inputs).cells
    #expect(Set(heads.map(\.unit)).isSubset(of: ["人", "人/年", "人/万人年", "1"]))
    #expect(Set(fullTime.map(\.unit)).isSubset(of: ["人年", "人年/年", "人年/万人年", "1"]))
    #expect(zip(heads, fullTime).allSatisfy { $0.value == $1.value || $0.value.isNaN && $1.value.isNaN })
  }

  @Test func noCellAppearsTwice() throws {
    let cells = try run(Sample.inputs).cells
    #expect(index(cells).count == cells.count)
  }

  /// Provinces add up to the nation, cities and the rest to their province, the hub to its members,
  /// teams and industries to totals: for every additive measure and year.
  @Test func partsAddUpInEveryRowSet() throws {
    let cells = index(try run(Sample.inputs).cells)
    let additive: Set<Measure> = [
      .supply, .demand, .gapRequirement, .entrants, .retirements, .exits, .expansion, .replacement, .openings,
    ]
    let sums: [(RegionCode, [RegionCode])] = [
      ("100000", ["110000", "440000"]), ("440000", ["440100", "440300", "440000-R"]),
      ("GBA", ["440100", "440300", "810000"]),
    ]
    var compared = 0
    for (key, cell) in cells where additive.contains(key.measure) {
      for (parent, parts) in sums where key.region == parent {
        let sum = try parts.reduce(0.0) { sum, part in
          let cell = try #require(
            cells[Key(region: part, measure: key.measure, year: key.year, team: key.team, industry: key.industry)])
          return sum + cell.value
        }
        #expect(close(sum, cell.value, relative: 1e-9, absolute: 1e-4), "\(key)")
        compared += 1
      }
      if key.team == "total", key.industry == "total" {
        let sum = try ["P", "U"].reduce(0.0) { sum, team in
          let cell = try #require(
            cells[Key(region: key.region, measure: key.measure, year: key.year, team: team, industry: "total")])
          return sum + cell.value
        }
        #expect(close(sum, cell.value, relative: 1e-9, absolute: 1e-4), "\(key)")
        if key.measure == .demand {
          let byIndustry = try ["x", "y"].reduce(0.0) { sum, industry in
            let cell = try #require(
              cells[Key(region: key.region, measure: .demand, year: key.year, team: "total", industry: industry)])
            return sum + cell.value
          }
          #expect(close(byIndustry, cell.value, relative: 1e-9, absolute: 1e-4), "\(key)")
        }
        compared += 1
      }
    }
    #expect(compared > 300)
  }

  /// start + entrants − retirements − exits = end, and openings = expansion + replacement.
  @Test func flowsBalanceForEveryRegionTeamAndYear() throws {
    let cells = index(try run(Sample.inputs).cells)
    func value(_ region: RegionCode, _ measure: Measure, _ year: Int, _ team: String) throws -> Double {
      try #require(cells[Key(region: region, measure: measure, year: year, team: team, industry: "total")]).value
    }
    for region in Sample.geography.nodes.map(\.code) {
      for team in ["total", "P", "U"] {
        for year in 2024...2030 {
          let end =
            try value(region, .supply, year - 1, team) + value(region, .entrants, year, team)
            - value(region, .retirements, year, team) - value(region, .exits, year, team)
          #expect(close(end, try value(region, .supply, year, team), relative: 1e-9, absolute: 1e-4))
          #expect(
            close(
              try value(region, .openings, year, team),
              try value(region, .expansion, year, team) + value(region, .replacement, year, team), relative: 1e-9,
              absolute: 1e-4))
          #expect(
            close(
              try value(region, .expansion, year, team),
              try value(region, .demand, year, team) - value(region, .demand, year - 1, team), relative: 1e-9,
              absolute: 1e-4))
        }
      }
    }
  }

  @Test func quantilesAreOrderedAndMostDrawsDiffer() throws {
    let cells = try run(Sample.inputs).cells
    for cell in cells where !cell.p025.isNaN && !cell.p975.isNaN {
      #expect(cell.p025 <= cell.p10 && cell.p10 <= cell.p50 && cell.p50 <= cell.p90 && cell.p90 <= cell.p975)
    }
    let spread = cells.filter { $0.year == 2030 && $0.measure == .supply }
    #expect(spread.allSatisfy { $0.p90 > $0.p10 })
  }

  @Test func sameBytesAtAnyNumberOfThreads() throws {
    let one = resultsCSV(try run(Sample.inputs, jobs: 1).cells)
    #expect(one == resultsCSV(try run(Sample.inputs, jobs: 2).cells))
    #expect(one == resultsCSV(try run(Sample.inputs, jobs: 7).cells))
    #expect(one != resultsCSV(try run(Sample.inputs, seed: 2).cells))
  }

  /// Centres are means of the draws, never the path without chance.
  @Test func theCentreIsTheMeanOfTheDraws() throws {
    let options = RunOptions(scenario: "sample", draws: 60, seed: 1, jobs: 1)
    let cells = index(try run(Sample.inputs).cells)
    for node in Sample.geography.nodes.prefix(2) {
      for measure in [Measure.supply, .demand, .gapRequirement, .entrants] {
        let runs = try #require(try FigureQuestion(measure: measure, node: node, year: 2030).runs(Sample.inputs, options))
        let cell = try #require(cells[Key(region: node.code, measure: measure, year: 2030, team: "total", industry: "total")])
        #expect(close(cell.value, runs.dropFirst().reduce(0, +) / 60, relative: 1e-9, absolute: 2e-6))
        #expect(abs(cell.value - runs[0]) > 1e-3)
      }
    }
  }

  /// Differences, sums and ratios of centres are those of the centres printed, to the last decimal; so they are when
  /// the draws are made in sections.
  @Test(arguments: [10_000, 25]) func whatIsMadeOfMeansAgreesWithThem(_ atOnce: Int) throws {
    var options = RunOptions(scenario: "sample", draws: 60, seed: 1, jobs: 1)
    options.mostAtOnce = atOnce
    let all = try forecast(Sample.inputs, options).cells
    let cells = index(all)
    var compared: [Measure: Int] = [:]
    for cell in all {
      func at(_ measure: Measure, year: Int? = nil, region: RegionCode? = nil, all: Bool = false) throws -> Double {
        let key = Key(
          region: region ?? cell.region, measure: measure, year: year ?? cell.year, team: all ? "total" : cell.team,
          industry: all ? "total" : cell.industry)
        return try #require(cells[key]).value
      }
      let made: Double
      switch cell.measure {
      case .gapRequirement: made = try at(.demand) - at(.supply)
      case .adequacy: made = try at(.supply) / at(.demand)
      case .expansion: made = try at(.demand) - at(.demand, year: cell.year - 1)
      case .replacement: made = try at(.retirements) + at(.exits)
      case .openings: made = try at(.expansion) + at(.replacement)
      case .pressure where cell.value.isFinite: made = try at(.entrants) / at(.openings)
      case .locationQuotient:
        let here = try at(.demand) / at(.demand, all: true)
        made = try here / (at(.demand, region: "100000") / at(.demand, region: "100000", all: true))
      default: continue
      }
      // Half a unit of the sixth decimal, and the binary form of decimal numbers.
      #expect(abs(cell.value - made) <= 5.1e-7, "\(cell.region) \(cell.measure) \(cell.year) \(cell.team): \(cell.value) ≠ \(made)")
      compared[cell.measure, default: 0] += 1
    }
    #expect(compared.count == 7)
  }

  /// Log-normal factors have mean one, so that chance moves no mean: within four standard errors of the path without it.
  @Test func chanceMovesNoMean() throws {
    let options = RunOptions(scenario: "sample", draws: 1500, seed: 3, jobs: 2)
    let drawn = try LeafDraws(Sample.inputs, options)
    for leaf in Sample.geography.leaves.indices {
      let runs = drawn.demand(leaf: leaf, year: 2030)
      let draws = runs.dropFirst()
      let mean = draws.reduce(0, +) / 1500
      let error = (draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 1500 / 1500).squareRoot()
      #expect(abs(mean - runs[0]) < 4 * error, "\(leaf): \(mean) and \(runs[0]), error \(error)")
    }
    let streams = RunStreams(options)
    let factors = (1...4000).map { streams.factor($0, .role, spread: 0.8) }
    let spread = (exp(0.64) - 1).squareRoot()
    #expect(abs(factors.reduce(0, +) / 4000 - 1) < 4 * spread / Double(4000).squareRoot() && streams.factor(0, .role, spread: 0.8) == 1)
  }

  @Test func anotherUnitOnlyRescales() throws {
    var tenfold = Sample.inputs
    tenfold.stock = tenfold.stock.mapValues { $0 * 10 }
    for (a, b) in zip(try run(Sample.inputs).cells, try run(tenfold).cells) {
      let factor = a.unit == "1" ? 1.0 : 10
      #expect(a.value.isNaN && b.value.isNaN || close(a.value * factor, b.value, relative: 1e-9, absolute: 1e-4))
    }
  }

  @Test func aBalancedBaseYearHasNoGap() throws {
    let cells = try run(Sample.inputs).cells.filter { $0.year == 2023 && $0.measure == .gapRequirement }
    #expect(!cells.isEmpty && cells.allSatisfy { abs($0.value) < 1e-6 && abs($0.p90) < 1e-6 })
    var short = Sample.inputs
    short.baseGap = 0.1
    let nation = try run(short).cells.first {
      $0.region == "100000" && $0.year == 2023 && $0.measure == .gapRequirement && $0.team == "total"
    }
    #expect(close(try #require(nation).value, 860, relative: 1e-9, absolute: 1e-4))
  }

  @Test func withoutAPublishedStartTheRunRefuses() {
    var inputs = Sample.inputs
    inputs.publishedYears = [2023]
    #expect(throws: ForecastError.noBaseStock(first: 2020, base: 2023)) { try run(inputs) }
  }

  @Test func numbersArePrintedShortAndRoundedHalfUp() {
    func decimal(_ value: Double, _ decimals: Int) -> String {
      var bytes: [UInt8] = []
      appendDecimal(value, decimals, to: &bytes)
      return String(decoding: bytes, as: UTF8.self)
    }
    #expect(decimal(0.000001, 6) == "0.000001" && decimal(-12.050_000_4, 6) == "-12.05" && decimal(1e18, 6) == "1e+18")
    #expect(decimal(1234.5, 2) == "1234.5" && decimal(0.125, 2) == "0.13" && decimal(-0.125, 2) == "-0.13")
    #expect(decimal(860_000, 6) == "860000" && decimal(.nan, 2) == "" && decimal(-0.0001, 2) == "0")
  }

  /// A figure that does not vary, or is small, stays between its quantiles as they are printed.
  @Test func roundingPutsNoFigureOutsideItsInterval() throws {
    var inputs = Sample.inputs
    inputs.stock = inputs.stock.mapValues { $0 / 1e6 }
    let cells = try run(inputs).cells
    let lines = String(decoding: resultsCSV(cells), as: UTF8.self).split(separator: "\n").dropFirst().map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    #expect(lines.count == cells.count)
    let published = lines.filter { $0[16] == "published" }
    #expect(Set(published.map { $0[9] }) == ["0.0069", "0.0086"])
    for line in published { #expect(Set(line[9...14]) == [line[9]], "\(line)") }
    let small = cells.filter { $0.measure == .retirements && $0.value > 1e-5 }
    #expect(!small.isEmpty && small.allSatisfy { $0.p025 > 0 && $0.p025 <= $0.value && $0.value <= $0.p975 })
  }
}
