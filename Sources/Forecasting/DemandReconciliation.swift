import Dimensions
import Foundation
import LinearAlgebra
import Reconciliation

/// A total whose requirement is forecast on its own, beside its parts: the nation, and the province that
/// is shown by its cities.
public struct TotalOutlook: Sendable {
  public let name: String
  /// Indices into the leaves of the geography.
  public let leaves: [Int]
  /// Growth from the base year on.
  public let growth: GrowthOutlook
  /// Share of its yearly shocks that all places have in common, 0…1; 1 for the nation.
  public let common: Double

  public init(name: String, leaves: [Int], growth: GrowthOutlook, common: Double) {
    self.name = name
    self.leaves = leaves
    self.growth = growth
    self.common = common
  }
}

/// Makes requirement add up in every draw: totals and parts are forecast apart, and whichever was the
/// less certain gives way more.
///
/// The base year is as published and does not move. After it the variance of each forecast, in persons,
/// is its weight (METHODS M11, variance scaling).
struct DemandReconciliation {
  private let totals: [TotalOutlook]
  private let hierarchy: Hierarchy
  /// Node of each total, and of each leaf (nil: a leaf under no total keeps its own forecast).
  private let totalNodes: [Int]
  private let leafNodes: [Int?]

  /// Nil when there is no total to reconcile with.
  init?(_ totals: [TotalOutlook], leaves: Int) {
    guard !totals.isEmpty else { return nil }
    let links = totals.flatMap { total in total.leaves.map { Hierarchy.Link("total \(total.name)", "leaf \($0)") } }
    do {
      hierarchy = try Hierarchy(links)
    } catch {
      preconditionFailure("totals of leaves form no cycles: \(error)")
    }
    self.totals = totals
    totalNodes = totals.compactMap { [hierarchy] in hierarchy.number(of: "total \($0.name)") }
    leafNodes = (0..<leaves).map { [hierarchy] in hierarchy.number(of: "leaf \($0)") }
  }

  /// - Parameters:
  ///   - growth: `[leaf][run · (horizon + 1) + h]`, factors on the base year; changed in place.
  ///   - base: `[leaf][run]`, requirement in the base year.
  func reconcile(
    _ growth: inout [[Double]], base: [[Double]], outlooks: [GrowthOutlook], streams: RunStreams
  ) {
    let runs = base.first?.count ?? 0
    let steps = (growth.first?.count ?? 0) / max(runs, 1)
    let bases = totals.map { total in
      (0..<runs).map { run in total.leaves.reduce(0) { $0 + base[$1][run] } }
    }
    let paths = totals.enumerated().map { k, total in
      (0..<runs).map { streams.path(total.growth, run: $0, place: base.count + k, common: total.common) }
    }
    for h in 1..<steps {
      var values = Matrix(rows: hierarchy.nodes.count, columns: runs)
      for (k, node) in totalNodes.enumerated() {
        for run in 0..<runs { values[node, run] = bases[k][run] * exp(paths[k][run][h - 1]) }
      }
      for (leaf, node) in leafNodes.enumerated() {
        guard let node else { continue }
        for run in 0..<runs { values[node, run] = base[leaf][run] * growth[leaf][run * steps + h] }
      }
      let coherent = reconciled(values, Reconciler(hierarchy, variances: variances(bases, base, outlooks, h)))
      for (leaf, node) in leafNodes.enumerated() {
        guard let node else { continue }
        for run in 0..<runs where base[leaf][run] > 0 {
          growth[leaf][run * steps + h] = coherent[node, run] / base[leaf][run]
        }
      }
    }
  }

  /// Of the central forecasts, in persons².
  private func variances(_ bases: [[Double]], _ base: [[Double]], _ outlooks: [GrowthOutlook], _ h: Int) -> [Double] {
    var variances = [Double](repeating: 0, count: hierarchy.nodes.count)
    // A figure that is known already moves by what its rounding allows.
    func variance(_ level: Double, _ outlook: GrowthOutlook) -> Double {
      let deviation = max(level, 1) * exp(outlook.mean[h - 1]) * max(outlook.spread[h - 1], 1e-4)
      return deviation * deviation
    }
    for (k, node) in totalNodes.enumerated() { variances[node] = variance(bases[k][0], totals[k].growth) }
    for (leaf, node) in leafNodes.enumerated() {
      if let node { variances[node] = variance(base[leaf][0], outlooks[leaf]) }
    }
    return variances
  }

  private func reconciled(_ values: Matrix, _ reconciler: Reconciler) -> Matrix {
    do {
      return try reconciler.reconciled(values, nonNegative: true)
    } catch {
      preconditionFailure("without fixed nodes there is always a coherent solution: \(error)")
    }
  }
}
