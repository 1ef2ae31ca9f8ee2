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

  mutating func checkBox(_ box: JSONElement?, path: String) {
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
    if sides[1] > sides[sides.count / 2 + 1] {
      findings.add(
        "geojson.bbox", at: box.offset, path: path,
        Bilingual(zh: "bbox 的南界高于北界。", en: "The bbox has its south above its north."),
        hint: Bilingual(zh: "顺序为 西、南、东、北。", en: "The order is west, south, east, north."))
    }
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

  /// Crossings within and between the rings of one shape, and holes outside their shell.
  mutating func checkCrossings(_ polygons: [PlacedPolygon]) {
    let rings = polygons.flatMap(\.rings)
    let found = RingCrossings.find(in: rings.map(\.points))
    var told: Set<Point> = []
    for crossing in found.sorted(by: { $0.kind < $1.kind }) where told.insert(crossing.at).inserted {
      let ring = rings[crossing.first.ring], other = rings[crossing.second.ring]
      let place = shown(crossing.at), line = lineNumber(of: other.offset(of: crossing.second.position))
      let (code, message) =
        switch crossing.kind {
        case .selfCross:
          (
            "geojson.self-intersection",
            Bilingual(zh: "环在 \(place) 处自相交（另一段在第 \(line) 行）。", en: "The ring crosses itself at \(place) (the other edge is on line \(line)).")
          )
        case .selfTouch:
          (
            "geojson.self-touch",
            Bilingual(zh: "环在 \(place) 处与自身相接（另一段在第 \(line) 行）。", en: "The ring touches itself at \(place) (the other edge is on line \(line)).")
          )
        case .ringsCross:
          (
            "geojson.rings-cross",
            Bilingual(zh: "两个环在 \(place) 处相交或重合（另一环在第 \(line) 行）。", en: "Two rings cross or overlap at \(place) (the other is on line \(line)).")
          )
        }
      findings.add(
        code, at: ring.offset(of: crossing.first.position), path: "\(ring.path)/\(crossing.first.position)", message,
        hint: Bilingual(zh: "在 QGIS 中用“修复几何”。", en: "QGIS: Fix geometries."))
    }
    guard found.isEmpty else { return }
    for polygon in polygons {
      guard let shell = polygon.rings.first?.points else { continue }
      for hole in polygon.rings.dropFirst() where !hole.points.contains(where: { contains(shell, $0) }) {
        findings.add(
          "geojson.hole-outside", at: hole.element.offset, path: hole.path,
          Bilingual(zh: "内环位于外环之外。", en: "The hole lies outside its exterior ring."))
      }
    }
  }
}

extension Array where Element == (name: String, nameOffset: Int, value: JSONElement) {
  /// The last member of that name.
  subscript(name: String) -> JSONElement? { last { $0.name == name }?.value }
}
