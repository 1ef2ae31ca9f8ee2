import Synchronization

/// How far a forecast has come: told by the threads that make it, read by whoever shows it. It changes no result.
public final class ForecastWatch: Sendable {
  /// Parts of the work and their shares of its time (measured at 10 000 draws of the bundled model).
  enum Part: Int, CaseIterable {
    case history, cohorts, shares, growth, places, rankings

    var weight: Double {
      switch self {
      case .history: 0.05
      case .cohorts: 0.08
      case .shares: 0.1
      case .growth: 0.08
      case .places: 0.62
      case .rankings: 0.07
      }
    }
  }

  private let parts = Mutex([Double](repeating: 0, count: Part.allCases.count))
  private let sections = Mutex(1)

  public init() {}

  /// The run is made in so many sections, each with all parts.
  func expect(sections count: Int) { sections.withLock { $0 = count } }

  /// One of `total` equal pieces of a part is done, in one section.
  func did(_ part: Part, of total: Int = 1) {
    let pieces = Double(max(1, total) * sections.withLock(\.self))
    parts.withLock { $0[part.rawValue] += 1 / pieces }
  }

  /// From 0 to 1.
  public var share: Double {
    parts.withLock { done in Part.allCases.reduce(0) { $0 + $1.weight * min(1, done[$1.rawValue]) } }
  }
}
