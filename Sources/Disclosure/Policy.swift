import Dimensions

/// What must not be published.
public struct DisclosurePolicy: Hashable, Sendable {
  /// The largest contributors of a cell may not hold more than a share of it: (n, k) dominance.
  public struct Dominance: Hashable, Sendable {
    public var largest: Int
    /// In 0..<1.
    public var share: Double

    public init(largest: Int, share: Double) {
      self.largest = largest
      self.share = share
    }
  }

  /// Persons. A count of at least one half (it prints as one) and below this is withheld; 0 withholds nothing.
  public var threshold: Double
  /// True: figures that are allocated or assumed (grades C, D) are treated like counts. They identify
  /// nobody unless the parent does, so that the default is false.
  public var protectsModelled: Bool
  public var dominance: Dominance?
  /// Nobody may be able to tell a withheld figure more closely than ± this share of it.
  public var width: Double

  public init(
    threshold: Double = 0, protectsModelled: Bool = false, dominance: Dominance? = nil, width: Double = 0.2
  ) {
    self.threshold = threshold
    self.protectsModelled = protectsModelled
    self.dominance = dominance
    self.width = width
  }

  /// Nothing is withheld.
  public static let open = DisclosurePolicy()

  public var isOpen: Bool { threshold <= 0 && dominance == nil }
}

/// A cell of the published hierarchy, for all its years, measures and scenarios: these follow from each
/// other (gap = demand − supply, next year's stock = this year's + flows), so that they share one mask.
public struct Place: Hashable, Comparable, Sendable {
  public let region: RegionCode
  public let industry: String
  public let team: String

  public init(region: RegionCode, industry: String = "total", team: String = "total") {
    self.region = region
    self.industry = industry
    self.team = team
  }

  init(_ cell: ResultCell) { self.init(region: cell.region, industry: cell.industry, team: cell.team) }

  public static func < (a: Place, b: Place) -> Bool {
    (a.region.text, a.industry, a.team) < (b.region.text, b.industry, b.team)
  }
}

/// Cells after disclosure control, and what was done.
public struct Disclosure: Sendable {
  /// Why a cell is withheld.
  public enum Rule: String, Codable, Sendable {
    /// A small count.
    case threshold
    /// A few contributors hold nearly all of it.
    case dominance
    /// Withheld so that the others cannot be computed.
    case complement
  }

  /// A withheld cell and the rule that withheld it.
  public struct Entry: Hashable, Sendable {
    public let place: Place
    public let rule: Rule
  }

  /// In the order given; withheld ones without numbers.
  public let cells: [ResultCell]
  /// By place; empty when nothing is withheld.
  public let entries: [Entry]
  /// Places that stay recoverable because nothing further may be withheld.
  public let exposed: [Place]

  public var primaryCount: Int { entries.count { $0.rule != .complement } }
  public var secondaryCount: Int { entries.count { $0.rule == .complement } }
}
