import Messages

/// Puts labels where they do not run into one another or out of the frame; what finds no place is left out.
package struct LabelPlacer: Sendable {
  private let frame: Box
  private var taken: [Box]

  package init(frame: Box, taken: [Box] = []) {
    self.frame = frame
    self.taken = taken
  }

  /// - Parameter clearance: how far from `point` a label must stay when it is not on it (a symbol's radius).
  ///   `beside` asks for a place to the right or left, never on the point.
  /// - Returns: the middle of the base line, or nil.
  package mutating func place(_ text: String, near point: Point, size: Double, clearance: Double = 0, beside: Bool = false) -> Point? {
    let width = Double(displayWidth(text)) * size * 0.53, height = size * 1.05
    let gap = clearance + 2, rise = clearance > 0 ? gap + height / 2 : height + 1
    var offsets: [Point] = clearance > 0 && clearance < size ? [] : [Point(0, 0)]
    offsets += [
      Point(0, rise), Point(0, -rise), Point(gap + width / 2, 0), Point(-gap - width / 2, 0),
      Point(gap + width / 2, height), Point(-gap - width / 2, height), Point(gap + width / 2, -height),
      Point(-gap - width / 2, -height),
    ]
    if beside { offsets = Array(offsets[3...] + offsets[1...2]) }
    for offset in offsets {
      let middle = Point(point.x + offset.x, point.y + offset.y)
      let box = Box(
        west: middle.x - width / 2, south: middle.y - height / 2, east: middle.x + width / 2, north: middle.y + height / 2)
      guard box.west >= frame.west, box.east <= frame.east, box.south >= frame.south, box.north <= frame.north,
        !taken.contains(where: { $0.meets(box) })
      else { continue }
      taken.append(box)
      return Point(middle.x, middle.y + size * 0.36)
    }
    return nil
  }

  package mutating func block(_ box: Box) { taken.append(box) }
}
