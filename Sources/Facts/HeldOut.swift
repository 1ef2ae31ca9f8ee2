import Dimensions
import Foundation
import Messages
import Probability
import SmallArea

/// How close the model comes to published figures that it has not seen.
public struct HeldOut: Sendable {
  /// What was hidden together with a figure.
  public enum Hidden: String, CaseIterable, Sendable {
    /// The figure alone.
    case fact
    /// Every figure of its place.
    case place
    /// Every figure later than the cut.
    case later
  }

  /// One figure predicted without it.
  public struct Row: Sendable {
    public let hidden: Hidden
    /// Position in the fact base.
    public let fact: Int
    /// Predicted log, and its standard deviation with the figure's own.
    public let log: Double
    public let sd: Double
    /// log published − log predicted.
    public let error: Double
  }

  /// Scores of one way to predict.
  public struct Scores: Sendable {
    public let count: Int
    public let medianError: Double
    public let coverage80: Double
    public let coverage95: Double
    /// Means over the figures, of logs: continuous ranked probability score, and interval score at 80 %.
    public let crps: Double
    public let intervalScore: Double
  }

  public let rows: [Row]
  /// Places with figures of their own.
  public let places: [RegionCode]
  public let cut: Int
  /// Allocation by the mean of drivers' shares with an assumed spread, and the last published share with a walk of
  /// 0.10 a year, on the same figures.
  public let allocation: Scores
  public let lastShare: [Hidden: Scores]

  /// - Parameters:
  ///   - cut: the last year that later figures are predicted from.
  ///   - hiding: which ways of hiding are tried.
  public init(_ base: FactBase, cut: Int, hiding: Set<Hidden> = Set(Hidden.allCases)) throws(ProblemReport) {
    let shown = base.facts.indices.filter {
      !base.facts[$0].isPanel && base.facts[$0].statement.relation != .atLeast && base.facts[$0].statement.relation != .atMost
    }
    let own = Set(shown.map { base.facts[$0].place }).filter { base.index(of: $0) != nil }.sorted()
    var rows: [Row] = []
    do {
      func predict(_ hidden: Hidden, _ gone: Set<Int>, _ asked: [Int]) throws(SmallAreaError) {
        let kept = base.facts.indices.filter { !gone.contains($0) }
        let posterior = try base.posterior.without(gone, keeping: base.statements(kept))
        for j in asked {
          let question = try posterior.question(base.facts[j].statement.parts)
          let sd = (question.sd * question.sd + base.facts[j].statement.sd * base.facts[j].statement.sd).squareRoot()
          rows.append(
            Row(
              hidden: hidden, fact: j, log: question.log, sd: sd,
              error: Foundation.log(base.facts[j].statement.value) - question.log))
        }
      }
      // A few figures are taken out of the posterior at hand; where most of it goes, it is solved again.
      func takenOut(_ hidden: Hidden, _ gone: [Int]) throws(SmallAreaError) {
        for (j, cell) in zip(gone, try base.posterior.hidden(gone)) {
          let sd = (cell.sd * cell.sd + base.facts[j].statement.sd * base.facts[j].statement.sd).squareRoot()
          rows.append(
            Row(hidden: hidden, fact: j, log: cell.log, sd: sd, error: Foundation.log(base.facts[j].statement.value) - cell.log))
        }
      }
      for j in shown where hiding.contains(.fact) { try takenOut(.fact, [j]) }
      for place in own where hiding.contains(.place) { try takenOut(.place, shown.filter { base.facts[$0].place == place }) }
      let later = shown.filter { base.facts[$0].year > cut }
      // What was published later about anything is not known yet, except national numbers and drivers.
      let unseen = base.facts.indices.filter { base.facts[$0].year > cut }
      if !later.isEmpty, hiding.contains(.later) { try predict(.later, Set(unseen), later) }
    } catch {
      throw ProblemReport(.badData, [Problem("evidence.solve", message: error.message)])
    }
    (self.rows, places, self.cut) = (rows, own, cut)
    allocation = Scores(shown.map { Self.allocated(base, $0) })
    var last: [Hidden: Scores] = [:]
    for hidden in [Hidden.fact, .later] {
      let found = rows.filter { $0.hidden == hidden }.compactMap { Self.lastShare(base, $0.fact, shown, hidden, cut) }
      last[hidden] = Scores(found)
    }
    lastShare = last
  }

  /// Scores of the model for one way of hiding; nil when nothing was hidden so.
  public func scores(_ hidden: Hidden) -> Scores {
    Scores(rows.filter { $0.hidden == hidden }.map { ($0.error, $0.sd) })
  }

  /// Drivers' mean share times the national number, with the spread assumed for an allocated cell.
  private static func allocated(_ base: FactBase, _ j: Int) -> (error: Double, sd: Double) {
    let fact = base.facts[j]
    guard fact.population != nil, let part = fact.statement.parts.first else { return (.nan, 1) }
    let population = base.prior.populations[part.population]
    let drivers = population.drivers[part.time]
    let share = part.places.reduce(0.0) { sum, r in
      sum + (0..<drivers.columns).reduce(0.0) { $0 + exp(drivers[r, $1]) } / Double(drivers.columns)
    }
    return (log(fact.statement.value) - log(share * population.national[part.time]), 0.12)
  }

  /// The nearest earlier published share of the same place and population (any other year when only the fact is hidden).
  private static func lastShare(
    _ base: FactBase, _ j: Int, _ shown: [Int], _ hidden: Hidden, _ cut: Int
  ) -> (error: Double, sd: Double)? {
    let fact = base.facts[j]
    func share(_ fact: PublishedFact) -> Double {
      guard let part = fact.statement.parts.first else { return .nan }
      let national = fact.statement.parts.reduce(0) { $0 + base.prior.populations[$1.population].national[part.time] }
      return fact.statement.value / national
    }
    let others = shown.filter {
      $0 != j && base.facts[$0].place == fact.place && base.facts[$0].population == fact.population
        && (hidden == .fact || base.facts[$0].year <= cut)
    }
    guard
      let nearest = others.min(by: { abs(base.facts[$0].year - fact.year) < abs(base.facts[$1].year - fact.year) })
    else { return nil }
    let distance = Double(abs(base.facts[nearest].year - fact.year))
    return (log(share(fact) / share(base.facts[nearest])), 0.1 * max(distance, 1).squareRoot())
  }
}

extension HeldOut.Scores {
  /// From errors of logs and their predicted standard deviations.
  init(_ predictions: [(error: Double, sd: Double)]) {
    let known = predictions.filter { $0.error.isFinite }
    count = known.count
    let n = Double(max(count, 1))
    let sizes = known.map { abs($0.error) }.sorted()
    let half = sizes.count / 2
    medianError = sizes.isEmpty ? .nan : sizes.count % 2 == 1 ? sizes[half] : (sizes[half - 1] + sizes[half]) / 2
    let (z80, z95) = (normalQuantile(0.9), normalQuantile(0.975))
    coverage80 = Double(known.count { abs($0.error) <= z80 * $0.sd }) / n
    coverage95 = Double(known.count { abs($0.error) <= z95 * $0.sd }) / n
    crps =
      known.reduce(0) { sum, one in
        let z = one.error / one.sd
        return sum + one.sd * (z * (2 * normalCDF(z) - 1) + 2 * normalDensity(z) - 1 / Double.pi.squareRoot())
      } / n
    intervalScore =
      known.reduce(0) { sum, one in
        let reach = z80 * one.sd
        return sum + 2 * reach + 10 * max(abs(one.error) - reach, 0)
      } / n
  }
}
