import Dimensions

/// An outsider with the published cells and a pencil: every withheld figure is bounded by the sums it
/// stands in.
struct Attack {
  let table: PublishedTable
  private let groups: [[PublishedTable.Relation]]

  /// - Parameter masked: by place.
  init(_ table: PublishedTable, masked: [Bool]) {
    self.table = table
    groups = Attack.groups(table.relations.filter { $0.members.contains { masked[$0] } }, masked)
  }

  /// Withheld places that the sums of a layer give away: known from below or above within `width` of the
  /// true value. `widths`: by place.
  func exposed(in layer: PublishedTable.Layer, masked: [Bool], widths: [Double]) -> [Int] {
    let active = Set(table.active(in: layer))
    var found: [Int] = []
    for group in groups {
      let relations = group.filter(active.contains)
      guard !relations.isEmpty else { continue }
      var system = Equations(relations, layer, masked)
      for (unknown, place) in system.places.enumerated() where layer.values[place] >= leastPersons {
        let value = layer.values[place]
        let slack = max(widths[place] * value, 1e-6)
        if system.bounds == nil { continue }
        let low = system.bounds?.least(unknown, enough: value - slack) ?? 0
        let high = system.bounds?.greatest(unknown, enough: value + slack) ?? .infinity
        if low > value - slack * 0.999_999 || high < value + slack * 0.999_999 { found.append(place) }
      }
    }
    return found
  }

  /// What is known of every withheld place of a layer whose numbers for them are NaN: least and greatest.
  func intervals(in layer: PublishedTable.Layer, masked: [Bool]) -> [(place: Int, low: Double, high: Double)] {
    groups.flatMap { group -> [(place: Int, low: Double, high: Double)] in
      let relations = group.filter { relation in
        relation.members.allSatisfy { masked[$0] || layer.values[$0].isFinite }
      }
      var system = Equations(relations, layer, masked)
      guard system.bounds != nil else { return [] }
      return system.places.enumerated().map { unknown, place in
        (place, system.bounds?.least(unknown) ?? 0, system.bounds?.greatest(unknown) ?? .infinity)
      }
    }
  }

  private struct Equations {
    let places: [Int]
    var bounds: Bounds?

    init(_ relations: [PublishedTable.Relation], _ layer: PublishedTable.Layer, _ masked: [Bool]) {
      let unknowns = Set(relations.flatMap(\.members).filter { masked[$0] }).sorted()
      places = unknowns
      let number = Dictionary(uniqueKeysWithValues: unknowns.enumerated().map { ($1, $0) })
      let equations = relations.map { relation in
        var terms: [(unknown: Int, factor: Double)] = []
        var sum = 0.0
        for (member, factor) in [(relation.total, -1.0)] + relation.parts.map({ ($0, 1.0) }) {
          if let unknown = number[member] { terms.append((unknown, factor)) } else { sum -= factor * layer.values[member] }
        }
        return (terms: terms, sum: abs(sum) < 1e-5 ? 0 : sum)
      }
      bounds = Bounds(equations, count: unknowns.count)
    }
  }

  /// Relations that share no withheld place do not inform each other.
  private static func groups(
    _ relations: [PublishedTable.Relation], _ masked: [Bool]
  ) -> [[PublishedTable.Relation]] {
    var home: [Int: Int] = [:]
    var groups: [[PublishedTable.Relation]] = []
    for relation in relations {
      let members = relation.members.filter { masked[$0] }
      let touched = Set(members.compactMap { home[$0] }).sorted()
      let target: Int
      if let first = touched.first {
        target = first
      } else {
        target = groups.count
        groups.append([])
      }
      for other in touched.dropFirst() {
        groups[target] += groups[other]
        groups[other] = []
      }
      groups[target].append(relation)
      for member in groups[target].flatMap(\.members) where masked[member] { home[member] = target }
    }
    return groups.filter { !$0.isEmpty }
  }
}

/// Withheld cells of published results that their sums give away to within ± `width`.
///
/// The true values are unknown here, so that a cell is exposed when every value it can have lies within
/// `width` of some one value: greatest < least · (1 + width) ÷ (1 − width).
public func recoverableCells(
  _ cells: [ResultCell], hierarchy: [RegionCode: [RegionCode]], width: Double
) -> [Place] {
  let hidden = Set(cells.filter(\.isWithheld).map { Place($0) })
  guard !hidden.isEmpty else { return [] }
  let table = PublishedTable(cells, hierarchy: hierarchy)
  let masked = table.places.map(hidden.contains)
  let attack = Attack(table, masked: masked)
  var exposed: Set<Place> = []
  for layer in table.layers {
    for (place, low, high) in attack.intervals(in: layer, masked: masked)
    where high >= leastPersons && high < low * (1 + width) / (1 - width) {
      exposed.insert(table.places[place])
    }
  }
  return exposed.sorted()
}
