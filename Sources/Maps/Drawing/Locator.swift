import Messages

/// Where the hubs lie: the national view with the regions of every hub coloured, and their names.
package struct Locator: Sendable {
  private let build: MapBuild
  private let sheet: MapSheet
  private let hubs: [(hub: String, rings: [[Point]], place: Point)]
  private let language: Language

  /// Government Analysis Function palette: neighbours differ by 3:1 in contrast.
  private static let colours = ["#12436d", "#28a197", "#f46a25", "#801650", "#3d3d3d", "#a285d1"]

  /// - Parameter views: the views of single hubs, such as districts and cities.
  package init(_ build: MapBuild, _ sheet: MapSheet, hubs views: [Boundaries.View], language: Language) {
    (self.build, self.sheet, self.language) = (build, sheet, language)
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

  package func svg(size: Point = Point(1600, 900)) -> [UInt8] {
    let zh = language == .zh
    let title = zh ? "人才高地区位图" : "Where the talent hubs are"
    var svg = SVGText(width: size.x, height: size.y, title: title)
    let area = Box(west: 40, south: 118, east: size.x - 40, north: size.y - 118)
    let fit = Fit(sheet.frame, into: area, margin: 14, lean: Point(0.4, 0.5))
    svg.write(title, at: Point(40, 58), size: 28, weight: "700")
    svg.element("rect", rectangle(area) + ["fill": "#f4f7fa", "stroke": "#8a929c"])
    svg.group("clipPath", ["id": "frame"]) { $0.element("rect", rectangle(area)) }
    svg.group("g", ["clip-path": "url(#frame)"]) { draw(&$0, fit, stroke: 0.7) }
    if let frame = sheet.inset {
      let height = 240.0, width = height * frame.width / frame.height
      let box = Box(west: area.east - 10 - width, south: area.north - 10 - height, east: area.east - 10, north: area.north - 10)
      svg.group("defs", [:]) { $0.group("clipPath", ["id": "inset"]) { $0.element("rect", rectangle(box)) } }
      svg.group("g", ["clip-path": "url(#inset)"]) { svg in
        svg.element("rect", rectangle(box) + ["fill": "#f4f7fa"])
        draw(&svg, Fit(frame, into: box), stroke: 0.5)
      }
      svg.element("rect", rectangle(box) + ["fill": "none", "stroke": "#8a929c"])
      svg.label(zh ? "南海诸岛" : "South China Sea islands", at: Point(box.middle.x, box.north - 5), size: 11)
    }
    var placer = LabelPlacer(frame: area)
    for (i, hub) in hubs.enumerated() {
      let name = build.hubName(hub.hub)[language]
      guard let p = placer.place(name, near: fit(hub.place), size: 20, clearance: 30, beside: true) else { continue }
      svg.label(name, at: p, size: 20, weight: "700", fill: Self.colours[i % Self.colours.count])
    }
    svg.write(build.notice[language], at: Point(40, size.y - 92), size: 15, weight: "700")
    let credit = (zh ? "底图：" : "Base map: ") + sheet.view.credit(build.boundaries.overlayAttribution) + (zh ? "。" : ". ")
    for (i, line) in SVGText.lines(credit + MapBuild.boundaryNotice[language], size: 12.5, width: size.x - 80).enumerated() {
      svg.write(line, at: Point(40, size.y - 70 + 18 * Double(i)), size: 12.5, fill: "#555555")
    }
    return svg.close()
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

