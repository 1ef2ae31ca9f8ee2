/// What a forecaster could not do, and to which series.
public enum SeriesError: Error, Equatable, Sendable, CustomStringConvertible {
  case empty(series: String)
  case lengthMismatch(series: String, times: Int, values: Int)
  case duplicateTime(series: String, time: Int)
  case notFinite(series: String, time: Int)
  case notPositive(series: String, time: Int, value: Double, method: String)
  case tooShort(series: String, method: String, found: Int, needed: Int)
  case groupTooShort(found: Int)
  case optionOutOfRange(option: String, value: Double, allowed: String)
  case ceilingMissing(method: String)
  case ceilingReached(series: String, ceiling: Double, time: Int, value: Double)
  case belowFloor(series: String, floor: Double, time: Int, value: Double)
  case noVariation(series: String, method: String)
  case unknownParameter(method: String, parameter: String, allowed: [String])

  public var description: String {
    switch self {
    case .empty(let series):
      "\(series): there is no observation."
    case .lengthMismatch(let series, let times, let values):
      "\(series): \(times) times for \(values) values."
    case .duplicateTime(let series, let time):
      "\(series): time \(time) appears twice. Keep one row per series and time."
    case .notFinite(let series, let time):
      "\(series): the value at \(time) is infinite."
    case .notPositive(let series, let time, let value, let method):
      "\(series): the value at \(time) is \(value); \(method) works on logarithms and needs values above zero. Use naive, drift, holt or local-level."
    case .tooShort(let series, let method, let found, let needed):
      "\(series): \(method) needs at least \(needed) observations, found \(found)."
    case .groupTooShort(let found):
      "the group has \(found) annual growth rates; pooled growth needs at least 2. Add years or series."
    case .optionOutOfRange(let option, let value, let allowed):
      "\(option) is \(value); it must be \(allowed)."
    case .ceilingMissing(let method):
      "\(method) needs a ceiling: state one, it cannot be estimated from a short series."
    case .ceilingReached(let series, let ceiling, let time, let value):
      "\(series): the value at \(time) is \(value), not below the ceiling \(ceiling)."
    case .belowFloor(let series, let floor, let time, let value):
      "\(series): the value at \(time) is \(value), below the floor \(floor)."
    case .noVariation(let series, let method):
      "\(series): every value is the same; \(method) has nothing to fit."
    case .unknownParameter(let method, let parameter, let allowed):
      "\(method) has no parameter '\(parameter)'; it has \(allowed.joined(separator: ", "))."
    }
  }
}
