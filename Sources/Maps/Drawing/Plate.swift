import Messages

/// One map of a picture.
package struct Panel: Sendable {
  package let measure: MapMeasure
  package let year: Int
  package init(_ measure: MapMeasure, _ year: Int) { (self.measure, self.year) = (measure, year) }
}

/// A still picture: one or more maps of a view with one legend and shared classes, title, scale, source and notice.
package struct Plate: Sendable {
  package let build: MapBuild
  package let sheet: MapSheet
  package let panels: [Panel]
  package let scenario: String
  package let language: Language
  package let layout: PlateLayout
  let values: [[MapValue?]]
  /// By panel and region: there is a figure, and disclosure control keeps it back.
  let withheld: [[Bool]]
  /// The greatest supply or requirement of any year: what the largest circle stands for.
  let largest: Double
  /// The maps' frames, left to right, then down; coordinates grow downwards, so `south` is the upper edge.
  let frames: [Box]
  let footLines: [String]

  package init(
    _ build: MapBuild, _ sheet: MapSheet, panels: [Panel], scenario: String, language: Language,
    layout: PlateLayout = .slide
  ) {
    (self.build, self.sheet, self.panels, self.scenario) = (build, sheet, panels, scenario)
    (self.language, self.layout) = (language, layout)
    let codes = sheet.view.regions.map(\.code)
    values = panels.map { panel in codes.map { build.table.value(panel.measure, $0, year: panel.year, scenario: scenario) } }
    withheld = panels.map { panel in
      codes.map { build.table.isWithheld(panel.measure, $0, year: panel.year, scenario: scenario) }
    }
    let totals = [MapMeasure.supply, .demand].flatMap { build.table.all($0, of: codes) }
    largest = totals.map(\.value).max() ?? 1
    let title = Self.title(build, sheet, panels)[language]
    footLines = Self.footLines(build, sheet, values.joined().compactMap(\.self), language, layout)
    frames = Self.frames(panels.count, sheet, layout, below: Self.headEnd(title, layout), above: layout.footTop(footLines.count) - 26)
  }

  /// Many small maps: one scale and one arrow for all, years for headings, no names.
  var isSheet: Bool { panels.count > 4 }
  var k: Double { layout.scale }
  var legendWidth: Double { 250 }

  private static func titleLines(_ title: String, _ layout: PlateLayout) -> [String] {
    SVGText.lines(title, size: layout.titleSize * 1.04, width: layout.width - 2 * layout.margin)
  }

  /// Where the maps may begin.
  private static func headEnd(_ title: String, _ layout: PlateLayout) -> Double {
    layout == .slide ? 118 : layout.margin + Double(titleLines(title, layout).count) * layout.titleSize * 1.3 + 22
  }

  private static func frames(_ count: Int, _ sheet: MapSheet, _ layout: PlateLayout, below top: Double, above end: Double) -> [Box] {
    let columns = layout.columns(count), rows = (count + columns - 1) / columns
    let gap = layout == .slide ? 16.0 : 5, legend = layout == .slide ? 250.0 + 24 : 0
    let area = layout.width - 2 * layout.margin - legend
    let width = (area - gap * Double(columns - 1)) / Double(columns)
    // A slide has its height; on paper a map is as high as the country, the bay or the city asks.
    let shape = sheet.inset == nil ? min(max(sheet.frame.height / sheet.frame.width + 0.14, 0.6), 1.25) : 0.92
    let height = layout == .slide ? (end - top - gap * Double(rows - 1)) / Double(rows) : width * shape
    return (0..<count).map { i in
      let x = layout.margin + Double(i % columns) * (width + gap), y = top + Double(i / columns) * (height + gap)
      return Box(west: x, south: y, east: x + width, north: y + height)
    }
  }

  package func svg() -> [UInt8] {
    let title = Self.title(build, sheet, panels)[language]
    guard let first = frames.first, let last = frames.last else {
      var empty = SVGText(width: layout.width, height: 900, title: title, picture: "")
      return empty.close()
    }
    let legendEnd = layout == .slide ? 0 : legendHeight + last.north + 10
    let footTop = layout == .slide ? layout.footTop(footLines.count) : legendEnd + 14
    let height = layout == .slide ? 900 : footTop + footHeight + layout.margin - 6
    let picture = panels.map { "\($0.measure.rawValue)_\($0.year)" } + [sheet.view.id, scenario, layout.suffix, language.rawValue]
    var svg = SVGText(
      width: layout.width, height: height, title: title, picture: picture.joined(separator: " "), millimetres: layout.millimetres)
    let local = Box(west: 0, south: 0, east: first.width, north: first.height)
    // A national map stands high and to the left, so that its inset covers no territory.
    let room = Box(west: 0, south: 24 * k, east: local.east, north: local.north)
    let fit = Fit(sheet.frame, into: room, margin: 12 * k, lean: sheet.inset == nil ? Point(0.5, 0.5) : Point(0.3, 0.05))
    let inset = insetFit(local, fit)
    defineShapes(&svg, fit, local, inset?.box)
    var y = layout == .slide ? 58 : layout.margin + layout.titleSize
    for line in Self.titleLines(title, layout) {
      svg.write(line, at: Point(layout.margin, y), size: layout.titleSize, weight: "700")
      y += layout.titleSize * 1.3
    }
    svg.write(subtitle, at: Point(layout.margin, layout == .slide ? 90 : y - 2), size: layout == .slide ? 16 : 9, fill: "#555555")
    for (i, frame) in frames.enumerated() {
      svg.group("g", ["transform": "translate(\(short(frame.west)) \(short(frame.south)))"]) { svg in
        panel(i, local, fit, inset, &svg)
      }
    }
    if layout == .slide {
      legendBeside(&svg, x: layout.width - layout.margin - legendWidth, y: 132)
    } else {
      legendBelow(&svg, y: last.north + 10)
    }
    foot(&svg, y: footTop)
    return svg.close()
  }

  private static func title(_ build: MapBuild, _ sheet: MapSheet, _ panels: [Panel]) -> Bilingual {
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
    let unit = build.unit(panels[0].measure)[language], plot = build.label(scenario)[language]
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
      svg.group("pattern", ["id": "kept", "width": 6, "height": 6, "patternUnits": "userSpaceOnUse"]) {
        $0.element("path", ["d": "M0 0L6 6M6 0L0 6", "stroke": "#333333", "stroke-width": 0.9, "stroke-opacity": 0.7])
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
  private func insetFit(_ local: Box, _ fit: Fit) -> MapInset? {
    guard let frame = sheet.inset else { return nil }
    let land = sheet.rings.joined().joined().map { fit($0) }
    let clear = panels[0].measure.isTotal ? radius(largest, local) * 0.8 : 6 * k
    let corner = Point(local.east - 8 * k, local.north - 8 * k)
    var inset = MapInset(corner: corner, height: local.height * 0.36, showing: frame, scale: k, language)
    for step in 1..<20 {
      let guarded = Box(west: inset.box.west - clear, south: inset.box.south - clear, east: local.east, north: local.north)
      let covered = land.contains { guarded.contains($0) && $0.y <= fit(Point(0, sheet.frame.south)).y }
      if !covered { break }
      inset = MapInset(corner: corner, height: local.height * (0.36 - 0.01 * Double(step)), showing: frame, scale: k, language)
    }
    return inset
  }

  private func panel(_ i: Int, _ local: Box, _ fit: Fit, _ inset: MapInset?, _ svg: inout SVGText) {
    svg.group("g", ["clip-path": "url(#frame)"]) { svg in
      svg.element("rect", ["width": .number(local.width), "height": .number(local.height), "fill": "#f4f7fa"])
      regions(i, stroke: isSheet ? 0.35 : 0.7 * k, &svg)
      overlays(fit, width: 1.1 * k, &svg)
      if build.isUnreviewed { svg.notReviewed(across: local, language) }
      if let inset { drawInset(i, inset, fit, &svg) }
      symbolsAndLabels(i, local, fit, inset?.box, &svg)
    }
    let measure = panels[i].measure.shortTitle[language], year = "\(panels[i].year)"
    let heading = isSheet ? year : language == .zh ? "\(year) 年 \(measure)" : "\(measure), \(year)"
    svg.label(heading, at: Point(12 * k, 26 * k), size: 17 * k, anchor: "start", weight: "700")
    if !isSheet || i == 0 {
      svg.scaleBar(in: local, unitsPerMetre: fit.scale, scale: k, language)
      svg.northArrow(in: local, scale: k, language)
    }
    svg.element(
      "rect", ["width": .number(local.width), "height": .number(local.height), "fill": "none", "stroke": "#8a929c", "stroke-width": 1])
  }

  private func regions(_ i: Int, stroke: Double, _ svg: inout SVGText) {
    let measure = panels[i].measure, classes = build.classes[measure]
    for ((region, value), masked) in zip(zip(sheet.view.regions, values[i]), withheld[i]) {
      let fill =
        value.map { v in measure.isTotal ? "#e6eaef" : classes.map { $0.colours[$0.index(of: v.value)] } ?? "#e6eaef" } ?? "#c9c9c9"
      svg.element(
        "use",
        ["xlink:href": "#r\(region.code)", "fill": .text(fill), "stroke": "#7d8794", "stroke-width": .number(stroke)])
      if masked { svg.element("use", ["xlink:href": "#r\(region.code)", "fill": "url(#kept)"]) }
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

  private func drawInset(_ i: Int, _ inset: MapInset, _ main: Fit, _ svg: inout SVGText) {
    let (box, fit) = (inset.box, inset.fit)
    let ratio = fit.scale / main.scale, here = fit(Point(0, 0)), there = main(Point(0, 0))
    svg.group("g", ["clip-path": "url(#inset)"]) { svg in
      svg.element(
        "rect",
        ["x": .number(box.west), "y": .number(box.south), "width": .number(box.width), "height": .number(box.height), "fill": "#f4f7fa"])
      svg.group(
        "g", ["transform": "translate(\(short(here.x - ratio * there.x)) \(short(here.y - ratio * there.y))) scale(\(ratio))"]
      ) { regions(i, stroke: 0.5 * k / ratio, &$0) }
      overlays(fit, width: 1.2 * k, &svg)
    }
    svg.element(
      "rect",
      [
        "x": .number(box.west), "y": .number(box.south), "width": .number(box.width), "height": .number(box.height),
        "fill": "none", "stroke": "#8a929c", "stroke-width": 1,
      ])
    inset.name(in: &svg)
  }

  private func symbolsAndLabels(_ i: Int, _ local: Box, _ fit: Fit, _ inset: Box?, _ svg: inout SVGText) {
    var placer = LabelPlacer(frame: Box(west: 2, south: 34 * k, east: local.east - 2, north: local.north - 34 * k))
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
    if isSheet { return }
    let size = (many ? 11.0 : 12.5) * k, limit = many ? (panels.count > 2 || layout == .column ? 8 : 16) : 60
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
}
