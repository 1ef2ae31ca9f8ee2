import Foundation
import Messages

/// The age profile of migration: a childhood decline, a labour-force peak, a constant.
///
///     m(x) = a₁ e^(−α₁ x) + a₂ exp(−α₂ (x − μ₂) − e^(−λ₂ (x − μ₂))) + c
///
/// Source: Rogers & Castro (1981), *Model Migration Schedules*, IIASA RR-81-30.
public struct RogersCastro: Hashable, Sendable {
  public let a1, alpha1, a2, alpha2, mu2, lambda2, c: Double

  public init(a1: Double, alpha1: Double, a2: Double, alpha2: Double, mu2: Double, lambda2: Double, c: Double) {
    self.a1 = a1
    self.alpha1 = alpha1
    self.a2 = a2
    self.alpha2 = alpha2
    self.mu2 = mu2
    self.lambda2 = lambda2
    self.c = c
  }

  /// The authors' standard shape, peak at 23.
  public static let standard = RogersCastro(
    a1: 0.02, alpha1: 0.1, a2: 0.06, alpha2: 0.1, mu2: 20, lambda2: 0.4, c: 0.003)

  /// Migration rate at an age in years.
  public func rate(age: Double) -> Double {
    a1 * exp(-alpha1 * age) + a2 * exp(-alpha2 * (age - mu2) - exp(-lambda2 * (age - mu2))) + c
  }

  /// Relative propensities of the groups (mid-ages; an open group at its start + 5), with mean one when
  /// weighted by `persons`, so that level × profile has the level as its overall rate.
  public func profile(_ ages: [AgeGroup], persons: [Double]? = nil) throws(SupplyError) -> [Double] {
    if let persons, persons.count != ages.count {
      throw .lengthMismatch(input: "persons by age", expected: ages.count, found: persons.count)
    }
    let rates = ages.map { rate(age: Double($0.start) + ($0.width.map { Double($0) / 2 } ?? 5)) }
    let weights = persons ?? rates.map { _ in 1 }
    let mass = weights.reduce(0, +)
    let mean = zip(rates, weights).reduce(0) { $0 + $1.0 * $1.1 } / mass
    guard mean > 0, mean.isFinite else {
      throw .notSolvable(
        what: Bilingual(zh: "迁移年龄模式", en: "age profile of migration"),
        reason: Bilingual(zh: "没有可平均的人", en: "nobody to average over."))
    }
    return rates.map { $0 / mean }
  }
}

extension MigrationRates {
  /// Shares of moving by origin, destination and age: level × profile.
  ///
  /// - Parameter levels: overall yearly shares, `[origin][destination]`; the diagonal is ignored.
  public init(
    regions: [String], levels: [[Double]], ages: [AgeGroup], profile: [Double]
  ) throws(SupplyError) {
    guard levels.count == regions.count, levels.allSatisfy({ $0.count == regions.count }) else {
      throw .lengthMismatch(input: "migration levels", expected: regions.count, found: levels.count)
    }
    guard profile.count == ages.count else {
      throw .lengthMismatch(input: "migration profile", expected: ages.count, found: profile.count)
    }
    try self.init(regions: regions, ages: ages) { from, to, age in levels[from][to] * profile[age] }
  }
}
