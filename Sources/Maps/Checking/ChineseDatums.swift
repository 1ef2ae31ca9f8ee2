import Foundation

/// The shifted coordinate systems of Chinese map services. WGS 84 and CGCS2000 are unshifted.
package enum ChineseDatum: String, CaseIterable, Sendable {
  case gcj02 = "GCJ-02"
  case bd09 = "BD-09"

  /// Where a WGS 84 position lies in this system, in degrees.
  ///
  /// - Source: the published approximation of the GCJ-02 obfuscation (good to about a metre) and Baidu's
  ///   documented BD-09 on top of it; both hold for mainland China.
  package func shifted(_ p: Point) -> Point {
    let (dx, dy, pi) = (p.x - 105, p.y - 35, Double.pi)
    let waves = 20 * (sin(6 * dx * pi) + sin(2 * dx * pi))
    var north: Double = -100 + 2 * dx + 3 * dy + 0.2 * dy * dy
    north += 0.1 * dx * dy + 0.2 * abs(dx).squareRoot()
    north += (waves + 20 * sin(dy * pi) + 40 * sin(dy / 3 * pi)) * 2 / 3
    north += (160 * sin(dy / 12 * pi) + 320 * sin(dy * pi / 30)) * 2 / 3
    var east: Double = 300 + dx + 2 * dy + 0.1 * dx * dx
    east += 0.1 * dx * dy + 0.1 * abs(dx).squareRoot()
    east += (waves + 20 * sin(dx * pi) + 40 * sin(dx / 3 * pi)) * 2 / 3
    east += (150 * sin(dx / 12 * pi) + 300 * sin(dx / 30 * pi)) * 2 / 3
    let (a, e2, latitude) = (6_378_245.0, 0.006_693_421_622_965_943, p.y * pi / 180)
    let magic = 1 - e2 * sin(latitude) * sin(latitude)
    let perDegree = a * pi / 180
    let gcj = Point(
      p.x + east * magic.squareRoot() / (perDegree * cos(latitude)),
      p.y + north * magic * magic.squareRoot() / (perDegree * (1 - e2)))
    guard self == .bd09 else { return gcj }
    let wave = 3000 * Double.pi / 180
    let radius = (gcj.x * gcj.x + gcj.y * gcj.y).squareRoot() + 2e-5 * sin(gcj.y * wave)
    let angle = atan2(gcj.y, gcj.x) + 3e-6 * cos(gcj.x * wave)
    return Point(radius * cos(angle) + 0.0065, radius * sin(angle) + 0.006)
  }
}

/// How far a file's outlines are moved along a datum's shift, measured against outlines in WGS 84.
package struct DatumShift: Sendable, Hashable {
  package let datum: ChineseDatum
  /// 0: in WGS 84; 1: in the datum.
  package let share: Double
  /// Median distance between the two outlines before and after taking the shift out, in metres.
  package let before, after: Double
}

/// Pairs an outline of unknown datum with the same region's outline in WGS 84.
package struct OutlinePair: Sendable {
  let candidate: [[Point]]
  let reference: [[Point]]

  package init(candidate: Geometry, reference: Geometry) {
    self.candidate = candidate.polygons.flatMap(\.rings)
    self.reference = reference.polygons.flatMap(\.rings)
  }
}

/// Finds the datum whose shift explains the distance between the outlines, or nil when they agree with
/// WGS 84 or differ for other reasons.
///
/// One number α is fitted so that candidate − α·shift lies on the reference outline: least squares of
/// the distances along the outline's normals, distances above three medians left out, five rounds with
/// new nearest segments. Generalisation moves vertices either way and cancels; a datum does not.
package func datumShift(of pairs: [OutlinePair]) -> DatumShift? {
  let outlines = pairs.map { (sample($0.candidate, 400), OutlineIndex($0.reference)) }
  let fits = ChineseDatum.allCases.compactMap { fit($0, outlines) }
  let best = fits.min { $0.after < $1.after }
  guard let best, (0.75...1.25).contains(best.share), best.before > 100, best.after < 0.6 * best.before else {
    return nil
  }
  return best
}

