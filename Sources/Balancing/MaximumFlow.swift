/// Greatest flow from supplies to demands through arcs without limit (Dinic's algorithm).
struct MaximumFlow {
  let supplies: [Double]
  let demands: [Double]
  private(set) var carried = 0.0
  /// Arc e and its reverse e ^ 1 are stored side by side.
  private var heads: [Int] = []
  private var room: [Double] = []
  private var arcs: [[Int]]
  private let source: Int
  private let sink: Int
  /// Room below this is rounding.
  private let noise: Double

  init(supplies: [Double], demands: [Double]) {
    self.supplies = supplies
    self.demands = demands
    source = supplies.count + demands.count
    sink = source + 1
    arcs = [[Int]](repeating: [], count: sink + 1)
    noise = 1e-13 * max(supplies.reduce(0, +), demands.reduce(0, +))
    for (i, supply) in supplies.enumerated() { add(source, i, supply) }
    for (j, demand) in demands.enumerated() { add(supplies.count + j, sink, demand) }
  }

  mutating func join(_ supply: Int, _ demand: Int) {
    add(supply, supplies.count + demand, .infinity)
  }

  private mutating func add(_ from: Int, _ to: Int, _ limit: Double) {
    arcs[from].append(heads.count)
    heads.append(to)
    room.append(limit)
    arcs[to].append(heads.count)
    heads.append(from)
    room.append(0)
  }

  mutating func run() {
    while true {
      let depth = depths()
      guard depth[sink] >= 0 else { return }
      var next = [Int](repeating: 0, count: arcs.count)
      while true {
        let pushed = push(depth, &next)
        if pushed <= noise { break }
        carried += pushed
      }
    }
  }

  /// Supplies that ask for more than the demands they reach can take (the source side of a minimum cut).
  var cut: (supplies: [Int], demands: [Int]) {
    let depth = depths()
    return (
      supplies.indices.filter { depth[$0] >= 0 },
      demands.indices.filter { depth[supplies.count + $0] >= 0 }
    )
  }

  /// Joins that are empty in every greatest flow, in the order joined: a join can only carry something
  /// when its ends lie on a cycle of the arcs that still have room.
  var alwaysEmpty: [Bool] {
    let component = components()
    let first = 2 * (supplies.count + demands.count)
    return stride(from: first, to: heads.count, by: 2).map { arc in
      room[arc ^ 1] <= noise && component[heads[arc]] != component[heads[arc ^ 1]]
    }
  }

  /// Strongly connected components of the arcs with room (Tarjan, without recursion).
  private func components() -> [Int] {
    var component = [Int](repeating: -1, count: arcs.count)
    var (order, low) = (component, component)
    var next = [Int](repeating: 0, count: arcs.count)
    var (open, path): ([Int], [Int]) = ([], [])
    var (visited, found) = (0, 0)
    for root in arcs.indices where order[root] < 0 {
      path = [root]
      while let node = path.last {
        if order[node] < 0 {
          (order[node], low[node]) = (visited, visited)
          visited += 1
          open.append(node)
        }
        guard next[node] < arcs[node].count else {
          path.removeLast()
          if let parent = path.last { low[parent] = min(low[parent], low[node]) }
          if low[node] == order[node] {
            while let member = open.popLast() {
              component[member] = found
              if member == node { break }
            }
            found += 1
          }
          continue
        }
        let arc = arcs[node][next[node]]
        next[node] += 1
        guard room[arc] > noise else { continue }
        let head = heads[arc]
        if order[head] < 0 {
          path.append(head)
        } else if component[head] < 0 {
          low[node] = min(low[node], order[head])
        }
      }
    }
    return component
  }

  private func depths() -> [Int] {
    var depth = [Int](repeating: -1, count: arcs.count)
    depth[source] = 0
    var queue = [source]
    var at = 0
    while at < queue.count {
      let node = queue[at]
      at += 1
      for arc in arcs[node] where room[arc] > noise && depth[heads[arc]] < 0 {
        depth[heads[arc]] = depth[node] + 1
        queue.append(heads[arc])
      }
    }
    return depth
  }

  /// Sends what one path of the level graph can take; 0 when none is left.
  private mutating func push(_ depth: [Int], _ next: inout [Int]) -> Double {
    var path: [Int] = []
    var node = source
    while node != sink {
      if next[node] < arcs[node].count {
        let arc = arcs[node][next[node]]
        if room[arc] > noise, depth[heads[arc]] == depth[node] + 1 {
          path.append(arc)
          node = heads[arc]
        } else {
          next[node] += 1
        }
      } else {
        guard let last = path.popLast() else { return 0 }
        node = heads[last ^ 1]
        next[node] += 1
      }
    }
    let amount = path.reduce(Double.infinity) { min($0, room[$1]) }
    for arc in path {
      room[arc] -= amount
      room[arc ^ 1] += amount
    }
    return amount
  }
}
