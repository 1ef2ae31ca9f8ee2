import Messages

/// One map of a picture.
package struct Panel: Sendable {
  package let measure: MapMeasure
  package let year: Int
  package init(_ measure: MapMeasure, _ year: Int) { (self.measure, self.year) = (measure, year) }
}

/// A still picture: one, two or four maps of a view with one legend, title, scale, source and notice.
package struct Plate: Sendable {
  package let build: MapBuild
  package let sheet: MapSheet
  package let panels: [Panel]
  package let scenario: String
  package let language: Language
  package let size: Point
  let values: [[MapValue?]]

  package init(
    _ build: MapBuild, _ sheet: MapSheet, panels: [Panel], scenario: String, language: Language,
    size: Point = Point(1600, 900)
  ) {
    (self.build, self.sheet, self.panels, self.scenario) = (build, sheet, panels, scenario)
    (self.language, self.size) = (language, size)
    values = panels.map { panel in
      sheet.view.regions.map { build.table.value(panel.measure, $0.code, year: panel.year, scenario: scenario) }
    }
  }

  var legendWidth: Double { 250 }
  private var mapArea: Box { Box(west: 40, south: 118, east: size.x - 40 - legendWidth - 24, north: size.y - 118) }

  /// Left to right, then down; coordinates grow downwards, so `south` is the upper edge.
  var frames: [Box] {
    let columns = panels.count == 1 ? 1 : 2, rows = (panels.count + columns - 1) / columns
    let gap = 16.0, area = mapArea
    let width = (area.width - gap * Double(columns - 1)) / Double(columns)
    let height = (area.height - gap * Double(rows - 1)) / Double(rows)
    return panels.indices.map { i in
      let x = area.west + Double(i % columns) * (width + gap), y = area.south + Double(i / columns) * (height + gap)
      return Box(west: x, south: y, east: x + width, north: y + height)
    }
  }

  var largest: Double {
    let totals = [MapMeasure.supply, .demand].flatMap { build.table.all($0, of: sheet.view.regions.map(\.code)) }
    return totals.map(\.value).max() ?? 1
  }

  package func svg() -> [UInt8] {
    var svg = SVGText(width: size.x, height: size.y, title: title[language])
    let frames = frames
    guard let first = frames.first else { return svg.close() }
    let local = Box(west: 0, south: 0, east: first.width, north: first.height)
    // A national map stands high and to the left, so that its inset covers no territory.
    let room = Box(west: 0, south: 24, east: local.east, north: local.north)
    let fit = Fit(sheet.frame, into: room, margin: 12, lean: sheet.inset == nil ? Point(0.5, 0.5) : Point(0.3, 0.05))
    let inset = insetFit(local, fit)
    defineShapes(&svg, fit, local, inset?.box)
    svg.write(title[language], at: Point(40, 58), size: 28, weight: "700")
    svg.write(subtitle, at: Point(40, 90), size: 16, fill: "#555555")
    for (i, frame) in frames.enumerated() {
      svg.group("g", ["transform": "translate(\(short(frame.west)) \(short(frame.south)))"]) { svg in
        panel(i, local, fit, inset, &svg)
      }
    }
    legend(&svg, x: size.x - 40 - legendWidth, y: 132)
    foot(&svg)
    return svg.close()
  }

  private var title: Bilingual {
    let place = build.title(sheet.view), subject = build.options.subject
    let measures = panels.map(\.measure)
    let what =
      measures == [.supply, .demand]
      ? Bilingual(zh: "供给现状与未来需求", en: "supply now and demand ahead") : panels[0].measure.shortTitle
    let years = panels.map(\.year)
    let span = years.count == 1 || years.allSatisfy { $0 == years[0] } ? "\(years[0])" : "\(years[0])–\(years[years.count - 1])"
    return Bilingual(
      zh: "\(place.zh)\(subject.zh)\(what.zh)（\(span.replacing("–", with: "—")) 年）",
      en: "\(place.en): \(subject.en), \(what.en.prefix(1).lowercased() + what.en.dropFirst()), \(span)")
  }

  private var subtitle: String {
    let unit = panels[0].measure.unit[language], plot = build.label(scenario)[language]
    return language == .zh ? "单位：\(unit) · 情景：\(plot) · 年末存量" : "Unit: \(unit) · Scenario: \(plot) · Year-end stock"
  }

  // MARK: Maps

  private func defineShapes(_ svg: inout SVGText, _ fit: Fit, _ local: Box, _ inset: Box?) {
    svg.group("defs", [:]) { svg in
      for (region, rings) in zip(sheet.view.regions, sheet.rings) {
        svg.element(
          "path", ["id": "r\(region.code)", "fill-rule": "evenodd", "d": .text(pathData(rings.map { $0.map { fit($0) } }))])
      }
      svg.group("clipPath", ["id": "frame"]) {
        $0.element("rect", ["width": .number(local.width), "height": .number(local.height)])
      }
      svg.group(
        "pattern", ["id": "cross", "width": 7, "height": 7, "patternUnits": "userSpaceOnUse", "patternTransform": "rotate(45)"]
      ) { $0.element("path", ["d": "M0 0V7", "stroke": "#333333", "stroke-width": 1.6, "stroke-opacity": 0.55]) }
      svg.group("pattern", ["id": "weak", "width": 6, "height": 6, "patternUnits": "userSpaceOnUse"]) {
        $0.element("circle", ["cx": 1.5, "cy": 1.5, "r": 0.75, "fill": "#333333", "fill-opacity": 0.5])
      }
      if let inset {
        svg.group("clipPath", ["id": "inset"]) {
          $0.element(
            "rect",
            [
              "x": .number(inset.west), "y": .number(inset.south), "width": .number(inset.width),
              "height": .number(inset.height),
            ])
        }
      }
    }
  }

  /// As large as fits into the lower right corner without covering territory or a symbol.
  private func insetFit(_ local: Box, _ fit: Fit) -> (box: Box, fit: Fit)? {
    guard let frame = sheet.inset else { return nil }
    let land = sheet.rings.joined().joined().map { fit($0) }
    let clear = panels[0].measure.isTotal ? radius(largest, local) * 0.8 : 6
    for step in 0..<20 {
      let height = local.height * (0.36 - 0.01 * Double(step)), width = height * frame.width / frame.height
      let box = Box(west: local.east - 8 - width, south: local.north - 8 - height, east: local.east - 8, north: local.north - 8)
      let guarded = Box(west: box.west - clear, south: box.south - clear, east: local.east, north: local.north)
      let covered = land.contains { guarded.contains($0) && $0.y <= fit(Point(0, sheet.frame.south)).y }
      if !covered || step == 19 { return (box, Fit(frame, into: box)) }
    }
    return nil
  }

  private func panel(_ i: Int, _ local: Box, _ fit: Fit, _ inset: (box: Box, fit: Fit)?, _ svg: inout SVGText) {
    svg.group("g", ["clip-path": "url(#frame)"]) { svg in
      svg.element("rect", ["width": .number(local.width), "height": .number(local.height), "fill": "#f4f7fa"])
      regions(i, stroke: 0.7, &svg)
      overlays(fit, width: 1.1, &svg)
      watermark(local, &svg)
      if let inset { drawInset(i, inset.box, inset.fit, fit, &svg) }
      symbolsAndLabels(i, local, fit, inset?.box, &svg)
    }
    let measure = panels[i].measure.shortTitle[language]
    let heading = language == .zh ? "\(panels[i].year) 年 \(measure)" : "\(measure), \(panels[i].year)"
    svg.label(heading, at: Point(12, 26), size: 17, anchor: "start", weight: "700")
    scaleBar(local, fit, &svg)
    northArrow(Point(local.east - 24, 20), &svg)
    svg.element(
      "rect", ["width": .number(local.width), "height": .number(local.height), "fill": "none", "stroke": "#8a929c", "stroke-width": 1])
  }

  private func regions(_ i: Int, stroke: Double, _ svg: inout SVGText) {
    let measure = panels[i].measure, classes = build.classes[measure]
    for (region, value) in zip(sheet.view.regions, values[i]) {
      let fill =
        value.map { v in measure.isTotal ? "#e6eaef" : classes.map { $0.colours[$0.index(of: v.value)] } ?? "#e6eaef" } ?? "#c9c9c9"
      svg.element(
        "use",
        ["xlink:href": "#r\(region.code)", "fill": .text(fill), "stroke": "#7d8794", "stroke-width": .number(stroke)])
      guard let value, !measure.isTotal else { continue }
      let pattern = measure == .gap && value.crossesZero ? "cross" : (value.grade >= .allocated ? "weak" : nil)
      if let pattern { svg.element("use", ["xlink:href": "#r\(region.code)", "fill": "url(#\(pattern))"]) }
    }
  }

  private func overlays(_ fit: Fit, width: Double, _ svg: inout SVGText) {
    for line in sheet.overlays {
      svg.element(
        "path",
        ["d": .text(pathData([line.map { fit($0) }], closed: false)), "fill": "none", "stroke": "#5b6570", "stroke-width": .number(width)])
    }
  }

  private func drawInset(_ i: Int, _ box: Box, _ fit: Fit, _ main: Fit, _ svg: inout SVGText) {
    let ratio = fit.scale / main.scale, here = fit(Point(0, 0)), there = main(Point(0, 0))
    svg.group("g", ["clip-path": "url(#inset)"]) { svg in
      svg.element(
        "rect",
        ["x": .number(box.west), "y": .number(box.south), "width": .number(box.width), "height": .number(box.height), "fill": "#f4f7fa"])
      svg.group(
        "g", ["transform": "translate(\(short(here.x - ratio * there.x)) \(short(here.y - ratio * there.y))) scale(\(ratio))"]
      ) { regions(i, stroke: 0.5 / ratio, &$0) }
      overlays(fit, width: 1.2, &svg)
    }
    svg.element(
      "rect",
      [
        "x": .number(box.west), "y": .number(box.south), "width": .number(box.width), "height": .number(box.height),
        "fill": "none", "stroke": "#8a929c", "stroke-width": 1,
      ])
    svg.label(
      language == .zh ? "南海诸岛" : "South China Sea", at: Point(box.middle.x, box.north - 5), size: 10)
  }

  private func symbolsAndLabels(_ i: Int, _ local: Box, _ fit: Fit, _ inset: Box?, _ svg: inout SVGText) {
    var placer = LabelPlacer(frame: Box(west: 2, south: 34, east: local.east - 2, north: local.north - 34))
    if let inset { placer.block(inset) }
    let many = sheet.view.regions.count > 20
    let ordered = values[i].indices.filter { values[i][$0] != nil }.sorted {
      abs(values[i][$0]?.value ?? 0) > abs(values[i][$1]?.value ?? 0)
    }
    var radii = [Double](repeating: 0, count: values[i].count)
    if panels[i].measure.isTotal {
      for r in ordered { radii[r] = radius(values[i][r]?.value ?? 0, local) }
      for r in ordered { circle(fit(sheet.labels[r]), radii[r], panels[i].measure, &svg) }
    }
    let size = many ? 11.0 : 12.5, limit = many ? (panels.count > 2 ? 8 : 16) : 60
    let empty = many ? [] : values[i].indices.filter { values[i][$0] == nil }
    for r in ordered.prefix(limit) + empty {
      let name = Figures.shortName(sheet.view.regions[r].name, language)
      let figure = values[i][r].map { Figures.text($0.value, panels[i].measure, language) }
      let text = many ? name : (figure.map { "\(name) \($0)" } ?? name)
      guard let p = placer.place(text, near: fit(sheet.labels[r]), size: size, clearance: radii[r]) else { continue }
      svg.label(text, at: p, size: size)
    }
  }

  func radius(_ value: Double, _ local: Box) -> Double {
    let greatest = min(local.width, local.height) * (sheet.view.regions.count > 20 ? 0.06 : 0.085)
    return max(0.8, greatest * (max(value, 0) / max(largest, 1e-9)).squareRoot())
  }

  private func circle(_ p: Point, _ r: Double, _ measure: MapMeasure, _ svg: inout SVGText) {
    svg.element(
      "circle",
      [
        "cx": .number(p.x), "cy": .number(p.y), "r": .number(r), "fill": .text(symbolColour(measure)),
        "fill-opacity": 0.72, "stroke": "#ffffff", "stroke-width": 0.8,
      ])
  }

  func symbolColour(_ measure: MapMeasure) -> String { measure == .demand ? "#0f8b8d" : "#2b6cb0" }

  private func watermark(_ local: Box, _ svg: inout SVGText) {
    guard build.options.approvalNumber == nil else { return }
    let text = language == .zh ? "内部用图，未经地图审核，不得公开" : "Internal use: not reviewed, not for publication"
    let size = local.width / (language == .zh ? 24 : 30)
    svg.element(
      "text",
      [
        "transform": "translate(\(short(local.middle.x)) \(short(local.middle.y))) rotate(-24)", "text-anchor": "middle",
        "font-size": .number(size), "fill": "#000000", "fill-opacity": 0.07, "font-weight": "700",
      ], text)
  }

  private func scaleBar(_ local: Box, _ fit: Fit, _ svg: inout SVGText) {
    let metres = Figures.niceBelow(local.width * 0.22 / fit.scale), width = metres * fit.scale
    let (x, y) = (14.0, local.north - 14)
    svg.element(
      "path", ["d": "M\(short(x)) \(short(y - 5))v5h\(short(width))v-5", "fill": "none", "stroke": "#333333", "stroke-width": 1.3])
    let length = metres >= 1000 ? "\(short(metres / 1000))" : "\(short(metres))"
    let unit = metres >= 1000 ? (language == .zh ? " 千米" : " km") : (language == .zh ? " 米" : " m")
    svg.label(length + unit, at: Point(x + width + 6, y), size: 11, anchor: "start")
  }

  private func northArrow(_ p: Point, _ svg: inout SVGText) {
    svg.element("path", ["d": "M\(short(p.x)) \(short(p.y - 10))l6 18l-6 -4l-6 4z", "fill": "#333333"])
    svg.label(language == .zh ? "北" : "N", at: Point(p.x, p.y + 21), size: 11)
  }
}
