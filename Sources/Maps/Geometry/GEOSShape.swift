internal import CGEOS

/// A shape as GEOS holds it, behind Swift values: the only file that sees its C interface.
///
/// A shape belongs to the context that made it, and a context to one thread. An operation that GEOS gives up
/// (it can, on shapes that are not valid) has nil for its result.
final class GEOSShape {
  fileprivate let pointer: OpaquePointer
  fileprivate let context: GEOSContext

  fileprivate init?(_ pointer: OpaquePointer?, _ context: GEOSContext) {
    guard let pointer else { return nil }
    (self.pointer, self.context) = (pointer, context)
  }

  deinit { GEOSGeom_destroy_r(context.handle, pointer) }

  private func made(_ pointer: OpaquePointer?) -> GEOSShape? { GEOSShape(pointer, context) }

  // MARK: Judging

  /// Why the shape is not valid (OGC 06-103r4) and where; nil when it is.
  var fault: (reason: String, at: Point)? {
    var (reason, place) = (UnsafeMutablePointer<CChar>?.none, OpaquePointer?.none)
    let verdict = GEOSisValidDetail_r(context.handle, pointer, 0, &reason, &place)
    defer {
      GEOSFree_r(context.handle, reason)
      GEOSGeom_destroy_r(context.handle, place)
    }
    guard verdict != 1 else { return nil }
    var (x, y) = (0.0, 0.0)
    if let place {
      GEOSGeomGetX_r(context.handle, place, &x)
      GEOSGeomGetY_r(context.handle, place, &y)
    }
    return (reason.map { String(cString: $0) } ?? "", Point(x, y))
  }

  var isEmpty: Bool { GEOSisEmpty_r(context.handle, pointer) == 1 }

  var area: Double { measured { GEOSArea_r($0, pointer, $1) } }
  var length: Double { measured { GEOSLength_r($0, pointer, $1) } }

  private func measured(_ measure: (OpaquePointer, UnsafeMutablePointer<Double>) -> Int32) -> Double {
    var value = 0.0
    return measure(context.handle, &value) == 1 ? value : 0
  }

  func meets(_ other: GEOSShape) -> Bool { GEOSIntersects_r(context.handle, pointer, other.pointer) == 1 }

  func isWithin(_ distance: Double, of other: GEOSShape) -> Bool {
    GEOSDistanceWithin_r(context.handle, pointer, other.pointer, distance) == 1
  }

  // MARK: Making

  func intersection(_ other: GEOSShape) -> GEOSShape? { made(GEOSIntersection_r(context.handle, pointer, other.pointer)) }
  func difference(_ other: GEOSShape) -> GEOSShape? { made(GEOSDifference_r(context.handle, pointer, other.pointer)) }

  /// Overlapping and touching parts become one.
  func dissolved() -> GEOSShape? { made(GEOSUnaryUnion_r(context.handle, pointer)) }

  /// Everything within `distance`, or, when it is negative, what lies that deep inside. Ends of lines are cut flat.
  func buffered(_ distance: Double) -> GEOSShape? {
    made(
      GEOSBufferWithStyle_r(
        context.handle, pointer, distance, 2, Int32(GEOSBUF_CAP_FLAT.rawValue), Int32(GEOSBUF_JOIN_MITRE.rawValue), 2))
  }

  /// Lines that follow each other become one.
  func merged() -> GEOSShape? { made(GEOSLineMerge_r(context.handle, pointer)) }

  /// The valid shape with the same extent: shells are united, holes taken out of them.
  func mended() -> GEOSShape? {
    guard let how = GEOSMakeValidParams_create_r(context.handle) else { return nil }
    defer { GEOSMakeValidParams_destroy_r(context.handle, how) }
    GEOSMakeValidParams_setMethod_r(context.handle, how, GEOS_MAKE_VALID_STRUCTURE)
    GEOSMakeValidParams_setKeepCollapsed_r(context.handle, how, 0)
    return made(GEOSMakeValidWithParams_r(context.handle, pointer, how))
  }