private func sample(_ rings: [[Point]], _ limit: Int) -> [Point] {
  let all = rings.flatMap { $0.dropLast() }
  let step = max(1, all.count / limit)
  return stride(from: 0, to: all.count, by: step).map { all[$0] }
}

private func fit(_ datum: ChineseDatum, _ outlines: [([Point], OutlineIndex)]) -> DatumShift? {
  var (share, before) = (0.0, 0.0)
  for round in 0..<6 {
    var offsets: [(along: Double, shift: Double, distance: Double)] = []
    for (points, index) in outlines {
      for p in points {
        let moved = datum.shifted(p)
        let shift = Point(moved.x - p.x, moved.y - p.y)
        let here = Point(p.x - share * shift.x, p.y - share * shift.y)
        guard let near = index.nearest(here) else { continue }
        let metres = Point(111_320 * cos(p.y * .pi / 180), 110_900)
        offsets.append(
          (
            near.normal.x * near.offset.x * metres.x + near.normal.y * near.offset.y * metres.y,
            near.normal.x * shift.x * metres.x + near.normal.y * shift.y * metres.y, near.distance
          ))
      }
    }
    guard offsets.count >= 8 else { return nil }
    let middle = median(offsets.map(\.distance))
    if round == 0 { before = middle }
    if round == 5 { return DatumShift(datum: datum, share: share, before: before, after: middle) }
    let kept = offsets.filter { $0.distance <= max(3 * middle, 50) }
    let weight = kept.reduce(0) { $0 + $1.shift * $1.shift }
    guard weight > 0 else { return nil }
    share += kept.reduce(0) { $0 + $1.along * $1.shift } / weight
    guard abs(share) < 3 else { return nil }
  }
  return nil
}

private func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? 0 : sorted[sorted.count / 2]
}

/// Segments of an outline in a coarse grid, for nearest-segment queries within a few kilometres.
private struct OutlineIndex {
  private static let cell = 0.02
  private var cells: [Int64: [Int32]] = [:]
  private var segments: [(Point, Point)] = []

  init(_ rings: [[Point]]) {
    for ring in rings {
      for (a, b) in zip(ring, ring.dropFirst()) {
        let pieces = max(1, Int(max(abs(b.x - a.x), abs(b.y - a.y)) / Self.cell) + 1)
        segments.append((a, b))
        for i in 0...pieces {
          let t = Double(i) / Double(pieces)
          let key = Self.key(a.x + t * (b.x - a.x), a.y + t * (b.y - a.y), 0, 0)
          if cells[key]?.last != Int32(segments.count - 1) { cells[key, default: []].append(Int32(segments.count - 1)) }
        }
      }
    }
  }

  private static func key(_ x: Double, _ y: Double, _ dx: Int, _ dy: Int) -> Int64 {
    Int64(Int((x / cell).rounded(.down)) + dx) << 32 | Int64(Int((y / cell).rounded(.down)) + dy + 1_000_000)
  }

  /// The nearest place on the outline: offset from it in degrees, unit normal (of metres), metres away.
  func nearest(_ p: Point) -> (offset: Point, normal: Point, distance: Double)? {
    let scale = cos(p.y * .pi / 180)
    var best: (offset: Point, normal: Point, distance: Double)?
    for dx in -1...1 {
      for dy in -1...1 {
        for s in cells[Self.key(p.x, p.y, dx, dy)] ?? [] {
          let (a, b) = segments[Int(s)]
          let (ux, uy) = ((b.x - a.x) * scale, b.y - a.y)
          let length = ux * ux + uy * uy
          guard length > 0 else { continue }
          let t = min(max((((p.x - a.x) * scale) * ux + (p.y - a.y) * uy) / length, 0), 1)
          let offset = Point(p.x - a.x - t * (b.x - a.x), p.y - a.y - t * (b.y - a.y))
          let distance = 110_900 * ((offset.x * scale) * (offset.x * scale) + offset.y * offset.y).squareRoot()
          if distance < best?.distance ?? .infinity {
            let size = length.squareRoot()
            best = (offset, Point(-uy / size, ux / size), distance)
          }
        }
      }
    }
    return best
  }
}
