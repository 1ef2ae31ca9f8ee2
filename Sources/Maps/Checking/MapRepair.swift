import Messages

/// A file with what could be mended in it mended.
package struct MapRepair: Sendable {
  /// The new file; nil when the old one is no GeoJSON.
  package let bytes: [UInt8]?
  /// What was wrong and is no longer, as notes.
  package let mended: [Problem]
  /// What still is.
  package let left: [Problem]
}

/// Mends what has one right answer: rings left open, winding, repeated positions, crossings and nesting, lines across
/// the antimeridian, boxes, the byte order mark, a superseded `crs`. Coordinates, codes and names stay as they are.
///
/// A ring or part that no mending makes an area is left out; the others stay.
package func repairMap(_ bytes: [UInt8], file: String? = nil) -> MapRepair {
  let before = readGeoJSON(bytes, file: file)
  guard let lenient = lenientCollection(bytes) else { return MapRepair(bytes: nil, mended: [], left: before.problems) }
  var collection = lenient
  let context = GEOSContext()
  var notes: [Problem] = []
  for (i, feature) in lenient.features.enumerated() {
    guard let shape = feature.geometry else { continue }
    if shape.boxes.isEmpty { collection.features[i].geometry = nil }
    if shape.polygons.isEmpty { continue }
    let (better, repeated) = mended(shape, context)
    collection.features[i].geometry = better.polygons.isEmpty ? nil : better
    if repeated > 0 {
      notes.append(
        Problem(
          "map.repeated-positions", .note, file: file, path: "/features/\(i)/geometry",
          message: Bilingual(zh: "已修复：有 \(repeated) 个坐标点与前一点重复。", en: "Mended: \(repeated) positions repeat the one before them.")))
    }
  }
  let written = collection.geoJSON(decimals: 9)
  let after = readGeoJSON(written, file: file)
  var left: [String: Int] = [:]
  for problem in after.problems { left[problem.code, default: 0] += 1 }
  let gone = before.problems.filter { left[$0.code] == nil }.map { problem in
    Problem(
      problem.code, .note, file: problem.file, line: problem.line, column: problem.column, path: problem.path,
      message: Bilingual(zh: "已修复：\(problem.message.zh)", en: "Mended: \(problem.message.en)"))
  }
  return MapRepair(bytes: written, mended: notes + gone, left: after.problems)
}

/// - Returns: the shape with its polygons mended, and how many positions repeated the one before.
private func mended(_ geometry: Geometry, _ context: GEOSContext) -> (Geometry, Int) {
  var (polygons, repeated) = ([Polygon](), 0)
  for polygon in geometry.polygons {
    let rings = polygon.rings.map { ring -> [Point] in
      let kept = ring.indices.filter { $0 == 0 || ring[$0] != ring[$0 - 1] }.map { ring[$0] }
      repeated += ring.count - kept.count
      return kept
    }.filter { $0.count > 3 }
    guard let shell = rings.first else { continue }
    // A hole outside takes nothing away.
    let area = context.shape([Polygon([shell])])
    let holes = rings.dropFirst().filter { hole in area.flatMap { context.shape([Polygon([hole])])?.meets($0) } ?? true }
    polygons += cutAtAntimeridian(Polygon([shell] + holes), context)
  }
  guard let shape = context.shape(polygons), shape.fault != nil, let better = shape.mended(), !better.isEmpty else {
    return (polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(polygons), repeated)
  }
  return (better.geometry, repeated)
}

/// The parts of a polygon on either side of the antimeridian; a polygon that does not cross it is its own only part.
private func cutAtAntimeridian(_ polygon: Polygon, _ context: GEOSContext) -> [Polygon] {
  guard polygon.rings.contains(where: { longEdge($0) != nil }) else { return [polygon] }
  // Each position a short way from the one before, wherever that leads: 179, 181 for 179, −179.
  let whole = Polygon(
    polygon.rings.map { ring in
      var (line, turn) = ([Point](), 0.0)
      for point in ring {
        if let before = line.last { turn = ((before.x - point.x) / 360).rounded() * 360 }
        line.append(Point(point.x + turn, point.y))
      }
      return line
    })
  guard let shape = context.shape([whole]), let valid = shape.fault == nil ? shape : shape.mended() else { return [polygon] }
  let parts = [-360.0, 0, 360].flatMap { turn -> [Polygon] in
    let side = context.shape(Box(west: -180 + turn, south: -90, east: 180 + turn, north: 90))
    guard let part = side.flatMap({ valid.intersection($0) }), part.area > 0 else { return [] }
    return part.geometry.mapped { Point($0.x - turn, $0.y) }.polygons
  }
  return parts.isEmpty ? [polygon] : parts
}
