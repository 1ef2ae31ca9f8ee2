import Messages

/// Links as a graph: nodes in order of first appearance, children in order of the rows.
struct LinkGraph {
  var names: [String] = []
  var children: [[Int]] = []
  var firstLine: [Int?] = []

  /// Parents before children (Kahn); shorter than `names` when there is a cycle.
  var topological: [Int] {
    var waiting = [Int](repeating: 0, count: names.count)
    for list in children { for child in list { waiting[child] += 1 } }
    var order = names.indices.filter { waiting[$0] == 0 }
    var next = 0
    while next < order.count {
      for child in children[order[next]] {
        waiting[child] -= 1
        if waiting[child] == 0 { order.append(child) }
      }
      next += 1
    }
    return order
  }

  /// The distinct leaves of every node, as ascending positions in `leaves`.
  func leafSets(_ order: [Int], _ leaves: [Int]) -> [[Int]] {
    var sets = [[Int]](repeating: [], count: names.count)
    for (position, leaf) in leaves.enumerated() { sets[leaf] = [position] }
    var seenBy = [Int](repeating: -1, count: leaves.count)
    for node in order.reversed() where !children[node].isEmpty {
      var set: [Int] = []
      for child in children[node] {
        for leaf in sets[child] where seenBy[leaf] != node {
          seenBy[leaf] = node
          set.append(leaf)
        }
      }
      sets[node] = set.sorted()
    }
    return sets
  }

  /// One problem a cycle; the cycle is written out.
  func cycles(file: String?) -> [Problem] {
    var alive = Set(names.indices)
    var problems: [Problem] = []
    while true {
      trim(&alive)
      guard let start = alive.min() else { return problems }
      var path = [start]
      while true {
        guard let step = children[path[path.count - 1]].first(where: alive.contains) else { return problems }
        if let entry = path.firstIndex(of: step) {
          path = Array(path[entry...])
          break
        }
        path.append(step)
      }
      let written = (path + [path[0]]).map { names[$0] }.joined(separator: " → ")
      problems.append(
        Problem(
          "hierarchy.cycle", file: file, line: firstLine[path[0]], path: names[path[0]],
          message: Bilingual(zh: "层级中有循环：\(written)", en: "the hierarchy has a cycle: \(written)"),
          hint: Bilingual(zh: "删去其中一行", en: "delete one of these rows")))
      alive.subtract(path)
    }
  }

  /// Drops nodes that cannot lie on a cycle.
  private func trim(_ alive: inout Set<Int>) {
    while true {
      let reached = Set(alive.flatMap { children[$0] }.filter(alive.contains))
      let kept = alive.filter { node in reached.contains(node) && children[node].contains(where: alive.contains) }
      if kept.count == alive.count { return }
      alive = kept
    }
  }
}

/// Reads links into a graph and collects what is wrong with single rows.
struct LinkCheck {
  let file: String?
  private(set) var problems: [Problem] = []

  init(file: String?) { self.file = file }

  mutating func graph(_ links: [Hierarchy.Link]) -> LinkGraph {
    var graph = LinkGraph()
    var numbers: [String: Int] = [:]
    func number(_ name: String, _ line: Int?) -> Int {
      let key = unpadded(name)
      if let known = numbers[key] { return known }
      numbers[key] = graph.names.count
      graph.names.append(name)
      graph.children.append([])
      graph.firstLine.append(line)
      return graph.names.count - 1
    }
    var seen: [Pair: Int?] = [:]
    for link in links where isSound(link) {
      let pair = Pair(parent: number(link.parent, link.line), child: number(link.child, link.line))
      if let first = seen[pair] {
        repeated(link, first)
      } else {
        seen[pair] = .some(link.line)
        graph.children[pair.parent].append(pair.child)
      }
    }
    if links.isEmpty {
      problems.append(
        Problem(
          "hierarchy.empty", file: file,
          message: Bilingual(zh: "层级文件没有数据行", en: "the hierarchy has no rows"),
          hint: Bilingual(zh: "每行写一对 parent,child", en: "write one parent,child pair a row")))
    }
    return graph
  }

  private struct Pair: Hashable {
    let parent: Int
    let child: Int
  }

  private mutating func isSound(_ link: Hierarchy.Link) -> Bool {
    if unpadded(link.parent).isEmpty || unpadded(link.child).isEmpty {
      let orphan = unpadded(link.parent).isEmpty
      problems.append(
        Problem(
          orphan ? "hierarchy.orphan" : "hierarchy.no-child", file: file, line: link.line,
          path: orphan ? "parent" : "child",
          message: orphan
            ? Bilingual(zh: "节点“\(link.child)”没有上级", en: "node '\(link.child)' has no parent")
            : Bilingual(zh: "该行没有写下级节点", en: "the row names no child of '\(link.parent)'"),
          hint: Bilingual(
            zh: "写明上级与下级；顶层节点不必单独成行",
            en: "name both; a top node needs no row of its own")))
      return false
    }
    guard unpadded(link.parent) != unpadded(link.child) else {
      problems.append(
        Problem(
          "hierarchy.self", file: file, line: link.line, path: link.parent,
          message: Bilingual(
            zh: "节点“\(link.parent)”是自己的上级", en: "node '\(link.parent)' is its own parent"),
          hint: Bilingual(zh: "删去该行", en: "delete the row")))
      return false
    }
    return true
  }

  private mutating func repeated(_ link: Hierarchy.Link, _ first: Int?) {
    let place = (zh: first.map { "，首次见第 \($0) 行" } ?? "", en: first.map { "; it first stands on line \($0)" } ?? "")
    problems.append(
      Problem(
        "hierarchy.duplicate-row", file: file, line: link.line, path: link.child,
        message: Bilingual(
          zh: "“\(link.parent)”→“\(link.child)”重复\(place.zh)",
          en: "'\(link.parent)' → '\(link.child)' is given twice\(place.en)"),
        hint: Bilingual(zh: "删去重复的行", en: "delete the repeated row")))
  }
}
