import TestSupport
import Testing

@testable import Maps

/// Snyder (1987), USGS Professional Paper 1395, p. 292: Clarke 1866, φ = 35°, λ = −75°.
@Test func albersAgreesWithSnydersExample() {
  let projection = AlbersProjection(
    parallels: (29.5, 45.5), origin: (23, -96), semiMajor: 6_378_206.4, eccentricitySquared: 0.00676866)
  let p = projection(Point(-75, 35))
  #expect(abs(p.x - 1_885_472.7) < 0.1)
  #expect(abs(p.y - 1_535_925.0) < 0.1)
}

/// Equal area: a quarter degree anywhere keeps its size on the ellipsoid.
@Test func albersKeepsAreas() {
  func patch(_ west: Double, _ south: Double) -> Double {
    let steps = 40
    func side(_ a: Point, _ b: Point) -> [Point] {
      (0..<steps).map { Point(a.x + (b.x - a.x) * Double($0) / Double(steps), a.y + (b.y - a.y) * Double($0) / Double(steps)) }
    }
    let c = [Point(west, south), Point(west + 0.25, south), Point(west + 0.25, south + 0.25), Point(west, south + 0.25)]
    return signedArea((side(c[0], c[1]) + side(c[1], c[2]) + side(c[2], c[3]) + side(c[3], c[0]) + [c[0]]).map { AlbersProjection.china($0) })
  }
  #expect(abs(patch(75, 40) / patch(130, 40) - 1) < 1e-9)
  let small = AlbersProjection(fitting: Box(west: 112, south: 21, east: 116, north: 25))
  #expect(abs(small(Point(114, 23)).x) < 1e-6)
  // 0.25° × 0.25° at 40° N is 27.8 km by about 21.3 km.
  #expect(abs(patch(105, 39.875) / 1e6 - 592.6) < 1)
}

private func square(_ x: Double, _ y: Double, bulge: Double = 0) -> Geometry {
  .polygon(Polygon([[Point(x, y), Point(x + 0.5, y - bulge), Point(x + 1, y), Point(x + 1, y + 1), Point(x, y + 1), Point(x, y)]]))
}

@Test func neighboursShareTheirBorder() {
  let topology = Topology([square(0, 0), square(1, 0), square(5, 5)])
  #expect(topology.arcs.count == 4)
  #expect(topology.shapes[0][0][0].count == 2)
  #expect(topology.shapes[2][0][0].count == 1)
  for i in 0..<3 {
    let back = topology.geometry(i).polygons[0]
    #expect(back.rings[0].first == back.rings[0].last)
    #expect(area(back) == 1)
    #expect(signedArea(back.rings[0]) == 1)
  }
}

@Test func enclavesAreOneArc() {
  let hole = [Point(1, 1), Point(1, 2), Point(2, 2), Point(2, 1), Point(1, 1)]
  let shell = [Point(0, 0), Point(4, 0), Point(4, 4), Point(0, 4), Point(0, 0)]
  let inside = [Point(2, 1), Point(2, 2), Point(1, 2), Point(1, 1), Point(2, 1)]
  let topology = Topology([.polygon(Polygon([shell, hole])), .polygon(Polygon([inside]))])
  #expect(topology.arcs.count == 2)
  #expect(topology.shapes[0][0][1] == topology.shapes[1][0][0].map { ~$0 })
}

