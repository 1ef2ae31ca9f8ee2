import Messages

/// Legend and foot of a picture.
extension Plate {
  /// One block a measure, then what hatches and grey mean. A block draws itself and says where it ends.
  private var legendBlocks: [(_ svg: inout SVGText, _ x: Double, _ y: Double, _ width: Double) -> Double] {
    var blocks: [(inout SVGText, Double, Double, Double) -> Double] = legendMeasures.map { measure in
      { svg, x, y, width in
        measure.isTotal ? sizeLegend(&svg, x: x, y: y) : classLegend(measure, &svg, x: x, y: y, width: width)
      }
    }
    if !remarks.isEmpty { blocks.append { svg, x, y, width in remarkLegend(&svg, x: x, y: y, width: width) } }
    return blocks
  }

  func legendBeside(_ svg: inout SVGText, x: Double, y: Double) {
    var y = y
    for block in legendBlocks { y = block(&svg, x, y, legendWidth) }
  }

  /// Blocks side by side, in the units of a slide.
  private var columnWidth: Double {
    min(legendWidth, (layout.width - 2 * layout.margin) / k / Double(max(legendBlocks.count, 1)) - 8)
  }

  var legendHeight: Double {
    var scratch = SVGText(width: 1, height: 1, title: "", picture: "")
    return k * (legendBlocks.map { $0(&scratch, 0, 14, columnWidth) }.max() ?? 0)
  }

  func legendBelow(_ svg: inout SVGText, y: Double) {
    for (i, block) in legendBlocks.enumerated() {
      let x = layout.margin + Double(i) * (columnWidth + 8) * k
      svg.group("g", ["transform": "translate(\(short(x)) \(short(y))) scale(\(short(k)))"]) { _ = block(&$0, 0, 14, columnWidth) }
    }
  }

  private func remarkLegend(_ svg: inout SVGText, x: Double, y: Double, width: Double) -> Double {
    var y = y
    for (fill, pattern, text) in remarks {
      svg.element(
        "rect", ["x": .number(x), "y": .number(y), "width": 26, "height": 17, "fill": .text(fill), "stroke": "#7d8794", "stroke-width": 0.7])
      if let pattern { svg.element("rect", ["x": .number(x), "y": .number(y), "width": 26, "height": 17, "fill": "url(#\(pattern))"]) }
      for line in SVGText.lines(text, size: 13, width: width - 36) {
        svg.write(line, at: Point(x + 36, y + 13.5), size: 13)
        y += 17
      }
      y += 9
    }
    return y
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
    if withheld.joined().contains(true) {
      list.append(("#c9c9c9", "kept", language == .zh ? "按披露控制规则隐去" : "Withheld (disclosure control)"))
    }
    if zip(values.joined(), withheld.joined()).contains(where: { $0 == nil && !$1 }) {
      list.append(("#c9c9c9", nil, language == .zh ? "无数据" : "No data"))
    }
    return list
  }

  private func classLegend(_ measure: MapMeasure, _ svg: inout SVGText, x: Double, y: Double, width: Double) -> Double {
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
      svg.write(
        classes.label(i, to: language == .zh ? " ～ " : " to ") { Figures.breakText($0, measure, language) }, at: Point(x + 36, y + 14.5), size: 14)
      if shown.count == 1 { svg.write("n = \(count)", at: Point(x + width, y + 14.5), size: 12, anchor: "end", fill: "#666666") }
      y += 25
    }
    if measure == .gap || measure == .adequacy {
      svg.write(
        language == .zh ? "橙：短缺　紫：富余" : "Orange: short · purple: surplus", at: Point(x, y + 12), size: 12.5, fill: "#444444")
      y += 20
    }
    let method = language == .zh ? "分级：\(classes.method.zh)；各年共用" : "Classes: \(classes.method.en); same in all years"
    for line in SVGText.lines(method, size: 12.5, width: width) {
      svg.write(line, at: Point(x, y + 12), size: 12.5, fill: "#444444")
      y += 17
    }
    return y + 14
  }

  private func sizeLegend(_ svg: inout SVGText, x: Double, y: Double) -> Double {
    let local = frames[0], top = Figures.niceBelow(largest)
    var y = y + 4
    svg.write(
      language == .zh ? "圆面积＝\(build.unit(.supply).zh == "人" ? "人数" : build.unit(.supply).zh)" : "Circle area = \(build.unit(.supply).en)",
      at: Point(x, y), size: 16, weight: "700")
    y += 14
    for value in [top, Figures.niceBelow(top / 4), Figures.niceBelow(top / 20)] {
      let r = radius(value, local) / k
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

  /// Sources, base map and what boundaries mean, broken to the picture's width.
  static func footLines(
    _ build: MapBuild, _ sheet: MapSheet, _ shown: [MapValue], _ language: Language, _ layout: PlateLayout
  ) -> [String] {
    var sources: [String] = []
    for source in shown.map(\.source).flatMap({ $0.components(separatedBy: ";") }) {
      let name = source.trimmed
      if !name.isEmpty, !sources.contains(name) { sources.append(name) }
    }
    let zh = language == .zh
    let more = sources.count > 6 ? (zh ? " 等" : " and others") : ""
    let source = cited(sources.prefix(6).map { build.options.sources[$0]?[language] ?? $0 }, language) + more
    let producer = build.options.producer.map { (zh ? " · 制图：" : " · Map: ") + $0[language] } ?? ""
    let credit = build.credit(sheet.view)
    let base = credit.isEmpty ? "" : zh ? "底图：\(credit)。" : "Base map: \(credit). "
    let lines = [(zh ? "数据：" : "Data: ") + source + producer, base + MapBuild.boundaryNotice[language]]
    return lines.flatMap { SVGText.lines($0, size: layout.footSize, width: layout.width - 2 * layout.margin) }
  }

  /// Titles one after the other; tables of one publication under its name once.
  static func cited(_ titles: [String], _ language: Language) -> String {
    var works: [(work: String, tables: [String])] = []
    for title in titles {
      let end = language == .zh ? title.firstIndex(of: "》") : title.range(of: ": ")?.lowerBound
      let work = end.map { String(title[...$0]) } ?? title
      let table = end.map { String(title[title.index(after: $0)...]).trimmed } ?? ""
      if let at = works.firstIndex(where: { $0.work == work && !table.isEmpty }) {
        works[at].tables.append(table)
      } else {
        works.append((work, table.isEmpty ? [] : [table]))
      }
    }
    return works.map { work, tables in
      language == .zh ? work + tables.joined(separator: "、") : tables.isEmpty ? work : "\(work) \(tables.joined(separator: "; "))"
    }.joined(separator: language == .zh ? "；" : works.contains { $0.tables.count > 1 } ? ". " : "; ")
  }

  /// From the notice's base line to the last line's.
  var footHeight: Double { layout.lineHeight * Double(footLines.count) + 8 }

  func foot(_ svg: inout SVGText, y: Double) {
    var y = y
    svg.write(build.notice[language], at: Point(layout.margin, y), size: layout == .slide ? 15 : 10, weight: "700")
    y += layout == .slide ? 22 : 13
    for line in footLines {
      svg.write(line, at: Point(layout.margin, y), size: layout.footSize, fill: "#555555")
      y += layout.lineHeight
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
