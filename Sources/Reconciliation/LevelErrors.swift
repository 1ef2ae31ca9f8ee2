import Dimensions
import LinearAlgebra

/// How wrong one level of the hierarchy was before and after reconciliation.
public struct LevelError: Equatable, Sendable {
  /// 0 for the top.
  public let level: Int
  public let nodeCount: Int
  public let rootMeanSquareBefore: Double
  public let rootMeanSquareAfter: Double
  public let meanAbsoluteBefore: Double
  public let meanAbsoluteAfter: Double
}

/// Errors by level against what really came: reconciliation does not help every level every time.
///
/// - Parameters: all nodes × times, in node order; times at which `actual` is NaN for a node are skipped.
/// - Returns: one a level from the top down; levels without any actual value are left out.
public func levelErrors(
  _ hierarchy: Hierarchy, actual: Matrix, base: Matrix, reconciled: Matrix
) -> [LevelError] {
  precondition(
    [actual, base, reconciled].allSatisfy { $0.rows == hierarchy.nodes.count && $0.columns == actual.columns },
    "nodes × times")
  return (0..<hierarchy.levelCount).compactMap { level in
    let nodes = hierarchy.levels.indices.filter { hierarchy.levels[$0] == level }
    let cells = nodes.flatMap { node in (0..<actual.columns).map { (node, $0) } }.filter { !actual[$0, $1].isNaN }
    guard !cells.isEmpty else { return nil }
    func errors(_ forecast: Matrix) -> [Double] { cells.map { forecast[$0, $1] - actual[$0, $1] } }
    let (before, after) = (errors(base), errors(reconciled))
    return LevelError(
      level: level, nodeCount: nodes.count, rootMeanSquareBefore: rootMeanSquare(before),
      rootMeanSquareAfter: rootMeanSquare(after), meanAbsoluteBefore: meanAbsolute(before),
      meanAbsoluteAfter: meanAbsolute(after))
  }
}

private func rootMeanSquare(_ errors: [Double]) -> Double {
  (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
}

private func meanAbsolute(_ errors: [Double]) -> Double {
  errors.reduce(0) { $0 + abs($1) } / Double(errors.count)
}
