import Dimensions

/// The additive structure of the published cells: places, who adds up to whom, and one layer of numbers
/// for each scenario, year and measure that counts persons.
struct PublishedTable: Sendable {
  /// `total` is the sum of `parts`; indices into `places`.
  struct Relation: Hashable, Sendable {
    let total: Int
    let parts: [Int]
    var members: [Int] { [total] + parts }
  }

  struct Layer: Sendable {
    /// By place; NaN where the layer has no such cell.
    let values: [Double]
  }

  let places: [Place]
  let relations: [Relation]
  let layers: [Layer]

  private struct LayerKey: Hashable {
    let scenario: String
    let year: Int
    let measure: Measure
  }

  /// - Parameter hierarchy: parts of a region, when all of them are published.
  init(_ cells: [ResultCell], hierarchy: [RegionCode: [RegionCode]]) {
    let counted = cells.filter { $0.measure == .supply || $0.measure == .demand }
    places = Set(counted.map { Place($0) }).sorted()
    let index = Dictionary(uniqueKeysWithValues: places.enumerated().map { ($1, $0) })
    relations = PublishedTable.relations(places, index, hierarchy)
    var order: [LayerKey] = []
    var values: [LayerKey: [Double]] = [:]
    for cell in counted {
      let key = LayerKey(scenario: cell.scenario, year: cell.year, measure: cell.measure)
      if values[key] == nil {
        order.append(key)
        values[key] = [Double](repeating: .nan, count: places.count)
      }
      if let i = index[Place(cell)] { values[key]?[i] = cell.value }
    }
    layers = order.compactMap { key in values[key].map(Layer.init) }
  }

  private static func relations(
    _ places: [Place], _ index: [Place: Int], _ hierarchy: [RegionCode: [RegionCode]]
  ) -> [Relation] {
    var byTeam: [Place: [Int]] = [:]
    var byIndustry: [Place: [Int]] = [:]
    for (i, place) in places.enumerated() {
      if place.team != "total" { byTeam[Place(region: place.region, industry: place.industry), default: []].append(i) }
      if place.industry != "total" { byIndustry[Place(region: place.region, team: place.team), default: []].append(i) }
    }
    var found: [Relation] = []
    for (i, place) in places.enumerated() {
      if place.team == "total", let parts = byTeam[place] { found.append(Relation(total: i, parts: parts)) }
      if place.industry == "total", let parts = byIndustry[place] { found.append(Relation(total: i, parts: parts)) }
      if let children = hierarchy[place.region] {
        let parts = children.compactMap { index[Place(region: $0, industry: place.industry, team: place.team)] }
        if parts.count == children.count, !parts.isEmpty { found.append(Relation(total: i, parts: parts.sorted())) }
      }
    }
    return found
  }

  /// The relations that a layer can be held to: every member has a number, and they do add up.
  func active(in layer: Layer) -> [Relation] {
    relations.filter { relation in
      let total = layer.values[relation.total]
      let sum = relation.parts.reduce(0.0) { $0 + layer.values[$1] }
      return abs(total - sum) <= 1e-6 * abs(total) + 1e-5 * Double(relation.parts.count + 1)
    }
  }
}
