import Dimensions
import Foundation
import SmallArea

/// A published figure as a statement about cells, with where it stands.
public struct PublishedFact: Sendable {
  /// `indicator/place/year`.
  public let id: String
  public let indicator: String
  /// Position in the evidence file's populations.
  public let population: Int
  public let place: RegionCode
  public let year: Int
  public let value: Double
  public let grade: Evidence
  /// Id of the source, file and line of the row.
  public let source: String
  public let file: String
  public let line: Int
  /// One of a full panel of a kindred population: informs shares, is never hidden one by one.
  public let isPanel: Bool
  public let statement: EvidenceFact
}

/// How a printed number binds, and how finely it is printed.
struct PrintedNumber {
  let value: Double
  let relation: EvidenceFact.Relation
  /// Of the log, before any floor.
  let sd: Double

  /// A number printed without a word has three digits at least, whatever zeros it ends in; 超、余 and 近 stand for an
  /// interval one printed unit wide.
  /// - Parameter aggregate: how the figure of a sum over larger areas binds; nil for a place's own.
  init(value: Double, precision: Precision, aggregate: EvidenceFact.Relation?) {
    let unit = precision == .exact ? min(Self.unit(value), pow(10, max((log10(value) - 2).rounded(.down), 0))) : Self.unit(value)
    switch precision {
    case .exact: (self.value, sd) = (value, unit / 2 / value)
    case .about: (self.value, sd) = (value, unit / value)
    case .above: (self.value, sd) = (value + unit / 2, unit / 12.0.squareRoot() / value)
    case .below: (self.value, sd) = (value - unit / 2, unit / 12.0.squareRoot() / value)
    }
    relation = aggregate ?? (precision == .exact ? .equal : .about)
  }

  enum Precision { case exact, about, above, below }

  /// The place value of the last digit that is not zero.
  static func unit(_ value: Double) -> Double {
    var (rest, unit) = (value, 1.0)
    guard value == value.rounded(), value >= 10 else { return 1 }
    while rest.truncatingRemainder(dividingBy: 10) == 0 {
      rest /= 10
      unit *= 10
    }
    return unit
  }
}
