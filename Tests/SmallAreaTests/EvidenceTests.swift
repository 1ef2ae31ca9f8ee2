import Foundation
import LinearAlgebra
import TestSupport
import Testing

@testable import SmallArea

/// Five places, two roles and one kindred population in two families, one year, two drivers, four facts; solved
/// with numpy to a gradient of 1e-11.
enum FivePlaces {
  static let drivers: [[Double]] = [[120, 300, 80, 400, 100], [260, 280, 60, 300, 100]]

  /// - Parameter tau: scales of u and v.
  static func prior(placeSD: Double = 0.8, populationSD: Double = 0.2) throws -> EvidencePrior {
    var z = Matrix(rows: 5, columns: 2)
    for d in 0..<2 { for r in 0..<5 { z[r, d] = log(drivers[d][r] / drivers[d].reduce(0, +)) } }
    let own = Matrix(rows: 2, columns: 2, elements: [0.3, 0, 0, 0.3])
    let families = ["S", "E"].map {
      EvidencePrior.Family(
        name: $0, placeSD: placeSD, populationSD: populationSD, walkSD: 0, weights: [0.5, 0.5],
        shared: Matrix(rows: 2, columns: 0), own: own)
    }
    let populations = [("att", 0, 34000.0), ("ent", 1, 700000), ("agencies", 0, 5000)].map {
      EvidencePrior.Population(name: $0.0, family: $0.1, national: [$0.2], drivers: [z])
    }
    return try EvidencePrior(
      places: 5, times: [2023], families: families, populations: populations,
      familyCorrelation: Matrix(rows: 2, columns: 2, elements: [1, 0.3, 0.3, 1]))
  }

  static let facts = [
    fact("f1", 0, [0], 12000, .equal, 0.01), fact("f2", 0, [1], 7000, .equal, 0.01),
    fact("f3", 2, [0, 4], 1900, .about, 0.05), fact("f4", 1, [3], 300000, .atLeast, 0.05),
  ]

  static func fact(
    _ id: String, _ population: Int, _ places: [Int], _ value: Double, _ relation: EvidenceFact.Relation, _ sd: Double
  ) -> EvidenceFact {
    EvidenceFact(
      id: id, parts: [EvidenceFact.Part(population: population, time: 0, places: places)], value: value,
      relation: relation, sd: sd)
  }

  /// By population, place by place: persons, standard deviation of the log.
  static let cells: [[(persons: Double, sd: Double)]] = [
    [
      (11997.41309761561, 0.009996183331257505),
      (7000.087111308071, 0.009998915000943638),
      (2293.9661093319887, 0.976340849064126),
      (9848.608841211733, 0.3638841408978422),
      (2859.9248405326007, 0.8104292083514242),
    ],
    [
      (119938.34298214159, 0.6717361769789293),
      (153614.10638108166, 0.6015125237448645),
      (39651.93160747986, 0.9615414689954046),
      (331473.32587837847, 0.14187705708341516),
      (55322.29315091845, 0.8616139138270789),
    ],
    [
      (1518.5310495314932, 0.18366794046618556),
      (1127.9769944033637, 0.27097998770706294),
      (302.9828221958735, 0.9770702058798215),
      (1664.7568595175653, 0.2550222624299753),
      (385.75227435170393, 0.7109302487795955),
    ],
  ]

  /// Of one standard deviation of a fact on the log of a cell of the second population.
  static let influences: [(fact: Int, place: Int, value: Double)] = [
    (0, 0, 0.0018809918463844183),
    (0, 2, -0.0012480962482207055),
    (1, 0, -0.0009548297154083221),
    (1, 2, -0.0012982900483034213),
    (2, 0, 0.0015860226723705263),
    (2, 2, -0.0012894184441078536),
  ]
}

@Suite struct EvidenceTests {
  private func question(_ posterior: EvidencePosterior, _ population: Int, _ places: [Int]) throws -> EvidencePosterior.Question {
    try posterior.question([EvidenceFact.Part(population: population, time: 0, places: places)])
  }

