import Demand
import Dimensions
import ModelSpecs

/// The labour series of the provinces and the drivers that may move it, as known in some year.
struct DemandPanel {
  let labour: GrowthGroup
  /// By indicator.
  let drivers: [String: GrowthGroup]
  let year: Int
  let damping: Double
  let nation: RegionCode

  /// All provinces together, in the years all of them have.
  var total: GrowthGroup? {
    let years =
      labour.series.map { Set($0.map(\.year)) }.reduce(nil) { (all: Set<Int>?, own) in
        all.map { $0.intersection(own) } ?? own
      } ?? []
    let sums = years.sorted().map { year in
      (year, labour.series.reduce(0.0) { sum, rows in sum + (rows.first { $0.year == year }?.value ?? 0) })
    }
    return GrowthGroup([sums], damping: damping)
  }

  /// As it was known earlier; nil when the labour series was too short.
  func known(in year: Int) -> DemandPanel? {
    labour.known(in: year, damping: damping).map {
      DemandPanel(
        labour: $0, drivers: drivers.compactMapValues { $0.known(in: year, damping: damping) }, year: year,
        damping: damping, nation: nation)
    }
  }
}

/// A method, estimated: what it multiplies with which slopes.
struct DemandMethodForecast {
  struct Part {
    let indicator: String
    let per: String
    let group: GrowthGroup
    /// One a province.
    let slopes: [Double]
    let slopeError: Double
    /// The group has one member for all provinces, of this region; nil when it has one a province.
    var shared: RegionCode?

    func member(_ province: Int) -> Int { shared == nil ? province : 0 }
  }

  let method: DemandMethod
  let parts: [Part]
  let elasticity: DriverElasticity?

  /// Nil when the panel lacks what the method needs.
  init?(_ method: DemandMethod, _ panel: DemandPanel, labour: String, prior: Assumption) {
    self.method = method
    let ones = [Double](repeating: 1, count: panel.labour.series.count)
    func part(_ group: GrowthGroup, _ slopes: [Double], per: String = "", error: Double = 0) -> Part {
      Part(indicator: per.isEmpty ? method.indicator : labour, per: per, group: group, slopes: slopes, slopeError: error)
    }
    if method.kind == .trend {
      elasticity = nil
      parts = [part(panel.labour, ones)]
      return
    }
    if method.kind == .nation {
      guard let total = panel.total else { return nil }
      elasticity = nil
      parts = [Part(indicator: labour, per: "", group: total, slopes: ones, slopeError: 0, shared: panel.nation)]
      return
    }
    guard let driver = panel.drivers[method.indicator] else { return nil }
    switch method.kind {
    case .density:
      guard let density = panel.labour.per(driver, damping: panel.damping) else { return nil }
      elasticity = nil
      parts = [part(density, ones, per: method.indicator), part(driver, ones)]
    case .elasticity:
      elasticity = nil
      parts = [part(driver, ones.map { _ in prior.value })]
    default:
      let fit = DemandMethodForecast.elasticity(panel.labour, driver, prior, through: panel.year)
      elasticity = fit
      parts = [part(driver, fit.regional, error: fit.standardError)]
    }
  }

  static func elasticity(
    _ labour: GrowthGroup, _ driver: GrowthGroup, _ prior: Assumption, through year: Int
  ) -> DriverElasticity {
    let years = (year - 20)...year
    let range = prior.range ?? prior.value...prior.value
    return DriverElasticity(
      driver: driver.logs(years), response: labour.logs(years),
      prior: (prior.value, (range.upperBound - range.lowerBound) / 2.563103131), bounds: 0...1.5)
  }

  /// Log growth of a province from the last year of its series; nil when a series ends before `origin`.
  func growth(_ province: Int, from origin: Int, ahead: Int) -> Double? {
    var sum = 0.0
    for part in parts {
      let member = part.member(province)
      guard part.group.series[member].last?.year == origin else { return nil }
      sum += part.slopes[province] * part.group.growth(member, ahead: ahead)
    }
    return sum
  }

  /// Its terms for a province, with a weight.
  func terms(_ province: Int, code: RegionCode, weight: Double, base: Int, horizon: Int) -> [DemandTerm] {
    parts.map { part in
      let outlook = part.group.outlook(part.member(province), base: base, horizon: horizon)
      return DemandTerm(
        kind: method.kind, indicator: part.indicator, per: part.per, region: part.shared ?? code, weight: weight,
        slope: part.slopes[province], slopeError: part.slopeError, growth: outlook.mean, spread: outlook.spread)
    }
  }

  func freedom(_ province: Int) -> Double {
    parts.map { $0.group.pooled.members[$0.member(province)].degreesOfFreedom }.min() ?? .infinity
  }
}
