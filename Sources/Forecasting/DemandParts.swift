import Dimensions
import Foundation
import Messages

/// One part of the change of a place's requirement since the base year, in persons.
/// The parts of a place add up to the change of the mean exactly.
public struct DemandPart: Hashable, Sendable {
  /// What moved a requirement.
  public enum Cause: Hashable, Sendable {
    /// A term of the growth: its kind, the series it follows, and what that is divided by ("" for nothing).
    case term(DemandTerm.Kind, indicator: String, per: String)
    /// Growth that is known only as a whole.
    case growth
    /// Places and their totals, forecast apart, were made to add up.
    case reconciliation
    /// What the scenario moves.
    case levers
    /// What the mean of the draws has more than the path without chance, of which the other parts are made.
    case spread
  }

  public let cause: Cause
  public let persons: Double
}

/// Splits the change of requirement between its causes by log-change shares.
///
/// A place's log growth is a sum of terms, so with L = ΔD ÷ Δln D the part of a term is L times the term,
/// and the parts add up without a remainder (the additive LMDI of Ang 2004). A node's parts are sums over its places.
struct DemandSplit {
  private let draws: LeafDraws
  private var inputs: ForecastInputs { draws.inputs }

  init(_ draws: LeafDraws) { self.draws = draws }

  /// In the order in which the causes first occur; parts of causes that moved nothing are left out.
  func parts(of node: Geography.Node, year: Int) -> [DemandPart] {
    var order: [DemandPart.Cause] = []
    var sums: [DemandPart.Cause: Double] = [:]
    for leaf in node.members {
      for part in parts(leaf: leaf, year: year) {
        if sums[part.cause] == nil { order.append(part.cause) }
        sums[part.cause, default: 0] += part.persons
      }
    }
    return order.compactMap { cause in
      sums[cause].flatMap { $0 == 0 ? nil : DemandPart(cause: cause, persons: $0) }
    }
  }

  private func parts(leaf: Int, year: Int) -> [DemandPart] {
    let h = year - inputs.years.base
    let before = draws.demand(leaf: leaf, year: inputs.years.base)[0] * lever(leaf, inputs.years.base)
    let after = draws.demand(leaf: leaf, year: year)[0] * lever(leaf, year)
    guard h > 0, before > 0, after > 0 else {
      return after == before ? [] : [DemandPart(cause: .growth, persons: after - before)]
    }
    let mean = inputs.demandGrowth[leaf].mean[h - 1]
    let terms = inputs.demandTerms.indices.contains(leaf) ? inputs.demandTerms[leaf].filter { $0.weight != 0 } : []
    var logs: [(DemandPart.Cause, Double)] =
      terms.isEmpty
      ? [(.growth, mean)]
      : terms.map { (.term($0.kind, indicator: $0.indicator, per: $0.per), $0.part(h - 1)) }
    logs.append((.reconciliation, log(draws.centralGrowth(leaf: leaf, year: year)) - mean))
    logs.append((.levers, log(lever(leaf, year) / lever(leaf, inputs.years.base))))
    let total = logs.reduce(0) { $0 + $1.1 }
    // L is the logarithmic mean of both ends; where nothing moves it is the level itself.
    let scale = abs(total) < 1e-9 ? before : (after - before) / total
    return logs.filter { $0.1 != 0 }.map { DemandPart(cause: $0.0, persons: scale * $0.1) }
  }

  /// Factor of the scenario on the whole requirement of a place.
  private func lever(_ leaf: Int, _ year: Int) -> Double {
    let h = year - inputs.years.base
    let levers = inputs.levers.requirement[leaf]
    guard levers.contains(where: { $0[h] != 1 }) else { return 1 }
    let shares = draws.roleShares(leaf: leaf, year: year)
    return shares.indices.reduce(0) { $0 + shares[$1][0] * levers[inputs.roles[$1].team][h] }
  }
}

extension DemandPart {
  /// In words, with the series as a data package calls it.
  public func name(_ indicator: (String) -> Bilingual?) -> Bilingual {
    switch cause {
    case .growth: return Bilingual(zh: "增长", en: "growth")
    case .reconciliation: return Bilingual(zh: "与合计协调", en: "reconciliation with totals")
    case .levers: return Bilingual(zh: "情景杠杆", en: "levers of the scenario")
    case .spread: return Bilingual(zh: "抽样展布（均值与无扰动路径之差）", en: "spread of the draws (mean less the path without chance)")
    case .term(let kind, let id, let per):
      guard !id.isEmpty else { return kind.name }
      let title = indicator(id) ?? Bilingual(zh: id, en: id)
      guard !per.isEmpty else { return Bilingual(zh: "\(kind.name.zh)：\(title.zh)", en: "\(kind.name.en): \(title.en)") }
      let base = indicator(per) ?? Bilingual(zh: per, en: per)
      return Bilingual(zh: "\(kind.name.zh)：\(title.zh)÷\(base.zh)", en: "\(kind.name.en): \(title.en) per \(base.en)")
    }
  }
}

/// The parts of each place and year with what the draws add, so that they make up the change of the printed means.
func spreadAdded(
  _ parts: [RegionCode: [Int: [DemandPart]]], base: Int, _ cells: [ResultCell]
) -> [RegionCode: [Int: [DemandPart]]] {
  var demand: [RegionCode: [Int: Double]] = [:]
  for cell in cells where cell.measure == .demand && cell.team == "total" && cell.industry == "total" {
    demand[cell.region, default: [:]][cell.year] = cell.value
  }
  return Dictionary(
    uniqueKeysWithValues: parts.map { region, years in
      let completed = years.map { year, parts -> (Int, [DemandPart]) in
        guard let before = demand[region]?[base], let after = demand[region]?[year] else { return (year, parts) }
        let rest = after - before - parts.reduce(0) { $0 + $1.persons }
        // Less than what printing rounds away is nothing.
        let isNothing = abs(rest) <= 1e-6 + 1e-12 * abs(after)
        return (year, isNothing ? parts : parts + [DemandPart(cause: .spread, persons: rest)])
      }
      return (region, Dictionary(uniqueKeysWithValues: completed))
    })
}

extension ForecastResults {
  /// What the change of a place's requirement from the base year to `year` is made of; empty where it is unknown.
  public func demandParts(_ region: RegionCode, year: Int) -> [DemandPart] { parts[region]?[year] ?? [] }
}
