import Dimensions
import Foundation
import Messages
import ModelSpecs
import Supply

/// Yearly rates by age and sex as a model and the data packages give them, ready for the cohort engine.
struct CohortRates {
  let frame: CohortFrame
  private let spec: ModelSpec.Supply
  private let ages: Range<Int>
  private let mortality: [String: [Int: [Int: [Double]]]]
  private let schedule: RetirementSchedule
  private let entrant: EntrantChannel
  /// Share of those who are at work past the age of retirement that is gone a year later, by age, where it is counted.
  private var gone: [Double?] = []

  /// Ages at work run from the first entry age to this one; the oldest keeps its survivors.
  private static let lastAge = 75
  private static let sexes = ["male", "female"]

  init?(_ entryAges: ClosedRange<Int>, _ model: ModelSpec, lookup: inout SeriesLookup) {
    let ages = entryAges.lowerBound..<(CohortRates.lastAge + 1)
    guard let mortality = CohortRates.mortality(lookup: &lookup) else { return nil }
    do {
      frame = try CohortFrame(
        ages: AgeGroup.singleYears(from: ages.lowerBound, open: CohortRates.lastAge), [.sex: CohortRates.sexes])
      schedule = try RetirementSchedule(
        table: try lookup.catalogue.rows(package: "standards", resource: "retirement_reform_2025"))
    } catch let report as ProblemReport {
      lookup.report(report)
      return nil
    } catch {
      lookup.report("model.retirement", Bilingual(zh: "退休年龄表：\(error)", en: "retirement schedule: \(error)"))
      return nil
    }
    self.ages = ages
    self.mortality = mortality
    spec = model.supply
    let female = spec.femaleShare.value
    let each = 1 / Double(entryAges.count)
    entrant = EntrantChannel(
      "",
      CohortTable(frame) { at in
        entryAges.contains(ages.lowerBound + at[.age]) ? each * (at[.sex] == 0 ? 1 - female : female) : 0
      })
  }

  /// `[population][year][age]` → by sex.
  private static func mortality(lookup: inout SeriesLookup) -> [String: [Int: [Int: [Double]]]]? {
    guard let table = lookup.table("mortality", columns: ["loc", "year", "age", "qx_male", "qx_female"]) else { return nil }
    var rates: [String: [Int: [Int: [Double]]]] = [:]
    for row in 0..<table.count {
      guard let year = Int(table[row, "year"]), let age = Int(table[row, "age"]),
        let male = Double(table[row, "qx_male"]), let female = Double(table[row, "qx_female"])
      else { continue }
      guard (0...1).contains(male), (0...1).contains(female) else {
        lookup.report(
          "model.bad-mortality",
          Bilingual(
            zh: "\(table[row, "loc"]) \(year) 年 \(age) 岁的死亡率 \(male)、\(female) 不在 0 与 1 之间",
            en: "the death rates \(male) and \(female) of \(table[row, "loc"]) in \(year) at age \(age) are not between 0 and 1"),
          hint: Bilingual(zh: "死亡率是比例：百分数应除以 100", en: "a death rate is a share: divide a percentage by 100"))
        return nil
      }
      rates[table[row, "loc"], default: [:]][year, default: [:]][age] = [male, female]
    }
    return rates
  }

  private func deaths(_ population: String, _ year: Int, lookup: inout SeriesLookup) -> CohortTable? {
    let rows = ages.map { mortality[population]?[year]?[$0] ?? [] }
    guard rows.allSatisfy({ $0.count == 2 }) else {
      lookup.report(
        "model.no-mortality",
        Bilingual(
          zh: "缺少 \(population) \(year) 年 \(ages.lowerBound)—\(ages.upperBound - 1) 岁的死亡率",
          en: "mortality of \(population) in \(year) lacks ages \(ages.lowerBound) to \(ages.upperBound - 1)"))
      return nil
    }
    return CohortTable(frame) { rows[$0[.age]][$0[.sex]] }
  }

  /// Years under the pension system of the nation.
  ///
  /// - Parameter scenario: whose take-up of early and late retirement holds; nil for the past.
  func years(
    _ years: ClosedRange<Int>, population: String, scenario: ScenarioSpec?, lookup: inout SeriesLookup
  ) -> [CohortYear]? {
    var all: [CohortYear] = []
    do throws(SupplyError) {
      let mixes = [RetirementMix(spec.retirement.male), RetirementMix(spec.retirement.female)]
      for year in years {
        let takeUp =
          try scenario.map { scenario throws(SupplyError) in
            try RetirementTakeUp(
              early: scenario.value("supply.retirement_early", year: year),
              late: scenario.value("supply.retirement_late", year: year))
          } ?? .onTime
        guard let death = deaths(population, year, lookup: &lookup) else { return nil }
        var hazards: [[Double]] = []
        for (sex, mix) in mixes.enumerated() {
          hazards += try schedule.hazards(mix, ages: ages, years: year...year, takeUp: takeUp) { age in
            retirement(past: age, death: death.values[(age - ages.lowerBound) * mixes.count + sex])
          }
        }
        all.append(
          try self.year(year, death: death, retirement: CohortTable(frame) { hazards[$0[.sex]][$0[.age]] }))
      }
      return all
    } catch {
      lookup.report("model.retirement", Bilingual(zh: "退休年龄表：\(error.message.zh)", en: "retirement schedule: \(error.message.en)"))
      return nil
    }
  }

