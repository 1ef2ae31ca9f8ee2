import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import Supply
import TimeSeries

/// The populations a run projects: the nation's, those of regions outside its pension system, and those
/// of regions that publish persons by age and sex.
struct SupplyAssembly {
  let workforce: WorkforceInput
  let cohorts: [CohortInput]
  /// Position in `cohorts` of each leaf of the geography.
  let leafCohort: [Int]

  init?(
    _ geography: Geography, _ model: ModelSpec, _ scenario: ScenarioSpec, stock: (values: [Int: Double], published: Set<Int>),
    lookup: inout SeriesLookup
  ) {
    let spec = model.supply
    let entry = spec.entryAge.range ?? spec.entryAge.value...spec.entryAge.value
    let entryAges = Int(entry.lowerBound.rounded())...Int(entry.upperBound.rounded())
    let years = model.years
    let growth = SupplyAssembly.growth(stock, years)
    guard var rates = CohortRates(entryAges, model, lookup: &lookup) else { return nil }
    let observed = rates.observedAges(model, lookup: &lookup)
    guard
      let entrants = GrowthGroup([(spec.entrantsFollow, model.stock.nation)], damping: model.damping, lookup: &lookup),
      let comparable = GrowthGroup(
        [(spec.entrantsVolatility, model.stock.nation)], damping: model.damping, lookup: &lookup),
      let history = rates.years((years.history + 1)...years.base, population: spec.mortality, scenario: nil, lookup: &lookup),
      let forecast = rates.years((years.base + 1)...years.last, population: spec.mortality, scenario: scenario, lookup: &lookup),
      let start = rates.stableStructure(like: history, growth: growth)
    else { return nil }
    let range = spec.transferOut.range
    var workforce = WorkforceInput(
      frame: rates.frame, start: start, history: history,
      transferOut: UncertainFactor(
        central: spec.transferOut.value,
        logSpread: range.map { log($0.upperBound / $0.lowerBound) / 2.563103131 } ?? 0),
      entrantsGrowth: entrants.outlook(0, base: years.base, horizon: years.last - years.base),
      growthShock: comparable.pooled.members[0].sigma)
    workforce.followed = Dictionary(
      entrants.series[0].filter { $0.year <= years.base }.map { ($0.year, $0.value) }, uniquingKeysWith: { _, new in new })
    self.workforce = workforce
    let national = CohortInput(basis: .nationalShare, base: observed[model.stock.nation], years: forecast)
    var cohorts = [national]
    var leafCohort = [Int](repeating: 0, count: geography.leaves.count)
    for (l, leaf) in geography.leaves.enumerated() {
      let own = observed[leaf.code] ?? leaf.province.flatMap { observed[geography.provinces[$0]] }
      if leaf.province == nil {
        guard let population = spec.separatePopulation[leaf.code],
          let cohort = rates.separate(population, own: own, model: model, scenario: scenario, lookup: &lookup)
        else {
          lookup.report(
            "model.missing-key",
            Bilingual(zh: "supply.separate 缺少 \(leaf.code) 的人口", en: "supply.separate lacks the population of \(leaf.code)"))
          return nil
        }
        cohorts.append(cohort)
      } else if let own {
        cohorts.append(CohortInput(basis: .ownAges, base: own, years: forecast))
      } else {
        continue
      }
      leafCohort[l] = cohorts.count - 1
    }
    self.cohorts = cohorts
    self.leafCohort = leafCohort
  }

  /// Growth of the published stock a year, in logarithms.
  private static func growth(
    _ stock: (values: [Int: Double], published: Set<Int>), _ years: (history: Int, base: Int, last: Int)
  ) -> Double {
    guard let first = stock.values[years.history], let last = stock.values[years.base], first > 0, last > 0,
      years.base > years.history
    else { return 0 }
    return log(last / first) / Double(years.base - years.history)
  }
}
