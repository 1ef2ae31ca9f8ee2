import Dimensions

extension FigureQuestion {
  /// The figure in the path without chance (element 0) and in every draw; nil for measures that are not made of stocks and flows by role.
  ///
  /// Scenarios asked with the same options see the same chances: their draws may be subtracted one by one.
  /// - Throws: `ForecastError`.
  public func runs(_ inputs: ForecastInputs, _ options: RunOptions) throws(ForecastError) -> [Double]? {
    guard (inputs.years.history...inputs.years.last).contains(year) else { return nil }
    var all: [Double] = []
    for section in options.sections {
      guard let runs = runs(try LeafDraws(inputs, section)) else { return nil }
      all += all.isEmpty ? runs[...] : runs.dropFirst()
    }
    return all
  }

  private func runs(_ draws: LeafDraws) -> [Double]? {
    let inputs = draws.inputs
    let now = RoleSums(draws, node, year: year)
    func sum(_ roles: [[Double]]) -> [Double] {
      var total = [Double](repeating: 0, count: draws.runs)
      for (role, values) in zip(inputs.roles, roles)
      where (team == "total" || inputs.teams[role.team].id == team)
        && (industry == "total" || inputs.industries[role.industry].id == industry)
      { add(values, to: &total) }
      return total
    }
    func supply() -> [Double] {
      if team == "total", let published = inputs.published(node, year: year) {
        return [Double](repeating: published.persons, count: draws.runs)
      }
      return sum(now.supply)
    }
    switch measure {
    case .supply where industry == "total": return supply()
    case .demand: return now.demand.map(sum)
    case .gapRequirement where industry == "total":
      guard let demand = now.demand.map(sum) else { return nil }
      return zip(demand, supply()).map { $0 - $1 }
    case .adequacy where industry == "total":
      guard let demand = now.demand.map(sum) else { return nil }
      return zip(supply(), demand).map { $1 > 0 ? $0 / $1 : 1 }
    case .entrants where year > inputs.years.base: return sum(now.entrants)
    case .retirements where year > inputs.years.base: return sum(now.retirements)
    case .exits where year > inputs.years.base: return sum(now.exits)
    default: return nil
    }
  }

  /// How the figure differs between two sets of inputs, draw by draw with the same chances.
  public func difference(
    _ before: ForecastInputs, _ after: ForecastInputs, _ options: RunOptions
  ) throws(ForecastError) -> Fan? {
    guard let a = try runs(before, options), let b = try runs(after, options) else { return nil }
    return Fan(zip(a, b).map { $1 - $0 })
  }
}