  /// A place inside.
  var inside: Point? {
    guard let point = made(GEOSPointOnSurface_r(context.handle, pointer)) else { return nil }
    return point.points(of: point.pointer).first
  }

  /// Half way along a line.
  var halfway: Point? {
    guard let point = made(GEOSInterpolateNormalized_r(context.handle, pointer, 0.5)) else { return nil }
    return point.points(of: point.pointer).first
  }

  // MARK: Reading back

  /// The polygons and lines of the shape.
  var geometry: Geometry {
    var (polygons, lines) = ([Polygon](), [[Point]]())
    for part in parts {
      switch GEOSGeomTypeId_r(context.handle, part) {
      case Int32(GEOS_POLYGON.rawValue) where GEOSisEmpty_r(context.handle, part) != 1: polygons.append(polygon(part))
      case Int32(GEOS_LINESTRING.rawValue): lines.append(points(of: part))
      default: continue
      }
    }
    if polygons.isEmpty, !lines.isEmpty { return .multiLineString(lines) }
    return polygons.count == 1 ? .polygon(polygons[0]) : .multiPolygon(polygons)
  }

  /// Its polygons or lines one by one.
  var members: [GEOSShape] { parts.compactMap { made(GEOSGeom_clone_r(context.handle, $0)) } }

  private var parts: [OpaquePointer] {
    func flat(_ shape: OpaquePointer) -> [OpaquePointer] {
      guard GEOSGeomTypeId_r(context.handle, shape) >= Int32(GEOS_MULTIPOINT.rawValue) else { return [shape] }
      return (0..<GEOSGetNumGeometries_r(context.handle, shape)).flatMap { i in
        GEOSGetGeometryN_r(context.handle, shape, i).map { flat($0) } ?? []
      }
    }
    return flat(pointer)
  }

  private func polygon(_ shape: OpaquePointer) -> Polygon {
    var rings: [[Point]] = []
    if let shell = GEOSGetExteriorRing_r(context.handle, shape) { rings.append(points(of: shell)) }
    for i in 0..<max(GEOSGetNumInteriorRings_r(context.handle, shape), 0) {
      if let hole = GEOSGetInteriorRingN_r(context.handle, shape, i) { rings.append(points(of: hole)) }
    }
    return Polygon(rings)
  }

  private func points(of line: OpaquePointer) -> [Point] {
    var count: UInt32 = 0
    guard let sequence = GEOSGeom_getCoordSeq_r(context.handle, line),
      GEOSCoordSeq_getSize_r(context.handle, sequence, &count) == 1, count > 0
    else { return [] }
    return [Point](unsafeUninitializedCapacity: Int(count)) { buffer, filled in
      buffer.withMemoryRebound(to: Double.self) { numbers in
        _ = GEOSCoordSeq_copyToBuffer_r(context.handle, sequence, numbers.baseAddress, 0, 0)
      }
      filled = Int(count)
    }
  }
}

/// Where shapes are made.
final class GEOSContext {
  fileprivate let handle: OpaquePointer

  init() {
    guard let handle = GEOS_init_r() else { preconditionFailure("GEOS has no memory for a context") }
    self.handle = handle
  }

  deinit { GEOS_finish_r(handle) }

  /// Polygons as one shape, valid or not. Nil when a ring is open or shorter than four positions, or when a
  /// position is no finite number.
  func shape(_ polygons: [Polygon]) -> GEOSShape? {
    collection(polygons.map(polygon), GEOS_MULTIPOLYGON)
  }

  func shape(_ geometry: Geometry) -> GEOSShape? { shape(geometry.polygons) }

  func lines(_ lines: [[Point]]) -> GEOSShape? {
    collection(lines.map { sequence($0).flatMap { GEOSGeom_createLineString_r(handle, $0) } }, GEOS_MULTILINESTRING)
  }

