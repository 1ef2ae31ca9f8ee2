import Dispatch
import Messages
import Synchronization

/// Why a shape is not valid (OGC 06-103r4), and where.
struct ShapeFault: Sendable, Hashable {
  enum Kind: Sendable { case selfIntersection, selfTouch, ringsCross, holeOutside, nestedHoles, nestedShells, disconnected, collapsed }

  let kind: Kind
  let at: Point
  /// Polygon and ring it was found in; nil when it lies between several.
  let polygon: Int?
  let ring: Int?
}

/// What is wrong with one shape's rings, each for itself; when nothing is, with its polygons; else with the whole.
func shapeFaults(_ polygons: [Polygon], _ context: GEOSContext) -> [ShapeFault] {
  guard let whole = context.shape(polygons), let fault = whole.fault else { return [] }
  var found: [ShapeFault] = []
  for (p, polygon) in polygons.enumerated() {
    for (r, ring) in polygon.rings.enumerated() {
      guard let fault = context.shape([Polygon([ring])])?.fault else { continue }
      let kind: ShapeFault.Kind =
        switch fault.reason {
        case "Ring Self-intersection": .selfTouch
        case "Self-intersection": .selfIntersection
        default: .collapsed
        }
      found.append(ShapeFault(kind: kind, at: fault.at, polygon: p, ring: r))
    }
  }
  guard found.isEmpty else { return found }
  for (p, polygon) in polygons.enumerated() {
    guard let fault = context.shape([polygon])?.fault else { continue }
    found.append(ShapeFault(kind: kind(between: fault.reason), at: fault.at, polygon: p, ring: nil))
  }
  return found.isEmpty ? [ShapeFault(kind: kind(between: fault.reason), at: fault.at, polygon: nil, ring: nil)] : found
}

private func kind(between reason: String) -> ShapeFault.Kind {
  switch reason {
  case "Hole lies outside shell": .holeOutside
  case "Holes are nested": .nestedHoles
  case "Nested shells": .nestedShells
  case "Interior is disconnected": .disconnected
  default: .ringsCross
  }
}

/// The faults of many shapes, on every core; they do not depend on their number.
private func shapeFaults(_ shapes: [[Polygon]]) -> [[ShapeFault]] {
  let size = 64, parts = (shapes.count + size - 1) / size
  let found = Mutex([[[ShapeFault]]](repeating: [], count: parts))
  DispatchQueue.concurrentPerform(iterations: parts) { part in
    let context = GEOSContext()
    let list = shapes[part * size..<min((part + 1) * size, shapes.count)].map { shapeFaults($0, context) }
    found.withLock { $0[part] = list }
  }
  return found.withLock(\.self).flatMap(\.self)
}

extension GeoJSONReader {
  /// Judges every shape that was kept for it and tells its faults with their places in the file.
  mutating func checkValidity() {
    let shapes = placed.map { $0.map { Polygon($0.rings.map(\.points)) } }
    for (polygons, faults) in zip(placed, shapeFaults(shapes)) {
      for fault in faults { tell(fault, polygons) }
    }
  }

  private mutating func tell(_ fault: ShapeFault, _ polygons: [PlacedPolygon]) {
    let candidates = fault.polygon.map { [polygons[$0]] } ?? polygons
    let rings = fault.ring.map { [candidates[0].rings[$0]] } ?? candidates.flatMap(\.rings)
    let edges = edges(of: rings, through: fault.at)
    guard let first = edges.first else { return }
    let ring = rings[first.ring], place = shown(fault.at)
    let second = edges.dropFirst().first { fault.ring != nil || $0.ring != first.ring } ?? first
    let line = lineNumber(of: rings[second.ring].offset(of: second.position))
    let (code, message) = words(fault.kind, place, line)
    findings.add(
      code, at: ring.offset(of: first.position), path: "\(ring.path)/\(first.position)", message,
      hint: Bilingual(zh: "talentcast map repair 可以修复。", en: "talentcast map repair mends it."))
  }

  /// Edges by their distance from a point, the nearest first; neighbours of the nearest are left out.
  private func edges(of rings: [PlacedRing], through p: Point) -> [(ring: Int, position: Int)] {
    var list: [(ring: Int, position: Int, distance: Double)] = []
    for (r, ring) in rings.enumerated() {
      for (i, (a, b)) in zip(ring.points, ring.points.dropFirst()).enumerated() where a != b {
        let (u, v) = (Point(b.x - a.x, b.y - a.y), Point(p.x - a.x, p.y - a.y))
        let t = min(max((u.x * v.x + u.y * v.y) / (u.x * u.x + u.y * u.y), 0), 1)
        let off = Point(v.x - t * u.x, v.y - t * u.y)
        list.append((r, i, (off.x * off.x + off.y * off.y).squareRoot()))
      }
    }
    guard let nearest = list.min(by: { $0.distance < $1.distance }) else { return [] }
    let through = list.filter { $0.distance <= nearest.distance + 1e-9 }
    let last = rings[nearest.ring].points.count - 2
    let apart = through.dropFirst().filter { edge in
      edge.ring != nearest.ring || ![1, last].contains(abs(edge.position - nearest.position))
    }
    return ([through[0]] + apart).map { ($0.ring, $0.position) }
  }

  private func words(_ kind: ShapeFault.Kind, _ place: String, _ line: Int) -> (String, Bilingual) {
    switch kind {
    case .selfIntersection:
      (
        "geojson.self-intersection",
        Bilingual(zh: "环在 \(place) 处自相交（另一段在第 \(line) 行）。", en: "The ring crosses itself at \(place) (the other edge is on line \(line)).")
      )
    case .selfTouch:
      (
        "geojson.self-touch",
        Bilingual(zh: "环在 \(place) 处与自身相接（另一段在第 \(line) 行）。", en: "The ring touches itself at \(place) (the other edge is on line \(line)).")
      )
    case .ringsCross:
      (
        "geojson.rings-cross",
        Bilingual(zh: "两个环在 \(place) 处相交或重合（另一环在第 \(line) 行）。", en: "Two rings cross or overlap at \(place) (the other is on line \(line)).")
      )
    case .holeOutside:
      ("geojson.hole-outside", Bilingual(zh: "内环在 \(place) 处位于外环之外。", en: "The hole at \(place) lies outside its exterior ring."))
    case .nestedHoles:
      ("geojson.nested-holes", Bilingual(zh: "内环在 \(place) 处位于另一内环之中。", en: "The hole at \(place) lies within another hole."))
    case .nestedShells:
      (
        "geojson.nested-shells",
        Bilingual(zh: "\(place) 处的一部分位于同一形状的另一部分之中。", en: "The part at \(place) lies within another part of the same shape.")
      )
    case .disconnected:
      (
        "geojson.disconnected",
        Bilingual(zh: "内环在 \(place) 处把多边形的内部分成了几块。", en: "Holes cut the polygon's inside into pieces at \(place).")
      )
    case .collapsed:
      ("geojson.ring-collapsed", Bilingual(zh: "环在 \(place) 处没有面积。", en: "The ring at \(place) has no area."))
    }
  }
}
