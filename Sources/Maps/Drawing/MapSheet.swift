/// A view laid flat: projected to metres, simplified for a given number of metres a pixel, with the part
/// that a national map moves into its inset.
package struct MapSheet: Sendable {
  package let view: Boundaries.View
  /// For each region its rings, in metres, north up.
  package let rings: [[[Point]]]
  package let labels: [Point]
  package let overlays: [[Point]]
  /// What the main frame shows.
  package let frame: Box
  /// What the inset shows, on a map of China only.
  package let inset: Box?
  package let topology: Topology
  package let project: AlbersProjection

  /// South edge of the main frame of a national map: just past the southern tip of Hainan island
  /// (18.16° N), as 《公开地图内容表示规范》 asks when the South China Sea is an inset.
  private static let mainFrameSouth = 18.0
  private static let insetBox = Box(west: 106.2, south: 2.6, east: 122.8, north: 24.2)

  /// - Parameter width: pixels that the main frame will be wide; decides how far outlines are simplified.
  package init(_ view: Boundaries.View, overlays: [Geometry], width: Double) {
    self.view = view
    let box = view.box
    let project = view.isChina ? AlbersProjection.china : AlbersProjection(fitting: box)
    self.project = project
    let outlines = view.regions.map { box.east > 180 ? $0.geometry.rejoined(east: box.west) : $0.geometry }
    let flat = Topology(outlines).mapped { project($0) }
    var frame = Box.empty
    for (outline, polygons) in zip(outlines, flat.shapes) {
      for (polygon, rings) in zip(outline.polygons, polygons) {
        let north = polygon.rings.first?.map(\.y).max() ?? 0
        if view.isChina, north < Self.mainFrameSouth { continue }
        if let ring = rings.first { flat.positions(ring).forEach { frame.include($0) } }
      }
    }
    self.frame = frame
    let metres = frame.width / max(width, 1)
    topology = flat.simplified(area: 0.35 * metres * metres)
    let simple = topology
    rings = simple.shapes.map { $0.joined().map(simple.positions) }
    labels = zip(view.regions, simple.shapes).map { _, polygons in
      let whole = polygons.map { Polygon($0.map(simple.positions)) }
      return whole.max { area($0) < area($1) }.map { labelPoint($0) } ?? Point(0, 0)
    }
    self.overlays = view.isChina ? overlays.flatMap { $0.mapped { project($0) }.lines } : []
    inset = view.isChina ? Self.insetFrame(project) : nil
  }

  private static func insetFrame(_ project: AlbersProjection) -> Box {
    var box = Box.empty
    for i in 0...20 {
      let t = Double(i) / 20
      let x = insetBox.west + t * insetBox.width, y = insetBox.south + t * insetBox.height
      for p in [Point(x, insetBox.south), Point(x, insetBox.north), Point(insetBox.west, y), Point(insetBox.east, y)] {
        box.include(project(p))
      }
    }
    return box
  }
}

/// Metres to pixels: a box fitted into a rectangle, north up.
package struct Fit: Sendable {
  package let scale: Double
  private let origin: Point

  /// - Parameter lean: where the slack goes, 0 to the right and below … 1 to the left and above.
  package init(_ box: Box, into area: Box, margin: Double = 0, lean: Point = Point(0.5, 0.5)) {
    let (width, height) = (max(box.width, 1e-9), max(box.height, 1e-9))
    scale = min((area.width - 2 * margin) / width, (area.height - 2 * margin) / height)
    let slack = Point(area.width - 2 * margin - scale * width, area.height - 2 * margin - scale * height)
    origin = Point(
      area.west + margin + lean.x * slack.x - scale * box.west,
      area.south + margin + lean.y * slack.y + scale * box.north)
  }

  package func callAsFunction(_ p: Point) -> Point { Point(origin.x + scale * p.x, origin.y - scale * p.y) }

  package func callAsFunction(_ box: Box) -> Box {
    let (a, b) = (self(Point(box.west, box.north)), self(Point(box.east, box.south)))
    return Box(west: a.x, south: a.y, east: b.x, north: b.y)
  }
}
