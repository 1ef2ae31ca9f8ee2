/// Outlines cut into arcs where neighbours meet or part, each arc kept once: simplify an arc and both
/// neighbours change alike, so shared borders stay shared.
///
/// - Source: Bostock (2013), the TopoJSON format; junctions by comparing neighbours on every visit.
package struct Topology: Sendable {
  /// A ring as arc numbers, `~n` for arc n run backwards.
  package typealias Ring = [Int]

  package private(set) var arcs: [[Point]] = []
  /// For each geometry its polygons, each a list of rings.
  package private(set) var shapes: [[[Ring]]] = []
  private var index: [[Point]: Int] = [:]

  package init(_ geometries: [Geometry]) {
    let rings = geometries.flatMap { $0.polygons.flatMap(\.rings) }
    let junctions = Self.junctions(rings)
    for geometry in geometries {
      shapes.append(geometry.polygons.map { $0.rings.map { cut($0, at: junctions) } })
    }
    index = [:]
  }

  private static func junctions(_ rings: [[Point]]) -> Set<Point> {
    var neighbours: [Point: (Point, Point)] = [:]
    var junctions: Set<Point> = []
    for ring in rings where ring.count > 3 {
      let n = ring.count - 1
      for i in 0..<n {
        let (before, after) = (ring[(i + n - 1) % n], ring[i + 1])
        guard let seen = neighbours[ring[i]] else {
          neighbours[ring[i]] = (before, after)
          continue
        }
        if seen != (before, after), seen != (after, before) { junctions.insert(ring[i]) }
      }
    }
    return junctions
  }

  private mutating func cut(_ ring: [Point], at junctions: Set<Point>) -> Ring {
    let open = Array(ring.dropLast())
    guard let start = open.firstIndex(where: junctions.contains) else { return [number(closed: open)] }
    var (pieces, arc) = (Ring(), [open[start]])
    for i in 1...open.count {
      let point = open[(start + i) % open.count]
      arc.append(point)
      if junctions.contains(point) || i == open.count {
        pieces.append(number(arc))
        arc = [point]
      }
    }
    return pieces
  }

  /// A ring no junction divides starts at its smallest position, so that two copies of it are one arc.
  private mutating func number(closed ring: [Point]) -> Int {
    guard let start = ring.indices.min(by: { precedes(ring[$0], ring[$1]) }) else { return number([]) }
    return number(Array(ring[start...] + ring[...start]))
  }

  private mutating func number(_ arc: [Point]) -> Int {
    let backwards = Array(arc.reversed())
    let forward = !zip(arc, backwards).lazy.filter { $0 != $1 }.prefix(1).contains { precedes($1, $0) }
    let key = forward ? arc : backwards
    let number = index[key] ?? arcs.count
    if number == arcs.count {
      index[key] = number
      arcs.append(key)
    }
    return forward ? number : ~number
  }

  /// The same outlines with every arc's positions moved.
  package func mapped(_ move: (Point) -> Point) -> Topology {
    var copy = self
    copy.arcs = arcs.map { $0.map(move) }
    return copy
  }

  /// Drops the positions whose triangle with their neighbours is smaller than `area` (Visvalingam &
  /// Whyatt 1993). No ring vanishes; where a shape would no longer be valid or two would overlap, the positions
  /// around that place stay, so that the result is as sound as the outlines it was made from.
  package func simplified(area: Double) -> Topology {
    var least = [Int](repeating: 2, count: arcs.count)
    for ring in shapes.joined().joined() where ring.count <= 2 {
      for arc in ring { least[arc < 0 ? ~arc : arc] = ring.count == 1 ? 4 : 3 }
    }
    let limits = limits(area), boxes = arcs.map { Box(around: $0) }
    var copy = self, kept: [Box] = [], changed = Array(arcs.indices), reach = 2 * area.squareRoot()
    for _ in 0..<8 {
      for i in changed {
        let here = kept.filter { $0.meets(boxes[i]) }
        copy.arcs[i] = visvalingam(arcs[i], area: limits[i], keep: least[i]) { point in here.contains { $0.contains(point) } }
      }
      let places = copy.faults().map { $0.grown(by: reach) }
      if places.isEmpty { return copy }
      kept += places
      changed = arcs.indices.filter { i in places.contains { $0.meets(boxes[i]) } }
      reach *= 2
    }
    return self
  }

  /// Where shapes are not valid or overlap.
  private func faults() -> [Box] {
    let context = GEOSContext()
    let polygons = shapes.indices.map { geometry($0).polygons }
    var found: [Box] = []
    for shape in polygons {
      for fault in shapeFaults(shape, context) {
        let nested = shape.first { fault.kind == .nestedShells && $0.rings.first?.contains(fault.at) == true }
        found.append(Box(around: nested?.rings.first ?? [fault.at]))
      }
    }
    guard found.isEmpty else { return found }
    let all = polygons.map { $0.compactMap { polygon in context.shape([polygon]).map { (Box(around: polygon.rings.first ?? []), $0) } } }
    let boxes = all.map { $0.reduce(into: Box.empty) { $0.include($1.0) } }
    for i in all.indices {
      for j in all.indices where j > i && boxes[i].meets(boxes[j]) {
        for (box, part) in all[i] where box.meets(boxes[j]) {
          for (other, second) in all[j] where box.meets(other) {
            guard let common = part.intersection(second), common.area > 1e-12 * min(part.area, second.area) else { continue }
            found += common.geometry.boxes
          }
        }
      }
    }
    return found
  }

  /// For each arc the least triangle kept: `area`, but for the outline of a small region a five-thousandth
  /// of its size, so that it does not shrink.
  private func limits(_ area: Double) -> [Double] {
    var limits = [Double](repeating: area, count: arcs.count)
    for shape in shapes {
      let size = shape.reduce(0) { sum, rings in
        sum + rings.enumerated().reduce(0) { $0 + ($1.offset == 0 ? 1 : -1) * abs(signedArea(positions($1.element))) }
      }
      for arc in shape.joined().joined() {
        let i = arc < 0 ? ~arc : arc
        limits[i] = min(limits[i], size / 5_000)
      }
    }
    return limits
  }

  /// A ring's positions, the first repeated at the end.
  package func positions(_ ring: Ring) -> [Point] {
    ring.reduce(into: []) { points, number in
      let arc = number < 0 ? Array(arcs[~number].reversed()) : arcs[number]
      points += points.isEmpty ? arc[...] : arc.dropFirst()
    }
  }

  package func geometry(_ shape: Int) -> Geometry {
    .multiPolygon(shapes[shape].map { Polygon($0.map(positions)) })
  }
}