  /// Oracle. Every number of the problem solved in full.
  @Test func agreesWithTheProblemSolvedInFull() throws {
    let posterior = try EvidencePosterior(FivePlaces.prior(), facts: FivePlaces.facts)
    #expect(close(posterior.objective, 0.6890787842388663, relative: 1e-9))
    #expect(close(posterior.logMarginalLikelihood, -2.8048358861600065, relative: 1e-9))
    for (k, cells) in FivePlaces.cells.enumerated() {
      for (r, cell) in cells.enumerated() {
        #expect(close(posterior.persons(k, 0, place: r), cell.persons, relative: 1e-8))
        #expect(close(try question(posterior, k, [r]).sd, cell.sd, relative: 1e-7))
      }
    }
    for expected in FivePlaces.influences {
      let found = posterior.influences(on: try question(posterior, 1, [expected.place]))[expected.fact]
      #expect(close(found, expected.value, relative: 1e-7))
    }
    let unseen = try question(posterior, 1, [2])
    #expect(close(posterior.sd(of: unseen, after: unseen, sd: 0.05), 0.049932537205774154, relative: 1e-7))
    #expect(close(posterior.sd(of: try question(posterior, 1, [4]), after: unseen, sd: 0.05), 0.8481681711256277, relative: 1e-7))
  }

  /// What is said about one more statement is what happens when it is made.
  @Test func valueOfTheNextFactIsKept() throws {
    let posterior = try EvidencePosterior(FivePlaces.prior(), facts: FivePlaces.facts)
    let (cell, unseen) = (try question(posterior, 1, [4]), try question(posterior, 1, [2]))
    let promised = posterior.sd(of: cell, after: unseen, sd: 0.05)
    let stated = FivePlaces.facts + [FivePlaces.fact("new", 1, [2], exp(unseen.log), .equal, 0.05)]
    let after = try EvidencePosterior(FivePlaces.prior(), facts: stated)
    #expect(close(try question(after, 1, [4]).sd, promised, relative: 1e-6))
  }

  @Test func factOrderDoesNotMatter() throws {
    let plain = try EvidencePosterior(FivePlaces.prior(), facts: FivePlaces.facts)
    let turned = try EvidencePosterior(FivePlaces.prior(), facts: FivePlaces.facts.reversed())
    #expect(zip(plain.logShares, turned.logShares).allSatisfy { close($0, $1, relative: 1e-9) })
    #expect(close(plain.logMarginalLikelihood, turned.logMarginalLikelihood, relative: 1e-9))
  }

  @Test func withoutFactsThePriorStands() throws {
    let posterior = try EvidencePosterior(FivePlaces.prior(), facts: [])
    let total = (0..<5).reduce(0) { $0 + posterior.persons(1, 0, place: $1) }
    #expect(close(total, 700_000, relative: 1e-12))
    #expect(try question(posterior, 1, [0, 1, 2, 3, 4]).sd < 1e-6)
  }

  /// A bound that the model keeps anyway says next to nothing; one that it breaks moves it.
  @Test(arguments: [(EvidenceFact.Relation.atLeast, 100.0, 30000.0), (.atMost, 30000, 100)])
  func boundsWorkOnOneSide(relation: EvidenceFact.Relation, idle: Double, binding: Double) throws {
    let plain = try EvidencePosterior(FivePlaces.prior(), facts: [])
    let before = plain.persons(0, 0, place: 0)
    let kept = try EvidencePosterior(
      FivePlaces.prior(), facts: [FivePlaces.fact("b", 0, [0], idle, relation, 0.05)])
    #expect(close(kept.persons(0, 0, place: 0), before, relative: 1e-6))
    #expect(kept.residuals == [0])
    let moved = try EvidencePosterior(
      FivePlaces.prior(), facts: [FivePlaces.fact("b", 0, [0], binding, relation, 0.05)])
    #expect(relation == .atLeast ? moved.persons(0, 0, place: 0) > 25000 : moved.persons(0, 0, place: 0) < 200)
  }

