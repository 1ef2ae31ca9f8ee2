/// Finds where the rings of one shape cross, overlap or touch, in about linear time.
///
/// Edges are put into the cells of a grid with about as many cells as edges; only edges that share a
/// cell are compared.
package struct RingCrossings: Sendable {
  package struct Finding: Sendable, Hashable {
    package let kind: Kind
    /// Ring and position (0-based) where the first of the two edges begins, then the second.
    package let first: (ring: Int, position: Int)
    package let second: (ring: Int, position: Int)
    package let at: Point

    package static func == (a: Finding, b: Finding) -> Bool {
      a.kind == b.kind && a.first == b.first && a.second == b.second
    }
    package func hash(into hasher: inout Hasher) {
      hasher.combine(first.ring)
      hasher.combine(first.position)
      hasher.combine(second.ring)
      hasher.combine(second.position)
    }
  }

  /// The worst first.
  package enum Kind: Int, Sendable, Hashable, Comparable {
    /// A ring crosses or runs over itself, or turns back on itself.
    case selfCross
    /// Two rings cross or share a stretch.
    case ringsCross
    /// A ring meets itself at one point.
    case selfTouch

    package static func < (a: Kind, b: Kind) -> Bool { a.rawValue < b.rawValue }
  }

  private struct Edge {
    let a: Point, b: Point
    let ring: Int32, position: Int32
    /// Number of this edge within its ring, and of all edges there: neighbours share an end.
    let number: Int32, ofRing: Int32
  }

  private var edges: [Edge] = []
  private let limit: Int

  /// - Parameter limit: findings wanted at most; the search stops there.
  package static func find(in rings: [[Point]], limit: Int = 5) -> [Finding] {
    var search = RingCrossings(limit: limit)
    for (number, ring) in rings.enumerated() { search.add(ring, number: number) }
    return search.run()
  }

  private init(limit: Int) { self.limit = limit }

  private mutating func add(_ ring: [Point], number: Int) {
    var kept: [Int] = []
    kept.reserveCapacity(ring.count)
    for i in ring.indices where kept.isEmpty || ring[kept[kept.count - 1]] != ring[i] { kept.append(i) }
    let count = Int32(kept.count - 1)
    guard count > 1 else { return }
    for e in 0..<kept.count - 1 {
      edges.append(
        Edge(
          a: ring[kept[e]], b: ring[kept[e + 1]], ring: Int32(number), position: Int32(kept[e]),
          number: Int32(e), ofRing: count))
    }
  }

  private func run() -> [Finding] {
    guard edges.count > 1 else { return [] }
    let grid = Grid(edges.map { ($0.a, $0.b) })
    var found: [Finding] = []
    for cell in 0..<grid.cellCount {
      let members = grid.members(of: cell)
      for i in members.indices {
        let e = edges[Int(members[i])]
        for j in members.index(after: i)..<members.endIndex {
          guard let finding = compare(e, edges[Int(members[j])]), !found.contains(finding) else { continue }
          found.append(finding)
          if found.count >= limit { return found }
        }
      }
    }
    return found
  }

  private func compare(_ e: Edge, _ f: Edge) -> Finding? {
    if max(e.a.x, e.b.x) < min(f.a.x, f.b.x) || max(f.a.x, f.b.x) < min(e.a.x, e.b.x)
      || max(e.a.y, e.b.y) < min(f.a.y, f.b.y) || max(f.a.y, f.b.y) < min(e.a.y, e.b.y)
    {
      return nil
    }
    let same = e.ring == f.ring
    if same, (e.number + 1) % e.ofRing == f.number { return turn(e, f) }
    if same, (f.number + 1) % f.ofRing == e.number { return turn(f, e) }
    switch (meeting(e.a, e.b, f.a, f.b), same) {
    case (.none, _), (.touch, false): return nil
    case (.touch, true): return finding(.selfTouch, e, f)
    case (_, true): return finding(.selfCross, e, f)
    case (_, false): return finding(.ringsCross, e, f)
    }
  }

  /// Neighbouring edges share an end; the only fault is to run straight back.
  private func turn(_ e: Edge, _ f: Edge) -> Finding? {
    guard orientation(e.a, e.b, f.b) == 0 else { return nil }
    let ahead = (e.b.x - e.a.x) * (f.b.x - f.a.x) + (e.b.y - e.a.y) * (f.b.y - f.a.y)
    return ahead < 0
      ? Finding(
        kind: .selfCross, first: (Int(e.ring), Int(e.position)), second: (Int(f.ring), Int(f.position)), at: e.b)
      : nil
  }

  private func finding(_ kind: Kind, _ e: Edge, _ f: Edge) -> Finding {
    let (first, second) = (e.ring, e.position) <= (f.ring, f.position) ? (e, f) : (f, e)
    return Finding(
      kind: kind, first: (Int(first.ring), Int(first.position)),
      second: (Int(second.ring), Int(second.position)), at: meetingPoint(e.a, e.b, f.a, f.b))
  }
}

