import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import Supply
import Tables
import TimeSeries

/// Hazards, entry ages and entrants' growth of the national workforce, and the populations that the
/// separate regions follow.
struct SupplyAssembly {
  let workforce: ForecastInputs.WorkforceInput
  let separate: [ForecastInputs.SeparateSupplyInput]

  /// Ages at work run from the first entry age to this one; the oldest keeps its survivors.
  private static let lastAge = 75

  init?(_ geography: Geography, _ model: ModelSpec, _ scenario: ScenarioSpec, lookup: inout SeriesLookup) {
    let spec = model.supply
    let entry = spec.entryAge.range ?? spec.entryAge.value...spec.entryAge.value
    let entryAges = Int(entry.lowerBound.rounded())...Int(entry.upperBound.rounded())
    let ages = entryAges.lowerBound..<(SupplyAssembly.lastAge + 1)
    let years = (model.years.history + 1)...model.years.last
    let female = spec.femaleShare.value
    guard
      let mortality = SupplyAssembly.mortality(
        spec.mortality, female: female, ages: ages, years: years, lookup: &lookup),
      let retirement = SupplyAssembly.retirement(
        spec, scenario, female: female, ages: ages, years: years, base: model.years.base, lookup: &lookup),
      let entrants = GrowthGroup(
        [(spec.entrantsFollow, model.stock.nation)], damping: model.damping, lookup: &lookup),
      let comparable = GrowthGroup(
        [(spec.entrantsVolatility, model.stock.nation)], damping: model.damping, lookup: &lookup)
    else { return nil }
    let range = spec.transferOut.range
    workforce = ForecastInputs.WorkforceInput(
      firstAge: ages.lowerBound, mortality: mortality, retirement: retirement, entryAges: entryAges,
      transferOut: UncertainFactor(
        central: spec.transferOut.value,
        logSpread: range.map { log($0.upperBound / $0.lowerBound) / 2.563103131 } ?? 0),
      entrantsGrowth: entrants.outlook(0, base: model.years.base, horizon: model.years.last - model.years.base),
      growthShock: comparable.pooled.members[0].sigma)
    var separate: [ForecastInputs.SeparateSupplyInput] = []
    for code in geography.separate {
      guard let population = spec.separatePopulation[code],
        let input = SupplyAssembly.separate(
          population, firstAge: ages.lowerBound, exitAge: Int(spec.separateExitAge.value), model: model, lookup: &lookup)
      else {
        lookup.report(
          "model.missing-key",
          Bilingual(zh: "supply.separate 缺少 \(code) 的人口", en: "supply.separate lacks the population of \(code)"))
        return nil
      }
      separate.append(input)
    }
    self.separate = separate
  }

  private static func mortality(
    _ population: String, female: Double, ages: Range<Int>, years: ClosedRange<Int>, lookup: inout SeriesLookup
  ) -> [[Double]]? {
    guard
      let table = lookup.table(
        "mortality", columns: ["loc", "year", "age", "qx_male", "qx_female"])
    else { return nil }
    var rates: [Int: [Int: Double]] = [:]
    for row in 0..<table.count where table[row, "loc"] == population {
      guard let year = Int(table[row, "year"]), let age = Int(table[row, "age"]),
        let male = Double(table[row, "qx_male"]), let women = Double(table[row, "qx_female"])
      else { continue }
      rates[year, default: [:]][age] = (1 - female) * male + female * women
    }
    var all: [[Double]] = []
    for year in years {
      let row = ages.compactMap { rates[year]?[$0] }
      guard row.count == ages.count else {
        lookup.report(
          "model.no-mortality",
          Bilingual(
            zh: "缺少 \(population) \(year) 年 \(ages.lowerBound)—\(ages.upperBound - 1) 岁的死亡率",
            en: "mortality of \(population) in \(year) lacks ages \(ages.lowerBound) to \(ages.upperBound - 1)"))
        return nil
      }
      all.append(row)
    }
    return all
  }

  private static func retirement(
    _ spec: ModelSpec.Supply, _ scenario: ScenarioSpec, female: Double, ages: Range<Int>, years: ClosedRange<Int>,
    base: Int, lookup: inout SeriesLookup
  ) -> [[Double]]? {
    do {
      let table = try lookup.catalogue.rows(package: "standards", resource: "retirement_reform_2025")
      let schedule = try RetirementSchedule(table: table)
      let mix = try RetirementMix([(spec.retirement.male, 1 - female), (spec.retirement.female, female)])
      var hazards: [[Double]] = []
      for year in years {
        let takeUp =
          year > base
          ? try RetirementTakeUp(
            early: scenario.value("supply.retirement_early", year: year),
            late: scenario.value("supply.retirement_late", year: year)) : .onTime
        hazards += try schedule.hazards(mix, ages: ages, years: year...year, takeUp: takeUp)
      }
      return hazards
    } catch let report as ProblemReport {
      lookup.report(report)
    } catch {
      lookup.report("model.retirement", Bilingual(zh: "退休年龄表：\(error)", en: "retirement schedule: \(error)"))
    }
    return nil
  }

  /// A region whose workforce follows its population of working age.
  private static func separate(
    _ population: String, firstAge: Int, exitAge: Int, model: ModelSpec, lookup: inout SeriesLookup
  ) -> ForecastInputs.SeparateSupplyInput? {
    guard let table = lookup.table("population_wpp", columns: ["loc", "year", "age", "male", "female"]) else { return nil }
    let years = model.years.base...model.years.last
    var working: [Int: Double] = [:]
    var oldest: [Int: Double] = [:]
    for row in 0..<table.count where table[row, "loc"] == population {
      guard let year = Int(table[row, "year"]), years.contains(year), let age = Int(table[row, "age"]),
        let male = Double(table[row, "male"]), let female = Double(table[row, "female"])
      else { continue }
      if (firstAge..<exitAge).contains(age) { working[year, default: 0] += male + female }
      if age == exitAge - 1 { oldest[year, default: 0] += male + female }
    }
    guard let start = working[model.years.base], start > 0, years.allSatisfy({ (working[$0] ?? 0) > 0 }) else {
      return nil
    }
    let exits = years.map { (oldest[$0] ?? 0) / (working[$0] ?? 1) }
    return ForecastInputs.SeparateSupplyInput(
      growth: years.map { log((working[$0] ?? start) / start) },
      ageExit: exits.reduce(0, +) / Double(exits.count))
  }
}
