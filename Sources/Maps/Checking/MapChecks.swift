import Messages

/// Checks a GeoJSON file as a map of regions, after `readGeoJSON` has checked it as GeoJSON: codes and
/// names joined to known regions, shapes in their places and beside each other, notices and attribution,
/// datum, and what a map of the whole of China must show.
///
/// A file without any region code is left alone but for its numbers: it may be good GeoJSON that is no map of ours.
///
/// - Parameters:
///   - known: regions of our own boundary files; without any, codes are checked for their form only.
///   - neighbours: whether overlaps and slivers between regions are looked for, which takes longest.
///   - file: name for the problems.
/// - Returns: problems of the reading first, then those of the map.
package func checkMap(
  _ reading: GeoJSONReading, known: KnownRegions = KnownRegions([]), neighbours: Bool = true, file: String? = nil
) -> [Problem] {
  let read = reading.problems.map(sterner)
  guard let collection = reading.collection, collection.features.count == reading.offsets.count else { return read }
  var check = MapCheck(collection: collection, offsets: reading.offsets, known: known)
  for i in reading.withoutProperties where collection.features[i].geometry != nil { check.hasNoProperties(i) }
  if collection.features.contains(where: { $0.code != nil }) {
    check.checkFile()
    for i in collection.features.indices { check.checkFeature(i) }
    check.checkPlaces()
    if neighbours { check.checkNeighbours() }
    check.checkNation()
    check.checkDatum()
  }
  return read + check.findings.problems(file: file, in: reading.bytes)
}

/// What bare GeoJSON may do but a map of regions may not.
private func sterner(_ problem: Problem) -> Problem {
  guard ["geojson.out-of-range", "geojson.antimeridian"].contains(problem.code) else { return problem }
  return Problem(
    problem.code, .error, file: problem.file, line: problem.line, column: problem.column, path: problem.path,
    message: problem.message, hint: problem.hint)
}

/// Whether every position is a longitude and a latitude, so that arithmetic on it has a result.
private func isOnTheGlobe(_ geometry: Geometry) -> Bool {
  geometry.boxes.allSatisfy { $0.isEmpty || $0.west >= -180 && $0.east <= 180 && $0.south >= -90 && $0.north <= 90 }
    && geometry.polygons.allSatisfy { $0.rings.allSatisfy { longEdge($0) == nil } }
}

private func isSixDigits(_ code: String) -> Bool { code.count == 6 && code.allSatisfy { $0.isASCII && $0.isNumber } }

struct MapCheck {
  let collection: FeatureCollection
  let offsets: [Int]
  let known: KnownRegions
  /// Whether codes are those of GB/T 2260; another country's, or made-up ones, may have any form.
  private let areSixDigits: Bool
  /// Each feature's shape, mended where it is not valid; nil where there is none on the globe.
  let shapes: [GEOSShape?]
  let context = GEOSContext()
  var findings = Findings()
  private var seen: [String: Int] = [:]

  init(collection: FeatureCollection, offsets: [Int], known: KnownRegions) {
    self.collection = collection
    self.offsets = offsets
    // A file that shares no code with the known regions, and has none of their form, is of another country.
    let codes = collection.features.compactMap(\.code)
    let isOurs = codes.contains { known.byCode[$0] != nil || isSixDigits($0) && known.codes.contains(where: isSixDigits) }
    self.known = isOurs ? known : KnownRegions([])
    areSixDigits = codes.contains(where: isSixDigits)
    let context = context
    shapes = collection.features.map { feature in
      guard let geometry = feature.geometry, isOnTheGlobe(geometry), let shape = context.shape(geometry), !shape.isEmpty else { return nil }
      return shape.fault == nil ? shape : shape.mended()
    }
  }

