/// Order of units by a quantity known only as draws: ties wherever the draws cannot tell.
public struct UncertainRanking: Sendable {
  /// A unit's place among others: from the best to the worst it can be told to have.
  public struct Place: Sendable, Hashable {
    /// Index of the unit in the input.
    public let unit: Int
    /// 1-based; tied units share the best rank of their group.
    public let rank: Int
    public let expectedRank: Double
    /// 10th and 90th percentile of the unit's rank over the draws.
    public let low: Int
    public let high: Int
  }

  /// Best (largest) first.
  public let places: [Place]

  /// Ranks units by descending value.
  ///
  /// Neighbours are tied when the probability that the one is larger lies in `tie`.
  /// - Parameter draws: one array a unit, all of one length ≥ 1; element b belongs to draw b.
  public init(draws: [[Double]], tie: ClosedRange<Double> = 0.2...0.8) {
    let units = draws.count
    let count = draws.first?.count ?? 0
    precondition(draws.allSatisfy { $0.count == count }, "every unit has the same draws")
    var ranks = [[Int]](repeating: [], count: units)
    var order = Array(0..<units)
    for b in 0..<count {
      order.sort { draws[$0][b] == draws[$1][b] ? $0 < $1 : draws[$0][b] > draws[$1][b] }
      for (place, unit) in order.enumerated() { ranks[unit].append(place + 1) }
    }
    let expected = ranks.map { $0.isEmpty ? 0 : Double($0.reduce(0, +)) / Double($0.count) }
    let sorted = (0..<units).sorted { expected[$0] == expected[$1] ? $0 < $1 : expected[$0] < expected[$1] }
    var places: [Place] = []
    var rank = 1
    for (position, unit) in sorted.enumerated() {
      if position > 0 {
        let above = sorted[position - 1]
        let larger = (0..<count).count { draws[above][$0] > draws[unit][$0] }
        if count == 0 || !tie.contains(Double(larger) / Double(count)) { rank = position + 1 }
      }
      let own = ranks[unit].sorted()
      func percentile(_ p: Double) -> Int { own.isEmpty ? 0 : own[Int((Double(own.count - 1) * p).rounded())] }
      places.append(
        Place(unit: unit, rank: rank, expectedRank: expected[unit], low: percentile(0.1), high: percentile(0.9)))
    }
    self.places = places
  }
}
