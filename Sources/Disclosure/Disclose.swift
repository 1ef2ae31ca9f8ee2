import Dimensions

/// Withholds small and dominated cells, and as many others as it takes that nobody can compute them.
///
/// Primary: a count above zero below the threshold, or one that few contributors hold. Secondary: small cells
/// that leave every primary figure uncertain by more than ± `policy.width` in every year, for supply and
/// demand, against an outsider who knows all published sums; they themselves need only stay uncertain
/// (`complementWidth`), because they are no secret.
///
/// - Parameters:
///   - hierarchy: regions and the published parts that they are the sum of.
///   - contributors: persons by contributor (an employer, an agency) where that is known.
/// - Returns: the cells in their order; unchanged when the policy is open.
/// - Source: Hundepool et al. (2012), *Statistical Disclosure Control*, ch. 4 (primary rules, secondary
///   suppression, the attacker's bounds).
public func disclose(
  _ cells: [ResultCell], policy: DisclosurePolicy, hierarchy: [RegionCode: [RegionCode]],
  contributors: [Place: [Double]] = [:]
) -> Disclosure {
  let rules = policy.isOpen ? [:] : primaryRules(cells, policy, contributors)
  guard !rules.isEmpty else { return Disclosure(cells: cells, entries: [], exposed: []) }
  var masking = Masking(PublishedTable(cells, hierarchy: hierarchy), primary: Set(rules.keys), width: policy.width)
  masking.complete()
  let entries = masking.maskedPlaces.map { Disclosure.Entry(place: $0, rule: rules[$0] ?? .complement) }
  let hidden = Set(entries.map(\.place))
  return Disclosure(
    cells: cells.map { hidden.contains(Place($0)) ? $0.withheld : $0 }, entries: entries,
    exposed: masking.exposedPlaces)
}

private func primaryRules(
  _ cells: [ResultCell], _ policy: DisclosurePolicy, _ contributors: [Place: [Double]]
) -> [Place: Disclosure.Rule] {
  var rules: [Place: Disclosure.Rule] = [:]
  for cell in cells where cell.measure == .supply || cell.measure == .demand {
    guard cell.value >= leastPersons, cell.value < policy.threshold else { continue }
    guard policy.protectsModelled || cell.evidence <= .estimated else { continue }
    rules[Place(cell)] = .threshold
  }
  if let dominance = policy.dominance {
    for (place, parts) in contributors where isDominated(parts, dominance) && rules[place] == nil {
      rules[place] = .dominance
    }
  }
  return rules
}

/// A complement must stay uncertain by ± this share, or it is computed and protects nobody.
public let complementWidth = 0.01

/// A modelled count below one half is nobody: it prints as zero.
let leastPersons = 0.5

/// True when the largest contributors hold more than the share; a cell without contributors is not.
func isDominated(_ parts: [Double], _ rule: DisclosurePolicy.Dominance) -> Bool {
  let sizes = parts.filter { $0 > 0 }.sorted(by: >)
  let total = sizes.reduce(0, +)
  guard total > 0 else { return false }
  return sizes.prefix(rule.largest).reduce(0, +) > rule.share * total
}

/// The mask while it grows.
struct Masking {
  let table: PublishedTable
  private(set) var masked: [Bool]
  private(set) var exposed: [Int] = []
  /// How uncertain a place must stay.
  private let widths: [Double]
  /// Largest value of a place over the layers: what is lost by withholding it.
  private let weights: [Double]
  private let relationsOf: [[Int]]
  /// Places that are nearly all of a total that stays public: withholding them hides nothing.
  private let plain: [Bool]

  init(_ table: PublishedTable, primary: Set<Place>, width: Double) {
    self.table = table
    masked = table.places.map(primary.contains)
    widths = table.places.map { primary.contains($0) ? width : min(width, complementWidth) }
    weights = table.places.indices.map { i in
      table.layers.reduce(0) { $1.values[i].isFinite ? max($0, $1.values[i]) : $0 }
    }
    var relationsOf = [[Int]](repeating: [], count: table.places.count)
    for (r, relation) in table.relations.enumerated() {
      for member in relation.members { relationsOf[member].append(r) }
    }
    self.relationsOf = relationsOf
    plain = Masking.plain(table, width)
  }

  private static func plain(_ table: PublishedTable, _ width: Double) -> [Bool] {
    let parts = Set(table.relations.flatMap(\.parts))
    var plain = [Bool](repeating: false, count: table.places.count)
    for relation in table.relations where !parts.contains(relation.total) {
      plain[relation.total] = true
      for layer in table.layers {
        let limit = layer.values[relation.total] / (1 + width)
        for part in relation.parts where layer.values[part] > limit { plain[part] = true }
      }
    }
    return plain
  }

  var maskedPlaces: [Place] { table.places.indices.filter { masked[$0] }.map { table.places[$0] } }
  var exposedPlaces: [Place] { exposed.map { table.places[$0] } }

  /// Adds complements until no layer gives a withheld place away, or nothing is left to withhold.
  mutating func complete() {
    var hopeless: Set<Int> = []
    repeat {
      pairUp()
      let attack = Attack(table, masked: masked)
      var open: Set<Int> = []
      for layer in table.layers {
        open.formUnion(attack.exposed(in: layer, masked: masked, widths: widths))
        if open.count > hopeless.count + 24 { break }
      }
      exposed = open.sorted()
      var grew = false
      for place in exposed where !hopeless.contains(place) {
        if let next = complement(of: place) {
          masked[next] = true
          grew = true
        } else {
          hopeless.insert(place)
        }
      }
      if !grew { return }
    } while true
  }

  /// A sum with one unknown has none: give each such sum a second one.
  private mutating func pairUp() {
    var grew = true
    while grew {
      grew = false
      for relation in table.relations {
        let hidden = relation.members.filter { masked[$0] && weights[$0] > 0 }
        guard hidden.count == 1, let next = cheapest(in: relation, for: hidden[0]) else { continue }
        masked[next] = true
        grew = true
      }
    }
  }

  /// In the sum that would lose least: of the place's own sums, else of those nearest to it over withheld places.
  ///
  /// A hub with all its parts withheld is given away by the sum of its cities that their province tells: what hides it
  /// is in the province's sum, where the hub itself is not.
  private func complement(of place: Int) -> Int? {
    var ring = Set(relationsOf[place])
    var seen = ring
    while !ring.isEmpty {
      let found = ring.compactMap { cheapest(in: table.relations[$0], for: place) }
      if let best = found.min(by: { (weights[$0], $0) < (weights[$1], $1) }) { return best }
      let reached = Set(ring.flatMap { table.relations[$0].members.filter { masked[$0] } })
      ring = Set(reached.flatMap { relationsOf[$0] }).subtracting(seen)
      seen.formUnion(ring)
    }
    return nil
  }

  /// The smallest shown part that is large enough to hide the place behind, else the largest smaller one,
  /// else the total itself, if that is a part of something larger.
  private func cheapest(in relation: PublishedTable.Relation, for place: Int) -> Int? {
    let shown = relation.parts.filter { !masked[$0] && !plain[$0] && weights[$0] > 0 }
    let large = shown.filter { weights[$0] >= 0.5 * weights[place] }
    if let best = large.min(by: { (weights[$0], $0) < (weights[$1], $1) }) { return best }
    if let best = shown.max(by: { (weights[$0], -$0) < (weights[$1], -$1) }) { return best }
    return masked[relation.total] || plain[relation.total] ? nil : relation.total
  }
}
