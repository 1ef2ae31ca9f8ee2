import Dimensions
import Messages
import ModelSpecs

/// Net in-migration as a scenario asks for it, by leaf and year.
///
/// People move within the nation. What is asked of a hub, a province or another sum of places is the number of
/// that sum, whose parts in the nation share it by their stock; leaves of which nothing is asked give or take what
/// the others need (`PlaceMoves`). Changes follow one another: `set`, `path`, `add` and `clamp` work on the sum and
/// spread what they add to it; `scale` and `growth` multiply every part. Source: METHODS M16, M20.
struct AskedMoves: Sendable {
  /// `[leaf][year]`: persons a year; nil where nothing is asked. Index 0 is the base year, in which nobody is moved.
  let persons: [[Double?]]
  /// `[leaf]`: where the last change that asks anything of it is written, as `file:line`.
  let origins: [String]
  /// What cannot be asked, each at its place.
  let problems: [Problem]

  /// Nothing is asked of anybody.
  init(leaves: Int, horizon: Int) {
    persons = [[Double?]](repeating: [Double?](repeating: nil, count: horizon + 1), count: leaves)
    origins = [String](repeating: "", count: leaves)
    problems = []
  }

  /// The leaves of the nation, as moves see them.
  struct Places {
    /// Per leaf: its code and the names of everything that holds it.
    let names: [[String]]
    /// Per leaf: persons in the base year; nil outside the nation, where nobody moves to or from.
    let persons: [Double?]

    /// Positions of the leaves in the nation that a place is made of.
    func members(of place: String) -> [Int] { names.indices.filter { persons[$0] != nil && names[$0].contains(place) } }

    func total(_ leaves: [Int]) -> Double { leaves.reduce(0) { $0 + (persons[$1] ?? 0) } }

    /// The most that may plausibly come to some leaves or leave them in a year.
    func plausible(_ leaves: [Int], _ lever: Lever) -> Double {
      let inside = total(leaves)
      return lever.plausible.upperBound * max(0, min(inside, total(Array(names.indices)) - inside))
    }
  }

  private static let lever = "supply.net_migration"

  init(_ scenario: ScenarioSpec, _ places: Places, base: Int, horizon: Int) {
    let changes = scenario.changes.filter { $0.lever.id == AskedMoves.lever }
    var persons = [[Double?]](repeating: [Double?](repeating: nil, count: horizon + 1), count: places.names.count)
    var origins = [String](repeating: "", count: places.names.count)
    var problems: [Problem] = []
    var groups: [[[Int]]] = []
    for change in changes {
      let own = AskedMoves.groups(change, places, problems: &problems)
      groups.append(own)
      for h in 1...max(1, horizon) where change.years.contains(base + h) {
        for group in own {
          change.ask(group, places, year: base + h, h: h, of: &persons)
          for leaf in group { origins[leaf] = change.origin }
        }
      }
    }
    let inside = places.names.indices.filter { places.persons[$0] != nil }
    for h in 1...max(1, horizon) {
      let values = inside.compactMap { persons[$0][h] }
      let sum = values.reduce(0, +)
      guard values.count == inside.count, abs(sum) > 1e-9 * values.reduce(1, { $0 + abs($1) }),
        let last = changes.last(where: { $0.years.contains(base + h) })
      else { continue }
      problems.append(
        last.problem(
          "scenario.impossible",
          Bilingual(
            zh: "\(base + h) 年每个地区都有净迁入要求，合计 \(whole(sum)) 人；人只在全国之内迁移，合计应为 0",
            en:
              "in \(base + h) every place of the nation is asked for net in-migration, \(whole(sum)) in all; people move within the nation, so it must be 0"
          ),
          Bilingual(zh: "请留出不作要求的地区，由其迁出或迁入", en: "leave some places unasked, for people to come from or go to")))
      break
    }
    for (change, own) in zip(changes, groups) where !change.forced {
      problems += own.compactMap { change.implausible($0, places, persons, base: base, horizon: horizon) }
    }
    self.persons = persons
    self.origins = origins
    var seen: Set<Problem> = []
    self.problems = problems.filter { seen.insert($0).inserted }
  }

