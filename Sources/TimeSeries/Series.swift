/// One series of observations in time order. Times are whole periods (years, or quarters or months
/// counted from year 0); a period without an observation is a gap, not a zero.
public struct Series: Hashable, Sendable {
  /// What tells this series from the others, one value per key column.
  public let key: [String]
  /// Strictly increasing.
  public let times: [Int]
  /// Finite, one per time.
  public let values: [Double]

  public var name: String { Series.name(key) }

  /// The key in one piece; `series` for the only series of a file.
  static func name(_ key: [String]) -> String { key.isEmpty ? "series" : key.joined(separator: " · ") }
  public var count: Int { values.count }

  /// Sorts by time and drops missing observations (NaN).
  /// - Throws: `.lengthMismatch`, `.duplicateTime`, `.notFinite`, `.empty`.
  public init(key: [String], times: [Int], values: [Double]) throws(SeriesError) {
    self.key = key
    let name = Series.name(key)
    guard times.count == values.count else {
      throw .lengthMismatch(series: name, times: times.count, values: values.count)
    }
    let order = times.indices.filter { !values[$0].isNaN }.sorted { times[$0] < times[$1] }
    for (previous, next) in zip(order, order.dropFirst()) where times[previous] == times[next] {
      throw .duplicateTime(series: name, time: times[next])
    }
    if let i = order.first(where: { values[$0].isInfinite }) {
      throw .notFinite(series: name, time: times[i])
    }
    guard !order.isEmpty else { throw .empty(series: name) }
    self.times = order.map { times[$0] }
    self.values = order.map { values[$0] }
  }

  private init(key: [String], sortedTimes: [Int], values: [Double]) {
    self.key = key
    times = sortedTimes
    self.values = values
  }

  public var lastTime: Int { times[times.count - 1] }
  public var lastValue: Double { values[values.count - 1] }
  /// Periods from the first to the last observation.
  public var span: Int { lastTime - times[0] }

  /// The observations up to and including `time`, or nil when there is none.
  public func through(_ time: Int) -> Series? {
    let n = times.firstIndex { $0 > time } ?? times.count
    return n == 0 ? nil : Series(key: key, sortedTimes: Array(times[..<n]), values: Array(values[..<n]))
  }

  /// The observation at `time`, or nil in a gap.
  public func value(at time: Int) -> Double? {
    times.firstIndex(of: time).map { values[$0] }
  }

  /// One entry per period from the first to the last observation; gaps are nil.
  package var regular: [Double?] {
    var grid = [Double?](repeating: nil, count: span + 1)
    for (time, value) in zip(times, values) { grid[time - times[0]] = value }
    return grid
  }

  package func requirePositive(for method: String) throws(SeriesError) {
    if let i = values.firstIndex(where: { $0 <= 0 }) {
      throw .notPositive(series: name, time: times[i], value: values[i], method: method)
    }
  }

  func requireAbove(_ floor: Double?) throws(SeriesError) {
    if let floor, let i = values.firstIndex(where: { $0 < floor }) {
      throw .belowFloor(series: name, floor: floor, time: times[i], value: values[i])
    }
  }

  package func requireCount(_ needed: Int, for method: String) throws(SeriesError) {
    guard count >= needed else {
      throw .tooShort(series: name, method: method, found: count, needed: needed)
    }
  }
}
