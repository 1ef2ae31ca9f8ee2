import Dimensions
import Gaps
import LinearAlgebra
import Messages
import ModelSpecs

/// 急需紧缺人才目录: which roles of which regions are short, how sure that is, and why.
///
/// A role's index is a weighted mean of three parts, each 0 to 1: the gap as a share of the requirement, where
/// the size of the gap stands among all roles, and how far those who enter fall short of the openings up to
/// that year. Every part is computed in every draw, so the index has an interval; a role whose interval
/// spans more than two bands of stars is not rated.
public struct ShortageCatalogue: Sendable {
  /// Why a role is short, by the limits of the catalogue's file.
  public enum Reason: String, CaseIterable, Codable, Sendable {
    case newDemand = "new-demand"
    case training, outflow, barrier, structure, region

    public var name: Bilingual {
      switch self {
      case .newDemand: Bilingual(zh: "新增需求", en: "new demand")
      case .training: Bilingual(zh: "培养不足", en: "too few trained")
      case .outflow: Bilingual(zh: "流失", en: "outflow")
      case .barrier: Bilingual(zh: "准入门槛", en: "entry barrier")
      case .structure: Bilingual(zh: "结构错配", en: "mismatch between roles")
      case .region: Bilingual(zh: "地域错配", en: "mismatch between regions")
      }
    }
  }

  /// A role with its scores and its place in the catalogue.
  public struct Entry: Sendable {
    public let region: RegionCode
    public let regionName: Bilingual
    public let team: String
    public let industry: String
    public let title: Bilingual
    public let requirement: ShortageSpec.Requirement?
    /// Persons: in the base year, and in the catalogue's year.
    public let supplyNow: Double
    public let supply: Fan
    public let demand: Fan
    public let gap: Fan
    /// Parts of the index: means of the draws, of which the index is the weighted mean.
    public let ratio: Double
    public let size: Double
    public let pressure: Double
    public let index: Fan
    /// Stars at the 10th and 90th percentile of the index.
    public let stars: ClosedRange<Int>
    /// nil: not rated, because the role is too small or its interval too wide.
    public let rating: Int?
    /// 1-based among all roles, tied where draws cannot tell, with its 80 % interval.
    public let rank: UncertainRanking.Place
    /// Share of draws in which more are wanted than there are.
    public let probability: Double
    /// Empty where the mean gap is none.
    public let reasons: [Reason]
    public let evidence: Evidence
  }

  public let spec: ShortageSpec
  public let baseYear: Int
  /// By rank. All roles, also those that are not short.
  public let entries: [Entry]
  /// Those whose mean gap is one; how sure that is, `probability` says.
  public var short: [Entry] { entries.filter { $0.gap.value > 0 } }

  /// Of a run in several sections, the first one's draws: ranks are taken among draws that are held together.
  ///
  /// - Parameter regions: whose roles are listed; the hubs when nil, or the provinces of a model without hubs.
  public init(
    _ inputs: ForecastInputs, _ options: RunOptions, _ spec: ShortageSpec, regions: [Geography.Node]? = nil
  ) throws(ForecastError) {
    let section = options.sections[0]
    try self.init(LeafDraws(inputs, section), section, spec, regions: regions)
  }

