import Foundation
import Messages

/// One forecast run as it was published: what was said, about what, on which data, by which method.
public struct Vintage: Codable, Sendable, Equatable {
  /// A prediction interval with its nominal level.
  public struct Interval: Codable, Sendable, Equatable {
    /// In 0..<1.
    public let level: Double
    public let low: Double
    public let high: Double

    public init(level: Double, low: Double, high: Double) {
      self.level = level
      self.low = low
      self.high = high
    }
  }

  /// What was said of one period.
  public struct Entry: Codable, Sendable, Equatable {
    public let key: [String]
    /// Last period known when the forecast was made.
    public let origin: Int
    public let time: Int
    public let forecast: Double
    public let intervals: [Interval]

    public init(key: [String], origin: Int, time: Int, forecast: Double, intervals: [Interval]) {
      self.key = key
      self.origin = origin
      self.time = time
      self.forecast = forecast
      self.intervals = intervals
    }
  }

  public let schema: String
  /// Names the run: letters, digits, `-`, `_`, `.`, Chinese characters; not starting with a dot.
  public let runID: String
  public let method: String
  /// Changes whenever the method would give other numbers on the same data.
  public let methodVersion: String
  /// Digest of the data the forecast was made from, in hexadecimal.
  public let dataHash: String
  /// What is forecast (a concept id or column name) and its unit: runs about different things never join.
  public let concept: String
  public let unit: String
  public let keyColumns: [String]
  public let entries: [Entry]

  public init(
    runID: String, method: String, methodVersion: String, dataHash: String, concept: String, unit: String,
    keyColumns: [String], entries: [Entry]
  ) {
    schema = "talentcast/vintage@1"
    self.runID = runID
    self.method = method
    self.methodVersion = methodVersion
    self.dataHash = dataHash
    self.concept = concept
    self.unit = unit
    self.keyColumns = keyColumns
    self.entries = entries
  }

  /// Entries of forecasts, in their order; values that are not finite are left out.
  public static func entries(_ forecasts: [SeriesForecast], origins: [Int], levels: [Double]) -> [Entry] {
    zip(forecasts, origins).flatMap { forecast, origin in
      forecast.points.filter { $0.mean.isFinite }.map { point in
        let intervals = levels.map { level in
          let (low, high) = point.distribution.interval(level)
          return Interval(level: level, low: low, high: high)
        }
        return Entry(
          key: forecast.key, origin: origin, time: point.time, forecast: point.mean,
          intervals: intervals.filter { $0.low.isFinite && $0.high.isFinite })
      }
    }
  }
}

/// A published forecast beside what came true.
public struct VintageOutcome: Sendable, Equatable {
  public let runID: String
  public let method: String
  public let methodVersion: String
  public let entry: Vintage.Entry
  public let actual: Double

  public var error: Double { actual - entry.forecast }
  /// Whether the outcome lies in each of the entry's intervals; on an end but for rounding counts as inside.
  public var inside: [Bool] {
    entry.intervals.map {
      actual >= $0.low && actual <= $0.high || nearlyEqual(actual, $0.low) || nearlyEqual(actual, $0.high)
    }
  }
}

/// Every entry whose period has an observation now, in the order of the vintages.
///
/// - Parameters:
///   - vintages: as published.
///   - actuals: series with the same keys.
///   - concept, unit: of the actuals; vintages about another concept or in another unit are not joined.
public func outcomes(
  of vintages: [Vintage], actuals: [Series], concept: String, unit: String
) -> [VintageOutcome] {
  let byKey = Dictionary(actuals.map { ($0.key, $0) }) { first, _ in first }
  return vintages.filter { $0.concept == concept && $0.unit == unit }.flatMap { vintage in
    vintage.entries.compactMap { entry in
      byKey[entry.key]?.value(at: entry.time).map {
        VintageOutcome(
          runID: vintage.runID, method: vintage.method, methodVersion: vintage.methodVersion, entry: entry,
          actual: $0)
      }
    }
  }
}

/// FNV-1a, 64 bits, as 16 hexadecimal digits: tells data files apart, proves nothing against forgery.
public func fingerprint(_ bytes: some Sequence<UInt8>) -> String {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325
  for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
  let digits = String(hash, radix: 16)
  return String(repeating: "0", count: 16 - digits.count) + digits
}
