import Dimensions
import Gaps

/// The centres of a run's cells, by what they are of.
struct Centres {
  struct Spot: Hashable {
    var region: RegionCode
    var measure: Measure
    var year: Int
    var team = "total"
    var industry = "total"
  }

  private let values: [Spot: Double]

  init(_ cells: [ResultCell]) {
    values = Dictionary(cells.map { (Spot($0), $0.value) }, uniquingKeysWith: { first, _ in first })
  }

  subscript(spot: Spot) -> Double? { values[spot] }

  /// A measure of the same place, team and industry.
  func beside(_ spot: Spot, _ measure: Measure, year: Int? = nil) -> Double? {
    var other = spot
    other.measure = measure
    other.year = year ?? spot.year
    return self[other]
  }
}

extension Centres.Spot {
  init(_ cell: ResultCell) {
    self.init(region: cell.region, measure: cell.measure, year: cell.year, team: cell.team, industry: cell.industry)
  }
}

extension Centres {
  /// A centre that is a difference, a sum or a ratio of others; nil where it is none, or they are not known.
  func made(_ spot: Spot, nation: RegionCode?) -> Double? {
    switch spot.measure {
    case .gapRequirement:
      beside(spot, .demand).flatMap { wanted in beside(spot, .supply).map { wanted - $0 } }
    case .adequacy:
      beside(spot, .supply).flatMap { there in beside(spot, .demand).map { Ratio.adequacy(there, $0) } }
    case .expansion: expansion(spot)
    case .replacement: replacement(spot)
    case .openings: openings(spot)
    case .pressure: beside(spot, .entrants).flatMap { entering in openings(spot).map { Ratio.pressure(entering, $0) } }
    case .locationQuotient: nation.flatMap { quotient(spot, nation: $0) }
    default: nil
    }
  }

  private func expansion(_ spot: Spot) -> Double? {
    beside(spot, .demand).flatMap { after in beside(spot, .demand, year: spot.year - 1).map { after - $0 } }
  }

  private func replacement(_ spot: Spot) -> Double? {
    beside(spot, .retirements).flatMap { retired in
      beside(spot, .exits).map { retired + $0 - (beside(spot, .netMigration) ?? 0) }
    }
  }

  private func openings(_ spot: Spot) -> Double? {
    expansion(spot).flatMap { more in replacement(spot).map { more + $0 } }
  }

  private func quotient(_ spot: Spot, nation: RegionCode) -> Double? {
    func demand(_ region: RegionCode, ofAll: Bool) -> Double? {
      self[
        ofAll
          ? Spot(region: region, measure: .demand, year: spot.year)
          : Spot(region: region, measure: .demand, year: spot.year, team: spot.team, industry: spot.industry)]
    }
    guard let part = demand(spot.region, ofAll: false), let place = demand(spot.region, ofAll: true),
      let wholePart = demand(nation, ofAll: false), let whole = demand(nation, ofAll: true)
    else { return nil }
    return LocationQuotient(part: part, place: place, wholePart: wholePart, whole: whole).ratio ?? .nan
  }
}

/// Centres that are made of other cells' centres, made again: differences, sums and ratios agree with what is printed.
public func madeOfMeans(_ cells: [ResultCell], nation: RegionCode?) -> [ResultCell] {
  let centres = Centres(cells)
  return cells.map { cell in
    let spot = Centres.Spot(cell)
    guard let made = centres.made(spot, nation: nation) else { return cell }
    var again = cell
    again.value = made.isFinite ? rounded(made, 6) : .nan
    if cell.measure == .gapRequirement { again.method = gapMethod(made, chance: centres.beside(spot, .shortageProbability)) }
    return again
  }
}

/// How a gap came about; one whose mean and probability point apart says so.
func gapMethod(_ gap: Double, chance: Double?) -> String {
  chance.map { Reading.disagree(gap: gap, shortage: $0) } ?? false ? "demand-supply-skewed" : "demand-supply"
}

/// Ratios of means.
enum Ratio {
  /// Supply as a part of the requirement; 1 where nothing is required.
  static func adequacy(_ supply: Double, _ demand: Double) -> Double { demand > 0 ? supply / demand : 1 }

  /// Entrants per opening; NaN without openings, where the ratio is beyond every number.
  static func pressure(_ entrants: Double, _ openings: Double) -> Double {
    Pressure(entrants: entrants, openings: openings).ratio ?? .nan
  }
}
