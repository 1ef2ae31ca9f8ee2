import Datasets
import Dimensions
import Foundation
import LinearAlgebra
import Messages
import ModelSpecs
import SmallArea

/// The parts of a divided place: shares of its stock, by what is published of the parts.
///
/// Two levels of one tree: what is said of a part says something of the whole, as far as the part's share of it is
/// known; given the whole, the parts are what their own figures and drivers support.
public struct Division: Sendable {
  public let spec: EvidenceSpec.Division
  /// The listed parts, then the rest.
  public let places: [RegionCode]
  let prior: EvidencePrior
  /// Before any figure of a part is read.
  private let unread: EvidencePosterior

  init(_ spec: EvidenceSpec.Division, _ model: EvidenceSpec, years: [Int], catalogue: Catalogue) throws(ProblemReport) {
    self.spec = spec
    places = spec.places + [spec.rest]
    let shares = try Self.driverShares(spec, years: years, catalogue: catalogue)
    let contrasts = EvidencePrior.Family.contrasts(spec.drivers.count, sharedSD: model.sharedWeightSD, ownSD: 0)
    let family = EvidencePrior.Family(
      name: spec.of.text, placeSD: spec.placeSD, populationSD: 0, walkSD: spec.walkSD,
      weights: [Double](repeating: 1 / Double(spec.drivers.count), count: spec.drivers.count), shared: contrasts.shared,
      own: contrasts.own)
    let whole = EvidencePrior.Population(
      name: spec.of.text, family: 0, national: [Double](repeating: 1, count: years.count), drivers: shares)
    do {
      prior = try EvidencePrior(
        places: places.count, times: years.map(Double.init), pinned: years.count - 1, families: [family], populations: [whole],
        familyCorrelation: .identity(1))
      unread = try EvidencePosterior(prior, facts: [])
    } catch {
      throw ProblemReport(.badConfiguration, [Problem("evidence.division", path: "division", message: error.message)])
    }
  }

  /// Log of the share of a part in the whole and its standard deviation, before any figure of a part is read.
  func expected(_ place: RegionCode, time: Int) throws(SmallAreaError) -> (log: Double, sd: Double)? {
    guard let index = places.firstIndex(of: place) else { return nil }
    let question = try unread.question([EvidenceFact.Part(population: 0, time: time, places: [index])])
    return (question.log, question.sd)
  }

  /// The parts given the whole.
  ///
  /// - Parameters: `persons` of the whole by time; `facts` statements about parts.
  func posterior(persons: [Double], _ facts: [EvidenceFact]) throws(SmallAreaError) -> EvidencePosterior {
    let population = prior.populations[0]
    let known = EvidencePrior.Population(name: population.name, family: 0, national: persons, drivers: population.drivers)
    return try EvidencePosterior(
      EvidencePrior(
        places: prior.places, times: prior.times, pinned: prior.pinned, families: prior.families, populations: [known],
        familyCorrelation: prior.familyCorrelation), facts: facts, tolerance: 1e-8)
  }

  /// Logs of shares by year: parts × drivers. A part without figures of a driver takes the mean of its others; the
  /// rest has what the parts leave.
  private static func driverShares(
    _ spec: EvidenceSpec.Division, years: [Int], catalogue: Catalogue
  ) throws(ProblemReport) -> [Matrix] {
    var panels: [Panel] = []
    for name in spec.drivers { panels.append(try catalogue.panel(name)) }
    return years.map { year in
      var columns = panels.map { panel in
        spec.places.map { place -> Double in
          let both = panel.series(place).filter { row in row.value > 0 && (panel[spec.of, row.year]?.value ?? 0) > 0 }
          guard let own = both.last(where: { $0.year <= year }) ?? both.first, let whole = panel[spec.of, own.year] else { return .nan }
          return own.value / whole.value
        }
      }
      for r in spec.places.indices {
        let seen = columns.map { $0[r] }.filter { !$0.isNaN }
        let mean = seen.isEmpty ? 1 / Double(spec.places.count + 1) : seen.reduce(0, +) / Double(seen.count)
        for d in columns.indices where columns[d][r].isNaN { columns[d][r] = mean }
      }
      var matrix = Matrix(rows: spec.places.count + 1, columns: columns.count)
      for (d, column) in columns.enumerated() {
        let shares = column + [max(1 - column.reduce(0, +), 1e-4)]
        let sum = shares.reduce(0, +)
        for r in shares.indices { matrix[r, d] = log(shares[r] / sum) }
      }
      return matrix
    }
  }
}