  init(
    _ draws: LeafDraws, _ options: RunOptions, _ spec: ShortageSpec, regions: [Geography.Node]? = nil
  ) throws(ForecastError) {
    let inputs = draws.inputs
    guard inputs.years.base < spec.year, spec.year <= inputs.years.last else {
      throw .yearOutside(spec.year, first: inputs.years.base + 1, last: inputs.years.last)
    }
    let nodes = regions ?? ShortageCatalogue.listed(inputs.geography)
    let nation = inputs.geography.nodes.first { $0.kind == .nation }
    let books = concurrently(nodes.count, jobs: options.jobs) { RoleBooks(draws, nodes[$0], through: spec.year) }
    let national = nation.map { RoleSums(draws, $0, year: spec.year) }
    var cases: [ShortageCase] = []
    for (at, node) in nodes.enumerated() {
      let own = books[at]
      for role in inputs.roles.indices where mean(ofDraws: own.demand[role]) > 0 || mean(ofDraws: own.supply[role]) > 0 {
        cases.append(
          ShortageCase(
            node: node, role: role, own: own, isShortEverywhere: own.gapOfAll > 0,
            isShortInTheNation: national.map { mean(ofDraws: $0.demand?[role] ?? []) > mean(ofDraws: $0.supply[role]) } ?? true))
      }
    }
    let parts = ShortageIndex(cases, spec)
    let ranking = UncertainRanking(draws: parts.index.map { Array($0.dropFirst()) })
    self.spec = spec
    baseYear = inputs.years.base
    entries = ranking.places.map { place in
      cases[place.unit].entry(inputs, spec, parts, at: place.unit, rank: place)
    }
  }

  private static func listed(_ geography: Geography) -> [Geography.Node] {
    let hubs = geography.nodes.filter { !$0.hub.isEmpty && ($0.kind == .hub || $0.kind == .province) }
    if !hubs.isEmpty { return hubs }
    let provinces = geography.nodes.filter { $0.kind == .province }
    return provinces.isEmpty ? geography.nodes : provinces
  }
}

/// A node's persons by role, `[role][run]`: at the end of a year, and what came and went until then.
struct RoleBooks: Sendable {
  let supplyNow: [[Double]]
  let supply: [[Double]]
  let demand: [[Double]]
  let entrants: [[Double]]
  let exits: [[Double]]
  let replacement: [[Double]]
  let openings: [[Double]]

  init(_ draws: LeafDraws, _ node: Geography.Node, through last: Int) {
    let base = draws.inputs.years.base
    let first = RoleSums(draws, node, year: base)
    let zero = first.supply.map { $0.map { _ in 0.0 } }
    var (entrants, exits, replacement) = (zero, zero, zero)
    var now = first
    for year in (base + 1)...last {
      now = RoleSums(draws, node, year: year)
      for role in zero.indices {
        for run in zero[role].indices {
          entrants[role][run] += now.entrants[role][run]
          exits[role][run] += now.exits[role][run]
          replacement[role][run] +=
            now.retirements[role][run] + now.exits[role][run] - now.netMigration[role][run]
        }
      }
    }
    supplyNow = first.supply
    supply = now.supply
    let (before, after) = (first.demand ?? zero, now.demand ?? zero)
    demand = after
    openings = zero.indices.map { role in
      zero[role].indices.map { run in
        Openings(demandBefore: before[role][run], demandAfter: after[role][run], replacement: replacement[role][run]).total
      }
    }
    (self.entrants, self.exits, self.replacement) = (entrants, exits, replacement)
  }

  /// Mean of the draws.
  func gap(_ role: Int) -> Double { mean(ofDraws: demand[role]) - mean(ofDraws: supply[role]) }
  var gapOfAll: Double { demand.indices.reduce(0) { $0 + gap($1) } }
}

/// One role of one region.
private struct ShortageCase {
  let node: Geography.Node
  let role: Int
  let own: RoleBooks
  let isShortEverywhere: Bool
  let isShortInTheNation: Bool

  func gap(_ run: Int) -> Double { own.demand[role][run] - own.supply[role][run] }

  func reasons(_ spec: ShortageSpec, hasBarrier: Bool) -> [ShortageCatalogue.Reason] {
    guard own.gap(role) > 0 else { return [] }
    let (openings, replacement) = (mean(ofDraws: own.openings[role]), mean(ofDraws: own.replacement[role]))
    var reasons: [ShortageCatalogue.Reason] = []
    if openings > 0, (openings - replacement) / openings >= spec.reasons.expansion { reasons.append(.newDemand) }
    let isTraining = openings > 0 && mean(ofDraws: own.entrants[role]) / openings < spec.reasons.training
    if isTraining { reasons.append(.training) }
    if replacement > 0, replacement >= openings / 2, mean(ofDraws: own.exits[role]) / replacement >= spec.reasons.outflow {
      reasons.append(.outflow)
    }
    if hasBarrier, isTraining { reasons.append(.barrier) }
    if !isShortEverywhere { reasons.append(.structure) }
    if !isShortInTheNation { reasons.append(.region) }
    return reasons
  }

