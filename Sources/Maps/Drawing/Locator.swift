import Messages

/// Where the hubs lie: the national view with the regions of every hub coloured, and their names.
package struct Locator: Sendable {
  private let build: MapBuild
  private let sheet: MapSheet
  private let hubs: [(hub: String, rings: [[Point]], place: Point)]
  private let language: Language
  private let layout: PlateLayout

  /// Government Analysis Function palette: neighbours differ by 3:1 in contrast.
  private static let colours = ["#12436d", "#28a197", "#f46a25", "#801650", "#3d3d3d", "#a285d1"]

  /// - Parameter views: the views of single hubs, such as districts and cities.
  package init(_ build: MapBuild, _ sheet: MapSheet, hubs views: [Boundaries.View], language: Language, layout: PlateLayout = .slide) {
    (self.build, self.sheet, self.language, self.layout) = (build, sheet, language, layout)
    let metres = sheet.frame.width / 1100
    var hubs: [(hub: String, rings: [[Point]], place: Point)] = []
    for view in views where !view.hub.isEmpty && !hubs.contains(where: { $0.hub == view.hub }) {
      let project = sheet.project
      let flat = Topology(view.regions.map(\.geometry)).mapped { project($0) }.simplified(area: 0.3 * metres * metres)
      let rings = flat.shapes.flatMap { $0.joined().map(flat.positions) }
      var box = Box.empty
      rings.joined().forEach { box.include($0) }
      hubs.append((view.hub, rings, box.middle))
    }
    self.hubs = hubs
  }

  package func svg() -> [UInt8] {
    let zh = language == .zh, k = layout.scale, margin = layout.margin, width = layout.width
    let title = zh ? "人才高地区位图" : "Where the talent hubs are"
    let top = layout == .slide ? 118 : margin + layout.titleSize * 1.3 + 6
    let size = layout.footSize, step = layout.lineHeight
    let credit = (zh ? "底图：" : "Base map: ") + build.credit(sheet.view) + (zh ? "。" : ". ")
    let lines = SVGText.lines(credit + MapBuild.boundaryNotice[language], size: size, width: width - 2 * margin)
    let area = Box(
      west: margin, south: top, east: width - margin,
      north: layout == .slide ? layout.footTop(lines.count) - 26 : top + 0.62 * (width - 2 * margin))
    var y = area.north + (layout == .slide ? 26 : 14)
    let height = layout == .slide ? 900 : y + 13 + Double(lines.count) * step
    var svg = SVGText(
      width: width, height: height, title: title, picture: "locator \(layout.suffix) \(language.rawValue)", millimetres: layout.millimetres)
    let fit = Fit(sheet.frame, into: area, margin: 14 * k, lean: Point(0.4, 0.5))
    svg.write(title, at: Point(margin, layout == .slide ? 58 : margin + layout.titleSize), size: layout.titleSize, weight: "700")
    svg.element("rect", rectangle(area) + ["fill": "#f4f7fa"])
    svg.group("clipPath", ["id": "frame"]) { $0.element("rect", rectangle(area)) }
    svg.group("g", ["clip-path": "url(#frame)"]) { draw(&$0, fit, stroke: 0.7 * k) }
    if build.isUnreviewed { svg.notReviewed(across: area, language) }
    var taken: [Box] = []
    if let frame = sheet.inset {
      let corner = Point(area.east - 10 * k, area.north - 10 * k)
      let inset = MapInset(corner: corner, height: area.height * 0.36, showing: frame, scale: k, language)
      svg.group("defs", [:]) { $0.group("clipPath", ["id": "inset"]) { $0.element("rect", rectangle(inset.box)) } }
      svg.group("g", ["clip-path": "url(#inset)"]) { svg in
        svg.element("rect", rectangle(inset.box) + ["fill": "#f4f7fa"])
        draw(&svg, inset.fit, stroke: 0.5 * k)
      }
      svg.element("rect", rectangle(inset.box) + ["fill": "none", "stroke": "#8a929c"])
      inset.name(in: &svg)
      taken.append(inset.box)
    }
    names(&svg, fit, area, taken)
    svg.scaleBar(in: area, unitsPerMetre: fit.scale, scale: k, language)
    svg.northArrow(in: area, scale: k, language)
    svg.element("rect", rectangle(area) + ["fill": "none", "stroke": "#8a929c"])
    svg.write(build.notice[language], at: Point(margin, y), size: layout == .slide ? 15 : 10, weight: "700")
    y += layout == .slide ? 22 : 13
    for (i, line) in lines.enumerated() {
      svg.write(line, at: Point(margin, y + step * Double(i)), size: size, fill: "#555555")
    }
    return svg.close()
  }

  /// Beside each hub, in two lines when long, where the fewest outlines run under it; never over a hub, another
  /// name or the inset.
  private func names(_ svg: inout SVGText, _ fit: Fit, _ area: Box, _ blocked: [Box]) {
    let size = (layout == .slide ? 20 : 22) * layout.scale
    let land = (Array(sheet.rings.joined().joined()) + Array(sheet.overlays.joined())).map { fit($0) }
    let boxes = hubs.map { hub in hub.rings.joined().reduce(into: Box.empty) { $0.include(fit($1)) } }
    var taken = blocked + boxes
    for (i, hub) in hubs.enumerated() {
      let lines = SVGText.lines(build.hubName(hub.hub)[language], size: size, width: 15 * size)
      let width = (lines.map { Double(displayWidth($0)) }.max() ?? 0) * size * 0.57, height = Double(lines.count) * size * 1.2
      let own = boxes[i], gap = size * 0.4
      let x = own.width / 2 + gap + width / 2, y = own.height / 2 + gap + height / 2
      let offsets = [
        Point(x, 0), Point(-x, 0), Point(x, y / 2), Point(-x, y / 2), Point(x, -y / 2), Point(x, y), Point(-x, y), Point(0, y),
        Point(0, -y),
      ]
      let places = offsets.map { offset -> Box in
        let middle = Point(own.middle.x + offset.x, own.middle.y + offset.y)
        return Box(west: middle.x - width / 2, south: middle.y - height / 2, east: middle.x + width / 2, north: middle.y + height / 2)
      }
      let free = places.filter { place in
        place.west >= area.west && place.east <= area.east && place.south >= area.south && place.north <= area.north
          && !taken.contains { $0.meets(place) }
      }
      let crowding = free.map { place in land.count { place.contains($0) } }
      guard let best = free.indices.min(by: { (crowding[$0], $0) < (crowding[$1], $1) }) else { continue }
      let place = free[best]
      taken.append(place)
      let end = place.middle.x > own.middle.x + own.width / 2 ? "start" : place.middle.x < own.middle.x - own.width / 2 ? "end" : "middle"
      let anchor = end == "start" ? place.west : end == "end" ? place.east : place.middle.x
      for (n, line) in lines.enumerated() {
        svg.label(
          line, at: Point(anchor, place.south + size * (0.95 + 1.2 * Double(n))), size: size, anchor: end, weight: "700",
          fill: Self.colours[i % Self.colours.count])
      }
    }
  }

  private func draw(_ svg: inout SVGText, _ fit: Fit, stroke: Double) {
    for rings in sheet.rings {
      svg.element(
        "path",
        [
          "d": .text(pathData(rings.map { $0.map { fit($0) } })), "fill": "#e6eaef", "fill-rule": "evenodd", "stroke": "#9aa4b0",
          "stroke-width": .number(stroke),
        ])
    }
    for (i, hub) in hubs.enumerated() {
      svg.element(
        "path",
        [
          "d": .text(pathData(hub.rings.map { $0.map { fit($0) } })), "fill": .text(Self.colours[i % Self.colours.count]),
          "stroke": "#ffffff", "stroke-width": 0.3,
        ])
    }
    for line in sheet.overlays {
      svg.element(
        "path",
        ["d": .text(pathData([line.map { fit($0) }], closed: false)), "fill": "none", "stroke": "#5b6570", "stroke-width": 1.2])
    }
  }
}

private func rectangle(_ box: Box) -> SVGText.Attributes {
  ["x": .number(box.west), "y": .number(box.south), "width": .number(box.width), "height": .number(box.height)]
}
