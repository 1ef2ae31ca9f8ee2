import Dimensions
import Messages
import ModelSpecs

/// The part of the entrants whose number is published: those who newly practise a licensed profession.
///
/// The nation's come from the licence pipeline; a region has its share of the profession's role. Everybody
/// else who entered is the difference to the entrants that the published stocks imply.
public struct LicenceEntrants: Sendable {
  public let name: Bilingual
  private let role: Int
  private let outlook: LicenceOutlook

  static let others = Bilingual(zh: "新增：其他渠道（总新增减去上项）", en: "entrants: all other channels (what remains)")

  /// - Parameter name: of the licensed profession.
  /// - Returns: nil when no role of the model counts the profession.
  public init?(_ outlook: LicenceOutlook, model: ModelSpec, name: Bilingual) {
    let role = model.roles.firstIndex { role in
      if case .published(let indicator, _) = role.count { indicator == outlook.practising } else { false }
    }
    guard let role else { return nil }
    self.role = role
    self.outlook = outlook
    self.name = Bilingual(zh: "新增：新\(name.zh)", en: "entrants: newly \(name.en.lowercasedFirst)")
  }

  /// Persons by run over the years; nil where nobody is licensed by the nation: another team, or regions
  /// with their own licences only.
  func persons(_ draws: LeafDraws, _ node: Geography.Node, team: Int?, years: ClosedRange<Int>) -> [Double]? {
    guard team ?? draws.inputs.roles[role].team == draws.inputs.roles[role].team else { return nil }
    let paths = outlook.future.newlyPractising
    let first = outlook.future.origin + 1
    guard years.lowerBound >= first, years.upperBound < first + paths.count else { return nil }
    let geography = draws.inputs.geography
    var persons = [Double](repeating: 0, count: draws.runs)
    for year in years {
      var (here, everywhere) = (persons.map { _ in 0.0 }, persons.map { _ in 0.0 })
      for (l, leaf) in geography.leaves.enumerated() where leaf.province != nil {
        let supply = draws.supply(leaf: l, year: year)
        let share = draws.roleShares(leaf: l, year: nil)[role]
        let isHere = node.members.contains(l)
        for run in supply.indices {
          everywhere[run] += supply[run] * share[run]
          if isHere { here[run] += supply[run] * share[run] }
        }
      }
      let (central, drawn) = (outlook.future.years[year - first].newlyPractising, paths[year - first])
      for run in persons.indices where everywhere[run] > 0 {
        persons[run] += here[run] / everywhere[run] * (run == 0 ? central : drawn[(run - 1) % drawn.count])
      }
    }
    return persons.contains { $0 > 0 } ? persons : nil
  }
}

extension String {
  fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }
}
