import Messages

/// Legend and foot of a picture.
extension Plate {
  func legend(_ svg: inout SVGText, x: Double, y: Double) {
    var y = y
    for measure in legendMeasures {
      if measure.isTotal {
        y = sizeLegend(&svg, x: x, y: y)
      } else {
        y = classLegend(measure, &svg, x: x, y: y)
      }
    }
    for (fill, pattern, text) in remarks {
      svg.element("rect", ["x": .number(x), "y": .number(y), "width": 26, "height": 17, "fill": .text(fill), "stroke": "#7d8794", "stroke-width": 0.7])
      if let pattern { svg.element("rect", ["x": .number(x), "y": .number(y), "width": 26, "height": 17, "fill": "url(#\(pattern))"]) }
      for (i, line) in SVGText.lines(text, size: 13, width: legendWidth - 36).enumerated() {
        svg.write(line, at: Point(x + 36, y + 13.5 + Double(i) * 17), size: 13)
        if i > 0 { y += 17 }
      }
      y += 26
    }
  }

  /// Supply and demand share one legend.
  private var legendMeasures: [MapMeasure] {
    panels.map(\.measure).reduce(into: []) { list, measure in
      if !list.contains(measure), !(measure.isTotal && list.contains(where: \.isTotal)) { list.append(measure) }
    }
  }

  private var remarks: [(fill: String, pattern: String?, text: String)] {
    let shown = values.joined().compactMap { $0 }, rates = panels.contains { !$0.measure.isTotal }
    var list: [(String, String?, String)] = []
    if rates, panels[0].measure == .gap, shown.contains(where: \.crossesZero) {
      list.append(("#ffffff", "cross", language == .zh ? "80% 区间跨零，正负未定" : "80 % band spans zero: sign unknown"))
    }
    if rates, shown.contains(where: { $0.grade >= .allocated }) {
      list.append(("#ffffff", "weak", language == .zh ? "证据 C、D 级（分摊或假定）" : "Evidence C or D (allocated, assumed)"))
    }
    if values.joined().contains(where: { $0 == nil }) {
      list.append(("#c9c9c9", nil, language == .zh ? "无数据" : "No data"))
    }
    return list
  }

  private func classLegend(_ measure: MapMeasure, _ svg: inout SVGText, x: Double, y: Double) -> Double {
    guard let classes = build.classes[measure] else { return y }
    var y = y
    svg.write(measure.shortTitle[language], at: Point(x, y + 4), size: 16, weight: "700")
    y += 16
    let shown = zip(panels, values).filter { $0.0.measure == measure }
    for i in (0..<classes.count).reversed() {
      svg.element(
        "rect",
        [
          "x": .number(x), "y": .number(y), "width": 26, "height": 19, "fill": .text(classes.colours[i]), "stroke": "#7d8794",
          "stroke-width": 0.7,
        ])
      let count = shown.reduce(0) { sum, pair in
        sum + pair.1.count { $0.map { classes.index(of: $0.value) == i } ?? false }
      }
      svg.write(classes.label(i, to: language == .zh ? " ～ " : " to ") { Figures.breakText($0, measure, language) }, at: Point(x + 36, y + 14.5), size: 14)
      if shown.count == 1 { svg.write("n = \(count)", at: Point(x + legendWidth, y + 14.5), size: 12, anchor: "end", fill: "#666666") }
      y += 25
    }
    if measure == .gap || measure == .adequacy {
      svg.write(
        language == .zh ? "橙：短缺　紫：富余" : "Orange: short · purple: surplus", at: Point(x, y + 12), size: 12.5, fill: "#444444")
      y += 20
    }
    let method = language == .zh ? "分级：\(classes.method.zh)；各年共用" : "Classes: \(classes.method.en); same in all years"
    for line in SVGText.lines(method, size: 12.5, width: legendWidth) {
      svg.write(line, at: Point(x, y + 12), size: 12.5, fill: "#444444")
      y += 17
    }
    return y + 14
  }

  private func sizeLegend(_ svg: inout SVGText, x: Double, y: Double) -> Double {
    let local = frames[0], top = Figures.niceBelow(largest)
    var y = y + 4
    svg.write(
      language == .zh ? "圆面积＝人数" : "Circle area = persons", at: Point(x, y), size: 16, weight: "700")
    y += 14
    for value in [top, Figures.niceBelow(top / 4), Figures.niceBelow(top / 20)] {
      let r = radius(value, local)
      svg.element(
        "circle",
        ["cx": .number(x + 44), "cy": .number(y + r), "r": .number(r), "fill": "#8f9aa8", "fill-opacity": 0.5, "stroke": "#5b6570"])
      svg.write(Figures.breakText(value, .supply, language), at: Point(x + 100, y + r + 5), size: 14)
      y += max(2 * r, 16) + 8
    }
    for measure in panels.map(\.measure) where measure.isTotal {
      svg.element(
        "circle", ["cx": .number(x + 13), "cy": .number(y + 10), "r": 8, "fill": .text(symbolColour(measure)), "fill-opacity": 0.72])
      svg.write(measure.title[language], at: Point(x + 36, y + 15), size: 14)
      y += 25
    }
    return y + 10
  }

  func foot(_ svg: inout SVGText) {
    let shown = values.joined().compactMap { $0 }
    var sources: [String] = []
    for source in shown.map(\.source).flatMap({ $0.components(separatedBy: ";") }) {
      let name = source.trimmed
      if !name.isEmpty, !sources.contains(name) { sources.append(name) }
    }
    let zh = language == .zh
    let more = sources.count > 6 ? (zh ? " 等" : " and others") : ""
    let source = sources.prefix(6).joined(separator: zh ? "、" : ", ") + more
    let producer = build.options.producer.map { (zh ? " · 制图：" : " · Map: ") + $0[language] } ?? ""
    let end = zh ? "。" : ". "
    let lines = [
      (zh ? "数据：" : "Data: ") + source + producer,
      (zh ? "底图：" : "Base map: ") + sheet.view.credit(build.boundaries.overlayAttribution) + end + MapBuild.boundaryNotice[language],
    ]
    var y = size.y - 92
    svg.write(build.notice[language], at: Point(40, y), size: 15, weight: "700")
    y += 22
    for line in lines.flatMap({ SVGText.lines($0, size: 12.5, width: size.x - 80) }).prefix(4) {
      svg.write(line, at: Point(40, y), size: 12.5, fill: "#555555")
      y += 18
    }
  }
}

extension String {
  fileprivate var trimmed: String {
    var text = Substring(self)
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }

  fileprivate func components(separatedBy mark: Character) -> [String] {
    split(separator: mark).map(String.init)
  }
}
