/// A place: longitude and latitude in degrees (WGS 84), or metres or pixels after a projection.
package struct Point: Hashable, Sendable {
  package var x: Double
  package var y: Double
  package init(_ x: Double, _ y: Double) {
    self.x = x
    self.y = y
  }
}

/// Closed rings (first position repeated at the end), the exterior first, then the holes.
package struct Polygon: Hashable, Sendable {
  package var rings: [[Point]]
  package init(_ rings: [[Point]]) { self.rings = rings }
}

package indirect enum Geometry: Hashable, Sendable {
  case point(Point)
  case multiPoint([Point])
  case lineString([Point])
  case multiLineString([[Point]])
  case polygon(Polygon)
  case multiPolygon([Polygon])
  case collection([Geometry])

  package var polygons: [Polygon] {
    switch self {
    case .polygon(let polygon): [polygon]
    case .multiPolygon(let polygons): polygons
    case .collection(let members): members.flatMap(\.polygons)
    default: []
    }
  }

  package var lines: [[Point]] {
    switch self {
    case .lineString(let line): [line]
    case .multiLineString(let lines): lines
    case .collection(let members): members.flatMap(\.lines)
    default: []
    }
  }

  package var box: Box { boxes.reduce(into: .empty) { $0.include($1) } }

  /// The box of each part.
  package var boxes: [Box] {
    switch self {
    case .point(let point): [Box(around: [point])]
    case .multiPoint(let points): points.map { Box(around: [$0]) }
    case .lineString(let points): [Box(around: points)]
    case .multiLineString(let lines): lines.map { Box(around: $0) }
    case .polygon, .multiPolygon: polygons.map { Box(around: $0.rings.first ?? []) }
    case .collection(let members): members.flatMap(\.boxes)
    }
  }

  /// The same shape with every position moved.
  package func mapped(_ move: (Point) -> Point) -> Geometry {
    switch self {
    case .point(let point): .point(move(point))
    case .multiPoint(let points): .multiPoint(points.map(move))
    case .lineString(let points): .lineString(points.map(move))
    case .multiLineString(let lines): .multiLineString(lines.map { $0.map(move) })
    case .polygon(let polygon): .polygon(Polygon(polygon.rings.map { $0.map(move) }))
    case .multiPolygon(let polygons):
      .multiPolygon(polygons.map { Polygon($0.rings.map { $0.map(move) }) })
    case .collection(let members): .collection(members.map { $0.mapped(move) })
    }
  }
}

/// The smallest upright rectangle around what it was given.
package struct Box: Hashable, Sendable {
  package var west, south, east, north: Double

  package init(west: Double, south: Double, east: Double, north: Double) {
    (self.west, self.south, self.east, self.north) = (west, south, east, north)
  }

  package init(around points: some Sequence<Point>) {
    self = .empty
    for point in points { include(point) }
  }

  /// The box around parts on the globe, in degrees: as wide as need be, so that `east` passes 180° where the parts
  /// lie on both sides of the antimeridian and less than half as wide a box holds them that way.
  package init(around parts: [Box]) {
    self = parts.reduce(into: .empty) { $0.include($1) }
    guard width > 180, parts.allSatisfy({ $0.west >= -180 && $0.east <= 180 }) else { return }
    let sorted = parts.filter { !$0.isEmpty }.sorted { $0.west < $1.west }
    var (reach, gap) = (west, (width: 0.0, from: 0.0, to: 0.0))
    for part in sorted {
      if part.west - reach > gap.width { gap = (part.west - reach, reach, part.west) }
      reach = max(reach, part.east)
    }
    if 360 - gap.width < width / 2 { (west, east) = (gap.to, gap.from + 360) }
  }

  /// As RFC 7946 §5.2 writes it: `west` above `east` when the antimeridian lies between them.
  package init(onTheGlobe parts: [Box]) {
    self.init(around: parts)
    if east > 180 { east -= 360 }
  }

  package static let empty = Box(
    west: .infinity, south: .infinity, east: -.infinity, north: -.infinity)

  package var isEmpty: Bool { west > east || south > north }
  package var width: Double { east - west }
  package var height: Double { north - south }
  package var middle: Point { Point((west + east) / 2, (south + north) / 2) }

  package mutating func include(_ point: Point) {
    west = min(west, point.x)
    east = max(east, point.x)
    south = min(south, point.y)
    north = max(north, point.y)
  }

  package mutating func include(_ other: Box) {
    west = min(west, other.west)
    east = max(east, other.east)
    south = min(south, other.south)
    north = max(north, other.north)
  }

  package func contains(_ point: Point) -> Bool {
    (west...east).contains(point.x) && (south...north).contains(point.y)
  }

  package func grown(by margin: Double) -> Box {
    Box(west: west - margin, south: south - margin, east: east + margin, north: north + margin)
  }

  package func meets(_ other: Box) -> Bool {
    west <= other.east && other.west <= east && south <= other.north && other.south <= north
  }
}

/// Area inside a closed ring by the shoelace rule, positive when counter-clockwise; in squared units
/// of the coordinates. Taken about the first position, so that far-away rings lose no digits.
package func signedArea(_ ring: [Point]) -> Double {
  guard let origin = ring.first else { return 0 }
  var (sum, before) = (0.0, Point(0, 0))
  for point in ring {
    let here = Point(point.x - origin.x, point.y - origin.y)
    sum += before.x * here.y - here.x * before.y
    before = here
  }
  return sum / 2
}

/// Area of a polygon, holes taken out.
package func area(_ polygon: Polygon) -> Double {
  polygon.rings.enumerated().reduce(0) { $0 + ($1.offset == 0 ? 1 : -1) * abs(signedArea($1.element)) }
}

/// A point well inside a polygon, for a label or a symbol: the middle of the longest run across one of
/// `lines` horizontal cuts, with runs near the middle height preferred.
package func labelPoint(_ polygon: Polygon, lines: Int = 24) -> Point {
  var box = Box.empty
  polygon.rings.first?.forEach { box.include($0) }
  var best = (score: -1.0, point: box.middle)
  for cut in 1..<max(lines, 2) {
    let y = box.south + box.height * (Double(cut) + 0.013) / Double(lines)
    var crossings: [Double] = []
    for ring in polygon.rings {
      for (a, b) in zip(ring, ring.dropFirst()) where (a.y > y) != (b.y > y) {
        crossings.append(a.x + (y - a.y) / (b.y - a.y) * (b.x - a.x))
      }
    }
    crossings.sort()
    for i in stride(from: 0, to: crossings.count - 1, by: 2) {
      let run = crossings[i + 1] - crossings[i]
      let centred = 1 - abs(y - box.middle.y) / max(box.height, 1e-12)
      if run * centred > best.score {
        best = (run * centred, Point((crossings[i] + crossings[i + 1]) / 2, y))
      }
    }
  }
  return best.point
}
