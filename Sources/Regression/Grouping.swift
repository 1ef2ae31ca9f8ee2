/// Rows sorted into groups: regions, years, clusters. Codes run from 0 to `count − 1`.
public struct Grouping: Equatable, Sendable {
  public let name: String
  /// One per row.
  public let codes: [Int32]
  public let count: Int

  /// - Parameter values: one per row; groups are numbered in order of first appearance.
  public init(name: String, values: some Sequence<some Hashable>) {
    self.name = name
    codes = Self.numbered(values)
    count = Int((codes.max() ?? -1) + 1)
  }

  /// Groups numbered in ascending order of their values, so that codes are positions in time.
  public init<Value: Hashable & Comparable>(name: String, ordered values: [Value]) {
    self.name = name
    let distinct = Set(values).sorted()
    let position = Dictionary(uniqueKeysWithValues: distinct.enumerated().map { ($1, Int32($0)) })
    codes = values.map { position[$0] ?? 0 }
    count = distinct.count
  }

  /// Codes that need not use every number below their largest; unused ones are squeezed out.
  public init(name: String, codes: [Int32]) {
    self.name = name
    let largest = codes.reduce(-1) { max($0, $1) }
    var seen = [Int32](repeating: -1, count: Int(largest) + 1)
    for code in codes { seen[Int(code)] = 0 }
    var next: Int32 = 0
    for k in seen.indices where seen[k] == 0 {
      seen[k] = next
      next += 1
    }
    self.codes = Int(next) == seen.count ? codes : codes.map { seen[Int($0)] }
    count = Int(next)
  }

  /// The groups of some of the rows.
  public func rows(_ chosen: [Int]) -> Grouping {
    Grouping(name: name, codes: chosen.map { codes[$0] })
  }

  /// Rows that agree in both groupings.
  public func intersected(with other: Grouping) -> Grouping {
    let pairs = zip(codes, other.codes).lazy.map { Int64($0) << 32 | Int64($1) }
    return Grouping(name: "\(name)+\(other.name)", values: pairs)
  }

  /// True when every group lies within one group of `other`.
  public func isNested(in other: Grouping) -> Bool {
    if codes == other.codes { return true }
    var home = [Int32](repeating: -1, count: count)
    for (own, outer) in zip(codes, other.codes) {
      if home[Int(own)] < 0 { home[Int(own)] = outer } else if home[Int(own)] != outer { return false }
    }
    return true
  }

  /// Rows per group.
  public var sizes: [Int] {
    var sizes = [Int](repeating: 0, count: count)
    for code in codes { sizes[Int(code)] += 1 }
    return sizes
  }

  /// Weight of each group; rows when `weights` is nil.
  func masses(_ weights: [Double]?) -> [Double] {
    var masses = [Double](repeating: 0, count: count)
    masses.withUnsafeMutableBufferPointer { masses in
      codes.withUnsafeBufferPointer { codes in
        for i in codes.indices { masses[Int(codes[i])] += weights?[i] ?? 1 }
      }
    }
    return masses
  }

  private static func numbered(_ values: some Sequence<some Hashable>) -> [Int32] {
    func number<S: Sequence>(_ values: S) -> [Int32] where S.Element: Hashable {
      var index: [S.Element: Int32] = [:]
      return values.map { value in
        if let code = index[value] { return code }
        let code = Int32(index.count)
        index[value] = code
        return code
      }
    }
    return number(values)
  }
}

/// Who and when each row is about, for panel methods and autocorrelation.
public struct PanelIndex: Sendable {
  public let entity: Grouping
  /// Codes ascend in time. Nil: rows of an entity stand in time order.
  public let time: Grouping?
  /// The period of each row in whole steps of the calendar, so that a missing year counts; the codes of `time`
  /// when it is not given, the place among the entity's rows when there is no time.
  public let period: [Int]
  /// Periods are the calendar's, not only the order of what is there.
  public let isDated: Bool

  public init(entity: Grouping, time: Grouping?, period: [Int]? = nil) {
    precondition(period.map { $0.count == entity.codes.count } ?? true, "one period per row")
    (self.entity, self.time) = (entity, time)
    isDated = period != nil
    if let period {
      self.period = period
    } else if let time {
      self.period = time.codes.map(Int.init)
    } else {
      var rows = [Int](repeating: 0, count: entity.count)
      self.period = entity.codes.map { code in
        defer { rows[Int(code)] += 1 }
        return rows[Int(code)]
      }
    }
  }

  /// Rows sorted by entity, then time; rows of equal entity and time keep their order.
  public var sortedRows: [Int] {
    (0..<entity.codes.count).sorted { a, b in
      (entity.codes[a], period[a], a) < (entity.codes[b], period[b], b)
    }
  }

  /// The index of some of the rows.
  public func rows(_ chosen: [Int]) -> PanelIndex {
    PanelIndex(
      entity: entity.rows(chosen), time: time.map { $0.rows(chosen) },
      period: isDated || time == nil ? chosen.map { period[$0] } : nil)
  }

  /// Periods from the first to the last row of the entity that lasts longest.
  var longestSpan: Int {
    var (first, last) = ([Int](repeating: .max, count: entity.count), [Int](repeating: .min, count: entity.count))
    for (code, period) in zip(entity.codes, period) {
      first[Int(code)] = min(first[Int(code)], period)
      last[Int(code)] = max(last[Int(code)], period)
    }
    return zip(first, last).reduce(0) { max($0, $1.1 - $1.0 + 1) }
  }

  /// The first two rows that share entity and time, if any.
  public var firstDuplicate: (Int, Int)? {
    guard time != nil else { return nil }
    let order = sortedRows
    for (a, b) in zip(order, order.dropFirst())
    where entity.codes[a] == entity.codes[b] && period[a] == period[b] {
      return (min(a, b), max(a, b))
    }
    return nil
  }
}