  func entry(
    _ inputs: ForecastInputs, _ spec: ShortageSpec, _ parts: ShortageIndex, at unit: Int, rank: UncertainRanking.Place
  ) -> ShortageCatalogue.Entry {
    let input = inputs.roles[role]
    let (team, industry) = (inputs.teams[input.team], inputs.industries[input.industry])
    let asked = spec.requirements.first { $0.team == team.id && $0.industry == industry.id }
    let index = Fan(parts.index[unit])
    let stars = spec.stars(of: index.p10)...max(spec.stars(of: index.p10), spec.stars(of: index.p90))
    let runs = own.supply[role].indices.dropFirst()
    let supply = Fan(own.supply[role])
    let isRated = supply.value >= spec.smallest && stars.upperBound - stars.lowerBound < 2
    return ShortageCatalogue.Entry(
      region: node.code, regionName: node.name, team: team.id, industry: industry.id,
      title: asked?.title ?? Bilingual(zh: "\(team.name.zh)（\(industry.name.zh)）", en: "\(team.name.en) (\(industry.name.en))"),
      requirement: asked, supplyNow: mean(ofDraws: own.supplyNow[role]), supply: supply, demand: Fan(own.demand[role]),
      gap: Fan(own.supply[role].indices.map(gap), centre: own.gap(role)), ratio: mean(ofDraws: parts.ratio[unit]),
      size: mean(ofDraws: parts.size[unit]), pressure: mean(ofDraws: parts.pressure[unit]), index: index, stars: stars,
      rating: isRated ? spec.stars(of: index.value) : nil, rank: rank,
      probability: runs.isEmpty ? .nan : Double(runs.count { gap($0) > 0 }) / Double(runs.count),
      reasons: reasons(spec, hasBarrier: asked?.qualification != nil), evidence: .assumed)
  }
}

/// The index and its parts, `[case][run]`, each 0 to 1.
private struct ShortageIndex {
  var ratio: [[Double]] = []
  var size: [[Double]] = []
  var pressure: [[Double]] = []
  var index: [[Double]] = []

  init(_ cases: [ShortageCase], _ spec: ShortageSpec) {
    guard let runs = cases.first?.own.supply.first?.count else { return }
    for one in cases {
      ratio.append(
        (0..<runs).map { run in
          let demand = one.own.demand[one.role][run]
          return demand > 0 ? min(1, max(0, one.gap(run) / demand)) : 0
        })
      pressure.append((0..<runs).map { ShortageIndex.pressure(one, run: $0) })
    }
    size = cases.map { _ in [Double](repeating: 0, count: runs) }
    var order = Array(cases.indices)
    for run in 0..<runs {
      order.sort { (cases[$0].gap(run), $0) < (cases[$1].gap(run), $1) }
      for (place, unit) in order.enumerated() where cases[unit].gap(run) > 0 {
        size[unit][run] = Double(place + 1) / Double(order.count)
      }
    }
    let weights = spec.weights
    index = cases.indices.map { unit in
      (0..<runs).map { run in
        weights.ratio * ratio[unit][run] + weights.size * size[unit][run] + weights.pressure * pressure[unit][run]
      }
    }
  }

  /// 0 where entrants exceed openings by the ROA's limit of surplus (1.15), 1 at that of severe shortage (0.85).
  private static func pressure(_ one: ShortageCase, run: Int) -> Double {
    guard let ratio = Pressure(entrants: one.own.entrants[one.role][run], openings: one.own.openings[one.role][run]).ratio
    else { return 0 }
    return min(1, max(0, (1.15 - ratio) / 0.3))
  }
}
