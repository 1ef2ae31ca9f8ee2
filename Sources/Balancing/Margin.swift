import Dimensions

/// Sums that a table must have: an array over some of its axes, and how well it is known.
public struct Margin: Equatable, Sendable {
  /// How messages call it: a file name, a table's title.
  public let name: String
  /// Over a subset of the table's axes, in any order; over none it is the grand total.
  public let sums: NamedArray
  public let evidence: Evidence

  public init(_ name: String, _ sums: NamedArray, evidence: Evidence = .observed) {
    self.name = name
    self.sums = sums
    self.evidence = evidence
  }
}

/// What to do when margins disagree about a total they share.
public enum Disagreement: Sendable {
  /// Report both figures and stop.
  case refuse
  /// Scale the less reliable margin in proportion to the more reliable one (better evidence first,
  /// then the order given) and say so.
  case adjust
}

/// What a zero in the seed means.
public enum ZeroPolicy: Equatable, Sendable {
  /// The cell cannot hold anybody: it stays zero.
  case structural
  /// Nobody was sampled: the cell starts at this share of the smallest positive seed cell.
  case sampling(share: Double)
}

/// How `balanced` works.
public struct BalancingOptions: Sendable {
  public var disagreement: Disagreement = .refuse
  public var zeros: ZeroPolicy = .structural
  /// Largest relative margin error at which to stop.
  public var tolerance = 1e-10
  /// Most sweeps over all margins.
  public var cap = 10_000
  public init() {}
}