  func shape(_ box: Box) -> GEOSShape? { GEOSShape(GEOSGeom_createRectangle_r(handle, box.west, box.south, box.east, box.north), self) }

  /// Shapes beside each other, as they are.
  func all(_ shapes: [GEOSShape]) -> GEOSShape? {
    collection(shapes.map { GEOSGeom_clone_r(handle, $0.pointer) }, GEOS_GEOMETRYCOLLECTION)
  }

  private func collection(_ members: [OpaquePointer?], _ kind: GEOSGeomTypes) -> GEOSShape? {
    var whole = members.compactMap(\.self).map(Optional.some)
    guard whole.count == members.count else {
      for member in whole { GEOSGeom_destroy_r(handle, member) }
      return nil
    }
    return GEOSShape(GEOSGeom_createCollection_r(handle, Int32(kind.rawValue), &whole, UInt32(whole.count)), self)
  }

  private func polygon(_ polygon: Polygon) -> OpaquePointer? {
    if polygon.rings.isEmpty { return GEOSGeom_createEmptyPolygon_r(handle) }
    guard let shell = ring(polygon.rings[0]) else { return nil }
    var holes = polygon.rings.dropFirst().map(ring)
    guard !holes.contains(nil) else {
      for hole in holes + [shell] { GEOSGeom_destroy_r(handle, hole) }
      return nil
    }
    return GEOSGeom_createPolygon_r(handle, shell, &holes, UInt32(holes.count))
  }

  private func ring(_ points: [Point]) -> OpaquePointer? {
    guard points.count > 3, points.first == points.last else { return nil }
    return sequence(points).flatMap { GEOSGeom_createLinearRing_r(handle, $0) }
  }

  private func sequence(_ points: [Point]) -> OpaquePointer? {
    guard points.count > 1, points.allSatisfy({ $0.x.isFinite && $0.y.isFinite }) else { return nil }
    return points.withUnsafeBufferPointer { buffer in
      buffer.withMemoryRebound(to: Double.self) { numbers in
        GEOSCoordSeq_copyFromBuffer_r(handle, numbers.baseAddress, UInt32(points.count), 0, 0)
      }
    }
  }
}

extension Geometry {
  /// The same shape on the grid that files are written on (10⁻⁶ degrees, 0.1 m), so that what is valid here is valid
  /// in every file: borders shared before are shared after; rings that the grid closes up are left out; where the
  /// grid makes lines meet, the shape is mended.
  package var settled: Geometry {
    let grid = mapped { Point(($0.x * 1e6).rounded() / 1e6, ($0.y * 1e6).rounded() / 1e6) }
    guard grid != self, !polygons.isEmpty else { return self }
    let kept = grid.polygons.compactMap { polygon -> Polygon? in
      let rings = polygon.rings.map { ring in
        ring.indices.filter { $0 == 0 || ring[$0] != ring[$0 - 1] }.map { ring[$0] }
      }
      guard let shell = rings.first, shell.count > 3, signedArea(shell) != 0 else { return nil }
      return Polygon([shell] + rings.dropFirst().filter { $0.count > 3 && signedArea($0) != 0 })
    }
    guard !kept.isEmpty else { return self }
    let shape = GEOSContext().shape(kept)
    if let shape, shape.fault != nil, let mended = shape.mended() {
      return mended.geometry.mapped { Point(($0.x * 1e6).rounded() / 1e6, ($0.y * 1e6).rounded() / 1e6) }
    }
    return kept.count == 1 ? .polygon(kept[0]) : .multiPolygon(kept)
  }
}

extension Geometry {
  /// Parts cut at the antimeridian joined again, all of them east of a meridian: the lines of the cut are no borders.
  func rejoined(east west: Double) -> Geometry {
    let moved = mapped { Point($0.x < west - 1e-9 ? $0.x + 360 : $0.x, $0.y) }
    guard let shape = GEOSContext().shape(moved)?.dissolved(), !shape.isEmpty else { return moved }
    return shape.geometry
  }
}
