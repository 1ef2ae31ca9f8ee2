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
  /// The national stock by year: published, between two published years, or carried on.
  let stock: [Double]
  /// The divided place and its parts, and what their figures say; nil where none is divided.
  public let division: Division?
  let partPosterior: EvidencePosterior?
  /// Shares of places that are published exactly: `[population][year][place]`, nil for the whole stock.
  let counted: [Int?: [Int: [Int: Double]]]
  /// Exact national counts, `[population][year]`.
  private let nationals: [Int: [Int: Observation]]
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
    var (facts, parts, notes) = try reader.facts(published)
    let stock = try reader.stock()
    self.stock = stock.values
    var division: Division?
    if let spec = spec.division { division = try Division(spec, reader.spec, years: years, catalogue: catalogue) }
    self.division = division
    let partFacts = parts.compactMap { row in division.flatMap { Self.partFact(row, $0, reader, years, stock) } }
    for fact in partFacts {
      do throws(SmallAreaError) {
        if let division, let whole = try Self.onWhole(fact, division, places, populations, spec) { facts.append(whole) }
      } catch {
        throw ProblemReport(.badData, [Problem("evidence.solve", message: error.message)])
      }
    }
    (self.spec, self.places, self.years) = (spec, places, years)
    counted = Self.counted(facts, published, stock)
    nationals = try reader.exactNationals()
    // Places of a family that is at certain sites only have one column: there or not.
    let widths = spec.families.map { max(1, $0.drivers.count) }
    let contrasts = widths.map {
      EvidencePrior.Family.contrasts($0, sharedSD: spec.sharedWeightSD, ownSD: spec.ownWeightSD)
    }
    let families = spec.families.enumerated().map { f, family in
      EvidencePrior.Family(
        name: family.id, placeSD: family.placeSD, populationSD: family.populationSD, walkSD: family.walkSD,
        weights: [Double](repeating: 1 / Double(widths[f]), count: widths[f]),
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
    guard let division, let whole = places.firstIndex(of: division.spec.of) else {
      partPosterior = nil
      return
    }
    let solved = posterior
    let persons = years.indices.map { time in Self.persons(solved, spec, of: whole, time: time) }
    do { partPosterior = try division.posterior(persons: persons, partFacts.map(\.statement)) } catch {
      throw ProblemReport(.badData, [Problem("evidence.solve", message: error.message)])
    }
  }

  /// A row about a part as a statement about the part.
  private static func partFact(
    _ row: PrintedRow, _ division: Division, _ reader: FactReader, _ years: [Int], _ stock: FactReader.National
  ) -> PublishedFact? {
    guard let time = years.firstIndex(of: row.year), let part = division.places.firstIndex(of: row.place) else { return nil }
    return reader.fact(
      row, nil, [EvidenceFact.Part(population: 0, time: time, places: [part])], nil, variance: reader.stockVariance(row.year, stock))
  }

  /// What a figure of a part says of the whole: the figure by the part's share, as unsure as that share is.
  private static func onWhole(
    _ fact: PublishedFact, _ division: Division, _ places: [RegionCode], _ populations: [EvidencePrior.Population], _ spec: EvidenceSpec
  ) throws(SmallAreaError) -> PublishedFact? {
    guard let part = fact.statement.parts.first, let whole = places.firstIndex(of: division.spec.of),
      let share = try division.expected(fact.place, time: part.time)
    else { return nil }
    let cells = populations.indices.filter { spec.populations[$0].isRole && populations[$0].national[part.time] > 0 }
      .map { EvidenceFact.Part(population: $0, time: part.time, places: [whole]) }
    let statement = fact.statement
    return PublishedFact(
      id: fact.id, indicator: fact.indicator, population: nil, place: fact.place, year: fact.year, value: fact.value, grade: fact.grade,
      source: fact.source, file: fact.file, line: fact.line, isPanel: false, logShare: share.log,
      statement: EvidenceFact(
        id: fact.id, parts: cells, value: statement.value / exp(share.log), relation: statement.relation,
        sd: (statement.sd * statement.sd + share.sd * share.sd).squareRoot()))
  }

  /// Figures of single places that are counted to the last person, as shares of a published national number.
  private static func counted(
    _ facts: [PublishedFact], _ nationals: [FactReader.National], _ stock: FactReader.National
  ) -> [Int?: [Int: [Int: Double]]] {
    var counted: [Int?: [Int: [Int: Double]]] = [:]
    for fact in facts where fact.isCounted {
      guard let part = fact.statement.parts.first, let place = part.places.first else { continue }
      let national = fact.population.map { nationals[$0] } ?? stock
      guard national.isPublished[part.time] else { continue }
      counted[fact.population, default: [:]][fact.year, default: [:]][place] = fact.value / national.values[part.time]
    }
    return counted
  }

  private static func persons(_ posterior: EvidencePosterior, _ spec: EvidenceSpec, of place: Int, time: Int) -> Double {
    posterior.prior.populations.indices.reduce(0.0) { sum, k in
      guard spec.populations[k].isRole, posterior.prior.populations[k].national[time] > 0 else { return sum }
      return sum + posterior.persons(k, time, place: place)
    }
  }

  /// All roles of a place at a time, most probably.
  func persons(of place: Int, time: Int) -> Double { Self.persons(posterior, spec, of: place, time: time) }

  /// The figure of a single place that is counted to the last person, if there is one.
  ///
  /// - Parameter population: nil for the whole stock.
  public func published(_ population: Int?, place: RegionCode, year: Int) -> PublishedFact? {
    facts.first { $0.population == population && $0.place == place && $0.year == year && $0.isCounted }
  }

  /// Series that decide where people are: of populations that places publish, and of what drives them.
  public var indicators: [String] {
    var ids: [String] = []
    for fact in facts where !fact.isPanel && !ids.contains(fact.indicator) { ids.append(fact.indicator) }
    for id in spec.families.flatMap(\.drivers) where !ids.contains(id) { ids.append(id) }
    return ids
  }

  /// The national stock of a year, as places are set against it.
  public func stock(_ year: Int) -> Double { years.firstIndex(of: year).map { stock[$0] } ?? 0 }

  /// Whether a population is counted: its number is published, not what others leave of the stock.
  public func isCounted(_ population: Int) -> Bool {
    if case .indicator = spec.populations[population].national { true } else { false }
  }

  /// The nation's count of a population as published to the last person, if it is.
  public func publishedNational(_ population: Int, year: Int) -> Observation? { nationals[population]?[year] }

  /// What a fact counts.
  public func name(of fact: PublishedFact) -> Bilingual {
    fact.population.map { spec.populations[$0].name } ?? Bilingual(zh: "存量", en: "stock")
  }

  /// Statements that the rest cannot be reconciled with.
  private static func contradictions(
    _ facts: [PublishedFact], _ posterior: EvidencePosterior, _ spec: EvidenceSpec
  ) -> [Problem] {
    zip(facts, posterior.residuals).compactMap { fact, residual in
      guard abs(residual) > 3, !fact.isPanel else { return nil }
      let name = fact.population.map { spec.populations[$0].name } ?? Bilingual(zh: "存量", en: "stock")
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
    let counted = Set(facts.compactMap { $0.population.map { prior.populations[$0].family } })
    do {
      return try prior.fitted(
        to: facts.map(\.statement), held: Set(prior.families.indices).subtracting(counted))
    } catch {
      throw ProblemReport(.badData, [Problem("evidence.solve", message: error.message)])
    }
  }
}