  /// The leaves that each place of a change stands for. A change of everything treats every leaf by itself.
  private static func groups(_ change: LeverChange, _ places: Places, problems: inout [Problem]) -> [[Int]] {
    guard !change.places.isEmpty else { return places.names.indices.filter { places.persons[$0] != nil }.map { [$0] } }
    var groups: [[Int]] = []
    for place in change.places {
      let members = places.members(of: place)
      if members.isEmpty {
        problems.append(
          change.problem(
            "scenario.place",
            Bilingual(
              zh: "\(lever) 不适用于“\(place)”：该地不在全国合计之内，模型没有它与各地之间的迁移",
              en: "\(lever) cannot move '\(place)': it is no part of the nation's total, and the model has no moves to or from it")))
      } else if groups.contains(members) {
        continue  // the same place under another name
      } else if let other = groups.firstIndex(where: { !Set($0).isDisjoint(with: members) }) {
        problems.append(
          change.problem(
            "scenario.place",
            Bilingual(
              zh: "“\(change.places[other])”与“\(place)”有重叠，同一批人有两个数",
              en: "'\(change.places[other])' and '\(place)' overlap: two numbers for the same people"),
            Bilingual(zh: "分成两条改动，依次生效", en: "write two changes: they apply one after the other")))
      } else {
        groups.append(members)
      }
    }
    return groups
  }
}

extension LeverChange {
  /// What the change asks of a group of leaves in a year, on top of what was asked before.
  fileprivate func ask(
    _ group: [Int], _ places: AskedMoves.Places, year: Int, h: Int, of persons: inout [[Double?]]
  ) {
    let before = group.map { persons[$0][h] ?? 0 }
    switch operation {
    case .remove: for leaf in group { persons[leaf][h] = nil }
    case .scale, .growth:
      for (leaf, value) in zip(group, before) where persons[leaf][h] != nil { persons[leaf][h] = applied(to: value, year: year) }
    case .set, .path, .add, .clamp:
      let sum = before.reduce(0, +)
      let total = places.total(group)
      func part(_ leaf: Int) -> Double { total > 0 ? (places.persons[leaf] ?? 0) / total : 1 / Double(group.count) }
      let asked = applied(to: sum, year: year)
      if case .clamp = operation, asked == sum { return }
      let replaces = if case .set = operation { true } else if case .path = operation { true } else { false }
      for (leaf, value) in zip(group, before) {
        persons[leaf][h] = replaces ? asked * part(leaf) : value + (asked - sum) * part(leaf)
      }
    }
  }

  /// The first year in which more would come or go than is plausible of a place of that size.
  fileprivate func implausible(
    _ group: [Int], _ places: AskedMoves.Places, _ persons: [[Double?]], base: Int, horizon: Int
  ) -> Problem? {
    let most = places.plausible(group, lever)
    for h in 1...max(1, horizon) where years.contains(base + h) {
      let asked = group.reduce(0) { $0 + (persons[$1][h] ?? 0) }
      guard abs(asked) > most * (1 + 1e-9) else { continue }
      let share = lever.plausible.upperBound * 100
      return problem(
        "scenario.implausible",
        Bilingual(
          zh:
            "\(base + h) 年净迁入 \(whole(asked)) 人，而该地基年有 \(whole(places.total(group))) 人：合理范围为该地或全国其余地区存量的 \(whole(share))%，即 \(rangeText(whole(-most), whole(most), .zh)) 人",
          en:
            "net in-migration of \(whole(asked)) in \(base + h), where the place has \(whole(places.total(group))) persons in the base year: plausible is \(whole(share)) % of the place or of the rest of the nation, \(rangeText(whole(-most), whole(most), .en))"
        ), Bilingual(zh: "确需如此请写 force: true；即便如此，也不能超过在场人数", en: "write `force: true` if you mean it; even then no more can leave than are there"))
    }
    return nil
  }

  fileprivate func problem(_ code: String, _ message: Bilingual, _ hint: Bilingual? = nil) -> Problem {
    Problem(
      code, file: place?.file, line: place?.line, column: place == nil ? nil : column, path: "levers.\(lever.id)", message: message, hint: hint)
  }
}

/// Persons to the unit, as a sentence shows them.
func whole(_ persons: Double) -> String {
  let rounded = persons.rounded()
  return abs(rounded) < 1e15 ? String(Int64(rounded)) : "\(rounded)"
}
