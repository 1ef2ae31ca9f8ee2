import Dimensions
import Messages

/// What became of a published cell from one edition to the next.
public struct CellChange: Sendable {
  /// Whether a figure moved, came, or went.
  public enum Kind: String, Codable, Sendable { case revised, new, gone }

  public let kind: Kind
  public let key: CellKey
  public let old: Double?
  public let new: Double?
  /// Why, as far as the two cells say it themselves; else the reasons of the runs hold.
  public let reason: RevisionRow.Reason?

  public var difference: Double? { if let old, let new { new - old } else { nil } }
  /// As a fraction of the old value; nil when that is zero.
  public var rate: Double? { if let old, let new, old != 0 { new / old - 1 } else { nil } }
}

/// Two editions cell by cell.
public struct EditionDiff: Sendable {
  public let changes: [CellChange]
  /// Cells that are in both and do not differ.
  public let unchanged: [Measure: Int]

  /// The changes of a kind in one measure, in the order of the cells.
  public func changes(_ measure: Measure, _ kind: CellChange.Kind) -> [CellChange] {
    changes.filter { $0.key.measure == measure && $0.kind == kind }
  }

  /// Measures that either edition has, in their usual order.
  public var measures: [Measure] {
    Measure.allCases.filter { measure in
      (unchanged[measure] ?? 0) > 0 || changes.contains { $0.key.measure == measure }
    }
  }

  /// Compares by region, industry, team, year and measure. Scenario names are compared too, unless each
  /// edition has one scenario only: then these two are compared with each other.
  ///
  /// - Parameter tolerance: relative; two values nearer than this are the same.
  public init(old: [ResultCell], new: [ResultCell], tolerance: Double = 1e-9) {
    let single = Set(old.map(\.scenario)).count == 1 && Set(new.map(\.scenario)).count == 1
    func key(_ cell: ResultCell) -> CellKey {
      CellKey(
        scenario: single ? "" : cell.scenario, region: cell.region, industry: cell.industry, team: cell.team,
        year: cell.year, measure: cell.measure)
    }
    let before = Dictionary(old.map { (key($0), $0) }, uniquingKeysWith: { first, _ in first })
    let after = Set(new.map(key))
    var changes: [CellChange] = []
    var unchanged: [Measure: Int] = [:]
    for cell in new {
      let key = key(cell)
      guard let was = before[key] else {
        changes.append(CellChange(kind: .new, key: key, old: nil, new: finite(cell.value), reason: nil))
        continue
      }
      if EditionDiff.same(was.value, cell.value, tolerance) {
        unchanged[cell.measure, default: 0] += 1
      } else {
        let reason: RevisionRow.Reason? =
          was.concept != cell.concept ? .concept : was.source != cell.source ? .source : was.method != cell.method ? .method : nil
        changes.append(
          CellChange(kind: .revised, key: key, old: finite(was.value), new: finite(cell.value), reason: reason))
      }
    }
    for cell in old where !after.contains(key(cell)) {
      changes.append(CellChange(kind: .gone, key: key(cell), old: finite(cell.value), new: nil, reason: nil))
    }
    self.changes = changes
    self.unchanged = unchanged
  }

  private static func same(_ a: Double, _ b: Double, _ tolerance: Double) -> Bool {
    if !a.isFinite || !b.isFinite { return a.isFinite == b.isFinite }
    return abs(a - b) <= tolerance * max(abs(a), abs(b), 1)
  }
}

private func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