  @Test func drawsHaveThePosteriorsSpreadAndMeetPublishedCells() throws {
    let prior = try FivePlaces.prior(placeSD: 0.3)
    let posterior = try EvidencePosterior(prior, facts: FivePlaces.facts)
    let draws = posterior.draws(0..<2000, seed: 7) { _, logShares in logShares }
    let again = posterior.draws(0..<2000, seed: 7, jobs: 3) { _, logShares in logShares }
    #expect(draws == again)
    for draw in draws.prefix(50) {
      for k in 0..<3 { #expect(close((0..<5).reduce(0) { $0 + exp(draw[5 * k + $1]) }, 1, relative: 1e-12)) }
    }
    // A published cell: its own error of 1 %, however wide its neighbours are.
    let first = draws.map { log(34000 / 12000) + $0[0] }
    #expect(first.allSatisfy { abs($0) < 0.05 })
    #expect(abs((first.map { $0 * $0 }.reduce(0, +) / 2000).squareRoot() - 0.01) < 0.001)
    // An open cell: as wide as Laplace says, to the curvature of the logs.
    let open = draws.map { $0[5 + 4] }
    let mean = open.reduce(0, +) / 2000
    let sd = (open.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / 2000).squareRoot()
    #expect(abs(sd / (try question(posterior, 1, [4]).sd) - 1) < 0.1)
  }

  /// Places drawn with known spread: the marginal likelihood finds it again, roughly.
  @Test func hyperparametersFindTheSpread() throws {
    let (places, drivers) = (200, Matrix(rows: 200, columns: 1))
    let contrast = EvidencePrior.Family.contrasts(1, sharedSD: 0, ownSD: 0)
    let family = EvidencePrior.Family(
      name: "S", placeSD: 0.2, populationSD: 0.4, walkSD: 0.05, weights: [1], shared: contrast.shared, own: contrast.own)
    let populations = (0..<3).map {
      EvidencePrior.Population(
        name: "p\($0)", family: 0, national: [1e6, 1e6], drivers: [drivers, drivers])
    }
    var truth = try EvidencePrior(
      places: places, times: [2020, 2022], families: [family], populations: populations,
      familyCorrelation: Matrix(rows: 1, columns: 1, elements: [1]))
    truth.families[0].placeSD = 0.6
    truth.families[0].populationSD = 0.15
    let world = try EvidencePosterior(truth, facts: []).draws(0..<1, seed: 3) { _, logShares in logShares }[0]
    var facts: [EvidenceFact] = []
    for k in 0..<3 {
      for r in 0..<40 {
        for t in 0..<2 {
          facts.append(
            EvidenceFact(
              id: "\(k) \(r) \(t)", parts: [EvidenceFact.Part(population: k, time: t, places: [r])],
              value: 1e6 * exp(world[truth.cell(k, t) + r]), relation: .equal, sd: 0.005))
        }
      }
    }
    var start = truth
    start.families[0] = family
    let fitted = try start.fitted(to: facts).families[0]
    #expect((0.45...0.75).contains(fitted.placeSD))
    #expect((0.12...0.18).contains(fitted.populationSD))
    #expect((0.04...0.06).contains(fitted.walkSD))
  }

  @Test func factsWithoutANationalNumberAreNamed() throws {
    var prior = try FivePlaces.prior()
    let old = prior.populations
    prior = try EvidencePrior(
      places: 5, times: [2023], families: prior.families,
      populations: old.map {
        EvidencePrior.Population(name: $0.name, family: $0.family, national: [.nan], drivers: $0.drivers)
      }, familyCorrelation: prior.familyCorrelation)
    #expect(throws: SmallAreaError.notFinite(input: "fact f1", row: 0)) {
      try EvidencePosterior(prior, facts: FivePlaces.facts)
    }
  }
}