/// Random wiggly borders: simplification keeps neighbours together, so the whole keeps its area.
@Test(arguments: 0..<20 as Range<UInt64>)
func simplifiedNeighboursLeaveNoGap(seed: UInt64) {
  var random = SeededGenerator(seed: seed)
  let border = [Point(1, 0)] + (1..<60).map { Point(1 + Double.random(in: -0.02...0.02, using: &random), Double($0) / 60) } + [Point(1, 1)]
  let left = [Point(0, 0)] + border + [Point(0, 1), Point(0, 0)]
  let right = [Point(2, 1)] + border.reversed() + [Point(2, 0), Point(2, 1)]
  let full = Topology([.polygon(Polygon([left])), .polygon(Polygon([right]))])
  let simple = full.simplified(area: 5e-4)
  let polygons = [0, 1].map { simple.geometry($0).polygons[0] }
  #expect(polygons[0].rings[0].count < left.count - 10)
  #expect(abs(area(polygons[0]) + area(polygons[1]) - 2) < 1e-12)
  for polygon in polygons { #expect(GEOSContext().shape([polygon])?.fault == nil) }
}

@Test func islandsSurviveAnySimplification() {
  let topology = Topology([square(0, 0, bulge: 0.1)]).simplified(area: 100)
  let ring = topology.geometry(0).polygons[0].rings[0]
  #expect(ring.count >= 4 && abs(signedArea(ring) / 1.05 - 1) < 0.01)
}

@Test func labelPointLiesInside() {
  let ell = Polygon([[Point(0, 0), Point(10, 0), Point(10, 1), Point(1, 1), Point(1, 10), Point(0, 10), Point(0, 0)]])
  let p = labelPoint(ell)
  let context = GEOSContext()
  #expect(context.shape(Box(around: [p]).grown(by: 1e-3)).flatMap { spot in context.shape([ell])?.intersection(spot)?.area } ?? 0 > 3.9e-6)
}

/// A strait between an island and its bank, which a coarser line would run over: the line keeps its bend there.
@Test(arguments: [1, 0.2, 0.05])
func islandsStayOutsideTheBankThatBendsAroundThem(area limit: Double) throws {
  let bank = [(0.0, 0.0), (10, 0), (10, 4), (6, 4), (6, 3.2), (5, 3.2), (5, 4), (0, 4), (0, 0)].map { Point($0.0, $0.1) }
  let island = [(5.2, 3.4), (5.8, 3.4), (5.8, 3.9), (5.2, 3.9), (5.2, 3.4)].map { Point($0.0, $0.1) }
  for apart in [false, true] {
    let (a, b) = (Polygon([bank]), Polygon([island]))
    let shapes: [Geometry] = apart ? [.polygon(a), .polygon(b)] : [.multiPolygon([a, b])]
    let simple = Topology(shapes).simplified(area: limit)
    let context = GEOSContext()
    let made = try simple.shapes.indices.map { try #require(context.shape(simple.geometry($0))) }
    #expect(made.allSatisfy { $0.fault == nil })
    if apart { #expect(made[0].intersection(made[1])?.area == 0) }
  }
}

/// Files have six decimals: what they cannot tell apart is gone before a map is made.
@Test func shapesSettleOnTheGridOfTheFiles() {
  let speck = [Point(5, 5), Point(5 + 2e-7, 5), Point(5, 5 + 2e-7), Point(5, 5)]
  let square = [Point(0, 0), Point(1, 0), Point(1, 1.0000003), Point(1, 1.0000004), Point(0, 1), Point(0, 0)]
  let settled = Geometry.multiPolygon([Polygon([square]), Polygon([speck])]).settled
  #expect(settled == .polygon(Polygon([[Point(0, 0), Point(1, 0), Point(1, 1), Point(0, 1), Point(0, 0)]])))
  // A spike half a grid step wide closes up to a line that runs back on itself.
  let spike = [Point(0, 0), Point(2, 0), Point(2, 1), Point(1 + 2e-7, 1), Point(1, 3), Point(1 - 2e-7, 1), Point(0, 1), Point(0, 0)]
  let mended = Geometry.polygon(Polygon([spike])).settled
  #expect(GEOSContext().shape(mended)?.fault == nil && abs((GEOSContext().shape(mended)?.area ?? 0) - 2) < 1e-5)
}

@Test func boxesReachAcrossTheAntimeridian() {
  let fiji = [Box(west: 177, south: -19, east: 180, north: -16), Box(west: -180, south: -19, east: -178, north: -16)]
  #expect(Box(around: fiji) == Box(west: 177, south: -19, east: 182, north: -16))
  #expect(Box(onTheGlobe: fiji) == Box(west: 177, south: -19, east: -178, north: -16))
  let world = [Box(west: -180, south: -90, east: -10, north: 90), Box(west: -5, south: -90, east: 180, north: 90)]
  #expect(Box(around: world) == Box(west: -180, south: -90, east: 180, north: 90))
}
