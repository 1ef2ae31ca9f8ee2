import Foundation
import LinearAlgebra

extension EvidencePrior {
  /// How far prior standard deviations may plausibly lie from zero: the scale of their half-normal priors.
  public struct Scales: Sendable {
    public var place: Double
    public var population: Double
    public var walk: Double

    public init(place: Double = 1, population: Double = 0.5, walk: Double = 0.2) {
      (self.place, self.population, self.walk) = (place, population, walk)
    }
  }

  /// The prior whose standard deviations make the facts most probable.
  ///
  /// Laplace's marginal likelihood times half-normal priors, by fixed-point steps
  /// τ² ← τ² · (cᵀMc) ⁄ (tr(S⁻¹M) + τ²⁄h²), M the part of J K Jᵀ that τ² scales; deterministic.
  /// - Parameter held: families whose standard deviations stay as they are, for instance because no fact is about
  ///   them.
  /// - Source: MacKay (1992), *Neural Computation* 4; Gelman (2006), *Bayesian Analysis* 1 for the half-normal.
  public func fitted(
    to facts: [EvidenceFact], scales: Scales = Scales(), held: Set<Int> = [], steps: Int = 60
  ) throws(SmallAreaError) -> EvidencePrior {
    var prior = self
    var start: [Double]?
    for _ in 0..<steps {
      let posterior = try EvidencePosterior(prior, facts: facts, tolerance: 1e-4, split: true, start: start)
      start = posterior.dual
      guard let shares = posterior.between.shares else { break }
      let roots = posterior.curvatures.map { $0.squareRoot() }
      var precision = posterior.factor.solve(.identity(facts.count))
      for j in facts.indices { for i in facts.indices { precision[i, j] *= roots[i] * roots[j] } }
      func moved(_ sd: Double, _ part: Matrix, scale: Double) -> Double {
        let explained = zip(posterior.weights, part.times(posterior.weights)).reduce(0) { $0 + $1.0 * $1.1 }
        let trace = part.elements.indices.reduce(0) { $0 + part.elements[$1] * precision.elements[$1] }
        guard trace > 0, explained > 0, sd > 0 else { return sd }
        let ratio = explained / (trace + sd * sd / (scale * scale))
        return max(sd * min(max(ratio, 0.25), 4).squareRoot(), 1e-3)
      }
      var change = 0.0
      for f in families.indices where !held.contains(f) {
        let old = prior.families[f]
        prior.families[f].placeSD = moved(old.placeSD, shares.place[f], scale: scales.place)
        prior.families[f].populationSD = moved(old.populationSD, shares.population[f], scale: scales.population)
        prior.families[f].walkSD = moved(old.walkSD, shares.walk[f], scale: scales.walk)
        let new = prior.families[f]
        for (a, b) in [(old.placeSD, new.placeSD), (old.populationSD, new.populationSD), (old.walkSD, new.walkSD)] where a > 0 {
          change = max(change, abs(log(b / a)))
        }
      }
      if change < 1e-3 { break }
    }
    return prior
  }
}
