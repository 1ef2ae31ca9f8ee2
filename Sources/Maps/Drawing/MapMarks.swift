import Messages

/// What stands on every map beside its colours: scale, north, the mark of a map that nobody has reviewed, and
/// the inset of the South China Sea.
extension SVGText {
  /// - Parameters:
  ///   - box: the map's frame; the bar stands in its lower left corner.
  ///   - unitsPerMetre: of the main map.
  mutating func scaleBar(in box: Box, unitsPerMetre: Double, scale k: Double, _ language: Language) {
    let metres = Figures.niceBelow(box.width * 0.22 / unitsPerMetre), width = metres * unitsPerMetre
    let (x, y) = (box.west + 14 * k, box.north - 14 * k)
    element(
      "path",
      [
        "d": "M\(short(x)) \(short(y - 5 * k))v\(short(5 * k))h\(short(width))v\(short(-5 * k))", "fill": "none", "stroke": "#333333",
        "stroke-width": .number(1.3 * k),
      ])
    let length = metres >= 1000 ? "\(short(metres / 1000))" : "\(short(metres))"
    let unit = metres >= 1000 ? (language == .zh ? " 千米" : " km") : (language == .zh ? " 米" : " m")
    label(length + unit, at: Point(x + width + 6 * k, y), size: 11 * k, anchor: "start")
  }

  /// In the upper right corner of a frame.
  mutating func northArrow(in box: Box, scale k: Double, _ language: Language) {
    let p = Point(box.east - 24 * k, box.south + 20 * k)
    element(
      "path",
      [
        "d":
          "M\(short(p.x)) \(short(p.y - 10 * k))l\(short(6 * k)) \(short(18 * k))l\(short(-6 * k)) \(short(-4 * k))l\(short(-6 * k)) \(short(4 * k))z",
        "fill": "#333333",
      ])
    label(language == .zh ? "北" : "N", at: Point(p.x, p.y + 21 * k), size: 11 * k)
  }

  mutating func notReviewed(across box: Box, _ language: Language) {
    let text = language == .zh ? "内部用图，未经地图审核，不得公开" : "Internal use: not reviewed, not for publication"
    element(
      "text",
      [
        "transform": "translate(\(short(box.middle.x)) \(short(box.middle.y))) rotate(-24)", "text-anchor": "middle",
        "font-size": .number(box.width / (language == .zh ? 24 : 30)), "fill": "#000000", "fill-opacity": 0.07, "font-weight": "700",
      ], text)
  }
}

/// The inset of a national map: the sea with its islands above, its name in a strip below, so that the name
/// runs neither over a line nor out of the box.
struct MapInset {
  let box: Box
  let fit: Fit
  private let lines: [String]
  private let size: Double

  /// - Parameters:
  ///   - corner: lower right corner of the inset.
  ///   - frame: what it shows, in metres.
  init(corner: Point, height: Double, showing frame: Box, scale k: Double, _ language: Language) {
    let name = language == .zh ? "南海诸岛" : "South China Sea Islands"
    // The strip takes from the height, which sets the width, which sets the lines: start from one line.
    func arranged(_ rows: Int) -> (width: Double, lines: [String], size: Double) {
      let most = 10 * k
      let width = (height - Double(rows) * most * 1.2 - 3) * frame.width / frame.height
      let longest = name.split(separator: " ").map { Double(displayWidth(String($0))) * 0.55 }.max() ?? 1
      let size = min(most, (width - 4) / longest)
      return (width, SVGText.lines(name, size: size, width: width - 4), size)
    }
    var plan = arranged(1)
    if plan.lines.count > 1 { plan = arranged(plan.lines.count) }
    (lines, size) = (plan.lines, plan.size)
    box = Box(west: corner.x - plan.width, south: corner.y - height, east: corner.x, north: corner.y)
    let strip = Double(lines.count) * size * 1.2 + 3
    fit = Fit(frame, into: Box(west: box.west, south: box.south, east: box.east, north: box.north - strip))
  }

  func name(in svg: inout SVGText) {
    for (i, line) in lines.enumerated() {
      svg.label(line, at: Point(box.middle.x, box.north - 4 - Double(lines.count - 1 - i) * size * 1.2), size: size)
    }
  }
}
