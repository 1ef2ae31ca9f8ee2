/// What happened to a stock of persons during one year. Magnitudes in persons; only net migration
/// carries a sign (in − out).
public struct Flows: Hashable, Sendable {
  public var entrants: Double
  public var retirements: Double
  public var deaths: Double
  public var transfers: Double
  public var netMigration: Double

  public init(
    entrants: Double = 0, retirements: Double = 0, deaths: Double = 0, transfers: Double = 0,
    netMigration: Double = 0
  ) {
    self.entrants = entrants
    self.retirements = retirements
    self.deaths = deaths
    self.transfers = transfers
    self.netMigration = netMigration
  }

  /// Everyone who left the field: retirements + deaths + transfers.
  public var exits: Double { retirements + deaths + transfers }
  /// Posts to refill in a region: exits + net out-migration.
  public var replacement: Double { exits - netMigration }
  /// Change of the stock.
  public var change: Double { entrants - exits + netMigration }

  /// Nobody came and nobody went.
  public static let zero = Flows()

  public static func + (a: Flows, b: Flows) -> Flows {
    Flows(
      entrants: a.entrants + b.entrants, retirements: a.retirements + b.retirements,
      deaths: a.deaths + b.deaths, transfers: a.transfers + b.transfers,
      netMigration: a.netMigration + b.netMigration)
  }
}

/// One year of a stock: start, flows, end; `end = start + flows.change` was checked.
public struct YearOfStock: Hashable, Sendable {
  public let start: Double
  public let flows: Flows
  public let end: Double

  /// A year of somebody else's books.
  ///
  /// - Throws: `.notConserved` unless start + flows = end to 1e-9 of the larger stock.
  public init(start: Double, flows: Flows, end: Double, node: String) throws(SupplyError) {
    try requireConserved(start: start, change: flows.change, end: end, at: node, step: "year")
    self.init(start: start, flows: flows, end: end)
  }

  init(start: Double, flows: Flows, end: Double) {
    (self.start, self.flows, self.end) = (start, flows, end)
  }
}

/// When during the year newcomers arrive.
public enum EntrantExposure: Hashable, Sendable {
  /// All at the end: nobody leaves in the year of entry.
  case endOfYear
  /// Half at the start, half at the end: newcomers live through half a year of risks on average.
  case halfYear
}

/// The yearly ledger of a region of which only the total is known (tier T0–T3).
public enum StockFlow {
  /// Absolute tolerance of the conservation check per person of the larger stock.
  public static let tolerance = 1e-9

  /// Moves a stock one year on.
  ///
  ///     exposed = stock (+ entrants / 2);   end = exposed · Π(1 − qᵢ) + entrants (/ 2) + net migration
  ///
  /// - Parameters:
  ///   - stock: persons at the start of the year (year-end of the year before).
  ///   - rates: yearly probabilities; see `ExitShares` for how they combine.
  ///   - entrants: persons entering in the year, ≥ 0.
  ///   - netMigration: in − out, persons; movers leave after the exits of the year.
  ///   - node: how errors call the stock, e.g. a region's name.
  /// - Throws: `.notACount`, `.shareOutOfRange`, `.stockExhausted`; `.notConserved` when the books do
  ///   not close to 1e-9 of the larger stock (never expected; checked in release builds too).
  /// - Source: METHODS M16; Preston, Heuveline & Guillot (2001), ch. 6.
  public static func step(
    stock: Double, rates: ExitRates, entrants: Double, netMigration: Double = 0,
    exposure: EntrantExposure = .endOfYear, node: @autoclosure () -> String = "stock"
  ) throws(SupplyError) -> YearOfStock {
    try requireCount(stock, "stock", at: node())
    try requireCount(entrants, "entrants", at: node())
    guard netMigration.isFinite else {
      throw .notACount(input: "net migration", at: node(), value: netMigration)
    }
    let shares = try ExitShares(rates, at: node())
    let early = exposure == .halfYear ? entrants / 2 : 0
    let exposed = stock + early
    let end = exposed * shares.stay + (entrants - early) + netMigration
    guard end >= 0 else { throw .stockExhausted(at: node(), left: end) }
    let flows = Flows(
      entrants: entrants, retirements: exposed * shares.retirement, deaths: exposed * shares.death,
      transfers: exposed * shares.transfer, netMigration: netMigration)
    try requireConserved(start: stock, change: flows.change, end: end, at: node(), step: "year")
    return YearOfStock(start: stock, flows: flows, end: end)
  }

  /// Moves a stock through several years; `rates`, `entrants` and `netMigration` have one value a year.
  public static func path(
    from stock: Double, rates: [ExitRates], entrants: [Double], netMigration: [Double]? = nil,
    exposure: EntrantExposure = .endOfYear, node: String = "stock"
  ) throws(SupplyError) -> [YearOfStock] {
    guard entrants.count == rates.count else {
      throw .lengthMismatch(input: "entrants", expected: rates.count, found: entrants.count)
    }
    if let netMigration, netMigration.count != rates.count {
      throw .lengthMismatch(input: "net migration", expected: rates.count, found: netMigration.count)
    }
    var years: [YearOfStock] = []
    for t in rates.indices {
      years.append(
        try step(
          stock: years.last?.end ?? stock, rates: rates[t], entrants: entrants[t],
          netMigration: netMigration?[t] ?? 0, exposure: exposure, node: "\(node), year \(t + 1)"))
    }
    return years
  }

  /// The entrants that bring a stock to `target` in one year, the inverse of `step`; negative when
  /// the stock is too large even without entrants.
  public static func entrantsNeeded(
    stock: Double, target: Double, rates: ExitRates, netMigration: Double = 0,
    exposure: EntrantExposure = .endOfYear
  ) throws(SupplyError) -> Double {
    let stay = try ExitShares(rates, at: "stock").stay
    let perEntrant = exposure == .halfYear ? (1 + stay) / 2 : 1
    return (target - stock * stay - netMigration) / perEntrant
  }
}

/// Throws when a step's books do not close to 1e-9 of the larger stock.
func requireConserved(
  start: Double, change: Double, end: Double, at node: @autoclosure () -> String, step: String
) throws(SupplyError) {
  let missing = end - (start + change)
  let scale = max(1, abs(start), abs(end), abs(change))
  guard abs(missing) <= StockFlow.tolerance * scale else {
    throw .notConserved(at: node(), step: step, missing: missing)
  }
}
