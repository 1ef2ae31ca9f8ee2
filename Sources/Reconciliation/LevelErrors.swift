import Dimensions
import LinearAlgebra
import Messages

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

/// Errors by level of reconciled files against what really came.
///
/// Times and nodes without an actual value, and aggregates without a base forecast, are skipped.
/// - Throws: unknown nodes, rows given twice, times that were not forecast.
public func levelErrors(
  _ hierarchy: Hierarchy, _ result: Reconciled, actual: NodeValues
) throws(ProblemReport) -> [LevelError] {
  var problems: [Problem] = []
  let came = NodeGrid(actual, hierarchy, &problems)
  var times: [String] = []
  for node in result.nodes where times.last != node.time { times.append(node.time) }
  for row in actual.rows {
    guard let time = row.time, !times.contains(time) else { continue }
    problems.append(
      Problem(
        "reconcile.unknown-time", file: actual.file, line: row.line, path: row.node,
        message: Bilingual(zh: "没有 \(time) 的预测可比", en: "nothing was forecast for \(time)"),
        hint: Bilingual(zh: "有预测的时间：\(times.joined(separator: "、"))", en: "times forecast: \(times.joined(separator: ", "))")))
  }
  guard problems.isEmpty else { throw ProblemReport(.badData, problems) }
  let count = hierarchy.nodes.count
  var matrices = [Matrix](repeating: Matrix(rows: count, columns: times.count, repeating: .nan), count: 3)
  for (t, time) in times.enumerated() {
    let column = came.times.firstIndex(of: time)
    for node in 0..<count {
      let found = result.nodes[t * count + node]
      matrices[1][node, t] = found.base ?? .nan
      matrices[2][node, t] = found.value
      if let column, found.base != nil { matrices[0][node, t] = came.values[node][column] }
    }
  }
  return levelErrors(hierarchy, actual: matrices[0], base: matrices[1], reconciled: matrices[2])
}

private func rootMeanSquare(_ errors: [Double]) -> Double {
  (errors.reduce(0) { $0 + $1 * $1 } / Double(errors.count)).squareRoot()
}

private func meanAbsolute(_ errors: [Double]) -> Double {
  errors.reduce(0) { $0 + abs($1) } / Double(errors.count)
}
