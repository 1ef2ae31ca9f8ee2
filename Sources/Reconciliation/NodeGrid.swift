import Dimensions
import Messages

/// Values by node and time, checked against a hierarchy: unknown nodes and repeated rows are problems.
struct NodeGrid {
  /// In order of first appearance.
  let times: [String]
  /// NaN where the file has no row: nodes × times.
  private(set) var values: [[Double]]
  private let timeAt: [String: Int]

  init(_ table: NodeValues, _ hierarchy: Hierarchy, _ problems: inout [Problem]) {
    var timeAt: [String: Int] = [:]
    var times: [String] = []
    for time in table.rows.compactMap(\.time) where timeAt[time] == nil {
      timeAt[time] = times.count
      times.append(time)
    }
    if times.isEmpty { (times, timeAt) = ([""], ["": 0]) }
    var values = [[Double]](
      repeating: [Double](repeating: .nan, count: times.count), count: hierarchy.nodes.count)
    var firstLine: [[Int]: Int?] = [:]
    var unknown: Set<String> = []
    for row in table.rows {
      guard let node = hierarchy.number(of: row.node) else {
        if unknown.insert(row.node).inserted { problems.append(unknownNode(row, table.file, hierarchy)) }
        continue
      }
      let time = timeAt[row.time ?? ""] ?? 0
      if let first = firstLine[[node, time]] {
        problems.append(repeatedRow(row, table.file, first))
      } else {
        firstLine[[node, time]] = .some(row.line)
        values[node][time] = row.value
      }
    }
    (self.times, self.timeAt, self.values) = (times, timeAt, values)
  }

  func position(of time: String) -> Int? { timeAt[time] }
}

private func unknownNode(_ row: NodeValue, _ file: String, _ hierarchy: Hierarchy) -> Problem {
  let near = nearest(row.node, among: hierarchy.nodes)
  return Problem(
    "reconcile.unknown-node", file: file, line: row.line, path: row.node,
    message: Bilingual(
      zh: "节点“\(row.node)”不在层级文件中", en: "node '\(row.node)' is not in the hierarchy"),
    hint: near.map { Bilingual(zh: "是否指“\($0)”？", en: "did you mean '\($0)'?") }
      ?? Bilingual(zh: "把它加入层级文件，或删去这些行", en: "add it to the hierarchy, or delete its rows"))
}

private func repeatedRow(_ row: NodeValue, _ file: String, _ first: Int?) -> Problem {
  let time = row.time ?? ""
  let place = (zh: first.map { "，首次见第 \($0) 行" } ?? "", en: first.map { "; it first stands on line \($0)" } ?? "")
  return Problem(
    "reconcile.duplicate-row", file: file, line: row.line, path: row.node,
    message: Bilingual(
      zh: "节点“\(row.node)”时间 \(time) 重复\(place.zh)",
      en: "node '\(row.node)' at time \(time) is given twice\(place.en)"),
    hint: Bilingual(zh: "只保留一行", en: "keep one of the rows"))
}
