/// What persons are told apart by. Cells are stored in this order, age slowest.
public enum CohortAxis: String, CaseIterable, Codable, Hashable, Sendable, Comparable {
  case age, region, team, sex, grade, licence, education

  public static func < (a: CohortAxis, b: CohortAxis) -> Bool { a.position < b.position }

  var position: Int {
    switch self {
    case .age: 0
    case .region: 1
    case .team: 2
    case .sex: 3
    case .grade: 4
    case .licence: 5
    case .education: 6
    }
  }
}

/// Where a cell stands on each axis; 0 on axes that are not told apart.
public struct CohortPosition: Hashable, Sendable {
  private var at = SIMD8<Int>.zero

  public subscript(axis: CohortAxis) -> Int {
    get { at[axis.position] }
    set { at[axis.position] = newValue }
  }
}

/// Completed ages start..<start + width; nil width = open-ended.
public struct AgeGroup: Hashable, Sendable {
  public let start: Int
  public let width: Int?

  public init(start: Int, width: Int?) {
    precondition(width ?? 1 > 0, "an age group has a positive width")
    self.start = start
    self.width = width
  }

  public var name: String {
    switch width {
    case nil: "\(start)+"
    case 1: "\(start)"
    case let width?: "\(start)-\(start + width - 1)"
    }
  }

  /// Share that moves to the next group each year: 1 ÷ width; nobody leaves an open group.
  public var ageingShare: Double { width.map { 1 / Double($0) } ?? 0 }

  /// Single years first..<last, then `last` and older.
  public static func singleYears(from first: Int, open last: Int) -> [AgeGroup] {
    (first..<last).map { AgeGroup(start: $0, width: 1) } + [AgeGroup(start: last, width: nil)]
  }
}

/// The cells of a cohort model: named members on some of the axes. An axis that is left out is
/// marginalised: its persons are counted together.
public struct CohortFrame: Hashable, Sendable {
  /// In storage order; no axis twice.
  public let axes: [CohortAxis]
  /// Names on each of `axes`.
  public let members: [[String]]
  /// Empty when ages are not told apart: then nobody ages.
  public let ages: [AgeGroup]

  /// - Parameters:
  ///   - ages: rising and without gaps; only the last may be open.
  ///   - others: members of every other axis that is told apart; at least one each, no name twice.
  /// - Throws: `.duplicateMember`, `.notACount` for ages out of order, `.lengthMismatch` for an empty axis.
  public init(ages: [AgeGroup] = [], _ others: [CohortAxis: [String]] = [:]) throws(SupplyError) {
    for (group, next) in zip(ages, ages.dropFirst()) {
      guard let width = group.width, group.start + width == next.start else {
        throw .notACount(input: "age groups", at: next.name, value: Double(next.start))
      }
    }
    self.ages = ages
    var named: [(CohortAxis, [String])] = []
    if !ages.isEmpty { named.append((.age, ages.map(\.name))) }
    for axis in others.keys.sorted() where axis != .age {
      let names = others[axis] ?? []
      if names.isEmpty { throw .lengthMismatch(input: axis.rawValue, expected: 1, found: 0) }
      var seen: Set<String> = []
      for name in names where !seen.insert(name).inserted {
        throw .duplicateMember(axis: axis.rawValue, member: name)
      }
      named.append((axis, names))
    }
    axes = named.map(\.0)
    members = named.map(\.1)
  }

  public var cellCount: Int { members.reduce(1) { $0 * $1.count } }

  /// Number of members; 1 for an axis that is not told apart.
  public func size(_ axis: CohortAxis) -> Int {
    axes.firstIndex(of: axis).map { members[$0].count } ?? 1
  }

  /// Labels of an axis; one label, `total`, where the frame does not have it.
  public func members(of axis: CohortAxis) -> [String] {
    axes.firstIndex(of: axis).map { members[$0] } ?? []
  }

  /// The frame of some of the axes only.
  public func restricted(to kept: [CohortAxis]) -> CohortFrame {
    CohortFrame(
      keptAges: kept.contains(.age) ? ages : [], axes: axes.filter(kept.contains),
      members: axes.indices.filter { kept.contains(axes[$0]) }.map { members[$0] })
  }

  private init(keptAges: [AgeGroup], axes: [CohortAxis], members: [[String]]) {
    (self.ages, self.axes, self.members) = (keptAges, axes, members)
  }

  /// Distance between neighbours of each axis in storage.
  var strides: [Int] {
    var (strides, step) = ([Int](repeating: 1, count: axes.count), 1)
    for i in axes.indices.reversed() {
      strides[i] = step
      step *= members[i].count
    }
    return strides
  }

  /// For every cell of this frame, the cell of `other` with the same members on the axes of `other`;
  /// axes that only this frame has are ignored.
  ///
  /// - Throws: `.missingAxis` when `other` tells an axis of several members apart that this frame
  ///   does not; `.unknownMember` when it lacks a member of this frame.
  func cells(in other: CohortFrame, purpose: String) throws(SupplyError) -> [Int] {
    for (axis, names) in zip(other.axes, other.members) where names.count > 1 && !axes.contains(axis) {
      throw .missingAxis(axis.rawValue, neededFor: purpose)
    }
    let steps = other.strides
    var offsets = [0]
    for (axis, names) in zip(axes, members) {
      var moves = [Int](repeating: 0, count: names.count)
      if let k = other.axes.firstIndex(of: axis) {
        let position = Dictionary(uniqueKeysWithValues: zip(other.members[k], 0...))
        for (i, name) in names.enumerated() {
          guard let at = position[name] else {
            throw .unknownMember(axis: axis.rawValue, member: name, known: other.members[k])
          }
          moves[i] = at * steps[k]
        }
      }
      offsets = offsets.flatMap { base in moves.map { base + $0 } }
    }
    return offsets
  }

  /// A cell's members, e.g. `age=35, region=Beijing`, for messages.
  func name(ofCell cell: Int) -> String {
    let steps = strides
    return axes.indices.map { "\(axes[$0].rawValue)=\(members[$0][cell / steps[$0] % members[$0].count])" }
      .joined(separator: ", ")
  }
}
