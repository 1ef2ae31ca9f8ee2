import Messages

/// How a layer looks in QGIS: one rule a class, a grey rule for regions without data, hatches on top,
/// names as labels.
package struct QGISStyle: Sendable {
  package struct Rule: Sendable {
    let filter: String, label: Bilingual, colour: String, brush: String
    /// The label is numbers, which nobody needs twice.
    var isRange = false
  }

  let rules: [Rule]
  let aliases: [(field: String, name: Bilingual)]

  /// - Parameters:
  ///   - field: column with the value; `low` and `high` with its 80 % band, `grade` with the evidence.
  package init(
    _ measure: MapMeasure, classes: Classes, field: String, low: String, high: String, grade: String,
    aliases: [(field: String, name: Bilingual)]
  ) {
    var rules: [Rule] = (0..<classes.count).reversed().map { i in
      var parts: [String] = ["\"\(field)\" IS NOT NULL"]
      if i > 0 { parts.append("\"\(field)\" >= \(classes.breaks[i - 1])") }
      if i < classes.breaks.count { parts.append("\"\(field)\" < \(classes.breaks[i])") }
      let zh = classes.label(i, to: " ～ ") { Figures.breakText($0, measure, .zh) }
      let en = classes.label(i, to: " to ") { Figures.breakText($0, measure, .en) }
      let label = zh.isEmpty ? measure.shortTitle : Bilingual(zh: zh, en: en)
      return Rule(filter: parts.joined(separator: " AND "), label: label, colour: classes.colours[i], brush: "solid", isRange: true)
    }
    rules.append(Rule(filter: "\"\(field)\" IS NULL", label: Bilingual(zh: "无数据", en: "No data"), colour: "#c9c9c9", brush: "solid"))
    if measure == .gap {
      rules.append(
        Rule(
          filter: "\"\(low)\" < 0 AND \"\(high)\" > 0", label: Bilingual(zh: "80% 区间跨零", en: "Band spans zero"), colour: "#333333",
          brush: "b_diagonal"))
    }
    let weak = "\"\(grade)\" IN ('C','D')" + (measure == .gap ? " AND NOT (\"\(low)\" < 0 AND \"\(high)\" > 0)" : "")
    rules.append(Rule(filter: weak, label: Bilingual(zh: "证据 C、D 级", en: "Evidence C, D"), colour: "#333333", brush: "dense7"))
    self.rules = rules
    self.aliases = aliases
  }

  /// A whole `.qml` file.
  package var qml: String {
    """
    <!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>
    <qgis version="3.22.16" styleCategories="Symbology|Labeling|Fields" labelsEnabled="1">
    \(elements(in: nil))</qgis>

    """
  }

  /// Renderer, labels and aliases, as they stand in a style and in a project.
  /// - Parameter language: nil gives both, and Chinese names on the map.
  func elements(in language: Language?) -> String {
    let labelField = language == .en ? "name_en" : "name_zh"
    var xml = "<renderer-v2 type=\"RuleRenderer\" forceraster=\"0\" symbollevels=\"0\" enableorderby=\"0\">\n<rules key=\"{root}\">\n"
    for (i, rule) in rules.enumerated() {
      xml +=
        "<rule key=\"{r\(i)}\" filter=\"\(escaped(rule.filter))\" label=\"\(escaped(rule.label.shown(in: rule.isRange ? language ?? .zh : language)))\" symbol=\"\(i)\"/>\n"
    }
    xml += "</rules>\n<symbols>\n"
    for (i, rule) in rules.enumerated() { xml += symbol(rule, i) }
    xml += "</symbols>\n</renderer-v2>\n"
    xml += """
      <labeling type="simple"><settings calloutType="simple"><text-style fieldName="\(labelField)" isExpression="0" fontFamily="Noto Sans CJK SC" fontSize="8" fontSizeUnit="Point" textColor="26,26,26,255" textOpacity="1" namedStyle="Regular"><text-buffer bufferDraw="1" bufferSize="0.8" bufferSizeUnits="MM" bufferColor="255,255,255,255" bufferOpacity="0.85"/></text-style><placement placement="1" centroidInside="1"/><rendering drawLabels="1" obstacle="1"/></settings></labeling>
      <aliases>
      """
    for (i, alias) in aliases.enumerated() {
      xml += "<alias index=\"\(i)\" field=\"\(escaped(alias.field))\" name=\"\(escaped(alias.name.shown(in: language)))\"/>\n"
    }
    return xml + "</aliases>\n"
  }

  private func symbol(_ rule: Rule, _ i: Int) -> String {
    let options = [
      ("color", decimal(rule.colour)), ("style", rule.brush), ("outline_color", "125,135,148,255"), ("outline_width", "0.2"),
      ("outline_width_unit", "MM"), ("outline_style", rule.brush == "solid" ? "solid" : "no"), ("joinstyle", "bevel"),
    ]
    var xml =
      "<symbol type=\"fill\" name=\"\(i)\" alpha=\"1\" clip_to_extent=\"1\" force_rhr=\"0\"><layer class=\"SimpleFill\" enabled=\"1\" pass=\"0\" locked=\"0\"><Option type=\"Map\">"
    for (name, value) in options { xml += "<Option type=\"QString\" name=\"\(name)\" value=\"\(value)\"/>" }
    xml += "</Option>"
    for (name, value) in options { xml += "<prop k=\"\(name)\" v=\"\(value)\"/>" }
    return xml + "</layer></symbol>\n"
  }

  /// `#rrggbb` as QGIS writes colours.
  private func decimal(_ colour: String) -> String {
    let digits = colour.utf8.dropFirst().map { Int(hexDigit($0) ?? 0) }
    guard digits.count == 6 else { return "128,128,128,255" }
    return stride(from: 0, to: 6, by: 2).map { "\(digits[$0] * 16 + digits[$0 + 1])" }.joined(separator: ",") + ",255"
  }
}