private func precedes(_ a: Point, _ b: Point) -> Bool { (a.x, a.y) < (b.x, b.y) }

/// - Parameters:
///   - keep: positions that stay at least, the two ends among them.
///   - stays: positions that stay whatever their triangle.
private func visvalingam(_ line: [Point], area limit: Double, keep: Int, where stays: (Point) -> Bool) -> [Point] {
  let n = line.count
  guard n > keep, n > 2 else { return line }
  var before = (0..<n).map { $0 - 1 }, after = (0..<n).map { $0 + 1 }
  func weight(_ i: Int) -> Double {
    let (a, b, c) = (line[before[i]], line[i], line[after[i]])
    if stays(b) { return .infinity }
    return abs((b.x - a.x) * (c.y - a.y) - (c.x - a.x) * (b.y - a.y)) / 2
  }
  var current = (0..<n).map { $0 == 0 || $0 == n - 1 ? Double.infinity : weight($0) }
  var heap = PriorityQueue((1..<n - 1).map { (current[$0], $0) })
  var (left, floor) = (n, 0.0)
  while left > keep, let (size, i) = heap.popLeast() {
    if size != current[i] { continue }
    floor = max(floor, size)
    if floor >= limit { break }
    current[i] = -1
    left -= 1
    (after[before[i]], before[after[i]]) = (after[i], before[i])
    for j in [before[i], after[i]] where j > 0 && j < n - 1 {
      current[j] = max(weight(j), floor)
      heap.push((current[j], j))
    }
  }
  return line.indices.filter { current[$0] >= 0 }.map { line[$0] }
}

/// A binary heap of (weight, number), least first, ties by number.
private struct PriorityQueue {
  private var items: [(Double, Int)] = []

  init(_ start: [(Double, Int)]) { start.forEach { push($0) } }

  mutating func push(_ item: (Double, Int)) {
    items.append(item)
    var i = items.count - 1
    while i > 0, items[i] < items[(i - 1) / 2] {
      items.swapAt(i, (i - 1) / 2)
      i = (i - 1) / 2
    }
  }

  mutating func popLeast() -> (Double, Int)? {
    guard let least = items.first else { return nil }
    let last = items.removeLast()
    if items.isEmpty { return least }
    items[0] = last
    var i = 0
    while true {
      let child = 2 * i + 1
      guard child < items.count else { return least }
      let small = child + 1 < items.count && items[child + 1] < items[child] ? child + 1 : child
      if items[i] <= items[small] { return least }
      items.swapAt(i, small)
      i = small
    }
  }
}