/// Where two segments that meet do so (the nearest shared end when they are parallel).
private func meetingPoint(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> Point {
  let (r, s) = (Point(b.x - a.x, b.y - a.y), Point(d.x - c.x, d.y - c.y))
  let cross = r.x * s.y - r.y * s.x
  guard abs(cross) > 1e-300 else { return [c, d].contains(b) ? b : a }
  let t = ((c.x - a.x) * s.y - (c.y - a.y) * s.x) / cross
  return Point(a.x + t * r.x, a.y + t * r.y)
}

/// Segments sorted into the cells of an upright grid; each stands in every cell it passes.
struct Grid {
  private let box: Box
  private let side: Int
  private var starts: [Int32]
  private var list: [Int32]

  var cellCount: Int { side * side }
  func members(of cell: Int) -> ArraySlice<Int32> { list[Int(starts[cell])..<Int(starts[cell + 1])] }

  init(_ segments: [(Point, Point)]) {
    var box = Box.empty
    for (a, b) in segments {
      box.include(a)
      box.include(b)
    }
    self.box = box
    side = min(max(Int(Double(segments.count).squareRoot()), 1), 512)
    starts = [Int32](repeating: 0, count: side * side + 1)
    list = []
    var cells: [(cell: Int32, segment: Int32)] = []
    cells.reserveCapacity(segments.count * 3)
    for (i, segment) in segments.enumerated() {
      visit(segment.0, segment.1) { cells.append((Int32($0), Int32(i))) }
    }
    for entry in cells { starts[Int(entry.cell) + 1] += 1 }
    for cell in 0..<side * side { starts[cell + 1] += starts[cell] }
    list = [Int32](repeating: 0, count: cells.count)
    var next = starts
    for entry in cells {
      list[Int(next[Int(entry.cell)])] = entry.segment
      next[Int(entry.cell)] += 1
    }
  }

  /// Calls `body` with every cell the segment passes: column by column, the rows between its ends there.
  private func visit(_ a: Point, _ b: Point, _ body: (Int) -> Void) {
    let (left, right) = a.x <= b.x ? (a, b) : (b, a)
    let slope = right.x > left.x ? (right.y - left.y) / (right.x - left.x) : 0
    let (first, last) = (column(left.x), column(right.x))
    let slack = box.height * 1e-9
    for c in first...last {
      let low = c == first ? left.y : left.y + (edge(c) - left.x) * slope
      let high = c == last ? right.y : left.y + (edge(c + 1) - left.x) * slope
      for r in row(min(low, high) - slack)...row(max(low, high) + slack) { body(r * side + c) }
    }
  }

  private func edge(_ column: Int) -> Double { box.west + box.width * Double(column) / Double(side) }
  private func column(_ x: Double) -> Int { place(x, box.west, box.width) }
  private func row(_ y: Double) -> Int { place(y, box.south, box.height) }
  private func place(_ value: Double, _ low: Double, _ extent: Double) -> Int {
    extent > 0 ? min(max(Int((value - low) / extent * Double(side)), 0), side - 1) : 0
  }
}