  /// The part of what takes people past the age of retirement that is neither death nor transfer.
  private func retirement(past age: Int, death: Double) -> Double? {
    guard let gone = gone.indices.contains(age - ages.lowerBound) ? gone[age - ages.lowerBound] : nil else { return nil }
    let others = (1 - death) * (1 - spec.transferOut.value)
    return others > 0 ? min(1, max(0, 1 - (1 - gone) / others)) : nil
  }

  private func year(_ year: Int, death: CohortTable, retirement: CohortTable) throws(SupplyError) -> CohortYear {
    CohortYear(
      year: year, death: death, retirement: retirement,
      transfer: CohortTable(try CohortFrame(), repeating: spec.transferOut.value), entrants: [entrant])
  }

  /// Shares by age and sex of a workforce that has long grown at one rate under the first year's exits:
  ///
  ///     N(a, s) ∝ Σ_e entrants(e, s) · exp(−g · (a − e)) · survival(e → a)
  func stableStructure(like years: [CohortYear], growth: Double) -> CohortTable? {
    guard let first = years.first, let death = first.death, let retirement = first.retirement else { return nil }
    let stay = 1 - spec.transferOut.value
    let sexes = CohortRates.sexes.count
    var structure = CohortTable(frame, repeating: 0)
    for sex in 0..<sexes {
      var carried = 0.0
      for age in 0..<ages.count {
        let cell = age * sexes + sex
        structure.values[cell] = carried + entrant.persons.values[cell]
        carried =
          structure.values[cell] * exp(-growth) * (1 - death.values[cell]) * (1 - retirement.values[cell]) * stay
      }
    }
    return structure.normalised(to: 1)
  }

  /// A region outside the national pension system: its own people by age and sex where it publishes
  /// them, its population of working age otherwise; its own mortality; work ends at one age.
  func separate(
    _ population: String, own: CohortTable?, model: ModelSpec, scenario: ScenarioSpec, lookup: inout SeriesLookup
  ) -> CohortInput? {
    let exitAge = Int(spec.separateExitAge.value)
    guard let people = self.people(population, model.years.base...model.years.last, below: exitAge, lookup: &lookup),
      let start = people.first
    else { return nil }
    var years: [CohortYear] = []
    do throws(SupplyError) {
      // Who is counted at work at a later age has stayed on, and leaves as others do who have.
      let retirement = CohortTable(frame) { at in
        let age = ages.lowerBound + at[.age]
        return age < exitAge - 1 ? 0 : age < exitAge ? 1 : RetirementTakeUp.onTime.afterLatest
      }
      for year in (model.years.base + 1)...model.years.last {
        guard let death = deaths(population, year, lookup: &lookup) else { return nil }
        years.append(try self.year(year, death: death, retirement: retirement))
      }
    } catch {
      lookup.report("model.supply", Bilingual(zh: "\(population)：\(error.message.zh)", en: "\(population): \(error.message.en)"))
      return nil
    }
    return CohortInput(
      basis: own == nil ? .ownPopulation : .ownAges, base: own ?? start, years: years,
      follows: people.map { $0.total / start.total })
  }

  /// Population of working age by age and sex, one table a year.
  private func people(
    _ population: String, _ years: ClosedRange<Int>, below exitAge: Int, lookup: inout SeriesLookup
  ) -> [CohortTable]? {
    guard let table = lookup.table("population_wpp", columns: ["loc", "year", "age", "male", "female"]) else { return nil }
    var people = [CohortTable](repeating: CohortTable(frame, repeating: 0), count: years.count)
    for row in 0..<table.count where table[row, "loc"] == population {
      guard let year = Int(table[row, "year"]), years.contains(year), let age = Int(table[row, "age"]),
        age < exitAge, ages.contains(age), let male = Double(table[row, "male"]), let female = Double(table[row, "female"])
      else { continue }
      let cell = (age - ages.lowerBound) * CohortRates.sexes.count
      people[year - years.lowerBound].values[cell] = male
      people[year - years.lowerBound].values[cell + 1] = female
    }
    return people.allSatisfy { $0.total > 0 } ? people : nil
  }

  /// Published persons by age and sex of the latest year not after the base year, by region. Successive years also
  /// say how fast those leave who have stayed past the age of retirement.
  mutating func observedAges(_ model: ModelSpec, lookup: inout SeriesLookup) -> [RegionCode: CohortTable] {
    guard let place = spec.ages else { return [:] }
    do throws(ProblemReport) {
      let rows = try lookup.catalogue.rows(package: place.package, resource: place.resource)
      let panel = try lookup.catalogue.panel(model.stock.indicator)
      let observed = try ObservedAges(
        rows, frame: frame, ages: ages, femaleShare: spec.femaleShare.value, by: model.years.base,
        reference: ObservedAges.Reference(
          regions: Set(lookup.catalogue.regions.map(\.code)), stock: { region, year in panel[region, year]?.value }))
      if let first = firstPastRetirement(model.years.base) {
        gone = observed.leaving(ages: ages, from: first, by: model.years.base)
      }
      return observed.tables
    } catch {
      lookup.report(error)
      return [:]
    }
  }

  /// The youngest age at which the schedule leaves nobody at work, of either sex.
  private func firstPastRetirement(_ year: Int) -> Int? {
    do throws(SupplyError) {
      for age in ages {
        for category in [spec.retirement.male, spec.retirement.female] {
          if try schedule.hazard(RetirementMix(category), age: age, year: year, overdue: .nan).isNaN { return age }
        }
      }
      return nil
    } catch {
      return nil  // the schedule is refused where its years are made
    }
  }
}
