/// Which states of a matrix model feed which: its strongly connected classes and their order.
struct StateGraph {
  /// `successors[j]`: the states i with A[i, j] > 0.
  let successors: [[Int]]
  /// Classes of states that all reach each other, upstream classes first; states in rising order.
  let classes: [[Int]]
  /// The class of each state.
  let classOf: [Int]

  /// - Parameter isFlow: whether state `from` feeds state `to`.
  init(states: Int, isFlow: (_ from: Int, _ to: Int) -> Bool) {
    let feeds = (0..<states).map { from in (0..<states).filter { isFlow(from, $0) } }
    var search = ClassSearch(successors: feeds)
    for state in 0..<states where search.order[state] == nil { search.visit(state) }
    // Tarjan's algorithm completes downstream classes first.
    let found = Array(search.classes.reversed())
    var owner = [Int](repeating: 0, count: states)
    for (c, members) in found.enumerated() { for s in members { owner[s] = c } }
    (successors, classes, classOf) = (feeds, found, owner)
  }

  /// Greatest common divisor of the lengths of all cycles in a class; 0 when it has none.
  func period(ofClass c: Int) -> Int {
    guard let root = classes[c].first else { return 0 }
    var depth: [Int: Int] = [root: 0]
    var (queue, period, at) = ([root], 0, 0)
    while at < queue.count {
      let state = queue[at]
      at += 1
      let here = depth[state] ?? 0
      for next in successors[state] where classOf[next] == c {
        if let there = depth[next] {
          period = greatestCommonDivisor(period, abs(here + 1 - there))
        } else {
          depth[next] = here + 1
          queue.append(next)
        }
      }
    }
    return period
  }
}

private func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
  var (a, b) = (a, b)
  while b != 0 { (a, b) = (b, a % b) }
  return a
}

/// Tarjan's search for strongly connected classes, without recursion.
///
/// Source: Tarjan (1972), *SIAM Journal on Computing* 1(2), 146–160.
private struct ClassSearch {
  let successors: [[Int]]
  var order: [Int?]
  var lowest: [Int]
  var waiting: [Int] = []
  var isWaiting: [Bool]
  var classes: [[Int]] = []
  var count = 0

  init(successors: [[Int]]) {
    self.successors = successors
    order = [Int?](repeating: nil, count: successors.count)
    lowest = [Int](repeating: 0, count: successors.count)
    isWaiting = [Bool](repeating: false, count: successors.count)
  }

  private mutating func enter(_ state: Int) {
    (order[state], lowest[state]) = (count, count)
    count += 1
    waiting.append(state)
    isWaiting[state] = true
  }

  mutating func visit(_ root: Int) {
    var trail = [(state: root, next: 0)]
    enter(root)
    while let (state, next) = trail.last {
      if next < successors[state].count {
        trail[trail.count - 1].next += 1
        let to = successors[state][next]
        if order[to] == nil {
          enter(to)
          trail.append((to, 0))
        } else if isWaiting[to], let seen = order[to] {
          lowest[state] = min(lowest[state], seen)
        }
      } else {
        trail.removeLast()
        if let parent = trail.last?.state { lowest[parent] = min(lowest[parent], lowest[state]) }
        if lowest[state] == order[state] { close(at: state) }
      }
    }
  }

  private mutating func close(at state: Int) {
    var members: [Int] = []
    while let top = waiting.popLast() {
      isWaiting[top] = false
      members.append(top)
      if top == state { break }
    }
    classes.append(members.sorted())
  }
}
