import Datasets
import Dimensions
import Foundation
import Messages
import ModelSpecs
import SmallArea

/// A published figure as a statement about cells, with where it stands.
public struct PublishedFact: Sendable {
  /// `indicator/place/year`.
  public let id: String
  public let indicator: String
  /// Position in the evidence file's populations; nil for the whole stock.
  public let population: Int?
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
  /// Of a figure about a part of a cell's place: the log of the part's expected share in it; 0 for all others.
  public var logShare = 0.0
  public let statement: EvidenceFact

  /// One place, counted to the last person.
  var isCounted: Bool {
    statement.relation == .equal && !isPanel && logShare == 0 && statement.parts.allSatisfy { $0.places.count == 1 } && grade == .observed
  }
}

/// A row that says something about a place, wherever it is written.
struct PrintedRow {
  let indicator: String
  let place: RegionCode
  let year: Int
  let value: Double
  let precision: PrintedNumber.Precision
  /// At least or at most, where the table of facts says so in a column of its own.
  let bound: EvidenceFact.Relation?
  let grade: Evidence
  let source: String
  let file: String
  let line: Int

  init(_ row: Observation) {
    (indicator, place, year, value) = (row.indicator, row.region, row.year, row.value)
    precision =
      switch row.precision {
      case .exact: .exact
      case .rounded: .about
      case .lowerBound: .above
      case .upperBound: .below
      }
    (bound, grade, source, file, line) = (nil, row.evidence, row.source, row.file, row.line)
  }

  /// Rows of a table of facts by its columns population, place, year, value, relation, evidence and source.
  static func table(_ spec: EvidenceSpec, _ catalogue: Catalogue) throws(ProblemReport) -> [PrintedRow] {
    guard let (package, resource) = spec.factTable else { return [] }
    let table = try catalogue.rows(package: package, resource: resource)
    let rows = try TextRows(table, columns: ["population", "place", "year", "value", "relation", "evidence", "source"])
    return (0..<rows.count).compactMap { row in
      guard let year = Int(rows[row, "year"]), let value = Double(rows[row, "value"]) else { return nil }
      return PrintedRow(rows, row, year: year, value: value, file: table.file)
    }
  }

  /// Types and permitted words are those of the package's schema, checked when it is read.
  private init(_ rows: TextRows, _ row: Int, year: Int, value: Double, file: String) {
    (indicator, place, self.year, self.value) = (rows[row, "population"], RegionCode(rows[row, "place"]), year, value)
    let relation = EvidenceFact.Relation(rawValue: rows[row, "relation"]) ?? .equal
    precision = relation == .about ? .about : .exact
    bound = relation == .atLeast || relation == .atMost ? relation : nil
    (grade, source) = (Evidence(rawValue: rows[row, "evidence"]) ?? .assumed, rows[row, "source"])
    (self.file, line) = (file, rows.line(row))
  }
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
