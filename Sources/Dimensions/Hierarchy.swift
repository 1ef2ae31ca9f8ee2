import Messages

/// Nodes that add up: every node with children equals the sum of its **distinct** leaves.
///
/// A child may have several parents (a hub that is no province, a sex-by-region grid), so the
/// structure is a directed graph without cycles rather than a tree. Nodes are numbered aggregates
/// first, by level and then by first appearance, leaves last by first appearance. In symbols, with
/// the leaf values b: `y = S b`, and the aggregates' rows of S are kept in compressed form.
public struct Hierarchy: Equatable, Sendable {
  /// One line of the file: `parent` contains `child`.
  public struct Link: Hashable, Sendable {
    public let parent: String
    public let child: String
    /// 1-based line of the file, for messages.
    public let line: Int?

    public init(_ parent: String, _ child: String, line: Int? = nil) {
      self.parent = parent
      self.child = child
      self.line = line
    }
  }

  /// Aggregates, then leaves.
  public let nodes: [String]
  public let aggregateCount: Int
  /// Longest way down from a root; every leaf has the deepest level of all.
  public let levels: [Int]
  /// Leaf numbers (0-based, ascending) of aggregate i: `leafNumbers[leafStarts[i]..<leafStarts[i + 1]]`.
  public let leafStarts: [Int]
  public let leafNumbers: [Int]
  private let numbers: [String: Int]

  public var leafCount: Int { nodes.count - aggregateCount }
  public var leaves: ArraySlice<String> { nodes[aggregateCount...] }
  public var levelCount: Int { (levels.max() ?? -1) + 1 }

  /// Blanks around the name do not matter.
  public func number(of node: String) -> Int? { numbers[unpadded(node)] }
  /// Whether a node is no sum of others. Aggregates are numbered before leaves.
  public func isLeaf(_ number: Int) -> Bool { number >= aggregateCount }

  /// Leaf numbers under a node; a leaf stands for itself.
  public func leaves(of number: Int) -> ArraySlice<Int> {
    if isLeaf(number) { return [number - aggregateCount] }
    return leafNumbers[leafStarts[number]..<leafStarts[number + 1]]
  }

  /// For each leaf, the aggregates that contain it, ascending: the columns of S.
  public var aggregatesOfLeaves: [[Int]] {
    var columns = [[Int]](repeating: [], count: leafCount)
    for aggregate in 0..<aggregateCount { for leaf in leaves(of: aggregate) { columns[leaf].append(aggregate) } }
    return columns
  }

  /// y = S b: every node from the leaves.
  /// - Parameter leafValues: one a leaf, in leaf order.
  public func sums(_ leafValues: [Double]) -> [Double] {
    precondition(leafValues.count == leafCount, "one value a leaf")
    var values = [Double](repeating: 0, count: aggregateCount) + leafValues
    for aggregate in 0..<aggregateCount {
      var sum = 0.0
      for leaf in leaves(of: aggregate) { sum += leafValues[leaf] }
      values[aggregate] = sum
    }
    return values
  }

  /// U y: what each aggregate has beyond the sum of its leaves.
  public func excess(_ values: [Double]) -> [Double] {
    precondition(values.count == nodes.count, "one value a node")
    return (0..<aggregateCount).map { aggregate in
      var sum = 0.0
      for leaf in leaves(of: aggregate) { sum += values[aggregateCount + leaf] }
      return values[aggregate] - sum
    }
  }

  /// Builds the structure from its links.
  ///
  /// - Throws: every problem at once: cycles (written out), a node that is its own parent, rows that
  ///   appear twice, a row without parent (an orphan) or without child, no rows at all.
  public init(_ links: [Link], file: String? = nil) throws(ProblemReport) {
    var check = LinkCheck(file: file)
    let graph = check.graph(links)
    guard check.problems.isEmpty else { throw ProblemReport(.badData, check.problems) }
    let order = graph.topological
    guard order.count == graph.names.count else {
      throw ProblemReport(.badData, graph.cycles(file: file))
    }
    var level = [Int](repeating: 0, count: order.count)
    for node in order { for child in graph.children[node] { level[child] = max(level[child], level[node] + 1) } }
    let deepest = level.max() ?? 0
    let isLeaf = graph.children.map(\.isEmpty)
    for node in order where isLeaf[node] { level[node] = deepest }
    let aggregates = graph.names.indices.filter { !isLeaf[$0] }
      .sorted { (level[$0], $0) < (level[$1], $1) }
    let leaves = graph.names.indices.filter { isLeaf[$0] }
    let leafSets = graph.leafSets(order, leaves)
    var starts = [0]
    var flat: [Int] = []
    for aggregate in aggregates {
      flat += leafSets[aggregate]
      starts.append(flat.count)
    }
    nodes = (aggregates + leaves).map { graph.names[$0] }
    aggregateCount = aggregates.count
    levels = (aggregates + leaves).map { level[$0] }
    leafStarts = starts
    leafNumbers = flat
    numbers = Dictionary(uniqueKeysWithValues: nodes.enumerated().map { (unpadded($1), $0) })
  }
}
