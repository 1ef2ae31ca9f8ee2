/// Which side of the line a→b the point c lies on: 1 left, −1 right, 0 on it.
///
/// A floating-point answer is taken when its error bound proves the sign (Shewchuk 1997, "Adaptive
/// precision floating-point arithmetic", bound A); otherwise the sign is exact on coordinates rounded
/// to 10⁻⁹ degrees (0.1 mm).
package func orientation(_ a: Point, _ b: Point, _ c: Point) -> Int {
  let left = (a.x - c.x) * (b.y - c.y)
  let right = (a.y - c.y) * (b.x - c.x)
  let determinant = left - right
  let bound = 3.3306690738754716e-16 * (abs(left) + abs(right))
  if determinant > bound { return 1 }
  if determinant < -bound { return -1 }
  return exactOrientation(a, b, c)
}

private func exactOrientation(_ a: Point, _ b: Point, _ c: Point) -> Int {
  let all = [a.x, a.y, b.x, b.y, c.x, c.y]
  guard all.allSatisfy({ abs($0) < 1e9 }) else { return 0 }
  let n = all.map { Int128(($0 * 1e9).rounded()) }
  let determinant = (n[0] - n[4]) * (n[3] - n[5]) - (n[1] - n[5]) * (n[2] - n[4])
  return determinant.signum() == 0 ? 0 : (determinant > 0 ? 1 : -1)
}

package enum SegmentMeeting: Sendable { case none, touch, cross, overlap }

/// How the segments a–b and c–d meet. `touch`: one point, at an end of at least one of them.
package func meeting(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> SegmentMeeting {
  let (c1, d1) = (orientation(a, b, c), orientation(a, b, d))
  if c1 * d1 > 0 { return .none }
  let (a1, b1) = (orientation(c, d, a), orientation(c, d, b))
  if a1 * b1 > 0 { return .none }
  if c1 * d1 < 0, a1 * b1 < 0 { return .cross }
  if c1 == 0, d1 == 0 { return collinearMeeting(a, b, c, d) }
  if c1 == 0, within(c, a, b) { return .touch }
  if d1 == 0, within(d, a, b) { return .touch }
  if a1 == 0, within(a, c, d) { return .touch }
  if b1 == 0, within(b, c, d) { return .touch }
  return .none
}

private func within(_ p: Point, _ a: Point, _ b: Point) -> Bool {
  min(a.x, b.x) <= p.x && p.x <= max(a.x, b.x) && min(a.y, b.y) <= p.y && p.y <= max(a.y, b.y)
}

private func collinearMeeting(_ a: Point, _ b: Point, _ c: Point, _ d: Point) -> SegmentMeeting {
  let flat = abs(b.x - a.x) >= abs(b.y - a.y)
  func along(_ p: Point) -> Double { flat ? p.x : p.y }
  let low = max(min(along(a), along(b)), min(along(c), along(d)))
  let high = min(max(along(a), along(b)), max(along(c), along(d)))
  return low > high ? .none : (low == high ? .touch : .overlap)
}
