import Foundation
import Messages

/// Yearly moves between regions where few or none were counted. All matrices are `[origin][destination]`
/// in persons, the diagonal structurally zero.
public enum MigrationFlows {
  /// A first guess by gravity: P_o^α · P_d^β · d^(−γ).
  ///
  /// - Parameters: persons by region; distances in any one unit, positive off the diagonal.
  /// - Throws: `.lengthMismatch`, `.notACount`.
  public static func gravity(
    populations: [Double], distances: [[Double]], alpha: Double = 1, beta: Double = 1, gamma: Double = 1
  ) throws(SupplyError) -> [[Double]] {
    try requireSquare(distances, populations.count, "distances")
    for (i, persons) in populations.enumerated() {
      try requireCount(persons, "population", at: "region \(i + 1)")
    }
    var flows = distances
    for o in populations.indices {
      for d in populations.indices {
        if o == d {
          flows[o][d] = 0
          continue
        }
        let distance = distances[o][d]
        guard distance > 0, distance.isFinite else {
          throw .notACount(input: "distance", at: "\(o + 1) → \(d + 1)", value: distance)
        }
        flows[o][d] = pow(populations[o], alpha) * pow(populations[d], beta) * pow(distance, -gamma)
      }
    }
    return flows
  }

  /// The flows nearest to the seed (in the sense of information) that have the given totals: iterative
  /// proportional fitting.
  ///
  /// - Throws: `.notSolvable` when the totals differ, or the seed's zeros forbid them.
  /// - Source: Willekens (1999), *Theoretical Population Biology* 56.
  public static func balanced(_ seed: [[Double]], out: [Double], in into: [Double]) throws(SupplyError)
    -> [[Double]]
  {
    try requireSquare(seed, out.count, "seed")
    guard into.count == out.count else {
      throw .lengthMismatch(input: "in-migration", expected: out.count, found: into.count)
    }
    for i in out.indices {
      try requireCount(out[i], "out-migration", at: "region \(i + 1)")
      try requireCount(into[i], "in-migration", at: "region \(i + 1)")
      for value in seed[i] { try requireCount(value, "seed", at: "region \(i + 1)") }
    }
    let total = out.reduce(0, +)
    guard abs(total - into.reduce(0, +)) <= 1e-9 * max(1, total) else {
      throw .notSolvable(
        what: Bilingual(zh: "迁移流量", en: "migration flows"),
        reason: Bilingual(
          zh: "迁出 \(total) 人，迁入 \(into.reduce(0, +)) 人",
          en: "\(total) persons leave and \(into.reduce(0, +)) arrive."))
    }
    return try fittedToMargins(
      seed, rows: out, columns: into, what: Bilingual(zh: "迁移流量", en: "migration flows"))
  }

  /// The fewest moves that explain net migration alone: every loser sends to every gainer in
  /// proportion to the gains. The net figures are first shifted evenly by size so that they cancel.
  ///
  /// - Parameters: net migration (in − out) by region; persons by region, for the shift.
  public static func fromNet(_ net: [Double], populations: [Double]) throws(SupplyError) -> [[Double]] {
    guard populations.count == net.count else {
      throw .lengthMismatch(input: "population", expected: net.count, found: populations.count)
    }
    for (i, persons) in populations.enumerated() {
      try requireCount(persons, "population", at: "region \(i + 1)")
    }
    for (i, persons) in net.enumerated() where !persons.isFinite {
      throw .notACount(input: "net migration", at: "region \(i + 1)", value: persons)
    }
    let mass = populations.reduce(0, +)
    let excess = net.reduce(0, +)
    let own = zip(net, populations).map {
      mass > 0 ? $0 - excess * $1 / mass : $0 - excess / Double(net.count)
    }
    let gains = own.map { max(0, $0) }
    let gained = gains.reduce(0, +)
    return own.map { loss in gains.map { loss < 0 && gained > 0 ? -loss * $0 / gained : 0 } }
  }

  /// Net migration by age as what survival leaves unexplained: N_{a+1, t+1} − S_a · N_{a, t}.
  ///
  /// - Parameters: persons by single age (or by groups one step wide) at both ends of the step, last open;
  ///   `survival` of each group over the step.
  /// - Returns: net migrants by age at the end; the youngest group, which nobody survives into, is left out
  ///   (nil).
  /// - Source: United Nations, Manual VI (1970), *Methods of Measuring Internal Migration*.
  public static func survivalResidual(
    before: [Double], after: [Double], survival: [Double]
  ) throws(SupplyError) -> [Double?] {
    guard after.count == before.count, survival.count == before.count, before.count >= 2 else {
      throw .lengthMismatch(
        input: "ages", expected: max(2, before.count), found: min(after.count, survival.count))
    }
    for (a, share) in survival.enumerated() { try requireShare(share, "survival", at: "group \(a + 1)") }
    let last = before.count - 1
    var net: [Double?] = [nil]
    for a in 1..<last { net.append(after[a] - survival[a - 1] * before[a - 1]) }
    net.append(after[last] - survival[last - 1] * before[last - 1] - survival[last] * before[last])
    return net
  }

  private static func requireSquare(_ rows: [[Double]], _ count: Int, _ input: String) throws(SupplyError) {
    guard rows.count == count else { throw .lengthMismatch(input: input, expected: count, found: rows.count) }
    for row in rows where row.count != count {
      throw .lengthMismatch(input: input, expected: count, found: row.count)
    }
  }
}
