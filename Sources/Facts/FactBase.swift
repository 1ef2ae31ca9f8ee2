import Datasets
import Dimensions
import Foundation
import LinearAlgebra
import Messages
import ModelSpecs
import SmallArea

/// Everything published about places that an evidence file knows how to read, and the prior it is read with.
public struct FactBase: Sendable {
  public let spec: EvidenceSpec
  /// The places of the cells, in code order.
  public let places: [RegionCode]
  public let years: [Int]
  public let prior: EvidencePrior
  public let facts: [PublishedFact]
  /// All facts together.
  public let posterior: EvidencePosterior
  /// What was left out or widened, and why.
  public let notes: [Problem]

  public init(_ spec: EvidenceSpec, catalogue: Catalogue) throws(ProblemReport) {
    let places = catalogue.regions.filter { $0.level == spec.level && !spec.without.contains($0.code) }.map(\.code).sorted()
    guard places.count > 1 else {
      throw ProblemReport(
        .badConfiguration,
        [
          Problem(
            "evidence.no-places", path: "places.level",
            message: Bilingual(zh: "没有级别为“\(spec.level)”的地区", en: "there are no places of level '\(spec.level)'"))
        ])
    }
    let years = Array(spec.years)
    let reader = FactReader(spec: spec, catalogue: catalogue, places: places, years: years)
    let (populations, published) = try reader.populations()
    let (facts, notes) = try reader.facts(published)
    (self.spec, self.places, self.years) = (spec, places, years)
    let contrasts = spec.families.map {
      EvidencePrior.Family.contrasts($0.drivers.count, sharedSD: spec.sharedWeightSD, ownSD: spec.ownWeightSD)
    }
    let families = spec.families.enumerated().map { f, family in
      EvidencePrior.Family(
        name: family.id, placeSD: family.placeSD, populationSD: family.populationSD, walkSD: family.walkSD,
        weights: [Double](repeating: 1 / Double(family.drivers.count), count: family.drivers.count),
        shared: contrasts[f].shared, own: contrasts[f].own)
    }
    var correlation = Matrix.identity(families.count)
    for a in families.indices { for b in families.indices where a != b { correlation[a, b] = spec.familyCorrelation.value } }
    let counted = facts.map(\.year).sorted()
    let middle = counted.isEmpty ? years.count / 2 : years.firstIndex(of: counted[counted.count / 2]) ?? years.count / 2
    do {
      prior = try EvidencePrior(
        places: places.count, times: years.map(Double.init), pinned: middle, families: families, populations: populations,
        familyCorrelation: correlation)
    } catch {
      throw ProblemReport(.badConfiguration, [Problem("evidence.prior", path: "families", message: error.message)])
    }
    do { posterior = try EvidencePosterior(prior, facts: facts.map(\.statement), tolerance: 1e-8) } catch {
      throw ProblemReport(.badData, [Problem("evidence.solve", message: error.message)])
    }
    (self.facts, self.notes) = (facts, notes + Self.contradictions(facts, posterior, spec))
  }

  /// Statements that the rest cannot be reconciled with.
  private static func contradictions(
    _ facts: [PublishedFact], _ posterior: EvidencePosterior, _ spec: EvidenceSpec
  ) -> [Problem] {
    zip(facts, posterior.residuals).compactMap { fact, residual in
      guard abs(residual) > 3, !fact.isPanel else { return nil }
      let name = spec.populations[fact.population].name
      return Problem(
        "evidence.contradiction", .warning, file: fact.file, line: fact.line,
        message: Bilingual(
          zh: "\(name.zh) \(fact.place) \(fact.year)：公布数与其余事实相差 \(String(format: "%.1f", residual)) σ",
          en: "\(name.en) \(fact.place) \(fact.year): the figure is \(String(format: "%.1f", residual)) σ from what all others say"))
    }
  }

  /// Position of a place among the cells.
  public func index(of place: RegionCode) -> Int? { places.firstIndex(of: place) }

  /// The cells of populations at a place (or aggregate) in a year.
  ///
  /// - Parameter populations: nil for all roles together.
  public func parts(_ populations: [Int]?, place: RegionCode, year: Int) -> [EvidenceFact.Part]? {
    guard let time = years.firstIndex(of: year) else { return nil }
    let members: [RegionCode]
    if let aggregate = spec.aggregates.first(where: { $0.code == place }) {
      members = aggregate.members
    } else {
      members = place == spec.nation ? places : [place]
    }
    let indices = members.compactMap { index(of: $0) }
    guard indices.count == members.count else { return nil }
    let chosen = populations ?? spec.populations.indices.filter { spec.populations[$0].isRole }
    let known = chosen.filter { prior.populations[$0].national[time] > 0 }
    guard !known.isEmpty else { return nil }
    return known.map { EvidenceFact.Part(population: $0, time: time, places: indices) }
  }

  /// The same statements in the given order of positions.
  func statements(_ kept: [Int]) -> [EvidenceFact] { kept.map { facts[$0].statement } }
}

extension FactBase {
  /// The prior with standard deviations estimated again from the facts; families without a fact keep theirs.
  public func refitted() throws(ProblemReport) -> EvidencePrior {
    let counted = Set(facts.map { prior.populations[$0.population].family })
    do {
      return try prior.fitted(
        to: facts.map(\.statement), held: Set(prior.families.indices).subtracting(counted))
    } catch {
      throw ProblemReport(.badData, [Problem("evidence.solve", message: error.message)])
    }
  }
}
