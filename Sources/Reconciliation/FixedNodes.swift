import Dimensions
import Messages

/// Published nodes whose values must not move, and how they depend on one another.
///
/// Node f fixes the sum of its leaves. Rows of S that are combinations of others are redundant: their
/// values must agree with the combination, else the published figures contradict each other.
struct FixedNodes: Sendable {
  /// Numbers of nodes in the hierarchy, in the caller's order.
  let nodes: [Int]
  /// Positions in `nodes` of rows that no others imply.
  let independent: [Int]
  /// Combinations Σ coefficient · value that must be zero.
  let identities: [[(position: Int, coefficient: Double)]]

  init(_ nodes: [Int], in hierarchy: Hierarchy) {
    self.nodes = nodes
    let order = nodes.indices.sorted {
      (hierarchy.leaves(of: nodes[$0]).count, $0) < (hierarchy.leaves(of: nodes[$1]).count, $1)
    }
    var pivots: [Int: Reduced] = [:]
    var independent: [Int] = []
    var identities: [[(position: Int, coefficient: Double)]] = []
    for position in order {
      var row = Reduced(leaves: hierarchy.leaves(of: nodes[position]), position: position)
      while let lead = row.entries.keys.min() {
        guard let pivot = pivots[lead] else {
          pivots[lead] = row
          independent.append(position)
          break
        }
        row.eliminate(lead, pivot)
      }
      if row.entries.isEmpty {
        identities.append(row.combination.sorted { $0.key < $1.key }.map { ($0.key, $0.value) })
      }
    }
    self.independent = independent.sorted()
    self.identities = identities
  }

  private struct Reduced {
    var entries: [Int: Double]
    var combination: [Int: Double]

    init(leaves: ArraySlice<Int>, position: Int) {
      entries = Dictionary(uniqueKeysWithValues: leaves.map { ($0, 1) })
      combination = [position: 1]
    }

    mutating func eliminate(_ lead: Int, _ pivot: Reduced) {
      guard let own = entries[lead], let other = pivot.entries[lead] else { return }
      let factor = own / other
      Self.subtract(factor, pivot.entries, from: &entries)
      Self.subtract(factor, pivot.combination, from: &combination)
      entries[lead] = nil
    }

    private static func subtract(_ factor: Double, _ from: [Int: Double], from row: inout [Int: Double]) {
      for (key, value) in from {
        let left = (row[key] ?? 0) - factor * value
        row[key] = abs(left) < 1e-9 ? nil : left
      }
    }
  }

  /// Published values that contradict each other, one problem an identity; the figures are in the message.
  func conflicts(_ values: [Double], in hierarchy: Hierarchy, file: String?) -> [Problem] {
    identities.compactMap { identity in
      let parts = identity.map { ($0.position, $0.coefficient, $0.coefficient * values[$0.position]) }
      let (sum, gross) = parts.reduce((0.0, 0.0)) { ($0.0 + $1.2, $0.1 + abs($1.2)) }
      guard abs(sum) > 1e-9 * gross else { return nil }
      // The row that was reduced last has coefficient 1: it is what the others add up to.
      let whole = parts.max { hierarchy.leaves(of: nodes[$0.0]).count < hierarchy.leaves(of: nodes[$1.0]).count }
      let rest = parts.filter { $0.0 != whole?.0 }
      guard let whole else { return nil }
      let wanted = rest.reduce(0) { $0 - $1.2 } / whole.1
      let terms = rest.map { term(-$0.1 / whole.1, hierarchy.nodes[nodes[$0.0]], values[$0.0]) }
      let name = hierarchy.nodes[nodes[whole.0]]
      let written = terms.joined(separator: " ")
      return Problem(
        "reconcile.fixed-conflict", file: file, path: name,
        message: Bilingual(
          zh: "已公布的数互相矛盾：\(name) = \(plain(values[whole.0]))，但 \(written) = \(plain(wanted))",
          en: "published figures contradict each other: \(name) = \(plain(values[whole.0])), but \(written) = \(plain(wanted))"),
        hint: Bilingual(zh: "改正其中一个，或放开其中一个", en: "mend one of them, or let one of them move"))
    }
  }
}

private func term(_ coefficient: Double, _ node: String, _ value: Double) -> String {
  let sign = coefficient < 0 ? "−" : "+"
  let size = abs(coefficient)
  return "\(sign) \(size == 1 ? "" : plain(size) + "·")\(node) (\(plain(value)))"
}
