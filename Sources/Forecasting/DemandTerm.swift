import Dimensions
import Messages

/// One summand of the growth of a region's requirement: weight × slope × log growth of a series.
///
/// A region's log growth is the sum of its terms, so that every forecast can be taken apart again and
/// the parts of the drivers add up to the change exactly.
public struct DemandTerm: Sendable {
  /// The methods of demand.
  public enum Kind: String, Codable, CaseIterable, Sendable {
    /// The labour series' own damped drift.
    case trend
    /// The drift of all provinces together: every province keeps its share.
    case nation
    /// A driver times its elasticity, estimated on the province panel and shrunk.
    case driver
    /// Persons per unit of a driver (density), and the driver itself.
    case density
    /// A driver times a fixed elasticity.
    case elasticity
    /// A city's lead or lag in its province.
    case lead
    /// What makes the cities add up to their province.
    case addingUp = "adding-up"
  }

  public let kind: Kind
  /// Series it follows; "" for a correction.
  public let indicator: String
  /// Series the first one is divided by: persons per unit; "" for none.
  public let per: String
  /// Whose series.
  public let region: RegionCode
  public let weight: Double
  public let slope: Double
  /// Standard error of the slope.
  public let slopeError: Double
  /// Log growth of the series from the base year to 1, 2, … years later.
  public let growth: [Double]
  /// Standard deviation of that growth.
  public let spread: [Double]

  /// Contribution to log growth; `h` 0 is the first year after the base.
  public func part(_ h: Int) -> Double { weight * slope * growth[h] }
}

extension [DemandTerm] {
  /// Mean log growth by year: the sum of the parts, in order.
  func mean(_ horizon: Int) -> [Double] {
    (0..<horizon).map { h in reduce(0) { $0 + $1.part(h) } }
  }

  /// Shocks of the methods move together, errors of the slopes do not.
  func spread(_ horizon: Int) -> [Double] {
    (0..<horizon).map { h in
      let shock = reduce(0) { $0 + $1.weight * abs($1.slope) * $1.spread[h] }
      let slopes = reduce(0) { sum, term in
        let error = term.weight * term.slopeError * term.growth[h]
        return sum + error * error
      }
      return (shock * shock + slopes).squareRoot()
    }
  }
}

/// A way of forecasting the labour series of the provinces.
public struct DemandMethod: Hashable, Sendable {
  public let kind: DemandTerm.Kind
  /// The driver; the labour series itself for the trend.
  public let indicator: String
  /// Moved by policy rather than by work: shown and ranked, never leaned on.
  public let isPolicyDriven: Bool

  public init(kind: DemandTerm.Kind, indicator: String, isPolicyDriven: Bool = false) {
    self.kind = kind
    self.indicator = indicator
    self.isPolicyDriven = isPolicyDriven
  }

  public var id: String { "\(kind.rawValue):\(indicator)" }
}

/// How a method has done in the past and what it says.
public struct DemandMethodFit: Sendable {
  public let method: DemandMethod
  /// In the combination; 0 for what is not leaned on.
  public let weight: Double
  /// Elasticity of all provinces together and its standard error (NaN where none is estimated).
  public let elasticity: Double
  public let elasticityError: Double
  /// Provinces whose own elasticity had the wrong sign or was too large: held at a bound.
  public let heldAtBound: Int
  /// Past forecasts scored; root mean square of their log errors, and that of the naive forecast and
  /// of constant shares on the same cases. NaN without cases.
  public let cases: Int
  public let error: Double
  public let naive: Double
  public let constantShare: Double
  /// Place by error ÷ naive error, 1 = best.
  public let rank: Int
}

extension DemandTerm.Kind {
  public var name: Bilingual {
    switch self {
    case .trend: Bilingual(zh: "自身趋势", en: "own trend")
    case .nation: Bilingual(zh: "全国趋势（固定份额）", en: "nation's trend (constant share)")
    case .driver: Bilingual(zh: "驱动因素×弹性", en: "driver × elasticity")
    case .density: Bilingual(zh: "密度法", en: "density")
    case .elasticity: Bilingual(zh: "弹性系数法", en: "fixed elasticity")
    case .lead: Bilingual(zh: "与本省之差", en: "lead over its province")
    case .addingUp: Bilingual(zh: "与省合计衔接", en: "adding up to the province")
    }
  }
}

extension DemandFit {
  /// Whether the combination was better than no change and than constant shares.
  public var beatsBenchmarks: Bool {
    combined.error < combined.naive && combined.error < combined.constantShare
  }
}
