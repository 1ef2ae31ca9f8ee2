import Messages

/// How a figure came to be known. Ordered from best to worst.
public enum Evidence: String, CaseIterable, Codable, Sendable, Comparable {
  /// Counted and published.
  case observed = "A"
  /// Estimated from the unit's own data.
  case estimated = "B"
  /// Allocated from a parent's figure by a driver.
  case allocated = "C"
  /// Rests on an assumption.
  case assumed = "D"

  public static func < (a: Evidence, b: Evidence) -> Bool { a.rawValue < b.rawValue }

  /// The weakest of some grades; `observed` for none. What is made of several figures is as good as the worst.
  public static func worst(_ grades: some Sequence<Evidence>) -> Evidence { grades.max() ?? .observed }

  public var name: Bilingual {
    switch self {
    case .observed: Bilingual(zh: "观测", en: "observed")
    case .estimated: Bilingual(zh: "估计", en: "estimated")
    case .allocated: Bilingual(zh: "分摊", en: "allocated")
    case .assumed: Bilingual(zh: "假定", en: "assumed")
    }
  }
}