  mutating func checkFile() {
    for (name, zh) in [("attribution", "数据来源署名"), ("license", "许可")] where text(name) == nil {
      findings.add(
        "map.\(name)-missing", .warning, at: 0, path: "/\(name)",
        Bilingual(zh: "文件没有\(zh)（\(name)）。", en: "The file has no \(name)."),
        hint: Bilingual(zh: "开放数据的边界须注明出处。", en: "Open boundary data must be credited."))
    }
    let approval = text("map_approval_number")
    if areSixDigits, approval == nil, text("notice_zh") == nil || text("notice_en") == nil {
      findings.add(
        "map.notice-missing", .warning, at: 0, path: "/notice_zh",
        Bilingual(zh: "没有审图号，也没有“未经地图审核”的中英文说明。", en: "There is neither a map-approval number nor a notice in both languages."),
        hint: Bilingual(zh: "加上 notice_zh：内部用图，未经地图审核。", en: "Add notice_zh and notice_en: for internal use, not reviewed."))
    }
    if let approval, !looksLikeApproval(approval) {
      findings.add(
        "map.approval-number", .warning, at: 0, path: "/map_approval_number",
        Bilingual(zh: "“\(approval)”不像审图号。", en: "\"\(approval)\" does not look like a map-approval number."),
        hint: Bilingual(zh: "如 GS(2023)1234号、京S(2024)012号。", en: "For example GS(2023)1234号."))
    }
  }

  private func text(_ name: String) -> String? {
    collection[member: name]?.string.flatMap { $0.isEmpty ? nil : $0 }
  }

  private func looksLikeApproval(_ text: String) -> Bool {
    text.contains("S") && text.contains(where: \.isNumber) && text.contains(where: { "(（".contains($0) })
  }

  mutating func hasNoProperties(_ i: Int) {
    findings.add(
      "map.properties-missing", .warning, at: offsets[i], path: "/features/\(i)/properties",
      Bilingual(zh: "要素没有属性（properties 为 null），无法与区划代码对应。", en: "The feature has no properties (null): no code says which region it is."),
      hint: Bilingual(zh: "加上 code 与 name_zh。", en: "Add code and name_zh."))
  }

  mutating func checkFeature(_ i: Int) {
    let feature = collection.features[i], at = offsets[i], path = "/features/\(i)"
    guard let code = feature.code else {
      findings.add(
        "map.code-missing", at: at, path: path + "/properties/code",
        Bilingual(zh: "要素没有区划代码（code）。", en: "The feature has no region code (code)."))
      return
    }
    if feature[property: "level"]?.string == "overlay" { return }
    checkCode(code, at: at, path: path)
    checkName(feature, code, at: at, path: path)
    checkID(feature, code, at: at, path: path)
    checkValues(feature, code, at: at, path: path)
    if feature.geometry == nil {
      findings.add(
        "map.geometry-missing", .warning, at: at, path: path + "/geometry",
        Bilingual(zh: "\(code) 没有可用的几何。", en: "\(code) has no usable geometry."))
    }
    let key = [code] + ["scenario", "measure", "year", "team", "industry"].map { feature[property: $0]?.text ?? "" }
    if seen.updateValue(i, forKey: key.joined(separator: "|")) != nil {
      findings.add(
        "map.duplicate-code", at: at, path: path + "/properties/code",
        Bilingual(zh: "代码 \(code) 在同一年份、指标下出现了不止一次。", en: "The code \(code) occurs more than once for the same year and measure."))
    }
  }

  private mutating func checkCode(_ code: String, at: Int, path: String) {
    if known.byCode[code] != nil { return }
    guard !areSixDigits || isSixDigits(code) else {
      findings.add(
        "map.code-form", at: at, path: path + "/properties/code",
        Bilingual(zh: "“\(code)”不是六位行政区划代码（GB/T 2260）。", en: "\"\(code)\" is not a six-digit region code (GB/T 2260)."),
        hint: nearest(code, among: known.codes).map { Bilingual(zh: "最接近的是 \($0)。", en: "The nearest one is \($0).") })
      return
    }
    guard !known.byCode.isEmpty else { return }
    let province = code.prefix(2) + "0000"
    let foreign = known.byCode[String(province)] == nil
    findings.add(
      "map.code-unknown", foreign ? .error : .warning, at: at, path: path + "/properties/code",
      Bilingual(zh: "代码 \(code) 不在已知区划之中。", en: "The code \(code) is not among the known regions."),
      hint: nearest(code, among: known.codes).map {
        Bilingual(zh: "最接近的是 \($0) \(known.byCode[$0]?.nameZh ?? "")。", en: "The nearest one is \($0) \(known.byCode[$0]?.nameEn ?? "").")
      })
  }

