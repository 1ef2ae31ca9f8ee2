import Foundation

/// Yearly probabilities of leaving the workforce, each as if it were the only way out.
///
/// Where only one exit rate is known, put it in `death` (which then means every permanent exit but
/// retirement) and leave the others at zero.
public struct ExitRates: Hashable, Sendable {
  /// Death, and every other permanent exit that is not named.
  public let death: Double
  public let retirement: Double
  /// Moves to another occupation, or out of the field.
  public let transfer: Double

  public init(death: Double = 0, retirement: Double = 0, transfer: Double = 0) {
    self.death = death
    self.retirement = retirement
    self.transfer = transfer
  }

  /// Nobody leaves.
  public static let none = ExitRates()

  /// The rates of a part of a year: `1 − (1 − q)^share`, so that all parts together give the year.
  public func during(_ share: Double) -> ExitRates {
    func part(_ rate: Double) -> Double { rate >= 1 ? 1 : -expm1(share * log1p(-rate)) }
    return ExitRates(death: part(death), retirement: part(retirement), transfer: part(transfer))
  }
}

/// What becomes of one person exposed to all three risks at once: four shares that add up to one.
///
///     stay = Π (1 − qᵢ);   leave by i = (1 − stay) · μᵢ / Σ μ,   μᵢ = −ln(1 − qᵢ)
///
/// which is exact when the forces act evenly through the year. Risks with q = 1 act at once: they
/// share the leavers equally and leave nothing to the others.
///
/// Source: Chiang (1968), *Introduction to Stochastic Processes in Biostatistics*, ch. 11;
/// Preston, Heuveline & Guillot (2001), *Demography*, §4.
public struct ExitShares: Hashable, Sendable {
  public let stay: Double
  public let death: Double
  public let retirement: Double
  public let transfer: Double

  /// - Throws: `.shareOutOfRange` naming the risk and `place`.
  public init(_ rates: ExitRates, at place: @autoclosure () -> String = "") throws(SupplyError) {
    try requireShare(rates.death, "death rate", at: place())
    try requireShare(rates.retirement, "retirement rate", at: place())
    try requireShare(rates.transfer, "transfer rate", at: place())
    self.init(checked: rates)
  }

  /// For rates known to lie in 0...1.
  init(checked rates: ExitRates) { self.init(checked: rates, forces: ExitForces(rates)) }

  /// The same where the forces of these rates are known.
  package init(checked rates: ExitRates, forces: ExitForces) {
    stay = (1 - rates.death) * (1 - rates.retirement) * (1 - rates.transfer)
    let certain = (rates.death == 1 ? 1 : 0) + (rates.retirement == 1 ? 1 : 0) + (rates.transfer == 1 ? 1 : 0)
    if certain > 0 {
      let part = 1 / Double(certain)
      death = rates.death == 1 ? part : 0
      retirement = rates.retirement == 1 ? part : 0
      transfer = rates.transfer == 1 ? part : 0
      return
    }
    let total = forces.death + forces.retirement + forces.transfer
    guard total > 0 else {
      (death, retirement, transfer) = (0, 0, 0)
      return
    }
    let perForce = -expm1(-total) / total
    (death, retirement, transfer) = (forces.death * perForce, forces.retirement * perForce, forces.transfer * perForce)
  }
}

/// Forces of exit `μ = −ln(1 − q)`.
package struct ExitForces: Sendable {
  package let death: Double
  package let retirement: Double
  package var transfer: Double

  package init(_ rates: ExitRates) {
    (death, retirement, transfer) = (-log1p(-rates.death), -log1p(-rates.retirement), -log1p(-rates.transfer))
  }
}
