import Messages

/// Checks of single members and rings.
extension GeoJSONReader {
  typealias Members = [(name: String, nameOffset: Int, value: JSONElement)]

  mutating func members(of element: JSONElement, path: String) -> Members {
    checkDuplicates(element, path: path)
    return element.members
  }

  mutating func checkDuplicates(_ element: JSONElement, path: String) {
    var seen: Set<String> = []
    for member in element.members where !seen.insert(member.name).inserted {
      findings.add(
        "json.duplicate-member", .warning, at: member.nameOffset, path: "\(path)/\(member.name)",
        Bilingual(zh: "成员“\(member.name)”出现了不止一次。", en: "The member \"\(member.name)\" occurs more than once."),
        hint: Bilingual(zh: "不同软件会取不同的那一个。", en: "Readers differ in which one they take."))
    }
  }

  mutating func type(of element: JSONElement, path: String) -> String? {
    guard let type = element["type"] else {
      findings.add(
        "geojson.type-missing", at: element.offset, path: path,
        Bilingual(zh: "缺少 type 成员。", en: "The member \"type\" is missing."))
      return nil
    }
    guard let text = type.string else {
      wrong("type", type, Bilingual(zh: "文本", en: "a string"), path: path + "/type")
      return nil
    }
    return text
  }

  mutating func unknownType(_ type: String, _ element: JSONElement, path: String, among known: [String]) {
    let near = known.count == 1 ? known[0] : nearest(type, among: known)
    findings.add(
      "geojson.unknown-type", at: element["type"]?.offset ?? element.offset, path: path + "/type",
      Bilingual(zh: "这里不能是类型“\(type)”。", en: "The type \"\(type)\" cannot stand here."),
      hint: near.map { Bilingual(zh: "是否应为 \($0)？（区分大小写）", en: "Did you mean \($0)? (case matters)") })
  }

  mutating func missing(_ name: String, in type: String, at offset: Int, path: String) {
    findings.add(
      "geojson.member-missing", at: offset, path: path,
      Bilingual(zh: "\(type) 缺少 \(name) 成员。", en: "\(type) lacks the member \"\(name)\"."))
  }

  mutating func wrong(_ name: String, _ element: JSONElement, _ wanted: Bilingual, path: String) {
    findings.add(
      "geojson.wrong-type", at: element.offset, path: path,
      Bilingual(
        zh: "\(name) 应为\(wanted.zh)，这里是\(element.kindName.zh)。",
        en: "\"\(name)\" must be \(wanted.en), not \(element.kindName.en)."))
  }

  /// RFC 7946 §7.1: members that would change what the object means.
  mutating func forbid(_ names: [String], in members: Members, of type: String, path: String) {
    for member in members where names.contains(member.name) {
      findings.add(
        "geojson.changed-semantics", at: member.nameOffset, path: "\(path)/\(member.name)",
        Bilingual(zh: "\(type) 不得含有 \(member.name) 成员（RFC 7946 §7.1）。", en: "A \(type) cannot contain \"\(member.name)\" (RFC 7946 §7.1)."))
    }
  }