  private mutating func checkName(_ feature: Feature, _ code: String, at: Int, path: String) {
    let name = (feature[property: "name_zh"] ?? feature[property: "name"] ?? feature[property: "name_en"])?.string ?? ""
    for property in ["name", "name_zh", "name_en"] {
      guard let text = feature[property: property]?.string, text != text.printable else { continue }
      findings.add(
        "map.hidden-characters", .warning, at: at, path: path + "/properties/\(property)",
        Bilingual(zh: "\(code) 的名称里有看不见的控制字符。", en: "The name of \(code) has control characters in it that nobody sees."),
        hint: Bilingual(zh: "删去；地图上不会画出。", en: "Remove them; maps leave them out."))
    }
    if name.isEmpty {
      findings.add(
        "map.name-missing", at: at, path: path + "/properties/name_zh",
        Bilingual(zh: "\(code) 没有名称（name_zh、name_en 或 name）。", en: "\(code) has no name (name_zh, name_en or name)."))
    } else if let region = known.byCode[code], region.nameZh != name {
      findings.add(
        "map.name-differs", .warning, at: at, path: path + "/properties/name_zh",
        Bilingual(zh: "\(code) 的名称是“\(region.nameZh)”，这里写作“\(name)”。", en: "\(code) is called \"\(region.nameZh)\"; the file says \"\(name)\"."))
    }
  }

  private mutating func checkValues(_ feature: Feature, _ code: String, at: Int, path: String) {
    if let value = feature[property: "value"], value != .null, value.number == nil {
      findings.add(
        "map.value-not-number", at: at, path: path + "/properties/value",
        Bilingual(zh: "\(code) 的 value 不是数值。", en: "The value of \(code) is not a number."))
    }
    let band = ["p10", "p90"].compactMap { feature[property: $0]?.number }
    if band.count == 2, band[0] > band[1] {
      findings.add(
        "map.band-reversed", at: at, path: path + "/properties/p10",
        Bilingual(zh: "\(code) 的区间下界大于上界。", en: "The band of \(code) has its low end above its high end."))
    }
  }

  /// An id that is itself a region's code, but another's. Ids that count or carry a year are no codes.
  private mutating func checkID(_ feature: Feature, _ code: String, at: Int, path: String) {
    guard let id = feature.id.map({ $0.string ?? $0.text }), id != code, known.byCode[id] != nil || areSixDigits && isSixDigits(id) else { return }
    findings.add(
      "map.id-differs", .warning, at: at, path: path + "/id",
      Bilingual(zh: "id 是 \(id)，代码（code）却是 \(code)。", en: "The id is \(id), but the code is \(code)."),
      hint: Bilingual(zh: "有的软件按 id 连接数据：两者应一致。", en: "Some readers join data by the id: the two should agree."))
  }

  mutating func checkDatum() {
    var pairs: [OutlinePair] = []
    var used: Set<String> = []
    for feature in collection.features {
      guard let code = feature.code, !["71", "81", "82"].contains(code.prefix(2)), used.insert(code).inserted,
        let reference = known.byCode[code]?.geometry, let shape = feature.geometry, isOnTheGlobe(shape),
        shape.box.meets(reference.box), shape != reference
      else { continue }
      pairs.append(OutlinePair(candidate: shape, reference: reference))
    }
    guard let shift = datumShift(of: pairs) else { return }
    let (before, after) = (Int(shift.before.rounded()), Int(shift.after.rounded()))
    findings.add(
      "map.datum", at: 0, path: "/features",
      Bilingual(
        zh: "坐标像是 \(shift.datum.rawValue)，不是 WGS 84：轮廓与参照相差约 \(before) 米，去掉该偏移后为 \(after) 米。",
        en:
          "The coordinates look like \(shift.datum.rawValue), not WGS 84: outlines lie about \(before) m off, \(after) m once that shift is taken out."
      ),
      hint: Bilingual(
        zh: "请用 WGS 84 或 CGCS2000 的边界，不要与高德、百度坐标混用。", en: "Use boundaries in WGS 84 or CGCS2000; do not mix in AMap or Baidu coordinates."))
  }
}
