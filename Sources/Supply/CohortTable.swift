/// A number for every cell of a frame: persons, or rates.
public struct CohortTable: Hashable, Sendable {
  public let frame: CohortFrame
  /// In storage order: the last axis varies fastest.
  public var values: [Double]

  /// - Throws: `.lengthMismatch`.
  public init(_ frame: CohortFrame, _ values: [Double]) throws(SupplyError) {
    guard values.count == frame.cellCount else {
      throw .lengthMismatch(input: "table", expected: frame.cellCount, found: values.count)
    }
    self.frame = frame
    self.values = values
  }

  public init(_ frame: CohortFrame, repeating value: Double) {
    self.frame = frame
    values = [Double](repeating: value, count: frame.cellCount)
  }

  /// Every cell from its position on each axis.
  public init(_ frame: CohortFrame, _ value: (CohortPosition) -> Double) {
    self.frame = frame
    let sizes = frame.members.map(\.count)
    var at = CohortPosition()
    var numbers: [Double] = []
    numbers.reserveCapacity(frame.cellCount)
    for _ in 0..<frame.cellCount {
      numbers.append(value(at))
      for (axis, size) in zip(frame.axes, sizes).reversed() {
        at[axis] += 1
        if at[axis] < size { break }
        at[axis] = 0
      }
    }
    values = numbers
  }

  public var total: Double { values.reduce(0, +) }

  /// Persons summed over every axis that is not kept.
  public func summed(to kept: [CohortAxis]) throws(SupplyError) -> CohortTable {
    let target = frame.restricted(to: kept)
    var sums = CohortTable(target, repeating: 0)
    for (cell, into) in try frame.cells(in: target, purpose: "sum").enumerated() {
      sums.values[into] += values[cell]
    }
    return sums
  }

  /// Rates for fewer axes: the mean over every axis that is not kept, weighted by persons.
  ///
  /// The rule for data that are finer than the model. Where a kept cell has no weight at all, or no
  /// weights are given, the plain mean stands.
  /// - Parameter weights: persons on a frame with the axes of this one; negative weights are errors.
  public func averaged(to kept: [CohortAxis], weights: CohortTable? = nil) throws(SupplyError) -> CohortTable {
    let target = frame.restricted(to: kept)
    let into = try frame.cells(in: target, purpose: "mean")
    var weight = [Double](repeating: 1, count: values.count)
    if let weights {
      let from = try frame.cells(in: weights.frame, purpose: "weights")
      weight = from.map { weights.values[$0] }
      for (cell, w) in weight.enumerated() { try requireCount(w, "weights", at: frame.name(ofCell: cell)) }
    }
    var (sums, plain) = (CohortTable(target, repeating: 0), CohortTable(target, repeating: 0))
    var masses = sums.values
    for cell in values.indices {
      sums.values[into[cell]] += weight[cell] * values[cell]
      masses[into[cell]] += weight[cell]
      plain.values[into[cell]] += values[cell]
    }
    let share = Double(target.cellCount) / Double(max(1, frame.cellCount))
    for cell in masses.indices {
      sums.values[cell] = masses[cell] > 0 ? sums.values[cell] / masses[cell] : plain.values[cell] * share
    }
    return sums
  }

  /// Rates for a frame that tells more apart: members of a new axis all get the same rate.
  ///
  /// The rule for data that are coarser than the model.
  /// - Throws: `.unknownMember`; `.missingAxis` when the frame lacks an axis of this table (average first).
  public func repeated(over other: CohortFrame) throws(SupplyError) -> CohortTable {
    let from = try other.cells(in: frame, purpose: "rates")
    return try CohortTable(other, from.map { values[$0] })
  }

  /// Persons spread over a frame: the product of tables, each on some of its axes, e.g. entrants by
  /// region × shares by team × shares by age.
  /// - Throws: `.missingAxis` when an axis of several members has no table: persons cannot be repeated.
  public static func product(_ tables: [CohortTable], over frame: CohortFrame) throws(SupplyError)
    -> CohortTable
  {
    for (axis, members) in zip(frame.axes, frame.members) where members.count > 1 {
      guard tables.contains(where: { $0.frame.axes.contains(axis) }) else {
        throw .missingAxis(axis.rawValue, neededFor: "spreading persons")
      }
    }
    var result = CohortTable(frame, repeating: 1)
    for table in tables {
      let from = try frame.cells(in: table.frame, purpose: "product")
      for cell in from.indices { result.values[cell] *= table.values[from[cell]] }
    }
    return result
  }

  /// For every cell of `other` the cell of this table; nobody may be left over.
  ///
  /// - Throws: `.missingAxis` when this table does not tell an axis of several members apart;
  ///   `.unknownMember` when it has persons in a member that `other` lacks.
  func cellsOfAll(in other: CohortFrame, purpose: String) throws(SupplyError) -> [Int] {
    for (axis, members) in zip(other.axes, other.members) where members.count > 1 {
      guard frame.axes.contains(axis) else { throw .missingAxis(axis.rawValue, neededFor: purpose) }
    }
    let from = try other.cells(in: frame, purpose: purpose)
    var isUsed = [Bool](repeating: false, count: values.count)
    for cell in from { isUsed[cell] = true }
    if let lost = values.indices.first(where: { !isUsed[$0] && values[$0] != 0 }) {
      throw .unknownMember(axis: purpose, member: frame.name(ofCell: lost), known: other.axes.map(\.rawValue))
    }
    return from
  }
}
