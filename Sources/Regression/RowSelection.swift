import LinearAlgebra

/// A group of rows that was left out before fitting because its own effect explains it.
public struct LeftOutGroup: Equatable, Sendable {
  /// Why the group tells nothing.
  public enum Reason: String, Sendable {
    /// Every response is 0: the effect runs to −∞.
    case allZero = "all-zero"
    /// Every response is 1: the effect runs to ∞.
    case allOne = "all-one"
    /// A single row, which its effect meets exactly.
    case singleton
  }

  /// The absorbed grouping and the code of the group in it.
  public let grouping: String
  public let code: Int32
  public let reason: Reason
  /// Of the input.
  public let rows: [Int]
}

/// Which rows a fit uses when absorbed groups tell nothing about the coefficients.
///
/// Groups are looked for again until none is left, for leaving one out can make another such a group. Source:
/// Correia, Guimarães & Zylkin (2019), arXiv:1903.01633; Correia (2015), "Singletons, cluster-robust standard
/// errors and fixed effects".
struct RowSelection {
  private(set) var leftOut: [LeftOutGroup] = []
  /// Rows that stay, ascending.
  private(set) var kept: [Int] = []

  init(_ input: RegressionInput, _ options: RegressionOptions, _ link: Link) {
    let groupings = options.sweptGroupings
    let extremes = Self.extremes(options.family, link)
    guard !groupings.isEmpty, options.dropSingletons || !extremes.isEmpty else { return }
    kept = Array(0..<input.rows)
    var isFound = true
    while isFound {
      isFound = false
      for grouping in groupings {
        let found = Self.uninformative(grouping, kept, input.response, extremes, options.dropSingletons)
        guard !found.isEmpty else { continue }
        isFound = true
        leftOut += found
        let gone = Set(found.flatMap(\.rows))
        kept.removeAll { gone.contains($0) }
      }
    }
  }

  /// Responses at which the mean of a group lies at an end that no effect reaches.
  private static func extremes(_ family: Family, _ link: Link) -> [(value: Double, reason: LeftOutGroup.Reason)] {
    switch (family, link) {
    case (.poisson, .log), (.binomial, .log): [(0, .allZero)]
    case (.binomial, .logit), (.binomial, .probit): [(0, .allZero), (1, .allOne)]
    default: []
    }
  }

  private static func uninformative(
    _ grouping: Grouping, _ rows: [Int], _ response: [Double],
    _ extremes: [(value: Double, reason: LeftOutGroup.Reason)], _ dropsSingletons: Bool
  ) -> [LeftOutGroup] {
    var (low, high) = ([Double](repeating: .infinity, count: grouping.count), [Double](repeating: -.infinity, count: grouping.count))
    var sizes = [Int](repeating: 0, count: grouping.count)
    for row in rows {
      let group = Int(grouping.codes[row])
      low[group] = min(low[group], response[row])
      high[group] = max(high[group], response[row])
      sizes[group] += 1
    }
    var reasons: [Int: LeftOutGroup.Reason] = [:]
    for group in 0..<grouping.count where sizes[group] > 0 {
      if let extreme = extremes.first(where: { low[group] == $0.value && high[group] == $0.value }) {
        reasons[group] = extreme.reason
      } else if dropsSingletons, sizes[group] == 1 {
        reasons[group] = .singleton
      }
    }
    guard !reasons.isEmpty else { return [] }
    var members: [Int: [Int]] = [:]
    for row in rows where reasons[Int(grouping.codes[row])] != nil {
      members[Int(grouping.codes[row]), default: []].append(row)
    }
    return reasons.keys.sorted().compactMap { group in
      reasons[group].map {
        LeftOutGroup(grouping: grouping.name, code: Int32(group), reason: $0, rows: members[group] ?? [])
      }
    }
  }
}

extension Matrix {
  fileprivate func selecting(rows chosen: [Int]) -> Matrix {
    var part = Matrix(rows: chosen.count, columns: columns)
    for j in 0..<columns { for (i, row) in chosen.enumerated() { part[i, j] = self[row, j] } }
    return part
  }
}

extension RegressionInput {
  /// The input of some of the rows.
  public func rows(_ chosen: [Int]) -> RegressionInput {
    var part = self
    part.response = chosen.map { response[$0] }
    part.design = design.selecting(rows: chosen)
    part.weights = weights.map { weights in chosen.map { weights[$0] } }
    part.offset = offset.map { offset in chosen.map { offset[$0] } }
    return part
  }
}

extension RegressionOptions {
  /// The groupings whose effects are swept out.
  var sweptGroupings: [Grouping] { (effects == .fixed ? [panel?.entity].compactMap(\.self) : []) + absorb }

  /// The options for some of the rows.
  public func rows(_ chosen: [Int]) -> RegressionOptions {
    var part = self
    part.absorb = absorb.map { $0.rows(chosen) }
    part.panel = panel?.rows(chosen)
    if case .clustered(let groups) = covariance { part.covariance = .clustered(groups.map { $0.rows(chosen) }) }
    return part
  }
}

extension RegressionError {
  /// The error with rows counted in the whole input instead of those that were kept.
  func among(_ kept: [Int]) -> RegressionError {
    switch self {
    case .responseOutOfRange(let family, let row, let value):
      .responseOutOfRange(family: family, row: kept[row], value: value)
    case .weightOutOfRange(let row, let value): .weightOutOfRange(row: kept[row], value: value)
    case .separation(let columns, let rows): .separation(columns: columns, rows: rows.map { kept[$0] })
    default: self
    }
  }
}
