import Dimensions
import Foundation
import Messages

import Supply

@testable import Datasets
@testable import Forecasting

/// 示例数据 Invented inputs: two provinces, one of them by two cities and a rest, one separate region.
enum Sample {
  static func name(_ text: String) -> Bilingual { Bilingual(zh: text, en: text) }

  static let geography = Geography(
    provinces: ["110000", "440000"], divided: 1, cities: ["440100", "440300"], separate: ["810000"],
    leaves: [
      .init(code: "110000", name: name("甲"), province: 0, hub: "a"),
      .init(code: "440100", name: name("乙一"), province: 1, hub: "b"),
      .init(code: "440300", name: name("乙二"), province: 1, hub: "b"),
      .init(code: "440000-R", name: name("其他"), province: 1, hub: ""),
      .init(code: "810000", name: name("丙"), province: nil, hub: "b"),
    ],
    nodes: [
      .init(code: "100000", name: name("全国"), kind: .nation, hub: "", members: [0, 1, 2, 3]),
      .init(code: "GBA", name: name("湾区"), kind: .hub, hub: "b", members: [1, 2, 4]),
      .init(code: "110000", name: name("甲"), kind: .province, hub: "a", members: [0]),
      .init(code: "440000", name: name("乙"), kind: .province, hub: "", members: [1, 2, 3]),
      .init(code: "440100", name: name("乙一"), kind: .city, hub: "b", members: [1]),
      .init(code: "440300", name: name("乙二"), kind: .city, hub: "b", members: [2]),
      .init(code: "440000-R", name: name("其他"), kind: .rest, hub: "", members: [3]),
      .init(code: "810000", name: name("丙"), kind: .separate, hub: "b", members: [4]),
    ])

  static var inputs: ForecastInputs {
    let years = (history: 2020, base: 2023, last: 2030)
    let horizon = years.last - years.base
    let provinces = Allocation(drivers: [[0.4, 0.6], [0.3, 0.7]], noise: 0.1)
    let growth = GrowthOutlook(
      mean: (1...horizon).map { 0.05 * Double($0) },
      spread: (1...horizon).map { 0.03 * Double($0).squareRoot() }, freedom: 10)
    let population = Population(years: years)
    return ForecastInputs(
      geography: geography, teams: [("P", name("P")), ("U", name("U"))],
      industries: [("x", name("x")), ("y", name("y"))], years: years,
      stock: [2020: 6900, 2021: 7425, 2022: 7991, 2023: 8600], publishedYears: [2020, 2023],
      provinceShares: Dictionary(uniqueKeysWithValues: (2020...2023).map { ($0, provinces) }),
      cityShares: Allocation(drivers: [[0.3, 0.4, .nan]], remainder: true, noise: 0.2),
      separateFactor: [UncertainFactor(central: 0.02, logSpread: 0.5)], separateLike: 1,
      roles: [
        .init(team: 0, industry: 0, evidence: .estimated, spread: 0.05, relativeGrowth: flat(horizon)),
        .init(
          team: 1, industry: 0, evidence: .assumed, spread: 0.25,
          relativeGrowth: (0...horizon).map { 0.01 * Double($0) }),
        .init(team: 1, industry: 1, evidence: .assumed, spread: 0.25, relativeGrowth: flat(horizon)),
      ],
      roleShares: [[0.1, 0.5, 0.4], [0.05, 0.35, 0.6]],
      workforce: .init(
        frame: population.frame, start: population.start, history: population.years(2021...2023),
        transferOut: UncertainFactor(central: 0.03, logSpread: 0.5), entrantsGrowth: growth, growthShock: 0.02),
      cohorts: [
        .init(basis: .nationalShare, base: nil, years: population.years(2024...2030)),
        .init(
          basis: .ownPopulation, base: population.start, years: population.years(2024...2030),
          follows: (0...horizon).map { exp(-0.01 * Double($0)) }),
      ], leafCohort: [0, 0, 0, 0, 1],
      demandGrowth: [GrowthOutlook](repeating: growth, count: 5),
      demandTotals: [
        TotalOutlook(
          name: "100000", leaves: [0, 1, 2, 3],
          growth: GrowthOutlook(
            mean: (1...horizon).map { 0.03 * Double($0) },
            spread: (1...horizon).map { 0.02 * Double($0).squareRoot() }, freedom: 10), common: 1)
      ], commonShock: 0.3, baseGap: 0,
      levers: LeverPaths(leaves: 5, teams: 2, horizon: horizon),
      concept: "sample",
      sources: .init(stock: "s", allocation: "a", cities: "c", separate: "h", demand: "d", supply: "f", roles: "r"))
  }

  /// Ages 25…75 of both sexes; work ends between 60 and 75.
  struct Population {
    let frame: CohortFrame
    let start: CohortTable

    init(years: (history: Int, base: Int, last: Int)) {
      do {
        frame = try CohortFrame(ages: AgeGroup.singleYears(from: 25, open: 75), [.sex: ["male", "female"]])
      } catch {
        fatalError("\(error)")
      }
      start = CohortTable(frame) { exp(-0.08 * Double($0[.age])) }.normalised(to: 1)
    }

    func years(_ years: ClosedRange<Int>) -> [CohortYear] {
      years.map { year in
        CohortYear(
          year: year, death: CohortTable(frame) { 0.0005 * exp(0.09 * Double($0[.age])) },
          retirement: CohortTable(frame) { $0[.age] >= 35 ? 0.5 : 0 }, transfer: CohortTable(frame, repeating: 0.03),
          entrants: [EntrantChannel("", CohortTable(frame) { $0[.age] < 6 ? 1.0 / 12 : 0 })])
      }
    }
  }

  private static func flat(_ horizon: Int) -> [Double] { [Double](repeating: 0, count: horizon + 1) }
}