  /// - Parameter around: the boxes of what it claims to hold.
  mutating func checkBox(_ box: JSONElement?, around parts: [Box], path: String) {
    guard let box else { return }
    let path = path + "/bbox"
    guard box.isArray else { return wrong("bbox", box, Bilingual(zh: "数组", en: "an array"), path: path) }
    guard let sides = box.numbers.map(Array.init) else {
      findings.add(
        "geojson.bbox", at: box.offset, path: path,
        Bilingual(zh: "bbox 的每一项必须是数值。", en: "Each element of bbox must be a number."))
      return
    }
    guard sides.count == 4 || sides.count == 6 else {
      findings.add(
        "geojson.bbox", at: box.offset, path: path,
        Bilingual(zh: "bbox 应有 4 个（二维）或 6 个（三维）数值，这里有 \(sides.count) 个。", en: "A bbox has 4 numbers (2D) or 6 (3D), not \(sides.count)."))
      return
    }
    let half = sides.count / 2
    if sides[1] > sides[half + 1] {
      findings.add(
        "geojson.bbox", at: box.offset, path: path,
        Bilingual(zh: "bbox 的南界高于北界。", en: "The bbox has its south above its north."),
        hint: Bilingual(zh: "顺序为 西、南、东、北。", en: "The order is west, south, east, north."))
      return
    }
    let told = Box(west: sides[0], south: sides[1], east: sides[half], north: sides[half + 1])
    let plain = parts.reduce(into: Box.empty) { $0.include($1) }
    guard !plain.isEmpty, !crossesAntimeridian, !fits(told, plain), !fits(told, Box(onTheGlobe: parts)) else { return }
    let right = Box(onTheGlobe: parts)
    let sidesText = "[" + [right.west, right.south, right.east, right.north].map(degrees).joined(separator: ", ") + "]"
    findings.add(
      "geojson.bbox-wrong", .warning, at: box.offset, path: path,
      Bilingual(zh: "bbox 与坐标不符：应为 \(sidesText)。", en: "The bbox is not that of the coordinates, which is \(sidesText)."),
      hint: Bilingual(zh: "改正或删去 bbox；软件按它取景。", en: "Correct or drop it: readers set their view by it."))
  }

  /// Sides given in fewer digits are right.
  private func fits(_ told: Box, _ right: Box) -> Bool {
    let tolerance = max(right.width, right.height, 0) * 0.01 + 1e-4
    return zip([told.west, told.south, told.east, told.north], [right.west, right.south, right.east, right.north])
      .allSatisfy { abs($0 - $1) <= tolerance }
  }

  mutating func checkCRS(_ crs: JSONElement?) {
    guard let crs, !crs.isNull else { return }
    let name = crs["properties"]?["name"]?.string ?? ""
    let plain = name.isEmpty || name.contains("CRS84") || name.contains("4326") || name.contains("4490")
    findings.add(
      "geojson.crs", plain ? .warning : .error, at: crs.offset, path: "/crs",
      plain
        ? Bilingual(zh: "crs 成员已被 RFC 7946 取消，坐标一律为 WGS 84。", en: "RFC 7946 removed \"crs\": coordinates are always WGS 84.")
        : Bilingual(zh: "坐标系“\(name)”不是 WGS 84 经纬度。", en: "The coordinate system \"\(name)\" is not WGS 84 degrees."),
      hint: plain ? nil : Bilingual(zh: "先转换为 EPSG:4326 再导出。", en: "Convert to EPSG:4326 before exporting."))
  }

  mutating func checkIDs(_ features: [Feature]) {
    var first: [JSONValue: Int] = [:]
    for (i, feature) in features.enumerated() where i < offsets.count {
      guard let id = feature.id else { continue }
      if let earlier = first[id] {
        let place = lineNumber(of: offsets[earlier])
        findings.add(
          "geojson.duplicate-id", at: offsets[i], path: "/features/\(i)/id",
          Bilingual(zh: "id \(id.text) 与第 \(place) 行的要素重复。", en: "The id \(id.text) is also that of the feature on line \(place)."))
      } else {
        first[id] = i
      }
    }
  }

  mutating func checkWinding(_ ring: PlacedRing, exterior: Bool) {
    let area = signedArea(ring.points)
    guard area != 0, (area > 0) != exterior else { return }
    findings.add(
      "geojson.winding", .warning, at: ring.element.offset, path: ring.path,
      exterior
        ? Bilingual(zh: "外环是顺时针；右手规则要求逆时针。", en: "The exterior ring runs clockwise; the right-hand rule wants counter-clockwise.")
        : Bilingual(zh: "内环是逆时针；右手规则要求顺时针。", en: "The hole runs counter-clockwise; the right-hand rule wants clockwise."),
      hint: Bilingual(zh: "RFC 7946 §3.1.6；本工具写出的文件总是符合。", en: "RFC 7946 §3.1.6; files that this tool writes always comply."))
  }
}

extension Array where Element == (name: String, nameOffset: Int, value: JSONElement) {
  /// The last member of that name.
  subscript(name: String) -> JSONElement? { last { $0.name == name }?.value }
}
